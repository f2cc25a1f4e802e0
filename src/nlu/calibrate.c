/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calibration: a logistic of (margin, gap, length) by Newton's method with a little ridge; a step that overshoots is
 * halved, since margin and gap often say nearly the same. Quantiles by sorting.
 *
 * Sure         The lowest confidence at which no more than WRONG of the held-out rows without near copies, those of no
 *              class among them, would be acted on wrongly. It is a part of all that buyers say, not of what is acted on, so that
 *              it bounds how often somebody gets the wrong thing done.
 */
#include "nlu/calibrate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LEAST_ROWS 30
#define STEPS      25
#define RIDGE      1e-3
#define INPUTS     4      /* 1, margin, gap, length */
/* Part of all held-out rows that may be sure and wrong. They have no near copy among the rows that were trained on, so what
 * buyers write fares better: half of it on the packs' validation. Lower asks back more often: at .03 every fifth of real
 * buyers' questions that .05 answers rightly. */
#define WRONG 0.04
#define SURE_FEW   0.85f  /* what counts as sure when there were too few rows to tell */
#define NONE_SURE  1.0f   /* above every confidence */
#define OOS_SHARE  0.06   /* part of real questions that are of no class; training files have fewer, so theirs weigh more */

/* What a row counts. */
static double weight_of(const struct held_out *r, double oos_weight)
{
    return r->in_scope ? 1 : oos_weight;
}

static void inputs_of(const struct held_out *r, double ret[INPUTS])
{
    ret[0] = 1;
    ret[1] = (double)r->margin;
    ret[2] = (double)r->gap;
    ret[3] = (double)r->length;
}

static double right_chance(const double w[INPUTS], const struct held_out *r)
{
    double in[INPUTS], x = 0;
    inputs_of(r, in);
    for (int i = 0; i < INPUTS; i++)
        x += w[i] * in[i];
    return 1 / (1 + exp(-x));
}

/* Solves the system by elimination; the ridge keeps pivots away from 0. */
static void solve(double a[INPUTS][INPUTS + 1])
{
    for (int i = 0; i < INPUTS; i++)
        for (int k = 0; k < INPUTS; k++) {
            if (k == i)
                continue;
            double by = a[k][i] / a[i][i];
            for (int c = i; c <= INPUTS; c++)
                a[k][c] -= by * a[i][c];
        }
}

/* What Newton's method makes small: minus the log of the likelihood, and the ridge. */
static double loss(const struct held_out *rows, size_t n, double oos_weight, const double w[INPUTS])
{
    double sum = 0;
    for (int i = 0; i < INPUTS; i++)
        sum += RIDGE * (double)n * w[i] * w[i] / 2;
    for (size_t r = 0; r < n; r++) {
        double p = right_chance(w, &rows[r]);
        sum -= weight_of(&rows[r], oos_weight) * log(fmax(rows[r].right ? p : 1 - p, 1e-13));
    }
    return sum;
}

static void newton_direction(const struct held_out *rows, size_t n, double oos_weight, const double w[INPUTS],
                             double ret[INPUTS])
{
    double a[INPUTS][INPUTS + 1] = {{0}};
    for (int i = 0; i < INPUTS; i++) {
        a[i][i] = RIDGE * (double)n;
        a[i][INPUTS] = -RIDGE * (double)n * w[i];
    }
    for (size_t r = 0; r < n; r++) {
        double x[INPUTS], p = right_chance(w, &rows[r]), weight = weight_of(&rows[r], oos_weight);
        inputs_of(&rows[r], x);
        for (int i = 0; i < INPUTS; i++) {
            a[i][INPUTS] += weight * ((rows[r].right ? 1 : 0) - p) * x[i];
            for (int k = 0; k < INPUTS; k++)
                a[i][k] += weight * p * (1 - p) * x[i] * x[k];
        }
    }
    solve(a);
    for (int i = 0; i < INPUTS; i++)
        ret[i] = a[i][INPUTS] / a[i][i];
}

