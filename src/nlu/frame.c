/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames.
 *
 * How          ICU splits a text into words (Chinese by its dictionary). A sentence of w content words has w + 1 keys: the
 *              hash of its words without the slots, and the same without one content word more. Sentences that share a
 *              key are of one frame; sorting all keys finds them.
 * Invariant    A key stands for words in their order, so sentences of one frame differ by what was taken out alone.
 */
#include "nlu/frame.h"

#include <stdlib.h>
#include <unicode/ubrk.h>

#include "nlu/entity.h"
#include "nlu/features.h"

enum { WEIGHT_WORD = 3, WEIGHT_CHARACTER = 2, WEIGHT_LEAST = 6 };

struct framer {
    UBreakIterator *breaks;
    const struct lexicon *words, *entities, *concepts;
    bool jin; /* see entity_find() */
};

/* One key of a sentence. */
struct key {
    uint64_t hash;
    uint32_t row;
};

struct framer *framer_new(const char *language, const struct lexicon *words, const struct lexicon *entities,
                          const struct lexicon *concepts)
{
    UErrorCode code = U_ZERO_ERROR;
    UBreakIterator *breaks = ubrk_open(UBRK_WORD, language, NULL, 0, &code);
    if (U_FAILURE(code))
        fatal("ICU cannot split \"%s\" into words: %s", language, u_errorName(code));
    struct framer *f = xcalloc(1, sizeof(*f));
    *f = (struct framer){breaks, words, entities, concepts, str_eq_c(str_from(language), "zh")};
    return f;
}

void framer_free(struct framer *f)
{
    if (f == NULL)
        return;
    ubrk_close(f->breaks);
    free(f);
}

/*
 * Where the word that begins at @p at ends: where ICU says, or further when a word of the trade goes on to one of ICU's
 * later ends. Words of letters are as they are: "pick up" is two.
 */
static size_t word_end(const struct framer *f, const struct folded *t, size_t at, size_t end)
{
    size_t to;
    if (normalise_class(t->cp[at]) != CHAR_CJK || lexicon_at(f->concepts, t, at, &to) == NULL || to <= end)
        return end;
    return ubrk_isBoundary(f->breaks, (int32_t)to) ? to : end;
}

/* Folded code points as UTF-16 of the same positions: what needs two units is none of a word's letters here. */
static void set_text(struct framer *f, struct arena *a, const struct folded *t)
{
    UChar *u = arena_array(a, UChar, t->n + 1);
    for (size_t i = 0; i < t->n; i++)
        u[i] = t->cp[i] <= 0xFFFF ? (UChar)t->cp[i] : 0xFFFC;
    UErrorCode code = U_ZERO_ERROR;
    ubrk_setText(f->breaks, u, (int32_t)t->n, &code);
    if (U_FAILURE(code))
        fatal("ICU cannot split a text into words: %s", u_errorName(code));
}

/* A word made of digits, or of Chinese numerals alone, is a number. */
static bool is_number(const struct folded *t, size_t from, size_t to)
{
    static const uint32_t numerals[] = {0x4E00, 0x4E8C, 0x4E24, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x4E03,
                                        0x516B, 0x4E5D, 0x5341, 0x767E, 0x5343, 0x4E07, 0x96F6, 0x534A};
    bool digit = false, all = true;
    for (size_t i = from; i < to; i++) {
        bool numeral = false;
        for (size_t k = 0; k < COUNT(numerals); k++)
            numeral |= t->cp[i] == numerals[k];
        digit |= t->cp[i] >= '0' && t->cp[i] <= '9';
        all &= numeral;
    }
    return digit || all;
}

/* Kinds of the entity lexicon that are a thing by themselves; the others are parts that its grammars put together. */
static bool is_thing_kind(struct str kind)
{
    static const char *const things[] = {"colour", "region", "date"};
    for (size_t i = 0; i < COUNT(things); i++)
        if (str_eq_c(kind, things[i]))
            return true;
    return false;
}

/* End of the slot that begins at @p at with a word of a list, or 0. A list's word may be longer than ICU's. */
static size_t slot_end(const struct framer *f, const struct folded *t, size_t at, size_t end)
{
    size_t to;
    const struct lexicon_entry *e = lexicon_at(f->words, t, at, &to);
    if (e != NULL && to >= end && str_eq_c(e->kind, "thing"))
        return to;
    e = lexicon_at(f->entities, t, at, &to);
    if (e != NULL && to >= end && is_thing_kind(e->kind))
        return to;
    return is_number(t, at, end) ? end : 0;
}

static bool is_function(const struct framer *f, const struct folded *t, size_t at, size_t end)
{
    size_t to;
    const struct lexicon_entry *e = lexicon_at(f->words, t, at, &to);
    return e != NULL && to == end && str_eq_c(e->kind, "function");
}

static struct frame_word word_of(const struct folded *t, size_t from, size_t to)
{
    struct frame_word w = {.from = t->at[from], .to = t->at[to], .hash = 1};
    bool letters = false;
    for (size_t i = from; i < to; i++) {
        enum char_class kind = normalise_class(t->cp[i]);
        w.hash = feature_mix(w.hash, t->cp[i]);
        w.weight += kind == CHAR_CJK ? WEIGHT_CHARACTER : 0;
        letters |= kind == CHAR_WORD;
    }
    w.weight += letters ? WEIGHT_WORD : 0;
    return w;
}

/* True when the word's bytes touch an entity that the grammars found. */
static bool in_entity(const struct entity *found, size_t n, const struct frame_word *w)
{
    for (size_t i = 0; i < n; i++)
        if (w->from < found[i].to && found[i].from < w->to)
            return true;
    return false;
}

