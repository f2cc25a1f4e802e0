/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Answer days: how often each stored entry answered, how buyers liked it, and how many turns the bot had, a UTC day at a
 * time. Derived from decisions and thumbs: a day that is over is counted once, when somebody first asks; today is counted
 * anew each time. So a turn pays nothing for it.
 */

#include "store/store.h"

#define ANSWER_DAYS 14 /**< looked back: this week and the one before */

/** Sums of one entry, or of all turns, over a span of days. */
struct answer_count {
    struct str knowledge_id; /**< empty: all turns of the bot */
    int64_t hits, helpful, unhelpful;
};

struct answer_counts {
    const struct answer_count *v;
    size_t n;
};

/** Sums over the last @p days days up to @p now_ms, today included, in @p a. Blocks. 0, or STORE_FAULT. */
must_use int answer_counts_read(struct store *store, struct arena *a, int64_t tenant_id, int days, int64_t now_ms,
                                struct answer_counts *ret);
/** Of that entry, or of all turns when @p id is empty; zeros when there is nothing. */
struct answer_count answer_count_of(const struct answer_counts *counts, struct str id);
