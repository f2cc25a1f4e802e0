/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Import: rows of an outside file, one at a time, checked against the shape that a room has written down for its kind.
 *
 * A room exports one `struct import_kind` for what it stores (`product_import`, `person_import`, …): the members a
 * row may have, the key that must not come twice in a file, and the function that stores a row. The loop over them
 * (one transaction, counting, telling) is app/import_run.h.
 *
 * Always true: a row that reaches `store_row` is an object with exactly known members of the right types; what is not
 * is a refused row with the reason, never a stop. Memory is bounded: one row, and the keys seen.
 */

#include <stdio.h>

#include "base/json.h"
#include "base/limit.h"

struct tx; /* store/store.h */

/** What came of a row. A refused row has stored nothing. */
enum row_answer {
    ROW_ADDED,
    ROW_CHANGED,
    ROW_SAME,
    ROW_REFUSED,
    ROW_FAULT = -1, /**< logged by the store; the whole unit ends */
};

/** What people are told of a row. */
struct import_problem {
    char text[240]; /**< why it was refused */
    char once[200]; /**< said once after a stored row, then never again: a person's invitation code */
};

/** Writes the reason and gives ROW_REFUSED: `return import_refuse(problem, "no shop \"%.*s\"", …)`. */
enum row_answer import_refuse(struct import_problem *problem, const char *fmt, ...) printf_like(2, 3);

enum import_type {
    IMPORT_TEXT,   /**< string of min..max code points (max 0: LIMIT_NAME_CHARS) */
    IMPORT_INT,    /**< integer in min..max (both 0: any) */
    IMPORT_BOOL,
    IMPORT_TIME,   /**< RFC 3339 text or null */
    IMPORT_CHOICE, /**< one of `choices` ("a|b|c") */
    IMPORT_TEXTS,  /**< array of strings, each at most max code points; in a flat file: parts separated by | */
    IMPORT_OBJECT, /**< checked further by the row function; in a flat file: JSON */
    IMPORT_ARRAY,  /**< the same, an array */
    IMPORT_ANY,    /**< any JSON; in a flat file: text */
};

/** One member of a row. */
struct import_field {
    const char *name;
    enum import_type type;
    bool required;
    int64_t min, max;
    const char *choices;
};

/**
 * Stores one row that was checked against the kind's fields. Writes nothing when it refuses. Memory in @p a lives until
 * the row is done.
 */
typedef enum row_answer import_row_fn(struct tx *tx, struct arena *a, const json_t *row,
                                      struct import_problem *problem);

/** One KIND of `xiaoer import`. */
struct import_kind {
    const char *name;                   /**< "products" */
    const struct import_field *fields;  /**< ended by {0} */
    const char *key[4];                 /**< members that together must be new in the file; up to the first NULL */
    const char *columns;                /**< columns of a CSV or TSV without a heading ("intent|text"); NULL: JSONL only
                                             or a heading is needed, by @p flat */
    bool flat;                          /**< may come as CSV or TSV */
    import_row_fn *store_row;
};

/** True when @p object has only the members of @p fields, each of its type; else the reason, naming the member. */
must_use bool import_check(const json_t *object, const struct import_field *fields, struct import_problem *problem);

/**
 * The same for every object of an array inside a row: "items 3: "quantity" must be an integer".
 * @param what  name of the array; @param max  most elements
 */
must_use bool import_check_each(const json_t *array, const struct import_field *fields, const char *what, size_t max,
                                struct import_problem *problem);

#define IMPORT_COLUMNS 64

/** Reads one file. In place; import_reader_done() frees. One thread. */
struct import_reader {
    const struct import_kind *kind;
    FILE *file;
    struct str shop;      /**< given to rows that could name a shop and do not; empty: none. May be set after the start */
    char separator;       /**< 0: JSONL; ',' or '\t' */
    int64_t line;         /**< line on which the present row begins, from 1 */
    int64_t next_line;
    int64_t rows;         /**< records seen, good or bad */
    int64_t bytes;        /**< read so far, for progress */
    bool too_long;        /**< the present record exceeded LIMIT_IMPORT_LINE */
    bool open_quote;      /**< the file or record ended inside quotes */
    struct buf record;    /**< heap */
    struct arena heading; /**< holds the names in column[] */
    struct str column[IMPORT_COLUMNS];
    size_t column_count;
    bool again;           /**< the record in hand was no heading: it is the first row */
    struct arena keys;    /**< keys seen */
    struct import_key *table;
    size_t table_used, table_size;
};

enum import_next { IMPORT_END, IMPORT_ROW, IMPORT_BAD };

/**
 * Begins to read @p file, which stays the caller's. The form is told by @p name's ending (.jsonl .json .ndjson .csv .tsv
 * .txt) and otherwise by the first byte.
 * @return false with a sentence in @p problem: a flat file of a kind that is not flat, or an unknown column
 */
must_use bool import_reader_start(struct import_reader *r, const struct import_kind *kind, FILE *file,
                                  const char *name, struct import_problem *problem);
/**
 * The next row; empty lines are passed over.
 * @param a        takes the row's text; may be reset between rows
 * @param ret_row  new reference of a checked row; set only with IMPORT_ROW
 * @return IMPORT_BAD with the reason when the row was refused; r->line says where
 */
must_use enum import_next import_reader_next(struct import_reader *r, struct arena *a, json_t **ret_row,
                                             struct import_problem *problem);
void import_reader_done(struct import_reader *r);
