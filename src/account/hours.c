/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hours: reading a week from a setting, asking it, and saying it.
 *
 * How          A span belongs to the day on which it begins; one that crosses midnight ends above 24:00. An instant is
 *              open when its local minute lies in a span of today, or of yesterday counted on past 24:00.
 * Invariants   hours_is_open() holds at every instant that hours_next_opening() gives, also where the clock skips an
 *              hour at the opening time.
 */
#include "account/hours.h"

#include "base/time.h"

enum { DAY_MINUTES = 24 * 60 };

static bool clock_minutes(struct str text, int *ret)
{
    int64_t h;
    int64_t m;
    if (text.n != 5 || text.p[2] != ':' || !str_int(str_sub(text, 0, 2), &h) || !str_int(str_sub(text, 3, 2), &m))
        return false;
    if (h < 0 || m < 0 || m > 59 || h > 24 || (h == 24 && m > 0))
        return false;
    *ret = (int)(h * 60 + m);
    return true;
}

static bool span_parse(struct str text, struct hours_span *ret)
{
    struct str from;
    struct str rest = str_trim(text);
    if (!str_cut(&rest, '-', &from) || !clock_minutes(str_trim(from), &ret->from) ||
        !clock_minutes(str_trim(rest), &ret->to) || ret->from == DAY_MINUTES)
        return false;
    if (ret->to <= ret->from)
        ret->to += DAY_MINUTES;
    return true;
}

/* "09:00-12:00,13:00-18:00" for one day; "" is a closed day. */
static bool day_parse(struct str text, struct hours *h, int day, const char **ret_why)
{
    struct str one;
    h->count[day] = 0;
    if (str_trim(text).n == 0)
        return true;
    while (str_cut(&text, ',', &one)) {
        if (h->count[day] == HOURS_SPANS) {
            *ret_why = "hours: at most 4 spans a day";
            return false;
        }
        if (!span_parse(one, &h->span[day][h->count[day]])) {
            *ret_why = "hours: a span must look like 09:00-18:00";
            return false;
        }
        h->count[day]++;
    }
    return true;
}

static bool weekday_parse(struct str text, int *ret)
{
    text = str_trim(text);
    if (text.n != 1 || text.p[0] < '1' || text.p[0] > '7')
        return false;
    *ret = text.p[0] - '1';
    return true;
}

/* "1-5", "6", "1,3,5" with one value for all of them. */
static bool days_parse(struct str key, struct str value, struct hours *h, const char **ret_why)
{
    struct str run;
    while (str_cut(&key, ',', &run)) {
        struct str first;
        int from;
        int to;
        if (!str_cut(&run, '-', &first) || !weekday_parse(first, &from)) {
            *ret_why = "hours: a day must be 1 (Monday) to 7, or a run as 1-5";
            return false;
        }
        to = from;
        if (run.n > 0 && (!weekday_parse(run, &to) || to < from)) {
            *ret_why = "hours: a run of days must rise, as 1-5";
            return false;
        }
        for (int day = from; day <= to; day++) {
            if (!day_parse(value, h, day, ret_why))
                return false;
        }
    }
    return true;
}

bool hours_parse(const json_t *value, struct hours *ret, const char **ret_why)
{
    struct hours h = {0};
    bool always = value == NULL || json_is_null(value);
    if (always || json_is_string(value)) {
        for (int day = 0; day < 7; day++) {
            if (!day_parse(always ? STR("00:00-24:00") : json_text(value), &h, day, ret_why))
                return false;
        }
        *ret = h;
        return true;
    }
    if (!json_is_object(value)) {
        *ret_why = "hours: must be text or an object of weekdays";
        return false;
    }
    /* jansson's iterator wants a pointer to a changeable object but does not change it */
    json_t *o = (json_t *)(uintptr_t)value;
    for (void *it = json_object_iter(o); it != NULL; it = json_object_iter_next(o, it)) {
        const json_t *spans = json_object_iter_value(it);
        if (!json_is_string(spans)) {
            *ret_why = "hours: a day's hours must be text";
            return false;
        }
        if (!days_parse(str_from(json_object_iter_key(it)), json_text(spans), &h, ret_why))
            return false;
    }
    *ret = h;
    return true;
}

