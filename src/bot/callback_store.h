/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* SQL of the promise to come back: a row of kind 'callback' in the table timer, which desk/ keeps when it is due. */

#include "store/store.h"

/**
 * Promises that the conversation is taken up from @p due_ms on; a later promise takes the place of an earlier one. In a
 * unit of work.
 * @param data  JSON: {"skill":…}, the group that shall take it
 * @return 0, or STORE_FAULT
 */
must_use int callback_book(struct tx *tx, int64_t tenant_id, int64_t conversation_id, struct str data, int64_t due_ms,
                           int64_t now_ms);
