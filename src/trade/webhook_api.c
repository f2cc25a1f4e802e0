/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routes of shops' own systems.
 *
 * Invariants   1. A webhook is taken only when its signature holds for the very bytes that came, and lately.
 *              2. A shop that is not there, one without a system, and one whose signature does not hold are one answer.
 *              3. A secret is shown once, to the owner who made it.
 */
#include "trade/webhook_api.h"

#include "account/actor.h"
#include "account/audit.h"
#include "account/shop.h"
#include "base/time.h"
#include "trade/rules.h"
#include "trade/shop_system_private.h"

#define HOOK_BYTES (1 * MIB)

/* ---- webhooks ---------------------------------------------------------------------------------------------------------- */

struct door {
    struct request *rq;
    struct shop_system system;
    int found;
    int64_t window_ms;
};

static int read_door(struct tx *tx, void *arg)
{
    struct door *d = arg;
    struct shop shop;
    enum account_answer answer = shop_find(tx, d->rq->arena, d->rq->segment[0], &shop);
    if (answer != ACCOUNT_OK)
        return answer == ACCOUNT_NOT_FOUND ? STORE_OK : STORE_FAULT;
    d->window_ms = rules_number(tx, d->rq->arena, shop.tenant_id, "shop_system.window", POLICY_DURATION, d->rq->now_ms, 0);
    d->found = shop_system_get(tx, d->rq->arena, shop.tenant_id, &d->system);
    if (d->found > 0 && d->system.old_until_ms <= d->rq->now_ms)
        d->system.secret[1] = STR_NONE;
    return d->found < 0 ? STORE_FAULT : STORE_OK;
}

static struct reply untrusted(enum adapter_trust trust)
{
    if (trust == ADAPTER_TOO_OLD)
        return reply_problem(401, "too_old", "The message was signed too long ago, or the clocks differ.");
    if (trust == ADAPTER_UNSIGNED)
        return reply_problem(401, "not_signed", "The headers webhook-id, webhook-timestamp and webhook-signature are wanted.");
    return reply_problem(401, "bad_signature", "The signature does not hold for this shop's secret and this body.");
}

static struct reply news_reply(struct request *rq, enum shop_news news, struct str why)
{
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    switch (news) {
    case SHOP_NEWS_FAULT: return reply_fault();
    case SHOP_NEWS_REFUSED: return reply_problem(422, "not_taken", str_c(rq->arena, why));
    case SHOP_NEWS_TAKEN:
    case SHOP_NEWS_SAME: break;
    }
    jo_open(&o);
    jo_kc(&o, "status", news == SHOP_NEWS_TAKEN ? "taken" : "same");
    jo_close(&o);
    return reply_json(&b);
}

static struct reply post_webhook(struct request *rq)
{
    struct door d = {.rq = rq};
    if (store_read(rq->store, read_door, &d) != STORE_OK)
        return reply_fault();
    struct adapter_headers headers = {rq->header(rq, "webhook-id"), rq->header(rq, "webhook-timestamp"),
                                      rq->header(rq, "webhook-signature")};
    if (!str_is_utf8(headers.id))
        return untrusted(ADAPTER_UNSIGNED);
    size_t secrets = d.found > 0 ? ADAPTER_SECRETS : 0;
    enum adapter_trust trust =
        adapter_verify(d.system.secret, secrets, &headers, rq->raw, rq->now_ms, d.found > 0 ? d.window_ms : INT64_MAX / 2);
    if (trust != ADAPTER_TRUSTED)
        return untrusted(trust);
    struct str why = STR_NONE;
    enum shop_news news = shop_system_hear(rq->store, rq->arena, d.system.tenant_id, headers.id, json_str(rq->body, "type"),
                                           json_object_get(rq->body, "data"), rq->now_ms, &why);
    return news_reply(rq, news, why);
}

/* ---- the owner's ------------------------------------------------------------------------------------------------------- */

/** The system in the hands of an owner's request. */
struct owning {
    struct request *rq;
    struct shop_system system;
    int64_t waiting;
    struct str secret; /* new, to be shown */
    bool found;
};

static int read_system(struct tx *tx, void *arg)
{
    struct owning *w = arg;
    int rc = shop_system_look(tx, w->rq->arena, w->rq->actor->tenant_id, &w->system);
    w->found = rc > 0;
    w->waiting = rc >= 0 ? shop_wish_waiting(tx, w->rq->actor->tenant_id) : STORE_FAULT;
    return w->waiting < 0 ? STORE_FAULT : STORE_OK;
}

