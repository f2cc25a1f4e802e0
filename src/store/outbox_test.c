/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The outbox on a real database: once by its key, leased to one sender at a time, tried again with patience, dead, sent on its
 * way again; and that what is personal lies sealed and does not stay.
 */
#include "base/table_test.h"

#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/id.h"
#include "base/seal.h"
#include "store/outbox.h"

#define NOW  ((int64_t)1800000000000)
#define SHOP 7

struct world {
    char dir[64];
    struct store *store;
    struct arena arena;
};

static int begin(void **state)
{
    static const unsigned char key[SEAL_KEY_BYTES] = {7};
    struct world *w = xcalloc(1, sizeof(*w));
    char why[256];
    snprintf(w->dir, sizeof(w->dir), "/tmp/xiaoer-outbox-XXXXXX");
    seal_start_with(key);
    assert_non_null(mkdtemp(w->dir));
    w->store = store_open(w->dir, why);
    assert_non_null(w->store);
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
    store_close(w->store);
    nftw(w->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    arena_done(&w->arena);
    free(w);
    return 0;
}

/* ---- patience ----------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    int64_t attempts, since_ms; /* tries so far; since the first */
    uint32_t chance;
    int64_t wait_ms;            /* 0: never */
} patience[] = {
    {"after the first try", 1, 0, 0, 30 * SECOND_MS},
    {"after the second, twice as long", 2, MINUTE_MS, 0, MINUTE_MS},
    {"after the fifth", 5, 10 * MINUTE_MS, 0, 8 * MINUTE_MS},
    {"no longer than the longest", 40, DAY_MS, 0, HOUR_MS},
    {"a little later by chance", 1, 0, 3000, 33 * SECOND_MS},
    {"by a fifth at most", 1, 0, 5999, 30 * SECOND_MS + 5999},
    {"and begins again above that", 1, 0, 6000, 30 * SECOND_MS},
    {"the last try is at the very end", 80, 3 * DAY_MS - MINUTE_MS, 0, MINUTE_MS},
    {"then never", 81, 3 * DAY_MS, 0, 0},
    {"nor later", 81, 9 * DAY_MS, 0, 0},
};

static void a_wait_doubles_until_it_is_given_up(void **state)
{
    static const struct outbox_terms terms = {30 * SECOND_MS, HOUR_MS, 3 * DAY_MS, 2000};
    int failed = 0;
    (void)state;
    for (size_t i = 0; i < COUNT(patience); i++) {
        int64_t now = NOW + patience[i].since_ms;
        int64_t next = outbox_next_try(&terms, patience[i].attempts, NOW, now, patience[i].chance);
        int64_t wait = next == 0 ? 0 : next - now;
        if (wait != patience[i].wait_ms)
            row_failed(failed, patience[i].name, "waits %lld ms, want %lld", (long long)wait,
                       (long long)patience[i].wait_ms);
    }
    assert_int_equal(failed, 0);
}

static void rules_of_nothing_do_not_hang(void **state)
{
    (void)state;
    struct outbox_terms none = {0};
    assert_int_equal(outbox_next_try(&none, 1, NOW, NOW, 5), 0);
    none.give_up_ms = DAY_MS;
    assert_int_equal(outbox_next_try(&none, 1000000, NOW, NOW, 5), NOW + 1);
}

/* ---- on the database ---------------------------------------------------------------------------------------------------- */

static int put(struct tx *tx, void *arg)
{
    return outbox_put(tx, arg) + 100; /* nothing but the answer is wanted: a unit that answers 101 is undone */
}

static int put_kept(struct tx *tx, void *arg)
{
    return outbox_put(tx, arg) == 1 ? STORE_OK : 1;
}

static struct outbox_item mail(struct str key)
{
    return (struct outbox_item){.tenant_id = SHOP, .id = id_new(NOW), .kind = OUTBOX_MAIL, .key = key,
                                .to = STR("buyer@example.com"), .body = STR("a refund of 42 yuan"),
                                .subject = STR("case 12"), .due_ms = NOW, .created_ms = NOW};
}

static struct outbox_item stored(struct world *w, struct str key)
{
    struct outbox_item i = mail(key);
    assert_int_equal(store_write(w->store, put_kept, &i), STORE_OK);
    return i;
}

static int take_at(struct world *w, int64_t now_ms, struct outbox_item **ret)
{
    return outbox_take(w->store, OUTBOX_MAIL, now_ms, OUTBOX_TAKE_MOST, &w->arena, ret);
}

struct look {
    struct world *w;
    int64_t id;
    enum outbox_state state;
    struct outbox_item item, *items;
    size_t n;
    int64_t waiting, dead;
};

static int look(struct tx *tx, void *arg)
{
    struct look *l = arg;
    if (outbox_list(tx, &l->w->arena, SHOP, l->state, 0, 50, &l->items, &l->n) < 0 ||
        outbox_count(tx, &l->waiting, &l->dead) < 0)
        return STORE_FAULT;
    return outbox_get(tx, &l->w->arena, SHOP, l->id, &l->item) > 0 ? STORE_OK : 1;
}

