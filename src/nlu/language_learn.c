/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Learning languages.
 *
 * How          1. Pieces: each phrase whole and in stretches of 4 … 20 characters that begin at a word, as messages
 *                 begin, some of them again without marks on their letters ("siparis" for "sipariş"), some with an English
 *                 title before or after a few words: songs and brands keep their names in every language, and do not
 *                 make a text English.
 *              2. Softmax regression over the pieces' n-grams by AdaGrad. In each round a part of the n-grams of a piece
 *                 is hidden: otherwise a few loud words would learn everything, and a message without them is lost.
 *              3. One scale for the whole table, bytes for weights.
 * Invariants   Same phrases, same bytes: the order of rounds and what is hidden come from one seeded generator.
 */
#include "nlu/language_learn.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/unorm2.h>

#include "nlu/features.h"
#include "nlu/normalise.h"

#define ROUNDS       14
#define MEAN_OF      8    /* the table is the mean of the last so many rounds: one round's is chance */
#define RATE         0.25f
#define HIDDEN       0.40 /* share of the n-grams of a piece that a round does not see */
#define DECAY        2e-5f
#define PIECE        20   /* characters of a short message */
#define HOLD_OUT     8
#define TITLED       0.7f /* how much a piece with a title counts: English words stay English otherwise */

/* Letters that are not a plain letter with a mark, and what people type for them without the right keyboard. */
static const struct {
    uint32_t letter;
    const char *plain;
} plains[] = {{0xDF, "ss"}, {0xE6, "ae"}, {0xF8, "o"}, {0x111, "d"}, {0x131, "i"}, {0x142, "l"}, {0x153, "oe"}};

/* Serbian Latin letters in the order of their Cyrillic ones; two letters that make one come first. */
static const struct {
    const char *latin;
    uint32_t cyrillic;
} serbian[] = {
    {"dž", 0x45F}, {"lj", 0x459}, {"nj", 0x45A}, {"a", 0x430}, {"b", 0x431}, {"v", 0x432}, {"g", 0x433}, {"d", 0x434},
    {"đ", 0x452},  {"e", 0x435},  {"ž", 0x436},  {"z", 0x437}, {"i", 0x438}, {"j", 0x458}, {"k", 0x43A}, {"l", 0x43B},
    {"m", 0x43C},  {"n", 0x43D},  {"o", 0x43E},  {"p", 0x43F}, {"r", 0x440}, {"s", 0x441}, {"t", 0x442}, {"ć", 0x45B},
    {"u", 0x443},  {"f", 0x444},  {"h", 0x445},  {"c", 0x446}, {"č", 0x447}, {"š", 0x448},
};

struct piece {
    uint32_t *grams;
    uint32_t n, label;
    float weight;
};

struct school {
    struct arena *a;
    const struct language_learning *how;
    char names[LANGUAGE_MAX][4];
    size_t labels, width;
    size_t count[LANGUAGE_MAX]; /* pieces of each label */
    ARRAY(struct piece) pieces;
    float *weight, *energy, *mean; /* [bucket][width] */
    float bias[LANGUAGE_MAX];
    uint64_t random;
    ARRAY(struct folded) titles;
};

/* ---- texts ----------------------------------------------------------------------------------------------------- */

static uint32_t draw(struct school *s)
{
    s->random ^= s->random << 13;
    s->random ^= s->random >> 7;
    s->random ^= s->random << 17;
    return (uint32_t)(s->random >> 32);
}

/* The letter under its marks: "ế" is "e". */
static uint32_t bare_letter(const UNormalizer2 *nfd, uint32_t c)
{
    UChar parts[8];
    UErrorCode status = U_ZERO_ERROR;
    int32_t n = c > 0x7F ? unorm2_getRawDecomposition(nfd, (UChar32)c, parts, COUNT(parts), &status) : -1;
    return n > 0 && U_SUCCESS(status) ? bare_letter(nfd, parts[0]) : c;
}

/* The same without marks on letters; @return false when there were none. */
static bool without_marks(struct arena *a, const struct folded *f, struct folded *ret)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfd = unorm2_getNFDInstance(&status);
    bool changed = false;
    ret->cp = arena_array(a, uint32_t, f->n * 2 + 1);
    ret->n = 0;
    for (size_t i = 0; i < f->n; i++) {
        const char *plain = NULL;
        for (size_t k = 0; k < COUNT(plains); k++)
            if (plains[k].letter == f->cp[i])
                plain = plains[k].plain;
        uint32_t c = bare_letter(nfd, f->cp[i]);
        changed |= plain != NULL || c != f->cp[i];
        if (plain == NULL)
            ret->cp[ret->n++] = c;
        for (; plain != NULL && *plain != '\0'; plain++)
            ret->cp[ret->n++] = (uint32_t)*plain;
    }
    return changed;
}

