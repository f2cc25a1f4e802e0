/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Checks of stored data against the invariants of design.md, section 3: one SQL statement each, which finds breaches.
 */

#include "store/store.h"

struct check {
    const char *name;     /**< stable, for programs */
    const char *promise;  /**< what is always true, one sentence */
};

/** Number of checks, and one of them. */
size_t check_count(void);
const struct check *check_at(size_t i);
/** Runs check @p i in @p tx; @p say hears each breach (at most 20 are told). Breaches found, or STORE_FAULT. */
must_use int check_run(struct tx *tx, size_t i, void (*say)(void *arg, const struct check *c, struct str breach), void *arg);
