/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The desk's use cases: routing, taking, transferring and resolving conversations, people coming and going, callbacks.
 *
 * Each opens its own unit of work, and tells the live screens after the commit. All block on the store: workers only.
 * Every function takes its tenant from an actor or from app/, and a conversation of another tenant, or one that the
 * actor may not see, is CHAT_NOT_FOUND.
 */

#include "account/actor.h"
#include "bot/duty.h"
#include "chat/inbox.h"
#include "chat/live.h"
#include "trade/catalog.h"

/** What the desk works with; made by app/, immutable then. Routes of this room are registered with it. */
struct desk_room {
    struct store *store;
    struct live *live;               /**< NULL: nobody listens (command line) */
    struct inbox *inbox;
    struct catalog_cache *catalogs;
    /** Has desk_route() run soon for the tenant, once however often it is asked. NULL: it is run at once. */
    void (*route_soon)(void *arg, int64_t tenant_id);
    void *route_arg;
    /**
     * Writes what the bot knows of a conversation as three members of the wire Detail: "summary", "understanding",
     * "suggestions" (bot_copilot()). NULL: they are empty.
     */
    void (*copilot)(void *arg, struct arena *a, const struct conversation *c, struct json_out *o);
    void *copilot_arg;
};

/* ---- routing ---- */

/**
 * Gives waiting contacts of the shop to people who are free (desk/routing.h), in one unit of work, and tells buyers
 * their new places. Cheap when nobody waits. Run it, keyed by tenant, after every change of who waits or who is free.
 *
 * @return number of assignments, or STORE_FAULT
 */
int desk_route(struct desk_room *room, int64_t tenant_id, int64_t now_ms);

/** Place and expected wait of a conversation; position 0 when it does not wait. Fits live_hooks.place. */
struct queue_place desk_place(void *room, struct arena *a, int64_t tenant_id, int64_t conversation_id);
/** What the bot may say about people. Fits duty_fn. */
struct duty desk_duty(void *room, struct arena *a, const struct duty_question *q);
/** Shown name of a person, in @p a; empty when unknown. Fits live_hooks.agent_name. */
struct str desk_agent_name(void *room, struct arena *a, int64_t tenant_id, int64_t person_id);
/** People online and connected who serve buyers. Fits account_room.agents_online. */
int desk_agents_online(void *room, int64_t tenant_id);

/* ---- handling ---- */

/** Takes a conversation from the queue or from the bot. CHAT_NOT_ALLOWED: somebody else has it; CHAT_CLOSED;
 *  CHAT_LIMIT: at the cap. Taking what one has already is CHAT_OK. */
must_use enum chat_answer desk_take(struct desk_room *room, const struct actor *who, int64_t conversation_id,
                                    int64_t now_ms);

struct transfer {
    int64_t to_person;   /**< or 0 */
    struct str to_group; /**< or empty: exactly one of the two */
    struct str note;     /**< for the colleague; may be empty */
};
enum transfer_answer {
    TRANSFER_OK = 0,
    TRANSFER_NOT_FOUND,  /**< no such conversation, or not theirs to see */
    TRANSFER_NOT_YOURS,  /**< somebody else has it */
    TRANSFER_NO_PERSON,  /**< no such colleague who serves buyers */
    TRANSFER_AWAY,       /**< the colleague is not online */
    TRANSFER_FULL,       /**< the colleague is at the cap */
    TRANSFER_NO_GROUP,   /**< nobody of the shop is in that group */
    TRANSFER_FAULT = -1,
};
/** Hands on with its seniority: by who has it, or by a leader or owner. */
must_use enum transfer_answer desk_transfer(struct desk_room *room, const struct actor *who, int64_t conversation_id,
                                            const struct transfer *t, int64_t now_ms);

/** Closes with a category, asks for a rating, remembers who served. CHAT_NOT_ALLOWED: somebody else has it. */
must_use enum chat_answer desk_resolve(struct desk_room *room, const struct actor *who, int64_t conversation_id,
                                       struct str category, struct str note, int64_t now_ms);

/**
 * The card that a person sends: one of the orders of the conversation's buyer, or a product of the shop, as the inside
 * of message.data in @p a.
 *
 * @return false when there is no such conversation, order of this buyer, or product; or at a store fault (logged)
 */
must_use bool desk_card_data(struct desk_room *room, struct arena *a, int64_t tenant_id, int64_t conversation_id,
                             struct str order_id, struct str product_id, struct str *ret_data);

/* ---- people ---- */

/** online busy break offline. Going offline hands open conversations back, to the front, at once. */
must_use enum chat_answer desk_set_status(struct desk_room *room, const struct actor *who, struct str status,
                                          int64_t now_ms);
/** The person's first live socket came (@p here) or the last one went. Keyed by tenant, so that they run in order. */
must_use enum chat_answer desk_presence(struct desk_room *room, int64_t tenant_id, int64_t person_id, bool here,
                                        int64_t now_ms);
/** At start: nobody is connected yet. Before any socket. */
must_use enum chat_answer desk_start(struct desk_room *room, int64_t now_ms);
/** Every few seconds: people gone for three minutes, callbacks that are due, shops in which somebody waits. */
void desk_tick(struct desk_room *room, int64_t now_ms);

/* ---- shared by the files of this room ---- */

/** Tells the person's screens status, load, cap and queue length. */
void desk_tell_person(struct desk_room *room, int64_t tenant_id, int64_t person_id);
/** route_soon, or routing at once. */
void desk_route_soon(struct desk_room *room, int64_t tenant_id, int64_t now_ms);
/** May @p who see the conversation? Agents see all of their shop; crowd only their own. */
bool desk_may_see(const struct actor *who, const struct conversation *c);
/** May @p who act on it as if it were their own: who has it, leaders and owners. */
bool desk_may_handle(const struct actor *who, const struct conversation *c);
