/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routes that change knowledge: entries, their states, import; and the check for entries that say the same.
 */
#include "account/actor.h"
#include "base/limit.h"
#include "knowledge/knowledge_api.h"
#include "knowledge/knowledge_import.h"
#include "knowledge/knowledge_json.h"
#include "knowledge/knowledge_service.h"

#define TRAINERS  ((uint32_t)(ROLE_OWNER | ROLE_LEADER | ROLE_TRAINER))
#define SAME      0.80 /* match from which two wordings ask the same */
#define SAME_MOST 5

static struct reply refused(struct request *rq, enum knowledge_outcome outcome, const struct import_problem *problem)
{
    switch (outcome) {
    case KNOWLEDGE_MISSING: return reply_problem(404, "not_found", "There is no such entry, or it never was in that version.");
    case KNOWLEDGE_TAKEN: return reply_problem(409, "taken", "There is an entry of that id already.");
    case KNOWLEDGE_STALE:
        return reply_problem(409, "changed_since", "Somebody changed the entry since you read it; read it again.");
    case KNOWLEDGE_REFUSED: return reply_problem(422, "bad_entry", str_c(rq->arena, str_from(problem->text)));
    case KNOWLEDGE_DONE:
    case KNOWLEDGE_FAULT: break;
    }
    return reply_fault();
}

/* ---- entries that say the same --------------------------------------------------------------------------------------- */

struct likes {
    struct request *rq;
    struct str id;         /* not this one */
    struct texts wordings;
    const struct knowledge_base *base;
    struct json_out *out;
    const struct entry *given[SAME_MOST];
    size_t n;
};

static int hold_base(struct tx *tx, void *arg)
{
    struct likes *w = arg;
    const struct knowledge_room *room = w->rq->room;
    w->base = knowledge_hold(room->bases, tx, w->rq->actor->tenant_id);
    return w->base != NULL ? STORE_OK : STORE_FAULT;
}

static void write_like(struct likes *w, const struct knowledge_candidate *k, struct str asked)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->given[i] == k->entry)
            return;
    if (w->n == SAME_MOST)
        return;
    w->given[w->n++] = k->entry;
    jo_open(w->out);
    jo_kt(w->out, "id", k->entry->id);
    jo_kc(w->out, "layer", layer_name(k->entry->layer));
    jo_kt(w->out, "question", k->entry->question);
    jo_kt(w->out, "wording", k->wording);
    jo_kt(w->out, "asked", asked);
    jo_kr(w->out, "match", k->match);
    jo_close(w->out);
}

/** Writes `"same":[…]`: other entries that one of the wordings would find almost as surely as its own. */
static bool write_same(struct likes *w)
{
    struct knowledge_candidate near[SAME_MOST];
    const struct knowledge_context ctx = {.now_ms = w->rq->now_ms};
    const struct knowledge_room *room = w->rq->room;
    if (store_read(w->rq->store, hold_base, w) != STORE_OK)
        return false;
    jo_key(w->out, "same");
    jo_array(w->out);
    for (size_t i = 0; i < w->wordings.n; i++) {
        size_t n = knowledge_candidates(w->base, w->rq->arena, w->wordings.v[i], &ctx, near, COUNT(near));
        for (size_t k = 0; k < n; k++)
            if (near[k].match >= SAME && !str_eq(near[k].entry->id, w->id))
                write_like(w, &near[k], w->wordings.v[i]);
    }
    jo_array_end(w->out);
    knowledge_release(room->bases, w->base);
    return true;
}

static struct texts wordings_of(struct arena *a, struct str question, const json_t *similar)
{
    size_t n = json_array_size(similar);
    struct str *list = arena_array(a, struct str, n + 1);
    list[0] = question;
    for (size_t i = 0; i < n; i++)
        list[i + 1] = json_text(json_array_get(similar, i));
    return (struct texts){list, n + 1};
}

