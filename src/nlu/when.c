/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When.
 *
 * How          A unit gives a span of calendar days; days are counted as numbers, so weeks and months need no clock. The
 *              zone comes last: it says when these days, or these minutes of them, begin and end, whatever hours were put
 *              in or taken out between (base/time.h). What can mean several times gives several candidates.
 * Invariants   An interval is never empty. The same (when, now, zone) gives the same interval.
 */
#include "nlu/when.h"

#include <unicode/ucal.h>
#include <unicode/ustring.h>

#include "base/time.h"

#define DAY_MINUTES      1440
#define CLOCK_MINUTES    60   /* a time of the clock is at most this long; what is longer is a part of the day */
#define CANDIDATES       5
#define CHINESE_ERA_YEAR 2637 /* of ICU's extended Chinese year, which counts from 2637 BC */
#define FAR              4000000 /* most that a count may be: beyond it nobody means a time */

/* Days since 1970-01-01, both within. */
struct days {
    bool exists; /* there is no 31st of every month */
    int64_t first, last;
};

/* Where the calendar stands. */
struct today {
    int64_t day;
    struct local_time at;
};

/* ---- calendar ----------------------------------------------------------------------------------------------------- */

static int64_t day_of(int64_t month_index, int day)
{
    int64_t year = month_index / 12 - (month_index % 12 < 0);
    struct local_time t = {.year = (int)year, .month = (int)(month_index - year * 12) + 1, .day = day};
    return time_from_local(&t, STR_NONE) / DAY_MS; /* no zone: the count of days itself */
}

/* Months are counted from year 0, so that they can be added to. */
static int64_t month_index(int64_t year, int month)
{
    return year * 12 + month - 1;
}

/* day … last_day of a month, or all of it. */
static struct days in_month(int64_t month, const struct when *w)
{
    int64_t first = day_of(month, 1), length = day_of(month + 1, 1) - first;
    if (w->day > length)
        return (struct days){0};
    if (w->day == 0)
        return (struct days){true, first, first + length - 1};
    return (struct days){true, first + w->day - 1, first + MIN((int64_t)MAX(w->last_day, w->day), length) - 1};
}

static struct days nth_weekday(int64_t month, const struct when *w)
{
    struct local_time first = time_local(day_of(month, 1) * DAY_MS, STR_NONE);
    int64_t day = day_of(month, 1) + (w->day - first.weekday + 7) % 7 + 7 * (w->from - 1);
    return (struct days){true, day, day};
}

/* The day of the Chinese year that begins in @p year. */
static struct days lunar_day(int64_t year, const struct when *w)
{
    static const UChar zone[] = u"Asia/Shanghai"; /* the calendar is reckoned there, wherever it is read */
    UErrorCode e = U_ZERO_ERROR;
    UCalendar *c = ucal_open(zone, -1, "zh@calendar=chinese", UCAL_TRADITIONAL, &e);
    if (U_FAILURE(e))
        return (struct days){0};
    ucal_clear(c);
    ucal_set(c, UCAL_EXTENDED_YEAR, (int32_t)(year + CHINESE_ERA_YEAR));
    ucal_set(c, UCAL_MONTH, w->month - 1);
    ucal_set(c, UCAL_IS_LEAP_MONTH, 0);
    ucal_set(c, UCAL_DATE, w->day);
    int64_t ms = (int64_t)ucal_getMillis(c, &e);
    ucal_close(c);
    if (U_FAILURE(e))
        return (struct days){0};
    struct local_time t = time_local(ms + DAY_MS / 2, STR("Asia/Shanghai"));
    int64_t first = day_of(month_index(t.year, t.month), t.day);
    return (struct days){true, first, first + MAX(w->last_day - w->day, 0)};
}

/* ---- what is meant ------------------------------------------------------------------------------------------------ */

static int64_t distance(const struct days *d, int64_t today)
{
    if (today < d->first)
        return d->first - today;
    return today > d->last ? today - d->last : 0;
}

