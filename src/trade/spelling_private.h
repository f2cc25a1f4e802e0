/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Inside of trade/: the index of a shop's words, for spelling_index.c (building it) and spelling.c (finding with it). */

#include "trade/spelling.h"

#include "nlu/features.h"
#include "nlu/normalise.h"
#include "nlu/sound.h"

#define UNITS_MOST   14 /* of a word that is found by sound or by halves */
#define HAN_ALONE    3  /* sounds that say a word without any character right */
#define HAN_LEAST    2
#define HALVES       4  /* units from which one may be wrong */
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

static inline bool is_latin(uint32_t cp)
{
    return normalise_class(cp) == CHAR_WORD;
}

static inline uint64_t key_of(const struct unit *u, size_t n, unsigned by)
{
    uint64_t h = by;
    for (size_t i = 0; i < n; i++)
        h = feature_mix(h, u[i].sound);
    return h | 1;
}

static inline uint64_t letters_key(const char *p, size_t n)
{
    uint64_t h = BY_PINYIN;
    for (size_t i = 0; i < n; i++)
        h = feature_mix(h, (unsigned char)p[i]);
    return h | 1;
}

static inline unsigned pair_bit(const struct unit *u)
{
    return (unsigned)((u[0].sound * 31u) ^ u[1].sound) % PAIR_BITS;
}

/** Units of the first @p n characters. */
void spelling_units(struct arena *scratch, const struct folded *f, size_t n, struct unit *ret);
