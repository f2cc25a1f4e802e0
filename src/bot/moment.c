/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Moments: the patterns are texts (bot.time.…), the calendar is the shop's.
 */
#include "bot/moment.h"

#include "base/texts.h"
#include "base/time.h"

static struct str month_name(const struct moment_view *v, int month)
{
    static const char *const keys[] = {"bot.month.1", "bot.month.2",  "bot.month.3",  "bot.month.4",
                                       "bot.month.5", "bot.month.6",  "bot.month.7",  "bot.month.8",
                                       "bot.month.9", "bot.month.10", "bot.month.11", "bot.month.12"};
    const char *key = keys[month - 1];
    return texts_has(v->language, key) ? texts_get(v->language, key) : str_fmt(v->arena, "%d", month);
}

static struct str fill_date(const struct moment_view *v, const char *key, const struct local_time *t)
{
    const struct text_value values[] = {
        {"year", str_fmt(v->arena, "%d", t->year)},
        {"month", month_name(v, t->month)},
        {"day", str_fmt(v->arena, "%d", t->day)},
        {"time", str_fmt(v->arena, "%02d:%02d", t->hour, t->minute)},
    };
    return texts_fill(v->arena, texts_get(v->language, key), values, COUNT(values));
}

struct str moment_text(const struct moment_view *v, int64_t at_ms)
{
    struct local_time at = time_local(at_ms, v->zone), now = time_local(v->now_ms, v->zone);
    int64_t midnight = time_day_start(v->now_ms, v->zone);
    int64_t next = time_day_start(midnight + 36 * HOUR_MS, v->zone); /* 36 h: inside the next day, whatever summer time does */
    const char *key = at.year == now.year ? "bot.time.day" : "bot.time.year";
    if (at_ms >= midnight && at_ms < next)
        key = "bot.time.today";
    else if (at_ms >= time_day_start(midnight - 12 * HOUR_MS, v->zone) && at_ms < midnight)
        key = "bot.time.yesterday";
    else if (at_ms >= next && at_ms < time_day_start(next + 36 * HOUR_MS, v->zone))
        key = "bot.time.tomorrow";
    return fill_date(v, key, &at);
}

struct str moment_date(const struct moment_view *v, int64_t at_ms)
{
    struct local_time at = time_local(at_ms, v->zone);
    return fill_date(v, "bot.date.day", &at);
}

static struct str counted(const struct moment_view *v, const char *key, int64_t n)
{
    const struct text_value values[] = {{"n", str_fmt(v->arena, "%lld", (long long)n)}};
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
