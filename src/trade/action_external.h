/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Shops with a system of their own: there an action is done by that system, not here. The wish is kept as a pending row of
 * the log, in the unit of work of the turn, and is settled when the system has answered (action_settle_in()).
 */

#include "account/shop.h"
#include "trade/action_service.h"

/** Whether the shop's own system does this action: its setting `shop_system` names one that is not built in. */
bool action_external(struct arena *a, const struct shop *shop, enum action action);
