/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Learning: the names under which reasons, states and deeds are stored.
 */
#include "knowledge/learning.h"

static const char *const reasons[] = {
    [LEARNING_UNANSWERED] = "unanswered", [LEARNING_ASKED_BACK] = "asked_back", [LEARNING_REJECTED] = "rejected",
    [LEARNING_REPEATED] = "repeated",     [LEARNING_THUMBED] = "thumbed_down",  [LEARNING_HANDED] = "handed_over",
    [LEARNING_CORRECTED] = "corrected",
};
static const char *const states[] = {
    [LEARNING_OPEN] = "open", [LEARNING_DONE] = "done", [LEARNING_IGNORED] = "ignored"};

/** Place of @p name in @p names, or @p n. */
static size_t place_of(const char *const *names, size_t n, struct str name)
{
    size_t i = 0;
    while (i < n && !str_eq_c(name, names[i]))
        i++;
    return i;
}

const char *learning_reason_name(enum learning_reason r)
{
    return reasons[r];
}

bool learning_reason_from_name(struct str name, enum learning_reason *ret)
{
    size_t i = place_of(reasons, COUNT(reasons), name);
    if (i < COUNT(reasons))
        *ret = (enum learning_reason)i;
    return i < COUNT(reasons);
}

const char *learning_state_name(enum learning_state s)
{
    return states[s];
}

bool learning_state_from_name(struct str name, enum learning_state *ret)
{
    size_t i = place_of(states, COUNT(states), name);
    if (i < COUNT(states))
        *ret = (enum learning_state)i;
    return i < COUNT(states);
}

const char *learning_deed_name(enum learning_deed d)
{
    static const char *const names[] = {
        [LEARNING_ASSIGN] = "assign", [LEARNING_SIMILAR] = "similar", [LEARNING_WRITE] = "write",
        [LEARNING_MERGE] = "merge",   [LEARNING_IGNORE] = "ignore",
    };
    return names[d];
}
