/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Language: which language a text is in. The script answers alone where one language writes it (zh ja ko th el he hi …);
 * Latin and Cyrillic letters are weighed by tables that were learned from packs/languages while building. A text that
 * cannot tell (numbers, "ok", a name) takes the language that was to be expected. Pure; any thread.
 */

#include "base/str.h"

struct folded;

struct language_guess {
    struct str language; /**< ISO 639-1; the expected one when the text cannot tell */
    double confidence;   /**< 0 … 1 */
};

/** What is known before the text is read. */
struct language_prior {
    struct str expected;        /**< answer for a text that cannot tell; may be empty */
    const struct str *enabled;  /**< languages that the shop serves: a little more likely than others; may be NULL */
    size_t enabled_count;
};

/** The language of @p text: the expected one, or a name that lasts for ever. Scratch in @p a. */
struct language_guess language_among(struct arena *a, struct str text, const struct language_prior *prior);
/** The same of a text that normalise_points() has read. */
struct language_guess language_of_points(const struct folded *points, const struct language_prior *prior);
/** The same when only one language is expected. */
struct language_guess language_of(struct arena *a, struct str text, struct str hint);
