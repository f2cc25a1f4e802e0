/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routes of versions of a shop's own understanding: train, compare, release, roll back.
 */
#include "bot/release_api.h"

#include "account/actor.h"
#include "account/shop.h"
#include "bot/release_service.h"
#include "bot/release_store.h"

#define TRAINERS ((uint32_t)(ROLE_OWNER | ROLE_LEADER | ROLE_TRAINER))

/** @p why  of RELEASE_NOT_READY; may be NULL */
static struct reply refused(struct request *rq, enum release_answer answer, const char *why)
{
    switch (answer) {
    case RELEASE_NOT_FOUND: return reply_problem(404, "not_found", "There is no such version.");
    case RELEASE_NOT_READY:
        return reply_problem(409, "not_ready", str_c(rq->arena, str_fmt(rq->arena, "The version cannot be used: %s.",
                                                                        why != NULL ? why : "it is not trained")));
    case RELEASE_NOTHING:
        return reply_problem(409, "nothing_released", "The shipped understanding answers already; there is nothing to roll back.");
    case RELEASE_FAILS:
        return reply_problem(409, "must_pass", "Cases that must pass do not pass with this version; see its comparison, or give a reason in `override`.");
    case RELEASE_BUSY: return reply_problem(409, "training", "A training of this shop is running; wait for its end.");
    case RELEASE_OK:
    case RELEASE_FAULT: break;
    }
    return reply_fault();
}

static bool number_of(const struct request *rq, int64_t *ret)
{
    return str_int(rq->segment[0], ret) && *ret > 0;
}

/* ---- list ------------------------------------------------------------------------------------------------------------ */

struct listing {
    struct request *rq;
    struct release *list;
    size_t n;
};

static int read_list(struct tx *tx, void *arg)
{
    struct listing *w = arg;
    return release_list(tx, w->rq->arena, w->rq->actor->tenant_id, &w->list, &w->n);
}

static void text_or_null(struct json_out *o, const char *key, struct str text)
{
    jo_key(o, key);
    if (text.n > 0)
        jo_text(o, text);
    else
        jo_null(o);
}

static void write_release(struct json_out *o, const struct release *r, struct str problem)
{
    jo_open(o);
    jo_kn(o, "number", r->number);
    jo_kt(o, "language", r->language);
    jo_kc(o, "state", release_state_name(r->state));
    jo_kn(o, "share", r->state == RELEASE_FULL ? 100 : r->share);
    jo_kn(o, "parent", r->parent);
    jo_kn(o, "previous", r->previous);
    jo_kt(o, "version", r->source);
    jo_kn(o, "own_rows", r->own_rows);
    jo_kn(o, "rows", r->all_rows);
    jo_kn(o, "classes", r->classes);
    jo_kn(o, "bytes", r->bytes);
    jo_kr(o, "seconds", (double)r->took_ms / 1000);
    jo_kr(o, "accuracy", r->accuracy);
    text_or_null(o, "failure", r->failure);
    text_or_null(o, "problem", problem);
    jo_kat(o, "created_at", r->created_ms);
    jo_kat(o, "changed_at", r->changed_ms);
    jo_close(o);
}

static void write_shipped(struct json_out *o, const struct ears *ears)
{
    const struct nlu *zh = ear_shipped(ears, STR("zh")), *en = ear_shipped(ears, STR("en"));
    jo_key(o, "shipped");
    jo_open(o);
    if (zh != NULL)
        jo_kt(o, "zh", nlu_version(zh));
    if (en != NULL)
        jo_kt(o, "en", nlu_version(en));
    jo_close(o);
}

static void write_progress(struct json_out *o, const struct training_progress *p)
{
    jo_key(o, "training");
    if (p->number == 0) {
        jo_null(o);
        return;
    }
    jo_open(o);
    jo_kn(o, "number", p->number);
    jo_kn(o, "done", p->done);
    jo_kn(o, "total", p->total);
    jo_close(o);
}

static struct reply get_models(struct request *rq)
{
    const struct release_room *room = rq->room;
    struct listing w = {.rq = rq};
    struct shop shop;
    if (store_read(rq->store, read_list, &w) != STORE_OK ||
        shop_of(rq->store, rq->arena, rq->actor->tenant_id, &shop) != ACCOUNT_OK)
        return reply_fault();
    struct training_progress progress = training_progress_of(room->training, rq->actor->tenant_id);
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < w.n; i++) {
        bool used = w.list[i].state == RELEASE_FULL || w.list[i].state == RELEASE_GREY;
        write_release(&o, &w.list[i], used ? ear_problem(room->ears, rq->arena, rq->actor->tenant_id, shop.catalog, w.list[i].number)
                                           : STR_NONE);
    }
    jo_array_end(&o);
    write_progress(&o, &progress);
    write_shipped(&o, room->ears);
    jo_close(&o);
    return reply_json(&b);
}

/* ---- training -------------------------------------------------------------------------------------------------------- */

static struct reply accepted(struct request *rq, int64_t number)
{
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kn(&o, "number", number);
    jo_close(&o);
    return (struct reply){.status = 202, .body = buf_view(&b)};
}

static struct reply post_model(struct request *rq)
{
    const struct release_room *room = rq->room;
    struct str language = json_str(rq->body, "language");
    int64_t number = 0;
    if (ear_shipped(room->ears, language) == NULL)
        return reply_problem(422, "no_language", "This program has no understanding of that language to build on.");
    enum release_answer answer = training_start(room->training, rq->actor, language, rq->now_ms, &number);
    return answer == RELEASE_OK ? accepted(rq, number) : refused(rq, answer, NULL);
}

