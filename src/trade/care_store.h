/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * SQL of care: what was said to a buyer unasked, once an event for ever, and who wants none of it. Below the bot, so that
 * whoever hears "no more reminders" can keep it.
 */

#include "store/store.h"

/** What came of an event. */
struct care_row {
    int64_t tenant_id;
    struct str buyer, care, event;
    struct str outcome;      /**< "sent", or why it was not */
    int64_t at_ms;
    struct str order_id;
};

/** 1: stored; 0: this event has a row; STORE_FAULT. */
must_use int care_put(struct tx *tx, const struct care_row *row);
/** What the guards ask of a buyer's past. */
struct care_past {
    bool known;        /**< this event has a row */
    bool stopped;      /**< the buyer wants none */
    int64_t last_ms;   /**< when one of this care was sent last; 0: never */
    int64_t sent;      /**< of any care since `since_ms` */
};
/** 0, or STORE_FAULT. */
must_use int care_past_of(struct tx *tx, int64_t tenant_id, struct str buyer, struct str care, struct str event,
                          int64_t since_ms, struct care_past *ret);

/** Whether the buyer wants none. 0, or STORE_FAULT. */
must_use int care_is_stopped(struct tx *tx, int64_t tenant_id, struct str buyer, bool *ret);
/** The buyer wants no reminders any more (action reminder.stop). 1: from now on; 0: it was so; STORE_FAULT. */
must_use int care_stop(struct tx *tx, int64_t tenant_id, struct str buyer, int64_t now_ms);
/** It wants them again. 1: from now on; 0: it was so; STORE_FAULT. */
must_use int care_resume(struct tx *tx, int64_t tenant_id, struct str buyer);
