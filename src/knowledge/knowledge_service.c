/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a shop's people do with its knowledge.
 *
 * Invariants   1. Whatever changes an entry raises its version, keeps the new state, and raises the shop's catalog in the
 *                 same unit of work: the next question is answered from it.
 *              2. A row names its own shop or none.
 */
#include "knowledge/knowledge_service.h"

#include <stdio.h>

#include "account/audit.h"
#include "account/shop.h"
#include "base/id.h"
#include "knowledge/knowledge_import.h"

#define SIMILAR_MOST 500

static struct str similar_json(struct arena *a, const struct texts *list)
{
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    jo_array(&o);
    for (size_t i = 0; i < list->n; i++)
        jo_text(&o, list->v[i]);
    jo_array_end(&o);
    return buf_view(&b);
}

static void add_condition(struct json_out *o, const char *name, const struct texts *list)
{
    if (list->n == 0)
        return;
    jo_key(o, name);
    jo_array(o);
    for (size_t i = 0; i < list->n; i++)
        jo_text(o, list->v[i]);
    jo_array_end(o);
}

static struct str conditions_json(struct arena *a, const struct conditions *c)
{
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    jo_open(&o);
    add_condition(&o, "order_status", &c->order_status);
    add_condition(&o, "product", &c->product);
    add_condition(&o, "category", &c->category);
    add_condition(&o, "language", &c->language);
    add_condition(&o, "channel", &c->channel);
    add_condition(&o, "tag", &c->tag);
    jo_close(&o);
    return buf_view(&b);
}

static struct entry_row row_of(struct arena *a, const struct entry *e, int64_t person_id)
{
    return (struct entry_row){.entry = e, .similar = similar_json(a, &e->similar),
                              .conditions = conditions_json(a, &e->conditions), .person_id = person_id};
}

/* ---- inside a unit of work ------------------------------------------------------------------------------------------- */

/** Stores an entry and tells the caches. */
static enum knowledge_outcome put(struct tx *tx, int64_t tenant_id, const struct entry_row *row, int64_t now_ms)
{
    int rc = knowledge_put(tx, tenant_id, row, now_ms);
    if (rc < 0 || (rc > 0 && shop_catalog_raise(tx, tenant_id) != ACCOUNT_OK))
        return KNOWLEDGE_FAULT;
    return KNOWLEDGE_DONE;
}

static enum knowledge_outcome load(struct tx *tx, struct arena *a, int64_t tenant_id, struct str id, struct entry *ret)
{
    int rc = knowledge_get(tx, a, tenant_id, id, ret);
    return rc < 0 ? KNOWLEDGE_FAULT : rc > 0 ? KNOWLEDGE_DONE : KNOWLEDGE_MISSING;
}

static bool has_text(const struct texts *list, struct str text)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i], text))
            return true;
    return false;
}

/** Stores the entry with other similar questions. */
static enum knowledge_outcome put_similar(struct tx *tx, struct arena *a, int64_t tenant_id, struct entry *e,
                                          struct str *list, size_t n, int64_t person_id, int64_t now_ms)
{
    e->similar = (struct texts){list, n};
    struct entry_row row = row_of(a, e, person_id);
    return put(tx, tenant_id, &row, now_ms);
}

enum knowledge_outcome knowledge_add_similar(struct tx *tx, struct arena *a, int64_t tenant_id, struct str id,
                                             const struct texts *questions, int64_t person_id, int64_t now_ms,
                                             struct texts *ret_added)
{
    struct entry e;
    enum knowledge_outcome outcome = load(tx, a, tenant_id, id, &e);
    if (outcome != KNOWLEDGE_DONE)
        return outcome;
    if (e.archived_ms != 0)
        return KNOWLEDGE_MISSING;
    if (e.similar.n + questions->n > SIMILAR_MOST)
        return KNOWLEDGE_REFUSED;
    struct str *list = arena_array(a, struct str, e.similar.n + questions->n);
    size_t n = 0;
    for (size_t i = 0; i < e.similar.n; i++)
        list[n++] = e.similar.v[i];
    for (size_t i = 0; i < questions->n; i++)
        if (!has_text(&e.similar, questions->v[i]) && !str_eq(e.question, questions->v[i]))
            list[n++] = questions->v[i];
    *ret_added = (struct texts){list + e.similar.n, n - e.similar.n};
    return put_similar(tx, a, tenant_id, &e, list, n, person_id, now_ms);
}

