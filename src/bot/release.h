/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Releases: the versions of a shop's own understanding, from training to full use and back. At most one version a language
 * is in full use and at most one more in grey use; where none is, the shipped understanding answers. Pure.
 */

#include "base/str.h"

enum release_state {
    RELEASE_TRAINING,
    RELEASE_DRAFT,   /**< trained, answers nobody */
    RELEASE_GREY,    /**< answers a share of the conversations */
    RELEASE_FULL,
    RELEASE_RETIRED, /**< was in full use */
    RELEASE_FAILED,  /**< its training failed */
};
const char *release_state_name(enum release_state s);
bool release_state_from_name(struct str name, enum release_state *ret);

struct release {
    int64_t number;           /**< 1, 2, … of the shop; 0 stands for the shipped one */
    struct str language;      /**< "zh" or "en" */
    enum release_state state;
    int64_t share;            /**< per cent, while grey */
    int64_t parent;           /**< in full use when it was trained */
    int64_t previous;         /**< what it took the place of */
    struct str source;        /**< version of its bytes (nlu_version()) */
    int64_t own_rows, all_rows, classes, bytes, took_ms;
    double accuracy;          /**< of held-out rows */
    struct str failure;
    struct str own;           /**< the shop's rows that it was trained from */
    int64_t person_id, created_ms, changed_ms;
};

/** Whether a grey version of @p share per cent answers this conversation: always the same for the same conversation. */
bool release_is_grey(int64_t conversation_id, int64_t share);

enum release_answer {
    RELEASE_OK = 0,
    RELEASE_NOT_FOUND = 1,
    RELEASE_NOT_READY = 2, /**< still in training, or failed */
    RELEASE_NOTHING = 3,   /**< nothing to roll back: the shipped understanding answers already */
    RELEASE_FAILS = 4,     /**< settled cases that must pass do not */
    RELEASE_BUSY = 5,      /**< the shop has a training that runs */
    RELEASE_FAULT = -1,
};

/** One version's new place. */
struct release_move {
    int64_t number;
    enum release_state state;
    int64_t share, previous;
};
#define RELEASE_MOVES 3
struct release_plan {
    struct release_move moves[RELEASE_MOVES];
    size_t n;
};

/** What has to change so that @p number answers @p share (1 … 100) per cent of its language's conversations. */
enum release_answer release_plan(const struct release *list, size_t n, int64_t number, int64_t share,
                                 struct release_plan *ret);
/** One step back: a grey version answers nobody; without one, the full one gives its place to what it replaced. */
enum release_answer release_plan_back(const struct release *list, size_t n, struct str language,
                                      struct release_plan *ret);
