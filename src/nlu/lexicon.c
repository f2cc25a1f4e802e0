/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lexicon: one hash table of all prefixes of all words, so that a walk ends at the first character that no word goes on
 * with. A slot that is a whole word tells its entry. Two small filters, of characters that are words and of the pairs that
 * words begin with, answer for the many places where no word begins: few walks touch the table in vain.
 *
 * A slot is known by its place and 31 further bits of the prefix's hash: a wrong hit is one in some 2^40.
 */
#include "nlu/lexicon.h"

#include <stdlib.h>
#include <string.h>

#include "nlu/features.h"

struct slot {
    uint32_t check; /* 0: empty */
    uint32_t entry; /* 1 + its index; 0: a word only goes on from here */
};

#define ALONE_BITS 12 /* of the number of a bit */
#define PAIR_BITS  16

struct lexicon {
    struct arena arena; /* owns words, entries and slots */
    uint64_t alone[(1 << ALONE_BITS) / 64]; /* bit of each character that is a word */
    uint64_t pairs[(1 << PAIR_BITS) / 64];  /* of each two that a longer word begins with */
    struct slot *slots;
    size_t mask;
    struct lexicon_entry *entries;
    uint32_t entry_count;
};

static uint32_t alone_bit(uint32_t cp)
{
    return cp * 0x9E3779B1u >> (32 - ALONE_BITS);
}

static uint32_t pair_bit(uint32_t first, uint32_t second)
{
    return (first * 0x9E3779B1u ^ second * 0x85EBCA6Bu) >> (32 - PAIR_BITS);
}

static uint64_t bit_of(const uint64_t *filter, uint32_t bit)
{
    return filter[bit / 64] >> bit % 64 & 1;
}

static void set_bit(uint64_t *filter, uint32_t bit)
{
    filter[bit / 64] |= (uint64_t)1 << bit % 64;
}

static uint32_t check_of(uint64_t hash)
{
    return (uint32_t)(hash >> 32) | 1;
}

static struct slot *slot_at(const struct lexicon *l, uint64_t hash)
{
    size_t at = hash & l->mask;
    uint32_t check = check_of(hash);
    while (l->slots[at].check != 0 && l->slots[at].check != check)
        at = (at + 1) & l->mask;
    return &l->slots[at];
}

/* ---- reading ------------------------------------------------------------------------------------------------------ */

static enum word_kind kind_of(struct str name)
{
    static const char *const names[WORD_KINDS] = {
        [WORD_EXACT] = "exact",       [WORD_MEDIA] = "media",       [WORD_COLOUR] = "colour",  [WORD_REGION] = "region",
        [WORD_PLAIN] = "plain",       [WORD_LABEL] = "label",       [WORD_SURNAME] = "surname", [WORD_STREET] = "street",
        [WORD_DOOR] = "door",         [WORD_DATE] = "date",         [WORD_LEAD] = "lead",      [WORD_HOURS] = "hours",
        [WORD_WEEK] = "week",         [WORD_WEEKDAY] = "weekday",   [WORD_MONTH] = "month",    [WORD_PART] = "part",
        [WORD_NUMBER] = "number",     [WORD_PAST] = "past",         [WORD_COMING] = "coming",  [WORD_ANGRY] = "angry",
        [WORD_ANXIOUS] = "anxious",   [WORD_SAD] = "sad",           [WORD_HAPPY] = "happy",    [WORD_GOOD] = "good",
        [WORD_BAD] = "bad",           [WORD_NEGATE] = "negate",     [WORD_STRONGER] = "stronger", [WORD_WEAKER] = "weaker",
        [WORD_THANKS] = "thanks",     [WORD_ASKS] = "asks",         [WORD_ABUSE] = "abuse",    [WORD_SELF_HARM] = "self_harm",
        [WORD_LEGAL] = "legal",
    };
    for (enum word_kind k = WORD_OTHER + 1; k < WORD_KINDS; k++)
        if (str_eq_c(name, names[k]))
            return k;
    return WORD_OTHER;
}

/* One line; false when it has no word. @param before  the entry of the line before: most have its kind; or NULL */
static bool read_entry(struct arena *scratch, struct str line, const struct lexicon_entry *before, struct lexicon_entry *ret)
{
    (void)str_cut(&line, '\t', &ret->kind); /* a line is never absent */
    if (!str_cut(&line, '\t', &ret->word) || ret->word.n == 0)
        return false;
    ret->value = line;
    ret->number = line.n > 0 ? strtod(str_c(scratch, line), NULL) : 0;
    bool same = before != NULL && str_eq(before->kind, ret->kind);
    ret->is = same ? before->is : kind_of(ret->kind);
    ret->kind_hash = same ? before->kind_hash : str_hash(ret->kind);
    return true;
}

