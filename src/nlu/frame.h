/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Frames: what is left of a sentence when the things that could be swapped in it are taken out. "Is the red jacket in
 * stock", "is the blue sofa in stock" and "is it in stock" are one frame: sentences made from one teach a classifier once.
 *
 * Two sentences are of one frame when they are the same after their entities, product words, numbers, colours, sizes and
 * places, and at most one further content word of each, are taken out. What is left has to be a sentence still: two words
 * or three Chinese characters at least.
 */

#include "nlu/lexicon.h"

struct framer; /* splits sentences of one language; one thread at a time */

/**
 * @param language  "zh", "en", …: how the text is split into words
 * @param words     kinds `function` (words that are no content) and `thing` (words that are taken out), borrowed
 * @param entities  the language's entity lexicon, borrowed
 * @param concepts  words of the trade that are one word each, whatever their parts (仅退款), borrowed
 */
must_use struct framer *framer_new(const char *language, const struct lexicon *words, const struct lexicon *entities,
                                   const struct lexicon *concepts);
void framer_free(struct framer *f);

enum frame_kind { FRAME_CONTENT, FRAME_FUNCTION, FRAME_SLOT };

struct frame_word {
    uint32_t from, to; /**< bytes of the text */
    uint32_t weight;   /**< 3 for a word of letters, 2 for each character of Chinese */
    uint64_t hash;
    enum frame_kind kind;
};

/** The words of @p text, punctuation apart, in @p a; @return how many. */
size_t frame_words(struct framer *f, struct arena *a, struct str text, struct frame_word **ret);

/** Sentences of one frame. */
struct frame {
    struct str shape;     /**< for people: "is the … in stock" */
    const uint32_t *rows; /**< indexes of the sentences, rising */
    size_t n;
};

/**
 * Frames of @p texts that more than @p most of them share, the fullest first; one that only repeats sentences which a
 * fuller one has named is left out. In @p a.
 */
size_t frame_find(struct framer *f, struct arena *a, const struct str *texts, size_t n, size_t most,
                  const struct frame **ret);