static struct reply post_check(struct request *rq)
{
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    struct likes w = {.rq = rq, .id = json_str(rq->body, "id"), .out = &o,
                      .wordings = wordings_of(rq->arena, json_str(rq->body, "question"),
                                              json_object_get(rq->body, "similar"))};
    jo_open(&o);
    if (!write_same(&w))
        return reply_fault();
    jo_close(&o);
    return reply_json(&b);
}

/* ---- writing --------------------------------------------------------------------------------------------------------- */

/** The entry as it is now, with those that say the same. */
static struct reply give(struct request *rq, int status, const struct entry *e)
{
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    struct str *wordings = arena_array(rq->arena, struct str, e->similar.n + 1);
    wordings[0] = e->question;
    for (size_t i = 0; i < e->similar.n; i++)
        wordings[i + 1] = e->similar.v[i];
    struct likes w = {.rq = rq, .id = e->id, .out = &o, .wordings = {wordings, e->similar.n + 1}};
    jo_open(&o);
    knowledge_entry_members(&o, e, rq->now_ms);
    if (!write_same(&w))
        return reply_fault();
    jo_close(&o);
    return (struct reply){.status = status, .body = buf_view(&b)};
}

static struct reply save(struct request *rq, struct str id)
{
    struct knowledge_edit edit = {.id = id, .entry = json_object_get(rq->body, "entry"),
                                  .seen_version = json_int(rq->body, "version", 0)};
    struct entry e;
    struct import_problem problem = {.text = ""};
    enum knowledge_outcome outcome = knowledge_save(rq->store, rq->arena, rq->actor, &edit, rq->now_ms, &e, &problem);
    return outcome == KNOWLEDGE_DONE ? give(rq, id.n == 0 ? 201 : 200, &e) : refused(rq, outcome, &problem);
}

static struct reply post_entry(struct request *rq)
{
    return save(rq, STR_NONE);
}

static struct reply put_entry(struct request *rq)
{
    return save(rq, rq->segment[0]);
}

static struct reply post_archive(struct request *rq)
{
    struct entry e;
    enum knowledge_outcome outcome = knowledge_archive(rq->store, rq->arena, rq->actor, rq->segment[0], rq->now_ms, &e);
    return outcome == KNOWLEDGE_DONE ? give(rq, 200, &e) : refused(rq, outcome, NULL);
}

static struct reply post_restore(struct request *rq)
{
    struct entry e;
    enum knowledge_outcome outcome = knowledge_restore(rq->store, rq->arena, rq->actor, rq->segment[0],
                                                       json_int(rq->body, "version", 0), rq->now_ms, &e);
    return outcome == KNOWLEDGE_DONE ? give(rq, 200, &e) : refused(rq, outcome, NULL);
}

/* ---- import ---------------------------------------------------------------------------------------------------------- */

static void write_report(struct json_out *o, const struct knowledge_report *r, bool stored)
{
    jo_open(o);
    jo_kb(o, "stored", stored);
    jo_kn(o, "rows", r->rows);
    jo_kn(o, "added", r->added);
    jo_kn(o, "changed", r->changed);
    jo_kn(o, "same", r->same);
    jo_kn(o, "refused", r->refused);
    jo_key(o, "refusals");
    jo_array(o);
    for (size_t i = 0; i < r->refusals.n; i++) {
        jo_open(o);
        jo_kn(o, "line", r->refusals.v[i].line);
        jo_kt(o, "text", r->refusals.v[i].text);
        jo_close(o);
    }
    jo_array_end(o);
    jo_close(o);
}

