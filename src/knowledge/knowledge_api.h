/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Routes of knowledge: the entries, for the shop's people. */

#include "knowledge/knowledge_base.h"
#include "net/route.h"

/** What the routes are registered with. */
struct knowledge_room {
    struct knowledge_cache *bases;
};

extern const struct route knowledge_routes[];
extern const size_t knowledge_route_count;
/** Writing, in knowledge_edit_api.c. The same room. */
extern const struct route knowledge_edit_routes[];
extern const size_t knowledge_edit_route_count;
