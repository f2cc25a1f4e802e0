/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts for cases: the order, what was paid for the item, the rules of its day.
 */
#include "trade/case_facts.h"

#include "base/time.h"
#include "trade/calendar.h"
#include "trade/case_private.h"
#include "trade/ledger_store.h"
#include "trade/order_store.h"
#include "trade/product_store.h"

static const struct order_item *find_item(const struct order *o, struct str sub_id)
{
    if (sub_id.n == 0)
        return o->item_count == 1 ? &o->items[0] : NULL;
    for (size_t i = 0; i < o->item_count; i++)
        if (str_eq(o->items[i].sub_id, sub_id))
            return &o->items[i];
    return NULL;
}

static struct money_share share_of(struct arena *a, const struct order *o, const struct order_item *item)
{
    struct money_share *shares = arena_array(a, struct money_share, o->item_count);
    money_shares(o, shares);
    return shares[item - o->items];
}

/** What the product says; a product that is gone says nothing. */
static int read_product(struct tx *tx, struct arena *a, int64_t tenant_id, struct case_facts *f)
{
    _cleanup_(json_donep) json_t *body = NULL;
    struct product p;
    f->price_protect_days = f->warranty_days = -1;
    int rc = product_body(tx, tenant_id, f->item->product, &body);
    if (rc <= 0)
        return rc;
    product_read(a, body, &p);
    f->rules.place = (struct policy_place){f->item->product, p.category};
    f->seven_day = p.seven_day;
    f->price_protect_days = p.price_protect_days;
    f->warranty_days = p.warranty_days;
    f->price_now_cents = p.price_cents;
    if (f->item->sku.n > 0 && p.sku_count > 0) { /* a variant that is gone has no price, whatever others cost */
        const struct sku *sku = product_sku(&p, f->item->sku);
        f->price_now_cents = sku != NULL ? sku->price_cents : 0;
    }
    return STORE_OK;
}

static int read_rules(struct tx *tx, struct arena *a, int64_t tenant_id, struct case_facts *f)
{
    if (shop_get(tx, a, tenant_id, &f->shop) != ACCOUNT_OK || rules_keep(tx, tenant_id, &f->kept) < 0)
        return STORE_FAULT;
    f->rules.rows = f->kept->rows;
    f->rules.n = f->kept->n;
    f->rules.zone = f->shop.time_zone;
    f->rules.calendar = calendar_of_zone(f->shop.time_zone);
    const struct json_node *own = json_doc_read(a, f->shop.settings); /* the shop's own promise comes first */
    if (!time_duration(json_doc_str(own, "ship_promise"), &f->ship_promise_ms))
        f->ship_promise_ms = case_facts_number(f, "ship.promise_default", POLICY_DURATION, 0);
    return STORE_OK;
}

enum case_answer case_facts_of(struct tx *tx, struct arena *a, int64_t tenant_id, const struct order *order,
                               struct case_facts *ret)
{
    struct case_facts f = {.order = *order};
    if (read_rules(tx, a, tenant_id, &f) < 0)
        return CASE_FAULT;
    *ret = f;
    return CASE_OK;
}

enum case_answer case_facts_order(struct tx *tx, struct arena *a, int64_t tenant_id, const struct case_who *who,
                                  struct str order_id, struct case_facts *ret)
{
    struct order order;
    bool buyers = who->actor == CASE_BUYER || who->actor == CASE_BOT;
    int rc = buyers ? order_get(tx, a, tenant_id, who->buyer, order_id, &order)
                    : order_get_any(tx, a, tenant_id, order_id, &order);
    if (rc <= 0)
        return rc < 0 ? CASE_FAULT : CASE_NOT_FOUND;
    return case_facts_of(tx, a, tenant_id, &order, ret);
}

enum case_answer case_facts_item(struct tx *tx, struct arena *a, int64_t tenant_id, struct str sub_id,
                                 struct case_facts *f)
{
    f->item = find_item(&f->order, sub_id);
    if (f->item == NULL)
        return CASE_NOT_FOUND;
    f->share = share_of(a, &f->order, f->item);
    if (read_product(tx, a, tenant_id, f) < 0 || ledger_of_order(tx, tenant_id, f->order.id, f->item->sub_id, &f->taken) < 0)
        return CASE_FAULT;
    return CASE_OK;
}

enum case_answer case_facts_read(struct tx *tx, struct arena *a, int64_t tenant_id, const struct case_who *who,
                                 struct str order_id, struct str sub_id, struct case_facts *ret)
{
    struct case_facts f;
    enum case_answer answer = case_facts_order(tx, a, tenant_id, who, order_id, &f);
    if (answer == CASE_OK)
        answer = case_facts_item(tx, a, tenant_id, sub_id, &f);
    if (answer == CASE_OK)
        *ret = f;
    return answer;
}

