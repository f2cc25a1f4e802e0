/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* SQL of entries and of a shop's own utterances. Asking goes through knowledge/knowledge_base.h. */

#include "knowledge/entry.h"
#include "store/store.h"

/** The shop's catalog version. 1: there; 0: no such tenant; STORE_FAULT. */
must_use int knowledge_version(struct tx *tx, int64_t tenant_id, int64_t *ret);
/** All entries in use of the tenant in order of ids, in @p a. 0, or STORE_FAULT. */
must_use int knowledge_list(struct tx *tx, struct arena *a, int64_t tenant_id, struct entry **ret, size_t *ret_n);

/** Which entries a page holds. */
struct knowledge_filter {
    struct str text;      /**< in question, similar questions or answer; empty: all */
    struct str layer;     /**< empty: all */
    bool archived;        /**< those taken out of use, instead of those in use */
    int64_t past_ms;      /**< only those whose days were over by then; 0: all */
};
/** In order of ids, after @p after. */
must_use int knowledge_page(struct tx *tx, struct arena *a, int64_t tenant_id, const struct knowledge_filter *f,
                            struct str after, int limit, struct entry **ret, size_t *ret_n);
/** In use or archived. 1: found, text in @p a; 0: not there; STORE_FAULT. */
must_use int knowledge_get(struct tx *tx, struct arena *a, int64_t tenant_id, struct str id, struct entry *ret);

/** An entry with its lists as the JSON that they are stored as. */
struct entry_row {
    const struct entry *entry;
    struct str similar, conditions;
    int64_t person_id; /**< who makes it so; 0: an import */
};
/**
 * Adds an entry, or changes it and raises its version; either way the new state is kept as a version.
 * 1: added; 2: changed; 0: it was the same; STORE_FAULT.
 */
must_use int knowledge_put(struct tx *tx, int64_t tenant_id, const struct entry_row *row, int64_t now_ms);

/** A state that an entry had, and who made it so. */
struct entry_version {
    struct entry entry;
    int64_t person_id, at_ms;
    struct str person; /**< name; empty: an import, or nobody known */
};
/** Newest first. 0, or STORE_FAULT. */
must_use int knowledge_versions(struct tx *tx, struct arena *a, int64_t tenant_id, struct str id,
                                struct entry_version **ret, size_t *ret_n);

/** Calls @p each with every utterance of the shop's own, in order of texts. 0, or STORE_FAULT. */
must_use int utterance_each(struct tx *tx, int64_t tenant_id,
                            void (*each)(void *arg, struct str intent, struct str text), void *arg);
struct utterance {
    struct str text, intent;
};
/** Those of an intent (empty: all), in order of texts, after @p after. 0, or STORE_FAULT. */
must_use int utterance_page(struct tx *tx, struct arena *a, int64_t tenant_id, struct str intent, struct str after,
                            int limit, struct utterance **ret, size_t *ret_n);
/** 1: added; 2: its intent changed; 0: it was the same; STORE_FAULT. */
must_use int utterance_put(struct tx *tx, int64_t tenant_id, struct str intent, struct str text);
/** The same by a trainer's action, which can be undone: what it said before is kept. */
must_use int utterance_teach(struct tx *tx, int64_t tenant_id, struct str intent, struct str text, int64_t action_id);
/** Takes back what an action taught. @return how many, or STORE_FAULT */
must_use int64_t utterance_unteach(struct tx *tx, int64_t tenant_id, int64_t action_id);
/** 1: it was there; 0: not; STORE_FAULT. */
must_use int64_t utterance_drop(struct tx *tx, int64_t tenant_id, struct str text);
/** The tenant, when there is exactly one. 1: *ret is it; 0: none or several; STORE_FAULT. */
must_use int utterance_only_shop(struct tx *tx, int64_t *ret);
