/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one door, on a real store and real threads: a message has one effect, in order, or none and says so.
 */
#include "chat/fixture_for_test.h"

#include "base/limit.h"

static struct work *pool;
static struct inbox *inbox;
static int64_t next_contact = 1000;

static int open_inbox(void **state)
{
    (void)state;
    sem_init(&asked.at_gate, 0, 0);
    sem_init(&asked.open, 0, 0);
    if (fixture_open("inbox-test") != 0)
        return -1;
    pool = work_new(2, "turn", end_of_thread, NULL);
    inbox = inbox_new(store, pool, NULL, &echo_responder, NULL, NULL);
    return 0;
}

static int close_inbox(void **state)
{
    (void)state;
    work_free(pool);
    inbox_free(inbox);
    sem_destroy(&asked.at_gate);
    sem_destroy(&asked.open);
    return fixture_close();
}

/* ---- saying ---- */

struct heard {
    sem_t done;
    enum chat_answer answer;
    int64_t conversation_id, seq;
    int retry_ms, said;
    bool bot;
};

static void on_receipt(void *arg, const struct receipt *r)
{
    struct heard *h = arg;
    h->answer = r->answer;
    h->conversation_id = r->conversation_id;
    h->seq = r->seq;
    h->retry_ms = r->retry_ms;
    h->said = r->change != NULL ? (int)r->change->said.n : 0;
    h->bot = r->turn != NULL;
    sem_post(&h->done);
}

static struct incoming saying(int64_t contact, int64_t conversation, const char *client_id, const char *text)
{
    return (struct incoming){.tenant_id = TENANT, .contact_id = contact, .language = STR("zh"), .channel = STR("web"),
                             .conversation_id = conversation, .client_id = str_from(client_id), .text = str_from(text),
                             .now_ms = 2000};
}

/* The words live on this stack only as long as the call: the inbox must have its own. */
static void begin(struct heard *h, int64_t contact, int64_t conversation, const char *client_id, const char *text)
{
    char id[80], words[80];
    snprintf(id, sizeof(id), "%s", client_id);
    snprintf(words, sizeof(words), "%s", text);
    struct incoming in = saying(contact, conversation, id, words);
    sem_init(&h->done, 0, 0);
    chat_receive(inbox, &in, 0, on_receipt, h);
    memset(id, '#', sizeof(id));
    memset(words, '#', sizeof(words));
}

static void wait_for(struct heard *h)
{
    sem_take(&h->done);
    sem_destroy(&h->done);
}

static struct heard say(int64_t contact, int64_t conversation, const char *client_id, const char *text)
{
    struct heard h = {0};
    begin(&h, contact, conversation, client_id, text);
    wait_for(&h);
    return h;
}

#define assert_heard(h, want_answer, want_seq)                                                                      \
    do {                                                                                                            \
        struct heard heard_ = (h);                                                                                  \
        assert_int_equal(heard_.answer, want_answer);                                                               \
        assert_int_equal(heard_.seq, want_seq);                                                                     \
    } while (0)

/* ---- once ---- */

