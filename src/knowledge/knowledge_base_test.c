/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The base while it changes: what is written, changed, archived and brought back one by one is found, or not, exactly as if
 * all had been built again; wrong letters and half-typed texts reach the same entries.
 */
#include "knowledge/knowledge_base.h"

#include <ftw.h>
#include <stdlib.h>

#include "account/import.h"
#include "account/shop.h"
#include "base/seal.h"
#include "base/table_test.h"
#include "knowledge/knowledge_store.h"

enum { ENTRIES = 300, STEPS = 400 };

struct world {
    char dir[64];
    struct store *store;
    struct arena arena;
    struct knowledge_cache *cache;
    int64_t shop;
    int version[ENTRIES * 2]; /* of the words of each entry; 0: not there, or archived */
};

static int make_shop(struct tx *tx, void *arg)
{
    struct world *w = arg;
    struct import_problem problem = {.text = ""};
    json_t *row = json_read(STR("{\"id\":\"S1\",\"name\":\"x\",\"language\":\"zh\",\"currency\":\"CNY\","
                                "\"time_zone\":\"Asia/Shanghai\",\"self_operated\":false}"), NULL);
    enum row_answer answer = shop_import.store_row(tx, &w->arena, row, &problem);
    json_decref(row);
    struct shop s;
    if (answer != ROW_ADDED || shop_find(tx, &w->arena, STR("S1"), &s) != ACCOUNT_OK)
        return STORE_FAULT;
    w->shop = s.tenant_id;
    return STORE_OK;
}

static struct str words_of(struct arena *a, size_t entry, int version)
{
    return str_fmt(a, "第%zu款怎么退 item%zu v%d", entry, entry, version);
}

/** Entries to put, each as its version in the world says. */
struct putting {
    struct world *w;
    size_t from, to;
};

static int put_entries(struct tx *tx, void *arg)
{
    struct putting *p = arg;
    struct arena *a = &p->w->arena;
    for (size_t i = p->from; i < p->to; i++) {
        int version = p->w->version[i];
        struct entry e = {.id = str_fmt(a, "K%zu", i), .layer = LAYER_SHOP, .question = words_of(a, i, version),
                          .answer = STR("…"), .archived_ms = version == 0};
        struct entry_row row = {.entry = &e, .similar = STR("[]"), .conditions = STR("{}")};
        if (knowledge_put(tx, p->w->shop, &row, 1) < 0)
            return STORE_FAULT;
    }
    return shop_catalog_raise(tx, p->w->shop) == ACCOUNT_OK ? STORE_OK : STORE_FAULT;
}

