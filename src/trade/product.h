/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Products: what the shop sells, and finding in a buyer's words the product, the attribute and the variant that are
 * meant. Pure. Texts are views into the arena in which the product was read.
 */

#include "trade/size.h"

struct attribute {
    struct str name, value;
};

/** A variant that can be bought. */
struct sku {
    struct str id;
    const struct attribute *attributes;
    size_t attribute_count;
    int64_t price_cents, stock;
    struct str text; /**< "黑 / L": values in order, for people */
};

#define VALUE_FORMS 5
/** A value of its variants, and the forms in which buyers write it, folded; the first is its own. */
struct sku_value {
    struct attribute attribute;
    struct str forms[VALUE_FORMS];
    size_t form_count;
};

/** A bit for each two neighbouring characters of some texts: two of which one is not set stand nowhere in them. */
struct pairs {
    uint64_t bits[16];
};

/** A character of a title: how many bytes it has, and the bit of it and the next one; 0 for the last. */
struct title_char {
    uint16_t bytes, bit;
};

struct product {
    struct str id, title, category;
    int64_t price_cents; /**< lowest price of its SKUs when it was not given */
    const struct attribute *attributes;
    size_t attribute_count;
    const struct sku *skus;
    size_t sku_count;
    const struct sku_value *values; /**< of its SKUs, each once */
    size_t value_count;
    struct size_chart sizes;
    const struct str *aliases;
    size_t alias_count;
    const struct str *package; /**< what is in the box */
    size_t package_count;
    struct str seven_day;      /**< "yes" "no_legal" "no_confirmed", or empty: not said */
    int64_t price_protect_days, warranty_days; /**< -1: not said */
    struct str folded_id, folded_title; /**< normalised, for matching */
    struct str folded_names;   /**< id, title and aliases, a space between */
    const struct str *folded_aliases, *folded_attributes; /**< the attributes' names */
    struct pairs pairs;        /**< of its id, title and aliases */
    const struct title_char *title_chars; /**< of the folded title */
    size_t title_char_count;
};

/** Reads the import shape; all text is copied into @p a. */
void product_read(struct arena *a, const json_t *body, struct product *ret);

/** Pieces in stock over all SKUs; -1 when the product has no SKUs and so says nothing about stock. */
int64_t product_stock(const struct product *p);
bool product_in_stock(const struct product *p);
const struct sku *product_sku(const struct product *p, struct str sku_id);
const struct attribute *product_attribute(const struct product *p, struct str name);

/** A buyer's words, made ready to be held against many products. */
struct product_words {
    struct str folded;
    struct pairs pairs;
};
/** @param folded  normalise()d, borrowed */
struct product_words product_words(struct str folded);
/**
 * How well the words name the product: 0 not at all … 1 its title or an alias stands there. PRODUCT_NAMED and above: the
 * buyer means it.
 */
double product_named(const struct product *p, const struct product_words *words);
#define PRODUCT_NAMED 0.6

/** Everyday words for attributes, from packs/LANG/lexicon/attributes.tsv. */
struct attribute_words;
/** Of @p language, or of the fallback as in texts_get(). Read once; borrowed for ever. Any thread. */
const struct attribute_words *attribute_words(struct str language);
/** The canonical attribute that @p text asks for ("下雨能穿吗" -> "防水指数"); empty when none. In @p a or borrowed. */
struct str attribute_asked(const struct attribute_words *w, struct arena *a, struct str text);
/**
 * The attributes of @p p that @p text asks for, by their own names and by everyday words, best first.
 * @return how many were put in @p ret; 0 when the product does not say: then attribute_asked() tells what to record
 *         as a gap
 */
size_t product_attributes_asked(const struct product *p, const struct attribute_words *w, struct arena *a,
                                struct str text, const struct attribute **ret, size_t max);

/** The values of the product's SKUs, for product_read(). In @p a. @return how many */
size_t product_values(struct arena *a, const struct product *p, const struct sku_value **ret);
/** The SKUs that agree with every colour, size or other value named in a text. */
struct sku_match {
    const struct sku **fits; /**< all SKUs when nothing was named */
    size_t n;
    size_t named;            /**< how many attributes were named */
    const struct attribute *named_attributes; /**< name and value as the shop writes them */
};
/** Reads the values named in @p text. n is 0 when each value exists but not together. In @p a. */
struct sku_match product_skus_named(struct arena *a, const struct product *p, struct str text);
