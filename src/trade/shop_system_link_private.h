/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Inside of trade/: what the parts of the link share: calling, pulling, telling. */

#include <pthread.h>
#include <stdatomic.h>

#include "base/work.h"
#include "net/call.h"
#include "trade/shop_system_link.h"
#include "trade/shop_system_private.h"

#define LINK_BREAKERS 64 /* shops in trouble at once that are remembered */

struct shop_link {
    struct store *store;
    struct inbox *inbox;
    struct work *pulls;    /* keyed by tenant */
    atomic_bool stop;
    pthread_mutex_t lock;
    struct {
        int64_t tenant_id; /* 0: free */
        struct adapter_breaker breaker;
    } breakers[LINK_BREAKERS]; /* guarded by lock */
};

/** What the rules say of calling a shop. */
struct link_terms {
    int64_t timeout_ms, give_up_ms, pause_ms, failures;
};
/** Reads the shop's system with its secrets, and the terms. 1, 0: it is built in, or STORE_FAULT. */
must_use int link_read(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t now_ms, struct shop_system *ret,
                       struct link_terms *ret_terms);
/** Signs and makes a call, and notes in the breaker whether it was answered. @param path  "/actions", with its query */
must_use enum call_answer link_call(struct shop_link *l, struct arena *a, const struct shop_system *s,
                                    const struct link_terms *terms, struct str path, struct str id, struct str body,
                                    struct call_reply *ret);
/** Reads what changed at a shop since the last time. */
void link_pull(struct shop_link *l, int64_t tenant_id);
/** Tells buyers what became of their wishes. */
void link_tell(struct shop_link *l, int64_t now_ms);
