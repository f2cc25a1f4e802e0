/* SPDX-License-Identifier: Apache-2.0 */
/* Comparison and detail: what moved, whether it was luck, what was taken for what. */
#include "nlu/compare.h"

#include <math.h>
#include <string.h>

#include "base/table_test.h"
#include "nlu/evaluate_detail.h"

/* One letter a row: '+' right, '-' wrong, 'o' an unknown question noticed, 'x' one that was not. */
static const struct {
    const char *name, *now, *before;
    size_t rows, regressions, improvements;
    double difference;
    int sign; /* of the whole interval; 0: it holds zero */
} cases[] = {
    {"the same", "++--", "++--", 4, 0, 0, 0, 0},
    {"one of four is luck", "+++-", "++--", 4, 0, 1, 0.25, 0},
    {"all twenty", "++++++++++++++++++++", "--------------------", 20, 0, 20, 1, 1},
    {"worse beyond luck", "--------++++++++++++", "++++++++++++++++++++", 20, 8, 0, -0.4, -1},
    {"better and worse", "+-+-", "-++-", 4, 1, 1, 0, 0},
    {"unknown questions move, but are not in the accuracy", "++ox", "++xo", 2, 1, 1, 0, 0},
    {"no rows in scope", "oo", "oo", 0, 0, 0, 0, 0},
};

static void fill(struct outcome *v, const char *marks)
{
    for (size_t i = 0; marks[i] != 0; i++)
        v[i] = (struct outcome){.right = marks[i] == '+' || marks[i] == 'o', .in_scope = marks[i] == '+' || marks[i] == '-'};
}

static void comparison_follows_its_table(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena a = {0};
        struct outcome now[32], before[32];
        struct comparison c;
        fill(now, cases[i].now);
        fill(before, cases[i].before);
        compare(&a, now, before, strlen(cases[i].now), &c);
        int sign = c.low > 0 ? 1 : c.high < 0 ? -1 : 0;
        if (c.rows != cases[i].rows || c.regression_count != cases[i].regressions ||
            c.improvement_count != cases[i].improvements || fabs(c.difference - cases[i].difference) > 1e-9 ||
            sign != cases[i].sign || c.low > c.difference || c.high < c.difference)
            row_failed(failed, cases[i].name, "%zu rows, %zu worse, %zu better, %.3f in %.3f … %.3f", c.rows,
                       c.regression_count, c.improvement_count, c.difference, c.low, c.high);
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

static void repeats_itself(void **state)
{
    (void)state;
    struct arena a = {0};
    struct outcome now[32], before[32];
    struct comparison x, y;
    fill(now, "+-++-+-+++-+");
    fill(before, "-++++---+--+");
    compare(&a, now, before, 12, &x);
    compare(&a, now, before, 12, &y);
    assert_true(x.low == y.low && x.high == y.high);
    arena_done(&a);
}

static void detail_counts_pairs_labels_and_bins(void **state)
{
    (void)state;
    struct arena a = {0};
    const struct row rows[] = {{STR("a"), STR("one")}, {STR("a"), STR("two")}, {STR("a"), STR("three")}, {STR("b"), STR("four")}};
    const struct outcome v[] = {
        {&rows[0], STR("a"), STR("a"), 0.95, true, false, true, true},
        {&rows[1], STR("a"), STR("b"), 0.35, true, false, false, false},
        {&rows[2], STR("a"), STR("b"), 0.91, true, false, true, false},
        {&rows[3], STR("b"), STR("oos"), 1.0, true, true, false, false},
    };
    struct detail d;
    evaluate_detail(&a, v, COUNT(v), &d);
    assert_int_equal(d.label_count, 3);
    assert_true(str_eq_c(d.labels[0].label, "a") && d.labels[0].support == 3 && d.labels[0].said == 1);
    assert_true(fabs(label_precision(&d.labels[0]) - 1) < 1e-9);
    assert_true(fabs(label_recall(&d.labels[0]) - 1.0 / 3) < 1e-9);
    assert_true(fabs(label_f1(&d.labels[0]) - 0.5) < 1e-9);
    assert_true(label_precision(&d.labels[1]) == 0 && d.labels[1].said == 2);
    assert_true(str_eq_c(d.labels[2].label, "oos") && d.labels[2].support == 0);
    assert_int_equal(d.confusion_count, 2);
    assert_int_equal(d.confusions[0].n, 2);
    assert_ptr_equal(d.confusions[0].examples[0], &v[2]); /* the more confident mistake is shown first */
    assert_int_equal(d.bins[3].n, 1);
    assert_int_equal(d.bins[9].n, 3);
    assert_int_equal(d.bins[9].right, 1);
    assert_true(fabs(d.coverage - 0.5) < 1e-9 && fabs(d.sure_accuracy - 0.5) < 1e-9);
    evaluate_detail(&a, v, 0, &d);
    assert_true(d.label_count == 0 && d.coverage == 0 && d.calibration_error == 0);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparison_follows_its_table),
        cmocka_unit_test(repeats_itself),
        cmocka_unit_test(detail_counts_pairs_labels_and_bins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
