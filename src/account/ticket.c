/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tickets: what a signed-in page shows on its live socket, where a cookie alone must not count (a foreign page could
 * open a socket with it).
 *
 * How          A table in memory; a ticket's place is said by its hash, and who comes later takes the place over: the
 *              page then asks for another ticket.
 * Threads      The table is guarded by `guard`, never held while the store is read.
 */
#include "account/session.h"

#include <pthread.h>
#include <string.h>

#include "account/person.h"
#include "account/shop.h"

#define PLACES 4096

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static struct place {
    unsigned char hash[SEAL_HASH_BYTES];
    int64_t tenant_id, person_id;
    int64_t until_ms; /* 0: empty, or used up */
} places[PLACES]; /* guarded by guard */

static struct place *place_of(const unsigned char hash[SEAL_HASH_BYTES])
{
    return &places[(hash[0] | (unsigned)hash[1] << 8) % PLACES];
}

struct str ticket_new(struct arena *a, const struct actor *who, int64_t now_ms)
{
    struct place p = {.tenant_id = who->tenant_id, .person_id = who->id, .until_ms = now_ms + TICKET_MS};
    struct str ticket = seal_token(a);
    seal_hash(ticket, p.hash);
    pthread_mutex_lock(&guard);
    *place_of(p.hash) = p;
    pthread_mutex_unlock(&guard);
    return ticket;
}

/* Takes the ticket out of the table; false when it is not there or too old. */
static bool take(const unsigned char hash[SEAL_HASH_BYTES], int64_t now_ms, struct place *ret)
{
    pthread_mutex_lock(&guard);
    struct place *p = place_of(hash);
    bool there = p->until_ms != 0 && seal_same((struct str){(const char *)p->hash, SEAL_HASH_BYTES},
                                               (struct str){(const char *)hash, SEAL_HASH_BYTES});
    if (there) {
        *ret = *p;
        p->until_ms = 0;
    }
    pthread_mutex_unlock(&guard);
    return there && now_ms < ret->until_ms;
}

struct owner {
    struct arena *arena;
    struct place place;
    struct actor *ret;
};

static int read_owner(struct tx *tx, void *arg)
{
    struct owner *w = arg;
    struct shop shop;
    struct person p;
    enum account_answer answer = shop_get(tx, w->arena, w->place.tenant_id, &shop);
    if (answer == ACCOUNT_OK)
        answer = person_get(tx, w->arena, w->place.tenant_id, w->place.person_id, &p);
    if (answer == ACCOUNT_OK)
        *w->ret = person_actor(&p, shop.language);
    return answer;
}

bool ticket_use(struct store *store, struct arena *a, struct str ticket, int64_t now_ms, struct actor *ret)
{
    unsigned char hash[SEAL_HASH_BYTES];
    struct owner w = {.arena = a, .ret = ret};
    if (ticket.n == 0 || ticket.n > 128)
        return false;
    seal_hash(ticket, hash);
    return take(hash, now_ms, &w.place) && store_read(store, read_owner, &w) == ACCOUNT_OK;
}
