/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Solutions, guests and agreements against a real store: who may, what is stored and said, what happens twice or late.
 */
#include "desk/world_for_test.h"

#include "base/table_test.h"
#include "base/time.h"
#include "desk/agreement_service.h"
#include "desk/party_service.h"
#include "desk/solution_service.h"

/* ---- the shop's solutions ----------------------------------------------------------------------------------------- */



static size_t count_of(const struct actor *who, struct str id, struct solution *ret)
{
    struct solution *rows;
    struct solution_figure *used;
    size_t n, used_n, found = 0;
    assert_int_equal(solutions_all(&room, &arena, who, &rows, &n, &used, &used_n), SOLUTION_OK);
    for (size_t i = 0; i < n; i++) {
        if (str_eq(rows[i].id, id)) {
            *ret = rows[i];
            found++;
        }
    }
    return found;
}

static void a_shop_changes_what_ships_and_has_it_back(void **state)
{
    (void)state;
    struct actor lea = who("lea");
    struct actor ann = who("ann");
    struct solution s, seen;
    assert_int_equal(count_of(&lea, STR("invoice"), &s), 1);
    assert_false(s.own);
    s.title = STR("Ask finance");
    assert_int_equal(solution_save(&room, &ann, &s, T0), SOLUTION_NOT_ALLOWED);
    assert_int_equal(solution_save(&room, &lea, &s, T0), SOLUTION_OK);
    assert_int_equal(count_of(&lea, STR("invoice"), &seen), 1);
    assert_true(seen.own && str_eq_c(seen.title, "Ask finance") && seen.version == 1);
    s.version = 0; /* somebody else read it before */
    assert_int_equal(solution_save(&room, &lea, &s, T0), SOLUTION_STALE);
    struct actor eve = who("eve");
    assert_int_equal(count_of(&eve, STR("invoice"), &seen), 1);
    assert_false(seen.own);
    assert_int_equal(solution_drop(&room, &lea, STR("invoice")), SOLUTION_OK);
    assert_int_equal(solution_drop(&room, &lea, STR("invoice")), SOLUTION_NOT_FOUND);
    assert_int_equal(count_of(&lea, STR("invoice"), &seen), 1);
    assert_false(seen.own);
}

static void a_conversation_gets_what_fits_and_use_is_counted_once(void **state)
{
    (void)state;
    struct actor ann = who("ann");
    struct actor eve = who("eve");
    struct solutions got;
    struct solution seen;
    int64_t id = conversation(HANDLER_QUEUE, "", T0);
    assert_int_equal(solutions_for(&room, &arena, &eve, id, STR_NONE, &got), SOLUTION_NOT_FOUND);
    assert_int_equal(solutions_for(&room, &arena, &ann, id, STR_NONE, &got), SOLUTION_OK);
    for (size_t i = 0; i < got.n; i++)
        assert_false(str_has(got.item[i].words, STR("{order}"))); /* a guest has no order */
    struct solution_use use = {.conversation_id = id, .solution_id = STR("callback"), .offered = STR("a,callback"),
                               .at_ms = clock_now_ms()};
    assert_int_equal(solution_used(&room, &eve, &use), SOLUTION_NOT_FOUND);
    assert_int_equal(solution_used(&room, &ann, &use), SOLUTION_OK);
    assert_int_equal(solution_used(&room, &ann, &use), SOLUTION_OK);
    assert_int_equal(use.place, 2);
    struct solution *rows;
    struct solution_figure *used;
    size_t n, used_n;
    assert_int_equal(solutions_all(&room, &arena, &ann, &rows, &n, &used, &used_n), SOLUTION_OK);
    assert_int_equal(used_n, 1);
    assert_int_equal(used[0].used, 1);
    assert_int_equal(used[0].first, 0);
    assert_int_equal(count_of(&ann, STR("callback"), &seen), 1);
}

/* ---- guests ----------------------------------------------------------------------------------------------------- */

