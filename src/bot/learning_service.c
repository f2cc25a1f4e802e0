/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What trainers do with items to learn from.
 *
 * How          A deed collects the open items that it is about, gives their different wordings on (utterances, similar
 *              questions, a new entry), closes the items, and keeps all of it as an action. Undoing takes back exactly what
 *              the action gave on, and opens what it closed.
 * Invariants   1. An item is closed by one action at most.
 *              2. What an action did not change is not changed by undoing it.
 */
#include "bot/learning_service.h"

#include "account/audit.h"
#include "account/shop.h"
#include "base/id.h"
#include "base/json_doc.h"
#include "bot/intent.h"
#include "chat/conversation_store.h"
#include "knowledge/knowledge_service.h"
#include "knowledge/learning_store.h"
#include "knowledge/masking.h"
#include "nlu/train.h"

#define GROUP_ITEMS 20000 /* of one group */

bool learning_key_parse(struct str text, int64_t *ret_conversation, int64_t *ret_seq)
{
    struct str head;
    return str_cut(&text, '.', &head) && str_int(head, ret_conversation) && str_int(text, ret_seq) &&
           *ret_conversation > 0;
}

static bool is_intent(struct str id)
{
    return intent_find(id) != NULL || str_eq_c(id, TRAIN_OOS_LABEL);
}

/* ---- a deed ---------------------------------------------------------------------------------------------------------- */

struct deed {
    struct arena *a;
    const struct actor *who;
    const struct learning_wish *wish;
    int64_t now_ms, id;
    ARRAY(struct learning_item) items; /* open ones, none twice */
    struct str texts[LEARNING_TEXTS];  /* their different wordings */
    size_t text_count;
    struct str target;
    struct texts given;                /* wordings that were really given on */
    int64_t closed;
};

static void add_text(struct deed *d, struct str text)
{
    for (size_t i = 0; i < d->text_count; i++)
        if (str_eq(d->texts[i], text))
            return;
    if (d->text_count < LEARNING_TEXTS)
        d->texts[d->text_count++] = text;
}

static void take_item(struct deed *d, const struct learning_item *item)
{
    if (item->state != LEARNING_OPEN)
        return;
    *array_push(d->a, &d->items) = *item;
    add_text(d, item->text);
}

static enum learning_answer collect_group(struct tx *tx, struct deed *d, struct str id)
{
    struct learning_filter filter = {.group_id = 0};
    struct learning_item *list;
    size_t n;
    if (!id_parse(id, &filter.group_id))
        return TAUGHT_NOT_FOUND;
    if (learning_list(tx, d->a, d->who->tenant_id, &filter, 0, INT64_MIN, GROUP_ITEMS, &list, &n) < 0)
        return TAUGHT_FAULT;
    for (size_t i = 0; i < n; i++)
        take_item(d, &list[i]);
    return n > 0 ? TAUGHT : TAUGHT_NOT_FOUND;
}

static enum learning_answer collect_item(struct tx *tx, struct deed *d, struct str key)
{
    struct learning_item item;
    int64_t conversation_id, seq;
    if (!learning_key_parse(key, &conversation_id, &seq))
        return TAUGHT_NOT_FOUND;
    int found = learning_get(tx, d->a, d->who->tenant_id, conversation_id, seq, &item);
    if (found <= 0)
        return found < 0 ? TAUGHT_FAULT : TAUGHT_NOT_FOUND;
    take_item(d, &item);
    return TAUGHT;
}

static enum learning_answer collect(struct tx *tx, struct deed *d)
{
    enum learning_answer answer = TAUGHT;
    for (size_t i = 0; i < json_array_size(d->wish->groups) && answer == TAUGHT; i++)
        answer = collect_group(tx, d, json_text(json_array_get(d->wish->groups, i)));
    for (size_t i = 0; i < json_array_size(d->wish->items) && answer == TAUGHT; i++)
        answer = collect_item(tx, d, json_text(json_array_get(d->wish->items, i)));
    if (answer != TAUGHT)
        return answer;
    return d->items.n > 0 ? TAUGHT : TAUGHT_NOTHING;
}

static enum learning_answer assign(struct tx *tx, struct deed *d)
{
    if (!is_intent(d->wish->intent))
        return TAUGHT_NO_INTENT;
    for (size_t i = 0; i < d->text_count; i++)
        if (utterance_teach(tx, d->who->tenant_id, d->wish->intent, d->texts[i], d->id) < 0)
            return TAUGHT_FAULT;
    d->target = d->wish->intent;
    d->given = (struct texts){d->texts, d->text_count};
    return shop_catalog_raise(tx, d->who->tenant_id) == ACCOUNT_OK ? TAUGHT : TAUGHT_FAULT;
}

