/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handing on: what is asked of a shop's own system.
 *
 * How          A wish is a row beside a message in the outbox, stored with whatever made it. The message's key is the wish's,
 *              and the shop does it once under that key: so it can be sent as often as need be. What comes back is
 *              shop_system_settle_service.c's; when nothing does, people get it from here.
 * Invariants   1. Wish and message are of one unit with what made them.
 *              2. A payment whose outcome nobody knows is asked again under its first key, so that it cannot be paid twice.
 */
#include "account/shop.h"
#include "base/id.h"
#include "store/outbox.h"
#include "trade/rules.h"
#include "trade/shop_system_private.h"
#include "trade/work_order_service.h"

/* ---- asking ---------------------------------------------------------------------------------------------------------- */

int shop_system_takes(struct tx *tx, struct arena *a, int64_t tenant_id, enum action action, enum order_status status)
{
    struct shop_system s;
    if (!action_row(action)->external || (action == ACTION_ORDER_CANCEL && status != ORDER_UNPAID))
        return 0;
    int rc = shop_system_look(tx, a, tenant_id, &s);
    return rc <= 0 ? rc : shop_system_can(s.actions, str_from(action_name(action)));
}

static void put_address(struct json_out *o, const struct address *address)
{
    jo_key(o, "address");
    jo_open(o);
    jo_kt(o, "name", address->name);
    jo_kt(o, "phone", address->phone);
    jo_kt(o, "region", address->region);
    jo_kt(o, "detail", address->detail);
    jo_close(o);
}

/** Begins the message that is posted to the shop; its time is written when it is sent. */
static struct json_out begin_message(struct buf *b, const struct shop_wish *w)
{
    struct json_out o = json_to(b);
    jo_open(&o);
    jo_kc(&o, "type", "action.requested");
    jo_key(&o, "data");
    jo_open(&o);
    jo_kt(&o, "key", w->key);
    jo_kt(&o, "action", w->action);
    jo_kt(&o, "order_id", w->order_id);
    return o;
}

/** Puts the message into the outbox. @param round  of the outbox: a message that died is a new one there */
static int put_message(struct tx *tx, struct arena *a, const struct shop_wish *w, struct str body, int64_t round,
                       int64_t now_ms)
{
    struct outbox_item item = {
        .tenant_id = w->tenant_id,
        .id = id_new(now_ms),
        .kind = OUTBOX_SHOP,
        .key = round == 0 ? w->key : str_fmt(a, "%.*s/%lld", STR_ARG(w->key), (long long)round),
        .body = body,
        .subject = str_fmt(a, "order %.*s", STR_ARG(w->order_id)),
        .due_ms = now_ms,
        .created_ms = now_ms,
        .began_ms = now_ms,
    };
    return outbox_put(tx, &item) < 0 ? STORE_FAULT : STORE_OK;
}

static int64_t term(struct tx *tx, struct arena *a, int64_t tenant_id, const char *key, int64_t now_ms)
{
    return rules_number(tx, a, tenant_id, key, POLICY_DURATION, now_ms, 0);
}

int shop_system_ask(struct tx *tx, struct arena *a, const struct action_request *r, struct str buyer,
                    const struct address *address)
{
    struct shop_wish w = {
        .tenant_id = r->tenant_id,
        .id = r->id,
        .key = str_fmt(a, "act_%lld", (long long)r->id),
        .action = str_from(action_name(r->action)),
        .order_id = r->order_id,
        .buyer = buyer,
        .conversation_id = r->conversation_id,
        .asked_ms = r->now_ms,
        .tell_ms = r->now_ms + term(tx, a, r->tenant_id, "shop_system.slow", r->now_ms),
    };
    struct buf b = {.arena = a};
    struct json_out o = begin_message(&b, &w);
    const struct address *to = address != NULL ? address : &r->address;
    jo_kt(&o, "sub_id", r->sub_id);
    jo_kc(&o, "by", case_actor_name(r->who.actor));
    if (r->action == ACTION_ORDER_CHANGE_ADDRESS)
        put_address(&o, to);
    if (r->action == ACTION_ORDER_CHANGE_PHONE)
        jo_kt(&o, "phone", to->phone);
    if (r->sku.n > 0)
        jo_kt(&o, "sku", r->sku);
    if (r->text.n > 0)
        jo_kt(&o, "text", r->text);
    if (r->reason.n > 0)
        jo_kt(&o, "reason", r->reason);
    jo_close(&o);
    jo_close(&o);
    if (shop_wish_insert(tx, &w) < 0)
        return STORE_FAULT;
    return put_message(tx, a, &w, buf_view(&b), 0, r->now_ms);
}

/* ---- paying ------------------------------------------------------------------------------------------------------------ */

