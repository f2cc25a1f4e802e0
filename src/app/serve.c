/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Serving: the groups of routes, the live sockets, the signals that end it, and what is printed for whoever started it.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "account/account_api.h"
#include "account/actor.h"
#include "account/authenticate.h"
#include "account/session.h"
#include "account/token.h"
#include "app/demo_api.h"
#include "app/files.h"
#include "app/home_parts.h"
#include "app/outgoing.h"
#include "app/system_api.h"
#include "base/asset.h"
#include "base/limit.h"
#include "base/log.h"
#include "base/time.h"
#include "bot/care_service.h"
#include "bot/flow_api.h"
#include "bot/learning_api.h"
#include "bot/release_api.h"
#include "channel/outbox_api.h"
#include "channel/suggest_api.h"
#include "channel/web.h"
#include "chat/chat_api.h"
#include "chat/upload_api.h"
#include "desk/agreement_api.h"
#include "desk/case_list_api.h"
#include "desk/desk_api.h"
#include "desk/party_api.h"
#include "desk/solution_api.h"
#include "insight/rating_api.h"
#include "knowledge/knowledge_api.h"
#include "net/openapi.h"
#include "net/server.h"
#include "trade/care_api.h"
#include "trade/case_service.h"
#include "trade/order_clock_service.h"
#include "trade/order_store.h"
#include "trade/action_api.h"
#include "trade/policy_api.h"
#include "trade/trade_api.h"
#include "trade/webhook_api.h"
#include "trade/work_order_api.h"

#define TICK_MS 1000

/* Everything that lives as long as the serving. */
struct serving {
    struct home *home;
    struct account_room account;
    struct chat_room chat;
    struct trade_room trade;
    struct knowledge_room knowledge;
    struct release_room release;
    struct rating_room rating;
    struct outgoing *outgoing;
    struct webhook_room shop_systems;
    struct system_room system;
    struct demo_room demo;
    struct route_group groups[32];
    size_t group_count;
    struct suggest_room *suggest;
    struct web_channel *web;
    struct socket_events events;
    struct buf document;
    int64_t next_tick_ms;
    int64_t next_sweep_ms; /* the tick's own, one at a time */
    bool ticking; /* loop thread: a tick is on a worker */
    int64_t next_clocks_ms;
    bool sweeping; /* loop thread: clocks and care are on a worker */
    bool has_clocks; /* that worker: orders of earlier releases have theirs */
};

static struct server *stopping_server; /* for the signal handler: set before, cleared after the handlers are in place */

static void on_signal(int sig)
{
    (void)sig;
    if (stopping_server != NULL)
        server_stop(stopping_server);
}

static bool authenticate(void *arg, struct arena *a, struct str token, bool from_cookie, int64_t now_ms,
                         struct actor *ret)
{
    struct home *h = arg;
    (void)from_cookie; /* the same tokens; a cookie's writes need the header that net/ asks for */
    return actor_authenticate(h->store, a, token, now_ms, ret);
}

/* Only buyers send files; their tokens are proven without a look into the store. */
static bool may_send(void *arg, struct str token, int64_t now_ms)
{
    (void)arg;
    _cleanup_(arena_done) struct arena a = {0};
    struct token_claims claims;
    return token_is_buyer(token) && token_read_buyer(&a, token, now_ms, &claims);
}

static const char *name_of_role(uint32_t bit)
{
    return bit <= ROLE_INSPECTOR ? role_name((enum role)bit) : NULL;
}

/* ---- the desk's clock, driven by the loop's ---- */

static void tick_done(void *arg)
{
    struct serving *s = arg;
    s->ticking = false;
}

static enum work_answer tick_job(void *arg)
{
    struct serving *s = arg;
    desk_tick(&s->home->parts->desk, clock_now_ms());
    (void)case_tick(s->home->store, clock_now_ms()); /* a fault is logged; the next tick tries again */
    shop_link_tick(s->shop_systems.link, clock_now_ms());
    if (clock_now_ms() >= s->next_sweep_ms) {
        s->next_sweep_ms = clock_now_ms() + MINUTE_MS;
        uploads_sweep(s->home->uploads, clock_now_ms());
    }
    server_post(s->home->server, tick_done, s);
    return WORK_DONE;
}

