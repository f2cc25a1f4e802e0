/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Inside of the case service: what is known of an order when a case on it is opened or moved. Reads, decides nothing. */

#include "account/shop.h"
#include "trade/case_service.h"
#include "trade/money.h"
#include "trade/rules_kept.h"

struct case_facts {
    struct shop shop;
    struct order order;
    const struct order_item *item;
    struct money_share share;        /**< of the item */
    struct case_rules rules;         /**< of `kept` */
    struct rules_kept *kept;
    int64_t ship_promise_ms;         /**< from payment to shipment, for orders of its day; 0: nobody said */
    struct ledger_sum taken;         /**< of the buyer's money for the item */
    int64_t price_now_cents;         /**< of what was bought; 0: not known */
    struct str seven_day;
    int64_t price_protect_days, warranty_days;
};

/** The order, its shop and the rules of its day, when @p who may see it; no item yet. */
must_use enum case_answer case_facts_order(struct tx *tx, struct arena *a, int64_t tenant_id, const struct case_who *who,
                                           struct str order_id, struct case_facts *ret);
/** The same of an order that was read for its buyer in this very read. */
must_use enum case_answer case_facts_of(struct tx *tx, struct arena *a, int64_t tenant_id, const struct order *order,
                                        struct case_facts *ret);
/** What is known of one item of that order; @p sub_id empty: its only one. */
must_use enum case_answer case_facts_item(struct tx *tx, struct arena *a, int64_t tenant_id, struct str sub_id,
                                          struct case_facts *f);
/** The order, when @p who may see it; @p sub_id empty: its only item. CASE_OK, CASE_NOT_FOUND or CASE_FAULT. */
must_use enum case_answer case_facts_read(struct tx *tx, struct arena *a, int64_t tenant_id, const struct case_who *who,
                                          struct str order_id, struct str sub_id, struct case_facts *ret);
/** Where the goods are, as the order says. */
enum case_goods case_facts_goods(const struct case_facts *f);
/** What may still be claimed of the item beside what other cases claim. */
int64_t case_facts_limit(const struct case_facts *f, const struct case_counts *counts);
/** What a case of @p type for @p quantity pieces is worth by the order and the rules, at most, beside the other cases. */
int64_t case_facts_amount(struct arena *a, const struct case_facts *f, const struct case_counts *counts, enum case_type type,
                          struct str reason, enum case_goods goods, int64_t quantity);
/** What the claim of @p c may be raised to by its buyer: what it is worth, and no more than is left. */
int64_t case_facts_claim(struct arena *a, const struct case_facts *f, const struct case_counts *counts, const struct trade_case *c);
/** How many pieces the buyer keeps, and what is left of what was paid for them. */
int64_t case_facts_kept(const struct case_facts *f, const struct case_counts *counts, int64_t *ret_paid_cents);
/** Whether it was shipped late, or is not shipped at @p now_ms although it should be. What was called off is late by that
 *  instant or never: case_counts.called_off_ms. */
bool case_facts_late(const struct case_facts *f, int64_t now_ms);
/** The number of a rule that was in force when the order was placed; @p otherwise when there is none. */
int64_t case_facts_number(const struct case_facts *f, const char *key, enum policy_kind kind, int64_t otherwise);
