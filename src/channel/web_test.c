/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The web channel's door: who is heard, who is not, and how much of one socket. What the frames lead to is tested in
 * chat/live_test.c, and whole in tests/04_live.test.ts.
 */
#include "chat/fixture_for_test.h"

#include "account/contact.h"
#include "account/token.h"
#include "base/limit.h"
#include "base/seal.h"
#include "base/time.h"
#include "channel/web.h"
#include "net/client_for_test.h"

#define CONTACT 5

static struct work *turns, *workers;
static struct live *live;
static struct inbox *inbox;
static struct web_channel *web;
static struct socket_events events;
static struct server *server;
static uint16_t port;
static pthread_t loop;

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

static int add_contact(struct tx *tx, void *arg)
{
    (void)arg;
    struct contact c = {.tenant_id = TENANT, .id = CONTACT, .name = STR("顾客"), .language = STR("zh")};
    return contact_insert(tx, &c);
}

static int start(void **state)
{
    (void)state;
    char why[256] = "";
    if (fixture_open("web-test") != 0 || !seal_start(fixture_dir) || store_write(store, add_contact, NULL) != ACCOUNT_OK)
        return -1;
    turns = work_new(1, "turn", end_of_thread, NULL);
    workers = work_new(2, "worker", end_of_thread, NULL);
    live = live_new(store, workers, &(struct live_hooks){0});
    inbox = inbox_new(store, turns, live, &echo_responder, NULL, NULL);
    web = web_channel_new(&(struct web_channel_config){.store = store, .inbox = inbox, .live = live, .work = workers});
    events = web_channel_events(web);
    server = server_new(&(struct server_config){.host = "127.0.0.1", .store = store, .workers = workers, .slow = workers,
                                                .authenticate = nobody, .live = &events, .live_path = "/live"},
                        why);
    if (server == NULL)
        return -1;
    port = server_port(server);
    live_attach(live, server);
    web_channel_attach(web, server);
    return pthread_create(&loop, NULL, run_loop, NULL);
}

static int stop(void **state)
{
    (void)state;
    char key[128];
    server_stop(server);
    pthread_join(loop, NULL);
    work_free(turns);
    work_free(workers);
    server_free(server);
    live_free(live);
    inbox_free(inbox);
    web_channel_free(web);
    snprintf(key, sizeof(key), "%s/master.key", fixture_dir);
    unlink(key);
    return fixture_close();
}

static bool say_auth(struct client *c, int64_t contact, int64_t lives_ms)
{
    struct arena a = {0};
    struct str token = token_buyer(&a, &(struct token_claims){.tenant_id = TENANT, .contact_id = contact, .language = STR("zh"),
                                                              .expires_ms = clock_now_ms() + lives_ms});
    bool sent = client_send(c, str_fmt(&a, "{\"type\":\"auth\",\"token\":\"%.*s\"}", STR_ARG(token)));
    arena_done(&a);
    return sent;
}

static const struct strange_row {
    const char *name, *frame;
    const char *code; /* of the error; NULL: no error, a pong */
    bool ends;        /* the line is closed after it */
} strange_rows[] = {
    {"before auth only a ping is answered", "{\"type\":\"ping\"}", NULL, false},
    {"nothing is sent before auth", "{\"type\":\"send\",\"client_id\":\"x\",\"text\":\"x\"}", "bad_token", false},
    {"nor watched", "{\"type\":\"watch\",\"conversation\":\"1\"}", "bad_token", false},
    {"nor asked for", "{\"type\":\"human\",\"client_id\":\"x\"}", "bad_token", false},
    {"a frame of no type", "{\"type\":\"shout\"}", "bad_frame", false},
    {"no type at all", "{}", "bad_frame", false},
    {"a type that is no text", "{\"type\":7}", "bad_frame", false},
    {"no object", "[1]", "bad_frame", true},
    {"no JSON", "{\"type\":", "bad_frame", true},
    {"a key twice", "{\"type\":\"ping\",\"type\":\"ping\"}", "bad_frame", true},
    {"a wrong token", "{\"type\":\"auth\",\"token\":\"b1.x.y\"}", "bad_token", true},
    {"no token", "{\"type\":\"auth\"}", "bad_token", true},
};

static void who_has_not_signed_in_is_not_heard(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(strange_rows); i++) {
        const struct strange_row *row = &strange_rows[i];
        struct client c;
        assert_true(client_open(&c, port));
        assert_true(client_send(&c, str_from(row->frame)));
        const json_t *f = client_next(&c, WAIT_MS);
        bool as_said = row->code == NULL ? str_eq_c(json_str(f, "type"), "pong") : str_eq_c(json_str(f, "code"), row->code);
        if (!as_said)
            row_failed(failed, row->name, "code %.*s", STR_ARG(json_str(f, "code")));
        if (row->ends && client_next(&c, WAIT_MS) != NULL)
            row_failed(failed, row->name, "the line goes on");
        client_close(&c);
    }
    assert_int_equal(failed, 0);
}

static void a_token_is_shown_once(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t contact, lives_ms;
    } bad[] = {{"of a contact that is not there", CONTACT + 1, HOUR_MS}, {"too old", CONTACT, -1}};
    struct client c;
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_true(client_open(&c, port));
        assert_true(say_auth(&c, bad[i].contact, bad[i].lives_ms));
        assert_true(str_eq_c(json_str(client_next(&c, WAIT_MS), "code"), "bad_token"));
        assert_null(client_next(&c, WAIT_MS));
        client_close(&c);
    }
    assert_true(client_open(&c, port));
    assert_true(say_auth(&c, CONTACT, HOUR_MS)); /* and again, before the first one can be answered */
    assert_true(say_auth(&c, CONTACT, HOUR_MS));
    assert_true(str_eq_c(json_str(client_wait(&c, "error"), "code"), "bad_token"));
    while (client_next(&c, WAIT_MS) != NULL)
        ;
    client_close(&c);
}

static void frames_that_make_work_are_limited_and_messages_go_on(void **state)
{
    (void)state;
    struct client c;
    assert_true(client_open(&c, port));
    assert_true(say_auth(&c, CONTACT, HOUR_MS));
    assert_non_null(client_wait(&c, "ready"));
    for (int i = 0; i < LIMIT_FRAMES_PER_10S + 50; i++)
        assert_true(client_send(&c, STR("{\"type\":\"read\",\"seq\":1}")));
    const json_t *f = client_wait(&c, "error");
    assert_true(str_eq_c(json_str(f, "code"), "rate_limited"));
    assert_in_range(json_int(f, "retry_after_ms", 0), 1, 10000);
    assert_true(client_send(&c, STR("{\"type\":\"send\",\"client_id\":\"c1\",\"text\":\"hello\"}")));
    f = client_wait(&c, "ack");
    assert_int_equal(json_int(f, "seq", 0), 1);
    assert_true(client_send(&c, STR("{\"type\":\"ping\"}")));
    assert_non_null(client_wait(&c, "pong"));
    client_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_has_not_signed_in_is_not_heard),
        cmocka_unit_test(a_token_is_shown_once),
        cmocka_unit_test(frames_that_make_work_are_limited_and_messages_go_on),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
