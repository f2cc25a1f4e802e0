/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Cases as JSON, for screens and `xiaoer show`. */

#include "base/json.h"
#include "trade/case_store.h"

/** Members of a case, without its history: id, type, state, who has to move, the deadline, the amounts. */
void case_card(struct json_out *o, const struct case_row_stored *row);
/** The same with its history: each event with who, why, the rules it went by, and what it moved. */
void case_card_full(struct json_out *o, struct arena *a, const struct case_row_stored *row,
                    const struct case_event_stored *events, size_t n);
