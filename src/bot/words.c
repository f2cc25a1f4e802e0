/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words: rows of two small files, compared with the folded text by plain search: there are some dozens.
 */
#include "bot/words.h"

#include <pthread.h>
#include <string.h>

#include "base/asset.h"
#include "nlu/normalise.h"

#define PLACE_HAN     16 /* a longer text says more than a place in a list */
#define PLACE_LETTERS 40

struct word {
    struct str value, word; /* word is folded */
    bool whole;
};

/** The rows of a kind, in order of the file. */
struct kind {
    struct str name;
    ARRAY(struct word) words;
};

struct pack {
    struct str language;
    ARRAY(struct kind) kinds;
};

/** Written once under `once`, read by all. */
static struct {
    struct arena arena;
    struct pack packs[2];
} all;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static struct kind *kind_of(struct pack *pack, struct str name)
{
    for (size_t i = 0; i < pack->kinds.n; i++)
        if (str_eq(pack->kinds.v[i].name, name))
            return &pack->kinds.v[i];
    return NULL;
}

static struct kind *kind_make(struct pack *pack, struct str name)
{
    struct kind *there = kind_of(pack, name);
    if (there != NULL)
        return there;
    struct kind *fresh = array_push(&all.arena, &pack->kinds);
    fresh->name = name;
    return fresh;
}

static void read_pack(size_t pack, struct str language, struct str rows)
{
    struct str line, kind, value;
    all.packs[pack].language = language;
    while (str_cut(&rows, '\n', &line)) {
        if (line.n == 0 || line.p[0] == '#' || !str_cut(&line, '\t', &kind) || !str_cut(&line, '\t', &value))
            continue;
        bool whole = str_starts(line, STR("="));
        struct str word = normalise(&all.arena, str_sub(line, whole, line.n));
        if (word.n > 0)
            *array_push(&all.arena, &kind_make(&all.packs[pack], kind)->words) = (struct word){value, word, whole};
    }
}

static void load(void)
{
    read_pack(0, STR("zh"), asset_find(STR("packs/zh/words.tsv")));
    read_pack(1, STR("en"), asset_find(STR("packs/en/words.tsv")));
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/** Place of the word in the text, or SIZE_MAX. A word of letters must stand alone: "sue" is not in "issue". */
static size_t place_of(struct str text, struct str word)
{
    for (size_t at = str_find(text, word, 0); at != SIZE_MAX; at = str_find(text, word, at + 1)) {
        bool before = at > 0 && is_letter(text.p[at - 1]) && is_letter(word.p[0]);
        size_t end = at + word.n;
        bool after = end < text.n && is_letter(text.p[end]) && is_letter(word.p[word.n - 1]);
        if (!before && !after)
            return at;
    }
    return SIZE_MAX;
}

/** Place of the language's file; Chinese for what has none. */
static size_t first_pack(struct str language)
{
    pthread_once(&once, load);
    return str_starts(language, STR("en"));
}

/** The first row of @p kind whose word is in the folded @p text: in the language's file, then in the other. */
static const struct word *find(struct str language, const char *kind, struct str text)
{
    size_t first = first_pack(language);
    for (size_t k = 0; k < COUNT(all.packs); k++) {
        const struct kind *rows = kind_of(&all.packs[(first + k) % COUNT(all.packs)], str_from(kind));
        for (size_t i = 0; rows != NULL && i < rows->words.n; i++) {
            const struct word *w = &rows->words.v[i];
            if (w->whole ? str_eq(text, w->word) : place_of(text, w->word) != SIZE_MAX)
                return w;
        }
    }
    return NULL;
}

/** Folded, without the punctuation at its end: "第二个！" is 第二个. */
static struct str folded(struct arena *a, struct str text)
{
    struct str s = str_trim(normalise(a, text));
    while (s.n > 0 && (s.p[s.n - 1] == '.' || s.p[s.n - 1] == '!' || s.p[s.n - 1] == ',' || s.p[s.n - 1] == ' '))
        s.n--;
    return s;
}

int words_place(struct arena *a, struct str language, struct str text, size_t count)
{
    int64_t place;
    size_t chars = str_code_points(text);
    if (count == 0 || chars > (chars == text.n ? PLACE_LETTERS : PLACE_HAN))
        return -1;
    struct str plain = folded(a, text);
    const struct word *w = find(language, "place", plain);
    if (w == NULL || !str_int(w->value, &place) || find(language, "noplace", plain) != NULL)
        return -1;
    if (place < 0)
        place = (int64_t)count + 1 + place;
    return place >= 1 && place <= (int64_t)count ? (int)place - 1 : -1;
}

struct str words_value(struct arena *a, struct str language, const char *kind, struct str text)
{
    const struct word *w = find(language, kind, folded(a, text));
    return w != NULL ? w->value : STR_NONE;
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

struct str words_behind(struct arena *a, struct str language, const char *kind, struct str text)
{
    const struct word *w = find(language, kind, folded(a, text));
    size_t at = w != NULL ? find_written(text, w->word) : SIZE_MAX;
    return at != SIZE_MAX ? str_trim(without_head(str_sub(text, at + w->word.n, text.n))) : STR_NONE;
}

/** The words are looked for as they are written, so that what lies on either side keeps its capitals. */
void words_halves(struct str language, struct str text, struct str *ret_left, struct str *ret_right)
{
    const struct kind *and = kind_of(&all.packs[first_pack(language)], STR("and"));
    *ret_left = text;
    *ret_right = STR_NONE;
    for (size_t i = 0; and != NULL && i < and->words.n; i++) {
        const struct word *w = &and->words.v[i];
        size_t at = place_of(text, w->word);
        if (at == SIZE_MAX)
            continue;
        *ret_left = str_sub(text, 0, at);
        *ret_right = str_sub(text, at + w->word.n, text.n);
        return;
    }
}
