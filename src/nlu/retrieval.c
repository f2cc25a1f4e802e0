/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Retrieval.
 *
 * How          Terms are the tokens of nlu/features.h: Han characters and words. Each posting carries its finished BM25
 *              share, so a query only adds. Terms that stand in more than one document of twenty cost most and tell
 *              least: when the query has rarer ones, only those make candidates, and the common ones are added, by
 *              looking into the document, to the candidates that they could still lift among the best. The BM25 of
 *              whatever gets that far is exact.
 *              The best of this first round are then put in order by a second look (nlu/resemble.h), which sees what
 *              BM25 does not: order, neighbours, and what is left over on either side.
 * Invariants   Immutable after retrieval_build(); retrieval_find() writes into the caller's arena only.
 */
#include "nlu/retrieval.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nlu/features.h"
#include "nlu/resemble.h"

#define K1           0.6f
#define B            0.6f
#define COMMON_SHARE 20  /* a term in more than one document of so many makes no candidates */
#define SECOND_LOOK  12  /* items that get it, and so the most hits that are found; more gained nothing */
#define QUERY_TERMS  128 /* tokens of a query that are looked at */

struct posting {
    uint32_t doc;
    float share;
};

struct term {
    uint64_t hash;
    uint32_t from, count; /* its postings, one a document */
    float idf, greatest;  /* greatest: of its shares */
    uint64_t bit;         /* of doc.common when the term is common and among the first 64 such, else 0 */
};

struct doc {
    uint32_t item;
    uint32_t from, count; /* its tokens, in order of the text */
    uint64_t common;      /* bits of the common terms that it holds */
    uint64_t repeats;     /* of these, those that it holds more than once */
    float length;         /* BM25's: K1 * (1 - B + B * its tokens / the mean) */
};

struct retrieval {
    struct term *terms;
    size_t term_count, term_room;
    uint32_t *table; /* hash → 1 + term */
    size_t mask;
    struct posting *postings;
    struct doc *docs;
    size_t doc_count;
    uint32_t *tokens; /* terms of all documents, one document after another */
    size_t token_count, token_room;
    float unknown_idf; /* of a token that no document has */
};

/* The query, made ready. */
struct query {
    struct resemble_text text;
    const struct term *rare[QUERY_TERMS], *common[QUERY_TERMS]; /* each term once */
    size_t rare_count, common_count;
    float lift;     /* what the common terms can add, at most */
    float possible; /* BM25 of a document that has every term, at most */
};

/* One of the best so far. */
struct candidate {
    uint32_t doc, item;
    float score;
};

struct best {
    struct candidate v[SECOND_LOOK];
    size_t n, worst;
    float bar; /* what a newcomer has to beat once all places are taken; use bar_of() */
};

static uint32_t *slot_of(const struct retrieval *r, uint64_t hash)
{
    size_t at = hash & r->mask;
    while (r->table[at] != 0 && r->terms[r->table[at] - 1].hash != hash)
        at = (at + 1) & r->mask;
    return &r->table[at];
}

static const struct term *term_find(const struct retrieval *r, uint64_t hash)
{
    uint32_t term = *slot_of(r, hash);
    return term == 0 ? NULL : &r->terms[term - 1];
}

static void grow_table(struct retrieval *r)
{
    free(r->table);
    r->mask = r->mask * 2 + 1;
    r->table = xcalloc(r->mask + 1, sizeof(*r->table));
    for (size_t i = 0; i < r->term_count; i++)
        *slot_of(r, r->terms[i].hash) = (uint32_t)i + 1;
}

static uint32_t term_make(struct retrieval *r, uint64_t hash)
{
    if (r->term_count * 2 > r->mask)
        grow_table(r);
    uint32_t *slot = slot_of(r, hash);
    if (*slot == 0) {
        if (r->term_count == r->term_room) {
            r->term_room = r->term_room > 0 ? r->term_room * 2 : 1024;
            r->terms = xrealloc(r->terms, r->term_room * sizeof(*r->terms));
        }
        r->terms[r->term_count++] = (struct term){.hash = hash};
        *slot = (uint32_t)r->term_count;
    }
    return *slot - 1;
}

