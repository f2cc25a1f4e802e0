/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of the import reader: what each line of a file becomes, and why.
 */
#include "base/import.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct import_field fields[] = {
    {.name = "id", .type = IMPORT_TEXT, .required = true, .min = 1, .max = 8},
    {.name = "shop", .type = IMPORT_TEXT},
    {.name = "count", .type = IMPORT_INT, .max = 10},
    {.name = "open", .type = IMPORT_BOOL},
    {.name = "from", .type = IMPORT_TIME},
    {.name = "kind", .type = IMPORT_CHOICE, .choices = "a|b"},
    {.name = "tags", .type = IMPORT_TEXTS},
    {.name = "more", .type = IMPORT_OBJECT},
    {0},
};

static const struct import_kind things = {.name = "things", .fields = fields, .key = {"shop", "id"}, .flat = true};
static const struct import_kind pairs = {
    .name = "pairs", .fields = fields, .key = {"id"}, .columns = "id|shop", .flat = true};
static const struct import_kind nested = {.name = "nested", .fields = fields, .key = {"id"}};

/** Everything that a file becomes, a line a row: "LINE JSON" or "LINE !REASON". */
static void read_all(const struct import_kind *kind, const char *name, struct str text, const char *shop,
                     struct buf *ret)
{
    FILE *file = text.n > 0 ? fmemopen((void *)(uintptr_t)text.p, text.n, "rb") : fopen("/dev/null", "rb");
    struct arena a = {0};
    struct import_reader r;
    struct import_problem problem = {.text = ""};
    assert_non_null(file);
    if (import_reader_start(&r, kind, file, name, &problem)) {
        json_t *row = NULL;
        enum import_next next;
        r.shop = str_from(shop);
        while ((next = import_reader_next(&r, &a, &row, &problem)) != IMPORT_END) {
            buf_printf(ret, "%lld ", (long long)r.line);
            if (next == IMPORT_ROW) {
                buf_str(ret, json_dump(&a, row));
                json_decref(row);
            } else {
                buf_printf(ret, "!%s", problem.text);
            }
            buf_char(ret, '\n');
            arena_reset(&a);
        }
    } else {
        buf_printf(ret, "- !%s\n", problem.text);
    }
    import_reader_done(&r);
    arena_done(&a);
    fclose(file);
}

