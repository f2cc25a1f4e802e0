/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The desk against a real store: who gets whom, people who come, go and vanish, callbacks, what is told of it.
 */
#include "desk/world_for_test.h"

#include "base/time.h"
#include "bot/callback_store.h"
#include "desk/desk_store.h"

/* ---- routing ---------------------------------------------------------------------------------------------- */

static void waiting_contacts_go_to_who_can_take_them(void **state)
{
    (void)state;
    int64_t after = conversation(HANDLER_QUEUE, "aftersale", T0);
    int64_t pre = conversation(HANDLER_QUEUE, "presale", T0 + 1);
    int64_t pre2 = conversation(HANDLER_QUEUE, "presale", T0 + 2);
    assert_int_equal(desk_route(&room, tenant, T0 + 10), 0);
    assert_int_equal(desk_place(&room, &arena, tenant, pre2).position, 2);

    come("ann"); /* takes what she has the skill for, at once */
    assert_int_equal(stored(after).c.handler, HANDLER_AGENT);
    assert_int_equal(stored(after).c.agent_id, who("ann").id);
    assert_int_equal(stored(pre).c.handler, HANDLER_QUEUE);

    come("bob"); /* one place: the longest waiting */
    struct get_work w = stored(pre);
    assert_int_equal(w.c.agent_id, who("bob").id);
    assert_true(str_eq_c(w.said[0].text, "Bob is here to help you"));
    assert_int_equal(stored(pre2).c.handler, HANDLER_QUEUE);
    assert_int_equal(desk_place(&room, &arena, tenant, pre2).position, 1);
    assert_int_equal(desk_agents_online(&room, tenant), 2);
    assert_int_equal(desk_agents_online(&room, other_tenant), 0);
}

static void a_group_without_people_goes_to_anybody(void **state)
{
    (void)state;
    come("ann");
    int64_t id = conversation(HANDLER_QUEUE, "urgent", T0);
    assert_int_equal(desk_route(&room, tenant, T0 + 1), 1);
    assert_int_equal(stored(id).c.agent_id, who("ann").id);
}

static void a_group_whose_people_are_away_widens_after_two_minutes(void **state)
{
    (void)state;
    come("ann");
    int64_t id = conversation(HANDLER_QUEUE, "presale", T0);
    assert_int_equal(desk_route(&room, tenant, T0 + GROUP_WIDEN_MS - 1), 0);
    assert_int_equal(desk_route(&room, tenant, T0 + GROUP_WIDEN_MS), 1);
    assert_int_equal(stored(id).c.agent_id, who("ann").id);
}

static void the_cap_holds_whatever_comes(void **state)
{
    (void)state;
    come("ann");
    come("bob");
    for (int i = 0; i < 30; i++)
        conversation(HANDLER_QUEUE, i % 2 == 0 ? "aftersale" : "presale", T0 + i);
    assert_int_equal(desk_route(&room, tenant, T0 + 100), 3);
    assert_int_equal(desk_route(&room, tenant, T0 + 100), 0);
    struct actor ann = who("ann");
    int64_t bot = conversation(HANDLER_BOT, "", T0);
    assert_int_equal(desk_take(&room, &ann, bot, T0 + 200), CHAT_LIMIT);
}

static void many_free_places_are_filled_in_several_units(void **state)
{
    (void)state;
    for (int i = 0; i < 12; i++) {
        char row[200];
        snprintf(row, sizeof(row), "{\"id\":\"x%d\",\"shop\":\"S1\",\"name\":\"X%d\",\"roles\":[\"agent\"],"
                                   "\"concurrency\":20}", i, i);
        import(&person_import, row);
        snprintf(row, sizeof(row), "x%d", i);
        come(row);
    }
    int64_t last = 0;
    for (int i = 0; i < 230; i++)
        last = conversation(HANDLER_QUEUE, "", T0 + i);
    assert_int_equal(desk_route(&room, tenant, T0 + 1000), 230);
    assert_int_equal(stored(last).c.handler, HANDLER_AGENT);
}

