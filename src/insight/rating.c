/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rating: the rules.
 */
#include "insight/rating.h"

/* A code is never reused for another meaning: they are counted over years. */
static const char *const tags_known[] = {
    "fast",   "friendly", "skilled",  "helpful", /* praise */
    "slow",   "unfriendly", "beside", "unsolved", "hard_to_reach",
};

bool rating_tags_good(const json_t *tags)
{
    unsigned seen = 0;
    for (size_t i = 0; i < json_array_size(tags); i++) {
        struct str tag = json_text(json_array_get(tags, i));
        size_t k = 0;
        while (k < COUNT(tags_known) && !str_eq_c(tag, tags_known[k]))
            k++;
        if (k == COUNT(tags_known) || (seen & (1u << k)) != 0)
            return false;
        seen |= 1u << k;
    }
    return true;
}

void rating_about(struct rating *r, int64_t served_by, struct str bot_version)
{
    r->agent_id = served_by;
    r->bot_version = served_by != 0 ? STR_NONE : bot_version.n > 0 ? bot_version : STR("bot");
}

enum rating_answer rating_may(int64_t closed_ms, int64_t first_ms, int64_t now_ms)
{
    if (closed_ms != 0 && now_ms - closed_ms >= RATING_OPEN_MS)
        return RATING_LATE;
    if (first_ms != 0 && now_ms - first_ms >= RATING_OPEN_MS)
        return RATING_LATE;
    return RATING_OK;
}
