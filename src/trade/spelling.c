/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spelling: looks through a text for the shop's words in other letters.
 *
 * How          At each place the index (spelling_index.c) is asked for words of the same sounds, in typed pinyin, or with a
 *              half that stands there whole. What is found is compared closely.
 * Invariants   What stands there exactly as the shop writes it is never changed.
 */
#include "trade/spelling_private.h"

#include <stdlib.h>

#define TEXT_MOST    96 /* units of a text that are looked at: names stand in the first sentences */
#define LATIN_PLAIN  5  /* letters from which one that is missing or doubled leaves no doubt */
#define LATIN_SURE   7  /* letters from which a wrong one still leaves no doubt */
#define CHAIN_MOST   24 /* words looked at under one key */

/* ---- comparing ---------------------------------------------------------------------------------------------------- */

/* In what two rows of units differ. */
enum step { STEP_NONE, STEP_WRONG, STEP_MISSING, STEP_DOUBLED, STEP_SWAPPED, STEP_FAR };

static bool same(const struct unit *a, const struct unit *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (a[i].sound != b[i].sound)
            return false;
    return true;
}

static bool same_characters(const struct unit *a, const struct unit *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (a[i].cp != b[i].cp)
            return false;
    return true;
}

/* What the buyer did to the word @p w to write @p u. */
static enum step step_of(const struct unit *u, size_t n, const struct word *w)
{
    const struct unit *v = w->units;
    size_t shorter = MIN(n, (size_t)w->n), i = 0;
    while (i < shorter && u[i].sound == v[i].sound)
        i++;
    if (n == w->n) {
        if (i == n)
            return STEP_NONE;
        if (same(u + i + 1, v + i + 1, n - i - 1))
            return STEP_WRONG;
        bool swapped = i + 1 < n && u[i].sound == v[i + 1].sound && u[i + 1].sound == v[i].sound;
        return swapped && same(u + i + 2, v + i + 2, n - i - 2) ? STEP_SWAPPED : STEP_FAR;
    }
    if (n + 1 == w->n)
        return same(u + i, v + i + 1, n - i) ? STEP_MISSING : STEP_FAR;
    bool doubled = n == (size_t)w->n + 1 && i > 0 && u[i].sound == u[i - 1].sound;
    return doubled && same(u + i + 1, v + i, n - i - 1) ? STEP_DOUBLED : STEP_FAR;
}

/* Whether a step leaves no doubt about the word. */
static bool is_sure(const struct word *w, enum step step)
{
    if (step == STEP_WRONG)
        return w->is_latin && w->n >= LATIN_SURE;
    return !w->is_latin || w->n >= LATIN_PLAIN;
}

/* ---- finding ------------------------------------------------------------------------------------------------------ */

/* A text being looked through. */
struct look {
    const struct spelling *s;
    struct unit u[TEXT_MOST];
    bool taken[TEXT_MOST]; /* by an exact word or one that was found */
    size_t n;
    struct misspelling *found;
    size_t count;
};

static uint32_t chain_of(const struct spelling *s, uint64_t key)
{
    return s->heads[key & s->mask];
}

