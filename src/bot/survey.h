/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Survey: the items to learn from as groups of like texts, with what a trainer wants to know of each. Looking brings the
 * groups up to date: thumbs down since the last look become items, and items without a group get one.
 */

#include "bot/bot.h"
#include "knowledge/learning.h"

#define SURVEY_DAYS     90 /**< items older than that are not looked at */
#define SURVEY_ITEMS    20000 /**< nor more than the newest so many */
#define SURVEY_EXAMPLES 5

struct survey_group {
    int64_t id;
    const struct learning_item *best;  /**< the text nearest to the group's middle */
    struct str examples[SURVEY_EXAMPLES]; /**< different texts, newest first */
    size_t example_count;
    int64_t size;                      /**< items in the asked state */
    int64_t this_week, last_week;      /**< of them: the last seven days, and the seven before */
    int64_t by_reason[LEARNING_CORRECTED + 1];
    int64_t first_ms, last_ms;
    struct str corrected;              /**< intent that agents set most often, or empty */
    /* filled for those that are shown */
    struct str intent;                 /**< as heard now */
    double confidence;
    bool sure;
    struct str entry, entry_question;  /**< nearest now, whether it may answer or not; or empty */
    double match;
    double gain;                       /**< part of all turns of the last two weeks that the group's are */
};

struct survey {
    const struct survey_group *groups; /**< largest first */
    size_t n;
    size_t all;                        /**< groups that there are */
    int64_t items;                     /**< in the asked state */
    int64_t turns;                     /**< of the last two weeks */
};

/**
 * Blocks: workers only. @p ret is in @p a.
 * @return 0, or STORE_FAULT
 */
must_use int survey_read(struct bot *bot, struct arena *a, int64_t tenant_id, enum learning_state state, size_t most,
                         int64_t now_ms, struct survey *ret);