#define ANN 1
#define BOB 2

static const struct {
    const char *name;
    uint32_t roles;
    int64_t asks, guest;
    uint32_t guest_roles;
    enum handler handler;
    size_t present;
    enum party_answer want;
} invitations[] = {
    {"who has it asks a colleague", ROLE_AGENT, ANN, BOB, ROLE_AGENT, HANDLER_AGENT, 0, PARTY_OK},
    {"another agent may not", ROLE_AGENT, 9, BOB, ROLE_AGENT, HANDLER_AGENT, 0, PARTY_NOT_YOURS},
    {"a leader may", ROLE_LEADER, 9, BOB, ROLE_AGENT, HANDLER_AGENT, 0, PARTY_OK},
    {"staff lead a dispute and ask the shop in", ROLE_STAFF, 9, BOB, ROLE_OWNER, HANDLER_QUEUE, 0, PARTY_OK},
    {"nobody has it yet", ROLE_AGENT, ANN, BOB, ROLE_AGENT, HANDLER_QUEUE, 0, PARTY_NOT_YOURS},
    {"it is over", ROLE_LEADER, 9, BOB, ROLE_AGENT, HANDLER_CLOSED, 0, PARTY_CLOSED},
    {"oneself", ROLE_AGENT, ANN, ANN, ROLE_AGENT, HANDLER_AGENT, 0, PARTY_NO_PERSON},
    {"crowd", ROLE_AGENT, ANN, BOB, ROLE_CROWD, HANDLER_AGENT, 0, PARTY_NO_PERSON},
    {"crowd that is more besides", ROLE_AGENT, ANN, BOB, ROLE_CROWD | ROLE_STAFF, HANDLER_AGENT, 0, PARTY_OK},
    {"no such person", ROLE_AGENT, ANN, BOB, 0, HANDLER_AGENT, 0, PARTY_NO_PERSON},
    {"a full house", ROLE_AGENT, ANN, BOB, ROLE_AGENT, HANDLER_AGENT, PARTY_MOST, PARTY_FULL},
};

static void who_may_ask_whom(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(invitations); i++) {
        struct actor who_asks = {.id = invitations[i].asks, .roles = invitations[i].roles};
        bool with_agent = invitations[i].handler == HANDLER_AGENT;
        struct conversation c = {.handler = invitations[i].handler, .agent_id = with_agent ? ANN : 0};
        enum party_answer got = party_may_invite(&who_asks, &c, invitations[i].guest, invitations[i].guest_roles,
                                                 invitations[i].present);
        if (got != invitations[i].want)
            row_failed(failed, invitations[i].name, "answer %d, want %d", (int)got, (int)invitations[i].want);
    }
    assert_int_equal(failed, 0);
}

static const struct {
    const char *name;
    int64_t joined_ms, left_ms;
    enum handler handler;
    enum party_answer join, say;
} standings[] = {
    {"asked in", 0, 0, HANDLER_AGENT, PARTY_OK, PARTY_NOT_JOINED},
    {"came", 5, 0, HANDLER_AGENT, PARTY_OK, PARTY_OK},
    {"left", 5, 9, HANDLER_AGENT, PARTY_NOT_FOUND, PARTY_NOT_JOINED},
    {"over", 5, 0, HANDLER_CLOSED, PARTY_CLOSED, PARTY_CLOSED},
    {"back in the queue", 5, 0, HANDLER_QUEUE, PARTY_OK, PARTY_OK},
};

