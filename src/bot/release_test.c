/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of releases: every step from every state; the share of grey conversations; what a comparison says.
 */
#include "bot/release.h"

#include <stdio.h>
#include <string.h>

#include "base/id.h"
#include "base/table_test.h"
#include "bot/comparison.h"

/** A shop's versions as "1:zh:full<0 2:zh:draft …" (number, language, state, what it replaced). */
static size_t read_versions(struct arena *a, const char *text, struct release *ret)
{
    struct str rest = str_from(text), one, part;
    size_t n = 0;
    while (rest.n > 0 && str_cut(&rest, ' ', &one)) {
        struct release *r = &ret[n++];
        *r = (struct release){.number = 0};
        struct str previous = STR_NONE;
        assert_true(str_cut(&one, ':', &part) && str_int(part, &r->number));
        assert_true(str_cut(&one, ':', &r->language));
        assert_true(str_cut(&one, '<', &part) && release_state_from_name(part, &r->state));
        previous = one;
        (void)(previous.n > 0 && str_int(previous, &r->previous)); /* may be left out: 0 */
    }
    (void)a;
    return n;
}

static void apply(struct release *list, size_t n, const struct release_plan *plan)
{
    for (size_t i = 0; i < plan->n; i++)
        for (size_t k = 0; k < n; k++)
            if (list[k].number == plan->moves[i].number) {
                list[k].state = plan->moves[i].state;
                list[k].previous = plan->moves[i].previous;
                list[k].share = plan->moves[i].share;
            }
}

static struct str text_of(struct arena *a, const struct release *list, size_t n)
{
    struct buf b = {.arena = a};
    for (size_t i = 0; i < n; i++) {
        buf_printf(&b, "%s%lld:%.*s:%s", i > 0 ? " " : "", (long long)list[i].number, STR_ARG(list[i].language),
                   release_state_name(list[i].state));
        if (list[i].previous != 0)
            buf_printf(&b, "<%lld", (long long)list[i].previous);
    }
    return buf_view(&b);
}

static const struct {
    const char *name, *before;
    int64_t number, share; /* number 0: back, of zh */
    enum release_answer answer;
    const char *after;
} rows[] = {
    {"a draft becomes grey", "1:zh:draft", 1, 20, RELEASE_OK, "1:zh:grey"},
    {"a draft becomes full", "1:zh:draft", 1, 100, RELEASE_OK, "1:zh:full"},
    {"grey becomes full and remembers whom it replaced", "2:zh:grey 1:zh:full", 2, 100, RELEASE_OK,
     "2:zh:full<1 1:zh:retired"},
    {"one grey at a time", "3:zh:draft 2:zh:grey 1:zh:full", 3, 5, RELEASE_OK, "3:zh:grey 2:zh:draft 1:zh:full"},
    {"full ends another's grey", "3:zh:draft 2:zh:grey 1:zh:full", 3, 100, RELEASE_OK,
     "3:zh:full<1 2:zh:draft 1:zh:retired"},
    {"the other language is left alone", "2:en:draft 1:zh:full", 2, 100, RELEASE_OK, "2:en:full 1:zh:full"},
    {"full again changes nothing", "2:zh:full<1 1:zh:retired", 2, 100, RELEASE_OK, "2:zh:full<1 1:zh:retired"},
    {"a retired one comes back", "2:zh:full<1 1:zh:retired", 1, 100, RELEASE_OK, "2:zh:retired<1 1:zh:full<2"},
    {"none of that number", "1:zh:draft", 7, 100, RELEASE_NOT_FOUND, "1:zh:draft"},
    {"not while in training", "1:zh:training", 1, 100, RELEASE_NOT_READY, "1:zh:training"},
    {"never what failed", "1:zh:failed", 1, 10, RELEASE_NOT_READY, "1:zh:failed"},
    {"back from grey: the full one stays", "2:zh:grey 1:zh:full", 0, 0, RELEASE_OK, "2:zh:draft 1:zh:full"},
    {"back from full: what it replaced", "2:zh:full<1 1:zh:retired", 0, 0, RELEASE_OK, "2:zh:retired<1 1:zh:full"},
    {"back from the first: the shipped one", "1:zh:full", 0, 0, RELEASE_OK, "1:zh:retired"},
    {"nothing to go back from", "1:zh:draft 2:en:full", 0, 0, RELEASE_NOTHING, "1:zh:draft 2:en:full"},
};

