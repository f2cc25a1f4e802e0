/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Reach: where a contact may be written to outside of the chat, and whether it said yes to that. The e-mail address comes
 * from the merchant's token (`email`, with `email_consent`) or from the buyer; it is sealed at rest ("contact.email").
 * Phones are those of orders; here is only whether SMS were declined.
 */

#include "account/account.h"

struct contact_reach {
    struct str email; /**< empty: none */
    bool mail_ok;     /**< consent: false until it was given */
    bool sms_ok;      /**< true until it was withdrawn */
};

#define REACH_EMAIL_BYTES 254 /**< RFC 5321: a path is no longer */

/** Whether this is an address that mail can be sent to: one @, a domain with a dot or "localhost", no space or control, no
 *  sign that could begin another header or recipient. Pure. */
bool reach_email_ok(struct str email);

/** ACCOUNT_OK, ACCOUNT_NOT_FOUND or ACCOUNT_FAULT, also when the address does not open. */
must_use enum account_answer reach_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t contact_id,
                                       struct contact_reach *ret);
/** The same of the merchant's buyer. */
must_use enum account_answer reach_of_buyer(struct tx *tx, struct arena *a, int64_t tenant_id, struct str buyer,
                                            struct contact_reach *ret);
/** Stores all of it. */
must_use enum account_answer reach_set(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t contact_id,
                                       const struct contact_reach *reach);
