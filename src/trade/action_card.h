/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What came of an action, as JSON for screens: the answer with its reason, the case or ticket, amounts, the rules it went by. */

#include "base/json.h"
#include "trade/action_service.h"

/** Writes it as one value. */
void action_card(struct json_out *o, const struct action_request *r, const struct action_result *ret);
