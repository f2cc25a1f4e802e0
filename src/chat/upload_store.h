/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* SQL of uploads: one function a statement, decides nothing. */

#include "chat/upload.h"
#include "store/store.h"

/** 0, or STORE_FAULT. */
must_use int upload_insert(struct tx *tx, const struct upload *u);
/** 1: found; 0: not there; STORE_FAULT. */
must_use int upload_get(struct tx *tx, int64_t tenant_id, int64_t id, struct upload *ret);
/** Notes the first message that shows it. 1: noted; 0: it has one by now, or is gone; STORE_FAULT. */
must_use int upload_show(struct tx *tx, int64_t tenant_id, int64_t id, int64_t conversation_id, int64_t seq);
/** How many the contact has sent since. A count, or STORE_FAULT. */
must_use int upload_count(struct tx *tx, int64_t tenant_id, int64_t contact_id, int64_t since_ms);
/** Those that no message shows and that came before, over all tenants, at most @p limit, in @p a. 0, or STORE_FAULT. */
must_use int upload_list_loose(struct tx *tx, struct arena *a, int64_t before_ms, int limit, struct upload **ret, size_t *ret_n);
/** Removes it unless a message shows it. 1: removed; 0: not; STORE_FAULT. */
must_use int upload_delete_loose(struct tx *tx, int64_t tenant_id, int64_t id);
/** Those behind (tenant, id), over all tenants, in that order, at most @p limit. 0, or STORE_FAULT. */
must_use int upload_list(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t id, int limit, struct upload **ret,
                         size_t *ret_n);
