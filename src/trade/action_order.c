/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Actions on the order itself: cancel, address, phone, variant, note, more time to confirm.
 *
 * Invariants   1. The stored order changes through order_put() alone, and every change raises shop.orders, by which caches see
 *                 it; its address through order_address_put(): what is kept of orders (trade/order_cache.h) has none.
 *              2. Pieces move between variants with the order that asked for them, in one unit.
 *              3. Money of a paid order goes back by a case, never from here.
 */
#include "trade/action_private.h"

#include "base/id.h"
#include "base/limit.h"
#include "base/time.h"
#include "trade/order_store.h"
#include "trade/product_store.h"

/* ---- writing the order ----------------------------------------------------------------------------------------------- */

/** An order in hand for a change. */
struct edit {
    struct order_row row;
    json_t *body; /* owned */
};

static void edit_done(struct edit *e)
{
    json_decref(e->body);
}

static bool edit_begin(struct deed *d, struct edit *ret)
{
    if (order_row_get(d->tx, d->a, d->r->tenant_id, d->f.order.id, &ret->row) <= 0)
        return false;
    ret->body = json_read(ret->row.body, NULL);
    return ret->body != NULL;
}

/** Stores the changed order, and shows it in the result. */
static bool edit_store(struct deed *d, struct edit *e)
{
    e->row.body = json_dump(d->a, e->body);
    if (!order_parse(d->a, e->row.body, e->row.address, &d->out.order))
        return false;
    if (d->dry)
        return true;
    return order_put(d->tx, d->a, d->r->tenant_id, &d->out.order, &e->row, d->r->now_ms) == STORE_OK &&
           shop_orders_raise(d->tx, d->r->tenant_id) == ACCOUNT_OK;
}

static void set_text(json_t *o, const char *key, struct str text)
{
    json_object_set_new(o, key, json_stringn(text.p != NULL ? text.p : "", text.n));
}

/* ---- cancel ------------------------------------------------------------------------------------------------------------ */

/** A refund of one sub-order that was not sent. The first case has the caller's id. */
static struct case_request refund_of(const struct deed *d, const struct order_item *item, bool first)
{
    return (struct case_request){
        .tenant_id = d->r->tenant_id,
        .id = first ? d->r->id : 0,
        .who = d->who,
        .order_id = d->f.order.id,
        .sub_id = item->sub_id,
        .type = CASE_REFUND_ONLY,
        .reason = d->r->reason.n > 0 ? d->r->reason : STR("not_wanted"),
        .good_record = d->opening.good_record,
        .by_hand = d->opening.by_hand,
        .now_ms = d->r->now_ms,
    };
}

/** Opens a case for each sub-order that has something left to give back; the first one is shown. */
static bool refund_items(struct deed *d, bool dry)
{
    enum case_answer first = CASE_OK, answer;
    d->out.has_case = false;
    d->out.amount_cents = d->paid_cents = 0;
    for (size_t i = 0; i < d->f.order.item_count; i++) {
        struct case_row_stored row;
        struct case_request r = refund_of(d, &d->f.order.items[i], !d->out.has_case);
        r.who.confirmed = true; /* asked for by action_decide() */
        answer = dry ? case_open_try(d->tx, d->a, &r, &row) : case_open_in(d->tx, d->a, &r, &row);
        if (answer == CASE_FAULT)
            return false;
        if (answer != CASE_OK) { /* it has a case already, or its money is back */
            first = first == CASE_OK ? answer : first;
            continue;
        }
        if (!d->out.has_case)
            d->out.row = row;
        d->out.has_case = true;
        d->out.amount_cents += row.c.claimed_cents;
        d->paid_cents += row.c.refunded_cents + row.c.reserved_cents;
    }
    return d->out.has_case || deed_takes(d, first);
}

