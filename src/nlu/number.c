/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers in text. Numerals follow how they are spoken: a digit behind 百, 千 or 万 that ends the number stands for the
 * next lower place (一百二 is 120), unless 零 stands between.
 */
#include "nlu/number.h"

#define NUMERAL_MOST 20 /* characters of a number in Chinese */

int number_digit(uint32_t cp)
{
    switch (cp) {
    case U'零': case U'〇': return 0;
    case U'一': case U'壹': return 1;
    case U'二': case U'两': case U'俩': return 2;
    case U'三': return 3;
    case U'四': return 4;
    case U'五': return 5;
    case U'六': return 6;
    case U'七': return 7;
    case U'八': return 8;
    case U'九': return 9;
    default: return -1;
    }
}

static double place_of(uint32_t cp)
{
    switch (cp) {
    case U'十': return 10;
    case U'百': return 100;
    case U'千': return 1000;
    case U'万': return 10000;
    default: return 0;
    }
}

bool number_begins(uint32_t cp)
{
    if (cp < 0x80)
        return cp >= '0' && cp <= '9';
    return cp >= 0x3007 && (number_digit(cp) >= 0 || place_of(cp) > 0);
}

static bool is_ascii_digit(const struct folded *f, size_t at)
{
    return at < f->n && f->cp[at] >= '0' && f->cp[at] <= '9';
}

static void read_digits(const struct folded *f, size_t at, struct number *ret)
{
    *ret = (struct number){0};
    for (; is_ascii_digit(f, at); at++) {
        ret->value = ret->value * 10 + (f->cp[at] - '0');
        ret->digits++;
    }
    double place = 0.1;
    if (at < f->n && f->cp[at] == '.' && is_ascii_digit(f, at + 1))
        for (at++; is_ascii_digit(f, at); at++, place /= 10)
            ret->value += place * (f->cp[at] - '0');
    ret->end = at;
    ret->most = ret->value;
}

/* 两三, 七八, 两三百: two neighbours said together are a guess. */
static bool read_guess(const struct folded *f, size_t at, struct number *ret)
{
    int first = at + 1 < f->n ? number_digit(f->cp[at]) : -1, second = first > 0 ? number_digit(f->cp[at + 1]) : -1;
    if (second != first + 1)
        return false;
    double place = at + 2 < f->n ? place_of(f->cp[at + 2]) : 0;
    size_t end = at + (place > 0 ? 3 : 2);
    if (end < f->n && (number_digit(f->cp[end]) >= 0 || place_of(f->cp[end]) > 0))
        return false;
    place = MAX(place, 1);
    *ret = (struct number){.value = first * place, .most = second * place, .end = end, .is_numeral = true};
    return true;
}

static bool read_numeral(const struct folded *f, size_t at, struct number *ret)
{
    double whole = 0, section = 0, last_place = 0;
    int digit = -1;
    bool zero = false;
    size_t from = at;
    for (; at < f->n && at - from < NUMERAL_MOST; at++) {
        int d = number_digit(f->cp[at]);
        double place = place_of(f->cp[at]);
        if (d >= 0) {
            if (digit > 0 && last_place == 0) /* 一二三: digits in a row are read one by one */
                section = section * 10 + digit;
            zero |= d == 0;
            digit = d;
        } else if (place == 10000) {
            whole = (whole + section + (digit > 0 ? digit : 0)) * 10000;
            section = 0;
            digit = -1;
            last_place = place;
        } else if (place > 0) {
            section += (digit < 0 ? 1 : digit) * place;
            digit = -1;
            zero = false;
            last_place = place;
        } else {
            break;
        }
    }
    if (digit >= 0)
        section = last_place == 0 ? section * 10 + digit
                                  : section + digit * (last_place >= 100 && !zero ? last_place / 10 : 1);
    *ret = (struct number){.value = whole + section, .most = whole + section, .end = at, .is_numeral = true};
    return at > from;
}

bool number_at(const struct folded *f, size_t at, struct number *ret)
{
    if (is_ascii_digit(f, at)) {
        read_digits(f, at, ret);
        return true;
    }
    return at < f->n && number_begins(f->cp[at]) && (read_guess(f, at, ret) || read_numeral(f, at, ret));
}
