/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Retrieval: which stored questions are nearest to a text. BM25 over characters (Han) and words, k1 .6 b .6, after
 * handbook/nlu.md section 4; an inverted index in memory, immutable after retrieval_build(), shared by threads.
 */

#include "base/str.h"

struct retrieval;

struct retrieval_doc {
    struct str text; /**< one question, or one similar question */
    uint32_t item;   /**< what it belongs to: the caller's number; several docs may share one */
};

struct retrieval_hit {
    uint32_t item;
    double score;    /**< BM25 of its best doc; compare within one query */
    double match;    /**< 0..1: how much of the query's weight the doc explains and the other way (harmonic): a
                          threshold that means the same for every query and base */
    uint32_t doc;    /**< index into the docs given to build */
};

must_use struct retrieval *retrieval_build(const struct retrieval_doc *docs, size_t n);
void retrieval_free(struct retrieval *r);
/**
 * Best hits, one an item, best first.
 * @param allow  items to consider: called for each candidate item, NULL for all (conditions and validity are
 *               applied here, before ranking)
 * @return number of hits, at most @p max
 */
size_t retrieval_find(const struct retrieval *r, struct arena *a, struct str text,
                      bool (*allow)(void *arg, uint32_t item), void *arg, struct retrieval_hit *ret, size_t max);
