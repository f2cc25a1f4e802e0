/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pull: what changed at a shop since the last time, for what its webhooks lost.
 *
 * How          First what it can do (GET /health), then its products and orders, a page at a time: each page and the cursor
 *              behind it are one unit of work, so a pull that was broken off goes on where it was. An object that cannot be
 *              taken is logged and passed over; the shop's people see how many there were.
 */
#include "trade/shop_system_link_private.h"

#include "account/shop.h"
#include "base/id.h"
#include "base/log.h"
#include "base/time.h"
#include "trade/rules.h"

enum {
    PAGE = 100,
    PAGES_MOST = 200,    /* of one pull; the next one goes on */
    ACTIONS_MOST = 50,
    CURSOR_MOST = 200,   /* bytes */
};

/** One shop's pull. */
struct pull {
    struct shop_link *link;
    struct arena a;      /* of one page */
    struct arena whole;  /* of the pull */
    struct shop_system system;
    struct link_terms terms;
    int found;
    int64_t tenant_id, now_ms;
    const char *kind;    /* "order", "product" */
    struct str cursor;
    json_t *page;        /* borrowed */
    struct str error;    /* in `whole` */
    struct str actions;  /* in `whole` */
    int64_t refused;
};

static int read_pull(struct tx *tx, void *arg)
{
    struct pull *p = arg;
    p->found = link_read(tx, &p->whole, p->tenant_id, p->now_ms, &p->system, &p->terms);
    return p->found < 0 ? STORE_FAULT : STORE_OK;
}

/** Asks, and gives the object that was answered (new reference), or NULL with the error. */
static json_t *ask(struct pull *p, struct str path)
{
    struct call_reply reply = {0};
    struct str id = str_fmt(&p->a, "get_%lld", (long long)id_new(clock_now_ms()));
    enum call_answer called = link_call(p->link, &p->a, &p->system, &p->terms, path, id, STR_NONE, &reply);
    if (called != CALL_OK) {
        p->error = str_fmt(&p->whole, "%s: %.*s", call_answer_name(called), STR_ARG(str_clip(reply.error, 200)));
        return NULL;
    }
    json_t *answer = reply.status == 200 ? json_read(reply.body, NULL) : NULL;
    if (json_is_object(answer))
        return answer;
    json_decref(answer);
    p->error = str_fmt(&p->whole, "GET %.*s: HTTP %d without an answer of the contract", STR_ARG(str_clip(path, 60)),
                       reply.status);
    return NULL;
}

static bool check_health(struct pull *p)
{
    _cleanup_(json_donep) json_t *health = ask(p, STR("/health"));
    const json_t *actions = json_object_get(health, "actions");
    if (health == NULL)
        return false;
    if (json_int(health, "contract", 0) != 1 || !json_is_array(actions) || json_array_size(actions) > ACTIONS_MOST) {
        p->error = STR("GET /health: it does not speak contract 1");
        return false;
    }
    for (size_t i = 0; i < json_array_size(actions); i++)
        if (!json_is_string(json_array_get(actions, i)))
            return false;
    p->actions = json_dump(&p->whole, actions);
    return true;
}

/** A page and the cursor behind it. */
static int take_page(struct tx *tx, void *arg)
{
    struct pull *p = arg;
    const json_t *items = json_object_get(p->page, "items");
    bool orders = str_eq_c(STR("order"), p->kind);
    p->refused = 0;
    for (size_t i = 0; i < json_array_size(items); i++) {
        struct str why;
        const json_t *item = json_array_get(items, i), *object = json_object_get(item, p->kind);
        enum shop_news news =
            shop_system_take(tx, &p->a, p->tenant_id, p->kind, json_int(item, "version", 0), object, &why);
        if (news == SHOP_NEWS_FAULT)
            return STORE_FAULT;
        if (news != SHOP_NEWS_REFUSED)
            continue;
        p->refused++;
        log_event(LOG_WARN, "what a shop's system gives cannot be taken", "tenant=%lld %s=%.*s why=\"%.*s\"",
                  (long long)p->tenant_id, p->kind, STR_ARG(str_clip(json_str(object, "id"), 64)), STR_ARG(why));
    }
    return shop_system_pulled(tx, p->tenant_id, orders ? p->cursor : STR_NONE, orders ? STR_NONE : p->cursor);
}

/** One page. @return whether there may be more */
static bool pull_page(struct pull *p)
{
    struct str path = str_fmt(&p->a, "/%ss?since=%.*s&limit=%d", p->kind, STR_ARG(call_escape(&p->a, p->cursor)), PAGE);
    _cleanup_(json_donep) json_t *page = ask(p, path);
    if (page == NULL)
        return false;
    struct str next = json_str(page, "next");
    const json_t *items = json_object_get(page, "items");
    bool more = json_flag(page, "more", false) && !str_eq(next, p->cursor);
    if (!json_is_array(items) || json_array_size(items) > PAGE || next.n > CURSOR_MOST) {
        p->error = str_fmt(&p->whole, "GET %.*s: no page of the contract", STR_ARG(str_clip(path, 60)));
        return false;
    }
    p->cursor = str_dup(&p->whole, next);
    p->page = page;
    if (json_array_size(items) == 0)
        return false;
    if (store_write(p->link->store, take_page, p) != STORE_OK)
        return false; /* logged; the cursor stands where it was */
    shop_cache_forget();
    if (p->refused > 0)
        p->error = str_fmt(&p->whole, "%lld %ss could not be taken: see the log", (long long)p->refused, p->kind);
    return more;
}

static void pull_kind(struct pull *p, const char *kind, struct str cursor)
{
    p->kind = kind;
    p->cursor = cursor;
    bool more = true;
    for (int pages = 0; more && pages < PAGES_MOST && !atomic_load(&p->link->stop); pages++) {
        more = pull_page(p);
        arena_reset(&p->a);
    }
}

static int note_pull(struct tx *tx, void *arg)
{
    struct pull *p = arg;
    int64_t kept = rules_number(tx, &p->a, p->tenant_id, "shop_system.webhook_kept", POLICY_DURATION, p->now_ms, DAY_MS);
    if (shop_webhook_forget(tx, p->tenant_id, p->now_ms - kept) < 0 ||
        shop_system_note(tx, p->tenant_id, p->actions, p->error, p->now_ms) < 0)
        return STORE_FAULT;
    struct shop_system s;
    int rc = shop_system_look(tx, &p->a, p->tenant_id, &s);
    if (rc <= 0)
        return rc < 0 ? rc : STORE_OK;
    return shop_system_pull_at(tx, p->tenant_id, s.pull_ms, p->error.n == 0 ? p->now_ms : 0);
}

void link_pull(struct shop_link *l, int64_t tenant_id)
{
    struct pull p = {.link = l, .tenant_id = tenant_id, .now_ms = clock_now_ms()};
    if (store_read(l->store, read_pull, &p) == STORE_OK && p.found > 0) {
        bool healthy = check_health(&p);
        arena_reset(&p.a);
        if (healthy) {
            pull_kind(&p, "product", p.system.products_cursor);
            pull_kind(&p, "order", p.system.orders_cursor);
        }
        if (p.error.n > 0)
            log_event(LOG_WARN, "pull of a shop's system", "tenant=%lld why=\"%.*s\"", (long long)tenant_id, STR_ARG(p.error));
        if (store_write(l->store, note_pull, &p) != STORE_OK)
            log_event(LOG_WARN, "a pull could not be noted", "tenant=%lld", (long long)tenant_id);
    }
    arena_done(&p.a);
    arena_done(&p.whole);
}
