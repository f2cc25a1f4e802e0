/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of the lists. Each tab first picks ids in its order, in an inner query that an index serves and that stops at the
 * page's end, and only then joins names to those few rows.
 */
#include "desk/inbox_store.h"

#include "base/id.h"

#define COLUMNS                                                                                                     \
    "c.conversation_id, c.seq, c.handler, c.agent_id, COALESCE(NULLIF(p.alias, ''), p.name), c.skill,"             \
    " c.contact_id, k.name, c.channel, c.language, c.topic, c.last_author, c.last_text, c.last_ms, c.unread,"      \
    " c.waiting_ms, c.opened_ms, c.queued_ms, c.closed_ms, c.needs_person, r.stars"
#define JOINS                                                                                                       \
    " JOIN contact k ON k.tenant_id = c.tenant_id AND k.contact_id = c.contact_id"                                 \
    " LEFT JOIN person p ON p.tenant_id = c.tenant_id AND p.person_id = c.agent_id"                                \
    " LEFT JOIN rating r ON r.tenant_id = c.tenant_id AND r.conversation_id = c.conversation_id"

static void read_row(struct stmt *q, struct arena *a, struct inbox_row *ret)
{
    struct inbox_row r = {0};
    int i = 0;
    r.id = stmt_get_int(q, i++);
    r.seq = stmt_get_int(q, i++);
    r.handler = stmt_copy_text(q, i++, a);
    r.agent_id = stmt_get_int(q, i++);
    r.agent_name = stmt_copy_text(q, i++, a);
    r.group = stmt_copy_text(q, i++, a);
    r.contact_id = stmt_get_int(q, i++);
    r.contact_name = stmt_copy_text(q, i++, a);
    r.channel = stmt_copy_text(q, i++, a);
    r.language = stmt_copy_text(q, i++, a);
    r.topic = stmt_copy_text(q, i++, a);
    r.last_author = stmt_copy_text(q, i++, a);
    r.last_text = stmt_copy_text(q, i++, a);
    r.last_ms = stmt_get_int(q, i++);
    r.unread = stmt_get_int(q, i++);
    r.waiting_ms = stmt_get_int(q, i++);
    r.opened_ms = stmt_get_int(q, i++);
    r.queued_ms = stmt_get_int(q, i++);
    r.closed_ms = stmt_get_int(q, i++);
    r.needs_person = stmt_get_int(q, i++) != 0;
    r.stars = stmt_get_int(q, i++);
    *ret = r;
}

/* ---- one page of a tab ------------------------------------------------------------------------------------ */

/* Rows of `w` (conversation_id, sort_key) that fit the search; $1 is the tenant, the parameters behind the inner query
 * are: exact text, like pattern, id. */
#define SEARCHED(exact, like, id)                                                                                   \
    " WHERE (" exact " = '' OR k.name LIKE " like " ESCAPE '\\' OR c.last_text LIKE " like " ESCAPE '\\'"          \
    " OR c.entry LIKE " like " ESCAPE '\\' OR k.buyer = " exact " OR c.conversation_id = " id ")"

static struct stmt open_mine(struct tx *tx, const struct inbox_search *s)
{
    struct stmt q = stmt_open(
        tx, "SELECT " COLUMNS ", w.sort_key FROM (SELECT conversation_id, COALESCE(waiting_ms, 9000000000000000)"
            " AS sort_key FROM conversation WHERE tenant_id = $1 AND agent_id = $2 AND handler = 'agent') w"
            " JOIN conversation c ON c.tenant_id = $1 AND c.conversation_id = w.conversation_id" JOINS
            SEARCHED("$3", "$4", "$5")
            " AND (w.sort_key > $6 OR (w.sort_key = $6 AND w.conversation_id > $7))"
            " ORDER BY w.sort_key, w.conversation_id LIMIT $8");
    stmt_int(&q, s->tenant_id);
    stmt_int(&q, s->person_id);
    return q;
}