static enum learning_answer answer_of(enum knowledge_outcome outcome)
{
    switch (outcome) {
    case KNOWLEDGE_DONE: return TAUGHT;
    case KNOWLEDGE_MISSING: return TAUGHT_NO_ENTRY;
    case KNOWLEDGE_REFUSED: return TAUGHT_FULL;
    case KNOWLEDGE_TAKEN:
    case KNOWLEDGE_STALE:
    case KNOWLEDGE_FAULT: break;
    }
    return TAUGHT_FAULT;
}

static enum learning_answer add_similar(struct tx *tx, struct deed *d)
{
    const struct texts questions = {d->texts, d->text_count};
    d->target = d->wish->entry_id;
    return answer_of(knowledge_add_similar(tx, d->a, d->who->tenant_id, d->wish->entry_id, &questions, d->who->id,
                                           d->now_ms, &d->given));
}

static enum learning_answer write_entry(struct tx *tx, struct deed *d)
{
    struct entry e = *d->wish->entry;
    struct str *similar = arena_array(d->a, struct str, d->text_count + 1);
    size_t n = 0;
    e.layer = LAYER_SHOP;
    if (e.question.n == 0)
        e.question = d->texts[0];
    for (size_t i = 0; i < d->text_count; i++)
        if (!str_eq(d->texts[i], e.question))
            similar[n++] = d->texts[i];
    e.similar = (struct texts){similar, n};
    d->given = (struct texts){d->texts, d->text_count};
    return answer_of(knowledge_write(tx, d->a, d->who->tenant_id, &e, d->who->id, d->now_ms, &d->target));
}

/** All groups become the first one named. */
static enum learning_answer merge(struct tx *tx, struct deed *d)
{
    int64_t into, from;
    struct str first = json_text(json_array_get(d->wish->groups, 0));
    if (json_array_size(d->wish->groups) < 2 || !id_parse(first, &into))
        return TAUGHT_NOTHING;
    d->target = first;
    for (size_t i = 1; i < json_array_size(d->wish->groups); i++) {
        if (!id_parse(json_text(json_array_get(d->wish->groups, i)), &from) || from == into)
            return TAUGHT_NOTHING;
        int64_t moved = learning_merge(tx, d->who->tenant_id, from, into, d->id);
        if (moved < 0)
            return TAUGHT_FAULT;
        d->closed += moved;
    }
    return TAUGHT;
}

static enum learning_answer close_items(struct tx *tx, struct deed *d, enum learning_state state)
{
    for (size_t i = 0; i < d->items.n; i++) {
        const struct learning_item *item = &d->items.v[i];
        int64_t closed = learning_close(tx, d->who->tenant_id, item->conversation_id, item->seq, state, d->id);
        if (closed < 0)
            return TAUGHT_FAULT;
        d->closed += closed;
    }
    return TAUGHT;
}

static struct str texts_json(struct arena *a, const struct texts *texts)
{
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    jo_array(&o);
    for (size_t i = 0; i < texts->n; i++)
        jo_text(&o, texts->v[i]);
    jo_array_end(&o);
    return buf_view(&b);
}

static enum learning_answer keep_audit(struct tx *tx, struct arena *a, const struct actor *who, const char *what,
                                       struct str object, struct str detail, int64_t now_ms)
{
    struct str person = str_fmt(a, "person:%lld", (long long)who->id);
    return audit_add(tx, who->tenant_id, now_ms, person, what, object, detail) == ACCOUNT_OK ? TAUGHT : TAUGHT_FAULT;
}

static enum learning_answer keep_action(struct tx *tx, struct deed *d)
{
    static const char *const names[] = {
        [LEARNING_ASSIGN] = "learning_assigned", [LEARNING_SIMILAR] = "learning_added",
        [LEARNING_WRITE] = "learning_written",   [LEARNING_MERGE] = "learning_merged",
        [LEARNING_IGNORE] = "learning_ignored",
    };
    const struct learning_action action = {
        .id = d->id,
        .at_ms = d->now_ms,
        .person_id = d->who->id,
        .kind = str_from(learning_deed_name(d->wish->deed)),
        .target = d->target,
        .texts = texts_json(d->a, &d->given),
        .items = d->closed,
    };
    if (learning_action_add(tx, d->who->tenant_id, &action) != STORE_OK)
        return TAUGHT_FAULT;
    struct buf b = {.arena = d->a};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kt(&o, "target", d->target);
    jo_kn(&o, "items", d->closed);
    jo_close(&o);
    return keep_audit(tx, d->a, d->who, names[d->wish->deed],
                      str_fmt(d->a, "learning:%lld", (long long)d->id), buf_view(&b), d->now_ms);
}

