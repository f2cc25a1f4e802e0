/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first round of a search.
 *
 * How          Rare terms make the candidates: their postings carry finished shares, which are only added up. What common
 *              terms add is looked up for those candidates that it could still lift among the best.
 */
#include "nlu/retrieval_search.h"

#define ROUNDING 1.001f /* sums of floats that are taken for bounds are this much too great */

/* ---- the query of one index --------------------------------------------------------------------------------------- */

static void add_part(const struct index *x, struct query *q, const struct term *t, float trust)
{
    struct part p = {t, trust, t->idf};
    q->doubt |= trust < 1;
    if (index_is_common(x, t))
        q->common[q->common_count++] = p;
    else
        q->rare[q->rare_count++] = p;
}

/* A further token of a common term. */
static void add_weight(struct query *q, const struct term *t)
{
    for (size_t i = 0; i < q->common_count; i++)
        if (q->common[i].term == t)
            q->common[i].weight += t->idf;
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

/* What the second look sees of token @p i. */
static void add_text(const struct index *x, struct query *q, size_t i, const struct term *term)
{
    const struct asked *t = &q->question->v[i];
    q->terms[i] = term != NULL ? (uint32_t)(term - x->terms) : RESEMBLE_NONE;
    if (term == NULL && q->open < q->open_end)
        q->terms[i] = x->words[q->open]; /* stands for all of them: close_open() */
    q->idfs[i] = t->idf;
    q->asked.doubt |= t->doubt ? (uint64_t)1 << i : 0;
    q->asked.text.n = i + 1;
}

static void make_query(const struct retrieval *r, const struct index *x, struct arena *a,
                       const struct retrieval_question *question, struct query *q)
{
    size_t room = question->n + PREFIX_MOST;
    *q = (struct query){.question = question,
                        .rare = arena_raw(a, room * sizeof(struct part)),
                        .common = arena_raw(a, room * sizeof(struct part)),
                        .terms = arena_raw(a, RESEMBLE_TOKENS * sizeof(uint32_t)),
                        .idfs = arena_raw(a, RESEMBLE_TOKENS * sizeof(float))};
    q->asked.text = (struct resemble_text){.term = q->terms, .idf = q->idfs, .weight = question->weight};
    for (size_t i = 0; i < question->n; i++) {
        const struct asked *t = &question->v[i];
        const struct term *term = x == r->main ? t->main : t->known ? index_term(x, t->hash) : NULL;
        if (term != NULL && !t->again)
            add_part(x, q, term, t->doubt ? (float)RESEMBLE_DOUBT : 1);
        else if (term != NULL)
            add_weight(q, term);
        if (question_is_open(question, i))
            add_open(x, q, t);
        if (i < RESEMBLE_TOKENS)
            add_text(x, q, i, term);
    }
    resemble_chain(&q->asked);
    if (q->rare_count == 0) { /* nothing but common words: they must make the candidates */
        struct part *none = q->rare;
        q->rare = q->common;
        q->common = none;
        q->rare_count = q->common_count;
        q->common_count = 0;
    }
    for (size_t i = 0; i < q->common_count; i++) {
        q->lift += q->common[i].term->greatest;
        q->common_weight += q->common[i].weight;
    }
}

/* ---- the first round ---------------------------------------------------------------------------------------------- */

/* Adds the shares of the rare terms up, by document. */
static void gather(struct search *s, struct arena *a)
{
    const struct query *q = &s->q;
    size_t room = 0, n = 0;
    for (size_t i = 0; i < q->rare_count; i++)
        room += q->rare[i].term->count;
    float *scores = arena_array(a, float, s->x->doc_count + 1);
    uint32_t *docs = arena_raw(a, (room + 1) * sizeof(*docs));
    for (size_t i = 0; i < q->rare_count; i++) {
        const struct posting *p = s->x->postings + q->rare[i].term->from, *end = p + q->rare[i].term->count;
        float trust = q->rare[i].trust;
        for (; p < end; p++) {
            docs[n] = p->doc;
            n += scores[p->doc] <= 0;
            scores[p->doc] += p->share * trust;
        }
    }
    s->scores = scores;
    s->docs = docs;
    s->n = n;
}

void search_begin(struct search *s, const struct index *x, const struct retrieval *r, struct arena *a,
                  const struct retrieval_question *question)
{
    s->x = x;
    make_query(r, x, a, question, &s->q);
    gather(s, a);
}

/* The weight of the question's common tokens that a document has, at most. */
static float common_weight_in(const struct query *q, const struct doc *d)
{
    float sum = 0;
    for (size_t i = 0; i < q->common_count; i++) {
        const struct part *p = &q->common[i];
        sum += p->term->bit == 0 || (p->term->bit & d->common) != 0 ? p->weight : 0;
    }
    return sum;
}

static bool is_allowed(const struct search *s, uint32_t item)
{
    if (item < s->gone_count && s->gone[item] != 0)
        return false;
    return s->allow == NULL || s->allow(s->arg, item);
}

/*
 * Tokens in common weigh, in the document's numbers, no
 * more than its score of the rare ones times its reach, and the common ones; a match is twice that of both texts' weight.
 */
bool search_may_match(const struct search *s, double least)
{
    const struct query *q = &s->q;
    float half = (float)least / 2, trust = (q->doubt ? 1 / (float)RESEMBLE_DOUBT : 1) * ROUNDING;
    float need = half * (float)q->asked.text.weight - q->common_weight * ROUNDING;
    const struct glance *glances = s->x->glances;
    const float *scores = s->scores;
    for (size_t i = 0, n = s->n; i < n; i++) {
        uint32_t doc = s->docs[i];
        const struct glance *g = &glances[doc];
        float have = scores[doc] * g->reach * trust - half * g->weight;
        if (have >= need && have + common_weight_in(q, &s->x->docs[doc]) * ROUNDING >= half * (float)q->asked.text.weight &&
            is_allowed(s, g->item))
            return true;
    }
    return false;
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

struct candidate {
    uint32_t doc, item;
    float score;
};

static float bar_of(const struct best *b)
{
    return b->n < SECOND_LOOK ? -1 : b->bar;
}

static size_t place_of(const struct best *b, uint32_t item)
{
    size_t at = 0;
    while (at < b->n && b->items[at] != item)
        at++;
    return at;
}

/* Keeps @p c if it is among the best; an item stands there once, with its best document. */
static void keep(struct best *b, struct candidate c)
{
    size_t at = place_of(b, c.item);
    if (at == b->n)
        at = b->n < SECOND_LOOK ? b->n++ : b->worst;
    else if (b->scores[at] >= c.score)
        return;
    b->docs[at] = c.doc;
    b->items[at] = c.item;
    b->scores[at] = c.score;
    if (b->n < SECOND_LOOK || (at != b->worst && b->bar > 0))
        return; /* places are left, or the worst is still the same */
    b->worst = 0;
    for (size_t i = 1; i < SECOND_LOOK; i++)
        b->worst = b->scores[i] < b->scores[b->worst] ? i : b->worst;
    b->bar = b->scores[b->worst];
}

static void keep_exact(const struct search *s, struct best *best, struct candidate c)
{
    c.score += common_score(s->x, &s->q, &s->x->docs[c.doc]);
    if (c.score > bar_of(best))
        keep(best, c);
}

/* Those that are best by rare terms alone go first: they raise the bar so far that few others need the common terms
 * looked up. */
void search_best(const struct search *s, struct best *ret)
{
    struct best by_rare = {.n = 0};
    for (size_t i = 0; i < s->n; i++) {
        struct candidate c = {s->docs[i], s->x->glances[s->docs[i]].item, s->scores[s->docs[i]]};
        if (c.score > bar_of(&by_rare) && is_allowed(s, c.item))
            keep(&by_rare, c);
    }
    if (s->q.common_count == 0) {
        *ret = by_rare;
        return;
    }
    for (size_t i = 0; i < by_rare.n; i++) /* a second document of such an item follows below */
        keep_exact(s, ret, (struct candidate){by_rare.docs[i], by_rare.items[i], by_rare.scores[i]});
    for (size_t i = 0; i < s->n; i++) {
        struct candidate c = {.doc = s->docs[i], .score = s->scores[s->docs[i]]};
        if (c.score + s->q.lift <= bar_of(ret) || c.score + lift_of(&s->q, &s->x->docs[c.doc]) <= bar_of(ret))
            continue;
        c.item = s->x->glances[c.doc].item;
        if (is_allowed(s, c.item))
            keep_exact(s, ret, c);
    }
}
