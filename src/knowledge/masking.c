/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Masking: one walk over the text. At each place the kinds are tried in order; the first that begins there is written as
 * "#", and the walk goes on behind it.
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

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_han(struct str text, size_t at)
{
    return at + HAN_BYTES <= text.n && (unsigned char)text.p[at] >= 0xe4 && (unsigned char)text.p[at] <= 0xe9;
}

static struct str from(struct str text, size_t at)
{
    return str_sub(text, at, text.n);
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
    static const char *const leads[] = {"收件人", "收货人", "姓名", "我叫", "联系人", "my name is ", "name: ", "Name: "};
    for (size_t i = 0; i < COUNT(leads); i++) {
        size_t n = strlen(leads[i]);
        if (!str_starts(from(text, at), (struct str){leads[i], n}))
            continue;
        size_t end = at + n;
        *ret_lead = n;
        static const char *const between[] = {"：", ":", " ", "是"};
        for (size_t k = 0; k < COUNT(between); k++)
            if (str_starts(from(text, end), str_from(between[k]))) {
                end += strlen(between[k]);
                *ret_lead = end - at;
            }
        size_t han = han_run(text, end, NAME_HAN);
        if (han >= 2)
            return end + han * HAN_BYTES;
        while (end < text.n && (is_letter(text.p[end]) || text.p[end] == ' '))
            end++;
        return end > at + *ret_lead ? end : at;
    }
    return at;
}

/** 文三路12号, 3栋2单元501室: a street's name before its number, and the number with its house words. */
static size_t address(struct str text, size_t at)
{
    static const char *const streets[] = {"路", "街", "巷", "弄", "大道", "村", "小区", "花园"};
    static const char *const houses[] = {"号", "栋", "幢", "单元", "室", "楼", "弄", "层"};
    size_t end = at;
    size_t han = han_run(text, at, STREET_HAN);
    for (size_t n = 1; n <= han && end == at; n++)
        for (size_t i = 0; i < COUNT(streets); i++) {
            size_t stop = at + n * HAN_BYTES + strlen(streets[i]);
            size_t number = stop < text.n && text.p[stop] == ' ' ? stop + 1 : stop;
            if (str_starts(from(text, at + n * HAN_BYTES), str_from(streets[i])) && number < text.n &&
                is_digit(text.p[number]))
                end = number;
        }
    bool housed = false;
    for (bool more = end > at || (at < text.n && is_digit(text.p[at])); more;) {
        size_t digits = end;
        more = false;
        while (digits < text.n && (is_digit(text.p[digits]) || text.p[digits] == ' '))
            digits++;
        for (size_t i = 0; i < COUNT(houses) && digits > end; i++)
            if (str_starts(from(text, digits), str_from(houses[i]))) {
                bool lone = str_eq_c(str_from(houses[i]), "号") && end == at; /* "3号发货": a day */
                more = !lone;
                end = lone ? end : digits + strlen(houses[i]);
                housed = !lone;
                break;
            }
    }
    return housed ? end : at;
}

struct str masked(struct arena *a, struct str text)
{
    struct buf b = {.arena = a};
    text = str_clip(text, MASKING_CHARS);
    for (size_t at = 0; at < text.n;) {
        size_t lead = 0, end = name_after(text, at, &lead);
        bool begins = at == 0 || !(is_digit(text.p[at - 1]) || is_letter(text.p[at - 1]));
        if (end == at)
            end = address(text, at);
        if (end == at && begins)
            end = code(text, at);
        if (end == at)
            end = long_number(text, at);
        if (end > at) {
            buf_str(&b, str_sub(text, at, lead));
            buf_char(&b, '#');
            at = end;
            continue;
        }
        buf_char(&b, text.p[at++]);
    }
    return buf_view(&b);
}
