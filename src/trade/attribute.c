/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attribute words: which attribute of a product a buyer asks for, in everyday words.
 *
 * How          packs/LANG/lexicon/attributes.tsv holds a canonical attribute and the words it is asked by. The longest
 *              word that stands in the text wins; a word inside a longer one that was found does not count. The text is
 *              gone through once, looking up at each place the words that begin with the two bytes there.
 * Invariants   Read once under pthread_once; immutable then.
 */
#include "trade/product.h"

#include <pthread.h>
#include <string.h>

#include "base/asset.h"
#include "nlu/normalise.h"
#include "trade/mention.h"

/** A canonical attribute and the folded words it is asked by; the first is its own name. */
struct word_row {
    struct str name;
    ARRAY(struct str) words;
};

#define BEGINNINGS 512

/** A word of a row, in the list of those that begin alike. */
struct indexed_word {
    struct str word;
    uint32_t row, place; /* of the word in its row */
    uint32_t next;       /* place + 1 in `index`; 0: the last */
};

/** The longest word of a row that stands in a text, the row's first of equals. */
struct row_mention {
    struct mention where;
    uint32_t row, place;
};

/** One of each row that stands in a text, in any order: few. */
struct row_mentions {
    struct row_mention *v;
    size_t n;
};

struct attribute_words {
    struct str language;
    ARRAY(struct word_row) rows;
    ARRAY(struct indexed_word) index;
    uint32_t heads[BEGINNINGS]; /* place + 1 in `index` */
};

/** Written once under `once`. */
static struct {
    struct arena arena;
    ARRAY(struct attribute_words) languages;
} all;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/** By its first Han character or its first two letters; what is shorter, by its first byte. */
static size_t beginning(const char *p, size_t n)
{
    size_t take = (unsigned char)p[0] >= 0xE0 ? 3 : 2;
    unsigned h = (unsigned char)p[0];
    for (size_t i = 1; i < take && take <= n; i++)
        h = h * 31 + (unsigned char)p[i];
    return (h ^ h >> 10) % BEGINNINGS;
}

static void index_words(struct attribute_words *w)
{
    for (size_t row = 0; row < w->rows.n; row++) {
        for (size_t i = 0; i < w->rows.v[row].words.n; i++) {
            struct str word = w->rows.v[row].words.v[i];
            if (word.n == 0)
                continue;
            uint32_t *head = &w->heads[beginning(word.p, word.n)];
            *array_push(&all.arena, &w->index) = (struct indexed_word){word, (uint32_t)row, (uint32_t)i, *head};
            *head = (uint32_t)w->index.n;
        }
    }
}

static void take_row(struct attribute_words *w, struct str line)
{
    struct str word;
    struct word_row row = {0};
    while (str_cut(&line, '\t', &word)) {
        word = str_trim(word);
        if (row.name.n == 0)
            row.name = word;
        if (word.n > 0)
            *array_push(&all.arena, &row.words) = normalise(&all.arena, word);
    }
    if (row.name.n > 0)
        *array_push(&all.arena, &w->rows) = row;
}

static void take_file(void *arg, struct str name, struct str bytes)
{
    (void)arg; /* there is one table */
    struct str rest = str_sub(name, strlen("packs/"), name.n), language, line;
    if (!str_cut(&rest, '/', &language) || !str_eq_c(rest, "lexicon/attributes.tsv"))
        return;
    struct attribute_words w = {.language = language};
    while (str_cut(&bytes, '\n', &line))
        if (line.n > 0 && line.p[0] != '#')
            take_row(&w, line);
    index_words(&w);
    *array_push(&all.arena, &all.languages) = w;
}

static void load(void)
{
    asset_each(STR("packs/"), take_file, NULL);
}

const struct attribute_words *attribute_words(struct str language)
{
    static const struct attribute_words none = {.language = {"", 0}};
    pthread_once(&once, load);
    const struct attribute_words *english = &none;
    for (size_t i = 0; i < all.languages.n; i++) {
        const struct attribute_words *w = &all.languages.v[i];
        if (str_eq(str_sub(language, 0, 2), w->language))
            return w;
        if (str_eq_c(w->language, "en"))
            english = w;
    }
    return english;
}

static void note(struct row_mentions *found, struct row_mention m)
{
    size_t i = 0;
    while (i < found->n && found->v[i].row != m.row)
        i++;
    struct row_mention *there = &found->v[i];
    if (i == found->n)
        found->v[found->n++] = m;
    else if (m.where.n > there->where.n || (m.where.n == there->where.n && m.place < there->place))
        *there = m;
}

