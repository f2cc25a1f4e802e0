/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Solutions: ranking by a table of scenes; every row that ships names only what exists; bodies are checked. The shop's table
 * against a store is in settling_test.c.
 */
#include "desk/solution.h"

#include "base/asset.h"
#include "base/table_test.h"
#include "bot/intent.h"
#include "trade/action.h"
#include "trade/case.h"
#include "trade/rules.h"
#include "trade/order.h"

/* ---- ranking ---------------------------------------------------------------------------------------------------- */

#define ROW(name, on, in, of, feels, heavy)                                                                         \
    {                                                                                                               \
        .id = {name, sizeof(name) - 1}, .intents = {on, sizeof(on) - 1}, .statuses = {in, sizeof(in) - 1},          \
        .cases = {of, sizeof(of) - 1}, .emotions = {feels, sizeof(feels) - 1}, .weight = heavy,                     \
    }

static const struct solution table[] = {
    ROW("any", "", "", "", "", 100),
    ROW("angry", "", "", "", "angry|sad", 50),
    ROW("cancel", "order_cancel", "unpaid|paid", "none", "", 50),
    ROW("cancel_light", "order_cancel", "unpaid|paid", "none", "", 40),
    ROW("intercept", "order_cancel", "shipped", "none", "", 50),
    ROW("case_open", "order_cancel|refund_progress", "", "open", "", 50),
    ROW("case_refused", "refund_progress", "", "refused", "", 10),
    ROW("no_order", "order_cancel", "none", "", "", 90),
};

static const struct {
    const char *name, *intent, *status, *state, *emotion, *want;
} scenes[] = {
    {"paid order", "order_cancel", "paid", "", "neutral", "cancel cancel_light any"},
    {"shipped order", "order_cancel", "shipped", "", "neutral", "intercept any"},
    {"the feeling never beats the wish", "order_cancel", "paid", "", "angry", "cancel cancel_light angry any"},
    {"no order", "order_cancel", "", "", "neutral", "no_order any"},
    {"a case is open", "order_cancel", "paid", "returning", "neutral", "case_open any"},
    {"its own state is closer than any open", "refund_progress", "paid", "refused", "", "case_refused case_open any"},
    {"a name is a whole name", "order_canc", "paid", "", "", "any"},
    {"nothing is known", "", "", "", "", "any"},
    {"one feeling of several", "", "", "", "sad", "angry any"},
};

