/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log of actions: what took a key, what waits for a second person, what the shop's own system has in hand; and what
 * becomes of these.
 *
 * Invariants   1. The person who asked never is the second person who says yes.
 *              2. What is settled is not settled again: the row's status is the guard.
 */
#include "trade/action_private.h"

#include "account/audit.h"
#include "trade/action_record.h"
#include "trade/case_record.h"
#include "trade/notice.h"
#include "trade/notice_service.h"
#include "trade/order_store.h"

/* ---- the log -------------------------------------------------------------------------------------------------------------------- */

static enum action_status status_of(enum action_answer a)
{
    switch (a) {
    case ACTION_DONE: return ACTION_IS_DONE;
    case ACTION_PENDING: return ACTION_IS_PENDING;
    case ACTION_NEEDS_SECOND: return ACTION_IS_WAITING;
    case ACTION_SAME:
    case ACTION_NEEDS_SLOT:
    case ACTION_NEEDS_CONFIRM:
    case ACTION_REFUSED:
    case ACTION_FAULT: break;
    }
    return ACTION_IS_REFUSED;
}

static bool is_logged(const struct deed *d)
{
    if (!action_row(d->r->action)->writes)
        return false;
    return d->out.answer != ACTION_NEEDS_SLOT && d->out.answer != ACTION_NEEDS_CONFIRM;
}

static struct rules_asked asked_of(const struct deed *d)
{
    if (d->f.kept != NULL)
        return rules_kept_asked(d->f.kept, d->a, &d->used);
    return (struct rules_asked){.json = case_used_json(d->a, &d->used)}; /* nothing was found: no rule was asked */
}

/** What of a row the outcome says. */
static void fill_outcome(const struct deed *d, struct action_logged *l)
{
    bool done = d->out.answer == ACTION_DONE;
    l->status = status_of(d->out.answer);
    l->why = d->out.why;
    l->case_id = d->out.has_case ? d->out.row.id : d->before.id;
    l->work_order_id = done ? d->out.work_order_id : 0;
    l->amount_cents = d->out.amount_cents;
    l->paid_cents = done ? d->paid_cents : 0; /* by rules alone, whoever asked */
    l->extra_ms = done ? d->extra_ms : 0;
    l->result = action_result_json(d->a, &d->out);
    struct rules_asked rules = asked_of(d);
    l->rules = rules.json;
    l->rules_digest = rules.digest;
    l->settled_ms = l->status == ACTION_IS_PENDING || l->status == ACTION_IS_WAITING ? 0 : d->r->now_ms;
}

/** Where the rules of today tell of the action. */
static unsigned channels(const struct deed *d)
{
    struct policy_value v;
    struct case_outcome unused = {0};
    struct case_rules general = d->f.rules;
    general.place = (struct policy_place){0};
    if (!case_rule(&general, "notice.channels", POLICY_BIT(POLICY_JSON), d->r->now_ms, &v, &unused))
        return 0;
    return notice_channels(rules_kept_json(d->f.kept, v.text), str_fmt(d->a, "action.%s", action_name(d->r->action)));
}

/** Of what was done to an order the buyer is told; a case's events tell of themselves. */
static bool tell_buyer(const struct deed *d, const struct action_logged *l)
{
    if (d->out.answer != ACTION_DONE || l->case_id != 0)
        return true;
    struct notice_action n = {
        .tenant_id = l->tenant_id, .log_id = l->id, .action = action_name(l->action), .buyer = l->buyer,
        .order_id = l->order_id, .ticket = d->out.ticket, .amount_cents = d->out.amount_cents, .due_ms = d->out.due_ms,
        .in = channels(d), .answered = action_is_buyers(&d->who) && l->conversation_id != 0, .now_ms = l->at_ms,
    };
    return notice_action_in(d->tx, d->a, &n) == STORE_OK;
}

