/* SPDX-License-Identifier: Apache-2.0 */
/* Intents and texts: the table agrees with the packs, and every sentence that code names exists in both languages. */
#include "bot/intent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/asset.h"
#include "base/texts.h"
#include "bot/words.h"

struct unknown {
    int failed;
};

/** Every label of the understanding has a row; "oos" is what the understanding itself answers as unclear. */
static void check_labels(void *arg, struct str name, struct str bytes)
{
    struct unknown *u = arg;
    struct str line, label;
    if (!str_has(name, STR("/utterances/")))
        return;
    while (str_cut(&bytes, '\n', &line)) {
        if (line.n == 0 || line.p[0] == '#' || !str_cut(&line, '\t', &label) || str_eq_c(label, "oos"))
            continue;
        if (intent_find(label) == NULL) {
            print_error("%.*s: no intent %.*s\n", STR_ARG(name), STR_ARG(label));
            u->failed++;
        }
    }
}

static void every_label_has_a_row(void **state)
{
    (void)state;
    struct unknown u = {0};
    asset_each(STR("packs/"), check_labels, &u);
    assert_int_equal(u.failed, 0);
}

static void every_intent_has_names_and_questions(void **state)
{
    (void)state;
    size_t n;
    int failed = 0;
    const struct intent *all = intent_all(&n);
    const struct str languages[] = {STR("zh"), STR("en")};
    assert_int_equal(n, 150);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < COUNT(languages); k++) {
            struct str id = str_from(all[i].id);
            if (intent_find(id) != &all[i] || str_eq(intent_name(languages[k], id), id) ||
                intent_question(languages[k], id).n == 0) {
                print_error("[%s] has no name or question in %.*s\n", all[i].id, STR_ARG(languages[k]));
                failed++;
            }
        }
    }
    assert_int_equal(failed, 0);
}

static void needs_go_with_flows(void **state)
{
    (void)state;
    size_t n;
    int failed = 0;
    const struct intent *all = intent_all(&n);
    for (size_t i = 0; i < n; i++) {
        const struct intent *in = &all[i];
        bool order = in->flow == FLOW_ORDER || in->flow == FLOW_SHIPPING || in->flow == FLOW_MISSING;
        bool product = in->flow == FLOW_PRODUCT || in->flow == FLOW_SIZE || in->flow == FLOW_STOCK ||
                       in->flow == FLOW_PRICE || in->flow == FLOW_RULE || in->flow == FLOW_SEARCH ||
                       in->flow == FLOW_COMPARE;
        bool person = in->flow == FLOW_PERSON || in->flow == FLOW_URGENT || in->flow == FLOW_SAFETY;
        bool record = strcmp(in->id, "complain_shop") == 0 || strcmp(in->id, "complain_agent") == 0; /* of a complaint: of an order */
        if ((order && (in->needs & NEED_ORDERS) == 0) || (product && (in->needs & NEED_PRODUCT) == 0) ||
            (in->flow == FLOW_KNOWLEDGE && (in->needs & NEED_KNOWLEDGE) == 0) ||
            (person && (in->needs & ~(record ? (unsigned)NEED_ORDERS : 0) & (NEED_ORDERS | NEED_PRODUCT | NEED_KNOWLEDGE)) != 0)) {
            print_error("[%s] reads too little or too much\n", in->id);
            failed++;
        }
    }
    assert_int_equal(failed, 0);
}

static void every_talk_has_its_sentence(void **state)
{
    (void)state;
    struct arena a = {0};
    size_t n;
    int failed = 0;
    const struct intent *all = intent_all(&n);
    const struct str languages[] = {STR("zh"), STR("en")};
    for (size_t i = 0; i < n; i++) {
        if (all[i].flow != FLOW_TALK)
            continue;
        for (size_t k = 0; k < COUNT(languages); k++)
            if (!texts_has(languages[k], str_c(&a, str_fmt(&a, "bot.%s.1", all[i].id)))) {
                print_error("[%s] has nothing to say in %.*s\n", all[i].id, STR_ARG(languages[k]));
                failed++;
            }
    }
    arena_done(&a);
    assert_int_equal(failed, 0);
}

