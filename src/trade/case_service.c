/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Use cases of after-sale cases.
 *
 * How          A step reads the case and its order, asks trade/case.h, and stores what it says. What follows of itself is
 *              taken in the same unit: a refund of a shop without a payment provider is paid when it is decided; a return
 *              that succeeded claims its freight insurance; an order of which all has come back is closed.
 * Invariants   1. case, event, timer and ledger entry are of one unit of work.
 *              2. The version guard lets one of two actors at once win; the other hears CASE_STALE, or what is true now.
 *              3. A timer that fires twice, or on two servers, moves the case once: the step is judged by the stored state.
 *              4. A try walks the same way with a work that is `dry`: it is stored nowhere.
 */
#include "trade/case_service.h"

#include "base/id.h"
#include "trade/case_facts.h"
#include "trade/case_record.h"
#include "trade/ledger_store.h"
#include "trade/notice_service.h"
#include "trade/order_clock_service.h"
#include "trade/order_store.h"
#include "trade/shop_system.h"

/** One case in the hands of a unit of work. */
struct work {
    struct tx *tx;
    struct arena *a;
    const struct case_who *who;
    int64_t now_ms;
    struct str reason, waybill;
    struct case_facts facts;
    struct case_row_stored row; /* as it stands now */
    bool dry;                   /* what would be: nothing is stored */
    bool by_hand;
};

/* ---- storing an outcome ------------------------------------------------------------------------------------------------ */

static struct str name_of(const char *name)
{
    return str_from(name);
}

static int store_event(const struct work *w, enum case_event event, struct str input, const struct trade_case *before,
                       const struct case_outcome *out)
{
    struct case_event_stored e = {
        .seq = w->row.version,
        .at_ms = out->after.changed_ms,
        .event = name_of(case_event_name(event)),
        .actor = name_of(case_actor_name(w->who->actor)),
        .actor_id = w->who->person_id,
        .reason = w->reason,
        .from = name_of(case_state_name(before->state)),
        .to = name_of(case_state_name(out->after.state)),
        .pause = name_of(case_pause_name(out->after.pause)),
        .due_ms = out->after.due_ms,
        .money = name_of(case_money_name(out->money)),
        .amount_cents = out->amount_cents,
        .tell = case_tell_text(w->a, out->tell),
        .input = input,
        .rules = case_used_json(w->a, out),
    };
    return case_event_insert(w->tx, w->row.tenant_id, w->row.id, &e);
}

static enum case_answer move_money(const struct work *w, const struct case_outcome *out)
{
    static const enum ledger_step steps[] = {
        [CASE_MONEY_RESERVE] = LEDGER_RESERVE, [CASE_MONEY_COMMIT] = LEDGER_COMMIT, [CASE_MONEY_VOID] = LEDGER_VOID};
    if (out->money == CASE_NO_MONEY)
        return CASE_OK;
    struct ledger_entry e = {
        .key = str_fmt(w->a, "case:%lld:%lld", (long long)w->row.id, (long long)out->after.payments),
        .step = steps[out->money],
        .case_id = w->row.id,
        .order_id = w->row.order_id,
        .sub_id = w->row.sub_id,
        .payer = out->payer,
        .amount_cents = out->amount_cents,
        .at_ms = out->after.changed_ms,
    };
    const struct money_share *paid = &w->facts.share;
    enum ledger_answer answer = ledger_move(w->tx, w->row.tenant_id, &e, paid->goods_cents + paid->freight_cents);
    if (answer == LEDGER_OK || answer == LEDGER_SAME)
        return CASE_OK;
    return answer == LEDGER_TOO_MUCH ? CASE_TOO_MUCH : CASE_FAULT;
}

/** Stores what an event led to; the row is one version further then. */
static enum case_answer store_outcome(struct work *w, enum case_event event, struct str input,
                                      const struct case_outcome *out)
{
    struct trade_case before = w->row.c;
    bool is_new = w->row.version == 0;
    w->row.c = out->after;
    w->row.version++;
    if (w->waybill.n > 0)
        w->row.waybill = w->waybill;
    if (w->dry)
        return CASE_OK;
    int rc = is_new ? case_insert(w->tx, &w->row) : case_update(w->tx, &w->row);
    if (rc < 0)
        return CASE_FAULT;
    if (!is_new && rc == 0)
        return CASE_STALE;
    if (store_event(w, event, input, &before, out) < 0 ||
        case_timer_set(w->tx, w->row.tenant_id, w->row.id, id_new(w->now_ms), out->after.due_ms) < 0 ||
        order_clocks_set_case(w->tx, w->a, &w->row) < 0 ||
        notice_case_in(w->tx, w->a, w->row.tenant_id, w->row.id, w->row.version, event, out->after.state, out->tell,
                       w->now_ms) < 0)
        return CASE_FAULT;
    return move_money(w, out);
}

