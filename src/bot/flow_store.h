/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* SQL of a shop's own versions of flows. */

#include "store/store.h"

/** A version. Texts in the arena. */
struct flow_version {
    struct str flow_id, state, doc; /**< state: draft live past */
    int64_t number, person_id, created_ms, changed_ms;
};

/** All versions that are draft or live, by flow, without past ones. 0, or STORE_FAULT. */
must_use int flow_list(struct tx *tx, struct arena *a, int64_t tenant_id, struct flow_version **ret, size_t *ret_n);
/** All versions of one flow, newest first. */
must_use int flow_versions(struct tx *tx, struct arena *a, int64_t tenant_id, struct str flow_id, struct flow_version **ret,
                           size_t *ret_n);
must_use int flow_add(struct tx *tx, int64_t tenant_id, const struct flow_version *v);
/** Changes state and document of a version. */
must_use int flow_put(struct tx *tx, int64_t tenant_id, const struct flow_version *v);
/** Takes a draft away. */
must_use int flow_remove(struct tx *tx, int64_t tenant_id, struct str flow_id, int64_t number);
