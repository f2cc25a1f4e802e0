/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Language of a text.
 *
 * How          1. Letters are counted by script. A script that begins or ends the text counts more, since people put
 *                 foreign names into sentences of their own ("播放 Hey Jude"), and so does the expected language's.
 *              2. Most scripts are one language's. Kana among Han means Japanese; Persian and Urdu are told from Arabic
 *                 by the letters that only they write.
 *              3. Latin and Cyrillic are weighed by a learned table (language_table.h), languages that the shop serves
 *                 with a little more.
 * Not goals    Telling Bokmål from Danish, Croatian from Serbian, Malay from Indonesian: who serves one serves both.
 * Threads      The tables lie in the program; nothing is kept.
 */
#include "nlu/language.h"

#include <math.h>
#include <string.h>

#include "base/asset.h"
#include "nlu/language_table.h"
#include "nlu/normalise.h"

enum script {
    SCRIPT_NONE, SCRIPT_LATIN, SCRIPT_CYRILLIC, SCRIPT_ARABIC, SCRIPT_HAN, SCRIPT_KANA, SCRIPT_HANGUL, SCRIPT_THAI,
    SCRIPT_GREEK, SCRIPT_HEBREW, SCRIPT_DEVANAGARI, SCRIPT_BENGALI, SCRIPT_GURMUKHI, SCRIPT_GUJARATI, SCRIPT_TAMIL,
    SCRIPT_TELUGU, SCRIPT_KANNADA, SCRIPT_MALAYALAM, SCRIPT_SINHALA, SCRIPT_LAO, SCRIPT_BURMESE, SCRIPT_KHMER,
    SCRIPT_GEORGIAN, SCRIPT_ARMENIAN, SCRIPT_ETHIOPIC, SCRIPTS
};

/* Sorted by place, for a binary search; letters are folded already. */
static const struct block {
    uint32_t first, last;
    enum script script;
} blocks[] = {
    {'a', 'z', SCRIPT_LATIN},            {0xC0, 0x24F, SCRIPT_LATIN},         {0x370, 0x3FF, SCRIPT_GREEK},
    {0x400, 0x52F, SCRIPT_CYRILLIC},     {0x531, 0x58F, SCRIPT_ARMENIAN},     {0x5D0, 0x5EA, SCRIPT_HEBREW},
    {0x620, 0x64A, SCRIPT_ARABIC},       {0x66E, 0x6D5, SCRIPT_ARABIC},       {0x6FA, 0x6FF, SCRIPT_ARABIC},
    {0x750, 0x77F, SCRIPT_ARABIC},       {0x900, 0x963, SCRIPT_DEVANAGARI},   {0x980, 0x9E3, SCRIPT_BENGALI},
    {0xA00, 0xA65, SCRIPT_GURMUKHI},     {0xA70, 0xA7F, SCRIPT_GURMUKHI},     {0xA80, 0xAE5, SCRIPT_GUJARATI},
    {0xB80, 0xBE5, SCRIPT_TAMIL},        {0xC00, 0xC65, SCRIPT_TELUGU},       {0xC80, 0xCE5, SCRIPT_KANNADA},
    {0xD00, 0xD65, SCRIPT_MALAYALAM},    {0xD80, 0xDF3, SCRIPT_SINHALA},      {0xE01, 0xE4E, SCRIPT_THAI},
    {0xE80, 0xECF, SCRIPT_LAO},          {0x1000, 0x103F, SCRIPT_BURMESE},    {0x10A0, 0x10FF, SCRIPT_GEORGIAN},
    {0x1100, 0x11FF, SCRIPT_HANGUL},     {0x1200, 0x137F, SCRIPT_ETHIOPIC},   {0x1780, 0x17D3, SCRIPT_KHMER},
    {0x1E00, 0x1EFF, SCRIPT_LATIN},      {0x1F00, 0x1FFF, SCRIPT_GREEK},      {0x3005, 0x3007, SCRIPT_HAN},
    {0x3041, 0x30FF, SCRIPT_KANA},       {0x3131, 0x318E, SCRIPT_HANGUL},     {0x3400, 0x9FFF, SCRIPT_HAN},
    {0xAC00, 0xD7A3, SCRIPT_HANGUL},     {0xF900, 0xFAFF, SCRIPT_HAN},        {0xFF66, 0xFF9F, SCRIPT_KANA},
    {0x20000, 0x3FFFF, SCRIPT_HAN},
};

