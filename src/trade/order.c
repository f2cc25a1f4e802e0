/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Orders: reading the stored shape, masking, and the names of statuses and events. Which order is in trouble is decided
 * in trade/trouble.c, which one a buyer means in trade/pick.c.
 *
 * Invariants   Any JSON can be read: the import has checked the shape, and a member that is not there reads as nothing.
 */
#include "trade/order.h"

#include "base/json_doc.h"
#include "base/time.h"

static const char *const status_names[ORDER_STATUSES] = {
    [ORDER_UNPAID] = "unpaid",       [ORDER_PAID] = "paid",         [ORDER_SHIPPED] = "shipped",
    [ORDER_DELIVERED] = "delivered", [ORDER_FINISHED] = "finished", [ORDER_CLOSED] = "closed",
};

static const char *const event_names[] = {
    [PARCEL_PICKED_UP] = "picked_up",   [PARCEL_IN_TRANSIT] = "in_transit",
    [PARCEL_OUT_FOR_DELIVERY] = "out_for_delivery", [PARCEL_DELIVERED] = "delivered",
    [PARCEL_EXCEPTION] = "exception",   [PARCEL_RETURNED] = "returned",
};

const char *order_status_name(enum order_status s)
{
    return status_names[s];
}

bool order_status_from_name(struct str name, enum order_status *ret)
{
    for (size_t i = 0; i < COUNT(status_names); i++) {
        if (str_eq_c(name, status_names[i])) {
            *ret = (enum order_status)i;
            return true;
        }
    }
    return false;
}

const char *parcel_event_name(enum parcel_event_kind k)
{
    return event_names[k];
}

