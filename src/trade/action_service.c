/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Use cases of actions.
 *
 * How          A request is taken apart once: who asks by which role, which order or case it is on, what the policies of today
 *              say. The action's own hands judge the rest, action_decide() says what comes of it, and only then they do it,
 *              and the log gets its row. A try walks the same way and stores nothing; so what was tried is what is done, unless
 *              something has changed meanwhile.
 * Invariants   1. The effect and its row in the log are of one unit of work.
 *              2. A key that was taken is never done again; whoever asks with it hears what came of it.
 */
#include "trade/action_private.h"

#include "base/log.h"
#include "trade/notice_service.h"
#include "trade/shop_system.h"

static const struct {
    deed_fn *judge, *act;
} hands[ACTIONS] = {
    [ACTION_ORDER_CANCEL] = {judge_cancel, do_cancel},
    [ACTION_ORDER_CHANGE_ADDRESS] = {judge_address, do_address},
    [ACTION_ORDER_CHANGE_PHONE] = {judge_phone, do_address},
    [ACTION_ORDER_CHANGE_SKU] = {judge_sku, do_sku},
    [ACTION_ORDER_ADD_NOTE] = {judge_note, do_note},
    [ACTION_ORDER_EXTEND_RECEIPT] = {judge_extension, do_extension},
    [ACTION_LOGISTICS_URGE] = {judge_urge, do_urge},
    [ACTION_LOGISTICS_INTERCEPT] = {judge_intercept, do_intercept},
    [ACTION_CASE_OPEN] = {judge_case_open, do_case_open},
    [ACTION_CASE_CANCEL] = {judge_withdraw, do_step},
    [ACTION_CASE_MODIFY] = {judge_modify, do_step},
    [ACTION_CASE_ADD_WAYBILL] = {judge_waybill, do_step},
    [ACTION_CASE_ADD_EVIDENCE] = {judge_evidence, do_evidence},
    [ACTION_CASE_REOPEN] = {judge_reopen, do_step},
    [ACTION_PRICE_PROTECT] = {judge_price, do_case_open},
    [ACTION_INVOICE_REQUEST] = {judge_invoice, do_invoice},
    [ACTION_COMPENSATION_LOOKUP] = {judge_lookup, do_lookup},
    [ACTION_COMPLAINT_OPEN] = {judge_complaint, do_case_open},
    [ACTION_GOODWILL] = {judge_goodwill, do_goodwill},
    [ACTION_CASE_STEP] = {judge_step, do_step},
};

/* ---- the walk ------------------------------------------------------------------------------------------------------------------ */

/** What is to be said of it by now; the judge is asked only of what may be asked for. */
static bool judge(struct deed *d, struct action_verdict *ret)
{
    d->ask.action = d->r->action;
    d->ask.actor = d->who.actor;
    d->ask.confirmed = d->who.confirmed;
    if (!deed_read_matter(d) || (d->ask.found && !deed_read_policies(d)))
        return false;
    if (d->ask.missing != NULL && !d->ask.found) { /* nothing is known yet but what to ask for */
        *ret = (struct action_verdict){.answer = ACTION_NEEDS_SLOT, .slot = d->ask.missing};
        return true;
    }
    struct action_verdict v = action_decide(&d->ask);
    bool further = v.answer == ACTION_DONE || v.answer == ACTION_NEEDS_CONFIRM ||
                   v.why == ACTION_WHY_TOO_OFTEN || v.why == ACTION_WHY_BUYER_DAY || v.why == ACTION_WHY_SHOP_DAY;
    if (further) {
        if (!hands[d->r->action].judge(d))
            return false;
        v = action_decide(&d->ask);
    }
    *ret = v;
    return true;
}

/** A result lives as long as its arena, the rules that this thread keeps only until they change. */
static void copy_used(struct deed *d)
{
    d->out.used_count = d->used.used_count;
    for (size_t i = 0; i < d->used.used_count; i++) {
        const struct case_used *u = &d->used.used[i];
        d->out.used[i] = (struct case_used){u->key, str_dup(d->a, u->value), str_dup(d->a, u->scope), u->from_ms};
    }
}

