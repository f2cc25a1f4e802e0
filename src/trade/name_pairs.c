/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Name pairs: a bit for each hash of two neighbouring characters.
 *
 * Invariants   product_named() counts pieces of two characters or more, and of a title its last character alone: so without a
 *              common pair only that can name a product, when it is most of the title, or an id of one character.
 */
#include "trade/name_pairs.h"

/** What is left of a text, and the character before it as the number that its bytes are; 0: none. */
struct walk {
    const char *p, *end;
    uint32_t before;
};

/** Takes the next character. @return how many bytes it has */
static size_t take_char(struct walk *w)
{
    const char *from = w->p;
    w->before = (unsigned char)*w->p++;
    while (w->p < w->end && ((unsigned char)*w->p & 0xC0) == 0x80)
        w->before = w->before << 8 | (unsigned char)*w->p++;
    return (size_t)(w->p - from);
}

/** Takes the next character and gives the place of the bit of it and the one before. */
static unsigned take_pair(struct walk *w)
{
    uint32_t before = w->before;
    take_char(w);
    return (before * 0x9E3779B1u ^ w->before * 0x85EBCA6Bu) >> 16;
}

/** Behind the first character, where the first pair ends. */
static struct walk walk_of(struct str text)
{
    struct walk w = {text.p, text.p + text.n, 0};
    if (text.n > 0)
        take_char(&w);
    return w;
}

/** True when the last character of the title, or an id of one character, may name the product. */
static bool is_named_by_one(const struct product *p)
{
    struct walk w = {p->folded_title.p, p->folded_title.p + p->folded_title.n, 0};
    size_t letters = 0, last = 0;
    while (w.p < w.end) {
        last = take_char(&w);
        letters += w.before != ' ' ? last : 0;
    }
    return str_code_points(p->folded_id) <= 1 || (double)last >= PRODUCT_NAMED * (double)letters;
}

void name_pairs_add(struct name_pairs *np, const struct product *p)
{
    for (struct walk w = walk_of(p->folded_names); w.p < w.end;) {
        unsigned bit = take_pair(&w);
        np->bits[bit / 64] |= (uint64_t)1 << bit % 64;
    }
    np->alone = np->alone || is_named_by_one(p);
}

bool name_pairs_may_name(const struct name_pairs *np, struct str folded)
{
    for (struct walk w = walk_of(folded); w.p < w.end;) {
        unsigned bit = take_pair(&w);
        if ((np->bits[bit / 64] >> bit % 64 & 1) != 0)
            return true;
    }
    return np->alone;
}
