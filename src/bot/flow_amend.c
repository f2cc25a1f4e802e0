/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts of an address that are told afterwards: "number 15, not 5", "是2号楼", "收件人王五". What is told is put in its place; the rest
 * stays as it was; and where it is not plain which part is meant, nothing is changed, so that the buyer is asked again.
 */
#include "bot/flow_slots.h"

#include <string.h>

#include "bot/words.h"

/** Units that stand behind a number in an address, longest first: "2号楼" is not "2号". */
static const char *const units[] = {"号楼", "单元", "号院", "幢", "栋", "座", "弄", "室", "层", "楼", "号"};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/** The number with its unit that begins at @p at; empty: none. @p ret_unit  which unit */
static struct str numbered(struct str s, size_t at, const char **ret_unit)
{
    size_t end = at;
    while (end < s.n && is_digit(s.p[end]))
        end++;
    size_t gap = str_starts(str_sub(s, end, s.n), STR(" ")) ? 1 : 0;
    struct str rest = str_sub(s, end + gap, s.n);
    for (size_t i = 0; end > at && i < COUNT(units); i++) {
        struct str unit = str_from(units[i]);
        if (!str_starts(rest, unit))
            continue;
        *ret_unit = units[i];
        return str_sub(s, at, end - at + gap + unit.n);
    }
    return STR_NONE;
}

/** @p detail with @p part in the place of the number with that unit, or at its end. */
static struct str put_number(struct arena *a, struct str detail, struct str part, const char *unit)
{
    for (size_t at = 0; at < detail.n; at++) {
        const char *there;
        if ((at > 0 && is_digit(detail.p[at - 1])) || !is_digit(detail.p[at]))
            continue;
        struct str old = numbered(detail, at, &there);
        if (old.n > 0 && strcmp(there, unit) == 0)
            return str_fmt(a, "%.*s%.*s%.*s", (int)at, detail.p, STR_ARG(part),
                           STR_ARG(str_sub(detail, at + old.n, detail.n)));
    }
    return str_fmt(a, "%.*s%.*s", STR_ARG(detail), STR_ARG(part));
}

/** The numbers with a unit in @p text, each put where its like stands. Empty: none. */
static struct str amend_units(struct arena *a, struct str detail, struct str text)
{
    struct str amended = STR_NONE;
    for (size_t at = 0; at < text.n; at++) {
        const char *unit;
        if ((at > 0 && is_digit(text.p[at - 1])) || !is_digit(text.p[at]))
            continue;
        struct str part = numbered(text, at, &unit);
        if (part.n > 0)
            amended = put_number(a, amended.n > 0 ? amended : detail, part, unit);
    }
    return amended;
}

/* ---- a house number without a unit ---- */

enum { HOUSE_DIGITS = 5, NAME_MOST = 40 };

/** The next number of its own in @p s from @p at on; empty: none. */
static struct str next_number(struct str s, size_t *at)
{
    while (*at < s.n && !is_digit(s.p[*at]))
        (*at)++;
    size_t begins = *at;
    while (*at < s.n && is_digit(s.p[*at]))
        (*at)++;
    return str_sub(s, begins, *at - begins);
}

/** Place of the number @p wanted in @p s, SIZE_MAX: not there. */
static size_t place_of_number(struct str s, struct str wanted)
{
    size_t at = 0;
    for (struct str n = next_number(s, &at); n.n > 0; n = next_number(s, &at))
        if (str_eq(n, wanted))
            return at - n.n;
    return SIZE_MAX;
}

/** The one number of @p text that the address does not have, in the place of the one that it names, or of the only or leading one. */
static struct str amend_bare(struct arena *a, struct str detail, struct str text)
{
    struct str fresh = STR_NONE, old = STR_NONE, first;
    size_t at = 0;
    for (struct str n = next_number(text, &at); n.n > 0; n = next_number(text, &at)) {
        bool there = place_of_number(detail, n) != SIZE_MAX;
        struct str *to = there ? &old : &fresh;
        if (n.n > HOUSE_DIGITS || to->n > 0)
            return STR_NONE;
        *to = n;
    }
    at = 0;
    first = next_number(detail, &at);
    bool alone = next_number(detail, &at).n == 0;
    if (fresh.n == 0 || first.n == 0)
        return STR_NONE;
    if (old.n == 0 && (alone || is_digit(detail.p[0])))
        old = first;
    if (old.n == 0)
        return STR_NONE;
    size_t place = place_of_number(detail, old);
    return str_fmt(a, "%.*s%.*s%.*s", (int)place, detail.p, STR_ARG(fresh), STR_ARG(str_sub(detail, place + old.n, detail.n)));
}

struct str flow_amend(struct arena *a, struct str language, struct str detail, struct str text)
{
    struct str amended = amend_units(a, detail, text);
    if (amended.n == 0 && words_value(a, language, "house_number", text).n > 0)
        amended = amend_bare(a, detail, text);
    return amended;
}

/* ---- who receives it ---- */

struct str flow_receiver(struct arena *a, struct str language, struct str text)
{
    static const char *const ends[] = {",", "，", ";", "；", "。", "、", "\n"};
    struct str name = words_behind(a, language, "receiver", text);
    for (size_t i = 0; i < COUNT(ends); i++) {
        size_t at = str_find(name, str_from(ends[i]), 0);
        name = at != SIZE_MAX ? str_sub(name, 0, at) : name;
    }
    size_t at = 0;
    (void)next_number(name, &at);
    bool numbers = name.n > 0 && at > 0 && is_digit(name.p[at - 1]); /* a phone number, or a whole address */
    name = str_trim(name);
    return name.n <= NAME_MOST && !numbers ? name : STR_NONE;
}
