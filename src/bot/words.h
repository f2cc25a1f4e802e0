/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Words: the few words that the bot listens for itself, from packs/LANG/words.tsv: which place of a list is meant ("the
 * second one"), and words that must never be missed, whatever a classifier thinks ("I don't want to live"). Immutable;
 * any thread.
 *
 * A row is kind<TAB>value<TAB>word; a word that begins with = must be the whole text.
 *   place  1…5 or -1 (the last)   a place in the list that was just shown
 *   noplace -                     looks like one and is none ("the first time")
 *   safety INTENT                 counts always
 *   risk   INTENT                 counts when the understanding is not sure
 *   language zh | en              the language that is asked for
 *   and    -                      stands between two things that are compared
 *   how    -                      asks how something is done, not that it be done
 *   agree, deny, giveup -         yes, no and "never mind" to what a job asks (bot/flow_hear.h)
 *   bare   -                      there is no photo
 *   larger, smaller -             a size up, a size down
 *   cue    -                      what stands behind it is the note, the title
 *   become -                      what stands behind it shall take the place of what was said ("make it …")
 *   because.REASON -              words for a reason of an after-sale case
 *   fault  INTENT                 something is wrong with the goods; counts when the understanding is not sure
 *   wish   INTENT                 the same of what shall become of them
 *   asks   -                      the words are a question
 *   going  -                      asks how far something is
 *   own    -                      speaks of what is the buyer's own
 *   undo   -                      wants to have changed back what was changed last
 *   resume -                      wants to have back what was stopped
 *   tail   -                      ends a sentence, and is none of what stands behind a cue ("…, is that ok?")
 *   keep   -                      what its clause names is to stay as it is ("the hat, but keep the coat")
 * The file's other kinds are those of bot/marks.h.
 */

#include "base/str.h"

#define WORDS_KINDS 64 /**< most kinds in the files */

/** The words that stand in one text: looked for once, asked for by kind as often as one likes. */
struct words {
    uint16_t first[WORDS_KINDS]; /* words.c's own */
};

/** Finds all words in @p text; what @p language's file has comes before what the other's has. Nothing stays in @p a. */
void words_find(struct arena *a, struct str language, struct str text, struct words *ret);
/** Value of the first word of @p kind ("safety", "risk", "language") in the text; empty when there is none. Borrowed. */
struct str words_said(const struct words *w, const char *kind);

/** The place 0…count-1 that @p text, in which @p w was found, means in a list of @p count, or -1. Long texts mean none. */
int words_place(const struct words *w, struct str text, size_t count);
/** words_said() of a text that is asked for one kind only. */
struct str words_value(struct arena *a, struct str language, const char *kind, struct str text);
/** What stands in @p text behind its first word of @p kind, without the punctuation between and without a tail; empty: there is
 *  none. A view. */
struct str words_behind(struct arena *a, struct str language, const char *kind, struct str text);
/** @p text without its clauses in which a word of @p kind stands; all of it when nothing else is left. In @p a, or the text. */
struct str words_apart(struct arena *a, struct str language, const char *kind, struct str text);
/** Cuts @p text in two at the first word of kind "and"; without one @p ret_right is empty. */
void words_halves(struct str language, struct str text, struct str *ret_left, struct str *ret_right);
