/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The live hub, whole: a real store, real pools, a real server on a port of its own, and clients that are threads with
 * raw WebSockets. What a screen sees is every message once and in order, however the sockets come and go. Run under
 * ThreadSanitizer in CI.
 *
 * How          The frames of this test are simpler than the widget's (channel/web.c): "auth" names the contact or person
 *              it is, nothing is proven. Client code never asserts on its own thread: it counts what was wrong.
 */
#include "chat/fixture_for_test.h"

#include <stdatomic.h>

#include "account/actor.h"
#include "base/id.h"
#include "base/time.h"
#include "net/client_for_test.h"

#define MESSAGES 200
#define AGENT    9

static struct work *turns, *workers;
static struct live *live;
static struct inbox *inbox;
static struct server *server;
static uint16_t port;
static pthread_t loop;
static int64_t next_contact = 1000;

/* ---- the door: on the loop thread ---- */

struct sending {
    socket_ref socket;
    char client_id[80];
};

static void on_receipt(void *arg, const struct receipt *r)
{
    struct sending *s = arg;
    struct buf b = {0};
    struct json_out o = json_to(&b);
    bool good = r->answer == CHAT_OK || r->answer == CHAT_DUPLICATE;
    jo_open(&o);
    jo_kc(&o, "type", good ? "ack" : "error");
    jo_kc(&o, "client_id", s->client_id);
    jo_kn(&o, "answer", r->answer);
    jo_kid(&o, "conversation", r->conversation_id);
    jo_kn(&o, "seq", r->seq);
    jo_close(&o);
    server_send(server, s->socket, buf_view(&b));
    buf_done(&b);
    free(s);
}

static void take_auth(socket_ref socket, const json_t *f)
{
    int64_t conversation = 0;
    struct actor who = {.tenant_id = TENANT, .id = json_int(f, "contact", 0), .roles = ROLE_BUYER, .language = STR("zh")};
    if (who.id == 0) {
        who.id = json_int(f, "person", 0);
        who.roles = ROLE_AGENT;
    }
    if (!id_parse(json_str(f, "conversation"), &conversation))
        conversation = 0;
    live_sign_in(live, socket, &who, STR("B"), conversation, json_int(f, "since", 0));
}

static void take_send(struct peer *p, const json_t *f)
{
    struct incoming in = {.tenant_id = p->tenant_id, .contact_id = p->id, .language = STR("zh"), .channel = STR("web"),
                          .client_id = json_str(f, "client_id"), .text = json_str(f, "text"), .now_ms = clock_now_ms()};
    if (!id_parse(json_str(f, "conversation"), &in.conversation_id))
        in.conversation_id = 0;
    struct sending *s = xcalloc(1, sizeof(*s));
    s->socket = p->socket;
    snprintf(s->client_id, sizeof(s->client_id), "%.*s", STR_ARG(in.client_id));
    chat_receive(inbox, &in, p->socket, on_receipt, s);
}

static void on_frame(void *arg, socket_ref socket, struct str text)
{
    (void)arg;
    struct peer *p = live_peer(live, socket);
    json_t *f = json_read(text, NULL);
    struct str type = json_str(f, "type");
    int64_t id;
    if (str_eq_c(type, "auth"))
        take_auth(socket, f);
    else if (str_eq_c(type, "send"))
        take_send(p, f);
    else if (str_eq_c(type, "watch") && id_parse(json_str(f, "conversation"), &id))
        live_watch(live, p, id, json_int(f, "since", 0));
    json_decref(f);
}

static void on_opened(void *arg, socket_ref s, struct str remote)
{
    (void)arg;
    (void)remote;
    live_opened(live, s, clock_now_ms());
}

static void on_closed(void *arg, socket_ref s)
{
    (void)arg;
    live_closed(live, s);
}

static void on_tick(void *arg, int64_t now_ms)
{
    (void)arg;
    live_tick(live, now_ms);
}

/* ---- the house ---- */

static struct str agent_name(void *arg, struct arena *a, int64_t tenant_id, int64_t person_id)
{
    (void)arg;
    (void)tenant_id;
    return str_fmt(a, "agent %lld", (long long)person_id);
}

static atomic_int place_now = 1; /* every waiting buyer's */

static struct queue_place place_of(void *arg, struct arena *a, int64_t tenant_id, int64_t conversation_id)
{
    (void)arg;
    (void)a;
    (void)tenant_id;
    return (struct queue_place){.conversation_id = conversation_id, .position = atomic_load(&place_now)};
}

