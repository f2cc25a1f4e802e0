/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The index of a shop's words.
 *
 * How          A word is a row of units: a Han character's sound, or a letter. One hash table finds words by all their
 *              units, by their typed pinyin, and by either half: with one character wrong, one half of a word of four or
 *              more is still whole, so nothing that is one step away is missed and little else is looked at.
 */
#include "trade/spelling_private.h"

#include <stdlib.h>

#define LONG_RUN     5  /* characters of a run whose end is a word too: 轻量冲锋衣 */
#define PINYIN_LEAST 5  /* letters */

/* Units of the first @p n characters. */
void spelling_units(struct arena *scratch, const struct folded *f, size_t n, struct unit *ret)
{
    uint16_t *sounds = arena_raw(scratch, sizeof(*sounds) * n);
    sounds_of(f->cp, n, sounds);
    for (size_t i = 0; i < n; i++)
        ret[i] = (struct unit){sounds[i] != 0 ? HAN_SOUND + sounds[i] : f->cp[i], f->cp[i], f->at[i], f->at[i + 1]};
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
    spelling_units(scratch, &f, f.n, u);
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