static void what_a_guest_may(void **state)
{
    (void)state;
    int failed = 0;
    struct conversation open = {.handler = HANDLER_AGENT, .agent_id = ANN};
    struct actor ann = {.id = ANN, .roles = ROLE_AGENT}, bob = {.id = BOB, .roles = ROLE_AGENT},
                 cal = {.id = 3, .roles = ROLE_AGENT};
    for (size_t i = 0; i < COUNT(standings); i++) {
        struct conversation c = {.handler = standings[i].handler};
        struct party row = {.person_id = BOB, .joined_ms = standings[i].joined_ms, .left_ms = standings[i].left_ms};
        if (party_may_join(&c, &row) != standings[i].join)
            row_failed(failed, standings[i].name, "join");
        if (party_may_say(&c, &row) != standings[i].say)
            row_failed(failed, standings[i].name, "say");
    }
    assert_int_equal(failed, 0);
    struct party row = {.person_id = BOB};
    assert_int_equal(party_may_join(&open, NULL), PARTY_NOT_FOUND);
    assert_int_equal(party_may_say(&open, NULL), PARTY_NOT_JOINED);
    assert_int_equal(party_may_end(&ann, &open, &row), PARTY_OK);
    assert_int_equal(party_may_end(&bob, &open, &row), PARTY_OK);
    assert_int_equal(party_may_end(&cal, &open, &row), PARTY_NOT_YOURS);
    assert_int_equal(party_may_end(&ann, &open, NULL), PARTY_NOT_JOINED);
}

static void a_guest_comes_speaks_under_the_own_name_and_goes(void **state)
{
    (void)state;
    struct actor ann = who("ann"), bob = who("bob"), eve = who("eve");
    struct party_shown *list;
    size_t n;
    int64_t seq = 0, again = 0;
    come("bob");
    int64_t id = conversation(HANDLER_QUEUE, "", T0);
    assert_int_equal(desk_take(&room, &ann, id, T0 + 1), CHAT_OK);
    struct party wish = {.conversation_id = id, .person_id = bob.id, .team = STR("workshop"), .note = STR("sleeve")};
    assert_int_equal(party_join(&room, &bob, id, T0 + 2), PARTY_NOT_FOUND);
    assert_int_equal(party_say(&room, &bob, id, STR("c1"), STR("hello"), T0 + 2, &seq), PARTY_NOT_JOINED);
    assert_int_equal(party_invite(&room, &bob, &wish, T0 + 2), PARTY_NOT_YOURS);
    wish.person_id = eve.id; /* another shop's */
    assert_int_equal(party_invite(&room, &ann, &wish, T0 + 2), PARTY_NO_PERSON);
    assert_int_equal(party_all(&room, &arena, &eve, id, &list, &n), PARTY_NOT_FOUND);
    wish.person_id = bob.id;
    assert_int_equal(party_invite(&room, &ann, &wish, T0 + 3), PARTY_OK);
    assert_int_equal(party_mine(&room, &arena, &bob, &list, &n), PARTY_OK);
    assert_int_equal(n, 1);
    assert_true(str_eq_c(list[0].invited_by_name, "Ann") && str_eq_c(list[0].contact_name, "Buyer"));
    assert_int_equal(stored(id).said[0].kind, MESSAGE_NOTE); /* the buyer reads nothing of it */

    assert_int_equal(party_join(&room, &bob, id, T0 + 4), PARTY_OK);
    assert_int_equal(party_join(&room, &bob, id, T0 + 5), PARTY_OK);
    struct get_work w = stored(id);
    assert_true(str_eq_c(w.said[0].text, "Bob (workshop) joined the conversation"));
    assert_int_equal(w.c.agent_id, ann.id);
    int64_t before = w.c.seq;
    assert_int_equal(party_say(&room, &bob, id, STR("c1"), STR("hello"), T0 + 6, &seq), PARTY_OK);
    assert_int_equal(party_say(&room, &bob, id, STR("c1"), STR("hello"), T0 + 7, &again), PARTY_OK);
    assert_int_equal(party_say(&room, &bob, id, STR("c1"), STR("other"), T0 + 7, &again), PARTY_CONFLICT);
    assert_int_equal(seq, before + 1);
    assert_int_equal(again, seq);
    w = stored(id);
    assert_true(str_eq_c(w.said[0].author_name, "Bob · workshop"));
    assert_int_equal(w.said[0].author_id, bob.id);
    assert_int_equal(w.c.seq, seq);

    assert_int_equal(party_leave(&room, &bob, id, bob.id, T0 + 8), PARTY_OK);
    assert_int_equal(party_leave(&room, &bob, id, bob.id, T0 + 8), PARTY_NOT_JOINED);
    assert_int_equal(party_say(&room, &bob, id, STR("c2"), STR("hello"), T0 + 9, &seq), PARTY_NOT_JOINED);
    assert_int_equal(party_mine(&room, &arena, &bob, &list, &n), PARTY_OK);
    assert_int_equal(n, 0);
    assert_int_equal(party_invite(&room, &ann, &wish, T0 + 10), PARTY_OK);
    assert_int_equal(party_leave(&room, &ann, id, bob.id, T0 + 11), PARTY_OK); /* never came: not missed */
    assert_int_equal(stored(id).said[0].kind, MESSAGE_NOTE);
}

