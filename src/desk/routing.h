/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Routing: gives each waiting contact that somebody can take to one agent.
 *
 * Pure rules: the same input always gives the same assignments; no clock, no storage, memory from the caller's arena.
 *
 * Order of contacts   returned ones (front) first, then urgent ones, then the longest waiting; then by id.
 * Who may take one    online, load below cap, has the skill; a contact without a skill may go to anybody.
 * Who of those        1. who served this buyer last, within 72 h
 *                     2. speaks the buyer's language; else, for all but Chinese, speaks English
 *                     3. smallest load / cap           4. highest level in the skill
 *                     5. idle the longest              6. smallest id
 *
 * A contact that nobody can take is passed over and keeps its place; it holds up no one of another group.
 */

#include "base/str.h"

#define ROUTING_LAST_MS (72 * HOUR_MS) /**< "served last" counts so long */

struct routing_contact {
    int64_t conversation_id;
    struct str skill; /**< group; empty: any */
    struct str language;
    int64_t queued_ms;
    bool front, urgent;
    int64_t last_agent_id; /**< who served within ROUTING_LAST_MS; 0: nobody */
};

struct routing_skill {
    struct str name;
    int level; /**< 1..5 */
};

struct routing_agent {
    int64_t id;
    bool online;   /**< status online and connected */
    int load, cap; /**< conversations now, and at most */
    const struct routing_skill *skills;
    size_t skill_count;
    const struct str *languages;
    size_t language_count;
    int64_t free_ms; /**< last time a slot came free: smaller is longer idle */
};

enum routing_reason {
    ROUTING_LAST_AGENT, /**< served this buyer within 72 h */
    ROUTING_LANGUAGE,   /**< speaks the language, and the least busy of those */
    ROUTING_LEAST_BUSY, /**< nobody free speaks it: the least busy, of those with English if there are any */
};

struct routing_assignment {
    const struct routing_contact *contact;
    const struct routing_agent *agent;
    enum routing_reason reason;
    int level;       /**< the agent's in the skill; 0 for a contact without one */
    int load_before; /**< the agent's, counting earlier assignments of the same call */
};

/**
 * @param agents  ids must differ; loads are those before the call
 * @param ret     assignments in the order in which they were made, in @p a; contacts and agents are borrowed
 * @return number of assignments
 */
size_t routing_assign(struct arena *a, const struct routing_contact *contacts, size_t contact_count,
                      const struct routing_agent *agents, size_t agent_count, struct routing_assignment **ret);

/** True when @p x is served before @p y: the order of the queue, for places too. */
bool routing_before(const struct routing_contact *x, const struct routing_contact *y);
/** "last_agent" "language" "least_busy": as stored with the decision. */
const char *routing_reason_name(enum routing_reason r);
