/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SVM by LIBLINEAR.
 *
 * Its solver shuffles with rand(), so the seed is set before each training: same rows, same planes.
 */
#include "nlu/svm.h"

#include <linear.h>
#include <math.h>
#include <stdlib.h>

#define SVM_C   1.0
#define SVM_EPS 0.1
#define NEVER   (-2.0) /* margin of a class that the trained rows lack */

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

bool svm_train(const struct vectors *v, const double *class_of, size_t class_count, const bool *skip,
               struct svm *ret)
{
    struct problem p = {.x = xcalloc(v->row_count + 1, sizeof(*p.x)), .y = xcalloc(v->row_count + 1, sizeof(*p.y))};
    bool two = false;
    for (size_t i = 0; i < v->row_count; i++) {
        if (skip != NULL && skip[i])
            continue;
        p.x[p.l] = v->rows[i];
        p.y[p.l] = class_of[i];
        two |= class_of[i] != p.y[0];
        p.l++;
    }
    if (two) {
        struct model *m = run(v, &p);
        *ret = (struct svm){.class_count = class_count, .feature_count = v->feature_count};
        ret->weights = xcalloc((v->feature_count + 1) * class_count, sizeof(*ret->weights));
        for (size_t c = 0; c < class_count; c++)
            ret->weights[v->feature_count * class_count + c] = (float)NEVER;
        take_weights(m, ret);
        free_and_destroy_model(&m);
    }
    free(p.x);
    free(p.y);
    return two;
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
