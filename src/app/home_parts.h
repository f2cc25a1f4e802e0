/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Inside of app/: what home.c (building) and serve.c (serving) share. */

#include <pthread.h>

#include "account/account.h"
#include "app/home.h"
#include "bot/bot.h"
#include "bot/release_service.h"
#include "desk/desk_json.h"
#include "desk/desk_service.h"
#include "insight/rating_service.h"
#include "knowledge/knowledge_base.h"
#include "nlu/understand.h"
#include "trade/catalog.h"

struct parts {
    struct nlu *zh, *en;
    struct ears *ears;
    struct training *training;
    struct catalog_cache *catalogs;
    struct knowledge_cache *knowledge;
    struct desk_room desk;
    pthread_mutex_t lock;
    int64_t asked[64]; /* guarded by lock: tenants whose routing is queued already */
    size_t asked_n;    /* guarded by lock */
    bool draining;     /* guarded by lock: nothing is routed any more; the next start does it */
};

struct account_room home_account_room(struct home *h);
/** Lets all workers finish and ends them: nothing is posted to the server after it. */
void home_drain(struct home *h);