/* Serbian in Cyrillic letters. */
static void to_cyrillic(struct arena *a, struct str text, struct folded *ret)
{
    struct str small = normalise(a, text);
    ret->cp = arena_array(a, uint32_t, small.n + 1);
    ret->n = 0;
    for (size_t i = 0; i < small.n;) {
        size_t k = 0, step = 1;
        while (k < COUNT(serbian) && !str_starts(str_sub(small, i, SIZE_MAX), str_from(serbian[k].latin)))
            k++;
        if (k < COUNT(serbian))
            step = strlen(serbian[k].latin);
        ret->cp[ret->n++] = k < COUNT(serbian) ? serbian[k].cyrillic : ' ';
        i += step;
    }
}

/* ---- pieces ---------------------------------------------------------------------------------------------------- */

static void add_weighed(struct school *s, const uint32_t *cp, size_t n, uint32_t label, float weight)
{
    struct language_letters l;
    uint32_t grams[LANGUAGE_GRAMS];
    language_letters(s->how->script, cp, n, &l);
    if (l.n < 3)
        return;
    size_t count = language_grams(&l, grams);
    struct piece *p = array_push(s->a, &s->pieces);
    *p = (struct piece){arena_copy(s->a, grams, count * sizeof(*grams)), (uint32_t)count, label, weight};
    for (size_t i = 0; i < count; i++)
        p->grams[i] >>= 32 - s->how->bits;
    s->count[label]++;
}

static void add_piece(struct school *s, const uint32_t *cp, size_t n, uint32_t label)
{
    add_weighed(s, cp, n, label, 1);
}

/* A stretch of 4 … 20 characters from each word on, and the first 20. */
static void add_stretches(struct school *s, const struct folded *f, uint32_t label, bool few)
{
    add_piece(s, f->cp, f->n, label);
    if (f->n > PIECE)
        add_piece(s, f->cp, PIECE, label);
    for (size_t i = 0; i + 4 < f->n; i++) {
        if (i > 0 && f->cp[i - 1] != ' ')
            continue;
        if (few && draw(s) % 3 != 0)
            continue;
        size_t most = 4 + draw(s) % (PIECE - 3); /* apart: MIN() evaluates twice */
        add_piece(s, f->cp + i, MIN(f->n - i, most), label);
    }
}

/* A phrase in letters of the script that is learned; false when it has none. Serbian is written in both. */
static bool read_phrase(struct school *s, const struct row *r, struct folded *ret)
{
    size_t here = 0, letters = 0;
    if (s->how->script == LANGUAGE_CYRILLIC && str_eq_c(r->label, "sr")) {
        to_cyrillic(s->a, r->text, ret);
        return true;
    }
    normalise_points(s->a, r->text, ret);
    for (size_t i = 0; i < ret->n; i++) {
        bool latin = language_is_letter(LANGUAGE_LATIN, ret->cp[i]);
        bool cyrillic = language_is_letter(LANGUAGE_CYRILLIC, ret->cp[i]);
        letters += latin != cyrillic; /* both have the apostrophe */
        here += latin != cyrillic && (s->how->script == LANGUAGE_LATIN ? latin : cyrillic);
    }
    return here * 2 > letters;
}

/* A piece of @p left, a space, and @p right, together at most PIECE characters. */
static void add_joined(struct school *s, const struct folded *left, const struct folded *right, uint32_t label)
{
    uint32_t cp[PIECE];
    size_t most = PIECE - 2 - draw(s) % 10, n = MIN(left->n, most);
    memcpy(cp, left->cp + (left->n - n), n * sizeof(*cp)); /* a long one loses its beginning */
    cp[n++] = ' ';
    size_t more = MIN(right->n, PIECE - n);
    memcpy(cp + n, right->cp, more * sizeof(*cp));
    add_weighed(s, cp, n + more, label, TITLED);
}

/* Languages whose verb comes last say the title first. */
static bool is_verb_last(const char *name)
{
    return strcmp(name, "tr") == 0 || strcmp(name, "kk") == 0;
}

