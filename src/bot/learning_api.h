/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Routes of learning: groups and items, what is done with them, utterances, settled cases. Registered with the bot. */

#include "net/route.h"

extern const struct route learning_routes[];
extern const size_t learning_route_count;
/** Utterances, settled cases and intents, in teaching_api.c. The same room. */
extern const struct route teaching_routes[];
extern const size_t teaching_route_count;
