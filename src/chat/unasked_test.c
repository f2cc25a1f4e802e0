/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Saying what nobody asked for, on a real store and real threads: once, in the right conversation, as the right author.
 */
#include "chat/fixture_for_test.h"

#include "account/contact.h"
#include "chat/unasked.h"

static struct work *pool;
static struct inbox *inbox, *patient; /* the second one waits when more may come */

static int put_shop(struct tx *tx, void *arg)
{
    (void)arg;
    struct shop s = {.tenant_id = TENANT, .shop_id = STR("S1"), .name = STR("Shop"), .language = STR("zh"),
                     .currency = STR("CNY"), .time_zone = STR("Asia/Shanghai"), .settings = STR("{}")};
    return shop_insert(tx, &s, STR("secret"), 1000);
}

static int open_all(void **state)
{
    (void)state;
    sem_init(&asked.at_gate, 0, 0);
    sem_init(&asked.open, 0, 0);
    if (fixture_open("unasked-test") != 0 || store_write(store, put_shop, NULL) != 0)
        return -1;
    pool = work_new(2, "turn", end_of_thread, NULL);
    inbox = inbox_new(store, pool, NULL, &echo_responder, NULL, NULL);
    patient = inbox_new(store, pool, NULL, &echo_responder, NULL, NULL);
    inbox_wait_for_more(patient);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    work_free(pool);
    inbox_free(inbox);
    inbox_free(patient);
    sem_destroy(&asked.at_gate);
    sem_destroy(&asked.open);
    return fixture_close();
}

/* ---- saying ---- */

struct heard {
    sem_t done;
    enum chat_answer answer;
    int64_t conversation_id;
};

static void on_receipt(void *arg, const struct receipt *r)
{
    struct heard *h = arg;
    h->answer = r->answer;
    h->conversation_id = r->conversation_id;
    sem_post(&h->done);
}

/* As a client does: what was not acknowledged is sent again. */
static int64_t buyer_says(int64_t contact, int64_t conversation, const char *client_id, const char *text)
{
    struct heard h = {0};
    sem_init(&h.done, 0, 0);
    struct incoming in = {.tenant_id = TENANT, .contact_id = contact, .language = STR("zh"), .channel = STR("cli"),
                          .conversation_id = conversation, .client_id = str_from(client_id), .text = str_from(text),
                          .now_ms = 2000};
    do {
        chat_receive(inbox, &in, 0, on_receipt, &h);
        sem_take(&h.done);
    } while (h.answer == CHAT_FAULT);
    sem_destroy(&h.done);
    assert_int_equal(h.answer, CHAT_OK);
    return h.conversation_id;
}

struct finding {
    const char *buyer;
    struct arena *arena;
    struct contact contact;
};

static int find_buyer(struct tx *tx, void *arg)
{
    struct finding *f = arg;
    return contact_by_buyer(tx, f->arena, TENANT, str_from(f->buyer), &f->contact);
}

/* The contact of a buyer, made when it is not there. */
static int make_buyer(struct tx *tx, void *arg)
{
    struct finding *f = arg;
    struct shop shop;
    int rc = shop_get(tx, f->arena, TENANT, &shop);
    const struct contact_who who = {.buyer = str_from(f->buyer)};
    return rc != 0 ? rc : contact_open(tx, f->arena, &shop, &who, 1000, &f->contact);
}

static int64_t contact_of(const char *buyer)
{
    struct arena a = {0};
    struct finding f = {.buyer = buyer, .arena = &a};
    assert_int_equal(store_write(store, make_buyer, &f), 0);
    arena_done(&a);
    return f.contact.id;
}

static const struct message two[] = {
    {.kind = MESSAGE_TEXT, .text = {"your parcel is late", 19}, .data = {"\"ai\":true", 9}},
    {.kind = MESSAGE_CHOICES, .text = {"what now", 8}, .data = {"\"choices\":[]", 12}},
};

static struct unasked telling(const char *buyer, const char *key)
{
    return (struct unasked){.tenant_id = TENANT, .buyer = str_from(buyer), .key = str_from(key), .say = two, .n = 2,
                            .new_conversation = true, .now_ms = 3000};
}

