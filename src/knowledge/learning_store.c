/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of learning.
 */
#include "knowledge/learning_store.h"

#include "base/log.h"

#define ITEM                                                                                                           \
    "conversation_id, seq, at_ms, text, language, reason, intent, confidence, entry, match, about, corrected, state,"  \
    " group_id"
#define ACTION "action_id, at_ms, person_id, kind, target, texts, items, undone_ms"

static int64_t thousandths(double v)
{
    return (int64_t)(v * 1000 + 0.5);
}

/* ---- items ---------------------------------------------------------------------------------------------------------- */

int learning_add(struct tx *tx, int64_t tenant_id, const struct learning_item *item)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO learning_item (tenant_id, " ITEM ", action_id, merge_id, group_before)"
                      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'open', 0, 0, 0, 0)"
                      " ON CONFLICT (tenant_id, conversation_id, seq) DO UPDATE SET reason = excluded.reason,"
                      " corrected = excluded.corrected");
    stmt_int(&q, tenant_id);
    stmt_int(&q, item->conversation_id);
    stmt_int(&q, item->seq);
    stmt_int(&q, item->at_ms);
    stmt_text(&q, item->text);
    stmt_text(&q, item->language);
    stmt_text(&q, str_from(learning_reason_name(item->reason)));
    stmt_text(&q, item->intent);
    stmt_int(&q, thousandths(item->confidence));
    stmt_text(&q, item->entry);
    stmt_int(&q, thousandths(item->match));
    stmt_text(&q, item->about);
    stmt_text(&q, item->corrected);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int learning_hand_over(struct tx *tx, int64_t tenant_id, int64_t conversation_id)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE learning_item SET reason = 'handed_over' WHERE tenant_id = $1 AND conversation_id = $2"
                      " AND state = 'open' AND seq = (SELECT MAX(seq) FROM learning_item WHERE tenant_id = $3"
                      " AND conversation_id = $4)");
    stmt_int(&q, tenant_id);
    stmt_int(&q, conversation_id);
    stmt_int(&q, tenant_id);
    stmt_int(&q, conversation_id);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

/** Reads the row in hand; false when it names what this program does not know. */
static bool read_item(struct stmt *q, struct arena *a, struct learning_item *ret)
{
    *ret = (struct learning_item){
        .conversation_id = stmt_get_int(q, 0),
        .seq = stmt_get_int(q, 1),
        .at_ms = stmt_get_int(q, 2),
        .text = stmt_copy_text(q, 3, a),
        .language = stmt_copy_text(q, 4, a),
        .intent = stmt_copy_text(q, 6, a),
        .confidence = (double)stmt_get_int(q, 7) / 1000,
        .entry = stmt_copy_text(q, 8, a),
        .match = (double)stmt_get_int(q, 9) / 1000,
        .about = stmt_copy_text(q, 10, a),
        .corrected = stmt_copy_text(q, 11, a),
        .group_id = stmt_get_int(q, 13),
    };
    if (learning_reason_from_name(stmt_get_text(q, 5), &ret->reason) &&
        learning_state_from_name(stmt_get_text(q, 12), &ret->state))
        return true;
    log_event(LOG_ERROR, "learning item unreadable", "conversation=%lld", (long long)ret->conversation_id);
    return false;
}

static int read_items(struct stmt *q, struct arena *a, struct learning_item **ret, size_t *ret_n)
{
    ARRAY(struct learning_item) list = {0};
    int rc;
    while ((rc = stmt_next(q)) > 0)
        if (!read_item(q, a, array_push(a, &list)))
            return STORE_FAULT;
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}

int learning_recent(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t after_conversation, int limit,
                    struct learning_item **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT " ITEM " FROM learning_item WHERE tenant_id = $1 AND conversation_id > $2"
                      " ORDER BY conversation_id DESC, seq DESC LIMIT $3");
    stmt_int(&q, tenant_id);
    stmt_int(&q, after_conversation);
    stmt_int(&q, limit);
    int rc = read_items(&q, a, ret, ret_n);
    for (size_t i = 0, k = *ret_n; rc == STORE_OK && i + 1 < k; i++) {
        struct learning_item other = (*ret)[--k];
        (*ret)[k] = (*ret)[i];
        (*ret)[i] = other;
    }
    return rc;
}

