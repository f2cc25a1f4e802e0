/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts: all sentences of all packs in one hash of (language, key).
 *
 * How          Filled on first use under pthread_once from the embedded assets, and never changed then, so that readers
 *              need no lock and what they get stays.
 * Invariants   A key asked for always gives something to show.
 */
#include "base/texts.h"

#include <pthread.h>
#include <string.h>

#include "base/asset.h"

struct text_row {
    uint64_t hash;
    struct str language, key, text;
};

/** Written once under `once`, read by all. */
static struct {
    struct arena arena;
    ARRAY(struct text_row) rows;
    size_t *slots; /* place in rows + 1; 0: free */
    size_t slot_count;
} all;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static uint64_t row_hash(struct str language, struct str key)
{
    return str_hash(key) ^ (str_hash(language) * 31);
}

/** "\n" written in a file as a line end. */
static struct str unescape(struct str text)
{
    if (!str_has(text, STR("\\n")))
        return text;
    struct buf b = {.arena = &all.arena};
    for (size_t i = 0; i < text.n; i++) {
        bool line_end = text.p[i] == '\\' && i + 1 < text.n && text.p[i + 1] == 'n';
        buf_char(&b, line_end ? '\n' : text.p[i]);
        i += line_end;
    }
    return buf_view(&b);
}

/** Takes one file "packs/LANG/texts/NAME.tsv"; other assets are passed over. */
static void take_file(void *arg, struct str name, struct str bytes)
{
    (void)arg; /* there is one table */
    struct str rest = str_sub(name, strlen("packs/"), name.n), language, folder, line, key;
    if (!str_cut(&rest, '/', &language) || !str_cut(&rest, '/', &folder) || !str_eq_c(folder, "texts") ||
        !str_ends(name, STR(".tsv")))
        return;
    while (str_cut(&bytes, '\n', &line)) {
        if (str_ends(line, STR("\r")))
            line.n--;
        if (line.n == 0 || line.p[0] == '#' || !str_cut(&line, '\t', &key) || line.p == NULL)
            continue;
        *array_push(&all.arena, &all.rows) =
            (struct text_row){row_hash(language, key), language, key, unescape(line)};
    }
}

static const struct text_row *find(struct str language, struct str key)
{
    uint64_t hash = row_hash(language, key);
    for (size_t at = hash & (all.slot_count - 1); all.slots[at] != 0; at = (at + 1) & (all.slot_count - 1)) {
        const struct text_row *row = &all.rows.v[all.slots[at] - 1];
        if (row->hash == hash && str_eq(row->key, key) && str_eq(row->language, language))
            return row;
    }
    return NULL;
}

static void load(void)
{
    asset_each(STR("packs/"), take_file, NULL);
    all.slot_count = 64;
    while (all.slot_count < 3 * all.rows.n)
        all.slot_count *= 2;
    all.slots = arena_array(&all.arena, size_t, all.slot_count);
    for (size_t i = 0; i < all.rows.n; i++) {
        const struct text_row *row = &all.rows.v[i];
        if (find(row->language, row->key) != NULL)
            continue; /* the first file in order of names holds */
        size_t at = row->hash & (all.slot_count - 1);
        while (all.slots[at] != 0)
            at = (at + 1) & (all.slot_count - 1);
        all.slots[at] = i + 1;
    }
}

/** "zh" of "zh-CN". */
static struct str primary(struct str language)
{
    size_t n = 0;
    while (n < language.n && language.p[n] != '-' && language.p[n] != '_')
        n++;
    return str_sub(language, 0, n);
}

bool texts_has(struct str language, const char *key)
{
    pthread_once(&once, load);
    return find(primary(language), str_from(key)) != NULL;
}

struct str texts_get(struct str language, const char *key)
{
    pthread_once(&once, load);
    const struct str tries[] = {primary(language), STR("en"), STR("zh")};
    for (size_t i = 0; i < COUNT(tries); i++) {
        const struct text_row *row = find(tries[i], str_from(key));
        if (row != NULL)
            return row->text;
    }
    return str_from(key);
}

static const struct text_value *value_of(struct str name, const struct text_value *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq_c(name, values[i].name))
            return &values[i];
    return NULL;
}

struct str texts_fill(struct arena *a, struct str text, const struct text_value *values, size_t n)
{
    struct buf b = {.arena = a};
    size_t at = 0, open, close;
    buf_reserve(&b, text.n + 64);
    while ((open = str_find(text, STR("{"), at)) != SIZE_MAX &&
           (close = str_find(text, STR("}"), open)) != SIZE_MAX) {
        buf_str(&b, str_sub(text, at, open - at));
        const struct text_value *value = value_of(str_sub(text, open + 1, close - open - 1), values, n);
        buf_str(&b, value != NULL ? value->value : str_sub(text, open, close + 1 - open));
        at = close + 1;
    }
    buf_str(&b, str_sub(text, at, text.n));
    return buf_view(&b);
}
