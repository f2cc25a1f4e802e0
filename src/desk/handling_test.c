/* SPDX-License-Identifier: Apache-2.0 */
/*
 * People at work against a real store: taking, handing on, closing, lists, canned replies; and that one shop's people
 * find nothing of another's.
 */
#include "desk/world_for_test.h"

#include <pthread.h>

#include "desk/canned_service.h"
#include "desk/category.h"
#include "desk/desk_json.h"

/* ---- handling --------------------------------------------------------------------------------------------- */

static void only_one_of_two_takes_it(void **state)
{
    (void)state;
    struct actor ann = who("ann");
    struct actor bob = who("bob");
    int64_t id = conversation(HANDLER_QUEUE, "", T0);
    assert_int_equal(desk_take(&room, &ann, id, T0 + 1), CHAT_OK);
    assert_int_equal(desk_take(&room, &bob, id, T0 + 1), CHAT_NOT_ALLOWED);
    assert_int_equal(desk_take(&room, &ann, id, T0 + 1), CHAT_OK);
    assert_int_equal(stored(id).c.agent_id, ann.id);
    assert_int_equal(desk_resolve(&room, &bob, id, STR("ship"), STR_NONE, T0 + 2), CHAT_NOT_ALLOWED);
    assert_int_equal(desk_resolve(&room, &ann, id, STR("ship"), STR("note"), T0 + 2), CHAT_OK);
    struct get_work w = stored(id);
    assert_int_equal(w.c.handler, HANDLER_CLOSED);
    assert_true(str_eq_c(w.c.category, "ship"));
    assert_int_equal(w.said[0].kind, MESSAGE_RATING_REQUEST);
    assert_int_equal(w.said[2].kind, MESSAGE_NOTE);
    assert_int_equal(desk_take(&room, &ann, id, T0 + 3), CHAT_CLOSED);
}

/** Somebody who takes, or routing, at the same time as the others. */
struct racer {
    const struct actor *who; /* NULL: routing */
    int64_t id;
    enum chat_answer answer;
};

static void *run(void *arg)
{
    struct racer *r = arg;
    if (r->who != NULL)
        r->answer = desk_take(&room, r->who, r->id, T0 + 1);
    else
        (void)desk_route(&room, tenant, T0 + 1);
    store_read_done(room.store);
    return NULL;
}

static void at_once_there_is_one_owner_and_no_cap_is_passed(void **state)
{
    (void)state;
    struct actor ann = who("ann");
    struct actor bob = who("bob");
    struct actor lea = who("lea");
    come("lea");
    for (int round = 0; round < 20; round++) {
        int64_t id = conversation(HANDLER_QUEUE, "", T0);
        struct racer racers[] = {{.who = &ann, .id = id}, {.who = &bob, .id = id}, {0}};
        pthread_t threads[COUNT(racers)];
        for (size_t i = 0; i < COUNT(racers); i++)
            assert_int_equal(pthread_create(&threads[i], NULL, run, &racers[i]), 0);
        for (size_t i = 0; i < COUNT(racers); i++)
            assert_int_equal(pthread_join(threads[i], NULL), 0);
        int won = (racers[0].answer == CHAT_OK) + (racers[1].answer == CHAT_OK);
        struct conversation c = stored(id).c;
        assert_int_equal(c.handler, HANDLER_AGENT);
        assert_int_equal(won, c.agent_id == lea.id ? 0 : 1);
        assert_int_equal(desk_resolve(&room, &lea, id, STR("ship"), STR_NONE, T0 + 2), CHAT_OK);
    }
}

static void another_shop_finds_nothing(void **state)
{
    (void)state;
    struct actor eve = who("eve");
    struct actor cro = who("cro");
    struct transfer t = {.to_person = eve.id};
    struct str json;
    int64_t id = conversation(HANDLER_QUEUE, "", T0);
    assert_int_equal(desk_take(&room, &eve, id, T0), CHAT_NOT_FOUND);
    assert_int_equal(desk_transfer(&room, &eve, id, &t, T0), TRANSFER_NOT_FOUND);
    assert_int_equal(desk_resolve(&room, &eve, id, STR("ship"), STR_NONE, T0), CHAT_NOT_FOUND);
    assert_int_equal(desk_detail_json(&room, &arena, &eve, id, &json), CHAT_NOT_FOUND);
    assert_int_equal(desk_inbox_item(&room, &arena, other_tenant, id).n, 0);
    assert_int_equal(desk_place(&room, &arena, other_tenant, id).position, 0);
    /* Crowd sees only what it has. */
    assert_int_equal(desk_take(&room, &cro, id, T0), CHAT_NOT_FOUND);
    assert_int_equal(desk_detail_json(&room, &arena, &cro, id, &json), CHAT_NOT_FOUND);
    /* A colleague of another shop is nobody to hand on to. */
    struct actor ann = who("ann");
    assert_int_equal(desk_take(&room, &ann, id, T0), CHAT_OK);
    assert_int_equal(desk_transfer(&room, &ann, id, &t, T0), TRANSFER_NO_PERSON);
}

