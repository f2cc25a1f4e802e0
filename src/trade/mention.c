/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mentions. Borders are looked at in ASCII only: folded text of other writing systems either needs none (Han) or is
 * written with spaces that are ASCII.
 */
#include "trade/mention.h"

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/** True when the characters @p before and @p c run on without a border. */
static bool runs_on(char before, char c)
{
    return (is_letter(before) && is_letter(c)) || (is_digit(before) && is_digit(c));
}

static bool begins_inside(struct str text, size_t at)
{
    if (at == 0)
        return false;
    char before = text.p[at - 1], c = text.p[at];
    if (runs_on(before, c) || (before == '\'' && is_letter(c)))
        return true; /* the m of "I'm" is no size */
    if (is_digit(before) && is_letter(c))
        return true; /* nor is the l of "2l", nor the xl of "2xl" */
    return before == '.' && at >= 2 && is_digit(text.p[at - 2]) && is_digit(c);
}

/** The plural's s: "jackets" is about a jacket. */
static bool is_plural_s(struct str text, size_t end)
{
    return text.p[end] == 's' && (end + 1 >= text.n || (!is_letter(text.p[end + 1]) && !is_digit(text.p[end + 1])));
}

static bool ends_inside(struct str text, size_t end, size_t word)
{
    if (end >= text.n)
        return false;
    char last = text.p[end - 1], after = text.p[end];
    if (runs_on(last, after))
        return word < 3 || !is_letter(last) || !is_plural_s(text, end);
    if (is_letter(last) && is_digit(after))
        return true;
    return after == '.' && end + 1 < text.n && is_digit(last) && is_digit(text.p[end + 1]);
}

bool mention_stands(struct str text, struct mention m)
{
    return !begins_inside(text, m.at) && !ends_inside(text, m.at + m.n, m.n);
}

size_t mention_find(struct str text, struct str word, size_t from)
{
    if (word.n == 0)
        return SIZE_MAX;
    for (size_t at = str_find(text, word, from); at != SIZE_MAX; at = str_find(text, word, at + 1))
        if (mention_stands(text, (struct mention){at, word.n}))
            return at;
    return SIZE_MAX;
}
