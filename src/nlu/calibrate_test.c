/* SPDX-License-Identifier: Apache-2.0 */
/* Calibration: confidence rises with the margin and is as often right as it says; thresholds are quantiles. */
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
        rows[i] = (struct held_out){margin, margin + 1, (float)(i / 100) < (margin + 1) * 5, true};
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

static void no_rows_give_a_usable_default(void **state)
{
    (void)state;
    struct calibration c = calibrate(NULL, 0);
    assert_true(confidence(&c, 0.5f) > confidence(&c, -0.5f));
    assert_true(c.thresholds[50] > c.thresholds[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(confidence_is_as_often_right_as_it_says),
        cmocka_unit_test(thresholds_are_quantiles),
        cmocka_unit_test(no_rows_give_a_usable_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
