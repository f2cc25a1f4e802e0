/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Home: builds the rooms from the ground up, hands each what it needs of the others, and takes them down in the
 * opposite order.
 *
 * How          Rooms never include what stands above them; here they get functions of it instead (hooks).
 * Threads      turns: buyers' messages, keyed by contact. workers: requests, screens, routing keyed by tenant. slow:
 *              passwords. training: a thread of its own. One loop (server_run) on the caller's thread.
 */
#include "app/home.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "app/home_parts.h"
#include "base/log.h"
#include "base/seal.h"
#include "base/time.h"
#include "bot/care_guess.h"
#include "chat/upload_service.h"
#include "desk/agreement_service.h"

/* ---- routing: soon, once for many asks ---- */

struct route_job {
    struct home *home;
    int64_t tenant_id;
};

static enum work_answer route_job(void *arg)
{
    struct route_job *j = arg;
    struct parts *p = j->home->parts;
    pthread_mutex_lock(&p->lock);
    for (size_t i = 0; i < p->asked_n; i++) {
        if (p->asked[i] == j->tenant_id) {
            p->asked[i] = p->asked[--p->asked_n];
            break;
        }
    }
    pthread_mutex_unlock(&p->lock);
    (void)desk_route(&p->desk, j->tenant_id, clock_now_ms()); /* a fault is logged; the desk's tick tries again */
    free(j);
    return WORK_DONE;
}

/* Any thread, the writer's too: only posts. */
static void route_soon(void *arg, int64_t tenant_id)
{
    struct home *h = arg;
    struct parts *p = h->parts;
    pthread_mutex_lock(&p->lock);
    bool post = !p->draining;
    for (size_t i = 0; i < p->asked_n; i++)
        post = post && p->asked[i] != tenant_id;
    if (post && p->asked_n < COUNT(p->asked))
        p->asked[p->asked_n++] = tenant_id;
    if (post) { /* under the lock: home_drain() must not end the pool in between */
        struct route_job *j = xmalloc(sizeof(*j));
        *j = (struct route_job){h, tenant_id};
        work_post(h->workers, tenant_id, route_job, j);
    }
    pthread_mutex_unlock(&p->lock);
}

/* ---- people coming and going ---- */

struct presence_job {
    struct home *home;
    int64_t tenant_id, person_id;
    bool here;
};

static enum work_answer presence_job(void *arg)
{
    struct presence_job *j = arg;
    /* At a fault the desk's tick finds the person by its sockets again. */
    if (desk_presence(&j->home->parts->desk, j->tenant_id, j->person_id, j->here, clock_now_ms()) == CHAT_FAULT)
        log_event(LOG_WARN, "presence not stored", NULL);
    free(j);
    return WORK_DONE;
}

static void on_presence(void *arg, int64_t tenant_id, int64_t person_id, bool here)
{
    struct home *h = arg;
    struct presence_job *j = xmalloc(sizeof(*j));
    *j = (struct presence_job){h, tenant_id, person_id, here};
    work_post(h->workers, tenant_id, presence_job, j);
}

/* ---- what rooms lend each other ---- */

static struct str conversation_json(void *arg, struct arena *a, int64_t tenant_id, int64_t contact_id)
{
    struct home *h = arg;
    return live_conversation_json(h->live, a, tenant_id, contact_id);
}

static void guess(void *arg, struct arena *a, int64_t tenant_id, struct str buyer, struct str language, int64_t now_ms,
                  struct str *ret_guess, struct str *ret_order)
{
    struct home *h = arg;
    bot_guess(h->bot, a, tenant_id, buyer, language, now_ms, ret_guess, ret_order);
}

static int agents_online(void *arg, int64_t tenant_id)
{
    struct home *h = arg;
    return desk_agents_online(&h->parts->desk, tenant_id);
}

static struct str me_json(void *arg, struct arena *a, const struct actor *who)
{
    struct home *h = arg;
    return desk_me_json(&h->parts->desk, a, who);
}

static void sessions_ended(void *arg, int64_t tenant_id, int64_t person_id)
{
    struct home *h = arg;
    live_end_person(h->live, tenant_id, person_id);
}

static void end_of_worker(void *arg)
{
    struct home *h = arg;
    store_read_done(h->store);
}

/* ---- life ---- */

