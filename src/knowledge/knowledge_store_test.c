/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of knowledge on a real database: import, the base and its cache, suggestions.
 */
#include "knowledge/knowledge_import.h"

#include <ftw.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "account/import.h"
#include "account/shop.h"
#include "base/seal.h"
#include "base/table_test.h"
#include "base/time.h"
#include "knowledge/knowledge_base.h"
#include "knowledge/knowledge_store.h"

static const char shop_row[] =
    "{\"id\":\"S1\",\"name\":\"山行户外\",\"language\":\"zh\",\"currency\":\"CNY\",\"time_zone\":\"Asia/Shanghai\","
    "\"self_operated\":false}";

/** What the shop knows at first. */
static const char *const known[] = {
    "{\"id\":\"K1\",\"shop\":\"S1\",\"layer\":\"shop\",\"question\":\"发什么快递\",\"similar\":[\"用的哪家快递\","
    "\"可以发顺丰吗\"],\"answer\":\"默认中通。\",\"conditions\":{\"order_status\":[\"none\",\"paid\"]}}",
    "{\"id\":\"K2\",\"shop\":\"S1\",\"layer\":\"activity\",\"question\":\"发什么快递\",\"answer\":\"活动期间全部发顺丰。\","
    "\"valid_from\":\"2026-11-10T00:00:00+08:00\",\"valid_to\":\"2026-11-12T00:00:00+08:00\"}",
    "{\"id\":\"K3\",\"shop\":\"S1\",\"layer\":\"policy\",\"question\":\"七天无理由怎么退\",\"answer\":\"签收次日起七天内…\"}",
    "{\"id\":\"K4\",\"shop\":\"S1\",\"layer\":\"product\",\"question\":\"能机洗吗\",\"answer\":\"可以。\","
    "\"conditions\":{\"product\":\"P1\"}}",
};

struct world {
    char dir[64];
    struct store *store;
    struct knowledge_cache *cache;
    struct arena arena;
    int64_t shop;
};

struct given {
    const struct import_kind *kind;
    const char *row;
    enum row_answer answer;
    struct import_problem problem;
};

static int give(struct tx *tx, void *arg)
{
    struct given *g = arg;
    struct arena a = {0};
    json_t *row = json_read(str_from(g->row), NULL);
    g->answer = import_check(row, g->kind->fields, &g->problem) ? g->kind->store_row(tx, &a, row, &g->problem)
                                                                : ROW_REFUSED;
    json_decref(row);
    arena_done(&a);
    return STORE_OK;
}

static enum row_answer import_row(struct world *w, const struct import_kind *kind, const char *row, char *ret_why)
{
    struct given g = {.kind = kind, .row = row};
    assert_int_equal(store_write(w->store, give, &g), STORE_OK);
    if (ret_why != NULL)
        snprintf(ret_why, sizeof(g.problem.text), "%s", g.problem.text);
    return g.answer;
}

static int find_tenant(struct tx *tx, void *arg)
{
    struct world *w = arg;
    struct shop s;
    if (shop_find(tx, &w->arena, STR("S1"), &s) != ACCOUNT_OK)
        return STORE_FAULT;
    w->shop = s.tenant_id;
    return STORE_OK;
}

static int raise_catalog(struct tx *tx, void *arg)
{
    struct world *w = arg;
    return shop_catalog_raise(tx, w->shop) == ACCOUNT_OK ? STORE_OK : STORE_FAULT;
}