static void the_last_agent_gets_the_buyer_back(void **state)
{
    (void)state;
    come("ann");
    come("lea");
    struct actor lea = who("lea");
    int64_t first = conversation(HANDLER_BOT, "", T0);
    assert_int_equal(desk_take(&room, &lea, first, T0 + 1), CHAT_OK);
    assert_int_equal(desk_resolve(&room, &lea, first, STR("ship"), STR_NONE, T0 + 2), CHAT_OK);
    struct new_work again = {.handler = HANDLER_QUEUE, .contact_id = stored(first).c.contact_id, .now_ms = T0 + 3};
    assert_int_equal(store_write(room.store, make_conversation, &again), CHAT_OK);
    assert_int_equal(desk_route(&room, tenant, T0 + 4), 1);
    assert_int_equal(stored(again.id).c.agent_id, lea.id);
}

/* ---- presence --------------------------------------------------------------------------------------------- */

static void who_vanishes_gives_back_after_three_minutes(void **state)
{
    (void)state;
    struct actor ann = who("ann");
    come("ann");
    int64_t id = conversation(HANDLER_QUEUE, "aftersale", T0);
    assert_int_equal(desk_route(&room, tenant, T0 + 1), 1);
    assert_int_equal(desk_presence(&room, tenant, ann.id, false, T0 + 1000), CHAT_OK);
    int64_t next = conversation(HANDLER_QUEUE, "aftersale", T0 + 2000);
    assert_int_equal(desk_route(&room, tenant, T0 + 2000), 0); /* nothing new for who is gone */

    desk_tick(&room, T0 + 1000 + 3 * MINUTE_MS - 1);
    assert_int_equal(stored(id).c.handler, HANDLER_AGENT);
    desk_tick(&room, T0 + 1000 + 3 * MINUTE_MS);
    struct conversation c = stored(id).c;
    assert_int_equal(c.handler, HANDLER_QUEUE);
    assert_true(c.front);
    assert_int_equal(c.queued_ms, T0);
    assert_int_equal(desk_place(&room, &arena, tenant, id).position, 1);
    assert_int_equal(desk_place(&room, &arena, tenant, next).position, 2);
    struct who_work w = {tenant, STR("ann"), {0}};
    assert_int_equal(store_read(room.store, read_who, &w), ACCOUNT_OK);
    assert_true(str_eq_c(w.person.status, "offline"));
}

static void who_comes_back_in_time_keeps_them(void **state)
{
    (void)state;
    struct actor ann = who("ann");
    come("ann");
    int64_t id = conversation(HANDLER_QUEUE, "aftersale", T0);
    assert_int_equal(desk_route(&room, tenant, T0), 1);
    assert_int_equal(desk_presence(&room, tenant, ann.id, false, T0), CHAT_OK);
    assert_int_equal(desk_presence(&room, tenant, ann.id, true, T0 + 2 * MINUTE_MS), CHAT_OK);
    desk_tick(&room, T0 + 10 * MINUTE_MS);
    assert_int_equal(stored(id).c.agent_id, ann.id);
    /* The process was killed: at the next start nobody is there. */
    assert_int_equal(desk_start(&room, T0 + 20 * MINUTE_MS), CHAT_OK);
    assert_int_equal(desk_agents_online(&room, tenant), 0);
    desk_tick(&room, T0 + 23 * MINUTE_MS);
    assert_int_equal(stored(id).c.handler, HANDLER_QUEUE);
}

static void going_offline_gives_back_at_once(void **state)
{
    (void)state;
    struct actor ann = who("ann");
    come("ann");
    int64_t id = conversation(HANDLER_QUEUE, "aftersale", T0);
    assert_int_equal(desk_route(&room, tenant, T0), 1);
    assert_int_equal(desk_set_status(&room, &ann, STR("break"), T0 + 1), CHAT_OK);
    assert_int_equal(stored(id).c.handler, HANDLER_AGENT);
    assert_int_equal(desk_set_status(&room, &ann, STR("offline"), T0 + 2), CHAT_OK);
    assert_int_equal(stored(id).c.handler, HANDLER_QUEUE);
    assert_true(stored(id).c.front);
}