static int begin(void **state)
{
    static const unsigned char key[SEAL_KEY_BYTES] = {7};
    struct world *w = xcalloc(1, sizeof(*w));
    char why[256];
    snprintf(w->dir, sizeof(w->dir), "/tmp/xiaoer-base-XXXXXX");
    seal_start_with(key);
    assert_non_null(mkdtemp(w->dir));
    w->store = store_open(w->dir, why);
    assert_non_null(w->store);
    w->cache = knowledge_cache_new();
    assert_int_equal(store_write(w->store, make_shop, w), STORE_OK);
    for (size_t i = 0; i < ENTRIES; i++)
        w->version[i] = 1;
    assert_int_equal(store_write(w->store, put_entries, &(struct putting){w, 0, ENTRIES}), STORE_OK);
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

struct holding {
    struct world *w;
    struct knowledge_cache *cache;
    const struct knowledge_base *base;
};

static int hold(struct tx *tx, void *arg)
{
    struct holding *h = arg;
    h->base = knowledge_hold(h->cache, tx, h->w->shop);
    return h->base != NULL ? STORE_OK : STORE_FAULT;
}

static size_t used(const struct world *w)
{
    size_t n = 0;
    for (size_t i = 0; i < COUNT(w->version); i++)
        n += w->version[i] > 0;
    return n;
}

/** What both bases say to the words of one entry must be the same; @return failures. */
static int compare(struct world *w, const struct knowledge_base *base, const struct knowledge_base *fresh, size_t i, size_t step)
{
    int failed = 0;
    struct knowledge_context ctx = {.now_ms = 1};
    struct str text = words_of(&w->arena, i, MAX(w->version[i], 1)), id = str_fmt(&w->arena, "K%zu", i);
    struct knowledge_choice x = knowledge_ask(base, &w->arena, text, &ctx, NULL, 0, NULL);
    struct knowledge_choice y = knowledge_ask(fresh, &w->arena, text, &ctx, NULL, 0, NULL);
    bool there = w->version[i] > 0;
    bool same = x.answer == y.answer && (x.entry == NULL) == (y.entry == NULL) &&
                (x.entry == NULL || str_eq(x.entry->id, y.entry->id));
    if (!same && there)
        row_failed(failed, "answer", "step %zu, entry %zu", step, i);
    if (there && (x.entry == NULL || !str_eq(x.entry->id, id) || !str_eq(x.entry->question, text)))
        row_failed(failed, "own words", "step %zu, entry %zu: %.*s", step, i, STR_ARG(x.entry != NULL ? x.entry->id : STR_NONE));
    if (!there && x.entry != NULL && str_eq(x.entry->id, id))
        row_failed(failed, "archived", "step %zu, entry %zu", step, i);
    if ((knowledge_entry(base, id) != NULL) != there)
        row_failed(failed, "by id", "step %zu, entry %zu", step, i);
    return failed;
}

/** A step: some entries are written, changed, archived or brought back. */
static void change_some(struct world *w, unsigned *seed)
{
    size_t from = (size_t)rand_r(seed) % COUNT(w->version), n = 1 + (size_t)rand_r(seed) % 3;
    size_t to = MIN(from + n, COUNT(w->version));
    for (size_t i = from; i < to; i++)
        w->version[i] = rand_r(seed) % 4 == 0 ? 0 : w->version[i] + 1;
    assert_int_equal(store_write(w->store, put_entries, &(struct putting){w, from, to}), STORE_OK);
}

/** Goes on far beyond the number of changes from which all is built again. */
static void changes_one_by_one_are_as_good_as_all_anew(void **state)
{
    struct world *w = *state;
    unsigned seed = 5;
    int failed = 0;
    for (size_t step = 0; step < STEPS && failed == 0; step++) {
        change_some(w, &seed);
        struct holding h = {.w = w, .cache = w->cache}, fresh = {.w = w, .cache = knowledge_cache_new()};
        assert_int_equal(store_read(w->store, hold, &h), STORE_OK);
        if (step % 20 == 0) {
            assert_int_equal(store_read(w->store, hold, &fresh), STORE_OK);
            for (size_t i = 0; i < COUNT(w->version); i++)
                failed += compare(w, h.base, fresh.base, i, step);
            knowledge_release(fresh.cache, fresh.base);
        }
        failed += knowledge_count(h.base) != used(w);
        knowledge_release(w->cache, h.base);
        knowledge_cache_free(fresh.cache);
        arena_reset(&w->arena);
    }
    assert_int_equal(failed, 0);
}

/* ---- wrong letters, half a text ----------------------------------------------------------------------------------- */

static const struct entry few[] = {
    {.id = {"A", 1}, .layer = LAYER_SHOP, .question = {"怎么申请退款", sizeof("怎么申请退款") - 1}, .answer = {"a", 1}},
    {.id = {"B", 1}, .layer = LAYER_SHOP, .question = {"什么时候发货", sizeof("什么时候发货") - 1}, .answer = {"b", 1},
     .valid_to_ms = 1000},
    {.id = {"C", 1}, .layer = LAYER_SHOP, .question = {"Where is my refund?", 19}, .answer = {"c", 1}},
};

static void wrong_letters_are_seen_through(void **state)
{
    static const struct {
        const char *name, *text, *id;
    } rows[] = {
        {"a character of the same sound", "怎么申请退宽", "A"},
        {"with fillers around", "你好请问一下怎么申请退宽呀", "A"},
        {"a wrong letter", "where is my refnud", "C"},
        {"pinyin", "zenme shenqing tuikuan", "A"},
    };
    (void)state;
    int failed = 0;
    struct arena a = {0};
    struct knowledge_base *kb = knowledge_base_new(few, COUNT(few));
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct knowledge_context ctx = {.now_ms = 5};
        struct knowledge_candidate c[2];
        struct knowledge_choice got = knowledge_ask(kb, &a, str_from(rows[i].text), &ctx, NULL, 0, NULL);
        if (got.answer != KNOWLEDGE_FOUND || !str_eq_c(got.entry->id, rows[i].id))
            row_failed(failed, rows[i].name, "%.2f", got.match);
        if (knowledge_candidates(kb, &a, str_from(rows[i].text), &ctx, c, 2) == 0 || c[0].entry != got.entry)
            row_failed(failed, rows[i].name, "is not the first candidate");
    }
    knowledge_base_free(kb);
    arena_done(&a);
    assert_int_equal(failed, 0);
}

