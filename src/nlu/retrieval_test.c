/* SPDX-License-Identifier: Apache-2.0 */
/* Retrieval: the right question first, each item once, only what is allowed; what was meant; half-typed; after changes. */
#include "nlu/retrieval.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

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

/* ---- wrong letters, sounds ---------------------------------------------------------------------------------------- */

static const struct retrieval_doc shop[] = {
    {{"怎么申请退款", sizeof("怎么申请退款") - 1}, 1},   {{"什么时候发货", sizeof("什么时候发货") - 1}, 2},
    {{"可以开发票吗", sizeof("可以开发票吗") - 1}, 3},   {{"发什么快递", sizeof("发什么快递") - 1}, 4},
    {{"return a jacket", sizeof("return a jacket") - 1}, 5}, {{"refund after return", sizeof("refund after return") - 1}, 6},
    {{"绿色还有吗", sizeof("绿色还有吗") - 1}, 7},
};

static const struct {
    const char *name, *text;
    uint32_t item; /* of the first hit; 0: nothing is mended */
} mends[] = {
    {"all is known", "怎么申请退款", 0},
    {"a character of the same sound", "怎么申请退宽", 1},
    {"two of them", "什么时后发或", 2},
    {"n and ng are often mistaken", "怎么申亲退款", 1},
    {"pinyin of a word", "tuikuan", 1},
    {"pinyin in parts", "shenme shihou fahuo", 2},
    {"pinyin among characters", "什么时候fahuo", 2},
    {"v stands for u", "lvse还有吗", 7},
    {"a letter doubled", "refundd", 6},
    {"two letters changed round", "refnud after return", 6},
    {"a letter missing", "retun a jacket", 5},
    {"a number is not another number", "12345", 0},
    {"nor a code another code", "refund7", 0},
    {"a sound alone, with no witness", "快地方飘", 0},
    {"short words keep their letters", "teh", 0},
    {"mostly unknown: about something else", "熊猫爱吃竹子", 0},
    {"signs", "?!", 0},
};

static void what_was_meant_is_found(void **state)
{
    (void)state;
    int failed = 0;
    struct arena a = {0};
    struct retrieval *r = retrieval_build(shop, COUNT(shop));
    for (size_t i = 0; i < COUNT(mends); i++) {
        struct retrieval_hit h[3], plain[3];
        struct str text = str_from(mends[i].text);
        size_t n = retrieval_find_mended(r, &a, text, NULL, NULL, h, 3);
        size_t plain_n = retrieval_find(r, &a, text, NULL, NULL, plain, 3);
        bool good = mends[i].item == 0 ? n == 0 : n > 0 && h[0].item == mends[i].item;
        good = good && (n == 0 || (h[0].match < 0.999 && (plain_n == 0 || h[0].match > plain[0].match)));
        if (!good)
            print_error("[%s] %zu hits, first %u at %.2f\n", mends[i].name, n, n > 0 ? h[0].item : 0, n > 0 ? h[0].match : 0);
        failed += !good;
    }
    retrieval_free(r);
    arena_done(&a);
    assert_int_equal(failed, 0);
}

static const struct {
    const char *name, *typed;
    uint32_t first;
} typings[] = {
    {"the beginning", "发什", 4},
    {"a part", "申请", 1},
    {"half a word", "jack", 5},
    {"one letter of it", "return a j", 5},
    {"a whole word may still go on", "ref", 6},
    {"after a space it may not", "ref ", 0},
    {"pinyin", "fahuo", 2},
    {"a wrong character", "开发飘", 3},
    {"nothing", "", 0},
    {"a space", " ", 0},
    {"what nobody asks", "熊猫", 0},
};

static void a_text_being_typed_finds_what_it_may_become(void **state)
{
    (void)state;
    int failed = 0;
    struct arena a = {0};
    struct retrieval *r = retrieval_build(shop, COUNT(shop));
    for (size_t i = 0; i < COUNT(typings); i++) {
        struct retrieval_hit h[5];
        size_t n = retrieval_find_typed(r, &a, str_from(typings[i].typed), NULL, NULL, h, 5);
        bool good = typings[i].first == 0 ? n == 0 : n > 0 && h[0].item == typings[i].first && h[0].match > 0.6;
        if (!good)
            print_error("[%s] %zu hits, first %u at %.2f\n", typings[i].name, n, n > 0 ? h[0].item : 0, n > 0 ? h[0].match : 0);
        failed += !good;
    }
    retrieval_free(r);
    arena_done(&a);
    assert_int_equal(failed, 0);
}

/* ---- changes ------------------------------------------------------------------------------------------------------ */

/* A base to which a tenth was added and from which a tenth was taken. What stands beside the full part is weighed by the
 * statistics of that, so scores may differ a little from a full build's; which items come, and the first, may not. */
