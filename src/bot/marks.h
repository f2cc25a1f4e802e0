/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Marks: what in a text speaks of the talk itself and not of the matter: "那…呢" goes on with what was asked, "不对，是…"
 * takes back a part of it, "还有" begins a second request. Found in one pass over the text, by the rows of
 * packs/LANG/words.tsv. Pure; any thread.
 *
 * A row is kind<TAB>value<TAB>word:
 *   follow start | end    begins or ends a text that goes on with the last question ("what about …", "…呢")
 *   wrong  all            takes back what was understood; what comes after it holds ("不对，…")
 *   wrong  not            takes back what comes after it, up to "but" or a comma ("不是这件，是…")
 *   wrong  meant          what comes after it holds ("I meant …")
 *   but    -              behind "wrong not": here begins what holds
 *   other  -              another one than the one in talk ("另一单")
 *   bought -              says that a day is the day of an order ("昨天那单", "I bought")
 *   join   strong | weak  may stand between two requests
 *   reason -              begins a part that is no request by itself ("if …")
 *   why    -              nothing but this: asks for the reason of what was said last
 *   back   -              wants the question that was left open
 *   drop   -              gives up the question that was left open
 *   empty  -              says nothing by itself in such a text ("那个", "the")
 *   plain  -              looks like a mark and is none ("是不是")
 */

#include "nlu/understand.h"

#define MARKS_JOINS 4

/** How likely one request ends at a join and another begins. */
enum join_kind {
    JOIN_WEAK,   /**< a comma, "and" */
    JOIN_ASKED,  /**< a question mark */
    JOIN_STRONG, /**< "还有", "by the way" */
};

struct join {
    size_t at, end; /**< bytes of the word, or of the punctuation */
    enum join_kind kind;
};

struct marks {
    bool follows, corrects;
    bool other, bought, why, back, drops;
    bool reasons;     /**< begins with a part that is no request */
    bool person;      /**< a word for "a person, please" stands in it (kind risk, bot/words.h) */
    struct str kept;  /**< what holds: behind a correction, else the whole text */
    size_t rest;      /**< characters of `kept` that are neither marks nor entities: 0 is nothing but values */
    struct str words; /**< those characters, with a space for each gap; empty: none, or the text is no fragment anyway */
    struct join joins[MARKS_JOINS];
    size_t join_count;
};

/**
 * Finds the marks of @p text.
 * @param language  of the text: "zh" or "en"
 * @param u         its understanding, for the entities; NULL: none
 * @param names     a bare name is expected: look at the rest of any short text, not only of what is marked or holds values
 * @param ret       views into @p text, and in @p a
 */
void marks_find(struct arena *a, struct str language, struct str text, const struct understanding *u, bool names,
                struct marks *ret);