static int begin(void **state)
{
    static const unsigned char key[SEAL_KEY_BYTES] = {7};
    struct world *w = xcalloc(1, sizeof(*w));
    char why[256];
    snprintf(w->dir, sizeof(w->dir), "/tmp/xiaoer-knowledge-XXXXXX");
    seal_start_with(key);
    assert_non_null(mkdtemp(w->dir));
    w->store = store_open(w->dir, why);
    w->cache = knowledge_cache_new();
    assert_non_null(w->store);
    assert_int_equal(import_row(w, &shop_import, shop_row, NULL), ROW_ADDED);
    for (size_t i = 0; i < COUNT(known); i++)
        assert_int_equal(import_row(w, &knowledge_import, known[i], NULL), ROW_ADDED);
    assert_int_equal(store_read(w->store, find_tenant, w), STORE_OK);
    *state = w;
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

static int end(void **state)
{
    struct world *w = *state;
    knowledge_cache_free(w->cache);
    store_read_done(w->store);
    store_close(w->store);
    arena_done(&w->arena);
    int rc = nftw(w->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(w);
    return rc;
}

/** Holds the base for a test. */
struct holding {
    struct world *w;
    const struct knowledge_base *base;
};

static int hold_base(struct tx *tx, void *arg)
{
    struct holding *h = arg;
    h->base = knowledge_hold(h->w->cache, tx, h->w->shop);
    return h->base != NULL ? STORE_OK : STORE_FAULT;
}

static const struct knowledge_base *hold(struct world *w)
{
    struct holding h = {.w = w};
    assert_int_equal(store_read(w->store, hold_base, &h), STORE_OK);
    return h.base;
}

static int64_t at(const char *text)
{
    int64_t ms = 0;
    assert_true(time_parse(str_from(text), &ms));
    return ms;
}

/* ---- asking --------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *text, *now, *order_status, *product, *want;
} asks[] = {
    {"the daily answer", "你们发什么快递呀", "2026-11-01T00:00:00+08:00", "none", "", "K1"},
    {"by a similar question", "用哪家快递的", "2026-11-01T00:00:00+08:00", "paid", "", "K1"},
    {"the campaign's answer in its days", "发什么快递", "2026-11-11T00:00:00+08:00", "none", "", "K2"},
    {"and the daily one when they are over", "发什么快递", "2026-11-12T00:00:00+08:00", "none", "", "K1"},
    {"against its condition it is not found", "发什么快递", "2026-11-01T00:00:00+08:00", "shipped", "", NULL},
    {"of a product that is talked about", "能机洗吗", "2026-11-01T00:00:00+08:00", "none", "P1", "K4"},
    {"of a product that is not", "能机洗吗", "2026-11-01T00:00:00+08:00", "none", "P2", NULL},
    {"nothing known", "你喜欢什么颜色的大象", "2026-11-01T00:00:00+08:00", "none", "", NULL},
};

static void questions_get_their_answers(void **state)
{
    struct world *w = *state;
    const struct knowledge_base *base = hold(w);
    int failed = 0;
    for (size_t i = 0; i < COUNT(asks); i++) {
        struct knowledge_near near[3];
        size_t n = 0;
        struct knowledge_context ctx = {.now_ms = at(asks[i].now),
                                        .order_status = str_from(asks[i].order_status),
                                        .product = str_from(asks[i].product),
                                        .language = STR("zh")};
        struct knowledge_choice got = knowledge_ask(base, &w->arena, str_from(asks[i].text), &ctx, near, 3, &n);
        struct str id = got.answer == KNOWLEDGE_FOUND ? got.entry->id : STR_NONE;
        if (!str_eq(id, str_from(asks[i].want))) {
            print_error("[%s] %.*s\n", asks[i].name, STR_ARG(knowledge_reason_text(&w->arena, &got)));
            failed++;
        }
    }
    knowledge_release(w->cache, base);
    assert_int_equal(failed, 0);
}

/** Every question of the table twice, then all again from the back, so that what is kept meets other days and contexts. */
static void asked_again_the_answer_is_the_same(void **state)
{
    struct world *w = *state;
    const struct knowledge_base *base = hold(w);
    int failed = 0;
    for (size_t k = 0; k < 4 * COUNT(asks); k++) {
        size_t i = k < 2 * COUNT(asks) ? k / 2 : (4 * COUNT(asks) - 1 - k) / 2;
        struct knowledge_context ctx = {.now_ms = at(asks[i].now),
                                        .order_status = str_from(asks[i].order_status),
                                        .product = str_from(asks[i].product),
                                        .language = STR("zh")};
        struct str text = str_from(asks[i].text);
        struct knowledge_choice want = knowledge_ask(base, &w->arena, text, &ctx, NULL, 0, NULL);
        struct knowledge_choice got = knowledge_ask_again(base, &w->arena, text, &ctx);
        if (got.answer != want.answer || got.entry != want.entry || got.reason != want.reason || got.over != want.over)
            row_failed(failed, asks[i].name, "round %zu: %.*s", k, STR_ARG(knowledge_reason_text(&w->arena, &got)));
    }
    knowledge_release(w->cache, base);
    assert_int_equal(failed, 0);
}

static void typing_gets_questions_that_have_answers(void **state)
{
    struct world *w = *state;
    const struct knowledge_base *base = hold(w);
    struct knowledge_context ctx = {.now_ms = at("2026-11-01T00:00:00+08:00"), .order_status = STR("none")};
    struct str items[5];
    size_t n = knowledge_suggest(base, &w->arena, STR("发什么"), &ctx, items, 5);
    assert_true(n >= 1 && str_eq_c(items[0], "发什么快递"));
    n = knowledge_suggest(base, &w->arena, STR("顺丰"), &ctx, items, 5);
    assert_true(n == 1 && str_eq_c(items[0], "可以发顺丰吗"));
    assert_int_equal(knowledge_suggest(base, &w->arena, STR("能机洗"), &ctx, items, 5), 0);
    knowledge_release(w->cache, base);
}

static void a_base_that_is_held_stays_whole_while_a_new_one_comes(void **state)
{
    struct world *w = *state;
    const struct knowledge_base *first = hold(w);
    assert_int_equal(import_row(w, &knowledge_import,
                                "{\"id\":\"K5\",\"shop\":\"S1\",\"layer\":\"shop\",\"question\":\"几点上班\",\"answer\":\"九点\"}",
                                NULL),
                     ROW_ADDED);
    const struct knowledge_base *same = hold(w);
    assert_ptr_equal(same, first);
    assert_int_equal(store_write(w->store, raise_catalog, w), STORE_OK);
    const struct knowledge_base *next = hold(w);
    assert_int_equal(knowledge_count(next), 5);
    assert_int_equal(knowledge_count(first), 4);
    assert_non_null(knowledge_entry(next, STR("K5")));
    assert_null(knowledge_entry(first, STR("K5")));
    knowledge_release(w->cache, first);
    knowledge_release(w->cache, same);
    knowledge_release(w->cache, next);
}

static void *hold_often(void *arg)
{
    struct world *w = arg;
    struct arena a = {0};
    for (int i = 0; i < 200; i++) {
        struct holding h = {.w = w};
        if (store_read(w->store, hold_base, &h) != STORE_OK || knowledge_count(h.base) != COUNT(known))
            abort();
        struct knowledge_context ctx = {.now_ms = (int64_t)i * DAY_MS, .order_status = STR("none")};
        struct str questions[] = {STR("发什么快递"), STR("可以发顺丰吗"), STR("能机洗吗")};
        struct knowledge_choice got = knowledge_ask_again(h.base, &a, questions[i % 3], &ctx);
        if (got.answer == KNOWLEDGE_FOUND && got.entry == NULL)
            abort();
        knowledge_release(w->cache, h.base);
    }
    arena_done(&a);
    store_read_done(w->store);
    return NULL;
}

static void many_threads_share_it_while_it_is_rebuilt(void **state)
{
    struct world *w = *state;
    pthread_t threads[4];
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, hold_often, w), 0);
    for (int i = 0; i < 20; i++)
        assert_int_equal(store_write(w->store, raise_catalog, w), STORE_OK);
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_join(threads[i], NULL);
}

