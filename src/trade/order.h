/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Orders: what was bought, where its parcels are, whether it is in trouble, and which order a buyer means. Pure.
 */

#include "base/json.h"

enum order_status { ORDER_UNPAID, ORDER_PAID, ORDER_SHIPPED, ORDER_DELIVERED, ORDER_FINISHED, ORDER_CLOSED };
#define ORDER_STATUSES 6
#define ORDER_BIT(status) (1u << (unsigned)(status))
#define ORDER_ANY ((1u << ORDER_STATUSES) - 1)

enum parcel_event_kind {
    PARCEL_PICKED_UP,
    PARCEL_IN_TRANSIT,
    PARCEL_OUT_FOR_DELIVERY,
    PARCEL_DELIVERED,
    PARCEL_EXCEPTION,
    PARCEL_RETURNED,
};

struct parcel_event {
    int64_t at_ms;
    enum parcel_event_kind kind;
    struct str place, text;
};

struct parcel {
    struct str carrier, carrier_phone, tracking_no;
    const struct parcel_event *events; /**< oldest first */
    size_t event_count;
};

struct order_item {
    struct str sub_id, product, sku;
    struct str title, sku_text; /**< as bought, when the shop's system said so; else empty and the catalog knows */
    int64_t quantity, paid_cents;
};

struct address {
    struct str name, phone, region, detail;
};

struct order {
    struct str id, buyer;
    enum order_status status;
    int64_t created_ms, paid_ms, shipped_ms, delivered_ms, finished_ms; /**< 0: not yet */
    const struct order_item *items;
    size_t item_count;
    const struct parcel *parcels;
    size_t parcel_count;
    int64_t freight_cents;
    bool freight_insured;
    struct str note;
    int64_t extended_ms;    /**< by which the time to confirm receipt was extended */
    int64_t intercept_ms;   /**< when its carrier was asked to bring it back; 0: was not */
    bool has_address;       /**< address was opened; it is sealed at rest */
    struct address address;
};

const char *order_status_name(enum order_status s);
bool order_status_from_name(struct str name, enum order_status *ret);
const char *parcel_event_name(enum parcel_event_kind k);
bool parcel_event_from_name(struct str name, enum parcel_event_kind *ret);

/**
 * Reads the import shape (checked at the import). Memory in @p a; its texts may be views into @p body and @p address, which
 * must live as long.
 * @param address  kept apart from the body; empty: that of the body, if it has one
 * @return false when @p body is no JSON
 */
must_use bool order_parse(struct arena *a, struct str body, struct str address, struct order *ret);
/** The same of a row of an import. In @p a. */
void order_read(struct arena *a, const json_t *body, struct order *ret);
/** What was paid for the items and freight. */
int64_t order_total_cents(const struct order *o);
/** The newest event over all parcels, or NULL; its parcel in @p ret_parcel when that is not NULL. */
const struct parcel_event *order_last_event(const struct order *o, const struct parcel **ret_parcel);
/** The item of that product, or NULL. */
const struct order_item *order_item_of(const struct order *o, struct str product_id);

/** "张**", "138****1234", region as it is, no detail: what a screen shows without a logged unmasking. In @p a. */
struct address address_masked(struct arena *a, const struct address *address);
struct str mask_name(struct arena *a, struct str name);
struct str mask_phone(struct arena *a, struct str phone);

/* ---- trouble ------------------------------------------------------------------------------------------------- */

enum order_trouble_kind {
    TROUBLE_NONE,
    TROUBLE_UNFINISHED, /**< delivered, receipt not confirmed yet: worth a word, no fault */
    TROUBLE_STALE,      /**< no parcel event for long */
    TROUBLE_NO_TRACE,   /**< said to be shipped, but never picked up */
    TROUBLE_LATE,       /**< paid, promise passed, not shipped */
    TROUBLE_RETURNED,   /**< the parcel goes back */
    TROUBLE_EXCEPTION,  /**< the carrier reported one */
};

struct order_trouble {
    enum order_trouble_kind kind;
    int severity;      /**< 0 none … 100; the higher one is shown and asked for first */
    int64_t since_ms;  /**< promise passed at, last event at */
};

/** Clocks that trouble is judged by, from policies and the shop; 0 switches its rule off. */
struct order_clocks {
    int64_t ship_promise_ms; /**< from payment to shipment */
    int64_t stale_ms;        /**< without a parcel event */
    int64_t no_trace_ms;     /**< from shipment to the first event */
};

/** The worst trouble of @p o at @p now_ms. */
struct order_trouble order_trouble(const struct order *o, const struct order_clocks *clocks, int64_t now_ms);
const char *order_trouble_name(enum order_trouble_kind k);

/* ---- which order is meant -------------------------------------------------------------------------------------- */

/** Statuses that an intent is about, as bits: "ship_track" is about a shipped order, else about one soon to be. */
struct order_fits {
    unsigned first, also;
};
/** ORDER_ANY first when the intent does not say. */
struct order_fits order_fits_intent(struct str intent);

/** What is known when an order has to be picked. */
struct pick_input {
    const struct order *orders; /**< the buyer's, newest first */
    size_t order_count;
    struct str clicked;         /**< order card or button pressed */
    struct str text;            /**< the buyer's words; order numbers are found in it */
    struct str number;          /**< ENTITY_ORDER_NO of the understanding, or empty */
    struct str product;         /**< product named in the text, or empty */
    struct str current;         /**< order that the conversation is about already, or empty */
    struct str entry;           /**< order of the page that the buyer came from */
    struct order_fits fits;     /**< order_fits_intent() */
    const struct order_clocks *clocks;
    int64_t now_ms;
};

enum pick_reason {
    PICK_CLICKED,
    PICK_NAMED,     /**< its number, the end of it, or its parcel's stands in the text */
    PICK_PRODUCT,   /**< the only one with the product named */
    PICK_CURRENT,   /**< the conversation is about it */
    PICK_ENTRY,
    PICK_ONLY,      /**< the only one there is */
    PICK_FITS,      /**< the only one that fits the intent */
    PICK_TROUBLE,   /**< the only one in serious trouble among those that fit */
    PICK_AMBIGUOUS, /**< several: ask, showing `choices` */
    PICK_UNKNOWN,   /**< a number was given that none of these has: look it up by `number` and buyer */
    PICK_NO_FIT,    /**< there are orders, none fits the intent: `choices` are the newest */
    PICK_NO_ORDERS,
};

#define PICK_CHOICES 5

struct pick {
    enum pick_reason reason;
    const struct order *order; /**< set for the reasons up to PICK_TROUBLE */
    const struct order *choices[PICK_CHOICES]; /**< best first: in trouble, then newest */
    size_t choice_count;
    struct str number;         /**< as the buyer wrote it, for PICK_UNKNOWN */
};

struct pick order_pick(const struct pick_input *in);
const char *pick_reason_name(enum pick_reason r);
