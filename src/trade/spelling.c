/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spelling.
 *
 * How          A word is a row of units: a Han character's sound, or a letter. One hash table finds words by all their
 *              units, by their typed pinyin, and by either half: with one character wrong, one half of a word of four or
 *              more is still whole, so nothing that is one step away is missed and little else is looked at. What is
 *              found is compared closely.
 * Invariants   What stands there exactly as the shop writes it is never changed.
 */
#include "trade/spelling.h"

#include <stdlib.h>

#include "nlu/features.h"
#include "nlu/normalise.h"
#include "nlu/sound.h"

#define UNITS_MOST   14 /* of a word that is found by sound or by halves */
#define TEXT_MOST    96 /* units of a text that are looked at: names stand in the first sentences */
#define HAN_ALONE    3  /* sounds that say a word without any character right */
#define HAN_LEAST    2
#define LONG_RUN     5  /* characters of a run whose end is a word too: 轻量冲锋衣 */
#define HALVES       4  /* units from which one may be wrong */
#define LATIN_PLAIN  5  /* letters from which one that is missing or doubled leaves no doubt */
#define LATIN_SURE   7  /* letters from which a wrong one still leaves no doubt */
#define PINYIN_LEAST 5  /* letters */
#define CHAIN_MOST   24 /* words looked at under one key */
#define PAIR_BITS    16384
#define HAN_SOUND    0x110000u /* sounds are numbered from here, behind every character */

enum { BY_ALL = 1, BY_PINYIN, BY_FIRST_HALF, BY_SECOND_HALF };

/* A Han character by its sound, a letter or digit by itself. */
struct unit {
    uint32_t sound; /* what is compared */
    uint32_t cp;
    uint32_t from, to; /* bytes of the text */
};

struct word {
    struct str text; /* folded */
    struct unit *units;
    uint32_t n;
    bool is_latin;
};

struct slot {
    uint64_t key; /* 0: empty */
    uint32_t word, next; /* next slot of the chain + 1; 0: the last */
};

struct spelling {
    struct arena arena;
    uint64_t begins[PAIR_BITS / 64]; /* bit of the first two units of every word and half */
    ARRAY(struct word) words;
    ARRAY(struct slot) slots; /* in the order of building */
    uint32_t *heads;          /* place in slots + 1 */
    size_t mask;
};

/* ---- units -------------------------------------------------------------------------------------------------------- */

static bool is_latin(uint32_t cp)
{
    return normalise_class(cp) == CHAR_WORD;
}

/* Units of the first @p n characters. */
static void units_of(struct arena *scratch, const struct folded *f, size_t n, struct unit *ret)
{
    uint16_t *sounds = arena_raw(scratch, sizeof(*sounds) * n);
    sounds_of(f->cp, n, sounds);
    for (size_t i = 0; i < n; i++)
        ret[i] = (struct unit){sounds[i] != 0 ? HAN_SOUND + sounds[i] : f->cp[i], f->cp[i], f->at[i], f->at[i + 1]};
}

static uint64_t key_of(const struct unit *u, size_t n, unsigned by)
{
    uint64_t h = by;
    for (size_t i = 0; i < n; i++)
        h = feature_mix(h, u[i].sound);
    return h | 1;
}

static uint64_t letters_key(const char *p, size_t n)
{
    uint64_t h = BY_PINYIN;
    for (size_t i = 0; i < n; i++)
        h = feature_mix(h, (unsigned char)p[i]);
    return h | 1;
}

/* ---- building ----------------------------------------------------------------------------------------------------- */

static unsigned pair_bit(const struct unit *u)
{
    return (unsigned)((u[0].sound * 31u) ^ u[1].sound) % PAIR_BITS;
}

static void put_key(struct spelling *s, uint64_t key, size_t word)
{
    *array_push(&s->arena, &s->slots) = (struct slot){.key = key, .word = (uint32_t)word};
}

/* Two units or more under their key. */
static void put_units(struct spelling *s, const struct unit *u, size_t n, unsigned by, size_t word)
{
    unsigned bit = pair_bit(u);
    s->begins[bit / 64] |= (uint64_t)1 << bit % 64;
    put_key(s, key_of(u, n, by), word);
}

