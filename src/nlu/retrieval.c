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
 *              Who wants near hits only is spared all of that when no document can be near enough, which the scores of the
 *              rare terms tell already.
 * Invariants   Immutable after it was built; searching writes into the caller's arena only, and gives it back.
 */
#include "nlu/retrieval.h"

#include <stdlib.h>

#include "nlu/retrieval_search.h"

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

/* ---- the second look ---------------------------------------------------------------------------------------------- */

static struct resemble_text text_of(const struct index *x, const struct doc *d)
{
    return (struct resemble_text){
        .term = x->tokens + d->from,
        .idf = x->idfs + d->from,
        .n = MIN((size_t)d->count, (size_t)RESEMBLE_TOKENS),
        .weight = d->weight,
        .some = d->some,
    };
}

/* A document's word that the open one begins is taken for it. */
static void close_open(const struct index *x, struct arena *a, const struct query *q, struct resemble_text *other)
{
    uint32_t as = q->terms[q->asked.text.n - 1], *terms = arena_copy(a, other->term, other->n * sizeof(*terms));
    other->term = terms;
    for (size_t i = 0; i < other->n; i++) {
        const struct spelling *s = &x->spellings[terms[i]];
        if (normalise_class(x->points[s->at]) != CHAR_WORD || s->place < q->open || s->place >= q->open_end)
            continue;
        terms[i] = as;
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

/* Of the @p i-th of the best. */
static void second_look(const struct search *s, struct arena *a, const struct best *best, size_t i, struct ranking *ret)
{
    const struct query *q = &s->q;
    const struct retrieval_question *question = q->question;
    struct resemblance like;
    uint32_t doc = best->docs[i];
    float score = best->scores[i];
    double bm25 = (double)(score / question->possible);
    struct resemble_text other = text_of(s->x, &s->x->docs[doc]);
    if (q->open < q->open_end && question->n <= RESEMBLE_TOKENS)
        close_open(s->x, a, q, &other);
    resemble(&q->asked, &other, &like);
    struct retrieval_hit hit = {best->items[i], (double)score, question->typed ? like.covered : like.match,
                                s->first_doc + doc};
    rank_hit(ret, hit, question->typed ? resemble_rank_typed(bm25, &like, resemble_run(&q->asked.text, &other))
                                       : resemble_rank(bm25, &like));
}

static void rank_found(const struct search *s, struct arena *a, struct ranking *ret)
{
    struct best best = {.n = 0};
    search_best(s, &best);
    for (size_t i = 0; i < best.n && ret->max > 0; i++)
        second_look(s, a, &best, i, ret);
}

/* ---- asking ------------------------------------------------------------------------------------------------------- */

size_t retrieval_ask(const struct retrieval *r, struct arena *a, const struct retrieval_question *q, double least,
                     retrieval_allow_fn *allow, void *arg, struct retrieval_hit *ret, size_t max)
{
    const struct arena_mark before = arena_mark(a);
    struct ranking k = {.hits = ret, .max = MIN(max, (size_t)SECOND_LOOK)};
    struct search main = {.gone = r->gone, .gone_count = r->gone_count, .allow = allow, .arg = arg};
    struct search late = {.first_doc = (uint32_t)r->main->doc_count, .allow = allow, .arg = arg};
    search_begin(&main, r->main, r, a, q);
    if (r->late != NULL)
        search_begin(&late, r->late, r, a, q);
    if (least <= 0 || search_may_match(&main, least) || (r->late != NULL && search_may_match(&late, least))) {
        rank_found(&main, a, &k);
        if (r->late != NULL)
            rank_found(&late, a, &k);
    }
    arena_rewind(a, before);
    return k.n;
}

struct retrieval_question *retrieval_read(const struct retrieval *r, struct arena *a, struct str text)
{
    return question_read(r, a, text, false);
}

bool retrieval_mend(const struct retrieval *r, struct arena *a, struct retrieval_question *q)
{
    return q->unknown > 0 && question_mend(r, a, q) > 0;
}

size_t retrieval_find(const struct retrieval *r, struct arena *a, struct str text, retrieval_allow_fn *allow, void *arg,
                      struct retrieval_hit *ret, size_t max)
{
    const struct arena_mark before = arena_mark(a);
    size_t n = retrieval_ask(r, a, question_read(r, a, text, false), 0, allow, arg, ret, max);
    arena_rewind(a, before);
    return n;
}

size_t retrieval_find_mended(const struct retrieval *r, struct arena *a, struct str text, retrieval_allow_fn *allow,
                             void *arg, struct retrieval_hit *ret, size_t max)
{
    const struct arena_mark before = arena_mark(a);
    struct retrieval_question *q = question_read(r, a, text, false);
    size_t n = retrieval_mend(r, a, q) ? retrieval_ask(r, a, q, 0, allow, arg, ret, max) : 0;
    arena_rewind(a, before);
    return n;
}

size_t retrieval_find_typed(const struct retrieval *r, struct arena *a, struct str text, retrieval_allow_fn *allow,
                            void *arg, struct retrieval_hit *ret, size_t max)
{
    const struct arena_mark before = arena_mark(a);
    struct retrieval_question *q = question_read(r, a, text, true);
    (void)retrieval_mend(r, a, q); /* what could not be mended is looked for as it stands */
    size_t n = retrieval_ask(r, a, q, 0, allow, arg, ret, max);
    arena_rewind(a, before);
    return n;
}
