/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Regions.
 *
 * How          One word gives all the paths that it can be; each further word keeps those of its own paths that lie in one
 *              of the paths so far, and ends the entity when none does. So 西湖区 behind 杭州 is that of 杭州.
 */
#include "nlu/region.h"

#include <stdlib.h>

#define PATHS     24 /* most places of one name that are told apart */
#define ALONE     0.95
#define LOOKED_AT 64   /* entities of one text that may say which of several is meant */
#define SEPARATED 2  /* characters that may stand between a division and one in it */

/* What a text can mean: paths, borrowed from the lexicon. */
struct paths {
    struct str v[PATHS];
    size_t n;
};

/* ---- finding ------------------------------------------------------------------------------------------------------ */

static bool lies_in(struct str path, struct str above)
{
    return path.n > above.n && str_starts(path, above) && path.p[above.n] == '/';
}

static bool is_province(struct str path)
{
    return str_find(path, STR("/"), 0) == SIZE_MAX;
}

/* All paths of a word. @param alone  only those that count by themselves; a province beats what is named like it */
static void read_paths(struct str value, bool alone, struct paths *ret)
{
    struct str path;
    ret->n = 0;
    while (ret->n < PATHS && str_cut(&value, '|', &path)) {
        bool behind = str_starts(path, STR("~"));
        if (alone && behind)
            continue;
        ret->v[ret->n++] = str_sub(path, behind, path.n);
        if (alone && is_province(ret->v[ret->n - 1])) {
            ret->v[0] = ret->v[ret->n - 1];
            ret->n = 1;
            return;
        }
    }
}

static void keep_within(struct paths *paths, const struct paths *above)
{
    size_t kept = 0;
    for (size_t i = 0; i < paths->n; i++) {
        bool within = false;
        for (size_t k = 0; k < above->n; k++)
            within = within || lies_in(paths->v[i], above->v[k]);
        if (within)
            paths->v[kept++] = paths->v[i];
    }
    paths->n = kept;
}

/* Of a city and a county that is named like it and lies in it, the city. */
static void keep_highest(struct paths *paths)
{
    size_t kept = 0;
    for (size_t i = 0; i < paths->n; i++) {
        bool within = false;
        for (size_t k = 0; k < paths->n; k++)
            within = within || lies_in(paths->v[i], paths->v[k]);
        if (!within)
            paths->v[kept++] = paths->v[i];
    }
    paths->n = kept;
}

static bool is_between(uint32_t c)
{
    static const uint32_t list[] = {' ', '/', ',', 0xFF0C, U'、', '-', '|', U'的', U'省', U'市', U'区', U'县', U'州'};
    for (size_t i = 0; i < COUNT(list); i++)
        if (list[i] == c)
            return true;
    return false;
}

/* The next division, which lies in @p paths: takes it into them. @return behind it, 0 when there is none */
static size_t take_next(const struct scan *s, size_t at, struct paths *paths)
{
    for (size_t i = 0; i <= SEPARATED && at + i < s->f.n; i++) {
        size_t end;
        const struct lexicon_entry *e = lexicon_at(s->words, &s->f, at + i, &end);
        if (e != NULL && e->is == WORD_REGION) {
            struct paths next;
            read_paths(e->value, false, &next);
            keep_within(&next, paths);
            if (next.n > 0) {
                *paths = next;
                return end;
            }
        }
        if (!is_between(s->f.cp[at + i]))
            return 0;
    }
    return 0;
}

static void put_paths(struct scan *s, struct entity *e, const struct paths *paths)
{
    e->number = (int64_t)paths->n;
    e->confidence = ALONE / (double)paths->n;
    if (paths->n == 1) {
        e->value = paths->v[0];
        return;
    }
    struct buf all = {.arena = s->arena};
    for (size_t i = 0; i < paths->n; i++) {
        buf_c(&all, i > 0 ? "|" : "");
        buf_str(&all, paths->v[i]);
    }
    e->value = buf_view(&all);
}

/* The ending that was left of a name: the 市 of "杭州 市". */
static size_t skip_ending(const struct scan *s, size_t end)
{
    return end < s->f.n && s->f.cp[end] == U'市' && s->f.cp[end - 1] != U'市' ? end + 1 : end;
}

