/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Notices on a real database: what goes into the outbox for whom, once, also when two tell at once; what is put off; and who
 * is left alone.
 */
#include "base/table_test.h"

#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "account/contact.h"
#include "account/import.h"
#include "account/shop.h"
#include "base/id.h"
#include "base/seal.h"
#include "base/time.h"
#include "store/outbox.h"
#include "trade/notice_service.h"
#include "trade/trade_import.h"

#define DAY   ((int64_t)1795312800000) /* 2026-11-22T10:00:00+08:00 */
#define NIGHT (DAY + 12 * HOUR_MS)

static const char shop_row[] =
    "{\"id\":\"S1\",\"name\":\"山行户外\",\"language\":\"zh\",\"currency\":\"CNY\",\"time_zone\":\"Asia/Shanghai\"}";
static const char order_row_json[] =
    "{\"id\":\"E1\",\"shop\":\"S1\",\"buyer\":\"B1\",\"status\":\"paid\",\"created_at\":\"2026-11-18T10:02:00+08:00\","
    "\"paid_at\":\"2026-11-18T10:03:00+08:00\",\"address\":{\"name\":\"张三\",\"phone\":\"13800001234\",\"region\":\"浙江省\","
    "\"detail\":\"1 号\"},\"items\":[{\"sub_id\":\"E1-1\",\"product\":\"P1\",\"quantity\":1,\"paid_cents\":4290}]}";

struct world {
    char dir[64];
    struct store *store;
    struct arena arena;
    struct shop shop;
    struct contact contact;
    int woken;
};

struct given {
    const struct import_kind *kind;
    const char *row;
};

static int give(struct tx *tx, void *arg)
{
    const struct given *g = arg;
    struct arena a = {0};
    struct import_problem problem;
    json_t *row = json_read(str_from(g->row), NULL);
    enum row_answer answer = import_check(row, g->kind->fields, &problem) ? g->kind->store_row(tx, &a, row, &problem)
                                                                         : ROW_REFUSED;
    json_decref(row);
    arena_done(&a);
    return answer == ROW_ADDED ? STORE_OK : STORE_FAULT;
}

static int open_contact(struct tx *tx, void *arg)
{
    struct world *w = arg;
    struct contact_reach reach = {.email = STR("b1@example.com"), .mail_ok = true, .sms_ok = true};
    struct contact_who who = {.buyer = STR("B1"), .name = STR("B1"), .reach = &reach};
    if (shop_find(tx, &w->arena, STR("S1"), &w->shop) != ACCOUNT_OK)
        return STORE_FAULT;
    return contact_open(tx, &w->arena, &w->shop, &who, DAY, &w->contact) == ACCOUNT_OK ? STORE_OK : STORE_FAULT;
}

