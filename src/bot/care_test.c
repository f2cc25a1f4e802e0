/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Care: each guard by itself, the hours, and that every row of the table can be said in every language.
 */
#include "base/table_test.h"

#include "base/texts.h"
#include "base/time.h"
#include "bot/care.h"
#include "bot/intent.h"

#define NOON INT64_C(1763524800000) /* 2025-11-19, 12:00 in Shanghai */
#define AT(h, m) (NOON + ((h) - 12) * HOUR_MS + (m) * MINUTE_MS)

/** Nothing is against it. */
static struct care_facts good(enum order_clock clock)
{
    return (struct care_facts){.care = care_of(clock), .on = true, .holds = true, .due_ms = NOON - MINUTE_MS,
                               .every_ms = 24 * HOUR_MS, .news_ms = 24 * HOUR_MS, .busy_ms = 30 * MINUTE_MS, .talk_ms = 3 * MINUTE_MS,
                               .day_most = 3, .quiet_from = 22 * 60, .quiet_to = 8 * 60, .zone = STR("Asia/Shanghai")};
}

enum change {
    NOTHING, OFF, GONE, KNOWN, STOPPED, EXCLUDED, DISPUTE, CASE, PERSON, LAST_HOUR, LAST_DAY, FULL, OLD, OVER, NO_NEWS_RULE,
    TALKING, TALKED,
};

static void change_one(struct care_facts *f, enum change c)
{
    switch (c) {
    case NOTHING: break;
    case OFF: f->on = false; break;
    case GONE: f->holds = false; break;
    case KNOWN: f->known = true; break;
    case STOPPED: f->stopped = true; break;
    case EXCLUDED: f->excluded = true; break;
    case DISPUTE: f->in_dispute = true; break;
    case CASE: f->in_case = true; break;
    case PERSON: f->with_person = true; break;
    case TALKING: f->talked_ms = NOON - MINUTE_MS; break;
    case TALKED: f->talked_ms = NOON - 3 * MINUTE_MS; break;
    case LAST_HOUR: f->last_ms = NOON - HOUR_MS; break;
    case LAST_DAY: f->last_ms = NOON - 24 * HOUR_MS; break;
    case FULL: f->sent_today = 3; break;
    case OLD: f->due_ms = NOON - 24 * HOUR_MS - 1; break;
    case OVER: f->over_ms = NOON; break;
    case NO_NEWS_RULE: f->news_ms = f->due_ms = 0; break;
    }
}

static void each_guard_holds(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum order_clock clock;
        enum change first, second;
        enum care_outcome outcome;
        int64_t until_ms;
    } rows[] = {
        {"nothing against it", ORDER_CLOCK_CARE_LATE, NOTHING, NOTHING, CARE_SEND, 0},
        {"switched off", ORDER_CLOCK_CARE_LATE, OFF, NOTHING, CARE_OFF, 0},
        {"the order went on", ORDER_CLOCK_CARE_LATE, GONE, NOTHING, CARE_OVER, 0},
        {"it is over", ORDER_CLOCK_CARE_PAYMENT, OVER, NOTHING, CARE_OVER, 0},
        {"once for ever", ORDER_CLOCK_CARE_LATE, KNOWN, NOTHING, CARE_KNOWN, 0},
        {"wants none", ORDER_CLOCK_CARE_LATE, STOPPED, NOTHING, CARE_STOPPED, 0},
        {"wants none, also at night", ORDER_CLOCK_CARE_LATE, STOPPED, FULL, CARE_STOPPED, 0},
        {"presale", ORDER_CLOCK_CARE_PAYMENT, EXCLUDED, NOTHING, CARE_EXCLUDED, 0},
        {"in dispute", ORDER_CLOCK_CARE_RETURN, DISPUTE, NOTHING, CARE_IN_DISPUTE, 0},
        {"a case is open", ORDER_CLOCK_CARE_STALE, CASE, NOTHING, CARE_IN_CASE, 0},
        {"the return's own case is open", ORDER_CLOCK_CARE_RETURN, CASE, NOTHING, CARE_SEND, 0},
        {"a second payment reminder", ORDER_CLOCK_CARE_PAYMENT, LAST_HOUR, NOTHING, CARE_TOO_SOON, 0},
        {"a day later", ORDER_CLOCK_CARE_PAYMENT, LAST_DAY, NOTHING, CARE_SEND, 0},
        {"other kinds have no rhythm", ORDER_CLOCK_CARE_PARCEL, LAST_HOUR, NOTHING, CARE_SEND, 0},
        {"no news any more", ORDER_CLOCK_CARE_PARCEL, OLD, NOTHING, CARE_OLD, 0},
        {"no rule for news", ORDER_CLOCK_CARE_PARCEL, NO_NEWS_RULE, NOTHING, CARE_SEND, 0},
        {"a person has it", ORDER_CLOCK_CARE_LATE, PERSON, NOTHING, CARE_WAIT, NOON + 30 * MINUTE_MS},
        {"in the middle of a talk with the bot", ORDER_CLOCK_CARE_ADDRESS, TALKING, NOTHING, CARE_WAIT, NOON + 2 * MINUTE_MS},
        {"the talk is over", ORDER_CLOCK_CARE_ADDRESS, TALKED, NOTHING, CARE_SEND, 0},
        {"the day is full", ORDER_CLOCK_CARE_LATE, FULL, NOTHING, CARE_WAIT, NOON + 12 * HOUR_MS},
        {"the day is full, and a person has it", ORDER_CLOCK_CARE_LATE, FULL, PERSON, CARE_WAIT, NOON + 12 * HOUR_MS},
    };
    int failed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct care_facts f = good(rows[i].clock);
        change_one(&f, rows[i].first);
        change_one(&f, rows[i].second);
        struct care_decision d = care_decide(&f, NOON);
        if (d.outcome == rows[i].outcome && d.until_ms == rows[i].until_ms)
            continue;
        print_error("[%s] %s until %lld\n", rows[i].name, care_outcome_name(d.outcome), (long long)d.until_ms);
        failed++;
    }
    assert_int_equal(failed, 0);
}