static bool read_entries(struct lexicon *l, struct str file)
{
    struct arena scratch = {0};
    struct str rest = str_dup(&l->arena, file), line;
    size_t lines = 1;
    bool sound = true;
    for (size_t i = 0; i < file.n; i++)
        lines += file.p[i] == '\n';
    l->entries = arena_array(&l->arena, struct lexicon_entry, lines);
    while (sound && str_cut(&rest, '\n', &line)) {
        line = str_trim(line);
        if (line.n == 0 || line.p[0] == '#')
            continue;
        struct lexicon_entry *e = &l->entries[l->entry_count];
        sound = read_entry(&scratch, line, l->entry_count > 0 ? e - 1 : NULL, e);
        l->entry_count++;
        arena_reset(&scratch);
    }
    arena_done(&scratch);
    return sound;
}

/* A table for @p count prefixes, less than half full. */
static void make_slots(struct lexicon *l, size_t count)
{
    l->mask = 15;
    while (l->mask < count * 2)
        l->mask = l->mask * 2 + 1;
    l->slots = arena_array(&l->arena, struct slot, l->mask + 1);
}

static void add_word(struct lexicon *l, const struct folded *word, uint32_t entry)
{
    uint64_t h = 1;
    struct slot *s = NULL;
    for (size_t i = 0; i < word->n; i++) {
        h = feature_mix(h, word->cp[i]);
        s = slot_at(l, h);
        s->check = check_of(h);
    }
    if (s == NULL)
        return;
    if (word->n == 1)
        set_bit(l->alone, alone_bit(word->cp[0]));
    else
        set_bit(l->pairs, pair_bit(word->cp[0], word->cp[1]));
    if (s->entry == 0)
        s->entry = entry;
}

void lexicon_free(struct lexicon *l)
{
    if (l == NULL)
        return;
    struct arena a = l->arena;
    arena_done(&a);
    free(l);
}

struct lexicon *lexicon_read(struct str file)
{
    struct lexicon *l = xcalloc(1, sizeof(*l));
    if (!read_entries(l, file)) {
        lexicon_free(l);
        return NULL;
    }
    _cleanup_(arena_done) struct arena a = {0};
    struct folded *words = arena_array(&a, struct folded, l->entry_count);
    size_t prefixes = 0;
    for (uint32_t i = 0; i < l->entry_count; i++) {
        normalise_fold(&a, l->entries[i].word, &words[i]);
        prefixes += words[i].n; /* at most: words share theirs */
    }
    make_slots(l, prefixes);
    for (uint32_t i = 0; i < l->entry_count; i++)
        add_word(l, &words[i], i + 1);
    return l;
}

/* ---- looking ------------------------------------------------------------------------------------------------------ */

static bool inside_word(const struct folded *f, size_t at)
{
    return at > 0 && at < f->n && normalise_class(f->cp[at - 1]) == CHAR_WORD &&
           normalise_class(f->cp[at]) == CHAR_WORD;
}

const struct lexicon_entry *lexicon_at(const struct lexicon *l, const struct folded *f, size_t at, size_t *ret_end)
{
    const struct lexicon_entry *best = NULL;
    if (at >= f->n)
        return NULL;
    const uint64_t alone = bit_of(l->alone, alone_bit(f->cp[at]));
    const uint64_t pair = at + 1 < f->n ? bit_of(l->pairs, pair_bit(f->cp[at], f->cp[at + 1])) : 0;
    if ((alone | pair) == 0 || inside_word(f, at))
        return NULL;
    bool looked_up = alone != 0; /* the first character is passed over where it is no word: the pair is what counts */
    uint64_t h = 1;
    for (size_t i = at; i < f->n; looked_up = true) {
        h = feature_mix(h, f->cp[i++]);
        if (!looked_up)
            continue;
        const struct slot *s = slot_at(l, h);
        if (s->check == 0)
            break;
        if (s->entry != 0 && !inside_word(f, i)) {
            best = &l->entries[s->entry - 1];
            *ret_end = i;
        }
    }
    return best;
}
