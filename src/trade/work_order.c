/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work orders: steps and due times.
 */
#include "trade/work_order.h"

#include "base/time.h"

static const char *const teams[WORK_TEAMS] = {"warehouse", "logistics", "finance", "shop_system", "service"};
static const char *const states[WORK_ORDER_STATES] = {"open", "taken", "answered", "done"};
static const char *const events[WORK_EVENTS] = {"take", "answer", "comment", "done"};

const char *work_team_name(enum work_team t)
{
    return teams[t];
}

bool work_team_from_name(struct str name, enum work_team *ret)
{
    for (size_t i = 0; i < WORK_TEAMS; i++) {
        if (!str_eq_c(name, teams[i]))
            continue;
        *ret = (enum work_team)i;
        return true;
    }
    return false;
}

const char *work_state_name(enum work_order_state s)
{
    return states[s];
}

bool work_state_from_name(struct str name, enum work_order_state *ret)
{
    for (size_t i = 0; i < WORK_ORDER_STATES; i++) {
        if (!str_eq_c(name, states[i]))
            continue;
        *ret = (enum work_order_state)i;
        return true;
    }
    return false;
}

const char *work_event_name(enum work_event e)
{
    return events[e];
}

struct str work_order_ticket(struct arena *a, int64_t day, int64_t number)
{
    return str_fmt(a, "W-%08lld-%04lld", (long long)day, (long long)number);
}

int64_t work_order_day(int64_t at_ms, struct str zone)
{
    struct local_time t = time_local(at_ms, zone);
    return (int64_t)t.year * 10000 + t.month * 100 + t.day;
}

bool work_order_overdue(const struct work_order *w, int64_t now_ms)
{
    return (w->state == WORK_ORDER_OPEN || w->state == WORK_ORDER_TAKEN) && now_ms > w->due_ms;
}

bool work_order_step(enum work_order_state from, enum work_event e, enum work_order_state *ret)
{
    static const struct {
        enum work_order_state from;
        enum work_event event;
        enum work_order_state to;
    } steps[] = {
        {WORK_ORDER_OPEN, WORK_TAKE, WORK_ORDER_TAKEN},         {WORK_ORDER_OPEN, WORK_ANSWER, WORK_ORDER_ANSWERED},
        {WORK_ORDER_OPEN, WORK_COMMENT, WORK_ORDER_OPEN},       {WORK_ORDER_OPEN, WORK_FINISH, WORK_ORDER_DONE},
        {WORK_ORDER_TAKEN, WORK_TAKE, WORK_ORDER_TAKEN},        {WORK_ORDER_TAKEN, WORK_ANSWER, WORK_ORDER_ANSWERED},
        {WORK_ORDER_TAKEN, WORK_COMMENT, WORK_ORDER_TAKEN},     {WORK_ORDER_TAKEN, WORK_FINISH, WORK_ORDER_DONE},
        {WORK_ORDER_ANSWERED, WORK_TAKE, WORK_ORDER_ANSWERED},  {WORK_ORDER_ANSWERED, WORK_ANSWER, WORK_ORDER_ANSWERED},
        {WORK_ORDER_ANSWERED, WORK_COMMENT, WORK_ORDER_ANSWERED}, {WORK_ORDER_ANSWERED, WORK_FINISH, WORK_ORDER_DONE},
        {WORK_ORDER_DONE, WORK_COMMENT, WORK_ORDER_DONE},
    };
    for (size_t i = 0; i < COUNT(steps); i++) {
        if (steps[i].from != from || steps[i].event != e)
            continue;
        *ret = steps[i].to;
        return true;
    }
    return false;
}

/* ---- opening hours ---------------------------------------------------------------------------------------------------- */

/** The end of the hours that @p at_ms lies in; 0 when it lies in none. A span may have begun the day before. */
static int64_t closing_ms(const struct hours *h, int64_t at_ms, struct str zone)
{
    int64_t end = 0;
    for (int back = 0; back <= 1; back++) {
        int64_t midnight = time_day_start(at_ms, zone);
        if (back == 1)
            midnight = time_day_start(midnight - 12 * HOUR_MS, zone);
        int day = time_local(midnight + 12 * HOUR_MS, zone).weekday - 1;
        for (unsigned i = 0; i < h->count[day]; i++) {
            int64_t from = midnight + h->span[day][i].from * MINUTE_MS, to = midnight + h->span[day][i].to * MINUTE_MS;
            if (from <= at_ms && at_ms < to)
                end = MAX(end, to);
        }
    }
    return end;
}

int64_t work_due_ms(const struct hours *h, struct str zone, int64_t from_ms, int64_t term_ms)
{
    enum { SPANS = 10000 }; /* nobody's term is that long */
    int64_t at = from_ms, left = term_ms;
    for (int i = 0; i < SPANS; i++) {
        int64_t opens = hours_next_opening(h, at, zone);
        int64_t end = opens != 0 ? closing_ms(h, opens, zone) : 0;
        if (end <= opens) /* it never opens, or the clocks were set in the middle of it */
            return at + left;
        if (left <= end - opens)
            return opens + left;
        left -= end - opens;
        at = end;
    }
    return at + left;
}