enum knowledge_outcome knowledge_take_similar(struct tx *tx, struct arena *a, int64_t tenant_id, struct str id,
                                              const struct texts *questions, int64_t person_id, int64_t now_ms)
{
    struct entry e;
    enum knowledge_outcome outcome = load(tx, a, tenant_id, id, &e);
    if (outcome != KNOWLEDGE_DONE)
        return outcome;
    struct str *list = arena_array(a, struct str, e.similar.n);
    size_t n = 0;
    for (size_t i = 0; i < e.similar.n; i++)
        if (!has_text(questions, e.similar.v[i]))
            list[n++] = e.similar.v[i];
    return put_similar(tx, a, tenant_id, &e, list, n, person_id, now_ms);
}

static struct str new_id(struct arena *a, int64_t now_ms)
{
    return str_fmt(a, "K%lld", (long long)id_new(now_ms));
}

enum knowledge_outcome knowledge_write(struct tx *tx, struct arena *a, int64_t tenant_id, const struct entry *entry,
                                       int64_t person_id, int64_t now_ms, struct str *ret_id)
{
    struct entry e = *entry;
    e.id = new_id(a, now_ms);
    struct entry_row row = row_of(a, &e, person_id);
    *ret_id = e.id;
    return put(tx, tenant_id, &row, now_ms);
}

enum knowledge_outcome knowledge_retire(struct tx *tx, struct arena *a, int64_t tenant_id, struct str id,
                                        int64_t person_id, int64_t now_ms)
{
    struct entry e;
    enum knowledge_outcome outcome = load(tx, a, tenant_id, id, &e);
    if (outcome != KNOWLEDGE_DONE || e.archived_ms != 0)
        return outcome;
    e.archived_ms = now_ms;
    struct entry_row row = row_of(a, &e, person_id);
    return put(tx, tenant_id, &row, now_ms);
}

/* ---- saving, archiving, bringing back -------------------------------------------------------------------------------- */

/** One deed on one entry. */
struct deed {
    struct arena *a;
    const struct actor *who;
    const struct knowledge_edit *edit; /* when saving */
    struct knowledge_row row;
    struct str id;
    int64_t version;                   /* when bringing back */
    int64_t now_ms;
    struct entry *ret;
    struct import_problem *problem;
};

/** Writes the audit, and gives the entry as it is stored now. */
static enum knowledge_outcome finish(struct tx *tx, struct deed *d, const char *what)
{
    struct str person = str_fmt(d->a, "person:%lld", (long long)d->who->id);
    struct str object = str_fmt(d->a, "knowledge:%.*s", STR_ARG(d->id));
    if (audit_add(tx, d->who->tenant_id, d->now_ms, person, what, object, STR_NONE) != ACCOUNT_OK)
        return KNOWLEDGE_FAULT;
    return load(tx, d->a, d->who->tenant_id, d->id, d->ret);
}

/** The entry as asked for, checked to the last member; as a row with the id that it has or gets. */
static enum knowledge_outcome read_edit(struct tx *tx, struct deed *d)
{
    struct shop shop;
    if (shop_get(tx, d->a, d->who->tenant_id, &shop) != ACCOUNT_OK)
        return KNOWLEDGE_FAULT;
    json_t *row = json_copy((json_t *)(uintptr_t)d->edit->entry); /* shallow: the members are the request's */
    struct str named = json_str(row, "id");
    d->id = d->edit->id.n > 0 ? d->edit->id : named.n > 0 ? str_dup(d->a, named) : new_id(d->a, d->now_ms);
    json_object_set_new(row, "id", json_stringn(d->id.p, d->id.n));
    if (json_object_get(row, "shop") == NULL)
        json_object_set_new(row, "shop", json_stringn(shop.shop_id.p, shop.shop_id.n));
    bool good = import_check(row, knowledge_import.fields, d->problem);
    if (good && !str_eq(json_str(row, "shop"), shop.shop_id)) {
        import_refuse(d->problem, "\"shop\" names another shop");
        good = false;
    }
    good = good && knowledge_row(d->a, row, &d->row, d->problem);
    if (good) {
        d->row.entry.id = d->id;
        d->row.stored.entry = &d->row.entry;
        d->row.stored.person_id = d->who->id;
    }
    json_decref(row);
    return good ? KNOWLEDGE_DONE : KNOWLEDGE_REFUSED;
}

