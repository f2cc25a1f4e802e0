/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Unanswered: a hash by contact, each entry with an arena of its own.
 *
 * Threads      everything is guarded by one lock; few buyers are in it at a time, and plain questions never are.
 */
#include "chat/unanswered.h"

#include <pthread.h>
#include <stdlib.h>

#define uthash_fatal(msg) fatal("uthash: %s", msg)
#define HASH_FUNCTION HASH_FNV /* the usual one falls through in a switch, of which clang warns */
#include <uthash.h>

#include "chat/burst.h"

struct waiting {
    int64_t contact_id, due_ms;
    struct arena arena;   /* owns all texts below */
    struct incoming last; /* the message that came last */
    struct str last_said;
    struct burst_text texts[UNANSWERED_TEXTS];
    struct str ids[UNANSWERED_TEXTS]; /* client_id of each */
    size_t n;
    int64_t typing_ms;
    UT_hash_handle hh;
};

struct unanswered {
    pthread_mutex_t lock;
    struct waiting *by_contact; /* guarded by lock */
    size_t n;                   /* guarded by lock; read without it as a hint */
};

struct unanswered *unanswered_new(void)
{
    struct unanswered *u = xcalloc(1, sizeof(*u));
    pthread_mutex_init(&u->lock, NULL);
    return u;
}

/* lock held */
static struct waiting *find(struct unanswered *u, int64_t contact_id)
{
    struct waiting *w = NULL;
    HASH_FIND(hh, u->by_contact, &contact_id, sizeof(contact_id), w);
    return w;
}

/* lock held */
static void drop(struct unanswered *u, struct waiting *w)
{
    HASH_DEL(u->by_contact, w);
    __atomic_store_n(&u->n, u->n - 1, __ATOMIC_RELAXED);
    arena_done(&w->arena);
    free(w);
}

void unanswered_free(struct unanswered *u)
{
    if (u == NULL)
        return;
    while (u->by_contact != NULL)
        drop(u, u->by_contact);
    pthread_mutex_destroy(&u->lock);
    free(u);
}

static int64_t due_of(struct arena *a, const struct waiting *w)
{
    struct burst b = {.texts = w->texts, .n = w->n, .last_said = w->last_said, .typing_ms = w->typing_ms};
    return burst_due_ms(a, &b);
}

static bool is_there(const struct waiting *w, struct str client_id)
{
    for (size_t i = 0; i < w->n; i++)
        if (client_id.n > 0 && str_eq(w->ids[i], client_id))
            return true;
    return false;
}

static void append(struct waiting *w, const struct incoming *in)
{
    if (is_there(w, in->client_id))
        return;
    w->texts[w->n] = (struct burst_text){str_dup(&w->arena, in->text), in->now_ms};
    w->ids[w->n] = str_dup(&w->arena, in->client_id);
    w->n++;
}

/* Text is copied: the message lives on after its own delivery. */
static void keep_last(struct waiting *w, const struct incoming *in)
{
    w->last = *in;
    incoming_copy(&w->arena, &w->last);
    w->last.last_said = STR_NONE;
}

/* lock held */
static struct waiting *begin(struct unanswered *u, int64_t contact_id, struct str last_said)
{
    struct waiting *w = xcalloc(1, sizeof(*w));
    w->contact_id = contact_id;
    w->last_said = str_dup(&w->arena, last_said);
    HASH_ADD(hh, u->by_contact, contact_id, sizeof(w->contact_id), w);
    __atomic_store_n(&u->n, u->n + 1, __ATOMIC_RELAXED);
    return w;
}

bool unanswered_add(struct unanswered *u, struct arena *a, const struct incoming *in, struct str last_said,
                    struct str *ret)
{
    *ret = in->text;
    struct burst_text alone = {in->text, in->now_ms};
    struct burst one = {.texts = &alone, .n = 1, .last_said = last_said};
    bool complete = burst_due_ms(a, &one) <= in->now_ms;
    if (complete && __atomic_load_n(&u->n, __ATOMIC_RELAXED) == 0)
        return false; /* the plain case costs no lock */
    pthread_mutex_lock(&u->lock);
    struct waiting *w = find(u, in->contact_id);
    bool waits = false;
    if (w == NULL && !complete && u->n < UNANSWERED_MOST)
        w = begin(u, in->contact_id, last_said);
    if (w != NULL) {
        append(w, in);
        w->due_ms = due_of(a, w);
        waits = w->due_ms > in->now_ms && w->n < UNANSWERED_TEXTS;
        if (waits) {
            keep_last(w, in);
        } else {
            *ret = str_dup(a, burst_join(a, w->texts, w->n));
            drop(u, w);
        }
    }
    pthread_mutex_unlock(&u->lock);
    return waits;
}

struct str unanswered_take(struct unanswered *u, struct arena *a, int64_t contact_id)
{
    if (__atomic_load_n(&u->n, __ATOMIC_RELAXED) == 0)
        return STR_NONE;
    struct str text = STR_NONE;
    pthread_mutex_lock(&u->lock);
    struct waiting *w = find(u, contact_id);
    if (w != NULL) {
        text = str_dup(a, burst_join(a, w->texts, w->n));
        drop(u, w);
    }
    pthread_mutex_unlock(&u->lock);
    return text;
}

void unanswered_typing(struct unanswered *u, int64_t contact_id, int64_t now_ms)
{
    if (__atomic_load_n(&u->n, __ATOMIC_RELAXED) == 0)
        return;
    struct arena a = {0};
    pthread_mutex_lock(&u->lock);
    struct waiting *w = find(u, contact_id);
    if (w != NULL) {
        w->typing_ms = now_ms;
        w->due_ms = due_of(&a, w);
    }
    pthread_mutex_unlock(&u->lock);
    arena_done(&a);
}

bool unanswered_due(struct unanswered *u, struct arena *a, int64_t now_ms, struct incoming *ret)
{
    if (__atomic_load_n(&u->n, __ATOMIC_RELAXED) == 0)
        return false;
    pthread_mutex_lock(&u->lock);
    struct waiting *w = u->by_contact;
    while (w != NULL && w->due_ms > now_ms)
        w = w->hh.next;
    bool found = w != NULL;
    if (found) {
        *ret = w->last;
        ret->text = burst_join(a, w->texts, w->n);
        incoming_copy(a, ret);
        drop(u, w);
    }
    pthread_mutex_unlock(&u->lock);
    return found;
}
