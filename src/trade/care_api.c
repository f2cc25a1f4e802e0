/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routes of reminders. The buyer is taken from the token's contact, never from the request; a guest is told nothing unasked
 * and has nothing to switch.
 */
#include "trade/care_api.h"

#include "account/actor.h"
#include "account/contact.h"
#include "base/json.h"
#include "trade/care_store.h"

struct asking {
    struct request *rq;
    bool changes, on; /* what is asked for, then how it is */
};

/** What a unit of work answers beside STORE_OK and STORE_FAULT. */
enum { A_GUEST = 1 };

static int read_or_change(struct tx *tx, void *arg)
{
    struct asking *q = arg;
    const struct actor *who = q->rq->actor;
    struct contact c;
    enum account_answer answer = contact_get(tx, q->rq->arena, who->tenant_id, who->id, &c);
    if (answer == ACCOUNT_FAULT)
        return STORE_FAULT;
    if (answer != ACCOUNT_OK || c.buyer.n == 0)
        return A_GUEST;
    int rc = STORE_OK;
    if (q->changes)
        rc = q->on ? care_resume(tx, who->tenant_id, c.buyer) : care_stop(tx, who->tenant_id, c.buyer, q->rq->now_ms);
    bool stopped = false;
    if (rc >= 0)
        rc = care_is_stopped(tx, who->tenant_id, c.buyer, &stopped);
    q->on = !stopped;
    return rc < 0 ? STORE_FAULT : STORE_OK;
}

static struct reply answer_with(struct asking *q, int rc)
{
    if (rc == A_GUEST)
        return reply_problem(409, "guest", "Only a buyer who is signed in is ever reminded of anything.");
    if (rc != STORE_OK)
        return reply_fault();
    struct buf b = {.arena = q->rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kb(&o, "on", q->on);
    jo_close(&o);
    return reply_json(&b);
}

static struct reply get_reminders(struct request *rq)
{
    struct asking q = {.rq = rq};
    return answer_with(&q, store_read(rq->store, read_or_change, &q));
}

static struct reply put_reminders(struct request *rq)
{
    struct asking q = {.rq = rq, .changes = true, .on = json_is_true(json_object_get(rq->body, "on"))};
    return answer_with(&q, store_write(rq->store, read_or_change, &q));
}

static const shape reminders_shape = {
    {.name = "on", .type = FIELD_BOOL, .required = true, .help = "Whether the buyer is told of late orders, payments and the like unasked."},
    {0},
};

const struct route care_routes[] = {
    {METHOD_GET, "/api/v1/widget/reminders", get_reminders, .needs = ROLE_BUYER, .gives = reminders_shape, .tag = "Buyer",
     .help = "Whether the buyer is told anything unasked."},
    {METHOD_PUT, "/api/v1/widget/reminders", put_reminders, .needs = ROLE_BUYER, .body = reminders_shape,
     .gives = reminders_shape, .tag = "Buyer", .help = "Switches it; to say \"no more reminders\" in the chat does the same."},
};
const size_t care_route_count = COUNT(care_routes);
