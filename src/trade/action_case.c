/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Actions on after-sale cases: opening one, the buyer's and the shop's steps on one. What a rule calculates is
 * action_money.c's.
 *
 * trade/case_service.h decides; here a request becomes its question. What rules pay without a person is bounded a day: beyond
 * it the case is opened all the same, and waits for one.
 */
#include "trade/action_private.h"

#include "account/contact.h"
#include "base/id.h"
#include "base/limit.h"
#include "chat/upload_store.h"

void deed_show_case(struct deed *d, const struct case_row_stored *row)
{
    d->out.has_case = true;
    d->out.row = *row;
    d->out.due_ms = row->c.due_ms;
    d->out.amount_cents = row->c.claimed_cents;
}

static int64_t paid_by(const struct case_row_stored *row)
{
    return row->c.refunded_cents + row->c.reserved_cents;
}

/* ---- evidence --------------------------------------------------------------------------------------------------------- */

/** Reads "12,13". False when it is none, or too many. */
static bool read_evidence(struct str text, int64_t ids[LIMIT_EVIDENCE], size_t *ret_n)
{
    struct str rest = text, one;
    size_t n = 0;
    while (rest.n > 0 && str_cut(&rest, ',', &one))
        if (n == LIMIT_EVIDENCE || !id_parse(str_trim(one), &ids[n++]))
            return false;
    *ret_n = n;
    return true;
}

/** Whether all of it was sent by the buyer of the order. */
static bool is_buyers_own(struct deed *d, const int64_t *ids, size_t n, bool *ret)
{
    *ret = true;
    for (size_t i = 0; i < n && *ret; i++) {
        struct upload u;
        struct contact contact = {0};
        int rc = upload_get(d->tx, d->r->tenant_id, ids[i], &u);
        if (rc < 0 || (rc > 0 && contact_get(d->tx, d->a, d->r->tenant_id, u.contact_id, &contact) == ACCOUNT_FAULT))
            return false;
        *ret = rc > 0 && contact.buyer.n > 0 && str_eq(contact.buyer, d->f.order.buyer);
    }
    return true;
}

/** Reads the evidence of the request; what is none, or another buyer's, is a bad value. */
static bool judge_files(struct deed *d, int64_t ids[LIMIT_EVIDENCE], size_t *ret_n)
{
    bool own = false;
    *ret_n = 0;
    if (read_evidence(d->r->evidence, ids, ret_n) && !is_buyers_own(d, ids, *ret_n, &own))
        return false;
    if (!own)
        d->ask.rule = ACTION_WHY_BAD_VALUE;
    return true;
}

static bool keep_evidence(struct deed *d, int64_t case_id)
{
    int64_t ids[LIMIT_EVIDENCE];
    size_t n = 0;
    if (!read_evidence(d->r->evidence, ids, &n))
        return true;
    for (size_t i = 0; i < n; i++)
        if (case_evidence_insert(d->tx, d->r->tenant_id, case_id, ids[i], d->who.actor, d->r->now_ms) < 0)
            return false;
    return true;
}

/* ---- opening ------------------------------------------------------------------------------------------------------------ */

static bool try_opening(struct deed *d)
{
    struct case_row_stored row;
    enum case_answer answer = case_open_try(d->tx, d->a, &d->opening, &row);
    if (answer == CASE_OK) {
        deed_show_case(d, &row);
        d->paid_cents = paid_by(&row);
    }
    return deed_takes(d, answer);
}

bool deed_judge_opening(struct deed *d, enum case_type type, struct str reason)
{
    const struct action_request *r = d->r;
    int64_t ids[LIMIT_EVIDENCE];
    size_t n = 0;
    bool full = false, good = false;
    if (!judge_files(d, ids, &n))
        return false;
    if (d->ask.rule != ACTION_WHY_NONE)
        return true;
    if (type == CASE_REFUND_ONLY && !deed_good_record(d, &good))
        return false;
    struct case_request opening = {
        .tenant_id = r->tenant_id, .id = r->id, .who = d->who, .order_id = d->f.order.id, .sub_id = r->sub_id, .type = type,
        .reason = reason, .says_received = r->says_received, .says_not_received = r->says_not_received,
        .quantity = r->quantity, .amount_cents = r->amount_cents, .evidence_count = r->evidence.n > 0 ? (int64_t)n
        : r->evidence_count,
        .good_record = good, .now_ms = r->now_ms,
    };
    opening.who.confirmed = true; /* asked for by action_decide() */
    d->opening = opening;
    if (!try_opening(d))
        return false;
    if (d->out.has_case && d->paid_cents > 0 && !deed_is_full(d, d->paid_cents, &full))
        return false;
    if (!full)
        return true;
    d->opening.by_hand = true;
    return try_opening(d);
}

bool judge_case_open(struct deed *d)
{
    if (d->f.item == NULL)
        return true;
    if (d->r->reason.n == 0 && case_is_aftersale(d->r->type)) {
        deed_needs(d, "reason");
        return true;
    }
    bool ok = deed_judge_opening(d, d->r->type, d->r->reason);
    if (d->ask.rule == ACTION_WHY_CASE && d->ask.case_answer == CASE_NO_EVIDENCE) {
        d->ask.rule = ACTION_WHY_NONE;
        deed_needs(d, "evidence");
    }
    return ok;
}

