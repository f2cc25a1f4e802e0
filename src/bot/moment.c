/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Moments: the patterns are texts (bot.time.…), the calendar is the shop's.
 */
#include "bot/moment.h"

#include "base/texts.h"
#include "base/time.h"

/** "09:05". */
static struct str clock_text(const struct moment_view *v, const struct local_time *t)
{
    const char digits[] = {(char)('0' + t->hour / 10), (char)('0' + t->hour % 10), ':',
                           (char)('0' + t->minute / 10), (char)('0' + t->minute % 10)};
    return (struct str){arena_copy(v->arena, digits, sizeof(digits)), sizeof(digits)};
}

static struct str month_name(const struct moment_view *v, int month)
{
    static const char *const keys[] = {"bot.month.1", "bot.month.2",  "bot.month.3",  "bot.month.4",
                                       "bot.month.5", "bot.month.6",  "bot.month.7",  "bot.month.8",
                                       "bot.month.9", "bot.month.10", "bot.month.11", "bot.month.12"};
    const char *key = keys[month - 1];
    return texts_has(v->language, key) ? texts_get(v->language, key) : str_number(v->arena, month);
}

static struct str fill_date(const struct moment_view *v, const char *key, const struct local_time *t)
{
    const struct text_value values[] = {
        {"year", str_number(v->arena, t->year)},
        {"month", month_name(v, t->month)},
        {"day", str_number(v->arena, t->day)},
        {"time", clock_text(v, t)},
    };
    return texts_fill(v->arena, texts_get(v->language, key), values, COUNT(values));
}

/** Days of the calendar since its epoch. */
static int64_t day_of(int64_t at_ms, const struct local_time *t)
{
    int64_t local = at_ms + t->offset_minutes * MINUTE_MS;
    return local / DAY_MS - (local % DAY_MS < 0);
}

static struct str moment_of(const struct moment_view *v, int64_t at_ms, const char *day, const char *year)
{
    struct local_time at = time_local(at_ms, v->zone), now = time_local(v->now_ms, v->zone);
    int64_t days = day_of(at_ms, &at) - day_of(v->now_ms, &now);
    const char *key = at.year == now.year ? day : year;
    if (days == 0)
        key = "bot.time.today";
    else if (days == -1)
        key = "bot.time.yesterday";
    else if (days == 1)
        key = "bot.time.tomorrow";
    return fill_date(v, key, &at);
}

struct str moment_text(const struct moment_view *v, int64_t at_ms)
{
    return moment_of(v, at_ms, "bot.time.day", "bot.time.year");
}

struct str moment_until(const struct moment_view *v, int64_t at_ms)
{
    return moment_of(v, at_ms, "bot.until.day", "bot.until.year");
}

struct str moment_date(const struct moment_view *v, int64_t at_ms)
{
    struct local_time at = time_local(at_ms, v->zone);
    return fill_date(v, "bot.date.day", &at);
}

static struct str counted(const struct moment_view *v, const char *key, int64_t n)
{
    const struct text_value values[] = {{"n", str_number(v->arena, n)}};
    return texts_fill(v->arena, texts_get(v->language, key), values, COUNT(values));
}

struct str moment_idle(const struct moment_view *v, int64_t ms)
{
    if (ms >= 2 * DAY_MS)
        return counted(v, "bot.idle.days", ms / DAY_MS);
    return counted(v, "bot.idle.hours", ms / HOUR_MS);
}

struct str moment_wait(const struct moment_view *v, int seconds)
{
    if (seconds < 60)
        return texts_get(v->language, "bot.wait.less");
    return counted(v, "bot.wait.minutes", (seconds + 59) / 60);
}
