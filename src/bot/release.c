/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Releases: which steps there are.
 *
 * Invariants   1. After any plan a language has at most one full and one grey version.
 *              2. A version that is in training or failed never answers.
 */
#include "bot/release.h"

static const char *const names[] = {
    [RELEASE_TRAINING] = "training", [RELEASE_DRAFT] = "draft",     [RELEASE_GREY] = "grey",
    [RELEASE_FULL] = "full",         [RELEASE_RETIRED] = "retired", [RELEASE_FAILED] = "failed",
};

const char *release_state_name(enum release_state s)
{
    return names[s];
}

bool release_state_from_name(struct str name, enum release_state *ret)
{
    for (size_t i = 0; i < COUNT(names); i++) {
        if (str_eq_c(name, names[i])) {
            *ret = (enum release_state)i;
            return true;
        }
    }
    return false;
}

bool release_is_grey(int64_t conversation_id, int64_t share)
{
    uint64_t h = (uint64_t)conversation_id * UINT64_C(0x9E3779B97F4A7C15); /* ids rise with time: their bits are mixed */
    h ^= h >> 32;
    h *= UINT64_C(0xD6E8FEB86659FD93);
    return (int64_t)((h >> 33) % 100) < share;
}

static const struct release *find(const struct release *list, size_t n, int64_t number)
{
    for (size_t i = 0; i < n; i++)
        if (list[i].number == number)
            return &list[i];
    return NULL;
}

/** The version of @p language that is in @p state, or NULL. */
static const struct release *in_state(const struct release *list, size_t n, struct str language,
                                      enum release_state state)
{
    for (size_t i = 0; i < n; i++)
        if (list[i].state == state && str_eq(list[i].language, language))
            return &list[i];
    return NULL;
}

static void move(struct release_plan *plan, const struct release *r, enum release_state state, int64_t share,
                 int64_t previous)
{
    assert(plan->n < RELEASE_MOVES);
    plan->moves[plan->n++] = (struct release_move){r->number, state, share, previous};
}

enum release_answer release_plan(const struct release *list, size_t n, int64_t number, int64_t share,
                                 struct release_plan *ret)
{
    const struct release *r = find(list, n, number);
    *ret = (struct release_plan){.n = 0};
    if (r == NULL)
        return RELEASE_NOT_FOUND;
    if (r->state == RELEASE_TRAINING || r->state == RELEASE_FAILED)
        return RELEASE_NOT_READY;
    const struct release *grey = in_state(list, n, r->language, RELEASE_GREY);
    const struct release *full = in_state(list, n, r->language, RELEASE_FULL);
    if (grey != NULL && grey != r)
        move(ret, grey, RELEASE_DRAFT, 0, grey->previous);
    if (share < 100) {
        move(ret, r, RELEASE_GREY, share, r->previous);
        return RELEASE_OK;
    }
    if (full != NULL && full != r)
        move(ret, full, RELEASE_RETIRED, 0, full->previous);
    move(ret, r, RELEASE_FULL, 0, full == r ? r->previous : full != NULL ? full->number : 0);
    return RELEASE_OK;
}

enum release_answer release_plan_back(const struct release *list, size_t n, struct str language,
                                      struct release_plan *ret)
{
    const struct release *grey = in_state(list, n, language, RELEASE_GREY);
    const struct release *full = in_state(list, n, language, RELEASE_FULL);
    *ret = (struct release_plan){.n = 0};
    if (grey != NULL) {
        move(ret, grey, RELEASE_DRAFT, 0, grey->previous);
        return RELEASE_OK;
    }
    if (full == NULL)
        return RELEASE_NOTHING;
    const struct release *before = find(list, n, full->previous);
    move(ret, full, RELEASE_RETIRED, 0, full->previous);
    if (before != NULL)
        move(ret, before, RELEASE_FULL, 0, before->previous);
    return RELEASE_OK;
}
