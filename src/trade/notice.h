/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Notices: which news of a case or an action a buyer is told, and where: in the chat, by mail, by SMS. Pure.
 *
 * News have names: "case.success" (the state that a case came to; "case.done" when no money went back), "case.evidence" and
 * "case.intervention" (what it is paused for), "action.order.change_address" (what was done to an order). The policy
 * `notice.channels` says where each is told; the texts are notice.NAME of packs/LANG/texts/notice.tsv.
 *
 * Always true: what is told of a case is where it stands, never where it stood before; what a buyer did in the chat was
 * answered there, and is confirmed elsewhere only.
 */

#include "base/json_doc.h"
#include "trade/case_store.h"

enum notice_channel { NOTICE_CHAT, NOTICE_MAIL, NOTICE_SMS };
#define NOTICE_CHANNELS 3
#define NOTICE_IN(channel) (1u << (unsigned)(channel))

const char *notice_channel_name(enum notice_channel c);

/** What there is to tell of one event of a case. */
struct notice_news {
    struct str name;  /**< "case.success"; empty: nothing */
    bool answered;    /**< it follows from what the buyer did, who has been answered in the chat */
};
/** The news of event @p seq among all @p n events of its case, oldest first; none when it is not the last. Name in @p a. */
struct notice_news notice_of_case(struct arena *a, const struct case_event_stored *events, size_t n, int64_t seq,
                                  int64_t refunded_cents);

/** Whether an event may be news at all: decided when it is stored, so that the others leave no row. */
bool notice_is_news(enum case_event event, enum case_state to, unsigned tell);

/** NOTICE_IN() bits for @p name by the policy, {"case.success":["chat","mail","sms"],"case.*":["chat"]}: its own entry,
 *  else the longest that ends with a star and begins it; 0: told nowhere. */
unsigned notice_channels(const struct json_node *policy, struct str name);

/** The earliest instant at or after @p at_ms outside of the quiet hours, {"from":"21:00","to":"09:00"} in @p zone. */
int64_t notice_after_quiet(struct str policy, int64_t at_ms, struct str zone);

/** What the texts of a notice may name. */
struct notice_facts {
    struct str shop, type, order, number, ticket; /**< names and numbers for people; empty: none */
    struct str amount;      /**< "¥42.00"; empty: none */
    struct str due;         /**< "11月24日 18:00", of the next step; empty: none */
};
/** The words of a notice in one language, in @p a. */
struct notice_words {
    struct str chat, subject, mail, sms;
};
struct notice_words notice_say(struct arena *a, struct str language, struct str name, const struct notice_facts *f);
