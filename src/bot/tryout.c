/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tryout: one turn, watched.
 *
 * How          The turn runs on a conversation that is not there, for the buyer of the order that was named or for a
 *              guest. What it was decided from is written down while it is held, the rest comes from the turn itself.
 */
#include "bot/tryout.h"

#include "bot/bot_private.h"
#include "bot/flow_service.h"
#include "bot/release_store.h"
#include "nlu/normalise.h"
#include "trade/order_store.h"

#define CANDIDATES 8

struct trying {
    const struct bot *bot;
    struct arena *a;
    int64_t tenant_id;
    const struct tryout *what;
    struct json_out *out;
    struct shop shop;
    struct str buyer;
    struct release release; /* when a version was named */
    struct nlu *nlu;        /* of it; ours */
    struct ear ear;
    const struct knowledge_base *base; /* held */
    int64_t now_ms;
    bool order_found, model_found;
    struct flow_plan draft; /* when a flow was named */
    struct str language;
};

static int read_context(struct tx *tx, void *arg)
{
    struct trying *w = arg;
    struct order order;
    int found = w->what->order.n > 0 ? order_get_any(tx, w->a, w->tenant_id, w->what->order, &order) : 0;
    if (found < 0)
        return STORE_FAULT;
    w->order_found = found > 0;
    if (w->order_found)
        w->buyer = order.buyer;
    found = w->what->model != 0 ? release_get(tx, w->a, w->tenant_id, w->what->model, &w->release) : 0;
    w->model_found = found > 0;
    return found < 0 ? STORE_FAULT : STORE_OK;
}

/** The draft of the flow that was named. */
static bool read_draft(struct trying *w)
{
    struct flow_detail d;
    struct flow_findings findings = {.arena = w->a};
    if (flow_read(w->bot->parts.store, w->a, w->tenant_id, w->what->flow, &d) != FLOW_CHANGED || d.draft.n == 0)
        return false;
    _cleanup_(json_donep) json_t *doc = json_read(d.draft, NULL);
    return doc != NULL && flow_judge(w->a, w->what->flow, doc, &findings, &w->draft) == FLOW_CHANGED;
}

/** The ear of a named version, whatever its state; the other language is heard as ever. */
static bool load_version(struct trying *w)
{
    char why[160];
    struct ears *ears = w->bot->parts.ears;
    if (!w->model_found || ears == NULL)
        return false;
    w->nlu = ear_load(ears, w->tenant_id, w->release.number, w->release.language, w->release.source, why);
    if (w->nlu == NULL)
        return false;
    if (str_eq_c(w->release.language, "en"))
        w->ear.en = w->nlu;
    else
        w->ear.zh = w->nlu;
    return true;
}

/* ---- what is seen ---------------------------------------------------------------------------------------------------- */

static void write_guesses(struct trying *w, const struct understanding *u)
{
    struct json_out *o = w->out;
    jo_key(o, "intents");
    jo_array(o);
    for (size_t i = 0; i < u->best_count; i++) {
        jo_open(o);
        jo_kt(o, "id", u->best[i].intent);
        jo_kt(o, "name", intent_name(w->shop.language, u->best[i].intent));
        jo_kr(o, "confidence", u->best[i].confidence);
        jo_close(o);
    }
    jo_array_end(o);
    jo_kb(o, "sure", u->sure);
}

static void write_entities(struct json_out *o, const struct understanding *u)
{
    jo_key(o, "entities");
    jo_array(o);
    for (size_t i = 0; i < u->entity_count; i++) {
        const struct entity *e = &u->entities[i];
        jo_open(o);
        jo_kc(o, "kind", entity_kind_name(e->kind));
        jo_kt(o, "text", e->text);
        jo_kt(o, "value", e->value);
        jo_kn(o, "number", e->number);
        jo_close(o);
    }
    jo_array_end(o);
}

static void write_heard(struct trying *w, const struct understanding *u)
{
    struct json_out *o = w->out;
    jo_kt(o, "language", u->language);
    jo_kt(o, "model", ear_version(&w->ear, w->what->text, w->language));
    write_guesses(w, u);
    write_entities(o, u);
    jo_key(o, "emotion");
    jo_open(o);
    jo_kc(o, "name", emotion_name(u->emotion));
    jo_kr(o, "strength", u->emotion_strength);
    jo_close(o);
}

static int hold_base(struct tx *tx, void *arg)
{
    struct trying *w = arg;
    w->base = knowledge_hold(w->bot->parts.knowledge, tx, w->tenant_id);
    return w->base != NULL ? STORE_OK : STORE_FAULT;
}