size_t region_take(struct scan *s, size_t at)
{
    size_t end, next;
    const struct lexicon_entry *e = s->words != NULL ? lexicon_at(s->words, &s->f, at, &end) : NULL;
    if (e == NULL || e->is != WORD_REGION)
        return 0;
    struct paths paths;
    read_paths(e->value, true, &paths);
    if (paths.n == 0 && e->value.n > 0)
        return 0;
    while (paths.n > 0 && (next = take_next(s, end, &paths)) != 0)
        end = next;
    keep_highest(&paths);
    s->has_region = true;
    struct entity *found = scan_add(s, ENTITY_REGION, at, skip_ending(s, end));
    if (paths.n > 0)
        put_paths(s, found, &paths);
    else
        found->value = e->word; /* a list without paths: the name itself */
    return found->to == s->f.at[end] ? end : end + 1;
}

void region_settle(struct scan *s)
{
    size_t n = MIN(s->found.n, (size_t)LOOKED_AT);
    for (size_t i = 0; i < n; i++) {
        struct entity *e = &s->found.v[i];
        if (e->kind != ENTITY_REGION || e->number < 2)
            continue;
        for (size_t k = 0; k < n; k++) {
            const struct entity *other = &s->found.v[k];
            struct paths paths, above = {.n = 1};
            if (other->kind != ENTITY_REGION || other->number != 1)
                continue;
            above.v[0] = other->value;
            read_paths(e->value, false, &paths);
            keep_within(&paths, &above);
            if (paths.n > 0)
                put_paths(s, e, &paths);
        }
    }
}

/* ---- the file ----------------------------------------------------------------------------------------------------- */

/* One name of one division. */
struct named {
    struct str word, path;
    bool behind;   /* counts only behind a division above it */
    size_t place;  /* in the file: equals keep its order */
};

static int by_word(const void *x, const void *y)
{
    const struct named *a = x, *b = y;
    int order = str_cmp(a->word, b->word);
    return order != 0 ? order : a->place < b->place ? -1 : 1;
}

typedef ARRAY(struct named) named_list;

static void add_name(struct arena *a, named_list *list, struct str word, struct str path)
{
    bool behind = str_starts(word, STR("~"));
    word = str_sub(word, behind, word.n);
    if (word.n > 0)
        *array_push(a, list) = (struct named){word, path, behind, list->n};
}

static void read_line(struct arena *a, struct str line, struct str above[3], named_list *list)
{
    struct str level, name, word;
    (void)str_cut(&line, '\t', &level); /* a line is never absent */
    size_t depth = str_eq_c(level, "p") ? 0 : str_eq_c(level, "c") ? 1 : 2;
    if (!str_cut(&line, '\t', &name))
        return;
    struct str plain = str_starts(name, STR("~")) ? str_sub(name, 1, name.n) : name;
    above[depth] = depth == 0 ? plain : str_fmt(a, "%.*s/%.*s", STR_ARG(above[depth - 1]), STR_ARG(plain));
    add_name(a, list, name, above[depth]);
    while (str_cut(&line, '\t', &word))
        add_name(a, list, word, above[depth]);
}

struct str region_words(struct arena *a, struct str file)
{
    struct str line, above[3] = {{0}};
    named_list list = {0};
    while (str_cut(&file, '\n', &line))
        if (line.n > 0 && line.p[0] != '#')
            read_line(a, line, above, &list);
    if (list.n > 0)
        qsort(list.v, list.n, sizeof(*list.v), by_word);
    struct buf out = {.arena = a};
    for (size_t i = 0; i < list.n; i++) {
        bool same = i > 0 && str_eq(list.v[i].word, list.v[i - 1].word);
        if (!same) {
            buf_c(&out, i > 0 ? "\nregion\t" : "region\t");
            buf_str(&out, list.v[i].word);
        }
        buf_c(&out, same ? "|" : "\t");
        buf_c(&out, list.v[i].behind ? "~" : "");
        buf_str(&out, list.v[i].path);
    }
    buf_c(&out, "\n");
    return buf_view(&out);
}