static struct stmt open_queue(struct tx *tx, const struct inbox_search *s)
{
    struct stmt q = stmt_open(
        tx, "SELECT " COLUMNS ", w.sort_key FROM (SELECT conversation_id, queued_ms AS sort_key FROM conversation"
            " WHERE tenant_id = $1 AND handler = 'queue' ORDER BY queued_ms, conversation_id LIMIT 20000) w"
            " JOIN conversation c ON c.tenant_id = $1 AND c.conversation_id = w.conversation_id" JOINS
            SEARCHED("$2", "$3", "$4")
            " AND (w.sort_key > $5 OR (w.sort_key = $5 AND w.conversation_id > $6))"
            " ORDER BY w.sort_key, w.conversation_id LIMIT $7");
    stmt_int(&q, s->tenant_id);
    return q;
}

static struct stmt open_bot(struct tx *tx, const struct inbox_search *s)
{
    struct stmt q = stmt_open(
        tx, "SELECT " COLUMNS ", w.sort_key FROM (SELECT conversation_id, needs_person AS sort_key FROM conversation"
            " WHERE tenant_id = $1 AND handler = 'bot' ORDER BY conversation_id DESC LIMIT 5000) w"
            " JOIN conversation c ON c.tenant_id = $1 AND c.conversation_id = w.conversation_id" JOINS
            SEARCHED("$2", "$3", "$4")
            " AND (w.sort_key < $5 OR (w.sort_key = $5 AND w.conversation_id < $6))"
            " ORDER BY w.sort_key DESC, w.conversation_id DESC LIMIT $7");
    stmt_int(&q, s->tenant_id);
    return q;
}

static struct stmt open_closed(struct tx *tx, const struct inbox_search *s)
{
    /* In the order of the index from the cursor on, so that a page of a year's conversations reads only itself. */
    struct stmt q = stmt_open(
        tx, "SELECT " COLUMNS ", 0 FROM (SELECT conversation_id FROM conversation WHERE tenant_id = $1"
            " AND handler = 'closed' AND conversation_id < $2 ORDER BY conversation_id DESC LIMIT 5000) w"
            " JOIN conversation c ON c.tenant_id = $1 AND c.conversation_id = w.conversation_id" JOINS
            SEARCHED("$3", "$4", "$5")
            " ORDER BY w.conversation_id DESC LIMIT $6");
    stmt_int(&q, s->tenant_id);
    stmt_int(&q, s->from_cursor ? s->cursor_id : INT64_MAX);
    return q;
}

static struct stmt open_tab(struct tx *tx, const struct inbox_search *s)
{
    switch (s->tab) {
    case INBOX_MINE: return open_mine(tx, s);
    case INBOX_QUEUE: return open_queue(tx, s);
    case INBOX_BOT: return open_bot(tx, s);
    case INBOX_CLOSED: break;
    }
    return open_closed(tx, s);
}

/* %text% with LIKE's own signs taken literally. */
static struct str like_pattern(struct arena *a, struct str text)
{
    struct buf b = {.arena = a};
    buf_char(&b, '%');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '%' || text.p[i] == '_' || text.p[i] == '\\')
            buf_char(&b, '\\');
        buf_char(&b, text.p[i]);
    }
    buf_char(&b, '%');
    return buf_view(&b);
}

/* Before the first row of the tab, in its order. */
static int64_t first_key(const struct inbox_search *s)
{
    if (s->from_cursor)
        return s->cursor_key;
    return s->tab == INBOX_BOT ? INT64_MAX : -1;
}

int inbox_list(struct tx *tx, struct arena *a, const struct inbox_search *s, struct inbox_row **ret, size_t *ret_n)
{
    int64_t id = 0;
    if (!id_parse(s->q, &id))
        id = 0;
    _cleanup_(stmt_close) struct stmt q = open_tab(tx, s);
    stmt_text(&q, s->q);
    stmt_text(&q, like_pattern(a, s->q));
    stmt_int(&q, id);
    if (s->tab != INBOX_CLOSED) {
        stmt_int(&q, first_key(s));
        stmt_int(&q, s->from_cursor ? s->cursor_id : 0);
    }
    stmt_int(&q, s->limit);
    ARRAY(struct inbox_row) found = {0};
    int rc;
    while ((rc = stmt_next(&q)) > 0) {
        struct inbox_row *r = array_push(a, &found);
        read_row(&q, a, r);
        r->sort_key = stmt_get_int(&q, 21);
    }
    *ret = found.v;
    *ret_n = found.n;
    return rc;
}