static struct reply get_system(struct request *rq)
{
    const struct webhook_room *room = rq->room;
    struct owning w = {.rq = rq};
    if (store_read(rq->store, read_system, &w) != STORE_OK)
        return reply_fault();
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kc(&o, "kind", shop_system_kind_name(w.system.kind));
    jo_kt(&o, "url", w.system.url);
    jo_kn(&o, "waiting", w.waiting);
    jo_kb(&o, "left_alone", w.found && shop_link_is_open(room->link, rq->actor->tenant_id, rq->now_ms));
    jo_kat(&o, "old_secret_until", w.system.old_until_ms);
    jo_kat(&o, "checked_at", w.system.checked_ms);
    jo_kat(&o, "pulled_at", w.system.pulled_ms);
    jo_kt(&o, "error", w.system.error);
    jo_key(&o, "actions");
    jo_raw(&o, w.system.actions.n > 0 ? w.system.actions : STR("[]"));
    jo_close(&o);
    return reply_json(&b);
}

static int audit(struct tx *tx, const struct request *rq, const char *what, struct str detail)
{
    struct str actor = str_fmt(rq->arena, "person:%lld", (long long)rq->actor->id);
    return audit_add(tx, rq->actor->tenant_id, rq->now_ms, actor, what, STR("shop_system"), detail) == ACCOUNT_OK ? STORE_OK
                                                                                                                  : STORE_FAULT;
}

/** Another address is another system: it is read from the beginning, and lies outside until the operator says otherwise. */
static int put_system(struct tx *tx, void *arg)
{
    struct owning *w = arg;
    struct request *rq = w->rq;
    struct str url = json_str(rq->body, "url");
    struct shop_system before = {0};
    int there = shop_system_get(tx, rq->arena, rq->actor->tenant_id, &before);
    if (there < 0)
        return STORE_FAULT;
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kt(&o, "kind", json_str(rq->body, "kind"));
    jo_kt(&o, "url", url);
    jo_close(&o);
    if (audit(tx, rq, "shop_system_changed", buf_view(&b)) < 0)
        return STORE_FAULT;
    if (str_eq_c(json_str(rq->body, "kind"), "built_in"))
        return shop_system_remove(tx, rq->actor->tenant_id);
    struct shop_system s = there > 0 && str_eq(before.url, url) ? before : (struct shop_system){
        .tenant_id = rq->actor->tenant_id, .url = url, .old_until_ms = before.old_until_ms};
    (void)shop_system_kind_from_name(json_str(rq->body, "kind"), &s.kind); /* one of the choices */
    for (size_t i = 0; i < ADAPTER_SECRETS; i++)
        s.secret[i] = before.secret[i];
    if (s.secret[0].n == 0)
        s.secret[0] = w->secret = adapter_secret_new(rq->arena);
    return shop_system_put(tx, rq->arena, &s, rq->now_ms);
}

static struct reply secret_reply(struct request *rq, struct str secret)
{
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    if (secret.n > 0)
        jo_kt(&o, "secret", secret);
    jo_close(&o);
    return reply_json(&b);
}

static struct reply put_shop_system(struct request *rq)
{
    struct owning w = {.rq = rq};
    bool built_in = str_eq_c(json_str(rq->body, "kind"), "built_in");
    if (!built_in && !adapter_url_good(json_str(rq->body, "url")))
        return reply_problem(422, "bad_url", "The address must be http(s)://HOST[:PORT][/PATH] without a slash at its end.");
    if (store_write(rq->store, put_system, &w) != STORE_OK)
        return reply_fault();
    return secret_reply(rq, w.secret);
}

/** A new secret beside the present one, which holds for a while. */
static int rotate(struct tx *tx, void *arg)
{
    struct owning *w = arg;
    struct request *rq = w->rq;
    int rc = shop_system_get(tx, rq->arena, rq->actor->tenant_id, &w->system);
    if (rc <= 0)
        return rc;
    w->found = true;
    int64_t both_ms = rules_number(tx, rq->arena, rq->actor->tenant_id, "shop_system.rotation", POLICY_DURATION, rq->now_ms, 0);
    w->system.secret[1] = w->system.secret[0];
    w->system.secret[0] = w->secret = adapter_secret_new(rq->arena);
    w->system.old_until_ms = rq->now_ms + both_ms;
    if (shop_system_put(tx, rq->arena, &w->system, rq->now_ms) < 0)
        return STORE_FAULT;
    return audit(tx, rq, "shop_system_secret", STR_NONE);
}

static struct reply no_system(void)
{
    return reply_problem(404, "not_found", "The shop has no system of its own.");
}