static size_t tokens_of(struct arena *a, struct str text, struct token **ret)
{
    struct folded f;
    normalise_points(a, text, &f);
    return features_tokens(a, &f, ret);
}

static void add_doc(struct retrieval *r, struct arena *a, const struct retrieval_doc *in)
{
    struct token *t;
    size_t n = tokens_of(a, in->text, &t);
    while (r->token_count + n > r->token_room) {
        r->token_room = r->token_room > 0 ? r->token_room * 2 : 16384;
        r->tokens = xrealloc(r->tokens, r->token_room * sizeof(*r->tokens));
    }
    r->docs[r->doc_count++] = (struct doc){.item = in->item, .from = (uint32_t)r->token_count, .count = (uint32_t)n};
    for (size_t i = 0; i < n; i++) {
        uint32_t term = term_make(r, t[i].hash);
        r->tokens[r->token_count++] = term;
        r->terms[term].count++; /* tokens for now: room enough for its postings */
    }
}

/* One posting a document and term; share holds how often, until finish_shares(). */
static void write_postings(struct retrieval *r)
{
    uint32_t from = 0;
    for (size_t i = 0; i < r->term_count; i++) {
        r->terms[i].from = from;
        from += r->terms[i].count;
        r->terms[i].count = 0;
    }
    r->postings = xcalloc(r->token_count + 1, sizeof(*r->postings));
    for (uint32_t d = 0; d < r->doc_count; d++)
        for (size_t i = 0; i < r->docs[d].count; i++) {
            struct term *t = &r->terms[r->tokens[r->docs[d].from + i]];
            struct posting *next = &r->postings[t->from + t->count];
            if (t->count > 0 && next[-1].doc == d) {
                next[-1].share += 1;
            } else {
                *next = (struct posting){d, 1};
                t->count++;
            }
        }
}

static bool is_common(const struct retrieval *r, const struct term *t)
{
    return (size_t)t->count * COMMON_SHARE > r->doc_count;
}

static void finish_shares(struct retrieval *r)
{
    unsigned bits = 0;
    float n = (float)r->doc_count, mean = (float)r->token_count / fmaxf(n, 1);
    r->unknown_idf = logf(1 + (n + 0.5f) / 0.5f);
    for (size_t d = 0; d < r->doc_count; d++)
        r->docs[d].length = K1 * (1 - B + B * (float)r->docs[d].count / mean);
    for (size_t i = 0; i < r->term_count; i++) {
        struct term *t = &r->terms[i];
        t->idf = logf(1 + (n - (float)t->count + 0.5f) / ((float)t->count + 0.5f));
        t->bit = is_common(r, t) && bits < 64 ? (uint64_t)1 << bits++ : 0;
        for (size_t k = 0; k < t->count; k++) {
            struct posting *p = &r->postings[t->from + k];
            struct doc *d = &r->docs[p->doc];
            d->common |= t->bit;
            d->repeats |= p->share > 1 ? t->bit : 0;
            p->share = t->idf * p->share * (K1 + 1) / (p->share + d->length);
            t->greatest = fmaxf(t->greatest, p->share);
        }
    }
}

struct retrieval *retrieval_build(const struct retrieval_doc *docs, size_t n)
{
    _cleanup_(arena_done) struct arena a = {0};
    struct retrieval *r = xcalloc(1, sizeof(*r));
    r->docs = xcalloc(n + 1, sizeof(*r->docs));
    r->mask = 511;
    grow_table(r);
    for (size_t i = 0; i < n; i++) {
        add_doc(r, &a, &docs[i]);
        arena_reset(&a);
    }
    write_postings(r);
    finish_shares(r);
    return r;
}

void retrieval_free(struct retrieval *r)
{
    if (r == NULL)
        return;
    free(r->terms);
    free(r->table);
    free(r->postings);
    free(r->docs);
    free(r->tokens);
    free(r);
}

static bool listed(const struct term *const *terms, size_t n, const struct term *t)
{
    for (size_t i = 0; i < n; i++)
        if (terms[i] == t)
            return true;
    return false;
}