static void a_renewed_base_finds_what_a_new_one_would(void **state)
{
    (void)state;
    enum { MANY = 1000, GONE = 100 };
    struct arena a = {0};
    struct retrieval_doc *all = arena_array(&a, struct retrieval_doc, MANY);
    uint32_t gone[GONE];
    for (uint32_t i = 0; i < MANY; i++)
        all[i] = (struct retrieval_doc){str_fmt(&a, "怎么 w%u 退 v%u x%u", i, i % 7, i % 31), i};
    for (uint32_t i = 0; i < GONE; i++)
        gone[i] = i * 9;
    struct retrieval *old = retrieval_build(all, MANY - GONE);
    struct retrieval *r = retrieval_renew(old, gone, GONE, all + MANY - GONE, GONE);
    retrieval_free(old);
    int failed = 0;
    for (uint32_t i = 0; i < MANY; i++) {
        struct retrieval_hit h[3];
        size_t n = retrieval_find(r, &a, all[i].text, NULL, NULL, h, 3);
        bool is_gone = i < MANY - GONE && i % 9 == 0 && i / 9 < GONE;
        bool first = n > 0 && h[0].item == i && h[0].doc == i && h[0].match > 0.99;
        for (size_t k = 0; k < n; k++)
            failed += h[k].item == i && is_gone;
        if (first == is_gone)
            print_error("[%u] %zu hits, first %u\n", i, n, n > 0 ? h[0].item : 0);
        failed += first == is_gone;
    }
    /* known to either part is known: nothing is taken for something else */
    struct retrieval_hit h[3];
    failed += retrieval_find_mended(r, &a, STR("w950 w5"), NULL, NULL, h, 3) != 0;
    retrieval_free(r);
    arena_done(&a);
    assert_int_equal(failed, 0);
}

/* ---- near hits only ----------------------------------------------------------------------------------------------- */

/* Words that few documents have, and letters that many have, some of them twice. */
static struct str random_text(struct arena *a, unsigned *seed)
{
    static const char *const letters[] = {"退", "货", "款", "推", "的", "吗"};
    struct buf b = {.arena = a};
    size_t n = 1 + (size_t)rand_r(seed) % 9;
    for (size_t i = 0; i < n; i++) {
        if (rand_r(seed) % 3 == 0)
            buf_c(&b, letters[(size_t)rand_r(seed) % COUNT(letters)]);
        else
            buf_printf(&b, " w%d ", rand_r(seed) % 80);
    }
    return buf_view(&b);
}

/* Asked with a least match: all hits as ever, or none when none is so near. @return 0: as it should be */
static int ask_for_near(const struct retrieval *r, struct arena *a, const struct retrieval_question *q, double least,
                        size_t *spared)
{
    struct retrieval_hit all[12], near[12];
    size_t n = retrieval_ask(r, a, q, 0, only_even, NULL, all, 12);
    size_t given = retrieval_ask(r, a, q, least, only_even, NULL, near, 12);
    int failed = given > 0 && given != n;
    *spared += given == 0 && n > 0;
    for (size_t i = 0; i < n; i++)
        failed += given == 0 ? all[i].match >= least : near[i].doc != all[i].doc || near[i].match != all[i].match;
    return failed;
}

static void what_is_near_is_never_missed(void **state)
{
    (void)state;
    enum { MANY = 400, LATE = 40, ASKED = 4000 };
    struct arena a = {0}, scratch = {0};
    struct retrieval_doc *all = arena_array(&a, struct retrieval_doc, MANY);
    unsigned seed = 3;
    int failed = 0;
    size_t spared = 0;
    for (uint32_t i = 0; i < MANY; i++)
        all[i] = (struct retrieval_doc){random_text(&a, &seed), i / 3 + (i < MANY - LATE ? 0 : MANY)};
    struct retrieval *old = retrieval_build(all, MANY - LATE);
    struct retrieval *r = retrieval_renew(old, (uint32_t[]){2, 4, 6}, 3, all + MANY - LATE, LATE);
    for (size_t i = 0; i < ASKED; i++, arena_reset(&scratch)) {
        struct retrieval_question *q = retrieval_read(r, &scratch, random_text(&scratch, &seed));
        double least = 0.4 + 0.06 * (double)(i % 10);
        failed += ask_for_near(i % 2 == 0 ? old : r, &scratch, q, least, &spared);
        if (retrieval_mend(r, &scratch, q))
            failed += ask_for_near(r, &scratch, q, least, &spared);
    }
    retrieval_free(old);
    retrieval_free(r);
    arena_done(&scratch);
    arena_done(&a);
    assert_int_equal(failed, 0);
    assert_true(spared > ASKED / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_right_item_comes_first),
        cmocka_unit_test(what_is_not_allowed_is_not_found),
        cmocka_unit_test(the_same_text_matches_wholly),
        cmocka_unit_test(many_documents_keep_the_exact_order),
        cmocka_unit_test(what_was_meant_is_found),
        cmocka_unit_test(a_text_being_typed_finds_what_it_may_become),
        cmocka_unit_test(a_renewed_base_finds_what_a_new_one_would),
        cmocka_unit_test(what_is_near_is_never_missed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
