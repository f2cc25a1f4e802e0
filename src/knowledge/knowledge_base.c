/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Knowledge base: the entries of a tenant, and the search index over their questions and similar questions.
 *
 * How          Each wording is a document of the index, and points to its entry. What is out of its days or against the
 *              context is left out while searching, so that it takes no place among the hits. Which hit wins is
 *              knowledge/entry.h's to say.
 *              What changes after a base was built costs only what changed: the next one shares the full part
 *              (knowledge_base_full.h) and holds the changes beside it, until they are many; then all is built again.
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
#include "knowledge/knowledge_base_full.h"
#include "knowledge/knowledge_store.h"

#define KEPT_ANSWERS 256
#define CHANGES_LEAST 64  /* so many changes are always taken beside the full part … */
#define CHANGES_SHARE 16  /* … and up to one entry of so many */
#define TYPED_COVERED 0.6 /* a suggestion has this much of what was typed */

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
    struct base_full *full;
    struct arena arena;          /* of what changed since */
    const struct entry *entries; /* those of the full part, then those changed since */
    size_t n;                    /* of entries, with those gone */
    unsigned char *gone;         /* by place in the full part; NULL: none */
    size_t gone_count;
    struct str *late_wordings;   /* of what changed since, as base_full.wordings */
    struct retrieval *index;
    int64_t *turns;              /* rising: the instants at which an entry begins or ends to be valid */
    size_t turn_count;
    struct answers *answers;
};

struct knowledge_cache {
    struct snapshots *snapshots;
    struct base_fulls *fulls;
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
    base_full_unref(kb->full);
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
    kc->fulls = base_fulls_new();
    return kc;
}

void knowledge_cache_free(struct knowledge_cache *kc)
{
    if (kc == NULL)
        return;
    snapshots_free(kc->snapshots);
    base_fulls_free(kc->fulls);
    free(kc);
}

