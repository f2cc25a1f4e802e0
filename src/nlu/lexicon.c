/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lexicon: one hash table of all prefixes of all words, so that a walk ends at the first character that no word goes on
 * with. A slot that is a whole word carries its entry.
 */
#include "nlu/lexicon.h"

#include <stdlib.h>
#include <string.h>

#include "nlu/features.h"

struct prefix {
    uint64_t hash; /* 0: empty */
    const struct lexicon_entry *entry;
};

struct lexicon {
    struct arena arena; /* owns words, entries and the table */
    struct prefix *table;
    size_t mask, used;
};

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

static void add_word(struct lexicon *l, const struct lexicon_entry *entry)
{
    struct folded f;
    normalise_fold(&l->arena, entry->word, &f);
    uint64_t h = 1;
    struct prefix *p = NULL;
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
        e->number = line.n > 0 ? strtod(str_c(&l->arena, line), NULL) : 0;
        add_word(l, e);
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
    if (inside_word(f, at))
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
