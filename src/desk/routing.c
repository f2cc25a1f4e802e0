/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routing, fast enough to be run after every change.
 *
 * Goals        a rule that an operator can predict, exactly (routing_test.c holds it against the plainest possible
 *              program); 10,000 waiting and 500 agents far below a millisecond.
 * Not goals    optimal matching: no look-ahead, no swapping.
 *
 * How          Contacts lie in one heap a skill, best first; the next contact of all is the best of those heap tops
 *              whose skill somebody can still take. Candidates lie in one heap a (skill, language) pair, made when a
 *              contact first asks for it. While routing, an agent's load only grows, so what a heap knows of an agent
 *              is never too bad: its top is brought up to date, sinks, and once the top is up to date it is the best
 *              (lazy deletion for those who are full).
 * Invariants   1. No agent goes above its cap.
 *              2. Work is O(contacts + candidates) to build, and a few logarithms for each assignment.
 */
#include "desk/routing.h"

#include <string.h>

/** An agent while routing. */
struct seat {
    const struct routing_agent *agent;
    int load;
};

/** An agent as one candidate heap knows it. */
struct candidate {
    struct seat *seat;
    int load; /* when last looked at */
    int level;
};

/** Those who can take contacts of one skill and speak one language (or any, for the first of a queue). */
struct pool {
    struct str language;
    bool any_language;
    struct candidate *heap;
    size_t n;
};

/** A contact in a queue's heap, with what it is compared by beside it: looking each one up would cost a cache miss. */
struct waiting {
    uint64_t key; /* front, urgent, queued_ms in one number; smaller is sooner */
    const struct routing_contact *contact;
};

/** Contacts of one skill that wait, best first. */
struct queue {
    struct str skill;
    struct waiting *heap;
    size_t n;
    bool closed; /* nobody can take one any more */
    struct pool everybody;
    ARRAY(struct pool) pools;
};

struct routing {
    struct arena *arena;
    struct seat *seats; /* of agents with a free place when the call began: no others matter */
    size_t seat_count;
    size_t *by_id; /* open hash of ids: place in seats + 1 */
    size_t by_id_size;
    ARRAY(struct queue) queues;
};

static const char *const reason_names[] = {
    [ROUTING_LAST_AGENT] = "last_agent", [ROUTING_LANGUAGE] = "language", [ROUTING_LEAST_BUSY] = "least_busy"};

const char *routing_reason_name(enum routing_reason r)
{
    return reason_names[r];
}

bool routing_before(const struct routing_contact *x, const struct routing_contact *y)
{
    if (x->front != y->front)
        return x->front;
    if (x->urgent != y->urgent)
        return x->urgent;
    if (x->queued_ms != y->queued_ms)
        return x->queued_ms < y->queued_ms;
    return x->conversation_id < y->conversation_id;
}

/* ---- contacts --------------------------------------------------------------------------------------------- */

static uint64_t contact_key(const struct routing_contact *c)
{
    uint64_t since = (uint64_t)MAX(c->queued_ms, 0) & (UINT64_MAX >> 2);
    return (uint64_t)!c->front << 63 | (uint64_t)!c->urgent << 62 | since;
}

/* routing_before(), by keys. */
static bool waiting_before(const struct waiting *x, const struct waiting *y)
{
    return x->key < y->key || (x->key == y->key && x->contact->conversation_id < y->contact->conversation_id);
}

