/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Retrieval: which stored questions are nearest to a text. BM25 over characters (Han) and words, k1 .6 b .6, after
 * handbook/nlu.md section 4; an inverted index in memory, immutable after it was built, shared by threads.
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
/**
 * What @p before would be with some items gone and some documents more, without building it again: takes as long as the
 * documents that are new since the last full build are many, and searches a little slower.
 *
 * @param before  from retrieval_build() or this function; its full part is shared, and may be freed
 * @param gone    items of the full part that are not there any more: all since it was built, not only the newest
 * @param docs    likewise all documents since; their items are other numbers than those of the full part. Hits name them
 *                by the number of the full part's documents on
 */
must_use struct retrieval *retrieval_renew(const struct retrieval *before, const uint32_t *gone, size_t gone_count,
                                           const struct retrieval_doc *docs, size_t n);
void retrieval_free(struct retrieval *r);

/** Items that a search may give: called for each candidate, before ranking. NULL: all. */
typedef bool retrieval_allow_fn(void *arg, uint32_t item);

/**
 * Best hits, one an item, best first.
 * @return number of hits, at most @p max
 */
size_t retrieval_find(const struct retrieval *r, struct arena *a, struct str text, retrieval_allow_fn *allow, void *arg,
                      struct retrieval_hit *ret, size_t max);
/**
 * The same after tokens that no document has were taken for what they may have been meant for: the same sound ("推款"),
 * pinyin ("tuikuan"), a wrong letter ("refnud"); each costs some of its part of the match. Such a token is looked up by
 * letters and neighbours, which takes longer; without one nothing is done.
 * @return 0 when nothing could be mended
 */
size_t retrieval_find_mended(const struct retrieval *r, struct arena *a, struct str text, retrieval_allow_fn *allow,
                             void *arg, struct retrieval_hit *ret, size_t max);
/**
 * For a text that is still being typed: its last word of letters may go on, and how much more a document says than was
 * typed counts little. Mends as above. `match` is how much of the text's weight the document has.
 */
size_t retrieval_find_typed(const struct retrieval *r, struct arena *a, struct str text, retrieval_allow_fn *allow,
                            void *arg, struct retrieval_hit *ret, size_t max);

/* ---- one text, asked in several ways ------------------------------------------------------------------------------ */

struct retrieval_question;

/** @p text as @p r reads it, in @p a. */
must_use struct retrieval_question *retrieval_read(const struct retrieval *r, struct arena *a, struct str text);
/** Mends it in place, as retrieval_find_mended() says. @return false when nothing could be mended */
bool retrieval_mend(const struct retrieval *r, struct arena *a, struct retrieval_question *q);
/**
 * retrieval_find() of a text that was read.
 * @param least  when no document can match by so much, nothing is given, in a fraction of the time; otherwise all hits are,
 *               those below among them
 */
size_t retrieval_ask(const struct retrieval *r, struct arena *a, const struct retrieval_question *q, double least,
                     retrieval_allow_fn *allow, void *arg, struct retrieval_hit *ret, size_t max);
