/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Guesses: which order stands out, which questions are offered, and that each has its words.
 */
#include "base/table_test.h"

#include "base/texts.h"
#include "base/time.h"
#include "bot/care_guess.h"
#include "bot/intent.h"

#define NOW INT64_C(1763524800000)

static const struct order orders[] = {
    {.id = {"unpaid", 6}, .status = ORDER_UNPAID, .created_ms = NOW - HOUR_MS},
    {.id = {"paid", 4}, .status = ORDER_PAID, .created_ms = NOW - DAY_MS},
    {.id = {"sent", 4}, .status = ORDER_SHIPPED, .created_ms = NOW - 2 * DAY_MS},
    {.id = {"sent2", 5}, .status = ORDER_SHIPPED, .created_ms = NOW - 3 * DAY_MS},
    {.id = {"here", 4}, .status = ORDER_DELIVERED, .created_ms = NOW - 5 * DAY_MS},
    {.id = {"done", 4}, .status = ORDER_FINISHED, .created_ms = NOW - 20 * DAY_MS, .finished_ms = NOW - 5 * DAY_MS},
    {.id = {"old", 3}, .status = ORDER_FINISHED, .created_ms = NOW - 90 * DAY_MS, .finished_ms = NOW - 60 * DAY_MS},
    {.id = {"closed", 6}, .status = ORDER_CLOSED, .created_ms = NOW - DAY_MS},
};
enum { UNPAID, PAID, SENT, SENT2, HERE, DONE, OLD, CLOSED, END };

#define QUIET(i)     {.order = &orders[i]}
#define WITH(i, t)   {.order = &orders[i], .trouble = {.kind = (t), .severity = 50}}
#define CASED(i, s)  {.order = &orders[i], .has_case = true, .state = (s)}

static void what_stands_out_is_shown(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct guess_order of[4];
        size_t n;
        const char *sure, *asked; /* order of each question */
    } rows[] = {
        {"nothing bought", {{0}}, 0, "", ""},
        {"nothing that matters", {QUIET(OLD), QUIET(CLOSED)}, 2, "", ""},
        {"the only one", {QUIET(SENT), QUIET(OLD)}, 2, "sent", "ship_track@sent ship_eta@sent"},
        {"one in trouble among others", {QUIET(PAID), WITH(SENT, TROUBLE_STALE), QUIET(HERE)}, 3, "sent",
         "ship_track@sent ship_stuck@sent refund_only_apply@sent"},
        {"two in trouble: the worse first", {WITH(SENT, TROUBLE_STALE), WITH(SENT2, TROUBLE_EXCEPTION)}, 2, "",
         "ship_track@sent2 ship_track@sent"},
        {"none in trouble: the newest of a kind first", {QUIET(SENT), QUIET(SENT2), QUIET(DONE), QUIET(UNPAID)}, 4, "",
         "pay_failed@unpaid ship_track@sent ship_track@sent2"},
        {"a case goes before its order's trouble", {QUIET(PAID), CASED(SENT, CASE_WAIT_SELLER_SHIPPED)}, 2, "sent",
         "refund_progress@sent"},
        {"goods to send back", {CASED(HERE, CASE_WAIT_RETURN), QUIET(DONE)}, 2, "here",
         "return_waybill@here refund_progress@here"},
        {"late", {WITH(PAID, TROUBLE_LATE)}, 1, "paid", "ship_time@paid compensation_ask@paid order_cancel@paid"},
    };
    int failed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a = {0};
        struct buf b = {.arena = &a};
        struct care_questions g = care_guess(rows[i].of, rows[i].n, 15 * DAY_MS, NOW);
        for (size_t k = 0; k < g.n; k++)
            buf_printf(&b, "%s%s@%.*s", k > 0 ? " " : "", g.of[k].intent, STR_ARG(g.of[k].order->id));
        struct str sure = g.sure != NULL ? g.sure->id : STR_NONE;
        if (!str_eq_c(buf_view(&b), rows[i].asked) || !str_eq_c(sure, rows[i].sure)) {
            print_error("[%s] sure of \"%.*s\": %.*s\n", rows[i].name, STR_ARG(sure), STR_ARG(buf_view(&b)));
            failed++;
        }
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

static void every_question_has_its_words(void **state)
{
    (void)state;
    static const enum order_trouble_kind kinds[] = {TROUBLE_NONE, TROUBLE_STALE, TROUBLE_NO_TRACE, TROUBLE_LATE,
                                                    TROUBLE_RETURNED, TROUBLE_EXCEPTION, TROUBLE_UNFINISHED};
    for (size_t i = 0; i < END; i++) {
        for (size_t k = 0; k < COUNT(kinds) + 2; k++) {
            struct guess_order o = {.order = &orders[i], .has_case = k >= COUNT(kinds),
                                    .state = k == COUNT(kinds) ? CASE_WAIT_RETURN : CASE_WAIT_SELLER_SHIPPED};
            if (!o.has_case)
                o.trouble.kind = kinds[k];
            struct care_questions g = care_guess(&o, 1, 15 * DAY_MS, NOW);
            assert_int_equal(g.n > 0, guess_standing(&o, 15 * DAY_MS, NOW) != GUESS_NOTHING);
            for (size_t q = 0; q < g.n; q++) {
                assert_true(texts_has(STR("zh"), g.of[q].key) && texts_has(STR("en"), g.of[q].key));
                assert_non_null(intent_find(str_from(g.of[q].intent)));
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_stands_out_is_shown),
        cmocka_unit_test(every_question_has_its_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