/* ---- import ---------------------------------------------------------------------------------------------------------- */

static void rows_are_checked_to_the_last_member(void **state)
{
    struct world *w = *state;
    static const struct {
        const struct import_kind *kind;
        const char *row, *why;
    } rows[] = {
        {&knowledge_import, "{\"id\":\"K\",\"shop\":\"S1\",\"layer\":\"top\",\"question\":\"q\",\"answer\":\"a\"}",
         "\"layer\" must be one of emergency|industry|shop|product|activity|policy|small_talk"},
        {&knowledge_import,
         "{\"id\":\"K\",\"shop\":\"S1\",\"layer\":\"shop\",\"question\":\"q\",\"answer\":\"a\",\"conditions\":{\"size\":\"L\"}}",
         "conditions: \"size\" must be one of order_status, product, category, language, channel, tag, with a text or an "
         "array of texts"},
        {&knowledge_import,
         "{\"id\":\"K\",\"shop\":\"S1\",\"layer\":\"shop\",\"question\":\"q\",\"answer\":\"a\","
         "\"conditions\":{\"order_status\":\"lost\"}}",
         "conditions: no order status \"lost\""},
        {&knowledge_import,
         "{\"id\":\"K\",\"shop\":\"S1\",\"layer\":\"policy\",\"question\":\"q\",\"answer\":\"a\",\"override\":true}",
         "\"override\" is for layer shop only"},
        {&knowledge_import,
         "{\"id\":\"K\",\"shop\":\"S1\",\"layer\":\"shop\",\"question\":\"q\",\"answer\":\"a\","
         "\"valid_from\":\"2026-01-02\",\"valid_to\":\"2026-01-02\"}",
         "\"valid_to\" is not after \"valid_from\""},
        {&knowledge_import, "{\"id\":\"K\",\"shop\":\"S7\",\"layer\":\"shop\",\"question\":\"q\",\"answer\":\"a\"}",
         "no shop \"S7\": import shops first"},
    };
    int failed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char why[240];
        enum row_answer answer = import_row(w, rows[i].kind, rows[i].row, why);
        if (answer != ROW_REFUSED || strcmp(why, rows[i].why) != 0) {
            print_error("[%s]\n %d %s\n", rows[i].why, (int)answer, why);
            failed++;
        }
    }
    assert_int_equal(failed, 0);
    assert_int_equal(import_row(w, &knowledge_import, known[0], NULL), ROW_SAME);
    assert_int_equal(import_row(w, &utterance_import, "{\"intent\":\"ship_track\",\"text\":\"快递呢\"}", NULL), ROW_ADDED);
    assert_int_equal(import_row(w, &utterance_import, "{\"intent\":\"ship_track\",\"text\":\"快递呢\"}", NULL), ROW_SAME);
    assert_int_equal(import_row(w, &utterance_import, "{\"intent\":\"ship_urge\",\"text\":\"快递呢\"}", NULL), ROW_CHANGED);
}

