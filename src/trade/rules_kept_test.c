/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kept rules are those that are stored: after a change, after a change that was undone, and of each shop its own.
 */
#include "base/table_test.h"

#include <string.h>
#include <unistd.h>

#include "trade/case_private.h"
#include "trade/policy_store.h"
#include "trade/rules_kept.h"

#define DAY_ONE INT64_C(1577836800000) /* 2020-01-01 */
#define TODAY   INT64_C(1795255200000)

static struct store *store;
static char dir[] = "/tmp/xiaoer-rules-kept-XXXXXX";

/** A rule of a shop is set and looked up in one unit of work, which then stays or is undone. */
struct wish {
    int64_t tenant_id;
    const char *value; /* NULL: only looked up */
    bool undone;
    char seen[64];
};

static int run(struct tx *tx, void *arg)
{
    struct wish *w = arg;
    struct rules_kept *k;
    struct policy_value v;
    struct case_outcome used = {0};
    struct policy p = {.tenant_id = w->tenant_id, .key = STR("order.extend"), .scope = STR("shop"), .from_ms = DAY_ONE,
                       .value = str_from(w->value)};
    if ((w->value != NULL && policy_put(tx, &p) < 0) || rules_keep(tx, w->tenant_id, &k) < 0)
        return STORE_FAULT;
    struct case_rules rules = {.rows = k->rows, .n = k->n};
    bool found = case_rule(&rules, "order.extend", POLICY_ANY, TODAY, &v, &used);
    snprintf(w->seen, sizeof(w->seen), "%.*s", STR_ARG(found ? v.text : STR("none")));
    return w->undone ? 1 : STORE_OK;
}

static const struct {
    const char *name;
    struct wish wish;
    const char *seen;
} steps[] = {
    {"set", {.tenant_id = 11, .value = "4d"}, "4d"},
    {"kept", {.tenant_id = 11}, "4d"},
    {"another", {.tenant_id = 11, .value = "5d"}, "5d"},
    {"another, undone", {.tenant_id = 11, .value = "6d", .undone = true}, "6d"},
    {"what was before it", {.tenant_id = 11}, "5d"},
    {"another after it", {.tenant_id = 11, .value = "7d", .undone = true}, "7d"},
    {"a shop of the same place", {.tenant_id = 11 + 64, .value = "8d"}, "8d"},
    {"the first again", {.tenant_id = 11}, "5d"},
    {"the platform's", {.tenant_id = 0, .value = "9d"}, "9d"},
    {"a shop that has none", {.tenant_id = 13}, "9d"},
    {"one that has", {.tenant_id = 11}, "5d"},
};

static void kept_rules_are_those_that_are_stored(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(steps); i++) {
        struct wish w = steps[i].wish;
        int answer = store_write(store, run, &w);
        if (strcmp(w.seen, steps[i].seen) != 0 || answer != (w.undone ? 1 : STORE_OK))
            row_failed(failed, steps[i].name, "%s, want %s (%d)", w.seen, steps[i].seen, answer);
    }
    assert_int_equal(failed, 0);
}

static int name_sets(struct tx *tx, void *arg)
{
    struct rules_kept *k;
    struct policy_value v;
    struct case_outcome one = {0}, two = {0};
    (void)arg;
    if (rules_keep(tx, 11, &k) < 0)
        return STORE_FAULT;
    struct case_rules rules = {.rows = k->rows, .n = k->n};
    assert_true(case_rule(&rules, "action.matrix", POLICY_ANY, TODAY, &v, &one));
    assert_ptr_equal(rules_kept_json(k, v.text), rules_kept_json(k, v.text));
    assert_int_equal(rules_kept_json(k, v.text)->kind, JSON_KIND_OBJECT);
    assert_true(case_rule(&rules, "action.matrix", POLICY_ANY, TODAY, &v, &two));
    assert_true(case_rule(&rules, "order.extend", POLICY_ANY, TODAY, &v, &two));
    assert_null(rules_kept_json(k, v.text));
    struct rules_asked a = rules_kept_asked(k, NULL, &one), b = rules_kept_asked(k, NULL, &two),
                       again = rules_kept_asked(k, NULL, &one);
    assert_ptr_equal(a.json.p, again.json.p);
    assert_int_equal(a.digest.n, 32);
    assert_false(str_eq(a.digest, b.digest));
    assert_true(str_has(b.json, STR("\"order.extend\"")) && !str_has(a.json, STR("\"order.extend\"")));
    return STORE_OK;
}

/* A shop with rules for many categories asks for many sets: what the thread keeps of them has an end. */
static int name_many_sets(struct tx *tx, void *arg)
{
    enum { SETS = 1000 };
    struct rules_kept *k;
    struct arena *a = arg;
    if (rules_keep(tx, 11, &k) < 0)
        return STORE_FAULT;
    struct case_outcome used = {.used = {{"a", k->rows[0].value, STR_NONE, 0}}, .used_count = 1};
    struct rules_asked first = rules_kept_asked(k, a, &used);
    for (size_t i = 0; i < SETS; i++) {
        struct case_outcome other = {.used = {{"a", k->rows[i % 50].value, STR_NONE, 0}, {"b", k->rows[i / 50].value, STR_NONE, 0}},
                                     .used_count = 2};
        (void)rules_kept_asked(k, a, &other);
    }
    return rules_kept_asked(k, a, &used).json.p == first.json.p ? STORE_OK : STORE_CONFLICT;
}

static void only_so_many_sets_are_kept(void **state)
{
    (void)state;
    struct arena a = {0};
    assert_int_equal(store_write(store, name_many_sets, &a), STORE_OK);
    assert_true(a.total > 0); /* the others lie here */
    arena_done(&a);
}

static void a_set_of_rules_has_one_name(void **state)
{
    (void)state;
    assert_int_equal(store_write(store, name_sets, NULL), STORE_OK);
}

static int start(void **state)
{
    (void)state;
    char why[256];
    store = mkdtemp(dir) != NULL ? store_open(dir, why) : NULL;
    return store != NULL ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    static const char *const names[] = {"xiaoer.db", "xiaoer.db-wal", "xiaoer.db-shm"};
    store_close(store);
    for (size_t i = 0; i < COUNT(names); i++) {
        char path[128];
        snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
        unlink(path);
    }
    return rmdir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kept_rules_are_those_that_are_stored),
        cmocka_unit_test(a_set_of_rules_has_one_name),
        cmocka_unit_test(only_so_many_sets_are_kept),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
