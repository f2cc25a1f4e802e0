/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Products: reading the stored shape, and what is asked about one: its name and plain questions. Its attributes are
 * attribute.c's, its variants variant.c's.
 *
 * How          Everything is compared folded (nlu/normalise.h). A product is named by an alias or by enough of its
 *              title; the longer the words, the surer.
 * Invariants   Text of the product is only ever read, so what the bot says of it is what the shop wrote.
 */
#include "trade/product.h"

#include <string.h>

#include "nlu/normalise.h"
#include "trade/mention.h"

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static struct str text_in(struct arena *a, const json_t *o, const char *key)
{
    return str_dup(a, json_str(o, key));
}

/** Text of a value that a shop may have written as text or number. */
static struct str value_text(struct arena *a, const json_t *j)
{
    return json_is_string(j) ? str_dup(a, json_text(j)) : json_dump(a, j);
}

static size_t read_attributes(struct arena *a, const json_t *object, const struct attribute **ret)
{
    json_t *o = (json_t *)(uintptr_t)object; /* jansson's iterator does not change it */
    struct attribute *list = arena_array(a, struct attribute, json_object_size(object));
    size_t n = 0;
    for (void *it = json_object_iter(o); it != NULL; it = json_object_iter_next(o, it))
        list[n++] = (struct attribute){str_dup(a, str_from(json_object_iter_key(it))),
                                       value_text(a, json_object_iter_value(it))};
    *ret = list;
    return n;
}

static size_t read_texts(struct arena *a, const json_t *array, const struct str **ret)
{
    size_t n = json_array_size(array);
    struct str *list = arena_array(a, struct str, n);
    for (size_t i = 0; i < n; i++)
        list[i] = str_dup(a, json_text(json_array_get(array, i)));
    *ret = list;
    return n;
}

static struct str sku_text(struct arena *a, const struct sku *sku)
{
    struct buf b = {.arena = a};
    for (size_t i = 0; i < sku->attribute_count; i++) {
        buf_c(&b, i > 0 ? " / " : "");
        buf_str(&b, sku->attributes[i].value);
    }
    return b.n > 0 ? buf_view(&b) : sku->id;
}

static struct sku read_sku(struct arena *a, const json_t *o, int64_t price_cents)
{
    struct sku s = {
        .id = text_in(a, o, "id"),
        .price_cents = json_int(o, "price_cents", price_cents),
        .stock = json_int(o, "stock", 0),
    };
    s.attribute_count = read_attributes(a, json_object_get(o, "attributes"), &s.attributes);
    s.text = sku_text(a, &s);
    return s;
}

static void read_skus(struct arena *a, const json_t *array, struct product *p)
{
    struct sku *list = arena_array(a, struct sku, json_array_size(array));
    for (size_t i = 0; i < json_array_size(array); i++) {
        list[i] = read_sku(a, json_array_get(array, i), p->price_cents);
        if (p->price_cents == 0 || list[i].price_cents < p->price_cents)
            p->price_cents = list[i].price_cents;
    }
    p->skus = list;
    p->sku_count = json_array_size(array);
}

/** Bytes of the character at the front of @p s. */
static size_t first_char(struct str s)
{
    size_t n = s.n > 0;
    while (n < s.n && ((unsigned char)s.p[n] & 0xC0) == 0x80)
        n++;
    return n;
}

static unsigned pair_bit(const char *p, size_t n)
{
    unsigned h = 0;
    for (size_t i = 0; i < n; i++)
        h = h * 31 + (unsigned char)p[i];
    return (h ^ h >> 10) & 1023;
}

static void add_pairs(struct pairs *pairs, struct str text)
{
    size_t at = 0, middle = first_char(text), end;
    for (; middle < text.n; at = middle, middle = end) {
        end = middle + first_char((struct str){text.p + middle, text.n - middle});
        unsigned bit = pair_bit(text.p + at, end - at);
        pairs->bits[bit / 64] |= (uint64_t)1 << bit % 64;
    }
}

