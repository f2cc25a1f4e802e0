/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Days in texts: by name from the lexicon, by the day of the week, by number. What is a name for a week, month or year takes
 * what stands behind it and makes it a day: 上周+五, 上个月+15号, 去年+双十一.
 */
#include "nlu/when_reader.h"

#include <string.h>

#include "nlu/number.h"

static void range_of(struct str value, int *ret_from, int *ret_to)
{
    struct when w;
    char text[32] = "day d";
    size_t n = MIN(value.n, sizeof(text) - 6);
    memcpy(text + 5, value.p, n);
    *ret_from = *ret_to = 0;
    if (when_read((struct str){text, 5 + n}, &w)) {
        *ret_from = w.day;
        *ret_to = w.last_day;
    }
}

static const uint32_t no_day_behind[] = {U'楼', U'院', U'店', U'线', U'门', U'机', U'仓', U'馆', U'厅', U'桥', U'码', U'色', U'公',
                                         U'链', U'柜', U'室', U'库', U'台', U'用', U'常', U'本', U'元', U'款', U'床', U'铺', U'地',
                                         U'车', U'电', U'字', U'球', U'箱', U'位', U'岛', U'坑', U'座', U'栋', U'商', U'单', 0};
static const uint32_t no_day_before[] = {U'路', U'街', U'道', U'巷', U'弄', U'楼', U'栋', U'座', U'第', U'幢', U'村', U'区', U'尾',
                                         U'单', U'园', U'苑', U'里', U'坊', '-',   '#',   0};

static int weekday_char(uint32_t c)
{
    int day = c == U'日' || c == U'天' ? 7 : scan_is_digit(c) ? (int)(c - '0') : number_digit(c);
    return day >= 1 && day <= 7 ? day : 0;
}

/* The day behind 周 or 上周; 末 is the weekend. */
static bool read_weekday_char(struct when_reader *r)
{
    const struct folded *f = &r->s->f;
    uint32_t c = when_char(f, r->at);
    int day = c == U'末' ? 6 : weekday_char(c);
    if (day == 0 || (scan_is_digit(c) && scan_is_digit(when_char(f, r->at + 1))))
        return false;
    r->w.day = day;
    r->w.last_day = c == U'末' ? 7 : day;
    r->at++;
    return true;
}

/* 周一到周五. */
static void read_weekday_end(struct when_reader *r)
{
    size_t end = when_to(&r->s->f, r->at), word;
    if (end == 0)
        return;
    if (when_word(r->s, end, WORD_WEEK, &word) != NULL)
        end = word;
    int last = weekday_char(when_char(&r->s->f, end));
    if (last <= r->w.day)
        return;
    if (r->w.unit == WHEN_WEEKDAY)
        r->w.unit = WHEN_WEEK;
    r->w.last_day = last;
    r->at = end + 1;
}

/* 20号, 20日, 20 behind a month. @p bare: a number alone will do. */
static bool read_day_of_month(struct when_reader *r, bool bare)
{
    const struct folded *f = &r->s->f;
    struct number n;
    if (!number_at(f, r->at, &n) || n.value < 1 || n.value > 31 || n.value != (int)n.value)
        return false;
    uint32_t c = when_char(f, n.end);
    bool named = (c == U'号' || c == U'日') && !when_is_one_of(when_char(f, n.end + 1), no_day_behind);
    if (!named && (!bare || n.is_numeral || normalise_class(c) == CHAR_CJK || c == '.' || scan_is_digit(c)))
        return false;
    r->w.day = r->w.last_day = (int)n.value;
    r->at = named ? n.end + 1 : n.end;
    size_t to = when_to(f, r->at);
    if (to != 0 && number_at(f, to, &n) && n.value > r->w.day && n.value <= 31) {
        c = when_char(f, n.end);
        if (c == U'号' || c == U'日') {
            r->w.last_day = (int)n.value;
            r->at = n.end + 1;
        }
    }
    return true;
}

/* 初, 中旬, 底: behind a month. */
static bool read_part(struct when_reader *r)
{
    size_t end;
    struct when alone;
    const struct lexicon_entry *e = when_word(r->s, r->at, WORD_PART, &end);
    if (e != NULL) {
        range_of(e->value, &r->w.day, &r->w.last_day);
    } else { /* 中旬 is a time by itself: of this month */
        e = when_word(r->s, r->at, WORD_DATE, &end);
        if (e == NULL || !when_read(e->value, &alone) || alone.unit != WHEN_MONTH || alone.day == 0)
            return false;
        r->w.day = alone.day;
        r->w.last_day = alone.last_day;
    }
    r->at = end;
    return true;
}

