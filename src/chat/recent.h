/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Recent: conversations as they were last stored by a turn, so that a contact's next turn need not read its row again. A
 * hint, never a truth: whoever decides by one stores under the version guard, which refuses what is no longer so.
 *
 * Bounded: RECENT_PLACES conversations, a place is taken over by the next contact that falls on it. Any thread.
 */

#include "chat/conversation.h"

#define RECENT_PLACES 4096

struct recent;

must_use struct recent *recent_new(void);
void recent_free(struct recent *r);

/** Keeps a copy of @p c; a closed one, or one too large to be worth it, is forgotten. */
void recent_keep(struct recent *r, const struct conversation *c);
/** Forgets the contact's conversation: what is kept is no longer so. */
void recent_forget(struct recent *r, int64_t tenant_id, int64_t contact_id);
/** Copies the contact's open conversation into @p ret, its text into @p a. False: not known, read the store. */
must_use bool recent_find(struct recent *r, struct arena *a, int64_t tenant_id, int64_t contact_id,
                          struct conversation *ret);
