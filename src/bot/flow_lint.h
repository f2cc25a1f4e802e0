/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Lint of flows: what must hold of a plan before buyers walk along it. Held against the shipped ones by flow_test.c and
 * `xiaoer flow lint`, against a shop's own when it is saved. Pure.
 *
 * Held: nothing is done that was not confirmed just before; every step can be reached; every text is there in both languages and
 * names only values that there are; what is offered is an intent; what is chosen among has words; the action of a step can be
 * done by somebody who talks; and, over all plans, every action has a plan and no intent two.
 */

#include "bot/flow_book.h"

/** Hears of one thing that is wrong. */
typedef void flow_complain_fn(void *arg, struct str flow, struct str what);

/** @return how many things are wrong with it */
size_t flow_lint(const struct flow_plan *p, flow_complain_fn *say, void *arg);
/** The same of all of a book, and of them together. */
size_t flow_lint_book(const struct flow_book *book, flow_complain_fn *say, void *arg);
