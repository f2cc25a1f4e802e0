/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cards. The one place where an order or a product becomes JSON for screens, so that the widget, the console and the bot
 * show the same. Addresses leave here masked, always.
 */
#include "trade/card.h"

#include "base/texts.h"

struct str card_status_text(enum order_status s, struct str language)
{
    static const char *const keys[ORDER_STATUSES] = {
        [ORDER_UNPAID] = "order.status.unpaid",       [ORDER_PAID] = "order.status.paid",
        [ORDER_SHIPPED] = "order.status.shipped",     [ORDER_DELIVERED] = "order.status.delivered",
        [ORDER_FINISHED] = "order.status.finished",   [ORDER_CLOSED] = "order.status.closed",
    };
    return texts_get(language, keys[s]);
}

struct str card_event_text(enum parcel_event_kind k, struct str language)
{
    static const char *const keys[] = {
        [PARCEL_PICKED_UP] = "parcel.event.picked_up",
        [PARCEL_IN_TRANSIT] = "parcel.event.in_transit",
        [PARCEL_OUT_FOR_DELIVERY] = "parcel.event.out_for_delivery",
        [PARCEL_DELIVERED] = "parcel.event.delivered",
        [PARCEL_EXCEPTION] = "parcel.event.exception",
        [PARCEL_RETURNED] = "parcel.event.returned",
    };
    return texts_get(language, keys[k]);
}

struct str card_money(struct arena *a, int64_t cents, struct str currency)
{
    static const struct {
        const char *code, *sign;
        int decimals;
    } currencies[] = {{"CNY", "¥", 2}, {"USD", "$", 2}, {"EUR", "€", 2}, {"GBP", "£", 2}, {"JPY", "¥", 0}};
    const char *minus = cents < 0 ? "-" : "", *sign = "";
    uint64_t amount = cents < 0 ? 0 - (uint64_t)cents : (uint64_t)cents;
    int decimals = 2;
    bool known = false;
    for (size_t i = 0; i < COUNT(currencies); i++) {
        if (!str_eq_c(currency, currencies[i].code))
            continue;
        sign = currencies[i].sign;
        decimals = currencies[i].decimals;
        known = true;
    }
    struct buf b = {.arena = a};
    buf_reserve(&b, 48);
    buf_c(&b, minus);
    buf_c(&b, sign);
    buf_int(&b, (int64_t)(decimals == 0 ? amount : amount / 100));
    if (decimals > 0) {
        buf_char(&b, '.');
        buf_char(&b, (char)('0' + amount / 10 % 10));
        buf_char(&b, (char)('0' + amount % 10));
    }
    if (!known && currency.n > 0) {
        buf_char(&b, ' ');
        buf_str(&b, currency);
    }
    return buf_view(&b);
}

struct str card_item_title(const struct order_item *item, const struct catalog *c)
{
    if (item->title.n > 0)
        return item->title;
    const struct product *p = catalog_product(c, item->product);
    return p != NULL ? p->title : item->product;
}

struct str card_item_sku_text(const struct order_item *item, const struct catalog *c)
{
    if (item->sku_text.n > 0)
        return item->sku_text;
    const struct product *p = catalog_product(c, item->product);
    const struct sku *sku = p != NULL ? product_sku(p, item->sku) : NULL;
    return sku != NULL ? sku->text : item->sku;
}

static void write_item(struct json_out *o, const struct order_item *item, const struct catalog *c)
{
    jo_open(o);
    jo_kt(o, "title", card_item_title(item, c));
    jo_kt(o, "sku_text", card_item_sku_text(item, c));
    jo_kn(o, "quantity", item->quantity);
    jo_kn(o, "paid_cents", item->paid_cents);
    jo_kt(o, "product", item->product);
    jo_kt(o, "sub_id", item->sub_id);
    jo_close(o);
}

static void write_event(struct json_out *o, const struct parcel_event *e)
{
    jo_open(o);
    jo_kt(o, "text", e->text);
    jo_kt(o, "place", e->place);
    jo_kat(o, "at", e->at_ms);
    jo_kc(o, "kind", parcel_event_name(e->kind));
    jo_close(o);
}