static bool open_ground(struct home *h, const char *dir, char ret_error[256])
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max; /* sockets of buyers: as many as we may */
        setrlimit(RLIMIT_NOFILE, &files);
    }
    if (mkdir(dir, 0700) != 0 && errno != EEXIST) {
        snprintf(ret_error, 256, "cannot make the data folder %.150s: %.60s", dir, strerror(errno));
        return false;
    }
    if (!seal_start(dir)) {
        snprintf(ret_error, 256, "cannot read or make %.150s/master.key: %.60s", dir, strerror(errno));
        return false;
    }
    h->store = store_open(dir, ret_error);
    return h->store != NULL;
}

static void build_rooms(struct home *h, const char *dir, bool serving)
{
    _cleanup_(arena_done) struct arena a = {0};
    const char *models = str_c(&a, str_fmt(&a, "%s/models", dir));
    struct parts *p = h->parts;
    h->turns = work_new(serving ? 2 : 1, "turn", end_of_worker, h);
    h->workers = work_new(serving ? 4 : 1, "worker", end_of_worker, h);
    h->slow = work_new(1, "slow", end_of_worker, h);
    p->zh = nlu_shipped("zh");
    p->en = nlu_shipped("en");
    p->ears = ears_new(h->store, models, p->zh, p->en);
    p->training = training_new(h->store, p->ears, models);
    p->catalogs = catalog_cache_new();
    p->knowledge = knowledge_cache_new();
    p->desk = (struct desk_room){.store = h->store, .catalogs = p->catalogs, .route_soon = route_soon, .route_arg = h};
    struct live_hooks hooks = {.arg = &p->desk, .agent_name = desk_agent_name, .rated = rating_is_rated,
                               .place = desk_place, .inbox_item = desk_inbox_item};
    h->live = live_new(h->store, h->workers, &hooks);
    p->desk.live = h->live;
    h->bot = bot_new(&(struct bot_parts){.store = h->store, .catalogs = p->catalogs, .knowledge = p->knowledge,
                                         .zh = p->zh, .en = p->en, .ears = p->ears, .duty = desk_duty, .duty_arg = &p->desk});
    p->desk.copilot = bot_copilot;
    p->desk.copilot_arg = h->bot;
    struct responder responder = bot_responder(h->bot);
    responder.settle = agreement_answered;
    responder.settle_room = &p->desk;
    h->inbox = inbox_new(h->store, h->turns, h->live, &responder, serving ? route_soon : NULL, h);
    p->desk.inbox = h->inbox;
    h->uploads = uploads_new(h->store, dir);
}

struct home *home_open(const char *dir, bool serving, char ret_error[256])
{
    struct home *h = xcalloc(1, sizeof(*h));
    h->parts = xcalloc(1, sizeof(*h->parts));
    pthread_mutex_init(&h->parts->lock, NULL);
    if (!open_ground(h, dir, ret_error)) {
        pthread_mutex_destroy(&h->parts->lock);
        free(h->parts);
        free(h);
        return NULL;
    }
    build_rooms(h, dir, serving);
    live_on_presence(h->live, on_presence, h);
    return h;
}

void home_close(struct home *h)
{
    if (h == NULL)
        return;
    struct parts *p = h->parts;
    work_free(h->turns);
    work_free(h->workers);
    work_free(h->slow);
    training_free(p->training);
    store_close(h->store); /* answers what was queued, so nothing below is in use after it */
    live_free(h->live);
    inbox_free(h->inbox);
    uploads_free(h->uploads);
    bot_free(h->bot);
    ears_free(p->ears);
    nlu_free(p->zh);
    nlu_free(p->en);
    knowledge_cache_free(p->knowledge);
    catalog_cache_free(p->catalogs);
    pthread_mutex_destroy(&p->lock);
    free(p);
    free(h);
}

struct account_room home_account_room(struct home *h)
{
    return (struct account_room){.store = h->store, .conversation_json = conversation_json,
                                 .agents_online = agents_online, .me_json = me_json, .guess = guess,
                                 .sessions_ended = sessions_ended, .arg = h};
}

void home_drain(struct home *h)
{
    pthread_mutex_lock(&h->parts->lock);
    h->parts->draining = true;
    pthread_mutex_unlock(&h->parts->lock);
    /* Jobs post to the loop and the writer's answers do too: both must be still before the server is freed. A request
     * waits for a turn, and a turn for no request: so the turns end last. */
    struct work **const pools[] = {&h->slow, &h->workers, &h->turns};
    for (size_t i = 0; i < COUNT(pools); i++) {
        work_free(*pools[i]);
        *pools[i] = NULL;
    }
}