static void sweep_done(void *arg)
{
    struct serving *s = arg;
    s->sweeping = false;
}

/* Orders' clocks and care: beside the tick, for thousands that are due at once take seconds. */
static enum work_answer sweep_job(void *arg)
{
    struct serving *s = arg;
    s->has_clocks = s->has_clocks || order_clocks_adopt(s->home->store, clock_now_ms()) == 0;
    (void)order_clock_tick(s->home->store, clock_now_ms()); /* a fault is logged; the next one tries again */
    (void)care_tick(&(struct care_room){s->home->store, s->home->inbox, s->home->parts->catalogs}, clock_now_ms());
    server_post(s->home->server, sweep_done, s);
    return WORK_DONE;
}

static void on_tick(void *arg, int64_t now_ms)
{
    struct serving *s = arg;
    struct socket_events web = web_channel_events(s->web);
    web.tick(web.arg, now_ms);
    inbox_tick(s->home->inbox, now_ms);
    outgoing_tick(s->outgoing, now_ms);
    if (!s->sweeping && now_ms >= s->next_clocks_ms) {
        s->next_clocks_ms = now_ms + TICK_MS;
        s->sweeping = true;
        work_post(s->home->workers, 1, sweep_job, s);
    }
    if (s->ticking || now_ms < s->next_tick_ms)
        return;
    s->next_tick_ms = now_ms + TICK_MS;
    s->ticking = true;
    work_post(s->home->workers, 0, tick_job, s);
}

static void on_opened(void *arg, socket_ref ref, struct str remote)
{
    struct socket_events web = web_channel_events(((struct serving *)arg)->web);
    web.opened(web.arg, ref, remote);
}

static void on_frame(void *arg, socket_ref ref, struct str text)
{
    struct socket_events web = web_channel_events(((struct serving *)arg)->web);
    web.frame(web.arg, ref, text);
}

static void on_closed(void *arg, socket_ref ref)
{
    struct socket_events web = web_channel_events(((struct serving *)arg)->web);
    web.closed(web.arg, ref);
}

/* ---- wiring ---- */

static void add_group(struct serving *s, const struct route *routes, size_t n, void *room)
{
    assert(s->group_count < COUNT(s->groups));
    s->groups[s->group_count++] = (struct route_group){routes, n, room};
}

static void make_groups(struct serving *s, bool demo)
{
    struct parts *p = s->home->parts;
    s->account = home_account_room(s->home);
    s->chat = (struct chat_room){s->home->inbox, s->home->live};
    s->trade = (struct trade_room){p->catalogs};
    s->knowledge = (struct knowledge_room){p->knowledge};
    s->release = (struct release_room){p->ears, p->training};
    s->rating = (struct rating_room){s->home->live};
    s->system = (struct system_room){.home = s->home, .outgoing = s->outgoing};
    s->demo = (struct demo_room){p->catalogs};
    s->suggest = suggest_room_new(p->knowledge, p->catalogs);
    add_group(s, account_routes, account_route_count, &s->account);
    add_group(s, chat_routes, chat_route_count, &s->chat);
    add_group(s, upload_routes, upload_route_count, s->home->uploads);
    add_group(s, trade_routes, trade_route_count, &s->trade);
    add_group(s, care_routes, care_route_count, NULL);
    add_group(s, webhook_routes, webhook_route_count, &s->shop_systems);
    add_group(s, action_routes, action_route_count, &s->trade);
    add_group(s, case_routes, case_route_count, &s->trade);
    add_group(s, work_order_routes, work_order_route_count, &s->trade);
    add_group(s, policy_routes, policy_route_count, &s->trade);
    add_group(s, knowledge_routes, knowledge_route_count, &s->knowledge);
    add_group(s, suggest_routes, suggest_route_count, s->suggest);
    add_group(s, knowledge_edit_routes, knowledge_edit_route_count, &s->knowledge);
    add_group(s, learning_routes, learning_route_count, s->home->bot);
    add_group(s, teaching_routes, teaching_route_count, s->home->bot);
    add_group(s, release_routes, release_route_count, &s->release);
    add_group(s, flow_routes, flow_route_count, NULL);
    add_group(s, desk_routes, desk_route_count, &p->desk);
    add_group(s, canned_routes, canned_route_count, &p->desk);
    add_group(s, solution_routes, solution_route_count, &p->desk);
    add_group(s, case_list_routes, case_list_route_count, &p->desk);
    add_group(s, party_routes, party_route_count, &p->desk);
    add_group(s, agreement_routes, agreement_route_count, &p->desk);
    add_group(s, rating_routes, rating_route_count, &s->rating);
    add_group(s, outbox_routes, outbox_route_count, NULL);
    add_group(s, system_routes, system_route_count, &s->system);
    if (demo)
        add_group(s, demo_routes, demo_route_count, &s->demo);
    openapi_write(&s->document, s->groups, s->group_count, "Xiaoer", XIAOER_VERSION, name_of_role);
    s->system.document = buf_view(&s->document);
}

