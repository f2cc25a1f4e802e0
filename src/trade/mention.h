/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Mentions: whether a word of the shop stands in a buyer's text. Han needs no borders ("黑" stands in "黑色的"); words of
 * letters and numbers do ("L" does not stand in "lovely", nor 42 in 142 or 42.5). Pure.
 */

#include "base/str.h"

/** A place in a text that something was found at. */
struct mention {
    size_t at, n;
};
/** True when what lies there is not a part of a longer word or number. */
bool mention_stands(struct str text, struct mention m);
/**
 * Place of @p word in @p text from @p from on, or SIZE_MAX. Both must be normalise()d.
 */
size_t mention_find(struct str text, struct str word, size_t from);

/** True when @p inner lies inside @p outer. */
static inline bool mention_covers(struct mention outer, struct mention inner)
{
    return inner.at >= outer.at && inner.at + inner.n <= outer.at + outer.n;
}