static void a_transfer_keeps_the_waiting_time(void **state)
{
    (void)state;
    struct actor ann = who("ann");
    struct actor bob = who("bob");
    int64_t id = conversation(HANDLER_QUEUE, "", T0);
    assert_int_equal(desk_take(&room, &ann, id, T0 + 5000), CHAT_OK);

    struct transfer t = {.to_person = bob.id, .note = STR("knows it better")};
    assert_int_equal(desk_transfer(&room, &ann, id, &t, T0 + 6000), TRANSFER_AWAY);
    come("bob");
    assert_int_equal(desk_transfer(&room, &bob, id, &t, T0 + 6000), TRANSFER_NOT_YOURS);
    assert_int_equal(desk_transfer(&room, &ann, id, &t, T0 + 6000), TRANSFER_OK);
    assert_int_equal(stored(id).c.agent_id, bob.id);

    struct actor lea = who("lea");
    int64_t second = conversation(HANDLER_BOT, "", T0);
    assert_int_equal(desk_take(&room, &lea, second, T0), CHAT_OK);
    assert_int_equal(desk_transfer(&room, &lea, second, &t, T0), TRANSFER_FULL);
    t = (struct transfer){.to_group = STR("nobody")};
    assert_int_equal(desk_transfer(&room, &lea, id, &t, T0), TRANSFER_NO_GROUP);
    t = (struct transfer){.to_group = STR("aftersale")};
    assert_int_equal(desk_transfer(&room, &lea, id, &t, T0 + 7000), TRANSFER_OK);
    struct conversation c = stored(id).c;
    assert_int_equal(c.handler, HANDLER_QUEUE);
    assert_int_equal(c.queued_ms, T0);
    assert_true(str_eq_c(c.skill, "aftersale"));
}

/* ---- lists ------------------------------------------------------------------------------------------------ */

struct list_work {
    struct inbox_search s;
    struct inbox_row *rows;
    size_t n;
    int64_t counts[INBOX_TABS];
};

static int list(struct tx *tx, void *arg)
{
    struct list_work *w = arg;
    assert_int_equal(inbox_counts(tx, w->s.tenant_id, w->s.person_id, w->counts), STORE_OK);
    return inbox_list(tx, &arena, &w->s, &w->rows, &w->n);
}

static struct list_work listed(enum inbox_tab tab, const char *q, int limit, const struct inbox_row *after)
{
    struct list_work w = {.s = {.tenant_id = tenant, .person_id = who("lea").id, .tab = tab, .q = str_from(q),
                                .limit = limit}};
    if (after != NULL) {
        w.s.from_cursor = true;
        w.s.cursor_key = after->sort_key;
        w.s.cursor_id = after->id;
    }
    assert_true(store_read(room.store, list, &w) >= 0);
    return w;
}

static void pages_of_every_tab_hold_everything_once(void **state)
{
    (void)state;
    struct actor lea = who("lea");
    int64_t ids[7];
    for (int i = 0; i < 7; i++)
        ids[i] = conversation(HANDLER_QUEUE, "", T0 + 100 - i * 10);
    int64_t mine = conversation(HANDLER_BOT, "", T0);
    assert_int_equal(desk_take(&room, &lea, mine, T0), CHAT_OK);
    conversation(HANDLER_BOT, "", T0);
    conversation(HANDLER_BOT, "", T0 + 1);

    struct list_work w = listed(INBOX_QUEUE, "", 3, NULL);
    assert_int_equal(w.n, 3);
    assert_int_equal(w.rows[0].id, ids[6]); /* the longest wait */
    assert_int_equal(w.counts[INBOX_QUEUE], 7);
    assert_int_equal(w.counts[INBOX_MINE], 1);
    assert_int_equal(w.counts[INBOX_BOT], 2);
    size_t seen = 0;
    const struct inbox_row *after = NULL;
    do {
        w = listed(INBOX_QUEUE, "", 3, after);
        for (size_t i = 0; i < w.n; i++)
            assert_int_equal(w.rows[i].id, ids[6 - seen - i]);
        seen += w.n;
        after = w.n > 0 ? &w.rows[w.n - 1] : NULL;
    } while (w.n == 3);
    assert_int_equal(seen, 7);

    w = listed(INBOX_BOT, "", 1, NULL);
    assert_int_equal(w.n, 1);
    assert_int_equal(listed(INBOX_BOT, "", 5, &w.rows[0]).n, 1);
    assert_int_equal(listed(INBOX_MINE, "", 5, NULL).rows[0].id, mine);
    assert_int_equal(desk_resolve(&room, &lea, mine, STR("ship"), STR_NONE, T0 + 5), CHAT_OK);
    w = listed(INBOX_CLOSED, "", 5, NULL);
    assert_int_equal(w.n, 1);
    assert_int_equal(listed(INBOX_CLOSED, "", 5, &w.rows[0]).n, 0);
}

