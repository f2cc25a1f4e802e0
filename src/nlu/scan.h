/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Scan: what the entity rules share: the text being walked, and how to look at words in it. For nlu/entity.c and
 * nlu/measure.c only.
 */

#include "nlu/lexicon.h"
#include "nlu/understand.h"

struct scan {
    struct arena *arena;
    struct str text;
    struct folded f; /* of text */
    const struct lexicon *words; /* colours, regions, days; may be NULL */
    bool jin;                    /* a bare weight is in 斤 */
    bool has_date, has_region, has_contact; /* what was found that something is left to do with at the end */
    ARRAY(struct entity) found;
};

/** A rule: tries to take an entity that begins at @p at. @return behind it, 0 when there is none. */
typedef size_t take_fn(struct scan *s, size_t at);

/** scan_word() of a word whose first character stands there. */
size_t scan_word_begun(const struct folded *f, size_t at, const char *word);
/** Place behind @p word (ASCII or Han) if it stands at @p at and no letter goes on, else 0. */
static inline size_t scan_word(const struct folded *f, size_t at, const char *word)
{
    const unsigned char *p = (const unsigned char *)word;
    uint32_t first = p[0]; /* our tables hold ASCII and three-byte Han only */
    if (first >= 0xE0)
        first = (first & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 | (uint32_t)(p[2] & 0x3F);
    return at < f->n && f->cp[at] == first ? scan_word_begun(f, at, word) : 0;
}
/** Whether one of @p words (ended by NULL) stands before @p at, with nothing but ": # 是 号" and spaces between. */
bool scan_any_before(const struct folded *f, size_t at, const char *const *words);
/** Place of the first character from @p at on that is no space. */
size_t scan_spaces(const struct folded *f, size_t at);
bool scan_is_letter(uint32_t cp);
bool scan_is_digit(uint32_t cp);

/** Adds an entity over code points [from, to), surely it. */
struct entity *scan_add(struct scan *s, enum entity_kind kind, size_t from, size_t to);
/** The same with a number, rounded, which is its value too. */
void scan_add_number(struct scan *s, enum entity_kind kind, size_t from, size_t to, double number);
/** The same with its own text in capitals as value. */
void scan_add_code(struct scan *s, enum entity_kind kind, size_t from, size_t to);