/** Names in braces, in order: both languages may put them elsewhere, but not drop or add one that has no value. */
static bool same_keys(struct str zh, struct str en)
{
    struct str line, key;
    bool same = true;
    while (str_cut(&zh, '\n', &line)) {
        if (line.n == 0 || line.p[0] == '#' || !str_cut(&line, '\t', &key))
            continue;
        struct arena a = {0};
        struct str row = str_fmt(&a, "\n%.*s\t", STR_ARG(key));
        if (!str_has(en, row)) {
            print_error("%.*s is missing in the other language\n", STR_ARG(key));
            same = false;
        }
        arena_done(&a);
    }
    return same;
}

static void both_languages_have_the_same_texts(void **state)
{
    (void)state;
    struct str zh = asset_find(STR("packs/zh/texts/bot.tsv")), en = asset_find(STR("packs/en/texts/bot.tsv"));
    assert_true(zh.n > 0 && en.n > 0);
    assert_true(same_keys(zh, en));
}

static const struct {
    const char *text, *language;
    size_t count;
    int place;
} places[] = {
    {"第二个", "zh", 3, 1},      {"第二个！", "zh", 3, 1},  {"2", "zh", 3, 1},       {"最后一个", "zh", 3, 2},
    {"第五个", "zh", 3, -1},     {"20", "zh", 3, -1},       {"二", "zh", 3, 1},      {"第2笔", "zh", 3, 1},
    {"我第一次买你们家的东西不知道怎么弄", "zh", 3, -1}, {"第二个", "zh", 0, -1},
    {"the second one", "en", 3, 1}, {"last", "en", 3, 2},   {"two", "en", 3, 1},     {"number 3", "en", 3, 2},
    {"seconds", "en", 3, -1},    {"the second one", "zh", 3, 1},
};

static void places_in_a_list_are_heard(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(places); i++) {
        struct arena a = {0};
        struct words said;
        words_find(&a, str_from(places[i].language), str_from(places[i].text), &said);
        int place = words_place(&said, str_from(places[i].text), places[i].count);
        if (place != places[i].place) {
            print_error("[%s] place %d, want %d\n", places[i].text, place, places[i].place);
            failed++;
        }
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

static const struct {
    const char *text, *language, *kind, *value;
} heard[] = {
    {"我真的不想活了", "zh", "safety", "self_harm_signal"},
    {"这拉链拉上就不想活动了", "zh", "safety", ""},
    {"I want to kill myself", "en", "safety", "self_harm_signal"},
    {"帮我转人工谢谢", "zh", "risk", "human_request"},
    {"我要找律师", "zh", "risk", "threat_legal"},
    {"this is an issue", "en", "risk", ""},
    {"I will sue you", "en", "risk", "threat_legal"},
    {"能说英文吗", "zh", "language", "en"},
    {"do you speak Chinese", "en", "language", "zh"},
    {"有讲粤语的吗", "zh", "language", ""},
};

static void words_that_must_not_be_missed(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(heard); i++) {
        struct arena a = {0};
        struct str value = words_value(&a, str_from(heard[i].language), heard[i].kind, str_from(heard[i].text));
        if (!str_eq_c(value, heard[i].value)) {
            print_error("[%s] %.*s, want %s\n", heard[i].text, STR_ARG(value), heard[i].value);
            failed++;
        }
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

static void two_things_are_told_apart(void **state)
{
    (void)state;
    struct str left, right;
    words_halves(STR("zh"), STR("P301和P302有什么区别"), &left, &right);
    assert_true(str_eq_c(left, "P301") && str_starts(right, STR("P302")));
    words_halves(STR("en"), STR("the tent vs the tarp"), &left, &right);
    assert_true(str_eq_c(left, "the tent ") && str_eq_c(right, " the tarp"));
    words_halves(STR("en"), STR("the brand"), &left, &right);
    assert_true(str_eq_c(left, "the brand") && right.n == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_label_has_a_row),         cmocka_unit_test(every_intent_has_names_and_questions),
        cmocka_unit_test(needs_go_with_flows),           cmocka_unit_test(every_talk_has_its_sentence),
        cmocka_unit_test(both_languages_have_the_same_texts), cmocka_unit_test(places_in_a_list_are_heard),
        cmocka_unit_test(words_that_must_not_be_missed), cmocka_unit_test(two_things_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