int inbox_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t conversation_id, struct inbox_row *ret)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "SELECT " COLUMNS " FROM conversation c" JOINS " WHERE c.tenant_id = $1 AND c.conversation_id = $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, conversation_id);
    int rc = stmt_next(&q);
    if (rc > 0)
        read_row(&q, a, ret);
    return rc;
}

int inbox_counts(struct tx *tx, int64_t tenant_id, int64_t person_id, int64_t ret[INBOX_TABS])
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "SELECT (SELECT COUNT(*) FROM conversation WHERE tenant_id = $1 AND agent_id = $2 AND handler = 'agent'),"
            " (SELECT COUNT(*) FROM (SELECT 1 FROM conversation WHERE tenant_id = $1 AND handler = 'queue'"
            "  LIMIT 1000) AS q),"
            " (SELECT COUNT(*) FROM (SELECT 1 FROM conversation WHERE tenant_id = $1 AND handler = 'bot'"
            "  LIMIT 1000) AS b),"
            " (SELECT COUNT(*) FROM (SELECT 1 FROM conversation WHERE tenant_id = $1 AND handler = 'closed'"
            "  LIMIT 1000) AS d)");
    stmt_int(&q, tenant_id);
    stmt_int(&q, person_id);
    if (stmt_next(&q) <= 0)
        return STORE_FAULT;
    for (int i = 0; i < INBOX_TABS; i++)
        ret[i] = stmt_get_int(&q, i);
    return STORE_OK;
}

int inbox_reasons(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t conversation_id,
                  struct inbox_reason **ret, size_t *ret_n)
{
    enum { MOST = 10 };
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "SELECT at_ms, kind, reason FROM decision WHERE tenant_id = $1 AND conversation_id = $2 AND reason <> ''"
            " ORDER BY seq DESC, kind LIMIT 10");
    stmt_int(&q, tenant_id);
    stmt_int(&q, conversation_id);
    struct inbox_reason *found = arena_array(a, struct inbox_reason, MOST);
    size_t n = 0;
    int rc;
    while (n < MOST && (rc = stmt_next(&q)) > 0) {
        /* Filled from the end: they are read newest first and told oldest first. */
        n++;
        found[MOST - n] = (struct inbox_reason){.at_ms = stmt_get_int(&q, 0),
                                                .kind = stmt_copy_text(&q, 1, a),
                                                .text = stmt_copy_text(&q, 2, a)};
    }
    *ret = found + MOST - n;
    *ret_n = n;
    return q.answer;
}

int inbox_previous(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t contact_id, int64_t conversation_id,
                   struct inbox_row **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT conversation_id, opened_ms, closed_ms, category, topic FROM conversation"
                      " WHERE tenant_id = $1 AND contact_id = $2 AND conversation_id <> $3"
                      " ORDER BY conversation_id DESC LIMIT 10");
    stmt_int(&q, tenant_id);
    stmt_int(&q, contact_id);
    stmt_int(&q, conversation_id);
    ARRAY(struct inbox_row) found = {0};
    int rc;
    while ((rc = stmt_next(&q)) > 0) {
        struct inbox_row *r = array_push(a, &found);
        r->id = stmt_get_int(&q, 0);
        r->opened_ms = stmt_get_int(&q, 1);
        r->closed_ms = stmt_get_int(&q, 2);
        r->group = stmt_copy_text(&q, 3, a);
        r->topic = stmt_copy_text(&q, 4, a);
    }
    *ret = found.v;
    *ret_n = found.n;
    return rc;
}
