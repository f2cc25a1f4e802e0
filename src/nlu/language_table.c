/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Language table.
 *
 * How          A text becomes words with a space on both sides; each run of one to four characters inside a word and each
 *              whole longer word is hashed into a bucket. The rows of all buckets are added and divided by the root of
 *              their number, so that long and short texts are judged alike.
 * Tried        On phrases left out, cut to 20 characters: runs of five as well (-0.3 points, Cyrillic -1.5), joints of
 *              two words (-0.3). Both only learn the phrases by heart.
 * Invariants   Training (language_learn.c) and asking go through the same language_letters() and language_grams().
 */
#include "nlu/language_table.h"

#include <math.h>
#include <string.h>

#include "nlu/features.h"

#define GRAM_LONGEST 4

bool language_table_read(struct str bytes, struct language_table *ret)
{
    if (bytes.n < sizeof(struct language_head) || (uintptr_t)bytes.p % _Alignof(struct language_head) != 0)
        return false;
    const struct language_head *h = (const void *)bytes.p;
    if (memcmp(h->magic, LANGUAGE_MAGIC, sizeof(h->magic)) != 0 || h->classes < 2 || h->classes > LANGUAGE_MAX ||
        h->width != (h->classes + 7) / 8 * 8 || h->bits < 8 || h->bits > 20 ||
        bytes.n != sizeof(*h) + ((size_t)h->width << h->bits))
        return false;
    for (size_t i = 0; i < h->classes; i++)
        if (h->names[i][0] == '\0' || h->names[i][3] != '\0' || !isfinite(h->bias[i]))
            return false;
    if (!isfinite(h->scale))
        return false;
    *ret = (struct language_table){h, (const int8_t *)(h + 1)};
    return true;
}

bool language_is_letter(enum language_script script, uint32_t c)
{
    if (script == LANGUAGE_CYRILLIC)
        return (c >= 0x400 && c <= 0x52F) || c == '\'';
    return (c >= 'a' && c <= 'z') || (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) ||
           (c >= 0x1E00 && c <= 0x1EFF) || c == '\'';
}

void language_letters(enum language_script script, const uint32_t *cp, size_t n, struct language_letters *ret)
{
    ret->cp[0] = ' ';
    ret->n = 1;
    for (size_t i = 0; i < n && ret->n < LANGUAGE_LETTERS; i++) {
        uint32_t c = cp[i] == 0x2019 || cp[i] == 0x2BC ? '\'' : cp[i];
        bool space = ret->cp[ret->n - 1] == ' ';
        if (!language_is_letter(script, c) || (c == '\'' && space))
            c = ' ';
        if (c != ' ' || !space)
            ret->cp[ret->n++] = c;
    }
    if (ret->cp[ret->n - 1] != ' ')
        ret->cp[ret->n++] = ' ';
}

/* One more step of a gram's hash; the last mix spreads it over all buckets. */
static uint32_t bucket_hash(uint64_t h)
{
    return (uint32_t)(feature_mix(h, 0x5851F42D) >> 32);
}

/* The whole word that begins after the space at @p from, with both of its spaces, when it is longer than a gram. */
static size_t word_gram(const struct language_letters *l, size_t from, uint32_t *ret)
{
    size_t to = from + 1;
    uint64_t h = 7;
    for (; to < l->n && l->cp[to] != ' '; to++)
        h = feature_mix(h, l->cp[to]);
    if (to - from < GRAM_LONGEST)
        return 0;
    *ret = bucket_hash(h);
    return 1;
}

size_t language_grams(const struct language_letters *l, uint32_t *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < l->n; i++) {
        uint64_t h = 0;
        if (l->cp[i] == ' ')
            n += word_gram(l, i, ret + n);
        for (size_t k = i; k < l->n && k < i + GRAM_LONGEST; k++) {
            h = feature_mix(h, l->cp[k]);
            if (k > i || l->cp[i] != ' ') /* a space alone says nothing */
                ret[n++] = bucket_hash(h);
            if (k > i && l->cp[k] == ' ')
                break;
        }
    }
    return n;
}

size_t language_table_score(const struct language_table *t, const struct language_letters *l, float *ret)
{
    const struct language_head *h = t->head;
    uint32_t grams[LANGUAGE_GRAMS];
    int32_t sum[LANGUAGE_MAX] = {0};
    size_t n = language_grams(l, grams);
    for (size_t i = 0; i < n; i++) {
        const int8_t *row = t->rows + (size_t)(grams[i] >> (32 - h->bits)) * h->width;
        for (uint32_t c = 0; c < h->width; c += 8)
            for (uint32_t k = 0; k < 8; k++)
                sum[c + k] += row[c + k];
    }
    float by = n > 0 ? h->scale / sqrtf((float)n) : 0;
    for (uint32_t c = 0; c < h->classes; c++)
        ret[c] = h->bias[c] + by * (float)sum[c];
    return n;
}
