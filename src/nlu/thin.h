/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Thinning: what training takes of a file that is larger than it can learn from in bounded memory and time. Every class
 * gives evenly spaced rows, small classes all of theirs: the quota is the same for all. Pure.
 */

#include "nlu/rows.h"

struct thin_limit {
    size_t rows, bytes; /**< most rows, most bytes of text in all */
};

/**
 * The places of the rows that are taken, rising, into @p ret (rows->n places).
 * @param class_of  class of each row, 0 … class_count - 1
 * @return how many: all of them when the file is within @p limit
 */
size_t thin_rows(const struct rows *rows, const double *class_of, size_t class_count, struct thin_limit limit,
                 uint32_t *ret);
