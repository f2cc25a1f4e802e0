/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Text: `struct str` is a view with a length, for reading; `struct buf` grows, for building.
 *
 * A view never owns and is not NUL-terminated; text is UTF-8 (checked at the door by str_is_utf8()).
 */

#include <stdarg.h>
#include <string.h>

#include "base/arena.h"

/** A view of bytes. {NULL, 0} is the empty text and is what "absent" looks like too. */
struct str {
    const char *p;
    size_t n;
};

#define STR(lit)   ((struct str){(lit), sizeof(lit) - 1})
#define STR_ARG(s) (int)(s).n, (s).p
#define STR_NONE   ((struct str){NULL, 0})

/** View of a C string; NULL gives the empty view. */
static inline struct str str_from(const char *s)
{
    return (struct str){s, s != NULL ? strlen(s) : 0};
}
/* Inline: most texts that are compared differ in length already, and that of a literal is known to the compiler. */
static inline bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}
static inline bool str_eq_c(struct str a, const char *b)
{
    return str_eq(a, str_from(b));
}
/** Order of bytes, as memcmp; shorter first. */
int str_cmp(struct str a, struct str b);
static inline bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && str_eq((struct str){s.p, prefix.n}, prefix);
}
bool str_ends(struct str s, struct str suffix);
/** Position of @p needle in @p s from @p from on, or SIZE_MAX. */
size_t str_find(struct str s, struct str needle, size_t from);
static inline bool str_has(struct str s, struct str needle)
{
    return str_find(s, needle, 0) != SIZE_MAX;
}
/** Part of @p s; out-of-range positions are cut to the text. */
struct str str_sub(struct str s, size_t from, size_t n);
/** Without ASCII white space at both ends. */
struct str str_trim(struct str s);
/** Takes the text up to @p sep off the front of @p rest; false when @p rest was exhausted before the call. */
bool str_cut(struct str *rest, char sep, struct str *ret_head);
/** NUL-terminated copy in @p a. */
char *str_c(struct arena *a, struct str s);
/** Copy in @p a. */
struct str str_dup(struct arena *a, struct str s);
/** Heap copy, NUL-terminated; caller frees. */
char *str_heap(struct str s);
/** Formats into @p a. */
struct str str_fmt(struct arena *a, const char *fmt, ...) printf_like(2, 3);
/** @p v in decimal digits, in @p a. */
struct str str_number(struct arena *a, int64_t v);
/** True for well-formed UTF-8 without surrogates and without NUL. */
bool str_is_utf8(struct str s);
/** Number of code points. */
size_t str_code_points(struct str s);
/** The first @p max code points of @p s. */
struct str str_clip(struct str s, size_t max);
/** Whole text as a decimal int64; false (and @p ret untouched) when it is not one or does not fit. */
must_use bool str_int(struct str s, int64_t *ret);
uint64_t str_hash(struct str s);

/** Text being built: in an arena when @p arena is set, on the heap otherwise (then buf_done() frees). */
struct buf {
    char *p;
    size_t n, cap;
    struct arena *arena;
};

/** For buf_reserve() only. */
void buf_grow(struct buf *b, size_t more);
/** Makes room for @p more bytes. */
static inline void buf_reserve(struct buf *b, size_t more)
{
    if (b->cap - b->n < more)
        buf_grow(b, more);
}
void buf_add(struct buf *b, const void *p, size_t n);
static inline void buf_str(struct buf *b, struct str s)
{
    buf_add(b, s.p, s.n);
}
void buf_c(struct buf *b, const char *s);
void buf_char(struct buf *b, char c);
void buf_int(struct buf *b, int64_t v);
void buf_printf(struct buf *b, const char *fmt, ...) printf_like(2, 3);
void buf_vprintf(struct buf *b, const char *fmt, va_list ap) printf_like(2, 0);
/** View of what was built; valid until the next change. */
static inline struct str buf_view(const struct buf *b)
{
    return (struct str){b->p, b->n};
}
/** Frees a heap buffer; an arena's is only forgotten. */
void buf_done(struct buf *b);
