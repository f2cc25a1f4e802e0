/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Emotion: how a text feels, by weighted words, negation, strengtheners and shouting; and what must not be passed over,
 * abuse, a life in danger, a threat with the law. Pure; the words come from packs/LANG/lexicon/emotion.tsv.
 */

#include "nlu/lexicon.h"
#include "nlu/understand.h"

struct feeling {
    enum emotion emotion;
    double strength; /**< 0 … 1 */
    double polarity; /**< -1 … 1: bad to good; 0 when nothing speaks */
    struct str alarm[ALARM_COUNT]; /**< the words that carry each alarm, in the text; empty: none */
};

/** @param words  kinds angry anxious sad happy thanks good bad abuse legal self_harm asks negate stronger weaker; value = weight */
struct feeling emotion_of(struct arena *a, struct str text, const struct lexicon *words);
/** The same where normalise_fold() has read the text. */
struct feeling emotion_of_folded(struct str text, const struct folded *f, const struct lexicon *words);
