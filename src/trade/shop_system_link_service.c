/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Link: calling, sending, and the clock of pulls.
 *
 * How          The outbox's threads of kind shop call send(); a wish that was settled meanwhile is not sent. An answer of the
 *              contract settles it in the unit that marks the message; everything else is tried again until the shop's time
 *              is over, and then the message dies and people get the wish.
 * Threads      send() and died() on the sender's threads and the writer; pulls on two threads of their own, one a shop.
 */
#include "trade/shop_system_link_private.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/time.h"
#include "trade/rules.h"

/* ---- the breakers ------------------------------------------------------------------------------------------------------ */

/** The tenant's breaker, or a free one; NULL: all are taken by others. */
static struct adapter_breaker *breaker_of_locked(struct shop_link *l, int64_t tenant_id, bool make)
{
    size_t free_one = LINK_BREAKERS;
    for (size_t i = 0; i < LINK_BREAKERS; i++) {
        if (l->breakers[i].tenant_id == tenant_id)
            return &l->breakers[i].breaker;
        if (l->breakers[i].breaker.failures == 0 && free_one == LINK_BREAKERS)
            free_one = i;
    }
    if (!make || free_one == LINK_BREAKERS)
        return NULL;
    l->breakers[free_one].tenant_id = tenant_id;
    return &l->breakers[free_one].breaker;
}

/** Until when the shop is left alone; 0: it is not. */
static int64_t open_until(struct shop_link *l, int64_t tenant_id, int64_t now_ms)
{
    pthread_mutex_lock(&l->lock);
    const struct adapter_breaker *b = breaker_of_locked(l, tenant_id, false);
    int64_t until = b != NULL && !adapter_breaker_lets(b, now_ms) ? b->open_until_ms : 0;
    pthread_mutex_unlock(&l->lock);
    return until;
}

bool shop_link_is_open(struct shop_link *l, int64_t tenant_id, int64_t now_ms)
{
    return open_until(l, tenant_id, now_ms) != 0;
}

static void note(struct shop_link *l, int64_t tenant_id, bool answered, const struct link_terms *terms)
{
    pthread_mutex_lock(&l->lock);
    struct adapter_breaker *b = breaker_of_locked(l, tenant_id, !answered);
    if (b != NULL)
        adapter_breaker_note(b, answered, terms->failures, terms->pause_ms, clock_now_ms());
    pthread_mutex_unlock(&l->lock);
}

/* ---- calls --------------------------------------------------------------------------------------------------------------- */

int link_read(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t now_ms, struct shop_system *ret,
              struct link_terms *ret_terms)
{
    *ret_terms = (struct link_terms){
        .timeout_ms = rules_number(tx, a, tenant_id, "shop_system.timeout", POLICY_DURATION, now_ms, 0),
        .give_up_ms = rules_number(tx, a, tenant_id, "shop_system.give_up", POLICY_DURATION, now_ms, 0),
        .pause_ms = rules_number(tx, a, tenant_id, "shop_system.pause", POLICY_DURATION, now_ms, 0),
        .failures = rules_number(tx, a, tenant_id, "shop_system.failures", POLICY_NUMBER, now_ms, 1),
    };
    int rc = shop_system_get(tx, a, tenant_id, ret);
    if (rc > 0 && ret->old_until_ms <= now_ms)
        ret->secret[1] = STR_NONE;
    return rc;
}

enum call_answer link_call(struct shop_link *l, struct arena *a, const struct shop_system *s, const struct link_terms *terms,
                           struct str path, struct str id, struct str body, struct call_reply *ret)
{
    bool post = body.n > 0;
    int64_t seconds = clock_now_ms() / SECOND_MS;
    struct str signed_text = post ? body : str_fmt(a, "GET %.*s", STR_ARG(path));
    struct call_header headers[] = {
        {STR("webhook-id"), id},
        {STR("webhook-timestamp"), str_fmt(a, "%lld", (long long)seconds)},
        {STR("webhook-signature"), adapter_sign(a, s->secret, ADAPTER_SECRETS, id, seconds, signed_text)},
        {STR("Accept"), STR("application/json")},
        {STR("Content-Type"), STR("application/json")},
        {STR("Idempotency-Key"), id},
    };
    struct call c = {
        .method = post ? "POST" : "GET", .url = str_fmt(a, "%.*s%.*s", STR_ARG(s->url), STR_ARG(path)), .headers = headers,
        .header_count = post ? COUNT(headers) : COUNT(headers) - 2, .body = body, .timeout_ms = terms->timeout_ms,
        .private_ok = s->private_ok, .stop = &l->stop,
    };
    enum call_answer answer = call_http(a, &c, ret);
    if (answer != CALL_STOPPED)
        note(l, s->tenant_id, answer == CALL_OK && ret->status < 500, terms);
    return answer;
}

