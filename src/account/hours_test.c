/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hours: open or not, next opening, and how it reads: across midnight, weekends and changes of summer time.
 */
#include "account/hours.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/time.h"

static int64_t at(const char *text)
{
    int64_t ms = 0;
    assert_true(time_parse(str_from(text), &ms));
    return ms;
}

static bool parse(const char *json, struct hours *ret, const char **ret_why)
{
    _cleanup_(json_donep) json_t *j = json_loads(json, JSON_DECODE_ANY, NULL);
    assert_non_null(j);
    return hours_parse(j, ret, ret_why);
}

static const struct {
    const char *name;
    const char *hours;
    const char *zone;
    const char *now;
    bool open;
    const char *next; /* NULL: never */
} rows[] = {
    {"a plain day, open", "\"09:00-18:00\"", "Asia/Shanghai", "2026-11-18T10:00:00+08:00", true,
     "2026-11-18T10:00:00+08:00"},
    {"the first minute counts", "\"09:00-18:00\"", "Asia/Shanghai", "2026-11-18T09:00:00+08:00", true,
     "2026-11-18T09:00:00+08:00"},
    {"the last does not", "\"09:00-18:00\"", "Asia/Shanghai", "2026-11-18T18:00:00+08:00", false,
     "2026-11-19T09:00:00+08:00"},
    {"before opening, the same day", "\"09:00-18:00\"", "Asia/Shanghai", "2026-11-18T08:59:59+08:00", false,
     "2026-11-18T09:00:00+08:00"},
    {"noon break", "\"09:00-12:00,13:00-18:00\"", "Asia/Shanghai", "2026-11-18T12:30:00+08:00", false,
     "2026-11-18T13:00:00+08:00"},
    {"always", "\"00:00-24:00\"", "Asia/Shanghai", "2026-11-18T23:59:59+08:00", true, "2026-11-18T23:59:59+08:00"},
    {"no setting is always", "null", "Asia/Shanghai", "2026-11-18T03:00:00+08:00", true, "2026-11-18T03:00:00+08:00"},
    {"across midnight, the evening", "\"20:00-02:00\"", "Asia/Shanghai", "2026-11-18T23:30:00+08:00", true,
     "2026-11-18T23:30:00+08:00"},
    {"across midnight, the small hours", "\"20:00-02:00\"", "Asia/Shanghai", "2026-11-19T01:59:00+08:00", true,
     "2026-11-19T01:59:00+08:00"},
    {"across midnight, over", "\"20:00-02:00\"", "Asia/Shanghai", "2026-11-19T02:00:00+08:00", false,
     "2026-11-19T20:00:00+08:00"},
    {"Friday night reaches into a closed Saturday", "{\"5\":\"20:00-02:00\"}", "Asia/Shanghai",
     "2026-11-21T01:00:00+08:00", true, "2026-11-21T01:00:00+08:00"},
    {"a closed weekend", "{\"1-5\":\"09:00-18:00\"}", "Asia/Shanghai", "2026-11-20T18:30:00+08:00", false,
     "2026-11-23T09:00:00+08:00"},
    {"its own weekend hours", "{\"1-5\":\"09:00-18:00\",\"6-7\":\"10:00-16:00\"}", "Asia/Shanghai",
     "2026-11-21T09:30:00+08:00", false, "2026-11-21T10:00:00+08:00"},
    {"a week ahead", "{\"3\":\"09:00-10:00\"}", "Asia/Shanghai", "2026-11-18T10:00:00+08:00", false,
     "2026-11-25T09:00:00+08:00"},
    {"end of month and year", "\"09:00-18:00\"", "America/New_York", "2026-12-31T20:00:00-05:00", false,
     "2027-01-01T09:00:00-05:00"},
    {"never", "{}", "Asia/Shanghai", "2026-11-18T10:00:00+08:00", false, NULL},
    {"summer time begins: still 9 by the wall", "\"09:00-18:00\"", "America/New_York", "2026-03-07T20:00:00-05:00",
     false, "2026-03-08T09:00:00-04:00"},
    {"summer time begins: an opening in the skipped hour", "\"02:30-05:00\"", "America/New_York",
     "2026-03-08T00:00:00-05:00", false, "2026-03-08T03:00:00-04:00"},
    {"summer time ends: still 9 by the wall", "\"09:00-18:00\"", "America/New_York", "2026-10-31T20:00:00-04:00",
     false, "2026-11-01T09:00:00-05:00"},
    {"summer time ends: the doubled hour is open twice", "\"01:00-02:00\"", "America/New_York",
     "2026-11-01T01:30:00-05:00", true, "2026-11-01T01:30:00-05:00"},
};

