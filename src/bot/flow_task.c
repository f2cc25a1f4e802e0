/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tasks.
 *
 * How          All that a job needs is read in one store_read(): the order with its address, the cases that may be meant, and
 *              what would come of the action, which trade/ answers (action_try). What is to be done is done again by
 *              action_do_in() in the unit of work that stores the turn; when it does not come out as it was said, the unit is
 *              undone and the turn decided anew.
 * Invariants   Whose orders and cases are read is the buyer that the channel has proven, never one that was named.
 */
#include "bot/flow_private.h"

#include <string.h>

#include "base/id.h"
#include "base/json_doc.h"
#include "bot/words.h"
#include "trade/order_store.h"

const struct flow_plan *flow_open(const struct flow_book *book, const struct bot_state *s, int64_t now_ms)
{
    if (s->task.plan.n == 0 || book == NULL)
        return NULL;
    const struct flow_plan *p = flow_book_plan(book, s->task.plan);
    bool fresh = p != NULL && !p->off && now_ms - s->task.touched_ms <= p->idle_ms;
    return fresh ? p : NULL;
}

void flow_close(struct task *t)
{
    *t = (struct task){.later = t->later, .done = t->plan.n > 0 ? t->plan : t->done};
}

bool flow_begins_with_order(const struct flow_plan *p)
{
    return p->main_count > 0 && p->stages[0].kind == FLOW_NEED && p->stages[0].want == WANT_ORDER;
}

/* ---- what it is about --------------------------------------------------------------------------------------------- */

static const struct order_item *item_of(const struct order *o, struct str sub_id)
{
    for (size_t i = 0; i < o->item_count; i++)
        if (str_eq(o->items[i].sub_id, sub_id) || o->item_count == 1)
            return &o->items[i];
    return NULL;
}

static int read_order(struct doing *w, struct str id)
{
    struct flow_job *job = w->job;
    const struct flow_turn *t = w->t;
    if (id.n == 0)
        return STORE_OK;
    int rc = order_get(w->tx, t->arena, t->shop->tenant_id, t->in->buyer, id, &job->order);
    job->has_order = rc > 0;
    return rc < 0 ? STORE_FAULT : STORE_OK;
}

void flow_find_item(struct doing *w)
{
    struct flow_job *job = w->job;
    struct str sub_id = job->row != NULL ? job->row->sub_id : job->task.item;
    job->item = job->has_order ? item_of(&job->order, sub_id) : NULL;
    job->product = job->item != NULL && w->t->g->catalog != NULL ? catalog_product(w->t->g->catalog, job->item->product)
                                                                  : NULL;
}

static bool wants_closed(const struct flow_plan *p)
{
    for (size_t i = 0; i < p->main_count; i++)
        if (p->stages[i].kind == FLOW_ACT && p->stages[i].act->action == ACTION_CASE_REOPEN)
            return true;
    return false;
}

/** True when nothing is written to the case: then a closed one may be looked at, too. */
static bool only_reads(const struct flow_plan *p)
{
    for (size_t i = 0; i < p->main_count; i++)
        if (p->stages[i].kind == FLOW_ACT && p->stages[i].act->writes)
            return false;
    return true;
}

/** The cases that may be meant: of the order that was named, open ones before closed ones. */
static int read_cases(struct doing *w)
{
    struct flow_job *job = w->job;
    const struct flow_turn *t = w->t;
    struct case_row_stored *all;
    size_t n;
    if (!flow_wants(job->plan, WANT_CASE))
        return STORE_OK;
    if (case_list_of_buyer(w->tx, t->arena, t->shop->tenant_id, t->in->buyer, FLOW_CASES_MOST, &all, &n) < 0)
        return STORE_FAULT;
    struct str order = t->g->pick.order != NULL && t->g->pick.reason <= PICK_PRODUCT ? t->g->pick.order->id : STR_NONE;
    bool closed = wants_closed(job->plan);
    job->cases = arena_array(t->arena, struct case_row_stored, n + 1);
    for (size_t i = 0; i < n; i++) {
        bool fits = order.n == 0 || str_eq(all[i].order_id, order);
        if (fits && case_state_final(all[i].c.state) == closed)
            job->cases[job->case_count++] = all[i];
    }
    for (size_t i = 0; i < n && job->case_count == 0 && only_reads(job->plan); i++)
        if (order.n == 0 || str_eq(all[i].order_id, order))
            job->cases[job->case_count++] = all[i];
    return STORE_OK;
}

