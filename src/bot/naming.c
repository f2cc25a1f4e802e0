/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Naming.
 *
 * How          The catalog's search gives the products that the words name; of these one must hold every character (of
 *              words of letters, every word) that was said. So "抓绒衣" is a name and "抓绒衣怎么洗" is not.
 */
#include "bot/naming.h"

#include "nlu/normalise.h"

struct naming {
    const struct gather_question *q;
    struct arena *a;
    struct str words; /* folded */
    enum named named;
};

/** True when every character (every word of letters) of @p words stands in @p names, which is folded. */
static bool is_made_of(struct str words, struct str names)
{
    struct str word;
    while (str_cut(&words, ' ', &word)) {
        while (word.n > 0) {
            size_t n = (unsigned char)word.p[0] < 0x80 ? word.n : str_clip(word, 1).n;
            if (!str_has(names, str_sub(word, 0, n)))
                return false;
            word = str_sub(word, n, word.n);
        }
    }
    return true;
}

/** True when the words stand in one value of its variants. */
static bool is_variant_of(const struct product *p, struct str words)
{
    for (size_t i = 0; i < p->value_count; i++)
        if (is_made_of(words, p->values[i].forms[0]))
            return true;
    return false;
}

static bool is_name(const struct naming *n, const struct catalog *c)
{
    struct product_hit hits[CATALOG_HITS];
    size_t count = catalog_may_name(c, n->a, n->words) ? catalog_find(c, n->a, n->words, hits, COUNT(hits)) : 0;
    for (size_t i = 0; i < count && hits[i].named >= PRODUCT_NAMED; i++)
        if (is_made_of(n->words, hits[i].product->folded_names))
            return true;
    return false;
}

static int read_naming(struct tx *tx, void *arg)
{
    struct naming *n = arg;
    const struct catalog *c = catalog_hold(n->q->catalogs, tx, n->q->shop->tenant_id);
    if (c == NULL)
        return STORE_FAULT;
    const struct product *talked = catalog_product(c, n->q->state->product);
    if (talked != NULL && is_variant_of(talked, n->words))
        n->named = NAMED_VARIANT;
    else if (is_name(n, c))
        n->named = NAMED_PRODUCT;
    catalog_release(n->q->catalogs, c);
    return STORE_OK;
}

enum named naming_of(const struct gather_question *q, struct arena *a, struct str words)
{
    struct naming n = {.q = q, .a = a, .words = normalise(a, words)};
    return store_read(q->store, read_naming, &n) == STORE_OK ? n.named : NAMED_NOTHING; /* gather() meets a fault, too */
}
