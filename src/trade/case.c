/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Steps of a case.
 *
 * How          The pause is asked first (it may take the event, or hold everything back), then the machine's rows. A row
 *              that was found is guarded by the actor, the amount and the rules; then the case enters the state that the row
 *              names. Nothing is changed before all of that is said yes to: the outcome is a copy.
 * Invariants   case.h. The instant of a step is never before the last one: a clock that was set back stands still for the
 *              case until it has caught up.
 */
#include "trade/case_private.h"

#include <string.h>

bool case_state_final(enum case_state s)
{
    return s != CASE_NONE && case_states[s].rule == NULL;
}

bool case_fits_status(enum case_type t, enum order_status status)
{
    return (case_machines[t].statuses & ORDER_BIT(status)) != 0;
}

bool case_is_aftersale(enum case_type t)
{
    return t <= CASE_RESEND;
}

const char *case_state_rule(enum case_state s)
{
    return case_states[s].rule;
}

enum case_actor case_state_owner(enum case_state s)
{
    return case_states[s].owner;
}

enum ledger_payer case_payer(enum case_type t)
{
    return case_machines[t].payer;
}

/* ---- what openings and steps share ------------------------------------------------------------------------------------ */

enum case_answer case_permit(unsigned by, enum case_actor actor, bool confirmed)
{
    if ((by & CASE_BY(actor)) != 0)
        return CASE_OK;
    if (actor != CASE_BOT || (by & CASE_BY(CASE_BUYER)) == 0)
        return CASE_FORBIDDEN;
    return confirmed ? CASE_OK : CASE_NEEDS_CONFIRM;
}

unsigned case_told(const struct trade_case *after, enum case_actor actor)
{
    unsigned all = CASE_BY(CASE_BUYER) | CASE_BY(CASE_AGENT);
    if (case_states[after->state].owner == CASE_STAFF || after->pause == CASE_AWAITS_RULING)
        all |= CASE_BY(CASE_STAFF);
    enum case_actor self = actor == CASE_BOT ? CASE_BUYER : actor == CASE_LEADER ? CASE_AGENT : actor;
    return all & ~CASE_BY(self);
}

static void move_money(struct case_outcome *out, enum case_money money)
{
    struct trade_case *c = &out->after;
    out->money = money;
    out->payer = case_payer(c->type);
    if (money == CASE_NO_MONEY)
        return;
    out->amount_cents = money == CASE_MONEY_RESERVE ? c->claimed_cents : c->reserved_cents;
    if (money == CASE_MONEY_RESERVE)
        c->payments++;
    if (money == CASE_MONEY_COMMIT)
        c->refunded_cents += c->reserved_cents;
    c->reserved_cents = money == CASE_MONEY_RESERVE ? c->claimed_cents : 0;
}

enum case_answer case_enter(struct case_outcome *out, enum case_state to, enum case_money money, int64_t at_ms,
                            const struct case_rules *rules)
{
    struct trade_case *c = &out->after;
    if (money == CASE_MONEY_RESERVE && c->claimed_cents == 0) { /* nothing to pay */
        money = CASE_NO_MONEY;
        to = CASE_SUCCESS;
    }
    c->state = to;
    c->changed_ms = at_ms;
    c->pause = CASE_RUNNING;
    c->remaining_ms = 0;
    c->due_ms = 0;
    if (case_state_final(to))
        c->closed_ms = at_ms;
    else if (!case_rule_due(rules, case_states[to].rule, c->order_ms, at_ms, &c->due_ms, out))
        return CASE_NO_RULE;
    move_money(out, money);
    return CASE_OK;
}

/* ---- guards ------------------------------------------------------------------------------------------------------------ */

/** One attempt: everything that a guard may ask. */
struct step {
    const struct trade_case *c;
    const struct case_input *in;
    const struct case_rules *rules;
    int64_t at_ms;
};