/* ---- agreements: the rules ------------------------------------------------------------------------------------------ */

static void agreements_follow_their_table_and_end(void **state)
{
    (void)state;
    static const enum agreement_state to[AGREEMENT_STATES][AGREEMENT_EVENTS] = {
        [AGREEMENT_PROPOSED] = {AGREEMENT_AGREED, AGREEMENT_DECLINED, AGREEMENT_WITHDRAWN, AGREEMENT_STATES,
                                AGREEMENT_LAPSED},
        [AGREEMENT_AGREED] = {AGREEMENT_STATES, AGREEMENT_STATES, AGREEMENT_STATES, AGREEMENT_KEPT, AGREEMENT_OVERDUE},
        [AGREEMENT_OVERDUE] = {AGREEMENT_STATES, AGREEMENT_STATES, AGREEMENT_STATES, AGREEMENT_KEPT, AGREEMENT_STATES},
    };
    int failed = 0;
    for (int s = 0; s < AGREEMENT_STATES; s++) {
        bool listed = s == AGREEMENT_PROPOSED || s == AGREEMENT_AGREED || s == AGREEMENT_OVERDUE;
        struct agreement g = {.state = (enum agreement_state)s, .answer_ms = 7, .due_ms = 9};
        enum agreement_state named;
        assert_true(agreement_state_from_name(str_from(agreement_state_name(g.state)), &named) && named == g.state);
        for (int e = 0; e < AGREEMENT_EVENTS; e++) {
            enum agreement_state want = listed ? to[s][e] : AGREEMENT_STATES, got = AGREEMENT_STATES;
            bool there = agreement_step(g.state, (enum agreement_event)e, &got);
            if (there != (want != AGREEMENT_STATES) || got != want)
                row_failed(failed, agreement_state_name(g.state), "event %d leads to %d, want %d", e, (int)got, (int)want);
        }
        /* What waits for the clock has a timer, and the clock moves it. */
        enum agreement_state after;
        if ((agreement_timer_ms(&g) != 0) != agreement_step(g.state, AGREEMENT_TIMEOUT, &after))
            row_failed(failed, agreement_state_name(g.state), "timer");
    }
    assert_int_equal(failed, 0);
}

static const struct {
    const char *name;
    uint32_t roles;
    int64_t due_ms, amount;
    enum agreement_answer want;
} proposals[] = {
    {"an agent, within", ROLE_AGENT, 1500, 1000, AGREEMENT_OK},
    {"an agent, a cent above", ROLE_AGENT, 1500, 1001, AGREEMENT_OVER_LIMIT},
    {"a leader, above the agent's", ROLE_LEADER, 1500, 5000, AGREEMENT_OK},
    {"staff", ROLE_STAFF, 1500, 5000, AGREEMENT_OK},
    {"a leader, above", ROLE_LEADER, 1500, 5001, AGREEMENT_OVER_LIMIT},
    {"negative", ROLE_OWNER, 1500, -1, AGREEMENT_BAD_AMOUNT},
    {"no sum", ROLE_CROWD, 1500, 0, AGREEMENT_OK},
    {"now", ROLE_AGENT, 1000, 0, AGREEMENT_BAD_TERM},
    {"the last moment", ROLE_AGENT, 3000, 0, AGREEMENT_OK},
    {"too far", ROLE_AGENT, 3001, 0, AGREEMENT_BAD_TERM},
    {"the largest number", ROLE_OWNER, 1500, INT64_MAX, AGREEMENT_OVER_LIMIT},
};