/** The only case of the order in talk; 0: none, or several. */
static int64_t case_in_talk(const struct flow_job *job, struct str order)
{
    int64_t found = 0;
    size_t n = 0;
    for (size_t i = 0; i < job->case_count; i++) {
        bool there = order.n > 0 && str_eq(job->cases[i].order_id, order);
        found = there ? job->cases[i].id : found;
        n += there;
    }
    return n == 1 ? found : 0;
}

/** The case in hand: chosen, the only one there is, or the only one of the order in talk. */
static void find_case(struct flow_job *job, struct str order)
{
    job->row = NULL;
    if (job->task.case_id == 0)
        job->task.case_id = job->case_count == 1 ? job->cases[0].id : case_in_talk(job, order);
    for (size_t i = 0; i < job->case_count; i++)
        if (job->cases[i].id == job->task.case_id)
            job->row = &job->cases[i];
    if (job->row != NULL && job->task.type.n == 0)
        job->task.type = str_from(case_type_name(job->row->c.type)); /* what a step's condition may name */
}

/** Whose money the way back is, by the rule of the day the order was placed. */
void flow_read_freight(struct doing *w)
{
    struct flow_job *job = w->job;
    struct policy_value v;
    if (!job->has_order || !str_eq_c(job->task.type, "return_refund") || job->task.reason.n == 0)
        return;
    if (rules_get(w->tx, w->t->arena, w->t->shop->tenant_id, "return.freight", STR_NONE, job->order.created_ms, &v) <= 0)
        return;
    job->freight = json_doc_str(json_doc_read(w->t->arena, v.text), str_c(w->t->arena, job->task.reason));
}

/* ---- slots --------------------------------------------------------------------------------------------------------- */

bool flow_has_variants(const struct flow_job *job)
{
    for (size_t i = 0; job->product != NULL && i < job->product->sku_count; i++)
        if (job->product->skus[i].stock > 0 && !str_eq(job->product->skus[i].id, job->item->sku))
            return true;
    return false;
}

static enum flow_slot known(bool yes)
{
    return yes ? FLOW_KNOWN : FLOW_OPEN;
}

/** A reason or type that this step does not offer is none: another step of the plan took it. What the plan says is copied: the
 *  deed is stored when the turn has let go of the shop's flows. */
static enum flow_slot choice(struct arena *a, struct str *value, const struct flow_stage *s)
{
    if (s->is.n > 0) {
        *value = str_dup(a, s->is);
        return FLOW_KNOWN;
    }
    return known(value->n > 0 && (s->of.n == 0 || flow_list_has(&s->of, *value)));
}

/** What is about the whole order is filed under its first item. */
static void take_any_item(struct doing *w, const struct flow_stage *s)
{
    struct flow_job *job = w->job;
    if (s->is.n > 0 && job->task.item.n == 0 && job->has_order && job->order.item_count > 0)
        job->task.item = job->order.items[0].sub_id;
    flow_find_item(w);
}

static enum flow_slot slot(void *arg, const struct flow_stage *s)
{
    struct doing *w = arg;
    struct flow_job *job = w->job;
    const struct flow_secret *p = &job->secret;
    switch (s->want) {
    case WANT_ORDER: return known(job->has_order);
    case WANT_ITEM: take_any_item(w, s); return known(job->item != NULL);
    case WANT_CASE: return job->row != NULL ? FLOW_KNOWN : job->case_count > 0 ? FLOW_OPEN : FLOW_NO_SUCH;
    case WANT_ADDRESS: return known(p->region.n > 0 && p->detail.n > 0);
    case WANT_PHONE: return known(p->phone.n > 0);
    case WANT_SKU: return job->task.sku.n > 0 ? FLOW_KNOWN : flow_has_variants(job) ? FLOW_OPEN : FLOW_NO_SUCH;
    case WANT_REASON: return choice(w->t->arena, &job->task.reason, s);
    case WANT_TYPE: return choice(w->t->arena, &job->task.type, s);
    case WANT_EVIDENCE: return known(job->task.files.n > 0 || job->task.no_files);
    case WANT_TEXT: return known(p->text.n > 0);
    case WANT_WAYBILL: return known(job->task.waybill.n > 0);
    case WANT_TITLE: return known(p->title.n > 0);
    case WANT_AMOUNT: return known(job->task.amount_cents > 0);
    }
    return FLOW_OPEN;
}