static int do_unit(struct tx *tx, void *arg)
{
    struct deed *d = arg;
    enum learning_answer answer = d->wish->deed != LEARNING_MERGE ? collect(tx, d) : TAUGHT;
    if (answer != TAUGHT)
        return answer;
    switch (d->wish->deed) {
    case LEARNING_ASSIGN: answer = assign(tx, d); break;
    case LEARNING_SIMILAR: answer = add_similar(tx, d); break;
    case LEARNING_WRITE: answer = write_entry(tx, d); break;
    case LEARNING_MERGE: answer = merge(tx, d); break;
    case LEARNING_IGNORE: break;
    }
    if (answer == TAUGHT)
        answer = close_items(tx, d, d->wish->deed == LEARNING_IGNORE ? LEARNING_IGNORED : LEARNING_DONE);
    return answer == TAUGHT ? keep_action(tx, d) : answer;
}

enum learning_answer learning_do(struct store *store, struct arena *a, const struct actor *who,
                                 const struct learning_wish *wish, int64_t now_ms, int64_t *ret_id,
                                 struct str *ret_target, int64_t *ret_items)
{
    struct deed *d = arena_new(a, struct deed);
    *d = (struct deed){.a = a, .who = who, .wish = wish, .now_ms = now_ms, .id = id_new(now_ms)};
    enum learning_answer answer = (enum learning_answer)store_write(store, do_unit, d);
    if (answer != TAUGHT)
        return answer;
    shop_cache_forget();
    *ret_id = d->id;
    *ret_target = d->target;
    *ret_items = d->closed;
    return TAUGHT;
}

/* ---- undo ------------------------------------------------------------------------------------------------------------ */

struct undoing {
    struct arena *a;
    const struct actor *who;
    int64_t id, now_ms;
};

static struct texts texts_of(struct arena *a, struct str json)
{
    const struct json_node *list = json_doc_read(a, json);
    struct str *v = arena_array(a, struct str, json_doc_count(list) + 1);
    size_t n = 0;
    JSON_DOC_EACH(text, list)
        v[n++] = json_doc_text(text);
    return (struct texts){v, n};
}

/** Takes back what the action gave on. */
static enum learning_answer take_back(struct tx *tx, struct undoing *w, const struct learning_action *action)
{
    int64_t tenant_id = w->who->tenant_id;
    if (str_eq_c(action->kind, learning_deed_name(LEARNING_ASSIGN)))
        return utterance_unteach(tx, tenant_id, w->id) < 0 || shop_catalog_raise(tx, tenant_id) != ACCOUNT_OK
                   ? TAUGHT_FAULT
                   : TAUGHT;
    if (str_eq_c(action->kind, learning_deed_name(LEARNING_SIMILAR))) {
        struct texts texts = texts_of(w->a, action->texts);
        return answer_of(knowledge_take_similar(tx, w->a, tenant_id, action->target, &texts, w->who->id, w->now_ms));
    }
    if (str_eq_c(action->kind, learning_deed_name(LEARNING_WRITE)))
        return answer_of(knowledge_retire(tx, w->a, tenant_id, action->target, w->who->id, w->now_ms));
    return TAUGHT;
}

static int undo_unit(struct tx *tx, void *arg)
{
    struct undoing *w = arg;
    struct learning_action action;
    int found = learning_action_get(tx, w->a, w->who->tenant_id, w->id, &action);
    if (found <= 0)
        return found < 0 ? TAUGHT_FAULT : TAUGHT_NOT_FOUND;
    if (action.undone_ms != 0)
        return TAUGHT_UNDONE;
    enum learning_answer answer = take_back(tx, w, &action);
    if (answer != TAUGHT)
        return answer;
    int64_t opened = learning_reopen(tx, w->who->tenant_id, w->id);
    if (opened < 0 || learning_action_undone(tx, w->who->tenant_id, w->id, w->now_ms) != STORE_OK)
        return TAUGHT_FAULT;
    if (opened == 0)
        return TAUGHT_CHANGED;
    return keep_audit(tx, w->a, w->who, "learning_undone", str_fmt(w->a, "learning:%lld", (long long)w->id), STR_NONE,
                      w->now_ms);
}

enum learning_answer learning_undo(struct store *store, struct arena *a, const struct actor *who, int64_t id,
                                   int64_t now_ms)
{
    struct undoing w = {.a = a, .who = who, .id = id, .now_ms = now_ms};
    enum learning_answer answer = (enum learning_answer)store_write(store, undo_unit, &w);
    shop_cache_forget();
    return answer;
}

/* ---- an agent's word ------------------------------------------------------------------------------------------------- */

struct correcting {
    struct arena *a;
    const struct actor *who;
    int64_t conversation_id, seq, now_ms;
    struct str intent;
};

