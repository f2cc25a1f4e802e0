/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asking a model.
 *
 * How          A query is a walk of four short loops over the hashes of the text's features: drop those that a filter does
 *              not know, asking the processor early for the table slots of the others; look these up, asking early for the
 *              rows; add the rows up (nlu/score.h). More than half of a text's features are in no model: the filter, a bit
 *              for each of the hash's upper bits, is small and is asked without a branch. Rows lie feature by feature with
 *              the classes side by side, so one feature of a text touches one or two cache lines per 64 classes. The row
 *              vector's length is taken out at the end: one division a query.
 */
#include "nlu/model_private.h"

#include <math.h>
#include <string.h>

#include "nlu/features.h"

#define FLOAT_LEAST 1e-12f /* no weight of a real model that counts is below */

size_t model_class_count(const struct model *m)
{
    return m->head->class_count;
}

size_t model_feature_count(const struct model *m)
{
    return m->head->feature_count;
}

uint64_t model_source(const struct model *m)
{
    return m->head->source;
}

struct str model_label(const struct model *m, uint32_t label)
{
    assert(label < m->head->class_count);
    return m->labels[label];
}

uint32_t model_find_label(const struct model *m, struct str name)
{
    for (uint32_t i = 0; i < m->head->class_count; i++)
        if (str_eq(m->labels[i], name))
            return i;
    return UINT32_MAX;
}

static double between_steps(const float *steps, double rate)
{
    double at = fmin(fmax(rate, 0.0), (MODEL_REJECT_STEPS - 1) / 100.0) * 100;
    size_t low = (size_t)at;
    if (low + 1 >= MODEL_REJECT_STEPS)
        return (double)steps[MODEL_REJECT_STEPS - 1];
    double part = at - (double)low;
    return (double)steps[low] * (1 - part) + (double)steps[low + 1] * part;
}

float model_threshold(const struct model *m, double rate)
{
    return (float)between_steps(m->head->calibration.thresholds, rate);
}

double model_sure_threshold(const struct model *m, double rate)
{
    return between_steps(m->head->calibration.sure_thresholds, rate);
}

double model_sure(const struct model *m)
{
    return (double)m->head->calibration.sure;
}

float model_length(size_t tokens)
{
    return logf((float)tokens + 1);
}

/* One known feature of the text at hand. */
struct known {
    const struct slot *slot;
    uint32_t count; /* how often it stands there */
    float factor;   /* of its row, by count */
};

static inline const struct slot *slot_find(const struct slot *slots, size_t mask, uint64_t hash)
{
    size_t at = hash & mask;
    for (uint32_t check = check_of(hash); slots[at].row != NO_ROW; at = (at + 1) & mask)
        if (slots[at].check == check)
            return &slots[at];
    return NULL;
}

/* Drops the hashes that the model cannot know, in place. @return how many are left */
static size_t drop_unknown(const struct model *m, uint64_t *v, size_t n)
{
    const uint64_t *filter = m->filter;
    const uint32_t shift = m->filter_shift;
    const size_t mask = ((size_t)1 << m->head->slot_bits) - 1;
    size_t left = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t hash = v[i];
        uint32_t bit = check_of(hash) >> shift;
        v[left] = hash;
        left += filter[bit / 64] >> bit % 64 & 1;
    }
    for (size_t i = 0; i < left; i++)
        __builtin_prefetch(&m->slots[v[i] & mask]);
    return left;
}

/* Looks the hashes up; each known feature once, with its count. The small table finds repeats without sorting. */
static size_t find_known(const struct model *m, struct arena *a, const uint64_t *v, size_t count, struct known *ret)
{
    const struct slot *slots = m->slots;
    const size_t mask = ((size_t)1 << m->head->slot_bits) - 1, stride = m->head->stride;
    size_t small = 16;
    while (small < count * 2)
        small *= 2;
    uint32_t *seen = arena_array(a, uint32_t, small); /* 1 + index into ret */
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        const struct slot *s = slot_find(slots, mask, v[i]);
        if (s == NULL)
            continue;
        size_t at = s->row & (small - 1);
        while (seen[at] != 0 && ret[seen[at] - 1].slot != s)
            at = (at + 1) & (small - 1);
        if (seen[at] != 0) {
            ret[seen[at] - 1].count++;
            continue;
        }
        __builtin_prefetch(m->rows + s->row * stride);
        ret[n++] = (struct known){.slot = s, .count = 1};
        seen[at] = (uint32_t)n;
    }
    return n;
}

static inline float of_count(uint32_t count)
{
    return count == 1 ? 1.0f : 1.0f + logf((float)count);
}

static inline const int8_t *row_of(const struct model *m, const struct slot *s)
{
    return m->rows + (size_t)s->row * m->head->stride;
}

static inline int16_t rounded(float factor)
{
    return (int16_t)(factor + copysignf(0.5f, factor));
}

/* Fills the pairs of the sum; @return what one unit of the integer sum is worth. */
static float pairs_of(const struct model *m, struct known *k, size_t n, struct score_pair *ret)
{
    float squares = 0, greatest = 0;
    for (size_t i = 0; i < n; i++) {
        float by_count = of_count(k[i].count), value = k[i].slot->value * by_count;
        k[i].factor = k[i].slot->factor * by_count;
        squares += value * value;
        greatest = fabsf(k[i].factor) > greatest ? fabsf(k[i].factor) : greatest;
    }
    if (squares < FLOAT_LEAST || greatest < FLOAT_LEAST)
        return 0;
    const float up = (float)score_factor_limit(n) / greatest;
    for (size_t i = 0; i < n; i += 2, ret++) {
        const struct known *x = &k[i], *y = i + 1 < n ? x + 1 : x; /* a lone last one beside itself, times 0 */
        ret->row[0] = row_of(m, x->slot);
        ret->row[1] = row_of(m, y->slot);
        ret->factor[0] = rounded(x->factor * up);
        ret->factor[1] = y != x ? rounded(y->factor * up) : 0;
    }
    return 1.0f / (up * sqrtf(squares));
}

