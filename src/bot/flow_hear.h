/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Hearing for a job: what a message is to the job that is open: a yes, a value, a correction, giving up, or something else
 * that has nothing to do with it. Pure.
 */

#include "bot/flow.h"
#include "bot/listen.h"

struct flow_hearing {
    struct arena *arena;
    const struct flow_plan *plan;    /**< of the open job */
    const struct flow_stage *waited; /**< where it waits */
    const struct bot_state *state;
    const struct incoming *in;
    const struct request *request;
};

struct flow_heard {
    enum flow_event event;
    struct str chosen; /**< value of the option that was chosen, or empty */
    struct str text;   /**< what holds of the words */
    bool rewords;      /**< … in the place of the words that were told before */
    bool forced;       /**< it can be nothing else; otherwise it is a value only if one is found in it */
};

void flow_hear(const struct flow_hearing *h, struct flow_heard *ret);
/** The reason of an after-sale case that an intent speaks of ("quality_problem": quality_defect), or empty. */
struct str flow_reason_of(struct str intent);
/** The first reason of @p of whose words (kind because.REASON in packs/LANG/words.tsv) stand in @p text, or empty. */
struct str flow_reason_in(struct arena *a, struct str language, struct str text, const struct flow_list *of);
/** An option of a step as the state keeps it: value=label. In @p a. */
struct str flow_option(struct arena *a, struct str value, struct str label);
