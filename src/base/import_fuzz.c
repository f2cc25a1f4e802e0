/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target of the import reader: any bytes, in every form, give rows and reasons and nothing else.
 */
#include "base/import.h"

static const struct import_field fields[] = {
    {.name = "id", .type = IMPORT_TEXT, .required = true, .min = 1, .max = 64},
    {.name = "count", .type = IMPORT_INT, .max = 10},
    {.name = "open", .type = IMPORT_BOOL},
    {.name = "from", .type = IMPORT_TIME},
    {.name = "kind", .type = IMPORT_CHOICE, .choices = "a|b"},
    {.name = "tags", .type = IMPORT_TEXTS},
    {.name = "more", .type = IMPORT_OBJECT},
    {.name = "any", .type = IMPORT_ANY},
    {0},
};
static const struct import_kind kind = {
    .name = "things", .fields = fields, .key = {"id"}, .columns = "id|kind", .flat = true};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void read_as(const char *name, const uint8_t *bytes, size_t n)
{
    FILE *file = fmemopen((void *)(uintptr_t)bytes, n, "rb");
    struct arena a = {0};
    struct import_reader r;
    struct import_problem problem = {.text = ""};
    enum import_next next = IMPORT_END;
    bool started = import_reader_start(&r, &kind, file, name, &problem);
    do {
        json_t *row = NULL;
        if (started)
            next = import_reader_next(&r, &a, &row, &problem);
        assert((next == IMPORT_ROW) == (row != NULL));
        assert(str_is_utf8(str_from(problem.text)));
        json_decref(row);
        arena_reset(&a);
    } while (next != IMPORT_END);
    import_reader_done(&r);
    arena_done(&a);
    fclose(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (n == 0)
        return 0;
    read_as("x.jsonl", bytes, n);
    read_as("x.csv", bytes, n);
    read_as("x.tsv", bytes, n);
    return 0;
}
