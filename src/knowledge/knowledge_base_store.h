/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* SQL of what changed since a base was built. */

#include "store/store.h"

/**
 * Calls @p each with id and version of every entry in use, in no order, until it says false. The id is borrowed for the call.
 * 1: all; 0: stopped; STORE_FAULT.
 */
must_use int knowledge_versions_each(struct tx *tx, int64_t tenant_id,
                                     bool (*each)(void *arg, struct str id, int64_t version), void *arg);
