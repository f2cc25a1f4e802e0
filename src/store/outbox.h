/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Outbox: what must leave the house, stored in the same unit of work as its cause, and sent after the commit until it
 * arrived or nobody can send it any more. A message is sent at least once by us and at most once by its key: peers that know
 * keys are given it, mail carries it as Message-ID.
 *
 *     outbox_put(tx, &(struct outbox_item){…});                       // in a unit of work
 *     n = outbox_take(store, kind, now_ms, most, a, &items);          // a sender's thread: leases what is due
 *     outbox_sent(store, item, …) / outbox_failed(store, item, "550 no such user", …) // tried again later, or dead
 *
 * Always true: what is taken is leased, so that no second thread and no second server sends it while the lease lasts; only
 * who holds the lease can say what became of it. Recipient and body are sealed; the body of what was settled is forgotten.
 */

#include "store/store.h"

enum outbox_kind { OUTBOX_MAIL, OUTBOX_SMS, OUTBOX_SHOP }; /**< stored by name: mail sms shop */
#define OUTBOX_KINDS 3

enum outbox_state { OUTBOX_WAITING, OUTBOX_SENT, OUTBOX_DEAD, OUTBOX_DROPPED }; /**< dropped: by a person, from the dead ones */
#define OUTBOX_STATES 4

/** How long a sender may hold what it took. Longer than OUTBOX_TAKE_MOST calls of LIMIT_CALL_MS (base/limit.h). */
#define OUTBOX_LEASE_MS  (2 * MINUTE_MS)
#define OUTBOX_TAKE_MOST 4

struct outbox_item {
    int64_t tenant_id, id;     /**< id_new() */
    enum outbox_kind kind;
    struct str key;            /**< once for ever in a shop: a second put of it does nothing */
    struct str to;             /**< address, number; empty for the shop's system. Sealed at rest */
    struct str body;           /**< mail: outbox_mail_body(); sms: its text; shop: the adapter's. Sealed at rest; empty once it
                                    was sent or dropped */
    struct str subject;        /**< what it is about, for people: "case 12", "order E1"; not sealed */
    int64_t due_ms, created_ms; /**< of what is leased, due_ms is the end of the lease */
    int64_t began_ms;          /**< since when it is tried: created, or sent on its way again by a person */
    int64_t attempts;
    struct str error;          /**< of the last try */
    enum outbox_state state;
    int64_t settled_ms;
    struct str report;         /**< what the peer said of it later: "delivered" "failed" …; empty: nothing */
    int64_t lease;             /**< of who took it; 0: nobody */
};

/** What a mail says. */
struct outbox_mail {
    struct str from_name;      /**< shown as the sender's name: the shop's */
    struct str subject, text;  /**< UTF-8; lines of the text end with \n */
    struct str unsubscribe;    /**< https: or mailto: of List-Unsubscribe, for what nobody asked for; or empty */
};
/** The body of an item of kind mail, in @p a. */
struct str outbox_mail_body(struct arena *a, const struct outbox_mail *m);

/** How patient we are: from the policies `outbox.*`. */
struct outbox_terms {
    int64_t first_ms;      /**< the second try comes after, each further one after twice the time */
    int64_t longest_ms;    /**< but after no more than this */
    int64_t give_up_ms;    /**< no try is later than this after the first */
    int64_t jitter;        /**< hundredths of a percent by which a wait is varied, so that many do not come at once */
};