static bool rule_number(const struct step *s, const char *key, int64_t *ret, struct case_outcome *out)
{
    return case_rule_number(s->rules, key, POLICY_NUMBER, s->c->order_ms, ret, out);
}

static bool is_shop(enum case_actor a)
{
    return a == CASE_AGENT || a == CASE_LEADER;
}

static enum case_answer take_amount(const struct step *s, struct case_outcome *out)
{
    if (s->in->amount_cents <= 0)
        return CASE_BAD_AMOUNT;
    if (case_payer(s->c->type) == PAYER_ESCROW && s->in->amount_cents > s->in->limit_cents)
        return CASE_TOO_MUCH;
    out->after.claimed_cents = s->in->amount_cents;
    return CASE_OK;
}

/** The handbook's matrix of roles: an agent alone up to a limit, with a second confirmation up to another. */
static enum case_answer approve(const struct step *s, struct case_outcome *out)
{
    int64_t alone, confirmed;
    if (s->in->actor != CASE_AGENT)
        return CASE_OK;
    if (!rule_number(s, "approve.agent", &alone, out) || !rule_number(s, "approve.agent_confirmed", &confirmed, out))
        return CASE_NO_RULE;
    if (s->c->claimed_cents <= alone)
        return CASE_OK;
    if (s->c->claimed_cents > confirmed)
        return CASE_OVER_LIMIT;
    return s->in->confirmed ? CASE_OK : CASE_NEEDS_CONFIRM;
}

static enum case_answer guard_reopening(const struct step *s, struct case_outcome *out)
{
    const struct trade_case *c = s->c;
    int64_t most, until;
    if (!rule_number(s, "case.reopen_max", &most, out) ||
        !case_rule_due(s->rules, "case.reopen_window", c->order_ms, c->closed_ms, &until, out))
        return CASE_NO_RULE;
    if (c->reopened >= most)
        return CASE_TOO_OFTEN;
    if (s->at_ms > until)
        return CASE_TOO_LATE;
    if (s->in->open_count > 0)
        return CASE_ALREADY_OPEN;
    if (c->claimed_cents > s->in->limit_cents)
        return CASE_TOO_MUCH;
    if (case_machines[c->type].start[s->in->goods] == CASE_NONE)
        return CASE_NOT_FOR_STATUS;
    struct trade_case *after = &out->after;
    after->reopened++;
    after->goods = s->in->goods;
    after->sent_ms = after->closed_ms = 0;
    return CASE_OK;
}

static enum case_answer guard_evidence(const struct step *s, struct case_outcome *out)
{
    int64_t most;
    if (!case_states[s->c->state].evidence)
        return CASE_NO_SUCH_STEP;
    if (!rule_number(s, "case.evidence_max", &most, out))
        return CASE_NO_RULE;
    if (s->c->evidence_asked >= most)
        return CASE_TOO_OFTEN;
    out->after.evidence_asked++;
    return CASE_OK;
}

/** When each side may ask the platform in, and for what. */
static enum case_answer guard_intervention(const struct step *s, struct case_outcome *out)
{
    const struct trade_case *c = s->c;
    const struct case_state_row *state = &case_states[c->state];
    const char *wait = is_shop(s->in->actor) ? state->seller_asks : state->buyer_asks ? "dp.buyer_wait" : NULL;
    int64_t from = is_shop(s->in->actor) && c->sent_ms > 0 ? c->sent_ms : c->opened_ms, may;
    if (wait == NULL)
        return CASE_NO_SUCH_STEP;
    if (!is_shop(s->in->actor) && case_rule_lists(s->rules, "dp.not_for", c->reason, c->order_ms, out))
        return CASE_EXCLUDED;
    if (!case_rule_due(s->rules, wait, c->order_ms, from, &may, out))
        return CASE_NO_RULE;
    return s->at_ms < may ? CASE_TOO_EARLY : CASE_OK;
}

