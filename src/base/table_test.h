/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What table-driven tests share: cmocka with what it wants before it, and a loop that names the failing row. A row that
 * fails does not end the test, so that all failing rows are seen (style: collect, assert once).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/** Counts a failure of the row called @p name with a printf-like message. */
#define row_failed(failed, name, ...)                                                                              \
    do {                                                                                                            \
        print_error("[%s] ", (name));                                                                               \
        print_error(__VA_ARGS__);                                                                                   \
        print_error("\n");                                                                                          \
        (failed)++;                                                                                                 \
    } while (0)
