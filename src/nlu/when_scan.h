/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Times in texts: the grammar that reads a struct when (nlu/when.h) from words and numbers. For nlu/entity.c only.
 *
 * Its words come from the lexicon: date (a day by name), hours (a part of the day), weekday, week, month, part (of a month),
 * number (in letters), lead (what stands before a time), past and coming (verbs that tell of which of two days the talk is).
 */

#include "nlu/scan.h"

take_fn when_take; /**< any time that begins with a word or a number */

/** Ends the scan: times that could be before or after now lean to the side of the nearest verb; values are written. */
void when_settle(struct scan *s);
