/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * SQL of the log of actions. The arguments of a request are sealed ("action.request"). A key is taken by what was done, is
 * under way or waits; a refusal takes none.
 */

#include "store/store.h"
#include "trade/action_rule.h"

enum action_status { ACTION_IS_DONE, ACTION_IS_PENDING, ACTION_IS_WAITING, ACTION_IS_REFUSED, ACTION_IS_REJECTED };
#define ACTION_STATUSES 5
const char *action_status_name(enum action_status s);
bool action_status_from_name(struct str name, enum action_status *ret);

struct action_logged {
    int64_t tenant_id, id;
    struct str key;
    enum action action;
    enum case_actor actor;
    int64_t person_id, conversation_id, case_id, work_order_id;
    struct str buyer, order_id, sub_id;
    int64_t amount_cents, paid_cents, extra_ms;
    enum action_status status;
    enum action_why why;
    struct str request;        /**< JSON; sealed at rest */
    struct str result, rules;  /**< JSON */
    struct str rules_digest;   /**< when it is stored: the name of `rules`, under which they are stored once */
    int64_t second_id, at_ms, settled_ms;
};

/** 1: found; 0: not there; STORE_FAULT. */
must_use int action_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t id, struct action_logged *ret);
/** What took the key. 1, 0, or STORE_FAULT. */
must_use int action_of_key(struct tx *tx, struct arena *a, int64_t tenant_id, struct str key, struct action_logged *ret);
/** Those in a status, newest first, before @p before_id (0: the newest). 0, or STORE_FAULT. */
must_use int action_list(struct tx *tx, struct arena *a, int64_t tenant_id, enum action_status status, int64_t before_id,
                         int limit, struct action_logged **ret, size_t *ret_n);
/** All of an order, newest first, at most @p limit. */
must_use int action_list_of_order(struct tx *tx, struct arena *a, int64_t tenant_id, struct str order_id, int limit,
                                  struct action_logged **ret, size_t *ret_n);

/** How often an action was done or begun: on the order, by the buyer and in the shop since @p day_ms; each only when its
 *  limit in @p most is one. */
must_use int action_count(struct tx *tx, int64_t tenant_id, enum action action, struct str order_id, struct str buyer,
                          int64_t day_ms, const struct action_counts *most, struct action_counts *ret);
/** What a person gave by an action since @p day_ms, on all orders, but by row @p but_id. */
must_use int action_given(struct tx *tx, int64_t tenant_id, enum action action, int64_t person_id, int64_t day_ms, int64_t but_id,
                          int64_t *ret_cents);
/** What rules alone have paid for the order; since @p day_ms to the buyer, and in the shop. */
must_use int action_paid_of_order(struct tx *tx, int64_t tenant_id, struct str order_id, int64_t *ret_cents);
must_use int action_paid(struct tx *tx, int64_t tenant_id, struct str buyer, int64_t day_ms, int64_t *ret_buyer,
                         int64_t *ret_shop);
/** Sums of what was done on an order by an action, but by row @p but_id: how often, its amounts, the time that it gave. */
must_use int action_sums(struct tx *tx, int64_t tenant_id, enum action action, struct str order_id, int64_t but_id,
                         int64_t *ret_count, int64_t *ret_cents, int64_t *ret_ms);

/** What speaks for a buyer and against: finished orders, cases that were refused. 0, or STORE_FAULT. */
must_use int action_buyer_record(struct tx *tx, int64_t tenant_id, struct str buyer, int64_t *ret_finished,
                                 int64_t *ret_refused);

/** 0, or STORE_FAULT; STORE_CONFLICT: the key or id is taken. */
must_use int action_insert(struct tx *tx, struct arena *a, const struct action_logged *l);
/** Settles what waited or was under way, over @p from. 1: settled; 0: it is not in that status any more; STORE_FAULT. */
must_use int action_settle_row(struct tx *tx, struct arena *a, const struct action_logged *l, enum action_status from);

/** Keeps an upload with a case; once. */
must_use int case_evidence_insert(struct tx *tx, int64_t tenant_id, int64_t case_id, int64_t upload_id,
                                  enum case_actor actor, int64_t at_ms);
/** The uploads of a case, as given, in @p a. */
must_use int case_evidence_list(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t case_id, int64_t **ret,
                                size_t *ret_n);
