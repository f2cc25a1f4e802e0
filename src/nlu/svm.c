/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SVM by LIBLINEAR.
 *
 * How          A plane depends only on the rows that reach into its margin, and in text those are some 5 % of the other
 *              classes' rows. So a first plane is made from the class's own rows and a sample of the others; then every
 *              row is held against it, those within the margin make the next plane, and so on until no row that was
 *              left aside has crossed the margin: then it is the plane that all rows would have made. Measured on
 *              CLINC150: a third of the time of one LIBLINEAR call with all rows, which is bound by reading them, and
 *              the same accuracy.
 *              Leaving rows out, for the calibration, starts from the whole planes and needs one round.
 * Invariants   LIBLINEAR shuffles with rand(), so the seed is set before each call: same rows, same planes.
 */
#include "nlu/svm.h"

#include <linear.h>
#include <math.h>
#include <stdlib.h>

#include "nlu/features.h"

#define SVM_C   1.0
#define SVM_EPS 0.1
#define SAMPLE  6       /* one in so many of the other classes' rows makes the first plane */
#define REACH   1.0f    /* margin below which a row has a part in a plane: where the hinge ends */
#define NEAR    1.05f   /* the same for planes that move a little because rows are left out */
#define CROSSED 0.97f   /* margin below which a row that was left aside asks for another round */
#define ROUNDS  6       /* three are usual */
#define NEVER   (-2.0f) /* margin of a class that the trained rows lack */

/* What one training passes along. */
struct training {
    const struct vectors *v;
    const double *class_of;
    struct planes *planes;
    bool *in;    /* [row][class]: rows that make the class's plane */
    bool *again; /* [class]: the plane has to be made again */
};

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

/* One plane from the rows in its reach. Without rows on one side there is none; its bias says always or never. */
static void train_plane(struct training *t, struct problem *p, size_t c)
{
    size_t k = t->planes->class_count;
    bool yes = false, no = false;
    p->l = 0;
    for (size_t i = 0; i < t->v->row_count; i++) {
        if (!t->in[i * k + c])
            continue;
        bool own = (size_t)t->class_of[i] == c;
        p->x[p->l] = t->v->rows[i];
        p->y[p->l++] = own ? 1 : -1;
        yes |= own;
        no |= !own;
    }
    if (!yes || !no) {
        t->planes->weights[t->planes->feature_count * k + c] = yes ? 0 : NEVER;
        return;
    }
    struct model *m = run(t->v, p);
    double sign = m->label[0] > 0 ? 1 : -1;
    for (size_t f = 0; f <= t->planes->feature_count; f++)
        t->planes->weights[f * k + c] = (float)(sign * m->w[f]);
    free_and_destroy_model(&m);
}

/* Margins of a row that was trained on. */
static void margins_of(const struct planes *s, const struct feature_node *x, float *ret)
{
    for (size_t c = 0; c < s->class_count; c++)
        ret[c] = 0;
    for (; x->index > 0; x++) { /* the bias is the last of them */
        const float *w = s->weights + (size_t)(x->index - 1) * s->class_count;
        float value = (float)x->value;
        for (size_t c = 0; c < s->class_count; c++)
            ret[c] += value * w[c];
    }
}

/* Takes in, class by class, the rows with less than @p reach to its plane among @p planes, and marks the classes that lack one.
 * @return whether there are any */
static bool take_in(struct training *t, const struct planes *planes, const bool *skip, float reach)
{
    size_t k = planes->class_count;
    bool lacking = false;
    float *margins = xcalloc(k, sizeof(*margins));
    for (size_t c = 0; c < k; c++)
        t->again[c] = false;
    for (size_t i = 0; i < t->v->row_count; i++) {
        if (skip != NULL && skip[i])
            continue;
        margins_of(planes, t->v->rows[i], margins);
        for (size_t c = 0; c < k; c++) {
            bool own = c == (size_t)t->class_of[i];
            bool *in = &t->in[i * k + c];
            t->again[c] |= !own && -margins[c] < CROSSED && !*in;
            *in = own || -margins[c] < reach;
        }
    }
    for (size_t c = 0; c < k; c++)
        lacking |= t->again[c];
    free(margins);
    return lacking;
}

static struct training training_new(const struct vectors *v, const double *class_of, struct planes *made)
{
    return (struct training){
        .v = v,
        .class_of = class_of,
        .in = xcalloc(v->row_count * made->class_count + 1, sizeof(bool)),
        .again = xcalloc(made->class_count, sizeof(bool)),
        .planes = made,
    };
}

static void training_done(struct training *t)
{
    free(t->in);
    free(t->again);
}

static void train_planes(struct training *t)
{
    size_t n = t->v->row_count;
    struct problem p = {.x = xcalloc(n + 1, sizeof(*p.x)), .y = xcalloc(n + 1, sizeof(*p.y))};
    for (size_t c = 0; c < t->planes->class_count; c++)
        if (t->again[c])
            train_plane(t, &p, c);
    free(p.x);
    free(p.y);
}

void svm_train(const struct vectors *v, const double *class_of, size_t class_count, struct planes *ret)
{
    *ret = planes_new(v, class_count);
    _cleanup_(training_done) struct training t = training_new(v, class_of, ret);
    for (size_t i = 0; i < v->row_count; i++)
        for (size_t c = 0; c < class_count; c++) {
            t.in[i * class_count + c] = c == (size_t)class_of[i] || feature_mix(i, c) % SAMPLE == 0;
            t.again[c] = true;
        }
    train_planes(&t);
    for (int round = 0; round < ROUNDS && take_in(&t, ret, NULL, REACH); round++)
        train_planes(&t);
}

void svm_train_without(const struct vectors *v, const double *class_of, const struct planes *whole, const bool *skip,
                       struct planes *ret)
{
    *ret = planes_new(v, whole->class_count);
    _cleanup_(training_done) struct training t = training_new(v, class_of, ret);
    (void)take_in(&t, whole, skip, NEAR); /* what lacks does not matter: every plane is made anew */
    for (size_t c = 0; c < whole->class_count; c++)
        t.again[c] = true;
    train_planes(&t);
}