static int save_unit(struct tx *tx, void *arg)
{
    struct deed *d = arg;
    struct entry before;
    bool is_new = d->edit->id.n == 0;
    enum knowledge_outcome outcome = read_edit(tx, d);
    if (outcome != KNOWLEDGE_DONE)
        return outcome;
    outcome = load(tx, d->a, d->who->tenant_id, d->id, &before);
    if (outcome == KNOWLEDGE_FAULT)
        return outcome;
    if (is_new != (outcome == KNOWLEDGE_MISSING))
        return is_new ? KNOWLEDGE_TAKEN : KNOWLEDGE_MISSING;
    if (!is_new && d->edit->seen_version != 0 && d->edit->seen_version != before.version)
        return KNOWLEDGE_STALE;
    outcome = put(tx, d->who->tenant_id, &d->row.stored, d->now_ms);
    return outcome == KNOWLEDGE_DONE ? finish(tx, d, is_new ? "knowledge_added" : "knowledge_changed") : outcome;
}

static enum knowledge_outcome run(struct store *store, store_fn *unit, struct deed *d)
{
    int rc = store_write(store, unit, d);
    if (rc == KNOWLEDGE_DONE)
        shop_cache_forget();
    return (enum knowledge_outcome)rc;
}

enum knowledge_outcome knowledge_save(struct store *store, struct arena *a, const struct actor *who,
                                      const struct knowledge_edit *edit, int64_t now_ms, struct entry *ret,
                                      struct import_problem *ret_problem)
{
    struct deed d = {.a = a, .who = who, .edit = edit, .now_ms = now_ms, .ret = ret, .problem = ret_problem};
    return run(store, save_unit, &d);
}

static int archive_unit(struct tx *tx, void *arg)
{
    struct deed *d = arg;
    enum knowledge_outcome outcome = knowledge_retire(tx, d->a, d->who->tenant_id, d->id, d->who->id, d->now_ms);
    return outcome == KNOWLEDGE_DONE ? finish(tx, d, "knowledge_archived") : outcome;
}

enum knowledge_outcome knowledge_archive(struct store *store, struct arena *a, const struct actor *who, struct str id,
                                         int64_t now_ms, struct entry *ret)
{
    struct deed d = {.a = a, .who = who, .id = id, .now_ms = now_ms, .ret = ret};
    return run(store, archive_unit, &d);
}

static int restore_unit(struct tx *tx, void *arg)
{
    struct deed *d = arg;
    struct entry_version *versions;
    size_t n;
    if (knowledge_versions(tx, d->a, d->who->tenant_id, d->id, &versions, &n) < 0)
        return KNOWLEDGE_FAULT;
    for (size_t i = 0; i < n; i++) {
        if (versions[i].entry.version != d->version)
            continue;
        struct entry_row row = row_of(d->a, &versions[i].entry, d->who->id);
        enum knowledge_outcome outcome = put(tx, d->who->tenant_id, &row, d->now_ms);
        return outcome == KNOWLEDGE_DONE ? finish(tx, d, "knowledge_restored") : outcome;
    }
    return KNOWLEDGE_MISSING;
}

enum knowledge_outcome knowledge_restore(struct store *store, struct arena *a, const struct actor *who, struct str id,
                                         int64_t version, int64_t now_ms, struct entry *ret)
{
    struct deed d = {.a = a, .who = who, .id = id, .version = version, .now_ms = now_ms, .ret = ret};
    return run(store, restore_unit, &d);
}

/* ---- import ---------------------------------------------------------------------------------------------------------- */

struct import_work {
    struct arena *a;
    struct arena scratch; /* of the row in hand */
    const struct actor *who;
    const struct knowledge_file *file;
    struct str shop;
    struct knowledge_report *report;
    struct import_problem *problem;
    int64_t now_ms;
};

#define DRY_RUN (-100) /* undoes the unit; told apart from a fault */

static void refuse(struct import_work *w, int64_t line, const char *text)
{
    w->report->refused++;
    if (w->report->refusals.n < 100)
        *array_push(w->a, &w->report->refusals) = (struct import_refusal){line, str_dup(w->a, str_from(text))};
}

