/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of entries: validity, conditions, and which of several answers wins.
 */
#include "knowledge/entry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define T(lit) {(lit), sizeof(lit) - 1}
#define LIST(name) {(name), COUNT(name)}

static const struct str paid[] = {T("paid")}, p1[] = {T("P1")}, outdoor[] = {T("服饰")}, web[] = {T("web")},
                        english[] = {T("en")}, vip[] = {T("vip"), T("staff")};

static const struct {
    const char *name;
    struct entry entry;
    struct knowledge_context ctx;
    enum fit want;
} fits[] = {
    {"no conditions fit everybody", {.layer = LAYER_SHOP}, {0}, FIT_YES},
    {"order paid", {.conditions.order_status = LIST(paid)}, {.order_status = T("paid")}, FIT_YES},
    {"order shipped", {.conditions.order_status = LIST(paid)}, {.order_status = T("shipped")}, FIT_NO},
    {"order not known", {.conditions.order_status = LIST(paid)}, {0}, FIT_NO},
    {"the product", {.conditions.product = LIST(p1)}, {.product = T("P1")}, FIT_YES},
    {"another product", {.conditions.product = LIST(p1)}, {.product = T("P2")}, FIT_NO},
    {"a product that is not known is never meant", {.conditions.product = LIST(p1)}, {0}, FIT_NO},
    {"category inside", {.conditions.category = LIST(outdoor)}, {.category = T("服饰/户外")}, FIT_YES},
    {"category itself", {.conditions.category = LIST(outdoor)}, {.category = T("服饰")}, FIT_YES},
    {"category that only begins so", {.conditions.category = LIST(outdoor)}, {.category = T("服饰配件")}, FIT_NO},
    {"category not known: the words say it", {.conditions.category = LIST(outdoor)}, {0}, FIT_UNKNOWN},
    {"channel", {.conditions.channel = LIST(web)}, {.channel = T("phone")}, FIT_NO},
    {"language", {.conditions.language = LIST(english)}, {.language = T("en")}, FIT_YES},
    {"one of the tags", {.conditions.tag = LIST(vip)}, {.tags = {&vip[1], 1}}, FIT_YES},
    {"none of the tags", {.conditions.tag = LIST(vip)}, {0}, FIT_NO},
    {"all conditions must hold", {.conditions = {.product = LIST(p1), .channel = LIST(web)}},
     {.product = T("P1"), .channel = T("phone")}, FIT_NO},
};

static void conditions_meet_their_context(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(fits); i++) {
        enum fit got = entry_fits(&fits[i].entry, &fits[i].ctx);
        if (got != fits[i].want) {
            print_error("[%s] %d\n", fits[i].name, (int)got);
            failed++;
        }
    }
    assert_int_equal(failed, 0);
}

static void validity_is_from_the_first_to_before_the_last_moment(void **state)
{
    (void)state;
    const struct entry campaign = {.valid_from_ms = 100, .valid_to_ms = 200}, since = {.valid_from_ms = 100},
                       daily = {0};
    assert_false(entry_is_valid(&campaign, 99));
    assert_true(entry_is_valid(&campaign, 100) && entry_is_valid(&campaign, 199));
    assert_false(entry_is_valid(&campaign, 200));
    assert_true(entry_is_valid(&since, 100000) && entry_is_valid(&daily, 0));
    assert_true(entry_is_timed(&campaign) && !entry_is_timed(&since) && !entry_is_timed(&daily));
}