/* So many classes at a time that the compiler takes four at once. */
static void to_margins(const int32_t *restrict sums, float unit, const float *restrict bias, size_t stride, float *restrict ret)
{
    for (size_t block = 0; block < stride; block += SCORE_BLOCK)
        for (size_t c = 0; c < SCORE_BLOCK; c++)
            ret[block + c] = (float)sums[block + c] * unit + bias[block + c];
}

/* Margins of all classes for a text's features: stride floats, those behind the classes below all others. Uses up the
 * features. */
static const float *score_features(const struct model *m, struct arena *a, struct features *f, score_fn *score)
{
    size_t likely = drop_unknown(m, f->v, f->n), stride = m->head->stride;
    struct known *known = arena_raw(a, sizeof(*known) * likely);
    size_t n = find_known(m, a, f->v, likely, known);
    struct score_pair *pairs = arena_raw(a, sizeof(*pairs) * ((n + 1) / 2));
    float unit = pairs_of(m, known, n, pairs);
    int32_t *sums = arena_raw(a, sizeof(*sums) * stride);
    float *margins = arena_raw(a, sizeof(*margins) * stride);
    score(pairs, unit > 0 ? (n + 1) / 2 : 0, stride, sums);
    to_margins(sums, unit, m->bias, stride, margins);
    for (size_t c = m->head->class_count; c < stride; c++)
        margins[c] = -INFINITY;
    return margins;
}

static struct feature_choice choice_of(const struct model *m)
{
    return (struct feature_choice){m->head->pairs != 0, m->concepts};
}

void model_score(const struct model *m, struct arena *a, struct str text, score_fn *score, float *ret)
{
    const struct arena_mark before = arena_mark(a);
    const struct feature_choice choice = choice_of(m);
    struct features f;
    features_of(a, text, &choice, &f);
    memcpy(ret, score_features(m, a, &f, score), m->head->class_count * sizeof(*ret));
    arena_rewind(a, before);
}

#define GROUPS 8

/* A margin that @p count classes reach: that of the count-th best of groups of classes. It spares most classes a look. */
static float reached_by(const float *margins, size_t stride, size_t count)
{
    float best[GROUPS], least = INFINITY;
    for (size_t g = 0; g < GROUPS; g++)
        best[g] = -INFINITY;
    for (size_t block = 0; block < stride; block += GROUPS)
        for (size_t g = 0; g < GROUPS; g++)
            best[g] = margins[block + g] > best[g] ? margins[block + g] : best[g];
    for (size_t g = 0; g < GROUPS; g++) {
        size_t better = 0;
        for (size_t k = 0; k < GROUPS; k++)
            better += best[k] > best[g];
        least = better < count && best[g] < least ? best[g] : least;
    }
    return count <= GROUPS ? least : -INFINITY;
}

/* Best first; the list is short, so each class is put in its place by insertion. */
static size_t pick_best(const float *margins, size_t classes, float least, struct model_guess *ret, size_t max)
{
    size_t n = 0;
    for (uint32_t c = 0; c < classes; c++) {
        float margin = margins[c];
        if (margin < least || (n == max && margin <= ret[n - 1].margin))
            continue;
        size_t at = n < max ? n++ : n - 1;
        for (; at > 0 && ret[at - 1].margin < margin; at--)
            ret[at] = ret[at - 1];
        ret[at] = (struct model_guess){.label = c, .margin = margin};
    }
    return n;
}

static size_t guess_features(const struct model *m, struct arena *a, struct features *f, struct model_guess *ret,
                             size_t max)
{
    assert(max >= 2);
    const float *margins = score_features(m, a, f, m->score);
    size_t n = pick_best(margins, m->head->class_count, reached_by(margins, m->head->stride, max), ret, max);
    const struct calibration *c = &m->head->calibration;
    float gap = ret[0].margin - ret[1].margin;
    float base = c->bias + c->by_length * model_length(f->end[FEATURE_TOKENS]);
    for (size_t i = 0; i < n; i++) {
        double x = (double)(base + c->by_margin * ret[i].margin + c->by_gap * (i == 0 ? gap : -gap));
        ret[i].confidence = 1 / (1 + exp(-x));
    }
    return n;
}

size_t model_guess_points(const struct model *m, struct arena *a, const struct folded *points, struct model_guess *ret,
                          size_t max)
{
    const struct arena_mark before = arena_mark(a);
    const struct feature_choice choice = choice_of(m);
    struct features f;
    features_of_points(a, points, &choice, &f);
    size_t n = guess_features(m, a, &f, ret, max);
    arena_rewind(a, before);
    return n;
}

size_t model_guess(const struct model *m, struct arena *a, struct str text, struct model_guess *ret, size_t max)
{
    const struct arena_mark before = arena_mark(a);
    struct folded points;
    normalise_points(a, str_sub(text, 0, FEATURE_MOST_BYTES), &points);
    size_t n = model_guess_points(m, a, &points, ret, max);
    arena_rewind(a, before);
    return n;
}
