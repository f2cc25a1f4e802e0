/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of an agreement, as a table.
 */
#include "desk/agreement.h"

static const char *const names[AGREEMENT_STATES] = {
    [AGREEMENT_PROPOSED] = "proposed",   [AGREEMENT_AGREED] = "agreed", [AGREEMENT_DECLINED] = "declined",
    [AGREEMENT_WITHDRAWN] = "withdrawn", [AGREEMENT_LAPSED] = "lapsed", [AGREEMENT_OVERDUE] = "overdue",
    [AGREEMENT_KEPT] = "kept",
};

static const struct {
    enum agreement_state from;
    enum agreement_event event;
    enum agreement_state to;
} steps[] = {
    {AGREEMENT_PROPOSED, AGREEMENT_YES,      AGREEMENT_AGREED   },
    {AGREEMENT_PROPOSED, AGREEMENT_NO,       AGREEMENT_DECLINED },
    {AGREEMENT_PROPOSED, AGREEMENT_WITHDRAW, AGREEMENT_WITHDRAWN},
    {AGREEMENT_PROPOSED, AGREEMENT_TIMEOUT,  AGREEMENT_LAPSED   },
    {AGREEMENT_AGREED,   AGREEMENT_KEEP,     AGREEMENT_KEPT     },
    {AGREEMENT_AGREED,   AGREEMENT_TIMEOUT,  AGREEMENT_OVERDUE  },
    {AGREEMENT_OVERDUE,  AGREEMENT_KEEP,     AGREEMENT_KEPT     },
};

bool agreement_step(enum agreement_state from, enum agreement_event e, enum agreement_state *ret)
{
    for (size_t i = 0; i < COUNT(steps); i++) {
        if (steps[i].from != from || steps[i].event != e)
            continue;
        *ret = steps[i].to;
        return true;
    }
    return false;
}

enum agreement_answer agreement_check(const struct actor *who, const struct agreement_limits *l, int64_t due_ms,
                                      int64_t amount_cents, int64_t now_ms)
{
    bool leads = (who->roles & (ROLE_LEADER | ROLE_OWNER | ROLE_STAFF)) != 0;
    if (amount_cents < 0)
        return AGREEMENT_BAD_AMOUNT;
    if (amount_cents > (leads ? l->leader_cents : l->agent_cents))
        return AGREEMENT_OVER_LIMIT;
    if (due_ms <= now_ms || due_ms - now_ms > l->term_most_ms)
        return AGREEMENT_BAD_TERM;
    return AGREEMENT_OK;
}

int64_t agreement_timer_ms(const struct agreement *g)
{
    if (g->state == AGREEMENT_PROPOSED)
        return MIN(g->answer_ms, g->due_ms);
    return g->state == AGREEMENT_AGREED ? g->due_ms : 0;
}

const char *agreement_state_name(enum agreement_state s)
{
    return names[s];
}

bool agreement_state_from_name(struct str name, enum agreement_state *ret)
{
    for (size_t i = 0; i < COUNT(names); i++) {
        if (str_eq_c(name, names[i])) {
            *ret = (enum agreement_state)i;
            return true;
        }
    }
    return false;
}