static void a_retry_has_no_second_effect(void **state)
{
    (void)state;
    struct arena a = {0};
    int64_t who = next_contact++;
    struct heard first = say(who, 0, "c1", "one");
    assert_int_equal(first.answer, CHAT_OK);
    assert_int_equal(first.seq, 1);
    int64_t id = first.conversation_id;

    assert_heard(say(who, id, "c1", "one"), CHAT_DUPLICATE, 1);  /* open and named */
    assert_heard(say(who, 0, "c1", "one"), CHAT_DUPLICATE, 1);   /* open, and the client knows of none */
    assert_heard(say(who, id, "c1", "other"), CHAT_CONFLICT, 1); /* other words under the same name */
    assert_heard(say(who, id, "c2", "bye"), CHAT_OK, 3);

    struct heard closed = say(who, id, "c1", "one"); /* named and closed: answered from there */
    assert_heard(closed, CHAT_DUPLICATE, 1);
    assert_int_equal(closed.conversation_id, id);
    assert_heard(say(who, id, "c1", "other"), CHAT_CONFLICT, 1);
    closed = say(who, 0, "c1", "one"); /* closed, and the client never learned of it */
    assert_heard(closed, CHAT_DUPLICATE, 1);
    assert_int_equal(closed.conversation_id, id);

    struct heard next = say(who, id, "c3", "three"); /* named, closed and new: it begins another one */
    assert_heard(next, CHAT_OK, 1);
    assert_true(next.conversation_id > id);
    assert_heard(say(who, id, "c1", "one"), CHAT_DUPLICATE, 1); /* the first one's retry still finds the first one */
    /* The key is the conversation's: in another one the same client_id is another message. */
    struct heard again = say(who, next.conversation_id, "c1", "one");
    assert_heard(again, CHAT_OK, 3);
    assert_int_equal(again.conversation_id, next.conversation_id);

    assert_int_equal(look_at(&a, id).n, 5); /* one, echo, bye, echo, rating request */
    assert_int_equal(look_at(&a, next.conversation_id).n, 4);
    arena_done(&a);
}

static void a_retry_at_the_same_moment_is_stored_once(void **state)
{
    (void)state;
    enum { TIMES = 20 };
    struct arena a = {0};
    int64_t who = next_contact++;
    struct heard h[TIMES] = {0};
    for (size_t i = 0; i < TIMES; i++)
        begin(&h[i], who, 0, "same", "the same");
    int ok = 0;
    for (size_t i = 0; i < TIMES; i++) {
        wait_for(&h[i]);
        assert_true(h[i].answer == CHAT_OK || h[i].answer == CHAT_DUPLICATE);
        assert_int_equal(h[i].seq, 1);
        assert_int_equal(h[i].conversation_id, h[0].conversation_id);
        ok += h[i].answer == CHAT_OK;
    }
    assert_int_equal(ok, 1);
    assert_int_equal(look_at(&a, h[0].conversation_id).n, 2);
    arena_done(&a);
}

static void anothers_conversation_is_not_there(void **state)
{
    (void)state;
    struct arena a = {0};
    int64_t who = next_contact++;
    struct heard mine = say(who, 0, "c1", "mine");
    struct heard theirs = say(next_contact++, mine.conversation_id, "c1", "theirs");
    assert_heard(theirs, CHAT_NOT_FOUND, 0);
    assert_heard(say(who, 424242, "c2", "nowhere"), CHAT_NOT_FOUND, 0);
    assert_int_equal(look_at(&a, mine.conversation_id).n, 2);
    arena_done(&a);
}

static void a_card_that_is_not_theirs_is_not_found(void **state)
{
    (void)state;
    struct arena a = {0};
    int64_t who = next_contact++;
    struct heard h = {0};
    struct incoming in = saying(who, 0, "card", "");
    in.kind = MESSAGE_ORDER_CARD;
    in.order_id = STR("E2");
    sem_init(&h.done, 0, 0);
    chat_receive(inbox, &in, 0, on_receipt, &h);
    wait_for(&h);
    assert_heard(h, CHAT_NOT_FOUND, 0);
    in.order_id = STR("E1");
    sem_init(&h.done, 0, 0);
    chat_receive(inbox, &in, 0, on_receipt, &h);
    wait_for(&h);
    assert_heard(h, CHAT_OK, 1);
    struct looking k = look_at(&a, h.conversation_id);
    assert_int_equal(k.list[0].kind, MESSAGE_ORDER_CARD);
    assert_true(str_has(k.list[0].data, STR("\"order_id\":\"E1\"")));
    arena_done(&a);
}

/* ---- order ---- */

