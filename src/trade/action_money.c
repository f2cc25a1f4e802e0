/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Actions on money that a rule knows: price protection with its calculation, what is owed for late shipment, and goodwill.
 *
 * What went back by other cases is not paid for here once more: trade/case_facts.h counts it out.
 */
#include "trade/action_private.h"

#include "base/time.h"
#include "trade/ledger_store.h"

/* ---- price protection --------------------------------------------------------------------------------------------------- */

/** Until when the product's own days, or the rule, protect the price. */
static int64_t protected_until(struct deed *d)
{
    int64_t until = 0;
    if (d->f.order.paid_ms == 0)
        return 0;
    if (d->f.price_protect_days >= 0)
        return d->f.order.paid_ms + d->f.price_protect_days * DAY_MS;
    if (!case_rule_due(&d->f.rules, "price_protect.window", d->f.order.created_ms, d->f.order.paid_ms, &until, &d->used))
        return 0;
    return until;
}

static bool read_counts(struct deed *d, enum case_type type, struct case_counts *ret)
{
    return case_count(d->tx, d->r->tenant_id, d->f.order.id, d->f.item->sub_id, type, 0, ret) == STORE_OK;
}

bool judge_price(struct deed *d)
{
    if (d->f.item == NULL)
        return true;
    struct case_counts counts;
    int64_t paid;
    if (!read_counts(d, CASE_PRICE_PROTECT, &counts))
        return false;
    int64_t kept = case_facts_kept(&d->f, &counts, &paid);
    int64_t due = case_facts_amount(d->a, &d->f, &counts, CASE_PRICE_PROTECT, STR_NONE, GOODS_RECEIVED, kept);
    struct buf b = {.arena = d->a};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kn(&o, "paid_cents", kept > 0 ? paid / kept : 0);
    jo_kn(&o, "now_cents", d->f.price_now_cents);
    jo_kn(&o, "quantity", kept);
    jo_kn(&o, "due_cents", due);
    jo_kat(&o, "until", protected_until(d));
    jo_close(&o);
    d->out.text = buf_view(&b);
    d->out.amount_cents = due;
    bool ok = deed_judge_opening(d, CASE_PRICE_PROTECT, STR("price_dispute"));
    bool nothing = d->ask.case_answer == CASE_BAD_AMOUNT || (due == 0 && d->ask.rule == ACTION_WHY_NONE);
    if (nothing)
        d->ask.rule = ACTION_WHY_NOTHING_DUE;
    return ok;
}

/* ---- late shipment ------------------------------------------------------------------------------------------------------ */

bool judge_lookup(struct deed *d)
{
    if (d->f.item == NULL)
        return true;
    struct case_row_stored *rows;
    size_t n;
    int64_t granted = 0;
    struct case_counts counts;
    if (!read_counts(d, CASE_LATE_COMPENSATION, &counts))
        return false;
    bool late = case_facts_late(&d->f, counts.called_off_ms != 0 ? counts.called_off_ms : d->r->now_ms);
    if (case_list_of_order(d->tx, d->a, d->r->tenant_id, d->f.order.id, &rows, &n) < 0)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (rows[i].c.type != CASE_LATE_COMPENSATION || !str_eq(rows[i].sub_id, d->f.item->sub_id))
            continue;
        deed_show_case(d, &rows[i]);
        granted += rows[i].c.refunded_cents;
    }
    int64_t due = late ? case_facts_amount(d->a, &d->f, &counts, CASE_LATE_COMPENSATION, STR_NONE, GOODS_RECEIVED, 0) : 0;
    struct buf b = {.arena = d->a};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kb(&o, "late", late);
    jo_kn(&o, "due_cents", due);
    jo_kn(&o, "granted_cents", granted);
    jo_kat(&o, "promised_at", d->f.order.paid_ms != 0 ? d->f.order.paid_ms + d->f.ship_promise_ms : 0);
    jo_close(&o);
    d->out.text = buf_view(&b);
    d->out.amount_cents = MAX(due, granted);
    if (due == 0 && granted == 0)
        d->ask.rule = ACTION_WHY_NOTHING_DUE;
    return true;
}

bool do_lookup(struct deed *d)
{
    (void)d;
    return true; /* it only reads */
}

/* ---- goodwill ------------------------------------------------------------------------------------------------------------ */

bool judge_goodwill(struct deed *d)
{
    int64_t count, given, ms, today, day = time_day_start(d->r->now_ms, d->f.shop.time_zone);
    if (d->r->amount_cents == 0) {
        deed_needs(d, "amount");
        return true;
    }
    if (action_sums(d->tx, d->r->tenant_id, ACTION_GOODWILL, d->f.order.id, d->r->id, &count, &given, &ms) < 0 ||
        action_given(d->tx, d->r->tenant_id, ACTION_GOODWILL, d->who.person_id, day, d->r->id, &today) < 0)
        return false;
    d->out.amount_cents = d->r->amount_cents;
    d->ask.most_cents = deed_rule_today(d, "goodwill.most", POLICY_NUMBER, 0) - given;
    int64_t order_cents = deed_rule_today(d, "goodwill.order", POLICY_NUMBER, 0) - given;
    d->ask.alone_cents = MIN(order_cents, deed_rule_today(d, "goodwill.person_day", POLICY_NUMBER, 0) - today);
    d->ask.amount_cents = d->r->amount_cents;
    if (d->r->amount_cents < 0)
        d->ask.rule = ACTION_WHY_BAD_VALUE;
    return true;
}

/** The shop's own money goes to who paid the order; the key is the request's for ever. */
bool do_goodwill(struct deed *d)
{
    struct ledger_entry e = {
        .key = str_fmt(d->a, "goodwill:%lld", (long long)d->r->id),
        .step = LEDGER_RESERVE,
        .order_id = d->f.order.id,
        .sub_id = d->r->sub_id,
        .payer = PAYER_SHOP,
        .amount_cents = d->r->amount_cents,
        .at_ms = d->r->now_ms,
    };
    if (d->dry)
        return true;
    if (ledger_move(d->tx, d->r->tenant_id, &e, 0) != LEDGER_OK)
        return false;
    e.step = LEDGER_COMMIT;
    return ledger_move(d->tx, d->r->tenant_id, &e, 0) == LEDGER_OK;
}