/* ---- steps -------------------------------------------------------------------------------------------------------------- */

static enum case_answer read_counts(const struct work *w, enum case_type type, struct case_counts *ret)
{
    int rc = case_count(w->tx, w->row.tenant_id, w->row.order_id, w->row.sub_id, type, w->row.id, ret);
    return rc < 0 ? CASE_FAULT : CASE_OK;
}

static enum case_answer take_step(struct work *w, enum case_event event, int64_t amount_cents)
{
    struct case_counts counts;
    struct case_outcome out;
    enum case_answer answer = read_counts(w, w->row.c.type, &counts);
    if (answer != CASE_OK)
        return answer;
    if (event == CASE_REOPEN && !case_fits_status(w->row.c.type, w->facts.order.status))
        return CASE_NOT_FOR_STATUS;
    struct case_input in = {
        .event = event,
        .actor = w->who->actor,
        .confirmed = w->who->confirmed,
        .now_ms = w->now_ms,
        .amount_cents = amount_cents,
        .limit_cents = event == CASE_MODIFY ? case_facts_claim(w->a, &w->facts, &counts, &w->row.c)
                                            : case_facts_limit(&w->facts, &counts),
        .goods = case_facts_goods(&w->facts),
        .open_count = case_is_aftersale(w->row.c.type) ? counts.open_aftersale : counts.open_of_type,
    };
    answer = case_step(&w->row.c, &in, &w->facts.rules, &out);
    if (answer != CASE_OK)
        return answer;
    return store_outcome(w, event, case_input_json(w->a, &in), &out);
}

/** A step that follows of itself. */
static enum case_answer follow(struct work *w, enum case_event event, int64_t amount_cents)
{
    static const struct case_who system = {.actor = CASE_SYSTEM};
    const struct case_who *who = w->who;
    w->who = &system;
    w->reason = w->waybill = STR_NONE;
    enum case_answer answer = take_step(w, event, amount_cents);
    w->who = who;
    return answer;
}

/** Closes the order when everything that was paid for it has come back. */
static enum case_answer close_order(struct work *w)
{
    struct order_row stored;
    int64_t back;
    int64_t tenant_id = w->row.tenant_id;
    if (ledger_refunded(w->tx, tenant_id, w->row.order_id, &back) < 0)
        return CASE_FAULT;
    if (back < order_total_cents(&w->facts.order) || w->facts.order.status == ORDER_CLOSED || w->dry)
        return CASE_OK;
    if (order_row_get(w->tx, w->a, tenant_id, w->row.order_id, &stored) <= 0)
        return CASE_FAULT;
    _cleanup_(json_donep) json_t *body = json_read(stored.body, NULL);
    json_object_set_new(body, "status", json_string(order_status_name(ORDER_CLOSED)));
    stored.body = json_dump(w->a, body);
    struct order order;
    order_read(w->a, body, &order);
    if (order_put(w->tx, w->a, tenant_id, &order, &stored, w->now_ms) < 0 ||
        shop_orders_raise(w->tx, tenant_id) != ACCOUNT_OK)
        return CASE_FAULT;
    w->facts.order.status = ORDER_CLOSED;
    return CASE_OK;
}

static enum case_answer open_one(struct work *w, const struct case_request *r, struct case_counts *counts);

/** A return that was refunded claims its freight insurance by itself; that it may not is no fault of the return's. */
static enum case_answer claim_insurance(struct work *w)
{
    static const struct case_who system = {.actor = CASE_SYSTEM};
    bool claims = w->row.c.type == CASE_RETURN_REFUND && w->row.c.sent_ms != 0 && w->facts.order.freight_insured;
    if (!claims || w->dry)
        return CASE_OK;
    struct case_request r = {
        .tenant_id = w->row.tenant_id, .who = system, .order_id = w->row.order_id, .sub_id = w->row.sub_id,
        .type = CASE_FREIGHT_INSURANCE, .now_ms = w->now_ms,
    };
    struct work claim = {.tx = w->tx, .a = w->a, .who = &system, .now_ms = w->now_ms, .facts = w->facts};
    claim.row = (struct case_row_stored){.tenant_id = w->row.tenant_id, .order_id = w->row.order_id,
                                         .sub_id = w->row.sub_id, .buyer = w->row.buyer};
    struct case_counts counts;
    enum case_answer answer = open_one(&claim, &r, &counts);
    return answer == CASE_FAULT ? CASE_FAULT : CASE_OK;
}

