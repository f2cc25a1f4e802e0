/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ledger: which step may follow which.
 *
 * Invariants   1. Of a key there is one reserve, and after it a commit or a void or neither.
 *              2. All entries of a key say the same case and amount.
 */
#include "trade/ledger.h"

static const char *const step_names[LEDGER_STEPS] = {"reserve", "commit", "void"};
static const char *const payer_names[] = {"escrow", "shop", "insurer"};

/** Position of @p name among @p n names, or n. */
static size_t find_name(struct str name, const char *const *names, size_t n)
{
    size_t i = 0;
    while (i < n && !str_eq_c(name, names[i]))
        i++;
    return i;
}

const char *ledger_step_name(enum ledger_step s)
{
    return step_names[s];
}

bool ledger_step_from_name(struct str name, enum ledger_step *ret)
{
    size_t i = find_name(name, step_names, COUNT(step_names));
    if (i == COUNT(step_names))
        return false;
    *ret = (enum ledger_step)i;
    return true;
}

const char *ledger_payer_name(enum ledger_payer p)
{
    return payer_names[p];
}

bool ledger_payer_from_name(struct str name, enum ledger_payer *ret)
{
    size_t i = find_name(name, payer_names, COUNT(payer_names));
    if (i == COUNT(payer_names))
        return false;
    *ret = (enum ledger_payer)i;
    return true;
}

void ledger_note(struct ledger_state *state, const struct ledger_entry *e)
{
    state->done[e->step] = true;
    if (e->step != LEDGER_RESERVE)
        return;
    state->case_id = e->case_id;
    state->amount_cents = e->amount_cents;
}

enum ledger_answer ledger_judge(const struct ledger_state *state, const struct ledger_entry *next, int64_t left_cents)
{
    if (next->amount_cents <= 0)
        return LEDGER_BAD_AMOUNT;
    bool reserved = state->done[LEDGER_RESERVE];
    if (reserved && (state->case_id != next->case_id || state->amount_cents != next->amount_cents))
        return LEDGER_CLASH;
    if (state->done[next->step])
        return LEDGER_SAME;
    if (next->step == LEDGER_RESERVE)
        return next->amount_cents > left_cents ? LEDGER_TOO_MUCH : LEDGER_OK;
    if (!reserved)
        return LEDGER_NOT_RESERVED;
    return state->done[LEDGER_COMMIT] || state->done[LEDGER_VOID] ? LEDGER_SETTLED : LEDGER_OK;
}

void ledger_add(struct ledger_sum *sum, const struct ledger_entry *e)
{
    int64_t *const of_step[LEDGER_STEPS] = {&sum->reserved_cents, &sum->committed_cents, &sum->void_cents};
    *of_step[e->step] += e->amount_cents;
}

int64_t ledger_open(const struct ledger_sum *sum)
{
    return sum->reserved_cents - sum->committed_cents - sum->void_cents;
}

int64_t ledger_taken(const struct ledger_sum *sum)
{
    return sum->reserved_cents - sum->void_cents;
}
