/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Store: SQL for everyone, one interface over the database; the only folder that knows SQLite.
 *
 * Writing: store_write(store, fn, arg) runs fn(tx, arg) in a transaction on the writer thread; when it returns, it is
 * durable. Many callers' units share one commit (group commit); one bad unit undoes only itself. store_write_later() is
 * the same without waiting; its unit may be run a second time, when another one had to be undone.
 * Reading: store_read(store, fn, arg) runs fn on this thread's own connection, on one consistent snapshot.
 *
 * SQL is always a string literal with $1…$n that first appear in order, and tenant_id in every key.
 * Statements are prepared once a connection, cached under the literal's address.
 *
 * Errors are sticky: binding to or stepping a broken statement does nothing and the last call answers STORE_FAULT.
 * Faults are logged here, once. An fsync error stops the process (trust.md, P1).
 */

#include "base/str.h"

struct store;
struct tx;

enum {
    STORE_OK = 0,
    STORE_FAULT = -1,    /**< disk, database: logged; nothing of the unit was stored */
    STORE_CONFLICT = -2, /**< stmt_run only: a unique key is taken; not logged */
};

/** A unit of work. 0 keeps what it did; anything else undoes it and is what the caller gets. Reads, decides, writes;
 *  never waits, calls out or keeps memory of the transaction. */
typedef int store_fn(struct tx *tx, void *arg);
/** Called on the writer thread after commit (or undo) with the unit's answer. May only post to a mailbox. */
typedef void store_done_fn(void *arg, int answer);

/**
 * Opens DIR/xiaoer.db, migrates it, starts the writer thread.
 * @param ret_error  sentence for people
 * @return NULL when it cannot be opened
 */
must_use struct store *store_open(const char *dir, char ret_error[256]);
/** Finishes what was queued, stops the writer, closes. NULL is fine. */
void store_close(struct store *s);

/** Blocks until durable. Any thread but the writer's. */
must_use int store_write(struct store *s, store_fn *fn, void *arg);
/** Queues the unit; @p done hears the answer. Units of one caller run in order. @p fn may run twice with the same @p arg,
 *  and only the second run counts then: it takes what it decides by from @p arg and leaves it as it was. Any thread. */
void store_write_later(struct store *s, store_fn *fn, void *arg, store_done_fn *done);
/** Tells that a unit is on its way: a commit waits a moment for it, so that one commit holds both. Every call is followed
 *  by store_write_expected(), or by store_expect_no_more() when there is nothing to store after all. Any thread. */
void store_expect(struct store *s);
void store_expect_no_more(struct store *s);
/** store_write_later() of a unit that store_expect() told of. */
void store_write_expected(struct store *s, store_fn *fn, void *arg, store_done_fn *done);
/** @p fn hears on the writer thread before (true) and after (false) the answers of one commit are given. NULL: nobody.
 *  Who was told before hears nothing any more when this returns. Any thread but the writer's. */
void store_on_answers(struct store *s, void (*fn)(void *arg, bool more), void *arg);
/** Runs @p fn on this thread's read connection (made on first use). Its writes fail. A read inside of a read sees the
 *  same snapshot; one that asks nothing of the database costs nothing. */
must_use int store_read(struct store *s, store_fn *fn, void *arg);
/** STORE_OK when the database can be read now. */
must_use int store_ping(struct store *s);
/** Closes this thread's read connection: threads that end call it. */
void store_read_done(struct store *s);
/** A consistent copy of the whole database in a new file, while others write. */
must_use int store_copy(struct store *s, const char *path);
/** Writes @p bytes into a copy's meta table under @p name, or takes them out again and leaves no trace of them in the
 *  file. Only on a copy that nobody has open. False: not written, or not there in that size. */
must_use bool store_copy_stamp(const char *path, const char *name, struct str bytes);
must_use bool store_copy_unstamp(const char *path, const char *name, unsigned char *ret_bytes, size_t n);
/** Files that travel in a copy, beside its tables. Only on a copy that nobody has open: begin, put each, end. */
struct store_files;
must_use struct store_files *store_files_begin(const char *path);
must_use bool store_files_put(struct store_files *f, const char *name, struct str bytes);
/** Makes what was put durable. False when any of it was not. Ends @p f, whatever it answers. */
must_use bool store_files_end(struct store_files *f);
/** Gives each file of a copy to @p take, and then takes them out of it; false when @p take was, or the copy cannot be read. */
must_use bool store_files_take(const char *path, bool (*take)(void *arg, struct str name, struct str bytes), void *arg);
/** Runs the database's own integrity check; 0, or the number of lines given to @p say. */
must_use int store_integrity(struct store *s, void (*say)(void *arg, struct str line), void *arg);

/** Commits, units and their sum of microseconds since start, for /metrics. */
struct store_figures {
    uint64_t commits, units, faults;
    uint64_t commit_us;
    uint64_t waiting;
    bool failing; /**< the last commit failed */
};
struct store_figures store_figures(struct store *s);

/** An open statement: close with _cleanup_(stmt_close). Binding is in order: the first bind is $1. */
struct stmt {
    struct tx *tx;
    void *handle;
    int bound;
    int answer; /* STORE_OK or the sticky error */
    const char *sql;
};

struct stmt stmt_open(struct tx *tx, const char *sql);
void stmt_close(struct stmt *q);
void stmt_int(struct stmt *q, int64_t v);
void stmt_real(struct stmt *q, double v);
void stmt_text(struct stmt *q, struct str s);     /**< {NULL,0} binds '' ; borrowed until the statement closes */
void stmt_text_or_null(struct stmt *q, struct str s); /**< the empty text binds NULL */
void stmt_int_or_null(struct stmt *q, int64_t v); /**< 0 binds NULL */
void stmt_blob(struct stmt *q, struct str bytes);
void stmt_null(struct stmt *q);

/** Runs a statement that gives no rows: rows changed, STORE_CONFLICT or STORE_FAULT. Can be run again after stmt_again(). */
must_use int64_t stmt_run(struct stmt *q);
/** 1: a row is there; 0: no more; STORE_FAULT. `while ((rc = stmt_next(&q)) > 0)`. */
must_use int stmt_next(struct stmt *q);
/** Ready for new binds. */
void stmt_again(struct stmt *q);

/* Columns of the present row, from 0. Text is borrowed until the next stmt_* call; NULL reads as 0 or {NULL,0}. */
int64_t stmt_get_int(struct stmt *q, int column);
double stmt_get_real(struct stmt *q, int column);
struct str stmt_get_text(struct stmt *q, int column);
struct str stmt_get_blob(struct stmt *q, int column);
bool stmt_is_null(struct stmt *q, int column);
/** Text copied into @p a. */
struct str stmt_copy_text(struct stmt *q, int column, struct arena *a);