/* A title before the words that begin at a random one, and one after the first one or two words. */
static void add_titled(struct school *s, const struct folded *f, uint32_t label)
{
    if (s->titles.n == 0 || f->n == 0)
        return;
    size_t from = draw(s) % f->n, to = 0;
    while (from > 0 && f->cp[from - 1] != ' ')
        from--;
    for (uint32_t words = 1 + draw(s) % 2; to < f->n && words > 0; to++)
        words -= f->cp[to] == ' ';
    struct folded rest = {.cp = f->cp + from, .n = f->n - from}, begin = {.cp = f->cp, .n = to};
    add_joined(s, &s->titles.v[draw(s) % s->titles.n], &rest, label);
    if (is_verb_last(s->names[label]))
        add_joined(s, &s->titles.v[draw(s) % s->titles.n], &rest, label);
    else
        add_joined(s, &begin, &s->titles.v[draw(s) % s->titles.n], label);
}

static void add_phrase(struct school *s, const struct folded *f, uint32_t label)
{
    struct folded bare;
    add_stretches(s, f, label, false);
    if (!str_eq_c(str_from(s->names[label]), LANGUAGE_UNKNOWN))
        add_titled(s, f, label);
    if (s->how->script == LANGUAGE_LATIN && without_marks(s->a, f, &bare))
        add_stretches(s, &bare, label, true);
}

/* ---- learning -------------------------------------------------------------------------------------------------- */

static float *row_of(const struct school *s, float *table, uint32_t bucket)
{
    return table + (size_t)bucket * s->width;
}

static void softmax(float *z, size_t n)
{
    float top = z[0], all = 0;
    for (size_t i = 1; i < n; i++)
        top = MAX(top, z[i]);
    for (size_t i = 0; i < n; i++)
        all += z[i] = expf(z[i] - top);
    for (size_t i = 0; i < n; i++)
        z[i] /= all;
}

static void score(const struct school *s, const uint32_t *grams, size_t n, float *ret)
{
    float by = n > 0 ? 1 / sqrtf((float)n) : 0, sum[LANGUAGE_MAX] = {0};
    for (size_t i = 0; i < n; i++) {
        const float *row = row_of(s, s->weight, grams[i]);
        for (size_t c = 0; c < s->width; c++)
            sum[c] += row[c];
    }
    for (size_t c = 0; c < s->labels; c++)
        ret[c] = s->bias[c] + by * sum[c];
}

static void step(struct school *s, const struct piece *p)
{
    uint32_t seen[LANGUAGE_GRAMS];
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++)
        if (draw(s) >= (uint32_t)(HIDDEN * UINT32_MAX))
            seen[n++] = p->grams[i];
    if (n == 0)
        return;
    float g[LANGUAGE_MAX] = {0};
    score(s, seen, n, g);
    softmax(g, s->labels);
    g[p->label] -= 1;
    float by = p->weight / sqrtf((float)n);
    for (size_t c = 0; c < s->labels; c++)
        s->bias[c] -= 0.002f * p->weight * g[c];
    for (size_t i = 0; i < n; i++) {
        float *row = row_of(s, s->weight, seen[i]), *energy = row_of(s, s->energy, seen[i]);
        for (size_t c = 0; c < s->width; c++) {
            float d = g[c] * by + DECAY * row[c];
            energy[c] += d * d;
            row[c] -= RATE * d / sqrtf(energy[c] + 1e-6f);
        }
    }
}

static void learn(struct school *s)
{
    size_t n = s->pieces.n, cells = s->width << s->how->bits;
    uint32_t *order = arena_array(s->a, uint32_t, n);
    s->weight = arena_array(s->a, float, cells);
    s->energy = arena_array(s->a, float, cells);
    s->mean = arena_array(s->a, float, cells);
    for (size_t i = 0; i < n; i++) {
        struct piece *p = &s->pieces.v[i];
        order[i] = (uint32_t)i;
        float even = (float)n / (float)(s->labels * s->count[p->label]); /* every language counts the same */
        p->weight *= MIN(even, 3);
    }
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = n; i > 1; i--) {
            size_t k = draw(s) % i;
            uint32_t other = order[i - 1];
            order[i - 1] = order[k];
            order[k] = other;
        }
        for (size_t i = 0; i < n; i++)
            step(s, &s->pieces.v[order[i]]);
        for (size_t i = 0; i < cells && round >= ROUNDS - MEAN_OF; i++)
            s->mean[i] += s->weight[i] / MEAN_OF;
    }
}