static const struct {
    const char *name;
    const struct import_kind *kind;
    const char *file, *text, *shop, *want;
} rows[] = {
    {"an empty file", &things, "x.jsonl", "", NULL, ""},
    {"one row", &things, "x.jsonl", "{\"id\":\"A\"}\n", NULL, "1 {\"id\":\"A\"}\n"},
    {"no line end at the end", &things, "x.jsonl", "{\"id\":\"A\"}", NULL, "1 {\"id\":\"A\"}\n"},
    {"Windows line ends, empty lines, byte order mark", &things, "x.jsonl",
     "\xEF\xBB\xBF{\"id\":\"A\"}\r\n\r\n  \n{\"id\":\"B\"}\r\n", NULL, "1 {\"id\":\"A\"}\n4 {\"id\":\"B\"}\n"},
    {"the form is told by the first byte", &things, "-", "{\"id\":\"A\"}\n", NULL, "1 {\"id\":\"A\"}\n"},
    {"a row that is no JSON does not stop the next", &things, "x.jsonl", "{\"id\":\n{\"id\":\"B\"}\n", NULL,
     "1 !not JSON, column 6: unexpected token near end of file\n2 {\"id\":\"B\"}\n"},
    {"a row that is no object", &things, "x.jsonl", "[1]\n", NULL, "1 !this is no JSON object\n"},
    {"an unknown member is named", &things, "x.jsonl", "{\"id\":\"A\",\"colour\":1}\n", NULL,
     "1 !unknown field \"colour\"\n"},
    {"a missing member is named", &things, "x.jsonl", "{\"count\":1}\n", NULL, "1 !\"id\" is missing\n"},
    {"an empty required text", &things, "x.jsonl", "{\"id\":\"\"}\n", NULL, "1 !\"id\" is empty\n"},
    {"a required member that is null", &things, "x.jsonl", "{\"id\":null}\n", NULL, "1 !\"id\" must be text\n"},
    {"null says not given", &things, "x.jsonl", "{\"id\":\"A\",\"count\":null}\n", NULL,
     "1 {\"id\":\"A\",\"count\":null}\n"},
    {"characters are counted, not bytes", &things, "x.jsonl", "{\"id\":\"一二三四五六七八\"}\n{\"id\":\"123456789\"}\n",
     NULL, "1 {\"id\":\"一二三四五六七八\"}\n2 !\"id\" has 9 characters; at most 8 are allowed\n"},
    {"a number out of range", &things, "x.jsonl", "{\"id\":\"A\",\"count\":11}\n", NULL,
     "1 !\"count\" is 11; it must be from 0 to 10\n"},
    {"a text where a number belongs", &things, "x.jsonl", "{\"id\":\"A\",\"count\":\"1\"}\n", NULL,
     "1 !\"count\" must be an integer\n"},
    {"a time without an offset", &things, "x.jsonl", "{\"id\":\"A\",\"from\":\"2026-01-01T10:00:00\"}\n", NULL,
     "1 !\"from\" must be a time with an offset, as 2026-11-18T10:02:00+08:00\n"},
    {"a value that is none of the choices", &things, "x.jsonl", "{\"id\":\"A\",\"kind\":\"c\"}\n", NULL,
     "1 !\"kind\" must be one of a|b\n"},
    {"an array that holds no text", &things, "x.jsonl", "{\"id\":\"A\",\"tags\":[\"x\",2]}\n", NULL,
     "1 !\"tags\" must hold texts of at most 200 characters; number 2 is none\n"},
    {"a key twice in a row", &things, "x.jsonl", "{\"id\":\"A\",\"id\":\"B\"}\n", NULL,
     "1 !not JSON, column 14: duplicate object key near '\"id\"'\n"},
    {"the same id twice in the file", &things, "x.jsonl", "{\"id\":\"A\"}\n{\"id\":\"B\"}\n{\"id\":\"A\"}\n", NULL,
     "1 {\"id\":\"A\"}\n2 {\"id\":\"B\"}\n3 !the same id as on line 1\n"},
    {"the same id in two shops", &things, "x.jsonl", "{\"id\":\"A\",\"shop\":\"S\"}\n{\"id\":\"A\",\"shop\":\"T\"}\n", NULL,
     "1 {\"id\":\"A\",\"shop\":\"S\"}\n2 {\"id\":\"A\",\"shop\":\"T\"}\n"},
    {"a shop for rows that name none", &things, "x.jsonl", "{\"id\":\"A\"}\n{\"id\":\"B\",\"shop\":\"T\"}\n", "S",
     "1 {\"id\":\"A\",\"shop\":\"S\"}\n2 {\"id\":\"B\",\"shop\":\"T\"}\n"},
    {"bytes that are no UTF-8", &things, "x.jsonl", "{\"id\":\"\xFF\"}\n{\"id\":\"B\"}\n", NULL,
     "1 !the line is not UTF-8\n2 {\"id\":\"B\"}\n"},
    {"half a surrogate", &things, "x.jsonl", "{\"id\":\"\xED\xA0\x80\"}\n", NULL, "1 !the line is not UTF-8\n"},
    {"brackets without end", &things, "x.jsonl",
     "{\"more\":{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}}\n", NULL,
     "1 !the row is nested deeper than 32\n"},
    {"brackets inside a text are none", &things, "x.jsonl", "{\"id\":\"[[\\\"[[\"}\n", NULL,
     "1 {\"id\":\"[[\\\"[[\"}\n"},

    {"CSV by its heading", &things, "x.csv", "id,count,open,tags,more\nA,3,true,x|y,\"{\"\"a\"\":1}\"\n", NULL,
     "2 {\"id\":\"A\",\"count\":3,\"open\":true,\"tags\":[\"x\",\"y\"],\"more\":{\"a\":1}}\n"},
    {"an empty cell says not given", &things, "x.csv", "id,count\nA,\n", NULL, "2 {\"id\":\"A\"}\n"},
    {"quotes hold commas and line ends", &things, "x.csv", "id,shop\n\"A,1\",\"S\nT\"\nB,\"\"\n", NULL,
     "2 {\"id\":\"A,1\",\"shop\":\"S\\nT\"}\n4 {\"id\":\"B\"}\n"},
    {"a quote that nobody closes", &things, "x.csv", "id\n\"A\n", NULL, "2 !a quote is opened and not closed\n"},
    {"a column that is not known", &things, "x.csv", "id,colour\nA,red\n", NULL,
     "- !line 1 must name the columns; \"colour\" is none of things\n"},
    {"more cells than columns", &things, "x.csv", "id\nA,B\n", NULL, "2 !the line has more cells than the 1 columns\n"},
    {"a cell that is no number", &things, "x.csv", "id,count\nA,many\n", NULL, "2 !\"count\" must be an integer\n"},
    {"TSV without a heading", &pairs, "x.tsv", "A\tS\nB\tT\n", NULL,
     "1 {\"id\":\"A\",\"shop\":\"S\"}\n2 {\"id\":\"B\",\"shop\":\"T\"}\n"},
    {"TSV with its heading, in another order", &pairs, "x.tsv", "shop\tid\nS\tA\n", NULL,
     "2 {\"shop\":\"S\",\"id\":\"A\"}\n"},
    {"quotes mean nothing in TSV", &pairs, "x.tsv", "\"A\tS\n", NULL, "1 {\"id\":\"\\\"A\",\"shop\":\"S\"}\n"},
    {"a flat file of a kind that is not flat", &nested, "x.csv", "id\nA\n", NULL,
     "- !nested come as JSONL only: one JSON object a line\n"},
};

