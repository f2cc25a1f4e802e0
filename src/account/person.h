/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Person: somebody of the shop: agents, leaders, owners and the others of contract.md, section 3. Rows and their
 * statements; who may sign in how is account/session.h, who gets which conversation is desk/.
 *
 * A person is online for routing when status is "online" and gone_ms is 0: a live socket is there.
 */

#include "account/account.h"
#include "base/seal.h"

#define PERSON_INVITE_MS (72 * HOUR_MS) /**< how long an invitation is good */

struct person {
    int64_t tenant_id, id;
    struct str external_id; /**< the merchant's own id, as imported */
    struct str name, alias;
    struct str roles;     /**< JSON array of names */
    struct str languages; /**< JSON array */
    struct str time_zone;
    int64_t concurrency;
    struct str sign_in, password_hash; /**< empty: none yet */
    bool must_change;
    int64_t failed_count, locked_until_ms;
    int64_t invite_until_ms; /**< 0: no invitation is open */
    struct str status;       /**< online busy break offline */
    int64_t status_ms, gone_ms, free_ms;
};

struct person_skill {
    struct str skill;
    int64_t level; /**< 1..5 */
};

/** The name that buyers see. */
static inline struct str person_shown_name(const struct person *p)
{
    return p->alias.n > 0 ? p->alias : p->name;
}
/** The person as actor; @p language is the shop's. */
struct actor person_actor(const struct person *p, struct str language);

must_use enum account_answer person_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t id,
                                        struct person *ret);
must_use enum account_answer person_by_external(struct tx *tx, struct arena *a, int64_t tenant_id,
                                                struct str external_id, struct person *ret);
must_use enum account_answer person_by_sign_in(struct tx *tx, struct arena *a, int64_t tenant_id, struct str sign_in,
                                               struct person *ret);
/** By the hash of an invitation that is still open at @p now_ms; the only search that needs no tenant. */
must_use enum account_answer person_by_invite(struct tx *tx, struct arena *a,
                                              const unsigned char hash[SEAL_HASH_BYTES], int64_t now_ms,
                                              struct person *ret);
/** All people of the shop, by name. */
must_use enum account_answer person_list(struct tx *tx, struct arena *a, int64_t tenant_id, struct person **ret,
                                         size_t *ret_n);
must_use enum account_answer person_skills(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t id,
                                           struct person_skill **ret, size_t *ret_n);

/** ACCOUNT_TAKEN when the id or the sign-in name is another's. */
must_use enum account_answer person_insert(struct tx *tx, const struct person *p);
/** Stores what an import may change: names, roles, languages, zone, concurrency, sign-in name. */
must_use enum account_answer person_update(struct tx *tx, const struct person *p);
must_use enum account_answer person_set_skills(struct tx *tx, int64_t tenant_id, int64_t id,
                                               const struct person_skill *skills, size_t n);
/** NULL hash ends the invitation. */
must_use enum account_answer person_set_invite(struct tx *tx, int64_t tenant_id, int64_t id,
                                               const unsigned char *hash, int64_t until_ms);
/** Sets name and password, ends lock, failures and invitation. */
must_use enum account_answer person_set_password(struct tx *tx, int64_t tenant_id, int64_t id, struct str sign_in,
                                                 struct str password_hash, bool must_change);
must_use enum account_answer person_set_failures(struct tx *tx, int64_t tenant_id, int64_t id, int64_t count,
                                                 int64_t locked_until_ms);

must_use enum account_answer person_set_status(struct tx *tx, int64_t tenant_id, int64_t id, struct str status,
                                               int64_t now_ms);
/** When the last live socket was lost; 0: connected. */
must_use enum account_answer person_set_gone(struct tx *tx, int64_t tenant_id, int64_t id, int64_t gone_ms);
/** A slot came free. */
must_use enum account_answer person_set_free(struct tx *tx, int64_t tenant_id, int64_t id, int64_t now_ms);
