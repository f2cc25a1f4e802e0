/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Use cases of uploads: taking one in, giving it back, and the broom that removes what no message shows. A message shows an
 * upload by chat/inbox.c (incoming.upload), in its own unit of work.
 *
 * Always true: a row has its file, whole, of the size that it says; what is in it is sealed for the shop and for this upload.
 */

#include "chat/upload.h"
#include "store/store.h"

struct uploads;

/** @param dir  the data folder */
must_use struct uploads *uploads_new(struct store *store, const char *dir);
void uploads_free(struct uploads *u);

/**
 * Takes in @p raw, as it came, of a buyer. Blocking until durable; a worker's thread.
 * @param a    scratch, some three times as large as @p raw
 * @param ret  the row as stored
 */
must_use enum upload_answer upload_put(struct uploads *u, struct arena *a, int64_t tenant_id, int64_t contact_id,
                                       struct str raw, int64_t now_ms, struct upload *ret);
/** The bytes of @p of, in @p a. UPLOAD_OK, or UPLOAD_FAULT when the file is missing or was changed. */
must_use enum upload_answer upload_bytes(struct uploads *u, struct arena *a, const struct upload *of, struct str *ret);

/** Removes what is LIMIT_UPLOAD_LOOSE_MS old and shown by no message, and files that no row knows. Once a minute or so; a
 *  call does a part of it. Blocking. */
void uploads_sweep(struct uploads *u, int64_t now_ms);

/** Finds rows without their file, or with one of another size, and files that the broom should have taken away and has not;
 *  @p say hears of the first twenty. Breaches, or STORE_FAULT. */
must_use int uploads_verify(struct tx *tx, const char *dir, int64_t now_ms, void (*say)(void *arg, struct str breach), void *arg);
/** Rows that no message shows and whose file is gone, removed: what the broom did while a backup was made. 0 or STORE_FAULT. */
must_use int uploads_mend(struct store *store, const char *dir);