static struct str pack(const struct school *s)
{
    struct language_head h = {.classes = (uint32_t)s->labels, .width = (uint32_t)s->width, .bits = s->how->bits};
    size_t cells = s->width << s->how->bits;
    double squares = 0, used = 0;
    for (size_t i = 0; i < cells; i++) {
        squares += (double)s->mean[i] * (double)s->mean[i];
        used += s->mean[i] < 0 || s->mean[i] > 0;
    }
    /* eight standard deviations make a whole byte: what is louder is cut */
    h.scale = (float)(8 * sqrt(squares / MAX(used, 1)) / 127);
    memcpy(h.magic, LANGUAGE_MAGIC, sizeof(h.magic));
    memcpy(h.names, s->names, sizeof(h.names));
    memcpy(h.bias, s->bias, sizeof(h.bias));
    char *bytes = xmalloc(sizeof(h) + cells);
    memcpy(bytes, &h, sizeof(h));
    for (size_t i = 0; i < cells; i++) {
        float q = roundf(s->mean[i] / h.scale);
        bytes[sizeof(h) + i] = (char)(int8_t)MAX(-127, MIN(127, q));
    }
    return (struct str){bytes, sizeof(h) + cells};
}

/* ---- all together ---------------------------------------------------------------------------------------------- */

static bool label_of(struct school *s, struct str name, uint32_t *ret)
{
    for (size_t i = 0; i < s->labels; i++)
        if (str_eq_c(name, s->names[i])) {
            *ret = (uint32_t)i;
            return true;
        }
    if (s->labels == LANGUAGE_MAX || name.n < 2 || name.n > 3)
        return false;
    memcpy(s->names[s->labels], name.p, name.n);
    *ret = (uint32_t)s->labels++;
    return true;
}

static bool held_out(const struct school *s, struct str text)
{
    return s->how->hold_out && str_hash(text) % HOLD_OUT == 0;
}

static bool is_title(const struct row *r)
{
    return str_eq_c(r->label, LANGUAGE_TITLES);
}

static void take_titles(struct school *s, const struct rows *phrases)
{
    for (size_t i = 0; i < phrases->n && s->how->script == LANGUAGE_LATIN; i++)
        if (is_title(&phrases->v[i]))
            normalise_points(s->a, phrases->v[i].text, array_push(s->a, &s->titles));
}

static bool take(struct school *s, const struct rows *phrases, struct language_report *ret, char error[160])
{
    for (size_t i = 0; i < phrases->n; i++) {
        const struct row *r = &phrases->v[i];
        struct folded f;
        uint32_t label;
        if (is_title(r) || !read_phrase(s, r, &f))
            continue;
        if (!label_of(s, r->label, &label)) {
            snprintf(error, 160, "%.*s is no code of a language, or one too many", STR_ARG(r->label));
            return false;
        }
        ret->phrases++;
        if (!held_out(s, r->text))
            add_phrase(s, &f, label);
    }
    return true;
}

static void examine(struct school *s, const struct rows *phrases, struct str bytes, struct language_report *ret)
{
    struct language_table t;
    bool whole = language_table_read(bytes, &t);
    assert(whole);
    for (size_t i = 0; i < phrases->n; i++) {
        const struct row *r = &phrases->v[i];
        struct folded f;
        struct language_letters l;
        float z[LANGUAGE_MAX];
        uint32_t label, best = 0;
        if (is_title(r) || !held_out(s, r->text) || !read_phrase(s, r, &f) || !label_of(s, r->label, &label))
            continue;
        language_letters(s->how->script, f.cp, MIN(f.n, PIECE), &l);
        (void)language_table_score(&t, &l, z);
        for (uint32_t c = 1; c < s->labels; c++)
            best = z[c] > z[best] ? c : best;
        ret->asked_of[label]++;
        ret->right_of[label] += best == label;
        if (str_eq_c(r->label, LANGUAGE_UNKNOWN))
            continue; /* names that it never saw: nothing to know */
        ret->asked++;
        ret->right += best == label;
    }
}

struct str language_learn(const struct rows *phrases, const struct language_learning *how, struct language_report *ret,
                          char ret_error[160])
{
    _cleanup_(arena_done) struct arena a = {.limit = 1024 * MIB};
    struct school s = {.a = &a, .how = how, .random = 0x9E3779B97F4A7C15u};
    *ret = (struct language_report){0};
    take_titles(&s, phrases);
    if (!take(&s, phrases, ret, ret_error))
        return STR_NONE;
    if (s.labels < 2) {
        snprintf(ret_error, 160, "phrases of two languages at least are needed");
        return STR_NONE;
    }
    s.width = (s.labels + 7) / 8 * 8;
    learn(&s);
    struct str table = pack(&s);
    ret->pieces = s.pieces.n;
    ret->languages = s.labels;
    memcpy(ret->names, s.names, sizeof(ret->names));
    examine(&s, phrases, table, ret);
    return table;
}
