/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Holds json_doc_read() against jansson: for its test and its fuzz target. Both must accept the same texts with the same
 * values. Refused by us alone: what is nested too deep, and a NUL byte, which jansson passes over behind a word.
 */

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/json_doc.h"
#include "base/limit.h"

static inline bool same_value(const struct json_node *ours, const json_t *theirs);

static inline bool same_members(const struct json_node *ours, const json_t *theirs)
{
    size_t found = 0;
    if (ours->kind != JSON_KIND_OBJECT || ours->count != json_object_size(theirs))
        return false;
    JSON_DOC_EACH(member, ours) {
        char *key = str_heap(member->key);
        const json_t *their = json_object_get(theirs, key);
        found += their != NULL && json_doc_get(ours, key) == member && same_value(member, their);
        free(key);
    }
    return found == ours->count;
}

static inline bool same_elements(const struct json_node *ours, const json_t *theirs)
{
    size_t i = 0;
    if (ours->kind != JSON_KIND_ARRAY || ours->count != json_array_size(theirs))
        return false;
    JSON_DOC_EACH(one, ours)
        if (!same_value(one, json_array_get(theirs, i++)))
            return false;
    return i == ours->count;
}

static inline bool same_value(const struct json_node *ours, const json_t *theirs)
{
    switch (json_typeof(theirs)) {
    case JSON_NULL: return ours->kind == JSON_KIND_NULL;
    case JSON_TRUE: return ours->kind == JSON_KIND_BOOL && ours->truth;
    case JSON_FALSE: return ours->kind == JSON_KIND_BOOL && !ours->truth;
    case JSON_INTEGER: return ours->kind == JSON_KIND_INT && ours->integer == json_integer_value(theirs);
    case JSON_REAL:
        return ours->kind == JSON_KIND_REAL &&
               memcmp(&ours->real, &(double){json_real_value(theirs)}, sizeof(double)) == 0;
    case JSON_STRING: return ours->kind == JSON_KIND_TEXT && str_eq(ours->text, json_text(theirs));
    case JSON_ARRAY: return same_elements(ours, theirs);
    case JSON_OBJECT: return same_members(ours, theirs);
    }
    return false;
}

static inline unsigned depth_of(const json_t *j)
{
    unsigned deepest = 0;
    const char *key;
    size_t i;
    json_t *one, *nest = (json_t *)(uintptr_t)j; /* jansson's iterators do not change it */
    if (!json_is_object(j) && !json_is_array(j))
        return 0;
    json_object_foreach(nest, key, one) {
        unsigned depth = depth_of(one); /* once: MAX() would ask twice a level, 2^32 times in all */
        deepest = MAX(deepest, depth);
    }
    json_array_foreach(nest, i, one) {
        unsigned depth = depth_of(one);
        deepest = MAX(deepest, depth);
    }
    return deepest + 1;
}

/** True when both readers say the same of @p text. */
static inline bool readers_agree(struct arena *a, struct str text)
{
    json_t *theirs = json_read(text, NULL);
    const struct json_node *ours = json_doc_read(a, text);
    bool agree;
    if (ours == NULL)
        agree = theirs == NULL || depth_of(theirs) > LIMIT_JSON_DEPTH || memchr(text.p, '\0', text.n) != NULL;
    else
        agree = theirs != NULL && same_value(ours, theirs);
    json_decref(theirs);
    return agree;
}
