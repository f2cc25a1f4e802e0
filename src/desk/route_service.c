/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routing as a use case: load who waits and who is free, ask the rules, store each assignment with its reason, tell.
 *
 * How          A look without a transaction says whether anybody waits and anybody is free; only then a unit of work
 *              loads both again. Everything is decided and stored inside that unit, so no cap can be passed and no
 *              contact given twice, whoever else is at work. A unit makes at most UNIT_MOST assignments and needs no
 *              more than the first UNIT_MOST of each group for that: a group's first is never passed over for its
 *              second.
 * Threads      A worker, keyed by tenant. What was told of places last is kept in a table under `guard`, so that the
 *              tick of a long queue that does not move costs one read and wakes nobody.
 */
#include "desk/desk_service.h"

#include <pthread.h>

#include "account/contact.h"
#include "account/person.h"
#include "account/shop.h"
#include "base/texts.h"
#include "desk/desk_store.h"

enum {
    PLACES_TOLD = 30,    /* of each group, the first so many hear of their new place at once */
    AGENTS_STORED = 20,  /* of the candidates, with a decision */
    UNIT_MOST = 100,     /* assignments in one unit of work: the writer has others to serve */
};

struct run {
    struct desk_room *room;
    struct arena *arena;
    int64_t tenant_id, now_ms;
    struct str language; /* the shop's: reasons are for its people */
    struct desk_group *groups;
    size_t group_count;
    struct routing_agent *agents;
    size_t agent_count;
    ARRAY(struct routing_contact) contacts;
    ARRAY(struct change *) changes; /* stored, to be told */
    int made;                       /* by the last unit */
};

static struct group_facts facts_of(const struct run *w, struct str skill)
{
    for (size_t i = 0; i < w->group_count; i++) {
        if (str_eq(w->groups[i].skill, skill))
            return w->groups[i].facts;
    }
    return (struct group_facts){0};
}

static int load_world(struct tx *tx, struct run *w)
{
    struct shop shop;
    if (shop_get(tx, w->arena, w->tenant_id, &shop) != ACCOUNT_OK)
        return STORE_FAULT;
    w->language = shop.language;
    if (desk_groups(tx, w->arena, w->tenant_id, &w->groups, &w->group_count) < 0)
        return STORE_FAULT;
    return desk_agents(tx, w->arena, w->tenant_id, &w->agents, &w->agent_count);
}

static int64_t free_places(const struct run *w)
{
    int64_t n = 0;
    for (size_t i = 0; i < w->agent_count; i++)
        n += MAX(w->agents[i].cap - w->agents[i].load, 0);
    return n;
}

static int64_t waiting(const struct run *w)
{
    int64_t n = 0;
    for (size_t i = 0; i < w->group_count; i++)
        n += w->groups[i].waiting;
    return n;
}

static int load_contacts(struct tx *tx, struct run *w)
{
    size_t most = (size_t)MIN(free_places(w), UNIT_MOST);
    w->contacts = (typeof(w->contacts)){0};
    for (size_t i = 0; i < w->group_count && most > 0; i++) {
        struct routing_contact *found;
        size_t n;
        if (w->groups[i].waiting == 0)
            continue;
        if (desk_waiting(tx, w->arena, w->tenant_id, w->groups[i].skill, w->now_ms - ROUTING_LAST_MS, most, &found,
                         &n) < 0)
            return STORE_FAULT;
        for (size_t k = 0; k < n; k++) {
            if (group_widens(&w->groups[i].facts, w->now_ms - found[k].queued_ms))
                found[k].skill = STR_NONE;
            *array_push(w->arena, &w->contacts) = found[k];
        }
    }
    return STORE_OK;
}

/* ---- why ------------------------------------------------------------------------------------------------- */

static void write_agent(struct json_out *o, const struct routing_agent *g)
{
    jo_open(o);
    jo_kid(o, "id", g->id);
    jo_kn(o, "load", g->load);
    jo_kn(o, "cap", g->cap);
    jo_kn(o, "free_ms", g->free_ms);
    jo_key(o, "languages");
    jo_array(o);
    for (size_t i = 0; i < g->language_count; i++)
        jo_text(o, g->languages[i]);
    jo_array_end(o);
    jo_key(o, "skills");
    jo_array(o);
    for (size_t i = 0; i < g->skill_count; i++) {
        jo_open(o);
        jo_kt(o, "skill", g->skills[i].name);
        jo_kn(o, "level", g->skills[i].level);
        jo_close(o);
    }
    jo_array_end(o);
    jo_close(o);
}

