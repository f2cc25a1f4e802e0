/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Demo deeds. A row's key is its place in the story ("demo/E10034/2"), so that a start that was cut short goes on.
 */
#include "app/demo_deeds.h"

#include <stdio.h>

#include "account/shop.h"
#include "base/id.h"
#include "base/time.h"
#include "trade/action_service.h"
#include "trade/action_store.h"
#include "trade/order_store.h"

struct deed {
    int64_t tenant_id;
    struct str order_id;
    struct arena *arena;
    struct order order;
    struct case_row_stored *cases;
    size_t case_count;
    bool known; /* something was done about the order */
};

static int read_order(struct tx *tx, void *arg)
{
    struct deed *d = arg;
    if (order_get_any(tx, d->arena, d->tenant_id, d->order_id, &d->order) != 1)
        return STORE_FAULT;
    return case_list_of_order(tx, d->arena, d->tenant_id, d->order_id, &d->cases, &d->case_count);
}

static bool wish_of(const json_t *row, const struct deed *d, const char *key, struct action_request *ret)
{
    *ret = (struct action_request){
        .tenant_id = d->tenant_id,
        .who = {.actor = CASE_BUYER, .buyer = d->order.buyer, .confirmed = true},
        .key = str_from(key),
        .order_id = d->order_id,
        .sub_id = json_str(row, "sub"),
        .case_id = d->case_count > 0 ? d->cases[d->case_count - 1].id : 0,
        .text = json_str(row, "text"),
        .tax_id = json_str(row, "tax_id"),
        .reason = json_str(row, "reason"),
        .says_received = json_is_true(json_object_get(row, "received")),
        .quantity = json_int(row, "quantity", 0),
    };
    struct str type = json_str(row, "type");
    return action_from_name(json_str(row, "action"), &ret->action) && time_parse(json_str(row, "at"), &ret->now_ms) &&
           (type.n == 0 || case_type_from_name(type, &ret->type));
}

static bool do_row(struct store *store, const struct shop *shop, struct arena *a, const json_t *row, int number,
                   char ret_error[256])
{
    struct deed d = {.tenant_id = shop->tenant_id, .order_id = json_str(row, "order"), .arena = a};
    struct action_request wish;
    struct action_result result;
    char key[128];
    snprintf(key, sizeof(key), "demo/%.*s/%d", STR_ARG(d.order_id), number);
    if (store_read(store, read_order, &d) != STORE_OK || !wish_of(row, &d, key, &wish)) {
        snprintf(ret_error, 256, "the demo's deed %d cannot be read", number);
        return false;
    }
    wish.id = id_new(wish.now_ms);
    action_do(store, a, &wish, &result);
    if (result.answer == ACTION_FAULT)
        snprintf(ret_error, 256, "the demo's deed %d could not be stored", number);
    return result.answer != ACTION_FAULT; /* refused: somebody has played with the order before */
}

bool demo_deeds_do(struct store *store, const struct shop *shop, struct str rows, char ret_error[256])
{
    struct str line;
    bool good = true;
    for (int number = 1; good && str_cut(&rows, '\n', &line) && line.n > 0; number++) {
        _cleanup_(json_donep) json_t *row = json_read(line, NULL);
        struct arena a = {0};
        good = row != NULL && do_row(store, shop, &a, row, number, ret_error);
        arena_done(&a);
    }
    shop_cache_forget();
    return good;
}

static int look(struct tx *tx, void *arg)
{
    struct deed *d = arg;
    struct action_logged *list;
    size_t n;
    if (action_list_of_order(tx, d->arena, d->tenant_id, d->order_id, 1, &list, &n) != STORE_OK)
        return STORE_FAULT;
    d->known = n > 0;
    return STORE_OK;
}

bool demo_deeds_about(struct store *store, int64_t tenant_id, struct str order_id)
{
    struct arena a = {0};
    struct deed d = {.tenant_id = tenant_id, .order_id = order_id, .arena = &a};
    bool unread = store_read(store, look, &d) != STORE_OK;
    arena_done(&a);
    return unread || d.known;
}
