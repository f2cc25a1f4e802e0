/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Features of a text.
 *
 * How          One pass makes tokens with their hashes; features are hashes of hashes, so no text is copied and nothing
 *              is sorted. Groups use different seeds, so one hash belongs to one group and its weight can be baked into
 *              the model.
 * Limits       A text of n tokens has at most 6n + 2 token features, 3 for each character of its words, and
 *              24 * 23 / 2 pairs of tokens; of its concepts 32 are looked at. What stands behind the first 48 KiB of a text is
 *              not read.
 */
#include "nlu/features.h"

enum {
    SEED_TOKEN = 1, SEED_BIGRAM, SEED_TRIGRAM, SEED_CHARS, SEED_PAIR, SEED_CONCEPT, MARK_BEGIN, MARK_END,
    SEED_SHAPE, SEED_SHAPE_AFTER, SEED_SHAPE_BEFORE,
};

const float feature_weights[FEATURE_GROUPS] = {
    [FEATURE_TOKENS] = 1.0f,
    [FEATURE_CHARS] = 0.7f,
    [FEATURE_CONCEPTS] = 1.0f,
    [FEATURE_PAIRS] = 0.7f,
};

size_t features_tokens(struct arena *a, const struct folded *f, struct token **ret)
{
    struct token *t = arena_raw(a, sizeof(*t) * (f->n + 1)); /* most of what is asked for here and below is never touched */
    size_t n = 0;
    for (size_t i = 0; i < f->n;) {
        enum char_class kind = normalise_class(f->cp[i]);
        if (kind == CHAR_OTHER) {
            i++;
            continue;
        }
        size_t from = i;
        uint64_t h = feature_mix(SEED_TOKEN, f->cp[i++]);
        while (kind == CHAR_WORD && i < f->n && normalise_class(f->cp[i]) == CHAR_WORD)
            h = feature_mix(h, f->cp[i++]);
        t[n++] = (struct token){(uint32_t)from, (uint32_t)i, h, kind};
    }
    *ret = t;
    return n;
}

static uint64_t *add_tokens(const struct token *t, size_t n, uint64_t *out)
{
    uint64_t before = MARK_BEGIN;
    for (size_t i = 0; i < n; i++) {
        *out++ = t[i].hash;
        *out++ = feature_mix(feature_mix(SEED_BIGRAM, before), t[i].hash);
        before = t[i].hash;
        if (i >= 2 && t[i].kind == CHAR_CJK && t[i - 1].kind == CHAR_CJK && t[i - 2].kind == CHAR_CJK)
            *out++ = feature_mix(feature_mix(feature_mix(SEED_TRIGRAM, t[i - 2].hash), t[i - 1].hash), t[i].hash);
    }
    if (n > 0)
        *out++ = feature_mix(feature_mix(SEED_BIGRAM, before), MARK_END);
    return out;
}

/* What a token with digits looks like: how many, and whether letters stand among them; 0 for one without. No order number
 * of training is ever seen again, but its length is: 13 digits are a parcel, 11 a phone, 3 a height or a price. */
static uint64_t shape_of(const uint32_t *cp, const struct token *t)
{
    static const uint8_t by_count[] = {0, 1, 2, 3, 4, 5, 5, 5, 6, 6, 6, 6}; /* 12 and more: 7 */
    size_t digits = 0, letters = (size_t)(t->to - t->from);
    for (uint32_t i = t->from; i < t->to; i++)
        digits += cp[i] >= '0' && cp[i] <= '9';
    letters -= digits;
    if (digits == 0)
        return 0;
    uint64_t count = digits < COUNT(by_count) ? by_count[digits] : 7;
    return feature_mix(feature_mix(SEED_SHAPE, count), MIN(letters, (size_t)3));
}

static uint64_t *add_shapes(const uint32_t *cp, const struct token *t, size_t n, uint64_t *out)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t shape = t[i].kind == CHAR_WORD ? shape_of(cp, &t[i]) : 0;
        if (shape == 0)
            continue;
        *out++ = shape;
        if (i > 0)
            *out++ = feature_mix(feature_mix(SEED_SHAPE_AFTER, t[i - 1].hash), shape);
        if (i + 1 < n)
            *out++ = feature_mix(feature_mix(SEED_SHAPE_BEFORE, shape), t[i + 1].hash);
    }
    return out;
}

