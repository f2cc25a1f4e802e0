/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Idempotency keys of writes over HTTP: the first answer to a key is kept for ever and given again; the same key with
 * another body is refused. Messages have their own keys, stored with their row (chat/inbox.h).
 */

#include "net/route.h"

/** Runs the route's handler once for (tenant, actor, key). Blocks on the store. */
struct reply idempotency_run(struct request *rq, struct str raw_body);
