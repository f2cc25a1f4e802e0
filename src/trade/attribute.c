/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attribute words: which attribute of a product a buyer asks for, in everyday words.
 *
 * How          packs/LANG/lexicon/attributes.tsv holds a canonical attribute and the words it is asked by. The longest
 *              word that stands in the text wins; a word inside a longer one that was found does not count.
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

struct attribute_words {
    struct str language;
    ARRAY(struct word_row) rows;
};

/** Written once under `once`. */
static struct {
    struct arena arena;
    ARRAY(struct attribute_words) languages;
} all;
static pthread_once_t once = PTHREAD_ONCE_INIT;

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

/** The longest word of @p row that stands in @p text. */
static struct mention row_mention(const struct word_row *row, struct str text)
{
    struct mention best = {0, 0};
    for (size_t i = 0; i < row->words.n; i++) {
        size_t at = mention_find(text, row->words.v[i], 0);
        if (at != SIZE_MAX && row->words.v[i].n > best.n)
            best = (struct mention){at, row->words.v[i].n};
    }
    return best;
}

struct str attribute_asked(const struct attribute_words *w, struct arena *a, struct str text)
{
    struct str folded = normalise(a, text), name = STR_NONE;
    size_t longest = 0;
    for (size_t i = 0; i < w->rows.n; i++) {
        struct mention m = row_mention(&w->rows.v[i], folded);
        if (m.n > longest) {
            longest = m.n;
            name = w->rows.v[i].name;
        }
    }
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

static struct mention attribute_mention(const struct attribute_words *w, struct str folded_name, struct str text)
{
    size_t at = mention_find(text, folded_name, 0);
    struct mention best = {at, at != SIZE_MAX ? folded_name.n : 0};
    for (size_t i = 0; i < w->rows.n; i++) {
        if (!row_is_about(&w->rows.v[i], folded_name))
            continue;
        struct mention m = row_mention(&w->rows.v[i], text);
        if (m.n > best.n)
            best = m;
    }
    return best;
}

size_t product_attributes_asked(const struct product *p, const struct attribute_words *w, struct arena *a,
                                struct str text, const struct attribute **ret, size_t max)
{
    struct found {
        const struct attribute *attribute;
        struct mention where;
    } *found = arena_array(a, struct found, p->attribute_count);
    struct str folded = normalise(a, text);
    size_t n = 0, given = 0;
    for (size_t i = 0; i < p->attribute_count; i++) {
        struct mention m = attribute_mention(w, normalise(a, p->attributes[i].name), folded);
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
    return given;
}
