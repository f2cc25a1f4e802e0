/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of entries and utterances.
 */
#include "knowledge/knowledge_store.h"

#include "base/log.h"

#define COLUMNS                                                                                                        \
    "knowledge_id, layer, question, similar, answer, conditions, valid_from_ms, valid_to_ms, overrides, version,"      \
    " changed_ms, archived_ms"

int knowledge_version(struct tx *tx, int64_t tenant_id, int64_t *ret)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "SELECT catalog FROM shop WHERE tenant_id = $1");
    stmt_int(&q, tenant_id);
    int rc = stmt_next(&q);
    if (rc > 0)
        *ret = stmt_get_int(&q, 0);
    return rc;
}

static struct texts read_similar(struct arena *a, struct str text)
{
    _cleanup_(json_donep) json_t *list = json_read(text, NULL);
    size_t n = json_array_size(list);
    struct str *v = arena_array(a, struct str, n);
    for (size_t i = 0; i < n; i++)
        v[i] = str_dup(a, json_text(json_array_get(list, i)));
    return (struct texts){v, n};
}

/** Reads the row in hand. What the import let in can be read; what cannot is a fault. */
static int read_entry(struct stmt *q, struct arena *a, struct entry *ret)
{
    struct entry e = {.id = stmt_copy_text(q, 0, a)};
    const char *wrong = "layer";
    bool good = layer_from_name(stmt_get_text(q, 1), &e.layer);
    _cleanup_(json_donep) json_t *conditions = json_read(stmt_get_text(q, 5), NULL);
    if (!good || !conditions_read(a, conditions, &e.conditions, &wrong)) {
        log_event(LOG_ERROR, "knowledge entry unreadable", "field=%s", wrong);
        return STORE_FAULT;
    }
    e.question = stmt_copy_text(q, 2, a);
    e.similar = read_similar(a, stmt_get_text(q, 3));
    e.answer = stmt_copy_text(q, 4, a);
    e.valid_from_ms = stmt_get_int(q, 6);
    e.valid_to_ms = stmt_get_int(q, 7);
    e.overrides = stmt_get_int(q, 8) != 0;
    e.version = stmt_get_int(q, 9);
    e.changed_ms = stmt_get_int(q, 10);
    e.archived_ms = stmt_get_int(q, 11);
    *ret = e;
    return STORE_OK;
}

static int read_entries(struct stmt *q, struct arena *a, struct entry **ret, size_t *ret_n)
{
    ARRAY(struct entry) list = {0};
    int rc;
    while ((rc = stmt_next(q)) > 0)
        if (read_entry(q, a, array_push(a, &list)) < 0)
            return STORE_FAULT;
    if (rc < 0)
        return rc;
    *ret = list.v;
    *ret_n = list.n;
    return STORE_OK;
}

int knowledge_list(struct tx *tx, struct arena *a, int64_t tenant_id, struct entry **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT " COLUMNS " FROM knowledge WHERE tenant_id = $1 AND archived_ms = 0"
                      " ORDER BY knowledge_id");
    stmt_int(&q, tenant_id);
    return read_entries(&q, a, ret, ret_n);
}

/** %text% with the signs of LIKE made plain. */
static struct str like_pattern(struct arena *a, struct str text)
{
    struct buf b = {.arena = a};
    buf_char(&b, '%');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '%' || text.p[i] == '_' || text.p[i] == '!')
            buf_char(&b, '!');
        buf_char(&b, text.p[i]);
    }
    buf_char(&b, '%');
    return buf_view(&b);
}

int knowledge_page(struct tx *tx, struct arena *a, int64_t tenant_id, const struct knowledge_filter *f,
                   struct str after, int limit, struct entry **ret, size_t *ret_n)
{
    struct str pattern = like_pattern(a, f->text);
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT " COLUMNS " FROM knowledge WHERE tenant_id = $1 AND knowledge_id > $2"
                      " AND (question LIKE $3 ESCAPE '!' OR similar LIKE $4 ESCAPE '!' OR answer LIKE $5 ESCAPE '!')"
                      " AND ($6 = '' OR layer = $7) AND (archived_ms <> 0) = ($8 <> 0)"
                      " AND ($9 = 0 OR valid_to_ms <= $10) ORDER BY knowledge_id LIMIT $11");
    stmt_int(&q, tenant_id);
    stmt_text(&q, after);
    stmt_text(&q, pattern);
    stmt_text(&q, pattern);
    stmt_text(&q, pattern);
    stmt_text(&q, f->layer);
    stmt_text(&q, f->layer);
    stmt_int(&q, f->archived);
    stmt_int(&q, f->past_ms);
    stmt_int(&q, f->past_ms);
    stmt_int(&q, limit);
    return read_entries(&q, a, ret, ret_n);
}