/** Entries of one shop; a row below names those that a search found by their letters. */
enum { A, B, C, D, E, F, G, H };
static const struct entry entries[] = {
    [A] = {.id = T("A"), .layer = LAYER_SHOP, .question = T("发什么快递")},
    [B] = {.id = T("B"), .layer = LAYER_INDUSTRY, .question = T("你们发什么快递")},
    [C] = {.id = T("C"), .layer = LAYER_SHOP, .question = T("用哪家快递"), .overrides = true},
    [D] = {.id = T("D"), .layer = LAYER_ACTIVITY, .question = T("发什么快递?"), .valid_from_ms = 100, .valid_to_ms = 200},
    [E] = {.id = T("E"), .layer = LAYER_EMERGENCY, .question = T("快递停运"), .valid_from_ms = 100, .valid_to_ms = 200},
    [F] = {.id = T("F"), .layer = LAYER_SMALL_TALK, .question = T("你好")},
    [G] = {.id = T("G"), .layer = LAYER_SHOP, .question = T("发什么 快递"), .conditions.order_status = LIST(paid)},
    [H] = {.id = T("H"), .layer = LAYER_INDUSTRY, .question = T("快递多久到"), .conditions.category = LIST(outdoor)},
};

static const struct {
    const char *name;
    int64_t now_ms;
    const char *order_status;
    struct {
        uint32_t item;
        double match;
    } hits[4];
    enum knowledge_answer answer;
    const char *winner;
    enum knowledge_reason reason;
    const char *over;
} choices[] = {
    {"nothing found", 50, "", {{0, 0}}, KNOWLEDGE_NONE, NULL, KNOWLEDGE_ALONE, NULL},
    {"nothing near enough", 50, "", {{A, 0.30}}, KNOWLEDGE_NONE, NULL, KNOWLEDGE_ALONE, NULL},
    {"one found", 50, "", {{A, 0.90}}, KNOWLEDGE_FOUND, "A", KNOWLEDGE_ALONE, NULL},
    {"one found, not surely", 50, "", {{A, 0.50}}, KNOWLEDGE_UNSURE, "A", KNOWLEDGE_ALONE, NULL},
    {"industry before shop", 50, "", {{A, 0.90}, {B, 0.88}}, KNOWLEDGE_FOUND, "B", KNOWLEDGE_BY_LAYER, "A"},
    {"shop with override before industry", 50, "", {{B, 0.90}, {C, 0.88}}, KNOWLEDGE_FOUND, "C", KNOWLEDGE_BY_OVERRIDE,
     "B"},
    {"a higher layer that is not near", 50, "", {{A, 0.90}, {B, 0.70}}, KNOWLEDGE_FOUND, "A", KNOWLEDGE_ALONE, NULL},
    {"the campaign's answer in its days", 150, "", {{A, 0.90}, {D, 0.90}}, KNOWLEDGE_FOUND, "D", KNOWLEDGE_BY_TIME, "A"},
    {"before them the daily one", 99, "", {{D, 0.90}, {A, 0.90}}, KNOWLEDGE_FOUND, "A", KNOWLEDGE_ALONE, NULL},
    {"after them the daily one again", 200, "", {{D, 0.90}, {A, 0.90}}, KNOWLEDGE_FOUND, "A", KNOWLEDGE_ALONE, NULL},
    {"the campaign stands in the daily one's place", 150, "", {{A, 0.90}, {F, 0.89}, {D, 0.90}}, KNOWLEDGE_FOUND, "D",
     KNOWLEDGE_BY_TIME, "A"},
    {"and loses to what the daily one loses to", 150, "", {{D, 0.90}, {A, 0.90}, {B, 0.88}}, KNOWLEDGE_FOUND, "B",
     KNOWLEDGE_BY_LAYER, "D"},
    {"emergency before all, a little further off", 150, "", {{B, 0.90}, {E, 0.72}}, KNOWLEDGE_FOUND, "E",
     KNOWLEDGE_BY_LAYER, "B"},
    {"emergency that is over", 250, "", {{B, 0.90}, {E, 0.89}}, KNOWLEDGE_FOUND, "B", KNOWLEDGE_ALONE, NULL},
    {"emergency that is about something else", 150, "", {{B, 0.90}, {E, 0.60}}, KNOWLEDGE_FOUND, "B", KNOWLEDGE_ALONE,
     NULL},
    {"an answer for this very status", 50, "paid", {{A, 0.90}, {G, 0.90}}, KNOWLEDGE_FOUND, "G", KNOWLEDGE_BY_FIT, "A"},
    {"in another status the general one", 50, "shipped", {{G, 0.90}, {A, 0.90}}, KNOWLEDGE_FOUND, "A", KNOWLEDGE_ALONE,
     NULL},
    {"within a layer the nearer one", 50, "", {{A, 0.90}, {C, 0.89}}, KNOWLEDGE_FOUND, "C", KNOWLEDGE_BY_OVERRIDE, "A"},
    {"a category not known costs a little", 50, "", {{H, 0.62}}, KNOWLEDGE_UNSURE, "H", KNOWLEDGE_ALONE, NULL},
};

