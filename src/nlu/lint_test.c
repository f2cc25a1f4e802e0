/* SPDX-License-Identifier: Apache-2.0 */
/* Lint: what is found, where, and how fast. */
#include "nlu/lint.h"

#include <time.h>

#include "base/table_test.h"
#include "nlu/lint_near.h"
#include "nlu/shipped.h"

static const struct str intents[] = {STR("confirm_yes"), STR("oos"), STR("refund"), STR("ship")};

static const struct {
    const char *name, *file, *held_out;
    enum lint_kind kind;
    size_t n, line; /* findings of the kind, and where the first is */
} cases[] = {
    {"clean", "refund\tI want my money back\nship\twhere has the parcel gone\n", "", LINT_DUPLICATE, 0, 0},
    {"no tab", "refund\ta thing\n\nrefund no tab\n", "", LINT_COLUMNS, 1, 3},
    {"three columns", "refund\ta thing\tmore\n", "", LINT_COLUMNS, 1, 1},
    {"empty text", "refund\t \n", "", LINT_COLUMNS, 1, 1},
    {"not UTF-8", "refund\t\xff\n", "", LINT_COLUMNS, 1, 1},
    {"unknown intent", "refund\tmoney back\nrefunds\tgive it back\n", "", LINT_UNKNOWN_INTENT, 1, 2},
    {"alternatives when held out", "refund\tmoney back\n", "refund|ship\tlate, so pay me\n", LINT_UNKNOWN_INTENT, 0, 0},
    {"one of the alternatives is unknown", "refund\tmoney back\n", "refund|x\tlate, so pay me\n", LINT_UNKNOWN_INTENT, 1, 1},
    {"no alternatives in training", "refund|ship\tmoney back\n", "", LINT_UNKNOWN_INTENT, 1, 1},
    {"the same but for case and marks", "refund\tMoney back!\nrefund\tmoney, back\n", "", LINT_DUPLICATE, 1, 2},
    {"three copies are two findings", "refund\tmoney back\nrefund\tmoney back\nrefund\tmoney back\n", "", LINT_DUPLICATE, 2, 2},
    {"another label", "refund\tmoney back now\nship\tMoney back now\n", "", LINT_CONTRADICTION, 1, 2},
    {"other order of words", "refund\tnow money back\nrefund\tmoney back now\n", "", LINT_NEAR_DUPLICATE, 1, 2},
    {"one word of eleven", "refund\ta b c d e f g h i j k\nship\ta b c d e f g h i j z\n", "", LINT_NEAR_CONTRADICTION, 1, 2},
    {"two words of eleven", "refund\ta b c d e f g h i j k\nship\ta b c d e f g h i y z\n", "", LINT_NEAR_CONTRADICTION, 0, 0},
    {"a word twice is not the word once", "refund\tno no\nrefund\tno\n", "", LINT_NEAR_DUPLICATE, 0, 0},
    {"leak", "ship\tother\nrefund\tmoney back\n", "refund\tMoney back\n", LINT_LEAK, 1, 2},
    {"near leak", "ship\tother\nrefund\tmoney back\n", "refund\tback money\n", LINT_LEAK, 1, 2},
    {"held-out rows among themselves", "ship\tother\n", "refund\tmoney\nrefund\tmoney\n", LINT_DUPLICATE, 0, 0},
    {"four of a frame", "refund\tis the hat gone\nrefund\tis the mug gone\nrefund\tis the red gone\nrefund\tis the bag gone\n", "",
     LINT_FRAME, 1, 4},
    {"three of a frame", "refund\tis the hat gone\nrefund\tis the mug gone\nrefund\tis the bag gone\n", "", LINT_FRAME, 0, 0},
    {"frames of a formula", "confirm_yes\tyes the hat is it\nconfirm_yes\tyes the mug is it\nconfirm_yes\tyes the bag is it\n"
                            "confirm_yes\tyes the tea is it\n", "", LINT_FRAME, 0, 0},
    {"an intent without a row", "refund\tmoney\nship\tparcel\noos\train\n", "", LINT_FEW, 1, 0},
    {"one word gives it away",
     "ship\ta parcel\nship\tb parcel c\nship\tparcel d e\nship\tf g parcel\nship\tparcel h i j\nship\tk parcel l m\nship\tn o p parcel\n"
     "ship\tparcel q\nship\tr s parcel t\nship\tu parcel v w x\nrefund\tmoney\n", "", LINT_EASY, 1, 1},
    {"far more rows than the middle", "refund\ta\nrefund\tb\nrefund\tc\nrefund\td\nrefund\te\nship\tf\noos\tg\n", "", LINT_IMBALANCE, 1, 1},
    {"nothing at all", "", "", LINT_COLUMNS, 0, 0},
};

