/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON in (jansson) and out (straight into a buf).
 */
#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"

void json_donep(json_t **j)
{
    json_decref(*j);
    *j = NULL;
}

json_t *json_read(struct str text, char ret_error[160])
{
    json_error_t e;
    json_t *j = json_loadb(text.p != NULL ? text.p : "", text.n, JSON_REJECT_DUPLICATES, &e);
    if (j == NULL && ret_error != NULL)
        snprintf(ret_error, 160, "line %d, column %d: %.100s", e.line, e.column, e.text);
    return j;
}

struct str json_text(const json_t *j)
{
    if (!json_is_string(j))
        return STR_NONE;
    return (struct str){json_string_value(j), json_string_length(j)};
}

struct str json_str(const json_t *o, const char *key)
{
    return json_text(json_object_get(o, key));
}

int64_t json_int(const json_t *o, const char *key, int64_t otherwise)
{
    const json_t *j = json_object_get(o, key);
    return json_is_integer(j) ? (int64_t)json_integer_value(j) : otherwise;
}

double json_num(const json_t *o, const char *key, double otherwise)
{
    const json_t *j = json_object_get(o, key);
    return json_is_number(j) ? json_number_value(j) : otherwise;
}

bool json_flag(const json_t *o, const char *key, bool otherwise)
{
    const json_t *j = json_object_get(o, key);
    return json_is_boolean(j) ? json_is_true(j) : otherwise;
}

static int add_to_buf(const char *p, size_t n, void *b)
{
    buf_add(b, p, n);
    return 0;
}

struct str json_dump(struct arena *a, const json_t *j)
{
    struct buf b = {.arena = a};
    if (j != NULL)
        json_dump_callback(j, add_to_buf, &b, JSON_COMPACT | JSON_ENCODE_ANY);
    return buf_view(&b);
}

struct json_out json_to(struct buf *b)
{
    return (struct json_out){.b = b, .first = 1};
}

/** Adds what is known to be short without a call: keys and signs are most of what is written. */
static inline void put(struct buf *b, const char *p, size_t n)
{
    if (b->cap - b->n < n)
        buf_reserve(b, n);
    memcpy(b->p + b->n, p, n);
    b->n += n;
}

static inline void put_char(struct buf *b, char c)
{
    if (b->cap == b->n)
        buf_reserve(b, 1);
    b->p[b->n++] = c;
}

/** True when a comma is due before the next value. */
static inline bool follows(struct json_out *o)
{
    uint64_t bit = (uint64_t)1 << o->level;
    bool first = (o->first & bit) != 0;
    o->first &= ~bit;
    return !first;
}

static inline void before_value(struct json_out *o)
{
    if (o->after_key)
        o->after_key = false;
    else if (follows(o))
        put_char(o->b, ',');
}

static void open_level(struct json_out *o, char c)
{
    before_value(o);
    put_char(o->b, c);
    o->level++;
    assert(o->level < 61);
    o->first |= (uint64_t)1 << o->level;
}

static void close_level(struct json_out *o, char c)
{
    assert(o->level > 0);
    o->level--;
    put_char(o->b, c);
}

void jo_open(struct json_out *o)
{
    open_level(o, '{');
}

void jo_close(struct json_out *o)
{
    close_level(o, '}');
}

void jo_array(struct json_out *o)
{
    open_level(o, '[');
}

void jo_array_end(struct json_out *o)
{
    close_level(o, ']');
}

#define EACH_BYTE(c) (0x0101010101010101u * (c))

/** The top bit of every byte of @p w that is below @p c, if it is ASCII; and perhaps of bytes above the lowest such. */
static inline uint64_t below(uint64_t w, unsigned char c)
{
    return (w - EACH_BYTE(c)) & ~w & EACH_BYTE(0x80);
}

/** Bytes at the front of @p s that stand as they are between quotes: eight at a step, for most of what is written has none
 *  that is to be escaped. */
static size_t plain_bytes(struct str s)
{
    static const bool escaped[256] = {[0 ... 0x1f] = true, ['"'] = true, ['\\'] = true, [0x7f] = true};
    size_t i = 0;
    uint64_t w;
    for (; s.n - i >= 8; i += 8) {
        memcpy(&w, s.p + i, 8);
        if ((below(w, 0x20) | below(w ^ EACH_BYTE('"'), 1) | below(w ^ EACH_BYTE('\\'), 1) | below(w ^ EACH_BYTE(0x7f), 1)) != 0)
            break;
    }
    while (i < s.n && !escaped[(unsigned char)s.p[i]])
        i++;
    return i;
}

