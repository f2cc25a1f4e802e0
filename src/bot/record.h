/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Record: what is kept of a turn beside its words, as JSON: what was understood and done (contract.md, section 2), and
 * the decision with its reason, for people and for replay.
 */

#include "bot/flow_task.h"
#include "bot/gather.h"
#include "bot/reply.h"

/** A turn as decided. */
struct record {
    struct arena *arena;
    const struct meaning *meaning;
    const struct understanding *understood; /**< NULL: no words */
    const struct gathered *g;
    const struct decision *decision;
    const struct flow_job *job; /**< NULL: none */
    struct mood mood;
    const struct bot_state *before;
    struct str language;       /**< of the reply */
    struct str shop_language;  /**< in which the shop's people read reasons */
    bool handed;               /**< a way was looked for */
    enum way way;
    struct str model;          /**< version of what heard the words; empty: no words */
    const struct record *also; /**< a second request of the same message, or NULL */
};

/** Fills turn's understood, action, input, outcome and reason. */
void record_turn(const struct record *r, struct turn *turn);
