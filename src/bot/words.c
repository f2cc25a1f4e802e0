/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words: the rows of two small files, found in one walk over the folded text.
 *
 * How          Words that begin with the same Han character, or the same two letters, lie side by side. At each place where a
 *              word may begin those are compared, and of every kind the first row that stands there is kept. So a text costs
 *              the same whether one kind is asked for or twenty.
 */
#include "bot/words.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/asset.h"
#include "nlu/normalise.h"

#define PLACE_HAN     16 /* a longer text says more than a place in a list */
#define PLACE_LETTERS 40
#define ROWS_MOST     8192
#define BEGINNINGS    1024

struct row {
    struct str value, word; /* word is folded */
    uint16_t kind;
    bool whole, english;
};

/** What is looked at while walking. */
struct entry {
    const char *p; /* the word */
    uint16_t n, row;
    char last;     /* its last byte, in which words that begin alike differ most */
};

/** Written once under `once`, read by all. */
static struct {
    struct arena arena;
    struct str kinds[WORDS_KINDS];
    size_t kind_count;
    ARRAY(struct row) rows;           /* the Chinese file's, then the English one's */
    struct entry *entries;            /* one a row, in order of beginnings */
    uint16_t heads[BEGINNINGS + 1];   /* entries [heads[b], heads[b + 1]) begin alike */
} all;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/** Place of the kind, or WORDS_KINDS. */
static size_t kind_of(struct str name)
{
    size_t i = 0;
    while (i < all.kind_count && (all.kinds[i].n != name.n || all.kinds[i].p[0] != name.p[0] || !str_eq(all.kinds[i], name)))
        i++;
    return i < all.kind_count ? i : WORDS_KINDS;
}

static size_t kind_make(struct str name)
{
    size_t kind = kind_of(name);
    if (kind < WORDS_KINDS)
        return kind;
    if (all.kind_count == WORDS_KINDS)
        fatal("packs/*/words.tsv: more than %d kinds", WORDS_KINDS); /* shipped with the program */
    all.kinds[all.kind_count] = name;
    return all.kind_count++;
}

static void read_pack(struct arena *scratch, bool english, struct str lines)
{
    struct str line, kind, value;
    while (str_cut(&lines, '\n', &line)) {
        if (line.n == 0 || line.p[0] == '#' || !str_cut(&line, '\t', &kind) || !str_cut(&line, '\t', &value))
            continue;
        bool whole = str_starts(line, STR("="));
        struct str word = normalise(scratch, str_sub(line, whole, line.n));
        if (word.n > 0)
            *array_push(&all.arena, &all.rows) = (struct row){value, str_dup(&all.arena, word), (uint16_t)kind_make(kind), whole, english};
    }
}

/** By its first Han character or its first two letters; what is shorter, by its first byte. */
static unsigned beginning(const char *p, size_t n)
{
    size_t take = (unsigned char)p[0] >= 0xE0 ? 3 : 2;
    unsigned h = (unsigned char)p[0];
    for (size_t i = 1; i < take && take <= n; i++)
        h = h * 31 + (unsigned char)p[i];
    return (h ^ h >> 10) % BEGINNINGS;
}

static int by_beginning(const void *x, const void *y)
{
    const struct entry *a = x, *b = y;
    int order = (int)beginning(a->p, a->n) - (int)beginning(b->p, b->n);
    return order != 0 ? order : (int)a->row - (int)b->row;
}

static void load(void)
{
    struct arena scratch = {0};
    read_pack(&scratch, false, asset_find(STR("packs/zh/words.tsv")));
    read_pack(&scratch, true, asset_find(STR("packs/en/words.tsv")));
    arena_done(&scratch);
    assert(all.rows.n < ROWS_MOST);
    all.entries = arena_array(&all.arena, struct entry, all.rows.n + 1);
    for (size_t i = 0; i < all.rows.n; i++) {
        struct str word = all.rows.v[i].word;
        all.entries[i] = (struct entry){word.p, (uint16_t)word.n, (uint16_t)i, word.p[word.n - 1]};
        all.heads[beginning(word.p, word.n) + 1]++;
    }
    qsort(all.entries, all.rows.n, sizeof(*all.entries), by_beginning);
    for (size_t b = 0; b < BEGINNINGS; b++)
        all.heads[b + 1] = (uint16_t)(all.heads[b + 1] + all.heads[b]);
}

