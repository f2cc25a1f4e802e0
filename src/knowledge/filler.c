/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fillers: taken off both ends, the longest first, until none is left. Those of all languages together: a word of one
 * that stood at an end of a question of another would have to be a filler there too.
 *
 * How          Most texts neither begin nor end with one, which two bytes at either end tell: the words lie in chains by
 *              their first two bytes, and by their last two.
 */
#include "knowledge/filler.h"

#include <pthread.h>

#include <unicode/utf8.h>

#include "base/asset.h"
#include "nlu/normalise.h"

enum {
    LEAST = 2, /* letters that must remain */
    CHAINS = 256,
};

struct filler {
    struct str word;
    size_t next_begin, next_end; /* in its chains: 1 + place; 0: the last. In the order of places */
};

/** Written once under `once`. */
static struct {
    struct arena arena;
    ARRAY(struct filler) fillers;
    size_t begins[CHAINS], ends[CHAINS]; /* by chain_of() the first and the last two bytes: 1 + place; 0: none */
} all;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/** The chain of the two bytes at @p p. */
static size_t chain_of(const char *p)
{
    return ((unsigned char)p[0] * 7u + (unsigned char)p[1] * 3u) % CHAINS;
}

static size_t first_at_front(struct str text)
{
    return text.n < 2 ? 0 : all.begins[chain_of(text.p)];
}

static size_t first_at_back(struct str text)
{
    return text.n < 2 ? 0 : all.ends[chain_of(text.p + text.n - 2)];
}

static void take_file(void *arg, struct str name, struct str bytes)
{
    (void)arg; /* there is one list */
    struct str line;
    if (!str_ends(name, STR("/lexicon/fillers.tsv")))
        return;
    while (str_cut(&bytes, '\n', &line)) {
        line = str_trim(line);
        if (line.n >= 2 && line.p[0] != '#') /* a single letter is no filler */
            array_push(&all.arena, &all.fillers)->word = normalise(&all.arena, line);
    }
}

static void load(void)
{
    asset_each(STR("packs/"), take_file, NULL);
    for (size_t i = all.fillers.n; i-- > 0;) {
        struct filler *f = &all.fillers.v[i];
        size_t *begins = &all.begins[chain_of(f->word.p)], *ends = &all.ends[chain_of(f->word.p + f->word.n - 2)];
        f->next_begin = *begins;
        f->next_end = *ends;
        *begins = *ends = i + 1;
    }
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

/** What taking a filler off leaves at the least. */
struct shortest {
    struct str rest;
    size_t by; /* 1 + its place; 0: nothing was taken off */
};

static void offer(struct shortest *best, struct str rest, size_t by)
{
    bool better = rest.n < best->rest.n || (rest.n == best->rest.n && by < best->by);
    if (better && str_code_points(rest) >= LEAST)
        *best = (struct shortest){rest, by};
}

/** Takes one filler off one end; false when there is none, or too little would remain. */
static bool take_off(struct str *text)
{
    struct shortest best = {.rest = *text};
    for (size_t i = first_at_front(*text); i != 0; i = all.fillers.v[i - 1].next_begin) {
        struct str word = all.fillers.v[i - 1].word;
        if (begins_with(*text, word))
            offer(&best, skip_signs(str_sub(*text, word.n, text->n)), i);
    }
    for (size_t i = first_at_back(*text); i != 0; i = all.fillers.v[i - 1].next_end) {
        struct str word = all.fillers.v[i - 1].word;
        if (ends_with(*text, word) && !begins_with(*text, word)) /* at both ends: the front first */
            offer(&best, skip_signs_behind(str_sub(*text, 0, text->n - word.n)), i);
    }
    *text = best.rest;
    return best.by != 0;
}

static bool is_filler(struct str text)
{
    for (size_t i = first_at_front(text); i != 0; i = all.fillers.v[i - 1].next_begin)
        if (str_eq(text, all.fillers.v[i - 1].word))
            return true;
    return false;
}

bool filler_trim(struct arena *a, struct str text, struct str *ret)
{
    pthread_once(&once, load);
    struct str folded = normalise(a, text), whole = skip_signs_behind(skip_signs(folded)), rest = whole;
    while (take_off(&rest))
        continue;
    if (is_filler(rest))
        rest = whole; /* "你好在吗" is a greeting and nothing else */
    *ret = rest;
    return rest.n < folded.n;
}