static void proposals_stay_within_the_limits(void **state)
{
    (void)state;
    static const struct agreement_limits l = {.answer_ms = 500, .term_most_ms = 2000, .agent_cents = 1000,
                                              .leader_cents = 5000};
    int failed = 0;
    for (size_t i = 0; i < COUNT(proposals); i++) {
        struct actor a = {.id = 1, .roles = proposals[i].roles};
        enum agreement_answer got = agreement_check(&a, &l, proposals[i].due_ms, proposals[i].amount, 1000);
        if (got != proposals[i].want)
            row_failed(failed, proposals[i].name, "answer %d, want %d", (int)got, (int)proposals[i].want);
    }
    assert_int_equal(failed, 0);
}

/* ---- agreements: from proposal to end --------------------------------------------------------------------------------- */

static int64_t taken_by(const struct actor *who_takes)
{
    int64_t id = conversation(HANDLER_QUEUE, "", T0);
    assert_int_equal(desk_take(&room, who_takes, id, T0 + 1), CHAT_OK);
    return id;
}

static struct agreement proposed(const struct actor *by, int64_t conversation_id, const char *client_id)
{
    struct agreement g;
    struct agreement_wish w = {.conversation_id = conversation_id, .client_id = str_from(client_id),
                               .text = STR("shorten the sleeves"), .due_ms = T0 + 5 * DAY_MS, .amount_cents = 300};
    assert_int_equal(agreement_propose(&room, &arena, by, &w, T0 + 2, &g), AGREEMENT_OK);
    return g;
}

struct one_work {
    int64_t id;
    struct agreement g;
};

static int read_agreement(struct tx *tx, void *arg)
{
    struct one_work *w = arg;
    return agreement_get(tx, &arena, tenant, w->id, &w->g) == 1 ? 0 : -1;
}

static struct agreement now_stored(int64_t id)
{
    struct one_work w = {.id = id};
    assert_int_equal(store_read(room.store, read_agreement, &w), 0);
    return w.g;
}

/** The buyer's click, as the inbox runs it: decided, then stored. */
struct press {
    struct incoming in;
    struct conversation c;
    struct turn turn;
};

static void decide(struct press *p, int64_t agreement_id, bool agrees, int64_t contact_id, int64_t conversation_id,
                   int64_t now_ms)
{
    *p = (struct press){.c = stored(conversation_id).c};
    p->in = (struct incoming){.tenant_id = tenant, .contact_id = contact_id, .agrees = agrees, .now_ms = now_ms,
                              .agreement = str_fmt(&arena, "%lld", (long long)agreement_id)};
    assert_int_equal(agreement_answered(&room, room.store, &arena, &p->in, &p->c, &p->turn), 0);
}

static int run_also(struct tx *tx, void *arg)
{
    struct press *p = arg;
    return p->turn.also != NULL ? p->turn.also(tx, p->turn.also_arg, &p->c) : 0;
}

