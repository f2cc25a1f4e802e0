/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Clauses: whether a message holds two requests, "where's my parcel and can I change the address?". The text is cut where
 * a join stands, each half is understood by itself, and the halves count only when both are understood with confidence
 * and are about different matters: a question and its reason are one request, and so are "black and white". Pure.
 */

#include "bot/marks.h"

#define CLAUSE_CUTS 3

/** One way to cut a text in two. */
struct cut {
    struct str left, right;
    enum join_kind kind;
};

/**
 * Where @p text may be cut, likeliest first: behind a comma or "and" only when @p whole was not understood with confidence.
 * Nothing when a half would be too short for a request, or the first one is a mere reason.
 * @return how many
 */
size_t clause_cuts(struct str text, const struct marks *m, const struct understanding *whole, struct cut ret[CLAUSE_CUTS]);
/** True when a half is a request as far as it alone can tell: without it the other one need not be looked at. */
bool clause_may_count(const struct understanding *whole, const struct understanding *half, enum join_kind kind);
/** True when the halves are two requests. @p whole is the understanding of the uncut text. */
bool clause_are_two(const struct understanding *whole, const struct understanding *left,
                    const struct understanding *right, enum join_kind kind);
/** True when both intents are about one matter: answering one of them answers the other. */
bool clause_same_matter(struct str x, struct str y);
