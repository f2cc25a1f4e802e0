/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Retrieval.
 *
 * How          Terms that stand in more than one document of twenty cost most and tell least: when the query has rarer ones,
 *              only those make candidates, and the common ones are added, by looking into the document, to the candidates
 *              that they could still lift among the best. The BM25 of whatever gets that far is exact.
 *              The best of this first round are then put in order by a second look (nlu/resemble.h), which sees what
 *              BM25 does not: order, neighbours, and what is left over on either side.
 *              What came after the index was built lies in a small one beside it, weighed by the big one's statistics; both
 *              are asked and their hits put in one order.
 * Invariants   Immutable after it was built; searching writes into the caller's arena only.
 */
#include "nlu/retrieval.h"

#include <stdlib.h>
#include <string.h>

#include "nlu/retrieval_index.h"

#define SECOND_LOOK  12 /* items that get it, and so the most hits that are found; more gained nothing */
#define TERMS_MOST   (QUERY_TERMS + PREFIX_MOST)

/* A term of the query, once. */
struct part {
    const struct term *term;
    float trust; /* below 1: a mended one */
};

/* The question as one index has it. */
struct query {
    const struct question *question;
    struct resemble_text text;
    struct part rare[TERMS_MOST], common[TERMS_MOST];
    size_t rare_count, common_count;
    float lift;              /* what the common terms can add, at most */
    uint32_t open, open_end; /* places of the words that the last one may become; none: 0, 0 */
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

struct retrieval *retrieval_build(const struct retrieval_doc *docs, size_t n)
{
    struct retrieval *r = xcalloc(1, sizeof(*r));
    r->main = index_build(docs, n, NULL);
    return r;
}

struct retrieval *retrieval_renew(const struct retrieval *before, const uint32_t *gone, size_t gone_count,
                                  const struct retrieval_doc *docs, size_t n)
{
    struct retrieval *r = xcalloc(1, sizeof(*r));
    r->main = index_ref(before->main);
    if (n > 0)
        r->late = index_build(docs, n, r->main);
    for (size_t i = 0; i < gone_count; i++)
        r->gone_count = MAX(r->gone_count, (size_t)gone[i] + 1);
    if (r->gone_count > 0)
        r->gone = xcalloc(r->gone_count, 1);
    for (size_t i = 0; i < gone_count; i++)
        r->gone[gone[i]] = 1;
    return r;
}

void retrieval_free(struct retrieval *r)
{
    if (r == NULL)
        return;
    index_unref(r->main);
    index_unref(r->late);
    free(r->gone);
    free(r);
}

/* ---- the question ------------------------------------------------------------------------------------------------- */

static const struct term *term_anywhere(const struct retrieval *r, uint64_t hash)
{
    const struct term *t = index_term(r->main, hash);
    return t == NULL && r->late != NULL ? index_term(r->late, hash) : t;
}

static bool is_begun(const struct index *x, const struct asked *t)
{
    uint32_t from = 0, to = 0;
    if (x != NULL)
        index_words_with(x, t->points, t->n, &from, &to);
    return to > from;
}

/* The last token of a text being typed may go on when it is a word of letters and nothing stands behind it. */
static bool is_open(const struct question *q, size_t i)
{
    return q->open && i + 1 == q->n && q->v[i].kind == CHAR_WORD && q->v[i].n <= WORD_MOST;
}

void question_weigh(const struct retrieval *r, struct question *q)
{
    q->possible = 0;
    q->weight = 0;
    q->unknown = 0;
    for (size_t i = 0; i < q->n; i++) {
        struct asked *t = &q->v[i];
        const struct term *term = t->hash != 0 ? term_anywhere(r, t->hash) : NULL;
        /* one put in goes on weighing what the unknown one did: a document without it gains nothing */
        t->idf = term != NULL && (!t->doubt || t->spelt) ? term->idf : r->main->unknown_idf;
        t->known = term != NULL || (is_open(q, i) && (is_begun(r->main, t) || is_begun(r->late, t)));
        t->again = false;
        for (size_t k = 0; k < i && t->known; k++)
            t->again |= q->v[k].hash == t->hash;
        q->unknown += !t->known;
        q->possible += t->again ? 0 : t->idf * (BM25_K1 + 1);
        q->weight += i < RESEMBLE_TOKENS ? (double)t->idf : 0;
    }
}

static void read_question(const struct retrieval *r, struct arena *a, struct str text, bool typed, struct question *ret)
{
    struct folded f;
    struct token *t;
    normalise_points(a, text, &f);
    ret->n = MIN(features_tokens(a, &f, &t), (size_t)QUERY_TERMS);
    for (size_t i = 0; i < ret->n; i++)
        ret->v[i] = (struct asked){
            .hash = t[i].hash, .points = f.cp + t[i].from, .n = t[i].to - t[i].from, .kind = t[i].kind};
    ret->typed = typed;
    ret->open = typed && ret->n > 0 && t[ret->n - 1].to == f.n;
    question_weigh(r, ret);
}

/* ---- the query of one index --------------------------------------------------------------------------------------- */

static void add_part(const struct index *x, struct query *q, const struct term *t, float trust)
{
    struct part p = {t, trust};
    if (index_is_common(x, t))
        q->common[q->common_count++] = p;
    else
        q->rare[q->rare_count++] = p;
}

/* The words that an open one may become, those of most documents, as long as there is room. */
static void add_open(const struct index *x, struct query *q, const struct asked *t)
{
    const struct term *most[PREFIX_MOST];
    size_t n = 0;
    index_words_with(x, t->points, t->n, &q->open, &q->open_end);
    for (uint32_t i = q->open; i < q->open_end; i++) {
        const struct term *term = &x->terms[x->words[i]];
        if (term->hash == t->hash || (n == PREFIX_MOST && term->count <= most[n - 1]->count))
            continue;
        size_t at = n < PREFIX_MOST ? n++ : n - 1;
        for (; at > 0 && most[at - 1]->count < term->count; at--)
            most[at] = most[at - 1];
        most[at] = term;
    }
    for (size_t i = 0; i < n; i++)
        add_part(x, q, most[i], 1);
}

static void make_query(const struct index *x, const struct question *question, struct query *q)
{
    memset(q, 0, sizeof(*q));
    q->question = question;
    q->text.weight = question->weight;
    for (size_t i = 0; i < question->n; i++) {
        const struct asked *t = &question->v[i];
        const struct term *term = t->known ? index_term(x, t->hash) : NULL;
        if (i < RESEMBLE_TOKENS) {
            q->text.term[i] = term != NULL ? (uint32_t)(term - x->terms) : RESEMBLE_NONE;
            q->text.idf[i] = t->idf;
            q->text.some |= resemble_bit(q->text.term[i]);
            q->text.doubt |= t->doubt ? (uint64_t)1 << i : 0;
            q->text.n = i + 1;
        }
        if (term != NULL && !t->again)
            add_part(x, q, term, t->doubt ? (float)RESEMBLE_DOUBT : 1);
        if (is_open(question, i))
            add_open(x, q, t);
        if (i < RESEMBLE_TOKENS && term == NULL && q->open < q->open_end) {
            q->text.term[i] = x->words[q->open]; /* stands for all of them: close_open() */
            q->text.some |= resemble_bit(q->text.term[i]);
        }
    }
    if (q->rare_count == 0) { /* nothing but common words: they must make the candidates */
        memcpy(q->rare, q->common, sizeof(q->rare));
        q->rare_count = q->common_count;
        q->common_count = 0;
    }
    for (size_t i = 0; i < q->common_count; i++)
        q->lift += q->common[i].term->greatest;
}

/* ---- the first round ---------------------------------------------------------------------------------------------- */

/* Adds the shares of the rare terms up, by document. @return the documents touched, in @p ret_docs. */
static size_t gather(const struct index *x, struct arena *a, const struct query *q, float *scores, uint32_t **ret_docs)
{
    size_t room = 0, n = 0;
    for (size_t i = 0; i < q->rare_count; i++)
        room += q->rare[i].term->count;
    uint32_t *docs = arena_raw(a, (room + 1) * sizeof(*docs));
    for (size_t i = 0; i < q->rare_count; i++) {
        const struct posting *p = x->postings + q->rare[i].term->from, *end = p + q->rare[i].term->count;
        float trust = q->rare[i].trust;
        for (; p < end; p++) {
            docs[n] = p->doc;
            n += scores[p->doc] <= 0;
            scores[p->doc] += p->share * trust;
        }
    }
    *ret_docs = docs;
    return n;
}

/* What the common terms can add to this document, at most: closer than the query's lift. */
static float lift_of(const struct query *q, const struct doc *d)
{
    float lift = 0;
    for (size_t i = 0; i < q->common_count; i++) {
        const struct term *t = q->common[i].term;
        lift += t->bit == 0 || (t->bit & d->common) != 0 ? t->greatest : 0;
    }
    return lift;
}

/* How often a document holds a common term: its bits know all but how often more than once. */
static float times_in(const struct index *x, const struct doc *d, const struct term *t)
{
    if (t->bit != 0 && (t->bit & d->repeats) == 0)
        return (t->bit & d->common) != 0 ? 1 : 0;
    uint32_t term = (uint32_t)(t - x->terms);
    float count = 0;
    for (size_t k = 0; k < d->count; k++)
        count += x->tokens[d->from + k] == term ? 1.0f : 0.0f;
    return count;
}

/* BM25 shares of the common terms in a document. */
static float common_score(const struct index *x, const struct query *q, const struct doc *d)
{
    float sum = 0;
    for (size_t i = 0; i < q->common_count; i++) {
        float count = times_in(x, d, q->common[i].term);
        sum += count > 0 ? q->common[i].trust * q->common[i].term->idf * count * (BM25_K1 + 1) / (count + d->length) : 0;
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
    const struct index *x;
    const struct query *q;
    const float *scores;       /* of the rare terms, by document */
    const unsigned char *gone; /* by item */
    size_t gone_count;
    retrieval_allow_fn *allow;
    void *arg;
};

static struct candidate candidate_of(const struct round *round, uint32_t doc)
{
    return (struct candidate){doc, round->x->docs[doc].item, round->scores[doc]};
}

static bool allowed(const struct round *round, uint32_t item)
{
    if (item < round->gone_count && round->gone[item] != 0)
        return false;
    return round->allow == NULL || round->allow(round->arg, item);
}

static void keep_exact(const struct round *round, struct best *best, struct candidate c)
{
    c.score += common_score(round->x, round->q, &round->x->docs[c.doc]);
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
        if (c.score + lift_of(round->q, &round->x->docs[c.doc]) > bar_of(ret) && allowed(round, c.item))
            keep_exact(round, ret, c);
    }
}

/* ---- the second look ---------------------------------------------------------------------------------------------- */

static void doc_text(const struct index *x, const struct doc *d, struct resemble_text *ret)
{
    ret->n = MIN((size_t)d->count, (size_t)RESEMBLE_TOKENS);
    ret->some = 0;
    ret->doubt = 0;
    ret->weight = 0;
    for (size_t i = 0; i < ret->n; i++) {
        ret->term[i] = x->tokens[d->from + i];
        ret->idf[i] = x->terms[ret->term[i]].idf;
        ret->weight += (double)ret->idf[i];
        ret->some |= resemble_bit(ret->term[i]);
    }
}

/* A document's word that the open one begins is taken for it. */
static void close_open(const struct index *x, const struct query *q, struct resemble_text *other)
{
    uint32_t as = q->text.term[q->text.n - 1];
    for (size_t i = 0; i < other->n; i++) {
        const struct spelling *s = &x->spellings[other->term[i]];
        if (normalise_class(x->points[s->at]) != CHAR_WORD || s->place < q->open || s->place >= q->open_end)
            continue;
        other->term[i] = as;
        other->some |= resemble_bit(as);
    }
}

/* Hits in order of rank. */
struct ranking {
    struct retrieval_hit *hits;
    double ranks[SECOND_LOOK];
    size_t n, max;
};

static void rank_hit(struct ranking *k, struct retrieval_hit hit, double rank)
{
    if (k->n == k->max && rank <= k->ranks[k->n - 1])
        return;
    size_t at = k->n < k->max ? k->n++ : k->n - 1;
    for (; at > 0 && k->ranks[at - 1] < rank; at--) {
        k->hits[at] = k->hits[at - 1];
        k->ranks[at] = k->ranks[at - 1];
    }
    k->hits[at] = hit;
    k->ranks[at] = rank;
}

static void second_look(const struct index *x, const struct query *q, const struct candidate *c, uint32_t first_doc,
                        struct ranking *ret)
{
    struct resemble_text other;
    struct resemblance like;
    const struct question *question = q->question;
    double bm25 = (double)(c->score / question->possible);
    doc_text(x, &x->docs[c->doc], &other);
    if (q->open < q->open_end && question->n <= RESEMBLE_TOKENS)
        close_open(x, q, &other);
    resemble(&q->text, &other, &like);
    struct retrieval_hit hit = {c->item, (double)c->score, question->typed ? like.covered : like.match, first_doc + c->doc};
    rank_hit(ret, hit, question->typed ? resemble_rank_typed(bm25, &like, resemble_run(&q->text, &other))
                                       : resemble_rank(bm25, &like));
}

static void find_in(const struct retrieval *r, const struct index *x, struct arena *a, const struct question *question,
                    retrieval_allow_fn *allow, void *arg, struct ranking *ret)
{
    struct query q;
    struct best best = {0};
    uint32_t *docs;
    bool late = x == r->late;
    make_query(x, question, &q);
    float *scores = arena_array(a, float, x->doc_count + 1);
    size_t n = gather(x, a, &q, scores, &docs);
    struct round round = {x, &q, scores, r->gone, late ? 0 : r->gone_count, allow, arg};
    first_round(&round, docs, n, &best);
    for (size_t i = 0; i < best.n && ret->max > 0; i++)
        second_look(x, &q, &best.v[i], late ? (uint32_t)r->main->doc_count : 0, ret);
}

static size_t find(const struct retrieval *r, struct arena *a, const struct question *q, retrieval_allow_fn *allow,
                   void *arg, struct retrieval_hit *ret, size_t max)
{
    struct ranking k = {.hits = ret, .max = MIN(max, (size_t)SECOND_LOOK)};
    find_in(r, r->main, a, q, allow, arg, &k);
    if (r->late != NULL)
        find_in(r, r->late, a, q, allow, arg, &k);
    return k.n;
}

size_t retrieval_find(const struct retrieval *r, struct arena *a, struct str text, retrieval_allow_fn *allow, void *arg,
                      struct retrieval_hit *ret, size_t max)
{
    struct question *q = arena_raw(a, sizeof(*q));
    read_question(r, a, text, false, q);
    return find(r, a, q, allow, arg, ret, max);
}

size_t retrieval_find_mended(const struct retrieval *r, struct arena *a, struct str text, retrieval_allow_fn *allow,
                             void *arg, struct retrieval_hit *ret, size_t max)
{
    struct question *q = arena_raw(a, sizeof(*q));
    read_question(r, a, text, false, q);
    if (q->unknown == 0 || question_mend(r, a, q) == 0)
        return 0;
    return find(r, a, q, allow, arg, ret, max);
}

size_t retrieval_find_typed(const struct retrieval *r, struct arena *a, struct str text, retrieval_allow_fn *allow,
                            void *arg, struct retrieval_hit *ret, size_t max)
{
    struct question *q = arena_raw(a, sizeof(*q));
    read_question(r, a, text, true, q);
    if (q->unknown > 0)
        (void)question_mend(r, a, q); /* what could not be mended is looked for as it stands */
    return find(r, a, q, allow, arg, ret, max);
}
