/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SVM by LIBLINEAR.
 *
 * Its solver shuffles with rand(), so the seed is set before each training: same rows, same planes.
 *
 * svm_train_without() rests on what a support vector machine is: rows well on their own side of a plane have no part in
 * it. Leaving a tenth of the rows out moves planes a little, so rows up to REACH beyond the margin are taken along.
 */
#include "nlu/svm.h"

#include <linear.h>
#include <math.h>
#include <stdlib.h>

#define SVM_C   1.0
#define SVM_EPS 0.1
#define REACH   1.2    /* margin up to which a row may come to matter when others are left out; the hinge ends at 1 */
#define NEVER   (-2.0f) /* margin of a class that the trained rows lack */

static void quiet(const char *text)
{
    (void)text; /* LIBLINEAR's own progress is not ours */
}

static struct model *run(const struct vectors *v, struct problem *p)
{
    struct parameter how = {.solver_type = L2R_L2LOSS_SVC_DUAL, .C = SVM_C, .eps = SVM_EPS};
    p->n = (int)v->feature_count + 1;
    p->bias = 1;
    assert(check_parameter(p, &how) == NULL);
    set_print_string_function(quiet);
    srand(1);
    return train(p, &how);
}

/* LIBLINEAR keeps one plane for two classes, and its own order of classes. */
static void take_weights(const struct model *m, struct svm *s)
{
    size_t planes = m->nr_class == 2 ? 1 : (size_t)m->nr_class;
    for (size_t f = 0; f <= s->feature_count; f++)
        for (size_t c = 0; c < (size_t)m->nr_class; c++) {
            double w = m->w[f * planes + (planes == 1 ? 0 : c)];
            s->weights[f * s->class_count + (size_t)m->label[c]] = (float)(planes == 1 && c == 1 ? -w : w);
        }
}

static struct svm svm_new(const struct vectors *v, size_t class_count)
{
    struct svm s = {.class_count = class_count, .feature_count = v->feature_count};
    s.weights = xcalloc((v->feature_count + 1) * class_count, sizeof(*s.weights));
    return s;
}

void svm_train(const struct vectors *v, const double *class_of, size_t class_count, struct svm *ret)
{
    struct problem p = {.l = (int)v->row_count, .x = v->rows, .y = xcalloc(v->row_count + 1, sizeof(*p.y))};
    for (size_t i = 0; i < v->row_count; i++)
        p.y[i] = class_of[i];
    struct model *m = run(v, &p);
    *ret = svm_new(v, class_count);
    take_weights(m, ret);
    free_and_destroy_model(&m);
    free(p.y);
}

/* [row][class]: whether the row is near enough to the class's plane to have a part in it. */
static bool *reach_of(const struct vectors *v, const double *class_of, const struct svm *whole, const bool *skip)
{
    size_t k = whole->class_count;
    bool *reach = xcalloc(v->row_count * k, sizeof(*reach));
    double *margins = xcalloc(k, sizeof(*margins));
    for (size_t i = 0; i < v->row_count; i++) {
        if (skip[i])
            continue;
        svm_score(whole, v, i, margins);
        for (size_t c = 0; c < k; c++)
            reach[i * k + c] = (c == (size_t)class_of[i] ? margins[c] : -margins[c]) < REACH;
    }
    free(margins);
    return reach;
}

/* One plane from the rows in its reach. Without rows on one side there is none, and the class's bias says never. */
static void train_plane(const struct vectors *v, struct problem *p, size_t c, struct svm *ret)
{
    bool yes = false, no = false;
    for (int i = 0; i < p->l; i++) {
        yes |= p->y[i] > 0;
        no |= p->y[i] < 0;
    }
    if (!yes || !no) {
        ret->weights[ret->feature_count * ret->class_count + c] = yes ? 0 : NEVER;
        return;
    }
    struct model *m = run(v, p);
    double sign = m->label[0] > 0 ? 1 : -1;
    for (size_t f = 0; f <= ret->feature_count; f++)
        ret->weights[f * ret->class_count + c] = (float)(sign * m->w[f]);
    free_and_destroy_model(&m);
}

void svm_train_without(const struct vectors *v, const double *class_of, const struct svm *whole, const bool *skip,
                       struct svm *ret)
{
    bool *reach = reach_of(v, class_of, whole, skip);
    struct problem p = {.x = xcalloc(v->row_count + 1, sizeof(*p.x)), .y = xcalloc(v->row_count + 1, sizeof(*p.y))};
    *ret = svm_new(v, whole->class_count);
    for (size_t c = 0; c < whole->class_count; c++) {
        p.l = 0;
        for (size_t i = 0; i < v->row_count; i++) {
            if (!reach[i * whole->class_count + c])
                continue;
            p.x[p.l] = v->rows[i];
            p.y[p.l++] = (size_t)class_of[i] == c ? 1 : -1;
        }
        train_plane(v, &p, c, ret);
    }
    free(p.x);
    free(p.y);
    free(reach);
}

void svm_done(struct svm *s)
{
    free(s->weights);
    *s = (struct svm){0};
}

void svm_score(const struct svm *s, const struct vectors *v, size_t row, double *ret)
{
    double squares = 0;
    for (size_t c = 0; c < s->class_count; c++)
        ret[c] = 0;
    const struct feature_node *x = v->rows[row];
    for (; x->index <= (int)s->feature_count; x++) {
        const float *w = s->weights + (size_t)(x->index - 1) * s->class_count;
        bool seen = false;
        for (size_t c = 0; c < s->class_count; c++) {
            seen |= fabsf(w[c]) > 0;
            ret[c] += x->value * (double)w[c];
        }
        squares += seen ? x->value * x->value : 0;
    }
    const float *bias = s->weights + s->feature_count * s->class_count;
    for (size_t c = 0; c < s->class_count; c++)
        ret[c] = (squares > 0 ? ret[c] / sqrt(squares) : 0) + (double)bias[c];
}
