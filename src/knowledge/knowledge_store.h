/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* SQL of entries and of a shop's own utterances. Asking goes through knowledge/knowledge_base.h. */

#include "knowledge/entry.h"
#include "store/store.h"

/** The shop's catalog version. 1: there; 0: no such tenant; STORE_FAULT. */
must_use int knowledge_version(struct tx *tx, int64_t tenant_id, int64_t *ret);
/** All entries of the tenant in order of ids, in @p a. 0, or STORE_FAULT. */
must_use int knowledge_list(struct tx *tx, struct arena *a, int64_t tenant_id, struct entry **ret, size_t *ret_n);
/** Entries whose question, similar questions or answer hold @p text (empty: all), with ids after @p after. */
must_use int knowledge_page(struct tx *tx, struct arena *a, int64_t tenant_id, struct str text, struct str after,
                            int limit, struct entry **ret, size_t *ret_n);
/** 1: found, text in @p a; 0: not there; STORE_FAULT. */
must_use int knowledge_get(struct tx *tx, struct arena *a, int64_t tenant_id, struct str id, struct entry *ret);

/** An entry with its lists as the JSON that they are stored as. */
struct entry_row {
    const struct entry *entry;
    struct str similar, conditions;
};
/** Adds an entry, or changes it and raises its version. 1: added; 2: changed; 0: it was the same; STORE_FAULT. */
must_use int knowledge_put(struct tx *tx, int64_t tenant_id, const struct entry_row *row, int64_t now_ms);

/** Calls @p each with every utterance of the shop's own. 0, or STORE_FAULT. */
must_use int utterance_each(struct tx *tx, int64_t tenant_id,
                            void (*each)(void *arg, struct str intent, struct str text), void *arg);
/** 1: added; 2: its intent changed; 0: it was the same; STORE_FAULT. */
must_use int utterance_put(struct tx *tx, int64_t tenant_id, struct str intent, struct str text);
/** The tenant, when there is exactly one. 1: *ret is it; 0: none or several; STORE_FAULT. */
must_use int utterance_only_shop(struct tx *tx, int64_t *ret);
