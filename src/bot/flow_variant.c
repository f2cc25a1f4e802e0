/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Variants: which one of a product the words mean, beside the one that was bought: "the white one", "a size larger".
 *
 * Invariants   Never the one that was bought, and never one of several that fit equally well.
 */
#include "bot/flow_slots.h"

#include "bot/words.h"

/** How large a size is, among those of its kind; -1: not a size. */
static int size_rank(struct str value)
{
    static const char *const letters[] = {"XXXS", "XXS", "XS", "S", "M", "L", "XL", "XXL", "XXXL", "XXXXL"};
    static const char *const numbered_sizes[] = {"2XL", "3XL", "4XL", "5XL", "6XL"};
    int64_t number;
    if (str_int(value, &number))
        return number >= 0 && number < 1000 ? 100 + (int)number : -1;
    for (size_t i = 0; i < COUNT(letters); i++)
        if (str_eq_c(value, letters[i]))
            return (int)i;
    for (size_t i = 0; i < COUNT(numbered_sizes); i++)
        if (str_eq_c(value, numbered_sizes[i]))
            return 7 + (int)i;
    return -1;
}

/** Same in everything but the attribute @p but. */
static bool differs_only_in(const struct sku *x, const struct sku *y, size_t but)
{
    if (x->attribute_count != y->attribute_count)
        return false;
    for (size_t i = 0; i < x->attribute_count; i++)
        if (i != but && !str_eq(x->attributes[i].value, y->attributes[i].value))
            return false;
    return true;
}

/** The next size up (@p step 1) or down (-1). */
static const struct sku *next_size(const struct product *p, const struct sku *of, int step)
{
    const struct sku *best = NULL;
    for (size_t k = 0; k < of->attribute_count; k++) {
        int mine = size_rank(of->attributes[k].value), nearest = 0;
        for (size_t i = 0; mine >= 0 && i < p->sku_count; i++) {
            const struct sku *other = &p->skus[i];
            if (other == of || !differs_only_in(other, of, k))
                continue;
            int apart = (size_rank(other->attributes[k].value) - mine) * step;
            if (apart <= 0 || (best != NULL && apart >= nearest))
                continue;
            best = other;
            nearest = apart;
        }
        if (best != NULL)
            return best;
    }
    return NULL;
}

/** The values that the words name, and for the rest those of the one bought. */
static const struct sku *named_sku(struct arena *a, const struct product *p, const struct sku *of, struct str text)
{
    struct sku_match m = product_skus_named(a, p, text);
    if (m.named == 0)
        return NULL;
    if (m.n == 1)
        return m.fits[0] != of ? m.fits[0] : NULL;
    const struct sku *found = NULL;
    size_t most = 0;
    for (size_t i = 0; i < m.n; i++) {
        size_t same = 0;
        for (size_t k = 0; of != NULL && k < MIN(of->attribute_count, m.fits[i]->attribute_count); k++)
            same += str_eq(of->attributes[k].value, m.fits[i]->attributes[k].value);
        if (m.fits[i] == of || same < most)
            continue;
        found = same == most && found != NULL ? NULL : m.fits[i];
        most = same;
    }
    return found;
}

const struct sku *flow_sku(struct arena *a, const struct product *p, struct str of, struct str language, struct str text)
{
    const struct sku *bought = product_sku(p, of);
    const struct sku *named = named_sku(a, p, bought, text);
    if (named != NULL || bought == NULL)
        return named;
    if (words_value(a, language, "larger", text).n > 0)
        return next_size(p, bought, 1);
    return words_value(a, language, "smaller", text).n > 0 ? next_size(p, bought, -1) : NULL;
}
