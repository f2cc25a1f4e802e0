/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Language: which language a text is in, by its script first and, for Latin script, by small words, letters with marks
 * and endings. Knows zh en ja ko ru de fr es it pt nl tr vi id ar th. Pure.
 */

#include "base/str.h"

struct language_guess {
    struct str language; /**< ISO 639-1; the hint when the text cannot tell */
    double confidence;   /**< 0 … 1 */
};

struct language_guess language_of(struct arena *a, struct str text, struct str hint);
