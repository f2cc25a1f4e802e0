/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Evaluation. Every row is asked once for the figures; for the speed, all rows are asked again and again until enough
 * processor time has gone by to measure.
 */
#include "nlu/evaluate.h"

#include <time.h>

#define SPEED_SPAN 0.25 /* seconds of asking that make a figure */

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
            struct said said = {0}; /* only its time counts here */
            guess(arg, &a, rows->v[i].text, &said);
            arena_reset(&a);
        }
        asked += rows->n;
        now = thread_seconds();
    }
    return now > begun ? (double)asked / (now - begun) : 0;
}

/* What was said to one row, judged. */
static struct outcome judge(struct arena *a, const struct row *row, bool alternatives, const struct said *said)
{
    struct outcome o = {.row = row, .confidence = said->confidence};
    o.refused = said->refused || str_eq_c(said->label, EVALUATE_OOS);
    o.sure = said->sure && !o.refused;
    struct str label = o.refused ? STR(EVALUATE_OOS) : said->label;
    o.truth = truth_of(row->label, alternatives, label);
    o.in_scope = !str_eq_c(o.truth, EVALUATE_OOS);
    /* The shipped understanding's word for "none of these" is unclear. */
    o.right = str_eq(o.truth, label) || (!o.in_scope && str_eq_c(label, "unclear"));
    o.said = o.right ? o.truth : str_dup(a, label);
    return o;
}

static void count(const struct outcome *o, struct tallies *tallies, struct evaluation *e)
{
    e->sure += o->sure;
    e->sure_and_wrong += o->sure && !o->right;
    if (!o->in_scope) {
        e->oos_rows++;
        e->oos_recall += o->right;
        return;
    }
    e->rows++;
    e->rejected += o->refused;
    e->accuracy += o->right;
    tally_of(tallies, o->truth)->truth++;
    tally_of(tallies, o->said)->said++;
    tally_of(tallies, o->truth)->both += o->right;
}

const struct outcome *evaluate(struct arena *a, const struct rows *rows, bool alternatives, bool speed,
                               evaluate_fn *guess, void *arg, struct evaluation *ret)
{
    _cleanup_(arena_done) struct arena scratch = {0};
    struct tallies tallies = {.mask = 1023};
    while (tallies.mask < rows->n * 4)
        tallies.mask = tallies.mask * 2 + 1;
    tallies.v = arena_array(a, struct tally, tallies.mask + 1);
    struct outcome *outcomes = arena_array(a, struct outcome, rows->n + 1);

    *ret = (struct evaluation){0}; /* accuracy and oos_recall are counts until the end */
    for (size_t i = 0; i < rows->n; i++) {
        struct said said = {0};
        arena_reset(&scratch);
        guess(arg, &scratch, rows->v[i].text, &said);
        outcomes[i] = judge(a, &rows->v[i], alternatives, &said);
        count(&outcomes[i], &tallies, ret);
    }
    ret->accuracy /= (double)MAX(ret->rows, 1);
    ret->oos_recall /= (double)MAX(ret->oos_rows, 1);
    ret->macro_f1 = macro_f1(&tallies);
    if (speed)
        ret->queries_per_second = measure_speed(rows, guess, arg);
    return outcomes;
}
