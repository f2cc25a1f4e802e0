/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Store: what is answered 0 is stored, what is not leaves nothing, many writers share commits. Run under
 * ThreadSanitizer in CI.
 */
#include "base/table_test.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/store.h"

static char dir[] = "/tmp/xiaoer-store-test-XXXXXX";
static struct store *store;

static int open_store(void **state)
{
    (void)state;
    char why[256];
    if (mkdtemp(dir) == NULL)
        return -1;
    store = store_open(dir, why);
    return store != NULL ? 0 : -1;
}

static int close_store(void **state)
{
    (void)state;
    static const char *const names[] = {"xiaoer.db", "xiaoer.db-wal", "xiaoer.db-shm", "copy.db"};
    store_close(store);
    for (size_t i = 0; i < COUNT(names); i++) {
        char path[128];
        snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
        unlink(path);
    }
    return rmdir(dir);
}

struct put {
    const char *key, *value;
    int answer; /* what the unit shall answer after its insert */
};

static int put_meta(struct tx *tx, void *arg)
{
    const struct put *p = arg;
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "INSERT INTO meta (key, value) VALUES ($1, $2)");
    stmt_text(&q, str_from(p->key));
    stmt_text(&q, str_from(p->value));
    int64_t changed = stmt_run(&q);
    return changed == 1 ? p->answer : (int)changed;
}

static int count_meta(struct tx *tx, void *arg)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "SELECT count(*) FROM meta");
    int rc = stmt_next(&q);
    *(int64_t *)arg = stmt_get_int(&q, 0);
    return rc == 1 ? 0 : STORE_FAULT;
}

static int64_t rows(void)
{
    int64_t n = -1;
    assert_int_equal(store_read(store, count_meta, &n), 0);
    return n;
}

static void a_refused_unit_leaves_nothing(void **state)
{
    (void)state;
    int64_t before = rows();
    struct put refused = {"refused", "x", 7};
    assert_int_equal(store_write(store, put_meta, &refused), 7);
    assert_int_equal(rows(), before);
    struct put good = {"good", "x", 0};
    assert_int_equal(store_write(store, put_meta, &good), 0);
    assert_int_equal(rows(), before + 1);
    assert_int_equal(store_write(store, put_meta, &good), STORE_CONFLICT);
    assert_int_equal(rows(), before + 1);
}

static int write_while_reading(struct tx *tx, void *arg)
{
    (void)arg;
    struct put p = {"never", "x", 0};
    return put_meta(tx, &p);
}

static void a_reader_cannot_write(void **state)
{
    (void)state;
    int64_t before = rows();
    assert_int_equal(store_read(store, write_while_reading, NULL), STORE_FAULT);
    assert_int_equal(rows(), before);
}

static void *write_many(void *arg)
{
    for (int i = 0; i < 200; i++) {
        char key[64];
        snprintf(key, sizeof(key), "%s-%d", (const char *)arg, i);
        struct put p = {key, "v", i % 5 == 4 ? 1 : 0}; /* each fifth is undone: it must not take its neighbours along */
        int answer = store_write(store, put_meta, &p);
        if (answer != p.answer)
            return (void *)1;
    }
    return NULL;
}

static void neighbours_in_a_commit_do_not_harm_each_other(void **state)
{
    (void)state;
    static char names[8][8];
    pthread_t threads[8];
    int64_t before = rows();
    for (size_t i = 0; i < COUNT(threads); i++) {
        snprintf(names[i], sizeof(names[i]), "w%zu", i);
        pthread_create(&threads[i], NULL, write_many, names[i]);
    }
    for (size_t i = 0; i < COUNT(threads); i++) {
        void *wrong = NULL;
        pthread_join(threads[i], &wrong);
        assert_null(wrong);
    }
    assert_int_equal(rows() - before, 8 * 160);
    struct store_figures f = store_figures(store);
    assert_true(f.units >= 1600);
    assert_true(f.commits <= f.units);
    assert_int_equal(f.waiting, 0);
}

static int answered;
static void on_done(void *arg, int answer)
{
    (void)arg;
    __atomic_fetch_add(&answered, answer == 0 ? 1 : 1000, __ATOMIC_SEQ_CST);
}

static void later_units_are_answered_after_their_commit(void **state)
{
    (void)state;
    static struct put puts[50];
    static char keys[50][16];
    for (size_t i = 0; i < COUNT(puts); i++) {
        snprintf(keys[i], sizeof(keys[i]), "later-%zu", i);
        puts[i] = (struct put){keys[i], "v", 0};
        store_write_later(store, put_meta, &puts[i], on_done);
    }
    for (int i = 0; i < 200 && __atomic_load_n(&answered, __ATOMIC_SEQ_CST) < 50; i++)
        usleep(10000);
    assert_int_equal(__atomic_load_n(&answered, __ATOMIC_SEQ_CST), 50);
}

static bool answered_reaches(int count)
{
    for (int i = 0; i < 20000 && __atomic_load_n(&answered, __ATOMIC_SEQ_CST) < count; i++)
        usleep(100);
    return __atomic_load_n(&answered, __ATOMIC_SEQ_CST) == count;
}

/* The machine may stop us between the two, longer than a commit waits: most rounds count. */
static void a_commit_waits_for_what_is_on_its_way(void **state)
{
    (void)state;
    enum { ROUNDS = 40 };
    static struct put puts[ROUNDS][2];
    static char keys[ROUNDS][2][24];
    int together = 0;
    __atomic_store_n(&answered, 0, __ATOMIC_SEQ_CST);
    for (int i = 0; i < ROUNDS; i++) {
        uint64_t commits = store_figures(store).commits;
        store_expect(store);
        store_expect(store);
        for (int k = 0; k < 2; k++) {
            snprintf(keys[i][k], sizeof(keys[i][k]), "way-%d-%d", i, k);
            puts[i][k] = (struct put){keys[i][k], "v", 0};
            store_write_expected(store, put_meta, &puts[i][k], on_done);
            usleep(k == 0 ? 200 : 0); /* time enough for the writer to take the first alone */
        }
        assert_true(answered_reaches(2 * (i + 1)));
        together += store_figures(store).commits == commits + 1;
    }
    assert_true(together > ROUNDS / 2);
}

