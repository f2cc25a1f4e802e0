/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Emotion: how a text feels, by weighted words, negation, strengtheners and shouting. Pure; the words come from
 * packs/LANG/lexicon/emotion.tsv.
 */

#include "nlu/lexicon.h"
#include "nlu/understand.h"

struct feeling {
    enum emotion emotion;
    double strength; /**< 0 … 1 */
    double polarity; /**< -1 … 1: bad to good; 0 when nothing speaks */
};

/** @param words  kinds angry anxious sad happy good bad negate stronger weaker; value = weight */
struct feeling emotion_of(struct arena *a, struct str text, const struct lexicon *words);
