/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deeds: a job's action as a request to trade/, what would come of it, and doing it with the turn.
 *
 * Invariants   1. Who asks is the buyer that the channel has proven, never one that was named.
 *              2. No amount is part of a request but the one that the case has stored, or another that the buyer claims
 *                 instead: trade/ knows what is left and holds it against that.
 *              3. After a turn that was decided twice in vain, nothing is tried a third time: a person sees to it.
 */
#include "bot/flow_private.h"

#include <string.h>

#include "trade/work_order_store.h"

#define UNDONE_MOST 2

static bool one_of(struct str value, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq_c(value, names[i]))
            return true;
    return false;
}

/** What goes wrong only with goods that one holds in hand. */
static bool speaks_of_goods(struct str reason)
{
    static const char *const reasons[] = {"quality_defect", "damaged_in_transit", "wrong_item", "missing_item", "not_as_described"};
    return one_of(reason, reasons, COUNT(reasons));
}

static struct address address_of_job(const struct flow_job *job)
{
    const struct flow_secret *s = &job->secret;
    return (struct address){.name = s->name, .phone = s->phone, .region = s->region, .detail = s->detail};
}

static struct action_request request_of(const struct doing *w, const struct flow_act *act, bool sure)
{
    const struct flow_turn *t = w->t;
    struct flow_job *job = w->job;
    struct action_request r = {
        .tenant_id = t->shop->tenant_id,
        .action = act->action,
        .who = {.actor = CASE_BOT, .buyer = t->in->buyer, .confirmed = sure},
        .key = str_fmt(t->arena, "%lld/%lld/%s", (long long)t->conversation->id, (long long)t->conversation->seq + 1,
                       act->name),
        .conversation_id = t->conversation->id,
        .id = job->id,
        .order_id = job->row != NULL ? job->row->order_id : job->order.id,
        .sub_id = job->item != NULL ? job->item->sub_id : STR_NONE,
        .case_id = job->row != NULL ? job->row->id : 0,
        .address = address_of_job(job),
        .sku = job->task.sku,
        .text = job->secret.text,
        .tax_id = job->secret.tax_id,
        .reason = job->task.reason,
        .evidence = job->task.files,
        .now_ms = t->in->now_ms,
    };
    if (act->action == ACTION_CASE_ADD_WAYBILL)
        r.text = job->task.waybill;
    if (act->action == ACTION_INVOICE_REQUEST)
        r.text = job->secret.title;
    if (act->action == ACTION_CASE_MODIFY && job->row != NULL)
        r.amount_cents = job->task.amount_cents > 0 ? job->task.amount_cents
                                                    : job->row->c.claimed_cents; /* the same again, with what was added */
    if (str_eq_c(r.text, "-"))
        r.text = STR_NONE;
    if (job->task.type.n > 0 && !case_type_from_name(job->task.type, &r.type))
        r.type = CASE_REFUND_ONLY; /* flow_lint.c: a plan names types that are there */
    bool on_its_way = job->has_order && job->order.status == ORDER_SHIPPED;
    r.says_not_received = str_eq_c(r.reason, "not_received");
    r.says_received = on_its_way && speaks_of_goods(r.reason);
    return r;
}

/** True when a check and a confirmation of one turn ask the same: then it is asked of trade/ once. */
static bool same_request(const struct action_request *x, const struct action_request *y)
{
    return x->key.n > 0 && x->action == y->action && x->who.confirmed == y->who.confirmed && x->type == y->type &&
           x->case_id == y->case_id && x->amount_cents == y->amount_cents && str_eq(x->order_id, y->order_id) &&
           str_eq(x->sub_id, y->sub_id) && str_eq(x->sku, y->sku) && str_eq(x->text, y->text) && str_eq(x->reason, y->reason) &&
           str_eq(x->evidence, y->evidence);
}

