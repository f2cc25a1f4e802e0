/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Killed in the midst of writing, again and again: what was answered 0 is there, and no unit is there by half.
 *
 * How          A child writes with several threads and says each answered unit into a pipe; it is killed with SIGKILL
 *              after a few milliseconds. What the pipe held is looked for in the store by the parent.
 */
#include "base/table_test.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "store/store.h"

#define ROUNDS  30
#define WRITERS 4

static char dir[] = "/tmp/xiaoer-crash-test-XXXXXX";

static int make_dir(void **state)
{
    (void)state;
    return mkdtemp(dir) != NULL ? 0 : -1;
}

static int drop_dir(void **state)
{
    (void)state;
    static const char *const names[] = {"xiaoer.db", "xiaoer.db-wal", "xiaoer.db-shm"};
    for (size_t i = 0; i < COUNT(names); i++) {
        char path[128];
        snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
        unlink(path);
    }
    return rmdir(dir);
}

/** One unit: two rows, both or none. Units of a writer are numbered without a gap. */
struct unit_id {
    int round, writer, number;
};

static int64_t put_half(struct tx *tx, const struct unit_id *u, char half)
{
    char key[64];
    static char value[3000];
    snprintf(key, sizeof(key), "%d-%d-%d%c", u->round, u->writer, u->number, half);
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "INSERT INTO meta (key, value) VALUES ($1, $2)");
    stmt_text(&q, str_from(key));
    stmt_blob(&q, (struct str){value, (size_t)(100 + u->number * 37 % 2900)});
    return stmt_run(&q);
}

static int put_both(struct tx *tx, void *arg)
{
    return put_half(tx, arg, 'a') == 1 && put_half(tx, arg, 'b') == 1 ? STORE_OK : STORE_FAULT;
}

/* ---- the child ---- */

struct writer {
    struct store *store;
    int round, number, pipe;
};

static void *write_on(void *arg)
{
    struct writer *w = arg;
    for (int i = 1;; i++) {
        struct unit_id u = {w->round, w->number, i};
        if (store_write(w->store, put_both, &u) != STORE_OK || write(w->pipe, &u, sizeof(u)) != sizeof(u))
            _exit(1);
    }
    return NULL;
}

static _Noreturn void write_until_killed(int round, int pipe_fd)
{
    char why[256];
    struct store *s = store_open(dir, why);
    if (s == NULL) {
        fprintf(stderr, "%s\n", why);
        _exit(1);
    }
    static struct writer writers[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
        pthread_t t;
        writers[i] = (struct writer){s, round, i, pipe_fd};
        if (pthread_create(&t, NULL, write_on, &writers[i]) != 0)
            _exit(1);
    }
    for (;;)
        pause();
}

/* ---- the parent ---- */

static int acknowledged[ROUNDS][WRITERS]; /* the last number that was answered */

static void run_round(int round)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        write_until_killed(round, ends[1]);
    }
    close(ends[1]);
    struct unit_id u;
    bool killed = false;
    /* From the first answer on: the opening is not what is tested here. */
    while (read(ends[0], &u, sizeof(u)) == sizeof(u)) {
        if (!killed) {
            nanosleep(&(struct timespec){.tv_nsec = (long)(round * 1700000 % 43000000)}, NULL);
            kill(child, SIGKILL);
            killed = true;
        }
        assert_int_equal(u.round, round);
        assert_int_equal(u.number, acknowledged[round][u.writer] + 1);
        acknowledged[round][u.writer] = u.number;
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status)); /* not gone by itself: then a write had failed */
}

struct found {
    int round, writer;
    int halves_a, halves_b, last;
};

static int find(struct tx *tx, void *arg)
{
    struct found *f = arg;
    char pattern[32];
    snprintf(pattern, sizeof(pattern), "%d-%d-%%", f->round, f->writer);
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "SELECT key FROM meta WHERE key LIKE $1");
    stmt_text(&q, str_from(pattern));
    int rc;
    while ((rc = stmt_next(&q)) > 0) {
        char key[64] = "";
        struct str text = stmt_get_text(&q, 0);
        memcpy(key, text.p, MIN(text.n, sizeof(key) - 1));
        int number = 0;
        char half = 0;
        if (sscanf(key, "%*d-%*d-%d%c", &number, &half) != 2)
            return STORE_FAULT;
        f->halves_a += half == 'a';
        f->halves_b += half == 'b';
        f->last = MAX(f->last, number);
    }
    return rc;
}

static void look(void *arg, struct str line)
{
    (void)arg;
    print_error("%.*s\n", STR_ARG(line));
}

static void what_was_answered_survives_the_kill(void **state)
{
    (void)state;
    int failed = 0;
    int units = 0;
    for (int round = 0; round < ROUNDS; round++)
        run_round(round);
    char why[256];
    struct store *s = store_open(dir, why);
    assert_non_null(s);
    for (int round = 0; round < ROUNDS; round++) {
        for (int writer = 0; writer < WRITERS; writer++) {
            struct found f = {.round = round, .writer = writer};
            assert_int_equal(store_read(s, find, &f), STORE_OK);
            units += acknowledged[round][writer];
            if (f.halves_a != f.halves_b || f.halves_a != f.last || f.last < acknowledged[round][writer])
                row_failed(failed, "kill", "round %d writer %d: answered %d, there %d and %d, last %d", round, writer,
                           acknowledged[round][writer], f.halves_a, f.halves_b, f.last);
        }
    }
    assert_int_equal(store_integrity(s, look, NULL), 0);
    store_close(s);
    assert_int_equal(failed, 0);
    print_message("%d units answered in %d rounds\n", units, ROUNDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_answered_survives_the_kill),
    };
    return cmocka_run_group_tests(tests, make_dir, drop_dir);
}