/** What a person did, or asked for, is in the audit log too. */
static bool audit(const struct deed *d, const struct action_logged *l)
{
    if (d->who.person_id == 0)
        return true;
    struct str actor = str_fmt(d->a, "person:%lld", (long long)d->who.person_id);
    struct str object = str_fmt(d->a, "order:%.*s", STR_ARG(l->order_id));
    struct str detail = str_fmt(d->a, "{\"action\":\"%s\",\"id\":\"%lld\",\"status\":\"%s\",\"amount_cents\":%lld}",
                                action_name(l->action), (long long)l->id, action_status_name(l->status),
                                (long long)l->amount_cents);
    return audit_add(d->tx, l->tenant_id, d->r->now_ms, actor, "action", object, detail) == ACCOUNT_OK;
}

bool deed_log(struct deed *d)
{
    if (!is_logged(d))
        return true;
    const struct action_request *r = d->r;
    struct action_request kept = *r;
    if (d->before.id != 0) { /* a second person says yes to this case as it was, and to nothing that came after it */
        kept.case_id = d->before.id;
        kept.seen_version = d->before.version;
    }
    struct action_logged l = {
        .tenant_id = r->tenant_id, .id = r->id, .action = r->action, .actor = d->who.actor, .person_id = d->who.person_id,
        .conversation_id = r->conversation_id, .order_id = d->ask.found ? d->f.order.id : STR_NONE, .sub_id = r->sub_id,
        .buyer = d->ask.found ? d->f.order.buyer : d->who.buyer, .request = action_request_json(d->a, &kept), .at_ms = r->now_ms,
    };
    l.key = r->key.n > 0 ? r->key : str_fmt(d->a, "action:%lld", (long long)r->id);
    fill_outcome(d, &l);
    int rc = action_insert(d->tx, d->a, &l);
    if (rc == STORE_CONFLICT && l.status == ACTION_IS_REFUSED)
        return true; /* refused before under this id */
    if (rc == STORE_CONFLICT) /* refused before, and asked for again */
        rc = action_settle_row(d->tx, d->a, &l, ACTION_IS_REFUSED) == 1 ? STORE_OK : STORE_FAULT;
    return rc == STORE_OK && audit(d, &l) && tell_buyer(d, &l);
}

/** The result of what took the key. */
static bool take_logged(struct deed *d, const struct action_logged *l)
{
    static const enum action_answer answers[ACTION_STATUSES] = {
        ACTION_SAME, ACTION_PENDING, ACTION_NEEDS_SECOND, ACTION_REFUSED, ACTION_REFUSED};
    bool theirs = l->action == d->r->action && (!action_is_buyers(&d->who) || str_eq(d->who.buyer, l->buyer));
    if (!theirs) {
        d->out.answer = ACTION_REFUSED;
        d->out.why = ACTION_WHY_BAD_VALUE;
        return true;
    }
    if (!action_result_read(d->a, l->result, &d->out))
        return false;
    d->out.answer = answers[l->status];
    d->out.why = l->why;
    int rc = order_get_any(d->tx, d->a, l->tenant_id, l->order_id, &d->out.order);
    d->out.has_order = rc > 0;
    if (rc >= 0 && d->out.has_case)
        rc = case_get(d->tx, d->a, l->tenant_id, d->out.row.id, &d->out.row);
    return rc >= 0;
}

/** Whether the key is taken, and by what. 1, 0, or STORE_FAULT. */
int deed_find_key(struct deed *d)
{
    struct action_logged l;
    if (d->r->key.n == 0)
        return 0;
    int rc = action_of_key(d->tx, d->a, d->r->tenant_id, d->r->key, &l);
    if (rc <= 0)
        return rc;
    return take_logged(d, &l) ? 1 : STORE_FAULT;
}

/* ---- second persons and shop systems --------------------------------------------------------------------------------------------- */

static void refuse(struct deed *d, enum action_why why)
{
    d->out.answer = ACTION_REFUSED;
    d->out.why = why;
}