/* ---- pauses ------------------------------------------------------------------------------------------------------------- */

static enum case_answer guard_pause(const struct step *s, const struct case_pause_row *row, struct case_outcome *out)
{
    if (s->in->event == CASE_TIMEOUT && s->at_ms < s->c->due_ms)
        return CASE_TOO_EARLY;
    if (row->event == CASE_ASK_EVIDENCE)
        return guard_evidence(s, out);
    if (row->event == CASE_INTERVENE)
        return guard_intervention(s, out);
    if (row->event == CASE_RULE_RETURN && s->c->sent_ms != 0)
        return CASE_NO_SUCH_STEP; /* the goods are back already */
    return (row->flags & CASE_TAKES_AMOUNT) != 0 ? take_amount(s, out) : CASE_OK;
}

/** Stops the state's timer and starts the pause's. */
static enum case_answer begin_pause(const struct step *s, enum case_pause pause, struct case_outcome *out)
{
    struct trade_case *c = &out->after;
    c->remaining_ms = MAX(c->due_ms - s->at_ms, 0);
    c->pause = pause;
    return case_rule_due(s->rules, case_pause_rules[pause], c->order_ms, s->at_ms, &c->due_ms, out) ? CASE_OK
                                                                                                     : CASE_NO_RULE;
}

/** The state's timer goes on with what it had left, and with enough time for somebody to act. */
static enum case_answer end_pause(const struct step *s, struct case_outcome *out)
{
    struct trade_case *c = &out->after;
    int64_t least;
    if (!case_rule_number(s->rules, "case.resume_min", POLICY_DURATION, c->order_ms, &least, out))
        return CASE_NO_RULE;
    c->pause = CASE_RUNNING;
    c->due_ms = s->at_ms + MAX(c->remaining_ms, least);
    c->remaining_ms = 0;
    return CASE_OK;
}

static enum case_answer take_pause_row(const struct step *s, const struct case_pause_row *row, struct case_outcome *out)
{
    enum case_answer answer = case_permit(row->by, s->in->actor, s->in->confirmed);
    if (answer == CASE_OK)
        answer = guard_pause(s, row, out);
    if (answer != CASE_OK)
        return answer;
    out->after.changed_ms = s->at_ms;
    if (row->becomes != CASE_SAME_TYPE)
        out->after.type = (enum case_type)row->becomes;
    if (row->state != CASE_NONE)
        return case_enter(out, row->state, row->money, s->at_ms, s->rules);
    if (row->to == row->from)
        return CASE_OK; /* evidence by itself moves nothing */
    return row->to == CASE_RUNNING ? end_pause(s, out) : begin_pause(s, row->to, out);
}

static const struct case_pause_row *find_pause_row(enum case_pause pause, enum case_event event)
{
    for (size_t i = 0; i < case_pause_row_count; i++)
        if (case_pause_rows[i].from == pause && case_pause_rows[i].event == event)
            return &case_pause_rows[i];
    return NULL;
}

/* ---- steps -------------------------------------------------------------------------------------------------------------- */

static enum case_answer guard_row(const struct step *s, const struct case_row *row, struct case_outcome *out)
{
    if (s->in->event == CASE_TIMEOUT && s->at_ms < s->c->due_ms)
        return CASE_TOO_EARLY;
    if ((row->flags & CASE_COUNTS_REOPEN) != 0)
        return guard_reopening(s, out);
    if ((row->flags & CASE_APPROVES) != 0)
        return approve(s, out);
    return (row->flags & CASE_TAKES_AMOUNT) != 0 ? take_amount(s, out) : CASE_OK;
}

