/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening a case: may this actor ask for this, for this order, now; and where does it begin.
 *
 * How          A chain of questions, each with its own reason for "no"; the cheapest and most telling come first, so that
 *              who is refused hears what could be mended.
 */
#include "trade/case_private.h"

#include "base/time.h"

/** One opening being judged. */
struct opening {
    const struct case_ask *ask;
    const struct case_rules *rules;
    const struct case_machine *machine;
};

typedef enum case_answer question(const struct opening *o, struct case_outcome *out);

static bool due_of(const struct opening *o, const char *key, int64_t from_ms, int64_t *ret, struct case_outcome *out)
{
    return case_rule_due(o->rules, key, o->ask->order_ms, from_ms, ret, out);
}

static bool number_of(const struct opening *o, const char *key, int64_t *ret, struct case_outcome *out)
{
    return case_rule_number(o->rules, key, POLICY_NUMBER, o->ask->order_ms, ret, out);
}

static bool is_on(const struct opening *o, const char *key, struct case_outcome *out)
{
    int64_t on = 0;
    return case_rule_number(o->rules, key, POLICY_SWITCH, o->ask->order_ms, &on, out) && on != 0;
}

static bool has_reason(const struct opening *o, const char *reason)
{
    return str_eq_c(o->ask->reason, reason);
}

static enum case_answer may_ask(const struct opening *o, struct case_outcome *out)
{
    (void)out;
    return case_permit(o->machine->by, o->ask->actor, o->ask->confirmed);
}

/** The order's status allows the type, and what is said of the goods goes with it. */
static enum case_answer fits_status(const struct opening *o, struct case_outcome *out)
{
    (void)out;
    const struct case_ask *ask = o->ask;
    bool unshipped = ask->status == ORDER_PAID || ask->status == ORDER_UNPAID;
    if (!case_fits_status(ask->type, ask->status) || o->machine->start[ask->goods] == CASE_NONE)
        return CASE_NOT_FOR_STATUS;
    bool says_unshipped = ask->goods == GOODS_NOT_SHIPPED;
    return case_is_aftersale(ask->type) && unshipped != says_unshipped ? CASE_NOT_FOR_STATUS : CASE_OK;
}

static enum case_answer reason_is_known(const struct opening *o, struct case_outcome *out)
{
    if (o->ask->type == CASE_COMPLAINT)
        return case_rule_lists(o->rules, "cp.types", o->ask->reason, o->ask->order_ms, out) ? CASE_OK
                                                                                              : CASE_UNKNOWN_REASON;
    if (!case_is_aftersale(o->ask->type))
        return CASE_OK; /* the type says it all */
    struct arena a = {0};
    struct policy_value v;
    bool known = case_rule(o->rules, "return.freight", POLICY_BIT(POLICY_JSON), o->ask->order_ms, &v, out) &&
                 case_freight_payer(&a, o->ask->reason, o->rules, o->ask->order_ms).n > 0;
    arena_done(&a);
    return known ? CASE_OK : CASE_UNKNOWN_REASON;
}

static enum case_answer seven_days(const struct opening *o, struct case_outcome *out)
{
    const struct case_ask *ask = o->ask;
    int64_t until;
    if (str_eq_c(ask->seven_day, "no_legal") || str_eq_c(ask->seven_day, "no_confirmed"))
        return CASE_EXCLUDED;
    if (ask->delivered_ms == 0)
        return CASE_OK; /* it has not begun */
    /* day one is the day after sign-off; noon of the next day is on it whatever the clocks are set to that night */
    int64_t midnight = time_day_start(time_day_start(ask->delivered_ms, o->rules->zone) + 36 * HOUR_MS, o->rules->zone);
    if (!due_of(o, "nr7.window", midnight, &until, out))
        return CASE_NO_RULE;
    return ask->now_ms >= until ? CASE_TOO_LATE : CASE_OK;
}

/** Wishes that are no fault of the shop's: keeping both goods and money is none of them. */
static enum case_answer reason_is_fit(const struct opening *o, struct case_outcome *out)
{
    const struct case_ask *ask = o->ask;
    bool keeps = ask->type == CASE_REFUND_ONLY && ask->goods == GOODS_RECEIVED;
    bool wish = has_reason(o, "no_reason_7d") || has_reason(o, "not_wanted") || has_reason(o, "wrong_order");
    if (!case_is_aftersale(ask->type))
        return CASE_OK;
    if (keeps && wish)
        return CASE_EXCLUDED;
    return has_reason(o, "no_reason_7d") && ask->goods == GOODS_RECEIVED ? seven_days(o, out) : CASE_OK;
}

static enum case_answer within(const struct opening *o, const char *key, int64_t from_ms, struct case_outcome *out)
{
    int64_t until;
    if (from_ms == 0)
        return CASE_OK; /* it has not begun */
    if (!due_of(o, key, from_ms, &until, out))
        return CASE_NO_RULE;
    return o->ask->now_ms > until ? CASE_TOO_LATE : CASE_OK;
}

static enum case_answer within_days(const struct opening *o, int64_t days, int64_t from_ms)
{
    return from_ms != 0 && o->ask->now_ms > from_ms + days * DAY_MS ? CASE_TOO_LATE : CASE_OK;
}