static void solutions_are_ranked_by_the_scene(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(scenes); i++) {
        struct arena a = {0};
        struct buf got = {.arena = &a};
        const struct solution *best[SOLUTION_RANKED];
        struct solution_scene scene = {.intent = str_from(scenes[i].intent), .emotion = str_from(scenes[i].emotion),
                                       .status = str_from(scenes[i].status), .case_state = str_from(scenes[i].state)};
        size_t n = solution_rank(table, COUNT(table), &scene, best, SOLUTION_RANKED);
        for (size_t k = 0; k < n; k++)
            buf_printf(&got, "%s%.*s", k > 0 ? " " : "", STR_ARG(best[k]->id));
        if (!str_eq_c(buf_view(&got), scenes[i].want))
            row_failed(failed, scenes[i].name, "%.*s, want %s", STR_ARG(buf_view(&got)), scenes[i].want);
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

static void only_so_many_are_given_and_ties_go_to_the_shop(void **state)
{
    (void)state;
    struct solution rows[SOLUTION_RANKED + 3];
    const struct solution *best[SOLUTION_RANKED];
    static const char *const ids[] = {"h", "g", "f", "e", "d", "c", "b", "a"};
    for (size_t i = 0; i < COUNT(rows); i++)
        rows[i] = (struct solution){.id = str_from(ids[i])};
    rows[2].own = true;
    rows[7].off = true;
    assert_int_equal(solution_rank(rows, COUNT(rows), &(struct solution_scene){0}, best, SOLUTION_RANKED), SOLUTION_RANKED);
    assert_true(best[0] == &rows[2]);
    assert_true(best[1] == &rows[6]);
    assert_true(best[SOLUTION_RANKED - 1] == &rows[3]);
    assert_int_equal(solution_rank(rows, COUNT(rows), &(struct solution_scene){0}, best, 1), 1);
    assert_int_equal(solution_rank(rows, 0, &(struct solution_scene){0}, best, 5), 0);
}

/* ---- what ships ------------------------------------------------------------------------------------------------- */

static bool is_intent(struct str name)
{
    return intent_find(name) != NULL;
}

static bool is_status(struct str name)
{
    enum order_status s;
    return str_eq_c(name, "none") || order_status_from_name(name, &s);
}

static bool is_case(struct str name)
{
    enum case_state s;
    return str_eq_c(name, "none") || str_eq_c(name, "open") || case_state_from_name(name, &s);
}

static bool is_emotion(struct str name)
{
    return solution_lists(STR("angry|anxious|sad|neutral|happy"), name);
}

static bool is_rule(struct str name)
{
    size_t n;
    const struct policy *rows = rules_shipped(&n);
    for (size_t i = 0; i < n; i++) {
        if (str_eq(rows[i].key, name))
            return true;
    }
    return false;
}

static bool is_deed(const struct solution *s)
{
    enum action action;
    enum case_event event;
    switch (s->kind) {
    case SOLUTION_ACTION: return action_from_name(s->what, &action);
    case SOLUTION_CASE: return case_event_from_name(s->what, &event);
    case SOLUTION_WORK_ORDER: return solution_lists(STR("warehouse|logistics|finance|service"), s->what);
    case SOLUTION_REPLY: return s->text.n > 0;
    case SOLUTION_AGREEMENT: break;
    }
    return true;
}

static bool all_are(struct str list, bool (*is)(struct str name))
{
    struct str one;
    while (list.n > 0 && str_cut(&list, '|', &one)) {
        if (!is(one))
            return false;
    }
    return true;
}

static void what_ships_names_only_what_exists_in_both_languages(void **state)
{
    (void)state;
    static const char *const packs[] = {"packs/zh/solutions.tsv", "packs/en/solutions.tsv"};
    struct str ids[2][SOLUTION_MOST];
    size_t n[2] = {0};
    int failed = 0;
    for (size_t p = 0; p < COUNT(packs); p++) {
        struct str rest = asset_find(str_from(packs[p])), line;
        struct solution s;
        while (str_cut(&rest, '\n', &line)) {
            if (line.n == 0 || line.p[0] == '#')
                continue;
            bool good = solution_read_line(line, &s) && all_are(s.intents, is_intent) && all_are(s.statuses, is_status) &&
                        all_are(s.cases, is_case) && all_are(s.emotions, is_emotion) && is_deed(&s) &&
                        (s.policy.n == 0 || is_rule(s.policy)) && s.why.n > 0;
            if (!good)
                row_failed(failed, packs[p], "%.*s", STR_ARG(str_clip(line, 60)));
            ids[p][n[p]++] = s.id;
        }
    }
    assert_int_equal(failed, 0);
    assert_true(n[0] > 30);
    assert_int_equal(n[0], n[1]);
    for (size_t i = 0; i < n[0]; i++)
        assert_true(str_eq(ids[0][i], ids[1][i]));
}

/* ---- bodies ------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *json;
    bool good;
} bodies[] = {
    {"the least", "{\"id\":\"a\",\"kind\":\"reply\",\"title\":\"t\",\"text\":\"w\"}", true},
    {"no words", "{\"id\":\"a\",\"kind\":\"reply\",\"title\":\"t\"}", false},
    {"no action", "{\"id\":\"a\",\"kind\":\"action\",\"title\":\"t\"}", false},
    {"no such kind", "{\"id\":\"a\",\"kind\":\"magic\",\"title\":\"t\"}", false},
    {"no title", "{\"id\":\"a\",\"kind\":\"agreement\",\"title\":\" \"}", false},
    {"a capital in the id", "{\"id\":\"A\",\"kind\":\"agreement\",\"title\":\"t\"}", false},
    {"no id", "{\"kind\":\"agreement\",\"title\":\"t\"}", false},
    {"too heavy", "{\"id\":\"a\",\"kind\":\"agreement\",\"title\":\"t\",\"weight\":101}", false},
    {"arguments that are no object", "{\"id\":\"a\",\"kind\":\"agreement\",\"title\":\"t\",\"args\":\"[1]\"}", false},
    {"arguments", "{\"id\":\"a\",\"kind\":\"agreement\",\"title\":\"t\",\"args\":\"{}\"}", true},
};

static void bodies_are_checked(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        struct solution s;
        const char *why = NULL;
        _cleanup_(json_donep) json_t *body = json_read(str_from(bodies[i].json), NULL);
        if (solution_read(body, &s, &why) != bodies[i].good)
            row_failed(failed, bodies[i].name, "%s", why != NULL ? why : "taken");
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(solutions_are_ranked_by_the_scene),
        cmocka_unit_test(only_so_many_are_given_and_ties_go_to_the_shop),
        cmocka_unit_test(what_ships_names_only_what_exists_in_both_languages),
        cmocka_unit_test(bodies_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
