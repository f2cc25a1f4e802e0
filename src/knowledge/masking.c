/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Masking: one walk over the text. At each place the kinds are tried in order; the first that begins there is written as
 * "#", and the walk goes on behind it. Most texts hold neither digit nor "@": then only names are looked for.
 *
 * It would rather hide a word too many: what is masked can still be read in the conversation by who may read that.
 */
#include "knowledge/masking.h"

#include <string.h>

#define LONG_NUMBER 5  /* digits: phones, cards, orders; prices and sizes are shorter */
#define CODE_CHARS  6  /* letters and digits mixed: orders, parcels, accounts … */
#define CODE_DIGITS 3  /* … with that many digits */
#define HAN_BYTES   3  /* of a Han character in UTF-8 */
#define NAME_HAN    4  /* of a name after a word that gives it away */
#define STREET_HAN  6  /* of a street's name */

#define WORD(lit) {(lit), sizeof(lit) - 1}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/** The length of the first of @p words that stands at @p at; 0: none. Nearly always the first byte tells. */
static size_t word_at(struct str text, size_t at, const struct str *words, size_t n)
{
    for (size_t i = 0; at < text.n && i < n; i++)
        if (words[i].p[0] == text.p[at] && words[i].n <= text.n - at && memcmp(words[i].p, text.p + at, words[i].n) == 0)
            return words[i].n;
    return 0;
}

static bool is_han(struct str text, size_t at)
{
    return at + HAN_BYTES <= text.n && (unsigned char)text.p[at] >= 0xe4 && (unsigned char)text.p[at] <= 0xe9;
}

/** Digits, also with single spaces or dashes between them as phones are written. @return where it ends, or @p at. */
static size_t long_number(struct str text, size_t at)
{
    size_t end = at, digits = 0, last = at;
    while (end < text.n) {
        bool between = digits > 0 && (text.p[end] == ' ' || text.p[end] == '-') && end + 1 < text.n && is_digit(text.p[end + 1]);
        if (!is_digit(text.p[end]) && !between)
            break;
        digits += is_digit(text.p[end]);
        last = ++end;
    }
    return digits >= LONG_NUMBER ? last : at;
}

/** name@host, or a code of letters and digits; both stand between other signs. */
static size_t code(struct str text, size_t at)
{
    size_t end = at, digits = 0, letters = 0;
    bool mail = false;
    while (end < text.n && (is_digit(text.p[end]) || is_letter(text.p[end]) || strchr("._-+@", text.p[end]) != NULL)) {
        digits += is_digit(text.p[end]);
        letters += is_letter(text.p[end]);
        mail |= text.p[end] == '@' && end > at;
        end++;
    }
    if (mail && end - at >= CODE_CHARS)
        return end;
    return end - at >= CODE_CHARS && digits >= CODE_DIGITS && letters > 0 ? end : at;
}

static size_t han_run(struct str text, size_t at, size_t most)
{
    size_t n = 0;
    while (n < most && is_han(text, at + n * HAN_BYTES))
        n++;
    return n;
}

/** The name that follows "收件人" or "my name is". */
static size_t name_after(struct str text, size_t at, size_t *ret_lead)
{
    static const struct str leads[] = {WORD("收件人"), WORD("收货人"), WORD("姓名"), WORD("我叫"), WORD("联系人"),
                                       WORD("my name is "), WORD("name: "), WORD("Name: ")};
    static const struct str between[] = {WORD("："), WORD(":"), WORD(" "), WORD("是")};
    size_t lead = word_at(text, at, leads, COUNT(leads));
    if (lead == 0)
        return at;
    for (size_t k = 0; k < COUNT(between); k++) /* each at most once, in this order */
        lead += word_at(text, at + lead, &between[k], 1);
    *ret_lead = lead;
    size_t end = at + lead, han = han_run(text, end, NAME_HAN);
    if (han >= 2)
        return end + han * HAN_BYTES;
    while (end < text.n && (is_letter(text.p[end]) || text.p[end] == ' '))
        end++;
    return end > at + lead ? end : at;
}

/** Where the number behind a street's name begins that stands at @p at, or @p at. */
static size_t street(struct str text, size_t at)
{
    static const struct str streets[] = {WORD("路"), WORD("街"), WORD("巷"), WORD("弄"), WORD("大道"), WORD("村"), WORD("小区"), WORD("花园")};
    size_t han = han_run(text, at, STREET_HAN);
    for (size_t n = 1; n <= han; n++) {
        size_t name = word_at(text, at + n * HAN_BYTES, streets, COUNT(streets));
        size_t number = at + n * HAN_BYTES + name;
        number += number < text.n && text.p[number] == ' ' ? 1 : 0;
        if (name > 0 && number < text.n && is_digit(text.p[number]))
            return number;
    }
    return at;
}

/** 文三路12号, 3栋2单元501室: a street's name before its number, and the number with its house words. */
static size_t address(struct str text, size_t at)
{
    static const struct str houses[] = {WORD("号"), WORD("栋"), WORD("幢"), WORD("单元"), WORD("室"), WORD("楼"), WORD("弄"), WORD("层")};
    size_t end = street(text, at);
    bool named = end > at, housed = false;
    while (named || housed || (at < text.n && is_digit(text.p[at]))) {
        size_t digits = end;
        while (digits < text.n && (is_digit(text.p[digits]) || text.p[digits] == ' '))
            digits++;
        size_t house = digits > end ? word_at(text, digits, houses, COUNT(houses)) : 0;
        bool lone = house > 0 && end == at && word_at(text, digits, houses, 1) > 0; /* "3号发货": a day */
        if (house == 0 || lone)
            break;
        end = digits + house;
        housed = true;
    }
    return housed ? end : at;
}

/** Where what must be hidden ends that begins at @p at, or @p at. */
static size_t hidden_at(struct str text, size_t at, bool numbers, size_t *ret_lead)
{
    size_t end = name_after(text, at, ret_lead);
    bool begins = at == 0 || !(is_digit(text.p[at - 1]) || is_letter(text.p[at - 1]));
    if (end == at && numbers)
        end = address(text, at);
    if (end == at && numbers && begins)
        end = code(text, at);
    if (end == at && numbers)
        end = long_number(text, at);
    return end;
}

static bool has_numbers(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (is_digit(text.p[i]) || text.p[i] == '@')
            return true;
    return false;
}

struct str masked(struct arena *a, struct str text)
{
    struct buf b = {.arena = a};
    text = str_clip(text, MASKING_CHARS);
    bool numbers = has_numbers(text);
    size_t kept = 0; /* from here on nothing is written yet */
    for (size_t at = 0; at < text.n;) {
        size_t lead = 0, end = hidden_at(text, at, numbers, &lead);
        if (end == at) {
            at++;
            continue;
        }
        buf_str(&b, str_sub(text, kept, at + lead - kept));
        buf_char(&b, '#');
        at = kept = end;
    }
    buf_str(&b, str_sub(text, kept, text.n));
    return buf_view(&b);
}