static enum case_answer in_time(const struct opening *o, struct case_outcome *out)
{
    const struct case_ask *ask = o->ask;
    int64_t received = ask->delivered_ms != 0 ? ask->delivered_ms : ask->finished_ms;
    if (ask->type == CASE_REPAIR && ask->warranty_days >= 0)
        return within_days(o, ask->warranty_days, received);
    if (ask->type == CASE_PRICE_PROTECT && ask->price_protect_days >= 0)
        return within_days(o, ask->price_protect_days, ask->paid_ms);
    if (ask->type == CASE_PRICE_PROTECT)
        return within(o, "price_protect.window", ask->paid_ms, out);
    if (ask->type == CASE_COMPLAINT)
        return within(o, "cp.window", ask->finished_ms, out);
    return case_is_aftersale(ask->type) ? within(o, "case.window_after_success", ask->finished_ms, out) : CASE_OK;
}

static enum case_answer not_too_often(const struct opening *o, struct case_outcome *out)
{
    const struct case_ask *ask = o->ask;
    int64_t most;
    if (ask->open_count > 0)
        return CASE_ALREADY_OPEN;
    if (case_is_aftersale(ask->type)) {
        if (!number_of(o, "case.open_max", &most, out))
            return CASE_NO_RULE;
        return ask->total_count >= most ? CASE_TOO_OFTEN : CASE_OK;
    }
    if (ask->type == CASE_COMPLAINT)
        return CASE_OK;
    most = 1; /* what is owed once is paid once */
    if (ask->type == CASE_PRICE_PROTECT && !number_of(o, "price_protect.max", &most, out))
        return CASE_NO_RULE;
    return ask->paid_count >= most ? CASE_TOO_OFTEN : CASE_OK;
}

static enum case_answer is_proven(const struct opening *o, struct case_outcome *out)
{
    const struct case_ask *ask = o->ask;
    if (ask->type == CASE_FREIGHT_INSURANCE && !ask->freight_insured)
        return CASE_NOT_INSURED;
    if (ask->type == CASE_LATE_COMPENSATION && !ask->promise_missed)
        return CASE_TOO_EARLY;
    bool seen = case_is_aftersale(ask->type) && ask->goods == GOODS_RECEIVED;
    bool needs = seen && ask->evidence_count == 0 &&
                 case_rule_lists(o->rules, "case.evidence_needed", ask->reason, ask->order_ms, out);
    return needs ? CASE_NO_EVIDENCE : CASE_OK;
}

static enum case_answer amount_is_right(const struct opening *o, struct case_outcome *out)
{
    (void)out;
    const struct case_ask *ask = o->ask;
    bool may_be_nothing = ask->type == CASE_EXCHANGE || ask->type == CASE_REPAIR || ask->type == CASE_COMPLAINT;
    if (ask->amount_cents < 0 || ask->quantity <= 0 || (ask->amount_cents == 0 && !may_be_nothing))
        return CASE_BAD_AMOUNT;
    bool bounded = o->machine->payer == PAYER_ESCROW;
    return bounded && ask->amount_cents > ask->limit_cents ? CASE_TOO_MUCH : CASE_OK;
}

static question *const questions[] = {
    may_ask, fits_status, reason_is_known, reason_is_fit, in_time, not_too_often, is_proven, amount_is_right,
};

/** Refunded at once: not shipped in time, a good record, and an amount that needs no person. */
static bool pays_at_once(const struct opening *o, struct case_outcome *out)
{
    const struct case_ask *ask = o->ask;
    int64_t most;
    if (ask->type != CASE_REFUND_ONLY || ask->goods != GOODS_NOT_SHIPPED || !ask->promise_missed || !ask->good_record)
        return false;
    return is_on(o, "refund.unshipped.auto", out) && number_of(o, "approve.bot", &most, out) && ask->amount_cents <= most;
}

static enum case_answer begin(const struct opening *o, struct case_outcome *out)
{
    const struct case_ask *ask = o->ask;
    enum case_state state = o->machine->start[ask->goods];
    if (pays_at_once(o, out))
        return case_enter(out, CASE_PAYING, CASE_MONEY_RESERVE, ask->now_ms, o->rules);
    if (ask->type == CASE_RETURN_REFUND && has_reason(o, "no_reason_7d") && is_on(o, "nr7.auto_agree", out))
        state = CASE_WAIT_RETURN;
    return case_enter(out, state, CASE_NO_MONEY, ask->now_ms, o->rules);
}

enum case_answer case_open(const struct case_ask *ask, const struct case_rules *rules, struct case_outcome *ret)
{
    struct opening o = {.ask = ask, .rules = rules, .machine = &case_machines[ask->type]};
    struct case_outcome out = {.after = {
        .type = ask->type,
        .goods = ask->goods,
        .reason = ask->reason,
        .quantity = ask->quantity,
        .claimed_cents = ask->amount_cents,
        .order_ms = ask->order_ms,
        .opened_ms = ask->now_ms,
    }};
    for (size_t i = 0; i < COUNT(questions); i++) {
        enum case_answer answer = questions[i](&o, &out);
        if (answer != CASE_OK)
            return answer;
    }
    enum case_answer answer = begin(&o, &out);
    if (answer != CASE_OK)
        return answer;
    out.tell = case_told(&out.after, ask->actor);
    *ret = out;
    return CASE_OK;
}
