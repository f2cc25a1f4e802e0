/* SPDX-License-Identifier: Apache-2.0 */
/* Planes: both kinds of training learn, a mixture and the centring keep what they should; folds and near copies. */
#include "nlu/planes.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "nlu/folds.h"
#include "nlu/softmax.h"
#include "nlu/svm.h"

#define ROWS    9
#define CLASSES 3

static const struct row texts[ROWS] = {
    {STR("a"), STR("苹果香蕉")}, {STR("a"), STR("香蕉梨子")}, {STR("a"), STR("梨子苹果")},
    {STR("b"), STR("汽车火车")}, {STR("b"), STR("火车飞机")}, {STR("b"), STR("飞机汽车")},
    {STR("c"), STR("red green")}, {STR("c"), STR("green blue")}, {STR("c"), STR("blue red")},
};
static const double class_of[ROWS] = {0, 0, 0, 1, 1, 1, 2, 2, 2};

static void make(struct vectors *v)
{
    struct row rows[ROWS];
    for (size_t i = 0; i < ROWS; i++)
        rows[i] = texts[i];
    vectors_make(&(struct rows){.v = rows, .n = ROWS}, &(struct feature_choice){0}, SIZE_MAX, v);
}

static size_t best_of(const struct planes *p, const struct vectors *v, size_t row, double *ret_margin)
{
    double margins[CLASSES];
    size_t best = 0;
    planes_score(p, v, row, margins);
    for (size_t c = 1; c < CLASSES; c++)
        best = margins[c] > margins[best] ? c : best;
    *ret_margin = margins[best];
    return best;
}

static size_t right_rows(const struct planes *p, const struct vectors *v)
{
    size_t right = 0;
    double margin;
    for (size_t i = 0; i < ROWS; i++)
        right += best_of(p, v, i, &margin) == (size_t)class_of[i];
    return right;
}

static void both_kinds_and_their_mixture_learn(void **state)
{
    (void)state;
    struct vectors v;
    struct planes svm, softmax;
    make(&v);
    svm_train(&v, class_of, CLASSES, &svm);
    softmax_train(&v, class_of, CLASSES, NULL, &softmax);
    size_t by_svm = right_rows(&svm, &v), by_softmax = right_rows(&softmax, &v);
    planes_add(&svm, &softmax, 0.1f);
    size_t by_both = right_rows(&svm, &v);
    planes_centre(&svm);
    size_t centred = right_rows(&svm, &v);
    double margins[CLASSES];
    planes_score(&svm, &v, 0, margins);
    planes_done(&svm);
    planes_done(&softmax);
    vectors_done(&v);
    assert_int_equal(by_svm, ROWS);
    assert_int_equal(by_softmax, ROWS);
    assert_int_equal(by_both, ROWS);
    assert_int_equal(centred, ROWS);
    assert_true(fabs(margins[0] + margins[1] + margins[2]) < 1e-5); /* their mean is 0 */
}

/* A class whose rows are all left out is never the answer. */
static void what_was_left_out_is_not_known(void **state)
{
    (void)state;
    struct vectors v;
    struct planes whole, without;
    bool skip[ROWS] = {[6] = true, [7] = true, [8] = true};
    double margin;
    make(&v);
    svm_train(&v, class_of, CLASSES, &whole);
    svm_train_without(&v, class_of, &whole, skip, &without);
    size_t best = best_of(&without, &v, 7, &margin);
    planes_done(&whole);
    planes_done(&without);
    vectors_done(&v);
    assert_true(best != 2);
}

static void near_copies_across_folds_are_found(void **state)
{
    (void)state;
    struct row rows[] = {{STR("a"), STR("我的快递到哪里了")}, {STR("a"), STR("我的快递到哪里了呀")}, {STR("a"), STR("查一下物流")},
                         {STR("b"), STR("我的快递到哪里了")}};
    static const double classes[] = {0, 0, 0, 1};
    struct rows all = {.v = rows, .n = COUNT(rows)};
    struct vectors v;
    vectors_make(&all, &(struct feature_choice){0}, SIZE_MAX, &v);
    bool apart[COUNT(rows)] = {0}, together[COUNT(rows)] = {0};
    uint8_t folds[COUNT(rows)];
    folds_copies(&v, classes, 2, (const uint8_t[]){0, 1, 1, 2}, apart);
    folds_copies(&v, classes, 2, (const uint8_t[]){1, 1, 0, 2}, together);
    folds_make(&all, 5, folds);
    vectors_done(&v);
    assert_true(apart[0] && apart[1]);           /* one would be asked with the other learned */
    assert_true(!apart[2] && !apart[3]);         /* another class's copy is no help */
    assert_true(!together[0] && !together[1]);   /* both are left out at once */
    assert_int_equal(folds[0], folds[3]);        /* equal texts stay together */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_kinds_and_their_mixture_learn),
        cmocka_unit_test(what_was_left_out_is_not_known),
        cmocka_unit_test(near_copies_across_folds_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
