/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Outbox: what must leave the house, stored in the same unit of work as its cause, and sent after the commit until it
 * arrived or nobody can send it any more. A message is sent at least once by us and at most once by its key: peers that know
 * keys are given it, mail carries it as Message-ID.
 *
 *     outbox_put(tx, &(struct outbox_item){…});                       // in a unit of work
 *     n = outbox_take(store, kind, now_ms, most, a, &items);          // a sender's thread: leases what is due
 *     outbox_sent(store, …) / outbox_failed(store, …, "550 no such user")  // with back-off, and dead after the last try
 */

#include "store/store.h"

enum outbox_kind { OUTBOX_MAIL, OUTBOX_SMS, OUTBOX_SHOP }; /**< stored by name: mail sms shop */
#define OUTBOX_KINDS 3

enum outbox_state { OUTBOX_WAITING, OUTBOX_SENT, OUTBOX_DEAD, OUTBOX_DROPPED }; /**< dropped: by a person, from the dead ones */

struct outbox_item {
    int64_t tenant_id, id;     /**< id_new() */
    enum outbox_kind kind;
    struct str key;            /**< once for ever in a shop: a second put of it does nothing */
    struct str to;             /**< address, number; empty for the shop's system. Sealed at rest */
    struct str body;           /**< JSON of the kind. Sealed at rest */
    struct str subject;        /**< what it is about, for people: "case 12", "order E1"; not sealed */
    int64_t due_ms, created_ms;
    int64_t attempts;
    struct str error;          /**< of the last try */
    enum outbox_state state;
    int64_t settled_ms;
};
