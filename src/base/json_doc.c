/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON documents: RFC 8259, read once from front to back into one array of nodes.
 *
 * How          Nodes stand in the order of the text, each with the number of nodes below it, so that the array may move
 *              while it grows and a sibling is found by one addition. A text is scanned once for its end, its UTF-8 and
 *              its escapes; only one with escapes is copied.
 * Invariants   1. What it accepts, jansson accepts with the same values (json_doc_test.c, json_doc_fuzz.c).
 *              2. Time is linear in the text but for objects of many members, which are sorted to find one named twice.
 */
#include "base/json_doc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/utf8.h>

#include "base/limit.h"

#define BYTES_PER_NODE 16 /* as our documents have it; a denser one lets the array grow */
#define FEW_MEMBERS    24 /* up to here members are compared with each other; above, sorted */

struct reader {
    struct arena *a;
    const char *p, *end;
    unsigned depth;
    ARRAY(struct json_node) nodes;
};

static void skip_space(struct reader *r)
{
    while (r->p < r->end && (*r->p == ' ' || *r->p == '\n' || *r->p == '\t' || *r->p == '\r'))
        r->p++;
}

static bool take(struct reader *r, char c)
{
    if (r->p == r->end || *r->p != c)
        return false;
    r->p++;
    return true;
}

/* ---- texts ---------------------------------------------------------------------------------------------------- */

