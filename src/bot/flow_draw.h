/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Pictures of flows as Mermaid text, for docs/flows.md and the console. Pure. */

#include "bot/flow_book.h"

/** One flow, in @p language ("zh" or "en") for its intents' names. */
void flow_draw(const struct flow_plan *p, struct str language, struct buf *out);
/** docs/flows.md: every shipped flow with its picture. */
void flow_draw_book(const struct flow_book *book, struct buf *out);
