/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Order cache: a table of books by tenant and buyer.
 *
 * Invariants   A book is freed exactly when it stands in no place and nobody holds it; its orders never change.
 * Threads      A place, and the count of holders of the books that stood in it, are guarded by one of a few locks, chosen
 *              as the place is. The store is read outside of them: two threads may read the same book, one is kept.
 */
#include "trade/order_cache.h"

#include <pthread.h>
#include <stdlib.h>

#define LOCKS 64

struct order_book {
    int64_t tenant_id, version;
    struct str buyer;
    struct order *orders;
    size_t n, at;   /* at: its place */
    size_t holders; /* guarded by the place's lock, as is: */
    bool placed;
    struct arena arena; /* owns all of it but the struct */
};

struct order_cache {
    pthread_mutex_t locks[LOCKS];
    struct order_book *places[ORDER_CACHE_PLACES];
};

struct order_cache *order_cache_new(void)
{
    struct order_cache *oc = xcalloc(1, sizeof(*oc));
    for (size_t i = 0; i < LOCKS; i++)
        pthread_mutex_init(&oc->locks[i], NULL);
    return oc;
}

static void book_free(struct order_book *k)
{
    if (k == NULL)
        return;
    arena_done(&k->arena);
    free(k);
}

void order_cache_free(struct order_cache *oc)
{
    if (oc == NULL)
        return;
    for (size_t i = 0; i < ORDER_CACHE_PLACES; i++)
        book_free(oc->places[i]);
    for (size_t i = 0; i < LOCKS; i++)
        pthread_mutex_destroy(&oc->locks[i]);
    free(oc);
}

static pthread_mutex_t *lock_of(struct order_cache *oc, size_t at)
{
    return &oc->locks[at % LOCKS];
}

static struct order_book *read_book(struct tx *tx, int64_t tenant_id, struct str buyer, int64_t version, size_t at)
{
    struct order_book *k = xcalloc(1, sizeof(*k));
    k->tenant_id = tenant_id;
    k->version = version;
    k->at = at;
    k->buyer = str_dup(&k->arena, buyer);
    k->holders = 1;
    if (order_list(tx, &k->arena, tenant_id, buyer, &k->orders, &k->n) == STORE_OK)
        return k;
    book_free(k);
    return NULL;
}

/* Takes the place, unless a newer book of the same buyer came first. @return the book that lost it, to be freed, or NULL */
static struct order_book *place(struct order_cache *oc, struct order_book *k)
{
    pthread_mutex_lock(lock_of(oc, k->at));
    struct order_book *old = oc->places[k->at];
    bool older = old != NULL && old->tenant_id == k->tenant_id && str_eq(old->buyer, k->buyer) && old->version > k->version;
    if (!older) {
        oc->places[k->at] = k;
        k->placed = true;
        if (old != NULL)
            old->placed = false;
    }
    struct order_book *unused = !older && old != NULL && old->holders == 0 ? old : NULL;
    pthread_mutex_unlock(lock_of(oc, k->at));
    return unused;
}

const struct order_book *order_cache_hold(struct order_cache *oc, struct tx *tx, int64_t tenant_id, struct str buyer,
                                          int64_t version)
{
    size_t at = (str_hash(buyer) ^ (uint64_t)tenant_id) % ORDER_CACHE_PLACES;
    pthread_mutex_lock(lock_of(oc, at));
    struct order_book *k = oc->places[at];
    bool fits = k != NULL && k->tenant_id == tenant_id && k->version == version && str_eq(k->buyer, buyer);
    if (fits)
        k->holders++;
    pthread_mutex_unlock(lock_of(oc, at));
    if (fits)
        return k;
    k = read_book(tx, tenant_id, buyer, version, at);
    if (k != NULL)
        book_free(place(oc, k));
    return k;
}

void order_cache_release(struct order_cache *oc, const struct order_book *book)
{
    if (book == NULL)
        return;
    struct order_book *k = (struct order_book *)(uintptr_t)book; /* only the count of holders changes, under the lock */
    pthread_mutex_lock(lock_of(oc, k->at));
    bool last = --k->holders == 0 && !k->placed;
    pthread_mutex_unlock(lock_of(oc, k->at));
    if (last)
        book_free(k);
}

const struct order *order_book_orders(const struct order_book *book, size_t *ret_n)
{
    *ret_n = book->n;
    return book->orders;
}