/** What a case that has just come where it is does next without anybody. */
static enum case_answer go_on(struct work *w)
{
    bool outside = case_facts_number(&w->facts, "pay.external", POLICY_SWITCH, 0) != 0;
    if (w->row.c.state == CASE_PP_APPLIED && !w->by_hand &&
        w->row.c.claimed_cents <= case_facts_number(&w->facts, "approve.bot", POLICY_NUMBER, 0)) {
        enum case_answer answer = follow(w, CASE_CALCULATED, w->row.c.claimed_cents);
        if (answer != CASE_OK)
            return answer;
    }
    if (w->row.c.state == CASE_PAYING && !outside) {
        enum case_answer answer = follow(w, CASE_PAID, 0);
        if (answer != CASE_OK)
            return answer;
    }
    if (w->row.c.state == CASE_PAYING && outside && !w->dry && shop_system_pay(w->tx, w->a, &w->row, w->now_ms) < 0)
        return CASE_FAULT;
    if (w->row.c.state != CASE_SUCCESS || w->row.c.refunded_cents == 0)
        return CASE_OK;
    enum case_answer answer = close_order(w);
    return answer == CASE_OK ? claim_insurance(w) : answer;
}

/* ---- opening ------------------------------------------------------------------------------------------------------------ */

static enum case_goods goods_of(const struct work *w, const struct case_request *r)
{
    enum case_goods known = case_facts_goods(&w->facts);
    if (known == GOODS_NOT_SHIPPED)
        return known; /* nobody can have what was not sent */
    if (r->says_not_received)
        return GOODS_NOT_RECEIVED;
    return r->says_received ? GOODS_RECEIVED : known;
}

static struct case_ask ask_of(const struct work *w, const struct case_request *r, const struct case_counts *counts)
{
    const struct case_facts *f = &w->facts;
    bool called_off = r->type == CASE_LATE_COMPENSATION && counts->called_off_ms != 0;
    struct case_ask ask = {
        .type = r->type,
        .actor = r->who.actor,
        .confirmed = r->who.confirmed,
        .reason = r->reason,
        .goods = goods_of(w, r),
        .quantity = r->quantity > 0 ? MIN(r->quantity, f->item->quantity) : f->item->quantity,
        .limit_cents = case_facts_limit(f, counts),
        .evidence_count = r->evidence_count,
        .now_ms = r->now_ms,
        .status = f->order.status,
        .order_ms = f->order.created_ms,
        .paid_ms = f->order.paid_ms,
        .delivered_ms = f->order.delivered_ms,
        .finished_ms = f->order.finished_ms,
        .seven_day = f->seven_day,
        .price_protect_days = f->price_protect_days,
        .warranty_days = f->warranty_days,
        .freight_insured = f->order.freight_insured,
        .promise_missed = case_facts_late(f, called_off ? MIN(counts->called_off_ms, r->now_ms) : r->now_ms),
        .good_record = r->good_record && !r->by_hand,
        .open_count = case_is_aftersale(r->type) ? counts->open_aftersale : counts->open_of_type,
        .total_count = counts->total_aftersale,
        .paid_count = counts->paid_of_type,
    };
    int64_t worth = case_facts_amount(w->a, f, counts, ask.type, ask.reason, ask.goods, ask.quantity);
    bool bounded = case_payer(ask.type) == PAYER_ESCROW;
    ask.amount_cents = bounded ? MIN(worth, MAX(ask.limit_cents, 0)) : worth;
    if (r->amount_cents != 0 && case_is_aftersale(ask.type)) /* a buyer may ask for less, or hear that it is too much */
        ask.amount_cents = r->amount_cents > worth ? MAX(r->amount_cents, ask.limit_cents + 1) : r->amount_cents;
    return ask;
}

static enum case_answer open_one(struct work *w, const struct case_request *r, struct case_counts *counts)
{
    struct case_outcome out;
    enum case_answer answer = read_counts(w, r->type, counts);
    if (answer != CASE_OK)
        return answer;
    struct case_ask ask = ask_of(w, r, counts);
    answer = case_open(&ask, &w->facts.rules, &out);
    if (answer != CASE_OK)
        return answer;
    w->row.id = r->id != 0 ? r->id : id_new(w->now_ms);
    w->reason = r->reason;
    return store_outcome(w, CASE_OPENED, case_ask_json(w->a, &ask), &out);
}

