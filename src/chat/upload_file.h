/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The files of uploads: DIR/uploads/TENANT/xx/ID, xx being the id's last byte. What is in one is sealed. A file is whole or
 * not there: it is written beside, synced and renamed. Any thread; blocks on the disk.
 */

#include "base/str.h"

/** Writes it, durable when it returns true. A fault is logged. */
must_use bool upload_file_write(const char *dir, int64_t tenant_id, int64_t id, struct str sealed);
/** Reads it into @p a; false: not there, or not readable. */
must_use bool upload_file_read(struct arena *a, const char *dir, int64_t tenant_id, int64_t id, struct str *ret_sealed);
/** Its size; -1: not there. */
int64_t upload_file_size(const char *dir, int64_t tenant_id, int64_t id);
/** Removes it; it is no fault when it is not there. */
void upload_file_remove(const char *dir, int64_t tenant_id, int64_t id);

/** A file that was found: what it is named for. */
struct upload_found {
    int64_t tenant_id, id;
};
/** Tells @p each every file whose last byte of the id is @p last (0..255), or all: -1. What has another name than ours is no
 *  upload and is passed over. */
void upload_file_each(const char *dir, int last, void (*each)(void *arg, const struct upload_found *f), void *arg);
