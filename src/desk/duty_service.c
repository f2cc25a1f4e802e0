/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the desk tells other rooms: who is there, how long it takes, which place somebody has.
 */
#include "desk/desk_service.h"

#include <pthread.h>

#include "account/person.h"
#include "account/shop.h"
#include "base/time.h"
#include "desk/desk_store.h"
#include "desk/people_facts.h"

struct question {
    struct desk_room *room;
    struct arena *arena;
    int64_t tenant_id, conversation_id, now_ms;
    struct str skill; /* of the group asked about; of the conversation, when it waits */
    struct people_facts people;
    int64_t waiting, mean_ms;
    int position; /* 0: it does not wait */
};

/* The mean handling time of a group moves slowly and costs a walk through its last closed conversations, while every
 * waiting buyer's place asks for it: kept half a minute. Guarded by means_lock; a full table forgets the oldest. */
#define MEAN_KEPT_MS (30 * SECOND_MS)
static pthread_mutex_t means_lock = PTHREAD_MUTEX_INITIALIZER;
static struct mean {
    int64_t tenant_id, mean_ms, until_ms;
    uint64_t skill; /* hash */
} means[64];

static bool mean_kept(int64_t tenant_id, uint64_t skill, int64_t now_ms, int64_t *ret)
{
    bool found = false;
    pthread_mutex_lock(&means_lock);
    for (size_t i = 0; i < COUNT(means) && !found; i++) {
        found = means[i].tenant_id == tenant_id && means[i].skill == skill && means[i].until_ms > now_ms &&
                means[i].until_ms <= now_ms + MEAN_KEPT_MS;
        if (found)
            *ret = means[i].mean_ms;
    }
    pthread_mutex_unlock(&means_lock);
    return found;
}

static void keep_mean(int64_t tenant_id, uint64_t skill, int64_t now_ms, int64_t mean_ms)
{
    pthread_mutex_lock(&means_lock);
    struct mean *oldest = &means[0];
    for (size_t i = 0; i < COUNT(means); i++) {
        if (means[i].tenant_id == tenant_id && means[i].skill == skill) {
            oldest = &means[i];
            break;
        }
        if (means[i].until_ms < oldest->until_ms)
            oldest = &means[i];
    }
    *oldest = (struct mean){tenant_id, mean_ms, now_ms + MEAN_KEPT_MS, skill};
    pthread_mutex_unlock(&means_lock);
}

static int64_t mean_handling(struct tx *tx, const struct question *w)
{
    uint64_t skill = str_hash(w->skill);
    int64_t now_ms = clock_now_ms();
    int64_t mean_ms;
    if (mean_kept(w->tenant_id, skill, now_ms, &mean_ms))
        return mean_ms;
    mean_ms = desk_mean_handling(tx, w->tenant_id, w->skill);
    if (mean_ms >= 0)
        keep_mean(w->tenant_id, skill, now_ms, mean_ms);
    return mean_ms;
}

static int read_group(struct tx *tx, struct question *w)
{
    w->waiting = desk_waiting_for(tx, w->tenant_id, w->skill);
    if (w->waiting < 0 ||
        people_facts_of(tx, w->room->store, w->arena, w->tenant_id, w->skill, &w->people) != STORE_OK)
        return STORE_FAULT;
    w->mean_ms = mean_handling(tx, w);
    return w->mean_ms < 0 ? STORE_FAULT : STORE_OK;
}

static int read_place(struct tx *tx, struct question *w)
{
    struct conversation c;
    enum chat_answer answer = CHAT_NOT_FOUND;
    if (w->conversation_id != 0)
        answer = conversation_get(tx, w->arena, w->tenant_id, w->conversation_id, &c);
    if (answer == CHAT_FAULT)
        return STORE_FAULT;
    if (answer != CHAT_OK || c.handler != HANDLER_QUEUE)
        return STORE_OK;
    struct routing_contact waits = {.conversation_id = c.id, .skill = c.skill, .queued_ms = c.queued_ms,
                                    .front = c.front, .urgent = c.urgent};
    int64_t ahead = desk_ahead(tx, w->tenant_id, &waits);
    w->skill = c.skill;
    w->position = (int)ahead + 1;
    return ahead < 0 ? STORE_FAULT : STORE_OK;
}

static int read_all(struct tx *tx, void *arg)
{
    struct question *w = arg;
    return read_place(tx, w) < 0 ? STORE_FAULT : read_group(tx, w);
}

/* People who will really come: those of the group, or anybody when it has nobody there (group_widens()). */
static int who_comes(const struct question *w)
{
    return w->people.group.online > 0 ? w->people.group.online : w->people.online;
}

struct queue_place desk_place(void *room, struct arena *a, int64_t tenant_id, int64_t conversation_id)
{
    struct desk_room *r = room;
    struct question w = {.room = r, .arena = a, .tenant_id = tenant_id, .conversation_id = conversation_id};
    struct queue_place place = {.conversation_id = conversation_id};
    if (store_read(r->store, read_all, &w) < 0 || w.position == 0)
        return place;
    place.position = w.position;
    /* with nobody there, nobody can say how long */
    if (who_comes(&w) > 0)
        place.eta_seconds = group_eta_seconds(w.position, w.mean_ms, who_comes(&w));
    return place;
}

struct duty desk_duty(void *room, struct arena *a, const struct duty_question *q)
{
    struct desk_room *r = room;
    struct question w = {.room = r, .arena = a, .tenant_id = q->tenant_id, .conversation_id = q->conversation_id,
                         .skill = q->skill};
    struct shop shop;
    struct duty d = {0};
    if (shop_of(r->store, a, q->tenant_id, &shop) != ACCOUNT_OK || store_read(r->store, read_all, &w) < 0)
        return d;
    d.open_now = hours_is_open(&shop.hours, q->now_ms, shop.time_zone);
    d.next_open_ms = d.open_now ? 0 : hours_next_opening(&shop.hours, q->now_ms, shop.time_zone);
    d.hours = shop_hours_text(a, &shop, q->language);
    d.agents_online = who_comes(&w);
    d.on_roster = w.people.group.roster > 0 ? w.people.group.roster : w.people.roster;
    d.waiting = (int)w.waiting;
    d.place = w.position;
    if (d.agents_online > 0)
        d.eta_seconds = group_eta_seconds(d.place > 0 ? d.place : d.waiting + 1, w.mean_ms, d.agents_online);
    return d;
}

struct naming {
    struct arena *arena;
    int64_t tenant_id, person_id;
    struct person person;
};

static int read_person(struct tx *tx, void *arg)
{
    struct naming *w = arg;
    return person_get(tx, w->arena, w->tenant_id, w->person_id, &w->person);
}

struct str desk_agent_name(void *room, struct arena *a, int64_t tenant_id, int64_t person_id)
{
    const struct desk_room *r = room;
    struct naming w = {.arena = a, .tenant_id = tenant_id, .person_id = person_id};
    return store_read(r->store, read_person, &w) == ACCOUNT_OK ? person_shown_name(&w.person) : STR_NONE;
}

static int read_people(struct tx *tx, void *arg)
{
    struct question *w = arg;
    return desk_people_count(tx, w->tenant_id, &w->people.roster, &w->people.online);
}

int desk_agents_online(void *room, int64_t tenant_id)
{
    const struct desk_room *r = room;
    struct question w = {.tenant_id = tenant_id};
    return store_read(r->store, read_people, &w) < 0 ? 0 : w.people.online;
}
