/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts: all sentences of all packs in one hash of (language, key).
 *
 * How          Filled on first use under pthread_once from the embedded assets, and never changed then, so that readers
 *              need no lock and what they get stays. KEY.1, KEY.2, … are also found as the wordings of KEY, and with each
 *              key the names that its texts want: a turn asks for some fifty texts.
 * Invariants   A key asked for always gives something to show.
 */
#include "base/texts.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/asset.h"

#define WORDINGS 9 /* KEY.1 … KEY.9 */

struct text_row {
    uint64_t hash;
    struct str language, key;
    struct str text;      /* NULL: the key has only wordings */
    struct str *wordings; /* in order */
    uint32_t wording_count;
    ARRAY(struct str) names; /* in braces, of all of them */
};

/** Written once under `once`, read by all. */
static struct {
    struct arena arena;
    ARRAY(struct text_row) rows;
    size_t *slots; /* place in rows + 1; 0: free */
    size_t slot_count;
} all;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/** Eight bytes at a step, the last ones twice where they overlap. */
static uint64_t row_hash(struct str language, struct str key)
{
    uint64_t h = key.n, part = 0;
    for (size_t i = 0; i < language.n; i++)
        h = h * 31 + (unsigned char)language.p[i];
    for (size_t i = 0; key.n >= 8 && i < key.n; i += 8) {
        memcpy(&part, key.p + MIN(i, key.n - 8), 8);
        h = (h ^ part) * 0x9E3779B97F4A7C15u;
        h ^= h >> 32;
    }
    for (size_t i = 0; key.n < 8 && i < key.n; i++)
        h = h * 31 + (unsigned char)key.p[i];
    return h ^ h >> 16;
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
            (struct text_row){.language = language, .key = key, .text = unescape(line)};
    }
}

static struct text_row *find(struct str language, struct str key)
{
    uint64_t hash = row_hash(language, key);
    for (size_t at = hash & (all.slot_count - 1); all.slots[at] != 0; at = (at + 1) & (all.slot_count - 1)) {
        struct text_row *row = &all.rows.v[all.slots[at] - 1];
        if (row->hash == hash && str_eq(row->key, key) && str_eq(row->language, language))
            return row;
    }
    return NULL;
}

/** Makes the @p i-th row to be found, unless there is one of its name: the first file in order of names holds. */
static void place(size_t i)
{
    struct text_row *row = &all.rows.v[i];
    row->hash = row_hash(row->language, row->key);
    if (find(row->language, row->key) != NULL)
        return;
    size_t at = row->hash & (all.slot_count - 1);
    while (all.slots[at] != 0)
        at = (at + 1) & (all.slot_count - 1);
    all.slots[at] = i + 1;
}

/** Puts KEY.1 and those after it together under KEY, which need not be there itself. */
static void gather_wordings(struct str language, struct str first)
{
    struct str key = str_sub(first, 0, first.n - 2);
    struct str *wordings = arena_array(&all.arena, struct str, WORDINGS);
    uint32_t count = 0;
    for (const struct text_row *row; count < WORDINGS; count++) {
        char name[128];
        int n = snprintf(name, sizeof(name), "%.*s.%u", STR_ARG(key), (unsigned)count + 1);
        bool fits = n > 0 && (size_t)n < sizeof(name);
        if (!fits || (row = find(language, str_from(name))) == NULL || row->text.p == NULL)
            break;
        wordings[count] = row->text;
    }
    struct text_row *of = find(language, key);
    if (of == NULL) {
        *array_push(&all.arena, &all.rows) = (struct text_row){.language = language, .key = key};
        place(all.rows.n - 1);
        of = &all.rows.v[all.rows.n - 1];
    }
    of->wordings = wordings;
    of->wording_count = count;
}

