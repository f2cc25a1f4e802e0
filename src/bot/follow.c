/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Follow-ups: which values go on with which questions.
 *
 * Invariants   A row that names an intent comes before one that names a flow, so that the first row that fits is the
 *              special one.
 */
#include "bot/follow.h"

#include <string.h>

#define VARIANT (SLOT_COLOUR | SLOT_SIZE)
#define PARCEL  (SLOT_NUMBER | SLOT_DAY | SLOT_OTHER | SLOT_PRODUCT)

/** A row holds for one intent, or for a flow, or for what needs something read; the first that fits counts. */
static const struct row {
    const char *intent; /* or NULL */
    enum flow flow;     /* when neither intent nor needs are given */
    unsigned needs;
    unsigned slots;
    const char *to; /* NULL: the same again */
} rows[] = {
    /* variants */
    {"size_advice", .slots = SLOT_SIZE, .to = "size_chart"},
    {"size_chart", .slots = SLOT_SIZE, .to = NULL},
    {"order_modify_sku", .slots = VARIANT, .to = NULL},
    {"exchange_apply", .slots = VARIANT, .to = NULL},
    {.flow = FLOW_STOCK, .slots = VARIANT, .to = NULL},
    {.flow = FLOW_PRICE, .slots = VARIANT, .to = NULL},
    {.flow = FLOW_PRODUCT, .slots = VARIANT, .to = "stock_query"},
    {.flow = FLOW_SIZE, .slots = VARIANT, .to = "stock_query"},
    {.flow = FLOW_SEARCH, .slots = VARIANT, .to = "stock_query"},
    {.flow = FLOW_COMPARE, .slots = VARIANT, .to = "stock_query"},
    {"restock_notify", .slots = VARIANT, .to = "stock_query"},
    {"color_difference", .slots = VARIANT, .to = "stock_query"},
    /* measures */
    {.flow = FLOW_SIZE, .slots = SLOT_BODY, .to = "size_advice"},
    /* places */
    {"ship_fee", .slots = SLOT_REGION, .to = NULL},
    {"ship_region", .slots = SLOT_REGION, .to = NULL},
    {"ship_eta", .slots = SLOT_REGION, .to = "ship_region"}, /* how long it takes to a place, not where a parcel is */
    {"ship_time", .slots = SLOT_REGION, .to = "ship_region"},
    {"ship_carrier", .slots = SLOT_REGION, .to = "ship_region"},
    {"install_service", .slots = SLOT_REGION, .to = NULL},
    {"trade_in_subsidy", .slots = SLOT_REGION, .to = NULL},
    {"order_modify_address", .slots = SLOT_REGION, .to = NULL},
    /* products and orders */
    {.flow = FLOW_COMPARE, .slots = SLOT_PRODUCT, .to = NULL},
    {.flow = FLOW_SEARCH, .slots = SLOT_PRODUCT, .to = "product_search"},
    {.needs = NEED_PRODUCT, .slots = SLOT_PRODUCT, .to = NULL},
    {.needs = NEED_ORDERS, .slots = PARCEL, .to = NULL},
};

/** What a bare "why?" is about. */
static const struct {
    const char *last, *why;
} reasons[] = {
    {"ship_track", "ship_stuck"},       {"ship_eta", "ship_stuck"},
    {"order_status", "ship_stuck"},     {"ship_urge", "ship_time"},
    {"coupon_get", "coupon_unusable"},  {"refund_progress", "refund_progress"},
    {"refund_arrival", "refund_progress"},
};

static const char *const vague[] = {
    "product_search", "product_recommend", "product_attribute", "product_compare", "confirm_yes",      "confirm_no",
    "small_talk",     "unclear",           "order_modify_sku",  "order_duplicate", "agent_specific",   "continue_case",
    "complain_bot",   "stock_query",       "size_chart",        "size_advice",     "color_difference", "ship_region",
};

/** Tomorrow, next week: no order is of then. */
static bool is_coming(const struct when *w)
{
    bool counted = w->unit == WHEN_DAY || w->unit == WHEN_WEEK || w->unit == WHEN_MONTH;
    return w->lean == WHEN_COMING || (counted && w->from > 0);
}

static unsigned slot_of(const struct entity *e)
{
    switch (e->kind) {
    case ENTITY_COLOUR: return SLOT_COLOUR;
    case ENTITY_SIZE: return SLOT_SIZE;
    case ENTITY_HEIGHT:
    case ENTITY_WEIGHT:
    case ENTITY_FOOT: return SLOT_BODY;
    case ENTITY_REGION: return SLOT_REGION;
    case ENTITY_ORDER_NO:
    case ENTITY_TRACKING_NO: return SLOT_NUMBER;
    case ENTITY_DATE: return is_coming(&e->when) ? 0u : (unsigned)SLOT_DAY;
    case ENTITY_PERSON:
    case ENTITY_ADDRESS:
    case ENTITY_PHONE:
    case ENTITY_MONEY:
    case ENTITY_QUANTITY: break;
    }
    return 0;
}

unsigned follow_slots(const struct understanding *u, const struct marks *m)
{
    unsigned slots = m->other ? SLOT_OTHER : 0;
    for (size_t i = 0; i < u->entity_count; i++)
        slots |= slot_of(&u->entities[i]);
    return slots;
}

static bool fits(const struct row *r, const struct intent *last)
{
    if (r->intent != NULL)
        return strcmp(r->intent, last->id) == 0;
    return r->needs != 0 ? (last->needs & r->needs) != 0 : last->flow == r->flow;
}

const struct intent *follow_intent(const struct intent *last, unsigned slots)
{
    if (last == NULL || last->flow == FLOW_UNCLEAR)
        return NULL;
    for (size_t i = 0; i < COUNT(rows); i++)
        if ((rows[i].slots & slots) != 0 && fits(&rows[i], last))
            return rows[i].to != NULL ? intent_find(str_from(rows[i].to)) : last;
    return NULL;
}

const struct intent *follow_why(const struct intent *last)
{
    for (size_t i = 0; i < COUNT(reasons); i++)
        if (strcmp(reasons[i].last, last->id) == 0)
            return intent_find(str_from(reasons[i].why));
    return last;
}

bool follow_is_vague(const struct intent *in)
{
    for (size_t i = 0; i < COUNT(vague); i++)
        if (strcmp(vague[i], in->id) == 0)
            return true;
    return false;
}
