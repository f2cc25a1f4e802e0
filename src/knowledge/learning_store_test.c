/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of what is stored to learn from: items and actions, utterances that are taught and taken back, states of an entry,
 * and the counts of a day.
 */
#include "knowledge/learning_store.h"

#include <ftw.h>
#include <stdlib.h>
#include <string.h>

#include "account/import.h"
#include "account/shop.h"
#include "base/id.h"
#include "base/json.h"
#include "base/seal.h"
#include "base/table_test.h"
#include "knowledge/answer_day.h"
#include "knowledge/knowledge_store.h"

#define NOW_MS INT64_C(1795000000000)

struct world {
    char dir[64];
    struct store *store;
    struct arena arena;
    int64_t shop, other;
};

static const char *const shop_rows[] = {
    "{\"id\":\"S1\",\"name\":\"a\",\"language\":\"zh\",\"currency\":\"CNY\",\"time_zone\":\"Asia/Shanghai\",\"self_operated\":false}",
    "{\"id\":\"S2\",\"name\":\"b\",\"language\":\"zh\",\"currency\":\"CNY\",\"time_zone\":\"Asia/Shanghai\",\"self_operated\":false}",
};

static int import_shops(struct tx *tx, void *arg)
{
    struct world *w = arg;
    struct import_problem problem = {.text = ""};
    struct shop shop;
    for (size_t i = 0; i < COUNT(shop_rows); i++) {
        _cleanup_(json_donep) json_t *row = json_read(str_from(shop_rows[i]), NULL);
        if (shop_import.store_row(tx, &w->arena, row, &problem) != ROW_ADDED)
            return STORE_FAULT;
    }
    if (shop_find(tx, &w->arena, STR("S1"), &shop) != ACCOUNT_OK)
        return STORE_FAULT;
    w->shop = shop.tenant_id;
    if (shop_find(tx, &w->arena, STR("S2"), &shop) != ACCOUNT_OK)
        return STORE_FAULT;
    w->other = shop.tenant_id;
    return STORE_OK;
}

