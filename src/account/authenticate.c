/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Authenticate: two kinds of token, told apart by how they begin.
 */
#include "account/authenticate.h"

#include <stdlib.h>
#include <string.h>

#include "account/session.h"
#include "account/session_store.h"
#include "account/token.h"

#define EXTEND_AFTER_MS (30 * MINUTE_MS) /* a session in use is written anew at most so often */

static bool buyer(struct arena *a, struct str token, int64_t now_ms, struct actor *ret)
{
    struct token_claims c;
    if (!token_read_buyer(a, token, now_ms, &c))
        return false;
    *ret = (struct actor){.tenant_id = c.tenant_id,
                          .id = c.contact_id,
                          .roles = ROLE_BUYER,
                          .name = c.name,
                          .language = c.language};
    return true;
}

/** A session's new end, on its way to the writer. */
struct extension {
    unsigned char hash[SEAL_HASH_BYTES];
    int64_t expires_ms;
};

static int extend(struct tx *tx, void *arg)
{
    const struct extension *e = arg;
    return session_extend(tx, e->hash, e->expires_ms);
}

static void extended(void *arg, int answer)
{
    (void)answer; /* a fault was logged by the store; the next request tries again */
    free(arg);
}

struct lookup {
    struct arena *arena;
    unsigned char hash[SEAL_HASH_BYTES];
    int64_t now_ms, expires_ms;
    struct actor *ret;
};

static int find(struct tx *tx, void *arg)
{
    struct lookup *w = arg;
    return session_actor(tx, w->arena, w->hash, w->now_ms, w->ret, &w->expires_ms);
}

bool actor_authenticate(struct store *store, struct arena *a, struct str bearer_or_cookie, int64_t now_ms,
                        struct actor *ret)
{
    if (token_is_buyer(bearer_or_cookie))
        return buyer(a, bearer_or_cookie, now_ms, ret);
    if (bearer_or_cookie.n == 0 || bearer_or_cookie.n > 128)
        return false;

    struct lookup w = {.arena = a, .now_ms = now_ms, .ret = ret};
    seal_hash(bearer_or_cookie, w.hash);
    if (store_read(store, find, &w) != ACCOUNT_OK)
        return false;
    if (w.expires_ms < now_ms + SESSION_MS - EXTEND_AFTER_MS) {
        struct extension *e = xmalloc(sizeof(*e));
        memcpy(e->hash, w.hash, sizeof(e->hash));
        e->expires_ms = now_ms + SESSION_MS;
        store_write_later(store, extend, e, extended);
    }
    return true;
}
