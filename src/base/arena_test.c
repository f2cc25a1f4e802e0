/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arena: what a rewind gives back and what it leaves, whatever was taken between.
 */
#include "base/table_test.h"

#include <string.h>

#include "base/arena.h"

static void a_rewind_leaves_what_was_there(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t before, between; /* bytes */
    } rows[] = {
        {"nothing at all", 0, 0},
        {"an empty arena", 0, 100},
        {"an empty arena, a large piece", 0, 3 * MIB},
        {"within a chunk", 100, 100},
        {"over the border of a chunk", 4000, 5000},
        {"over many borders", 4000, 300000},
    };
    int failed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a = {0};
        char *kept = rows[i].before > 0 ? memset(arena_raw(&a, rows[i].before), 'k', rows[i].before) : NULL;
        const size_t total = a.total;
        const struct arena_mark mark = arena_mark(&a);
        for (size_t taken = 0; taken < rows[i].between; taken += 1000)
            memset(arena_raw(&a, 1000), 'x', 1000);
        if (rows[i].between >= MIB)
            memset(arena_raw(&a, rows[i].between), 'x', rows[i].between);
        arena_rewind(&a, mark);
        if (a.used != mark.used || (mark.chunk != NULL && (a.chunk != mark.chunk || a.total != total)))
            row_failed(failed, rows[i].name, "used %zu of %zu, before %zu of %zu", a.used, a.total, mark.used, total);
        for (size_t k = 0; k < rows[i].before; k++)
            if (kept[k] != 'k')
                row_failed(failed, rows[i].name, "byte %zu was written over", k);
        const char *next = arena_alloc(&a, 64);
        for (size_t k = 0; k < 64; k++)
            if (next[k] != 0)
                row_failed(failed, rows[i].name, "byte %zu of the next is not 0", k);
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

static void the_next_gets_the_same_memory(void **state)
{
    (void)state;
    struct arena a = {0};
    memset(arena_raw(&a, 16), 0, 16);
    const void *first = NULL;
    for (int i = 0; i < 1000; i++) {
        const struct arena_mark mark = arena_mark(&a);
        const void *p = arena_raw(&a, 2000);
        if (first == NULL)
            first = p;
        assert_ptr_equal(p, first);
        arena_rewind(&a, mark);
    }
    arena_done(&a);
}

static void what_is_given_back_is_taken_next(void **state)
{
    (void)state;
    struct arena_pool pool;
    arena_pool_init(&pool, 10000);
    struct arena a = arena_take(&pool), b = arena_take(&pool);
    assert_true(a.total >= 10000 && a.used == 0 && a.chunk != b.chunk);
    const void *first = memset(arena_raw(&b, 100), 'x', 100);
    arena_give(&pool, &a);
    arena_give(&pool, &b);
    assert_true(a.chunk == NULL && b.chunk == NULL); /* what is forgotten holds nothing … */
    arena_give(&pool, &b);                           /* … and may be given back again */
    struct arena c = arena_take(&pool);
    assert_ptr_equal(arena_raw(&c, 100), first);

    struct arena many[ARENAS_KEPT + 2];
    for (size_t i = 0; i < COUNT(many); i++)
        many[i] = arena_take(&pool);
    for (size_t i = 0; i < COUNT(many); i++)
        arena_give(&pool, &many[i]);
    assert_int_equal(pool.n, ARENAS_KEPT);
    arena_done(&c);
    arena_pool_done(&pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rewind_leaves_what_was_there),
        cmocka_unit_test(the_next_gets_the_same_memory),
        cmocka_unit_test(what_is_given_back_is_taken_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
