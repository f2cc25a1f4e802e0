/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Texts: the sentences and names that the program says, by language, from packs/LANG/texts/NAME.tsv (key<TAB>text; "\n" in a
 * text is a line end; lines that begin with # are remarks). Read once, on first use, and immutable then. Any thread.
 */

#include "base/str.h"

/**
 * The text of @p key in @p language ("zh", "zh-CN", "en"…). A language without a pack, or a pack without the key,
 * is answered in English, then in any other; a key that nobody has gives the key itself, so that a gap is seen.
 * Borrowed for ever.
 */
struct str texts_get(struct str language, const char *key);
/** True when @p key exists in that very language. */
bool texts_has(struct str language, const char *key);
/** One wording of KEY: the @p pick-th of KEY.1, KEY.2, … KEY.9, round and round; without these that of texts_get(). */
struct str texts_wording(struct str language, const char *key, uint64_t pick);
/** The names that stand in braces in any wording of KEY, so that only their values need be made. Borrowed for ever. */
const struct str *texts_names(struct str language, const char *key, size_t *ret_n);

/** A named value for texts_fill(). */
struct text_value {
    const char *name;
    struct str value;
};
/** @p text with every "{name}" replaced by its value, in @p a; a name that is not given stays as written. */
struct str texts_fill(struct arena *a, struct str text, const struct text_value *values, size_t n);
/** The same behind what stands in @p b. */
void texts_add(struct buf *b, struct str text, const struct text_value *values, size_t n);
