/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Variants of a product: which SKUs a buyer's words leave.
 *
 * How          The values of its SKUs and the forms in which they are written are collected when the product is read; a
 *              text is held against these. A value inside a longer one that was found is not counted ("红" in "橙红").
 */
#include "trade/product.h"

#include <string.h>

#include "nlu/normalise.h"
#include "trade/mention.h"

/* ---- reading ------------------------------------------------------------------------------------------------------ */

/** Forms of a value that buyers write: "xxl" for "2xl", "grey" for "gray", 黑 for 黑色, "m" for "m (36-40)". */
static size_t value_forms(struct arena *a, struct str value, struct str ret[VALUE_FORMS])
{
    static const char *const twins[][2] = {{"2xl", "xxl"}, {"3xl", "xxxl"}, {"4xl", "xxxxl"}, {"gray", "grey"}};
    struct str folded = normalise(a, value);
    size_t n = 0;
    ret[n++] = folded;
    for (size_t i = 0; i < COUNT(twins); i++) {
        if (str_eq_c(folded, twins[i][0]))
            ret[n++] = str_from(twins[i][1]);
        else if (str_eq_c(folded, twins[i][1]))
            ret[n++] = str_from(twins[i][0]);
    }
    if (str_ends(folded, STR("色")) && folded.n > strlen("色"))
        ret[n++] = str_sub(folded, 0, folded.n - strlen("色"));
    else if (folded.n > 0 && (unsigned char)folded.p[folded.n - 1] >= 0x80)
        ret[n++] = str_fmt(a, "%.*s色", STR_ARG(folded)); /* so that 橙红色 is longer than the 红色 inside it */
    size_t bracket = str_find(folded, STR("("), 1);
    if (bracket != SIZE_MAX)
        ret[n++] = str_trim(str_sub(folded, 0, bracket));
    return n;
}

static bool is_known(const struct sku_value *values, size_t n, const struct attribute *v)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(values[i].attribute.name, v->name) && str_eq(values[i].attribute.value, v->value))
            return true;
    return false;
}

size_t product_values(struct arena *a, const struct product *p, const struct sku_value **ret)
{
    size_t most = 0, n = 0;
    for (size_t i = 0; i < p->sku_count; i++)
        most += p->skus[i].attribute_count;
    struct sku_value *values = arena_array(a, struct sku_value, most);
    for (size_t i = 0; i < p->sku_count; i++) {
        for (size_t k = 0; k < p->skus[i].attribute_count; k++) {
            const struct attribute *v = &p->skus[i].attributes[k];
            if (is_known(values, n, v))
                continue;
            values[n].attribute = *v;
            values[n].form_count = value_forms(a, v->value, values[n].forms);
            n++;
        }
    }
    *ret = values;
    return n;
}

/* ---- finding ------------------------------------------------------------------------------------------------------ */

/** Where a value of the shop stands in the text. */
struct named_value {
    struct attribute attribute;
    struct mention where;
};

struct named_values {
    ARRAY(struct named_value) list;
};

static void look_for(struct arena *a, struct str text, const struct sku_value *v, struct named_values *found)
{
    struct mention best = {0, 0};
    for (size_t i = 0; i < v->form_count; i++) {
        size_t at = v->forms[i].n > best.n ? mention_find(text, v->forms[i], 0) : SIZE_MAX;
        if (at != SIZE_MAX)
            best = (struct mention){at, v->forms[i].n};
    }
    if (best.n > 0)
        *array_push(a, &found->list) = (struct named_value){v->attribute, best};
}

/** Drops what stands only inside a longer value: "红" of "橙红". */
static void drop_covered(struct named_values *found)
{
    size_t kept = 0;
    for (size_t i = 0; i < found->list.n; i++) {
        bool covered = false;
        for (size_t k = 0; k < found->list.n; k++)
            covered = covered || (found->list.v[k].where.n > found->list.v[i].where.n &&
                                  mention_covers(found->list.v[k].where, found->list.v[i].where));
        if (!covered)
            found->list.v[kept++] = found->list.v[i];
    }
    found->list.n = kept;
}

/** True when for every attribute named the SKU has one of the values named for it. */
static bool sku_agrees(const struct sku *s, const struct named_values *found)
{
    for (size_t i = 0; i < s->attribute_count; i++) {
        bool asked = false, agrees = false;
        for (size_t k = 0; k < found->list.n; k++) {
            const struct attribute *v = &found->list.v[k].attribute;
            if (!str_eq(v->name, s->attributes[i].name))
                continue;
            asked = true;
            agrees = agrees || str_eq(v->value, s->attributes[i].value);
        }
        if (asked && !agrees)
            return false;
    }
    return true;
}

struct sku_match product_skus_named(struct arena *a, const struct product *p, struct str text)
{
    struct named_values found = {.list = {0}};
    struct str folded = normalise(a, text);
    for (size_t i = 0; i < p->value_count; i++)
        look_for(a, folded, &p->values[i], &found);
    drop_covered(&found);

    struct sku_match match = {.fits = arena_array(a, const struct sku *, p->sku_count), .named = found.list.n};
    for (size_t i = 0; i < p->sku_count; i++)
        if (sku_agrees(&p->skus[i], &found))
            match.fits[match.n++] = &p->skus[i];
    struct attribute *named = arena_array(a, struct attribute, found.list.n);
    for (size_t i = 0; i < found.list.n; i++)
        named[i] = found.list.v[i].attribute;
    match.named_attributes = named;
    return match;
}
