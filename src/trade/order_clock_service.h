/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Use cases of order clocks: setting them when an order or a case of it is stored, and firing those that are trade's own:
 * closing, confirming, refunding and compensating by the rules in force when the order was placed.
 *
 * Always true: what was over before the order came in is not done after the fact: whoever told us of the order has judged
 * it. A shop with a system of its own (trade/shop_system.h) says itself how its orders stand: theirs are neither closed nor
 * confirmed here. Policy `order.clocks` switches all of it off.
 */

#include "account/shop.h"
#include "trade/case_store.h"
#include "trade/order_clock_store.h"

/** A shop and all versions of its rules: read once for many of its orders. In an arena. */
struct order_rules {
    struct shop shop;
    struct case_rules rules; /**< `place` is of the order that order_rules_for() was asked for last */
    int64_t at_ms;           /**< when that order was placed */
};
must_use int order_rules_read(struct tx *tx, struct arena *a, int64_t tenant_id, struct order_rules *ret);
/** From now on the rules of the day of @p o, and of what was bought. 0, or STORE_FAULT. */
must_use int order_rules_for(struct tx *tx, struct arena *a, struct order_rules *r, const struct order *o);
/** The value of a rule of one of @p kinds (POLICY_BIT). */
bool order_rule(const struct order_rules *r, const char *key, unsigned kinds, struct policy_value *ret);
/** The number of a rule of that kind; 0 when there is none. */
int64_t order_rule_number(const struct order_rules *r, const char *key, enum policy_kind kind);
/** The terms of that order's clocks. */
void order_terms_read(struct tx *tx, struct arena *a, const struct order_rules *r, struct order_terms *ret);

/**
 * Sets the alarms of an order that was just stored, inside the same unit of work.
 * @param known  it was stored before
 * @return STORE_OK or STORE_FAULT
 */
must_use int order_clocks_set(struct tx *tx, struct arena *a, int64_t tenant_id, const struct order *o, bool known,
                              int64_t now_ms);
/** The same of a case that was just stored: when its buyer is to be reminded of goods to send back. */
must_use int order_clocks_set_case(struct tx *tx, struct arena *a, const struct case_row_stored *row);
/** What a broken promise of shipment is compensated with, over all sub-orders. 0, or STORE_FAULT. */
must_use int order_late_amount(struct tx *tx, struct arena *a, int64_t tenant_id, const struct order *o, int64_t *ret_cents);
/** Whether the alarm still holds of the order as it is: its due time; 0: it does not. */
int64_t order_alarm_due(struct arena *a, const struct order *o, const struct order_terms *t, const struct order_alarm *alarm);
/** Sets the clocks of orders that an earlier release stored without: once in the life of a database, else one look. Not the
 *  writer's thread. 0, or STORE_FAULT. */
int order_clocks_adopt(struct store *store, int64_t now_ms);
/**
 * Fires the alarms of trade/ that are due, in order, each once, also when another server does the same. Costs one look into
 * an index when none is. One caller at a time a process; not the writer's thread.
 * @return how many changed something, or STORE_FAULT
 */
int order_clock_tick(struct store *store, int64_t now_ms);