bool judge_cancel(struct deed *d)
{
    bool full = false;
    if (d->f.order.status != ORDER_PAID)
        return true;
    if (!deed_good_record(d, &d->opening.good_record) || !refund_items(d, true))
        return false;
    if (d->paid_cents > 0 && !deed_is_full(d, d->paid_cents, &full))
        return false;
    if (!full)
        return true;
    d->opening.by_hand = true;
    return refund_items(d, true);
}

bool do_cancel(struct deed *d)
{
    if (d->f.order.status == ORDER_PAID) {
        if (!d->dry && !refund_items(d, false))
            return false;
        d->out.due_ms = d->out.row.c.due_ms;
        return true;
    }
    _cleanup_(edit_done) struct edit e = {0};
    if (!edit_begin(d, &e))
        return false;
    set_text(e.body, "status", str_from(order_status_name(ORDER_CLOSED)));
    if (d->r->reason.n > 0)
        set_text(e.body, "close_reason", d->r->reason);
    return edit_store(d, &e);
}

/* ---- address and phone -------------------------------------------------------------------------------------------------- */

bool judge_address(struct deed *d)
{
    const struct address *wanted = &d->r->address;
    if (str_trim(wanted->region).n == 0 || str_trim(wanted->detail).n == 0)
        deed_needs(d, "address");
    else if (str_trim(wanted->name).n == 0 && d->f.order.address.name.n == 0)
        deed_needs(d, "name");
    else if (str_trim(wanted->phone).n == 0 && d->f.order.address.phone.n == 0)
        deed_needs(d, "phone");
    else
        d->ask.rule = action_judge_address(&d->f.order.address, wanted, &d->address);
    return true;
}

bool judge_phone(struct deed *d)
{
    if (str_trim(d->r->address.phone).n == 0) {
        deed_needs(d, "phone");
        return true;
    }
    d->ask.rule = action_judge_phone(&d->f.order.address, d->r->address.phone);
    d->address = d->f.order.address;
    d->address.phone = str_trim(d->r->address.phone);
    return true;
}

bool do_address(struct deed *d)
{
    d->out.order = d->f.order;
    d->out.order.address = d->address;
    d->out.order.has_address = true;
    if (d->dry)
        return true;
    struct buf b = {.arena = d->a};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kt(&o, "name", d->address.name);
    jo_kt(&o, "phone", d->address.phone);
    jo_kt(&o, "region", d->address.region);
    jo_kt(&o, "detail", d->address.detail);
    jo_close(&o);
    return order_address_put(d->tx, d->a, d->r->tenant_id, d->f.order.id, buf_view(&b), d->r->now_ms) == STORE_OK;
}

/* ---- another variant ----------------------------------------------------------------------------------------------------- */

static int read_product(struct deed *d, json_t **ret_body, struct product *ret)
{
    int rc = product_body(d->tx, d->r->tenant_id, d->f.item->product, ret_body);
    if (rc > 0)
        product_read(d->a, *ret_body, ret);
    return rc;
}

bool judge_sku(struct deed *d)
{
    _cleanup_(json_donep) json_t *body = NULL;
    struct product p = {0};
    if (d->f.item == NULL)
        return true;
    if (d->r->sku.n == 0) {
        deed_needs(d, "sku");
        return true;
    }
    if (read_product(d, &body, &p) < 0)
        return false;
    const struct sku *to = product_sku(&p, d->r->sku);
    struct action_variant v = {.known = to != NULL, .quantity = d->f.item->quantity};
    if (to != NULL) {
        v.same = str_eq(to->id, d->f.item->sku);
        v.stock = to->stock;
        v.price_cents = to->price_cents;
        v.price_bought_cents = d->f.price_now_cents;
    }
    d->ask.rule = action_judge_variant(&v);
    d->sku = to;
    return true;
}

