/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Training: makes a version of a shop's own understanding while the server runs: the pack's utterances and the shop's,
 * which count more where the two contradict. On a thread of its own, one at a time (nlu/train.h); the version's file is
 * there whole before its row says that it is trained.
 */

#include "account/actor.h"
#include "bot/ear.h"
#include "bot/release.h"

struct training;

/** @param dir  folder of the versions' files */
must_use struct training *training_new(struct store *store, struct ears *ears, const char *dir);
/** Finishes what runs. NULL is fine. */
void training_free(struct training *t);
/**
 * Before serving: what was in training when the program last ended has failed; what is in use and has no file (a backup
 * holds none) is made again, and until then the shipped understanding answers.
 */
void training_recover(struct training *t, int64_t now_ms);

/**
 * Begins to train a version of "zh" or "en". One a shop at a time: RELEASE_BUSY.
 * @param ret_number  of the version
 */
must_use enum release_answer training_start(struct training *t, const struct actor *who, struct str language,
                                            int64_t now_ms, int64_t *ret_number);
/** Makes a version's file again, from the rows that it was trained from: after a restore, or when the file was damaged. */
must_use enum release_answer training_repeat(struct training *t, const struct actor *who, int64_t number);

/** How far a shop's training is. */
struct training_progress {
    int64_t number;      /**< 0: none runs */
    int64_t done, total; /**< 0 of 1: it waits for another shop's */
};
struct training_progress training_progress_of(struct training *t, int64_t tenant_id);