static struct str inbox_item(void *arg, struct arena *a, int64_t tenant_id, int64_t conversation_id)
{
    (void)arg;
    (void)tenant_id;
    return str_fmt(a, "{\"id\":\"%lld\"}", (long long)conversation_id);
}

static bool nobody(void *arg, struct arena *a, struct str token, bool from_cookie, int64_t now_ms, struct actor *ret)
{
    (void)arg;
    (void)a;
    (void)token;
    (void)from_cookie;
    (void)now_ms;
    (void)ret;
    return false;
}

static void *run_loop(void *arg)
{
    (void)arg;
    server_run(server);
    return NULL;
}

static int start(void **state)
{
    (void)state;
    static const struct socket_events events = {.opened = on_opened, .frame = on_frame, .closed = on_closed, .tick = on_tick};
    char why[256] = "";
    sem_init(&asked.at_gate, 0, 0);
    sem_init(&asked.open, 0, 0);
    if (fixture_open("live-test") != 0)
        return -1;
    turns = work_new(2, "turn", end_of_thread, NULL);
    workers = work_new(3, "worker", end_of_thread, NULL);
    live = live_new(store, workers, &(struct live_hooks){.agent_name = agent_name, .place = place_of, .inbox_item = inbox_item});
    inbox = inbox_new(store, turns, live, &echo_responder, NULL, NULL);
    struct server_config config = {.host = "127.0.0.1", .store = store, .workers = workers, .slow = workers,
                                   .authenticate = nobody, .live = &events, .live_path = "/live"};
    server = server_new(&config, why);
    if (server == NULL) {
        print_error("%s\n", why);
        return -1;
    }
    port = server_port(server);
    live_attach(live, server);
    return pthread_create(&loop, NULL, run_loop, NULL);
}

/* As app/ does it: the loop ends, the pools run dry, then what was posted is thrown away with the server. */
static void stop_server(void)
{
    if (server == NULL)
        return;
    server_stop(server);
    pthread_join(loop, NULL);
    work_free(steal(&turns));
    work_free(steal(&workers));
    server_free(steal(&server));
}

static int stop(void **state)
{
    (void)state;
    stop_server();
    int rc = fixture_close();
    live_free(live);
    inbox_free(inbox);
    sem_destroy(&asked.at_gate);
    sem_destroy(&asked.open);
    return rc;
}

/* ---- what the clients here say ---- */

static bool client_say(struct client *c, const char *client_id, const char *words)
{
    char text[300];
    snprintf(text, sizeof(text), "{\"type\":\"send\",\"client_id\":\"%s\",\"text\":\"%s\"}", client_id, words);
    return client_send(c, str_from(text));
}

static bool client_auth(struct client *c, const char *who, int64_t id, int64_t conversation, int64_t since)
{
    char text[200];
    snprintf(text, sizeof(text), "{\"type\":\"auth\",\"%s\":%lld,\"conversation\":\"%lld\",\"since\":%lld}", who,
             (long long)id, (long long)conversation, (long long)since);
    return client_send(c, str_from(text));
}

/* A signed-in buyer's socket whose `ready` has been seen. */
static bool buyer_open(struct client *c, int64_t contact, int64_t conversation, int64_t since)
{
    return client_open(c, port) && client_auth(c, "contact", contact, conversation, since) && client_wait(c, "ready") != NULL;
}

/** What a screen has seen of one conversation. */
struct seen {
    int64_t conversation;
    int64_t last;             /* of the messages, in order */
    unsigned char there[2 * MESSAGES + 64]; /* 1: acknowledged, 2: as a message */
    int n, wrong, acks;
};

static void note_seq(struct seen *s, int64_t seq, unsigned char as)
{
    if (seq <= 0 || seq >= (int64_t)COUNT(s->there) || (s->there[seq] & as) != 0) {
        s->wrong++;
        return;
    }
    s->n += s->there[seq] == 0;
    s->there[seq] |= as;
}

/* Takes a frame in: an ack of an own message, or a message; both once, messages rising. What was caught up, because
 * something told before it came later, holds own messages, too. */
