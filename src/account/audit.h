/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Audit: who did what that somebody may have to answer for: sign-ins, password changes, unmaskings. Appended in the
 * same unit of work as the deed; never changed.
 */

#include "account/account.h"

/**
 * @param actor   "person:42", "contact:7", "system", or "unknown"
 * @param what    fixed name: "sign_in", "sign_in_failed", "password_changed", …
 * @param object  what it was done to, in the same form; may be empty
 * @param detail  JSON object, or empty
 */
must_use enum account_answer audit_add(struct tx *tx, int64_t tenant_id, int64_t now_ms, struct str actor,
                                       const char *what, struct str object, struct str detail);