static enum case_answer take_row(const struct step *s, const struct case_row *row, struct case_outcome *out)
{
    enum case_answer answer = case_permit(row->by, s->in->actor, s->in->confirmed);
    if (answer == CASE_OK)
        answer = guard_row(s, row, out);
    if (answer != CASE_OK)
        return answer;
    struct trade_case *c = &out->after;
    if (row->becomes != CASE_SAME_TYPE)
        c->type = (enum case_type)row->becomes;
    if (row->event == CASE_WAYBILL)
        c->sent_ms = s->at_ms;
    if ((row->flags & CASE_KEEPS_TIMER) != 0) {
        c->changed_ms = s->at_ms;
        return CASE_OK;
    }
    enum case_state to = row->to == CASE_START ? case_machines[c->type].start[c->goods] : row->to;
    return case_enter(out, to, row->money, s->at_ms, s->rules);
}

static enum case_answer find_and_take(const struct step *s, struct case_outcome *out)
{
    const struct trade_case *c = s->c;
    const struct case_pause_row *pause = case_state_final(c->state) ? NULL : find_pause_row(c->pause, s->in->event);
    if (pause != NULL)
        return take_pause_row(s, pause, out);
    const struct case_row *row = case_row_find(c->type, c->state, s->in->event);
    if (row == NULL)
        return CASE_NO_SUCH_STEP;
    if (c->pause != CASE_RUNNING && (row->flags & CASE_WHILE_PAUSED) == 0)
        return CASE_IS_PAUSED;
    return take_row(s, row, out);
}

enum case_answer case_step(const struct trade_case *c, const struct case_input *in, const struct case_rules *rules,
                           struct case_outcome *ret)
{
    struct step s = {.c = c, .in = in, .rules = rules, .at_ms = MAX(in->now_ms, c->changed_ms)};
    struct case_outcome out;
    out.after = *c;
    out.money = CASE_NO_MONEY;
    out.amount_cents = 0;
    out.payer = case_payer(c->type);
    out.used_count = 0;
    enum case_answer answer = find_and_take(&s, &out);
    if (answer != CASE_OK)
        return answer;
    out.tell = case_told(&out.after, in->actor);
    *ret = out;
    return CASE_OK;
}

bool case_may(const struct trade_case *c, enum case_event event, enum case_actor actor)
{
    const struct case_pause_row *pause = case_state_final(c->state) ? NULL : find_pause_row(c->pause, event);
    if (pause != NULL)
        return case_permit(pause->by, actor, true) == CASE_OK;
    const struct case_row *row = case_row_find(c->type, c->state, event);
    return row != NULL && (c->pause == CASE_RUNNING || (row->flags & CASE_WHILE_PAUSED) != 0) &&
           case_permit(row->by, actor, true) == CASE_OK;
}

/* ---- replay ------------------------------------------------------------------------------------------------------------- */

/** The rules as they were recorded with an event, in force for ever. They are few, and asked by their keys in order. */
static struct case_rules recorded(const struct case_record *r, struct policy *rows)
{
    size_t n = 0;
    for (size_t i = 0; i < r->used_count; i++) {
        struct policy p = {.tenant_id = POLICY_SHIPPED, .key = str_from(r->used[i].key), .value = r->used[i].value};
        size_t at = n++;
        for (; at > 0 && str_cmp(rows[at - 1].key, p.key) > 0; at--)
            rows[at] = rows[at - 1];
        rows[at] = p;
    }
    return (struct case_rules){.rows = rows, .n = n};
}

bool case_replay(const struct case_record *history, size_t n, struct str zone, const struct calendar *calendar,
                 struct trade_case *ret)
{
    struct trade_case c = {0};
    for (size_t i = 0; i < n; i++) {
        struct policy rows[CASE_USED_MOST];
        struct case_rules rules = recorded(&history[i], rows);
        struct case_outcome out;
        rules.zone = zone;
        rules.calendar = calendar;
        enum case_answer answer = history[i].ask != NULL ? case_open(history[i].ask, &rules, &out)
                                                         : case_step(&c, &history[i].in, &rules, &out);
        if (answer != CASE_OK)
            return false;
        c = out.after;
    }
    *ret = c;
    return true;
}