static bool has_pair(const struct pairs *pairs, unsigned bit)
{
    return (pairs->bits[bit / 64] >> bit % 64 & 1) != 0;
}

static void read_title_chars(struct arena *a, struct product *p)
{
    struct title_char *chars = arena_array(a, struct title_char, str_code_points(p->folded_title));
    struct str rest = p->folded_title;
    size_t n = 0, first = first_char(rest), next;
    for (; rest.n > 0; first = next) {
        next = first_char(str_sub(rest, first, rest.n));
        unsigned bit = next > 0 ? pair_bit(rest.p, first + next) : 0;
        chars[n++] = (struct title_char){(uint16_t)first, (uint16_t)bit};
        rest = str_sub(rest, first, rest.n);
    }
    p->title_chars = chars;
    p->title_char_count = n;
}

/** All that it is called, with a space between. */
static struct str names_of(struct arena *a, const struct product *p)
{
    struct buf names = {.arena = a};
    buf_str(&names, p->folded_id);
    buf_char(&names, ' ');
    buf_str(&names, p->folded_title);
    for (size_t i = 0; i < p->alias_count; i++) {
        buf_char(&names, ' ');
        buf_str(&names, p->folded_aliases[i]);
    }
    return buf_view(&names);
}

static void fold_names(struct arena *a, struct product *p)
{
    struct str *aliases = arena_array(a, struct str, p->alias_count);
    struct str *attributes = arena_array(a, struct str, p->attribute_count);
    for (size_t i = 0; i < p->alias_count; i++)
        aliases[i] = normalise(a, p->aliases[i]);
    for (size_t i = 0; i < p->attribute_count; i++)
        attributes[i] = normalise(a, p->attributes[i].name);
    p->folded_aliases = aliases;
    p->folded_attributes = attributes;
    p->folded_id = normalise(a, p->id);
    p->folded_title = normalise(a, p->title);
    p->folded_names = names_of(a, p);
    read_title_chars(a, p);
    if (first_char(p->folded_id) == p->folded_id.n)
        memset(&p->pairs, 0xff, sizeof(p->pairs)); /* an id of one character has no pair and can stand anywhere */
    add_pairs(&p->pairs, p->folded_id);
    add_pairs(&p->pairs, p->folded_title);
    for (size_t i = 0; i < p->alias_count; i++)
        add_pairs(&p->pairs, aliases[i]);
}

void product_read(struct arena *a, const json_t *body, struct product *ret)
{
    struct product p = {
        .id = text_in(a, body, "id"),
        .title = text_in(a, body, "title"),
        .category = text_in(a, body, "category"),
        .price_cents = json_int(body, "price_cents", 0),
        .seven_day = text_in(a, body, "seven_day"),
        .price_protect_days = json_int(body, "price_protect_days", -1),
        .warranty_days = json_int(body, "warranty_days", -1),
        .sizes = size_chart_read(a, json_object_get(body, "size_chart")),
    };
    int64_t stated_cents = p.price_cents;
    p.attribute_count = read_attributes(a, json_object_get(body, "attributes"), &p.attributes);
    p.alias_count = read_texts(a, json_object_get(body, "aliases"), &p.aliases);
    p.package_count = read_texts(a, json_object_get(body, "package"), &p.package);
    read_skus(a, json_object_get(body, "skus"), &p);
    if (stated_cents > 0)
        p.price_cents = stated_cents;

    p.value_count = product_values(a, &p, &p.values);
    fold_names(a, &p);
    *ret = p;
}

/* ---- plain questions ---------------------------------------------------------------------------------------------- */

int64_t product_stock(const struct product *p)
{
    int64_t sum = 0;
    for (size_t i = 0; i < p->sku_count; i++)
        sum += p->skus[i].stock;
    return p->sku_count > 0 ? sum : -1;
}

bool product_in_stock(const struct product *p)
{
    return product_stock(p) != 0;
}

const struct sku *product_sku(const struct product *p, struct str sku_id)
{
    for (size_t i = 0; i < p->sku_count; i++)
        if (str_eq(p->skus[i].id, sku_id))
            return &p->skus[i];
    return NULL;
}