bool parcel_event_from_name(struct str name, enum parcel_event_kind *ret)
{
    for (size_t i = 0; i < COUNT(event_names); i++) {
        if (str_eq_c(name, event_names[i])) {
            *ret = (enum parcel_event_kind)i;
            return true;
        }
    }
    return false;
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static int64_t time_in(const struct json_node *o, const char *key)
{
    int64_t at = 0;
    return time_parse(json_doc_str(o, key), &at) ? at : 0;
}

static struct order_item read_item(const struct json_node *o)
{
    return (struct order_item){
        .sub_id = json_doc_str(o, "sub_id"),
        .product = json_doc_str(o, "product"),
        .sku = json_doc_str(o, "sku"),
        .title = json_doc_str(o, "title"),
        .sku_text = json_doc_str(o, "sku_text"),
        .quantity = json_doc_int(o, "quantity", 1),
        .paid_cents = json_doc_int(o, "paid_cents", 0),
    };
}

static void read_events(struct arena *a, const struct json_node *list, struct parcel *ret)
{
    struct parcel_event *events = arena_array(a, struct parcel_event, json_doc_count(list));
    size_t n = 0;
    JSON_DOC_EACH(o, list) {
        struct parcel_event e = {
            .at_ms = time_in(o, "at"), .place = json_doc_str(o, "place"), .text = json_doc_str(o, "text")};
        if (!parcel_event_from_name(json_doc_str(o, "kind"), &e.kind))
            continue;
        size_t at = n++;
        for (; at > 0 && events[at - 1].at_ms > e.at_ms; at--)
            events[at] = events[at - 1];
        events[at] = e;
    }
    ret->events = events;
    ret->event_count = n;
}

static struct parcel read_parcel(struct arena *a, const struct json_node *o)
{
    struct parcel p = {
        .carrier = json_doc_str(o, "carrier"),
        .carrier_phone = json_doc_str(o, "carrier_phone"),
        .tracking_no = json_doc_str(o, "tracking_no"),
    };
    read_events(a, json_doc_list(o, "events"), &p);
    return p;
}

static struct address read_address(const struct json_node *o)
{
    return (struct address){
        .name = json_doc_str(o, "name"),
        .phone = json_doc_str(o, "phone"),
        .region = json_doc_str(o, "region"),
        .detail = json_doc_str(o, "detail"),
    };
}

/** When the last parcel came, for shops whose system does not say it. */
static int64_t delivered_at(const struct order *o)
{
    int64_t at = 0;
    for (size_t i = 0; i < o->parcel_count; i++)
        for (size_t k = 0; k < o->parcels[i].event_count; k++)
            if (o->parcels[i].events[k].kind == PARCEL_DELIVERED)
                at = MAX(at, o->parcels[i].events[k].at_ms);
    return at;
}

static void read_items(struct arena *a, const struct json_node *list, struct order *ret)
{
    struct order_item *item = arena_array(a, struct order_item, json_doc_count(list));
    JSON_DOC_EACH(o, list)
        item[ret->item_count++] = read_item(o);
    ret->items = item;
}

static void read_parcels(struct arena *a, const struct json_node *list, struct order *ret)
{
    struct parcel *parcel = arena_array(a, struct parcel, json_doc_count(list));
    JSON_DOC_EACH(o, list)
        parcel[ret->parcel_count++] = read_parcel(a, o);
    ret->parcels = parcel;
}

static struct order read_body(struct arena *a, const struct json_node *body)
{
    struct order o = {
        .id = json_doc_str(body, "id"),
        .buyer = json_doc_str(body, "buyer"),
        .created_ms = time_in(body, "created_at"),
        .paid_ms = time_in(body, "paid_at"),
        .shipped_ms = time_in(body, "shipped_at"),
        .delivered_ms = time_in(body, "delivered_at"),
        .finished_ms = time_in(body, "finished_at"),
        .freight_cents = json_doc_int(body, "freight_cents", 0),
        .freight_insured = json_doc_flag(body, "freight_insured", false),
        .note = json_doc_str(body, "note"),
        .extended_ms = json_doc_int(body, "extended_ms", 0),
        .intercept_ms = time_in(body, "intercept_at"),
    };
    if (!order_status_from_name(json_doc_str(body, "status"), &o.status))
        o.status = ORDER_CLOSED; /* the import lets no other name in */
    read_items(a, json_doc_list(body, "items"), &o);
    read_parcels(a, json_doc_list(body, "parcels"), &o);
    if (o.delivered_ms == 0)
        o.delivered_ms = delivered_at(&o);
    return o;
}

bool order_parse(struct arena *a, struct str body, struct str address, struct order *ret)
{
    const struct json_node *doc = json_doc_read(a, body);
    const struct json_node *where = address.n > 0 ? json_doc_read(a, address) : json_doc_object(doc, "address");
    if (doc == NULL)
        return false;
    struct order o = read_body(a, doc);
    o.has_address = where != NULL;
    if (o.has_address)
        o.address = read_address(where);
    *ret = o;
    return true;
}

void order_read(struct arena *a, const json_t *body, struct order *ret)
{
    if (!order_parse(a, json_dump(a, body), STR_NONE, ret))
        *ret = (struct order){.status = ORDER_CLOSED};
}

int64_t order_total_cents(const struct order *o)
{
    int64_t sum = o->freight_cents;
    for (size_t i = 0; i < o->item_count; i++)
        sum += o->items[i].paid_cents;
    return sum;
}

const struct parcel_event *order_last_event(const struct order *o, const struct parcel **ret_parcel)
{
    const struct parcel_event *last = NULL;
    for (size_t i = 0; i < o->parcel_count; i++) {
        const struct parcel *p = &o->parcels[i];
        const struct parcel_event *e = p->event_count > 0 ? &p->events[p->event_count - 1] : NULL;
        if (e == NULL || (last != NULL && e->at_ms < last->at_ms))
            continue;
        last = e;
        if (ret_parcel != NULL)
            *ret_parcel = p;
    }
    return last;
}

const struct order_item *order_item_of(const struct order *o, struct str product_id)
{
    for (size_t i = 0; i < o->item_count; i++)
        if (str_eq(o->items[i].product, product_id))
            return &o->items[i];
    return NULL;
}

/* ---- masking ---------------------------------------------------------------------------------------------------- */

struct str mask_name(struct arena *a, struct str name)
{
    if (name.n == 0)
        return STR_NONE;
    return str_fmt(a, "%.*s**", STR_ARG(str_clip(name, 1)));
}

struct str mask_phone(struct arena *a, struct str phone)
{
    if (phone.n < 8) /* too short to show any part and hide the person */
        return phone.n > 0 ? STR("****") : STR_NONE;
    return str_fmt(a, "%.*s****%.*s", STR_ARG(str_sub(phone, 0, 3)), STR_ARG(str_sub(phone, phone.n - 4, 4)));
}

struct address address_masked(struct arena *a, const struct address *address)
{
    return (struct address){
        .name = mask_name(a, address->name),
        .phone = mask_phone(a, address->phone),
        .region = address->region,
        .detail = address->detail.n > 0 ? STR("****") : STR_NONE,
    };
}