int knowledge_get(struct tx *tx, struct arena *a, int64_t tenant_id, struct str id, struct entry *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT " COLUMNS " FROM knowledge WHERE tenant_id = $1 AND knowledge_id = $2");
    stmt_int(&q, tenant_id);
    stmt_text(&q, id);
    int rc = stmt_next(&q);
    if (rc <= 0)
        return rc;
    return read_entry(&q, a, ret) < 0 ? STORE_FAULT : 1;
}

/** 1: there, and whether it says the same; 0: not there; STORE_FAULT. */
static int entry_same(struct tx *tx, int64_t tenant_id, const struct entry_row *row, bool *ret_same)
{
    const struct entry *e = row->entry;
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT " COLUMNS " FROM knowledge WHERE tenant_id = $1 AND knowledge_id = $2");
    stmt_int(&q, tenant_id);
    stmt_text(&q, e->id);
    int rc = stmt_next(&q);
    if (rc > 0)
        *ret_same = str_eq_c(stmt_get_text(&q, 1), layer_name(e->layer)) &&
                    str_eq(stmt_get_text(&q, 2), e->question) && str_eq(stmt_get_text(&q, 3), row->similar) &&
                    str_eq(stmt_get_text(&q, 4), e->answer) && str_eq(stmt_get_text(&q, 5), row->conditions) &&
                    stmt_get_int(&q, 6) == e->valid_from_ms && stmt_get_int(&q, 7) == e->valid_to_ms &&
                    (stmt_get_int(&q, 8) != 0) == e->overrides && stmt_get_int(&q, 11) == e->archived_ms;
    return rc;
}

static int put_entry(struct tx *tx, int64_t tenant_id, const struct entry_row *row, int64_t now_ms)
{
    const struct entry *e = row->entry;
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO knowledge (tenant_id, " COLUMNS ")"
                      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $12)"
                      " ON CONFLICT (tenant_id, knowledge_id) DO UPDATE SET layer = excluded.layer,"
                      " question = excluded.question, similar = excluded.similar, answer = excluded.answer,"
                      " conditions = excluded.conditions, valid_from_ms = excluded.valid_from_ms,"
                      " valid_to_ms = excluded.valid_to_ms, overrides = excluded.overrides,"
                      " version = knowledge.version + 1, changed_ms = excluded.changed_ms,"
                      " archived_ms = excluded.archived_ms");
    stmt_int(&q, tenant_id);
    stmt_text(&q, e->id);
    stmt_text(&q, str_from(layer_name(e->layer)));
    stmt_text(&q, e->question);
    stmt_text(&q, row->similar);
    stmt_text(&q, e->answer);
    stmt_text(&q, row->conditions);
    stmt_int_or_null(&q, e->valid_from_ms);
    stmt_int_or_null(&q, e->valid_to_ms);
    stmt_int(&q, e->overrides);
    stmt_int(&q, now_ms);
    stmt_int(&q, e->archived_ms);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

static int keep_version(struct tx *tx, int64_t tenant_id, struct str id, int64_t person_id)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO knowledge_version (tenant_id, knowledge_id, version, layer, question, similar,"
                      " answer, conditions, valid_from_ms, valid_to_ms, overrides, archived_ms, person_id, at_ms)"
                      " SELECT tenant_id, knowledge_id, version, layer, question, similar, answer, conditions,"
                      " valid_from_ms, valid_to_ms, overrides, archived_ms, $1, changed_ms FROM knowledge"
                      " WHERE tenant_id = $2 AND knowledge_id = $3");
    stmt_int(&q, person_id);
    stmt_int(&q, tenant_id);
    stmt_text(&q, id);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int knowledge_put(struct tx *tx, int64_t tenant_id, const struct entry_row *row, int64_t now_ms)
{
    bool same = false;
    int there = entry_same(tx, tenant_id, row, &same);
    if (there < 0 || same)
        return there < 0 ? STORE_FAULT : 0;
    if (put_entry(tx, tenant_id, row, now_ms) < 0 ||
        keep_version(tx, tenant_id, row->entry->id, row->person_id) < 0)
        return STORE_FAULT;
    return there > 0 ? 2 : 1;
}

int knowledge_versions(struct tx *tx, struct arena *a, int64_t tenant_id, struct str id, struct entry_version **ret,
                       size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT v.knowledge_id, v.layer, v.question, v.similar, v.answer, v.conditions, v.valid_from_ms,"
                      " v.valid_to_ms, v.overrides, v.version, v.at_ms, v.archived_ms, v.person_id, p.name"
                      " FROM knowledge_version v LEFT JOIN person p ON p.tenant_id = v.tenant_id"
                      " AND p.person_id = v.person_id WHERE v.tenant_id = $1 AND v.knowledge_id = $2"
                      " ORDER BY v.version DESC");
    ARRAY(struct entry_version) list = {0};
    stmt_int(&q, tenant_id);
    stmt_text(&q, id);
    int rc;
    while ((rc = stmt_next(&q)) > 0) {
        struct entry_version *v = array_push(a, &list);
        if (read_entry(&q, a, &v->entry) < 0)
            return STORE_FAULT;
        v->at_ms = v->entry.changed_ms;
        v->person_id = stmt_get_int(&q, 12);
        v->person = stmt_copy_text(&q, 13, a);
    }
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}

