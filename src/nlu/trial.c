/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Trial on held-out rows.
 *
 * How          Five folds. Of few rows every fold is tried, since one would tell nothing; of many, as many folds as make
 *              enough rows: each costs a training. All rows tell how many known questions lie below a margin; what
 *              confidence to have is told by the rows that no near copy was learned of (nlu/folds.h).
 */
#include "nlu/trial.h"

#include <stdlib.h>

#include "nlu/calibrate.h"
#include "nlu/folds.h"
#include "nlu/softmax.h"
#include "nlu/svm.h"

#define FOLDS       5
#define ENOUGH_ROWS 3000  /* held-out rows that make a calibration */
#define SHARE       0.06f /* of softmax weights; from .05 to .1 all sets are within .3 % */

void trial_finish(const struct vectors *v, const double *class_of, const bool *skip, bool mix, struct planes *planes)
{
    if (mix) {
        struct planes softmax;
        softmax_train(v, class_of, planes->class_count, skip, &softmax);
        planes_add(planes, &softmax, SHARE);
        planes_done(&softmax);
    }
    planes_centre(planes);
}

/* What came of the trial so far. */
struct tried {
    uint8_t *fold_of;
    bool *copied;
    struct held_out *rows;
    size_t n, in_scope, right;
};

static void note(const struct trial *t, struct tried *tried, size_t row, const double *margins)
{
    size_t truth = (size_t)t->class_of[row], best = margins[0] < margins[1], second = 1 - best;
    for (size_t c = 2; c < t->whole->class_count; c++) {
        if (margins[c] > margins[best]) {
            second = best;
            best = c;
        } else if (margins[c] > margins[second]) {
            second = c;
        }
    }
    struct held_out h = {.margin = (float)margins[best],
                         .gap = (float)(margins[best] - margins[second]),
                         .length = model_length(t->vectors->tokens[row]),
                         .right = best == truth,
                         .in_scope = truth != t->oos,
                         .refused = best == t->oos,
                         .copied = tried->copied[row]};
    tried->in_scope += h.in_scope;
    tried->right += h.right && h.in_scope;
    tried->rows[tried->n++] = h;
}

static void try_fold(const struct trial *t, uint8_t fold, struct tried *tried)
{
    size_t all = t->vectors->row_count;
    bool *skip = xcalloc(all, sizeof(*skip));
    double *margins = xcalloc(t->whole->class_count, sizeof(*margins));
    for (size_t i = 0; i < all; i++)
        skip[i] = i < t->row_count && tried->fold_of[i] == fold;

    struct planes planes;
    svm_train_without(t->vectors, t->class_of, t->whole, skip, &planes);
    trial_finish(t->vectors, t->class_of, skip, t->mix, &planes);
    for (size_t i = 0; i < all; i++) {
        if (!skip[i])
            continue;
        planes_score(&planes, t->vectors, i, margins);
        note(t, tried, i, margins);
    }
    planes_done(&planes);
    free(margins);
    free(skip);
}

struct calibration trial_run(const struct trial *t, double *ret_accuracy)
{
    size_t n = t->vectors->row_count;
    struct tried tried = {.fold_of = xcalloc(n + 1, sizeof(*tried.fold_of)),
                          .copied = xcalloc(n + 1, sizeof(*tried.copied)),
                          .rows = xcalloc(n + 1, sizeof(*tried.rows))};
    folds_make(t->rows, FOLDS, tried.fold_of);
    folds_copies(t->vectors, t->class_of, t->whole->class_count, tried.fold_of, tried.copied);
    for (uint8_t fold = 0; fold < FOLDS && tried.n < ENOUGH_ROWS; fold++)
        try_fold(t, fold, &tried);
    *ret_accuracy = tried.in_scope > 0 ? (double)tried.right / (double)tried.in_scope : 0;
    struct calibration c = calibrate(tried.rows, tried.n);
    free(tried.rows);
    free(tried.copied);
    free(tried.fold_of);
    return c;
}
