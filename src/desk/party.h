/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Party: a third person in a conversation. Who has it (an agent of the shop, or the platform's staff who lead it) asks a
 * colleague in: the workshop, the warehouse, the shop itself. The guest sees the whole talk and writes into it under their
 * own name; the conversation stays with who has it. Pure: who may ask whom, come, speak and be let go.
 */

#include "account/actor.h"
#include "chat/conversation.h"

enum party_answer {
    PARTY_OK = 0,
    PARTY_NOT_FOUND,   /**< no such conversation, not theirs to see, or nobody asked them in */
    PARTY_NOT_YOURS,   /**< only who has the conversation, leaders, owners and staff ask people in and let them go */
    PARTY_CLOSED,      /**< the conversation is over */
    PARTY_NO_PERSON,   /**< no such colleague, or one who may not be asked in: who has it already, a crowd agent */
    PARTY_FULL,        /**< PARTY_MOST are there */
    PARTY_NOT_JOINED,  /**< has not come yet, or has left */
    PARTY_CONFLICT,    /**< the client_id was used for another message */
    PARTY_FAULT = -1,
};

#define PARTY_MOST      4  /**< guests of a conversation at a time */
#define PARTY_TEAM_MOST 20 /**< code points of "workshop" */
#define PARTY_NOTE_MOST 500

struct party {
    int64_t conversation_id, person_id;
    struct str team, note;
    int64_t invited_by, invited_ms, joined_ms, left_ms; /**< 0: not yet */
};

/** May @p who ask @p guest in? @param present  guests who are asked in and have not left */
enum party_answer party_may_invite(const struct actor *who, const struct conversation *c, int64_t guest_id,
                                   uint32_t guest_roles, size_t present);
/** May @p who come? @p row NULL: was never asked. */
enum party_answer party_may_join(const struct conversation *c, const struct party *row);
/** May @p who speak as a guest? */
enum party_answer party_may_say(const struct conversation *c, const struct party *row);
/** May @p who end the guest's part: the guest, or who may ask people in. */
enum party_answer party_may_end(const struct actor *who, const struct conversation *c, const struct party *row);