/** The row that waits, when @p who may say yes or no to it. False: a fault. d->out says why it may not be. */
static bool find_waiting(struct deed *d, struct action_logged *ret, bool *ret_ok)
{
    int rc = action_get(d->tx, d->a, d->r->tenant_id, d->r->approves, ret);
    bool second = d->who.actor == CASE_LEADER || d->who.actor == CASE_STAFF;
    *ret_ok = false;
    if (rc == 0)
        refuse(d, ACTION_WHY_NOT_FOUND);
    else if (rc > 0 && ret->status != ACTION_IS_WAITING)
        refuse(d, ACTION_WHY_STATUS);
    else if (rc > 0 && (!second || d->who.person_id == ret->person_id))
        refuse(d, ACTION_WHY_ROLE);
    else
        *ret_ok = rc > 0;
    return rc >= 0;
}

/** Brings a row to what has come of it. */
static bool settle(struct deed *d, struct action_logged *l, int64_t second_id)
{
    enum action_status from = l->status;
    fill_outcome(d, l);
    l->second_id = second_id;
    return action_settle_row(d->tx, d->a, l, from) == 1 && audit(d, l);
}

/** Does what has waited, by the second person's leave. */
bool deed_approve(struct deed *d)
{
    struct action_logged l;
    bool ok;
    struct action_request again = *d->r;
    if (!find_waiting(d, &l, &ok) || !ok)
        return !ok && d->out.answer == ACTION_REFUSED;
    if (!action_request_read(d->a, l.request, &again))
        return false;
    int64_t second_id = d->who.person_id;
    again.action = l.action;
    again.id = l.id;
    again.conversation_id = l.conversation_id;
    d->r = &again;
    d->who.confirmed = d->ask.approved = true;
    bool done = deed_walk(d) && settle(d, &l, second_id);
    d->r = NULL;
    return done;
}

void action_reject_in(struct tx *tx, struct arena *a, const struct action_request *r, struct str reason,
                      struct action_result *ret)
{
    struct deed d = {.tx = tx, .a = a, .r = r, .who = r->who};
    struct action_logged l;
    bool ok, found = find_waiting(&d, &l, &ok);
    if (found && ok) {
        d.out.text = reason;
        l.status = ACTION_IS_REJECTED;
        l.why = ACTION_WHY_ROLE;
        l.result = action_result_json(a, &d.out);
        l.second_id = r->who.person_id;
        l.settled_ms = r->now_ms;
        found = action_settle_row(tx, a, &l, ACTION_IS_WAITING) == 1 && audit(&d, &l);
    }
    *ret = found ? d.out : (struct action_result){.answer = ACTION_FAULT};
}

/** The order follows what the shop's system did, as far as it does not say so already. */
static bool follow(struct deed *d, const struct action_logged *l)
{
    struct action_request again = {.tenant_id = l->tenant_id, .id = l->id, .action = l->action,
                                   .who = {.actor = CASE_SYSTEM, .confirmed = true}, .now_ms = d->r->now_ms,
                                   .conversation_id = l->conversation_id};
    if (!action_request_read(d->a, l->request, &again))
        return false;
    d->r = &again;
    d->ask.approved = true;
    bool ok = deed_walk(d);
    d->out.answer = ACTION_DONE;
    d->out.why = ACTION_WHY_NONE;
    d->out.case_answer = CASE_OK;
    return ok;
}

void action_settle_in(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t action_id, bool done, struct str reason,
                      int64_t now_ms, struct action_result *ret)
{
    struct action_logged l;
    struct action_request r = {.tenant_id = tenant_id, .id = action_id, .now_ms = now_ms};
    struct deed d = {.tx = tx, .a = a, .r = &r, .who = {.actor = CASE_SYSTEM}};
    int rc = action_get(tx, a, tenant_id, action_id, &l);
    bool ok = rc > 0;
    r.action = ok ? l.action : ACTION_NONE;
    if (ok && l.status != ACTION_IS_PENDING) {
        ok = take_logged(&d, &l);
        d.out.answer = ACTION_SAME;
    } else if (ok) {
        d.out.text = reason;
        refuse(&d, ACTION_WHY_SHOP_SYSTEM);
        ok = !done || follow(&d, &l);
        d.r = &r;
        ok = ok && settle(&d, &l, 0);
    }
    *ret = ok ? d.out : (struct action_result){.answer = ACTION_FAULT};
}