/** What was refused is told row by row, whether or not anything was stored: that is no problem document. */
static struct reply post_import(struct request *rq)
{
    static const struct {
        const char *kind;
        const struct import_kind *import;
    } kinds[] = {{"knowledge", &knowledge_import}, {"utterances", &utterance_import}, {"cases", &case_import}};
    struct str format = json_str(rq->body, "format");
    struct knowledge_file file = {
        .kind = &knowledge_import,
        .text = json_str(rq->body, "text"),
        .name = str_c(rq->arena, str_fmt(rq->arena, "x.%.*s", STR_ARG(format))),
        .skip_bad = json_flag(rq->body, "skip_bad", false),
        .dry_run = json_flag(rq->body, "dry_run", false),
    };
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (str_eq_c(json_str(rq->body, "kind"), kinds[i].kind))
            file.kind = kinds[i].import;
    struct knowledge_report report;
    struct import_problem problem = {.text = ""};
    enum knowledge_outcome outcome =
        knowledge_import_text(rq->store, rq->arena, rq->actor, &file, rq->now_ms, &report, &problem);
    if (outcome == KNOWLEDGE_FAULT || report.rows == 0 || report.rows > KNOWLEDGE_IMPORT_ROWS)
        return refused(rq, outcome == KNOWLEDGE_FAULT ? outcome : KNOWLEDGE_REFUSED, &problem);
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    write_report(&o, &report, outcome == KNOWLEDGE_DONE && !file.dry_run);
    return reply_json(&b);
}

static const shape entry_body = {
    {.name = "entry", .type = FIELD_OBJECT, .required = true, .max = 200 * 1024,
     .help = "The entry, as a row of an import: layer, question, similar, answer, conditions, valid_from, valid_to, "
             "override. A new one may name its id."},
    {.name = "version", .type = FIELD_INT, .min = 0, .max = INT64_MAX,
     .help = "The version that was changed; then somebody else's change since is not overwritten."},
    {0},
};
static const shape version_body = {
    {.name = "version", .type = FIELD_INT, .required = true, .min = 1, .max = INT64_MAX, .help = "The state to go back to."},
    {0},
};
static const shape check_body = {
    {.name = "question", .type = FIELD_TEXT, .required = true, .min = 1, .max = 500, .help = "A question."},
    {.name = "similar", .type = FIELD_ARRAY, .max = 500, .help = "Other wordings of it."},
    {.name = "id", .type = FIELD_TEXT, .max = 64, .help = "The entry that they are of, which is left out."},
    {0},
};
static const shape import_body = {
    {.name = "kind", .type = FIELD_CHOICE, .choices = "knowledge|utterances|cases", .help = "Knowledge unless told."},
    {.name = "format", .type = FIELD_CHOICE, .required = true, .choices = "jsonl|csv|tsv", .help = "Form of the text."},
    {.name = "text", .type = FIELD_TEXT, .required = true, .min = 1, .max = 900 * 1024, .help = "The file's text."},
    {.name = "skip_bad", .type = FIELD_BOOL, .help = "Stores the good rows although others are refused."},
    {.name = "dry_run", .type = FIELD_BOOL, .help = "Only reports what would be stored."},
    {0},
};

const struct route knowledge_edit_routes[] = {
    {METHOD_POST, "/api/v1/knowledge", post_entry, .needs = TRAINERS, .body = entry_body, .max_body = 256 * KIB,
     .tag = "Knowledge", .help = "A new entry; `same` names others that its wordings would find."},
    {METHOD_PUT, "/api/v1/knowledge/:id", put_entry, .needs = TRAINERS, .body = entry_body, .max_body = 256 * KIB,
     .tag = "Knowledge", .help = "Changes an entry; what is left out is empty then. The state before is kept."},
    {METHOD_POST, "/api/v1/knowledge/:id/archive", post_archive, .needs = TRAINERS, .tag = "Knowledge",
     .help = "Takes an entry out of use."},
    {METHOD_POST, "/api/v1/knowledge/:id/restore", post_restore, .needs = TRAINERS, .body = version_body,
     .tag = "Knowledge", .help = "Makes an entry what it was in a version, archived or not: undo."},
    {METHOD_POST, "/api/v1/knowledge-check", post_check, .needs = TRAINERS, .body = check_body, .max_body = 128 * KIB,
     .tag = "Knowledge", .help = "Entries that these wordings would find: the same question written down twice."},
    {METHOD_POST, "/api/v1/knowledge-import", post_import, .needs = TRAINERS, .body = import_body, .max_body = 1 * MIB,
     .tag = "Knowledge", .help = "Rows of entries, utterances or settled cases; reports every refused row with its line."},
};
const size_t knowledge_edit_route_count = COUNT(knowledge_edit_routes);
