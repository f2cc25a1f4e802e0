/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Care: what a buyer is told before asking: an order to pay, an address to check, a shipment that is late, a parcel in
 * trouble, goods to send back (domain.md 4.1). Each is a row of a table: the clock that makes it due (trade/order_clock.h),
 * the switch of the shop, the words, the buttons. Whether it is said is decided by care_decide(), which is pure.
 *
 * Always true: once a buyer and event, for ever; nothing in the quiet hours, over the day's number, to one who wants none,
 * over the head of a person who has the conversation, or into a dispute; nothing that is no news any more.
 */

#include "trade/order_clock.h"

#define CARE_BUTTONS 3

/** One kind of care. */
struct care {
    enum order_clock clock;
    const char *name;       /**< "payment": of its texts, care.NAME, and of its row in care_sent */
    const char *rule;       /**< its switch */
    bool own_rhythm;        /**< at most one to a buyer within care.payment.every */
    bool beside_case;       /**< also while an after-sale case of the order is open */
    const char *buttons[CARE_BUTTONS]; /**< intents, as bot/intent.h; NULL: none */
};

/** The care of a clock; NULL when the clock is none of care's. */
const struct care *care_of(enum order_clock clock);

/** What is known when an alarm is due. */
struct care_facts {
    const struct care *care;
    bool on;                   /**< the switch */
    bool holds;                /**< the order is still as the alarm was set for */
    bool known;                /**< this event had its turn */
    bool stopped;              /**< the buyer wants no reminders */
    bool excluded;             /**< an article that this care is not for */
    bool in_case, in_dispute;  /**< an open after-sale case of the order; the platform is asked in */
    bool with_person;          /**< the conversation is with a person, or waits for one */
    int64_t talked_ms;         /**< the last word of a talk with the bot; 0: none */
    int64_t due_ms;            /**< when it became news */
    int64_t over_ms;           /**< from then on it is pointless; 0: never */
    int64_t last_ms;           /**< one of its kind was sent last; 0: never */
    int64_t sent_today;        /**< of any kind */
    int64_t every_ms, news_ms, busy_ms, talk_ms, day_most; /**< care.payment.every, .news, .busy, .talk, .day */
    int64_t quiet_from, quiet_to; /**< minutes of the shop's day; the same: no quiet hours */
    struct str zone;
};

enum care_outcome {
    CARE_SEND,
    CARE_WAIT,        /**< look again at `until_ms` */
    CARE_OFF,         /**< from here on: it is not sent at all. The shop wants none */
    CARE_OVER,        /**< the order went on */
    CARE_KNOWN,
    CARE_STOPPED,
    CARE_EXCLUDED,
    CARE_IN_CASE,
    CARE_IN_DISPUTE,
    CARE_TOO_SOON,    /**< after the last one of its kind */
    CARE_OLD,
};
const char *care_outcome_name(enum care_outcome o);

struct care_decision {
    enum care_outcome outcome;
    int64_t until_ms;
};
struct care_decision care_decide(const struct care_facts *f, int64_t now_ms);
/** Reads {"from":"22:00","to":"08:00"}; false and no quiet hours for anything else. */
bool care_quiet_read(struct str text, int64_t *ret_from, int64_t *ret_to);
