/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What becomes of an agreement that was not kept in time: a work order of the service team. Apart from the other use cases,
 * because work orders belong to trade/.
 */

#include "account/shop.h"
#include "desk/agreement.h"

/**
 * Makes the work order, in the caller's unit of work; its id is kept in @p g.
 * @param term_ms     opening hours until it is to be answered
 * @param text        what is to be done, for people
 * @param ret_ticket  its number, in @p a
 * @return false: storage, logged where it happened
 */
must_use bool agreement_follow_up(struct tx *tx, struct arena *a, const struct shop *shop, struct agreement *g,
                                  int64_t term_ms, struct str text, int64_t now_ms, struct str *ret_ticket);
