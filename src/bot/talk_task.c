/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Jobs within a turn: whether a request is about one, what the walk came to, and what is remembered of it.
 *
 * Invariants   1. When a person takes over, the job is dropped: nothing is left half done for the bot to come back to.
 *              2. Another job that is begun in the middle of one is done first; the interrupted one is begun again after it.
 */
#include "bot/talk.h"

#include <string.h>

#include "bot/words.h"

#define MISSES_MOST 4 /* turns in a row that did not bring the job on, after which a person takes over */

static struct flow_job *job_of(struct talk *t, const struct flow_plan *p, enum flow_event event)
{
    struct flow_job *job = arena_new(t->a, struct flow_job);
    *job = (struct flow_job){.plan = p, .heard = {.event = event, .text = t->request->text}};
    return job;
}

/** The intent by which the job goes on: the one it was begun with. */
static const struct intent *intent_of(const struct talk *t, const struct flow_plan *p)
{
    bool begun = flow_list_has(&p->intents, t->state->intent);
    return intent_find(begun ? t->state->intent : p->intents.v[0]);
}

static void go_on(struct talk *t, struct flow_job *job)
{
    t->job = job;
    t->meaning.intent = intent_of(t, job->plan);
    t->meaning.by = job->heard.event == FLOW_RETURNS && t->meaning.by == BY_RETURN ? BY_RETURN : BY_ANSWER;
    t->meaning.confidence = 1;
    t->meaning.accepts = t->meaning.refuses = false;
}

/** Whether the request answers, corrects, drops or repeats the job that is open. */
static bool hear_open(struct talk *t, const struct flow_plan *open, const struct request *r)
{
    struct flow_job *job = job_of(t, open, FLOW_NOTHING);
    const struct flow_hearing hearing = {.arena = t->a, .plan = open, .waited = flow_stage_of(open, t->state->task.at),
                                         .state = t->state, .in = t->in, .request = r};
    if (r->meaning.by == BY_RETURN)
        job->heard.event = flow_list_has(&open->intents, str_from(r->meaning.intent->id)) ? FLOW_RETURNS : FLOW_NOTHING;
    else
        flow_hear(&hearing, &job->heard);
    if (job->heard.event == FLOW_NOTHING)
        return false;
    go_on(t, job);
    return true;
}

/** A job of what a person is asked for at once: the record of a complaint, while the buyer waits. */
static bool is_record(const struct flow_plan *p)
{
    const struct intent *in = intent_find(p->intents.v[0]);
    return in != NULL && in->flow == FLOW_URGENT;
}

/** The button under "a person is on the way", or its very words. */
static bool wants_record(const struct talk *t, const struct request *r)
{
    bool words = r->text.n > 0 && str_eq(str_trim(r->text), texts_get(t->language, "flow.complaint.start"));
    return t->meaning.intent->flow == FLOW_URGENT && (t->meaning.by == BY_BUTTON || words);
}

void talk_hear_task(struct talk *t, const struct request *r)
{
    const struct flow_plan *open = flow_open(t->flows, t->state, t->in->now_ms);
    t->job = NULL;
    t->request = r;
    bool record = wants_record(t, r);
    bool waits = t->c->handler == HANDLER_QUEUE && (record || (open != NULL && is_record(open)));
    if ((t->c->handler != HANDLER_BOT && !waits) || (open != NULL && hear_open(t, open, r)))
        return;
    const struct flow_plan *p = t->meaning.intent->flow == FLOW_TASK || record
                                    ? flow_book_for(t->flows, str_from(t->meaning.intent->id))
                                    : NULL;
    if (p == NULL)
        return;
    t->job = job_of(t, p, FLOW_STARTS);
    if (open != NULL && open != p)
        t->job->task.later = open->intents.v[0];
}

