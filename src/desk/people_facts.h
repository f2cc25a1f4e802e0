/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * People facts: how many people a shop and one of its groups have and how many are there, as buyers are told. Counting walks
 * through all people of the shop, and every place in a queue asks: so it is kept for a second at most, and forgotten when
 * somebody of this process comes, goes or changes status. Routing never asks here; it counts inside its own unit of work.
 *
 * Any thread; the table is guarded by its lock, which is never held while the store is read.
 */

#include "desk/group.h"
#include "store/store.h"

struct people_facts {
    int roster, online;       /**< of the shop */
    struct group_facts group; /**< of the group asked about; zeros when it has nobody */
};

/** Reads them in @p tx, or knows them. 0, or STORE_FAULT. */
must_use int people_facts_of(struct tx *tx, const struct store *store, struct arena *a, int64_t tenant_id,
                             struct str skill, struct people_facts *ret);
/** After the commit: somebody came, went, or has another status. */
void people_facts_changed(void);
