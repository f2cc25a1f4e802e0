/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of likeness: what is alike, groups that do not depend on when one looks, and their speed.
 */
#include "knowledge/likeness.h"

#include <string.h>

#include "base/asset.h"
#include "base/table_test.h"
#include "base/time.h"
#include "nlu/rows.h"

#define MANY 10000

static const struct {
    const char *name, *x, *y;
    double least, most;
} pairs[] = {
    {"the same", "充电要多久", "充电要多久", 0.999, 1.001},
    {"signs do not count", "充电要多久？", "充电要多久", 0.6, 1.001},
    {"other words for it", "可以寄存滑雪板吗", "滑雪板能不能寄存", 0.36, 1},
    {"the same in English", "can you store my skis", "is it possible to store skis", 0.30, 1},
    {"something else", "可以寄存滑雪板吗", "发票抬头写错了", 0, 0.15},
    {"another language: only what it is about", "充电要多久", "how long does it charge", 0, 0.3},
    {"nothing", "？？？", "充电要多久", 0, 0.2},
};

static void likeness_follows_its_table(void **state)
{
    (void)state; /* pure */
    int failed = 0;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct arena a = {0};
        struct wording x = wording_of(&a, str_from(pairs[i].x)), y = wording_of(&a, str_from(pairs[i].y));
        double likeness = wording_likeness(&x, &y);
        if (likeness < pairs[i].least || likeness > pairs[i].most)
            row_failed(failed, pairs[i].name, "%.3f", likeness);
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

static void take_rows(void *arg, struct str name, struct str bytes)
{
    struct rows *rows = arg;
    static struct arena kept; /* the rows live as long as the program */
    char error[160];
    if (str_has(name, STR("/utterances/")) && rows->n < MANY)
        assert_true(rows_read(&kept, bytes, rows, error));
}

/** Puts rows [from, to) into groups, as a survey does. */
static void group_rows(struct groups *g, struct arena *a, const struct rows *rows, size_t from, size_t to, uint32_t *of)
{
    for (size_t i = from; i < to; i++) {
        struct wording w = wording_of(a, rows->v[i].text);
        of[i] = groups_find(g, &w);
        if (of[i] == GROUPS_NONE)
            of[i] = groups_open(g);
        groups_add(g, of[i], &w);
    }
}

static void ten_thousand_texts_are_grouped_in_time(void **state)
{
    (void)state; /* the shipped utterances */
    struct rows rows = {0};
    struct arena a = {0};
    asset_each(STR("packs/zh/"), take_rows, &rows);
    size_t n = MIN(rows.n, (size_t)MANY);
    uint32_t *once = arena_array(&a, uint32_t, n), *twice = arena_array(&a, uint32_t, n);
    struct groups *g = groups_new();
    (void)wording_of(&a, STR("x")); /* reads what is shipped: once a program */
    int64_t begun_us = clock_mono_us();
    group_rows(g, &a, &rows, 0, n, once);
    int64_t took_us = clock_mono_us() - begun_us;
    groups_free(g);
    print_message("%zu texts in %lld ms\n", n, (long long)took_us / 1000);
#ifndef SANITIZED
    assert_true(took_us < 2000000);
#endif

    /* the same texts, looked at in between: built anew from what was stored, then going on */
    memcpy(twice, once, n / 3 * sizeof(*twice));
    g = groups_new();
    for (size_t i = 0, opened = 0; i < n / 3; i++) {
        struct wording w = wording_of(&a, rows.v[i].text);
        if (twice[i] == opened) /* groups are numbered by their first members */
            opened = groups_open(g) + 1;
        groups_add(g, twice[i], &w);
    }
    group_rows(g, &a, &rows, n / 3, n, twice);
    assert_memory_equal(once, twice, n * sizeof(*once));
    groups_free(g);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(likeness_follows_its_table),
        cmocka_unit_test(ten_thousand_texts_are_grouped_in_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
