/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Knowledge base: the entries of a tenant, and the search index over their questions and similar questions.
 *
 * How          Each wording is a document of the index, and points to its entry. What is out of its days or against the
 *              context is left out while searching, so that it takes no place among the hits. Which hit wins is
 *              knowledge/entry.h's to say.
 *              Answers to the program's own questions are kept (knowledge_ask_again()), each under all that it depends
 *              on and for the span of time in which no entry begins or ends to be valid.
 * Invariants   Immutable once built, but for the kept answers; what it gives is valid while it is held.
 * Threads      Any. The kept answers are guarded by their lock.
 */
#include "knowledge/knowledge_base.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/snapshot.h"
#include "knowledge/filler.h"
#include "knowledge/knowledge_store.h"
#include "nlu/normalise.h"

#define KEPT_ANSWERS 256

/** An answer, valid while now is in [from_ms, to_ms). */
struct kept_answer {
    struct str key; /* heap; all that the answer depends on */
    int64_t from_ms, to_ms;
    struct knowledge_choice choice;
};

/** A place is taken over by the next answer that falls on it. */
struct answers {
    pthread_mutex_t lock;
    struct kept_answer v[KEPT_ANSWERS]; /* guarded by lock */
};

struct knowledge_base {
    struct snapshot snapshot; /* first: the cache knows it by this */
    struct arena arena;
    const struct entry *entries; /* in order of ids */
    size_t n;
    struct str *wordings;        /* by document of the index */
    struct retrieval *index;
    int64_t *turns;              /* rising: the instants at which an entry begins or ends to be valid */
    size_t turn_count;
    struct answers *answers;
};

struct knowledge_cache {
    struct snapshots *snapshots;
};

static struct answers *answers_new(void)
{
    struct answers *kept = xcalloc(1, sizeof(*kept));
    pthread_mutex_init(&kept->lock, NULL);
    return kept;
}

static void answers_free(struct answers *kept)
{
    if (kept == NULL)
        return;
    for (size_t i = 0; i < KEPT_ANSWERS; i++)
        freep(&kept->v[i].key.p);
    pthread_mutex_destroy(&kept->lock);
    free(kept);
}

void knowledge_base_free(struct knowledge_base *kb)
{
    if (kb == NULL)
        return;
    retrieval_free(kb->index);
    answers_free(kb->answers);
    arena_done(&kb->arena);
    free(kb);
}

static void base_destroy(struct snapshot *s)
{
    knowledge_base_free((struct knowledge_base *)s);
}

struct knowledge_cache *knowledge_cache_new(void)
{
    struct knowledge_cache *kc = xcalloc(1, sizeof(*kc));
    kc->snapshots = snapshots_new(base_destroy);
    return kc;
}

void knowledge_cache_free(struct knowledge_cache *kc)
{
    if (kc == NULL)
        return;
    snapshots_free(kc->snapshots);
    free(kc);
}