static void open_and_next_opening(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct hours h = {0};
        const char *why = "";
        bool read = parse(rows[i].hours, &h, &why);
        bool open = hours_is_open(&h, at(rows[i].now), str_from(rows[i].zone));
        int64_t next = hours_next_opening(&h, at(rows[i].now), str_from(rows[i].zone));
        int64_t want = rows[i].next != NULL ? at(rows[i].next) : 0;
        if (read && open == rows[i].open && next == want)
            continue;
        char text[TIME_TEXT];
        print_error("[%s] read %d %s; open %d; next %s\n", rows[i].name, read, why, open, time_rfc3339(next, 0, text));
        failed++;
    }
    assert_int_equal(failed, 0);
}

/* Whatever the week: the next opening is open, and no minute before it was. */
static void nothing_is_open_before_the_next_opening(void **state)
{
    (void)state;
    static const char *const weeks[] = {"\"02:30-03:15\"", "{\"7\":\"01:30-02:30,23:00-01:30\"}",
                                        "{\"1-5\":\"09:00-12:00,13:00-18:00\"}"};
    static const char *const from[] = {"2026-03-06T00:00:00-05:00", "2026-10-30T00:00:00-04:00"};
    struct str zone = STR("America/New_York");
    int failed = 0;
    for (size_t w = 0; w < COUNT(weeks); w++) {
        struct hours h = {0};
        const char *why;
        assert_true(parse(weeks[w], &h, &why));
        for (size_t f = 0; f < COUNT(from); f++) {
            int64_t begin = at(from[f]);
            int64_t next = 0;
            for (int64_t t = begin; t < begin + 8 * DAY_MS; t += MINUTE_MS) {
                if (t >= next)
                    next = hours_next_opening(&h, t, zone);
                bool open = hours_is_open(&h, t, zone);
                if (open != (t == next)) {
                    print_error("[%s] minute %lld: open %d\n", weeks[w], (long long)((t - begin) / MINUTE_MS), open);
                    failed++;
                }
                if (failed > 5)
                    fail();
            }
        }
    }
    assert_int_equal(failed, 0);
}

static const struct {
    const char *name, *hours, *text;
} texts[] = {
    {"every day the same", "\"09:00-18:00\"", "09:00–18:00"},
    {"always", "\"00:00-24:00\"", "24 hours"},
    {"a week", "{\"1-5\":\"09:00-18:00\",\"6-7\":\"10:00-16:00\"}", "Mon–Fri 09:00–18:00, Sat–Sun 10:00–16:00"},
    {"one closed day", "{\"1,2,4-7\":\"09:00-12:00,13:00-18:00\"}",
     "Mon–Tue 09:00–12:00 13:00–18:00, Thu–Sun 09:00–12:00 13:00–18:00"},
    {"across midnight", "\"20:00-02:00\"", "20:00–02:00"},
    {"never", "{}", "closed"},
};

static void hours_read_well(void **state)
{
    (void)state;
    struct hours_words words = {.day = {STR("Mon"), STR("Tue"), STR("Wed"), STR("Thu"), STR("Fri"), STR("Sat"),
                                        STR("Sun")},
                                .through = STR("–"), .list = STR(", "), .always = STR("24 hours"),
                                .never = STR("closed")};
    struct arena a = {0};
    int failed = 0;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct hours h = {0};
        const char *why;
        assert_true(parse(texts[i].hours, &h, &why));
        struct str text = hours_text(&a, &h, &words);
        if (str_eq_c(text, texts[i].text))
            continue;
        print_error("[%s] \"%.*s\"\n", texts[i].name, STR_ARG(text));
        failed++;
    }
    arena_done(&a);
    assert_int_equal(failed, 0);
}

static void nonsense_is_refused_with_a_reason(void **state)
{
    (void)state;
    static const char *const bad[] = {"\"9-18\"",       "\"09:00\"",          "\"09:00-25:00\"",
                                      "\"24:00-02:00\"", "\"09:60-18:00\"",    "{\"8\":\"09:00-18:00\"}",
                                      "{\"5-1\":\"09:00-18:00\"}", "{\"1\":5}", "5",
                                      "\"01:00-02:00,03:00-04:00,05:00-06:00,07:00-08:00,09:00-10:00\"", "\",\""};
    int failed = 0;
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct hours h = {.count = {9}};
        const char *why = NULL;
        if (!parse(bad[i], &h, &why) && why != NULL && h.count[0] == 9)
            continue;
        print_error("[%s] was taken\n", bad[i]);
        failed++;
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_and_next_opening),
        cmocka_unit_test(nothing_is_open_before_the_next_opening),
        cmocka_unit_test(hours_read_well),
        cmocka_unit_test(nonsense_is_refused_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
