/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* SQL of the ledger. Entries are added and never changed. */

#include "store/store.h"
#include "trade/ledger.h"

/** What is stored under @p key. 0, or STORE_FAULT. */
must_use int ledger_get(struct tx *tx, int64_t tenant_id, struct str key, struct ledger_state *ret);
/** Totals of the buyer's own money (PAYER_ESCROW) for a sub-order; an empty @p sub_id: the whole order. */
must_use int ledger_of_order(struct tx *tx, int64_t tenant_id, struct str order_id, struct str sub_id,
                             struct ledger_sum *ret);
/** What has come back to the buyer of what was paid for an order. 0, or STORE_FAULT. */
must_use int ledger_refunded(struct tx *tx, int64_t tenant_id, struct str order_id, int64_t *ret_cents);
/**
 * Judges (trade/ledger.h) and stores a step.
 * @param paid_cents  for the sub-order: bounds what may be reserved of the buyer's own money
 * @return LEDGER_OK: stored; LEDGER_SAME: it was already; what else is wrong; LEDGER_FAULT
 */
must_use enum ledger_answer ledger_move(struct tx *tx, int64_t tenant_id, const struct ledger_entry *e, int64_t paid_cents);
