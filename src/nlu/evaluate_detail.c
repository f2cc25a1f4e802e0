/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Detail of an evaluation. Sorting the outcomes by (truth, said) puts each pair together; labels are sums over pairs.
 */
#include "nlu/evaluate_detail.h"

#include <math.h>
#include <stdlib.h>

static double part(size_t some, size_t all)
{
    return all > 0 ? (double)some / (double)all : 0;
}

double label_precision(const struct label_figures *l)
{
    return part(l->right, l->said);
}

double label_recall(const struct label_figures *l)
{
    return part(l->right, l->support);
}

double label_f1(const struct label_figures *l)
{
    return part(2 * l->right, l->support + l->said);
}

/* By pair; the most confident of a pair first, then as the rows stand. */
static int by_pair(const void *x, const void *y)
{
    const struct outcome *const *a = x, *const *b = y;
    int order = str_cmp((*a)->truth, (*b)->truth);
    if (order == 0)
        order = str_cmp((*a)->said, (*b)->said);
    if (order == 0)
        order = ((*a)->confidence < (*b)->confidence) - ((*a)->confidence > (*b)->confidence);
    return order != 0 ? order : (*a > *b) - (*a < *b);
}

static int by_name(const void *x, const void *y)
{
    return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

static int by_frequency(const void *x, const void *y)
{
    const struct confusion *a = x, *b = y;
    if (a->n != b->n)
        return a->n > b->n ? -1 : 1;
    int order = str_cmp(a->truth, b->truth);
    return order != 0 ? order : str_cmp(a->said, b->said);
}

/* Every label, once, by name. */
static struct label_figures *labels_of(struct arena *a, const struct outcome *v, size_t n, size_t *ret_n)
{
    struct str *names = arena_array(a, struct str, 2 * n + 1);
    for (size_t i = 0; i < n; i++) {
        names[2 * i] = v[i].truth;
        names[2 * i + 1] = v[i].said;
    }
    qsort(names, 2 * n, sizeof(*names), by_name);
    struct label_figures *labels = arena_array(a, struct label_figures, 2 * n + 1);
    size_t count = 0;
    for (size_t i = 0; i < 2 * n; i++)
        if (i == 0 || !str_eq(names[i], names[i - 1]))
            labels[count++].label = names[i];
    *ret_n = count;
    return labels;
}

static struct label_figures *label_of(struct label_figures *labels, size_t n, struct str name)
{
    struct label_figures *found = bsearch(&name, labels, n, sizeof(*labels), by_name); /* the name is the first member */
    assert(found != NULL);
    return found;
}

static void find_confusions(struct arena *a, const struct outcome **sorted, size_t n, struct detail *d)
{
    ARRAY(struct confusion) found = {0};
    struct confusion *open = NULL;
    for (size_t i = 0; i < n; i++) {
        const struct outcome *o = sorted[i];
        if (o->right)
            continue;
        if (open == NULL || !str_eq(open->truth, o->truth) || !str_eq(open->said, o->said)) {
            open = array_push(a, &found);
            open->truth = o->truth;
            open->said = o->said;
        }
        if (open->n++ < DETAIL_EXAMPLES)
            open->examples[open->example_count++] = o;
    }
    if (found.n > 0)
        qsort(found.v, found.n, sizeof(*found.v), by_frequency);
    d->confusions = found.v;
    d->confusion_count = found.n;
}

static void fill_bins(const struct outcome *v, size_t n, struct detail *d)
{
    for (size_t i = 0; i < n; i++) {
        double confidence = v[i].confidence >= 0 ? MIN(v[i].confidence, 1) : 0; /* not a number: 0 */
        struct reliability *bin = &d->bins[MIN((size_t)(confidence * DETAIL_BINS), DETAIL_BINS - 1)];
        bin->n++;
        bin->right += v[i].right;
        bin->confidence += confidence;
    }
    for (size_t i = 0; i < DETAIL_BINS; i++) {
        struct reliability *bin = &d->bins[i];
        bin->confidence /= (double)MAX(bin->n, 1);
        d->calibration_error += fabs(bin->confidence - part(bin->right, bin->n)) * part(bin->n, n);
    }
}

void evaluate_detail(struct arena *a, const struct outcome *v, size_t n, struct detail *ret)
{
    *ret = (struct detail){0};
    const struct outcome **sorted = arena_array(a, const struct outcome *, n + 1);
    struct label_figures *labels = labels_of(a, v, n, &ret->label_count);
    size_t sure = 0, sure_right = 0;
    for (size_t i = 0; i < n; i++) {
        struct label_figures *truth = label_of(labels, ret->label_count, v[i].truth);
        truth->support++;
        truth->right += v[i].right;
        label_of(labels, ret->label_count, v[i].said)->said++;
        sure += v[i].sure;
        sure_right += v[i].sure && v[i].right;
        sorted[i] = &v[i];
    }
    qsort(sorted, n, sizeof(*sorted), by_pair);
    ret->labels = labels;
    ret->coverage = part(sure, n);
    ret->sure_accuracy = part(sure_right, sure);
    find_confusions(a, sorted, n, ret);
    fill_bins(v, n, ret);
}
