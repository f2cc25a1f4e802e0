/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What became of a wish: whatever brings the answer (the call, the shop's webhook, at once or days later), it ends here.
 *
 * Invariants   1. A wish is settled in one unit with its action or case and with the local copy of the order.
 *              2. A second answer changes nothing. What was given up may still be answered: then it is settled after all.
 */
#include "account/shop.h"
#include "base/id.h"
#include "base/log.h"
#include "trade/notice_service.h"
#include "trade/rules.h"
#include "trade/shop_system_private.h"
#include "trade/work_order_service.h"

/** Money that has left although the case had been made void: only people can put that right. */
static int tell_people(struct tx *tx, struct arena *a, const struct shop_wish *w, enum case_answer why, int64_t now_ms)
{
    struct shop shop;
    if (shop_get(tx, a, w->tenant_id, &shop) != ACCOUNT_OK)
        return STORE_FAULT;
    log_event(LOG_ERROR, "a payment was made for a case that does not wait for it", "tenant=%lld case=%lld why=%s",
              (long long)w->tenant_id, (long long)w->case_id, case_answer_name(why));
    struct work_order order = {
        .tenant_id = w->tenant_id, .id = id_new(now_ms), .team = TEAM_FINANCE, .kind = w->action, .order_id = w->order_id,
        .case_id = w->case_id, .buyer = w->buyer,
        .text = str_fmt(a, "%.*s: paid, but the case does not wait for it", STR_ARG(w->key)),
    };
    int64_t term_ms = rules_number(tx, a, w->tenant_id, "shop_system.people", POLICY_DURATION, now_ms, 0);
    return work_order_make(tx, a, &shop, term_ms, now_ms, false, &order) == WORK_ORDER_OK ? STORE_OK : STORE_FAULT;
}

int shop_system_move_case(struct tx *tx, struct arena *a, const struct shop_wish *w, bool paid, struct str why, int64_t now_ms)
{
    struct case_row_stored row;
    struct case_action step = {
        .tenant_id = w->tenant_id, .case_id = w->case_id, .who = {.actor = CASE_SYSTEM},
        .event = paid ? CASE_PAID : CASE_PAY_FAILED, .reason = why, .now_ms = now_ms,
    };
    enum case_answer answer = case_take_in(tx, a, &step, &row);
    if (answer == CASE_FAULT)
        return STORE_FAULT;
    return answer != CASE_OK && paid ? tell_people(tx, a, w, answer, now_ms) : STORE_OK;
}

/** The log row of an action that was pending; one that a person has settled meanwhile stays as it is. */
static int settle_action(struct tx *tx, struct arena *a, const struct shop_wish *w, bool done, struct str why,
                         int64_t now_ms)
{
    struct action_result result;
    action_settle_in(tx, a, w->tenant_id, w->id, done, why, now_ms, &result);
    if (result.answer == ACTION_FAULT)
        return STORE_FAULT;
    enum action action;
    if (result.answer != ACTION_DONE || !action_from_name(w->action, &action))
        return STORE_OK;
    struct notice_action n = {
        .tenant_id = w->tenant_id, .log_id = w->id, .action = action_name(action), .buyer = w->buyer,
        .order_id = w->order_id, .answered = true, .now_ms = now_ms, /* the chat hears it by shop_system_tell_service.c */
    };
    return notice_action_in(tx, a, &n);
}

int shop_system_settle(struct tx *tx, struct arena *a, int64_t tenant_id, struct str key,
                       const struct adapter_answer *answer, int64_t now_ms)
{
    struct shop_wish w;
    struct str why;
    bool done = answer->verdict == ADAPTER_DONE;
    int rc = shop_wish_of_key(tx, a, tenant_id, key, &w);
    if (rc <= 0 || w.state == SHOP_WISH_DONE || w.state == SHOP_WISH_REFUSED)
        return rc < 0 ? rc : 0;
    if (answer->order != NULL) {
        enum shop_news taken = shop_system_take(tx, a, tenant_id, "order", answer->version, answer->order, &why);
        if (taken == SHOP_NEWS_FAULT)
            return STORE_FAULT;
        if (taken == SHOP_NEWS_REFUSED) /* it is done all the same; the pull will bring the order */
            log_event(LOG_WARN, "an answer's order cannot be taken", "tenant=%lld key=%.*s why=\"%.*s\"", (long long)tenant_id,
                      STR_ARG(key), STR_ARG(why));
    }
    w.state = done ? SHOP_WISH_DONE : SHOP_WISH_REFUSED;
    w.code = answer->code;
    w.reason = answer->reason;
    w.reference = answer->reference;
    w.settled_ms = now_ms;
    w.tell_ms = w.case_id == 0 ? now_ms : 0; /* a case's events tell of themselves */
    if (shop_wish_settle(tx, &w) < 0)
        return STORE_FAULT;
    rc = w.case_id != 0 ? shop_system_move_case(tx, a, &w, done, answer->reason, now_ms)
                        : settle_action(tx, a, &w, done, answer->reason, now_ms);
    return rc < 0 ? rc : 1;
}