static bool split_listen(const char *listen, char host[100], uint16_t *ret_port)
{
    const char *colon = strrchr(listen, ':');
    int64_t port;
    if (colon == NULL || colon == listen || (size_t)(colon - listen) >= 100 || !str_int(str_from(colon + 1), &port) ||
        port < 0 || port > 65535)
        return false;
    snprintf(host, 100, "%.*s", (int)(colon - listen), listen);
    *ret_port = (uint16_t)port;
    return true;
}

/* ---- what is said at the start ---- */

static const struct demo_shop {
    const char *shop, *name, *language;
} demo_shops[] = {{"shanxing", "山行户外", "zh"}, {"northpeak", "North Peak Outfitters", "en"}};

/* From the pack itself: the first of each other role, and its first agents. */
static void say_people(const struct demo_shop *shop)
{
    struct arena a = {0};
    struct str rest = asset_find(str_fmt(&a, "packs/%s/demo/people.jsonl", shop->language));
    struct str line;
    printf("    shop %-10s", shop->shop);
    char last[16] = "";
    for (int shown = 0; shown < 7 && str_cut(&rest, '\n', &line);) {
        _cleanup_(json_donep) json_t *row = json_read(line, NULL);
        struct str role = json_text(json_array_get(json_object_get(row, "roles"), 0));
        struct str name = json_str(row, "sign_in");
        if (name.n == 0 || (str_eq_c(role, last) && !str_eq_c(role, "agent")))
            continue;
        snprintf(last, sizeof last, "%.*s", STR_ARG(role));
        printf("%s %.*s (%.*s)", shown > 0 ? "," : "", STR_ARG(name), STR_ARG(role));
        shown++;
    }
    putchar('\n');
    arena_done(&a);
}

static void say_demo(const char *host, unsigned port)
{
    printf("\n  Xiaoer demo\n\n");
    for (size_t i = 0; i < COUNT(demo_shops); i++)
        printf("  Shop page with the widget  http://%s:%u/demo/?shop=%s   (%s)\n", host, port, demo_shops[i].shop,
               demo_shops[i].name);
    printf("  Agents' console            http://%s:%u/console/\n", host, port);
    printf("  API reference              http://%s:%u/console/api\n\n", host, port);
    printf("  Sign-ins of the console, all with the password %s:\n", DEMO_PASSWORD);
    for (size_t i = 0; i < COUNT(demo_shops); i++)
        say_people(&demo_shops[i]);
    printf("\n  Stop with Ctrl-C.\n\n");
    fflush(stdout);
}

static void say_started(const struct serve_options *o, const char *host, unsigned port)
{
    if (o->json) {
        printf("{\"listening\":\"%s:%u\",\"port\":%u,\"pid\":%d}\n", host, port, port, (int)getpid());
        fflush(stdout);
    } else if (o->demo) {
        say_demo(host, port);
    } else {
        printf("xiaoer %s listens on http://%s:%u (console: /console/, API reference: /console/api)\n", XIAOER_VERSION,
               host, port);
        fflush(stdout);
    }
}