const struct attribute *product_attribute(const struct product *p, struct str name)
{
    for (size_t i = 0; i < p->attribute_count; i++)
        if (str_eq(p->attributes[i].name, name))
            return &p->attributes[i];
    return NULL;
}

/* ---- its name ------------------------------------------------------------------------------------------------------ */

struct product_words product_words(struct str folded)
{
    struct product_words w = {.folded = folded};
    add_pairs(&w.pairs, folded);
    return w;
}

/** False when the first two characters of @p name stand nowhere in the words; a name of one is not told. */
static bool may_stand(const struct product_words *w, struct str name)
{
    size_t first = first_char(name);
    if (first >= name.n)
        return true;
    return has_pair(&w->pairs, pair_bit(name.p, first + first_char(str_sub(name, first, name.n))));
}

/** False when the words and the product have no two neighbouring characters in common. */
static bool may_name(const struct product *p, const struct product_words *w)
{
    uint64_t common = 0;
    for (size_t i = 0; i < COUNT(w->pairs.bits); i++)
        common |= w->pairs.bits[i] & p->pairs.bits[i];
    return common != 0;
}

/** Length of the longest beginning of @p title (whole characters) that stands in the text; at least two characters. */
static size_t longest_mentioned(struct str title, const struct product_words *w)
{
    size_t best = 0;
    for (size_t chars = 2;; chars++) {
        struct str part = str_clip(title, chars);
        if (str_find(w->folded, part, 0) == SIZE_MAX)
            break;
        if (mention_find(w->folded, part, 0) != SIZE_MAX)
            best = part.n;
        if (part.n == title.n)
            break;
    }
    return best;
}

/** Share of the title's letters that stand in the text, in pieces of two characters or more. */
static double title_share(const struct product *p, const struct product_words *w)
{
    size_t found = 0, all = 0, at = 0;
    bool at_border = true;
    for (size_t i = 0; i < p->title_char_count;) {
        const struct title_char *c = &p->title_chars[i];
        char first = p->folded_title.p[at];
        bool ascii = (unsigned char)first < 0x80, space = first == ' ';
        bool may_begin = i + 1 == p->title_char_count || has_pair(&w->pairs, c->bit);
        size_t n = 0;
        if (may_begin && !space && (!ascii || at_border)) /* a word of letters counts whole or not at all */
            n = longest_mentioned(str_sub(p->folded_title, at, p->folded_title.n), w);
        size_t end = at + (n > 0 ? n : c->bytes);
        found += n;
        all += space ? 0 : end - at;
        at_border = space || !ascii || n > 0;
        while (at < end)
            at += p->title_chars[i++].bytes;
    }
    return all > 0 ? (double)found / (double)all : 0;
}

static bool stands(const struct product_words *w, struct str name)
{
    return may_stand(w, name) && mention_find(w->folded, name, 0) != SIZE_MAX;
}

static struct str last_char(struct str title)
{
    size_t at = title.n;
    while (at > 0 && ((unsigned char)title.p[--at] & 0xC0) == 0x80)
        continue;
    return str_sub(title, at, title.n);
}

double product_named(const struct product *p, const struct product_words *words)
{
    /* of a title, its last character is the only one that counts alone */
    if (!may_name(p, words) && mention_find(words->folded, last_char(p->folded_title), 0) == SIZE_MAX)
        return 0;
    if (stands(words, p->folded_id) || stands(words, p->folded_title))
        return 1;
    double share = title_share(p, words), best = share;
    for (size_t i = 0; i < p->alias_count; i++) {
        struct str alias = p->folded_aliases[i];
        size_t chars;
        if (!stands(words, alias) || (chars = str_code_points(alias)) < 2)
            continue;
        /* longer aliases say more; the title decides between two products of one alias */
        best = MAX(best, 0.65 + 0.015 * (double)MIN(chars, (size_t)12) + 0.15 * share);
    }
    return MIN(best, 1);
}
