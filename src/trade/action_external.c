/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shops with a system of their own.
 */
#include "trade/action_external.h"

#include "base/json_doc.h"

bool action_external(struct arena *a, const struct shop *shop, enum action action)
{
    const struct json_node *system = json_doc_get(json_doc_read(a, shop->settings), "shop_system");
    struct str kind = system != NULL && system->kind == JSON_KIND_OBJECT ? json_doc_str(system, "kind") : json_doc_text(system);
    return action_row(action)->external && kind.n > 0 && !str_eq_c(kind, "built_in");
}