static void add_escape(struct buf *b, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    char esc[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
    switch (c) {
    case '"': buf_add(b, "\\\"", 2); break;
    case '\\': buf_add(b, "\\\\", 2); break;
    case '\n': buf_add(b, "\\n", 2); break;
    case '\r': buf_add(b, "\\r", 2); break;
    case '\t': buf_add(b, "\\t", 2); break;
    default: buf_add(b, esc, 6); break;
    }
}

static void add_escaped(struct buf *b, struct str s)
{
    buf_reserve(b, s.n + 2);
    put_char(b, '"');
    for (;;) {
        size_t n = plain_bytes(s);
        if (n > 0)
            put(b, s.p, n);
        if (n == s.n)
            break;
        add_escape(b, (unsigned char)s.p[n]);
        s = (struct str){s.p + n + 1, s.n - n - 1};
    }
    put_char(b, '"');
}

/* Most of what is written are keys: room is asked for once. */
void jo_key(struct json_out *o, const char *key)
{
    assert(!o->after_key);
    size_t n = strlen(key);
    buf_reserve(o->b, n + 4);
    char *p = o->b->p + o->b->n, *from = p;
    if (follows(o))
        *p++ = ',';
    *p++ = '"';
    memcpy(p, key, n);
    p += n;
    *p++ = '"';
    *p++ = ':';
    o->b->n += (size_t)(p - from);
    o->after_key = true;
}

void jo_key_text(struct json_out *o, struct str key)
{
    assert(!o->after_key);
    before_value(o);
    add_escaped(o->b, key);
    put_char(o->b, ':');
    o->after_key = true;
}

void jo_text(struct json_out *o, struct str s)
{
    before_value(o);
    add_escaped(o->b, s);
}

void jo_num(struct json_out *o, int64_t v)
{
    before_value(o);
    buf_int(o->b, v);
}

/** Writes what has at most two decimals, as nearly all our reals have: as "%.10g" would, at a tenth of its cost. */
static bool add_hundredths(struct buf *b, double v)
{
    double hundredths = v * 100;
    if (!(fabs(hundredths) < 1e8) || signbit(v))
        return false;
    int64_t n = (int64_t)(hundredths + 0.5), part = n % 100;
    if ((double)n / 100 != v)
        return false;
    buf_int(b, n / 100);
    if (part == 0)
        return true;
    put_char(b, '.');
    put_char(b, (char)('0' + part / 10));
    if (part % 10 != 0)
        put_char(b, (char)('0' + part % 10));
    return true;
}

void jo_real(struct json_out *o, double v)
{
    before_value(o);
    if (!isfinite(v))
        buf_c(o->b, "null");
    else if (!add_hundredths(o->b, v))
        buf_printf(o->b, "%.10g", v);
}

void jo_bool(struct json_out *o, bool v)
{
    before_value(o);
    buf_c(o->b, v ? "true" : "false");
}

void jo_null(struct json_out *o)
{
    before_value(o);
    buf_c(o->b, "null");
}

void jo_raw(struct json_out *o, struct str raw)
{
    before_value(o);
    if (raw.n > 0)
        buf_str(o->b, raw);
    else
        buf_c(o->b, "null");
}

void jo_json(struct json_out *o, const json_t *j)
{
    before_value(o);
    if (j == NULL)
        buf_c(o->b, "null");
    else
        json_dump_callback(j, add_to_buf, o->b, JSON_COMPACT | JSON_ENCODE_ANY);
}

void jo_kt(struct json_out *o, const char *key, struct str s)
{
    jo_key(o, key);
    jo_text(o, s);
}

void jo_kc(struct json_out *o, const char *key, const char *s)
{
    jo_key(o, key);
    if (s != NULL)
        jo_text(o, str_from(s));
    else
        jo_null(o);
}

void jo_kn(struct json_out *o, const char *key, int64_t v)
{
    jo_key(o, key);
    jo_num(o, v);
}

void jo_kr(struct json_out *o, const char *key, double v)
{
    jo_key(o, key);
    jo_real(o, v);
}

void jo_kb(struct json_out *o, const char *key, bool v)
{
    jo_key(o, key);
    jo_bool(o, v);
}

void jo_kid(struct json_out *o, const char *key, int64_t id)
{
    jo_key(o, key);
    before_value(o);
    put_char(o->b, '"');
    buf_int(o->b, id);
    put_char(o->b, '"');
}

void jo_kat(struct json_out *o, const char *key, int64_t at_ms)
{
    jo_key(o, key);
    if (at_ms == 0) {
        jo_null(o);
        return;
    }
    char text[TIME_TEXT];
    jo_text(o, str_from(time_rfc3339(at_ms, 0, text)));
}
