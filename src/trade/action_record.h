/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Requests and results of actions as JSON, as the log keeps them. Pure. */

#include "base/json.h"
#include "trade/action_service.h"

/** The arguments of a request, in @p a. */
struct str action_request_json(struct arena *a, const struct action_request *r);
/** Reads them back over @p ret; its other members stay. Text in @p a. False: it is not what this file wrote. */
must_use bool action_request_read(struct arena *a, struct str json, struct action_request *ret);
/** What came of it, without the order and the case, which are read again. */
struct str action_result_json(struct arena *a, const struct action_result *ret);
must_use bool action_result_read(struct arena *a, struct str json, struct action_result *ret);