static int begin(void **state)
{
    static const unsigned char key[SEAL_KEY_BYTES] = {7};
    struct world *w = xcalloc(1, sizeof(*w));
    char why[256];
    snprintf(w->dir, sizeof(w->dir), "/tmp/xiaoer-notice-XXXXXX");
    seal_start_with(key);
    assert_non_null(mkdtemp(w->dir));
    w->store = store_open(w->dir, why);
    assert_non_null(w->store);
    struct given rows[] = {{&shop_import, shop_row}, {&order_import, order_row_json}};
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(store_write(w->store, give, &rows[i]), STORE_OK);
    assert_int_equal(store_write(w->store, open_contact, w), STORE_OK);
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

/* ---- leaving news and looking what became of them ------------------------------------------------------------------------ */

static int leave(struct tx *tx, void *arg)
{
    const struct notice_row *row = arg;
    return notice_put(tx, row) == 1 ? STORE_OK : STORE_FAULT;
}

/** News that were answered in the chat: nothing is said there. */
static void news(struct world *w, const char *key, const char *name, const char *buyer, int64_t at_ms)
{
    struct notice_row row = {.tenant_id = w->shop.tenant_id, .key = str_from(key), .name = str_from(name),
                             .buyer = str_from(buyer), .order_id = STR("E1"), .amount_cents = 4200, .answered = true,
                             .try_ms = at_ms};
    assert_int_equal(store_write(w->store, leave, &row), STORE_OK);
}

struct look {
    struct world *w;
    struct outbox_item *items;
    size_t n;
    struct notice_row *rows;
    size_t row_count;
};

static int look(struct tx *tx, void *arg)
{
    struct look *l = arg;
    if (notice_due(tx, &l->w->arena, INT64_MAX, 500, &l->rows, &l->row_count) < 0)
        return STORE_FAULT;
    return outbox_list(tx, &l->w->arena, l->w->shop.tenant_id, OUTBOX_WAITING, 0, 500, &l->items, &l->n);
}

static struct look looked(struct world *w)
{
    struct look l = {.w = w};
    assert_int_equal(store_read(w->store, look, &l), STORE_OK);
    return l;
}

static void count_wake(void *arg)
{
    ((struct world *)arg)->woken++;
}

static struct notice_room room_of(struct world *w)
{
    return (struct notice_room){.store = w->store, .can_mail = true, .can_sms = true, .wake = count_wake, .wake_arg = w};
}

/* ---- tests -------------------------------------------------------------------------------------------------------------- */

static void a_buyer_is_written_to_once(void **state)
{
    struct world *w = *state;
    struct notice_room room = room_of(w);
    news(w, "action/1", "case.success", "B1", DAY);
    assert_int_equal(notice_tick(&room, DAY - 1), 0); /* its time has not come */
    assert_int_equal(notice_tick(&room, DAY), 1);
    assert_int_equal(notice_tick(&room, DAY + 1), 0);
    struct look l = looked(w);
    assert_int_equal(l.row_count, 0);
    assert_int_equal(l.n, 2);
    for (size_t i = 0; i < l.n; i++) {
        bool mail = l.items[i].kind == OUTBOX_MAIL;
        assert_true(str_eq_c(l.items[i].to, mail ? "b1@example.com" : "13800001234"));
        assert_true(str_eq_c(l.items[i].key, mail ? "action/1/mail" : "action/1/sms"));
        assert_true(str_eq_c(l.items[i].subject, "【山行户外】退款已完成（订单 E1）"));
        assert_int_equal(l.items[i].due_ms, DAY);
    }
    assert_int_equal(w->woken, 1);
}

static void an_sms_waits_for_the_end_of_the_night(void **state)
{
    struct world *w = *state;
    struct notice_room room = room_of(w);
    news(w, "action/1", "case.success", "B1", NIGHT);
    assert_int_equal(notice_tick(&room, NIGHT), 1);
    struct look l = looked(w);
    assert_int_equal(l.n, 2);
    for (size_t i = 0; i < l.n; i++)
        assert_int_equal(l.items[i].due_ms, l.items[i].kind == OUTBOX_MAIL ? NIGHT : NIGHT + 11 * HOUR_MS);
}

static void who_has_no_sender_or_no_buyer_puts_nothing(void **state)
{
    struct world *w = *state;
    struct notice_room room = {.store = w->store};
    news(w, "action/1", "case.success", "B1", DAY);
    assert_int_equal(notice_tick(&room, DAY), 1);
    room = room_of(w);
    news(w, "action/2", "action.nobody.knows", "B1", DAY); /* told in the chat only, where it was answered */
    news(w, "action/3", "case.success", "B9", DAY);        /* another's order: no phone of it for B9 */
    news(w, "action/4", "case.success", "", DAY);
    assert_int_equal(notice_tick(&room, DAY), 3);
    struct look l = looked(w);
    assert_int_equal(l.n, 0);
    assert_int_equal(l.row_count, 0);
}

static int set_reach(struct tx *tx, void *arg)
{
    struct world *w = arg;
    struct contact_reach reach = {.email = STR("b1@example.com"), .mail_ok = false, .sms_ok = false};
    return reach_set(tx, &w->arena, w->shop.tenant_id, w->contact.id, &reach) == ACCOUNT_OK ? STORE_OK : STORE_FAULT;
}

static void who_said_no_is_left_alone(void **state)
{
    struct world *w = *state;
    struct notice_room room = room_of(w);
    assert_int_equal(store_write(w->store, set_reach, w), STORE_OK);
    news(w, "action/1", "case.success", "B1", DAY);
    assert_int_equal(notice_tick(&room, DAY), 1);
    assert_int_equal(looked(w).n, 0);
}

static int spoil(struct tx *tx, void *arg)
{
    const struct world *w = arg;
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE contact SET email = $1 WHERE tenant_id = $2 AND contact_id = $3");
    stmt_blob(&q, STR("no seal of ours, and long enough to be one of them, surely"));
    stmt_int(&q, w->shop.tenant_id);
    stmt_int(&q, w->contact.id);
    return stmt_run(&q) == 1 ? STORE_OK : STORE_FAULT;
}

static void what_cannot_be_read_is_put_off_and_holds_up_no_other(void **state)
{
    struct world *w = *state;
    struct notice_room room = room_of(w);
    assert_int_equal(store_write(w->store, spoil, w), STORE_OK);
    news(w, "action/1", "case.success", "B1", DAY - 1);
    news(w, "action/2", "case.success", "B9", DAY);
    assert_int_equal(notice_tick(&room, DAY), 1);
    struct look l = looked(w);
    assert_int_equal(l.row_count, 1);
    assert_true(str_eq_c(l.rows[0].key, "action/1"));
    assert_int_equal(l.rows[0].try_ms, DAY + 10 * SECOND_MS);
}

/** One of two servers. */
struct teller {
    struct notice_room room;
    pthread_t thread;
};

static void *tell_all(void *arg)
{
    struct teller *t = arg;
    while (notice_tick(&t->room, DAY) > 0)
        ;
    store_read_done(t->room.store);
    return NULL;
}

static void two_tellers_tell_each_once(void **state)
{
    struct world *w = *state;
    struct teller tellers[2];
    enum { NEWS = 150 };
    for (int i = 0; i < NEWS; i++)
        news(w, str_c(&w->arena, str_fmt(&w->arena, "action/%d", i)), "case.success", "B1", DAY);
    for (size_t i = 0; i < COUNT(tellers); i++) {
        tellers[i].room = room_of(w);
        tellers[i].room.wake = NULL;
        assert_int_equal(pthread_create(&tellers[i].thread, NULL, tell_all, &tellers[i]), 0);
    }
    for (size_t i = 0; i < COUNT(tellers); i++)
        pthread_join(tellers[i].thread, NULL);
    struct look l = looked(w);
    assert_int_equal(l.row_count, 0);
    assert_int_equal(l.n, 2 * NEWS);
}

static void looking_when_there_is_nothing_costs_nothing(void **state)
{
    struct world *w = *state;
    struct notice_room room = room_of(w);
    struct store_figures before = store_figures(w->store);
    for (int i = 0; i < 100; i++)
        assert_int_equal(notice_tick(&room, DAY), 0);
    assert_int_equal(store_figures(w->store).commits, before.commits);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_buyer_is_written_to_once),
        TEST(an_sms_waits_for_the_end_of_the_night),
        TEST(who_has_no_sender_or_no_buyer_puts_nothing),
        TEST(who_said_no_is_left_alone),
        TEST(what_cannot_be_read_is_put_off_and_holds_up_no_other),
        TEST(two_tellers_tell_each_once),
        TEST(looking_when_there_is_nothing_costs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