/*
 * The language of a script, and how many Latin letters one of its letters is worth: a Han character says as much as a
 * word. No language: a table has to tell.
 */
static const struct {
    const char *language;
    size_t weight;
} scripts[SCRIPTS] = {
    [SCRIPT_NONE] = {"", 0},           [SCRIPT_LATIN] = {"", 1},          [SCRIPT_CYRILLIC] = {"", 2},
    [SCRIPT_ARABIC] = {"ar", 2},       [SCRIPT_HAN] = {"zh", 4},          [SCRIPT_KANA] = {"ja", 4},
    [SCRIPT_HANGUL] = {"ko", 4},       [SCRIPT_THAI] = {"th", 2},         [SCRIPT_GREEK] = {"el", 2},
    [SCRIPT_HEBREW] = {"he", 2},       [SCRIPT_DEVANAGARI] = {"hi", 2},   [SCRIPT_BENGALI] = {"bn", 2},
    [SCRIPT_GURMUKHI] = {"pa", 2},     [SCRIPT_GUJARATI] = {"gu", 2},     [SCRIPT_TAMIL] = {"ta", 2},
    [SCRIPT_TELUGU] = {"te", 2},       [SCRIPT_KANNADA] = {"kn", 2},      [SCRIPT_MALAYALAM] = {"ml", 2},
    [SCRIPT_SINHALA] = {"si", 2},      [SCRIPT_LAO] = {"lo", 2},          [SCRIPT_BURMESE] = {"my", 2},
    [SCRIPT_KHMER] = {"km", 2},        [SCRIPT_GEORGIAN] = {"ka", 2},     [SCRIPT_ARMENIAN] = {"hy", 2},
    [SCRIPT_ETHIOPIC] = {"am", 2},
};

/* Letters of Arabic script that one of the three writes and the other two do not. */
static const struct {
    uint32_t letter;
    char language;
} arabic_letters[] = {
    {0x643, 'a'}, {0x64A, 'a'}, {0x649, 'a'}, {0x629, 'a'}, {0x623, 'a'}, {0x625, 'a'}, {0x6CC, 'f'}, {0x6A9, 'f'},
    {0x67E, 'f'}, {0x686, 'f'}, {0x698, 'f'}, {0x6AF, 'f'}, {0x679, 'u'}, {0x688, 'u'}, {0x691, 'u'}, {0x6D2, 'u'},
    {0x6BA, 'u'}, {0x6BE, 'u'}, {0x6C1, 'u'},
};

#define FIRST_COUNTS   4     /* a script other than Latin that begins the text, times; Latin may be a name */
#define LAST_COUNTS    5     /* that ends it */
#define EXPECTED_COUNTS 3    /* the script of the language that is expected, to … */
#define OTHERS_COUNT   2     /* … any other */
#define BONUS_EXPECTED 1.0f  /* logits: an expected language is nearly three times as likely */
#define BONUS_ENABLED  0.5f
#define TOO_SHORT      4     /* Latin letters: "ok", "zrg", "SF" are said in any language */
#define CANNOT_TELL    0.10f /* best share below which the table has not told … */
#define RATHER_WAIT    0.50f /* … when there is an expected language to stay with */