static int by_time(const void *x, const void *y)
{
    const int64_t *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

static bool is_gone(const struct knowledge_base *kb, size_t place)
{
    return kb->gone != NULL && place < kb->full->n && kb->gone[place] != 0;
}

/** Notes when entries are valid. */
static void index_times(struct knowledge_base *kb)
{
    kb->turns = arena_array(&kb->arena, int64_t, 2 * kb->n);
    for (size_t i = 0; i < kb->n; i++) {
        const struct entry *e = &kb->entries[i];
        if (is_gone(kb, i))
            continue;
        if (e->valid_from_ms != 0)
            kb->turns[kb->turn_count++] = e->valid_from_ms;
        if (e->valid_to_ms != 0)
            kb->turns[kb->turn_count++] = e->valid_to_ms;
    }
    if (kb->turn_count > 0)
        qsort(kb->turns, kb->turn_count, sizeof(*kb->turns), by_time);
}

/** A base that is what its full part is; takes over the caller's hold of it. */
static struct knowledge_base *base_of(struct base_full *full)
{
    struct knowledge_base *kb = xcalloc(1, sizeof(*kb));
    kb->full = full;
    kb->entries = full->entries;
    kb->n = full->n;
    kb->index = retrieval_renew(full->index, NULL, 0, NULL, 0);
    return kb;
}

/** Puts what changed beside the full part. */
static void take_changes(struct knowledge_base *kb, const struct base_changes *changes)
{
    struct retrieval_doc *docs;
    const struct base_full *full = kb->full;
    size_t n = base_documents(&kb->arena, changes->entries, changes->n, (uint32_t)full->n, &docs, &kb->late_wordings);
    struct entry *all = arena_array(&kb->arena, struct entry, full->n + changes->n);
    memcpy(all, full->entries, full->n * sizeof(*all));
    memcpy(all + full->n, changes->entries, changes->n * sizeof(*all));
    kb->entries = all;
    kb->n = full->n + changes->n;
    kb->gone = arena_array(&kb->arena, unsigned char, full->n + 1);
    kb->gone_count = changes->gone_count;
    for (size_t i = 0; i < changes->gone_count; i++)
        kb->gone[changes->gone[i]] = 1;
    retrieval_free(kb->index);
    kb->index = retrieval_renew(full->index, changes->gone, changes->gone_count, docs, n);
}

static struct knowledge_base *finished(struct knowledge_base *kb)
{
    index_times(kb);
    kb->answers = answers_new();
    return kb;
}

struct knowledge_base *knowledge_base_new(const struct entry *entries, size_t n)
{
    return finished(base_of(base_full_new(entries, n)));
}

/** The full part with what changed since; NULL: there is none, too much changed, or a fault. */
static struct knowledge_base *renewed(struct tx *tx, struct base_fulls *fulls, int64_t tenant_id)
{
    struct base_full *full = base_fulls_get(fulls, tenant_id);
    if (full == NULL)
        return NULL;
    struct knowledge_base *kb = base_of(full);
    struct base_changes changes;
    size_t most = MAX((size_t)CHANGES_LEAST, full->n / CHANGES_SHARE);
    if (base_changes_read(tx, &kb->arena, full, most, &changes) <= 0) {
        knowledge_base_free(kb);
        return NULL;
    }
    if (changes.n > 0 || changes.gone_count > 0)
        take_changes(kb, &changes);
    return finished(kb);
}

/** What base_build() needs. */
struct building {
    struct tx *tx;
    struct base_fulls *fulls;
};

static struct snapshot *base_build(void *arg, int64_t tenant_id)
{
    const struct building *b = arg;
    struct knowledge_base *kb = renewed(b->tx, b->fulls, tenant_id);
    if (kb != NULL)
        return &kb->snapshot;
    struct base_full *full = base_full_read(b->tx, tenant_id);
    if (full == NULL)
        return NULL;
    base_fulls_put(b->fulls, full);
    return &finished(base_of(full))->snapshot;
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
    struct building b = {tx, kc->fulls};
    return (const struct knowledge_base *)snapshots_hold(kc->snapshots, tenant_id, version, base_build, &b);
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
    return kb->n - kb->gone_count;
}

const struct entry *knowledge_entry(const struct knowledge_base *kb, struct str id)
{
    for (size_t i = kb->full->n; i < kb->n; i++)
        if (str_eq(kb->entries[i].id, id))
            return &kb->entries[i];
    size_t place = base_full_place(kb->full, id);
    return place == SIZE_MAX || is_gone(kb, place) ? NULL : &kb->entries[place];
}

static struct str wording_of(const struct knowledge_base *kb, uint32_t doc)
{
    return doc < kb->full->wording_count ? kb->full->wordings[doc] : kb->late_wordings[doc - kb->full->wording_count];
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

/** One way to search. */
typedef size_t search_fn(const struct retrieval *r, struct arena *a, struct str text, retrieval_allow_fn *allow, void *arg,
                         struct retrieval_hit *ret, size_t max);

static size_t search(search_fn *find, const struct knowledge_base *kb, struct arena *a, struct str text,
                     const struct knowledge_context *ctx, struct retrieval_hit *ret, size_t max)
{
    struct allowed in = {kb, ctx, arena_array(a, unsigned char, kb->n)};
    return find(kb->index, a, text, is_allowed, &in, ret, max);
}

/** The best answer so far, and among which hits it was. */
struct found {
    struct retrieval_hit hits[KNOWLEDGE_HITS];
    size_t n;
    struct knowledge_choice choice;
};

/** Searches in another way, and keeps what it gives when it is nearer. */
static void try_again(search_fn *find, const struct knowledge_base *kb, struct arena *a, struct str text,
                      const struct knowledge_context *ctx, struct found *best)
{
    struct found other;
    other.n = search(find, kb, a, text, ctx, other.hits, KNOWLEDGE_HITS);
    other.choice = knowledge_choose(kb->entries, other.hits, other.n, ctx);
    if (other.choice.match > best->choice.match)
        *best = other;
}

struct knowledge_choice knowledge_ask(const struct knowledge_base *kb, struct arena *a, struct str text,
                                      const struct knowledge_context *ctx, struct knowledge_near *ret_near, size_t max,
                                      size_t *ret_near_count)
{
    struct found f;
    struct str bare;
    f.n = search(retrieval_find, kb, a, text, ctx, f.hits, KNOWLEDGE_HITS);
    f.choice = knowledge_choose(kb->entries, f.hits, f.n, ctx);
    if (f.choice.answer != KNOWLEDGE_FOUND && filler_trim(a, text, &bare)) {
        text = bare;
        try_again(retrieval_find, kb, a, text, ctx, &f);
    }
    if (f.choice.answer != KNOWLEDGE_FOUND && !ctx->as_written)
        try_again(retrieval_find_mended, kb, a, text, ctx, &f);
    size_t given = MIN(f.n, max);
    for (size_t i = 0; i < given; i++)
        ret_near[i] =
            (struct knowledge_near){&kb->entries[f.hits[i].item], wording_of(kb, f.hits[i].doc), f.hits[i].match};
    if (ret_near_count != NULL)
        *ret_near_count = given;
    return f.choice;
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

/** The same as try_again(), of all entries whether or not they fit. */
static void look_again(search_fn *find, const struct knowledge_base *kb, struct arena *a, struct str text, struct found *best)
{
    struct found other;
    other.n = find(kb->index, a, text, NULL, NULL, other.hits, KNOWLEDGE_HITS);
    if (other.n > 0 && (best->n == 0 || other.hits[0].match > best->hits[0].match))
        *best = other;
}

size_t knowledge_candidates(const struct knowledge_base *kb, struct arena *a, struct str text,
                            const struct knowledge_context *ctx, struct knowledge_candidate *ret, size_t max)
{
    struct found f = {.n = 0};
    struct str bare = text;
    look_again(retrieval_find, kb, a, text, &f);
    if (filler_trim(a, text, &bare))
        look_again(retrieval_find, kb, a, bare, &f);
    look_again(retrieval_find_mended, kb, a, bare, &f);
    struct knowledge_choice choice = knowledge_ask(kb, a, text, ctx, NULL, 0, NULL);
    size_t given = MIN(f.n, max);
    for (size_t i = 0; i < given; i++) {
        ret[i] = (struct knowledge_candidate){&kb->entries[f.hits[i].item], wording_of(kb, f.hits[i].doc),
                                              f.hits[i].match, ""};
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
    size_t n = search(retrieval_find_typed, kb, a, typed, ctx, hits, KNOWLEDGE_HITS), given = 0;
    for (size_t i = 0; i < n && given < max; i++) {
        /* a wording that has all that was typed shows why it is offered; otherwise the question itself is plainer */
        bool whole = hits[i].match > 0.999;
        struct str text = whole ? wording_of(kb, hits[i].doc) : kb->entries[hits[i].item].question;
        if (hits[i].match >= TYPED_COVERED && !is_given(ret, given, text))
            ret[given++] = text;
    }
    return given;
}