static void reads_what_the_table_says(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf got = {0};
        read_all(rows[i].kind, rows[i].file, str_from(rows[i].text), rows[i].shop, &got);
        if (!str_eq_c(buf_view(&got), rows[i].want) && !(got.n == 0 && rows[i].want[0] == '\0')) {
            print_error("[%s]\n got: %.*swant: %s", rows[i].name, STR_ARG(buf_view(&got)), rows[i].want);
            failed++;
        }
        buf_done(&got);
    }
    assert_int_equal(failed, 0);
}

static void a_line_of_any_length_is_one_refused_row(void **state)
{
    (void)state;
    struct buf text = {0}, got = {0};
    buf_c(&text, "{\"id\":\"");
    for (int i = 0; i < 3 * LIMIT_IMPORT_LINE; i++)
        buf_char(&text, 'x');
    buf_c(&text, "\"}\n{\"id\":\"B\"}\n");
    read_all(&things, "x.jsonl", buf_view(&text), NULL, &got);
    assert_true(str_eq_c(buf_view(&got), "1 !the line is longer than 1048576 bytes\n2 {\"id\":\"B\"}\n"));
    buf_done(&got);
    buf_done(&text);
}

static void a_nul_is_refused(void **state)
{
    (void)state;
    struct buf got = {0};
    read_all(&things, "x.jsonl", (struct str){"{\"id\":\"A\0\"}\n", 12}, NULL, &got);
    assert_true(str_eq_c(buf_view(&got), "1 !the line holds a NUL byte\n"));
    buf_done(&got);
}

static void many_keys_are_told_apart(void **state)
{
    (void)state;
    struct buf text = {0}, got = {0};
    for (int i = 0; i < 5000; i++)
        buf_printf(&text, "{\"id\":\"%d\"}\n", i);
    buf_c(&text, "{\"id\":\"4321\"}\n");
    read_all(&things, "x.jsonl", buf_view(&text), NULL, &got);
    assert_true(str_ends(buf_view(&got), STR("5001 !the same id as on line 4322\n")));
    assert_false(str_has(str_sub(buf_view(&got), 0, got.n - 40), STR("!")));
    buf_done(&got);
    buf_done(&text);
}

static void a_reason_that_is_cut_stays_utf8(void **state)
{
    (void)state;
    struct import_problem problem;
    assert_int_equal(import_refuse(&problem, "%s%s%s%s", "一二三四五六七八九十一二三四五六七八九十",
                                   "一二三四五六七八九十一二三四五六七八九十", "一二三四五六七八九十一二三四五六七八九十",
                                   "一二三四五六七八九十一二三四五六七八九十xx一二三"),
                     ROW_REFUSED);
    assert_true(str_is_utf8(str_from(problem.text)));
    assert_true(strlen(problem.text) > 230);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_the_table_says),
        cmocka_unit_test(a_line_of_any_length_is_one_refused_row),
        cmocka_unit_test(a_nul_is_refused),
        cmocka_unit_test(many_keys_are_told_apart),
        cmocka_unit_test(a_reason_that_is_cut_stays_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