static void note(struct seen *s, const json_t *f)
{
    struct str type = json_str(f, "type");
    int64_t seq = json_int(f, "seq", 0);
    if (str_eq_c(type, "ack")) {
        s->acks++;
        if (!id_parse(json_str(f, "conversation"), &s->conversation))
            s->wrong++;
        note_seq(s, seq, 1);
    } else if (str_eq_c(type, "message")) {
        s->wrong += seq <= s->last;
        s->last = seq;
        note_seq(s, seq, 2);
    } else if (str_eq_c(type, "error")) {
        s->wrong++;
    }
}

static int64_t gapless(const struct seen *s)
{
    int64_t n = 0;
    while (n + 1 < (int64_t)COUNT(s->there) && s->there[n + 1])
        n++;
    for (size_t i = (size_t)n + 1; i < COUNT(s->there); i++) {
        if (s->there[i])
            return -1;
    }
    return n;
}

/* ---- many buyers at once ---- */

struct talker {
    pthread_t thread;
    int64_t contact;
    int window; /* messages on their way at once */
    int expect; /* frames with a seq until it has seen all */
    bool failed;
    struct seen seen;
};

static void *talk(void *arg)
{
    struct talker *t = arg;
    struct client c;
    t->failed = !buyer_open(&c, t->contact, 0, 0);
    int sent = 0;
    const json_t *f = NULL;
    while (!t->failed && t->seen.n < t->expect) {
        while (sent < MESSAGES && sent - t->seen.acks < t->window) {
            char id[32];
            snprintf(id, sizeof(id), "m-%d", sent++);
            t->failed = !client_say(&c, id, id) || t->failed;
        }
        f = client_next(&c, WAIT_MS);
        t->failed = t->failed || f == NULL;
        if (f != NULL)
            note(&t->seen, f);
    }
    client_close(&c);
    return NULL;
}

