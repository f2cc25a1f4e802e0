/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Ledger: money on its way to a buyer, in two steps. It is reserved under a key, then committed or void, once. Pure;
 * trade/ledger_store.h keeps the entries.
 *
 * The key is the movement's for ever: who tries a step again under it hears that it is done, whatever became of the first
 * try, and the money has moved once. So a step can always be repeated after a fault.
 */

#include "base/str.h"

enum ledger_step { LEDGER_RESERVE, LEDGER_COMMIT, LEDGER_VOID };
#define LEDGER_STEPS 3

/** Whose money it is. */
enum ledger_payer {
    PAYER_ESCROW,  /**< what the buyer paid for the order: bounded by it */
    PAYER_SHOP,    /**< the shop's own: compensations */
    PAYER_INSURER,
};

/** One step, as it is stored. */
struct ledger_entry {
    struct str key;
    enum ledger_step step;
    int64_t case_id;
    struct str order_id, sub_id;
    enum ledger_payer payer;
    int64_t amount_cents; /**< positive */
    int64_t at_ms;
};

enum ledger_answer {
    LEDGER_OK,           /**< the step is right: store it */
    LEDGER_SAME,         /**< it is stored already: nothing moves */
    LEDGER_CLASH,        /**< the key belongs to another amount or case */
    LEDGER_NOT_RESERVED, /**< commit or void of what was never reserved */
    LEDGER_SETTLED,      /**< the other outcome is stored */
    LEDGER_TOO_MUCH,     /**< more than is left of what the buyer paid */
    LEDGER_BAD_AMOUNT,   /**< not positive */
    LEDGER_FAULT = -1,   /**< storage; logged where it happened */
};

/** What is stored under a key. */
struct ledger_state {
    bool done[LEDGER_STEPS];
    int64_t case_id, amount_cents; /**< of the reserve */
};

/** Totals over some entries. */
struct ledger_sum {
    int64_t reserved_cents, committed_cents, void_cents; /**< of all reserves, commits, voids */
};

const char *ledger_step_name(enum ledger_step s);
bool ledger_step_from_name(struct str name, enum ledger_step *ret);
const char *ledger_payer_name(enum ledger_payer p);
bool ledger_payer_from_name(struct str name, enum ledger_payer *ret);

/** Adds a stored entry of the key to what is known of it. */
void ledger_note(struct ledger_state *state, const struct ledger_entry *e);
/**
 * Whether @p next may follow what is stored under its key.
 * @param left_cents  most that may still be reserved: paid for the sub-order, less all that is reserved or committed of it;
 *                    INT64_MAX for what is not the buyer's own money
 */
must_use enum ledger_answer ledger_judge(const struct ledger_state *state, const struct ledger_entry *next,
                                         int64_t left_cents);
void ledger_add(struct ledger_sum *sum, const struct ledger_entry *e);
/** Reserved, and neither committed nor void yet. Never negative while the ledger balances. */
int64_t ledger_open(const struct ledger_sum *sum);
/** What is gone or promised: committed and open. */
int64_t ledger_taken(const struct ledger_sum *sum);
