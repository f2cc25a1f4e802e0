/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Events of a case as JSON: what a step was given and which rules it asked, so that it can be shown, explained and
 * replayed. Pure.
 */

#include "base/json.h"
#include "trade/case.h"

/** What an opening was given, in @p a. */
struct str case_ask_json(struct arena *a, const struct case_ask *ask);
/** What a step was given. */
struct str case_input_json(struct arena *a, const struct case_input *in);
/** The rules that were asked: {"refund.payout":{"value":"7d","scope":"platform","from":"2020-01-01T00:00:00Z"}}. */
struct str case_used_json(struct arena *a, const struct case_outcome *out);
/** "buyer,agent": the names of CASE_BY() bits. */
struct str case_tell_text(struct arena *a, unsigned tell);
/** Reads an event back, for case_replay(); all in @p a. False when the texts are not what this file wrote. */
must_use bool case_record_read(struct arena *a, struct str event, struct str actor, struct str input, struct str rules,
                               struct case_record *ret);
