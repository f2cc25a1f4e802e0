/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Inside of a task: what its turn (flow_task.c) and its action (flow_deed.c) share. */

#include "bot/flow_task.h"

/** A turn of a job, while it is walked. */
struct doing {
    const struct flow_turn *t;
    struct flow_job *job;
    struct tx *tx;
    bool ask_only;
    bool other_order; /* than the job was about so far */
    enum flow_event event;
};

/** The item in hand, and its product. */
void flow_find_item(struct doing *w);
/** Whose money the way back is, by the rule of the day the order was placed. */
void flow_read_freight(struct doing *w);
bool flow_has_variants(const struct flow_job *job);
/** enum flow_has of the job, with what its last action brought. */
unsigned flow_has_of(const struct flow_job *job);
/** flow_world.try: @p arg is the struct doing. */
struct flow_answer flow_try(void *arg, const struct flow_act *act, bool sure, struct flow_world *now);
