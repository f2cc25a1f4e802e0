/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Entities: things with a value that stand in a text: order numbers, phones, heights, sizes, money, times, regions, who
 * gets a parcel and where. Small grammars over the folded text, and lexicons for what is a list. Pure.
 */

#include "nlu/lexicon.h"
#include "nlu/understand.h"

/**
 * Finds the entities of @p text, in order of place; they do not overlap, except that a pair "165 110" gives two.
 * @param words  the language's entity lexicon (shipped_entities()), may be NULL
 * @param jin    bare weights are 斤 (Chinese), not kg or lb
 * @return how many; @p ret in @p a
 */
size_t entity_find(struct arena *a, struct str text, const struct lexicon *words, bool jin, struct entity **ret);
/** The same where normalise_fold() has read the text. */
size_t entity_find_folded(struct arena *a, struct str text, const struct folded *f, const struct lexicon *words, bool jin,
                          struct entity **ret);
