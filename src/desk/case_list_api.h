/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The route of open cases by deadline. */

#include "net/route.h"

extern const struct route case_list_routes[];
extern const size_t case_list_route_count;
