/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Saying what a job came to: its lines as sentences, questions with choices or a form, confirmations, cards. All figures come
 * from the order, the case, the action's result; each names its source.
 */

#include "bot/flow_task.h"
#include "bot/tell.h"

struct flow_saying {
    const struct flow_turn *turn;
    const struct flow_job *job;
    struct reply *reply;
    const struct tell *tell;   /**< for how the order stands */
    struct bot_state *after;   /**< choices are remembered here */
};

void flow_say(const struct flow_saying *s);
/** A text of the plan's own, of the packs, or empty. Borrowed. */
struct str flow_text(const struct flow_plan *p, struct str language, const char *key);
/** Values that a text may name. NULL-terminated. */
const char *const *flow_value_names(void);