static const struct {
    const char *name, *q;
    size_t found;
} searches[] = {
    {"everything", "", 2},         {"part of the name", "uye", 2},  {"part of the text", "parcel", 2},
    {"an entry", "nowhere", 0},    {"a sign of LIKE", "%", 0},      {"another", "_uyer", 0},
    {"a quote", "'", 0},
};

static void searches_take_words_as_words(void **state)
{
    (void)state;
    conversation(HANDLER_BOT, "", T0);
    int64_t id = conversation(HANDLER_BOT, "", T0);
    int failed = 0;
    for (size_t i = 0; i < COUNT(searches); i++) {
        size_t n = listed(INBOX_BOT, searches[i].q, 10, NULL).n;
        if (n == searches[i].found)
            continue;
        print_error("[%s] found %zu\n", searches[i].name, n);
        failed++;
    }
    assert_int_equal(failed, 0);
    struct str text = str_fmt(&arena, "%lld", (long long)id);
    assert_int_equal(listed(INBOX_BOT, str_c(&arena, text), 10, NULL).n, 1);
}

static void details_are_json_with_what_screens_need(void **state)
{
    (void)state;
    struct actor ann = who("ann");
    struct str json = STR_NONE;
    int64_t id = conversation(HANDLER_QUEUE, "", T0);
    assert_int_equal(desk_take(&room, &ann, id, T0), CHAT_OK);
    assert_int_equal(desk_detail_json(&room, &arena, &ann, id, &json), CHAT_OK);
    _cleanup_(json_donep) json_t *d = json_read(json, NULL);
    static const char *const members[] = {"item", "contact", "entry", "summary", "understanding", "suggestions",
                                          "reasons", "previous"};
    for (size_t i = 0; i < COUNT(members); i++)
        assert_non_null(json_object_get(d, members[i]));
    assert_int_equal(json_array_size(json_object_get(d, "reasons")), 1);

    _cleanup_(json_donep) json_t *me = json_read(desk_me_json(&room, &arena, &ann), NULL);
    assert_int_equal(json_int(me, "load", -1), 1);
    assert_int_equal(json_int(me, "cap", -1), 2);
    _cleanup_(json_donep) json_t *all = json_read(desk_people_json(&room, &arena, tenant), NULL);
    assert_int_equal(json_array_size(json_object_get(all, "items")), 4);
    _cleanup_(json_donep) json_t *groups = json_read(desk_groups_json(&room, &arena, tenant), NULL);
    assert_int_equal(json_array_size(json_object_get(groups, "items")), 2);
    assert_true(category_known(STR("ship")));
    assert_false(category_known(STR("shipp")));
}

/* ---- canned replies --------------------------------------------------------------------------------------- */

static void canned_replies_belong_to_somebody(void **state)
{
    (void)state;
    struct actor ann = who("ann");
    struct actor bob = who("bob");
    struct actor lea = who("lea");
    struct actor eve = who("eve");
    struct canned own = {.person_id = ann.id, .title = STR("t"), .text = STR("x")};
    struct canned shop = {.person_id = 0, .title = STR("t"), .text = STR("x")};
    assert_int_equal(canned_save(room.store, &ann, &own, T0), CANNED_OK);
    assert_int_equal(canned_save(room.store, &ann, &shop, T0), CANNED_NOT_ALLOWED);
    assert_int_equal(canned_save(room.store, &lea, &shop, T0), CANNED_OK);
    assert_int_equal(canned_drop(room.store, &bob, own.id), CANNED_NOT_FOUND);
    assert_int_equal(canned_drop(room.store, &lea, own.id), CANNED_NOT_FOUND);
    assert_int_equal(canned_drop(room.store, &bob, shop.id), CANNED_NOT_ALLOWED);
    assert_int_equal(canned_drop(room.store, &eve, shop.id), CANNED_NOT_FOUND);
    struct canned stolen = {.id = own.id, .person_id = bob.id, .title = STR("t"), .text = STR("mine now")};
    assert_int_equal(canned_save(room.store, &bob, &stolen, T0), CANNED_NOT_FOUND);
    assert_int_equal(canned_drop(room.store, &ann, own.id), CANNED_OK);
    assert_int_equal(canned_defaults(room.store, other_tenant, STR("zh"), T0), CANNED_OK);
    assert_int_equal(canned_defaults(room.store, tenant, STR("zh"), T0), CANNED_OK); /* has one: nothing added */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(only_one_of_two_takes_it),
        FRESH(at_once_there_is_one_owner_and_no_cap_is_passed),
        FRESH(another_shop_finds_nothing),
        FRESH(a_transfer_keeps_the_waiting_time),
        FRESH(pages_of_every_tab_hold_everything_once),
        FRESH(searches_take_words_as_words),
        FRESH(details_are_json_with_what_screens_need),
        FRESH(canned_replies_belong_to_somebody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