static struct look looked(struct world *w, int64_t id, enum outbox_state state)
{
    struct look l = {.w = w, .id = id, .state = state};
    assert_int_equal(store_read(w->store, look, &l), STORE_OK);
    return l;
}

static void a_key_is_put_once(void **state)
{
    struct world *w = *state;
    struct outbox_item first = stored(w, STR("case/12/3/mail"));
    struct outbox_item again = mail(STR("case/12/3/mail")), other = mail(STR("case/12/4/mail")), theirs = first;
    theirs.tenant_id = SHOP + 1;
    assert_int_equal(store_write(w->store, put, &again), 100);
    assert_int_equal(store_write(w->store, put, &other), 101);
    assert_int_equal(store_write(w->store, put, &theirs), 101);
    struct look l = looked(w, first.id, OUTBOX_WAITING);
    assert_int_equal(l.n, 1);
    assert_int_equal(l.waiting, 1);
    assert_true(str_eq_c(l.items[0].to, "buyer@example.com"));
    assert_int_equal(l.items[0].body.n, 0);
}

static void it_is_leased_to_one(void **state)
{
    struct world *w = *state;
    struct outbox_item *mine, *theirs;
    struct outbox_item put_in = stored(w, STR("a"));
    assert_int_equal(take_at(w, NOW - 1, &mine), 0); /* not due yet */
    assert_int_equal(outbox_take(w->store, OUTBOX_SMS, NOW, 4, &w->arena, &mine), 0);
    assert_int_equal(take_at(w, NOW, &mine), 1);
    assert_true(str_eq(mine->body, put_in.body));
    assert_int_equal(mine->attempts, 1);
    assert_int_equal(take_at(w, NOW + OUTBOX_LEASE_MS - 1, &theirs), 0);
    assert_int_equal(take_at(w, NOW + OUTBOX_LEASE_MS, &theirs), 1); /* we died, it seems */
    assert_int_equal(theirs->attempts, 2);
    assert_int_equal(outbox_sent(w->store, mine, NULL, NULL, NOW), STORE_CONFLICT);
    assert_int_equal(outbox_failed(w->store, mine, STR("late"), 0, NULL, NOW), STORE_CONFLICT);
    assert_int_equal(outbox_sent(w->store, theirs, NULL, NULL, NOW), STORE_OK);
    assert_int_equal(outbox_sent(w->store, theirs, NULL, NULL, NOW), STORE_CONFLICT);
    struct look l = looked(w, put_in.id, OUTBOX_SENT);
    assert_int_equal(l.item.state, OUTBOX_SENT);
    assert_int_equal(l.waiting, 0);
    assert_int_equal(take_at(w, NOW + 9 * DAY_MS, &mine), 0);
}

/** What senders on two servers do. */
struct sender_at_work {
    struct world *w;
    pthread_t thread;
    int sent;
};

static void *send_all(void *arg)
{
    struct sender_at_work *s = arg;
    struct arena a = {0};
    struct outbox_item *items;
    for (int n; (n = outbox_take(s->w->store, OUTBOX_MAIL, NOW, 2, &a, &items)) > 0; arena_reset(&a))
        for (int i = 0; i < n; i++)
            s->sent += outbox_sent(s->w->store, &items[i], NULL, NULL, NOW) == STORE_OK;
    arena_done(&a);
    store_read_done(s->w->store);
    return NULL;
}

static void many_senders_send_each_once(void **state)
{
    struct world *w = *state;
    struct sender_at_work senders[4];
    int sent = 0;
    enum { ITEMS = 200 };
    for (int i = 0; i < ITEMS; i++)
        (void)stored(w, str_fmt(&w->arena, "k%d", i));
    for (size_t i = 0; i < COUNT(senders); i++) {
        senders[i] = (struct sender_at_work){.w = w};
        assert_int_equal(pthread_create(&senders[i].thread, NULL, send_all, &senders[i]), 0);
    }
    for (size_t i = 0; i < COUNT(senders); i++) {
        pthread_join(senders[i].thread, NULL);
        sent += senders[i].sent;
    }
    assert_int_equal(sent, ITEMS);
}

static int count_dead(void *arg, struct tx *tx, const struct outbox_item *item)
{
    (void)tx, (void)item;
    ++*(int *)arg;
    return STORE_OK;
}

static int deed(struct tx *tx, void *arg)
{
    const struct look *l = arg;
    int rc = l->state == OUTBOX_WAITING ? outbox_retry(tx, SHOP, l->id, NOW + DAY_MS)
                                        : outbox_drop(tx, SHOP, l->id, NOW + DAY_MS);
    return rc < 0 ? STORE_FAULT : rc == 1 ? STORE_OK : 1;
}

static int people(struct world *w, int64_t id, bool retry)
{
    struct look l = {.w = w, .id = id, .state = retry ? OUTBOX_WAITING : OUTBOX_DROPPED};
    return store_write(w->store, deed, &l);
}