static void releases_follow_their_table(void **state)
{
    (void)state; /* pure */
    int failed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a = {0};
        struct release list[4];
        struct release_plan plan;
        size_t n = read_versions(&a, rows[i].before, list);
        enum release_answer answer = rows[i].number != 0 ? release_plan(list, n, rows[i].number, rows[i].share, &plan)
                                                         : release_plan_back(list, n, STR("zh"), &plan);
        if (answer == RELEASE_OK)
            apply(list, n, &plan);
        struct str after = text_of(&a, list, n);
        if (answer != rows[i].answer || !str_eq_c(after, rows[i].after))
            row_failed(failed, rows[i].name, "answer %d, %.*s", (int)answer, STR_ARG(after));
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

/** Whatever is done in whatever order, no language ever has two full or two grey versions. */
static void no_order_of_steps_breaks_it(void **state)
{
    (void)state; /* pure */
    struct arena a = {0};
    struct release list[4];
    size_t n = read_versions(&a, "4:zh:draft 3:zh:draft 2:en:draft 1:zh:draft", list);
    uint64_t dice = 7;
    for (int step = 0; step < 5000; step++) {
        struct release_plan plan;
        dice = dice * UINT64_C(6364136223846793005) + 1;
        int64_t number = (int64_t)((dice >> 33) % 5), share = (int64_t)((dice >> 40) % 3) * 50;
        enum release_answer answer = number == 0 ? release_plan_back(list, n, STR("zh"), &plan)
                                                 : release_plan(list, n, number, share > 0 ? share : 1, &plan);
        if (answer == RELEASE_OK)
            apply(list, n, &plan);
        int full = 0, grey = 0;
        for (size_t i = 0; i < n; i++) {
            full += list[i].state == RELEASE_FULL && str_eq_c(list[i].language, "zh");
            grey += list[i].state == RELEASE_GREY && str_eq_c(list[i].language, "zh");
        }
        assert_true(full <= 1 && grey <= 1);
    }
    arena_done(&a);
}

static void a_share_is_a_share_and_grows(void **state)
{
    (void)state; /* pure */
    static const int64_t shares[] = {1, 10, 50, 99};
    enum { CONVERSATIONS = 20000 };
    for (size_t i = 0; i < COUNT(shares); i++) {
        int64_t grey = 0;
        for (int64_t k = 0; k < CONVERSATIONS; k++) {
            int64_t id = id_new(1700000000000 + k * 977);
            bool is = release_is_grey(id, shares[i]);
            assert_true(is == release_is_grey(id, shares[i]));
            assert_true(!is || release_is_grey(id, shares[i] + 1)); /* who was in stays in when the share grows */
            grey += is;
        }
        assert_in_range(grey, CONVERSATIONS * shares[i] / 100 * 8 / 10 - 20, CONVERSATIONS * shares[i] / 100 * 12 / 10 + 20);
    }
    assert_false(release_is_grey(12345, 0));
    assert_true(release_is_grey(12345, 100));
}

static void the_same_version_changes_nothing(void **state)
{
    (void)state; /* the shipped understanding */
    struct arena a = {0};
    struct nlu *zh = nlu_shipped("zh");
    assert_non_null(zh);
    const struct learning_case cases[] = {
        {.text = STR("我的快递到哪了"), .intent = STR("ship_track"), .must_pass = true},
        {.text = STR("转人工"), .intent = STR("ship_track"), .must_pass = true},
        {.text = STR("转人工"), .intent = STR("human_request")},
        {.text = STR("where is my parcel"), .intent = STR("ship_track")},
    };
    const struct str texts[] = {STR("你好"), STR("你好"), STR("怎么退货 13800001234")};
    struct comparison c;
    compare_versions(&a, zh, zh, STR("zh"), cases, COUNT(cases), texts, COUNT(texts), &c);
    assert_int_equal(c.cases, 2); /* the same text once; the other language not at all */
    assert_int_equal(c.right_before, 1);
    assert_int_equal(c.right_after, 1);
    assert_int_equal(c.must_pass_failed, 1);
    assert_int_equal(c.turns, 2);
    assert_int_equal(c.turns_changed + c.better + c.worse, 0);
    assert_int_equal(c.rows.n, 2);
    nlu_free(zh);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(releases_follow_their_table),
        cmocka_unit_test(no_order_of_steps_breaks_it),
        cmocka_unit_test(a_share_is_a_share_and_grows),
        cmocka_unit_test(the_same_version_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
