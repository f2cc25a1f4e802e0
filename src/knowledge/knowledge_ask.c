/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asking a knowledge base.
 *
 * How          A text is asked as it is written, then without fillers, then mended, until there is a sure answer. Most texts
 *              are about something that no entry answers; then no document comes near enough to be offered, and the
 *              search says so before it has put anything in order (retrieval_ask()). Which hit wins is knowledge/entry.h's
 *              to say.
 *              Answers to the program's own questions are kept (knowledge_ask_again()), each under all that it depends
 *              on and for the span of time in which no entry begins or ends to be valid.
 * Threads      Any. The kept answers are guarded by their lock.
 */
#include <string.h>

#include "knowledge/filler.h"
#include "knowledge/knowledge_base_private.h"

#define TYPED_COVERED 0.6 /* a suggestion has this much of what was typed */

static struct str wording_of(const struct knowledge_base *kb, uint32_t doc)
{
    return doc < kb->full->wording_count ? kb->full->wordings[doc] : kb->late_wordings[doc - kb->full->wording_count];
}

enum { NOT_ASKED, ALLOWED, REFUSED };

/** The best answer so far, and among which hits it was. */
struct found {
    struct retrieval_hit hits[KNOWLEDGE_HITS];
    size_t n;
    struct knowledge_choice choice;
};

/** One who asks; what is found out on the way is the same for each way to search. */
struct asking {
    const struct knowledge_base *kb;
    struct arena *arena;
    const struct knowledge_context *ctx;
    unsigned char *verdicts; /* by limited entry, which has many wordings: each is looked at once */
};

static struct asking asking(const struct knowledge_base *kb, struct arena *a, const struct knowledge_context *ctx)
{
    return (struct asking){kb, a, ctx, arena_array(a, unsigned char, kb->limited_count + 1)};
}

static bool is_allowed(void *arg, uint32_t item)
{
    struct asking *k = arg;
    uint32_t limited = k->kb->limited[item];
    if (limited == 0)
        return true;
    const struct entry *e = &k->kb->entries[item];
    if (k->verdicts[limited] == NOT_ASKED)
        k->verdicts[limited] = entry_is_valid(e, k->ctx->now_ms) && entry_fits(e, k->ctx) != FIT_NO ? ALLOWED : REFUSED;
    return k->verdicts[limited] == ALLOWED;
}

/** @param least  when nothing is so near, nothing is wanted: retrieval_ask() */
static void look(struct asking *k, const struct retrieval_question *q, double least, struct found *ret)
{
    ret->n = retrieval_ask(k->kb->index, k->arena, q, least, is_allowed, k, ret->hits, KNOWLEDGE_HITS);
    ret->choice = knowledge_choose(k->kb->entries, ret->hits, ret->n, k->ctx);
}

/** Keeps what another way to search gives when it is nearer. */
static void look_again(struct asking *k, const struct retrieval_question *q, struct found *best)
{
    struct found other;
    look(k, q, MAX(KNOWLEDGE_MAYBE, best->choice.match), &other);
    if (other.choice.match > best->choice.match)
        *best = other;
}

/** As written, then without fillers, then mended, until there is a sure answer. */
static void ask(struct asking *k, struct str text, struct found *ret)
{
    const struct retrieval *index = k->kb->index;
    struct retrieval_question *q = retrieval_read(index, k->arena, text);
    struct str bare;
    look(k, q, KNOWLEDGE_MAYBE, ret);
    if (ret->choice.answer != KNOWLEDGE_FOUND && filler_trim(k->arena, text, &bare)) {
        q = retrieval_read(index, k->arena, bare);
        look_again(k, q, ret);
    }
    if (ret->choice.answer != KNOWLEDGE_FOUND && !k->ctx->as_written && retrieval_mend(index, k->arena, q))
        look_again(k, q, ret);
}

static struct knowledge_near near_of(const struct knowledge_base *kb, const struct retrieval_hit *hit)
{
    return (struct knowledge_near){&kb->entries[hit->item], wording_of(kb, hit->doc), hit->match};
}

struct knowledge_choice knowledge_ask(const struct knowledge_base *kb, struct arena *a, struct str text,
                                      const struct knowledge_context *ctx, struct knowledge_near *ret_near, size_t max,
                                      size_t *ret_near_count)
{
    const struct arena_mark before = arena_mark(a);
    struct asking k = asking(kb, a, ctx);
    struct found f;
    ask(&k, text, &f);
    arena_rewind(a, before);
    size_t given = MIN(f.n, max);
    for (size_t i = 0; i < given; i++)
        ret_near[i] = near_of(kb, &f.hits[i]);
    if (ret_near_count != NULL)
        *ret_near_count = given;
    return f.choice;
}

bool knowledge_nearest(const struct knowledge_base *kb, struct arena *a, struct str text,
                       const struct knowledge_context *ctx, struct knowledge_near *ret)
{
    const struct arena_mark before = arena_mark(a);
    struct asking k = asking(kb, a, ctx);
    struct retrieval_hit hit;
    size_t n = retrieval_ask(kb->index, a, retrieval_read(kb->index, a, text), 0, is_allowed, &k, &hit, 1);
    arena_rewind(a, before);
    if (n > 0)
        *ret = near_of(kb, &hit);
    return n > 0;
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

/** One way to search. */
typedef size_t search_fn(const struct retrieval *r, struct arena *a, struct str text, retrieval_allow_fn *allow, void *arg,
                         struct retrieval_hit *ret, size_t max);

/** Another way to search, of all entries whether or not they fit. */
static void try_again(search_fn *find, const struct knowledge_base *kb, struct arena *a, struct str text, struct found *best)
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
    try_again(retrieval_find, kb, a, text, &f);
    if (filler_trim(a, text, &bare))
        try_again(retrieval_find, kb, a, bare, &f);
    try_again(retrieval_find_mended, kb, a, bare, &f);
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
    struct asking k = asking(kb, a, ctx);
    size_t n = retrieval_find_typed(kb->index, a, typed, is_allowed, &k, hits, KNOWLEDGE_HITS), given = 0;
    for (size_t i = 0; i < n && given < max; i++) {
        /* a wording that has all that was typed shows why it is offered; otherwise the question itself is plainer */
        bool whole = hits[i].match > 0.999;
        struct str text = whole ? wording_of(kb, hits[i].doc) : kb->entries[hits[i].item].question;
        if (hits[i].match >= TYPED_COVERED && !is_given(ret, given, text))
            ret[given++] = text;
    }
    return given;
}