/* What was decided from: the contact, and people with a free place when the call began. */
static struct str input_of(const struct run *w, const struct routing_assignment *m, struct str skill)
{
    struct buf b = {.arena = w->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kt(&o, "skill", skill);
    jo_kb(&o, "anybody", m->contact->skill.n == 0 && skill.n > 0);
    jo_kt(&o, "language", m->contact->language);
    jo_kn(&o, "queued_ms", m->contact->queued_ms);
    jo_kb(&o, "front", m->contact->front);
    jo_kb(&o, "urgent", m->contact->urgent);
    jo_kid(&o, "last_agent", m->contact->last_agent_id);
    jo_kn(&o, "now_ms", w->now_ms);
    jo_key(&o, "agents");
    jo_array(&o);
    for (size_t i = 0, told = 0; i < w->agent_count && told < AGENTS_STORED; i++) {
        if (w->agents[i].load >= w->agents[i].cap)
            continue;
        write_agent(&o, &w->agents[i]);
        told++;
    }
    jo_array_end(&o);
    jo_close(&o);
    return buf_view(&b);
}

static struct str outcome_of(const struct run *w, const struct routing_assignment *m)
{
    struct buf b = {.arena = w->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kid(&o, "agent", m->agent->id);
    jo_kc(&o, "rule", routing_reason_name(m->reason));
    jo_kn(&o, "level", m->level);
    jo_kn(&o, "load_before", m->load_before);
    jo_close(&o);
    return buf_view(&b);
}

/** How long, in the one unit that people would say. */
static struct str waited_text(const struct run *w, int64_t ms)
{
    int64_t s = ms / SECOND_MS;
    const char *key = s < 120 ? "desk.waited.seconds" : s < 7200 ? "desk.waited.minutes" : "desk.waited.hours";
    int64_t n = s < 120 ? s : s < 7200 ? s / 60 : s / 3600;
    const struct text_value values[] = {{"n", str_fmt(w->arena, "%lld", (long long)n)}};
    return texts_fill(w->arena, texts_get(w->language, key), values, COUNT(values));
}

static struct str reason_of(const struct run *w, const struct routing_assignment *m, struct str name)
{
    static const char *const keys[] = {[ROUTING_LAST_AGENT] = "desk.why.last_agent",
                                       [ROUTING_LANGUAGE] = "desk.why.language",
                                       [ROUTING_LEAST_BUSY] = "desk.why.least_busy"};
    struct text_value values[] = {
        {"name", name},
        {"load", str_fmt(w->arena, "%d", m->load_before)},
        {"cap", str_fmt(w->arena, "%d", m->agent->cap)},
        {"wait", waited_text(w, w->now_ms - m->contact->queued_ms)},
    };
    return texts_fill(w->arena, texts_get(w->language, keys[m->reason]), values, COUNT(values));
}

/* ---- storing --------------------------------------------------------------------------------------------- */

static enum chat_answer assign(struct tx *tx, struct run *w, const struct routing_assignment *m)
{
    struct person p;
    struct change *ch = arena_new(w->arena, struct change);
    *ch = (struct change){.arena = w->arena, .tenant_id = w->tenant_id, .now_ms = w->now_ms};
    enum chat_answer answer = change_load(tx, ch, m->contact->conversation_id);
    if (answer != CHAT_OK || person_get(tx, w->arena, w->tenant_id, m->agent->id, &p) != ACCOUNT_OK)
        return CHAT_FAULT;
    struct conversation *c = &ch->conversation;
    struct str skill = c->skill;
    if (conversation_step(c, HANDLER_ASSIGN, m->agent->id, STR_NONE, w->now_ms) != HANDLER_OK)
        return CHAT_STALE;

