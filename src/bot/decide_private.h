/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Inside of a decision: what the checks (decide.c) and the answers (decide_answer.c) share. */

#include <string.h>

#include "bot/decide.h"

static inline bool is(const struct meaning *m, const char *id)
{
    return strcmp(m->intent->id, id) == 0;
}

/** What the intent's own flow would do. */
struct decision decide_answer(const struct bot_state *s, const struct meaning *m, const struct facts *f);
/** What a job that is begun, or goes on, does. */
struct decision decide_about_task(const struct bot_state *s, const struct meaning *m, const struct facts *f);
