/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The rules of a shop, kept: all their versions as rules_all() gives them, with their JSON read. They are the same for all
 * orders of a shop until a rule changes, and an action asks for them three times.
 *
 * Each thread keeps its own, so nothing is locked. They are as exact as a read of their rows: what is kept was read under the
 * policy_token() that the caller's own transaction still has.
 */

#include "base/json_doc.h"
#include "store/store.h"
#include "trade/case.h"

struct rules_kept {
    const struct policy *rows; /**< by key, for case_rules */
    size_t n;
};

/**
 * @param ret  borrowed, as everything in it: until this thread asks again in another read or unit of work. Who hands a text
 *             of it on to live longer copies it
 * @return STORE_OK or STORE_FAULT
 */
must_use int rules_keep(struct tx *tx, int64_t tenant_id, struct rules_kept **ret);
/** The value of a rule that was found in it, read; NULL when it is no JSON. */
const struct json_node *rules_kept_json(struct rules_kept *k, struct str value);

/** Which versions of which rules were asked: the same few sets by all that is done. */
struct rules_asked {
    struct str json;   /**< case_used_json() of them */
    struct str digest; /**< of that, 128 bits in hexadecimal: its name for ever */
};
/** @param a     for what is not kept: a shop with rules for many categories may ask for more sets than are worth keeping
 *  @param used  all of its values from @p k */
struct rules_asked rules_kept_asked(struct rules_kept *k, struct arena *a, const struct case_outcome *used);
