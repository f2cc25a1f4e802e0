/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calibration: a logistic of (margin, gap) by Newton's method with a little ridge; a step that overshoots is halved,
 * since margin and gap often say nearly the same. Quantiles by sorting.
 */
#include "nlu/calibrate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LEAST_ROWS 30
#define STEPS      25
#define RIDGE      1e-3

static double right_chance(const double w[3], const struct held_out *r)
{
    double x = w[0] + w[1] * (double)r->margin + w[2] * (double)r->gap;
    return 1 / (1 + exp(-x));
}

/* Solves the 3 × 3 system by elimination; the ridge keeps pivots away from 0. */
static void solve(double a[3][4])
{
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++) {
            if (k == i)
                continue;
            double by = a[k][i] / a[i][i];
            for (int c = i; c < 4; c++)
                a[k][c] -= by * a[i][c];
        }
}

/* What Newton's method makes small: minus the log of the likelihood, and the ridge. */
static double loss(const struct held_out *rows, size_t n, const double w[3])
{
    double sum = 0;
    for (int i = 0; i < 3; i++)
        sum += RIDGE * (double)n * w[i] * w[i] / 2;
    for (size_t r = 0; r < n; r++) {
        double x = w[0] + w[1] * (double)rows[r].margin + w[2] * (double)rows[r].gap;
        double against = rows[r].right ? -x : x;
        sum += against > 30 ? against : log1p(exp(against));
    }
    return sum;
}

static void newton_direction(const struct held_out *rows, size_t n, const double w[3], double ret[3])
{
    double a[3][4] = {{0}};
    for (int i = 0; i < 3; i++) {
        a[i][i] = RIDGE * (double)n;
        a[i][3] = -RIDGE * (double)n * w[i];
    }
    for (size_t r = 0; r < n; r++) {
        double x[3] = {1, (double)rows[r].margin, (double)rows[r].gap};
        double p = right_chance(w, &rows[r]);
        for (int i = 0; i < 3; i++) {
            a[i][3] += ((rows[r].right ? 1 : 0) - p) * x[i];
            for (int k = 0; k < 3; k++)
                a[i][k] += p * (1 - p) * x[i] * x[k];
        }
    }
    solve(a);
    for (int i = 0; i < 3; i++)
        ret[i] = a[i][3] / a[i][i];
}

static void newton_step(const struct held_out *rows, size_t n, double w[3])
{
    double direction[3], before = loss(rows, n, w);
    newton_direction(rows, n, w, direction);
    for (double length = 1; length > 1e-4; length /= 2) {
        double next[3];
        for (int i = 0; i < 3; i++)
            next[i] = w[i] + length * direction[i];
        if (loss(rows, n, next) < before) {
            memcpy(w, next, sizeof(next));
            return;
        }
    }
}

static int by_value(const void *x, const void *y)
{
    float a = *(const float *)x, b = *(const float *)y;
    return (a > b) - (a < b);
}

/* thresholds[r] lies above r % of the values; [0] below all. */
static void quantiles(float *values, size_t n, float ret[MODEL_REJECT_STEPS])
{
    qsort(values, n, sizeof(*values), by_value);
    ret[0] = -1e6f;
    for (size_t r = 1; r < MODEL_REJECT_STEPS; r++)
        ret[r] = values[n * r / 100];
}

struct calibration calibrate(struct held_out *rows, size_t n)
{
    double w[3] = {0, 2, 2}; /* what most sets end near; stands when there is nothing to learn from */
    size_t in_scope = 0;
    for (size_t i = 0; i < n; i++)
        in_scope += rows[i].in_scope;
    for (int step = 0; n >= LEAST_ROWS && step < STEPS; step++)
        newton_step(rows, n, w);

    struct calibration c = {.bias = (float)w[0], .by_margin = (float)w[1], .by_gap = (float)w[2]};
    float *values = xcalloc(in_scope + 1, sizeof(*values));
    size_t k = 0;
    for (size_t i = 0; i < n; i++)
        if (rows[i].in_scope)
            values[k++] = rows[i].margin;
    if (in_scope >= LEAST_ROWS) {
        quantiles(values, in_scope, c.thresholds);
        k = 0;
        for (size_t i = 0; i < n; i++)
            if (rows[i].in_scope)
                values[k++] = (float)right_chance(w, &rows[i]);
        quantiles(values, in_scope, c.sure_thresholds);
    } else {
        for (size_t r = 0; r < MODEL_REJECT_STEPS; r++) {
            c.thresholds[r] = r == 0 ? -1e6f : -1.0f + 0.02f * (float)r;
            c.sure_thresholds[r] = r == 0 ? -1e6f : 0.01f * (float)r;
        }
    }
    free(values);
    return c;
}
