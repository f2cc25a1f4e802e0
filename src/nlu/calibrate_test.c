/* SPDX-License-Identifier: Apache-2.0 */
/* Calibration: confidence is as often right as it says; thresholds are quantiles; `sure` bounds what goes wrong. */
#include "nlu/calibrate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define ROWS 1000

/* Margins from -1 to 1; right with the chance (1 + margin) / 2, by a fixed pattern. */
static void make_rows(struct held_out *rows)
{
    for (int i = 0; i < ROWS; i++) {
        float margin = (float)(i % 100) / 50 - 1;
        rows[i] = (struct held_out){.margin = margin,
                                    .gap = margin + 1,
                                    .right = (float)(i / 100) < (margin + 1) * 5,
                                    .in_scope = true};
    }
}

static double confidence(const struct calibration *c, float margin)
{
    return 1 / (1 + exp(-(double)(c->bias + c->by_margin * margin + c->by_gap * (margin + 1))));
}

static void confidence_is_as_often_right_as_it_says(void **state)
{
    (void)state;
    static struct held_out rows[ROWS];
    make_rows(rows);
    struct calibration c = calibrate(rows, ROWS);
    assert_true(fabs(confidence(&c, 0) - 0.5) < 0.1);
    assert_true(confidence(&c, 0.9f) > 0.85);
    assert_true(confidence(&c, -0.9f) < 0.15);
}

static void thresholds_are_quantiles(void **state)
{
    (void)state;
    static struct held_out rows[ROWS];
    make_rows(rows);
    struct calibration c = calibrate(rows, ROWS);
    assert_true(c.thresholds[0] < -1);
    assert_true(fabsf(c.thresholds[10] + 0.8f) < 0.03f);
    assert_true(fabsf(c.thresholds[50]) < 0.03f);
    for (int r = 1; r < MODEL_REJECT_STEPS; r++)
        assert_true(c.thresholds[r] >= c.thresholds[r - 1] && c.sure_thresholds[r] >= c.sure_thresholds[r - 1]);
}

static size_t wrong_from(const struct held_out *rows, const struct calibration *c)
{
    size_t wrong = 0;
    for (int i = 0; i < ROWS; i++)
        wrong += confidence(c, rows[i].margin) >= (double)c->sure && !rows[i].right;
    return wrong;
}

/* Calibration reorders its rows, so the same are made again to count with. */
static void four_in_a_hundred_are_sure_and_wrong(void **state)
{
    (void)state;
    static struct held_out rows[ROWS], again[ROWS];
    make_rows(rows);
    make_rows(again);
    struct calibration c = calibrate(rows, ROWS);
    size_t wrong = wrong_from(again, &c);
    assert_true(wrong > ROWS * 2 / 100 && wrong <= ROWS * 5 / 100); /* rows of one margin fall together */
}

/* Near copies of learned rows are nearly always right: they must not make the model bolder. */
static void near_copies_do_not_make_bolder(void **state)
{
    (void)state;
    static struct held_out rows[2 * ROWS];
    make_rows(rows);
    struct calibration alone = calibrate(rows, ROWS);
    make_rows(rows);
    make_rows(rows + ROWS);
    for (int i = ROWS; i < 2 * ROWS; i++)
        rows[i].right = rows[i].copied = true;
    struct calibration both = calibrate(rows, 2 * ROWS);
    assert_true(fabsf(alone.sure - both.sure) < 1e-6f);
    assert_true(fabs(confidence(&alone, 0.3f) - confidence(&both, 0.3f)) < 1e-6);
}

static void refused_rows_cannot_be_sure_and_wrong(void **state)
{
    (void)state;
    static struct held_out rows[2 * ROWS];
    make_rows(rows);
    make_rows(rows + ROWS);
    struct calibration without = calibrate(rows, ROWS);
    make_rows(rows);
    for (int i = ROWS; i < 2 * ROWS; i++) {
        rows[i].refused = true;
        rows[i].right = rows[i].in_scope = false;
    }
    struct calibration with = calibrate(rows, 2 * ROWS);
    assert_true(with.sure <= without.sure); /* more rows in all, none of them more wrong */
    assert_true(fabsf(with.thresholds[20] - without.thresholds[20]) < 1e-6f);
}

static void no_rows_give_a_usable_default(void **state)
{
    (void)state;
    struct calibration c = calibrate(NULL, 0);
    assert_true(confidence(&c, 0.5f) > confidence(&c, -0.5f));
    assert_true(c.thresholds[50] > c.thresholds[1]);
    assert_true(c.sure > 0.8f && c.sure < 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(confidence_is_as_often_right_as_it_says),
        cmocka_unit_test(thresholds_are_quantiles),
        cmocka_unit_test(four_in_a_hundred_are_sure_and_wrong),
        cmocka_unit_test(near_copies_do_not_make_bolder),
        cmocka_unit_test(refused_rows_cannot_be_sure_and_wrong),
        cmocka_unit_test(no_rows_give_a_usable_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
