/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The first round of a search: a question put to one index, and the documents that are best by BM25. For retrieval*.c only.
 */

#include "nlu/retrieval_index.h"

#define SECOND_LOOK  12 /* items that get it, and so the most hits that are found; more gained nothing */

/* A term of the query, once. */
struct part {
    const struct term *term;
    float trust;  /* below 1: a mended one */
    float weight; /* idf of all its tokens in the question */
};

/* The question as one index has it. */
struct query {
    const struct retrieval_question *question;
    struct resemble_asked asked;
    uint32_t *terms; /* of asked.text */
    float *idfs;
    struct part *rare, *common;
    size_t rare_count, common_count;
    float lift;              /* what the common terms can add, at most */
    float common_weight;     /* of all common parts */
    bool doubt;              /* some part is a mended one */
    uint32_t open, open_end; /* places of the words that the last one may become; none: 0, 0 */
};

/* The best so far. */
struct best {
    uint32_t docs[SECOND_LOOK], items[SECOND_LOOK];
    float scores[SECOND_LOOK];
    size_t n, worst;
    float bar; /* what a newcomer has to beat once all places are taken; use bar_of() */
};

/* A question put to one index. */
struct search {
    const struct index *x;
    struct query q;
    float *scores;             /* of the rare terms, by document */
    uint32_t *docs;            /* those that have one */
    size_t n;
    const unsigned char *gone; /* by item */
    size_t gone_count;
    uint32_t first_doc;        /* number of its first document among all */
    retrieval_allow_fn *allow;
    void *arg;
};

/**
 * Puts the question to @p x: scores by its rare terms. The members about items are the caller's to set. In @p a, which both
 * outlive @p s.
 */
void search_begin(struct search *s, const struct index *x, const struct retrieval *r, struct arena *a,
                  const struct retrieval_question *question);
/** Whether some document may match the question by @p least, or more. */
bool search_may_match(const struct search *s, double least);
/** The best by exact BM25 among the documents whose items are allowed, one an item; @p ret is empty before. */
void search_best(const struct search *s, struct best *ret);