static void day_read(struct when_reader *r, struct when w, double confidence)
{
    enum when_edge edge = r->w.edge;
    enum when_lean lean = r->w.lean;
    r->w = w;
    r->w.edge = edge;
    r->w.lean = lean != WHEN_NEAREST ? lean : w.lean;
    r->has_day = true;
    r->has_clock = w.to_minute > 0;
    r->confidence = confidence;
}

/* 11月, 11月20日, 11月底; the month's number was read. */
static void read_in_month(struct when_reader *r)
{
    if (when_char(&r->s->f, r->at) == U'份')
        r->at++;
    if (!read_part(r))
        (void)read_day_of_month(r, true);
}

/* 2026-11-20, 2026/11/20, 2026.11.20. */
static bool read_numeric(struct when_reader *r, const struct number *year)
{
    const struct folded *f = &r->s->f;
    uint32_t sep = when_char(f, year->end);
    struct number m, d;
    if ((sep != '-' && sep != '/') || !number_at(f, year->end + 1, &m) || m.value < 1 || m.value > 12 ||
        when_char(f, m.end) != sep || !number_at(f, m.end + 1, &d) || d.value < 1 || d.value > 31)
        return false;
    day_read(r, (struct when){.unit = WHEN_DATE, .has_year = true, .year = (int)year->value, .month = (int)m.value,
                              .day = (int)d.value, .last_day = (int)d.value}, WHEN_SURE);
    r->at = d.end;
    return true;
}

/* 11/20; 20/11 where the first can be no month. */
static bool read_slashed(struct when_reader *r, const struct number *first)
{
    const struct folded *f = &r->s->f;
    struct number second, year = {0};
    if (when_char(f, first->end) != '/' || first->digits > 2 || !number_at(f, first->end + 1, &second) ||
        second.is_numeral || second.digits > 2 || (r->at > 0 && when_char(f, r->at - 1) == '/'))
        return false;
    int month = (int)first->value, day = (int)second.value;
    bool dated = when_char(f, second.end) == '/' && number_at(f, second.end + 1, &year) && year.digits == 4;
    size_t end = dated ? year.end : second.end;
    if (month > 12) {
        month = day;
        day = (int)first->value;
    }
    uint32_t c = when_char(f, end);
    if (month < 1 || month > 12 || day < 1 || day > 31 || (!dated && month <= 6 && day <= 6) || c == '/' ||
        normalise_class(c) == CHAR_WORD)
        return false;
    day_read(r, (struct when){.unit = WHEN_DATE, .has_year = dated, .year = (int)year.value, .month = month, .day = day,
                              .last_day = day}, dated ? WHEN_SURE : WHEN_POSSIBLE);
    r->at = end;
    return true;
}

static size_t ordinal_at(const struct folded *f, size_t at)
{
    static const char *const ends[] = {"st", "nd", "rd", "th"};
    for (size_t i = 0; i < COUNT(ends); i++)
        if (scan_word(f, at, ends[i]) != 0)
            return at + 2;
    return 0;
}

/* 20th, 20 Nov, 20th of November. */
static bool read_english_day(struct when_reader *r, const struct number *n)
{
    const struct folded *f = &r->s->f;
    size_t ordinal = ordinal_at(f, n->end), end = scan_spaces(f, ordinal != 0 ? ordinal : n->end), word;
    if (n->is_numeral || n->value < 1 || n->value > 31 || n->digits > 2)
        return false;
    size_t of = scan_word(f, end, "of");
    const struct lexicon_entry *month = when_word(r->s, scan_spaces(f, of != 0 ? of : end), WORD_MONTH, &word);
    if (month == NULL && ordinal == 0)
        return false;
    struct when w = {.unit = WHEN_DATE, .day = (int)n->value, .last_day = (int)n->value};
    w.month = month != NULL ? (int)month->number : 0;
    day_read(r, w, month != NULL ? WHEN_SURE : WHEN_LIKELY);
    r->at = month != NULL ? word : ordinal;
    return true;
}

