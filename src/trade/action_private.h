/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Inside of the action service: one request in hand, and the hands that judge and do the single actions. */

#include "base/json.h"
#include "trade/action_service.h"
#include "trade/action_store.h"
#include "trade/case_facts.h"
#include "trade/case_private.h"

/** One request in the hands of a unit of work, or of a read. */
struct deed {
    struct tx *tx;
    struct arena *a;
    const struct action_request *r;
    struct case_who who;           /* as it acts: the approver's, for what a second person has said yes to */
    bool dry;                      /* what would be: nothing is stored */
    const struct order *known;     /* read in this read before, for its buyer; or NULL */
    struct case_facts f;           /* order, shop, rules; the item when the action is on one */
    struct case_row_stored before; /* the case that it is on */
    struct action_ask ask;
    struct action_result out;
    struct case_outcome used;      /* of this only the rules that were asked */
    struct case_request opening;   /* of an action that opens a case */
    struct case_action step;       /* of one that moves it */
    struct action_extension extension;
    struct address address;        /* as it would be */
    const struct sku *sku;
    int64_t term_ms;               /* of the work order that it makes */
    int64_t paid_cents, extra_ms;  /* for the log */
};

/**
 * judge: says of the request what its own rule says (d->ask.missing, .rule, .case_answer …) and keeps what it found for the
 * effect. effect: does it, or with d->dry fills in what would be. False: a fault of the store, logged.
 */
typedef bool deed_fn(struct deed *d);

deed_fn judge_cancel, judge_address, judge_phone, judge_sku, judge_note, judge_extension;
deed_fn do_cancel, do_address, do_sku, do_note, do_extension;
deed_fn judge_urge, judge_intercept, judge_invoice, do_urge, do_intercept, do_invoice;
deed_fn judge_case_open, judge_price, judge_complaint, judge_lookup, judge_goodwill;
deed_fn do_case_open, do_lookup, do_goodwill;
deed_fn judge_withdraw, judge_modify, judge_waybill, judge_evidence, judge_reopen, judge_step;
deed_fn do_step, do_evidence;

/** Finds the order or case that the request is on; d->ask.found stays false when there is none. False: a fault. */
bool deed_read_matter(struct deed *d);
/** Puts what today's policies say of it into d->ask. */
bool deed_read_policies(struct deed *d);
/** Judges, and does it when it may be done. False: a fault; nothing of it may stay. */
bool deed_walk(struct deed *d);
/** Whether the key is taken; d->out is what came of it then. 1, 0, or STORE_FAULT. */
int deed_find_key(struct deed *d);
/** Stores the row, if this is one that is kept. */
bool deed_log(struct deed *d);
/** Does what has waited, by the second person's leave. */
bool deed_approve(struct deed *d);
/** Whether it is a buyer's wish, by themselves or through the bot. */
bool action_is_buyers(const struct case_who *who);
/** A number of a rule as of today, or of the day that the order was placed; noted as asked. */
int64_t deed_rule_today(struct deed *d, const char *key, enum policy_kind kind, int64_t otherwise);
int64_t deed_rule(struct deed *d, const char *key, enum policy_kind kind, int64_t otherwise);
/** Says that an argument is missing. */
void deed_needs(struct deed *d, const char *slot);
/** Takes a case's answer as that of the action's own rule. CASE_FAULT gives false. */
bool deed_takes(struct deed *d, enum case_answer answer);
/** Puts the case into the result. */
void deed_show_case(struct deed *d, const struct case_row_stored *row);
/** Whether the case may be opened; when rules alone would pay more than they may, it waits for a person. */
bool deed_judge_opening(struct deed *d, enum case_type type, struct str reason);
/** What rules alone have paid for the order, and today, leaves no room for @p cents more. False: a fault. */
bool deed_is_full(struct deed *d, int64_t cents, bool *ret);
/** Whether the buyer has a good record by the rule `refund.good_record`; asked only where a rule alone may pay. */
bool deed_good_record(struct deed *d, bool *ret);