static void waiting_sink(struct waiting *heap, size_t n, size_t at)
{
    struct waiting moving = heap[at];
    for (;;) {
        size_t child = at * 2 + 1;
        if (child >= n)
            break;
        if (child + 1 < n && waiting_before(&heap[child + 1], &heap[child]))
            child++;
        if (!waiting_before(&heap[child], &moving))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = moving;
}

static void queue_pop(struct queue *q)
{
    q->heap[0] = q->heap[--q->n];
    if (q->n > 0)
        waiting_sink(q->heap, q->n, 0);
}

/* Queues are few, and contacts of one skill mostly share its text: the first look compares addresses only. */
static struct queue *queue_of(struct routing *r, struct str skill)
{
    for (size_t i = 0; i < r->queues.n; i++) {
        if (r->queues.v[i].skill.p == skill.p && r->queues.v[i].skill.n == skill.n)
            return &r->queues.v[i];
    }
    for (size_t i = 0; i < r->queues.n; i++) {
        if (str_eq(r->queues.v[i].skill, skill))
            return &r->queues.v[i];
    }
    struct queue *q = array_push(r->arena, &r->queues);
    q->skill = skill;
    return q;
}

static void build_queues(struct routing *r, const struct routing_contact *contacts, size_t n)
{
    uint32_t *place = arena_array(r->arena, uint32_t, n); /* of each contact's queue: found once, counted and filled */
    for (size_t i = 0; i < n; i++) {
        struct queue *q = queue_of(r, contacts[i].skill);
        q->n++;
        place[i] = (uint32_t)(q - r->queues.v);
    }
    for (size_t k = 0; k < r->queues.n; k++) {
        struct queue *q = &r->queues.v[k];
        q->heap = arena_array(r->arena, struct waiting, q->n);
        q->n = 0;
    }
    for (size_t i = 0; i < n; i++) {
        struct queue *q = &r->queues.v[place[i]];
        q->heap[q->n++] = (struct waiting){.key = contact_key(&contacts[i]), .contact = &contacts[i]};
    }
    for (size_t k = 0; k < r->queues.n; k++) {
        struct queue *q = &r->queues.v[k];
        for (size_t at = q->n / 2; at-- > 0;)
            waiting_sink(q->heap, q->n, at);
    }
}

/* ---- agents ----------------------------------------------------------------------------------------------- */

static bool seat_free(const struct seat *s)
{
    return s->agent->online && s->load < s->agent->cap;
}

/* The agent's level in the skill; 0: does not have it. Without a skill everybody has it, at level 0 (@p ret true). */
static bool has_skill(const struct routing_agent *a, struct str skill, int *ret_level)
{
    *ret_level = 0;
    if (skill.n == 0)
        return true;
    for (size_t i = 0; i < a->skill_count; i++) {
        if (str_eq(a->skills[i].name, skill)) {
            *ret_level = a->skills[i].level;
            return true;
        }
    }
    return false;
}

static bool speaks(const struct routing_agent *a, struct str language)
{
    for (size_t i = 0; i < a->language_count; i++) {
        if (str_eq(a->languages[i], language))
            return true;
    }
    return false;
}

/* The rules of the header from the load on, by what the heap knows. */
static bool candidate_before(const struct candidate *x, const struct candidate *y)
{
    const struct routing_agent *a = x->seat->agent;
    const struct routing_agent *b = y->seat->agent;
    int64_t left = (int64_t)x->load * b->cap; /* load / cap compared without dividing */
    int64_t right = (int64_t)y->load * a->cap;
    if (left != right)
        return left < right;
    if (x->level != y->level)
        return x->level > y->level;
    if (a->free_ms != b->free_ms)
        return a->free_ms < b->free_ms;
    return a->id < b->id;
}

static void candidate_sink(struct candidate *heap, size_t n, size_t at)
{
    struct candidate moving = heap[at];
    for (;;) {
        size_t child = at * 2 + 1;
        if (child >= n)
            break;
        if (child + 1 < n && candidate_before(&heap[child + 1], &heap[child]))
            child++;
        if (!candidate_before(&heap[child], &moving))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = moving;
}

static void pool_build(struct routing *r, struct pool *p, struct str skill)
{
    p->heap = arena_array(r->arena, struct candidate, r->seat_count);
    p->n = 0;
    for (size_t i = 0; i < r->seat_count; i++) {
        struct seat *s = &r->seats[i];
        int level;
        if (!seat_free(s) || !has_skill(s->agent, skill, &level) ||
            (!p->any_language && !speaks(s->agent, p->language)))
            continue;
        p->heap[p->n++] = (struct candidate){.seat = s, .load = s->load, .level = level};
    }
    for (size_t at = p->n / 2; at-- > 0;)
        candidate_sink(p->heap, p->n, at);
}

/* The best who is still free, or NULL. */
static const struct candidate *pool_best(struct pool *p)
{
    while (p->n > 0) {
        struct candidate *top = &p->heap[0];
        if (seat_free(top->seat) && top->load == top->seat->load)
            return top;
        if (seat_free(top->seat))
            top->load = top->seat->load;
        else
            p->heap[0] = p->heap[--p->n];
        if (p->n > 0)
            candidate_sink(p->heap, p->n, 0);
    }
    return NULL;
}

static struct pool *pool_of(struct routing *r, struct queue *q, struct str language)
{
    for (size_t i = 0; i < q->pools.n; i++) {
        if (str_eq(q->pools.v[i].language, language))
            return &q->pools.v[i];
    }
    struct pool *p = array_push(r->arena, &q->pools);
    p->language = language;
    pool_build(r, p, q->skill);
    return p;
}

static size_t id_slot(const struct routing *r, int64_t id)
{
    return (size_t)((uint64_t)id * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (r->by_id_size - 1);
}

static void build_seats(struct routing *r, const struct routing_agent *agents, size_t n)
{
    r->seats = arena_array(r->arena, struct seat, n);
    for (size_t i = 0; i < n; i++) {
        struct seat s = {.agent = &agents[i], .load = agents[i].load};
        if (seat_free(&s))
            r->seats[r->seat_count++] = s;
    }
    r->by_id_size = 16;
    while (r->by_id_size < r->seat_count * 2)
        r->by_id_size *= 2;
    r->by_id = arena_array(r->arena, size_t, r->by_id_size);
    for (size_t i = 0; i < r->seat_count; i++) {
        size_t at = id_slot(r, r->seats[i].agent->id);
        while (r->by_id[at] != 0)
            at = (at + 1) & (r->by_id_size - 1);
        r->by_id[at] = i + 1;
    }
}

static struct seat *seat_of(const struct routing *r, int64_t id)
{
    for (size_t at = id_slot(r, id); r->by_id[at] != 0; at = (at + 1) & (r->by_id_size - 1)) {
        if (r->seats[r->by_id[at] - 1].agent->id == id)
            return &r->seats[r->by_id[at] - 1];
    }
    return NULL;
}

/* ---- together --------------------------------------------------------------------------------------------- */

/* The open queue whose first contact is the next of all; NULL: none is left. */
static struct queue *first_queue(struct routing *r)
{
    struct queue *best = NULL;
    for (size_t i = 0; i < r->queues.n; i++) {
        struct queue *q = &r->queues.v[i];
        if (!q->closed && q->n > 0 && (best == NULL || waiting_before(&q->heap[0], &best->heap[0])))
            best = q;
    }
    return best;
}

/* The same, passing over queues that nobody can take from any more. */
static struct queue *next_queue(struct routing *r)
{
    struct queue *q;
    while ((q = first_queue(r)) != NULL) {
        if (q->everybody.heap == NULL) {
            q->everybody.any_language = true;
            pool_build(r, &q->everybody, q->skill);
        }
        if (pool_best(&q->everybody) != NULL)
            return q;
        q->closed = true;
    }
    return NULL;
}

static struct routing_assignment choose(struct routing *r, struct queue *q)
{
    const struct routing_contact *c = q->heap[0].contact;
    struct seat *last = c->last_agent_id != 0 ? seat_of(r, c->last_agent_id) : NULL;
    int level;
    if (last != NULL && seat_free(last) && has_skill(last->agent, q->skill, &level))
        return (struct routing_assignment){c, last->agent, ROUTING_LAST_AGENT, level, last->load++};

    enum routing_reason reason = ROUTING_LANGUAGE;
    const struct candidate *best = pool_best(pool_of(r, q, c->language));
    if (best == NULL) {
        reason = ROUTING_LEAST_BUSY;
        if (!str_eq(c->language, STR("zh"))) /* a foreigner is rather understood in English */
            best = pool_best(pool_of(r, q, STR("en")));
        if (best == NULL)
            best = pool_best(&q->everybody);
        assert(best != NULL); /* next_queue() gives no queue that nobody can take from */
    }
    return (struct routing_assignment){c, best->seat->agent, reason, best->level, best->seat->load++};
}

size_t routing_assign(struct arena *a, const struct routing_contact *contacts, size_t contact_count,
                      const struct routing_agent *agents, size_t agent_count, struct routing_assignment **ret)
{
    struct routing r = {.arena = a};
    ARRAY(struct routing_assignment) made = {0};
    build_seats(&r, agents, agent_count);
    if (r.seat_count > 0)
        build_queues(&r, contacts, contact_count);
    struct queue *q;
    while ((q = next_queue(&r)) != NULL) {
        *array_push(a, &made) = choose(&r, q);
        queue_pop(q);
    }
    *ret = made.v;
    return made.n;
}