static void it_fails_dies_and_goes_on_its_way_again(void **state)
{
    struct world *w = *state;
    struct outbox_item *i;
    int told = 0;
    struct outbox_sender how = {.died = count_dead, .arg = &told};
    int64_t id = stored(w, STR("a")).id;
    assert_int_equal(take_at(w, NOW, &i), 1);
    assert_int_equal(outbox_failed(w->store, i, STR("nobody there"), NOW + MINUTE_MS, &how, NOW), STORE_OK);
    assert_int_equal(people(w, id, true), 1); /* it is not dead */
    assert_int_equal(take_at(w, NOW + MINUTE_MS - 1, &i), 0);
    assert_int_equal(take_at(w, NOW + MINUTE_MS, &i), 1);
    assert_true(str_eq_c(i->error, "nobody there"));
    assert_int_equal(told, 0);
    assert_int_equal(outbox_failed(w->store, i, STR("550 no such user"), 0, &how, NOW + MINUTE_MS), STORE_OK);
    assert_int_equal(told, 1);
    struct look l = looked(w, id, OUTBOX_DEAD);
    assert_int_equal(l.dead, 1);
    assert_true(str_eq_c(l.items[0].error, "550 no such user"));
    assert_int_equal(take_at(w, NOW + 9 * DAY_MS, &i), 0);
    assert_int_equal(people(w, id, true), STORE_OK);
    assert_int_equal(people(w, id, true), 1); /* the button in a second window */
    assert_int_equal(take_at(w, NOW + DAY_MS, &i), 1);
    assert_int_equal(i->attempts, 1);
    assert_int_equal(i->began_ms, NOW + DAY_MS);
    assert_true(i->body.n > 0);
    assert_int_equal(outbox_failed(w->store, i, STR("550 no such user"), 0, &how, NOW + DAY_MS), STORE_OK);
    assert_int_equal(people(w, id, false), STORE_OK);
    assert_int_equal(people(w, id, true), 1);
    assert_int_equal(looked(w, id, OUTBOX_DROPPED).n, 1);
}

static int refuse(struct tx *tx, void *arg)
{
    (void)tx, (void)arg;
    return 77;
}

static void what_must_happen_with_it_happens_or_it_is_sent_again(void **state)
{
    struct world *w = *state;
    struct outbox_item *i;
    int64_t id = stored(w, STR("a")).id;
    assert_int_equal(take_at(w, NOW, &i), 1);
    assert_int_equal(outbox_sent(w->store, i, refuse, NULL, NOW), 77);
    assert_int_equal(looked(w, id, OUTBOX_WAITING).item.state, OUTBOX_WAITING);
}

/** Whether @p text lies anywhere in the database's files. */
static bool lies_in_files(const struct world *w, const char *text)
{
    static const char *const files[] = {"xiaoer.db", "xiaoer.db-wal"};
    bool found = false;
    for (size_t i = 0; i < COUNT(files); i++) {
        char path[100];
        snprintf(path, sizeof(path), "%s/%s", w->dir, files[i]);
        FILE *f = fopen(path, "rb");
        if (f == NULL)
            continue;
        char *bytes = xmalloc(8 * MIB);
        size_t n = fread(bytes, 1, 8 * MIB, f);
        found = found || memmem(bytes, n, text, strlen(text)) != NULL;
        free(bytes);
        fclose(f);
    }
    return found;
}

static void what_is_personal_lies_sealed(void **state)
{
    struct world *w = *state;
    (void)stored(w, STR("a"));
    assert_true(lies_in_files(w, "case 12"));
    assert_false(lies_in_files(w, "buyer@example.com"));
    assert_false(lies_in_files(w, "42 yuan"));
}

static int spoil(struct tx *tx, void *arg)
{
    (void)arg;
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "UPDATE outbox SET body = $1 WHERE tenant_id = $2");
    stmt_blob(&q, STR("no seal of ours, and long enough to be one of them, surely"));
    stmt_int(&q, SHOP);
    return stmt_run(&q) == 1 ? STORE_OK : STORE_FAULT;
}

static void what_does_not_open_is_dead_and_holds_up_no_other(void **state)
{
    struct world *w = *state;
    struct outbox_item *i;
    int64_t id = stored(w, STR("a")).id;
    assert_int_equal(store_write(w->store, spoil, NULL), STORE_OK);
    (void)stored(w, STR("b"));
    assert_int_equal(take_at(w, NOW, &i), 1);
    assert_true(str_eq_c(i->key, "b"));
    assert_int_equal(looked(w, id, OUTBOX_DEAD).dead, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wait_doubles_until_it_is_given_up),
        cmocka_unit_test(rules_of_nothing_do_not_hang),
        TEST(a_key_is_put_once),
        TEST(it_is_leased_to_one),
        TEST(many_senders_send_each_once),
        TEST(it_fails_dies_and_goes_on_its_way_again),
        TEST(what_must_happen_with_it_happens_or_it_is_sent_again),
        TEST(what_is_personal_lies_sealed),
        TEST(what_does_not_open_is_dead_and_holds_up_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
