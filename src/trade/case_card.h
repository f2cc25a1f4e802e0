/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Cases as JSON, for screens and `xiaoer show`; and as a card in a conversation: where it stands, how it goes on, until when.
 * Names of types, states and steps come from packs/LANG/texts/case.tsv.
 */

#include "base/json.h"
#include "chat/message.h"
#include "trade/case_store.h"

/** Members of a case, without its history: id, type, state, who has to move, the deadline, the amounts. */
void case_card(struct json_out *o, const struct case_row_stored *row);
/** The same with its history: each event with who, why, the rules it went by, and what it moved. */
void case_card_full(struct json_out *o, struct arena *a, const struct case_row_stored *row,
                    const struct case_event_stored *events, size_t n);

/** Who reads a card, and when. */
struct case_view {
    struct str language, currency, zone; /**< of the conversation and the shop */
    int64_t now_ms;
};
/**
 * The card of a case: a message of kind MESSAGE_CASE_CARD with `"case":{…}` and one line of text that says the same. In @p a.
 * @param events  its history, oldest first, or none (a case that is only about to be opened): then its steps have fewer times
 * @return without author: bot or system, as the caller likes
 */
struct message case_card_message(struct arena *a, const struct case_row_stored *row, const struct case_event_stored *events,
                                 size_t n, const struct case_view *v);
/** "退货退款", "等您寄回商品", "请在 11月24日 18:00 前填写运单号，逾期关闭". Names borrowed; the deadline in @p a, empty when over. */
struct str case_type_text(enum case_type t, struct str language);
struct str case_state_text(const struct trade_case *c, struct str language);
struct str case_due_text(struct arena *a, const struct trade_case *c, const struct case_view *v);
/** "11月24日 18:00" on the shop's clock, with the year when it is another one. In @p a. */
struct str case_time_text(struct arena *a, int64_t at_ms, const struct case_view *v);
