/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Use cases of work orders: make one, and what its team does with it. Each is one unit of work with its event and, when a
 * person did it, a line in the audit log.
 */

#include "account/shop.h"
#include "trade/work_order_store.h"

enum work_order_answer { WORK_ORDER_OK, WORK_ORDER_NOT_FOUND, WORK_ORDER_NO_SUCH_STEP, WORK_ORDER_STALE, WORK_ORDER_FAULT = -1 };

/**
 * Gives a new work order its number, its due time and its first event, and stores it.
 * @param w        tenant, id, team, kind and what it is about are set; the rest is set here
 * @param term_ms  opening hours until the first answer is due
 * @param dry      only what it would be
 */
must_use enum work_order_answer work_order_make(struct tx *tx, struct arena *a, const struct shop *shop, int64_t term_ms,
                                          int64_t now_ms, bool dry, struct work_order *w);

struct work_step {
    int64_t tenant_id, id, person_id;
    enum work_event event;
    struct str text;
    int64_t seen_version; /**< 0: whatever it is now */
    int64_t now_ms;
};
/** A step by a person. In the caller's unit of work. @param ret  as it is after it */
must_use enum work_order_answer work_order_take_in(struct tx *tx, struct arena *a, const struct work_step *s,
                                             struct work_order *ret);
/** The same in a unit of its own. Any thread but the writer's. */
must_use enum work_order_answer work_order_take(struct store *store, struct arena *a, const struct work_step *s,
                                          struct work_order *ret);