/** False at a fault. */
static bool take_row(struct tx *tx, struct import_work *w, int64_t line, const json_t *row)
{
    struct import_problem problem = {.text = ""};
    if (!str_eq(json_str(row, "shop"), w->shop)) {
        refuse(w, line, "\"shop\" names another shop");
        return true;
    }
    switch (w->file->kind->store_row(tx, &w->scratch, row, &problem)) {
    case ROW_ADDED: w->report->added++; break;
    case ROW_CHANGED: w->report->changed++; break;
    case ROW_SAME: w->report->same++; break;
    case ROW_REFUSED: refuse(w, line, problem.text); break;
    case ROW_FAULT: return false;
    }
    return true;
}

static enum knowledge_outcome take_rows(struct tx *tx, struct import_work *w, struct import_reader *reader)
{
    for (;;) {
        _cleanup_(json_donep) json_t *row = NULL;
        struct import_problem problem = {.text = ""};
        arena_reset(&w->scratch);
        enum import_next next = import_reader_next(reader, &w->scratch, &row, &problem);
        if (next == IMPORT_END)
            return KNOWLEDGE_DONE;
        if (++w->report->rows > KNOWLEDGE_IMPORT_ROWS) {
            import_refuse(w->problem, "more than %d rows: use xiaoer import", KNOWLEDGE_IMPORT_ROWS);
            return KNOWLEDGE_REFUSED;
        }
        if (next == IMPORT_BAD)
            refuse(w, reader->line, problem.text);
        else if (!take_row(tx, w, reader->line, row))
            return KNOWLEDGE_FAULT;
    }
}

static void closep(FILE **f)
{
    if (*f != NULL)
        fclose(*f);
}

static enum knowledge_outcome read_file(struct tx *tx, struct import_work *w)
{
    _cleanup_(closep) FILE *f = fmemopen(str_c(w->a, w->file->text), w->file->text.n, "r");
    struct import_reader reader;
    struct import_problem why = {.text = ""};
    if (f == NULL || !import_reader_start(&reader, w->file->kind, f, w->file->name, &why)) {
        if (f != NULL)
            import_reader_done(&reader);
        import_refuse(w->problem, "%s", f != NULL ? why.text : "the text is empty");
        return KNOWLEDGE_REFUSED;
    }
    reader.shop = w->shop;
    enum knowledge_outcome outcome = take_rows(tx, w, &reader);
    import_reader_done(&reader);
    return outcome;
}

static int import_unit(struct tx *tx, void *arg)
{
    struct import_work *w = arg;
    struct shop shop;
    if (shop_get(tx, w->a, w->who->tenant_id, &shop) != ACCOUNT_OK)
        return KNOWLEDGE_FAULT;
    w->shop = shop.shop_id;
    enum knowledge_outcome outcome = read_file(tx, w);
    if (outcome != KNOWLEDGE_DONE)
        return outcome;
    if (w->report->refused > 0 && !w->file->skip_bad && !w->file->dry_run) {
        import_refuse(w->problem, "rows were refused; nothing was stored");
        return KNOWLEDGE_REFUSED;
    }
    if (w->file->dry_run)
        return DRY_RUN;
    struct str person = str_fmt(w->a, "person:%lld", (long long)w->who->id);
    struct str detail = str_fmt(w->a, "{\"kind\":\"%s\",\"added\":%lld,\"changed\":%lld}", w->file->kind->name,
                                (long long)w->report->added, (long long)w->report->changed);
    if (shop_catalog_raise(tx, w->who->tenant_id) != ACCOUNT_OK ||
        audit_add(tx, w->who->tenant_id, w->now_ms, person, "rows_imported", STR_NONE, detail) != ACCOUNT_OK)
        return KNOWLEDGE_FAULT;
    return KNOWLEDGE_DONE;
}

enum knowledge_outcome knowledge_import_text(struct store *store, struct arena *a, const struct actor *who,
                                             const struct knowledge_file *file, int64_t now_ms,
                                             struct knowledge_report *ret, struct import_problem *ret_problem)
{
    *ret = (struct knowledge_report){.rows = 0};
    struct import_work w = {.a = a, .who = who, .file = file, .report = ret, .problem = ret_problem, .now_ms = now_ms};
    int rc = store_write(store, import_unit, &w);
    arena_done(&w.scratch);
    shop_cache_forget();
    return rc == DRY_RUN ? KNOWLEDGE_DONE : (enum knowledge_outcome)rc;
}