int learning_list(struct tx *tx, struct arena *a, int64_t tenant_id, const struct learning_filter *f,
                  int64_t after_conversation, int64_t after_seq, int limit, struct learning_item **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT " ITEM " FROM learning_item WHERE tenant_id = $1 AND group_id = $2 AND group_id <> 0"
                      " AND (conversation_id, seq) > ($3, $4) AND ($5 = '' OR state = $6)"
                      " ORDER BY conversation_id, seq LIMIT $7");
    struct str state = f->state != NULL ? str_from(learning_state_name(*f->state)) : STR_NONE;
    stmt_int(&q, tenant_id);
    stmt_int(&q, f->group_id);
    stmt_int(&q, after_conversation);
    stmt_int(&q, after_seq);
    stmt_text(&q, state);
    stmt_text(&q, state);
    stmt_int(&q, limit);
    return read_items(&q, a, ret, ret_n);
}

int learning_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t conversation_id, int64_t seq,
                 struct learning_item *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT " ITEM " FROM learning_item WHERE tenant_id = $1 AND conversation_id = $2 AND seq = $3");
    stmt_int(&q, tenant_id);
    stmt_int(&q, conversation_id);
    stmt_int(&q, seq);
    int rc = stmt_next(&q);
    return rc > 0 && !read_item(&q, a, ret) ? STORE_FAULT : rc;
}

int learning_group(struct tx *tx, int64_t tenant_id, const struct learning_item *item, int64_t group_id,
                   enum learning_state state)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE learning_item SET group_id = $1, state = $2 WHERE tenant_id = $3 AND conversation_id = $4"
                      " AND seq = $5 AND group_id = 0");
    stmt_int(&q, group_id);
    stmt_text(&q, str_from(learning_state_name(state)));
    stmt_int(&q, tenant_id);
    stmt_int(&q, item->conversation_id);
    stmt_int(&q, item->seq);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int64_t learning_close(struct tx *tx, int64_t tenant_id, int64_t conversation_id, int64_t seq,
                       enum learning_state state, int64_t action_id)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE learning_item SET state = $1, action_id = $2 WHERE tenant_id = $3"
                      " AND conversation_id = $4 AND seq = $5 AND state = 'open'");
    stmt_text(&q, str_from(learning_state_name(state)));
    stmt_int(&q, action_id);
    stmt_int(&q, tenant_id);
    stmt_int(&q, conversation_id);
    stmt_int(&q, seq);
    return stmt_run(&q);
}

int64_t learning_merge(struct tx *tx, int64_t tenant_id, int64_t from, int64_t to, int64_t action_id)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE learning_item SET group_id = $1, group_before = $2, merge_id = $3 WHERE tenant_id = $4"
                      " AND group_id = $5 AND group_id <> 0");
    stmt_int(&q, to);
    stmt_int(&q, from);
    stmt_int(&q, action_id);
    stmt_int(&q, tenant_id);
    stmt_int(&q, from);
    return stmt_run(&q);
}

static int64_t take_apart(struct tx *tx, int64_t tenant_id, int64_t action_id)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE learning_item SET group_id = group_before, group_before = 0, merge_id = 0"
                      " WHERE tenant_id = $1 AND merge_id = $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, action_id);
    return stmt_run(&q);
}

int64_t learning_reopen(struct tx *tx, int64_t tenant_id, int64_t action_id)
{
    int64_t apart = take_apart(tx, tenant_id, action_id);
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE learning_item SET state = 'open', action_id = 0 WHERE tenant_id = $1 AND action_id = $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, action_id);
    int64_t opened = stmt_run(&q);
    return apart < 0 || opened < 0 ? STORE_FAULT : apart + opened;
}

/* ---- messages behind items ------------------------------------------------------------------------------------------ */

