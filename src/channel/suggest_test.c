/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How often a buyer may ask for questions. What is answered is tested in knowledge/knowledge_base_test.c, and whole in
 * tests/17_suggest.test.ts.
 */
#include "channel/suggest_api.h"

#include "base/table_test.h"

static const struct {
    const char *name;
    int64_t tenant, contact, at_ms;
    int asks;    /* one after another at that time */
    int wait_ms; /* said to the last of them */
} rows[] = {
    {"as often as allowed", 1, 5, 1000, SUGGEST_PER_10S, 0},
    {"and once more", 1, 5, 1000, 1, 10000},
    {"later in the same time", 1, 5, 9000, 1, 2000},
    {"another buyer", 1, 7, 9000, 1, 0},
    {"the same number in another shop", 2, 5, 9000, 1, 0},
    {"when the time is over", 1, 5, 11000, SUGGEST_PER_10S, 0},
    {"it begins anew", 1, 5, 11001, 1, 9999},
    {"a clock that was set back", 1, 5, 500, 1, 0},
};

static void a_buyer_asks_so_often(void **state)
{
    (void)state;
    int failed = 0;
    struct suggest_room *room = suggest_room_new(NULL, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        int wait_ms = 0;
        for (int k = 0; k < rows[i].asks; k++)
            wait_ms = suggest_pace_ms(room, rows[i].tenant, rows[i].contact, rows[i].at_ms);
        if (wait_ms != rows[i].wait_ms)
            row_failed(failed, rows[i].name, "wait %d ms, want %d", wait_ms, rows[i].wait_ms);
    }
    suggest_room_free(room);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_buyer_asks_so_often),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