static bool is_tail(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/** Bytes of the well-formed sequence at @p p, 0 when it is none. Not for ASCII. */
static size_t sequence_bytes(const char *p, const char *end)
{
    unsigned char lead = (unsigned char)*p;
    size_t room = (size_t)(end - p);
    if (lead >= 0xE1 && lead <= 0xEC && room >= 3 && is_tail(p[1]) && is_tail(p[2]))
        return 3; /* nearly all Han */
    size_t n = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    return n <= room && str_is_utf8((struct str){p, n}) ? n : 0;
}

/** Bytes that mean themselves in a text: ASCII but for control characters, the quote and the backslash. */
static const bool is_plain[256] = {[0x20 ... 0x21] = true, [0x23 ... 0x5B] = true, [0x5D ... 0x7F] = true};

/** Passes over a text up to its closing quote. @p ret_raw is what stands between the quotes. */
static bool scan_text(struct reader *r, struct str *ret_raw, bool *ret_escaped)
{
    const char *from = r->p, *p = from;
    bool escaped = false;
    for (;;) {
        while (p < r->end && is_plain[(unsigned char)*p])
            p++;
        if (p == r->end || *p == '"')
            break;
        size_t n = 0;
        if ((unsigned char)*p >= 0x80)
            n = sequence_bytes(p, r->end);
        else if (*p == '\\')
            n = 2; /* the character behind it may be a quote; what it is, unescape() looks at */
        escaped |= *p == '\\';
        if (n == 0 || (size_t)(r->end - p) < n)
            return false;
        p += n;
    }
    if (p == r->end)
        return false;
    *ret_raw = (struct str){from, (size_t)(p - from)};
    *ret_escaped = escaped;
    r->p = p + 1;
    return true;
}

static bool hex4(struct str s, uint32_t *ret)
{
    uint32_t v = 0;
    if (s.n < 4)
        return false;
    for (size_t i = 0; i < 4; i++) {
        char c = s.p[i], low = (char)(c | 0x20);
        if (c >= '0' && c <= '9')
            v = v * 16 + (uint32_t)(c - '0');
        else if (low >= 'a' && low <= 'f')
            v = v * 16 + (uint32_t)(low - 'a' + 10);
        else
            return false;
    }
    *ret = v;
    return true;
}

/** The character of "\uXXXX" or of a pair of them at the front of @p s; 0 when it is none, or NUL. */
static uint32_t unicode_escape(struct str s, size_t *ret_bytes)
{
    uint32_t c, low;
    if (!hex4(str_sub(s, 2, 4), &c) || (c >= 0xDC00 && c <= 0xDFFF))
        return 0;
    *ret_bytes = 6;
    if (c < 0xD800 || c > 0xDFFF)
        return c;
    *ret_bytes = 12;
    if (!str_starts(str_sub(s, 6, 2), STR("\\u")) || !hex4(str_sub(s, 8, 4), &low) || low < 0xDC00 || low > 0xDFFF)
        return 0;
    return 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
}

/** The character that the escape at the front of @p s means; 0 when it is none. */
static uint32_t escape(struct str s, size_t *ret_bytes)
{
    static const char names[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
    if (s.n < 2)
        return 0;
    if (s.p[1] == 'u')
        return unicode_escape(s, ret_bytes);
    const char *at = memchr(names, s.p[1], sizeof(names) - 1);
    *ret_bytes = 2;
    return at != NULL ? (uint32_t)means[at - names] : 0;
}

static bool unescape(struct reader *r, struct str raw, struct str *ret)
{
    uint8_t *out = arena_alloc(r->a, raw.n); /* an escape is never shorter than what it means */
    size_t n = 0;
    while (raw.n > 0) {
        const char *at = memchr(raw.p, '\\', raw.n);
        size_t plain = at != NULL ? (size_t)(at - raw.p) : raw.n, bytes = 0;
        memcpy(out + n, raw.p, plain);
        n += plain;
        raw = str_sub(raw, plain, raw.n);
        if (raw.n == 0)
            break;
        uint32_t c = escape(raw, &bytes);
        if (c == 0)
            return false;
        U8_APPEND_UNSAFE(out, n, c);
        raw = str_sub(raw, bytes, raw.n);
    }
    *ret = (struct str){(const char *)out, n};
    return true;
}

static bool read_text(struct reader *r, struct str *ret)
{
    bool escaped;
    return take(r, '"') && scan_text(r, ret, &escaped) && (!escaped || unescape(r, *ret, ret));
}

/* ---- numbers -------------------------------------------------------------------------------------------------- */

static bool take_digits(struct reader *r)
{
    const char *from = r->p;
    while (r->p < r->end && *r->p >= '0' && *r->p <= '9')
        r->p++;
    return r->p > from;
}

static bool read_number(struct reader *r, struct json_node *ret)
{
    const char *from = r->p;
    (void)take(r, '-');
    if (!take(r, '0') && !take_digits(r))
        return false; /* a digit behind a leading 0 is what no value may be followed by */
    const char *whole = r->p;
    if (take(r, '.') && !take_digits(r))
        return false;
    if (take(r, 'e') || take(r, 'E')) {
        if (!take(r, '+'))
            (void)take(r, '-');
        if (!take_digits(r))
            return false;
    }
    struct str text = {from, (size_t)(r->p - from)};
    if (r->p == whole) {
        ret->kind = JSON_KIND_INT;
        return str_int(text, &ret->integer);
    }
    ret->kind = JSON_KIND_REAL;
    ret->real = strtod(str_c(r->a, text), NULL);
    return isfinite(ret->real);
}

/* ---- values --------------------------------------------------------------------------------------------------- */

static bool read_value(struct reader *r, struct str key);

static bool take_word(struct reader *r, struct str word)
{
    if (!str_starts((struct str){r->p, (size_t)(r->end - r->p)}, word))
        return false;
    r->p += word.n;
    return true;
}

static bool read_word(struct reader *r, struct json_node *ret)
{
    if (take_word(r, STR("null")))
        return true; /* the zeroed node */
    ret->kind = JSON_KIND_BOOL;
    ret->truth = take_word(r, STR("true"));
    return ret->truth || take_word(r, STR("false"));
}

static bool read_elements(struct reader *r, uint32_t *ret_count)
{
    skip_space(r);
    if (take(r, ']'))
        return true;
    do {
        ++*ret_count;
        if (!read_value(r, STR_NONE))
            return false;
        skip_space(r);
    } while (take(r, ','));
    return take(r, ']');
}

static bool read_members(struct reader *r, uint32_t *ret_count)
{
    skip_space(r);
    if (take(r, '}'))
        return true;
    do {
        struct str key;
        ++*ret_count;
        skip_space(r);
        if (!read_text(r, &key))
            return false;
        skip_space(r);
        if (!take(r, ':') || !read_value(r, key))
            return false;
        skip_space(r);
    } while (take(r, ','));
    return take(r, '}');
}

static int by_key(const void *x, const void *y)
{
    const struct str *a = x, *b = y;
    return str_cmp(*a, *b);
}

static bool many_have_twins(struct reader *r, const struct json_node *object)
{
    struct str *keys = arena_array(r->a, struct str, object->count);
    size_t n = 0;
    JSON_DOC_EACH(member, object)
        keys[n++] = member->key;
    qsort(keys, n, sizeof(*keys), by_key);
    for (size_t i = 1; i < n; i++)
        if (str_eq(keys[i - 1], keys[i]))
            return true;
    return false;
}

/** True when a member before @p one has its name. */
static bool stands_before(const struct json_node *object, const struct json_node *one)
{
    for (const struct json_node *other = object + 1; other != one; other += other->size)
        if (str_eq(other->key, one->key))
            return true;
    return false;
}

/** True when two members have one name. */
static bool has_twins(struct reader *r, const struct json_node *object)
{
    uint64_t seen = 0; /* a bit for length and first byte: rarely is one set twice */
    if (object->count > FEW_MEMBERS)
        return many_have_twins(r, object);
    JSON_DOC_EACH(one, object) {
        uint64_t bit = (uint64_t)1 << ((one->key.n * 7 + (one->key.n > 0 ? (unsigned char)one->key.p[0] : 0)) & 63);
        if ((seen & bit) != 0 && stands_before(object, one))
            return true;
        seen |= bit;
    }
    return false;
}

static bool read_nest(struct reader *r, size_t at, bool is_object)
{
    uint32_t count = 0;
    if (++r->depth > LIMIT_JSON_DEPTH)
        return false;
    if (!(is_object ? read_members(r, &count) : read_elements(r, &count)))
        return false;
    r->depth--;
    struct json_node *node = &r->nodes.v[at]; /* the array may have moved */
    node->kind = is_object ? JSON_KIND_OBJECT : JSON_KIND_ARRAY;
    node->count = count;
    node->size = (uint32_t)(r->nodes.n - at);
    return !is_object || !has_twins(r, node);
}

static bool read_value(struct reader *r, struct str key)
{
    size_t at = r->nodes.n;
    struct json_node *node = array_push(r->a, &r->nodes);
    node->key = key;
    node->size = 1;
    skip_space(r);
    if (r->p == r->end)
        return false;
    switch (*r->p) {
    case '{': r->p++; return read_nest(r, at, true);
    case '[': r->p++; return read_nest(r, at, false);
    case '"': node->kind = JSON_KIND_TEXT; return read_text(r, &node->text);
    case 't':
    case 'f':
    case 'n': return read_word(r, node);
    default: return read_number(r, node);
    }
}

const struct json_node *json_doc_read(struct arena *a, struct str text)
{
    if (text.n == 0 || text.n > UINT32_MAX / 2)
        return NULL;
    struct reader r = {.a = a, .p = text.p, .end = text.p + text.n};
    r.nodes.cap = text.n / BYTES_PER_NODE + 8;
    r.nodes.v = arena_array(a, struct json_node, r.nodes.cap);
    if (!read_value(&r, STR_NONE))
        return NULL;
    skip_space(&r);
    bool nests = r.nodes.v[0].kind == JSON_KIND_OBJECT || r.nodes.v[0].kind == JSON_KIND_ARRAY;
    return r.p == r.end && nests ? r.nodes.v : NULL;
}

/* ---- asking --------------------------------------------------------------------------------------------------- */

const struct json_node *json_doc_get(const struct json_node *o, const char *key)
{
    if (o == NULL || o->kind != JSON_KIND_OBJECT)
        return NULL;
    size_t n = strlen(key);
    JSON_DOC_EACH(member, o)
        if (member->key.n == n && memcmp(member->key.p, key, n) == 0)
            return member;
    return NULL;
}

struct str json_doc_text(const struct json_node *v)
{
    return v != NULL && v->kind == JSON_KIND_TEXT ? v->text : STR_NONE;
}

struct str json_doc_str(const struct json_node *o, const char *key)
{
    return json_doc_text(json_doc_get(o, key));
}

int64_t json_doc_int(const struct json_node *o, const char *key, int64_t otherwise)
{
    const struct json_node *v = json_doc_get(o, key);
    return v != NULL && v->kind == JSON_KIND_INT ? v->integer : otherwise;
}

double json_doc_num(const struct json_node *o, const char *key, double otherwise)
{
    const struct json_node *v = json_doc_get(o, key);
    if (v != NULL && v->kind == JSON_KIND_INT)
        return (double)v->integer;
    return v != NULL && v->kind == JSON_KIND_REAL ? v->real : otherwise;
}

bool json_doc_flag(const struct json_node *o, const char *key, bool otherwise)
{
    const struct json_node *v = json_doc_get(o, key);
    return v != NULL && v->kind == JSON_KIND_BOOL ? v->truth : otherwise;
}

static const struct json_node *of_kind(const struct json_node *v, enum json_kind kind)
{
    return v != NULL && v->kind == kind ? v : NULL;
}

const struct json_node *json_doc_list(const struct json_node *o, const char *key)
{
    return of_kind(json_doc_get(o, key), JSON_KIND_ARRAY);
}

const struct json_node *json_doc_object(const struct json_node *o, const char *key)
{
    return of_kind(json_doc_get(o, key), JSON_KIND_OBJECT);
}