/** Somebody who is crowd and nothing else sees only what they have. */
static bool may_see(const struct actor *who, const struct conversation *c)
{
    bool only_crowd = (who->roles & ROLES_PEOPLE & ~(uint32_t)ROLE_CROWD) == 0;
    return !only_crowd || (c->handler == HANDLER_AGENT && c->agent_id == who->id);
}

static int correct_unit(struct tx *tx, void *arg)
{
    struct correcting *w = arg;
    struct conversation c;
    struct thumbed m;
    enum chat_answer seen = conversation_get(tx, w->a, w->who->tenant_id, w->conversation_id, &c);
    if (seen != CHAT_OK || !may_see(w->who, &c))
        return seen == CHAT_FAULT ? TAUGHT_FAULT : TAUGHT_NOT_FOUND;
    int found = learning_message(tx, w->a, w->who->tenant_id, w->conversation_id, w->seq, &m);
    if (found <= 0)
        return found < 0 ? TAUGHT_FAULT : TAUGHT_NOT_FOUND;
    const struct json_node *input = learning_heard(w->a, &m);
    struct str heard = json_doc_str(input, "intent");
    const struct learning_item item = {
        .conversation_id = w->conversation_id,
        .seq = w->seq,
        .at_ms = m.at_ms,
        .text = masked(w->a, m.text),
        .language = m.language,
        .reason = LEARNING_CORRECTED,
        .intent = heard.n > 0 ? heard : STR("unclear"),
        .confidence = json_doc_num(input, "confidence", 0),
        .entry = json_doc_str(input, "knowledge"),
        .match = json_doc_num(input, "match", 0),
        .corrected = w->intent,
    };
    if (learning_add(tx, w->who->tenant_id, &item) != STORE_OK)
        return TAUGHT_FAULT;
    return keep_audit(tx, w->a, w->who, "intent_corrected",
                      str_fmt(w->a, "message:%lld.%lld", (long long)w->conversation_id, (long long)w->seq), STR_NONE,
                      w->now_ms);
}

enum learning_answer learning_correct(struct store *store, struct arena *a, const struct actor *who,
                                      int64_t conversation_id, int64_t seq, struct str intent, int64_t now_ms)
{
    struct correcting w = {a, who, conversation_id, seq, now_ms, intent};
    if (!is_intent(intent))
        return TAUGHT_NO_INTENT;
    return (enum learning_answer)store_write(store, correct_unit, &w);
}

/* ---- utterances and cases by hand ------------------------------------------------------------------------------------ */

struct row_work {
    struct arena *a;
    const struct actor *who;
    enum learning_row row;
    struct str text, intent;
    bool must_pass;
    int64_t now_ms;
};

static enum learning_answer keep_row_audit(struct tx *tx, struct row_work *w, const char *utterance, const char *settled)
{
    return keep_audit(tx, w->a, w->who, w->row == LEARNING_UTTERANCE ? utterance : settled, w->intent, STR_NONE,
                      w->now_ms);
}

static int put_row(struct tx *tx, void *arg)
{
    struct row_work *w = arg;
    const struct learning_case settled = {w->text, w->intent, w->must_pass, w->now_ms};
    int rc = w->row == LEARNING_UTTERANCE ? utterance_put(tx, w->who->tenant_id, w->intent, w->text)
                                          : learning_case_put(tx, w->who->tenant_id, &settled, w->who->id);
    return rc < 0 ? TAUGHT_FAULT : keep_row_audit(tx, w, "utterance_saved", "case_saved");
}

enum learning_answer learning_row_put(struct store *store, struct arena *a, const struct actor *who,
                                      enum learning_row row, struct str text, struct str intent, bool must_pass,
                                      int64_t now_ms)
{
    struct row_work w = {a, who, row, text, intent, must_pass, now_ms};
    if (!is_intent(intent))
        return TAUGHT_NO_INTENT;
    if (text.n == 0)
        return TAUGHT_NOTHING;
    return (enum learning_answer)store_write(store, put_row, &w);
}

static int drop_row(struct tx *tx, void *arg)
{
    struct row_work *w = arg;
    int64_t gone = w->row == LEARNING_UTTERANCE ? utterance_drop(tx, w->who->tenant_id, w->text)
                                                : learning_case_drop(tx, w->who->tenant_id, w->text);
    if (gone <= 0)
        return gone < 0 ? TAUGHT_FAULT : TAUGHT_NOT_FOUND;
    return keep_row_audit(tx, w, "utterance_dropped", "case_dropped");
}

enum learning_answer learning_row_drop(struct store *store, struct arena *a, const struct actor *who,
                                       enum learning_row row, struct str text, int64_t now_ms)
{
    struct row_work w = {.a = a, .who = who, .row = row, .text = text, .now_ms = now_ms};
    return (enum learning_answer)store_write(store, drop_row, &w);
}