/* ---- a turn of it --------------------------------------------------------------------------------------------------- */

/** The product that the words name, among those of the order. */
static struct str named_product(const struct doing *w)
{
    const struct flow_turn *t = w->t;
    size_t rivals;
    if (!w->job->has_order || w->job->order.item_count < 2 || t->g->catalog == NULL || w->job->heard.text.n == 0)
        return STR_NONE;
    struct str text = words_apart(t->arena, t->language, "keep", w->job->heard.text); /* what is to stay is not meant */
    const struct product *p = catalog_meant(t->g->catalog, t->arena, text, &rivals);
    return p != NULL ? p->id : STR_NONE;
}

/** The variant that is chosen already, named once more. */
static bool names_the_variant(const struct doing *w)
{
    const struct flow_job *job = w->job;
    if (job->task.sku.n == 0 || job->product == NULL || job->item == NULL || job->heard.text.n == 0)
        return false;
    const struct sku *sku = flow_sku(w->t->arena, job->product, job->item->sku, w->t->language, job->heard.text);
    return sku != NULL && str_eq(sku->id, job->task.sku);
}

/** A second answer in which nothing is found, to what the job can do without: a photo, a reason among those listed. */
static bool goes_on_without(struct doing *w, const struct flow_stage *waited)
{
    struct flow_job *job = w->job;
    if (waited == NULL || waited->kind != FLOW_NEED || job->task.misses < 1)
        return false;
    if (waited->want == WANT_EVIDENCE) {
        job->task.no_files = true;
        return true;
    }
    if (waited->want != WANT_REASON || !flow_list_has(&waited->of, STR("other")))
        return false;
    job->task.reason = STR("other");
    job->secret.text = str_dup(w->t->arena, str_clip(str_trim(job->heard.text), FLOW_TEXT_MOST));
    return true;
}

/** Takes what was told; an answer in which nothing is found is none. */
static enum flow_event take(struct doing *w)
{
    const struct flow_turn *t = w->t;
    struct flow_job *job = w->job;
    enum flow_event event = job->heard.event;
    const struct flow_stage *waited = event == FLOW_STARTS ? NULL : flow_stage_of(job->plan, job->task.at);
    bool words = event == FLOW_STARTS || event == FLOW_TELLS || event == FLOW_RETURNS;
    struct str named = named_product(w);
    const struct order_item *meant = job->has_order && named.n > 0 && words ? order_item_of(&job->order, named) : NULL;
    if (meant != NULL && job->task.item.n == 0 && flow_wants(job->plan, WANT_ITEM))
        job->task.item = meant->sub_id; /* known before its variant is looked for */
    flow_find_item(w);
    const struct flow_told told = {
        .arena = t->arena,
        .language = t->language,
        .text = words ? job->heard.text : STR_NONE,
        .heard = words && t->request->text.n > 0 ? &t->request->heard : NULL,
        .chosen = job->heard.chosen,
        .form = t->in->form,
        .upload = t->in->upload,
        .begins = event == FLOW_STARTS,
        .rewords = job->heard.rewords,
    };
    const struct flow_known about = {.order = job->has_order ? &job->order : NULL, .item = job->item,
                                     .product = job->product, .product_named = named};
    bool order_now = w->other_order || (waited != NULL && waited->want == WANT_ORDER && waited->kind == FLOW_NEED);
    bool taken = meant != NULL && waited != NULL && waited->kind == FLOW_NEED && waited->want == WANT_ITEM;
    taken = (words && flow_take(job->plan, waited, &told, &about, &job->task, &job->secret)) || taken;
    bool photo = waited != NULL && waited->kind == FLOW_NEED && waited->want == WANT_EVIDENCE && t->in->upload.n == 0 &&
                 job->heard.chosen.n == 0 && t->request->meaning.by != BY_RETURN && event != FLOW_STARTS && !order_now;
    if (photo && (event == FLOW_TELLS || event == FLOW_RETURNS || event == FLOW_MISSES)) /* words add to what happened, no more */
        return goes_on_without(w, waited) ? FLOW_TELLS : event == FLOW_TELLS ? FLOW_RETURNS : event;
    bool stays = (event == FLOW_TELLS || (event == FLOW_RETURNS && t->request->meaning.by != BY_RETURN)) && !taken && !order_now;
    if (stays && goes_on_without(w, waited))
        return FLOW_TELLS;
    if (event != FLOW_TELLS || taken || order_now)
        return event;
    if (waited != NULL && waited->kind == FLOW_CONFIRM && (job->heard.forced || names_the_variant(w)))
        return FLOW_RETURNS; /* what is shown, said once more */
    return FLOW_MISSES;
}