static bool is_better(const struct days *d, const struct days *best, enum when_lean lean, int64_t today)
{
    if (!best->exists)
        return true;
    switch (lean) {
    case WHEN_PAST: return d->first <= today && (d->first > best->first || best->first > today);
    case WHEN_COMING: return d->last >= today && (d->last < best->last || best->last < today);
    case WHEN_NEAREST: break;
    }
    return distance(d, today) < distance(best, today);
}

/* @param today  "before the 20th", said on the 20th, is about the next one */
static struct days choose(const struct days *found, size_t n, const struct when *w, int64_t today)
{
    struct days best = {0};
    enum when_lean lean = w->lean;
    today += lean == WHEN_COMING && w->edge == WHEN_BEFORE && w->to_minute == 0;
    for (size_t i = 0; i < n; i++)
        if (found[i].exists && is_better(&found[i], &best, lean, today))
            best = found[i];
    return best;
}

/* One of the years about now, or the one that was said. */
static struct days of_year(const struct when *w, const struct today *t)
{
    struct days found[CANDIDATES];
    int64_t said = w->year < 1000 ? t->at.year + w->year : w->year;
    size_t n = 0;
    for (int64_t year = w->has_year ? said : t->at.year - 1; year <= (w->has_year ? said : t->at.year + 1); year++) {
        int64_t month = month_index(year, MAX(w->month, 1));
        if (w->unit == WHEN_LUNAR)
            found[n++] = lunar_day(year, w);
        else if (w->unit == WHEN_NTH)
            found[n++] = nth_weekday(month, w);
        else if (w->month == 0)
            found[n++] = (struct days){true, day_of(month, 1), day_of(month + 12, 1) - 1};
        else
            found[n++] = in_month(month, w);
    }
    return choose(found, n, w, t->day);
}

/* "the 20th": of one of the months about now. */
static struct days of_month(const struct when *w, const struct today *t)
{
    struct days found[CANDIDATES];
    for (int i = 0; i < CANDIDATES; i++)
        found[i] = in_month(month_index(t->at.year, t->at.month) + i - CANDIDATES / 2, w);
    return choose(found, CANDIDATES, w, t->day);
}

/* "last Friday" is never today; a coming one may be. */
static struct days of_week(const struct when *w, const struct today *t)
{
    int64_t day = t->day + w->day - t->at.weekday;
    if (w->lean == WHEN_PAST)
        day -= day >= t->day ? 7 : 0;
    else if (w->lean == WHEN_COMING)
        day += day < t->day ? 7 : 0;
    else
        day += day < t->day - 3 ? 7 : day > t->day + 3 ? -7 : 0;
    return (struct days){true, day, day};
}

static struct days days_of(const struct when *w, const struct today *t)
{
    int64_t monday = t->day - t->at.weekday + 1, month = month_index(t->at.year, t->at.month);
    switch (w->unit) {
    case WHEN_MINUTE:
    case WHEN_DAY: return (struct days){true, t->day + w->from, t->day + MAX(w->from, w->to)};
    case WHEN_WEEK:
        if (w->day > 0)
            return (struct days){true, monday + 7 * (int64_t)w->from + w->day - 1,
                                 monday + 7 * (int64_t)w->from + MAX(w->day, w->last_day) - 1};
        return (struct days){true, monday + 7 * (int64_t)w->from, monday + 7 * (int64_t)MAX(w->from, w->to) + 6};
    case WHEN_WEEKDAY: return of_week(w, t);
    case WHEN_MONTH:
        if (w->day > 0)
            return in_month(month + w->from, w);
        return (struct days){true, day_of(month + w->from, 1), day_of(month + MAX(w->from, w->to) + 1, 1) - 1};
    case WHEN_DATE:
        if (w->has_year || w->month > 0)
            return of_year(w, t);
        return w->day > 0 ? of_month(w, t) : (struct days){true, t->day, t->day};
    case WHEN_LUNAR:
    case WHEN_NTH: return of_year(w, t);
    }
    return (struct days){0};
}

/* ---- the clock ---------------------------------------------------------------------------------------------------- */

/* What the zone's clock shows, as minutes since 1970. */
static int64_t shown(int64_t at_ms, struct str zone)
{
    struct local_time t = time_local(at_ms, zone);
    return day_of(month_index(t.year, t.month), t.day) * DAY_MINUTES + t.hour * 60 + t.minute;
}