/** Takes the name up to the next "}" off @p rest, and what stands before its "{"; false when there is none. */
static bool cut_name(struct str *rest, struct str *ret_before, struct str *ret_name)
{
    const char *open = rest->n > 0 ? memchr(rest->p, '{', rest->n) : NULL;
    size_t before = open != NULL ? (size_t)(open - rest->p) : rest->n;
    const char *close = open != NULL ? memchr(open, '}', rest->n - before) : NULL;
    if (close == NULL)
        return false;
    *ret_before = str_sub(*rest, 0, before);
    *ret_name = (struct str){open + 1, (size_t)(close - open) - 1};
    *rest = str_sub(*rest, before + ret_name->n + 2, rest->n);
    return true;
}

static void add_names(struct text_row *row, struct str text)
{
    struct str before, name;
    while (cut_name(&text, &before, &name)) {
        size_t k = 0;
        while (k < row->names.n && !str_eq(row->names.v[k], name))
            k++;
        if (k == row->names.n)
            *array_push(&all.arena, &row->names) = name;
    }
}

static void load(void)
{
    asset_each(STR("packs/"), take_file, NULL);
    size_t written = all.rows.n;
    all.slot_count = 64;
    while (all.slot_count < 4 * written)
        all.slot_count *= 2;
    all.slots = arena_array(&all.arena, size_t, all.slot_count);
    for (size_t i = 0; i < written; i++)
        place(i);
    for (size_t i = 0; i < written; i++)
        if (str_ends(all.rows.v[i].key, STR(".1")))
            gather_wordings(all.rows.v[i].language, all.rows.v[i].key);
    for (size_t i = 0; i < all.rows.n; i++) {
        struct text_row *row = &all.rows.v[i];
        add_names(row, row->text);
        for (uint32_t k = 0; k < row->wording_count; k++)
            add_names(row, row->wordings[k]);
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
    const struct text_row *row = find(primary(language), str_from(key));
    return row != NULL && row->text.p != NULL;
}

/** The row of @p key in that language, else in English, else in any other; NULL when nobody has it. */
static const struct text_row *spoken(struct str language, const char *key)
{
    const struct str tries[] = {language, STR("en"), STR("zh")};
    for (size_t i = 0; i < COUNT(tries); i++) {
        const struct text_row *row = find(tries[i], str_from(key));
        if (row != NULL && row->text.p != NULL)
            return row;
    }
    return NULL;
}

struct str texts_get(struct str language, const char *key)
{
    pthread_once(&once, load);
    const struct text_row *row = spoken(primary(language), key);
    return row != NULL ? row->text : str_from(key);
}

/** The row of @p key in that very language when it has wordings, else NULL. */
static const struct text_row *worded(struct str language, const char *key)
{
    pthread_once(&once, load);
    const struct text_row *row = find(primary(language), str_from(key));
    return row != NULL && row->wording_count > 0 ? row : NULL;
}

struct str texts_wording(struct str language, const char *key, uint64_t pick)
{
    const struct text_row *row = worded(language, key);
    return row != NULL ? row->wordings[pick % row->wording_count] : texts_get(language, key);
}

const struct str *texts_names(struct str language, const char *key, size_t *ret_n)
{
    const struct text_row *row = worded(language, key);
    if (row == NULL)
        row = spoken(primary(language), key);
    *ret_n = row != NULL ? row->names.n : 0;
    return row != NULL ? row->names.v : NULL;
}

static const struct text_value *value_of(struct str name, const struct text_value *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strncmp(values[i].name, name.p, name.n) == 0 && values[i].name[name.n] == '\0')
            return &values[i];
    return NULL;
}

void texts_add(struct buf *b, struct str text, const struct text_value *values, size_t n)
{
    struct str before, name;
    buf_reserve(b, text.n + 64);
    while (cut_name(&text, &before, &name)) {
        const struct text_value *value = value_of(name, values, n);
        buf_str(b, before);
        buf_str(b, value != NULL ? value->value : (struct str){name.p - 1, name.n + 2});
    }
    buf_str(b, text);
}

struct str texts_fill(struct arena *a, struct str text, const struct text_value *values, size_t n)
{
    struct buf b = {.arena = a};
    texts_add(&b, text, values, n);
    return buf_view(&b);
}
