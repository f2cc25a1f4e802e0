/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A full part of a knowledge base: all entries of a tenant as they were at some time, with their index. Bases of later
 * times share it and hold only what changed since. Immutable, counted; any thread.
 */

#include <stdatomic.h>

#include "knowledge/entry.h"
#include "store/store.h"

struct base_full {
    atomic_size_t holders;
    struct arena arena;
    int64_t tenant_id;
    const struct entry *entries;
    size_t n;
    uint32_t *by_id;           /**< places in entries, in order of ids */
    struct str *wordings;      /**< by document of the index: of each entry the question, then the similar ones */
    size_t wording_count;
    struct retrieval *index;
    struct base_full *next;    /**< in the list of fulls that keeps it */
};

/** Of given entries, which must outlive it. */
must_use struct base_full *base_full_new(const struct entry *entries, size_t n);
/** Of all entries in use of the tenant; NULL at a store fault. */
must_use struct base_full *base_full_read(struct tx *tx, int64_t tenant_id);
struct base_full *base_full_ref(struct base_full *f);
/** NULL is fine. */
void base_full_unref(struct base_full *f);
/** The place of an entry, or SIZE_MAX. */
size_t base_full_place(const struct base_full *f, struct str id);

/** What is other now than in a full part. */
struct base_changes {
    uint32_t *gone;        /**< places of entries that were changed or archived */
    size_t gone_count;
    struct entry *entries; /**< new ones, and changed ones as they are now */
    size_t n;
};
/**
 * Compares the stored versions with those of @p f and reads what is other, in @p a.
 * @param most  changes that are worth it
 * @return 1; 0: there are more than @p most; STORE_FAULT
 */
must_use int base_changes_read(struct tx *tx, struct arena *a, const struct base_full *f, size_t most,
                               struct base_changes *ret);

/** Wordings of @p n entries as documents whose items count from @p first on, and their texts in the same order; in @p a. */
size_t base_documents(struct arena *a, const struct entry *entries, size_t n, uint32_t first, struct retrieval_doc **ret_docs,
                      struct str **ret_wordings);

/** The newest full part of each tenant. Any thread. */
struct base_fulls;
must_use struct base_fulls *base_fulls_new(void);
void base_fulls_free(struct base_fulls *s);
/** Held for the caller, or NULL. */
must_use struct base_full *base_fulls_get(struct base_fulls *s, int64_t tenant_id);
/** Keeps @p f in the place of the one before. */
void base_fulls_put(struct base_fulls *s, struct base_full *f);