/** What came of the walk, as a decision. */
static void decide_by(struct talk *t)
{
    const struct flow_outcome *out = &t->job->out;
    struct decision *d = &t->d;
    d->act = out->end == FLOW_WAITS ? ACT_TASK_ASK : ACT_TASK;
    d->miss = out->missed;
    d->sorry = d->sorry && out->end != FLOW_DROPPED; /* "never mind" is no reproach */
    bool again = t->job->heard.event == FLOW_RETURNS && t->meaning.by != BY_RETURN; /* the same wish instead of an answer */
    if (out->offers_person || again || t->meaning.by == BY_FOLLOW)
        d->offer = OFFER_BUTTON;
    if (out->end == FLOW_WAITS && t->job->task.misses >= MISSES_MOST) {
        d->act = ACT_HAND_OVER;
        d->hand_over = d->needs_person = true;
        d->check = d->why = "repeat";
        d->offer = OFFER_NONE;
        return;
    }
    if (!out->hand_over)
        return;
    d->hand_over = true;
    d->needs_person = true;
    d->urgent = out->urgent;
    d->why = "task";
    d->offer = OFFER_NONE;
}

/** Which jobs are about the same thing: of these, one that is done leaves nothing to do for one that waits. */
static unsigned matter_of(const char *action)
{
    static const struct {
        const char *action;
        unsigned matter;
    } rows[] = {{"case.open", 1}, {"price.protect", 2}, {"order.cancel", 1 | 4 | 8}, {"logistics.intercept", 4},
                {"logistics.urge", 4}, {"order.change_address", 8}, {"order.change_phone", 8}, {"order.change_sku", 8}};
    for (size_t i = 0; action != NULL && i < COUNT(rows); i++)
        if (strcmp(action, rows[i].action) == 0)
            return rows[i].matter;
    return 0;
}

/** A job that waits is forgotten when what was done has settled it: goods on their way back are not exchanged as well. */
static void forget_the_same(struct flow_job *job)
{
    const struct intent *later = intent_find(job->task.later);
    bool changes = job->out.act != NULL && matter_of(job->out.act->name) == 8; /* a new phone and a new address are two */
    if (!job->out.does || later == NULL || changes)
        return;
    unsigned settled = matter_of(job->out.act->name);
    bool money_back = str_eq_c(job->walked.type, "refund_only") || str_eq_c(job->walked.type, "return_refund");
    if (settled == 1 && money_back) /* what is paid back is neither hurried nor changed */
        settled |= 4 | 8;
    if ((matter_of(later->action) & settled) != 0)
        job->task.later = STR_NONE;
}

/** "Where is my refund?" of who has none: that there is none is the answer, not how it goes in general. */
static bool asks_of_own(const struct talk *t)
{
    return t->request->text.n > 0 && words_value(t->a, t->language, "own", t->request->text).n > 0;
}

int talk_do_task(struct talk *t)
{
    bool ask_order = t->d.act == ACT_ASK_ORDER;
    if (t->job == NULL || t->d.hand_over || (t->d.act != ACT_TASK && !ask_order)) {
        t->job = NULL;
        return STORE_OK;
    }
    const struct flow_turn turn = {.arena = t->a, .store = t->bot->parts.store, .shop = &t->shop, .in = t->in,
                                   .conversation = t->c, .request = t->request, .state = t->state, .question = &t->question,
                                   .g = &t->g, .language = t->language};
    struct str later = t->job->task.later;
    if (flow_do(&turn, t->job, ask_order) != STORE_OK)
        return STORE_FAULT;
    if (later.n > 0)
        t->job->task.later = later;
    forget_the_same(t->job);
    if (t->job->heard.event == FLOW_STARTS && t->job->out.end == FLOW_OVER && t->job->out.act == NULL &&
        t->g.facts.knowledge == KNOWLEDGE_FOUND && t->meaning.by != BY_BUTTON && !asks_of_own(t)) {
        t->d.act = ACT_KNOWLEDGE; /* there is nothing that it could be done with: how it goes in general */
        t->g.facts.task = false;
        t->job = NULL;
        return STORE_OK;
    }
    if (!ask_order)
        decide_by(t);
    return STORE_OK;
}

void talk_remember_task(struct talk *t)
{
    if (t->job != NULL)
        t->after.task = t->job->task;
    else if (t->in->upload.n > 0 && t->after.task.plan.n == 0) /* a photo before the words that it belongs to */
        t->after.task = (struct task){.files = t->in->upload, .touched_ms = t->in->now_ms, .done = t->after.task.done};
    if (t->d.hand_over)
        t->after.task = (struct task){.done = t->after.task.done};
}