    /* The bot's word on the way into the queue answered nobody: the buyer waits for a person since then. */
    if (c->waiting_ms == 0)
        c->waiting_ms = c->queued_ms;
    struct text_value name = {"name", person_shown_name(&p)};
    change_system(ch, "assigned", texts_fill(w->arena, texts_get(c->language, "desk.assigned"), &name, 1));
    change_why(ch, "route", input_of(w, m, skill), outcome_of(w, m), reason_of(w, m, name.value));
    answer = change_save(tx, ch);
    if (answer == CHAT_OK &&
        contact_served(tx, w->tenant_id, c->contact_id, m->agent->id, w->now_ms) != ACCOUNT_OK)
        answer = CHAT_FAULT;
    if (answer == CHAT_OK)
        *array_push(w->arena, &w->changes) = ch;
    return answer;
}

static int route_unit(struct tx *tx, void *arg)
{
    struct run *w = arg;
    if (load_world(tx, w) < 0 || load_contacts(tx, w) < 0)
        return CHAT_FAULT;
    struct routing_assignment *made;
    size_t n = routing_assign(w->arena, w->contacts.v, w->contacts.n, w->agents, w->agent_count, &made);
    w->made = (int)MIN(n, UNIT_MOST);
    for (int i = 0; i < w->made; i++) {
        enum chat_answer answer = assign(tx, w, &made[i]);
        if (answer != CHAT_OK)
            return answer;
    }
    return CHAT_OK;
}

static int look(struct tx *tx, void *arg)
{
    return load_world(tx, arg);
}

/* ---- telling --------------------------------------------------------------------------------------------- */

static int read_first(struct tx *tx, void *arg)
{
    struct run *w = arg;
    w->contacts = (typeof(w->contacts)){0};
    for (size_t i = 0; i < w->group_count; i++) {
        struct routing_contact *found;
        size_t n;
        if (desk_waiting(tx, w->arena, w->tenant_id, w->groups[i].skill, 0, PLACES_TOLD, &found, &n) < 0)
            return STORE_FAULT;
        for (size_t k = 0; k < n; k++)
            *array_push(w->arena, &w->contacts) = found[k];
    }
    return STORE_OK;
}

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static struct told {
    int64_t tenant_id;
    uint64_t order;
} told[1024]; /* guarded by guard; who comes later takes a place over, and is told once too often */

/* Is this another order, or are other people there, than when buyers were told last? */
static bool order_is_new(const struct run *w)
{
    uint64_t order = w->contacts.n;
    for (size_t i = 0; i < w->contacts.n; i++) {
        const struct routing_contact *c = &w->contacts.v[i];
        order = (order ^ (uint64_t)c->conversation_id) * UINT64_C(0x9E3779B97F4A7C15) + str_hash(c->skill) +
                (uint64_t)facts_of(w, c->skill).online;
    }
    pthread_mutex_lock(&guard);
    struct told *t = &told[(uint64_t)w->tenant_id / 2 % COUNT(told)];
    bool is_new = t->tenant_id != w->tenant_id || t->order != order;
    *t = (struct told){.tenant_id = w->tenant_id, .order = order};
    pthread_mutex_unlock(&guard);
    return is_new;
}

static void tell_places(struct run *w)
{
    if (w->room->live == NULL || waiting(w) == 0 || store_read(w->room->store, read_first, w) < 0 || !order_is_new(w))
        return;
    struct queue_place *places = arena_array(w->arena, struct queue_place, w->contacts.n);
    int position = 0;
    for (size_t i = 0; i < w->contacts.n; i++) {
        const struct routing_contact *c = &w->contacts.v[i];
        position = i > 0 && str_eq(c->skill, w->contacts.v[i - 1].skill) ? position + 1 : 1;
        places[i] = (struct queue_place){
            .conversation_id = c->conversation_id,
            .position = position,
            .eta_seconds = group_eta_seconds(position, 0, facts_of(w, c->skill).online)};
    }
    live_tell_places(w->room->live, w->tenant_id, places, w->contacts.n);
}

static int tell_assigned(struct run *w)
{
    for (size_t i = 0; i < w->changes.n; i++) {
        live_publish(w->room->live, w->changes.v[i]);
        desk_tell_person(w->room, w->tenant_id, w->changes.v[i]->conversation.agent_id);
    }
    w->changes = (typeof(w->changes)){0};
    return w->made;
}

int desk_route(struct desk_room *room, int64_t tenant_id, int64_t now_ms)
{
    struct arena a = {0};
    struct run w = {.room = room, .arena = &a, .tenant_id = tenant_id, .now_ms = now_ms};
    int answer = store_read(room->store, look, &w);
    int assigned = 0;
    if (answer == 0 && waiting(&w) > 0 && free_places(&w) > 0) {
        do {
            answer = store_write(room->store, route_unit, &w);
            if (answer == 0)
                assigned += tell_assigned(&w);
        } while (answer == 0 && w.made == UNIT_MOST);
    }
    if (answer == 0)
        tell_places(&w);
    arena_done(&a);
    return answer == 0 ? assigned : STORE_FAULT;
}

void desk_route_soon(struct desk_room *room, int64_t tenant_id, int64_t now_ms)
{
    if (room->route_soon != NULL)
        room->route_soon(room->route_arg, tenant_id);
    else
        (void)desk_route(room, tenant_id, now_ms); /* a fault was logged; the next tick routes again */
}
