/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Senders over a real outbox: what arrives, what is tried again by the policies, what dies, what waits for nobody, and that
 * stopping breaks off a call that lasts.
 */
#include "base/table_test.h"

#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/id.h"
#include "base/seal.h"
#include "base/time.h"
#include "channel/sender.h"

struct world {
    char dir[64];
    struct store *store;
    struct sender *sender;
    struct arena arena;
    atomic_int sent, died;
    atomic_bool lasting; /* a call is on its way that does not end by itself */
};

static int begin(void **state)
{
    static const unsigned char key[SEAL_KEY_BYTES] = {7};
    struct world *w = xcalloc(1, sizeof(*w));
    char why[256];
    snprintf(w->dir, sizeof(w->dir), "/tmp/xiaoer-sender-XXXXXX");
    seal_start_with(key);
    assert_non_null(mkdtemp(w->dir));
    w->store = store_open(w->dir, why);
    assert_non_null(w->store);
    w->sender = sender_new(w->store);
    *state = w;
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)kind, (void)at;
    return remove(path);
}

static int end(void **state)
{
    struct world *w = *state;
    sender_free(w->sender);
    store_close(w->store);
    nftw(w->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    arena_done(&w->arena);
    free(w);
    return 0;
}

/** A peer that does what the item's text says. */
static struct outbox_try send_as_told(void *arg, struct arena *a, const struct outbox_item *item)
{
    struct world *w = arg;
    (void)a;
    atomic_fetch_add(&w->sent, 1);
    if (str_eq_c(item->body, "later"))
        return (struct outbox_try){.outcome = OUTBOX_TRY_LATER, .error = STR("busy")};
    if (str_eq_c(item->body, "not before"))
        return (struct outbox_try){.outcome = OUTBOX_TRY_LATER, .error = STR("busy"),
                                   .not_before_ms = clock_now_ms() + HOUR_MS};
    if (str_eq_c(item->body, "never"))
        return (struct outbox_try){.outcome = OUTBOX_NEVER, .error = STR("no such user")};
    while (str_eq_c(item->body, "lasts") && !atomic_load(sender_stopping(w->sender))) {
        struct timespec t = {.tv_nsec = 10000000};
        atomic_store(&w->lasting, true);
        nanosleep(&t, NULL);
    }
    return (struct outbox_try){.outcome = str_eq_c(item->body, "lasts") ? OUTBOX_TRY_LATER : OUTBOX_ARRIVED};
}

static int when_it_died(void *arg, struct tx *tx, const struct outbox_item *item)
{
    struct world *w = arg;
    (void)tx;
    assert_true(str_eq_c(item->body, "never"));
    atomic_fetch_add(&w->died, 1);
    return STORE_OK;
}

static int put(struct tx *tx, void *arg)
{
    return outbox_put(tx, arg) == 1 ? STORE_OK : STORE_FAULT;
}

static int64_t give(struct world *w, enum outbox_kind kind, const char *body)
{
    int64_t now_ms = clock_now_ms();
    struct outbox_item i = {.tenant_id = 7, .id = id_new(now_ms), .kind = kind, .to = STR("x"), .body = str_from(body),
                            .due_ms = now_ms, .created_ms = now_ms};
    i.key = str_fmt(&w->arena, "%lld", (long long)i.id);
    assert_int_equal(store_write(w->store, put, &i), STORE_OK);
    return i.id;
}

struct look {
    struct world *w;
    int64_t id;
    struct outbox_item item;
};

static int look(struct tx *tx, void *arg)
{
    struct look *l = arg;
    return outbox_get(tx, &l->w->arena, 7, l->id, &l->item) == 1 ? STORE_OK : STORE_FAULT;
}

/** The item once nobody holds it any more; within ten seconds. */
static struct outbox_item settled(struct world *w, int64_t id)
{
    struct look l = {.w = w, .id = id};
    for (int i = 0; i < 1000; i++) {
        struct timespec t = {.tv_nsec = 10000000};
        assert_int_equal(store_read(w->store, look, &l), STORE_OK);
        if (l.item.attempts > 0 && l.item.lease == 0)
            return l.item;
        nanosleep(&t, NULL);
    }
    fail_msg("item %lld was not settled", (long long)id);
    return l.item;
}

static void start(struct world *w)
{
    struct outbox_sender how = {.send = send_as_told, .died = when_it_died, .arg = w};
    sender_set(w->sender, OUTBOX_MAIL, &how);
    sender_start(w->sender);
}

static void what_arrives_is_sent_once(void **state)
{
    struct world *w = *state;
    int64_t ids[20];
    for (size_t i = 0; i < COUNT(ids); i++)
        ids[i] = give(w, OUTBOX_MAIL, "arrives");
    int64_t other = give(w, OUTBOX_SMS, "arrives");
    start(w);
    for (size_t i = 0; i < COUNT(ids); i++)
        assert_int_equal(settled(w, ids[i]).state, OUTBOX_SENT);
    assert_int_equal(atomic_load(&w->sent), COUNT(ids));
    int64_t late = give(w, OUTBOX_MAIL, "arrives");
    sender_wake(w->sender);
    assert_int_equal(settled(w, late).state, OUTBOX_SENT);
    struct sender_figures f = sender_figures(w->sender);
    assert_int_equal(f.sent[OUTBOX_MAIL], COUNT(ids) + 1);
    struct look l = {.w = w, .id = other};
    assert_int_equal(store_read(w->store, look, &l), STORE_OK);
    assert_int_equal(l.item.attempts, 0); /* nobody sends its kind */
}

static void what_fails_is_tried_again_by_the_policies(void **state)
{
    struct world *w = *state;
    int64_t began_ms = clock_now_ms();
    int64_t later = give(w, OUTBOX_MAIL, "later"), not_before = give(w, OUTBOX_MAIL, "not before");
    int64_t never = give(w, OUTBOX_MAIL, "never");
    start(w);
    struct outbox_item i = settled(w, later);
    int64_t wait_ms = i.due_ms - began_ms; /* 30 s, a fifth more at most, and what the test took */
    assert_int_equal(i.state, OUTBOX_WAITING);
    assert_true(wait_ms >= 30 * SECOND_MS && wait_ms <= 50 * SECOND_MS);
    assert_true(str_eq_c(i.error, "busy"));
    assert_true(settled(w, not_before).due_ms >= began_ms + HOUR_MS);
    i = settled(w, never);
    assert_int_equal(i.state, OUTBOX_DEAD);
    assert_true(str_eq_c(i.error, "no such user"));
    assert_int_equal(atomic_load(&w->died), 1);
    assert_int_equal(sender_figures(w->sender).failed[OUTBOX_MAIL], 3);
    assert_int_equal(sender_figures(w->sender).died[OUTBOX_MAIL], 1);
}

static void stopping_breaks_off_what_lasts(void **state)
{
    struct world *w = *state;
    int64_t id = give(w, OUTBOX_MAIL, "lasts");
    start(w);
    while (!atomic_load(&w->lasting)) {
        struct timespec t = {.tv_nsec = 10000000};
        nanosleep(&t, NULL);
    }
    int64_t began_us = clock_mono_us();
    sender_stop(w->sender);
    assert_true(clock_mono_us() - began_us < 10000000);
    assert_int_equal(settled(w, id).state, OUTBOX_WAITING); /* marked all the same */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_arrives_is_sent_once),
        TEST(what_fails_is_tried_again_by_the_policies),
        TEST(stopping_breaks_off_what_lasts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
