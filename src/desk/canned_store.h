/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * SQL of canned replies: the shop's, and each person's own. Decides nothing. STORE_OK (0) or STORE_FAULT unless said
 * otherwise.
 */

#include "store/store.h"

struct canned {
    int64_t id;
    int64_t person_id; /**< 0: the shop's */
    struct str team, title, text;
};

/** The shop's and the person's own, by group and title. */
must_use int canned_list(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t person_id, struct canned **ret,
                         size_t *ret_n);
/** 1 and the row; 0: there is none; STORE_FAULT. */
must_use int canned_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t id, struct canned *ret);
must_use int canned_insert(struct tx *tx, int64_t tenant_id, const struct canned *c);
must_use int canned_update(struct tx *tx, int64_t tenant_id, const struct canned *c);
must_use int canned_delete(struct tx *tx, int64_t tenant_id, int64_t id);
/** How many the shop (0) or a person has; or STORE_FAULT. */
must_use int64_t canned_count(struct tx *tx, int64_t tenant_id, int64_t person_id);