static void messages_of_a_contact_stay_in_order(void **state)
{
    (void)state;
    enum { CONTACTS = 5, EACH = 100 };
    static struct heard h[CONTACTS][EACH];
    int64_t first = next_contact;
    next_contact += CONTACTS;
    for (int i = 0; i < EACH; i++) {
        for (int c = 0; c < CONTACTS; c++) {
            char text[40];
            snprintf(text, sizeof(text), "word %d", i);
            begin(&h[c][i], first + c, 0, text, text);
        }
    }
    int failed = 0;
    for (int c = 0; c < CONTACTS; c++) {
        for (int i = 0; i < EACH; i++)
            wait_for(&h[c][i]);
        struct arena a = {0};
        struct looking k = look_at(&a, h[c][0].conversation_id);
        assert_int_equal(k.n, 2 * EACH);
        for (int i = 0; i < EACH; i++) {
            const struct message *said = &k.list[2 * i];
            struct str want = str_fmt(&a, "word %d", i);
            struct str answer = str_fmt(&a, "echo: word %d", i);
            if (h[c][i].seq != said->seq || !str_eq(said->text, want) || !str_eq(said[1].text, answer))
                row_failed(failed, "order", "contact %d, %d: %.*s, %.*s", c, i, STR_ARG(said->text), STR_ARG(said[1].text));
        }
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

/* ---- the version guard ---- */

static void a_bot_that_decided_before_a_person_came_is_silent(void **state)
{
    (void)state;
    struct arena a = {0};
    int64_t who = next_contact++;
    int64_t id = say(who, 0, "c1", "hello").conversation_id;
    int before = times_asked();
    struct heard h = {0};
    begin(&h, who, id, "c2", "gate");
    sem_take(&asked.at_gate);
    take_over(NULL, id, 9);
    sem_post(&asked.open);
    wait_for(&h);
    assert_heard(h, CHAT_OK, 4); /* behind the system's line, which came first */
    assert_false(h.bot);
    assert_int_equal(times_asked(), before + 1); /* an agent has it: not asked again */
    struct looking k = look_at(&a, id);
    assert_int_equal(k.n, 4);
    assert_int_equal(k.conversation.handler, HANDLER_AGENT);
    assert_int_equal(k.list[2].author, AUTHOR_SYSTEM);
    assert_int_equal(k.list[3].author, AUTHOR_BUYER);
    arena_done(&a);
}

static void what_was_decided_from_an_old_state_is_decided_again(void **state)
{
    (void)state;
    struct arena a = {0};
    int64_t who = next_contact++;
    int64_t id = say(who, 0, "c1", "hello").conversation_id;
    int before = times_asked();
    struct heard h = {0};
    begin(&h, who, id, "c2", "gate");
    sem_take(&asked.at_gate);
    assert_int_equal(chat_read(inbox, TENANT, id, AUTHOR_BUYER, 2), CHAT_OK); /* the version rises, the handler stays */
    sem_post(&asked.open);
    sem_take(&asked.at_gate);
    sem_post(&asked.open);
    wait_for(&h);
    assert_heard(h, CHAT_OK, 3);
    assert_int_equal(times_asked(), before + 2);
    struct looking k = look_at(&a, id);
    assert_int_equal(k.n, 4); /* its first answer was thrown away */
    assert_int_equal(k.conversation.buyer_read, 2);
    arena_done(&a);
}

/* ---- faults ---- */

static int begin_refusing(struct tx *tx, void *arg)
{
    (void)arg;
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "CREATE TRIGGER refuse BEFORE INSERT ON message WHEN NEW.tenant_id <> 0"
                                                        " BEGIN SELECT RAISE(ABORT, 'refused by the test'); END");
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

static int end_refusing(struct tx *tx, void *arg)
{
    (void)arg;
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "DROP TRIGGER refuse -- of every tenant_id");
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

static void a_fault_acknowledges_and_leaves_nothing(void **state)
{
    (void)state;
    struct arena a = {0};
    int64_t who = next_contact++;
    int64_t id = say(who, 0, "c1", "hello").conversation_id;
    assert_heard(say(who, id, "c2", "fault"), CHAT_FAULT, 0); /* the responder's */
    assert_heard(say(who, id, "c3", "also"), CHAT_FAULT, 0);  /* of what the bot stores besides */
    assert_int_equal(store_write(store, begin_refusing, NULL), STORE_OK);
    struct heard h = say(who, id, "c4", "hello"); /* the database's */
    assert_int_equal(store_write(store, end_refusing, NULL), STORE_OK);
    assert_heard(h, CHAT_FAULT, 0);
    assert_int_equal(h.conversation_id, 0);
    assert_int_equal(h.said, 0);
    struct looking k = look_at(&a, id);
    assert_int_equal(k.n, 2);
    assert_int_equal(k.conversation.version, 0);
    assert_heard(say(who, id, "c4", "hello"), CHAT_OK, 3); /* the retry after it is the first */
    arena_done(&a);
}

static void more_than_can_wait_is_told_to_come_back(void **state)
{
    (void)state;
    struct heard gates[2] = {0};
    for (size_t i = 0; i < COUNT(gates); i++) { /* one a thread of the pool: nothing moves now */
        begin(&gates[i], next_contact++, 0, "gate", "gate");
        sem_take(&asked.at_gate);
    }
    static struct heard waiting[LIMIT_DELIVERIES - COUNT(gates)];
    for (size_t i = 0; i < COUNT(waiting); i++)
        begin(&waiting[i], next_contact++, 0, "c", "fault");
    struct heard one_more = say(next_contact++, 0, "c", "one too many");
    assert_heard(one_more, CHAT_LIMIT, 0);
    assert_true(one_more.retry_ms > 0);
    for (size_t i = 0; i < COUNT(gates); i++)
        sem_post(&asked.open);
    for (size_t i = 0; i < COUNT(waiting); i++)
        wait_for(&waiting[i]);
    for (size_t i = 0; i < COUNT(gates); i++)
        wait_for(&gates[i]);
    assert_heard(say(next_contact++, 0, "c", "room again"), CHAT_OK, 1);
}

static void the_rate_is_one_contacts(void **state)
{
    (void)state;
    int64_t who = next_contact++;
    inbox_set_limit(inbox, 3);
    for (int i = 0; i < 3; i++) {
        char id[8];
        snprintf(id, sizeof(id), "r%d", i);
        assert_int_equal(say(who, 0, id, "quick").answer, CHAT_OK);
    }
    struct heard over = say(who, 0, "r3", "quick");
    assert_int_equal(over.answer, CHAT_LIMIT);
    assert_in_range(over.retry_ms, 1, 10000);
    assert_int_equal(say(next_contact++, 0, "r3", "calm").answer, CHAT_OK);
    struct heard later = {0};
    struct incoming in = saying(who, 0, "r3", "quick");
    in.now_ms += 10 * SECOND_MS;
    sem_init(&later.done, 0, 0);
    chat_receive(inbox, &in, 0, on_receipt, &later);
    wait_for(&later);
    assert_int_equal(later.answer, CHAT_OK);
    inbox_set_limit(inbox, 0);
}

/* ---- what a turn may want ---- */

static void urgent_is_raised_while_it_waits(void **state)
{
    (void)state;
    struct arena a = {0};
    int64_t who = next_contact++;
    int64_t id = say(who, 0, "c1", "queue").conversation_id;
    struct looking k = look_at(&a, id);
    assert_int_equal(k.conversation.handler, HANDLER_QUEUE);
    assert_true(str_eq_c(k.conversation.skill, "aftersale"));
    assert_false(k.conversation.urgent);
    int64_t since = k.conversation.queued_ms;
    say(who, id, "c2", "urgent");
    k = look_at(&a, id);
    assert_true(k.conversation.urgent);
    assert_int_equal(k.conversation.handler, HANDLER_QUEUE);
    assert_int_equal(k.conversation.queued_ms, since);
    say(who, id, "c3", "still here"); /* and stays so */
    assert_true(look_at(&a, id).conversation.urgent);
    arena_done(&a);
}

static void a_goodbye_asks_for_a_rating_and_closes(void **state)
{
    (void)state;
    struct arena a = {0};
    int64_t who = next_contact++;
    struct heard h = say(who, 0, "c1", "bye");
    assert_heard(h, CHAT_OK, 1);
    assert_int_equal(h.said, 3);
    struct looking k = look_at(&a, h.conversation_id);
    assert_int_equal(k.n, 3);
    assert_int_equal(k.list[1].author, AUTHOR_BOT);
    assert_int_equal(k.list[2].kind, MESSAGE_RATING_REQUEST);
    assert_true(k.list[2].text.n > 0);
    assert_int_equal(k.conversation.handler, HANDLER_CLOSED);
    assert_int_equal(k.conversation.closed_ms, 2000);
    arena_done(&a);
}

static void last_said_of_the_last_conversation(char *ret, size_t n)
{
    pthread_mutex_lock(&asked.lock);
    snprintf(ret, n, "%s", asked.last_said);
    pthread_mutex_unlock(&asked.lock);
}

static void the_next_conversation_knows_what_the_bot_said_last(void **state)
{
    (void)state;
    char said[200];
    int64_t who = next_contact++;
    int64_t id = say(who, 0, "c1", "hello").conversation_id;
    last_said_of_the_last_conversation(said, sizeof(said));
    assert_string_equal(said, ""); /* there was none before */
    say(who, id, "c2", "bye");
    last_said_of_the_last_conversation(said, sizeof(said));
    assert_string_equal(said, ""); /* goes on: the bot sees its own words in the conversation */
    id = say(who, 0, "c3", "again").conversation_id;
    last_said_of_the_last_conversation(said, sizeof(said));
    assert_string_equal(said, "echo: bye");
    take_over(NULL, id, 9);
    int64_t seq;
    struct agent_message m = {.tenant_id = TENANT, .conversation_id = id, .person_id = 9, .person_name = STR("小禾"),
                              .client_id = STR("a1"), .text = STR("再见"), .now_ms = 3000};
    assert_int_equal(chat_say_as_agent(inbox, &m, &seq), CHAT_OK);
    assert_int_equal(chat_end(inbox, TENANT, who, 4000), CHAT_OK);
    say(who, 0, "c4", "once more");
    last_said_of_the_last_conversation(said, sizeof(said));
    assert_string_equal(said, ""); /* a person's words are not the bot's */
}

/* ---- people, and leaving ---- */

static void an_agent_speaks_where_it_may(void **state)
{
    (void)state;
    struct arena a = {0};
    int64_t who = next_contact++;
    int64_t id = say(who, 0, "c1", "queue").conversation_id;
    int64_t seq = -1;
    struct agent_message m = {.tenant_id = TENANT, .conversation_id = id, .person_id = 9, .person_name = STR("小\"禾"),
                              .client_id = STR("a1"), .text = STR("您好"), .now_ms = 3000};
    struct agent_message note = m;
    note.kind = MESSAGE_NOTE;
    note.client_id = STR("n1");
    note.may_any = true;
    assert_int_equal(chat_say_as_agent(inbox, &m, &seq), CHAT_NOT_ALLOWED); /* nobody's yet */
    assert_int_equal(seq, -1);
    assert_int_equal(chat_say_as_agent(inbox, &note, &seq), CHAT_OK);
    assert_int_equal(seq, 3);
    take_over(NULL, id, 9);
    assert_int_equal(chat_say_as_agent(inbox, &m, &seq), CHAT_OK);
    assert_int_equal(seq, 5);
    assert_int_equal(chat_say_as_agent(inbox, &m, &seq), CHAT_DUPLICATE);
    assert_int_equal(seq, 5);
    m.text = STR("别的话");
    assert_int_equal(chat_say_as_agent(inbox, &m, &seq), CHAT_CONFLICT);
    m.person_id = 10;
    assert_int_equal(chat_say_as_agent(inbox, &m, &seq), CHAT_NOT_ALLOWED);
    m.tenant_id = TENANT + 1;
    assert_int_equal(chat_say_as_agent(inbox, &m, &seq), CHAT_NOT_FOUND);
    assert_int_equal(chat_end(inbox, TENANT, who, 4000), CHAT_OK);
    m = (struct agent_message){.tenant_id = TENANT, .conversation_id = id, .person_id = 9, .client_id = STR("a2"),
                               .text = STR("还在吗"), .now_ms = 5000};
    assert_int_equal(chat_say_as_agent(inbox, &m, &seq), CHAT_CLOSED);
    note.client_id = STR("n2");
    assert_int_equal(chat_say_as_agent(inbox, &note, &seq), CHAT_OK);
    struct looking k = look_at(&a, id);
    assert_true(str_eq_c(k.list[4].author_name, "小\"禾")); /* as signed then */
    assert_int_equal(k.list[4].data.n, 0);
    arena_done(&a);
}

static void a_buyer_leaves_the_queue_or_ends(void **state)
{
    (void)state;
    struct arena a = {0};
    int64_t who = next_contact++;
    assert_int_equal(chat_end(inbox, TENANT, who, 3000), CHAT_NOT_FOUND);
    int64_t id = say(who, 0, "c1", "hello").conversation_id;
    assert_int_equal(chat_cancel_queue(inbox, TENANT, who, 3000), CHAT_NOT_ALLOWED);
    say(who, id, "c2", "queue");
    assert_int_equal(chat_cancel_queue(inbox, TENANT, who, 3000), CHAT_OK);
    assert_int_equal(look_at(&a, id).conversation.handler, HANDLER_BOT);
    assert_int_equal(chat_end(inbox, TENANT, who, 4000), CHAT_OK);
    struct looking k = look_at(&a, id);
    assert_int_equal(k.conversation.handler, HANDLER_CLOSED);
    assert_int_equal(k.list[k.n - 1].kind, MESSAGE_RATING_REQUEST);
    assert_int_equal(chat_end(inbox, TENANT, who, 5000), CHAT_NOT_FOUND);
    arena_done(&a);
}

static void what_was_read_only_rises(void **state)
{
    (void)state;
    struct arena a = {0};
    int64_t who = next_contact++;
    int64_t id = say(who, 0, "c1", "hello").conversation_id;
    say(who, id, "c2", "queue");
    assert_int_equal(chat_read(inbox, TENANT, id, AUTHOR_BUYER, 3), CHAT_OK);
    assert_int_equal(chat_read(inbox, TENANT, id, AUTHOR_BUYER, 1), CHAT_OK);
    assert_int_equal(chat_read(inbox, TENANT, id, AUTHOR_AGENT, 1000), CHAT_OK); /* more than there is */
    struct looking k = look_at(&a, id);
    assert_int_equal(k.conversation.buyer_read, 3);
    assert_int_equal(k.conversation.agent_read, 4);
    assert_int_equal(k.conversation.unread, 0);
    assert_int_equal(chat_read(inbox, TENANT, 424242, AUTHOR_BUYER, 1), CHAT_NOT_FOUND);
    assert_int_equal(chat_read(inbox, TENANT + 1, id, AUTHOR_BUYER, 4), CHAT_NOT_FOUND);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_retry_has_no_second_effect),
        cmocka_unit_test(a_retry_at_the_same_moment_is_stored_once),
        cmocka_unit_test(anothers_conversation_is_not_there),
        cmocka_unit_test(a_card_that_is_not_theirs_is_not_found),
        cmocka_unit_test(messages_of_a_contact_stay_in_order),
        cmocka_unit_test(a_bot_that_decided_before_a_person_came_is_silent),
        cmocka_unit_test(what_was_decided_from_an_old_state_is_decided_again),
        cmocka_unit_test(a_fault_acknowledges_and_leaves_nothing),
        cmocka_unit_test(more_than_can_wait_is_told_to_come_back),
        cmocka_unit_test(the_rate_is_one_contacts),
        cmocka_unit_test(urgent_is_raised_while_it_waits),
        cmocka_unit_test(a_goodbye_asks_for_a_rating_and_closes),
        cmocka_unit_test(the_next_conversation_knows_what_the_bot_said_last),
        cmocka_unit_test(an_agent_speaks_where_it_may),
        cmocka_unit_test(a_buyer_leaves_the_queue_or_ends),
        cmocka_unit_test(what_was_read_only_rises),
    };
    return cmocka_run_group_tests(tests, open_inbox, close_inbox);
}
