/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Routes of reminders: whether a buyer wants to be told anything unasked. */

#include "net/route.h"

extern const struct route care_routes[];
extern const size_t care_route_count;