size_t frame_words(struct framer *f, struct arena *a, struct str text, struct frame_word **ret)
{
    struct folded t;
    struct entity *found;
    normalise_fold(a, text, &t);
    size_t entities = entity_find(a, text, f->entities, f->jin, &found), n = 0, past = 0;
    struct frame_word *words = arena_array(a, struct frame_word, t.n + 1);
    set_text(f, a, &t);
    int32_t to;
    for (int32_t from = ubrk_first(f->breaks); (to = ubrk_following(f->breaks, from)) != UBRK_DONE; from = to) {
        size_t at = (size_t)from, end = word_end(f, &t, at, (size_t)to);
        to = (int32_t)end;
        struct frame_word w = word_of(&t, at, end);
        if (w.weight == 0)
            continue;
        size_t slot = at >= past ? slot_end(f, &t, at, end) : past;
        past = MAX(past, slot);
        if (at < past || in_entity(found, entities, &w))
            w.kind = FRAME_SLOT;
        else if (is_function(f, &t, at, end))
            w.kind = FRAME_FUNCTION;
        words[n++] = w;
    }
    *ret = words;
    return n;
}

/* Hash of what is left without slots and word @p gap; 0 when that is no sentence any more. */
static uint64_t key_without(const struct frame_word *w, size_t n, size_t gap)
{
    uint64_t hash = 1;
    unsigned weight = 0;
    for (size_t i = 0; i < n; i++) {
        if (w[i].kind == FRAME_SLOT || i == gap)
            continue;
        hash = feature_mix(hash, w[i].hash);
        weight += w[i].weight;
    }
    return weight >= WEIGHT_LEAST ? hash : 0;
}

static int by_hash(const void *x, const void *y)
{
    const struct key *a = x, *b = y;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

static int fullest_first(const void *x, const void *y)
{
    const struct frame *a = x, *b = y;
    if (a->n != b->n)
        return a->n > b->n ? -1 : 1;
    return (a->rows[0] > b->rows[0]) - (a->rows[0] < b->rows[0]);
}

/* What people see of the key: the words that stay, "…" where some were taken out. */
static struct str shape_of(struct framer *f, struct arena *a, struct str text, uint64_t hash)
{
    struct frame_word *w;
    size_t n = frame_words(f, a, text, &w), gap = 0;
    while (gap < n && (w[gap].kind != FRAME_CONTENT || key_without(w, n, gap) != hash))
        gap++;
    struct buf b = {.arena = a};
    bool open = false;
    for (size_t i = 0; i < n; i++) {
        bool out = w[i].kind == FRAME_SLOT || i == gap;
        if (i > 0 && w[i].from > w[i - 1].to && !(out && open))
            buf_char(&b, ' ');
        if (!out)
            buf_str(&b, str_sub(text, w[i].from, w[i].to - w[i].from));
        else if (!open)
            buf_c(&b, "…");
        open = out;
    }
    return buf_view(&b);
}

/* Rows of the keys v[from..to), each once. */
static struct frame frame_of(struct arena *a, const struct key *v, size_t from, size_t to)
{
    uint32_t *rows = arena_array(a, uint32_t, to - from);
    size_t n = 0;
    for (size_t i = from; i < to; i++)
        if (n == 0 || rows[n - 1] != v[i].row)
            rows[n++] = v[i].row;
    return (struct frame){.rows = rows, .n = n};
}

struct keys {
    struct key *v;
    size_t n, cap;
};

/* All keys of all sentences, sorted. */
static struct keys keys_of(struct framer *f, struct arena *a, const struct str *texts, size_t n)
{
    struct keys keys = {0};
    _cleanup_(arena_done) struct arena scratch = {0};
    for (size_t i = 0; i < n; i++) {
        struct frame_word *w;
        size_t count = frame_words(f, &scratch, texts[i], &w);
        for (size_t gap = 0; gap <= count; gap++) {
            uint64_t hash = gap == count || w[gap].kind == FRAME_CONTENT ? key_without(w, count, gap) : 0;
            if (hash != 0)
                *array_push(a, &keys) = (struct key){hash, (uint32_t)i};
        }
        arena_reset(&scratch);
    }
    if (keys.n > 0)
        qsort(keys.v, keys.n, sizeof(*keys.v), by_hash);
    return keys;
}

/* Keeps, of frames sorted fullest first, those that name a sentence which none before did; @return how many. */
static size_t keep_telling(struct arena *a, struct frame *v, size_t n, size_t texts)
{
    bool *named = arena_array(a, bool, texts + 1);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        size_t fresh = 0;
        for (size_t k = 0; k < v[i].n; k++) {
            fresh += !named[v[i].rows[k]];
            named[v[i].rows[k]] = true;
        }
        if (fresh > 0)
            v[kept++] = v[i];
    }
    return kept;
}

size_t frame_find(struct framer *f, struct arena *a, const struct str *texts, size_t n, size_t most,
                  const struct frame **ret)
{
    struct keys keys = keys_of(f, a, texts, n);
    ARRAY(struct frame) found = {0};
    for (size_t from = 0, to; from < keys.n; from = to) {
        for (to = from + 1; to < keys.n && keys.v[to].hash == keys.v[from].hash;)
            to++;
        struct frame frame = to - from > most ? frame_of(a, keys.v, from, to) : (struct frame){0};
        if (frame.n > most) {
            frame.shape = shape_of(f, a, texts[frame.rows[0]], keys.v[from].hash);
            *array_push(a, &found) = frame;
        }
    }
    if (found.n > 0)
        qsort(found.v, found.n, sizeof(*found.v), fullest_first);
    *ret = found.v;
    return keep_telling(a, found.v, found.n, n);
}
