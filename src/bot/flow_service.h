/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What a shop owner does with flows: read them, save a draft of one's own, publish it, go one version back. Blocks: workers
 * only. Publishing is one unit of work; turns that run meanwhile finish with what they hold, the next ones take the new.
 *
 * Always true: what is live was read and held against flow_lint() without a finding; a flow keeps its id and its intents.
 */

#include "account/actor.h"
#include "bot/flow_book.h"
#include "bot/flow_store.h"

enum flow_change {
    FLOW_CHANGED = 0,
    FLOW_UNKNOWN,     /**< no such flow */
    FLOW_BAD,         /**< it cannot be read, or the lint found something */
    FLOW_NO_DRAFT,
    FLOW_NOTHING,     /**< the shipped version is the one in use already */
    FLOW_CHANGE_FAULT = STORE_FAULT,
};
#define FLOW_DOC_BYTES (32 * KIB)

/** What is wrong with a document, in @p a: sentences. */
struct flow_findings {
    struct arena *arena;
    ARRAY(struct str) list;
};

/** Everything about one flow of a shop. Texts in the arena. */
struct flow_detail {
    struct str shipped, live, draft; /**< JSON; live and draft empty: none of its own */
    struct flow_version *versions;   /**< newest first */
    size_t version_count;
};

/** Whether @p doc may be this flow's version; @p ret_plan in @p a. */
must_use enum flow_change flow_judge(struct arena *a, struct str id, const json_t *doc, struct flow_findings *findings,
                                     struct flow_plan *ret_plan);
must_use enum flow_change flow_read(struct store *store, struct arena *a, int64_t tenant_id, struct str id,
                                    struct flow_detail *ret);
/** All of a shop's own versions that are draft or live. */
must_use int flow_own(struct store *store, struct arena *a, int64_t tenant_id, struct flow_version **ret, size_t *ret_n);
/** Keeps it as the draft, in the place of an earlier one. */
must_use enum flow_change flow_save(struct store *store, struct arena *a, const struct actor *who, struct str id,
                                    const json_t *doc, int64_t now_ms, struct flow_findings *findings);
must_use enum flow_change flow_discard(struct store *store, struct arena *a, const struct actor *who, struct str id);
/** The draft answers from now on. */
must_use enum flow_change flow_publish(struct store *store, struct arena *a, const struct actor *who, struct str id,
                                       int64_t now_ms, struct flow_findings *findings);
/** One version back: to the one before, else to the shipped one. */
must_use enum flow_change flow_back(struct store *store, struct arena *a, const struct actor *who, struct str id, int64_t now_ms);
