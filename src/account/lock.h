/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Lock: how often a password may be tried for one name. An attempt is counted before the password is looked at, so
 * that many tries at once are no way around it; success clears the count.
 *
 * lock_attempt() is a pure rule; lock_stranger() applies it to names that nobody has, from a small table in memory, so
 * that a name which exists and one which does not are answered alike.
 */

#include "base/str.h"

struct lock {
    int64_t count;    /**< attempts since the last success */
    int64_t until_ms; /**< refused until then; 0: not locked */
};

/** Counts one attempt. False: locked, look at until_ms; nothing was counted. */
must_use bool lock_attempt(struct lock *l, int64_t now_ms);

/**
 * Counts an attempt on a name that does not exist. Any thread.
 * @param ret_until_ms  set when false is returned
 */
must_use bool lock_stranger(struct str shop_id, struct str sign_in, int64_t now_ms, int64_t *ret_until_ms);