static enum script script_of(uint32_t c)
{
    size_t lo = 0, hi = COUNT(blocks);
    if (c < 0x80) /* nearly all there is, with the next */
        return c >= 'a' && c <= 'z' ? SCRIPT_LATIN : SCRIPT_NONE;
    if (c >= 0x4E00 && c <= 0x9FFF)
        return SCRIPT_HAN;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (c > blocks[mid].last)
            lo = mid + 1;
        else
            hi = mid;
    }
    bool sign = c == 0xD7 || c == 0xF7 || c == 0x30FB || c == 0x30FC; /* × ÷ ・ ー: in anybody's text */
    return lo < COUNT(blocks) && c >= blocks[lo].first && !sign ? blocks[lo].script : SCRIPT_NONE;
}

/* ---- letters that have to be weighed ----------------------------------------------------------------------------- */

static struct language_guess undecided(const struct language_prior *prior, double confidence)
{
    return (struct language_guess){prior->expected.n > 0 ? prior->expected : STR("en"), confidence};
}

static float bonus_of(const struct language_prior *prior, const char *name)
{
    float bonus = str_eq_c(prior->expected, name) ? BONUS_EXPECTED : 0;
    for (size_t i = 0; i < prior->enabled_count; i++)
        if (str_eq_c(prior->enabled[i], name))
            return MAX(bonus, BONUS_ENABLED);
    return bonus;
}

static struct language_guess by_table(enum language_script script, const struct folded *f,
                                      const struct language_prior *prior)
{
    static const char *const assets[] = {[LANGUAGE_LATIN] = "models/latin.table",
                                         [LANGUAGE_CYRILLIC] = "models/cyrillic.table"};
    struct language_table t;
    struct language_letters letters;
    float z[LANGUAGE_MAX], all = 0;
    if (!language_table_read(asset_find(str_from(assets[script])), &t))
        return undecided(prior, 0);
    language_letters(script, f->cp, f->n, &letters);
    (void)language_table_score(&t, &letters, z);
    uint32_t best = 0;
    for (uint32_t c = 0; c < t.head->classes; c++) {
        z[c] += bonus_of(prior, t.head->names[c]);
        if (prior->expected.n == 0 && strcmp(t.head->names[c], LANGUAGE_UNKNOWN) == 0)
            z[c] = -INFINITY; /* nothing to fall back to: the best guess is better than none */
        best = z[c] > z[best] ? c : best;
    }
    for (uint32_t c = 0; c < t.head->classes; c++)
        all += expf(z[c] - z[best]);
    const char *name = t.head->names[best];
    float share = 1 / all;
    if (strcmp(name, LANGUAGE_UNKNOWN) == 0 || share < (prior->expected.n > 0 ? RATHER_WAIT : CANNOT_TELL))
        return undecided(prior, (double)MIN(share, 0.5f));
    return (struct language_guess){str_from(name), (double)share};
}

/* ---- letters that tell by themselves ----------------------------------------------------------------------------- */

static struct str of_arabic(const struct folded *f)
{
    size_t arabic = 0, persian = 0, urdu = 0;
    for (size_t i = 0; i < f->n; i++)
        for (size_t k = 0; k < COUNT(arabic_letters); k++)
            if (arabic_letters[k].letter == f->cp[i]) {
                arabic += arabic_letters[k].language == 'a';
                persian += arabic_letters[k].language == 'f';
                urdu += arabic_letters[k].language == 'u';
            }
    if (urdu > 0 && urdu >= arabic)
        return STR("ur");
    return persian > arabic ? STR("fa") : STR("ar");
}

struct scripts_seen {
    size_t count[SCRIPTS], known;
    enum script first, last;
};

static bool is_east(enum script s)
{
    return s == SCRIPT_HAN || s == SCRIPT_KANA;
}