static void what_never_comes_holds_nobody_up(void **state)
{
    (void)state;
    static struct put late = {"expected-in-vain", "v", 0}, then = {"expected-no-more", "v", 0};
    __atomic_store_n(&answered, 0, __ATOMIC_SEQ_CST);
    store_expect(store);
    store_write_later(store, put_meta, &late, on_done);
    assert_true(answered_reaches(1));
    store_expect(store);
    store_write_expected(store, put_meta, &then, on_done);
    store_expect_no_more(store);
    assert_true(answered_reaches(2));
}

/** One that hears of answers, and must not once it is gone. */
struct ear {
    int heard, gone, late;
};

static void hear_answers(void *arg, bool more)
{
    struct ear *e = arg;
    (void)more;
    usleep(1000); /* time enough to go in between */
    e->heard++;
    e->late += __atomic_load_n(&e->gone, __ATOMIC_SEQ_CST);
}

static void who_is_gone_hears_of_no_answers(void **state)
{
    (void)state;
    enum { ROUNDS = 20 };
    static struct put puts[ROUNDS];
    static char keys[ROUNDS][24];
    struct ear ears[ROUNDS] = {{0}};
    int heard = 0, late = 0;
    __atomic_store_n(&answered, 0, __ATOMIC_SEQ_CST);
    for (int i = 0; i < ROUNDS; i++) {
        snprintf(keys[i], sizeof(keys[i]), "heard-%d", i);
        puts[i] = (struct put){keys[i], "v", 0};
        store_on_answers(store, hear_answers, &ears[i]);
        store_write_later(store, put_meta, &puts[i], on_done);
        if (i % 2 == 0)
            assert_true(answered_reaches(i + 1)); /* told, and not done with telling */
        store_on_answers(store, NULL, NULL);
        __atomic_store_n(&ears[i].gone, 1, __ATOMIC_SEQ_CST);
    }
    assert_true(answered_reaches(ROUNDS));
    store_on_answers(store, NULL, NULL); /* so that nobody is still hearing */
    for (int i = 0; i < ROUNDS; i++) {
        heard += ears[i].heard;
        late += ears[i].late;
    }
    assert_true(heard > 0);
    assert_int_equal(late, 0);
}

static int refusals;
static void on_mixed(void *arg, int answer)
{
    const struct put *p = arg;
    __atomic_fetch_add(&refusals, answer == p->answer ? 1 : 1000, __ATOMIC_SEQ_CST);
}

/* Who does not wait goes without a savepoint: one that wrote and then refuses takes its commit's others along, and they are
 * run again. Each is stored once, or not at all, beside those that wait. */
static void later_units_that_refuse_do_not_harm_their_neighbours(void **state)
{
    (void)state;
    static struct put puts[300];
    static char keys[300][16];
    static char waits[] = "wait";
    int64_t before = rows();
    pthread_t thread;
    pthread_create(&thread, NULL, write_many, waits);
    for (size_t i = 0; i < COUNT(puts); i++) {
        snprintf(keys[i], sizeof(keys[i]), "mixed-%zu", i - (i % 10 == 9)); /* each tenth writes nothing: its key is taken */
        puts[i] = (struct put){keys[i], "v", i % 10 == 9 ? STORE_CONFLICT : i % 10 == 4 ? 7 : 0};
        store_write_later(store, put_meta, &puts[i], on_mixed);
    }
    void *wrong = NULL;
    pthread_join(thread, &wrong);
    assert_null(wrong);
    for (int i = 0; i < 200 && __atomic_load_n(&refusals, __ATOMIC_SEQ_CST) < 300; i++)
        usleep(10000);
    assert_int_equal(__atomic_load_n(&refusals, __ATOMIC_SEQ_CST), 300);
    assert_int_equal(rows() - before, 300 - 30 - 30 + 160);
}

static void a_copy_opens_and_carries_its_stamp(void **state)
{
    (void)state;
    char path[128];
    snprintf(path, sizeof(path), "%s/copy.db", dir);
    assert_int_equal(store_copy(store, path), STORE_OK);
    unsigned char got[3];
    assert_true(store_copy_stamp(path, "stamp", STR("abc")));
    assert_false(store_copy_unstamp(path, "other", got, sizeof(got)));
    assert_true(store_copy_unstamp(path, "stamp", got, sizeof(got)));
    assert_memory_equal(got, "abc", 3);
    assert_false(store_copy_unstamp(path, "stamp", got, sizeof(got)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refused_unit_leaves_nothing),
        cmocka_unit_test(a_reader_cannot_write),
        cmocka_unit_test(neighbours_in_a_commit_do_not_harm_each_other),
        cmocka_unit_test(later_units_are_answered_after_their_commit),
        cmocka_unit_test(a_commit_waits_for_what_is_on_its_way),
        cmocka_unit_test(what_never_comes_holds_nobody_up),
        cmocka_unit_test(who_is_gone_hears_of_no_answers),
        cmocka_unit_test(later_units_that_refuse_do_not_harm_their_neighbours),
        cmocka_unit_test(a_copy_opens_and_carries_its_stamp),
    };
    return cmocka_run_group_tests(tests, open_store, close_store);
}
