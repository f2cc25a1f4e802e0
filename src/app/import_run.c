/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Import run.
 *
 * How          The file is read inside the unit of work, a row at a time, so that memory stays small however long it is, and
 *              the one transaction sees its own rows (a person's shop may stand in a file just before).
 * Invariants   1. One transaction a file. When rows were refused and that is not allowed, nothing is kept, and every refused
 *                 row of the file has been found.
 *              2. What caches answer from is told to be old in the same transaction (shop.catalog).
 */
#include "app/import_run.h"

#include "account/import.h"
#include "account/shop.h"
#include "knowledge/knowledge_import.h"
#include "trade/shop_system.h"
#include "trade/trade_import.h"

/** What can be imported, and whether caches have to hear of it. */
static const struct {
    const struct import_kind *kind;
    enum account_answer (*raise)(struct tx *tx, int64_t tenant_id); /* which of the shop's caches are old after it */
} kinds[] = {
    {&shop_import, NULL},                     {&product_import, shop_catalog_raise},
    {&order_import, shop_orders_raise},       {&knowledge_import, shop_catalog_raise},
    {&policy_import, NULL},                   {&person_import, NULL},
    {&utterance_import, shop_catalog_raise}, {&case_import, NULL},
    {&shop_system_import, NULL},
};

const struct import_kind *import_kind_find(struct str name)
{
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (str_eq_c(name, kinds[i].kind->name))
            return kinds[i].kind;
    return NULL;
}

const char *import_kind_names(void)
{
    return "shops products orders knowledge policies people utterances cases systems";
}

static size_t row_of(const struct import_kind *kind)
{
    size_t i = 0;
    while (kinds[i].kind != kind)
        i++;
    return i;
}

/** One run, seen by the unit of work. */
struct run {
    const struct import_kind *kind;
    const struct import_options *options;
    FILE *file;
    const char *name;
    int64_t file_bytes;
    struct import_report *report;
    struct import_problem *problem;
    ARRAY(struct str) shops; /* ids of those whose caches are old now */
};

static void tell(struct run *r, int64_t line, const char *text, bool once)
{
    struct import_report *report = r->report;
    struct import_line said = {line, str_dup(&report->arena, str_from(text))};
    if (once)
        *array_push(&report->arena, &report->once) = said;
    else if (report->refusals.n < IMPORT_LINES_TOLD)
        *array_push(&report->arena, &report->refusals) = said;
}

static void note_shop(struct run *r, const json_t *row)
{
    struct str shop = json_str(row, "shop");
    for (size_t i = 0; i < r->shops.n; i++)
        if (str_eq(r->shops.v[i], shop))
            return;
    *array_push(&r->report->arena, &r->shops) = str_dup(&r->report->arena, shop);
}

/** Stores one good row; false at a fault. */
static bool take_row(struct run *r, struct tx *tx, struct arena *a, int64_t line, const json_t *row)
{
    struct import_report *report = r->report;
    struct import_problem problem = {.text = ""};
    switch (r->kind->store_row(tx, a, row, &problem)) {
    case ROW_ADDED: report->added++; break;
    case ROW_CHANGED: report->changed++; break;
    case ROW_SAME:
        report->same++;
        break;
    case ROW_REFUSED:
        report->refused++;
        tell(r, line, problem.text, false);
        return true;
    case ROW_FAULT: return false;
    }
    if (problem.once[0] != '\0')
        tell(r, line, problem.once, true);
    note_shop(r, row);
    return true;
}

static int take_rows(struct run *r, struct tx *tx, struct import_reader *reader)
{
    _cleanup_(arena_done) struct arena a = {0};
    enum import_next next;
    do {
        _cleanup_(json_donep) json_t *row = NULL;
        struct import_problem problem = {.text = ""};
        next = import_reader_next(reader, &a, &row, &problem);
        if (next == IMPORT_BAD) {
            r->report->refused++;
            tell(r, reader->line, problem.text, false);
        } else if (next == IMPORT_ROW && !take_row(r, tx, &a, reader->line, row)) {
            return STORE_FAULT;
        }
        r->report->rows += next != IMPORT_END;
        if (r->options->progress != NULL && (r->report->rows % 256 == 0 || next == IMPORT_END))
            r->options->progress(r->kind->name, MIN(reader->bytes, r->file_bytes), r->file_bytes);
        arena_reset(&a);
    } while (next != IMPORT_END);
    return STORE_OK;
}

static int raise_versions(struct run *r, struct tx *tx)
{
    _cleanup_(arena_done) struct arena a = {0};
    struct import_report *report = r->report;
    if (kinds[row_of(r->kind)].raise == NULL || report->added + report->changed == 0)
        return STORE_OK;
    for (size_t i = 0; i < r->shops.n; i++) {
        struct shop shop;
        if (shop_find(tx, &a, r->shops.v[i], &shop) == ACCOUNT_OK &&
            kinds[row_of(r->kind)].raise(tx, shop.tenant_id) != ACCOUNT_OK)
            return STORE_FAULT;
    }
    return STORE_OK;
}

static int unit(struct tx *tx, void *arg)
{
    struct run *r = arg;
    struct import_reader reader;
    rewind(r->file);
    if (!import_reader_start(&reader, r->kind, r->file, r->name, r->problem)) {
        import_reader_done(&reader);
        return IMPORT_UNREADABLE;
    }
    reader.shop = r->options->shop;
    int rc = take_rows(r, tx, &reader);
    import_reader_done(&reader);
    if (rc == STORE_OK && r->report->refused > 0 && !r->options->skip_bad)
        rc = IMPORT_UNDONE;
    return rc == STORE_OK ? raise_versions(r, tx) : rc;
}

enum import_outcome import_run(struct store *store, const struct import_kind *kind, FILE *file, const char *name,
                               const struct import_options *options, struct import_report *ret,
                               struct import_problem *ret_problem)
{
    *ret = (struct import_report){.rows = 0};
    struct run r = {
        .kind = kind, .options = options, .file = file, .name = name, .report = ret, .problem = ret_problem};
    if (fseeko(file, 0, SEEK_END) == 0)
        r.file_bytes = ftello(file);
    int rc = store_write(store, unit, &r);
    shop_cache_forget();
    if (rc == IMPORT_UNDONE) {
        ret->added = ret->changed = ret->same = 0;
        ret->once.n = 0; /* what they tell of was not stored */
    }
    return (enum import_outcome)rc;
}

void import_report_done(struct import_report *r)
{
    arena_done(&r->arena);
}
