/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text: UTF-8 at the door, numbers, cutting; times and durations.
 */
#include "base/table_test.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/time.h"

static void utf8_is_checked_at_the_door(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct str text;
        bool good;
    } rows[] = {
        {"empty", {"", 0}, true},
        {"ascii", {"abc", 3}, true},
        {"han", {"快递", 6}, true},
        {"emoji", {"\xF0\x9F\x98\x80", 4}, true},
        {"last code point", {"\xF4\x8F\xBF\xBF", 4}, true},
        {"above the last", {"\xF4\x90\x80\x80", 4}, false},
        {"NUL", {"a\0b", 3}, false},
        {"lone continuation", {"\x80", 1}, false},
        {"cut short", {"\xE5\xBF", 2}, false},
        {"overlong slash", {"\xC0\xAF", 2}, false},
        {"overlong three", {"\xE0\x80\xAF", 3}, false},
        {"lone surrogate", {"\xED\xA0\x80", 3}, false},
        {"latin-1", {"caf\xE9", 4}, false},
        {"bad third byte", {"\xE5\xBF\x41", 3}, false},
    };
    int failed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (str_is_utf8(rows[i].text) != rows[i].good)
            row_failed(failed, rows[i].name, "well-formed: want %d", rows[i].good);
    }
    assert_int_equal(failed, 0);
}

static void numbers_are_whole_or_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        int64_t v;
    } rows[] = {
        {"0", true, 0}, {"-1", true, -1}, {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN}, {"9223372036854775808", false, 0}, {"", false, 0},
        {"-", false, 0}, {"1x", false, 0}, {" 1", false, 0}, {"+1", false, 0}, {"1.5", false, 0},
    };
    int failed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t v = 0;
        bool good = str_int(str_from(rows[i].text), &v);
        if (good != rows[i].good || v != rows[i].v)
            row_failed(failed, rows[i].text, "got %d %lld", good, (long long)v);
    }
    assert_int_equal(failed, 0);
}

static void clipping_never_breaks_a_character(void **state)
{
    (void)state;
    assert_int_equal(str_clip(STR("快递到哪了"), 2).n, 6);
    assert_int_equal(str_clip(STR("ab"), 5).n, 2);
    assert_int_equal(str_clip(STR("ab"), 0).n, 0);
    assert_int_equal(str_code_points(STR("a快😀")), 3);
}

static void cutting_gives_every_part(void **state)
{
    (void)state;
    struct str rest = STR("a,,b");
    struct str part;
    char got[16] = "";
    while (str_cut(&rest, ',', &part)) {
        strncat(got, part.p, part.n);
        strcat(got, "|"); /* a test's own buffer */
    }
    assert_string_equal(got, "a||b|");
}

static void times_are_rfc3339(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        int64_t ms;
    } rows[] = {
        {"1970-01-01T00:00:00Z", true, 0},
        {"2026-11-18T10:02:00+08:00", true, INT64_C(1794967320000)},
        {"2024-02-29T23:59:59.5-05:00", true, INT64_C(1709269199500)},
        {"2026-01-01", true, INT64_C(1767225600000)},
        {"2025-02-29T00:00:00Z", false, 0},
        {"2026-11-18T10:02:00", false, 0},
        {"2026-11-18T25:02:00Z", false, 0},
        {"yesterday", false, 0},
    };
    int failed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t ms = 0;
        bool good = time_parse(str_from(rows[i].text), &ms);
        if (good != rows[i].good || ms != rows[i].ms)
            row_failed(failed, rows[i].text, "got %d %lld", good, (long long)ms);
        char text[TIME_TEXT];
        int64_t again = 0;
        if (good && (!time_parse(str_from(time_rfc3339(ms, 480, text)), &again) || again != ms))
            row_failed(failed, rows[i].text, "does not come back from %s", text);
    }
    assert_int_equal(failed, 0);
}

static void zones_follow_daylight_saving(void **state)
{
    (void)state;
    int64_t winter;
    int64_t summer;
    assert_true(time_parse(STR("2026-01-15T12:00:00Z"), &winter));
    assert_true(time_parse(STR("2026-07-15T12:00:00Z"), &summer));
    assert_int_equal(time_local(winter, STR("America/New_York")).hour, 7);
    assert_int_equal(time_local(summer, STR("America/New_York")).hour, 8);
    assert_int_equal(time_local(summer, STR("Asia/Shanghai")).hour, 20);
    assert_int_equal(time_local(winter, STR("Asia/Shanghai")).weekday, 4); /* a Thursday */
    struct local_time t = time_local(summer, STR("America/New_York"));
    assert_int_equal(time_from_local(&t, STR("America/New_York")), summer);
    assert_true(time_zone_known(STR("Asia/Shanghai")));
    assert_false(time_zone_known(STR("Asia/Nowhere")));
}

