/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * JSON documents in an arena: a small strict reader for what a bot turn reads (orders, rules, settings), where jansson's
 * allocations were a fifth of the turn (docs/decisions/0006-json-arena-reader.md). It accepts what json_read() accepts,
 * less what is nested deeper than LIMIT_JSON_DEPTH or holds a NUL byte; json_doc_test.c holds the two against each other.
 *
 *     const struct json_node *body = json_doc_read(a, text);
 *     struct str id = json_doc_str(body, "id");
 *     JSON_DOC_EACH(item, json_doc_list(body, "items"))
 *         total += json_doc_int(item, "paid_cents", 0);
 *
 * Bodies of requests and rows of imports go through jansson, which can say what is wrong with them and where.
 */

#include "base/str.h"

enum json_kind {
    JSON_KIND_NULL,
    JSON_KIND_BOOL,
    JSON_KIND_INT,
    JSON_KIND_REAL,
    JSON_KIND_TEXT,
    JSON_KIND_ARRAY,
    JSON_KIND_OBJECT,
};

/** A value. What an array or object holds follows it in memory: its first child is the next node. */
struct json_node {
    struct str key;  /**< of a member of an object; else empty */
    enum json_kind kind;
    uint32_t count;  /**< elements of an array, members of an object */
    uint32_t size;   /**< this node and all below it: the next sibling is that far on */
    union {
        struct str text;
        int64_t integer;
        double real;
        bool truth;
    };
};

/**
 * Reads an object or array. UTF-8 is checked; two members of one name, NUL, lone surrogates and numbers that do not fit
 * are refused. The tree is in @p a; texts without escapes are views into @p text, which must live as long.
 * @return the whole document; NULL when @p text is not one
 */
must_use const struct json_node *json_doc_read(struct arena *a, struct str text);

/* All of these take NULL and values of any kind, and then find nothing. */

/** The member @p key of an object, or NULL. */
const struct json_node *json_doc_get(const struct json_node *o, const char *key);
/** The member as text, integer, number or truth; the default when absent or of another kind. */
struct str json_doc_str(const struct json_node *o, const char *key);
int64_t json_doc_int(const struct json_node *o, const char *key, int64_t otherwise);
double json_doc_num(const struct json_node *o, const char *key, double otherwise);
bool json_doc_flag(const struct json_node *o, const char *key, bool otherwise);
/** The member when it is an array, or an object; NULL otherwise. */
const struct json_node *json_doc_list(const struct json_node *o, const char *key);
const struct json_node *json_doc_object(const struct json_node *o, const char *key);
/** Text of a value that is one. */
struct str json_doc_text(const struct json_node *v);
/** Elements of an array, members of an object. */
static inline size_t json_doc_count(const struct json_node *v)
{
    return v != NULL ? v->count : 0;
}

/** Walks what an array or object holds, in order. */
#define JSON_DOC_EACH(one, list)                                                                   \
    for (const struct json_node *one = json_doc_first(list), *one##_end = json_doc_end(one);       \
         one != one##_end; one += one->size)
/** For JSON_DOC_EACH() only. */
static inline const struct json_node *json_doc_first(const struct json_node *v)
{
    return v != NULL ? v + 1 : NULL;
}
/** For JSON_DOC_EACH() only: behind the last child, from json_doc_first(). */
static inline const struct json_node *json_doc_end(const struct json_node *first)
{
    return first != NULL ? first - 1 + first[-1].size : NULL;
}
