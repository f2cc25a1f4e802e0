/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Inside of store/: a connection to SQLite with its statement cache. One thread at a time uses a connection.
 */

#include <sqlite3.h>

#include "store/store.h"

struct conn;

/** A transaction as the rest of the program holds it: a connection that is inside one. */
struct tx {
    struct conn *conn;
};

/** Opens @p path with our settings; NULL with a sentence in @p ret_error. */
must_use struct conn *conn_open(const char *path, bool writer, char ret_error[256]);
void conn_close(struct conn *c);
sqlite3 *conn_db(struct conn *c);
/** Runs a literal that gives no rows: STORE_OK or STORE_FAULT. */
must_use int conn_exec(struct conn *c, const char *sql);
/** A read begins: its transaction begins with its first statement, if there is one. False: inside of another read. */
must_use bool conn_begin_read(struct conn *c);
must_use int conn_end_read(struct conn *c);
/** Says that a unit of work runs on it: until it ends, nothing is written outside of a transaction. */
void conn_mark_unit(struct conn *c, bool inside);
/** Stops the process when @p extended says that an fsync failed. */
void conn_check_fsync(int extended);
/** Brings the schema up to date: STORE_OK, or STORE_FAULT with a sentence. */
must_use int migrate(struct conn *c, char ret_error[256]);
