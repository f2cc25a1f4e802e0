/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shops' own systems: names, and what the contract lets one do.
 */
#include "trade/shop_system.h"

#include "base/json_doc.h"

/** What of our actions the contract has. The others are ours everywhere: they move cases or make work orders. */
static const char *const contract[] = {
    "order.cancel",   "order.change_address", "order.change_phone", "order.change_sku",
    "order.add_note", "order.extend_receipt", SHOP_PAYMENT,
};

static const char *const kinds[] = {
    [SHOP_SYSTEM_BUILT_IN] = "built_in", [SHOP_SYSTEM_HTTP] = "http", [SHOP_SYSTEM_VENDURE] = "vendure"};

static const char *const states[] = {
    [SHOP_WISH_WAITING] = "waiting", [SHOP_WISH_DONE] = "done", [SHOP_WISH_REFUSED] = "refused",
    [SHOP_WISH_GIVEN_UP] = "given_up"};

const char *shop_system_kind_name(enum shop_system_kind k)
{
    return kinds[k];
}

bool shop_system_kind_from_name(struct str name, enum shop_system_kind *ret)
{
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (!str_eq_c(name, kinds[i]))
            continue;
        *ret = (enum shop_system_kind)i;
        return true;
    }
    return false;
}

const char *shop_wish_state_name(enum shop_wish_state s)
{
    return states[s];
}

bool shop_system_can(struct str actions, struct str name)
{
    bool known = false, said = actions.n == 0;
    for (size_t i = 0; i < COUNT(contract); i++)
        known = known || str_eq_c(name, contract[i]);
    if (!known || said)
        return known;
    _cleanup_(arena_done) struct arena a = {0};
    const struct json_node *list = json_doc_read(&a, actions);
    JSON_DOC_EACH(one, list)
        said = said || str_eq(json_doc_text(one), name);
    return said;
}
