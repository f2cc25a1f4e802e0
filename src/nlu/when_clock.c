/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times of the clock in texts. Which half of the day is meant, the part of the day says (晚上8点), else am and pm, else when
 * people are awake.
 */
#include "nlu/when_reader.h"

#include <string.h>

#include "nlu/number.h"

#define NOON 720

struct clock {
    int minute, length; /* of the day; for how long it lasts */
    bool halved;        /* it was said which half of the day */
    size_t end;
};

static size_t minutes_behind(const struct folded *f, size_t at, struct clock *c)
{
    static const struct {
        const char *word;
        int minutes, length;
    } named[] = {{"半", 30, 30}, {"一刻", 15, 15}, {"三刻", 45, 15}, {"钟", 0, WHEN_HOUR}, {"整", 0, 1}, {"多", 0, WHEN_HOUR}};
    struct number n;
    for (size_t i = 0; i < COUNT(named); i++) {
        size_t end = scan_word(f, at, named[i].word);
        if (end == 0)
            continue;
        c->minute += named[i].minutes;
        c->length = named[i].length;
        return end;
    }
    if (!number_at(f, at, &n) || n.value > 59 || (n.is_numeral && when_char(f, n.end) != U'分'))
        return at;
    c->minute += (int)n.value;
    c->length = 1;
    return when_char(f, n.end) == U'分' ? n.end + 1 : n.end;
}

/* 三点 is a time only with something beside it that says so: the 一点 of 便宜一点 is none. */
static bool is_said_of_clock(const struct folded *f, size_t at, bool beside)
{
    static const char *const behind[] = {"钟", "半", "整", "左右", "之前", "以前", "前", "以后", "之后", "后", "到", "多", "一刻"};
    if (beside)
        return true;
    for (size_t i = 0; i < COUNT(behind); i++)
        if (scan_word(f, at, behind[i]) != 0)
            return true;
    return false;
}

static bool half_of_day(const struct folded *f, size_t at, struct clock *c)
{
    static const struct {
        const char *word;
        bool after_noon;
    } halves[] = {{"pm", true}, {"p.m.", true}, {"p.m", true}, {"am", false}, {"a.m.", false}, {"a.m", false}};
    at = scan_spaces(f, at);
    for (size_t i = 0; i < COUNT(halves); i++) {
        size_t end = scan_word(f, at, halves[i].word);
        if (end == 0 || c->minute >= 13 * WHEN_HOUR)
            continue;
        c->minute = c->minute % NOON + (halves[i].after_noon ? NOON : 0);
        c->halved = true;
        c->end = end;
        return true;
    }
    return false;
}

/* @param beside  a day or a part of the day was read before it */
static bool clock_at(const struct folded *f, size_t at, bool beside, struct clock *ret)
{
    struct number n;
    if (!number_at(f, at, &n) || n.value > 24 || n.value != (int)n.value || n.digits > 2)
        return false;
    struct clock c = {.minute = (int)n.value * WHEN_HOUR, .length = WHEN_HOUR, .end = n.end};
    uint32_t next = when_char(f, n.end);
    size_t oclock = scan_word(f, scan_spaces(f, n.end), "o'clock");
    if ((next == ':' || next == 0xFF1A) && scan_is_digit(when_char(f, n.end + 1)) && scan_is_digit(when_char(f, n.end + 2)) &&
        !scan_is_digit(when_char(f, n.end + 3)) && !n.is_numeral) {
        int m = (int)(f->cp[n.end + 1] - '0') * 10 + (int)(f->cp[n.end + 2] - '0');
        if (m > 59)
            return false;
        c.minute += m;
        c.length = m % 30 == 0 ? (m == 0 ? WHEN_HOUR : 30) : 1;
        c.end = n.end + 3;
    } else if (next == U'点' && (!n.is_numeral || is_said_of_clock(f, n.end + 1, beside))) {
        c.end = minutes_behind(f, n.end + 1, &c);
    } else if (oclock != 0) {
        c.end = oclock;
    } else {
        *ret = c;
        return half_of_day(f, n.end, ret); /* "3 pm" */
    }
    if (!half_of_day(f, c.end, &c))
        c.halved = c.minute >= 13 * WHEN_HOUR || (next == ':' && c.minute < 10 * WHEN_HOUR && when_char(f, at) == '0');
    *ret = c;
    return true;
}

