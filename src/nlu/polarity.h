/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Polarity: whether a review or a complaint judges well or badly, by weighted words, negation, degree and turns ("but").
 * Emotion (nlu/emotion.h) asks how a buyer feels now; this asks what they say of the goods. A shop with labelled reviews
 * of its own trains a model instead, which is right far more often. Pure; the words come from
 * packs/LANG/lexicon/polarity.tsv.
 */

#include "nlu/lexicon.h"

/**
 * -1 … 1: bad to good; 0 when nothing speaks.
 * @param words  kinds good bad (value = weight), negate, stronger weaker (value = factor), turn, plain (stepped over)
 */
double polarity_of(struct arena *a, struct str text, const struct lexicon *words);