static void a_buyer_who_never_wrote_is_told_once(void **state)
{
    (void)state;
    struct arena a = {0};
    struct unasked u = telling("never", "care/late/E1");
    int64_t id = 0, again = 0;
    assert_int_equal(chat_tell(inbox, &u, &id), CHAT_OK);
    struct looking k = look_at(&a, id);
    assert_int_equal(k.n, 2);
    assert_int_equal(k.conversation.handler, HANDLER_BOT);
    assert_true(str_eq_c(k.conversation.language, "zh"));
    assert_int_equal(k.list[0].author, AUTHOR_BOT);
    assert_int_equal(k.list[1].kind, MESSAGE_CHOICES);
    struct finding f = {.buyer = "never", .arena = &a};
    assert_int_equal(store_read(store, find_buyer, &f), ACCOUNT_OK);
    assert_int_equal(f.contact.id, k.conversation.contact_id);

    u.say = &two[1];
    u.n = 1;
    assert_int_equal(chat_tell(inbox, &u, &again), CHAT_DUPLICATE);
    assert_int_equal(again, id);
    assert_int_equal(look_at(&a, id).n, 2);
    arena_done(&a);
}

static void once_also_when_that_conversation_is_over(void **state)
{
    (void)state;
    struct arena a = {0};
    int64_t who = contact_of("over"), id = 0, next = 0;
    struct unasked u = telling("over", "care/late/E2");
    assert_int_equal(chat_tell(inbox, &u, &id), CHAT_OK);
    assert_int_equal(buyer_says(who, id, "c1", "bye"), id);
    assert_int_equal(look_at(&a, id).conversation.handler, HANDLER_CLOSED);
    assert_int_equal(chat_tell(inbox, &u, &next), CHAT_DUPLICATE);

    u.key = STR("care/signed/E2"); /* news: a new conversation begins, in the channel of the last one */
    u.conversation_id = id;
    assert_int_equal(chat_tell(inbox, &u, &next), CHAT_OK);
    assert_true(next > id);
    assert_int_equal(look_at(&a, id).conversation.handler, HANDLER_CLOSED);
    struct looking k = look_at(&a, next);
    assert_int_equal(k.conversation.handler, HANDLER_BOT);
    assert_int_equal(k.conversation.contact_id, who);
    arena_done(&a);
}

static void without_an_open_one_and_no_wish_for_a_new_one_nothing_is_said(void **state)
{
    (void)state;
    struct arena a = {0};
    struct unasked u = telling("nobody", "k1");
    u.new_conversation = false;
    int64_t id = 99;
    assert_int_equal(chat_tell(inbox, &u, &id), CHAT_NOT_FOUND);
    assert_int_equal(id, 99);
    struct finding f = {.buyer = "nobody", .arena = &a};
    assert_int_equal(store_read(store, find_buyer, &f), ACCOUNT_NOT_FOUND);
    u.conversation_id = 424242;
    u.new_conversation = true;
    assert_int_equal(chat_tell(inbox, &u, &id), CHAT_NOT_FOUND);

    struct unasked other = telling("", "k2");
    other.tenant_id = TENANT + 1; /* another shop's contact is not there */
    other.contact_id = contact_of("ours");
    assert_int_equal(chat_tell(inbox, &other, &id), CHAT_NOT_FOUND);
    arena_done(&a);
}