/* ---- sending what was handed on ------------------------------------------------------------------------------------------ */

/** One message on its way. In the arena of its sending. */
struct sending {
    struct arena *a;
    const struct outbox_item *item;
    struct str key;                  /* of the wish */
    struct shop_system system;
    struct link_terms terms;
    struct shop_wish wish;
    int has_system, has_wish;
    struct adapter_answer answer;    /* its order is in `order` */
    struct str order;                /* JSON, or empty */
    int64_t now_ms;
};

static int read_sending(struct tx *tx, void *arg)
{
    struct sending *s = arg;
    s->has_system = link_read(tx, s->a, s->item->tenant_id, s->now_ms, &s->system, &s->terms);
    s->has_wish = s->has_system < 0 ? STORE_FAULT : shop_wish_of_key(tx, s->a, s->item->tenant_id, s->key, &s->wish);
    return s->has_wish < 0 ? STORE_FAULT : STORE_OK;
}

static struct str wish_key(struct arena *a, struct str body)
{
    _cleanup_(json_donep) json_t *message = json_read(body, NULL);
    return str_dup(a, json_str(json_object_get(message, "data"), "key"));
}

/** The stored message with the time at which it is said. */
static struct str timed(struct arena *a, struct str body, int64_t now_ms)
{
    char at[TIME_TEXT];
    time_rfc3339(now_ms, 0, at);
    return str_fmt(a, "{\"timestamp\":\"%s\",%.*s", at, STR_ARG(str_sub(body, 1, SIZE_MAX)));
}

static int settle(struct tx *tx, void *arg)
{
    struct sending *s = arg;
    struct adapter_answer answer = s->answer;
    _cleanup_(json_donep) json_t *order = s->order.n > 0 ? json_read(s->order, NULL) : NULL;
    answer.order = order;
    int rc = shop_system_settle(tx, s->a, s->item->tenant_id, s->key, &answer, s->now_ms);
    return rc < 0 ? rc : STORE_OK;
}

/** Later, or never when the shop's time is over. */
static struct outbox_try not_yet(const struct sending *s, struct str error, int64_t not_before_ms)
{
    bool over = s->now_ms - s->item->began_ms >= s->terms.give_up_ms;
    return (struct outbox_try){.outcome = over ? OUTBOX_NEVER : OUTBOX_TRY_LATER, .error = error, .not_before_ms = not_before_ms};
}

static struct outbox_try call_shop(struct shop_link *l, struct sending *s)
{
    struct call_reply reply = {0};
    struct str body = timed(s->a, s->item->body, s->now_ms);
    enum call_answer called = link_call(l, s->a, &s->system, &s->terms, STR("/actions"), s->key, body, &reply);
    if (called != CALL_OK)
        return not_yet(s, reply.error.n > 0 ? reply.error : str_from(call_answer_name(called)), 0);
    s->answer = adapter_answer_read(s->a, reply.status, reply.body);
    s->order = s->answer.order != NULL ? json_dump(s->a, s->answer.order) : STR_NONE;
    adapter_answer_done(&s->answer);
    s->now_ms = clock_now_ms();
    switch (s->answer.verdict) {
    case ADAPTER_DONE:
    case ADAPTER_REFUSED: return (struct outbox_try){.outcome = OUTBOX_ARRIVED, .also = settle, .also_arg = s};
    case ADAPTER_LATER: return not_yet(s, STR("the shop's system is at work on it"), s->now_ms + reply.retry_after_ms);
    case ADAPTER_NONSENSE: break;
    }
    return not_yet(s, str_fmt(s->a, "HTTP %d without an answer of the contract", reply.status), 0);
}