static void handle_signals(struct server *server)
{
    struct sigaction sa = {.sa_handler = on_signal};
    stopping_server = server;
    sigaction(SIGTERM, &sa, NULL);
    sigaction(SIGINT, &sa, NULL);
}

static bool card_of(void *arg, struct arena *a, int64_t tenant_id, int64_t conversation_id, struct str order_id,
                    struct str product_id, struct str *ret_data)
{
    struct home *h = arg;
    return desk_card_data(&h->parts->desk, a, tenant_id, conversation_id, order_id, product_id, ret_data);
}

/* A commit answers many turns: the loop wakes once for all of them. */
static void posts_follow(void *server, bool more)
{
    server_posts_follow(server, more);
}

enum exit_code home_serve(struct home *h, const struct cli *c, const struct serve_options *o)
{
    char host[100];
    char why[256];
    uint16_t port;
    if (!split_listen(o->listen, host, &port))
        return cli_usage(c, "--listen \"%s\": give HOST:PORT, such as 127.0.0.1:7700", o->listen);
    if (desk_start(&h->parts->desk, clock_now_ms()) != CHAT_OK)
        return cli_fault(c, "the data could not be written");

    training_recover(h->parts->training, clock_now_ms());
    struct serving s = {.home = h, .outgoing = outgoing_new(h, o->config, why)};
    if (s.outgoing == NULL)
        return cli_usage(c, "%s", why);
    s.shop_systems.link = shop_link_new(h->store, h->inbox);
    struct outbox_sender to_shops = shop_link_sender(s.shop_systems.link);
    sender_set(outgoing_sender(s.outgoing), OUTBOX_SHOP, &to_shops);
    make_groups(&s, o->demo);
    s.web = web_channel_new(&(struct web_channel_config){.store = h->store, .inbox = h->inbox, .live = h->live,
                                                         .work = h->workers, .unpaced = o->measure, .arg = h,
                                                         .card = card_of});
    inbox_set_limit(h->inbox, o->measure ? 0 : LIMIT_MESSAGES_PER_10S);
    if (!o->measure)
        inbox_wait_for_more(h->inbox);
    s.events = (struct socket_events){
        .arg = &s, .opened = on_opened, .frame = on_frame, .closed = on_closed, .tick = on_tick};
    struct server_config config = {.host = host, .port = port, .store = h->store, .workers = h->workers,
                                   .slow = h->slow, .groups = s.groups, .group_count = s.group_count,
                                   .authenticate = authenticate, .may_send = may_send, .auth_arg = h, .file = files_serve,
                                   .live = &s.events, .live_path = "/api/v1/live"};
    h->server = server_new(&config, why);
    enum exit_code code = EXIT_DONE;
    if (h->server == NULL) {
        code = cli_fault(c, "%s", why);
    } else {
        live_attach(h->live, h->server);
        store_on_answers(h->store, posts_follow, h->server);
        web_channel_attach(s.web, h->server);
        handle_signals(h->server);
        outgoing_start(s.outgoing);
        say_started(o, host, server_port(h->server));
        log_event(LOG_INFO, "listening", "host=%s port=%u", host, server_port(h->server));
        server_run(h->server);
        log_event(LOG_INFO, "stopped", NULL);
        stopping_server = NULL;
        shop_link_stop(s.shop_systems.link);
        outgoing_stop(s.outgoing);
        inbox_tick(h->inbox, INT64_MAX); /* whoever waits for an answer gets it */
        home_drain(h);
        store_on_answers(h->store, NULL, NULL);
        server_free(h->server);
        h->server = NULL;
    }
    outgoing_free(s.outgoing);
    shop_link_free(s.shop_systems.link);
    web_channel_free(s.web);
    suggest_room_free(s.suggest);
    buf_done(&s.document);
    return code;
}
