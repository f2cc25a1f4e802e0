/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Knowledge base: a tenant's entries in memory with a search index, as of one catalog version (shop.catalog). Immutable;
 * shared by threads through the cache.
 *
 *     const struct knowledge_base *kb = knowledge_hold(cache, tx, tenant_id);   // in a store_read()
 *     struct knowledge_choice choice = knowledge_ask(kb, a, text, &ctx, near, COUNT(near), &near_count);
 *     …
 *     knowledge_release(cache, kb);                                             // after the answer was used
 */

#include "knowledge/entry.h"
#include "store/store.h"

struct knowledge_base;
struct knowledge_cache;

must_use struct knowledge_cache *knowledge_cache_new(void);
/** Nobody may hold a base any more. NULL is fine. */
void knowledge_cache_free(struct knowledge_cache *kc);
/**
 * Holds the present base of @p tenant_id. The first one after a change reads what changed, or, the first time and after
 * many changes, all entries; meanwhile others get the one before. In a store_read(), not on the writer thread.
 * @return NULL at a store fault
 */
must_use const struct knowledge_base *knowledge_hold(struct knowledge_cache *kc, struct tx *tx, int64_t tenant_id);
/** The same for who has read the shop's catalog version in this very read already. */
must_use const struct knowledge_base *knowledge_hold_at(struct knowledge_cache *kc, struct tx *tx, int64_t tenant_id,
                                                        int64_t version);
void knowledge_release(struct knowledge_cache *kc, const struct knowledge_base *kb);

/** A base of given entries, for tests and the FAQ evaluation; copies nothing: @p entries must outlive it. */
must_use struct knowledge_base *knowledge_base_new(const struct entry *entries, size_t n);
void knowledge_base_free(struct knowledge_base *kb);

size_t knowledge_count(const struct knowledge_base *kb);
const struct entry *knowledge_entry(const struct knowledge_base *kb, struct str id);

/** An entry near a question, for "did you mean" and for agents' suggestions. */
struct knowledge_near {
    const struct entry *entry;
    struct str question; /**< the wording that was near: the question, or a similar one */
    double match;
};

/**
 * The answer to @p text. What does not fit @p ctx is left out before ranking.
 * @param ret_near  what was near, best first, at most @p max, the winner among them; may be NULL with max 0. When nothing
 *                  is near enough to be offered (KNOWLEDGE_MAYBE), nothing may be given: see knowledge_nearest()
 */
struct knowledge_choice knowledge_ask(const struct knowledge_base *kb, struct arena *a, struct str text,
                                      const struct knowledge_context *ctx, struct knowledge_near *ret_near, size_t max,
                                      size_t *ret_near_count);

/**
 * The entry nearest to @p text as it is written, however far it is: of a text to which knowledge_ask() gives nothing near.
 * @return false when no entry has anything in common with it
 */
must_use bool knowledge_nearest(const struct knowledge_base *kb, struct arena *a, struct str text,
                                const struct knowledge_context *ctx, struct knowledge_near *ret);

/**
 * The same as knowledge_ask() of a question of our own, which is asked again and again in the same words: the answer is kept for the next
 * time. Which one it is depends on the time only as far as entries begin and end to be valid.
 */
struct knowledge_choice knowledge_ask_again(const struct knowledge_base *kb, struct arena *a, struct str question,
                                            const struct knowledge_context *ctx);

/** What an entry was to a question, for people who want to know why. */
struct knowledge_candidate {
    const struct entry *entry;
    struct str wording;  /**< the question or similar one that was near */
    double match;
    const char *verdict; /**< "won"; "offered": too far to answer, near enough to ask back; "beaten"; "far"; or why it was
                              out of question (entry_misfit()) */
};
/** The entries nearest to @p text whether or not they may answer it, best first. */
size_t knowledge_candidates(const struct knowledge_base *kb, struct arena *a, struct str text,
                            const struct knowledge_context *ctx, struct knowledge_candidate *ret, size_t max);

/**
 * Questions for a text that is still being typed, best first, none twice: its last word may be half a word, and wrong
 * letters and pinyin are seen through. What does not fit @p ctx is left out. Borrowed from @p kb.
 */
size_t knowledge_suggest(const struct knowledge_base *kb, struct arena *a, struct str typed,
                         const struct knowledge_context *ctx, struct str *ret, size_t max);
