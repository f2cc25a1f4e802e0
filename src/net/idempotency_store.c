/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kept answers: read before the handler runs, stored after it. An answer of 5xx is not kept: the caller shall try again.
 *
 * Threads      Two requests with one key at once must not both run: whose key is in `running` has the key; the other one
 *              is told to come back for the answer. No more than one entry a worker thread.
 */
#include "net/idempotency_store.h"

#include <pthread.h>
#include <string.h>

#include "base/seal.h"

#define RUNNING_MOST 64

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static unsigned char running[RUNNING_MOST][SEAL_HASH_BYTES]; /* guarded by guard */
static size_t running_n;                                     /* guarded by guard */

/* Takes the key, or false: somebody has it. */
static bool key_take(const unsigned char key[SEAL_HASH_BYTES])
{
    pthread_mutex_lock(&guard);
    bool may = running_n < RUNNING_MOST;
    for (size_t i = 0; i < running_n; i++)
        may = may && memcmp(running[i], key, SEAL_HASH_BYTES) != 0;
    if (may)
        memcpy(running[running_n++], key, SEAL_HASH_BYTES);
    pthread_mutex_unlock(&guard);
    return may;
}

static void key_give(const unsigned char key[SEAL_HASH_BYTES])
{
    pthread_mutex_lock(&guard);
    size_t i = 0;
    while (memcmp(running[i], key, SEAL_HASH_BYTES) != 0)
        i++;
    memmove(running[i], running[--running_n], SEAL_HASH_BYTES);
    pthread_mutex_unlock(&guard);
}

struct kept {
    struct request *rq;
    struct str actor;
    unsigned char hash[SEAL_HASH_BYTES];
    struct reply reply;
    bool found, same;
};

static int read_kept(struct tx *tx, void *arg)
{
    struct kept *k = arg;
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT request_hash, status, body FROM idempotency WHERE tenant_id = $1 AND actor = $2"
                      " AND idempotency_key = $3");
    stmt_int(&q, k->rq->actor->tenant_id);
    stmt_text(&q, k->actor);
    stmt_text(&q, k->rq->idempotency_key);
    int rc = stmt_next(&q);
    if (rc <= 0)
        return rc;
    k->found = true;
    k->same = str_eq(stmt_get_blob(&q, 0), (struct str){(const char *)k->hash, sizeof(k->hash)});
    k->reply.status = (int)stmt_get_int(&q, 1);
    k->reply.body = stmt_copy_text(&q, 2, k->rq->arena);
    return STORE_OK;
}

static int write_kept(struct tx *tx, void *arg)
{
    struct kept *k = arg;
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO idempotency (tenant_id, actor, idempotency_key, request_hash, status, body, at_ms)"
                      " VALUES ($1, $2, $3, $4, $5, $6, $7)");
    stmt_int(&q, k->rq->actor->tenant_id);
    stmt_text(&q, k->actor);
    stmt_text(&q, k->rq->idempotency_key);
    stmt_blob(&q, (struct str){(const char *)k->hash, sizeof(k->hash)});
    stmt_int(&q, k->reply.status);
    stmt_text(&q, k->reply.body);
    stmt_int(&q, k->rq->now_ms);
    int64_t rc = stmt_run(&q);
    return rc == STORE_FAULT ? STORE_FAULT : STORE_OK;
}

static struct reply run_once(struct request *rq, struct str actor, struct str raw_body)
{
    struct kept k = {.rq = rq, .actor = actor};
    seal_hash(str_fmt(rq->arena, "%d %.*s\n%.*s", (int)rq->route->method, STR_ARG(rq->path), STR_ARG(raw_body)), k.hash);
    if (store_read(rq->store, read_kept, &k) != STORE_OK)
        return reply_fault();
    if (k.found && !k.same)
        return reply_problem(409, "key_reused", "This Idempotency-Key was used for another request.");
    if (k.found)
        return k.reply;
    k.reply = rq->route->handler(rq);
    if (k.reply.status >= 500 || k.reply.set_cookie.n > 0 || k.reply.problem != NULL)
        return k.reply;
    if (store_write(rq->store, write_kept, &k) != STORE_OK)
        return reply_fault();
    return k.reply;
}

struct reply idempotency_run(struct request *rq, struct str raw_body)
{
    struct str actor = str_fmt(rq->arena, "%lld", (long long)rq->actor->id);
    unsigned char key[SEAL_HASH_BYTES];
    seal_hash(str_fmt(rq->arena, "%lld %.*s %.*s", (long long)rq->actor->tenant_id, STR_ARG(actor),
                      STR_ARG(rq->idempotency_key)),
              key);
    if (!key_take(key))
        return (struct reply){.status = 409, .problem = "in_progress", .retry_after_s = 1,
                              .detail = "The first request with this Idempotency-Key is still running; ask again."};
    struct reply reply = run_once(rq, actor, raw_body);
    key_give(key);
    return reply;
}