static void lint_follows_its_table(void **state)
{
    (void)state;
    int failed = 0;
    struct lexicon *words = shipped_lexicon("en", "frame"), *entities = shipped_entities("en");
    struct lexicon *concepts = shipped_lexicon("en", "concepts");
    struct framer *framer = framer_new("en", words, entities, concepts);
    struct lint_options options = {framer, intents, COUNT(intents), 1, true};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena a = {0};
        struct lint_file files[] = {{STR("train.tsv"), str_from(cases[i].file), false},
                                    {STR("held.tsv"), str_from(cases[i].held_out), true}};
        struct lint_report r;
        lint(&a, files, COUNT(files), &options, &r);
        size_t at = 0;
        while (at < r.n && r.v[at].kind != cases[i].kind)
            at++;
        size_t line = at < r.n ? r.v[at].line : 0;
        if (r.by_kind[cases[i].kind] != cases[i].n || line != cases[i].line)
            row_failed(failed, cases[i].name, "%zu, first in line %zu", r.by_kind[cases[i].kind], line);
        if (r.errors + r.warnings != r.n)
            row_failed(failed, cases[i].name, "%zu errors and %zu warnings of %zu", r.errors, r.warnings, r.n);
        arena_done(&a);
    }
    framer_free(framer);
    lexicon_free(words);
    lexicon_free(entities);
    lexicon_free(concepts);
    assert_int_equal(failed, 0);
}

/* Texts of a few letters, so that many are alike: the index has to find what comparing each with each finds. */
static void near_finds_what_comparing_all_finds(void **state)
{
    (void)state;
    enum { N = 400 };
    struct arena a = {0};
    struct str texts[N];
    uint32_t random = 7;
    for (size_t i = 0; i < N; i++) {
        struct buf b = {.arena = &a};
        for (size_t k = 0; k < 4 + i % 9; k++) {
            random = random * 1664525 + 1013904223;
            buf_printf(&b, "%c ", (char)('a' + (random >> 24) % 8)); /* few letters, so that many are alike */
        }
        texts[i] = buf_view(&b);
    }
    const struct near_pair *pairs, *one;
    size_t n = near_find(&a, texts, N, 0.9, &pairs), at = 0, expected = 0, missed = 0;
    for (uint32_t x = 0; x < N; x++)
        for (uint32_t y = x + 1; y < N; y++) {
            struct arena scratch = {0};
            size_t found = near_find(&scratch, (struct str[]){texts[x], texts[y]}, 2, 0.9, &one);
            expected += found;
            while (at < n && (pairs[at].x < x || (pairs[at].x == x && pairs[at].y < y)))
                at++;
            missed += found == 1 && (at == n || pairs[at].x != x || pairs[at].y != y);
            arena_done(&scratch);
        }
    assert_true(expected > 20);
    assert_int_equal(missed, 0);
    assert_int_equal(n, expected);
    arena_done(&a);
}

static void near_is_quick(void **state)
{
    (void)state;
    enum { N = 18000 };
    struct arena a = {0};
    struct str *texts = arena_array(&a, struct str, N);
    uint32_t random = 3;
    for (size_t i = 0; i < N; i++) {
        struct buf b = {.arena = &a};
        for (size_t k = 0; k < 8; k++) {
            random = random * 1664525 + 1013904223;
            uint32_t word = (random >> 16) % 4000;
            buf_printf(&b, "w%u ", word * word / 4000); /* small numbers more often, as words are */
        }
        texts[i] = buf_view(&b);
    }
    const struct near_pair *pairs;
    clock_t begun = clock();
    (void)near_find(&a, texts, N, 0.9, &pairs); /* only its time counts here */
    double seconds = (double)(clock() - begun) / CLOCKS_PER_SEC;
    arena_done(&a);
#ifndef SANITIZED
    assert_true(seconds < 2);
#else
    (void)seconds; /* not a figure under a sanitizer */
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lint_follows_its_table),
        cmocka_unit_test(near_finds_what_comparing_all_finds),
        cmocka_unit_test(near_is_quick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
