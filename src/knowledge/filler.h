/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Fillers: words around a question that say nothing of it ("请问你们…呀", "hi, could you tell me …"). In a small base,
 * where every word is rare, they would weigh as much as the question. From packs/LANG/lexicon/fillers.tsv, read once; any
 * thread.
 */

#include "base/str.h"

/** @p text folded and without fillers at both ends, in @p a; a text that is nothing but fillers stays whole. */
struct str filler_trim(struct arena *a, struct str text);
