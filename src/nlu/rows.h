/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Rows: a file of `label<TAB>text` lines, which is what training, evaluation and retrieval read. Pure.
 */

#include "base/str.h"

struct row {
    struct str label, text; /* views into the file's text, trimmed, neither empty */
};

struct rows {
    struct row *v;
    size_t n, cap;
};

/**
 * Adds the rows of @p file to @p rows, in @p a. Empty lines are skipped; CRLF and a byte order mark are understood.
 * @param ret_error  "line 3: …"; untouched on success
 */
must_use bool rows_read(struct arena *a, struct str file, struct rows *rows, char ret_error[160]);
