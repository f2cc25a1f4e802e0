/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Fillers: words around a question that say nothing of it ("请问你们…呀", "hi, could you tell me …"). In a small base,
 * where every word is rare, they would weigh as much as the question. From packs/LANG/lexicon/fillers.tsv, read once; any
 * thread.
 */

#include "base/str.h"

/**
 * Takes the fillers off both ends of @p text; a text that is nothing but fillers stays whole.
 * @param ret  what remains, folded, in @p a
 * @return false when there was nothing to take off
 */
bool filler_trim(struct arena *a, struct str text, struct str *ret);