static void the_buyer_agrees_once_and_it_is_kept(void **state)
{
    (void)state;
    struct actor ann = who("ann"), bob = who("bob"), eve = who("eve");
    int64_t id = taken_by(&ann);
    struct agreement g = proposed(&ann, id, "p1"), same = proposed(&ann, id, "p1");
    assert_int_equal(same.id, g.id);
    struct get_work w = stored(id);
    assert_int_equal(w.said[0].kind, MESSAGE_CHOICES);
    assert_true(str_has(w.said[0].data, STR("\"agree\":true")) && str_has(w.said[0].text, STR("shorten the sleeves")));
    assert_int_equal(w.said[1].kind, MESSAGE_SYSTEM); /* proposed once */

    struct press first, second, stranger;
    struct agreement out;
    decide(&stranger, g.id, true, w.c.contact_id + 1, id, T0 + 3);
    assert_int_equal(stranger.turn.say.n, 0);
    assert_null(stranger.turn.also);
    decide(&first, g.id, true, w.c.contact_id, id, T0 + 3);
    decide(&second, g.id, false, w.c.contact_id, id, T0 + 3); /* another window, at the same time */
    assert_int_equal(store_write(room.store, run_also, &first), 0);
    assert_int_equal(store_write(room.store, run_also, &second), STORE_CONFLICT);
    decide(&second, g.id, false, w.c.contact_id, id, T0 + 4); /* …and decided again */
    assert_null(second.turn.also);
    assert_true(str_has(second.turn.say.v[0].text, STR("no longer")));
    struct agreement is = now_stored(g.id);
    assert_int_equal(is.state, AGREEMENT_AGREED);
    assert_int_equal(is.answered_seq, w.c.seq + 1);

    assert_int_equal(agreement_settle(&room, &arena, &eve, g.id, AGREEMENT_KEEP, STR_NONE, T0 + 5, &out), AGREEMENT_NOT_FOUND);
    assert_int_equal(agreement_settle(&room, &arena, &bob, g.id, AGREEMENT_KEEP, STR_NONE, T0 + 5, &out), AGREEMENT_NOT_YOURS);
    assert_int_equal(agreement_settle(&room, &arena, &ann, g.id, AGREEMENT_WITHDRAW, STR_NONE, T0 + 5, &out), AGREEMENT_NO_STEP);
    assert_int_equal(agreement_settle(&room, &arena, &ann, g.id, AGREEMENT_KEEP, STR("done"), T0 + 5, &out), AGREEMENT_OK);
    assert_int_equal(now_stored(g.id).state, AGREEMENT_KEPT);
    agreement_tick(&room, T0 + 30 * DAY_MS);
    assert_int_equal(now_stored(g.id).state, AGREEMENT_KEPT);
}

struct order_work {
    int64_t id, due_ms, conversation_id;
    struct str team;
};

static int read_work_order(struct tx *tx, void *arg)
{
    struct order_work *w = arg;
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "SELECT team, due_ms, conversation_id FROM work_order WHERE tenant_id = $1 AND work_order_id = $2");
    stmt_int(&q, tenant);
    stmt_int(&q, w->id);
    if (stmt_next(&q) <= 0)
        return -1;
    w->team = stmt_copy_text(&q, 0, &arena);
    w->due_ms = stmt_get_int(&q, 1);
    w->conversation_id = stmt_get_int(&q, 2);
    return 0;
}

static void what_is_not_kept_in_time_becomes_a_work_order_once(void **state)
{
    (void)state;
    struct actor ann = who("ann");
    int64_t id = taken_by(&ann);
    struct agreement g = proposed(&ann, id, "p1");
    struct press p;
    decide(&p, g.id, true, stored(id).c.contact_id, id, T0 + 3);
    assert_int_equal(store_write(room.store, run_also, &p), 0);
    agreement_tick(&room, g.due_ms - 1);
    assert_int_equal(now_stored(g.id).state, AGREEMENT_AGREED);
    agreement_tick(&room, g.due_ms);
    struct agreement is = now_stored(g.id);
    assert_int_equal(is.state, AGREEMENT_OVERDUE);
    assert_int_equal(stored(id).said[0].kind, MESSAGE_NOTE);
    int64_t seq = stored(id).c.seq;
    struct order_work w = {.id = is.work_order_id};
    assert_int_equal(store_read(room.store, read_work_order, &w), 0);
    assert_true(str_eq_c(w.team, "service"));
    assert_true(w.due_ms > g.due_ms && w.conversation_id == id);
    agreement_tick(&room, g.due_ms + DAY_MS);
    assert_int_equal(stored(id).c.seq, seq);
    struct agreement out;
    assert_int_equal(agreement_settle(&room, &arena, &ann, g.id, AGREEMENT_KEEP, STR("late"), g.due_ms + 9, &out), AGREEMENT_OK);
}

