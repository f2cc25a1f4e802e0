/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folds and near copies.
 *
 * How          Each row is held against the rows of its class before it, the nearest so many in the file. Near copies stand
 *              near each other in a file that people wrote, so looking back a little finds them without comparing all
 *              with all.
 */
#include "nlu/folds.h"

#include <stdlib.h>

#include "nlu/features.h"

#define ALIKE     0.5 /* cosine of two rows' vectors from which one is a variation of the other */
#define LOOK_BACK 120 /* rows of the same class */

void folds_make(const struct rows *rows, unsigned folds, uint8_t *ret)
{
    for (size_t i = 0; i < rows->n; i++)
        ret[i] = (uint8_t)((feature_mix(0, str_hash(rows->v[i].text)) >> 20) % folds);
}

void folds_copies(const struct vectors *v, const double *class_of, size_t class_count, const uint8_t *fold_of, bool *ret)
{
    uint32_t *before = xcalloc(v->row_count + 1, sizeof(*before)); /* 1 + the row of the same class before; 0: none */
    uint32_t *last = xcalloc(class_count + 1, sizeof(*last));      /* 1 + the class's last row so far */
    for (uint32_t i = 0; i < v->row_count; i++) {
        size_t c = (size_t)class_of[i];
        before[i] = last[c];
        last[c] = i + 1;
        uint32_t other = before[i];
        for (int k = 0; k < LOOK_BACK && other != 0; k++, other = before[other - 1]) {
            uint32_t x = other - 1;
            if (fold_of[i] == fold_of[x] || (ret[i] && ret[x]) || vectors_likeness(v, i, x) <= ALIKE)
                continue;
            ret[i] = ret[x] = true;
        }
    }
    free(last);
    free(before);
}
