/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Contact: who writes to a shop: a buyer that the merchant's token has named, or a guest. Made on first use, found
 * again by the buyer's id or by the guest's visitor token.
 */

#include "account/account.h"
#include "account/reach.h"
#include "account/shop.h"

struct contact {
    int64_t tenant_id, id;
    struct str buyer; /**< the merchant's id; empty: a guest */
    struct str name, language;
    int64_t first_ms;
    int64_t last_agent_id, last_agent_ms; /**< who served last; 0: nobody yet */
};

/** Who asks for a session. */
struct contact_who {
    struct str buyer, name; /**< proven by the merchant's token, or empty */
    int64_t contact_id;     /**< of a visitor token, or 0 */
    struct str language;    /**< of the browser; empty: the shop's */
    const struct contact_reach *reach; /**< what the merchant's token says of it; NULL: nothing */
};

/**
 * The contact of @p who: found, brought up to date (name, language), or made. Inside a unit of work; text in @p a.
 * A contact that a visitor token names but that is a buyer's by now, or gone, is not used: a new guest is made.
 */
must_use enum account_answer contact_open(struct tx *tx, struct arena *a, const struct shop *shop,
                                          const struct contact_who *who, int64_t now_ms, struct contact *ret);

must_use enum account_answer contact_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t id,
                                         struct contact *ret);
must_use enum account_answer contact_by_buyer(struct tx *tx, struct arena *a, int64_t tenant_id, struct str buyer,
                                              struct contact *ret);
must_use enum account_answer contact_insert(struct tx *tx, const struct contact *c);
must_use enum account_answer contact_rename(struct tx *tx, int64_t tenant_id, int64_t id, struct str name,
                                            struct str language);
/** Remembers who served: the buyer's next conversation goes there first for 72 h. */
must_use enum account_answer contact_served(struct tx *tx, int64_t tenant_id, int64_t id, int64_t agent_id,
                                            int64_t now_ms);