/** What came of sending one. */
enum outbox_outcome {
    OUTBOX_ARRIVED,   /**< the peer has it, and says so */
    OUTBOX_TRY_LATER, /**< nobody there, busy, or it is not known whether it has it */
    OUTBOX_NEVER,     /**< refused for good: dead at once */
};
struct outbox_try {
    enum outbox_outcome outcome;
    struct str error;          /**< for people; in the arena given */
    int64_t not_before_ms;     /**< the peer asked not to come earlier; 0: it did not */
    /** More in the unit of work that marks it; anything but 0 undoes that, and it is sent again. NULL: none. */
    int (*also)(struct tx *tx, void *arg);
    void *also_arg;
};
/** How items of one kind are sent. Set once, before the senders start (channel/sender.h). */
struct outbox_sender {
    /** Blocks at most LIMIT_CALL_MS. A sender's thread; @p a lives until the item is marked. */
    struct outbox_try (*send)(void *arg, struct arena *a, const struct outbox_item *item);
    /** In the unit of work in which an item dies; anything but 0 undoes it. NULL: none. */
    int (*died)(void *arg, struct tx *tx, const struct outbox_item *item);
    void *arg;
};

const char *outbox_kind_name(enum outbox_kind k);
bool outbox_kind_from_name(struct str name, enum outbox_kind *ret);
const char *outbox_state_name(enum outbox_state s);
bool outbox_state_from_name(struct str name, enum outbox_state *ret);

/**
 * When to try again after @p attempts tries, the last of them at @p now_ms. Pure.
 * @param chance  any 32 random bits
 * @return 0: never
 */
int64_t outbox_next_try(const struct outbox_terms *terms, int64_t attempts, int64_t began_ms, int64_t now_ms,
                        uint32_t chance);

/** Stores an item to be sent at @p item->due_ms. In a unit of work. 1: stored; 0: its key is known; STORE_FAULT. */
must_use int outbox_put(struct tx *tx, const struct outbox_item *item);
/**
 * Leases what is due, at most @p most and OUTBOX_TAKE_MOST, oldest first, with recipients and bodies opened, in @p a. Costs
 * one look into an index when nothing is. An item that cannot be opened is dead. Any thread but the writer's.
 * @return how many, or STORE_FAULT
 */
must_use int outbox_take(struct store *store, enum outbox_kind kind, int64_t now_ms, int most, struct arena *a,
                         struct outbox_item **ret);
/** Marks it as sent. @param also  more in the same unit, or NULL. 0; STORE_CONFLICT: the lease is another's by now;
 *  STORE_FAULT, or what `also` answered: it will be sent again. */
must_use int outbox_sent(struct store *store, const struct outbox_item *item, int (*also)(struct tx *tx, void *arg),
                         void *also_arg, int64_t now_ms);
/** Notes a failed try. @param retry_ms  when to try again; 0: it is dead. @param how  whose `died` is told, or NULL.
 *  Answers as outbox_sent(). */
must_use int outbox_failed(struct store *store, const struct outbox_item *item, struct str error, int64_t retry_ms,
                           const struct outbox_sender *how, int64_t now_ms);

/** Items of one state, newest first, with ids below @p before_id (0: all), in @p a, recipients opened, without bodies.
 *  0, or STORE_FAULT. */
must_use int outbox_list(struct tx *tx, struct arena *a, int64_t tenant_id, enum outbox_state state, int64_t before_id,
                         int limit, struct outbox_item **ret, size_t *ret_n);
/** 1: found; 0: not there; STORE_FAULT. */
must_use int outbox_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t id, struct outbox_item *ret);
/** A person sends a dead one on its way again / gives it up. 1; 0: not there, or not dead; STORE_FAULT. */
must_use int outbox_retry(struct tx *tx, int64_t tenant_id, int64_t id, int64_t now_ms);
must_use int outbox_drop(struct tx *tx, int64_t tenant_id, int64_t id, int64_t now_ms);
/** Notes what the peer reported of a sent one. What is not the last word on it is kept only when nothing else was said.
 *  1; 0: not there, or no news; STORE_FAULT. */
must_use int outbox_report(struct tx *tx, int64_t tenant_id, int64_t id, struct str report, bool last_word);
/** How many wait and how many are dead, over all shops, for /metrics. 0, or STORE_FAULT. */
must_use int outbox_count(struct tx *tx, int64_t *ret_waiting, int64_t *ret_dead);