/* The buyer's message m, and the decision about it: the first one beside it or after it. That of an ordinary turn stands with
 * the turn's last message, that of one which moved the conversation in its own table (chat/inbox.c). */
#define BEHIND                                                                                                         \
    "m.conversation_id, m.seq, m.text, c.language, COALESCE((SELECT w.why FROM (SELECT x.seq AS seq,"                  \
    " x.decision AS why FROM message x WHERE x.tenant_id = m.tenant_id AND x.conversation_id = m.conversation_id"      \
    " AND x.seq >= m.seq AND x.decision IS NOT NULL UNION ALL SELECT d.seq, d.input FROM decision d"                   \
    " WHERE d.tenant_id = m.tenant_id AND d.conversation_id = m.conversation_id AND d.seq >= m.seq"                    \
    " AND d.kind = 'turn') w ORDER BY w.seq LIMIT 1), '')"

static void read_behind(struct stmt *q, struct arena *a, struct thumbed *ret)
{
    *ret = (struct thumbed){
        .conversation_id = stmt_get_int(q, 0),
        .seq = stmt_get_int(q, 1),
        .text = stmt_copy_text(q, 2, a),
        .language = stmt_copy_text(q, 3, a),
        .why = stmt_copy_text(q, 4, a),
        .at_ms = stmt_get_int(q, 5),
    };
}

const struct json_node *learning_heard(struct arena *a, const struct thumbed *t)
{
    const struct json_node *why = json_doc_read(a, t->why), *input = json_doc_object(why, "input");
    return input != NULL ? input : why;
}

int learning_thumbed(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t since_ms, struct thumbed **ret,
                     size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "SELECT " BEHIND ", f.at_ms FROM feedback f JOIN message m ON m.tenant_id = f.tenant_id"
            " AND m.conversation_id = f.conversation_id AND m.seq = (SELECT MAX(b.seq) FROM message b"
            " WHERE b.tenant_id = f.tenant_id AND b.conversation_id = f.conversation_id AND b.seq < f.seq"
            " AND b.author_kind = 'buyer' AND b.kind = 'text')"
            " JOIN conversation c ON c.tenant_id = f.tenant_id AND c.conversation_id = f.conversation_id"
            " WHERE f.tenant_id = $1 AND f.at_ms > $2 AND f.helpful = 0 AND NOT EXISTS (SELECT 1 FROM learning_item i"
            " WHERE i.tenant_id = f.tenant_id AND i.conversation_id = f.conversation_id AND i.seq = m.seq)"
            " ORDER BY f.at_ms");
    ARRAY(struct thumbed) list = {0};
    stmt_int(&q, tenant_id);
    stmt_int(&q, since_ms);
    int rc;
    while ((rc = stmt_next(&q)) > 0)
        read_behind(&q, a, array_push(a, &list));
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}

int learning_message(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t conversation_id, int64_t seq,
                     struct thumbed *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT " BEHIND ", m.at_ms FROM message m JOIN conversation c ON c.tenant_id = m.tenant_id"
                      " AND c.conversation_id = m.conversation_id WHERE m.tenant_id = $1 AND m.conversation_id = $2"
                      " AND m.seq = $3 AND m.author_kind = 'buyer' AND m.kind = 'text'");
    stmt_int(&q, tenant_id);
    stmt_int(&q, conversation_id);
    stmt_int(&q, seq);
    int rc = stmt_next(&q);
    if (rc > 0)
        read_behind(&q, a, ret);
    return rc;
}

/* ---- actions -------------------------------------------------------------------------------------------------------- */

int learning_action_add(struct tx *tx, int64_t tenant_id, const struct learning_action *action)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "INSERT INTO learning_action (tenant_id, " ACTION ")"
                                                        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)");
    stmt_int(&q, tenant_id);
    stmt_int(&q, action->id);
    stmt_int(&q, action->at_ms);
    stmt_int(&q, action->person_id);
    stmt_text(&q, action->kind);
    stmt_text(&q, action->target);
    stmt_text(&q, action->texts);
    stmt_int(&q, action->items);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