static int by_time(const void *x, const void *y)
{
    const int64_t *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

/** Notes when entries are valid. */
static void index_times(struct knowledge_base *kb)
{
    kb->turns = arena_array(&kb->arena, int64_t, 2 * kb->n);
    for (size_t i = 0; i < kb->n; i++) {
        const struct entry *e = &kb->entries[i];
        if (e->valid_from_ms != 0)
            kb->turns[kb->turn_count++] = e->valid_from_ms;
        if (e->valid_to_ms != 0)
            kb->turns[kb->turn_count++] = e->valid_to_ms;
    }
    if (kb->turn_count > 0)
        qsort(kb->turns, kb->turn_count, sizeof(*kb->turns), by_time);
}

/** Indexes the wordings of kb->entries. */
static void index_words(struct knowledge_base *kb)
{
    struct arena scratch = {0};
    ARRAY(struct retrieval_doc) docs = {0};
    for (size_t i = 0; i < kb->n; i++) {
        const struct entry *e = &kb->entries[i];
        *array_push(&scratch, &docs) = (struct retrieval_doc){e->question, (uint32_t)i};
        for (size_t k = 0; k < e->similar.n; k++)
            *array_push(&scratch, &docs) = (struct retrieval_doc){e->similar.v[k], (uint32_t)i};
    }
    kb->wordings = arena_array(&kb->arena, struct str, docs.n);
    for (size_t i = 0; i < docs.n; i++)
        kb->wordings[i] = docs.v[i].text;
    kb->index = retrieval_build(docs.v, docs.n);
    arena_done(&scratch);
}

/** Makes kb->entries ready to be searched. */
static void index_entries(struct knowledge_base *kb)
{
    index_times(kb);
    index_words(kb);
    kb->answers = answers_new();
}

struct knowledge_base *knowledge_base_new(const struct entry *entries, size_t n)
{
    struct knowledge_base *kb = xcalloc(1, sizeof(*kb));
    kb->entries = entries;
    kb->n = n;
    index_entries(kb);
    return kb;
}

static struct snapshot *base_build(void *arg, int64_t tenant_id)
{
    struct tx *tx = arg;
    struct knowledge_base *kb = xcalloc(1, sizeof(*kb));
    struct entry *entries;
    if (knowledge_list(tx, &kb->arena, tenant_id, &entries, &kb->n) < 0) {
        knowledge_base_free(kb);
        return NULL;
    }
    kb->entries = entries;
    index_entries(kb);
    return &kb->snapshot;
}

const struct knowledge_base *knowledge_hold(struct knowledge_cache *kc, struct tx *tx, int64_t tenant_id)
{
    int64_t version;
    if (knowledge_version(tx, tenant_id, &version) <= 0)
        return NULL;
    return knowledge_hold_at(kc, tx, tenant_id, version);
}

const struct knowledge_base *knowledge_hold_at(struct knowledge_cache *kc, struct tx *tx, int64_t tenant_id,
                                               int64_t version)
{
    return (const struct knowledge_base *)snapshots_hold(kc->snapshots, tenant_id, version, base_build, tx);
}

void knowledge_release(struct knowledge_cache *kc, const struct knowledge_base *kb)
{
    if (kb == NULL)
        return;
    /* the count of holders is the cache's own, under its lock; the base itself stays as it is */
    snapshots_release(kc->snapshots, (struct snapshot *)(uintptr_t)&kb->snapshot);
}

/* ---- asking ------------------------------------------------------------------------------------------------------- */

size_t knowledge_count(const struct knowledge_base *kb)
{
    return kb->n;
}

const struct entry *knowledge_entry(const struct knowledge_base *kb, struct str id)
{
    for (size_t i = 0; i < kb->n; i++)
        if (str_eq(kb->entries[i].id, id))
            return &kb->entries[i];
    return NULL;
}

enum { NOT_ASKED, ALLOWED, REFUSED };

/** What the search asks of each candidate. */
struct allowed {
    const struct knowledge_base *kb;
    const struct knowledge_context *ctx;
    unsigned char *verdicts; /* by entry, which has many wordings: each is looked at once */
};

static bool is_allowed(void *arg, uint32_t item)
{
    const struct allowed *in = arg;
    const struct entry *e = &in->kb->entries[item];
    if (in->verdicts[item] == 0)
        in->verdicts[item] = entry_is_valid(e, in->ctx->now_ms) && entry_fits(e, in->ctx) != FIT_NO ? ALLOWED : REFUSED;
    return in->verdicts[item] == ALLOWED;
}

static size_t search(const struct knowledge_base *kb, struct arena *a, struct str text,
                     const struct knowledge_context *ctx, struct retrieval_hit *ret, size_t max)
{
    struct allowed in = {kb, ctx, arena_array(a, unsigned char, kb->n)};
    return retrieval_find(kb->index, a, text, is_allowed, &in, ret, max);
}

struct knowledge_choice knowledge_ask(const struct knowledge_base *kb, struct arena *a, struct str text,
                                      const struct knowledge_context *ctx, struct knowledge_near *ret_near, size_t max,
                                      size_t *ret_near_count)
{
    struct retrieval_hit hits[KNOWLEDGE_HITS];
    size_t n = search(kb, a, text, ctx, hits, KNOWLEDGE_HITS);
    struct knowledge_choice choice = knowledge_choose(kb->entries, hits, n, ctx);
    struct str bare_text;
    if (choice.answer != KNOWLEDGE_FOUND && filler_trim(a, text, &bare_text)) {
        struct retrieval_hit bare_hits[KNOWLEDGE_HITS];
        size_t bare_n = search(kb, a, bare_text, ctx, bare_hits, KNOWLEDGE_HITS);
        struct knowledge_choice bare = knowledge_choose(kb->entries, bare_hits, bare_n, ctx);
        if (bare.match > choice.match) {
            choice = bare;
            n = bare_n;
            memcpy(hits, bare_hits, n * sizeof(hits[0]));
        }
    }
    size_t given = MIN(n, max);
    for (size_t i = 0; i < given; i++)
        ret_near[i] = (struct knowledge_near){&kb->entries[hits[i].item], kb->wordings[hits[i].doc], hits[i].match};
    if (ret_near_count != NULL)
        *ret_near_count = given;
    return choice;
}

static const char *verdict_on(const struct knowledge_candidate *k, const struct knowledge_context *ctx,
                              const struct knowledge_choice *choice)
{
    const char *misfit = entry_misfit(k->entry, ctx);
    if (misfit != NULL)
        return misfit;
    if (k->entry == choice->entry)
        return choice->answer == KNOWLEDGE_FOUND ? "won" : "offered";
    return k->match >= KNOWLEDGE_MAYBE ? "beaten" : "far";
}

size_t knowledge_candidates(const struct knowledge_base *kb, struct arena *a, struct str text,
                            const struct knowledge_context *ctx, struct knowledge_candidate *ret, size_t max)
{
    struct retrieval_hit hits[KNOWLEDGE_HITS], bare_hits[KNOWLEDGE_HITS];
    const struct retrieval_hit *best = hits;
    struct str bare;
    size_t n = retrieval_find(kb->index, a, text, NULL, NULL, hits, KNOWLEDGE_HITS), bare_n = 0;
    if (filler_trim(a, text, &bare))
        bare_n = retrieval_find(kb->index, a, bare, NULL, NULL, bare_hits, KNOWLEDGE_HITS);
    if (bare_n > 0 && (n == 0 || bare_hits[0].match > hits[0].match)) {
        best = bare_hits;
        n = bare_n;
    }
    struct knowledge_choice choice = knowledge_ask(kb, a, text, ctx, NULL, 0, NULL);
    size_t given = MIN(n, max);
    for (size_t i = 0; i < given; i++) {
        ret[i] = (struct knowledge_candidate){&kb->entries[best[i].item], kb->wordings[best[i].doc], best[i].match, ""};
        ret[i].verdict = verdict_on(&ret[i], ctx, &choice);
    }
    return given;
}

/* ---- asking again ------------------------------------------------------------------------------------------------- */

/** All that the answer depends on but the time, in @p a. */
static struct str key_of(struct arena *a, struct str question, const struct knowledge_context *ctx)
{
    const struct str parts[] = {question, ctx->order_status, ctx->product, ctx->category, ctx->language, ctx->channel};
    struct buf b = {.arena = a};
    for (size_t i = 0; i < COUNT(parts); i++) {
        buf_str(&b, parts[i]);
        buf_char(&b, '\0');
    }
    for (size_t i = 0; i < ctx->tags.n; i++) {
        buf_str(&b, ctx->tags.v[i]);
        buf_char(&b, '\0');
    }
    return buf_view(&b);
}

/** The span around @p now_ms in which no entry begins or ends to be valid. */
static void span_of(const struct knowledge_base *kb, int64_t now_ms, int64_t *ret_from, int64_t *ret_to)
{
    *ret_from = INT64_MIN;
    *ret_to = INT64_MAX;
    for (size_t i = 0; i < kb->turn_count; i++) {
        if (kb->turns[i] > now_ms) {
            *ret_to = kb->turns[i];
            return;
        }
        *ret_from = kb->turns[i];
    }
}

static void keep_answer(const struct knowledge_base *kb, struct kept_answer *place, struct str key, int64_t now_ms,
                        const struct knowledge_choice *choice)
{
    struct kept_answer fresh = {.key = {str_heap(key), key.n}, .choice = *choice};
    span_of(kb, now_ms, &fresh.from_ms, &fresh.to_ms);
    pthread_mutex_lock(&kb->answers->lock);
    struct kept_answer before = *place;
    *place = fresh;
    pthread_mutex_unlock(&kb->answers->lock);
    freep(&before.key.p);
}

struct knowledge_choice knowledge_ask_again(const struct knowledge_base *kb, struct arena *a, struct str question,
                                            const struct knowledge_context *ctx)
{
    struct str key = key_of(a, question, ctx);
    struct kept_answer *place = &kb->answers->v[str_hash(key) % KEPT_ANSWERS];
    pthread_mutex_lock(&kb->answers->lock);
    bool kept = str_eq(place->key, key) && ctx->now_ms >= place->from_ms && ctx->now_ms < place->to_ms;
    struct knowledge_choice choice = place->choice;
    pthread_mutex_unlock(&kb->answers->lock);
    if (kept)
        return choice;
    choice = knowledge_ask(kb, a, question, ctx, NULL, 0, NULL);
    keep_answer(kb, place, key, ctx->now_ms, &choice);
    return choice;
}

static bool is_given(const struct str *list, size_t n, struct str one)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(list[i], one))
            return true;
    return false;
}

size_t knowledge_suggest(const struct knowledge_base *kb, struct arena *a, struct str typed,
                         const struct knowledge_context *ctx, struct str *ret, size_t max)
{
    struct retrieval_hit hits[KNOWLEDGE_HITS];
    size_t n = search(kb, a, typed, ctx, hits, KNOWLEDGE_HITS), given = 0;
    struct str folded = normalise(a, typed);
    /* what goes on from the letters typed comes before what only shares words with them */
    for (int goes_on = 1; goes_on >= 0; goes_on--) {
        for (size_t i = 0; i < n && given < max; i++) {
            struct str wording = kb->wordings[hits[i].doc], question = kb->entries[hits[i].item].question;
            bool has = str_has(normalise(a, wording), folded);
            bool near = has || hits[i].match >= KNOWLEDGE_SUGGEST;
            if (near && has == (goes_on == 1) && !is_given(ret, given, question) && !is_given(ret, given, wording))
                ret[given++] = has ? wording : question;
        }
    }
    return given;
}