/* n-grams of 3 to 5 characters of " word ". */
static uint64_t *add_chars(const uint32_t *word, size_t n, uint64_t *out)
{
    size_t padded = n + 2;
    for (size_t i = 0; i + 3 <= padded; i++) {
        uint64_t h = SEED_CHARS;
        for (size_t k = 0; k < 5 && i + k < padded; k++) {
            size_t at = i + k;
            h = feature_mix(h, at == 0 || at == padded - 1 ? ' ' : word[at - 1]);
            if (k >= 2)
                *out++ = h;
        }
    }
    return out;
}

static uint64_t *add_pairs(const struct token *t, size_t n, uint64_t *out)
{
    if (n > FEATURE_PAIR_TOKENS)
        n = FEATURE_PAIR_TOKENS;
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n; k++) {
            uint64_t x = t[i].hash, y = t[k].hash;
            if (x != y)
                *out++ = feature_mix(feature_mix(SEED_PAIR, MIN(x, y)), MAX(x, y));
        }
    return out;
}

/* Adds a concept if the text does not have it yet. */
static size_t note_concept(uint64_t *concepts, size_t n, uint64_t name_hash)
{
    uint64_t hash = feature_mix(SEED_CONCEPT, name_hash);
    for (size_t i = 0; i < n; i++)
        if (concepts[i] == hash)
            return n;
    if (n < FEATURE_CONCEPT_COUNT)
        concepts[n++] = hash;
    return n;
}

/* A word may begin inside another (退货运费 holds 退货 and 运费): every place is tried. */
static uint64_t *add_concepts(const struct lexicon *l, const struct folded *f, uint64_t *out)
{
    uint64_t concepts[FEATURE_CONCEPT_COUNT];
    size_t n = 0, end;
    for (size_t at = 0; at < f->n; at++) {
        const struct lexicon_entry *e = lexicon_at(l, f, at, &end);
        if (e == NULL)
            continue;
        n = note_concept(concepts, n, e->kind_hash);
        struct str rest = e->value, other;
        while (rest.n > 0 && str_cut(&rest, ' ', &other))
            n = note_concept(concepts, n, str_hash(other));
    }
    for (size_t i = 0; i < n; i++) {
        *out++ = concepts[i];
        for (size_t k = i + 1; k < n; k++)
            *out++ = feature_mix(feature_mix(SEED_CONCEPT, MIN(concepts[i], concepts[k])), MAX(concepts[i], concepts[k]));
    }
    return out;
}

/* The most features that a text of these tokens can have. */
static size_t room_for(const struct token *t, size_t n, const struct feature_choice *choice)
{
    size_t room = 6 * n + 2;
    for (size_t i = 0; i < n; i++)
        if (t[i].kind == CHAR_WORD)
            room += 3 * (size_t)(t[i].to - t[i].from);
    if (choice->concepts != NULL)
        room += FEATURE_CONCEPT_COUNT * (FEATURE_CONCEPT_COUNT + 1) / 2;
    if (choice->pairs)
        room += FEATURE_PAIR_TOKENS * FEATURE_PAIR_TOKENS / 2;
    return room;
}

void features_of_points(struct arena *a, const struct folded *f, const struct feature_choice *choice, struct features *ret)
{
    struct token *t;
    size_t n = features_tokens(a, f, &t), room = room_for(t, n, choice);
    uint64_t *v = arena_raw(a, sizeof(*v) * room);

    uint64_t *end = add_shapes(f->cp, t, n, add_tokens(t, n, v));
    ret->end[FEATURE_TOKENS] = (size_t)(end - v);
    for (size_t i = 0; i < n; i++)
        if (t[i].kind == CHAR_WORD)
            end = add_chars(f->cp + t[i].from, t[i].to - t[i].from, end);
    ret->end[FEATURE_CHARS] = (size_t)(end - v);
    if (choice->concepts != NULL)
        end = add_concepts(choice->concepts, f, end);
    ret->end[FEATURE_CONCEPTS] = (size_t)(end - v);
    if (choice->pairs)
        end = add_pairs(t, n, end);
    ret->end[FEATURE_PAIRS] = ret->n = (size_t)(end - v);
    ret->v = v;
    assert(ret->n <= room);
}

void features_of(struct arena *a, struct str text, const struct feature_choice *choice, struct features *ret)
{
    struct folded f;
    normalise_points(a, str_sub(text, 0, FEATURE_MOST_BYTES), &f);
    features_of_points(a, &f, choice, ret);
}