static int begin(void **state)
{
    static const unsigned char key[SEAL_KEY_BYTES] = {7};
    struct world *w = xcalloc(1, sizeof(*w));
    char why[256];
    snprintf(w->dir, sizeof(w->dir), "/tmp/xiaoer-learning-XXXXXX");
    seal_start_with(key);
    assert_non_null(mkdtemp(w->dir));
    w->store = store_open(w->dir, why);
    assert_non_null(w->store);
    assert_int_equal(store_write(w->store, import_shops, w), STORE_OK);
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
    store_read_done(w->store);
    store_close(w->store);
    nftw(w->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    arena_done(&w->arena);
    free(w);
    return 0;
}

/* ---- items ----------------------------------------------------------------------------------------------------------- */

static struct learning_item item(int64_t conversation_id, int64_t seq)
{
    return (struct learning_item){.conversation_id = conversation_id, .seq = seq, .at_ms = NOW_MS, .text = STR("充电要多久"),
                                  .language = STR("zh"), .reason = LEARNING_ASKED_BACK, .intent = STR("unclear"),
                                  .confidence = 0.25, .entry = STR("K1"), .match = 0.5};
}

static int keep_items(struct tx *tx, void *arg)
{
    struct world *w = arg;
    struct learning_item found;
    for (int64_t i = 1; i <= 4; i++) {
        struct learning_item one = item(100 + i, 1);
        assert_int_equal(learning_add(tx, w->shop, &one), STORE_OK);
    }
    struct learning_item later = item(101, 5), foreign = item(101, 1);
    assert_int_equal(learning_add(tx, w->shop, &later), STORE_OK);
    assert_int_equal(learning_add(tx, w->other, &foreign), STORE_OK);

    /* a person takes over: the newest item of that conversation, of that shop */
    assert_int_equal(learning_hand_over(tx, w->shop, 101), STORE_OK);
    assert_int_equal(learning_get(tx, &w->arena, w->shop, 101, 5, &found), 1);
    assert_int_equal(found.reason, LEARNING_HANDED);
    assert_int_equal(learning_get(tx, &w->arena, w->shop, 101, 1, &found), 1);
    assert_int_equal(found.reason, LEARNING_ASKED_BACK);
    assert_true(found.confidence > 0.249 && found.confidence < 0.251 && found.match > 0.49);
    assert_int_equal(learning_get(tx, &w->arena, w->other, 101, 5, &found), 0);

    /* a further reason for the same message: one item */
    later.reason = LEARNING_CORRECTED;
    later.corrected = STR("usage_howto");
    assert_int_equal(learning_add(tx, w->shop, &later), STORE_OK);
    assert_int_equal(learning_get(tx, &w->arena, w->shop, 101, 5, &found), 1);
    assert_int_equal(found.reason, LEARNING_CORRECTED);
    assert_true(str_eq_c(found.corrected, "usage_howto"));

    struct learning_item *list;
    size_t n;
    assert_int_equal(learning_recent(tx, &w->arena, w->shop, 0, 3, &list, &n), STORE_OK);
    assert_int_equal(n, 3); /* the newest three, oldest of them first */
    assert_int_equal(list[0].conversation_id, 102);
    assert_int_equal(list[2].conversation_id, 104);
    return STORE_OK;
}

static void an_item_is_kept_once_and_grows_reasons(void **state)
{
    struct world *w = *state;
    assert_int_equal(store_write(w->store, keep_items, w), STORE_OK);
}

static int group_items(struct tx *tx, void *arg)
{
    struct world *w = arg;
    struct learning_item *list;
    size_t n;
    struct learning_filter seven = {.group_id = 7};
    for (int64_t i = 1; i <= 4; i++) {
        struct learning_item one = item(i, 1);
        assert_int_equal(learning_add(tx, w->shop, &one), STORE_OK);
        assert_int_equal(learning_group(tx, w->shop, &one, i <= 2 ? 7 : 9, LEARNING_OPEN), STORE_OK);
        assert_int_equal(learning_group(tx, w->shop, &one, 55, LEARNING_OPEN), STORE_OK); /* it has one */
    }
    /* a merge and its undoing */
    assert_int_equal(learning_merge(tx, w->shop, 9, 7, 1000), 2);
    assert_int_equal(learning_list(tx, &w->arena, w->shop, &seven, 0, 0, 10, &list, &n), STORE_OK);
    assert_int_equal(n, 4);
    assert_int_equal(learning_reopen(tx, w->shop, 1000), 2);
    assert_int_equal(learning_list(tx, &w->arena, w->shop, &seven, 0, 0, 10, &list, &n), STORE_OK);
    assert_int_equal(n, 2);
    /* closed once, opened by who closed it */
    assert_int_equal(learning_close(tx, w->shop, 1, 1, LEARNING_DONE, 1001), 1);
    assert_int_equal(learning_close(tx, w->shop, 1, 1, LEARNING_IGNORED, 1002), 0);
    assert_int_equal(learning_close(tx, w->other, 2, 1, LEARNING_DONE, 1001), 0);
    assert_int_equal(learning_reopen(tx, w->shop, 1002), 0);
    assert_int_equal(learning_reopen(tx, w->shop, 1001), 1);
    return STORE_OK;
}

static void what_an_action_did_it_alone_undoes(void **state)
{
    struct world *w = *state;
    assert_int_equal(store_write(w->store, group_items, w), STORE_OK);
}

/* ---- utterances ------------------------------------------------------------------------------------------------------ */

/** The shop has one utterance, of that intent; or none when it is NULL. */
static bool says(struct tx *tx, struct world *w, const char *intent)
{
    struct utterance *list;
    size_t n;
    assert_int_equal(utterance_page(tx, &w->arena, w->shop, STR_NONE, STR_NONE, 10, &list, &n), STORE_OK);
    return intent == NULL ? n == 0 : n == 1 && str_eq_c(list[0].intent, intent);
}

static int teach(struct tx *tx, void *arg)
{
    struct world *w = arg;
    assert_int_equal(utterance_teach(tx, w->shop, STR("ship_track"), STR("咕噜呢"), 5), 1);
    assert_int_equal(utterance_teach(tx, w->shop, STR("ship_track"), STR("咕噜呢"), 6), 0);
    assert_int_equal(utterance_unteach(tx, w->shop, 6), 0); /* it changed nothing */
    assert_true(says(tx, w, "ship_track"));
    assert_int_equal(utterance_teach(tx, w->shop, STR("ship_urge"), STR("咕噜呢"), 7), 2);
    assert_int_equal(utterance_unteach(tx, w->other, 7), 0);
    assert_int_equal(utterance_unteach(tx, w->shop, 7), 1);
    assert_true(says(tx, w, "ship_track")); /* what it said before */
    assert_int_equal(utterance_unteach(tx, w->shop, 5), 0); /* written anew since: by nobody's action */
    assert_int_equal(utterance_drop(tx, w->shop, STR("咕噜呢")), 1);
    assert_true(says(tx, w, NULL));
    return STORE_OK;
}

static void what_was_taught_can_be_taken_back(void **state)
{
    struct world *w = *state;
    assert_int_equal(store_write(w->store, teach, w), STORE_OK);
}

/* ---- entries --------------------------------------------------------------------------------------------------------- */

static int change_entry(struct tx *tx, void *arg)
{
    struct world *w = arg;
    struct entry e = {.id = STR("K1"), .layer = LAYER_SHOP, .question = STR("q"), .answer = STR("a")};
    struct entry_row row = {.entry = &e, .similar = STR("[\"s\"]"), .conditions = STR("{}"), .person_id = 3};
    struct entry_version *versions;
    struct entry *list;
    size_t n;
    assert_int_equal(knowledge_put(tx, w->shop, &row, 1), 1);
    assert_int_equal(knowledge_put(tx, w->shop, &row, 2), 0);
    e.answer = STR("b");
    assert_int_equal(knowledge_put(tx, w->shop, &row, 3), 2);
    e.archived_ms = 4;
    assert_int_equal(knowledge_put(tx, w->shop, &row, 4), 2);
    assert_int_equal(knowledge_versions(tx, &w->arena, w->shop, STR("K1"), &versions, &n), STORE_OK);
    assert_int_equal(n, 3);
    assert_int_equal(versions[0].entry.version, 3);
    assert_int_equal(versions[0].entry.archived_ms, 4);
    assert_true(str_eq_c(versions[2].entry.answer, "a") && versions[2].entry.similar.n == 1);
    assert_int_equal(versions[1].at_ms, 3);
    assert_int_equal(versions[1].person_id, 3);
    assert_int_equal(knowledge_list(tx, &w->arena, w->shop, &list, &n), STORE_OK);
    assert_int_equal(n, 0); /* the bot knows nothing of what is archived */
    return STORE_OK;
}

static void every_state_of_an_entry_is_kept(void **state)
{
    struct world *w = *state;
    assert_int_equal(store_write(w->store, change_entry, w), STORE_OK);
}

/* ---- days ------------------------------------------------------------------------------------------------------------ */

#define WHY(entry, act)                                                                                                \
    "{\"input\":{\"intent\":\"x\",\"knowledge\":\"" entry "\"},\"outcome\":{\"act\":\"" act "\"},\"reason\":\"\"}"

static void say(struct tx *tx, const struct world *w, int64_t conversation_id, int64_t seq, const char *author,
                const char *why, int64_t at_ms)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "INSERT INTO message (tenant_id, conversation_id, seq, author_kind, author_id, kind, text, at_ms, decision)"
            " VALUES ($1, $2, $3, $4, 0, 'text', 't', $5, $6)");
    stmt_int(&q, w->shop);
    stmt_int(&q, conversation_id);
    stmt_int(&q, seq);
    stmt_text(&q, str_from(author));
    stmt_int(&q, at_ms);
    stmt_text_or_null(&q, str_from(why));
    assert_int_equal(stmt_run(&q), 1);
}