static struct str payment_message(struct arena *a, const struct shop_wish *w, const struct case_row_stored *row,
                                  struct str currency)
{
    struct buf b = {.arena = a};
    struct json_out o = begin_message(&b, w);
    jo_kt(&o, "sub_id", row->sub_id);
    jo_kc(&o, "by", case_actor_name(CASE_SYSTEM));
    jo_kid(&o, "case_id", row->id);
    jo_kc(&o, "case_type", case_type_name(row->c.type));
    jo_kc(&o, "payer", ledger_payer_name(case_payer(row->c.type)));
    jo_kn(&o, "amount_cents", row->c.reserved_cents);
    jo_kt(&o, "currency", currency);
    jo_kt(&o, "reason", row->c.reason);
    jo_close(&o);
    jo_close(&o);
    return buf_view(&b);
}

/** Asks once more what nobody has answered: the same wish under the same key. */
static int pay_again(struct tx *tx, struct arena *a, struct shop_wish *w, struct str body, int64_t now_ms)
{
    w->state = SHOP_WISH_WAITING;
    w->settled_ms = 0;
    if (shop_wish_settle(tx, w) < 0)
        return STORE_FAULT;
    return put_message(tx, a, w, body, now_ms, now_ms);
}

int shop_system_pay(struct tx *tx, struct arena *a, const struct case_row_stored *row, int64_t now_ms)
{
    struct shop_system s;
    struct shop shop;
    struct shop_wish before;
    int rc = shop_system_look(tx, a, row->tenant_id, &s);
    if (rc <= 0 || !shop_system_can(s.actions, STR(SHOP_PAYMENT)))
        return rc < 0 ? rc : STORE_OK;
    int there = shop_wish_of_case(tx, a, row->tenant_id, row->id, &before);
    if (there < 0 || shop_get(tx, a, row->tenant_id, &shop) != ACCOUNT_OK)
        return STORE_FAULT;
    if (there > 0 && before.state == SHOP_WISH_WAITING)
        return STORE_OK; /* it is on its way */
    if (there > 0 && before.state == SHOP_WISH_GIVEN_UP)
        return pay_again(tx, a, &before, payment_message(a, &before, row, shop.currency), now_ms);
    struct shop_wish w = {
        .tenant_id = row->tenant_id,
        .id = id_new(now_ms),
        .key = str_fmt(a, "pay_%lld_%lld", (long long)row->id, (long long)row->c.payments),
        .action = STR(SHOP_PAYMENT),
        .order_id = row->order_id,
        .case_id = row->id,
        .buyer = row->buyer,
        .asked_ms = now_ms,
    };
    if (there > 0 && before.state == SHOP_WISH_REFUSED) /* that one was not paid for certain */
        w.key = str_fmt(a, "%.*s_%lld", STR_ARG(w.key), (long long)row->version);
    if (shop_wish_insert(tx, &w) < 0)
        return STORE_FAULT;
    return put_message(tx, a, &w, payment_message(a, &w, row, shop.currency), 0, now_ms);
}

int shop_system_is_paying(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t case_id)
{
    struct shop_wish w;
    int rc = shop_wish_of_case(tx, a, tenant_id, case_id, &w);
    return rc <= 0 ? rc : w.state == SHOP_WISH_WAITING;
}

/* ---- giving up --------------------------------------------------------------------------------------------------------- */

int shop_system_give_up(struct tx *tx, struct arena *a, int64_t tenant_id, struct str key, struct str why, int64_t now_ms)
{
    struct shop_wish w;
    struct shop shop;
    int rc = shop_wish_of_key(tx, a, tenant_id, key, &w);
    if (rc <= 0 || w.state != SHOP_WISH_WAITING)
        return rc < 0 ? rc : STORE_OK;
    if (shop_get(tx, a, tenant_id, &shop) != ACCOUNT_OK)
        return STORE_FAULT;
    struct work_order order = {
        .tenant_id = tenant_id, .id = id_new(now_ms), .team = TEAM_SYSTEM, .kind = w.action, .order_id = w.order_id,
        .case_id = w.case_id, .buyer = w.buyer, .conversation_id = w.conversation_id,
        .text = str_fmt(a, "%.*s: %.*s", STR_ARG(w.key), STR_ARG(why)),
    };
    int64_t term_ms = term(tx, a, tenant_id, "shop_system.people", now_ms);
    if (work_order_make(tx, a, &shop, term_ms, now_ms, false, &order) != WORK_ORDER_OK)
        return STORE_FAULT;
    w.state = SHOP_WISH_GIVEN_UP;
    w.reason = why;
    w.ticket = work_order_ticket(a, order.day, order.number);
    w.settled_ms = now_ms;
    w.tell_ms = w.case_id == 0 ? now_ms : 0;
    if (shop_wish_settle(tx, &w) < 0)
        return STORE_FAULT;
    return w.case_id != 0 ? shop_system_move_case(tx, a, &w, false, why, now_ms) : STORE_OK;
}
