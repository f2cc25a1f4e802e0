/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Unanswered: what buyers wrote a moment ago and the bot has not answered yet, because more may come (chat/burst.h). The
 * messages themselves are stored and acknowledged; this holds only the answer back. What is lost with the process is found
 * again in the conversation: its last author is the buyer.
 *
 * Any thread; bounded: UNANSWERED_MOST buyers, whoever comes when it is full is answered at once.
 */

#include "chat/responder.h"

#define UNANSWERED_MOST  4096
#define UNANSWERED_TEXTS 12 /* of one buyer; the next one is answered with them */

struct unanswered;

must_use struct unanswered *unanswered_new(void);
void unanswered_free(struct unanswered *u);

/**
 * Adds @p in to what its contact wrote just now. A text that came twice (same client_id) counts once.
 * @param last_said  the bot's last words before, or empty
 * @return true: wait, the answer is due later (unanswered_due()). False: answer now, with @p ret, all of it as one text in
 *         @p a; the contact is forgotten
 */
must_use bool unanswered_add(struct unanswered *u, struct arena *a, const struct incoming *in, struct str last_said,
                             struct str *ret);
/** Forgets what the contact wrote, and gives it as one text: something else is answered now. Empty: there was nothing. */
struct str unanswered_take(struct unanswered *u, struct arena *a, int64_t contact_id);
/** The buyer is typing: more comes. */
void unanswered_typing(struct unanswered *u, int64_t contact_id, int64_t now_ms);
/** Takes one whose answer is due: its last message with all texts as one, in @p a. False: none. INT64_MAX: any. */
must_use bool unanswered_due(struct unanswered *u, struct arena *a, int64_t now_ms, struct incoming *ret);