static void thumb(struct tx *tx, const struct world *w, int64_t conversation_id, int64_t seq, bool helpful)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO feedback (tenant_id, conversation_id, seq, helpful, reason, at_ms)"
                      " VALUES ($1, $2, $3, $4, '', $5)");
    stmt_int(&q, w->shop);
    stmt_int(&q, conversation_id);
    stmt_int(&q, seq);
    stmt_int(&q, helpful);
    stmt_int(&q, NOW_MS);
    assert_int_equal(stmt_run(&q), 1);
}

static int talk(struct tx *tx, void *arg)
{
    const struct world *w = arg;
    int64_t today = id_new(NOW_MS), yesterday = id_new(NOW_MS - DAY_MS);
    say(tx, w, today, 1, "buyer", NULL, NOW_MS);
    say(tx, w, today, 2, "bot", NULL, NOW_MS);
    say(tx, w, today, 3, "bot", WHY("K1", "knowledge"), NOW_MS); /* the last of two messages of one turn */
    say(tx, w, today, 4, "buyer", NULL, NOW_MS);
    say(tx, w, today, 5, "bot", WHY("K2", "ask_intent"), NOW_MS); /* near, but it did not answer */
    say(tx, w, yesterday, 1, "buyer", NULL, NOW_MS - DAY_MS);
    say(tx, w, yesterday, 2, "bot", WHY("K1", "knowledge"), NOW_MS - DAY_MS);
    thumb(tx, w, today, 2, true);
    thumb(tx, w, yesterday, 2, false);
    return STORE_OK;
}

static void a_day_is_counted_once_and_today_every_time(void **state)
{
    struct world *w = *state;
    struct answer_counts counts;
    assert_int_equal(store_write(w->store, talk, w), STORE_OK);
    for (int again = 0; again < 2; again++) {
        assert_int_equal(answer_counts_read(w->store, &w->arena, w->shop, 7, NOW_MS, &counts), STORE_OK);
        struct answer_count all = answer_count_of(&counts, STR_NONE), k1 = answer_count_of(&counts, STR("K1"));
        assert_int_equal(all.hits, 3);
        assert_int_equal(k1.hits, 2);
        assert_int_equal(k1.helpful, 1);
        assert_int_equal(k1.unhelpful, 1);
        assert_int_equal(answer_count_of(&counts, STR("K2")).hits, 0);
    }
    assert_int_equal(answer_counts_read(w->store, &w->arena, w->shop, 1, NOW_MS, &counts), STORE_OK);
    assert_int_equal(answer_count_of(&counts, STR("K1")).hits, 1);
    assert_int_equal(answer_counts_read(w->store, &w->arena, w->other, 14, NOW_MS, &counts), STORE_OK);
    assert_int_equal(answer_count_of(&counts, STR_NONE).hits, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_item_is_kept_once_and_grows_reasons, begin, end),
        cmocka_unit_test_setup_teardown(what_an_action_did_it_alone_undoes, begin, end),
        cmocka_unit_test_setup_teardown(what_was_taught_can_be_taken_back, begin, end),
        cmocka_unit_test_setup_teardown(every_state_of_an_entry_is_kept, begin, end),
        cmocka_unit_test_setup_teardown(a_day_is_counted_once_and_today_every_time, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
