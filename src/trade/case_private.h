/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Inside of the case machines: what case.c (steps) and case_open.c (openings) share. */

#include "trade/case_tables.h"

/** The version of rule @p key that held for orders of @p order_ms, of one of @p kinds (POLICY_BIT); noted in @p out as
 *  asked. False when there is none that can be read. */
must_use bool case_rule(const struct case_rules *rules, const char *key, unsigned kinds, int64_t order_ms,
                        struct policy_value *ret, struct case_outcome *out);
/** The number of such a rule; false as above. */
must_use bool case_rule_number(const struct case_rules *rules, const char *key, enum policy_kind kind, int64_t order_ms,
                               int64_t *ret, struct case_outcome *out);
/** Whether @p word is in the JSON list of the rule. */
bool case_rule_lists(const struct case_rules *rules, const char *key, struct str word, int64_t order_ms,
                     struct case_outcome *out);
/** When a term of rule @p key that began at @p from_ms ends; false when there is no such rule. */
must_use bool case_rule_due(const struct case_rules *rules, const char *key, int64_t order_ms, int64_t from_ms,
                            int64_t *ret, struct case_outcome *out);
/** Whether the actor is among @p by; the bot stands for the buyer, when the buyer has confirmed. */
must_use enum case_answer case_permit(unsigned by, enum case_actor actor, bool confirmed);
/**
 * Puts the case of @p out into @p to at @p at_ms: its timer, its end, the money and who is told.
 * @param money  CASE_MONEY_RESERVE of nothing goes straight to the end
 */
must_use enum case_answer case_enter(struct case_outcome *out, enum case_state to, enum case_money money, int64_t at_ms,
                                     const struct case_rules *rules);
/** Who is to be told of what @p actor did. */
unsigned case_told(const struct trade_case *after, enum case_actor actor);