static void write_order_members(struct json_out *o, const struct order *order, const struct catalog *c,
                                struct str language)
{
    const struct parcel_event *last = order_last_event(order, NULL);
    jo_kt(o, "order_id", order->id);
    jo_kc(o, "status", order_status_name(order->status));
    jo_kt(o, "status_text", card_status_text(order->status, language));
    jo_kn(o, "total_cents", order_total_cents(order));
    jo_kt(o, "currency", catalog_currency(c));
    jo_kat(o, "created_at", order->created_ms);
    jo_key(o, "items");
    jo_array(o);
    for (size_t i = 0; i < order->item_count; i++)
        write_item(o, &order->items[i], c);
    jo_array_end(o);
    jo_key(o, "trace");
    if (last != NULL)
        write_event(o, last);
    else
        jo_null(o);
}

void card_order(struct json_out *o, const struct order *order, const struct catalog *c, struct str language)
{
    jo_open(o);
    write_order_members(o, order, c, language);
    jo_close(o);
}

static void write_parcel(struct json_out *o, const struct parcel *p)
{
    jo_open(o);
    jo_kt(o, "carrier", p->carrier);
    jo_kt(o, "carrier_phone", p->carrier_phone);
    jo_kt(o, "tracking_no", p->tracking_no);
    jo_key(o, "events");
    jo_array(o);
    for (size_t i = p->event_count; i-- > 0;) /* newest first, as people read a trace */
        write_event(o, &p->events[i]);
    jo_array_end(o);
    jo_close(o);
}

static void write_address(struct json_out *o, struct arena *a, const struct order *order)
{
    struct address masked = address_masked(a, &order->address);
    jo_key(o, "address");
    jo_open(o);
    jo_kt(o, "name", masked.name);
    jo_kt(o, "phone", masked.phone);
    jo_kt(o, "region", masked.region);
    jo_kt(o, "detail", masked.detail);
    jo_close(o);
}

void card_order_full(struct json_out *o, struct arena *a, const struct order *order, const struct catalog *c,
                     struct str language)
{
    jo_open(o);
    write_order_members(o, order, c, language);
    jo_kat(o, "paid_at", order->paid_ms);
    jo_kat(o, "shipped_at", order->shipped_ms);
    jo_kn(o, "freight_cents", order->freight_cents);
    write_address(o, a, order);
    jo_key(o, "parcels");
    jo_array(o);
    for (size_t i = 0; i < order->parcel_count; i++)
        write_parcel(o, &order->parcels[i]);
    jo_array_end(o);
    jo_close(o);
}

static void write_product_members(struct json_out *o, const struct product *p, const struct catalog *c)
{
    jo_kt(o, "product_id", p->id);
    jo_kt(o, "title", p->title);
    jo_kn(o, "price_cents", p->price_cents);
    jo_kt(o, "currency", catalog_currency(c));
    jo_kt(o, "category", p->category);
    jo_kb(o, "in_stock", product_in_stock(p));
}

void card_product(struct json_out *o, const struct product *p, const struct catalog *c)
{
    jo_open(o);
    write_product_members(o, p, c);
    jo_close(o);
}

void card_product_full(struct json_out *o, const struct product *p, const struct catalog *c)
{
    jo_open(o);
    write_product_members(o, p, c);
    jo_key(o, "attributes");
    jo_open(o);
    for (size_t i = 0; i < p->attribute_count; i++) {
        jo_key_text(o, p->attributes[i].name);
        jo_text(o, p->attributes[i].value);
    }
    jo_close(o);
    jo_kt(o, "seven_day", p->seven_day);
    jo_key(o, "skus");
    jo_array(o);
    for (size_t i = 0; i < p->sku_count; i++) {
        jo_open(o);
        jo_kt(o, "id", p->skus[i].id);
        jo_kt(o, "text", p->skus[i].text);
        jo_kn(o, "price_cents", p->skus[i].price_cents);
        jo_kn(o, "stock", p->skus[i].stock);
        jo_close(o);
    }
    jo_array_end(o);
    jo_close(o);
}

struct str card_order_data(struct arena *a, const struct order *order, const struct catalog *c, struct str language)
{
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    jo_key(&o, "order");
    card_order(&o, order, c, language);
    return buf_view(&b);
}

struct str card_product_data(struct arena *a, const struct product *p, const struct catalog *c)
{
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    jo_key(&o, "product");
    card_product(&o, p, c);
    return buf_view(&b);
}
