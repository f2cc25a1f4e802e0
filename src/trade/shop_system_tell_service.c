/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Telling: a buyer hears what became of a wish that was handed on: that it takes longer, once; then that it is done, why it
 * is not, or that people see to it.
 *
 * How          The row of a wish says when there is something to tell. It is told under a key of its own, and that it was told
 *              is stored in the same unit: so once, whoever looks and whatever ends in between.
 */
#include "trade/shop_system_link_private.h"

#include "account/shop.h"
#include "base/log.h"
#include "base/texts.h"
#include "chat/conversation_store.h"
#include "chat/unasked.h"
#include "trade/order_store.h"

enum { TELL_AT_ONCE = 64 };

struct look {
    struct arena a;
    int64_t now_ms;
    struct shop_wish *wishes;
    size_t n;
};

/** What is told of one wish. */
struct telling {
    struct arena *a;
    const struct shop_wish *wish;
    struct str language;
    bool has_order;
    struct order order;
    int64_t told;
    bool gone; /* the wish was told of meanwhile */
};

static int read_due(struct tx *tx, void *arg)
{
    struct look *k = arg;
    return shop_wishes_to_tell(tx, &k->a, k->now_ms, TELL_AT_ONCE, &k->wishes, &k->n);
}

static int read_telling(struct tx *tx, void *arg)
{
    struct telling *t = arg;
    const struct shop_wish *w = t->wish;
    struct conversation c;
    struct shop shop;
    if (shop_get(tx, t->a, w->tenant_id, &shop) != ACCOUNT_OK)
        return STORE_FAULT;
    t->language = shop.language;
    if (w->conversation_id != 0 && conversation_get(tx, t->a, w->tenant_id, w->conversation_id, &c) == CHAT_OK)
        t->language = c.language;
    int rc = order_get_any(tx, t->a, w->tenant_id, w->order_id, &t->order);
    t->has_order = rc > 0;
    return rc < 0 ? STORE_FAULT : STORE_OK;
}

static int keep_told(struct tx *tx, void *arg)
{
    struct telling *t = arg;
    int rc = shop_wish_heard(tx, t->wish->tenant_id, t->wish->id, t->told, 0);
    t->gone = rc == 0;
    return rc < 0 ? STORE_FAULT : rc == 0 ? CHAT_DUPLICATE : STORE_OK;
}

/** "shop_system.done.order.change_address" where there is a text of that action, else "shop_system.done". */
static struct str text_of(const struct telling *t)
{
    const char *state = t->wish->state == SHOP_WISH_WAITING ? "slow" : shop_wish_state_name(t->wish->state);
    const char *own = str_c(t->a, str_fmt(t->a, "shop_system.%s.%.*s", state, STR_ARG(t->wish->action)));
    return texts_get(t->language, texts_has(t->language, own) ? own : str_c(t->a, str_fmt(t->a, "shop_system.%s", state)));
}

/** Why the shop said no: in our words for the codes of the contract, else in its own. */
static struct str why(const struct telling *t)
{
    const char *ours = str_c(t->a, str_fmt(t->a, "shop_system.why.%.*s", STR_ARG(t->wish->code)));
    if (t->wish->code.n > 0 && texts_has(t->language, ours))
        return texts_get(t->language, ours);
    return t->wish->reason.n > 0 ? t->wish->reason : texts_get(t->language, "shop_system.no_reason");
}

static struct str say(struct telling *t)
{
    const struct shop_wish *w = t->wish;
    struct address masked = {0};
    if (t->has_order && t->order.has_address)
        masked = address_masked(t->a, &t->order.address);
    struct text_value values[] = {
        {"order", w->order_id},
        {"action", texts_get(t->language, str_c(t->a, str_fmt(t->a, "shop_system.name.%.*s", STR_ARG(w->action))))},
        {"reason", why(t)},
        {"reference", w->reference},
        {"ticket", w->ticket},
        {"name", masked.name},
        {"phone", masked.phone},
        {"region", masked.region},
    };
    return texts_fill(t->a, text_of(t), values, COUNT(values));
}

/** Nobody is there to be told: it counts as told. */
static void give_up_telling(struct shop_link *l, struct telling *t)
{
    int rc = store_write(l->store, keep_told, t);
    if (rc < 0)
        log_event(LOG_WARN, "a wish could not be marked as told", "tenant=%lld", (long long)t->wish->tenant_id);
}

static void tell_one(struct shop_link *l, const struct shop_wish *w, int64_t now_ms)
{
    struct arena a = {0};
    struct telling t = {.a = &a, .wish = w, .told = w->told + 1};
    if (store_read(l->store, read_telling, &t) == STORE_OK) {
        struct message m = {.kind = MESSAGE_TEXT, .text = say(&t)};
        int64_t conversation;
        struct unasked u = {
            .tenant_id = w->tenant_id,
            .conversation_id = w->conversation_id,
            .buyer = w->buyer,
            .key = str_fmt(&a, "wish/%lld/%lld", (long long)w->id, (long long)t.told),
            .say = &m,
            .n = 1,
            .new_conversation = w->conversation_id != 0 && w->state != SHOP_WISH_WAITING,
            .also = keep_told,
            .also_arg = &t,
            .now_ms = now_ms,
        };
        int answer = chat_tell(l->inbox, &u, &conversation);
        if (answer == CHAT_NOT_FOUND || (answer == CHAT_DUPLICATE && !t.gone))
            give_up_telling(l, &t);
    }
    arena_done(&a); /* a fault is logged; the next tick tries again */
}

void link_tell(struct shop_link *l, int64_t now_ms)
{
    struct look k = {.now_ms = now_ms};
    if (store_read(l->store, read_due, &k) == STORE_OK)
        for (size_t i = 0; i < k.n; i++)
            tell_one(l, &k.wishes[i], now_ms);
    arena_done(&k.a);
}
