/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Evaluation. Every row is asked once for the figures; for the speed, all rows are asked again and again until enough
 * processor time has gone by to measure.
 */
#include "nlu/evaluate.h"

#include <time.h>

#define OOS         "oos"
#define SPEED_SPAN  0.25 /* seconds of asking that make a figure */

/* One label's counts. */
struct tally {
    struct str label;
    size_t truth, said, both;
};

struct tallies {
    struct tally *v; /* open addressing; an empty one has no label */
    size_t mask;
};

static double thread_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct tally *tally_of(struct tallies *t, struct str label)
{
    size_t at = str_hash(label) & t->mask;
    while (t->v[at].label.p != NULL && !str_eq(t->v[at].label, label))
        at = (at + 1) & t->mask;
    t->v[at].label = label;
    return &t->v[at];
}

/* Which of "a|b" was said; the first when none was. */
static struct str truth_of(struct str label, bool alternatives, struct str said)
{
    if (!alternatives)
        return label;
    struct str rest = label, one, first = STR_NONE;
    while (str_cut(&rest, '|', &one)) {
        if (str_eq(one, said))
            return one;
        if (first.p == NULL)
            first = one;
    }
    return first;
}

static double macro_f1(const struct tallies *t)
{
    double sum = 0;
    size_t labels = 0;
    for (size_t i = 0; i <= t->mask; i++) {
        if (t->v[i].truth == 0)
            continue;
        labels++;
        sum += 2.0 * (double)t->v[i].both / (double)(t->v[i].truth + t->v[i].said);
    }
    return labels > 0 ? sum / (double)labels : 0;
}

static double measure_speed(const struct rows *rows, evaluate_fn *guess, void *arg)
{
    _cleanup_(arena_done) struct arena a = {0};
    double begun = thread_seconds(), now = begun;
    size_t asked = 0;
    while (rows->n > 0 && now - begun < SPEED_SPAN) {
        for (size_t i = 0; i < rows->n; i++) {
            struct str label;
            (void)guess(arg, &a, rows->v[i].text, &label); /* only its time counts here */
            arena_reset(&a);
        }
        asked += rows->n;
        now = thread_seconds();
    }
    return now > begun ? (double)asked / (now - begun) : 0;
}

void evaluate(struct arena *a, const struct rows *rows, bool alternatives, evaluate_fn *guess, void *arg,
              void (*each)(void *arg, const struct row *row, struct str said, bool right), void *each_arg,
              struct evaluation *ret)
{
    _cleanup_(arena_done) struct arena scratch = {0};
    struct tallies tallies = {.mask = 1023};
    while (tallies.mask < rows->n * 4)
        tallies.mask = tallies.mask * 2 + 1;
    tallies.v = arena_array(a, struct tally, tallies.mask + 1);

    *ret = (struct evaluation){0};
    size_t right_rows = 0, oos_found = 0;
    for (size_t i = 0; i < rows->n; i++) {
        const struct row *row = &rows->v[i];
        struct str said = STR_NONE;
        arena_reset(&scratch);
        bool sure = guess(arg, &scratch, row->text, &said) && !str_eq_c(said, OOS);
        said = sure ? str_dup(a, said) : STR(OOS);

        struct str truth = truth_of(row->label, alternatives, said);
        /* The shipped understanding's word for "none of these" is unclear. */
        bool right = str_eq(truth, said) || (str_eq_c(truth, OOS) && str_eq_c(said, "unclear"));
        if (each != NULL)
            each(each_arg, row, said, right);
        if (str_eq_c(truth, OOS)) {
            ret->oos_rows++;
            oos_found += right;
            continue;
        }
        ret->rows++;
        ret->rejected += !sure;
        right_rows += right;
        tally_of(&tallies, truth)->truth++;
        tally_of(&tallies, said)->said++;
        tally_of(&tallies, truth)->both += right;
    }
    ret->accuracy = ret->rows > 0 ? (double)right_rows / (double)ret->rows : 0;
    ret->macro_f1 = macro_f1(&tallies);
    ret->oos_recall = ret->oos_rows > 0 ? (double)oos_found / (double)ret->oos_rows : 0;
    ret->queries_per_second = measure_speed(rows, guess, arg);
}