static void durations_carry_their_unit(void **state)
{
    (void)state;
    int64_t ms = 0;
    assert_true(time_duration(STR("48h"), &ms));
    assert_int_equal(ms, 48 * HOUR_MS);
    assert_true(time_duration(STR("7d"), &ms));
    assert_int_equal(ms, 7 * DAY_MS);
    assert_false(time_duration(STR("4wd"), &ms));
    assert_false(time_duration(STR("h"), &ms));
    assert_false(time_duration(STR("-1h"), &ms));
}

static void json_is_written_as_it_is_read(void **state)
{
    (void)state;
    struct buf b = {0};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kt(&o, "text", STR("a\"\\\n\x01快"));
    jo_key(&o, "list");
    jo_array(&o);
    jo_num(&o, -1);
    jo_bool(&o, true);
    jo_null(&o);
    jo_open(&o);
    jo_close(&o);
    jo_array_end(&o);
    jo_kid(&o, "id", 42);
    jo_close(&o);
    _cleanup_(json_donep) json_t *j = json_read(buf_view(&b), NULL);
    assert_non_null(j);
    assert_true(str_eq(json_str(j, "text"), STR("a\"\\\n\x01快")));
    assert_true(str_eq(json_str(j, "id"), STR("42")));
    assert_int_equal(json_array_size(json_object_get(j, "list")), 4);
    assert_null(json_read(STR("{\"a\":1,\"a\":2}"), NULL));
    assert_null(json_read(STR("{\"a\":\"\\u0000\"}"), NULL));
    assert_null(json_read(STR("{\"a\":\"\\ud800\"}"), NULL));
    buf_done(&b);
}

/** Every byte that a text may hold, at every place of a text long enough to be looked at by eights. */
static void any_byte_is_escaped_anywhere(void **state)
{
    (void)state;
    int failed = 0;
    for (unsigned c = 1; c < 0x80; c++) {
        for (size_t at = 0; at < 20; at++) {
            char text[20];
            memset(text, 'x', sizeof(text));
            text[at] = (char)c;
            struct buf b = {0};
            struct json_out o = json_to(&b);
            jo_open(&o);
            jo_kt(&o, "a", (struct str){text, sizeof(text)});
            jo_close(&o);
            _cleanup_(json_donep) json_t *j = json_read(buf_view(&b), NULL);
            bool plain = c >= 0x20 && c != '"' && c != '\\' && c != 0x7f;
            if (!str_eq(json_str(j, "a"), (struct str){text, sizeof(text)}) || (b.n == sizeof("{'a':''}") - 1 + sizeof(text)) != plain)
                row_failed(failed, "byte", "%u at %zu", c, at);
            buf_done(&b);
        }
    }
    assert_int_equal(failed, 0);
}

static void numbers_are_written(void **state)
{
    (void)state;
    static const int64_t numbers[] = {0,    7,     10,         99,        100,      101,      -1,
                                      -10, 12345, 1234567890, INT64_MAX, INT64_MIN, 1000000, 999999999999};
    struct arena a = {0};
    int failed = 0;
    for (size_t i = 0; i < COUNT(numbers); i++) {
        char wanted[32];
        snprintf(wanted, sizeof(wanted), "%lld", (long long)numbers[i]);
        if (!str_eq_c(str_number(&a, numbers[i]), wanted))
            row_failed(failed, wanted, "is written otherwise");
    }
    struct str wide = str_fmt(&a, "%300d|", 5); /* more than is tried at first */
    assert_true(wide.n == 301 && str_ends(wide, STR(" 5|")));
    arena_done(&a);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_is_checked_at_the_door), cmocka_unit_test(numbers_are_whole_or_refused),
        cmocka_unit_test(clipping_never_breaks_a_character), cmocka_unit_test(cutting_gives_every_part),
        cmocka_unit_test(times_are_rfc3339), cmocka_unit_test(zones_follow_daylight_saving),
        cmocka_unit_test(durations_carry_their_unit), cmocka_unit_test(json_is_written_as_it_is_read),
        cmocka_unit_test(any_byte_is_escaped_anywhere), cmocka_unit_test(numbers_are_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