/* The instant at which the zone's clock shows @p minute of @p day, or, where it leaps over that, the first behind. */
static int64_t instant(int64_t day, int minute, struct str zone)
{
    struct local_time t = time_local((day + minute / DAY_MINUTES) * DAY_MS, STR_NONE);
    t.hour = minute % DAY_MINUTES / 60;
    t.minute = minute % 60;
    int64_t at_ms = time_from_local(&t, zone), short_of = day * DAY_MINUTES + minute - shown(at_ms, zone);
    return at_ms + MAX(short_of, 0) * MINUTE_MS;
}

static struct interval span_of(const struct when *w, struct days d, struct str zone)
{
    struct interval r = {instant(d.first, w->from_minute, zone),
                         w->to_minute > 0 ? instant(d.last, w->to_minute, zone) : instant(d.last + 1, 0, zone)};
    r.to_ms = MAX(r.to_ms, r.from_ms + MINUTE_MS); /* an hour that the clock left out */
    return r;
}

/* A time of the clock without a day: today's, unless the words lean to the other side of now. */
static struct interval clock_alone(const struct when *w, struct days d, int64_t now_ms, struct str zone)
{
    struct interval r = span_of(w, d, zone);
    int move = w->lean == WHEN_COMING && r.to_ms <= now_ms ? 1 : w->lean == WHEN_PAST && r.from_ms > now_ms ? -1 : 0;
    return move == 0 ? r : span_of(w, (struct days){true, d.first + move, d.last + move}, zone);
}

/* One side of @p r. */
static struct interval side_of(const struct when *w, struct interval r, int64_t day_end_ms, int64_t now_ms)
{
    bool clock = w->to_minute > 0;
    int64_t begin = r.from_ms, end = clock && w->to_minute - w->from_minute <= CLOCK_MINUTES ? r.from_ms : r.to_ms;
    switch (w->edge) {
    case WHEN_IN: return r;
    case WHEN_BY:
    case WHEN_BEFORE:
        r.to_ms = w->edge == WHEN_BY ? end : begin;
        r.from_ms = now_ms < r.to_ms ? now_ms : WHEN_EVER_BEFORE;
        return r;
    case WHEN_FROM:
    case WHEN_AFTER: break;
    }
    r.from_ms = w->edge == WHEN_FROM ? begin : end;
    r.to_ms = clock && r.from_ms < day_end_ms ? day_end_ms : r.from_ms < now_ms ? now_ms : WHEN_EVER_AFTER;
    return r;
}

struct interval when_interval(const struct when *w, int64_t now_ms, struct str zone)
{
    if (w->unit == WHEN_MINUTE) {
        struct interval r = {now_ms + w->from * MINUTE_MS, now_ms + w->to * MINUTE_MS};
        r.to_ms = MAX(r.to_ms, r.from_ms + MINUTE_MS);
        return w->edge == WHEN_IN ? r : side_of(w, r, r.to_ms, now_ms);
    }
    struct today t = {.at = time_local(now_ms, zone)};
    t.day = day_of(month_index(t.at.year, t.at.month), t.at.day);
    struct days d = days_of(w, &t);
    if (!d.exists)
        d = (struct days){true, t.day, t.day}; /* February 30th: said, but no day; today harms nobody */
    d.first += w->offset_days;
    d.last += w->offset_days;
    bool any_day = w->unit == WHEN_DATE && !w->has_year && w->month == 0 && w->day == 0;
    struct interval r = any_day ? clock_alone(w, d, now_ms, zone) : span_of(w, d, zone);
    return side_of(w, r, instant(d.last + 1, 0, zone), now_ms);
}

bool when_is_open(const struct when *w)
{
    if (w->lean != WHEN_NEAREST || w->has_year)
        return false;
    return w->unit == WHEN_WEEKDAY || w->unit == WHEN_DATE || w->unit == WHEN_LUNAR || w->unit == WHEN_NTH;
}

/* ---- as text ------------------------------------------------------------------------------------------------------ */