/* Which half of the day, by its part (晚上), else by when people are awake. */
static int placed(const struct clock *c, const struct when *part)
{
    if (c->halved)
        return c->minute;
    int minute = c->minute;
    if (part->to_minute > 0) {
        if (minute < NOON && minute + NOON >= part->from_minute && part->from_minute >= 11 * WHEN_HOUR)
            return minute + NOON;
        if (minute >= NOON && minute < 13 * WHEN_HOUR && part->from_minute >= 17 * WHEN_HOUR)
            return minute + NOON; /* 晚上十二点 ends the day */
        return minute >= NOON && part->from_minute < 5 * WHEN_HOUR && minute < 13 * WHEN_HOUR ? minute - NOON : minute;
    }
    return minute > 0 && minute < 7 * WHEN_HOUR ? minute + NOON : minute;
}

static size_t skip_before_clock(const struct folded *f, size_t at)
{
    size_t next = scan_spaces(f, at);
    uint32_t c = when_char(f, next);
    if (c == U'的' || c == ',')
        next = scan_spaces(f, next + 1);
    size_t word = scan_word(f, next, "at");
    if (word == 0)
        word = scan_word(f, next, "between");
    return word != 0 ? scan_spaces(f, word) : next;
}

/* 下午, in the evening: a part of the day behind the day, or alone. */
void when_read_hours(struct when_reader *r)
{
    const struct folded *f = &r->s->f;
    size_t at = skip_before_clock(f, r->at), end;
    size_t in = scan_word(f, at, "in the");
    const struct lexicon_entry *e = when_word(r->s, in != 0 ? scan_spaces(f, in) : at, WORD_HOURS, &end);
    if (e == NULL || (r->has_day && r->w.unit == WHEN_MINUTE))
        return;
    if (!r->has_day)
        r->w.unit = WHEN_DATE;
    struct when t;
    char text[32] = "date t";
    size_t n = MIN(e->value.n, sizeof(text) - 7);
    memcpy(text + 6, e->value.p, n);
    if (!when_read((struct str){text, 6 + n}, &t))
        return;
    r->w.from_minute = t.from_minute;
    r->w.to_minute = t.to_minute;
    r->has_clock = true;
    r->at = end;
}

/* Between 3 and 5 pm. */
static size_t to_or_and(const struct folded *f, size_t at)
{
    size_t and = scan_word(f, scan_spaces(f, at), "and");
    return and != 0 ? scan_spaces(f, and) : when_to(f, at);
}

bool when_read_clock(struct when_reader *r)
{
    const struct folded *f = &r->s->f;
    struct clock c, last;
    size_t at = skip_before_clock(f, r->at), to = 0;
    if (r->w.unit == WHEN_MINUTE && r->has_day)
        return false;
    if (!clock_at(f, at, r->has_day || r->has_clock, &c)) {
        /* 3-5pm: the half of the day comes with the second */
        struct number n;
        if (number_at(f, at, &n) && n.value <= 12 && n.digits <= 2 && n.digits > 0)
            to = to_or_and(f, n.end);
        if (to == 0 || !clock_at(f, to, true, &last) || !last.halved)
            return false;
        c = (struct clock){.minute = (int)n.value % 12 * WHEN_HOUR + (last.minute >= NOON ? NOON : 0), .halved = true,
                           .length = WHEN_HOUR, .end = n.end};
    }
    if (!r->has_day)
        r->w.unit = WHEN_DATE;
    int from = placed(&c, &r->w), length = c.length;
    r->at = c.end;
    to = to != 0 ? to : when_to(f, c.end);
    if (to != 0 && clock_at(f, to, true, &last)) {
        int until = last.halved || last.minute > from ? last.minute : last.minute + NOON;
        if (until > from) {
            length = until - from;
            r->at = last.end;
        }
    }
    r->w.from_minute = from;
    r->w.to_minute = from + length;
    if (!r->has_day)
        r->confidence = WHEN_LIKELY;
    r->has_clock = true;
    return true;
}