static void quiet_hours_wait(void **state)
{
    (void)state;
    static const struct {
        const char *name, *rule;
        int64_t now_ms, until_ms; /* 0: now */
    } rows[] = {
        {"by day", "{\"from\":\"22:00\",\"to\":\"08:00\"}", AT(12, 0), 0},
        {"the last minute", "{\"from\":\"22:00\",\"to\":\"08:00\"}", AT(21, 59), 0},
        {"late", "{\"from\":\"22:00\",\"to\":\"08:00\"}", AT(22, 0), AT(32, 0)},
        {"after midnight", "{\"from\":\"22:00\",\"to\":\"08:00\"}", AT(24 + 3, 30), AT(32, 0)},
        {"over", "{\"from\":\"22:00\",\"to\":\"08:00\"}", AT(8, 0), 0},
        {"within a day", "{\"from\":\"12:00\",\"to\":\"13:30\"}", AT(12, 10), AT(13, 30)},
        {"within a day, before", "{\"from\":\"12:00\",\"to\":\"13:30\"}", AT(11, 59), 0},
        {"within a day, after", "{\"from\":\"12:00\",\"to\":\"13:30\"}", AT(13, 30), 0},
        {"none", "{}", AT(23, 0), 0},
        {"nonsense", "{\"from\":\"25:00\",\"to\":\"08:00\"}", AT(23, 0), 0},
        {"the same", "{\"from\":\"08:00\",\"to\":\"08:00\"}", AT(23, 0), 0},
    };
    int failed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct care_facts f = good(ORDER_CLOCK_CARE_LATE);
        f.due_ms = rows[i].now_ms;
        (void)care_quiet_read(str_from(rows[i].rule), &f.quiet_from, &f.quiet_to);
        struct care_decision d = care_decide(&f, rows[i].now_ms);
        if (d.until_ms == rows[i].until_ms && (d.outcome == CARE_WAIT) == (rows[i].until_ms != 0))
            continue;
        print_error("[%s] %s until %lld, want %lld\n", rows[i].name, care_outcome_name(d.outcome), (long long)d.until_ms,
                    (long long)rows[i].until_ms);
        failed++;
    }
    assert_int_equal(failed, 0);
}

/* The night in which Berlin's clocks go forward: two hours are none, quiet hours end at eight all the same. */
static void clocks_that_are_set_do_not_matter(void **state)
{
    (void)state;
    struct care_facts f = good(ORDER_CLOCK_CARE_LATE);
    int64_t night = 0, morning = 0;
    assert_true(time_parse(STR("2026-03-28T23:00:00+01:00"), &night) && time_parse(STR("2026-03-29T08:00:00+02:00"), &morning));
    f.zone = STR("Europe/Berlin");
    f.due_ms = night;
    assert_int_equal(care_decide(&f, night).until_ms, morning);
}

static void every_care_has_its_words_and_buttons(void **state)
{
    (void)state;
    static const struct str languages[] = {{"zh", 2}, {"en", 2}};
    struct arena a = {0};
    for (size_t i = 0; i < ORDER_CLOCKS; i++) {
        enum order_clock clock = (enum order_clock)i;
        const struct care *c = care_of(clock);
        assert_int_equal(c != NULL, order_clock_kind(clock) == ORDER_CLOCK_CARE);
        for (size_t l = 0; c != NULL && l < COUNT(languages); l++) {
            assert_true(texts_has(languages[l], str_c(&a, str_fmt(&a, "care.%s", c->name))));
            for (size_t k = 0; k < CARE_BUTTONS && c->buttons[k] != NULL; k++) {
                assert_non_null(intent_find(str_from(c->buttons[k])));
                assert_true(texts_has(languages[l], str_c(&a, str_fmt(&a, "care.button.%s", c->buttons[k]))));
            }
        }
    }
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_guard_holds),
        cmocka_unit_test(quiet_hours_wait),
        cmocka_unit_test(clocks_that_are_set_do_not_matter),
        cmocka_unit_test(every_care_has_its_words_and_buttons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
