/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of care, and whether one of it is said now.
 */
#include "bot/care.h"

#include "base/json.h"
#include "base/time.h"

static const struct care table[] = {
    {ORDER_CLOCK_CARE_PAYMENT, "payment", "care.payment", true, false, {"pay_failed", "order_cancel", NULL}},
    {ORDER_CLOCK_CARE_ADDRESS, "address", "care.address", false, false,
     {"order_modify_address", "order_modify_phone", NULL}},
    {ORDER_CLOCK_CARE_LATE_SOON, "late_soon", "care.late", false, false, {"ship_urge", "order_cancel", NULL}},
    {ORDER_CLOCK_CARE_LATE, "late", "care.late", false, false, {"ship_urge", "compensation_ask", "order_cancel"}},
    {ORDER_CLOCK_CARE_PARCEL, "parcel", "care.parcel", false, false, {"ship_stuck", "ship_track", "refund_only_apply"}},
    {ORDER_CLOCK_CARE_STALE, "stale", "care.stale", false, false, {"ship_stuck", "ship_track", NULL}},
    {ORDER_CLOCK_CARE_SIGNED, "signed", "care.signed", false, false, {"return_apply", "invoice_request", NULL}},
    {ORDER_CLOCK_CARE_RETURN, "return", "care.return", false, true, {"return_waybill", "return_address", "refund_cancel"}},
};

static const char *const outcome_names[] = {"sent",     "wait",    "off",        "over",     "known", "stopped",
                                            "excluded", "in_case", "in_dispute", "too_soon", "old"};

const struct care *care_of(enum order_clock clock)
{
    for (size_t i = 0; i < COUNT(table); i++)
        if (table[i].clock == clock)
            return &table[i];
    return NULL;
}

const char *care_outcome_name(enum care_outcome o)
{
    return outcome_names[o];
}

static bool minute_of_day(struct str text, int64_t *ret)
{
    struct str rest = text, hour;
    int64_t h, m;
    if (text.n != 5 || !str_cut(&rest, ':', &hour) || !str_int(hour, &h) || !str_int(rest, &m) || h < 0 || h > 23 ||
        m < 0 || m > 59)
        return false;
    *ret = h * 60 + m;
    return true;
}

bool care_quiet_read(struct str text, int64_t *ret_from, int64_t *ret_to)
{
    _cleanup_(json_donep) json_t *hours = json_read(text, NULL);
    int64_t from, to;
    *ret_from = *ret_to = 0;
    if (!minute_of_day(json_str(hours, "from"), &from) || !minute_of_day(json_str(hours, "to"), &to))
        return false;
    *ret_from = from;
    *ret_to = to;
    return true;
}

/** When the quiet hours that @p now_ms is in end; 0: it is in none. */
static int64_t quiet_until(const struct care_facts *f, int64_t now_ms)
{
    struct local_time t = time_local(now_ms, f->zone);
    int64_t minute = t.hour * 60 + t.minute;
    bool over_midnight = f->quiet_from > f->quiet_to;
    bool late = minute >= f->quiet_from, early = minute < f->quiet_to;
    if (f->quiet_from == f->quiet_to || !(over_midnight ? late || early : late && early))
        return 0;
    if (over_midnight && late) /* the next day's; noon of it is on it whatever the clocks are set to that night */
        t = time_local(time_day_start(now_ms, f->zone) + 36 * HOUR_MS, f->zone);
    t.hour = (int)(f->quiet_to / 60);
    t.minute = (int)(f->quiet_to % 60);
    t.second = 0;
    return MAX(time_from_local(&t, f->zone), now_ms + 1);
}

static int64_t next_day(const struct care_facts *f, int64_t now_ms)
{
    return time_day_start(time_day_start(now_ms, f->zone) + 36 * HOUR_MS, f->zone);
}

/** The first of these that holds is why it is never sent. */
static enum care_outcome why_never(const struct care_facts *f, int64_t now_ms)
{
    if (!f->on)
        return CARE_OFF;
    if (!f->holds || (f->over_ms != 0 && now_ms >= f->over_ms))
        return CARE_OVER;
    if (f->known)
        return CARE_KNOWN;
    if (f->stopped)
        return CARE_STOPPED;
    if (f->excluded)
        return CARE_EXCLUDED;
    if (f->in_dispute)
        return CARE_IN_DISPUTE;
    if (f->in_case && !f->care->beside_case)
        return CARE_IN_CASE;
    if (f->care->own_rhythm && f->last_ms != 0 && now_ms < f->last_ms + f->every_ms)
        return CARE_TOO_SOON;
    return f->news_ms > 0 && now_ms - f->due_ms > f->news_ms ? CARE_OLD : CARE_SEND;
}

struct care_decision care_decide(const struct care_facts *f, int64_t now_ms)
{
    enum care_outcome never = why_never(f, now_ms);
    if (never != CARE_SEND)
        return (struct care_decision){never, 0};
    int64_t quiet = quiet_until(f, now_ms);
    if (quiet != 0)
        return (struct care_decision){CARE_WAIT, quiet};
    if (f->sent_today >= f->day_most)
        return (struct care_decision){CARE_WAIT, next_day(f, now_ms)};
    if (f->with_person)
        return (struct care_decision){CARE_WAIT, now_ms + MAX(f->busy_ms, MINUTE_MS)};
    if (f->talked_ms != 0 && now_ms < f->talked_ms + f->talk_ms) /* nobody is cut short */
        return (struct care_decision){CARE_WAIT, f->talked_ms + f->talk_ms};
    return (struct care_decision){CARE_SEND, 0};
}