static struct outbox_try send(void *arg, struct arena *a, const struct outbox_item *item)
{
    struct shop_link *l = arg;
    struct sending *s = arena_new(a, struct sending);
    *s = (struct sending){.a = a, .item = item, .key = wish_key(a, item->body), .now_ms = clock_now_ms()};
    if (store_read(l->store, read_sending, s) != STORE_OK)
        return (struct outbox_try){.outcome = OUTBOX_TRY_LATER, .error = STR("the database cannot be read")};
    if (s->has_wish == 0 || s->wish.state == SHOP_WISH_DONE || s->wish.state == SHOP_WISH_REFUSED)
        return (struct outbox_try){.outcome = OUTBOX_ARRIVED}; /* settled by a webhook */
    if (s->has_system == 0)
        return (struct outbox_try){.outcome = OUTBOX_NEVER, .error = STR("the shop has no system of its own any more")};
    int64_t until = open_until(l, item->tenant_id, s->now_ms);
    if (until != 0)
        return not_yet(s, STR("the shop's system has not answered for a while"), until);
    return call_shop(l, s);
}

static int died(void *arg, struct tx *tx, const struct outbox_item *item)
{
    (void)arg;
    struct arena a = {0};
    int rc = shop_system_give_up(tx, &a, item->tenant_id, wish_key(&a, item->body), item->error, clock_now_ms());
    arena_done(&a);
    return rc;
}

struct outbox_sender shop_link_sender(struct shop_link *l)
{
    return (struct outbox_sender){.send = send, .died = died, .arg = l};
}

/* ---- the clock ------------------------------------------------------------------------------------------------------------ */

enum { PULLS_AT_ONCE = 16 };

struct pull_job {
    struct shop_link *link;
    int64_t tenant_id;
};

static enum work_answer pull_job(void *arg)
{
    struct pull_job *j = arg;
    if (!atomic_load(&j->link->stop))
        link_pull(j->link, j->tenant_id);
    free(j);
    return WORK_DONE;
}

struct clock_look {
    struct arena a;
    int64_t now_ms;
    int64_t *due;
    size_t n;
};

static int read_due(struct tx *tx, void *arg)
{
    struct clock_look *c = arg;
    return shop_systems_due(tx, &c->a, c->now_ms, PULLS_AT_ONCE, &c->due, &c->n);
}

/** The next pulls are set before these begin: no other server takes them, and none that hangs is begun twice. */
static int set_next(struct tx *tx, void *arg)
{
    struct clock_look *c = arg;
    for (size_t i = 0; i < c->n; i++) {
        int64_t every = rules_number(tx, &c->a, c->due[i], "shop_system.pull", POLICY_DURATION, c->now_ms, DAY_MS);
        if (shop_system_pull_at(tx, c->due[i], c->now_ms + every, 0) < 0)
            return STORE_FAULT;
    }
    return STORE_OK;
}

void shop_link_tick(struct shop_link *l, int64_t now_ms)
{
    struct clock_look c = {.now_ms = now_ms};
    link_tell(l, now_ms);
    bool due = store_read(l->store, read_due, &c) == STORE_OK && c.n > 0;
    if (due && store_write(l->store, set_next, &c) == STORE_OK)
        for (size_t i = 0; i < c.n; i++) {
            struct pull_job *j = xmalloc(sizeof(*j));
            *j = (struct pull_job){l, c.due[i]};
            work_post(l->pulls, c.due[i], pull_job, j);
        }
    arena_done(&c.a); /* a fault is logged; the next tick tries again */
}

static void end_of_thread(void *arg)
{
    struct shop_link *l = arg;
    store_read_done(l->store);
}

struct shop_link *shop_link_new(struct store *store, struct inbox *inbox)
{
    struct shop_link *l = xcalloc(1, sizeof(*l));
    l->store = store;
    l->inbox = inbox;
    atomic_init(&l->stop, false);
    pthread_mutex_init(&l->lock, NULL);
    l->pulls = work_new(2, "shop", end_of_thread, l);
    return l;
}

void shop_link_stop(struct shop_link *l)
{
    atomic_store(&l->stop, true);
}

void shop_link_free(struct shop_link *l)
{
    if (l == NULL)
        return;
    shop_link_stop(l);
    work_free(l->pulls);
    pthread_mutex_destroy(&l->lock);
    free(l);
}