static void note(struct doing *w)
{
    struct flow_job *job = w->job;
    const struct flow_turn *t = w->t;
    struct task *task = &job->task;
    task->plan = job->plan->id;
    task->at = job->out.at;
    task->order = job->has_order ? job->order.id : task->order;
    if (w->event != FLOW_RETURNS)
        task->touched_ms = t->in->now_ms;
    bool stays = w->event == FLOW_MISSES || w->event == FLOW_RETURNS;
    task->misses = t->request->meaning.by == BY_RETURN ? task->misses : stays ? task->misses + 1 : 0;
    task->returned = t->request->meaning.by == BY_RETURN;
    task->secret = flow_secret_seal(t->arena, t->shop->tenant_id, &job->secret);
    job->walked = *task;
    if (job->out.end != FLOW_WAITS || task->secret.n > STATE_SECRET_BYTES)
        flow_close(task);
}

static void walk(struct doing *w)
{
    struct flow_job *job = w->job;
    const struct flow_world world = {
        .task = &job->task,
        .has_order = job->has_order,
        .status = job->has_order ? job->order.status : ORDER_UNPAID,
        .trouble = 1u << (unsigned)w->t->g->trouble.kind,
        .has = flow_has_of(job),
        .state = job->row != NULL ? case_state_name(job->row->c.state) : NULL,
        .slot = slot,
        .try = flow_try,
        .arg = w,
    };
    flow_walk(job->plan, w->event, &world, &job->out);
}

static int do_unit(struct tx *tx, void *arg)
{
    struct doing *w = arg;
    struct flow_job *job = w->job;
    const struct order *picked = w->t->g->pick.order;
    w->tx = tx;
    if (read_order(w, picked != NULL ? picked->id : job->task.order) != STORE_OK || read_cases(w) != STORE_OK)
        return STORE_FAULT;
    w->other_order = job->has_order && job->task.order.n > 0 && !str_eq(job->order.id, job->task.order);
    if (w->other_order)
        job->task.item = job->task.sku = STR_NONE;
    w->event = take(w);
    if (job->case_count > 0) {
        find_case(job, w->t->state->order);
        if (job->row != NULL && read_order(w, job->row->order_id) != STORE_OK)
            return STORE_FAULT;
    }
    flow_find_item(w);
    if (w->ask_only) {
        job->out = (struct flow_outcome){.end = FLOW_WAITS, .at = job->plan->stages[0].id};
        return STORE_OK;
    }
    walk(w);
    return STORE_OK;
}

/** A job at its beginning: with the photo that was sent just before it, if it is one that needs a photo. */
static struct task begun(const struct flow_turn *t, const struct flow_plan *p)
{
    const struct task *before = &t->state->task;
    bool photo = before->plan.n == 0 && flow_wants(p, WANT_EVIDENCE) && t->in->now_ms - before->touched_ms <= p->idle_ms;
    return (struct task){.later = before->later, .done = before->done, .files = photo ? before->files : STR_NONE};
}

int flow_do(const struct flow_turn *t, struct flow_job *job, bool ask_only)
{
    struct doing w = {.t = t, .job = job, .ask_only = ask_only};
    if (job->heard.event != FLOW_STARTS)
        job->task = t->state->task;
    else
        job->task = begun(t, job->plan);
    job->id = id_new(t->in->now_ms);
    flow_secret_open(t->arena, t->shop->tenant_id, job->task.secret, &job->secret);
    if (store_read(t->store, do_unit, &w) != STORE_OK)
        return STORE_FAULT;
    note(&w);
    return STORE_OK;
}