int utterance_each(struct tx *tx, int64_t tenant_id, void (*each)(void *arg, struct str intent, struct str text),
                   void *arg)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT intent, text FROM utterance WHERE tenant_id = $1 ORDER BY text");
    stmt_int(&q, tenant_id);
    int rc;
    while ((rc = stmt_next(&q)) > 0)
        each(arg, stmt_get_text(&q, 0), stmt_get_text(&q, 1));
    return rc;
}

int utterance_page(struct tx *tx, struct arena *a, int64_t tenant_id, struct str intent, struct str after, int limit,
                   struct utterance **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT text, intent FROM utterance WHERE tenant_id = $1 AND text > $2"
                      " AND ($3 = '' OR intent = $4) ORDER BY text LIMIT $5");
    ARRAY(struct utterance) list = {0};
    stmt_int(&q, tenant_id);
    stmt_text(&q, after);
    stmt_text(&q, intent);
    stmt_text(&q, intent);
    stmt_int(&q, limit);
    int rc;
    while ((rc = stmt_next(&q)) > 0)
        *array_push(a, &list) = (struct utterance){stmt_copy_text(&q, 0, a), stmt_copy_text(&q, 1, a)};
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}

/** 1: there, and its intent in @p a; 0: not there; STORE_FAULT. */
static int utterance_intent(struct tx *tx, struct arena *a, int64_t tenant_id, struct str text, struct str *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT intent FROM utterance WHERE tenant_id = $1 AND text = $2");
    stmt_int(&q, tenant_id);
    stmt_text(&q, text);
    int rc = stmt_next(&q);
    if (rc > 0)
        *ret = stmt_copy_text(&q, 0, a);
    return rc;
}

int utterance_put(struct tx *tx, int64_t tenant_id, struct str intent, struct str text)
{
    return utterance_teach(tx, tenant_id, intent, text, 0);
}

int utterance_teach(struct tx *tx, int64_t tenant_id, struct str intent, struct str text, int64_t action_id)
{
    _cleanup_(arena_done) struct arena a = {0};
    struct str before = STR_NONE;
    int there = utterance_intent(tx, &a, tenant_id, text, &before);
    if (there < 0 || (there > 0 && str_eq(before, intent)))
        return there < 0 ? STORE_FAULT : 0;
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "INSERT INTO utterance (tenant_id, text, intent, action_id, intent_before) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT (tenant_id, text) DO UPDATE SET intent = excluded.intent, action_id = excluded.action_id,"
            " intent_before = excluded.intent_before");
    stmt_int(&q, tenant_id);
    stmt_text(&q, text);
    stmt_text(&q, intent);
    stmt_int(&q, action_id);
    stmt_text(&q, before);
    if (stmt_run(&q) < 0)
        return STORE_FAULT;
    return there > 0 ? 2 : 1;
}

static int64_t forget_taught(struct tx *tx, int64_t tenant_id, int64_t action_id)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "DELETE FROM utterance WHERE tenant_id = $1 AND action_id = $2 AND intent_before = ''");
    stmt_int(&q, tenant_id);
    stmt_int(&q, action_id);
    return stmt_run(&q);
}

int64_t utterance_unteach(struct tx *tx, int64_t tenant_id, int64_t action_id)
{
    int64_t gone = forget_taught(tx, tenant_id, action_id);
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE utterance SET intent = intent_before, intent_before = '', action_id = 0"
                      " WHERE tenant_id = $1 AND action_id = $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, action_id);
    int64_t back = stmt_run(&q);
    return gone < 0 || back < 0 ? STORE_FAULT : gone + back;
}

int64_t utterance_drop(struct tx *tx, int64_t tenant_id, struct str text)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "DELETE FROM utterance WHERE tenant_id = $1 AND text = $2");
    stmt_int(&q, tenant_id);
    stmt_text(&q, text);
    return stmt_run(&q);
}

int utterance_only_shop(struct tx *tx, int64_t *ret)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "SELECT tenant_id FROM shop LIMIT 2");
    int rc = stmt_next(&q);
    if (rc <= 0)
        return rc;
    int64_t tenant_id = stmt_get_int(&q, 0);
    rc = stmt_next(&q);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    *ret = tenant_id;
    return 1;
}