static void the_nearest_is_told_however_far_it_is(void **state)
{
    static const struct {
        const char *name, *text, *id; /* id: NULL: none */
        bool offered;                 /* near enough for knowledge_ask() to name it */
    } rows[] = {
        {"an answer", "怎么申请退款", "A", true},
        {"not yet mended", "怎么申请退宽", "A", true},
        {"far", "我家的猫怎么不爱吃饭也不睡觉", "A", false},
        {"nothing in common", "熊猫爱吃竹子", NULL, false},
    };
    (void)state;
    int failed = 0;
    struct arena a = {0};
    struct knowledge_base *kb = knowledge_base_new(few, COUNT(few));
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct knowledge_context ctx = {.now_ms = 5};
        struct knowledge_near near[2], nearest = {.entry = NULL};
        size_t n;
        struct str text = str_from(rows[i].text);
        (void)knowledge_ask(kb, &a, text, &ctx, near, 2, &n);
        bool any = knowledge_nearest(kb, &a, text, &ctx, &nearest);
        if (any != (rows[i].id != NULL) || (any && !str_eq_c(nearest.entry->id, rows[i].id)))
            row_failed(failed, rows[i].name, "%.2f", any ? nearest.match : 0);
        if ((n > 0) != rows[i].offered || (n > 0 && (near[0].entry != nearest.entry || near[0].match < nearest.match)))
            row_failed(failed, rows[i].name, "%zu near", n);
    }
    knowledge_base_free(kb);
    arena_done(&a);
    assert_int_equal(failed, 0);
}

static void suggestions_are_valid_now(void **state)
{
    static const struct {
        const char *name, *typed, *first; /* first: NULL: none */
        int64_t now_ms;
    } rows[] = {
        {"a part", "退", "怎么申请退款", 5},
        {"half a word", "where is my r", "Where is my refund?", 5},
        {"in its days", "fahuo", "什么时候发货", 5},
        {"and not after them", "发货", NULL, 1000},
        {"nothing typed", "", NULL, 5},
    };
    (void)state;
    int failed = 0;
    struct arena a = {0};
    struct knowledge_base *kb = knowledge_base_new(few, COUNT(few));
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct knowledge_context ctx = {.now_ms = rows[i].now_ms};
        struct str got[5];
        size_t n = knowledge_suggest(kb, &a, str_from(rows[i].typed), &ctx, got, 5);
        if (rows[i].first == NULL ? n != 0 : n == 0 || !str_eq_c(got[0], rows[i].first))
            row_failed(failed, rows[i].name, "%zu: %.*s", n, STR_ARG(n > 0 ? got[0] : STR_NONE));
    }
    knowledge_base_free(kb);
    arena_done(&a);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(changes_one_by_one_are_as_good_as_all_anew, begin, end),
        cmocka_unit_test(wrong_letters_are_seen_through),
        cmocka_unit_test(the_nearest_is_told_however_far_it_is),
        cmocka_unit_test(suggestions_are_valid_now),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
