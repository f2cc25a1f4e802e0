/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Rating: what a buyer may say about a service, about whom, and until when. Pure rules.
 */

#include "base/json.h"

#define RATING_OPEN_MS DAY_MS /**< after the close, and for changing after the first time */

enum {
    RATING_TEXT_MOST = 500, /**< code points */
    RATING_TAGS_MOST = 9,
};

/** What came of a rating. */
enum rating_answer {
    RATING_OK = 0,
    RATING_NOT_FOUND,  /**< no such conversation of this buyer */
    RATING_BAD,        /**< stars, tags or the message rated are not what they may be */
    RATING_LATE,       /**< the 24 hours are over */
    RATING_FAULT = -1,
};

/** A rating; exactly one of agent_id and bot_version says who is rated. */
struct rating {
    int64_t stars;     /**< 1..5 */
    int solved;        /**< 1 yes, 0 no, -1 not said */
    struct str tags;   /**< JSON array of codes */
    struct str text;
    int64_t agent_id;
    struct str bot_version;
    int64_t first_ms, at_ms;
};

/** True for known codes, each once (web/packages/shared/src/rating.ts shows them). */
bool rating_tags_good(const json_t *tags);

/** Who is rated: the person who served, if one did; otherwise the bot as it was. */
void rating_about(struct rating *r, int64_t served_by, struct str bot_version);

/**
 * Whether it may be given or changed now.
 *
 * @param closed_ms  0: the conversation is open
 * @param first_ms   0: it was not rated yet
 */
must_use enum rating_answer rating_may(int64_t closed_ms, int64_t first_ms, int64_t now_ms);
