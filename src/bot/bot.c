/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bot: the thing that app/ makes, and the small services that its files share.
 */
#include "bot/bot.h"

#include <stdlib.h>

#include "base/asset.h"
#include "bot/bot_private.h"
#include "trade/card.h"
#include "trade/order_store.h"

static void hash_asset(void *arg, struct str name, struct str bytes)
{
    uint64_t *hash = arg;
    if (str_ends(name, STR("/intents.tsv")) || str_ends(name, STR("/words.tsv")) || str_ends(name, STR("/bot.tsv")) ||
        str_ends(name, STR("/flow.tsv")) || str_starts(name, STR("packs/flows/")))
        *hash = (*hash * 31) ^ str_hash(bytes);
}

static struct str version_text(struct arena *a, const struct nlu *zh, const struct nlu *en, struct str data)
{
    struct str none = STR("-");
    return str_fmt(a, "%.*s+%.*s+%.*s", STR_ARG(zh != NULL ? nlu_version(zh) : none),
                   STR_ARG(en != NULL ? nlu_version(en) : none), STR_ARG(data));
}

static void make_version(struct bot *b)
{
    uint64_t hash = 0;
    asset_each(STR("packs/"), hash_asset, &hash);
    b->data = str_fmt(&b->arena, "%08x", (unsigned)(hash & 0xffffffff));
    b->version = version_text(&b->arena, b->parts.zh, b->parts.en, b->data);
}

struct bot *bot_new(const struct bot_parts *parts)
{
    struct bot *b = xcalloc(1, sizeof(*b));
    b->parts = *parts;
    b->rules = rules_cache_new();
    b->orders = order_cache_new();
    b->flows = flow_cache_new();
    make_version(b);
    return b;
}

void bot_free(struct bot *b)
{
    if (b == NULL)
        return;
    rules_cache_free(b->rules);
    order_cache_free(b->orders);
    flow_cache_free(b->flows);
    struct arena a = b->arena;
    arena_done(&a);
    free(b);
}

struct str bot_version(const struct bot *b)
{
    return b->version;
}

/* ---- hearing ----------------------------------------------------------------------------------------------- */

struct ear bot_ear(const struct bot *b, const struct shop *shop, int64_t conversation_id)
{
    struct ear ear = {.zh = b->parts.zh, .en = b->parts.en};
    if (b->parts.ears != NULL)
        ear = ear_hold(b->parts.ears, shop->tenant_id, shop->catalog, conversation_id);
    ear.shop = shop;
    ear.reject_rate = shop->reject_rate;
    return ear;
}

void bot_ear_done(const struct bot *b, struct ear *ear)
{
    if (b->parts.ears != NULL)
        ear_release(b->parts.ears, ear);
}

struct str bot_version_with(const struct bot *b, struct arena *a, const struct ear *ear)
{
    bool shipped = ear->zh == b->parts.zh && ear->en == b->parts.en;
    return shipped ? b->version : version_text(a, ear->zh, ear->en, b->data);
}

/* ---- language ---------------------------------------------------------------------------------------------- */

struct str bot_language(struct str language)
{
    return str_starts(language, STR("zh")) ? STR("zh") : STR("en");
}

/* ---- what other files ask for ---------------------------------------------------------------------------------- */

struct duty bot_duty(const struct bot *b, struct arena *a, const struct duty_question *q)
{
    return b->parts.duty != NULL ? b->parts.duty(b->parts.duty_arg, a, q) : (struct duty){0};
}

struct gather_question bot_question(const struct bot *b, const struct shop *shop)
{
    return (struct gather_question){
        .store = b->parts.store,
        .catalogs = b->parts.catalogs,
        .knowledge = b->parts.knowledge,
        .rules = b->rules,
        .orders = b->orders,
        .shop = shop,
    };
}

/* ---- cards that a buyer sends ------------------------------------------------------------------------------------ */

struct card_work {
    const struct bot *bot;
    struct arena *arena;
    const struct incoming *in;
    struct str data; /* empty: not the buyer's, or not the shop's */
};

static int read_card(struct tx *tx, void *arg)
{
    struct card_work *w = arg;
    const struct incoming *in = w->in;
    struct catalog_cache *catalogs = w->bot->parts.catalogs;
    const struct catalog *c = catalog_hold(catalogs, tx, in->tenant_id);
    if (c == NULL)
        return STORE_FAULT;
    const struct product *p = catalog_product(c, in->product_id);
    struct order order;
    if (in->order_id.n == 0 && p != NULL)
        w->data = card_product_data(w->arena, p, c);
    else if (in->buyer.n > 0 && order_get(tx, w->arena, in->tenant_id, in->buyer, in->order_id, &order) > 0)
        w->data = card_order_data(w->arena, &order, c, in->language);
    catalog_release(catalogs, c);
    return STORE_OK;
}

static bool bot_card(void *room, struct store *store, struct arena *a, const struct incoming *in, struct str *ret_data)
{
    struct card_work w = {.bot = room, .arena = a, .in = in};
    if (store_read(store, read_card, &w) != STORE_OK || w.data.n == 0)
        return false;
    *ret_data = w.data;
    return true;
}

struct responder bot_responder(struct bot *b)
{
    return (struct responder){.room = b, .reply = bot_turn, .card = bot_card};
}
