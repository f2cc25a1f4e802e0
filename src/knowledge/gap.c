/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gaps: the form under which unanswered questions are counted, and what is kept of their text. Pure.
 */
#include "knowledge/gap.h"

#include <unicode/utf8.h>

#include "nlu/normalise.h"

enum {
    GAP_CHARS = 200,      /* of a text that is kept */
    GAP_LONG_NUMBER = 5,  /* digits in a row: phones, cards, orders; prices and sizes are shorter */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

struct str gap_text(struct arena *a, struct str text)
{
    struct buf b = {.arena = a};
    text = str_clip(text, GAP_CHARS);
    for (size_t at = 0; at < text.n;) {
        size_t end = at;
        while (end < text.n && is_digit(text.p[end]))
            end++;
        if (end - at >= GAP_LONG_NUMBER)
            buf_char(&b, '#');
        else
            buf_str(&b, str_sub(text, at, MAX(end - at, (size_t)1)));
        at = MAX(end, at + 1);
    }
    return buf_view(&b);
}

struct str gap_key(struct arena *a, struct str text, struct str about)
{
    struct buf b = {.arena = a};
    struct str folded = normalise(a, gap_text(a, text));
    size_t at = 0;
    while (at < folded.n) {
        size_t from = at;
        UChar32 cp;
        U8_NEXT_OR_FFFD((const uint8_t *)folded.p, at, folded.n, cp);
        enum char_class class = normalise_class((uint32_t)cp);
        if (class == CHAR_WORD || class == CHAR_CJK || cp == '#')
            buf_str(&b, str_sub(folded, from, at - from));
        else if (b.n > 0 && b.p[b.n - 1] != ' ')
            buf_char(&b, ' '); /* words stay apart; any number of signs between them counts as one */
    }
    if (about.n > 0)
        buf_printf(&b, "|%.*s", STR_ARG(about));
    return str_trim(buf_view(&b));
}
