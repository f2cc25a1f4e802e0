/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Report: one flat JSON document of figures on standard output, one figure a line for people, in one line with --json.
 */

#include "app/cli.h"

struct report {
    struct buf b;
    bool lines;
    size_t n;
};

struct report report_begin(const struct cli *c, struct arena *a);
void report_count(struct report *r, const char *key, size_t value);
/** With @p decimals digits; null when @p value is NaN. */
void report_real(struct report *r, const char *key, double value, int decimals);
/** Prints it. */
void report_end(struct report *r);