static void what_is_not_answered_lapses(void **state)
{
    (void)state;
    struct actor ann = who("ann");
    int64_t id = taken_by(&ann);
    struct agreement g = proposed(&ann, id, "p1"), withdrawn = proposed(&ann, id, "p2"), out;
    assert_int_equal(agreement_settle(&room, &arena, &ann, withdrawn.id, AGREEMENT_WITHDRAW, STR_NONE, T0 + 3, &out), AGREEMENT_OK);
    struct press late;
    decide(&late, g.id, true, stored(id).c.contact_id, id, g.answer_ms); /* the clock has not come round yet */
    assert_null(late.turn.also);
    assert_int_equal(desk_resolve(&room, &ann, id, STR("ship"), STR_NONE, T0 + 4), CHAT_OK);
    int64_t seq = stored(id).c.seq;
    agreement_tick(&room, g.answer_ms);
    assert_int_equal(now_stored(g.id).state, AGREEMENT_LAPSED);
    assert_int_equal(now_stored(withdrawn.id).state, AGREEMENT_WITHDRAWN);
    assert_int_equal(stored(id).c.seq, seq); /* nothing is said where it is over */
    struct agreement_wish w = {.conversation_id = id, .client_id = STR("p3"), .text = STR("t"), .due_ms = g.answer_ms + DAY_MS};
    assert_int_equal(agreement_propose(&room, &arena, &ann, &w, g.answer_ms, &out), AGREEMENT_NOT_YOURS);
    struct actor lea = who("lea");
    assert_int_equal(agreement_propose(&room, &arena, &lea, &w, g.answer_ms, &out), AGREEMENT_CLOSED);
}

static void a_proposal_is_refused_beyond_the_rules(void **state)
{
    (void)state;
    struct actor ann = who("ann");
    struct agreement out;
    int64_t id = taken_by(&ann);
    struct agreement_wish w = {.conversation_id = id, .client_id = STR("p1"), .text = STR("t"), .due_ms = T0 + DAY_MS,
                               .amount_cents = 1001};
    assert_int_equal(agreement_propose(&room, &arena, &ann, &w, T0 + 2, &out), AGREEMENT_OVER_LIMIT);
    w.amount_cents = 0;
    w.order_id = STR("E1");
    assert_int_equal(agreement_propose(&room, &arena, &ann, &w, T0 + 2, &out), AGREEMENT_NO_ORDER);
    w.order_id = STR_NONE;
    w.due_ms = T0 + 200 * DAY_MS;
    assert_int_equal(agreement_propose(&room, &arena, &ann, &w, T0 + 2, &out), AGREEMENT_BAD_TERM);
    assert_int_equal(stored(id).said[0].kind, MESSAGE_SYSTEM); /* nothing was said */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(a_shop_changes_what_ships_and_has_it_back),
        FRESH(a_conversation_gets_what_fits_and_use_is_counted_once),
        cmocka_unit_test(who_may_ask_whom),
        cmocka_unit_test(what_a_guest_may),
        FRESH(a_guest_comes_speaks_under_the_own_name_and_goes),
        cmocka_unit_test(agreements_follow_their_table_and_end),
        cmocka_unit_test(proposals_stay_within_the_limits),
        FRESH(the_buyer_agrees_once_and_it_is_kept),
        FRESH(what_is_not_kept_in_time_becomes_a_work_order_once),
        FRESH(what_is_not_answered_lapses),
        FRESH(a_proposal_is_refused_beyond_the_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
