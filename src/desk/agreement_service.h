/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Use cases of agreements: propose, answer, keep, follow up. Each is one unit of work with what is said in the conversation
 * and a line in the audit log, told to the screens after the commit.
 */

#include "desk/agreement_store.h"
#include "desk/desk_service.h"

struct agreement_wish {
    int64_t conversation_id;
    struct str client_id; /**< once */
    struct str text, order_id;
    int64_t due_ms, amount_cents;
};
/** Proposes: a card with two buttons in the conversation. @param ret  as it is stored, text in @p a */
must_use enum agreement_answer agreement_propose(struct desk_room *room, struct arena *a, const struct actor *who,
                                                 const struct agreement_wish *wish, int64_t now_ms, struct agreement *ret);
/** The shop withdraws it, or says that it is kept. */
must_use enum agreement_answer agreement_settle(struct desk_room *room, struct arena *a, const struct actor *who,
                                                int64_t id, enum agreement_event e, struct str note, int64_t now_ms,
                                                struct agreement *ret);
/** Those of a conversation that @p who may see, newest first. */
must_use enum agreement_answer agreement_all(struct desk_room *room, struct arena *a, const struct actor *who,
                                             int64_t conversation_id, struct agreement **ret, size_t *ret_n);

/**
 * The buyer pressed a button of a proposal: what is said of it, and the storing of it in the same unit of work as the
 * buyer's message. Fits responder.settle; @p room is a struct desk_room.
 */
int agreement_answered(void *room, struct store *store, struct arena *a, const struct incoming *in,
                       const struct conversation *c, struct turn *ret);
/** Fires the timers that are due, in order, each once: what was not answered lapses, what was not kept becomes a work order
 *  for the service team and a note in the conversation. One look into an index when none is due. */
void agreement_tick(struct desk_room *room, int64_t now_ms);