unsigned flow_has_of(const struct flow_job *job)
{
    const struct action_result *r = &job->result;
    const struct parcel *p = job->has_order && job->order.parcel_count > 0 ? &job->order.parcels[0] : NULL;
    if (job->has_order)
        order_last_event(&job->order, &p);
    unsigned has = 0;
    has |= job->row != NULL && !case_state_final(job->row->c.state) ? FLOW_HAS_CASE : 0;
    has |= job->task.files.n > 0 ? FLOW_HAS_EVIDENCE : 0;
    has |= flow_has_variants(job) ? FLOW_HAS_VARIANTS : 0;
    has |= p != NULL ? FLOW_HAS_PARCEL : 0;
    has |= p != NULL && p->carrier_phone.n > 0 ? FLOW_HAS_CARRIER_PHONE : 0;
    has |= r->due_ms > 0 ? FLOW_HAS_DEADLINE : 0;
    has |= r->amount_cents > 0 ? FLOW_HAS_AMOUNT : 0;
    has |= r->ticket.n > 0 ? FLOW_HAS_TICKET : 0;
    has |= r->has_case ? FLOW_HAS_CASE_NOW : 0;
    return has;
}

/** Actions that only read what this room can read by itself. */
static enum action_answer look(struct doing *w, const struct flow_act *act)
{
    struct flow_job *job = w->job;
    const struct flow_turn *t = w->t;
    struct work_order ticket;
    job->result = (struct action_result){.answer = ACTION_DONE};
    if (strcmp(act->name, "invoice.show") != 0) {
        job->result.has_case = job->row != NULL;
        if (job->row != NULL) {
            job->result.row = *job->row;
            job->result.due_ms = job->row->c.due_ms;
            job->result.amount_cents = job->row->c.claimed_cents;
        }
        return ACTION_DONE;
    }
    int rc = work_order_last_of(w->tx, t->arena, t->shop->tenant_id, job->order.id,
                                str_from(action_name(ACTION_INVOICE_REQUEST)), &ticket);
    if (rc > 0) {
        job->result.ticket = work_order_ticket(t->arena, ticket.day, ticket.number);
        job->result.due_ms = ticket.due_ms;
    }
    return rc < 0 ? ACTION_FAULT : ACTION_DONE;
}

struct flow_answer flow_try(void *arg, const struct flow_act *act, bool sure, struct flow_world *now)
{
    struct doing *w = arg;
    struct flow_job *job = w->job;
    struct flow_answer answer = {.answer = ACTION_FAULT};
    if (act->action == ACTION_NONE) {
        answer.answer = look(w, act);
    } else if (!(sure && w->t->in->undone >= UNDONE_MOST)) {
        flow_find_item(w);
        struct action_request r = request_of(w, act, sure);
        if (!same_request(&job->request, &r) || job->result.answer == ACTION_FAULT) {
            job->request = r;
            job->result = (struct action_result){.answer = ACTION_FAULT};
            action_try_on(w->tx, w->t->arena, &job->request, job->has_order ? &job->order : NULL, &job->result);
        }
        answer.answer = job->result.answer;
    }
    if (answer.answer == ACTION_REFUSED)
        answer.on = job->result.why == ACTION_WHY_CASE
                        ? str_fmt(w->t->arena, "case.%s", case_answer_name(job->result.case_answer))
                        : str_from(action_why_name(job->result.why));
    answer.slot = job->result.slot;
    flow_read_freight(w);
    now->has = flow_has_of(job);
    if (job->result.has_case)
        now->state = case_state_name(job->result.row.c.state);
    return answer;
}

int flow_store_deed(struct tx *tx, struct arena *a, const struct action_request *r, const struct action_result *expected)
{
    struct action_result done = {.answer = ACTION_FAULT};
    action_do_in(tx, a, r, &done);
    if (done.answer == ACTION_FAULT)
        return STORE_FAULT;
    return action_same(expected, &done) ? STORE_OK : STORE_CONFLICT;
}