static enum case_answer open_case(struct tx *tx, struct arena *a, const struct case_request *r, bool dry,
                                  struct case_row_stored *ret)
{
    struct work w = {.tx = tx, .a = a, .who = &r->who, .now_ms = r->now_ms, .dry = dry, .by_hand = r->by_hand};
    struct case_counts counts;
    enum case_answer answer = case_facts_read(tx, a, r->tenant_id, &r->who, r->order_id, r->sub_id, &w.facts);
    if (answer != CASE_OK)
        return answer;
    w.row = (struct case_row_stored){.tenant_id = r->tenant_id, .order_id = w.facts.order.id,
                                     .sub_id = w.facts.item->sub_id, .buyer = w.facts.order.buyer};
    answer = open_one(&w, r, &counts);
    if (answer == CASE_OK)
        answer = go_on(&w);
    if (answer == CASE_OK)
        *ret = w.row;
    return answer;
}

enum case_answer case_open_in(struct tx *tx, struct arena *a, const struct case_request *r, struct case_row_stored *ret)
{
    return open_case(tx, a, r, false, ret);
}

enum case_answer case_open_try(struct tx *tx, struct arena *a, const struct case_request *r, struct case_row_stored *ret)
{
    return open_case(tx, a, r, true, ret);
}

/* ---- moving ------------------------------------------------------------------------------------------------------------- */

/** Somebody else's case is not told to exist. */
static bool is_theirs(const struct case_who *who, const struct case_row_stored *row)
{
    bool buyers = who->actor == CASE_BUYER || who->actor == CASE_BOT;
    return !buyers || str_eq(who->buyer, row->buyer);
}

static enum case_answer take_case(struct tx *tx, struct arena *a, const struct case_action *action, bool dry,
                                  struct case_row_stored *ret)
{
    struct work w = {.tx = tx, .a = a, .who = &action->who, .now_ms = action->now_ms, .reason = action->reason,
                     .waybill = action->waybill, .dry = dry};
    int rc = case_get(tx, a, action->tenant_id, action->case_id, &w.row);
    if (rc < 0)
        return CASE_FAULT;
    if (rc == 0 || !is_theirs(w.who, &w.row))
        return CASE_NOT_FOUND;
    if (action->seen_version != 0 && action->seen_version != w.row.version)
        return CASE_STALE;
    int paying = action->event == CASE_VOID ? shop_system_is_paying(tx, a, action->tenant_id, action->case_id) : 0;
    if (paying != 0)
        return paying < 0 ? CASE_FAULT : CASE_TOO_EARLY;
    enum case_answer answer =
        case_facts_read(tx, a, w.row.tenant_id, w.who, w.row.order_id, w.row.sub_id, &w.facts);
    if (answer == CASE_OK)
        answer = take_step(&w, action->event, action->amount_cents);
    if (answer == CASE_OK)
        answer = go_on(&w);
    if (answer == CASE_OK)
        *ret = w.row;
    return answer;
}

enum case_answer case_take_in(struct tx *tx, struct arena *a, const struct case_action *action, struct case_row_stored *ret)
{
    return take_case(tx, a, action, false, ret);
}

enum case_answer case_take_try(struct tx *tx, struct arena *a, const struct case_action *action, struct case_row_stored *ret)
{
    return take_case(tx, a, action, true, ret);
}

/* ---- units of work of their own ---------------------------------------------------------------------------------------- */

struct unit {
    struct arena *a;
    const struct case_request *request;
    const struct case_action *action;
    struct case_row_stored *ret;
};

static int run_unit(struct tx *tx, void *arg)
{
    struct unit *u = arg;
    return u->request != NULL ? case_open_in(tx, u->a, u->request, u->ret) : case_take_in(tx, u->a, u->action, u->ret);
}

enum case_answer case_open_now(struct store *store, struct arena *a, const struct case_request *r,
                               struct case_row_stored *ret)
{
    struct unit u = {.a = a, .request = r, .ret = ret};
    return (enum case_answer)store_write(store, run_unit, &u);
}

enum case_answer case_take(struct store *store, struct arena *a, const struct case_action *action,
                           struct case_row_stored *ret)
{
    struct unit u = {.a = a, .action = action, .ret = ret};
    return (enum case_answer)store_write(store, run_unit, &u);
}