static inline bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/** A word of letters must stand alone: "sue" is not in "issue". */
static inline bool begins_inside(struct str text, size_t at)
{
    return at > 0 && is_letter(text.p[at - 1]) && is_letter(text.p[at]);
}

/* ---- looking ------------------------------------------------------------------------------------------------------- */

static bool ends_inside(struct str text, size_t end)
{
    return end < text.n && is_letter(text.p[end]) && is_letter(text.p[end - 1]);
}

static bool stands(struct str text, size_t at, const struct entry *e)
{
    if (e->n > text.n - at || text.p[at + e->n - 1] != e->last || memcmp(text.p + at, e->p, e->n) != 0)
        return false;
    return all.rows.v[e->row].whole ? e->n == text.n : !ends_inside(text, at + e->n);
}

/** Notes what of one beginning stands at @p at. The rows of the text's language come before those of the other. */
static void look_at(struct str text, size_t at, unsigned b, bool english, struct words *ret)
{
    for (size_t i = all.heads[b]; i < all.heads[b + 1]; i++) {
        const struct entry *e = &all.entries[i];
        if (!stands(text, at, e))
            continue;
        const struct row *r = &all.rows.v[e->row];
        uint16_t rank = (uint16_t)(1 + e->row + (r->english != english ? ROWS_MOST : 0));
        if (ret->first[r->kind] == 0 || rank < ret->first[r->kind])
            ret->first[r->kind] = rank;
    }
}

/** What stands in @p text as it is written. */
static void look(struct str language, struct str text, struct words *ret)
{
    bool english = str_starts(language, STR("en")); /* Chinese for what has no file */
    pthread_once(&once, load);
    *ret = (struct words){.first = {0}};
    for (size_t at = 0; at < text.n; at++) {
        bool within = ((unsigned char)text.p[at] & 0xC0) == 0x80; /* a character */
        if (within || begins_inside(text, at))
            continue;
        unsigned b = beginning(text.p + at, text.n - at);
        look_at(text, at, b, english, ret);
        if ((unsigned char)text.p[at] < 0x80 && beginning(text.p + at, 1) != b)
            look_at(text, at, beginning(text.p + at, 1), english, ret);
    }
}

/** Folded, without the punctuation at its end: "第二个！" is 第二个. */
static struct str folded(struct arena *a, struct str text)
{
    struct str s = str_trim(normalise(a, text));
    while (s.n > 0 && (s.p[s.n - 1] == '.' || s.p[s.n - 1] == '!' || s.p[s.n - 1] == ',' || s.p[s.n - 1] == ' '))
        s.n--;
    return s;
}

void words_find(struct arena *a, struct str language, struct str text, struct words *ret)
{
    const struct arena_mark before = arena_mark(a);
    look(language, folded(a, text), ret);
    arena_rewind(a, before);
}

/** The first row of @p kind that was found, or NULL. */
static const struct row *found(const struct words *w, const char *kind)
{
    size_t k = kind_of(str_from(kind));
    return k < WORDS_KINDS && w->first[k] > 0 ? &all.rows.v[(w->first[k] - 1) % ROWS_MOST] : NULL;
}

struct str words_said(const struct words *w, const char *kind)
{
    const struct row *r = found(w, kind);
    return r != NULL ? r->value : STR_NONE;
}

int words_place(const struct words *w, struct str text, size_t count)
{
    int64_t place;
    if (count == 0 || !str_int(words_said(w, "place"), &place) || words_said(w, "noplace").n > 0)
        return -1;
    size_t chars = str_code_points(text);
    if (chars > (chars == text.n ? PLACE_LETTERS : PLACE_HAN))
        return -1;
    if (place < 0)
        place = (int64_t)count + 1 + place;
    return place >= 1 && place <= (int64_t)count ? (int)place - 1 : -1;
}

struct str words_value(struct arena *a, struct str language, const char *kind, struct str text)
{
    struct words said;
    words_find(a, language, text, &said);
    return words_said(&said, kind);
}

/** @p text without what only leads on to it: "：", "一下", "that". */
static struct str without_head(struct str text)
{
    static const char *const heads[] = {":", "：", ",", "，", " ", "一下", "下", "to ", "that ", "是", "成", "saying "};
    for (size_t i = 0; i < COUNT(heads);)
        if (str_starts(text, str_from(heads[i]))) {
            text = str_sub(text, strlen(heads[i]), text.n);
            i = 0;
        } else {
            i++;
        }
    return text;
}