static size_t hits_of(size_t row, struct retrieval_hit *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < COUNT(choices[row].hits) && choices[row].hits[i].match > 0; i++)
        ret[n++] = (struct retrieval_hit){.item = choices[row].hits[i].item, .match = choices[row].hits[i].match};
    return n;
}

static bool is_entry(const struct entry *e, const char *id)
{
    return id == NULL ? e == NULL : e != NULL && str_eq_c(e->id, id);
}

static void the_winner_follows_the_table(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(choices); i++) {
        struct arena a = {0};
        struct retrieval_hit hits[4];
        struct knowledge_context ctx = {.now_ms = choices[i].now_ms, .order_status = str_from(choices[i].order_status)};
        struct knowledge_choice got = knowledge_choose(entries, hits, hits_of(i, hits), &ctx);
        if (got.answer != choices[i].answer || !is_entry(got.entry, choices[i].winner) ||
            got.reason != choices[i].reason || !is_entry(got.over, choices[i].over)) {
            print_error("[%s] %d: %.*s\n", choices[i].name, (int)got.answer,
                        STR_ARG(knowledge_reason_text(&a, &got)));
            failed++;
        }
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

/** Hits of equal nearness may come in any order. */
static void the_winner_does_not_depend_on_the_order_of_equals(void **state)
{
    (void)state;
    static const struct retrieval_hit one[] = {{.item = A, .match = 0.9}, {.item = B, .match = 0.9},
                                               {.item = D, .match = 0.9}, {.item = G, .match = 0.9}};
    struct knowledge_context ctx = {.now_ms = 150, .order_status = STR("paid")};
    const struct entry *first = NULL;
    for (int turn = 0; turn < 24; turn++) {
        struct retrieval_hit hits[4];
        size_t left[4] = {0, 1, 2, 3}, n = 4;
        for (int i = 0, rest = turn; i < 4; i++) {
            size_t at = (size_t)rest % n;
            rest /= (int)n;
            hits[i] = one[left[at]];
            left[at] = left[--n];
        }
        struct knowledge_choice got = knowledge_choose(entries, hits, 4, &ctx);
        first = first != NULL ? first : got.entry;
        assert_ptr_equal(got.entry, first);
    }
    assert_true(is_entry(first, "B"));
}

static void conditions_are_read_as_text_or_list(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        const char *wrong; /* NULL: good */
    } rows[] = {
        {"{}", NULL},
        {"{\"order_status\":[\"paid\",\"shipped\"],\"product\":\"P1\"}", NULL},
        {"{\"colour\":\"red\"}", "colour"},
        {"{\"product\":1}", "product"},
        {"{\"product\":[\"P1\",2]}", "product"},
        {"{\"product\":\"\"}", "product"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a = {0};
        struct conditions c;
        const char *wrong = NULL;
        json_t *json = json_read(str_from(rows[i].json), NULL);
        assert_int_equal(conditions_read(&a, json, &c, &wrong), rows[i].wrong == NULL);
        assert_true(rows[i].wrong == NULL || strcmp(rows[i].wrong, wrong) == 0);
        json_decref(json);
        arena_done(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_meet_their_context),
        cmocka_unit_test(validity_is_from_the_first_to_before_the_last_moment),
        cmocka_unit_test(the_winner_follows_the_table),
        cmocka_unit_test(the_winner_does_not_depend_on_the_order_of_equals),
        cmocka_unit_test(conditions_are_read_as_text_or_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
