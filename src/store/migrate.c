/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Migrations: the numbered files of src/store/schema, each run once, in order, in a transaction with its number.
 * A database from a newer program is refused, never guessed at.
 *
 * Invariants   What is due is looked up once more in its own transaction: two programs that meet old data do it once.
 */
#include "store/sqlite.h"

#include <stdio.h>

#include "base/asset.h"

static int64_t schema_version(sqlite3 *db)
{
    sqlite3_stmt *q = NULL;
    int64_t v = -1;
    if (sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &q, NULL) == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW)
        v = sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    return v;
}

static int apply(sqlite3 *db, struct str sql, int64_t version, char ret_error[256])
{
    struct arena a = {0};
    struct str all = str_fmt(&a, "%.*s;PRAGMA user_version=%lld;COMMIT", STR_ARG(sql), (long long)version);
    char *why = NULL;
    int rc = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, &why);
    if (rc == SQLITE_OK && schema_version(db) >= version)
        rc = sqlite3_exec(db, "COMMIT", NULL, NULL, &why); /* another has done it meanwhile */
    else if (rc == SQLITE_OK)
        rc = sqlite3_exec(db, str_c(&a, all), NULL, NULL, &why);
    if (rc != SQLITE_OK) {
        snprintf(ret_error, 256, "migration %lld failed: %.200s", (long long)version, why != NULL ? why : "?");
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    }
    sqlite3_free(why);
    arena_done(&a);
    return rc == SQLITE_OK ? STORE_OK : STORE_FAULT;
}

int migrate(struct conn *c, char ret_error[256])
{
    sqlite3 *db = conn_db(c);
    int64_t have = schema_version(db);
    if (have < 0) {
        snprintf(ret_error, 256, "cannot read the database: %.200s", sqlite3_errmsg(db));
        return STORE_FAULT;
    }
    int64_t last = 0;
    for (int64_t v = 1;; v++) {
        struct arena a = {0};
        struct str sql = asset_find(str_fmt(&a, "src/store/schema/%04lld.sql", (long long)v));
        arena_done(&a);
        if (sql.p == NULL)
            break;
        last = v;
        if (v > have && apply(db, sql, v, ret_error) != STORE_OK)
            return STORE_FAULT;
    }
    if (have > last) {
        snprintf(ret_error, 256, "the data was written by a newer xiaoer (schema %lld, this one knows %lld): use that one",
                 (long long)have, (long long)last);
        return STORE_FAULT;
    }
    return STORE_OK;
}
