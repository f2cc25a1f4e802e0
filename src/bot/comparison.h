/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Comparison: what a new version of understanding would change: held against the one in force, on the shop's settled cases
 * and on what buyers said lately. Pure.
 */

#include "knowledge/learning_store.h"
#include "nlu/understand.h"

enum verdict { VERDICT_SAME, VERDICT_CHANGED, VERDICT_BETTER, VERDICT_WORSE };
const char *verdict_name(enum verdict v);

/** How one version hears a text. */
struct heard {
    struct str intent; /**< "unclear" when it is not sure: the bot asks back then */
    struct str guess;  /**< its best guess, sure or not */
    double confidence;
};

struct compared {
    struct str text;     /**< of a case as it is; of a turn masked */
    struct str expected; /**< of a case; empty: nobody said */
    bool must_pass;
    struct heard before, after;
    enum verdict verdict;
};

struct comparison {
    ARRAY(struct compared) rows;       /**< cases first, then turns that would be heard otherwise */
    int64_t cases, right_before, right_after;
    int64_t turns, turns_changed;
    int64_t better, worse;
    int64_t must_pass_failed;          /**< by the new version */
};

/** Most changed turns that are listed. */
#define COMPARISON_TURNS 200

/**
 * @param before, after  of the same language
 * @param language       "zh" or "en": texts of the other are passed over
 * @param texts          what buyers said, newest first; the same text is looked at once
 */
void compare_versions(struct arena *a, const struct nlu *before, const struct nlu *after, struct str language,
                      const struct learning_case *cases, size_t case_count, const struct str *texts, size_t text_count,
                      struct comparison *ret);
