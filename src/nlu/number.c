/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers in text. Numerals follow how they are spoken: a digit behind 百, 千 or 万 that ends the number stands for the
 * next lower place (一百二 is 120), unless 零 stands between.
 */
#include "nlu/number.h"

static const struct {
    uint32_t cp;
    int value;
} digits[] = {
    {U'零', 0}, {U'〇', 0}, {U'一', 1}, {U'二', 2}, {U'两', 2}, {U'三', 3}, {U'四', 4},
    {U'五', 5}, {U'六', 6}, {U'七', 7}, {U'八', 8}, {U'九', 9}, {U'俩', 2}, {U'壹', 1},
};

static const struct {
    uint32_t cp;
    double value;
} places[] = {{U'十', 10}, {U'百', 100}, {U'千', 1000}, {U'万', 10000}};

int number_digit(uint32_t cp)
{
    for (size_t i = 0; i < COUNT(digits); i++)
        if (digits[i].cp == cp)
            return digits[i].value;
    return -1;
}

static double place_of(uint32_t cp)
{
    for (size_t i = 0; i < COUNT(places); i++)
        if (places[i].cp == cp)
            return places[i].value;
    return 0;
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
}

static bool read_numeral(const struct folded *f, size_t at, struct number *ret)
{
    double whole = 0, section = 0, last_place = 0;
    int digit = -1;
    bool zero = false;
    size_t from = at;
    for (; at < f->n; at++) {
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
    *ret = (struct number){.value = whole + section, .end = at, .is_numeral = true};
    return at > from;
}

bool number_at(const struct folded *f, size_t at, struct number *ret)
{
    if (is_ascii_digit(f, at)) {
        read_digits(f, at, ret);
        return true;
    }
    return at < f->n && read_numeral(f, at, ret);
}