static void newton_step(const struct held_out *rows, size_t n, double oos_weight, double w[INPUTS])
{
    double direction[INPUTS], before = loss(rows, n, oos_weight, w);
    newton_direction(rows, n, oos_weight, w, direction);
    for (double length = 1; length > 1e-4; length /= 2) {
        double next[INPUTS];
        for (int i = 0; i < INPUTS; i++)
            next[i] = w[i] + length * direction[i];
        if (loss(rows, n, oos_weight, next) < before) {
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

static int surest_first(const void *x, const void *y)
{
    const struct held_out *a = x, *b = y;
    return (a->margin < b->margin) - (a->margin > b->margin);
}

/* The confidence from which guesses may be acted on. @p rows hold their confidence in .margin. */
static float sure_of(struct held_out *rows, size_t n, double oos_weight, double all)
{
    float sure = NONE_SURE;
    double wrong = 0;
    qsort(rows, n, sizeof(*rows), surest_first);
    for (size_t i = 0; i < n; i++) {
        wrong += rows[i].right ? 0 : weight_of(&rows[i], oos_weight);
        if (wrong > WRONG * all)
            break;
        sure = rows[i].margin;
    }
    return sure;
}

/* Rows that confidence is learned from come first. */
static int telling_first(const void *x, const void *y)
{
    const struct held_out *a = x, *b = y;
    return (int)(a->refused || a->copied) - (int)(b->refused || b->copied);
}

static void default_thresholds(struct calibration *c)
{
    c->sure = SURE_FEW;
    for (size_t r = 0; r < MODEL_REJECT_STEPS; r++) {
        c->thresholds[r] = r == 0 ? -1e6f : -1.0f + 0.02f * (float)r;
        c->sure_thresholds[r] = r == 0 ? -1e6f : 0.01f * (float)r;
    }
}

/* The known rows' margins, or their confidences; @return how many. */
static size_t known_values(const struct held_out *rows, size_t n, const double w[INPUTS], float *ret)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++)
        if (rows[i].in_scope && !rows[i].refused)
            ret[k++] = w == NULL ? rows[i].margin : (float)right_chance(w, &rows[i]);
    return k;
}

struct calibration calibrate(struct held_out *rows, size_t n)
{
    double w[INPUTS] = {0, 2, 2, 0}; /* what most sets end near; stands when there is nothing to learn from */
    size_t telling = 0, in_scope = 0, oos = 0;
    for (size_t i = 0; i < n; i++) {
        telling += !rows[i].refused && !rows[i].copied;
        in_scope += !rows[i].copied && rows[i].in_scope;
        oos += !rows[i].copied && !rows[i].in_scope;
    }
    double least_oos = (double)in_scope * OOS_SHARE / (1 - OOS_SHARE);
    double oos_weight = oos > 0 && (double)oos < least_oos ? least_oos / (double)oos : 1;
    if (n > 0)
        qsort(rows, n, sizeof(*rows), telling_first);
    for (int step = 0; telling >= LEAST_ROWS && step < STEPS; step++)
        newton_step(rows, telling, oos_weight, w);

    struct calibration c = {
        .bias = (float)w[0], .by_margin = (float)w[1], .by_gap = (float)w[2], .by_length = (float)w[3]};
    float *values = xcalloc(n + 1, sizeof(*values));
    size_t known = known_values(rows, n, NULL, values);
    default_thresholds(&c);
    if (known >= LEAST_ROWS) {
        quantiles(values, known, c.thresholds);
        quantiles(values, known_values(rows, n, w, values), c.sure_thresholds);
    }
    if (telling >= LEAST_ROWS) {
        for (size_t i = 0; i < telling; i++)
            rows[i].margin = (float)right_chance(w, &rows[i]);
        c.sure = sure_of(rows, telling, oos_weight, (double)in_scope + oos_weight * (double)oos);
    }
    free(values);
    return c;
}