/* Days that begin with a number. */
static bool read_number_day(struct when_reader *r)
{
    const struct folded *f = &r->s->f;
    struct number n;
    if (!number_at(f, r->at, &n) || n.value > 1e9 || n.value != (int)n.value)
        return false;
    uint32_t c = when_char(f, n.end);
    if (n.digits == 4 && n.value >= 1990 && n.value <= 2100 && read_numeric(r, &n))
        return true;
    if (c == U'年' && ((n.value >= 1990 && n.value <= 2100) || n.digits == 2)) {
        struct when w = {.unit = WHEN_DATE, .has_year = true, .year = (int)n.value + (n.digits == 2 ? 2000 : 0)};
        size_t back = r->at;
        r->at = n.end + 1;
        if (number_at(f, r->at, &n) && n.value >= 1 && n.value <= 12 && when_char(f, n.end) == U'月') {
            w.month = (int)n.value;
            r->at = n.end + 1;
            day_read(r, w, WHEN_SURE);
            read_in_month(r);
            return true;
        }
        day_read(r, w, WHEN_LIKELY);
        return n.digits != 2 || (r->at = back, r->has_day = false);
    }
    if (c == U'月' && n.value >= 1 && n.value <= 12) {
        day_read(r, (struct when){.unit = WHEN_DATE, .month = (int)n.value}, WHEN_LIKELY);
        r->at = n.end + 1;
        read_in_month(r);
        return true;
    }
    if (r->at > 0 && when_is_one_of(when_char(f, r->at - 1), no_day_before))
        return false;
    struct when_reader copy = *r;
    copy.w.day = 0;
    if ((c == U'号' || c == U'日') && read_day_of_month(&copy, false)) {
        struct when w = {.unit = WHEN_DATE, .day = copy.w.day, .last_day = copy.w.last_day};
        day_read(r, w, WHEN_LIKELY);
        r->at = copy.at;
        return true;
    }
    return read_slashed(r, &n) || read_english_day(r, &n);
}

/* Nov 20, Nov 20th, 2026. */
static bool read_month_name(struct when_reader *r)
{
    const struct folded *f = &r->s->f;
    size_t end;
    struct number n;
    const struct lexicon_entry *month = when_word(r->s, r->at, WORD_MONTH, &end);
    if (month == NULL || !number_at(f, scan_spaces(f, end), &n) || n.value < 1 || n.value > 31 || n.digits > 2)
        return false;
    struct when w = {.unit = WHEN_DATE, .month = (int)month->number, .day = (int)n.value, .last_day = (int)n.value};
    size_t ordinal = ordinal_at(f, n.end), at = ordinal != 0 ? ordinal : n.end;
    size_t year = scan_spaces(f, when_char(f, at) == ',' ? at + 1 : at);
    if (number_at(f, year, &n) && n.digits == 4 && n.value >= 1990 && n.value <= 2100) {
        w.has_year = true;
        w.year = (int)n.value;
        at = n.end;
    }
    day_read(r, w, WHEN_SURE);
    r->at = at;
    return true;
}

/* What stands behind a name for a week, month or year and makes it a day: 上周+五, 上个月+15号, 去年+双十一. */
static void refine(struct when_reader *r)
{
    struct when_reader inner = {.s = r->s, .at = r->at};
    size_t end;
    const struct lexicon_entry *e;
    if (r->w.unit == WHEN_WEEK && r->w.day == 0) {
        if (read_weekday_char(r)) {
            read_weekday_end(r);
        } else if ((e = when_word(r->s, scan_spaces(&r->s->f, r->at), WORD_WEEKDAY, &end)) != NULL) {
            r->w.day = r->w.last_day = (int)e->number;
            r->at = end;
        }
    } else if (r->w.unit == WHEN_MONTH && r->w.day == 0) {
        if (when_char(&r->s->f, r->at) == U'的')
            r->at++;
        if (!read_part(r))
            (void)read_day_of_month(r, false);
    } else if (r->w.unit == WHEN_DATE && r->w.has_year && r->w.month == 0) {
        struct when named;
        e = when_word(r->s, r->at, WORD_DATE, &end);
        if (e != NULL && when_read(e->value, &named) && named.unit >= WHEN_DATE && !named.has_year) {
            inner.at = end;
            inner.w = named;
        } else if (!read_number_day(&inner) || inner.w.has_year) {
            return;
        }
        inner.w.has_year = true;
        inner.w.year = r->w.year;
        day_read(r, inner.w, WHEN_SURE);
        r->at = inner.at;
    }
}

static bool read_named_day(struct when_reader *r)
{
    size_t end;
    struct when w;
    const struct lexicon_entry *e = when_word(r->s, r->at, WORD_DATE, &end);
    if (e != NULL && when_read(e->value, &w)) {
        day_read(r, w, WHEN_SURE);
        r->at = end;
        refine(r);
        return true;
    }
    e = when_word(r->s, r->at, WORD_WEEKDAY, &end);
    if (e != NULL) {
        day_read(r, (struct when){.unit = WHEN_WEEKDAY, .day = (int)e->number, .last_day = (int)e->number}, WHEN_SURE);
        r->at = end;
        return true;
    }
    if (when_word(r->s, r->at, WORD_WEEK, &end) == NULL)
        return false;
    struct when_reader day = {.s = r->s, .at = end, .w = {.unit = WHEN_WEEKDAY}};
    if (!read_weekday_char(&day))
        return false;
    if (day.w.last_day > day.w.day)
        day.w.unit = WHEN_WEEK;
    read_weekday_end(&day);
    day_read(r, day.w, WHEN_SURE);
    r->at = day.at;
    return true;
}

bool when_read_day(struct when_reader *r)
{
    return read_named_day(r) || read_number_day(r) || read_month_name(r);
}
