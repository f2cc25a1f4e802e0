/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recent. A place holds a struct and the bytes of its texts in one piece of memory.
 *
 * Threads      a place is guarded by one of a few locks, chosen as the place is; nothing blocks under it.
 */
#include "chat/recent.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define LOCKS     64
#define TEXT_MOST (8 * KIB)

struct place {
    struct conversation c; /* its texts point into text, and fill it one after the other */
    char *text;            /* NULL: an empty place */
    size_t bytes, room;
};

struct recent {
    pthread_mutex_t locks[LOCKS];
    struct place places[RECENT_PLACES];
};

static const size_t texts[] = {
    offsetof(struct conversation, channel),   offsetof(struct conversation, language),
    offsetof(struct conversation, skill),     offsetof(struct conversation, topic),
    offsetof(struct conversation, category),  offsetof(struct conversation, bot_state),
    offsetof(struct conversation, bot_version), offsetof(struct conversation, entry),
    offsetof(struct conversation, last_text),
};

static struct str *text_of(struct conversation *c, size_t i)
{
    return (struct str *)(void *)((char *)c + texts[i]);
}

static size_t place_of(int64_t tenant_id, int64_t contact_id)
{
    return (size_t)(((uint64_t)contact_id ^ (uint64_t)tenant_id) * UINT64_C(0x9E3779B97F4A7C15) >> 40) % RECENT_PLACES;
}

struct recent *recent_new(void)
{
    struct recent *r = xcalloc(1, sizeof(*r));
    for (size_t i = 0; i < LOCKS; i++)
        pthread_mutex_init(&r->locks[i], NULL);
    return r;
}

void recent_free(struct recent *r)
{
    if (r == NULL)
        return;
    for (size_t i = 0; i < RECENT_PLACES; i++)
        free(r->places[i].text);
    for (size_t i = 0; i < LOCKS; i++)
        pthread_mutex_destroy(&r->locks[i]);
    free(r);
}

static size_t text_bytes(const struct conversation *c)
{
    size_t n = 0;
    for (size_t i = 0; i < COUNT(texts); i++)
        n += ((const struct str *)(const void *)((const char *)c + texts[i]))->n;
    return n;
}

static void keep_at(struct place *p, const struct conversation *c, size_t bytes)
{
    if (p->room < bytes || p->text == NULL) {
        free(p->text);
        p->room = bytes + bytes / 4 + 1;
        p->text = xmalloc(p->room);
    }
    p->c = *c;
    p->bytes = bytes;
    char *to = p->text;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct str *t = text_of(&p->c, i);
        if (t->n > 0)
            memcpy(to, t->p, t->n);
        t->p = to;
        to += t->n;
    }
}

static void copy_out(const struct place *p, struct arena *a, struct conversation *ret)
{
    const char *to = arena_copy(a, p->text, p->bytes);
    *ret = p->c;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct str *t = text_of(ret, i);
        t->p = to;
        to += t->n;
    }
}

static void empty(struct place *p)
{
    free(p->text);
    *p = (struct place){0};
}

void recent_keep(struct recent *r, const struct conversation *c)
{
    size_t at = place_of(c->tenant_id, c->contact_id), bytes = text_bytes(c);
    pthread_mutex_lock(&r->locks[at % LOCKS]);
    if (c->handler == HANDLER_CLOSED || bytes > TEXT_MOST)
        empty(&r->places[at]);
    else
        keep_at(&r->places[at], c, bytes);
    pthread_mutex_unlock(&r->locks[at % LOCKS]);
}

static bool holds(const struct place *p, int64_t tenant_id, int64_t contact_id)
{
    return p->text != NULL && p->c.contact_id == contact_id && p->c.tenant_id == tenant_id;
}

void recent_forget(struct recent *r, int64_t tenant_id, int64_t contact_id)
{
    size_t at = place_of(tenant_id, contact_id);
    pthread_mutex_lock(&r->locks[at % LOCKS]);
    if (holds(&r->places[at], tenant_id, contact_id))
        empty(&r->places[at]);
    pthread_mutex_unlock(&r->locks[at % LOCKS]);
}

bool recent_find(struct recent *r, struct arena *a, int64_t tenant_id, int64_t contact_id, struct conversation *ret)
{
    size_t at = place_of(tenant_id, contact_id);
    pthread_mutex_lock(&r->locks[at % LOCKS]);
    const struct place *p = &r->places[at];
    bool found = holds(p, tenant_id, contact_id);
    if (found)
        copy_out(p, a, ret);
    pthread_mutex_unlock(&r->locks[at % LOCKS]);
    return found;
}
