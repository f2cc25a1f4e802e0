/* SPDX-License-Identifier: Apache-2.0 */
/* Features: groups, limits, and sameness where it must be. */
#include "nlu/features.h"

#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
    const char *name, *text;
    bool pairs;
    size_t tokens, all; /* features of the token group, and of all */
} rows[] = {
    {"nothing", "", false, 0, 0},
    {"one Han character: itself, ^x, x$", "好", false, 3, 3},
    {"three Han characters have one trigram", "你好吗", false, 3 + 4 + 1, 8},
    {"a word has n-grams of 3 to 5", "ab", false, 3, 3 + 3},
    {"pairs of three tokens", "你好吗", true, 8, 8 + 3},
    {"equal tokens make no pair", "好好", true, 5, 5},
    {"punctuation splits and vanishes", "你，好", false, 5, 5},
    {"? and ! stay", "好?", false, 5, 5},
    {"a number has a shape, and neighbours of it", "高165好", false, 3 * 2 + 1 + 3, 10 + 6},
    {"a number alone has its shape", "165", false, 3 + 1, 4 + 6},
};

static void features_follow_their_table(void **state)
{
    (void)state;
    int failed = 0;
    struct arena a = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct features f;
        features_of(&a, str_from(rows[i].text), &(struct feature_choice){.pairs = rows[i].pairs}, &f);
        if (f.end[FEATURE_TOKENS] == rows[i].tokens && f.n == rows[i].all)
            continue;
        print_error("[%s] %zu of tokens, %zu in all\n", rows[i].name, f.end[FEATURE_TOKENS], f.n);
        failed++;
    }
    arena_done(&a);
    assert_int_equal(failed, 0);
}

static void width_and_case_do_not_matter(void **state)
{
    (void)state;
    struct arena a = {0};
    struct features x, y;
    features_of(&a, STR("ＡＢ好？"), &(struct feature_choice){.pairs = true}, &x);
    features_of(&a, STR("ab好?"), &(struct feature_choice){.pairs = true}, &y);
    assert_int_equal(x.n, y.n);
    assert_memory_equal(x.v, y.v, x.n * sizeof(*x.v));
    arena_done(&a);
}

/* No order number is seen twice, but its shape is. */
static void numbers_of_one_length_share_a_shape(void **state)
{
    (void)state;
    static const struct {
        const char *x, *y;
        bool same;
    } asks[] = {{"165", "178", true}, {"165", "16", false}, {"E10001", "X99999", true}, {"E10001", "10001", false},
                {"13800001234", "13900005678", true}, {"1234567890123", "98765432109876543", true}};
    struct arena a = {0};
    int failed = 0;
    for (size_t i = 0; i < COUNT(asks); i++) {
        struct features x, y;
        features_of(&a, str_from(asks[i].x), &(struct feature_choice){0}, &x);
        features_of(&a, str_from(asks[i].y), &(struct feature_choice){0}, &y);
        bool same = x.v[x.end[FEATURE_TOKENS] - 1] == y.v[y.end[FEATURE_TOKENS] - 1];
        if (same != asks[i].same)
            print_error("[%s, %s] %d\n", asks[i].x, asks[i].y, same);
        failed += same != asks[i].same;
    }
    arena_done(&a);
    assert_int_equal(failed, 0);
}

/* A text as long as a book is read to a limit. */
static void the_end_of_a_book_is_not_read(void **state)
{
    (void)state;
    struct arena a = {0};
    char *book = arena_alloc(&a, 4 * FEATURE_MOST_BYTES);
    memset(book, 'x', 4 * FEATURE_MOST_BYTES);
    struct features all, part;
    features_of(&a, (struct str){book, 4 * FEATURE_MOST_BYTES}, &(struct feature_choice){.pairs = true}, &all);
    features_of(&a, (struct str){book, FEATURE_MOST_BYTES}, &(struct feature_choice){.pairs = true}, &part);
    size_t x = all.n, y = part.n;
    arena_done(&a);
    assert_int_equal(x, y);
}

/* Words of one concept make the same features; a word of two concepts has both, and their pair. */
static void concepts_are_shared_by_their_words(void **state)
{
    (void)state;
    struct arena a = {0};
    struct lexicon *l = lexicon_read(STR("parcel\t快递\nparcel\t包裹\nreturn\t退货\trefund\n"));
    assert_non_null(l);
    struct feature_choice choice = {.concepts = l};
    struct features x, y, two;
    features_of(&a, STR("快递"), &choice, &x);
    features_of(&a, STR("包裹"), &choice, &y);
    features_of(&a, STR("退货"), &choice, &two);
    bool same = x.n == x.end[FEATURE_CHARS] + 1 && x.v[x.n - 1] == y.v[y.n - 1];
    size_t of_two = two.end[FEATURE_CONCEPTS] - two.end[FEATURE_CHARS];
    lexicon_free(l);
    arena_done(&a);
    assert_true(same);
    assert_int_equal(of_two, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(features_follow_their_table),
        cmocka_unit_test(width_and_case_do_not_matter),
        cmocka_unit_test(numbers_of_one_length_share_a_shape),
        cmocka_unit_test(the_end_of_a_book_is_not_read),
        cmocka_unit_test(concepts_are_shared_by_their_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