/** What the words come near to, also when this intent needed no stored answer: then nothing of it was asked. */
static void write_candidates(struct trying *w, const struct gathered *g)
{
    struct knowledge_candidate near[CANDIDATES];
    struct json_out *o = w->out;
    struct knowledge_context ctx = g->asked;
    bool asked = g->base != NULL;
    if (!asked)
        ctx = (struct knowledge_context){.now_ms = w->now_ms, .language = w->language, .channel = STR("web")};
    jo_kb(o, "knowledge_asked", asked);
    jo_key(o, "knowledge");
    jo_array(o);
    size_t n = w->base != NULL ? knowledge_candidates(w->base, w->a, w->what->text, &ctx, near, COUNT(near)) : 0;
    for (size_t i = 0; i < n; i++) {
        bool won = g->choice.answer == KNOWLEDGE_FOUND && str_eq(near[i].entry->id, g->choice.entry->id);
        const char *verdict = !asked ? "not_asked" : won ? "won" : near[i].verdict;
        jo_open(o);
        jo_kt(o, "id", near[i].entry->id);
        jo_kc(o, "layer", layer_name(near[i].entry->layer));
        jo_kt(o, "question", near[i].entry->question);
        jo_kt(o, "wording", near[i].wording);
        jo_kr(o, "match", near[i].match);
        jo_kc(o, "verdict", verdict);
        jo_close(o);
    }
    jo_array_end(o);
}

static void see(void *arg, const struct understanding *heard, const struct meaning *meaning, const struct gathered *g)
{
    struct trying *w = arg;
    struct json_out *o = w->out;
    struct str id = str_from(meaning->intent->id);
    jo_kt(o, "normalised", normalise(w->a, w->what->text));
    if (heard != NULL)
        write_heard(w, heard);
    jo_key(o, "meaning");
    jo_open(o);
    jo_kt(o, "intent", id);
    jo_kt(o, "name", intent_name(w->shop.language, id));
    jo_kc(o, "by", meaning_by_name(meaning->by));
    jo_kr(o, "confidence", meaning->confidence);
    jo_close(o);
    write_candidates(w, g);
}

/* ---- what would be said ---------------------------------------------------------------------------------------------- */

static void write_raw(struct json_out *o, const char *key, struct str json)
{
    jo_key(o, key);
    if (json.n > 0)
        jo_raw(o, json);
    else
        jo_null(o);
}

static void write_turn(struct json_out *o, const struct turn *turn)
{
    write_raw(o, "understood", turn->understood);
    write_raw(o, "facts", turn->input);
    write_raw(o, "decision", turn->outcome);
    jo_kt(o, "reason", turn->reason);
    write_raw(o, "action", turn->action);
    write_raw(o, "sources", turn->sources);
    jo_kb(o, "wants_person", turn->wants_person);
    jo_key(o, "reply");
    jo_array(o);
    for (size_t i = 0; i < turn->say.n; i++) {
        const struct message *m = &turn->say.v[i];
        jo_open(o);
        jo_kc(o, "kind", message_kind_name(m->kind));
        jo_kt(o, "text", m->text);
        if (m->data.n > 0) {
            buf_char(o->b, ',');
            buf_str(o->b, m->data); /* the inside of an object (chat/message.h) */
        }
        jo_close(o);
    }
    jo_array_end(o);
}

static enum tryout_answer run(struct trying *w)
{
    const struct incoming in = {
        .tenant_id = w->tenant_id,
        .buyer = w->buyer,
        .language = w->language,
        .channel = STR("web"),
        .kind = MESSAGE_TEXT,
        .text = w->what->text,
        .page_product = w->what->product,
        .page_order = w->what->order,
        .now_ms = w->now_ms,
    };
    const struct conversation c = {.tenant_id = w->tenant_id, .language = w->language, .handler = HANDLER_BOT,
                                   .opened_ms = w->now_ms, .bot_state = STR("{}"), .entry = STR("{}")};
    const struct turn_watch watch = {.ear = &w->ear, .draft = w->what->flow.n > 0 ? &w->draft : NULL, .see = see, .arg = w};
    struct turn turn = {0};
    jo_open(w->out);
    if (bot_turn_watched(w->bot, w->bot->parts.store, w->a, &in, &c, &watch, &turn) != STORE_OK)
        return TRYOUT_FAULT;
    write_turn(w->out, &turn);
    jo_close(w->out);
    return TRYOUT_OK;
}

enum tryout_answer tryout_run(const struct bot *bot, struct arena *a, int64_t tenant_id, const struct tryout *what,
                              int64_t now_ms, struct json_out *o)
{
    struct trying w = {.bot = bot, .a = a, .tenant_id = tenant_id, .what = what, .out = o, .now_ms = now_ms};
    struct store *store = bot->parts.store;
    if (shop_of(store, a, tenant_id, &w.shop) != ACCOUNT_OK || store_read(store, read_context, &w) != STORE_OK)
        return TRYOUT_FAULT;
    if (what->order.n > 0 && !w.order_found)
        return TRYOUT_NO_ORDER;
    if (what->flow.n > 0 && !read_draft(&w))
        return TRYOUT_NO_DRAFT;
    w.language = what->language.n > 0 ? what->language : w.shop.language;
    struct ear held = bot_ear(bot, &w.shop, 0);
    w.ear = held;
    if (store_read(store, hold_base, &w) != STORE_OK)
        w.base = NULL; /* logged where it happened: then nothing is near */
    enum tryout_answer answer = what->model != 0 && !load_version(&w) ? TRYOUT_NO_MODEL : run(&w);
    knowledge_release(bot->parts.knowledge, w.base);
    nlu_free(w.nlu);
    bot_ear_done(bot, &held);
    return answer;
}