/* ---- callbacks -------------------------------------------------------------------------------------------- */

struct book_work {
    int64_t id, due_ms;
};

static int book(struct tx *tx, void *arg)
{
    const struct book_work *w = arg;
    return callback_book(tx, tenant, w->id, STR("{\"skill\":\"aftersale\"}"), w->due_ms, T0);
}

static void a_promised_callback_is_kept(void **state)
{
    (void)state;
    struct actor ann = who("ann");
    struct book_work one = {conversation(HANDLER_BOT, "", T0), T0 + 1000};
    struct book_work two = {conversation(HANDLER_BOT, "", T0), T0 + 1000};
    assert_int_equal(store_write(room.store, book, &one), 0);
    assert_int_equal(store_write(room.store, book, &two), 0);
    assert_int_equal(desk_take(&room, &ann, two.id, T0 + 1), CHAT_OK);
    desk_tick(&room, T0 + 999);
    assert_int_equal(stored(one.id).c.handler, HANDLER_BOT);
    desk_tick(&room, T0 + 1000);
    assert_int_equal(stored(one.id).c.handler, HANDLER_QUEUE);
    assert_true(str_eq_c(stored(one.id).c.skill, "aftersale"));
    assert_int_equal(stored(two.id).c.agent_id, ann.id);
    int64_t seq = stored(one.id).c.seq;
    desk_tick(&room, T0 + 2000);
    assert_int_equal(stored(one.id).c.seq, seq);
}

/* 2027-01-15 is a Friday; T0 is 08:00 UTC of it, an hour before the shop opens. */
static void duty_says_what_is_so(void **state)
{
    (void)state;
    struct duty_question q = {.tenant_id = tenant, .skill = STR("aftersale"), .language = STR("en"), .now_ms = T0};
    struct duty d = desk_duty(&room, &arena, &q);
    assert_false(d.open_now);
    assert_int_equal(d.next_open_ms, T0 + HOUR_MS);
    assert_int_equal(d.agents_online, 0);
    assert_int_equal(d.on_roster, 1);
    assert_int_equal(d.eta_seconds, 0);
    assert_true(str_eq_c(d.hours, "09:00–18:00"));
    come("ann");
    q.now_ms = T0 + 2 * HOUR_MS;
    q.conversation_id = conversation(HANDLER_QUEUE, "aftersale", T0);
    d = desk_duty(&room, &arena, &q);
    assert_true(d.open_now);
    assert_int_equal(d.agents_online, 1);
    assert_int_equal(d.place, 1);
    assert_int_equal(d.eta_seconds, 180);
    q.skill = STR("nobody has it");
    q.conversation_id = 0;
    assert_int_equal(desk_duty(&room, &arena, &q).agents_online, 1);
}

static const struct {
    const char *name;
    int position;
    int64_t mean_ms;
    int online, seconds;
} etas[] = {
    {"nothing known", 1, 0, 1, 180},
    {"third of two people", 3, 200000, 2, 300},
    {"never below a minute", 1, 20000, 4, 60},
    {"nobody online counts as one", 2, 90000, 0, 180},
};

static void expected_waits(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(etas); i++) {
        int s = group_eta_seconds(etas[i].position, etas[i].mean_ms, etas[i].online);
        if (s == etas[i].seconds)
            continue;
        print_error("[%s] %d s\n", etas[i].name, s);
        failed++;
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(waiting_contacts_go_to_who_can_take_them),
        FRESH(a_group_without_people_goes_to_anybody),
        FRESH(a_group_whose_people_are_away_widens_after_two_minutes),
        FRESH(the_cap_holds_whatever_comes),
        FRESH(many_free_places_are_filled_in_several_units),
        FRESH(the_last_agent_gets_the_buyer_back),
        FRESH(who_vanishes_gives_back_after_three_minutes),
        FRESH(who_comes_back_in_time_keeps_them),
        FRESH(going_offline_gives_back_at_once),
        FRESH(a_promised_callback_is_kept),
        FRESH(duty_says_what_is_so),
        cmocka_unit_test(expected_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