static bool is_outside(struct deed *d)
{
    if (d->who.actor == CASE_SYSTEM)
        return false;
    /* at a fault too: handing it on meets the same fault and undoes the unit */
    return shop_system_takes(d->tx, d->a, d->r->tenant_id, d->r->action, d->f.order.status) != 0;
}

/** Judges, and does it when it may be done. False: a fault; nothing of it may stay. */
bool deed_walk(struct deed *d)
{
    struct action_verdict v;
    if (!judge(d, &v))
        return false;
    d->out.answer = v.answer;
    d->out.why = v.why;
    d->out.slot = v.slot;
    d->out.case_answer = v.why == ACTION_WHY_CASE ? d->ask.case_answer : CASE_OK;
    bool outside = v.answer == ACTION_DONE && is_outside(d);
    if (outside)
        d->out.answer = ACTION_PENDING;
    bool shows = v.answer == ACTION_NEEDS_CONFIRM || v.answer == ACTION_NEEDS_SECOND || outside;
    bool dry = d->dry;
    d->dry = dry || shows;
    if ((v.answer == ACTION_DONE || shows) && !hands[d->r->action].act(d))
        return false;
    d->dry = dry;
    copy_used(d);
    return !outside || dry || shop_system_ask(d->tx, d->a, d->r, d->f.order.buyer, &d->address) == STORE_OK;
}

/* ---- what others call ---------------------------------------------------------------------------------------------------------- */

static struct action_result fault_of(const struct action_request *r)
{
    log_event(LOG_ERROR, "an action could not be done", "tenant=%lld action=%s", (long long)r->tenant_id,
              action_name(r->action));
    return (struct action_result){.answer = ACTION_FAULT};
}

void action_try(struct tx *tx, struct arena *a, const struct action_request *r, struct action_result *ret)
{
    action_try_on(tx, a, r, NULL, ret);
}

void action_try_on(struct tx *tx, struct arena *a, const struct action_request *r, const struct order *order,
                   struct action_result *ret)
{
    struct deed d = {.tx = tx, .a = a, .r = r, .who = r->who, .dry = true, .known = order};
    int key = deed_find_key(&d);
    bool ok = key > 0 || (key == 0 && deed_walk(&d));
    *ret = ok ? d.out : fault_of(r);
}

void action_do_in(struct tx *tx, struct arena *a, const struct action_request *r, struct action_result *ret)
{
    struct deed d = {.tx = tx, .a = a, .r = r, .who = r->who};
    if (r->approves != 0) {
        *ret = deed_approve(&d) ? d.out : fault_of(r);
        return;
    }
    int key = deed_find_key(&d);
    bool ok = key > 0 || (key == 0 && deed_walk(&d) && deed_log(&d));
    *ret = ok ? d.out : fault_of(r);
}

struct unit {
    struct arena *a;
    const struct action_request *r;
    struct action_result *ret;
};

static int run_unit(struct tx *tx, void *arg)
{
    struct unit *u = arg;
    action_do_in(tx, u->a, u->r, u->ret);
    return u->ret->answer == ACTION_FAULT ? STORE_FAULT : STORE_OK;
}

void action_do(struct store *store, struct arena *a, const struct action_request *r, struct action_result *ret)
{
    struct unit u = {a, r, ret};
    if (store_write(store, run_unit, &u) != STORE_OK)
        *ret = (struct action_result){.answer = ACTION_FAULT};
    shop_cache_forget();
}

static bool same_case(const struct action_result *x, const struct action_result *y)
{
    if (x->has_case != y->has_case)
        return false;
    return !x->has_case || (x->row.c.type == y->row.c.type && x->row.c.state == y->row.c.state);
}

bool action_same(const struct action_result *expected, const struct action_result *done)
{
    bool slots = expected->slot == done->slot ||
                 (expected->slot != NULL && done->slot != NULL && str_eq_c(str_from(expected->slot), done->slot));
    bool status = !expected->has_order || expected->has_case || expected->order.status == done->order.status;
    return expected->answer == done->answer && expected->why == done->why && expected->case_answer == done->case_answer &&
           slots && status && expected->has_order == done->has_order && same_case(expected, done) &&
           expected->amount_cents == done->amount_cents && expected->due_ms == done->due_ms &&
           str_eq(expected->ticket, done->ticket) && str_eq(expected->text, done->text);
}
