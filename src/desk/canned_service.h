/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Canned replies: sentences that people send often. The shop's are for all and written by leaders, owners and trainers;
 * everybody has their own besides.
 */

#include "account/actor.h"
#include "desk/canned_store.h"

enum canned_answer {
    CANNED_OK = 0,
    CANNED_NOT_FOUND,   /**< there is none, or it is somebody else's own */
    CANNED_NOT_ALLOWED, /**< the shop's replies are not theirs to change */
    CANNED_FULL,        /**< CANNED_MOST are there */
    CANNED_FAULT = -1,
};
#define CANNED_MOST 500 /**< of the shop, and of each person */

/** @param c  id 0: a new one, which gets its id; otherwise the stored one is changed */
must_use enum canned_answer canned_save(struct store *store, const struct actor *who, struct canned *c,
                                        int64_t now_ms);
must_use enum canned_answer canned_drop(struct store *store, const struct actor *who, int64_t id);
/** Gives a shop that has none the replies of packs/LANG/canned.tsv: for the demo. */
must_use enum canned_answer canned_defaults(struct store *store, int64_t tenant_id, struct str language,
                                            int64_t now_ms);