static struct reply post_secret(struct request *rq)
{
    struct owning w = {.rq = rq};
    if (store_write(rq->store, rotate, &w) != STORE_OK)
        return reply_fault();
    return w.found ? secret_reply(rq, w.secret) : no_system();
}

static int pull_soon(struct tx *tx, void *arg)
{
    struct owning *w = arg;
    int rc = shop_system_look(tx, w->rq->arena, w->rq->actor->tenant_id, &w->system);
    w->found = rc > 0;
    if (rc <= 0)
        return rc;
    return shop_system_pull_at(tx, w->rq->actor->tenant_id, w->rq->now_ms, 0);
}

static struct reply post_check(struct request *rq)
{
    struct owning w = {.rq = rq};
    if (store_write(rq->store, pull_soon, &w) != STORE_OK)
        return reply_fault();
    return w.found ? reply_status(202) : no_system();
}

/* ---- the table ---------------------------------------------------------------------------------------------------------- */

static const struct field hook_body[] = {
    {"type", FIELD_TEXT, true, 1, 60, NULL, "order.changed, parcel.changed, product.changed or action.settled; others are left aside."},
    {"timestamp", FIELD_TEXT, false, 0, 40, NULL, "When it happened, RFC 3339."},
    {"data", FIELD_OBJECT, true, 0, HOOK_BYTES, NULL, "What it is now; see docs/shop-system.md."},
    {0},
};

static const struct field hook_gives[] = {
    {"status", FIELD_CHOICE, true, 0, 0, "taken|same", "same: taken before, or not newer than what is here."},
    {0},
};

static const struct field system_body[] = {
    {"kind", FIELD_CHOICE, true, 0, 0, "built_in|http|vendure", "built_in: the shop has no system of its own."},
    {"url", FIELD_TEXT, false, 0, 500, NULL, "Where it is reached, without a slash at its end."},
    {0},
};

static const struct field system_gives[] = {
    {"kind", FIELD_CHOICE, true, 0, 0, "built_in|http|vendure", "What it is."},
    {"url", FIELD_TEXT, true, 0, 500, NULL, "Where it is reached."},
    {"waiting", FIELD_INT, true, 0, 0, NULL, "Wishes that it has not answered yet."},
    {"left_alone", FIELD_BOOL, true, 0, 0, NULL, "It has not answered for a while, and is not asked just now."},
    {"old_secret_until", FIELD_TEXT, false, 0, 40, NULL, "Until when the secret before the present one holds."},
    {"checked_at", FIELD_TEXT, false, 0, 40, NULL, "When it was asked for news last."},
    {"pulled_at", FIELD_TEXT, false, 0, 40, NULL, "When that worked last."},
    {"error", FIELD_TEXT, true, 0, 500, NULL, "What was wrong with it; empty: nothing."},
    {"actions", FIELD_ARRAY, true, 0, 50, NULL, "What it says that it can do."},
    {0},
};

static const struct field secret_gives[] = {
    {"secret", FIELD_TEXT, false, 0, 120, NULL, "Shown this once: whsec_ and base64."},
    {0},
};

const struct route webhook_routes[] = {
    {METHOD_POST, "/api/v1/shops/:shop/webhooks", post_webhook, .body = hook_body, .gives = hook_gives, .max_body = HOOK_BYTES,
     .tag = "Shop's own system", .help = "News of a shop's own system, signed as Standard Webhooks."},
    {METHOD_GET, "/api/v1/shop-system", get_system, .needs = ROLE_OWNER | ROLE_LEADER, .gives = system_gives,
     .tag = "Shop's own system", .help = "How the shop's own system is reached, and how it does."},
    {METHOD_PUT, "/api/v1/shop-system", put_shop_system, .needs = ROLE_OWNER, .body = system_body, .gives = secret_gives,
     .slow = true, .tag = "Shop's own system",
     .help = "Names the shop's own system. The first time, the answer has the secret that signs both ways."},
    {METHOD_POST, "/api/v1/shop-system/secret", post_secret, .needs = ROLE_OWNER, .gives = secret_gives, .slow = true,
     .tag = "Shop's own system", .help = "A new secret; the one before holds for a while beside it."},
    {METHOD_POST, "/api/v1/shop-system/check", post_check, .needs = ROLE_OWNER | ROLE_LEADER, .tag = "Shop's own system",
     .help = "Asks the system for its health and its news now; GET /api/v1/shop-system tells what came of it."},
};
const size_t webhook_route_count = COUNT(webhook_routes);
