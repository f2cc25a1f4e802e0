/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Migrations that lay stored rows out anew: what was there before is there after, and what was unique stays so.
 */
#include "base/table_test.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/asset.h"
#include "store/store.h"

/* The schema of an older program, with what it stored. */
static void make_old(const char *path, int version, const char *rows)
{
    struct arena a = {0};
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    for (int v = 1; v <= version; v++) {
        struct str sql = asset_find(str_fmt(&a, "src/store/schema/%04d.sql", v));
        assert_non_null(sql.p);
        assert_int_equal(sqlite3_exec(db, str_c(&a, sql), NULL, NULL, NULL), SQLITE_OK);
    }
    assert_int_equal(sqlite3_exec(db, str_c(&a, str_fmt(&a, "PRAGMA user_version=%d", version)), NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, rows, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    arena_done(&a);
}

static int say_again(struct tx *tx, void *arg)
{
    (void)arg;
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO message (tenant_id, conversation_id, seq, author_kind, author_id, kind, text, client_id, at_ms)"
                      " VALUES (1, 10, 9, 'buyer', 7, 'text', 'again', 'c1', 5)");
    return (int)stmt_run(&q);
}

static int read_all(struct tx *tx, void *arg)
{
    struct buf *b = arg;
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT tenant_id || '/' || conversation_id || '/' || seq || ' ' || author_kind || ' ' || author_id || ' '"
                      " || kind || ' ' || text || ' ' || COALESCE(data, '-') || ' ' || COALESCE(client_id, '-') || ' ' || at_ms"
                      " || ' ' || COALESCE(decision, '-') FROM message WHERE tenant_id > 0"
                      " ORDER BY tenant_id, conversation_id, seq");
    while (stmt_next(&q) > 0) {
        buf_str(b, stmt_get_text(&q, 0));
        buf_char(b, '\n');
    }
    return STORE_OK;
}

static void remove_all(const char *dir)
{
    static const char *const names[] = {"xiaoer.db", "xiaoer.db-wal", "xiaoer.db-shm"};
    char path[64];
    for (size_t i = 0; i < COUNT(names); i++) {
        snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
        unlink(path);
    }
    rmdir(dir);
}

static void messages_survive_a_new_layout(void **state)
{
    (void)state;
    char dir[] = "/tmp/xiaoer-migrate-test-XXXXXX", path[64], why[256];
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/xiaoer.db", dir);
    make_old(path, 11,
             "INSERT INTO message VALUES (1, 10, 1, 'buyer', 7, 'text', '在吗', NULL, 'c1', 5, NULL),"
             " (2, 10, 1, 'buyer', 7, 'text', 'of another shop', NULL, 'c1', 4, NULL),"
             " (1, 10, 2, 'bot', 0, 'choices', '您好', '\"ai\":true', NULL, 6, '{\"reason\":\"hello\"}'),"
             " (1, 9, 1, 'bot', 0, 'text', 'unasked', NULL, 'care/a', 3, NULL)");
    struct store *s = store_open(dir, why);
    assert_non_null(s);
    struct buf b = {0};
    assert_int_equal(store_read(s, read_all, &b), STORE_OK);
    buf_char(&b, '\0');
    assert_string_equal(b.p, "1/9/1 bot 0 text unasked - care/a 3 -\n"
                             "1/10/1 buyer 7 text 在吗 - c1 5 -\n"
                             "1/10/2 bot 0 choices 您好 \"ai\":true - 6 {\"reason\":\"hello\"}\n"
                             "2/10/1 buyer 7 text of another shop - c1 4 -\n");
    assert_int_equal(store_write(s, say_again, NULL), STORE_CONFLICT);
    buf_done(&b);
    store_close(s);
    remove_all(dir);
}

static void *open_store(void *dir)
{
    char why[256];
    return store_open(dir, why);
}

/* A server that starts again, and a command beside it: both find the old data, and each would do what is due. */
static void two_programs_may_meet_old_data(void **state)
{
    (void)state;
    char dir[] = "/tmp/xiaoer-migrate-test-XXXXXX", path[64];
    pthread_t programs[2];
    void *opened[COUNT(programs)];
    sqlite3 *other;
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/xiaoer.db", dir);
    make_old(path, 11, "PRAGMA journal_mode=WAL;"
                       "INSERT INTO message VALUES (1, 10, 1, 'buyer', 7, 'text', 'once', NULL, 'c1', 5, NULL)");
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    for (size_t i = 0; i < COUNT(programs); i++)
        assert_int_equal(pthread_create(&programs[i], NULL, open_store, dir), 0);
    usleep(300000); /* both have seen what is due, and wait for their turn */
    assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
    for (size_t i = 0; i < COUNT(programs); i++)
        pthread_join(programs[i], &opened[i]);
    for (size_t i = 0; i < COUNT(programs); i++) {
        store_close(opened[i]);
        assert_non_null(opened[i]);
    }
    struct store *s = open_store(dir);
    assert_non_null(s);
    struct buf b = {0};
    assert_int_equal(store_read(s, read_all, &b), STORE_OK);
    assert_true(str_eq(buf_view(&b), STR("1/10/1 buyer 7 text once - c1 5 -\n")));
    buf_done(&b);
    store_close(s);
    remove_all(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_survive_a_new_layout),
        cmocka_unit_test(two_programs_may_meet_old_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