enum case_goods case_facts_goods(const struct case_facts *f)
{
    switch (f->order.status) {
    case ORDER_UNPAID:
    case ORDER_PAID: return GOODS_NOT_SHIPPED;
    case ORDER_SHIPPED: return GOODS_NOT_RECEIVED;
    case ORDER_DELIVERED:
    case ORDER_FINISHED:
    case ORDER_CLOSED: break;
    }
    return GOODS_RECEIVED;
}

int64_t case_facts_limit(const struct case_facts *f, const struct case_counts *counts)
{
    return f->share.goods_cents + f->share.freight_cents - ledger_taken(&f->taken) - counts->claimed_cents;
}

int64_t case_facts_number(const struct case_facts *f, const char *key, enum policy_kind kind, int64_t otherwise)
{
    struct case_outcome asked = {0};
    int64_t n;
    return case_rule_number(&f->rules, key, kind, f->order.created_ms, &n, &asked) ? n : otherwise;
}

int64_t case_facts_kept(const struct case_facts *f, const struct case_counts *counts, int64_t *ret_paid_cents)
{
    int64_t left = f->share.goods_cents - ledger_taken(&f->taken) - counts->claimed_cents;
    *ret_paid_cents = MAX(left, 0);
    return MAX(f->item->quantity - counts->pieces_gone, 0);
}

/** What the pieces that are kept cost more than now. */
static int64_t drop_amount(const struct case_facts *f, const struct case_counts *counts)
{
    int64_t paid, kept = case_facts_kept(f, counts, &paid);
    return kept > 0 && f->price_now_cents > 0 ? money_price_drop(paid, kept, f->price_now_cents) : 0;
}

/** What was paid for the pieces, less what price protection gave back of it; and the freight when nothing was sent or the
 *  shop is at fault and all of it goes back. */
static int64_t refund_amount(struct arena *a, const struct case_facts *f, const struct case_counts *counts, struct str reason,
                             enum case_goods goods, int64_t quantity)
{
    int64_t before = MIN(counts->pieces_gone, f->item->quantity - quantity);
    int64_t cents = money_part(MAX(f->share.goods_cents - counts->dropped_cents, 0), f->item->quantity, before, quantity);
    bool fault = str_eq_c(case_freight_payer(a, reason, &f->rules, f->order.created_ms), "seller");
    bool whole = quantity == f->item->quantity;
    return whole && (goods != GOODS_RECEIVED || fault) ? cents + f->share.freight_cents : cents;
}

static int64_t late_amount(const struct case_facts *f)
{
    return money_rate(f->share.goods_cents, case_facts_number(f, "ship.late.rate", POLICY_RATE, 0),
                      case_facts_number(f, "ship.late.min", POLICY_NUMBER, 0),
                      case_facts_number(f, "ship.late.max", POLICY_NUMBER, 0));
}

int64_t case_facts_amount(struct arena *a, const struct case_facts *f, const struct case_counts *counts, enum case_type type,
                          struct str reason, enum case_goods goods, int64_t quantity)
{
    switch (type) {
    case CASE_REFUND_ONLY:
    case CASE_RETURN_REFUND:
    case CASE_EXCHANGE:
    case CASE_REPAIR:
    case CASE_RESEND: return refund_amount(a, f, counts, reason, goods, quantity);
    case CASE_PRICE_PROTECT: return drop_amount(f, counts);
    case CASE_FREIGHT_INSURANCE:
        return MIN(case_facts_number(f, "return.freight_cents", POLICY_NUMBER, 0),
                   case_facts_number(f, "insure.max", POLICY_NUMBER, 0));
    case CASE_LATE_COMPENSATION: return late_amount(f);
    case CASE_COMPLAINT: break;
    }
    return 0;
}

int64_t case_facts_claim(struct arena *a, const struct case_facts *f, const struct case_counts *counts, const struct trade_case *c)
{
    int64_t worth = case_facts_amount(a, f, counts, c->type, c->reason, c->goods, c->quantity);
    return MIN(worth, case_facts_limit(f, counts));
}

bool case_facts_late(const struct case_facts *f, int64_t now_ms)
{
    int64_t promise = f->ship_promise_ms, paid = f->order.paid_ms;
    int64_t shipped = f->order.shipped_ms != 0 ? f->order.shipped_ms : now_ms;
    return promise > 0 && paid != 0 && shipped > paid + promise;
}
