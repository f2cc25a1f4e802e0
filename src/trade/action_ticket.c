/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Actions that give a team something to do: chase the parcel, bring it back, write an invoice.
 *
 * A wish that is being worked on already is told with its ticket and made no second time.
 */
#include "trade/action_private.h"

#include "base/limit.h"
#include "base/time.h"
#include "trade/order_store.h"
#include "trade/work_order_service.h"

/** The parcel that it is about: the one with the newest event, else the last. */
static const struct parcel *parcel_of(const struct order *o)
{
    const struct parcel *p = o->parcel_count > 0 ? &o->parcels[o->parcel_count - 1] : NULL;
    order_last_event(o, &p);
    return p;
}

static void show_parcel(struct deed *d)
{
    const struct parcel *p = parcel_of(&d->f.order);
    if (p == NULL)
        return;
    d->out.carrier = p->carrier;
    d->out.carrier_phone = p->carrier_phone;
    d->out.tracking_no = p->tracking_no;
}

static void show_ticket(struct deed *d, const struct work_order *w)
{
    d->out.work_order_id = w->id;
    d->out.ticket = work_order_ticket(d->a, w->day, w->number);
    d->out.due_ms = w->due_ms;
}

static struct str kind_of(const struct deed *d)
{
    return str_from(action_name(d->r->action));
}

/** The work order of its kind that is not done yet. */
static bool find_open(struct deed *d, struct work_order *ret, bool *ret_there)
{
    int rc = work_order_open_of(d->tx, d->a, d->r->tenant_id, d->f.order.id, kind_of(d), ret);
    *ret_there = rc > 0;
    return rc >= 0;
}

static bool make(struct deed *d, enum work_team team, struct str text)
{
    struct work_order w = {
        .tenant_id = d->r->tenant_id,
        .id = d->r->id,
        .team = team,
        .kind = kind_of(d),
        .order_id = d->f.order.id,
        .sub_id = d->r->sub_id,
        .buyer = d->f.order.buyer,
        .conversation_id = d->r->conversation_id,
        .text = text,
        .asked_by = d->who.person_id,
    };
    if (work_order_make(d->tx, d->a, &d->f.shop, d->term_ms, d->r->now_ms, d->dry, &w) != WORK_ORDER_OK)
        return false;
    show_ticket(d, &w);
    return true;
}

bool judge_urge(struct deed *d)
{
    struct work_order w;
    bool there;
    show_parcel(d);
    d->term_ms = deed_rule_today(d, "logistics.urge_answer", POLICY_DURATION, 0);
    if (!find_open(d, &w, &there))
        return false;
    int rc = there ? 1 : work_order_last_of(d->tx, d->a, d->r->tenant_id, d->f.order.id, kind_of(d), &w);
    if (rc <= 0)
        return rc == 0;
    int64_t again = w.created_ms + deed_rule_today(d, "logistics.urge_again", POLICY_DURATION, 0);
    if (!there && d->r->now_ms >= again)
        return true;
    d->ask.rule = ACTION_WHY_TOO_SOON;
    show_ticket(d, &w);
    return true;
}

bool do_urge(struct deed *d)
{
    bool on_its_way = d->f.order.status == ORDER_SHIPPED && d->f.order.parcel_count > 0;
    return make(d, on_its_way ? TEAM_LOGISTICS : TEAM_WAREHOUSE, str_trim(d->r->text));
}

bool judge_intercept(struct deed *d)
{
    struct work_order w;
    bool there;
    const struct parcel_event *last = order_last_event(&d->f.order, NULL);
    show_parcel(d);
    d->term_ms = deed_rule_today(d, "logistics.intercept_answer", POLICY_DURATION, 0);
    if (!find_open(d, &w, &there))
        return false;
    if (there) {
        d->ask.rule = ACTION_WHY_SAME_VALUE;
        show_ticket(d, &w);
    } else if (d->f.order.parcel_count == 0) {
        d->ask.rule = ACTION_WHY_NO_PARCEL;
    } else if (last != NULL && (last->kind == PARCEL_DELIVERED || last->kind == PARCEL_RETURNED)) {
        d->ask.rule = ACTION_WHY_STATUS;
    }
    return true;
}

/** The order says when its carrier was asked. */
static bool mark_order(struct deed *d)
{
    char at[TIME_TEXT];
    struct order_row row;
    if (order_row_get(d->tx, d->a, d->r->tenant_id, d->f.order.id, &row) <= 0)
        return false;
    _cleanup_(json_donep) json_t *body = json_read(row.body, NULL);
    json_object_set_new(body, "intercept_at", json_string(time_rfc3339(d->r->now_ms, 0, at)));
    row.body = json_dump(d->a, body);
    if (!order_parse(d->a, row.body, row.address, &d->out.order))
        return false;
    return d->dry || (order_put(d->tx, d->a, d->r->tenant_id, &d->out.order, &row, d->r->now_ms) == STORE_OK &&
                      shop_orders_raise(d->tx, d->r->tenant_id) == ACCOUNT_OK);
}

bool do_intercept(struct deed *d)
{
    return make(d, TEAM_LOGISTICS, str_trim(d->r->text)) && mark_order(d);
}

bool judge_invoice(struct deed *d)
{
    struct work_order w;
    struct str title = str_trim(d->r->text), tax_id = str_trim(d->r->tax_id);
    d->term_ms = deed_rule(d, "invoice.issue", POLICY_DURATION, 0);
    int rc = work_order_last_of(d->tx, d->a, d->r->tenant_id, d->f.order.id, kind_of(d), &w);
    if (rc < 0)
        return false;
    if (rc > 0) {
        d->ask.rule = ACTION_WHY_SAME_VALUE;
        show_ticket(d, &w);
    } else if (title.n == 0) {
        deed_needs(d, "text");
    } else if (str_code_points(title) > LIMIT_NAME_CHARS || (tax_id.n > 0 && !action_tax_id_ok(tax_id))) {
        d->ask.rule = ACTION_WHY_BAD_VALUE;
    }
    return true;
}

bool do_invoice(struct deed *d)
{
    struct str title = str_trim(d->r->text), tax_id = str_trim(d->r->tax_id);
    d->out.amount_cents = order_total_cents(&d->f.order);
    if (!make(d, TEAM_FINANCE, tax_id.n > 0 ? str_fmt(d->a, "%.*s\n%.*s", STR_ARG(title), STR_ARG(tax_id)) : title))
        return false;
    d->out.due_ms = d->r->now_ms + d->term_ms; /* days, as buyers count them */
    return true;
}