#define CHAIN_EACH(slot, s, k)                                                                                          \
    for (uint32_t slot##_at = chain_of((s), (k)), slot##_n = 0; slot##_at != 0 && slot##_n < CHAIN_MOST;                \
         slot##_at = (s)->slots.v[slot##_at - 1].next, slot##_n++)                                                      \
        for (const struct slot *slot = &(s)->slots.v[slot##_at - 1]; slot != NULL && slot->key == (k); slot = NULL)

/* Whether a word, or half of one, may begin at @p at with a Han character: hardly any place passes. */
static bool han_begins(const struct look *l, size_t at)
{
    if (at + 1 >= l->n || l->u[at].sound < HAN_SOUND)
        return false;
    unsigned bit = pair_bit(&l->u[at]);
    return (l->s->begins[bit / 64] >> bit % 64 & 1) != 0;
}

static bool is_taken(const struct look *l, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (l->taken[i])
            return true;
    return false;
}

static void take(struct look *l, size_t from, size_t to, const struct word *w, bool sure)
{
    for (size_t i = from; i < to; i++)
        l->taken[i] = true;
    if (w != NULL && l->count < MISSPELLINGS)
        l->found[l->count++] = (struct misspelling){l->u[from].from, l->u[to - 1].to, w->text, sure};
}

/* A word of the same sounds: all of them right, or enough of them to say it alone. */
static bool is_meant_by_sound(const struct unit *u, const struct word *w)
{
    size_t right = 0;
    for (size_t i = 0; i < w->n; i++)
        right += u[i].cp == w->units[i].cp;
    return right > 0 || w->n >= HAN_ALONE;
}

/* Words that begin at @p at with the same sounds, longest first. @return behind what was taken, or @p at */
static size_t take_sounds(struct look *l, size_t at)
{
    const struct spelling *s = l->s;
    for (size_t n = MIN((size_t)UNITS_MOST, l->n - at); n >= HAN_LEAST; n--) {
        const struct word *alike = NULL;
        uint64_t key = key_of(&l->u[at], n, BY_ALL);
        CHAIN_EACH(slot, s, key) {
            const struct word *w = &s->words.v[slot->word];
            if (w->n != n || w->is_latin || !same(&l->u[at], w->units, n))
                continue;
            if (same_characters(&l->u[at], w->units, n)) {
                take(l, at, at + n, NULL, true);
                return at + n;
            }
            alike = alike == NULL && is_meant_by_sound(&l->u[at], w) ? w : alike;
        }
        if (alike != NULL) {
            take(l, at, at + n, alike, n >= HAN_ALONE);
            return at + n;
        }
    }
    return at;
}

static size_t letters_end(const struct look *l, size_t at)
{
    while (at < l->n && is_latin(l->u[at].cp) && (l->u[at].to - l->u[at].from) == 1)
        at++;
    return at;
}

/* Typed pinyin, in up to so many pieces: "chong feng yi". @return behind it, or @p at */
static size_t take_pinyin(struct look *l, size_t at)
{
    char letters[TEXT_MOST];
    size_t n = 0, best = at, end = at;
    const struct word *word = NULL;
    for (size_t pieces = 0; pieces < UNITS_MOST && end < l->n; pieces++) {
        size_t next = letters_end(l, end);
        if (next == end)
            break;
        for (; end < next; end++)
            letters[n++] = (char)l->u[end].cp;
        char folded[TEXT_MOST];
        for (size_t i = 0; i < n; i++)
            folded[i] = letters[i];
        uint64_t key = letters_key(folded, sound_fold(folded, n));
        CHAIN_EACH(slot, l->s, key) {
            word = &l->s->words.v[slot->word];
            best = end;
        }
        if (end < l->n && l->u[end].cp == ' ')
            end++;
    }
    if (word != NULL)
        take(l, at, best, word, true);
    return best;
}

/* A word of letters as the shop writes it, or its plural. */
static bool is_written(const struct look *l, size_t at, size_t n)
{
    for (size_t cut = 0; cut < 2 && n > cut + 2; cut++) {
        uint64_t key = key_of(&l->u[at], n - cut, BY_ALL);
        if (cut == 1 && l->u[at + n - 1].cp != 's')
            break;
        CHAIN_EACH(slot, l->s, key)
            if (l->s->words.v[slot->word].is_latin)
                return true;
    }
    return false;
}

/* The best word one step away from [from, to) among those of one key. */
static const struct word *nearest(const struct look *l, uint64_t key, bool latin, size_t from, size_t to, bool *ret_sure)
{
    const struct word *best = NULL;
    CHAIN_EACH(slot, l->s, key) {
        const struct word *w = &l->s->words.v[slot->word];
        if (w->is_latin != latin)
            continue;
        enum step step = step_of(&l->u[from], to - from, w);
        if (step == STEP_NONE || step == STEP_FAR || (best != NULL && !is_sure(w, step)))
            continue;
        best = w;
        *ret_sure = is_sure(w, step);
    }
    return best;
}

/* Swapping the two letters in the middle breaks both halves: they are swapped back and looked up whole. */
static const struct word *swapped_middle(const struct look *l, size_t at, size_t n)
{
    struct unit u[UNITS_MOST];
    if (n < HALVES || n > UNITS_MOST)
        return NULL;
    for (size_t i = 0; i < n; i++)
        u[i] = l->u[at + (i == n / 2 - 1 ? n / 2 : i == n / 2 ? n / 2 - 1 : i)];
    uint64_t key = key_of(u, n, BY_ALL);
    CHAIN_EACH(slot, l->s, key)
        if (l->s->words.v[slot->word].is_latin)
            return &l->s->words.v[slot->word];
    return NULL;
}

/* A word of letters with one step wrong; its plural is tried as well. */
static void take_letters(struct look *l, size_t at, size_t end)
{
    size_t plural = l->u[end - 1].cp == 's' ? 1 : 0;
    for (size_t cut = 0; cut <= plural; cut++) {
        size_t n = end - cut - at;
        const struct word *swapped = swapped_middle(l, at, n);
        if (swapped != NULL) {
            take(l, at, at + n, swapped, is_sure(swapped, STEP_SWAPPED));
            return;
        }
        for (size_t half = 2; half <= UNITS_MOST / 2 + 1 && half < n; half++) {
            bool sure = false;
            const struct word *w = nearest(l, key_of(&l->u[at], half, BY_FIRST_HALF), true, at, at + n, &sure);
            if (w == NULL || !sure) {
                const struct word *behind =
                    nearest(l, key_of(&l->u[at + n - half], half, BY_SECOND_HALF), true, at, at + n, &sure);
                w = behind != NULL ? behind : w;
            }
            if (w != NULL) {
                take(l, at, at + n, w, sure);
                return;
            }
        }
    }
}

/* Han with one step wrong: a half stands at @p at, the rest before or behind it. */
static void take_han(struct look *l, size_t at)
{
    for (size_t half = 2; half <= UNITS_MOST / 2 + 1 && at + half <= l->n; half++) {
        const uint64_t keys[] = {key_of(&l->u[at], half, BY_FIRST_HALF), key_of(&l->u[at], half, BY_SECOND_HALF)};
        for (size_t k = 0; k < COUNT(keys); k++)
            for (size_t n = chain_of(l->s, keys[k]) == 0 ? SIZE_MAX : MAX(half * 2 - 2, (size_t)3);
                 n <= half * 2 + 2; n++) {
                bool sure = false, behind = k == 1;
                size_t from = behind ? at + half - n : at;
                if ((behind && at + half < n) || from + n > l->n || is_taken(l, from, from + n))
                    continue;
                const struct word *w = nearest(l, keys[k], false, from, from + n, &sure);
                if (w != NULL) {
                    take(l, from, from + n, w, sure);
                    return;
                }
            }
    }
}

static void read_text(struct look *l, struct arena *a, struct str text)
{
    const struct arena_mark before = arena_mark(a);
    struct folded f;
    normalise_fold(a, text.n > TEXT_MOST ? str_clip(text, TEXT_MOST) : text, &f);
    l->n = MIN(f.n, (size_t)TEXT_MOST);
    spelling_units(a, &f, l->n, l->u);
    arena_rewind(a, before);
}

static int by_place(const void *x, const void *y)
{
    const struct misspelling *a = x, *b = y;
    return a->from < b->from ? -1 : a->from > b->from;
}

size_t spelling_find(const struct spelling *s, struct arena *a, struct str text, struct misspelling ret[MISSPELLINGS])
{
    struct look l = {.s = s, .found = ret};
    if (s->words.n == 0)
        return 0;
    read_text(&l, a, text);
    for (size_t at = 0; at < l.n;) {
        size_t end = letters_end(&l, at), next = at;
        if (end > at) {
            next = is_written(&l, at, end - at) ? end : take_pinyin(&l, at);
            if (next == at && end - at >= HALVES - 1)
                take_letters(&l, at, end);
            next = MAX(next, end);
        } else if (han_begins(&l, at)) {
            next = take_sounds(&l, at);
        }
        at = MAX(next, at + 1);
    }
    for (size_t at = 0; at + 1 < l.n; at++)
        if (han_begins(&l, at) && !l.taken[at])
            take_han(&l, at);
    if (l.count > 1)
        qsort(ret, l.count, sizeof(*ret), by_place);
    return l.count;
}

struct str spelling_mended(struct arena *a, struct str text, const struct misspelling *found, size_t n)
{
    struct buf b = {.arena = a};
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        buf_str(&b, str_sub(text, at, found[i].from - at));
        buf_str(&b, found[i].word);
        at = found[i].to;
    }
    buf_str(&b, str_sub(text, at, text.n));
    return buf_view(&b);
}
