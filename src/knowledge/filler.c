/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fillers: taken off both ends, the longest first, until none is left. Those of all languages together: a word of one
 * that stood at an end of a question of another would have to be a filler there too.
 */
#include "knowledge/filler.h"

#include <pthread.h>

#include <unicode/utf8.h>

#include "base/asset.h"
#include "nlu/normalise.h"

enum { LEAST = 2 }; /* letters that must remain */

/** Written once under `once`. */
static struct {
    struct arena arena;
    ARRAY(struct str) words;
} all;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void take_file(void *arg, struct str name, struct str bytes)
{
    (void)arg; /* there is one list */
    struct str line;
    if (!str_ends(name, STR("/lexicon/fillers.tsv")))
        return;
    while (str_cut(&bytes, '\n', &line)) {
        line = str_trim(line);
        if (line.n > 0 && line.p[0] != '#')
            *array_push(&all.arena, &all.words) = normalise(&all.arena, line);
    }
}

static void load(void)
{
    asset_each(STR("packs/"), take_file, NULL);
}

static bool is_ascii_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '\'';
}

static bool begins_with(struct str text, struct str word)
{
    if (text.n < word.n || text.p[0] != word.p[0] || !str_starts(text, word))
        return false;
    return text.n == word.n || !is_ascii_letter(word.p[word.n - 1]) || !is_ascii_letter(text.p[word.n]);
}

static bool ends_with(struct str text, struct str word)
{
    if (text.n < word.n || text.p[text.n - 1] != word.p[word.n - 1] || !str_ends(text, word))
        return false;
    return text.n == word.n || !is_ascii_letter(word.p[0]) || !is_ascii_letter(text.p[text.n - word.n - 1]);
}

/** True when @p one, a single character, is a space or sign. */
static bool is_border(struct str one)
{
    size_t at = 0;
    UChar32 cp;
    U8_NEXT_OR_FFFD((const uint8_t *)one.p, at, one.n, cp);
    enum char_class class = normalise_class((uint32_t)cp);
    return class == CHAR_OTHER || class == CHAR_MARK;
}

/** Without signs and spaces at the front. */
static struct str skip_signs(struct str text)
{
    while (text.n > 0 && is_border(str_clip(text, 1)))
        text = str_sub(text, str_clip(text, 1).n, text.n);
    return text;
}

/** The last character of @p text. */
static struct str last_of(struct str text)
{
    size_t at = text.n;
    while (at > 0 && ((unsigned char)text.p[--at] & 0xC0) == 0x80)
        continue;
    return str_sub(text, at, text.n);
}

static struct str skip_signs_behind(struct str text)
{
    while (text.n > 0 && is_border(last_of(text)))
        text.n -= last_of(text).n;
    return text;
}

/** Takes one filler off one end; false when there is none, or too little would remain. */
static bool take_off(struct str *text)
{
    struct str best = *text;
    for (size_t i = 0; i < all.words.n; i++) {
        struct str word = all.words.v[i], rest = *text;
        if (begins_with(*text, word))
            rest = skip_signs(str_sub(*text, word.n, text->n));
        else if (ends_with(*text, word))
            rest = skip_signs_behind(str_sub(*text, 0, text->n - word.n));
        if (rest.n < best.n && str_code_points(rest) >= LEAST)
            best = rest;
    }
    bool shorter = best.n < text->n;
    *text = best;
    return shorter;
}

bool filler_trim(struct arena *a, struct str text, struct str *ret)
{
    pthread_once(&once, load);
    struct str folded = normalise(a, text), whole = skip_signs_behind(skip_signs(folded)), rest = whole;
    while (take_off(&rest))
        continue;
    /* "你好在吗" is a greeting and nothing else */
    for (size_t i = 0; i < all.words.n; i++)
        if (str_eq(rest, all.words.v[i]))
            rest = whole;
    *ret = rest;
    return rest.n < folded.n;
}
