/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Inside of store/: a VFS for the write connection that puts a commit's WAL frames into one write(2). */

/** Registers the VFS (once a process) and gives its name for sqlite3_open_v2(). */
const char *wal_vfs_name(void);
