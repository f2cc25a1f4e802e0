/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A question: the tokens of a text that is asked, what the documents know of them, and what they weigh.
 */
#include "nlu/retrieval_index.h"

static bool is_begun(const struct index *x, const struct asked *t)
{
    uint32_t from = 0, to = 0;
    if (x != NULL)
        index_words_with(x, t->points, t->n, &from, &to);
    return to > from;
}

/* The last token of a text being typed may go on when it is a word of letters and nothing stands behind it. */
bool question_is_open(const struct retrieval_question *q, size_t i)
{
    return q->open && i + 1 == q->n && q->v[i].kind == CHAR_WORD && q->v[i].n <= WORD_MOST;
}

/* The term in the full part, or in what came after it. */
static const struct term *look_up(const struct retrieval *r, struct asked *t)
{
    t->main = t->hash != 0 ? index_term(r->main, t->hash) : NULL;
    return t->main == NULL && t->hash != 0 && r->late != NULL ? index_term(r->late, t->hash) : t->main;
}

void question_weigh(const struct retrieval *r, struct retrieval_question *q)
{
    q->possible = 0;
    q->weight = 0;
    q->unknown = 0;
    for (size_t i = 0; i < q->n; i++) {
        struct asked *t = &q->v[i];
        const struct term *term = look_up(r, t);
        /* one put in goes on weighing what the unknown one did: a document without it gains nothing */
        t->idf = term != NULL && (!t->doubt || t->spelt) ? term->idf : r->main->unknown_idf;
        t->known = term != NULL || (question_is_open(q, i) && (is_begun(r->main, t) || is_begun(r->late, t)));
        t->again = false;
        for (size_t k = 0; k < i && t->known; k++)
            t->again |= q->v[k].hash == t->hash;
        q->unknown += !t->known;
        q->possible += t->again ? 0 : t->idf * (BM25_K1 + 1);
        q->weight += i < RESEMBLE_TOKENS ? (double)t->idf : 0;
    }
}

struct retrieval_question *question_read(const struct retrieval *r, struct arena *a, struct str text, bool typed)
{
    struct folded f;
    struct token *t;
    struct retrieval_question *q = arena_raw(a, sizeof(*q));
    normalise_points(a, text, &f);
    q->n = MIN(features_tokens(a, &f, &t), (size_t)QUERY_TERMS);
    for (size_t i = 0; i < q->n; i++)
        q->v[i] = (struct asked){
            .hash = t[i].hash, .points = f.cp + t[i].from, .n = t[i].to - t[i].from, .kind = t[i].kind};
    q->typed = typed;
    q->open = typed && q->n > 0 && t[q->n - 1].to == f.n;
    question_weigh(r, q);
    return q;
}