struct paging {
    struct world *w;
    struct entry *list;
    size_t n, all;
};

static int read_pages(struct tx *tx, void *arg)
{
    struct paging *p = arg;
    struct entry *all;
    const struct knowledge_filter any = {.text = STR_NONE}, words = {.text = STR("顺丰")};
    if (knowledge_page(tx, &p->w->arena, p->w->shop, &any, STR("K2"), 1, &all, &p->all) < 0)
        return STORE_FAULT;
    return knowledge_page(tx, &p->w->arena, p->w->shop, &words, STR_NONE, 10, &p->list, &p->n);
}

static void entries_are_found_by_their_words(void **state)
{
    struct world *w = *state;
    struct paging p = {.w = w};
    assert_int_equal(store_read(w->store, read_pages, &p), STORE_OK);
    assert_int_equal(p.all, 1);
    assert_int_equal(p.n, 2);
    assert_true(str_eq_c(p.list[0].id, "K1") && str_eq_c(p.list[1].id, "K2"));
    assert_int_equal(p.list[0].similar.n, 2);
    assert_int_equal(p.list[0].conditions.order_status.n, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(questions_get_their_answers, begin, end),
        cmocka_unit_test_setup_teardown(asked_again_the_answer_is_the_same, begin, end),
        cmocka_unit_test_setup_teardown(typing_gets_questions_that_have_answers, begin, end),
        cmocka_unit_test_setup_teardown(a_base_that_is_held_stays_whole_while_a_new_one_comes, begin, end),
        cmocka_unit_test_setup_teardown(many_threads_share_it_while_it_is_rebuilt, begin, end),
        cmocka_unit_test_setup_teardown(rows_are_checked_to_the_last_member, begin, end),
        cmocka_unit_test_setup_teardown(entries_are_found_by_their_words, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