/** The pieces go back to the one and are taken from the other. */
static bool move_stock(struct deed *d)
{
    _cleanup_(json_donep) json_t *body = NULL;
    struct product p = {0};
    if (read_product(d, &body, &p) <= 0)
        return false;
    json_t *skus = json_object_get(body, "skus");
    for (size_t i = 0; i < json_array_size(skus); i++) {
        json_t *sku = json_array_get(skus, i);
        struct str id = json_str(sku, "id");
        int64_t move = str_eq(id, d->f.item->sku) ? d->f.item->quantity : str_eq(id, d->r->sku) ? -d->f.item->quantity : 0;
        if (move != 0)
            json_object_set_new(sku, "stock", json_integer(json_int(sku, "stock", 0) + move));
    }
    struct str text = json_dump(d->a, body);
    product_read(d->a, body, &p);
    return product_put(d->tx, d->r->tenant_id, &p, text, d->r->now_ms) == STORE_OK &&
           shop_catalog_raise(d->tx, d->r->tenant_id) == ACCOUNT_OK;
}

bool do_sku(struct deed *d)
{
    _cleanup_(edit_done) struct edit e = {0};
    if (!edit_begin(d, &e))
        return false;
    json_t *items = json_object_get(e.body, "items");
    for (size_t i = 0; i < json_array_size(items); i++) {
        json_t *item = json_array_get(items, i);
        if (!str_eq(json_str(item, "sub_id"), d->f.item->sub_id))
            continue;
        set_text(item, "sku", d->sku->id);
        if (json_object_get(item, "sku_text") != NULL)
            set_text(item, "sku_text", d->sku->text);
    }
    return (d->dry || move_stock(d)) && edit_store(d, &e);
}

/* ---- a note ---------------------------------------------------------------------------------------------------------------- */

static struct str note_with(struct deed *d)
{
    struct str text = str_trim(d->r->text), before = d->f.order.note;
    return before.n > 0 ? str_fmt(d->a, "%.*s\n%.*s", STR_ARG(before), STR_ARG(text)) : text;
}

bool judge_note(struct deed *d)
{
    struct str text = str_trim(d->r->text);
    if (text.n == 0)
        deed_needs(d, "text");
    else if (str_has(d->f.order.note, text))
        d->ask.rule = ACTION_WHY_SAME_VALUE;
    else if (!str_is_utf8(text) || str_code_points(note_with(d)) > LIMIT_NOTE_CHARS)
        d->ask.rule = ACTION_WHY_BAD_VALUE;
    return true;
}

bool do_note(struct deed *d)
{
    _cleanup_(edit_done) struct edit e = {0};
    if (!edit_begin(d, &e))
        return false;
    set_text(e.body, "note", note_with(d));
    return edit_store(d, &e);
}

/* ---- more time to confirm the receipt ---------------------------------------------------------------------------------------- */

bool judge_extension(struct deed *d)
{
    struct action_extension *e = &d->extension;
    int64_t cents;
    if (action_sums(d->tx, d->r->tenant_id, d->r->action, d->f.order.id, d->r->id, &e->count, &cents, &e->given_ms) < 0)
        return false;
    e->most_count = deed_rule(d, "order.extend_count", POLICY_NUMBER, 0);
    e->add_ms = deed_rule(d, "order.extend", POLICY_DURATION, 0);
    e->most_ms = deed_rule(d, "order.extend_max", POLICY_DURATION, 0);
    d->ask.rule = action_judge_extension(e);
    return true;
}

bool do_extension(struct deed *d)
{
    _cleanup_(edit_done) struct edit e = {0};
    int64_t given = d->f.order.extended_ms + d->extension.add_ms, until;
    if (!edit_begin(d, &e))
        return false;
    json_object_set_new(e.body, "extended_ms", json_integer(given));
    d->extra_ms = d->extension.add_ms;
    if (case_rule_due(&d->f.rules, "order.auto_confirm", d->f.order.created_ms, d->f.order.shipped_ms, &until, &d->used))
        d->out.due_ms = until + given;
    return edit_store(d, &e);
}
