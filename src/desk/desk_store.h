/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * SQL of the desk: who waits, who is free, how many there are, and the timers of callbacks. One function a statement,
 * decides nothing. All answer STORE_OK (0) or STORE_FAULT unless they say otherwise.
 */

#include "desk/group.h"
#include "desk/routing.h"
#include "store/store.h"

/** People who are online and connected and may serve buyers, with skills, languages and present load. */
must_use int desk_agents(struct tx *tx, struct arena *a, int64_t tenant_id, struct routing_agent **ret,
                         size_t *ret_n);

/** One group: people who have the skill, those of them online, contacts that wait. */
struct desk_group {
    struct str skill;
    struct group_facts facts;
    int64_t waiting;
};
/** All skills that anybody has or that anybody waits for, by name; "" when contacts wait for anybody. */
must_use int desk_groups(struct tx *tx, struct arena *a, int64_t tenant_id, struct desk_group **ret, size_t *ret_n);

/** Contacts that wait for @p skill; or STORE_FAULT. */
must_use int64_t desk_waiting_for(struct tx *tx, int64_t tenant_id, struct str skill);
/**
 * The first @p limit contacts that wait for @p skill, in the order of routing_before().
 * last_agent_id is set when the service was after @p served_after_ms.
 */
must_use int desk_waiting(struct tx *tx, struct arena *a, int64_t tenant_id, struct str skill,
                          int64_t served_after_ms, size_t limit, struct routing_contact **ret, size_t *ret_n);
/** Contacts of the same group that are served before @p c; or STORE_FAULT. */
must_use int64_t desk_ahead(struct tx *tx, int64_t tenant_id, const struct routing_contact *c);
/** Contacts that wait in the whole shop; or STORE_FAULT. */
must_use int64_t desk_waiting_count(struct tx *tx, int64_t tenant_id);
/** Conversations that the person has; or STORE_FAULT. */
must_use int64_t desk_load(struct tx *tx, int64_t tenant_id, int64_t person_id);
/** Conversations that the person has. */
must_use int desk_conversations_of(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t person_id,
                                   int64_t **ret, size_t *ret_n);
/** People who serve buyers, of any group: on the roster, and online. */
must_use int desk_people_count(struct tx *tx, int64_t tenant_id, int *ret_roster, int *ret_online);
/** Mean handling time of the last 20 closed conversations of the group, ms; 0: there is none; or STORE_FAULT. */
must_use int64_t desk_mean_handling(struct tx *tx, int64_t tenant_id, struct str skill);

/** A person or a shop, as found by a search over all tenants. */
struct desk_key {
    int64_t tenant_id, id;
};
/** People without a socket since before @p gone_before_ms who have conversations or still count as present. */
must_use int desk_vanished(struct tx *tx, struct arena *a, int64_t gone_before_ms, struct desk_key **ret,
                           size_t *ret_n);
/** Shops in which somebody waits. */
must_use int desk_shops_waiting(struct tx *tx, struct arena *a, struct desk_key **ret, size_t *ret_n);
/** Nobody is connected: at start. */
must_use int desk_all_gone(struct tx *tx, int64_t now_ms);
/** The person without a socket did something over HTTP: its three minutes begin anew. */
must_use int desk_person_acted(struct tx *tx, int64_t tenant_id, int64_t person_id, int64_t now_ms);

struct desk_timer {
    int64_t tenant_id, id, conversation_id;
    struct str skill;
};
/** Callbacks (bot/callback_store.h books them) that are due, earliest first. */
must_use int desk_callbacks_due(struct tx *tx, struct arena *a, int64_t now_ms, int limit, struct desk_timer **ret,
                                size_t *ret_n);
must_use int desk_callback_drop(struct tx *tx, int64_t tenant_id, int64_t timer_id);
