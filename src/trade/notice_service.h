/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Telling buyers what was settled. Whoever stores an event or does an action leaves a row in the same unit of work
 * (notice_case_in(), notice_action_in()); notice_tick() reads the rows, finds whom they are for and where, says it in the
 * chat and puts the mail and the SMS into the outbox, all in one unit of work that takes the row away: each is told once,
 * also when a server dies in between or two look at once.
 *
 * E-mail goes to the address that the merchant's token gave with the buyer's consent (account/reach.h), SMS to the phone of
 * the order, both only when the server has a sender for it.
 */

#include "chat/unasked.h"
#include "trade/case.h"
#include "trade/notice_store.h"

struct notice_room {
    struct store *store;
    struct inbox *inbox;
    bool can_mail, can_sms;       /**< a sender is configured */
    void (*wake)(void *arg);      /**< something was put into the outbox; may be NULL */
    void *wake_arg;
};

/** Of an event of a case that was just stored: leaves a row when it may be news for the buyer. 0, or STORE_FAULT. */
must_use int notice_case_in(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t case_id, int64_t seq,
                            enum case_event event, enum case_state to, unsigned tell, int64_t now_ms);

/** An action that was done and is no case's. */
struct notice_action {
    int64_t tenant_id, log_id;    /**< of the action's log row */
    const char *action;           /**< "order.change_address" */
    struct str buyer, order_id;
    struct str ticket;            /**< number for people, or empty */
    int64_t amount_cents, due_ms; /**< 0: none */
    unsigned in;                  /**< notice_channels() of it by the rules of today */
    bool answered;                /**< the bot did it in the conversation and says so there */
    int64_t now_ms;
};
/** Leaves a row, unless nobody is told by it: it was answered in the chat, and the buyer agreed to no letter. 0, or STORE_FAULT. */
must_use int notice_action_in(struct tx *tx, struct arena *a, const struct notice_action *n);

/**
 * Tells what is to be told by now, in order. Costs one look into an index when nothing is. One caller at a time a process;
 * not the writer's thread, not the loop's.
 * @return how many were told, or STORE_FAULT
 */
int notice_tick(const struct notice_room *room, int64_t now_ms);
