/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What C lacks and every file uses: counts, units, cleanup by attribute, hand-over in the open.
 *
 * Always true: out of memory aborts (xmalloc, arena), because every outside input has a limit (base/limit.h).
 */

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COUNT(a)    (sizeof(a) / sizeof((a)[0]))
#define must_use    __attribute__((warn_unused_result))
#define _cleanup_(f) __attribute__((cleanup(f)))
#define printf_like(fmt, args) __attribute__((format(printf, fmt, args)))

#define KIB ((size_t)1024)
#define MIB ((size_t)1024 * 1024)

#define SECOND_MS ((int64_t)1000)
#define MINUTE_MS ((int64_t)60 * 1000)
#define HOUR_MS   ((int64_t)3600 * 1000)
#define DAY_MS    ((int64_t)86400 * 1000)

/** Takes the pointer out of @p pp and leaves NULL there: the hand-over of an owned thing. */
#define steal(pp)                                                                                  \
    ({                                                                                             \
        __typeof__(*(pp)) steal_tmp = *(pp);                                                       \
        *(pp) = NULL;                                                                              \
        steal_tmp;                                                                                 \
    })

#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

/** malloc, calloc, realloc that abort with a line on standard error instead of failing. */
must_use void *xmalloc(size_t n);
must_use void *xcalloc(size_t count, size_t size);
must_use void *xrealloc(void *p, size_t n);
must_use char *xstrdup(const char *s);
/** free() for a cleanup attribute: `_cleanup_(freep) char *s`. */
void freep(void *pp);
/** Ends the process after one line on standard error: for what the program cannot go on without. */
_Noreturn void fatal(const char *fmt, ...) printf_like(1, 2);