static struct reply post_repeat(struct request *rq)
{
    const struct release_room *room = rq->room;
    int64_t number;
    if (!number_of(rq, &number))
        return refused(rq, RELEASE_NOT_FOUND, NULL);
    enum release_answer answer = training_repeat(room->training, rq->actor, number);
    return answer == RELEASE_OK ? accepted(rq, number) : refused(rq, answer, NULL);
}

/* ---- comparison ------------------------------------------------------------------------------------------------------ */

static void write_heard(struct json_out *o, const char *key, const struct heard *h)
{
    jo_key(o, key);
    jo_open(o);
    jo_kt(o, "intent", h->intent);
    jo_kt(o, "guess", h->guess);
    jo_kr(o, "confidence", h->confidence);
    jo_close(o);
}

static void write_compared(struct json_out *o, const struct compared *c)
{
    jo_open(o);
    jo_kc(o, "kind", c->expected.n > 0 ? "case" : "turn");
    jo_kt(o, "text", c->text);
    if (c->expected.n > 0) {
        jo_kt(o, "expected", c->expected);
        jo_kb(o, "must_pass", c->must_pass);
        jo_kb(o, "passes", str_eq(c->after.intent, c->expected));
    }
    jo_kc(o, "verdict", verdict_name(c->verdict));
    write_heard(o, "before", &c->before);
    write_heard(o, "after", &c->after);
    jo_close(o);
}

static struct reply get_comparison(struct request *rq)
{
    struct comparison c;
    char why[160];
    int64_t number;
    if (!number_of(rq, &number))
        return refused(rq, RELEASE_NOT_FOUND, NULL);
    enum release_answer answer = release_compare(rq->store, rq->arena, rq->room, rq->actor, number, rq->now_ms, &c, why);
    if (answer != RELEASE_OK)
        return refused(rq, answer, why);
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kn(&o, "cases", c.cases);
    jo_kn(&o, "right_before", c.right_before);
    jo_kn(&o, "right_after", c.right_after);
    jo_kn(&o, "better", c.better);
    jo_kn(&o, "worse", c.worse);
    jo_kn(&o, "must_pass_failed", c.must_pass_failed);
    jo_kn(&o, "turns", c.turns);
    jo_kn(&o, "turns_changed", c.turns_changed);
    jo_key(&o, "rows");
    jo_array(&o);
    for (size_t i = 0; i < c.rows.n; i++)
        write_compared(&o, &c.rows.v[i]);
    jo_array_end(&o);
    jo_close(&o);
    return reply_json(&b);
}

/* ---- release and back ------------------------------------------------------------------------------------------------ */

static struct reply post_release(struct request *rq)
{
    struct release_wish wish = {.share = json_int(rq->body, "share", 0),
                                .override = str_trim(json_str(rq->body, "override"))};
    int64_t failed = 0;
    char why[160];
    if (!number_of(rq, &wish.number))
        return refused(rq, RELEASE_NOT_FOUND, NULL);
    enum release_answer answer = release_put(rq->store, rq->arena, rq->room, rq->actor, &wish, rq->now_ms, &failed, why);
    return answer == RELEASE_OK ? get_models(rq) : refused(rq, answer, why);
}

static struct reply post_rollback(struct request *rq)
{
    enum release_answer answer =
        release_back(rq->store, rq->arena, rq->actor, json_str(rq->body, "language"), rq->now_ms);
    return answer == RELEASE_OK ? get_models(rq) : refused(rq, answer, NULL);
}

static const shape language_body = {
    {.name = "language", .type = FIELD_CHOICE, .required = true, .choices = "zh|en", .help = "The understanding of texts in it."},
    {0},
};
static const shape release_body = {
    {.name = "share", .type = FIELD_INT, .required = true, .min = 1, .max = 100,
     .help = "Per cent of the conversations that it answers; a conversation stays on its side. 100: full use."},
    {.name = "override", .type = FIELD_TEXT, .max = 500,
     .help = "Why it is released although cases that must pass fail; kept in the audit."},
    {0},
};

const struct route release_routes[] = {
    {METHOD_GET, "/api/v1/models", get_models, .needs = TRAINERS, .tag = "Training",
     .help = "Versions of the shop's own understanding, newest first; the training that runs; the shipped versions."},
    {METHOD_POST, "/api/v1/models", post_model, .needs = TRAINERS, .body = language_body, .tag = "Training",
     .help = "Trains a new version from the shipped utterances and the shop's own; answered at once, see GET."},
    {METHOD_POST, "/api/v1/models/rollback", post_rollback, .needs = TRAINERS, .body = language_body, .tag = "Training",
     .help = "One step back: a grey version answers nobody any more, else the one before the present is in use again."},
    {METHOD_GET, "/api/v1/models/:number/comparison", get_comparison, .needs = TRAINERS, .tag = "Training",
     .help = "The version beside the one in force: settled cases, and what buyers said in seven days that it hears otherwise."},
    {METHOD_POST, "/api/v1/models/:number/release", post_release, .needs = TRAINERS, .body = release_body, .tag = "Training",
     .help = "Puts a version into use for a share of the conversations or for all; refused while cases that must pass fail."},
    {METHOD_POST, "/api/v1/models/:number/repeat", post_repeat, .needs = TRAINERS, .tag = "Training",
     .help = "Makes a version's file again from the rows that it was trained from, when it is missing or damaged."},
};
const size_t release_route_count = COUNT(release_routes);