static void read_query(const struct retrieval *r, struct arena *a, struct str text, struct query *q)
{
    struct token *t;
    size_t n = MIN(tokens_of(a, text, &t), (size_t)QUERY_TERMS);
    for (size_t i = 0; i < n; i++) {
        const struct term *term = term_find(r, t[i].hash);
        float idf = term != NULL ? term->idf : r->unknown_idf;
        if (i < RESEMBLE_TOKENS) {
            q->text.term[i] = term != NULL ? (uint32_t)(term - r->terms) : RESEMBLE_NONE;
            q->text.idf[i] = idf;
            q->text.weight += (double)idf;
            q->text.some |= resemble_bit(q->text.term[i]);
            q->text.n = i + 1;
        }
        if (term != NULL && (listed(q->rare, q->rare_count, term) || listed(q->common, q->common_count, term)))
            continue;
        q->possible += idf * (K1 + 1);
        if (term == NULL)
            continue;
        if (is_common(r, term))
            q->common[q->common_count++] = term;
        else
            q->rare[q->rare_count++] = term;
    }
    if (q->rare_count == 0) { /* nothing but common words: they must make the candidates */
        memcpy(q->rare, q->common, sizeof(q->rare));
        q->rare_count = q->common_count;
        q->common_count = 0;
    }
    for (size_t i = 0; i < q->common_count; i++)
        q->lift += q->common[i]->greatest;
}

/* Adds the shares of the rare terms up, by document. @return the documents touched, in @p ret_docs. */
static size_t gather(const struct retrieval *r, struct arena *a, const struct query *q, float *scores,
                     uint32_t **ret_docs)
{
    size_t room = 0, n = 0;
    for (size_t i = 0; i < q->rare_count; i++)
        room += q->rare[i]->count;
    uint32_t *docs = arena_array(a, uint32_t, room + 1);
    for (size_t i = 0; i < q->rare_count; i++) {
        const struct posting *p = r->postings + q->rare[i]->from, *end = p + q->rare[i]->count;
        for (; p < end; p++) {
            docs[n] = p->doc;
            n += scores[p->doc] <= 0;
            scores[p->doc] += p->share;
        }
    }
    *ret_docs = docs;
    return n;
}

/* What the common terms can add to this document, at most: closer than the query's lift. */
static float lift_of(const struct query *q, const struct doc *d)
{
    float lift = 0;
    for (size_t i = 0; i < q->common_count; i++)
        lift += q->common[i]->bit == 0 || (q->common[i]->bit & d->common) != 0 ? q->common[i]->greatest : 0;
    return lift;
}

/* How often a document holds a common term: its bits know all but how often more than once. */
static float times_in(const struct retrieval *r, const struct doc *d, const struct term *t)
{
    if (t->bit != 0 && (t->bit & d->repeats) == 0)
        return (t->bit & d->common) != 0 ? 1 : 0;
    uint32_t term = (uint32_t)(t - r->terms);
    float count = 0;
    for (size_t k = 0; k < d->count; k++)
        count += r->tokens[d->from + k] == term ? 1.0f : 0.0f;
    return count;
}

/* BM25 shares of the common terms in a document. */
static float common_score(const struct retrieval *r, const struct query *q, const struct doc *d)
{
    float sum = 0;
    for (size_t i = 0; i < q->common_count; i++) {
        float count = times_in(r, d, q->common[i]);
        sum += count > 0 ? q->common[i]->idf * count * (K1 + 1) / (count + d->length) : 0;
    }
    return sum;
}

static float bar_of(const struct best *b)
{
    return b->n < SECOND_LOOK ? -1 : b->bar;
}

/* Keeps @p c if it is among the best; an item stands there once, with its best document. */
static void keep(struct best *b, struct candidate c)
{
    size_t at = SIZE_MAX;
    for (size_t i = 0; i < b->n && at == SIZE_MAX; i++)
        if (b->v[i].item == c.item)
            at = i;
    if (at == SIZE_MAX)
        at = b->n < SECOND_LOOK ? b->n++ : b->worst;
    else if (b->v[at].score >= c.score)
        return;
    b->v[at] = c;
    if (b->n < SECOND_LOOK || (at != b->worst && b->bar > 0))
        return; /* places are left, or the worst is still the same */
    b->worst = 0;
    for (size_t i = 1; i < b->n; i++)
        if (b->v[i].score < b->v[b->worst].score)
            b->worst = i;
    b->bar = b->v[b->worst].score;
}