static void put_pinyin(struct spelling *s, const struct word *w, size_t place)
{
    struct buf letters = {.arena = &s->arena};
    for (size_t i = 0; i < w->n; i++) {
        struct str one = sound_letters(w->units[i].cp);
        if (one.n == 0)
            return;
        buf_str(&letters, one);
    }
    if (letters.n >= PINYIN_LEAST)
        put_key(s, letters_key(letters.p, sound_fold(letters.p, letters.n)), place);
}

static void add_word(struct spelling *s, struct arena *scratch, struct str text)
{
    struct folded f;
    normalise_fold(scratch, text, &f);
    struct word w = {.text = text, .n = (uint32_t)f.n, .is_latin = is_latin(f.cp[0])};
    struct unit *u = arena_array(&s->arena, struct unit, f.n);
    units_of(scratch, &f, f.n, u);
    w.units = u;
    size_t place = s->words.n;
    *array_push(&s->arena, &s->words) = w;
    put_units(s, u, f.n, BY_ALL, place);
    if (!w.is_latin)
        put_pinyin(s, &w, place);
    if (f.n >= HALVES) {
        put_units(s, u, f.n / 2, BY_FIRST_HALF, place);
        put_units(s, u + f.n / 2, f.n - f.n / 2, BY_SECOND_HALF, place);
    }
}

typedef ARRAY(struct str) text_list;

static void add_piece(struct spelling *s, struct str text, const struct folded *f, size_t from, size_t to, text_list *list)
{
    size_t n = to - from;
    if (n <= UNITS_MOST && n >= (is_latin(f->cp[from]) ? HALVES : HAN_LEAST))
        *array_push(&s->arena, list) = normalise(&s->arena, str_sub(text, f->at[from], f->at[to] - f->at[from]));
}

/* The runs of Han and the words of letters in one name of the shop; of a long run its end as well, which says what it is. */
static void add_pieces(struct spelling *s, struct arena *scratch, struct str name, text_list *list)
{
    struct folded f;
    normalise_fold(scratch, name, &f);
    for (size_t i = 0; i < f.n;) {
        size_t end = i;
        bool latin = is_latin(f.cp[i]), han = sound_of(f.cp[i]) != 0;
        while (end < f.n && (latin ? is_latin(f.cp[end]) : han && sound_of(f.cp[end]) != 0))
            end++;
        if (end > i)
            add_piece(s, name, &f, i, end, list);
        if (han && end - i >= LONG_RUN)
            add_piece(s, name, &f, end - HAN_ALONE, end, list);
        i = MAX(end, i + 1);
    }
}

static int by_text(const void *x, const void *y)
{
    return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

static void link_slots(struct spelling *s)
{
    s->mask = 15;
    while (s->mask < s->slots.n * 2)
        s->mask = s->mask * 2 + 1;
    s->heads = arena_array(&s->arena, uint32_t, s->mask + 1);
    for (size_t i = 0; i < s->slots.n; i++) {
        uint32_t *head = &s->heads[s->slots.v[i].key & s->mask];
        s->slots.v[i].next = *head;
        *head = (uint32_t)i + 1;
    }
}

struct spelling *spelling_build(const struct str *words, size_t n)
{
    struct spelling *s = xcalloc(1, sizeof(*s));
    _cleanup_(arena_done) struct arena scratch = {0};
    text_list list = {0};
    for (size_t i = 0; i < n; i++)
        add_pieces(s, &scratch, words[i], &list);
    if (list.n > 0)
        qsort(list.v, list.n, sizeof(*list.v), by_text);
    for (size_t i = 0; i < list.n; i++) {
        if (i == 0 || !str_eq(list.v[i], list.v[i - 1]))
            add_word(s, &scratch, list.v[i]);
        arena_reset(&scratch);
    }
    link_slots(s);
    return s;
}

void spelling_free(struct spelling *s)
{
    if (s == NULL)
        return;
    struct arena a = s->arena;
    arena_done(&a);
    free(s);
}

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
    units_of(a, &f, l->n, l->u);
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
