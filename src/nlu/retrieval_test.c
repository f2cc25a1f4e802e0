/* SPDX-License-Identifier: Apache-2.0 */
/* Retrieval: the right question first, each item once, only what is allowed. */
#include "nlu/retrieval.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct retrieval_doc docs[] = {
    {{"发什么快递", sizeof("发什么快递") - 1}, 1},
    {{"用的哪家快递", sizeof("用的哪家快递") - 1}, 1},
    {{"多久发货", sizeof("多久发货") - 1}, 2},
    {{"可以开发票吗", sizeof("可以开发票吗") - 1}, 3},
    {{"怎么退货", sizeof("怎么退货") - 1}, 4},
    {{"how do I return it", sizeof("how do I return it") - 1}, 5},
};

static const struct {
    const char *text;
    uint32_t item;
} asks[] = {{"你们发什么快递啊", 1}, {"哪家快递", 1}, {"多久能发货", 2}, {"开发票", 3}, {"怎么退", 4}, {"return", 5}, {"ＲＥＴＵＲＮ it", 5}};

static void the_right_item_comes_first(void **state)
{
    (void)state;
    int failed = 0;
    struct arena a = {0};
    struct retrieval *r = retrieval_build(docs, COUNT(docs));
    for (size_t i = 0; i < COUNT(asks); i++) {
        struct retrieval_hit h[5];
        size_t n = retrieval_find(r, &a, str_from(asks[i].text), NULL, NULL, h, 5);
        bool good = n > 0 && h[0].item == asks[i].item && docs[h[0].doc].item == h[0].item;
        for (size_t k = 0; k < n; k++) {
            good = good && h[k].match >= 0 && h[k].match <= 1.0001;
            for (size_t m = 0; m < k; m++)
                good = good && h[m].item != h[k].item;
        }
        if (!good)
            print_error("[%s] %u first of %zu, want %u\n", asks[i].text, n > 0 ? h[0].item : 0, n, asks[i].item);
        failed += !good;
    }
    retrieval_free(r);
    arena_done(&a);
    assert_int_equal(failed, 0);
}

static bool only_even(void *arg, uint32_t item)
{
    (void)arg;
    return item % 2 == 0;
}

static void what_is_not_allowed_is_not_found(void **state)
{
    (void)state;
    struct arena a = {0};
    struct retrieval *r = retrieval_build(docs, COUNT(docs));
    struct retrieval_hit h[6];
    size_t n = retrieval_find(r, &a, STR("发货快递退货发票"), only_even, NULL, h, 6);
    bool even = n == 2;
    for (size_t i = 0; i < n; i++)
        even = even && h[i].item % 2 == 0;
    size_t none = retrieval_find(r, &a, STR("xyz"), NULL, NULL, h, 6);
    size_t empty = retrieval_find(r, &a, STR_NONE, NULL, NULL, h, 6);
    size_t no_room = retrieval_find(r, &a, STR("快递"), NULL, NULL, h, 0);
    retrieval_free(r);
    struct retrieval *nothing = retrieval_build(NULL, 0);
    size_t of_nothing = retrieval_find(nothing, &a, STR("快递"), NULL, NULL, h, 6);
    retrieval_free(nothing);
    arena_done(&a);
    assert_true(even);
    assert_int_equal(none + empty + no_room + of_nothing, 0);
}

/* The same text matches wholly: a threshold can rely on it. */
static void the_same_text_matches_wholly(void **state)
{
    (void)state;
    struct arena a = {0};
    struct retrieval *r = retrieval_build(docs, COUNT(docs));
    struct retrieval_hit h[1];
    size_t n = retrieval_find(r, &a, STR("可以开发票吗？"), NULL, NULL, h, 1);
    double match = n == 1 ? h[0].match : 0;
    retrieval_free(r);
    arena_done(&a);
    assert_true(match > 0.8);
}

/* Counting as BM25 is defined must agree with the index, common terms and all. */
static void many_documents_keep_the_exact_order(void **state)
{
    (void)state;
    enum { MANY = 3000 };
    struct arena a = {0};
    struct retrieval_doc *many = arena_array(&a, struct retrieval_doc, MANY);
    for (uint32_t i = 0; i < MANY; i++)
        many[i] = (struct retrieval_doc){str_fmt(&a, "这个的 w%u 的吗 v%u", i % 700, i % 11), i};
    struct retrieval *r = retrieval_build(many, MANY);
    int failed = 0;
    for (uint32_t i = 0; i < 700; i += 13) {
        struct retrieval_hit h[3];
        size_t n = retrieval_find(r, &a, str_fmt(&a, "这个 w%u 吗 v%u", i, i % 11), NULL, NULL, h, 3);
        failed += n == 0 || h[0].item % 700 != i || h[0].item % 11 != i % 11;
    }
    retrieval_free(r);
    arena_done(&a);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_right_item_comes_first),
        cmocka_unit_test(what_is_not_allowed_is_not_found),
        cmocka_unit_test(the_same_text_matches_wholly),
        cmocka_unit_test(many_documents_keep_the_exact_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