/* What first_round() passes along. */
struct round {
    const struct retrieval *r;
    const struct query *q;
    const float *scores; /* of the rare terms, by document */
    bool (*allow)(void *arg, uint32_t item);
    void *arg;
};

static struct candidate candidate_of(const struct round *round, uint32_t doc)
{
    return (struct candidate){doc, round->r->docs[doc].item, round->scores[doc]};
}

static bool allowed(const struct round *round, uint32_t item)
{
    return round->allow == NULL || round->allow(round->arg, item);
}

static void keep_exact(const struct round *round, struct best *best, struct candidate c)
{
    c.score += common_score(round->r, round->q, &round->r->docs[c.doc]);
    if (c.score > bar_of(best))
        keep(best, c);
}

/* The best by exact BM25 among @p docs whose items are allowed. Those that are best by rare terms alone go first: they
 * raise the bar so far that few others need the common terms looked up. */
static void first_round(const struct round *round, const uint32_t *docs, size_t n, struct best *ret)
{
    struct best by_rare = {0};
    for (size_t i = 0; i < n; i++)
        if (round->scores[docs[i]] > bar_of(&by_rare) && allowed(round, candidate_of(round, docs[i]).item))
            keep(&by_rare, candidate_of(round, docs[i]));
    if (round->q->common_count == 0) {
        *ret = by_rare;
        return;
    }
    for (size_t i = 0; i < by_rare.n; i++) /* a second document of such an item follows below */
        keep_exact(round, ret, by_rare.v[i]);
    for (size_t i = 0; i < n; i++) {
        if (round->scores[docs[i]] + round->q->lift <= bar_of(ret))
            continue;
        struct candidate c = candidate_of(round, docs[i]);
        if (c.score + lift_of(round->q, &round->r->docs[c.doc]) > bar_of(ret) && allowed(round, c.item))
            keep_exact(round, ret, c);
    }
}

static void doc_text(const struct retrieval *r, const struct doc *d, struct resemble_text *ret)
{
    ret->n = MIN((size_t)d->count, (size_t)RESEMBLE_TOKENS);
    ret->some = 0;
    ret->weight = 0;
    for (size_t i = 0; i < ret->n; i++) {
        ret->term[i] = r->tokens[d->from + i];
        ret->idf[i] = r->terms[ret->term[i]].idf;
        ret->weight += (double)ret->idf[i];
        ret->some |= resemble_bit(ret->term[i]);
    }
}

size_t retrieval_find(const struct retrieval *r, struct arena *a, struct str text,
                      bool (*allow)(void *arg, uint32_t item), void *arg, struct retrieval_hit *ret, size_t max)
{
    struct query q = {0};
    struct best best = {0};
    uint32_t *docs;
    read_query(r, a, text, &q);
    float *scores = arena_array(a, float, r->doc_count + 1);
    size_t n = gather(r, a, &q, scores, &docs);
    first_round(&(struct round){r, &q, scores, allow, arg}, docs, n, &best);

    double ranks[SECOND_LOOK + 1];
    size_t found = 0;
    for (size_t i = 0; i < best.n && max > 0; i++) {
        struct resemble_text other;
        struct resemblance like;
        doc_text(r, &r->docs[best.v[i].doc], &other);
        resemble(&q.text, &other, &like);
        double rank = resemble_rank((double)(best.v[i].score / q.possible), &like);
        if (found == max && rank <= ranks[found - 1])
            continue;
        size_t at = found < MIN(max, (size_t)SECOND_LOOK) ? found++ : found - 1;
        for (; at > 0 && ranks[at - 1] < rank; at--) {
            ret[at] = ret[at - 1];
            ranks[at] = ranks[at - 1];
        }
        ret[at] = (struct retrieval_hit){best.v[i].item, (double)best.v[i].score, like.match, best.v[i].doc};
        ranks[at] = rank;
    }
    return found;
}
