/* SPDX-License-Identifier: Apache-2.0 */
/* Times as said: what they mean at a given now, in zones whose days have 23, 24 and 25 hours. */
#include "nlu/when.h"

#include <stdio.h>

#include "base/table_test.h"
#include "base/time.h"

#define SHANGHAI "Asia/Shanghai"
#define NEW_YORK "America/New_York"
#define FRIDAY   "2026-11-20T10:00:00+08:00" /* in Shanghai */

static const struct {
    const char *name, *when, *zone, *now, *from, *to; /* "-" and "+": ever before, ever after */
} rows[] = {
    {"yesterday", "day n-1", SHANGHAI, FRIDAY, "2026-11-19T00:00:00+08:00", "2026-11-20T00:00:00+08:00"},
    {"days back", "day n-7..-2", SHANGHAI, FRIDAY, "2026-11-13T00:00:00+08:00", "2026-11-19T00:00:00+08:00"},
    {"last week", "week n-1", SHANGHAI, FRIDAY, "2026-11-09T00:00:00+08:00", "2026-11-16T00:00:00+08:00"},
    {"Friday of last week", "week n-1 d5", SHANGHAI, FRIDAY, "2026-11-13T00:00:00+08:00", "2026-11-14T00:00:00+08:00"},
    {"weekend", "week n0 d6..7", SHANGHAI, FRIDAY, "2026-11-21T00:00:00+08:00", "2026-11-23T00:00:00+08:00"},
    {"the week of a Sunday", "week n0 d1", SHANGHAI, "2026-11-22T23:00:00+08:00", "2026-11-16T00:00:00+08:00",
     "2026-11-17T00:00:00+08:00"},
    {"last Friday on a Friday", "weekday d5 past", SHANGHAI, FRIDAY, "2026-11-13T00:00:00+08:00", "2026-11-14T00:00:00+08:00"},
    {"a coming Friday on a Friday", "weekday d5 coming", SHANGHAI, FRIDAY, "2026-11-20T00:00:00+08:00",
     "2026-11-21T00:00:00+08:00"},
    {"the nearest Monday", "weekday d1", SHANGHAI, FRIDAY, "2026-11-23T00:00:00+08:00", "2026-11-24T00:00:00+08:00"},
    {"this month", "month n0", SHANGHAI, FRIDAY, "2026-11-01T00:00:00+08:00", "2026-12-01T00:00:00+08:00"},
    {"end of this month", "month n0 d26..31", SHANGHAI, FRIDAY, "2026-11-26T00:00:00+08:00", "2026-12-01T00:00:00+08:00"},
    {"a month over the year", "month n-11", SHANGHAI, FRIDAY, "2025-12-01T00:00:00+08:00", "2026-01-01T00:00:00+08:00"},
    {"last year", "date y-1", SHANGHAI, FRIDAY, "2025-01-01T00:00:00+08:00", "2026-01-01T00:00:00+08:00"},
    {"a day that is said", "date y2024 m2 d29", SHANGHAI, FRIDAY, "2024-02-29T00:00:00+08:00", "2024-03-01T00:00:00+08:00"},
    {"the nearest 11-11", "date m11 d11", SHANGHAI, FRIDAY, "2026-11-11T00:00:00+08:00", "2026-11-12T00:00:00+08:00"},
    {"the coming 11-11", "date m11 d11 coming", SHANGHAI, FRIDAY, "2027-11-11T00:00:00+08:00", "2027-11-12T00:00:00+08:00"},
    {"new year is near in December", "date m1 d1", SHANGHAI, "2026-12-30T10:00:00+08:00", "2027-01-01T00:00:00+08:00",
     "2027-01-02T00:00:00+08:00"},
    {"the past 25th", "date d25 past", SHANGHAI, FRIDAY, "2026-10-25T00:00:00+08:00", "2026-10-26T00:00:00+08:00"},
    {"the 31st skips a short month", "date d31 coming", SHANGHAI, FRIDAY, "2026-12-31T00:00:00+08:00",
     "2027-01-01T00:00:00+08:00"},
    {"a span of days", "date m10 d1..7", SHANGHAI, FRIDAY, "2026-10-01T00:00:00+08:00", "2026-10-08T00:00:00+08:00"},
    {"leap day of a year without", "date y2026 m2 d29", SHANGHAI, FRIDAY, "2026-11-20T00:00:00+08:00",
     "2026-11-21T00:00:00+08:00"},
    {"spring festival 2026", "lunar y2026 m1 d1", SHANGHAI, FRIDAY, "2026-02-17T00:00:00+08:00", "2026-02-18T00:00:00+08:00"},
    {"new year's eve before it", "lunar y2026 m1 d1 o-1", SHANGHAI, FRIDAY, "2026-02-16T00:00:00+08:00",
     "2026-02-17T00:00:00+08:00"},
    {"dragon boats 2026", "lunar y2026 m5 d5", SHANGHAI, FRIDAY, "2026-06-19T00:00:00+08:00", "2026-06-20T00:00:00+08:00"},
    {"mid-autumn, the last one", "lunar m8 d15 past", SHANGHAI, FRIDAY, "2026-09-25T00:00:00+08:00",
     "2026-09-26T00:00:00+08:00"},
    {"mid-autumn behind a leap month", "lunar y2025 m8 d15", SHANGHAI, FRIDAY, "2025-10-06T00:00:00+08:00",
     "2025-10-07T00:00:00+08:00"},
    {"second Sunday of May", "nth y2026 n2 m5 d7", SHANGHAI, FRIDAY, "2026-05-10T00:00:00+08:00", "2026-05-11T00:00:00+08:00"},
    {"the day after the fourth Thursday", "nth n4 m11 d4 o1", SHANGHAI, FRIDAY, "2026-11-27T00:00:00+08:00",
     "2026-11-28T00:00:00+08:00"},
    {"two hours", "minute n0..120", SHANGHAI, FRIDAY, "2026-11-20T10:00:00+08:00", "2026-11-20T12:00:00+08:00"},
    {"this afternoon", "day n0 t720..1080", SHANGHAI, FRIDAY, "2026-11-20T12:00:00+08:00", "2026-11-20T18:00:00+08:00"},
    {"nine o'clock, today's", "date t540..600", SHANGHAI, FRIDAY, "2026-11-20T09:00:00+08:00", "2026-11-20T10:00:00+08:00"},
    {"nine o'clock to come", "date t540..600 coming", SHANGHAI, FRIDAY, "2026-11-21T09:00:00+08:00",
     "2026-11-21T10:00:00+08:00"},
    {"three o'clock gone by", "date t900..960 past", SHANGHAI, FRIDAY, "2026-11-19T15:00:00+08:00", "2026-11-19T16:00:00+08:00"},
    {"midnight that ends the day", "day n0 t1440..1500", SHANGHAI, FRIDAY, "2026-11-21T00:00:00+08:00",
     "2026-11-21T01:00:00+08:00"},
    {"by the 25th", "date d25 by coming", SHANGHAI, FRIDAY, "2026-11-20T10:00:00+08:00", "2026-11-26T00:00:00+08:00"},
    {"before the 25th", "date d25 before coming", SHANGHAI, FRIDAY, "2026-11-20T10:00:00+08:00", "2026-11-25T00:00:00+08:00"},
    {"before the 20th, on the 20th", "date d20 before coming", SHANGHAI, FRIDAY, "2026-11-20T10:00:00+08:00",
     "2026-12-20T00:00:00+08:00"},
    {"by three o'clock", "date t900..960 by", SHANGHAI, FRIDAY, "2026-11-20T10:00:00+08:00", "2026-11-20T15:00:00+08:00"},
    {"before yesterday", "day n-1 before", SHANGHAI, FRIDAY, "-", "2026-11-19T00:00:00+08:00"},
    {"since last Friday", "week n-1 d5 from", SHANGHAI, FRIDAY, "2026-11-13T00:00:00+08:00", "2026-11-20T10:00:00+08:00"},
    {"from tomorrow on", "day n1 from", SHANGHAI, FRIDAY, "2026-11-21T00:00:00+08:00", "+"},
    {"after the 25th", "date d25 after coming", SHANGHAI, FRIDAY, "2026-11-26T00:00:00+08:00", "+"},
    {"after seven in the evening", "date t1140..1200 after", SHANGHAI, FRIDAY, "2026-11-20T19:00:00+08:00",
     "2026-11-21T00:00:00+08:00"},
    {"a day of 23 hours", "day n0", NEW_YORK, "2026-03-08T12:00:00-04:00", "2026-03-08T00:00:00-05:00",
     "2026-03-09T00:00:00-04:00"},
    {"a day of 25 hours", "day n0", NEW_YORK, "2026-11-01T12:00:00-05:00", "2026-11-01T00:00:00-04:00",
     "2026-11-02T00:00:00-05:00"},
    {"yesterday over the change", "day n-1", NEW_YORK, "2026-03-09T00:30:00-04:00", "2026-03-08T00:00:00-05:00",
     "2026-03-09T00:00:00-04:00"},
    {"a week with the change in it", "week n0", NEW_YORK, "2026-03-05T12:00:00-05:00", "2026-03-02T00:00:00-05:00",
     "2026-03-09T00:00:00-04:00"},
    {"three in the afternoon after the change", "day n0 t900..960", NEW_YORK, "2026-03-08T01:00:00-05:00",
     "2026-03-08T15:00:00-04:00", "2026-03-08T16:00:00-04:00"},
    {"two hours over the change are two hours", "minute n0..120", NEW_YORK, "2026-03-08T01:00:00-05:00",
     "2026-03-08T01:00:00-05:00", "2026-03-08T04:00:00-04:00"},
    {"a day that begins at one", "day n0", "America/Santiago", "2026-09-06T12:00:00-03:00", "2026-09-06T01:00:00-03:00",
     "2026-09-07T00:00:00-03:00"},
    {"a day that begins at one, east of Greenwich", "day n0", "Asia/Beirut", "2026-03-29T12:00:00+03:00",
     "2026-03-29T01:00:00+03:00", "2026-03-30T00:00:00+03:00"},
    {"the day is the shop's, not ours", "day n0", NEW_YORK, "2026-11-20T02:00:00+00:00", "2026-11-19T00:00:00-05:00",
     "2026-11-20T00:00:00-05:00"},
};

