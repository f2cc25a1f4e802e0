/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Thinning by a quota that all classes share, found by halving.
 */
#include "nlu/thin.h"

#include <stdlib.h>

static size_t taken_with(const size_t *counts, size_t class_count, size_t quota)
{
    size_t sum = 0;
    for (size_t c = 0; c < class_count; c++)
        sum += MIN(counts[c], quota);
    return sum;
}

/* The greatest quota with which no more than @p most rows are taken; at least 1, so that no class is lost. */
static size_t quota_for(const size_t *counts, size_t class_count, size_t rows, size_t most)
{
    size_t low = 1, high = rows;
    while (low < high) {
        size_t middle = low + (high - low + 1) / 2;
        if (taken_with(counts, class_count, middle) <= most)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

/* As many rows as the limit allows when each has the average length. */
static size_t most_rows(const struct rows *rows, struct thin_limit limit)
{
    size_t bytes = 0;
    for (size_t i = 0; i < rows->n; i++)
        bytes += rows->v[i].text.n;
    if (bytes <= limit.bytes)
        return limit.rows;
    return MIN(limit.rows, (size_t)((double)rows->n * (double)limit.bytes / (double)bytes));
}

size_t thin_rows(const struct rows *rows, const double *class_of, size_t class_count, struct thin_limit limit,
                 uint32_t *ret)
{
    size_t most = most_rows(rows, limit), n = 0;
    size_t *counts = xcalloc(class_count + 1, sizeof(*counts)), *seen = xcalloc(class_count + 1, sizeof(*seen));
    for (size_t i = 0; i < rows->n; i++)
        counts[(size_t)class_of[i]]++;
    size_t quota = rows->n > most ? quota_for(counts, class_count, rows->n, most) : rows->n;
    for (size_t i = 0; i < rows->n; i++) {
        size_t c = (size_t)class_of[i], share = MIN(quota, counts[c]), place = seen[c]++;
        if ((place + 1) * share / counts[c] > place * share / counts[c])
            ret[n++] = (uint32_t)i;
    }
    free(seen);
    free(counts);
    return n;
}