static const char *const units[] = {
    [WHEN_MINUTE] = "minute", [WHEN_DAY] = "day",   [WHEN_WEEK] = "week",   [WHEN_WEEKDAY] = "weekday",
    [WHEN_MONTH] = "month",   [WHEN_DATE] = "date", [WHEN_LUNAR] = "lunar", [WHEN_NTH] = "nth",
};
static const char *const edges[] = {[WHEN_IN] = "", [WHEN_BY] = "by", [WHEN_BEFORE] = "before", [WHEN_FROM] = "from",
                                    [WHEN_AFTER] = "after"};
static const char *const leans[] = {[WHEN_NEAREST] = "", [WHEN_PAST] = "past", [WHEN_COMING] = "coming"};

static bool find_name(const char *const *names, size_t n, struct str word, int *ret)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq_c(word, names[i])) {
            *ret = (int)i;
            return true;
        }
    return false;
}

/* "-7..-2" or "5". */
static bool read_range(struct str text, int *ret_from, int *ret_to)
{
    size_t dots = str_find(text, STR(".."), 0);
    int64_t from, to;
    if (!str_int(str_sub(text, 0, MIN(dots, text.n)), &from))
        return false;
    to = from;
    if (dots != SIZE_MAX && !str_int(str_sub(text, dots + 2, text.n), &to))
        return false;
    *ret_from = (int)MAX(MIN(from, FAR), -FAR);
    *ret_to = (int)MAX(MIN(to, FAR), -FAR);
    return true;
}

static bool read_part(struct str part, struct when *w)
{
    int name, unused;
    if (find_name(edges, COUNT(edges), part, &name)) {
        w->edge = (enum when_edge)name;
        return true;
    }
    if (find_name(leans, COUNT(leans), part, &name)) {
        w->lean = (enum when_lean)name;
        return true;
    }
    struct str range = str_sub(part, 1, part.n);
    switch (part.n > 0 ? part.p[0] : '\0') {
    case 'n': return read_range(range, &w->from, &w->to);
    case 'y': return (w->has_year = read_range(range, &w->year, &unused));
    case 'm': return read_range(range, &w->month, &unused) && w->month >= 1 && w->month <= 12;
    case 'd': return read_range(range, &w->day, &w->last_day) && w->day >= 1 && w->last_day <= 31;
    case 'o': return read_range(range, &w->offset_days, &unused);
    case 't': return read_range(range, &w->from_minute, &w->to_minute) && w->from_minute >= 0 && w->to_minute <= 2880;
    default: return false;
    }
}

bool when_read(struct str text, struct when *ret)
{
    struct when w = {0};
    struct str part;
    int unit;
    if (!str_cut(&text, ' ', &part) || !find_name(units, COUNT(units), part, &unit))
        return false;
    w.unit = (enum when_unit)unit;
    while (str_cut(&text, ' ', &part))
        if (part.n > 0 && !read_part(part, &w))
            return false;
    *ret = w;
    return true;
}

static void write_range(struct buf *b, char letter, int from, int to)
{
    buf_char(b, ' ');
    buf_char(b, letter);
    buf_int(b, from);
    if (to != from) {
        buf_c(b, "..");
        buf_int(b, to);
    }
}

struct str when_write(struct arena *a, const struct when *w)
{
    struct buf b = {.arena = a};
    buf_reserve(&b, 32);
    buf_c(&b, units[w->unit]);
    if (w->unit <= WHEN_WEEK || w->unit == WHEN_MONTH || w->unit == WHEN_NTH)
        write_range(&b, 'n', w->from, w->unit == WHEN_NTH ? w->from : w->to);
    if (w->has_year)
        write_range(&b, 'y', w->year, w->year);
    if (w->month > 0)
        write_range(&b, 'm', w->month, w->month);
    if (w->day > 0)
        write_range(&b, 'd', w->day, MAX(w->day, w->last_day));
    if (w->offset_days != 0)
        write_range(&b, 'o', w->offset_days, w->offset_days);
    if (w->to_minute > 0)
        write_range(&b, 't', w->from_minute, w->to_minute);
    const char *const words[] = {edges[w->edge], leans[w->lean]};
    for (size_t i = 0; i < COUNT(words); i++) {
        buf_c(&b, words[i][0] != '\0' ? " " : "");
        buf_c(&b, words[i]);
    }
    return buf_view(&b);
}