/** Byte by byte, Latin letters of either case alike: the places are those of the text as it was written. */
static size_t find_written(struct str text, struct str word)
{
    for (size_t at = 0; at + word.n <= text.n; at++) {
        size_t i = 0;
        while (i < word.n && (text.p[at + i] >= 'A' && text.p[at + i] <= 'Z' ? text.p[at + i] | 0x20 : text.p[at + i]) == word.p[i])
            i++;
        if (i == word.n)
            return at;
    }
    return SIZE_MAX;
}

/** Of the words of kind "tail" the longest that ends @p text, in bytes; 0: none. */
static size_t tail_of(struct str text)
{
    size_t most = 0, kind = kind_of(STR("tail"));
    for (size_t i = 0; i < all.rows.n; i++) {
        struct str word = all.rows.v[i].word;
        if (all.rows.v[i].kind != kind || word.n <= most || word.n > text.n || begins_inside(text, text.n - word.n))
            continue;
        most = find_written(str_sub(text, text.n - word.n, word.n), word) == 0 ? word.n : most;
    }
    return most;
}

static struct str without_points(struct str text)
{
    static const char *const points[] = {"?", "？", "!", "！", ".", "。", ",", "，", "~", " "};
    for (size_t i = 0; i < COUNT(points);) {
        bool there = str_ends(text, str_from(points[i]));
        text.n -= there ? strlen(points[i]) : 0;
        i = there ? 0 : i + 1;
    }
    return text;
}

/** @p text without the question or the thanks that end it, which belong to the wish: "…，可以吗？". */
static struct str without_tail(struct str text)
{
    struct str bare = without_points(text);
    size_t tail = tail_of(bare);
    if (tail == 0 && bare.n > 0)
        return text; /* with its own points */
    for (; tail > 0; tail = tail_of(bare))
        bare = without_points(str_sub(bare, 0, bare.n - tail));
    return bare;
}

struct str words_behind(struct arena *a, struct str language, const char *kind, struct str text)
{
    struct words said;
    words_find(a, language, text, &said);
    const struct row *r = found(&said, kind);
    size_t at = r != NULL ? find_written(text, r->word) : SIZE_MAX;
    return at != SIZE_MAX ? str_trim(without_tail(without_head(str_sub(text, at + r->word.n, text.n)))) : STR_NONE;
}

/** Bytes of what parts two clauses at @p at; 0: nothing does. */
static size_t parting(struct str text, size_t at)
{
    static const char *const marks[] = {"，", "。", "；", "！", "？", "但是", "但", "不过", " but ", " and ", " while ", ",", ";", ". "};
    struct str rest = str_sub(text, at, text.n);
    for (size_t i = 0; i < COUNT(marks); i++)
        if (str_starts(rest, str_from(marks[i])))
            return strlen(marks[i]);
    bool between = at > 0 && at + 1 < text.n && (unsigned char)text.p[at - 1] >= 0x80 && (unsigned char)text.p[at + 1] >= 0x80;
    return text.p[at] == ' ' && between ? 1 : 0; /* Chinese is written without spaces */
}

struct str words_apart(struct arena *a, struct str language, const char *kind, struct str text)
{
    if (words_value(a, language, kind, text).n == 0)
        return text;
    struct buf b = {.arena = a};
    for (size_t from = 0, at = 0; at <= text.n; at++) {
        size_t parts = at < text.n ? parting(text, at) : 1;
        if (parts == 0)
            continue;
        struct str clause = str_trim(str_sub(text, from, at - from));
        if (clause.n > 0 && words_value(a, language, kind, clause).n == 0)
            buf_printf(&b, "%s%.*s", b.n > 0 ? "; " : "", STR_ARG(clause));
        from = at + parts;
        at = from - 1;
    }
    return b.n > 0 ? buf_view(&b) : text;
}

/** The words are looked for as they are written, so that what lies on either side keeps its capitals. */
void words_halves(struct str language, struct str text, struct str *ret_left, struct str *ret_right)
{
    struct words said;
    look(language, text, &said);
    const struct row *r = found(&said, "and");
    bool other = r != NULL && r->english != str_starts(language, STR("en"));
    *ret_left = text;
    *ret_right = STR_NONE;
    if (r == NULL || other)
        return;
    size_t at = str_find(text, r->word, 0);
    while (begins_inside(text, at) || ends_inside(text, at + r->word.n))
        at = str_find(text, r->word, at + 1); /* it stands somewhere: it was found */
    *ret_left = str_sub(text, 0, at);
    *ret_right = str_sub(text, at + r->word.n, text.n);
}
