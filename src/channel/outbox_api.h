/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Routes of the outbox: what waits, what died and why; sending a dead one on its way again, or giving it up (owners and
 * leaders, noted in the audit). Recipients leave masked. And the open route by which an SMS gateway reports deliveries, whose
 * path proves that we asked for the report.
 */

#include "net/route.h"

extern const struct route outbox_routes[];
extern const size_t outbox_route_count;