static bool day_covers(const struct hours *h, int day, int minute)
{
    for (unsigned i = 0; i < h->count[day]; i++) {
        if (minute >= h->span[day][i].from && minute < h->span[day][i].to)
            return true;
    }
    return false;
}

bool hours_is_open(const struct hours *h, int64_t at_ms, struct str zone)
{
    struct local_time t = time_local(at_ms, zone);
    int minute = t.hour * 60 + t.minute;
    int today = t.weekday - 1;
    return day_covers(h, today, minute) || day_covers(h, (today + 6) % 7, minute + DAY_MINUTES);
}

/* Midnight that begins the day @p ahead days after @p day. */
static int64_t midnight(const struct local_time *day, int ahead, struct str zone)
{
    struct local_time t = *day;
    t.day += ahead;
    t.hour = t.minute = t.second = 0;
    return time_from_local(&t, zone);
}

/* On a day whose clock is moved a wall time may come twice or never: so every minute is asked. */
static int64_t walk(const struct hours *h, int64_t from_ms, int64_t to_ms, struct str zone)
{
    for (int64_t at = (from_ms + MINUTE_MS - 1) / MINUTE_MS * MINUTE_MS; at < to_ms; at += MINUTE_MS) {
        if (hours_is_open(h, at, zone))
            return at;
    }
    return 0;
}

static int64_t first_span(const struct hours *h, int weekday, int64_t day_ms, int64_t after_ms)
{
    int64_t best = 0;
    for (unsigned i = 0; i < h->count[weekday]; i++) {
        int64_t at = day_ms + h->span[weekday][i].from * MINUTE_MS;
        if (at >= after_ms && (best == 0 || at < best))
            best = at;
    }
    return best;
}

int64_t hours_next_opening(const struct hours *h, int64_t after_ms, struct str zone)
{
    if (hours_is_open(h, after_ms, zone))
        return after_ms;
    struct local_time today = time_local(after_ms, zone);
    int64_t begin = midnight(&today, 0, zone);
    for (int ahead = 0; ahead <= 7; ahead++) {
        int64_t end = midnight(&today, ahead + 1, zone);
        int64_t at = end - begin == DAY_MS ? first_span(h, (today.weekday - 1 + ahead) % 7, begin, after_ms)
                                           : walk(h, MAX(begin, after_ms), end, zone);
        if (at != 0)
            return at;
        begin = end;
    }
    return 0;
}

static bool days_equal(const struct hours *h, int a, int b)
{
    if (h->count[a] != h->count[b])
        return false;
    for (unsigned i = 0; i < h->count[a]; i++) {
        if (h->span[a][i].from != h->span[b][i].from || h->span[a][i].to != h->span[b][i].to)
            return false;
    }
    return true;
}

static void say_spans(struct buf *b, const struct hours *h, int day, const struct hours_words *words)
{
    if (h->count[day] == 1 && h->span[day][0].from == 0 && h->span[day][0].to == DAY_MINUTES) {
        buf_str(b, words->always);
        return;
    }
    for (unsigned i = 0; i < h->count[day]; i++) {
        struct hours_span s = h->span[day][i];
        int to = s.to > DAY_MINUTES ? s.to - DAY_MINUTES : s.to;
        buf_printf(b, "%s%02d:%02d–%02d:%02d", i > 0 ? " " : "", s.from / 60, s.from % 60, to / 60, to % 60);
    }
}

struct str hours_text(struct arena *a, const struct hours *h, const struct hours_words *words)
{
    struct buf b = {.arena = a};
    for (int day = 0, last; day < 7; day = last + 1) {
        for (last = day; last < 6 && days_equal(h, day, last + 1); last++)
            continue;
        if (h->count[day] == 0)
            continue;
        if (b.n > 0)
            buf_str(&b, words->list);
        if (day > 0 || last < 6) {
            buf_str(&b, words->day[day]);
            if (last > day) {
                buf_str(&b, words->through);
                buf_str(&b, words->day[last]);
            }
            buf_char(&b, ' ');
        }
        say_spans(&b, h, day, words);
    }
    return b.n > 0 ? buf_view(&b) : words->never;
}
