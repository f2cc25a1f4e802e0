/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Report: one JSON document of figures on standard output, one figure a line for people, in one line with --json.
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
/** Any JSON value. */
void report_raw(struct report *r, const char *key, struct str json);
/** An array, an element a line: @p item writes element @p i of @p n as one JSON value. */
void report_list(struct report *r, const char *key, size_t n, void (*item)(const void *arg, size_t i, struct json_out *o),
                 const void *arg);
/** Prints it. */
void report_end(struct report *r);
