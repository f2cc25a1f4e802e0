/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lexicon: one hash table of all prefixes of all words, so that a walk ends at the first character that no word goes on
 * with. A slot that is a whole word carries its entry. Before the table a small filter of first characters
 * answers for the many places where no word begins at all.
 */
#include "nlu/lexicon.h"

#include <stdlib.h>
#include <string.h>

#include "nlu/features.h"

struct prefix {
    uint64_t hash; /* 0: empty */
    const struct lexicon_entry *entry;
};

#define FILTER_BITS 4096

struct lexicon {
    struct arena arena;                 /* owns words, entries and the table */
    uint64_t first[FILTER_BITS / 64];   /* bit of each character that a word begins with */
    struct prefix *table;
    size_t mask, used;
};

static unsigned filter_bit(uint32_t cp)
{
    return (unsigned)(cp ^ cp >> 12) % FILTER_BITS;
}

static bool may_begin(const struct lexicon *l, uint32_t cp)
{
    unsigned bit = filter_bit(cp);
    return (l->first[bit / 64] >> bit % 64 & 1) != 0;
}

static struct prefix *prefix_at(const struct lexicon *l, uint64_t hash)
{
    size_t at = hash & l->mask;
    while (l->table[at].hash != 0 && l->table[at].hash != hash)
        at = (at + 1) & l->mask;
    return &l->table[at];
}

static void grow(struct lexicon *l)
{
    struct lexicon old = *l;
    l->mask = old.table == NULL ? 255 : old.mask * 2 + 1;
    l->table = arena_array(&l->arena, struct prefix, l->mask + 1);
    for (size_t i = 0; old.table != NULL && i <= old.mask; i++)
        if (old.table[i].hash != 0)
            *prefix_at(l, old.table[i].hash) = old.table[i];
}

static void add_word(struct lexicon *l, struct arena *scratch, const struct lexicon_entry *entry)
{
    struct folded f;
    normalise_fold(scratch, entry->word, &f);
    uint64_t h = 1;
    struct prefix *p = NULL;
    unsigned bit = f.n > 0 ? filter_bit(f.cp[0]) : 0;
    l->first[bit / 64] |= (uint64_t)1 << bit % 64;
    for (size_t i = 0; i < f.n; i++) {
        if (l->table == NULL || l->used * 2 > l->mask)
            grow(l);
        h = feature_mix(h, f.cp[i]);
        p = prefix_at(l, h);
        l->used += p->hash == 0;
        p->hash = h;
    }
    if (p != NULL && p->entry == NULL)
        p->entry = entry;
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
    grow(l);
    _cleanup_(arena_done) struct arena scratch = {0};
    struct str rest = str_dup(&l->arena, file), line;
    while (str_cut(&rest, '\n', &line)) {
        line = str_trim(line);
        if (line.n == 0 || line.p[0] == '#')
            continue;
        struct lexicon_entry *e = arena_new(&l->arena, struct lexicon_entry);
        (void)str_cut(&line, '\t', &e->kind); /* a line is never absent */
        if (!str_cut(&line, '\t', &e->word) || e->word.n == 0) {
            lexicon_free(l);
            return NULL;
        }
        e->value = line;
        e->number = line.n > 0 ? strtod(str_c(&scratch, line), NULL) : 0;
        add_word(l, &scratch, e);
        arena_reset(&scratch);
    }
    return l;
}

static bool inside_word(const struct folded *f, size_t at)
{
    return at > 0 && at < f->n && normalise_class(f->cp[at - 1]) == CHAR_WORD &&
           normalise_class(f->cp[at]) == CHAR_WORD;
}

const struct lexicon_entry *lexicon_at(const struct lexicon *l, const struct folded *f, size_t at, size_t *ret_end)
{
    const struct lexicon_entry *best = NULL;
    if (at >= f->n || !may_begin(l, f->cp[at]) || inside_word(f, at))
        return NULL;
    uint64_t h = 1;
    for (size_t i = at; i < f->n;) {
        h = feature_mix(h, f->cp[i++]);
        const struct prefix *p = prefix_at(l, h);
        if (p->hash == 0)
            break;
        if (p->entry != NULL && !inside_word(f, i)) {
            best = p->entry;
            *ret_end = i;
        }
    }
    return best;
}