static void read_action(struct stmt *q, struct arena *a, struct learning_action *ret)
{
    *ret = (struct learning_action){
        .id = stmt_get_int(q, 0),
        .at_ms = stmt_get_int(q, 1),
        .person_id = stmt_get_int(q, 2),
        .kind = stmt_copy_text(q, 3, a),
        .target = stmt_copy_text(q, 4, a),
        .texts = stmt_copy_text(q, 5, a),
        .items = stmt_get_int(q, 6),
        .undone_ms = stmt_get_int(q, 7),
    };
}

int learning_actions(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t before, int limit,
                     struct learning_action **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT " ACTION " FROM learning_action WHERE tenant_id = $1 AND action_id < $2"
                      " ORDER BY action_id DESC LIMIT $3");
    ARRAY(struct learning_action) list = {0};
    stmt_int(&q, tenant_id);
    stmt_int(&q, before);
    stmt_int(&q, limit);
    int rc;
    while ((rc = stmt_next(&q)) > 0)
        read_action(&q, a, array_push(a, &list));
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}

int learning_action_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t id, struct learning_action *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT " ACTION " FROM learning_action WHERE tenant_id = $1 AND action_id = $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    int rc = stmt_next(&q);
    if (rc > 0)
        read_action(&q, a, ret);
    return rc;
}

int learning_action_undone(struct tx *tx, int64_t tenant_id, int64_t id, int64_t at_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE learning_action SET undone_ms = $1 WHERE tenant_id = $2 AND action_id = $3");
    stmt_int(&q, at_ms);
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

/* ---- settled cases -------------------------------------------------------------------------------------------------- */

/** 1: there, and whether it says the same; 0: not there; STORE_FAULT. */
static int case_same(struct tx *tx, int64_t tenant_id, const struct learning_case *c, bool *ret_same)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT intent, must_pass FROM learning_case WHERE tenant_id = $1 AND text = $2");
    stmt_int(&q, tenant_id);
    stmt_text(&q, c->text);
    int rc = stmt_next(&q);
    if (rc > 0)
        *ret_same = str_eq(stmt_get_text(&q, 0), c->intent) && (stmt_get_int(&q, 1) != 0) == c->must_pass;
    return rc;
}

int learning_case_put(struct tx *tx, int64_t tenant_id, const struct learning_case *c, int64_t person_id)
{
    bool same = false;
    int there = case_same(tx, tenant_id, c, &same);
    if (there < 0 || same)
        return there < 0 ? STORE_FAULT : 0;
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "INSERT INTO learning_case (tenant_id, text, intent, must_pass, person_id, changed_ms)"
            " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, text) DO UPDATE SET intent = excluded.intent,"
            " must_pass = excluded.must_pass, person_id = excluded.person_id, changed_ms = excluded.changed_ms");
    stmt_int(&q, tenant_id);
    stmt_text(&q, c->text);
    stmt_text(&q, c->intent);
    stmt_int(&q, c->must_pass);
    stmt_int(&q, person_id);
    stmt_int(&q, c->changed_ms);
    if (stmt_run(&q) < 0)
        return STORE_FAULT;
    return there > 0 ? 2 : 1;
}

int learning_cases(struct tx *tx, struct arena *a, int64_t tenant_id, struct learning_case **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "SELECT text, intent, must_pass, changed_ms FROM learning_case WHERE tenant_id = $1 ORDER BY text");
    ARRAY(struct learning_case) list = {0};
    stmt_int(&q, tenant_id);
    int rc;
    while ((rc = stmt_next(&q)) > 0)
        *array_push(a, &list) = (struct learning_case){
            .text = stmt_copy_text(&q, 0, a),
            .intent = stmt_copy_text(&q, 1, a),
            .must_pass = stmt_get_int(&q, 2) != 0,
            .changed_ms = stmt_get_int(&q, 3),
        };
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}

int64_t learning_case_drop(struct tx *tx, int64_t tenant_id, struct str text)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "DELETE FROM learning_case WHERE tenant_id = $1 AND text = $2");
    stmt_int(&q, tenant_id);
    stmt_text(&q, text);
    return stmt_run(&q);
}
