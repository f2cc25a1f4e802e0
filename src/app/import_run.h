/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Import run: a whole file of rows into the store, in one transaction: all rows or none, unless bad ones may be left out.
 */

#include "base/import.h"
#include "store/store.h"

/** KIND of `xiaoer import`, or NULL. */
const struct import_kind *import_kind_find(struct str name);
/** "shops products …", for sentences. */
const char *import_kind_names(void);

struct import_options {
    bool skip_bad;    /**< store the good rows although others were refused */
    struct str shop;  /**< for rows that name none; empty: none */
    void (*progress)(const char *what, int64_t done, int64_t total); /**< may be NULL */
};

/** A line of the file, and what is said of it. */
struct import_line {
    int64_t line;
    struct str text;
};

#define IMPORT_LINES_TOLD 100

struct import_report {
    struct arena arena; /**< owns the texts; import_report_done() */
    int64_t rows, added, changed, same, refused;
    ARRAY(struct import_line) refusals; /**< the first IMPORT_LINES_TOLD */
    ARRAY(struct import_line) once;     /**< said once and never again: invitations, secrets */
};

enum import_outcome {
    IMPORT_DONE,
    IMPORT_UNDONE = 1, /**< rows were refused: nothing was stored */
    IMPORT_UNREADABLE = 2, /**< not a file of this kind: `ret_problem` says why */
    IMPORT_FAULT = STORE_FAULT,
};

/**
 * Imports @p file, which is read from its beginning and must be one that can be rewound. Blocks.
 * @param name  its ending tells the form (base/import.h)
 */
must_use enum import_outcome import_run(struct store *store, const struct import_kind *kind, FILE *file,
                                        const char *name, const struct import_options *options,
                                        struct import_report *ret, struct import_problem *ret_problem);
void import_report_done(struct import_report *r);
