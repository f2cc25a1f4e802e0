/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk that is full, and one that may not be written: units are answered with a fault, leave nothing, and the service
 * goes on when there is room again; a folder that cannot be used is refused with a sentence.
 *
 * How          Each case runs in a process of its own, because a limit on file size (RLIMIT_FSIZE, the full disk) and a
 *              change of user (root may write anywhere) are the process's.
 */
#include "base/table_test.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/store.h"

#define ROW_BYTES   (64 * 1024)
#define GIANT_BYTES (48 * 1024 * 1024) /* more than a connection keeps in memory: part of it is written before the commit */
#define NOBODY      65534

static char dir[64];

static void remove_dir(void)
{
    static const char *const names[] = {"xiaoer.db", "xiaoer.db-wal", "xiaoer.db-shm"};
    chmod(dir, 0700);
    for (size_t i = 0; i < COUNT(names); i++) {
        char path[128];
        snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
        unlink(path);
    }
    rmdir(dir);
}

static int make_dir(void **state)
{
    (void)state;
    strcpy(dir, "/tmp/xiaoer-disk-test-XXXXXX");
    return mkdtemp(dir) != NULL ? 0 : -1;
}

static int drop_dir(void **state)
{
    (void)state;
    remove_dir();
    return 0;
}

/* In the child a failed expectation ends it: what it says is what the test fails with. */
#define expect(what)                                                                                                \
    do {                                                                                                            \
        if (!(what)) {                                                                                              \
            fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #what);                                    \
            _exit(1);                                                                                               \
        }                                                                                                           \
    } while (0)

static void in_a_process(void (*fn)(void))
{
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        fn();
        _exit(0);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* ---- a full disk ---- */

struct put {
    int from, n; /* keys row-from … */
    size_t bytes;
    bool careless; /* does not look at what its statements answer */
    int answer;    /* of one that was not waited for */
};

static int64_t put_row(struct tx *tx, const char *key, const char *value, size_t n)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "INSERT INTO meta (key, value) VALUES ($1, $2)");
    stmt_text(&q, str_from(key));
    stmt_text(&q, (struct str){value, n});
    return stmt_run(&q);
}

static int put_rows(struct tx *tx, void *arg)
{
    const struct put *p = arg;
    char *value = malloc(p->bytes);
    expect(value != NULL);
    memset(value, 'x', p->bytes);
    int answer = STORE_OK;
    for (int i = 0; i < p->n && answer == STORE_OK; i++) {
        char key[32];
        snprintf(key, sizeof(key), "row-%d", p->from + i);
        if (put_row(tx, key, value, p->bytes) != 1 && !p->careless)
            answer = STORE_FAULT;
    }
    if (p->careless && put_row(tx, "careless", "x", 1) == 1)
        answer = STORE_OK;
    free(value);
    return answer;
}

static int count_rows(struct tx *tx, void *arg)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT count(*) FROM meta WHERE key LIKE 'row-%' OR key = 'careless'");
    int rc = stmt_next(&q);
    *(int *)arg = (int)stmt_get_int(&q, 0);
    return rc == 1 ? STORE_OK : STORE_FAULT;
}

static int rows(struct store *s)
{
    int n = -1;
    expect(store_read(s, count_rows, &n) == STORE_OK);
    return n;
}

static void limit_files(rlim_t bytes)
{
    struct rlimit limit = {.rlim_cur = bytes, .rlim_max = RLIM_INFINITY};
    struct rlimit now;
    getrlimit(RLIMIT_FSIZE, &now);
    limit.rlim_max = now.rlim_max;
    expect(setrlimit(RLIMIT_FSIZE, &limit) == 0);
}

static rlim_t largest_file(void)
{
    static const char *const names[] = {"xiaoer.db", "xiaoer.db-wal"};
    off_t most = 0;
    for (size_t i = 0; i < COUNT(names); i++) {
        char path[128];
        struct stat st;
        snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
        if (stat(path, &st) == 0 && st.st_size > most)
            most = st.st_size;
    }
    return (rlim_t)most;
}

static struct store *open_store(void)
{
    char why[256] = "";
    struct store *s = store_open(dir, why);
    if (s == NULL)
        fprintf(stderr, "%s\n", why);
    expect(s != NULL);
    return s;
}

static void fill_and_go_on(void)
{
    signal(SIGXFSZ, SIG_IGN);
    struct store *s = open_store();
    int stored = 0;
    struct put p = {.n = 3, .bytes = ROW_BYTES};
    expect(store_write(s, put_rows, &p) == STORE_OK);
    stored += 3;

    limit_files(largest_file() + 2 * ROW_BYTES); /* room for less than one more unit */
    int faults = 0;
    for (int i = 1; i <= 5; i++) {
        p.from = i * 3;
        int answer = store_write(s, put_rows, &p);
        expect(answer == STORE_OK || answer == STORE_FAULT);
        faults += answer == STORE_FAULT;
        stored += answer == STORE_OK ? 3 : 0;
        expect(rows(s) == stored); /* readers go on, and see no half of a unit */
    }
    expect(faults > 0);
    expect(store_figures(s).failing);
    expect(store_ping(s) == STORE_OK);

    limit_files(RLIM_INFINITY);
    p.from = 100;
    expect(store_write(s, put_rows, &p) == STORE_OK);
    stored += 3;
    expect(!store_figures(s).failing);
    expect(rows(s) == stored);
    store_close(s);

    s = open_store();
    expect(rows(s) == stored);
    store_close(s);
}