static int64_t instant(const char *text)
{
    int64_t at;
    if (text[0] == '-' || text[0] == '+')
        return text[0] == '-' ? WHEN_EVER_BEFORE : WHEN_EVER_AFTER;
    assert_true(time_parse(str_from(text), &at));
    return at;
}

static void intervals_follow_their_table(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct when w;
        if (!when_read(str_from(rows[i].when), &w)) {
            row_failed(failed, rows[i].name, "cannot be read");
            continue;
        }
        struct interval r = when_interval(&w, instant(rows[i].now), str_from(rows[i].zone));
        char from[TIME_TEXT], to[TIME_TEXT];
        if (r.from_ms == instant(rows[i].from) && r.to_ms == instant(rows[i].to))
            continue;
        bool ever = r.from_ms == WHEN_EVER_BEFORE || r.to_ms == WHEN_EVER_AFTER;
        row_failed(failed, rows[i].name, "%s .. %s", ever ? "ever" : time_rfc3339(r.from_ms, 480, from),
                   ever ? "ever" : time_rfc3339(r.to_ms, 480, to));
    }
    assert_int_equal(failed, 0);
}

static void text_forms_come_back_as_they_were(void **state)
{
    (void)state;
    int failed = 0;
    struct arena a = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct when w, again;
        bool same = when_read(str_from(rows[i].when), &w) && when_read(when_write(&a, &w), &again);
        if (!same || !str_eq(when_write(&a, &w), when_write(&a, &again)))
            row_failed(failed, rows[i].name, "%.*s", STR_ARG(when_write(&a, &w)));
    }
    arena_done(&a);
    assert_int_equal(failed, 0);
}

static void other_texts_are_no_times(void **state)
{
    (void)state;
    static const char *const texts[] = {"",         "yesterday", "day x1",    "day n",      "date m13",
                                        "date d32", "date d0",   "day n1..x", "hour n1..2", "date t-1..5"};
    int failed = 0;
    struct when w;
    for (size_t i = 0; i < COUNT(texts); i++)
        if (when_read(str_from(texts[i]), &w))
            row_failed(failed, texts[i], "was read");
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_follow_their_table),
        cmocka_unit_test(text_forms_come_back_as_they_were),
        cmocka_unit_test(other_texts_are_no_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