static void while_a_person_has_it_it_is_a_line_of_the_system(void **state)
{
    (void)state;
    struct arena a = {0};
    int64_t who = contact_of("served"), told = 0;
    int64_t id = buyer_says(who, 0, "c1", "queue"); /* waits for a person */
    buyer_says(who, id, "c2", "well");
    struct unasked u = telling("served", "q1");
    u.bot_state = STR("{\"flow\":\"x\"}");
    assert_int_equal(chat_tell(inbox, &u, &told), CHAT_OK);
    assert_int_equal(told, id);
    take_over(NULL, id, 7);
    u.key = STR("q2");
    assert_int_equal(chat_tell(inbox, &u, &told), CHAT_OK);
    struct looking k = look_at(&a, id); /* queue, echo, well, echo, two lines, assigned, two lines */
    assert_int_equal(k.n, 9);
    static const size_t lines[] = {4, 5, 7, 8};
    for (size_t i = 0; i < COUNT(lines); i++) {
        assert_int_equal(k.list[lines[i]].author, AUTHOR_SYSTEM);
        assert_int_equal(k.list[lines[i]].kind, MESSAGE_SYSTEM);
        assert_true(str_eq_c(k.list[lines[i]].data, "\"event\":\"notice\""));
    }
    assert_int_equal(k.conversation.agent_id, 7);
    assert_false(str_has(k.conversation.bot_state, STR("flow")));
    assert_true(k.conversation.waiting_ms > 0); /* the buyer still waits for a person */
    arena_done(&a);
}

static void a_question_that_waits_is_not_answered_by_it(void **state)
{
    (void)state;
    struct arena a = {0};
    int64_t who = contact_of("asks"), told = 0;
    int64_t id = buyer_says(who, 0, "c1", "queue");
    assert_int_equal(chat_cancel_queue(inbox, TENANT, who, 2500), CHAT_OK); /* the bot has it again */
    struct unasked u = telling("asks", "w1");
    u.bot_state = STR("{\"flow\":\"x\"}");
    assert_int_equal(chat_tell(inbox, &u, &told), CHAT_OK);
    struct looking k = look_at(&a, id);
    assert_int_equal(k.conversation.last_author, AUTHOR_BOT);
    assert_true(str_has(k.conversation.bot_state, STR("flow")));
    buyer_says(who, id, "c2", "hello"); /* what was remembered of it is not what is stored: it is read again */
    assert_int_equal(look_at(&a, id).n, k.n + 2);
    arena_done(&a);
}

/* The bot waits a moment, for more may come; meanwhile something else is said. */
static void a_question_that_is_held_back_is_answered_all_the_same(void **state)
{
    (void)state;
    struct arena a = {0};
    struct inbox *usual = inbox;
    int64_t who = contact_of("held"), told = 0;
    inbox = patient;
    int64_t id = buyer_says(who, 0, "c1", "我想问一下");
    assert_int_equal(look_at(&a, id).n, 1); /* stored, not answered */
    struct unasked u = telling("held", "h1");
    assert_int_equal(chat_tell(inbox, &u, &told), CHAT_OK);
    struct looking k = look_at(&a, id);
    assert_int_equal(k.n, 3);
    assert_int_equal(k.conversation.last_author, AUTHOR_BUYER);
    assert_true(str_eq_c(k.conversation.last_text, "我想问一下"));
    inbox_tick(inbox, INT64_MAX);
    for (int i = 0; i < 500 && k.n < 4; i++) {
        usleep(10000);
        k = look_at(&a, id);
    }
    assert_int_equal(k.n, 4);
    assert_true(str_eq_c(k.list[3].text, "echo: 我想问一下"));
    inbox = usual;
    arena_done(&a);
}

static int refuse(struct tx *tx, void *arg)
{
    int64_t *times = arg;
    ++*times;
    struct contact c = {.tenant_id = TENANT, .id = 31337, .buyer = STR("undone"), .name = STR("x"), .language = STR("zh")};
    assert_int_equal(contact_insert(tx, &c), ACCOUNT_OK);
    return 42;
}

static void a_refusal_of_what_belongs_to_it_undoes_all(void **state)
{
    (void)state;
    struct arena a = {0};
    int64_t times = 0, id = 0;
    struct unasked u = telling("refused", "r1");
    u.also = refuse;
    u.also_arg = &times;
    assert_int_equal(chat_tell(inbox, &u, &id), 42);
    assert_int_equal(id, 0);
    assert_true(times >= 1);
    struct finding f = {.buyer = "undone", .arena = &a};
    assert_int_equal(store_read(store, find_buyer, &f), ACCOUNT_NOT_FOUND);
    f.buyer = "refused";
    assert_int_equal(store_read(store, find_buyer, &f), ACCOUNT_NOT_FOUND);
    u.also = NULL;
    assert_int_equal(chat_tell(inbox, &u, &id), CHAT_OK); /* the key was not used up */
    u.also = refuse;
    times = 0;
    assert_int_equal(chat_tell(inbox, &u, &id), CHAT_DUPLICATE); /* and now it is: nothing else runs */
    assert_int_equal(times, 0);
    arena_done(&a);
}

