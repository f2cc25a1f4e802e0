/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work: jobs of a key run in order and never two at once, held ones keep the key. Run under ThreadSanitizer in CI.
 */
#include "base/table_test.h"

#include <pthread.h>
#include <unistd.h>

#include "base/work.h"

#define KEYS 8
#define JOBS 2000

static struct work *pool;
static int running[KEYS + 1]; /* jobs of a key that run now */
static int seen[KEYS + 1];    /* last number run */
static int out_of_order, doubled;
static int total;

struct numbered {
    int64_t key;
    int number;
};
static struct numbered jobs[KEYS * JOBS];

static enum work_answer finish_held(void *arg)
{
    const struct numbered *j = arg;
    __atomic_fetch_sub(&running[j->key], 1, __ATOMIC_SEQ_CST);
    __atomic_fetch_add(&total, 1, __ATOMIC_SEQ_CST);
    return WORK_DONE;
}

static enum work_answer run_numbered(void *arg)
{
    const struct numbered *j = arg;
    if (__atomic_fetch_add(&running[j->key], 1, __ATOMIC_SEQ_CST) != 0)
        doubled++;
    if (seen[j->key] != j->number - 1)
        out_of_order++;
    seen[j->key] = j->number;
    if (j->number % 7 == 0) { /* waits for something: goes on in another job under the same key */
        work_continue(pool, j->key, finish_held, arg);
        return WORK_HELD;
    }
    return finish_held(arg);
}

static void jobs_of_a_key_run_in_order_and_alone(void **state)
{
    (void)state;
    pool = work_new(4, "test", NULL, NULL);
    size_t n = 0;
    for (int number = 1; number <= JOBS; number++) {
        for (int64_t key = 1; key <= KEYS; key++) {
            jobs[n] = (struct numbered){key, number};
            work_post(pool, key, run_numbered, &jobs[n++]);
        }
    }
    work_free(pool);
    assert_int_equal(total, KEYS * JOBS);
    assert_int_equal(out_of_order, 0);
    assert_int_equal(doubled, 0);
}

static int free_runs;
static enum work_answer run_free(void *arg)
{
    (void)arg;
    __atomic_fetch_add(&free_runs, 1, __ATOMIC_SEQ_CST);
    return WORK_DONE;
}

static void *post_many(void *arg)
{
    for (int i = 0; i < 5000; i++)
        work_post(arg, 0, run_free, NULL);
    return NULL;
}

static void any_thread_may_post(void **state)
{
    (void)state;
    struct work *w = work_new(2, "test", NULL, NULL);
    pthread_t posters[3];
    for (size_t i = 0; i < COUNT(posters); i++)
        pthread_create(&posters[i], NULL, post_many, w);
    for (size_t i = 0; i < COUNT(posters); i++)
        pthread_join(posters[i], NULL);
    work_free(w);
    assert_int_equal(free_runs, 15000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_of_a_key_run_in_order_and_alone),
        cmocka_unit_test(any_thread_may_post),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