/** Takes note of the words of one list that stand at @p at. */
static void take_words(const struct attribute_words *w, size_t list, struct str text, size_t at, struct row_mentions *found)
{
    for (uint32_t i = w->heads[list]; i != 0; i = w->index.v[i - 1].next) {
        const struct indexed_word *one = &w->index.v[i - 1];
        struct mention where = {at, one->word.n};
        if (str_eq(str_sub(text, at, where.n), one->word) && mention_stands(text, where))
            note(found, (struct row_mention){where, one->row, one->place});
    }
}

/** What stands in @p text of each row. In @p a. */
static struct row_mentions row_mentions(const struct attribute_words *w, struct arena *a, struct str text)
{
    struct row_mentions found = {arena_raw(a, sizeof(struct row_mention) * w->rows.n), 0};
    for (size_t at = 0; at < text.n; at++) {
        if (((unsigned char)text.p[at] & 0xC0) == 0x80)
            continue; /* within a character */
        size_t list = beginning(text.p + at, text.n - at), alone = beginning(text.p + at, 1);
        take_words(w, list, text, at, &found);
        if ((unsigned char)text.p[at] < 0x80 && alone != list)
            take_words(w, alone, text, at, &found);
    }
    return found;
}

struct str attribute_asked(const struct attribute_words *w, struct arena *a, struct str text)
{
    const struct arena_mark before = arena_mark(a);
    struct row_mentions found = row_mentions(w, a, normalise(a, text));
    const struct row_mention *best = NULL;
    for (size_t i = 0; i < found.n; i++) {
        const struct row_mention *m = &found.v[i];
        if (best == NULL || m->where.n > best->where.n || (m->where.n == best->where.n && m->row < best->row))
            best = m;
    }
    struct str name = best != NULL ? w->rows.v[best->row].name : STR_NONE;
    arena_rewind(a, before);
    return name;
}

/** True when the row's words are about the attribute: "防水指数" of the shop and "防水" of the table. */
static bool row_is_about(const struct word_row *row, struct str folded_name)
{
    struct str canonical = row->words.v[0];
    if (str_has(folded_name, canonical) || str_has(canonical, folded_name))
        return true;
    for (size_t i = 1; i < row->words.n; i++)
        if (str_eq(row->words.v[i], folded_name))
            return true;
    return false;
}

/** Where the text asks for an attribute: by its name, or by longer words of a row, the first one of equals. */
static struct mention attribute_mention(const struct attribute_words *w, struct str folded_name, struct str text,
                                        const struct row_mentions *found)
{
    size_t at = mention_find(text, folded_name, 0);
    struct mention best = {at, at != SIZE_MAX ? folded_name.n : 0};
    uint32_t row = 0;
    for (size_t i = 0; i < found->n; i++) {
        const struct row_mention *m = &found->v[i];
        bool better = m->where.n > best.n || (m->where.n == best.n && m->row < row);
        if (!better || !row_is_about(&w->rows.v[m->row], folded_name))
            continue;
        best = m->where;
        row = m->row;
    }
    return best;
}

size_t product_attributes_asked(const struct product *p, const struct attribute_words *w, struct arena *a,
                                struct str text, const struct attribute **ret, size_t max)
{
    struct found {
        const struct attribute *attribute;
        struct mention where;
    } *found;
    const struct arena_mark before = arena_mark(a);
    found = arena_raw(a, sizeof(*found) * p->attribute_count);
    struct str folded = normalise(a, text);
    struct row_mentions rows = row_mentions(w, a, folded);
    size_t n = 0, given = 0;
    for (size_t i = 0; i < p->attribute_count; i++) {
        struct mention m = attribute_mention(w, p->folded_attributes[i], folded, &rows);
        if (m.n == 0)
            continue;
        size_t at = n++;
        for (; at > 0 && found[at - 1].where.n < m.n; at--)
            found[at] = found[at - 1];
        found[at] = (struct found){&p->attributes[i], m};
    }
    for (size_t i = 0; i < n && given < max; i++) {
        bool covered = false;
        for (size_t k = 0; k < i; k++)
            covered = covered || (found[k].where.n > found[i].where.n &&
                                  mention_covers(found[k].where, found[i].where));
        if (!covered)
            ret[given++] = found[i].attribute;
    }
    arena_rewind(a, before);
    return given;
}