struct teller {
    pthread_t thread;
    int ok, duplicate, other;
};

static void *tell_the_same(void *arg)
{
    struct teller *t = arg;
    for (int i = 0; i < 50; i++) {
        char key[32];
        int64_t id = 0;
        snprintf(key, sizeof(key), "same/%d", i);
        struct unasked u = telling("crowd", key);
        int answer = chat_tell(inbox, &u, &id);
        *(answer == CHAT_OK ? &t->ok : answer == CHAT_DUPLICATE ? &t->duplicate : &t->other) += 1;
    }
    store_read_done(store);
    return NULL;
}

static void threads_that_tell_the_same_tell_it_once(void **state)
{
    (void)state;
    struct arena a = {0};
    struct teller tellers[4] = {0};
    int ok = 0, duplicate = 0;
    for (size_t i = 0; i < COUNT(tellers); i++)
        assert_int_equal(pthread_create(&tellers[i].thread, NULL, tell_the_same, &tellers[i]), 0);
    int64_t who = contact_of("crowd"), id = 0;
    for (int i = 0; i < 20; i++) { /* a buyer who writes meanwhile */
        char client_id[16];
        snprintf(client_id, sizeof(client_id), "b%d", i);
        id = buyer_says(who, 0, client_id, "hello");
    }
    for (size_t i = 0; i < COUNT(tellers); i++) {
        pthread_join(tellers[i].thread, NULL);
        ok += tellers[i].ok;
        duplicate += tellers[i].duplicate;
    }
    assert_int_equal(ok, 50);
    assert_int_equal(duplicate, 150);
    assert_int_equal(look_at(&a, id).n, 50 * 2 + 20 * 2);
    arena_done(&a);
}

static void many_share_commits_and_each_has_its_own_answer(void **state)
{
    (void)state;
    enum { N = 300 };
    struct arena a = {0};
    struct unasked *list = arena_array(&a, struct unasked, N);
    int answers[N];
    int64_t conversations[N];
    for (size_t i = 0; i < N; i++) {
        list[i] = telling(str_c(&a, str_fmt(&a, "m%zu", i / 2)), str_c(&a, str_fmt(&a, "many/%zu", i % 100 == 99 ? i - 1 : i)));
        list[i].also = i == 100 ? refuse : NULL;
        list[i].also_arg = &(int64_t){0};
    }
    uint64_t before = store_figures(store).commits;
    chat_tell_many(inbox, list, N, answers, conversations);
    assert_true(store_figures(store).commits - before < N / 2);
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(answers[i], i == 100 ? 42 : i % 100 == 99 ? CHAT_DUPLICATE : CHAT_OK);
        assert_int_equal(conversations[i] == 0, i == 100);
        if (i % 2 == 1 && i != 101)
            assert_int_equal(conversations[i], conversations[i - 1]);
    }
    chat_tell_many(inbox, list, 0, answers, conversations);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_buyer_who_never_wrote_is_told_once),
        cmocka_unit_test(once_also_when_that_conversation_is_over),
        cmocka_unit_test(without_an_open_one_and_no_wish_for_a_new_one_nothing_is_said),
        cmocka_unit_test(while_a_person_has_it_it_is_a_line_of_the_system),
        cmocka_unit_test(a_question_that_waits_is_not_answered_by_it),
        cmocka_unit_test(a_question_that_is_held_back_is_answered_all_the_same),
        cmocka_unit_test(a_refusal_of_what_belongs_to_it_undoes_all),
        cmocka_unit_test(threads_that_tell_the_same_tell_it_once),
        cmocka_unit_test(many_share_commits_and_each_has_its_own_answer),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
