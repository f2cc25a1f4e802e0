/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Demo deeds: what buyers of the demo shops have asked for lately, so that cases, tickets and their clocks are there to look
 * at. Rows of packs/LANG/demo/deeds.jsonl, done through trade/action_service.h as a buyer's own taps are: the rules decide.
 */

#include "account/shop.h"
#include "store/store.h"

/**
 * Does the rows in order, each once for ever. A row that the rules refuse by now is left out.
 * @param rows  JSONL, times resolved
 * @return false with a sentence: a row that says nothing, or a store fault
 */
must_use bool demo_deeds_do(struct store *store, const struct shop *shop, struct str rows, char ret_error[256]);
/** Whether something was done about this order: what is imported over it would deny it. */
must_use bool demo_deeds_about(struct store *store, int64_t tenant_id, struct str order_id);