bool judge_complaint(struct deed *d)
{
    if (d->f.item == NULL)
        return true;
    if (d->r->reason.n == 0) {
        deed_needs(d, "reason");
        return true;
    }
    return deed_judge_opening(d, CASE_COMPLAINT, d->r->reason);
}

bool do_case_open(struct deed *d)
{
    struct case_row_stored row;
    if (d->dry)
        return true;
    if (case_open_in(d->tx, d->a, &d->opening, &row) != CASE_OK) /* judged a moment ago in this unit */
        return false;
    deed_show_case(d, &row);
    d->paid_cents = paid_by(&row);
    return keep_evidence(d, row.id);
}

/* ---- steps --------------------------------------------------------------------------------------------------------------- */

static bool try_step(struct deed *d)
{
    struct case_row_stored row;
    enum case_answer answer = case_take_try(d->tx, d->a, &d->step, &row);
    if (answer == CASE_OK)
        deed_show_case(d, &row);
    return deed_takes(d, answer);
}

static bool judge_event(struct deed *d, enum case_event event)
{
    d->step = (struct case_action){
        .tenant_id = d->r->tenant_id, .case_id = d->before.id, .who = d->who, .event = event,
        .seen_version = d->r->seen_version, .amount_cents = d->r->amount_cents, .reason = d->r->reason,
        .now_ms = d->r->now_ms,
    };
    d->step.who.confirmed = true; /* asked for by action_decide() */
    return try_step(d);
}

bool judge_withdraw(struct deed *d)
{
    return judge_event(d, CASE_WITHDRAW);
}

bool judge_modify(struct deed *d)
{
    if (d->r->amount_cents == 0) {
        deed_needs(d, "amount");
        return true;
    }
    return judge_event(d, CASE_MODIFY);
}

bool judge_reopen(struct deed *d)
{
    return judge_event(d, CASE_REOPEN);
}

bool judge_waybill(struct deed *d)
{
    struct str text = str_trim(d->r->text);
    if (text.n == 0) {
        deed_needs(d, "text");
        return true;
    }
    if (str_code_points(text) > LIMIT_NAME_CHARS) {
        d->ask.rule = ACTION_WHY_BAD_VALUE;
        return true;
    }
    d->step = (struct case_action){.tenant_id = d->r->tenant_id, .case_id = d->before.id, .who = d->who,
                                   .event = CASE_WAYBILL, .waybill = text, .now_ms = d->r->now_ms};
    d->step.who.confirmed = true;
    return try_step(d);
}

/** Evidence for a case that waits for it moves it on; any other case only keeps it. */
bool judge_evidence(struct deed *d)
{
    int64_t ids[LIMIT_EVIDENCE];
    size_t n = 0;
    if (d->r->evidence.n == 0) {
        deed_needs(d, "evidence");
        return true;
    }
    if (!judge_files(d, ids, &n))
        return false;
    return d->ask.rule != ACTION_WHY_NONE || judge_event(d, CASE_EVIDENCE);
}

bool do_evidence(struct deed *d)
{
    return do_step(d) && (d->dry || keep_evidence(d, d->before.id));
}

/** What a colleague does on the shop's side. Above what an agent may approve, a leader has to say yes to it. */
bool judge_step(struct deed *d)
{
    if (d->r->event == CASE_OPENED || d->r->event == CASE_TIMEOUT || d->r->event == CASE_PAID ||
        d->r->event == CASE_PAY_FAILED) { /* not things that people say */
        d->ask.rule = ACTION_WHY_ROLE;
        return true;
    }
    struct case_row_stored row;
    if (!judge_event(d, d->r->event))
        return false;
    if (d->r->event == CASE_CALCULATED && case_payer(d->before.c.type) == PAYER_INSURER) {
        d->ask.amount_cents = d->r->amount_cents;
        d->ask.most_cents = deed_rule(d, "insure.max", POLICY_NUMBER, 0);
    }
    if (d->ask.rule == ACTION_WHY_CASE && d->ask.case_answer == CASE_OVER_LIMIT) {
        d->ask.rule = ACTION_WHY_NONE;
        d->ask.case_answer = CASE_OK;
        d->ask.amount_cents = d->before.c.claimed_cents;
        d->ask.alone_cents = 0;
        d->ask.confirm = true;
        deed_show_case(d, &d->before);
        return true;
    }
    d->step.who.confirmed = d->who.confirmed;
    if (d->ask.rule == ACTION_WHY_NONE)
        d->ask.confirm = case_take_try(d->tx, d->a, &d->step, &row) == CASE_NEEDS_CONFIRM;
    return true;
}

bool do_step(struct deed *d)
{
    struct case_row_stored row;
    d->step.who.confirmed = true;
    if (d->dry)
        return true;
    if (case_take_in(d->tx, d->a, &d->step, &row) != CASE_OK)
        return false;
    deed_show_case(d, &row);
    return true;
}