static void every_buyer_sees_everything_once_and_in_order(void **state)
{
    (void)state;
    static struct talker talkers[4];
    int failed = 0;
    for (size_t i = 0; i < COUNT(talkers); i++) {
        talkers[i] = (struct talker){.contact = next_contact++, .window = i % 2 == 0 ? 1 : 32, .expect = 2 * MESSAGES};
        assert_int_equal(pthread_create(&talkers[i].thread, NULL, talk, &talkers[i]), 0);
    }
    for (size_t i = 0; i < COUNT(talkers); i++) {
        struct talker *t = &talkers[i];
        pthread_join(t->thread, NULL);
        if (t->failed || t->seen.wrong > 0 || t->seen.acks != MESSAGES || gapless(&t->seen) != 2 * MESSAGES)
            row_failed(failed, "talker", "%zu: failed %d, wrong %d, acks %d, gapless to %lld", i, t->failed, t->seen.wrong,
                       t->seen.acks, (long long)gapless(&t->seen));
        struct arena a = {0};
        if (!t->failed)
            assert_int_equal(look_at(&a, t->seen.conversation).n, 2 * MESSAGES);
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

static void another_socket_of_the_buyer_sees_all_of_it(void **state)
{
    (void)state;
    struct talker t = {.contact = next_contact++, .window = 16, .expect = 2 * MESSAGES};
    struct seen early = {0}, late = {0};
    struct client first, second;
    assert_true(buyer_open(&first, t.contact, 0, 0));
    assert_int_equal(pthread_create(&t.thread, NULL, talk, &t), 0);
    bool opened = false;
    const json_t *f;
    while (gapless(&early) < 2 * MESSAGES && (f = client_next(&first, WAIT_MS)) != NULL) {
        note(&early, f);
        if (!opened && gapless(&early) > MESSAGES) { /* in the midst of it */
            opened = true;
            assert_true(client_open(&second, port));
            assert_true(client_auth(&second, "contact", t.contact, 0, 0));
        }
    }
    assert_true(opened);
    while (gapless(&late) < 2 * MESSAGES && (f = client_next(&second, WAIT_MS)) != NULL)
        note(&late, f);
    pthread_join(t.thread, NULL);
    assert_false(t.failed);
    assert_int_equal(t.seen.wrong + early.wrong + late.wrong, 0);
    assert_int_equal(gapless(&early), 2 * MESSAGES);
    assert_int_equal(gapless(&late), 2 * MESSAGES);
    assert_int_equal(early.acks + late.acks, 0);
    client_close(&first);
    client_close(&second);
}

/* ---- a line that breaks ---- */

/* Says 30 messages over lines that are torn, each time with some on their way; comes back from what it has seen, and
 * says again what was not acknowledged. */
static void who_comes_back_gets_what_was_missed(void **state)
{
    (void)state;
    enum { SAID = 30, TORN = 12 };
    int64_t contact = next_contact++;
    struct seen s = {0};
    bool acked[SAID] = {0};
    int failed = 0;
    int done = 0;
    for (int line = 0; line < 200 && done < SAID; line++) {
        struct client c;
        struct seen had = s;
        assert_true(client_open(&c, port));
        assert_true(client_auth(&c, "contact", contact, s.conversation, s.last));
        for (int i = 0; i < SAID; i++) {
            char id[16];
            snprintf(id, sizeof(id), "t-%d", i);
            if (!acked[i])
                assert_true(client_say(&c, id, id));
        }
        const json_t *f;
        int frames = 0;
        while (done < SAID && (line >= TORN || frames++ < 4 + line) && (f = client_next(&c, WAIT_MS)) != NULL) {
            int64_t seq = json_int(f, "seq", 0);
            if (str_eq_c(json_str(f, "type"), "message")) {
                if (seq != s.last + 1 && s.last != 0 && str_eq_c(json_str(json_object_get(f, "message"), "text"), ""))
                    failed++;
                if (seq <= had.last)
                    row_failed(failed, "torn", "line %d: %lld again", line, (long long)seq);
                s.last = MAX(s.last, seq);
            } else if (str_eq_c(json_str(f, "type"), "ack")) {
                int number = -1;
                sscanf(json_string_value(json_object_get(f, "client_id")), "t-%d", &number);
                assert_in_range(number, 0, SAID - 1);
                done += !acked[number];
                acked[number] = true;
                assert_true(id_parse(json_str(f, "conversation"), &s.conversation));
            }
        }
        client_close(&c);
    }
    assert_int_equal(done, SAID);
    assert_int_equal(failed, 0);
    struct arena a = {0};
    struct looking k = look_at(&a, s.conversation);
    assert_int_equal(k.n, 2 * SAID); /* none twice, none missing */

    struct client c; /* and a new screen sees all of it */
    struct seen all = {0};
    assert_true(client_open(&c, port));
    assert_true(client_auth(&c, "contact", contact, 0, 0));
    const json_t *f;
    while ((f = client_next(&c, WAIT_MS)) != NULL && !str_eq_c(json_str(f, "type"), "ready"))
        note(&all, f);
    assert_non_null(f);
    assert_int_equal(json_int(f, "seq", 0), 2 * SAID);
    assert_int_equal(gapless(&all), 2 * SAID);
    assert_int_equal(all.wrong, 0);
    client_close(&c);
    assert_true(buyer_open(&c, contact, s.conversation, 2 * SAID)); /* who has all gets nothing but `ready` */
    assert_int_equal(c.in.n, 0);
    client_close(&c);
    arena_done(&a);
}

static void a_socket_closed_in_flight_loses_nothing(void **state)
{
    (void)state;
    enum { SAID = 50 };
    struct arena a = {0};
    int64_t contact = next_contact++;
    struct client c;
    assert_true(buyer_open(&c, contact, 0, 0));
    for (int i = 0; i < SAID; i++) {
        char id[16];
        snprintf(id, sizeof(id), "f-%d", i);
        assert_true(client_say(&c, id, id));
    }
    assert_non_null(client_wait(&c, "ack")); /* the server has begun to read them */
    shutdown(c.fd, SHUT_WR);
    while (client_next(&c, WAIT_MS) != NULL)
        ;
    client_close(&c);
    assert_true(client_open(&c, port));
    assert_true(client_auth(&c, "contact", contact, 0, 0));
    struct seen s = {0};
    const json_t *f;
    while ((f = client_next(&c, 2000)) != NULL)
        note(&s, f);
    assert_int_equal(s.wrong, 0);
    int64_t n = gapless(&s);
    assert_true(n >= 2 && n % 2 == 0 && n <= 2 * SAID);
    client_close(&c);
    arena_done(&a);
}

/* ---- once ---- */

struct twin {
    pthread_t thread;
    int64_t contact;
    int64_t seq[100];
    bool failed;
};

static void *say_the_same(void *arg)
{
    struct twin *t = arg;
    struct client c;
    t->failed = !buyer_open(&c, t->contact, 0, 0);
    for (size_t i = 0; i < COUNT(t->seq) && !t->failed; i++) {
        char id[32];
        snprintf(id, sizeof(id), "twin-%zu", i);
        t->failed = !client_say(&c, id, id);
        const json_t *f = t->failed ? NULL : client_wait(&c, "ack");
        t->failed = f == NULL;
        t->seq[i] = json_int(f, "seq", -1);
    }
    client_close(&c);
    return NULL;
}

static void one_client_id_over_two_sockets_is_one_message(void **state)
{
    (void)state;
    struct arena a = {0};
    static struct twin twins[2];
    twins[0].contact = twins[1].contact = next_contact++;
    for (size_t i = 0; i < COUNT(twins); i++)
        assert_int_equal(pthread_create(&twins[i].thread, NULL, say_the_same, &twins[i]), 0);
    for (size_t i = 0; i < COUNT(twins); i++)
        pthread_join(twins[i].thread, NULL);
    assert_false(twins[0].failed || twins[1].failed);
    assert_memory_equal(twins[0].seq, twins[1].seq, sizeof(twins[0].seq));
    struct client c;
    assert_true(buyer_open(&c, twins[0].contact, 0, 0));
    assert_true(client_say(&c, "twin-0", "other words"));
    const json_t *f = client_wait(&c, "error");
    assert_int_equal(json_int(f, "answer", 0), CHAT_CONFLICT);
    assert_int_equal(json_int(f, "seq", 0), 1);
    int64_t id;
    assert_true(id_parse(json_str(f, "conversation"), &id));
    assert_int_equal(look_at(&a, id).n, 2 * COUNT(twins[0].seq));
    client_close(&c);
    arena_done(&a);
}

/* ---- people ---- */

static void who_watches_sees_everything_and_the_inbox_row(void **state)
{
    (void)state;
    struct arena a = {0};
    struct talker t = {.contact = next_contact++, .window = 8, .expect = 2 * MESSAGES};
    struct client buyer, staff;
    assert_true(buyer_open(&buyer, t.contact, 0, 0));
    assert_true(client_say(&buyer, "first", "first"));
    struct seen s = {0};
    note(&s, client_wait(&buyer, "ack"));
    int64_t id = s.conversation;
    client_close(&buyer);

    assert_true(client_open(&staff, port));
    assert_true(client_auth(&staff, "person", AGENT, 0, 0));
    assert_non_null(client_wait(&staff, "ready"));
    assert_true(client_send(&staff, str_fmt(&a, "{\"type\":\"watch\",\"conversation\":\"%lld\",\"since\":0}", (long long)id)));
    assert_int_equal(pthread_create(&t.thread, NULL, talk, &t), 0);
    s = (struct seen){0};
    int rows = 0;
    bool noted = false;
    const json_t *f;
    while ((s.n < 2 * MESSAGES + 3 || rows == 0) && (f = client_next(&staff, WAIT_MS)) != NULL) {
        note(&s, f);
        rows += str_eq_c(json_str(f, "type"), "inbox") && str_eq(json_str(json_object_get(f, "item"), "id"),
                                                                 str_fmt(&a, "%lld", (long long)id));
        if (!noted && s.n > 20) { /* a note in the midst: the staff sees it, the buyer does not */
            struct agent_message m = {.tenant_id = TENANT, .conversation_id = id, .person_id = AGENT, .client_id = STR("n"),
                                      .kind = MESSAGE_NOTE, .text = STR("vip"), .may_any = true, .now_ms = 9};
            int64_t seq;
            assert_int_equal(chat_say_as_agent(inbox, &m, &seq), CHAT_OK);
            noted = true;
        }
    }
    pthread_join(t.thread, NULL);
    assert_false(t.failed);
    assert_int_equal(t.seen.wrong + s.wrong, 0);
    assert_int_equal(gapless(&s), 2 * MESSAGES + 3);
    assert_true(rows > 0);
    client_close(&staff);
    arena_done(&a);
}

static void a_person_who_takes_over_is_seen_and_the_bot_is_silent(void **state)
{
    (void)state;
    struct arena a = {0};
    struct client buyer, staff;
    int64_t id;
    int64_t contact = next_contact++;
    assert_true(client_open(&staff, port));
    assert_true(client_auth(&staff, "person", AGENT, 0, 0));
    assert_non_null(client_wait(&staff, "ready"));
    assert_true(buyer_open(&buyer, contact, 0, 0));
    assert_true(client_say(&buyer, "hello", "hello"));
    assert_true(id_parse(json_str(client_wait(&buyer, "ack"), "conversation"), &id));
    assert_non_null(client_wait(&buyer, "message")); /* the echo */
    assert_true(client_say(&buyer, "gate", "gate"));
    sem_take(&asked.at_gate);
    take_over(live, id, AGENT); /* the bot has decided by now, from what was true before */
    sem_post(&asked.open);

    const json_t *f = client_wait(&buyer, "conversation");
    while (f != NULL && str_eq_c(json_str(json_object_get(f, "conversation"), "handler"), "bot"))
        f = client_wait(&buyer, "conversation"); /* it begins with the bot */
    assert_true(str_eq_c(json_str(json_object_get(f, "conversation"), "handler"), "agent"));
    assert_true(str_eq_c(json_str(json_object_get(json_object_get(f, "conversation"), "agent"), "name"), "agent 9"));
    assert_int_equal(json_int(client_wait(&buyer, "ack"), "seq", 0), 4);
    assert_true(client_say(&buyer, "more", "more"));
    while ((f = client_next(&buyer, WAIT_MS)) != NULL && !str_eq_c(json_str(f, "type"), "ack"))
        assert_false(str_eq_c(json_str(f, "type"), "message"));
    assert_int_equal(json_int(f, "seq", 0), 5);
    /* It is the agent's own now: told without being watched. */
    int64_t told = 0;
    while (told < 5 && (f = client_wait(&staff, "message")) != NULL)
        told = json_int(f, "seq", 0);
    assert_int_equal(told, 5);
    struct looking k = look_at(&a, id);
    for (size_t i = 2; i < k.n; i++)
        assert_int_not_equal(k.list[i].author, AUTHOR_BOT);
    client_close(&buyer);
    client_close(&staff);
    arena_done(&a);
}

/** A change whose publication is told when the test says so. */
struct quiet {
    struct change change;
    int64_t conversation_id;
    enum handler_event event;
    struct publication *publication;
};

static int step_quietly(struct tx *tx, void *arg)
{
    struct quiet *q = arg;
    enum chat_answer answer = change_load(tx, &q->change, q->conversation_id);
    if (answer != CHAT_OK)
        return answer;
    bool assigned = q->event == HANDLER_ASSIGN;
    if (conversation_step(&q->change.conversation, q->event, assigned ? AGENT : 0, STR_NONE, 3000) != HANDLER_OK)
        return CHAT_NOT_ALLOWED;
    change_system(&q->change, "step", STR("step"));
    q->publication = live_prepare(live, &q->change, 0);
    return change_save(tx, &q->change);
}

static void what_is_told_late_does_not_stay_on_the_screen(void **state)
{
    (void)state;
    struct arena a = {0};
    struct client buyer;
    int64_t id;
    assert_true(buyer_open(&buyer, next_contact++, 0, 0));
    assert_true(client_say(&buyer, "hello", "hello"));
    assert_true(id_parse(json_str(client_wait(&buyer, "ack"), "conversation"), &id));
    assert_non_null(client_wait(&buyer, "message"));
    struct quiet steps[] = {{.event = HANDLER_ASSIGN}, {.event = HANDLER_CLOSE}};
    for (size_t i = 0; i < COUNT(steps); i++) {
        steps[i].change = (struct change){.arena = &a, .tenant_id = TENANT, .now_ms = 3000};
        steps[i].conversation_id = id;
        assert_int_equal(store_write(store, step_quietly, &steps[i]), CHAT_OK);
    }
    live_tell(live, steps[1].publication); /* two workers, the second one is quicker */
    char last[16] = "";
    int64_t seqs = 0;
    const json_t *f;
    while ((f = client_next(&buyer, WAIT_MS)) != NULL) {
        const json_t *c = json_object_get(f, "conversation");
        if (str_eq_c(json_str(f, "type"), "message") && str_eq(json_str(f, "conversation"), str_fmt(&a, "%lld", (long long)id)))
            seqs = seqs * 10 + json_int(f, "seq", 0);
        if (!str_eq_c(json_str(f, "type"), "conversation"))
            continue;
        if (!str_eq(json_str(c, "id"), str_fmt(&a, "%lld", (long long)id)))
            break;
        snprintf(last, sizeof(last), "%.*s", STR_ARG(json_str(c, "handler")));
        if (strcmp(last, "closed") == 0 && steps[0].publication != NULL) {
            live_tell(live, steal(&steps[0].publication));
            assert_true(client_say(&buyer, "last", "last")); /* in another conversation, whose state comes behind */
        }
    }
    assert_non_null(f);
    assert_int_equal(seqs, 34); /* both lines, in order */
    assert_string_equal(last, "closed");
    client_close(&buyer);
    arena_done(&a);
}

static int64_t position_of(const json_t *frame)
{
    return json_int(json_object_get(json_object_get(frame, "conversation"), "queue"), "position", 0);
}

/* The frame of who enters the queue is rendered before the commit and may be told after the desk has told newer places:
 * the older place stayed on the screen until the queue moved again. */
static void a_newer_place_stays_on_the_screen(void **state)
{
    (void)state;
    struct arena a = {0};
    struct client buyer;
    int64_t id;
    assert_true(buyer_open(&buyer, next_contact++, 0, 0));
    assert_true(client_say(&buyer, "hello", "hello"));
    assert_true(id_parse(json_str(client_wait(&buyer, "ack"), "conversation"), &id));
    atomic_store(&place_now, 7);
    struct quiet entering = {.change = {.arena = &a, .tenant_id = TENANT, .now_ms = 3000}, .conversation_id = id, 
                             .event = HANDLER_WANTS_PERSON};
    assert_int_equal(store_write(store, step_quietly, &entering), CHAT_OK);
    atomic_store(&place_now, 3);
    struct queue_place place = {.conversation_id = id, .position = 3};
    live_tell_places(live, TENANT, &place, 1);
    int64_t last = 0;
    const json_t *f;
    while (last != 3 && (f = client_wait(&buyer, "conversation")) != NULL)
        last = position_of(f);
    live_tell(live, entering.publication);
    assert_true(client_say(&buyer, "last", "last"));
    while ((f = client_next(&buyer, WAIT_MS)) != NULL && !str_eq_c(json_str(f, "type"), "ack")) {
        if (str_eq_c(json_str(f, "type"), "conversation"))
            last = position_of(f);
    }
    assert_non_null(f);
    assert_int_equal(last, 3);
    client_close(&buyer);
    arena_done(&a);
}

/** Somebody comes straight into the queue; told when the test says so. */
static int come_quietly(struct tx *tx, void *arg)
{
    struct quiet *q = arg;
    struct conversation *c = &q->change.conversation;
    q->change.is_new = true;
    if (conversation_step(c, HANDLER_WANTS_PERSON, 0, STR("presale"), 3000) != HANDLER_OK)
        return CHAT_NOT_ALLOWED;
    change_system(&q->change, "step", STR("step"));
    q->publication = live_prepare(live, &q->change, 0);
    return change_save(tx, &q->change);
}

/* Of two buyers who come in one commit the first one's publication lets the desk tell both their places; the second one's
 * screen did not follow its conversation yet, missed it, and showed no place until the queue moved. */
static void a_place_told_before_its_conversation_is_told_again(void **state)
{
    (void)state;
    struct arena a = {0};
    struct client buyer;
    int64_t contact = next_contact++;
    assert_true(buyer_open(&buyer, contact, 0, 0));
    struct quiet coming = {.change = {.arena = &a, .tenant_id = TENANT, .now_ms = 3000}, .conversation_id = id_new(3000)};
    coming.change.conversation = (struct conversation){
        .tenant_id = TENANT, .id = coming.conversation_id, .contact_id = contact, .channel = STR("web"),
        .language = STR("zh"), .handler = HANDLER_BOT, .opened_ms = 3000, .bot_state = STR("{}"), .entry = STR("{}")};
    atomic_store(&place_now, 0);
    assert_int_equal(store_write(store, come_quietly, &coming), CHAT_OK);
    atomic_store(&place_now, 4);
    struct queue_place place = {.conversation_id = coming.conversation_id, .position = 4};
    live_tell_places(live, TENANT, &place, 1);
    live_tell(live, coming.publication);
    int64_t last = 0;
    const json_t *f;
    while (last != 4 && (f = client_wait(&buyer, "conversation")) != NULL)
        last = position_of(f);
    assert_int_equal(last, 4);
    atomic_store(&place_now, 1);
    client_close(&buyer);
    arena_done(&a);
}

/* ---- the end ---- */

struct last_words {
    pthread_t thread;
    int64_t contact;
    struct {
        int number;
        int64_t conversation, seq;
    } acked[20000];
    size_t n;
    bool failed, told_to_return;
};
static atomic_bool ending;

static void *talk_until_the_end(void *arg)
{
    struct last_words *t = arg;
    struct client c;
    t->failed = !buyer_open(&c, t->contact, 0, 0);
    const json_t *f = NULL;
    for (int sent = 0; !t->failed;) {
        while (sent < (int)COUNT(t->acked) && sent - (int)t->n < 64) {
            char id[32];
            snprintf(id, sizeof(id), "%d", sent++);
            if (!client_say(&c, id, id))
                break;
        }
        f = client_next(&c, WAIT_MS);
        if (f == NULL)
            break; /* the line has ended */
        t->told_to_return = t->told_to_return || str_eq_c(json_str(f, "type"), "reconnect");
        if (!str_eq_c(json_str(f, "type"), "ack") || t->n == COUNT(t->acked))
            continue;
        t->acked[t->n].number = atoi(json_string_value(json_object_get(f, "client_id")));
        t->acked[t->n].seq = json_int(f, "seq", 0);
        t->failed = !id_parse(json_str(f, "conversation"), &t->acked[t->n].conversation);
        t->n++;
    }
    client_close(&c);
    return NULL;
}

/* Signs in and goes, again and again: so that reads for screens are on their way when the loop ends. */
static void *come_and_go(void *arg)
{
    const struct last_words *t = arg;
    while (!atomic_load(&ending)) {
        struct client c;
        if (client_open(&c, port) && client_auth(&c, "contact", t->contact, 0, 0))
            (void)client_next(&c, 5);
        client_close(&c);
    }
    return NULL;
}

static void what_was_acknowledged_before_the_end_is_stored(void **state)
{
    (void)state;
    static struct last_words talkers[3];
    pthread_t visitor;
    for (size_t i = 0; i < COUNT(talkers); i++) {
        talkers[i].contact = next_contact++;
        assert_int_equal(pthread_create(&talkers[i].thread, NULL, talk_until_the_end, &talkers[i]), 0);
    }
    assert_int_equal(pthread_create(&visitor, NULL, come_and_go, &talkers[0]), 0);
    usleep(400 * 1000);
    server_stop(server);
    pthread_join(loop, NULL);
    atomic_store(&ending, true);
    work_free(steal(&turns)); /* the pools first, as app/ does: what they told the loop is thrown away with it */
    work_free(steal(&workers));
    server_free(steal(&server));
    pthread_join(visitor, NULL);
    int failed = 0;
    for (size_t i = 0; i < COUNT(talkers); i++) {
        struct last_words *t = &talkers[i];
        struct arena a = {0};
        pthread_join(t->thread, NULL);
        assert_false(t->failed);
        assert_true(t->told_to_return);
        assert_true(t->n > 0);
        struct looking k = look_at(&a, t->acked[0].conversation);
        for (size_t m = 0; m < t->n; m++) {
            int64_t seq = t->acked[m].seq;
            if (seq > (int64_t)k.n || !str_eq(k.list[seq - 1].text, str_fmt(&a, "%d", t->acked[m].number)))
                row_failed(failed, "acknowledged", "talker %zu, %zu: seq %lld", i, m, (long long)seq);
        }
        print_message("  %zu acknowledged, %zu stored\n", t->n, k.n / 2);
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_buyer_sees_everything_once_and_in_order),
        cmocka_unit_test(another_socket_of_the_buyer_sees_all_of_it),
        cmocka_unit_test(who_comes_back_gets_what_was_missed),
        cmocka_unit_test(a_socket_closed_in_flight_loses_nothing),
        cmocka_unit_test(one_client_id_over_two_sockets_is_one_message),
        cmocka_unit_test(who_watches_sees_everything_and_the_inbox_row),
        cmocka_unit_test(a_person_who_takes_over_is_seen_and_the_bot_is_silent),
        cmocka_unit_test(what_is_told_late_does_not_stay_on_the_screen),
        cmocka_unit_test(a_newer_place_stays_on_the_screen),
        cmocka_unit_test(a_place_told_before_its_conversation_is_told_again),
        cmocka_unit_test(what_was_acknowledged_before_the_end_is_stored), /* stops the server: the last one */
    };
    return cmocka_run_group_tests(tests, start, stop);
}
