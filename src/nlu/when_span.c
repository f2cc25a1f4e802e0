/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spans of time: a count, a unit, and which way from now. How wrong people are with a unit is in its row: "a week ago" was
 * six to eight days ago.
 */
#include "nlu/when_reader.h"

#include "nlu/number.h"

#define MOST 1000 /* units that a span may have */

/* How many units, in words a range: 两三天. */
struct count {
    double least, most;
    size_t end;
};

static const struct {
    const char *word;
    int minutes;  /* of one */
    int slack;    /* minutes by which people are wrong with it; 0: it is counted exactly in days */
} units[] = {
    {"分钟", 1, 1},              {"小时", WHEN_HOUR, WHEN_HOUR / 2},  {"个小时", WHEN_HOUR, WHEN_HOUR / 2}, {"钟头", WHEN_HOUR, WHEN_HOUR / 2},
    {"个钟头", WHEN_HOUR, WHEN_HOUR / 2},  {"天", WHEN_FULL_DAY, 0},            {"日", WHEN_FULL_DAY, 0},             {"周", 7 * WHEN_FULL_DAY, WHEN_FULL_DAY},
    {"星期", 7 * WHEN_FULL_DAY, WHEN_FULL_DAY},      {"个星期", 7 * WHEN_FULL_DAY, WHEN_FULL_DAY},  {"礼拜", 7 * WHEN_FULL_DAY, WHEN_FULL_DAY},     {"个礼拜", 7 * WHEN_FULL_DAY, WHEN_FULL_DAY},
    {"个月", 30 * WHEN_FULL_DAY, 4 * WHEN_FULL_DAY}, {"年", 365 * WHEN_FULL_DAY, 30 * WHEN_FULL_DAY},
    {"minutes", 1, 1},           {"minute", 1, 1},          {"mins", 1, 1},             {"min", 1, 1},
    {"hours", WHEN_HOUR, WHEN_HOUR / 2},   {"hour", WHEN_HOUR, WHEN_HOUR / 2},  {"hrs", WHEN_HOUR, WHEN_HOUR / 2},    {"hr", WHEN_HOUR, WHEN_HOUR / 2},
    {"days", WHEN_FULL_DAY, 0},            {"day", WHEN_FULL_DAY, 0},           {"weeks", 7 * WHEN_FULL_DAY, WHEN_FULL_DAY},    {"week", 7 * WHEN_FULL_DAY, WHEN_FULL_DAY},
    {"months", 30 * WHEN_FULL_DAY, 4 * WHEN_FULL_DAY}, {"month", 30 * WHEN_FULL_DAY, 4 * WHEN_FULL_DAY}, {"years", 365 * WHEN_FULL_DAY, 30 * WHEN_FULL_DAY},
    {"year", 365 * WHEN_FULL_DAY, 30 * WHEN_FULL_DAY},
};

static const struct {
    const char *word;
    enum when_direction direction;
} tails[] = {
    {"之前", WHEN_AGO},    {"以前", WHEN_AGO},    {"前", WHEN_AGO},      {"之后", WHEN_LATER},    {"以后", WHEN_LATER},   {"过后", WHEN_LATER},
    {"后", WHEN_LATER},    {"之内", WHEN_WITHIN}, {"以内", WHEN_WITHIN}, {"内", WHEN_WITHIN},     {"ago", WHEN_AGO},      {"earlier", WHEN_AGO},
    {"later", WHEN_LATER}, {"from now", WHEN_LATER},
};

static bool count_at(const struct scan *s, size_t at, struct count *ret)
{
    const struct folded *f = &s->f;
    struct number n;
    size_t end;
    if (when_char(f, at) == U'半') {
        *ret = (struct count){0.5, 0.5, at + 1};
        return true;
    }
    if (number_at(f, at, &n)) {
        *ret = (struct count){n.value, MAX(n.value, n.most), n.end};
        return true;
    }
    const struct lexicon_entry *e = when_word(s, at, WORD_NUMBER, &end);
    if (e == NULL)
        return false;
    *ret = (struct count){e->number, e->number, end};
    return true;
}

/* The unit at @p at, with 半 in or behind it: 个半小时, 年半. */
static size_t unit_at(const struct folded *f, size_t at, int *ret_minutes, int *ret_slack, double *ret_more)
{
    bool half = when_char(f, at) == U'个' && when_char(f, at + 1) == U'半';
    size_t from = half ? at + 2 : at;
    *ret_more = half ? 0.5 : 0;
    for (size_t i = 0; i < COUNT(units); i++) {
        size_t end = scan_word(f, from, units[i].word);
        if (end == 0 || (units[i].minutes == WHEN_FULL_DAY && when_char(f, from) == U'日' && !scan_is_digit(when_char(f, at - 1))))
            continue;
        *ret_minutes = units[i].minutes;
        *ret_slack = units[i].slack;
        return end;
    }
    if (half && when_char(f, from) == U'月') { /* 一个半月 */
        *ret_minutes = 30 * WHEN_FULL_DAY;
        *ret_slack = 4 * WHEN_FULL_DAY;
        return from + 1;
    }
    return 0;
}

static size_t tail_at(const struct folded *f, size_t at, enum when_direction *ret)
{
    at = scan_spaces(f, at);
    for (size_t i = 0; i < COUNT(tails); i++) {
        size_t end = scan_word(f, at, tails[i].word);
        if (end != 0) {
            *ret = tails[i].direction;
            return end;
        }
    }
    return 0;
}

/* Least and most minutes away, with the unit's slack; whole days are counted as days. */
static struct when away(const struct count *n, int minutes, int slack, int sign)
{
    double least = n->least * minutes - slack, most = n->most * minutes + slack;
    bool whole = minutes >= WHEN_FULL_DAY && n->least * minutes >= WHEN_FULL_DAY;
    int low = (int)(whole ? least / WHEN_FULL_DAY : least), high = (int)(whole ? most / WHEN_FULL_DAY : most);
    struct when w = {.unit = whole ? WHEN_DAY : WHEN_MINUTE};
    w.from = sign < 0 ? -high : low;
    w.to = sign < 0 ? -low : high;
    return w;
}

/* 三天前, 2小时内, 3 days ago. @param lead  what the word before it says; WHEN_NOWHERE: the tail has to */
bool when_read_span(struct when_reader *r, enum when_direction lead, int lead_sign)
{
    struct count n;
    int minutes, slack;
    double more;
    const struct folded *f = &r->s->f;
    if (!count_at(r->s, r->at, &n) || n.most > MOST)
        return false;
    size_t end = unit_at(f, scan_spaces(f, n.end), &minutes, &slack, &more);
    if (end == 0)
        return false;
    enum when_direction d = lead;
    size_t tail = tail_at(f, end, &d);
    if (d == WHEN_NOWHERE)
        return false;
    n.least += more;
    n.most += more;
    int sign = d == WHEN_AGO || lead_sign < 0 ? -1 : 1;
    if (d == WHEN_WITHIN) {
        int all = (int)(n.most * minutes);
        r->w = (struct when){.unit = WHEN_MINUTE, .from = sign < 0 ? -all : 0, .to = sign < 0 ? 0 : all};
    } else {
        r->w = away(&n, minutes, slack, sign);
    }
    r->at = tail != 0 ? tail : end;
    r->has_day = true;
    r->has_clock = r->w.unit == WHEN_MINUTE;
    return true;
}