static void look(const struct folded *f, struct scripts_seen *ret)
{
    *ret = (struct scripts_seen){0};
    for (size_t i = 0; i < f->n; i++) {
        enum script s = script_of(f->cp[i]);
        ret->count[s]++;
        ret->known += s != SCRIPT_NONE;
        if (ret->first == SCRIPT_NONE)
            ret->first = s;
        if (s != SCRIPT_NONE)
            ret->last = s;
    }
    /* One text of Han and kana is Japanese; a single kana in Chinese ("の") is a fashion. */
    size_t kana = ret->count[SCRIPT_KANA], east = kana + ret->count[SCRIPT_HAN];
    bool japanese = kana > 0 && kana * 8 >= east && (kana > 1 || east < 3);
    ret->count[SCRIPT_KANA] = japanese ? east : 0;
    ret->count[SCRIPT_HAN] = japanese ? 0 : east;
    if (is_east(ret->first))
        ret->first = japanese ? SCRIPT_KANA : SCRIPT_HAN;
    if (is_east(ret->last))
        ret->last = japanese ? SCRIPT_KANA : SCRIPT_HAN;
}

/* Whether @p language is that of an ISO 639-1 code. */
static bool is_code(struct str language, const char *code)
{
    return language.n == 2 && language.p[0] == code[0] && language.p[1] == code[1];
}

/* The script that @p language is written in; none for no language. */
static enum script script_of_language(struct str language)
{
    static const struct {
        const char *language;
        enum script script;
    } others[] = {{"ru", SCRIPT_CYRILLIC}, {"uk", SCRIPT_CYRILLIC}, {"bg", SCRIPT_CYRILLIC},
                  {"kk", SCRIPT_CYRILLIC}, {"fa", SCRIPT_ARABIC},   {"ur", SCRIPT_ARABIC}};
    if (language.n == 0)
        return SCRIPT_NONE;
    for (enum script s = SCRIPT_ARABIC; s < SCRIPTS; s++)
        if (is_code(language, scripts[s].language))
            return s;
    for (size_t i = 0; i < COUNT(others); i++)
        if (is_code(language, others[i].language))
            return others[i].script;
    return SCRIPT_LATIN;
}

static size_t weight_of(const struct scripts_seen *seen, enum script s, enum script expected)
{
    size_t weight = seen->count[s] * scripts[s].weight * (s == expected ? EXPECTED_COUNTS : OTHERS_COUNT);
    if (s != SCRIPT_LATIN && s == seen->first)
        weight *= FIRST_COUNTS;
    if (s != SCRIPT_LATIN && s == seen->last)
        weight *= LAST_COUNTS;
    return weight;
}

struct language_guess language_of_points(const struct folded *points, const struct language_prior *prior)
{
    struct scripts_seen seen;
    enum script best = SCRIPT_LATIN;
    enum script expected = script_of_language(prior->expected);
    size_t all = 0, most = 0;
    look(points, &seen);
    if (seen.known == 0 ||
        (seen.known == seen.count[SCRIPT_LATIN] && seen.known < TOO_SHORT && prior->expected.n > 0))
        return undecided(prior, 0.3);
    for (enum script s = SCRIPT_LATIN; s < SCRIPTS; s++) {
        size_t weight = seen.count[s] > 0 ? weight_of(&seen, s, expected) : 0;
        all += weight;
        if (weight > most) {
            most = weight;
            best = s;
        }
    }
    if (best == SCRIPT_LATIN || best == SCRIPT_CYRILLIC)
        return by_table(best == SCRIPT_LATIN ? LANGUAGE_LATIN : LANGUAGE_CYRILLIC, points, prior);
    struct str name = best == SCRIPT_ARABIC ? of_arabic(points) : str_from(scripts[best].language);
    return (struct language_guess){name, 0.5 + (double)most / (double)all / 2};
}

struct language_guess language_among(struct arena *a, struct str text, const struct language_prior *prior)
{
    const struct arena_mark before = arena_mark(a);
    struct folded points;
    normalise_points(a, text, &points);
    struct language_guess guess = language_of_points(&points, prior);
    arena_rewind(a, before);
    return guess;
}

struct language_guess language_of(struct arena *a, struct str text, struct str hint)
{
    return language_among(a, text, &(struct language_prior){.expected = hint});
}
