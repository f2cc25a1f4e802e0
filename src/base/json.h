/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * JSON: reading through jansson with our own strictness and short accessors; writing straight into a buf.
 *
 * jansson measures 15 us for parse + write of a 300-byte event (handbook/stack.md, section 4), so what the server
 * says is written by `struct json_out`, which is only commas and escapes over a buf.
 */

#include <jansson.h>

#include "base/str.h"

/** json_decref for a cleanup attribute. */
void json_donep(json_t **j);

/**
 * Parses @p text: UTF-8, no duplicate keys, no NUL, depth limited by jansson (2048).
 * @param ret_error  sentence for people ("line 3: …"), may be NULL; untouched on success
 * @return new reference, or NULL
 */
must_use json_t *json_read(struct str text, char ret_error[160]);

/** Member @p key of object @p o as text / integer / bool; the default when absent or of another type. Borrowed. */
struct str json_str(const json_t *o, const char *key);
int64_t json_int(const json_t *o, const char *key, int64_t otherwise);
double json_num(const json_t *o, const char *key, double otherwise);
bool json_flag(const json_t *o, const char *key, bool otherwise);
/** Text of a string value. */
struct str json_text(const json_t *j);
/** Compact text of @p j in @p a. */
struct str json_dump(struct arena *a, const json_t *j);

/** Writes JSON into a buf: commas by itself, keys in call order. Zero with .b set is ready. */
struct json_out {
    struct buf *b;
    uint64_t first; /**< bit per open level: nothing written there yet */
    unsigned level; /**< open objects and arrays, at most 60 */
    bool after_key;
};

/** Starts a document in @p b. */
struct json_out json_to(struct buf *b);
void jo_open(struct json_out *o);       /**< { */
void jo_close(struct json_out *o);      /**< } */
void jo_array(struct json_out *o);      /**< [ */
void jo_array_end(struct json_out *o);  /**< ] */
void jo_key(struct json_out *o, const char *key); /**< a literal: not escaped */
void jo_key_text(struct json_out *o, struct str key); /**< somebody's text as a key: escaped */
void jo_text(struct json_out *o, struct str s); /**< a string value; {NULL,0} gives "" */
void jo_num(struct json_out *o, int64_t v);
void jo_real(struct json_out *o, double v);
void jo_bool(struct json_out *o, bool v);
void jo_null(struct json_out *o);
/** Puts @p raw, which must be JSON already, as the next value. */
void jo_raw(struct json_out *o, struct str raw);
/** Any jansson value as the next value. */
void jo_json(struct json_out *o, const json_t *j);

/* key and value in one call */
void jo_kt(struct json_out *o, const char *key, struct str s);
void jo_kc(struct json_out *o, const char *key, const char *s); /**< NULL writes null */
void jo_kn(struct json_out *o, const char *key, int64_t v);
void jo_kr(struct json_out *o, const char *key, double v);
void jo_kb(struct json_out *o, const char *key, bool v);
void jo_kid(struct json_out *o, const char *key, int64_t id);    /**< ids are strings to whoever reads them */
void jo_kat(struct json_out *o, const char *key, int64_t at_ms); /**< RFC 3339 in UTC; 0 writes null */