static void a_full_disk_is_a_fault_that_passes(void **state)
{
    (void)state;
    in_a_process(fill_and_go_on);
}

/* The transaction is so large that the disk is found full in the midst of the unit; SQLite undoes all of it at once,
 * and the unit, which does not look, goes on writing. */
static void full_in_the_midst(void)
{
    signal(SIGXFSZ, SIG_IGN);
    struct store *s = open_store();
    struct put p = {.n = 1, .bytes = ROW_BYTES};
    expect(store_write(s, put_rows, &p) == STORE_OK);
    limit_files(largest_file() + 1024 * 1024);
    struct put giant = {.from = 1, .n = 1, .bytes = GIANT_BYTES, .careless = true};
    expect(store_write(s, put_rows, &giant) == STORE_FAULT);
    expect(rows(s) == 1);
    limit_files(RLIM_INFINITY);
    p.from = 2;
    expect(store_write(s, put_rows, &p) == STORE_OK);
    expect(rows(s) == 2);
    store_close(s);
}

static void what_a_unit_says_after_the_disk_was_full_is_not_kept(void **state)
{
    (void)state;
    in_a_process(full_in_the_midst);
}

/* Many units in one commit that fails: each is told, none is there. */
static void on_done(void *arg, int answer)
{
    struct put *p = arg;
    p->answer = answer;
}

static void together(void)
{
    signal(SIGXFSZ, SIG_IGN);
    struct store *s = open_store();
    static struct put puts[64];
    limit_files(largest_file() + ROW_BYTES);
    for (size_t i = 0; i < COUNT(puts); i++)
        puts[i] = (struct put){.from = (int)i, .n = 1, .bytes = ROW_BYTES, .answer = 7};
    for (size_t i = 0; i < COUNT(puts); i++)
        store_write_later(s, put_rows, &puts[i], on_done);
    store_close(s);
    int stored = 0;
    for (size_t i = 0; i < COUNT(puts); i++) {
        expect(puts[i].answer == STORE_OK || puts[i].answer == STORE_FAULT);
        stored += puts[i].answer == STORE_OK;
    }
    expect(stored < (int)COUNT(puts) / 2);
    limit_files(RLIM_INFINITY);
    s = open_store();
    expect(rows(s) == stored);
    store_close(s);
}

static void a_commit_that_fails_fails_for_all_in_it(void **state)
{
    (void)state;
    in_a_process(together);
}

/* ---- folders that cannot be used ---- */

static void as_nobody(void)
{
    if (geteuid() == 0)
        expect(setgid(NOBODY) == 0 && setuid(NOBODY) == 0);
}

static void refused(const char *path)
{
    char why[256] = "";
    expect(store_open(path, why) == NULL);
    expect(strstr(why, path) != NULL); /* names the folder, and says more than that */
    expect(strlen(why) > strlen(path) + 10);
}

static void open_below(void)
{
    char path[128];
    chmod(dir, 0555);
    as_nobody();
    snprintf(path, sizeof(path), "%s/below", dir);
    refused(path);
}

static void open_read_only_folder(void)
{
    chmod(dir, 0555);
    as_nobody();
    refused(dir);
}

static void open_read_only_files(void)
{
    store_close(open_store());
    char path[128];
    snprintf(path, sizeof(path), "%s/xiaoer.db", dir);
    chmod(path, 0444);
    chmod(dir, 0555);
    as_nobody();
    refused(dir);
}

static void open_a_file(void)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/xiaoer.db-wal", dir);
    int fd = open(path, O_CREAT | O_WRONLY, 0600);
    expect(fd >= 0);
    close(fd);
    refused(path);
}

static void open_rubbish(void)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/xiaoer.db", dir);
    FILE *f = fopen(path, "w");
    expect(f != NULL);
    for (int i = 0; i < 1000; i++)
        fputs("this is no database. ", f);
    fclose(f);
    char why[256] = "";
    expect(store_open(dir, why) == NULL);
    expect(strstr(why, "not a database") != NULL);
}

static void a_folder_that_cannot_be_used_is_refused_with_a_sentence(void **state)
{
    static const struct {
        const char *name;
        void (*fn)(void);
    } rows_of[] = {
        {"a folder that cannot be made", open_below},
        {"a folder that cannot be written", open_read_only_folder},
        {"a database that cannot be written", open_read_only_files},
        {"a file in the folder's place", open_a_file},
        {"a file that is no database", open_rubbish},
    };
    for (size_t i = 0; i < COUNT(rows_of); i++) {
        print_message("  %s\n", rows_of[i].name);
        in_a_process(rows_of[i].fn);
        remove_dir();
        assert_int_equal(make_dir(state), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_full_disk_is_a_fault_that_passes, make_dir, drop_dir),
        cmocka_unit_test_setup_teardown(what_a_unit_says_after_the_disk_was_full_is_not_kept, make_dir, drop_dir),
        cmocka_unit_test_setup_teardown(a_commit_that_fails_fails_for_all_in_it, make_dir, drop_dir),
        cmocka_unit_test_setup_teardown(a_folder_that_cannot_be_used_is_refused_with_a_sentence, make_dir, drop_dir),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
