/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Use cases of solutions: what fits a conversation now, the shop's table, and noting which one was taken. All block on the
 * store: workers only.
 */

#include "desk/desk_service.h"
#include "desk/solution_store.h"

enum solution_answer {
    SOLUTION_OK = 0,
    SOLUTION_NOT_FOUND,   /**< no such conversation or row, or not theirs to see */
    SOLUTION_NOT_ALLOWED, /**< the table is changed by leaders, owners and trainers */
    SOLUTION_FULL,        /**< SOLUTION_MOST are there */
    SOLUTION_STALE,       /**< somebody changed it since it was read */
    SOLUTION_FAULT = -1,
};

/** What fits a conversation, as it is told to screens. All text in the caller's arena. */
struct solutions {
    struct solution_scene scene;
    struct str order_id;
    int64_t case_id;      /**< of the order's open case; 0: none */
    struct {
        struct solution s;
        struct str words; /**< text with its values; empty: none, or a value of it is not known */
        struct str policy_value, policy_meaning; /**< of the rule in force when the order was placed */
        int64_t policy_from_ms;
        int64_t used;     /**< how often it was taken in the last 30 days */
    } item[SOLUTION_RANKED];
    size_t n;
};

/**
 * Ranks for a conversation that @p who may see. The problem is what copilot understood; the order is the one talked about,
 * else the one that the buyer came from, else the newest; its case the newest open one.
 * @param order_id  for that order instead; empty: found as said
 */
must_use enum solution_answer solutions_for(struct desk_room *room, struct arena *a, const struct actor *who,
                                            int64_t conversation_id, struct str order_id, struct solutions *ret);
/** Notes that @p use was taken (once a conversation and solution). */
must_use enum solution_answer solution_used(struct desk_room *room, const struct actor *who, struct solution_use *use);

/** The table of a shop: what ships for its language under what it changed and added, by id, in @p a. */
must_use int solution_table(struct tx *tx, struct arena *a, int64_t tenant_id, struct str language, struct solution **ret,
                            size_t *ret_n);
/** The table with the uses of the last 30 days. */
must_use enum solution_answer solutions_all(struct desk_room *room, struct arena *a, const struct actor *who,
                                            struct solution **ret, size_t *ret_n, struct solution_figure **ret_used,
                                            size_t *ret_used_n);
/** @param s  its version is the one that was read: 0 for one that ships or a new one */
must_use enum solution_answer solution_save(struct desk_room *room, const struct actor *who, struct solution *s,
                                            int64_t now_ms);
/** Deletes a shop's own; one that ships is again as it ships. */
must_use enum solution_answer solution_drop(struct desk_room *room, const struct actor *who, struct str id);
