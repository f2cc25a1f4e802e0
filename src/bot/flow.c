/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walk.
 *
 * How          Each turn walks the main way from its beginning over what is known by now, so that a correction, or what has
 *              changed in the shop meanwhile, is seen by itself. What was said before the step that waited is not said again,
 *              and what was checked before it is not checked again: confirming and doing ask anew anyway.
 */
#include "bot/flow.h"

#include <string.h>

#define MISSES_OFFER 2 /* answers in a row that were none, from which on a person is offered */

struct walk {
    const struct flow_plan *plan;
    const struct flow_world *world;
    struct flow_world now; /* with what actions brought */
    enum flow_event event;
    const struct flow_stage *waited; /* where the buyer was asked before, or NULL */
    struct flow_outcome *out;
};

/* ---- conditions -------------------------------------------------------------------------------------------------- */

bool flow_holds(const struct flow_if *when, const struct flow_world *w)
{
    if (when->statuses != 0 && (!w->has_order || (when->statuses & ORDER_BIT(w->status)) == 0))
        return false;
    if (when->troubles != 0 && (when->troubles & w->trouble) == 0)
        return false;
    if (when->types.n > 0 && !flow_list_has(&when->types, w->task->type))
        return false;
    if (when->reasons.n > 0 && !flow_list_has(&when->reasons, w->task->reason))
        return false;
    if (when->states.n > 0 && (w->state == NULL || !flow_list_has(&when->states, str_from(w->state))))
        return false;
    return (w->has & when->has) == when->has && (w->has & when->no) == 0;
}

const struct flow_stage *flow_stage_of(const struct flow_plan *p, struct str id)
{
    for (size_t i = 0; i < p->main_count; i++)
        if (str_eq(p->stages[i].id, id))
            return &p->stages[i];
    return NULL;
}

/* ---- lines ------------------------------------------------------------------------------------------------------- */

static void add(struct walk *w, enum flow_line_kind kind, const struct flow_stage *stage, const char *key)
{
    if (w->out->line_count < FLOW_LINES_MOST)
        w->out->lines[w->out->line_count++] = (struct flow_line){kind, stage, key};
}

static void waits_at(struct walk *w, enum flow_line_kind kind, const struct flow_stage *stage)
{
    add(w, kind, stage, NULL);
    w->out->end = FLOW_WAITS;
    w->out->at = stage->id;
}

static void hand_over(struct walk *w, const struct flow_stage *s)
{
    w->out->hand_over = true;
    w->out->urgent = s->urgent;
    w->out->skill = s->key;
}

static void say_branch(struct walk *w, const struct flow_branch *b)
{
    for (size_t i = b->from; i < b->from + b->n; i++) {
        const struct flow_stage *s = &w->plan->stages[i];
        if (!flow_holds(&s->when, &w->now))
            continue;
        if (s->kind == FLOW_HAND_OVER)
            hand_over(w, s);
        else
            add(w, s->kind == FLOW_OFFER ? LINE_OFFER : LINE_SAY, s, NULL);
    }
    w->out->end = FLOW_OVER;
}

/** Walks the branch called @p prefix and @p name, or the part of its name that the plan knows: "refused.case.too_late",
 *  "refused.case", "refused". */
static bool take_branch(struct walk *w, const char *prefix, struct str name)
{
    char room[96];
    size_t prefix_bytes = strlen(prefix);
    if (prefix_bytes + 1 + name.n >= sizeof(room))
        return false;
    memcpy(room, prefix, prefix_bytes);
    room[prefix_bytes] = '.';
    if (name.n > 0)
        memcpy(room + prefix_bytes + 1, name.p, name.n);
    struct str on = {room, name.n > 0 ? prefix_bytes + 1 + name.n : prefix_bytes};
    for (;;) {
        const struct flow_branch *b = flow_branch_of(w->plan, on);
        if (b != NULL) {
            say_branch(w, b);
            return true;
        }
        while (on.n > 0 && on.p[on.n - 1] != '.')
            on.n--;
        if (on.n == 0)
            return false;
        on.n--;
    }
}

/* ---- the steps --------------------------------------------------------------------------------------------------- */

/** What a need is called that an action finds missing. */
static bool want_of_slot(const char *slot, enum flow_want *ret)
{
    static const struct {
        const char *slot;
        enum flow_want want;
    } rows[] = {{"sub_id", WANT_ITEM}, {"address", WANT_ADDRESS}, {"phone", WANT_PHONE},       {"sku", WANT_SKU},
                {"text", WANT_TEXT},   {"reason", WANT_REASON},   {"evidence", WANT_EVIDENCE}, {"type", WANT_TYPE},
                {"case_id", WANT_CASE}, {"waybill", WANT_WAYBILL}, {"title", WANT_TITLE},
                {"amount", WANT_AMOUNT}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (slot == NULL || strcmp(slot, rows[i].slot) != 0)
            continue;
        *ret = rows[i].want;
        return true;
    }
    return false;
}

static const struct flow_stage *need_of(const struct flow_plan *p, enum flow_want want)
{
    for (size_t i = 0; i < p->main_count; i++)
        if (p->stages[i].kind == FLOW_NEED && p->stages[i].want == want)
            return &p->stages[i];
    return NULL;
}

/** True when the answer lets the walk go on; else what is to be said is said. */
static bool may_go_on(struct walk *w, const struct flow_answer *answer, bool asking)
{
    enum flow_want want;
    switch (answer->answer) {
    case ACTION_DONE:
    case ACTION_SAME:
    case ACTION_PENDING:
    case ACTION_NEEDS_CONFIRM: return true;
    case ACTION_NEEDS_SLOT:
        if (!asking)
            return true; /* it is asked for on the way */
        if (want_of_slot(answer->slot, &want) && need_of(w->plan, want) != NULL &&
            w->world->slot(w->world->arg, need_of(w->plan, want)) == FLOW_OPEN) {
            waits_at(w, LINE_ASK, need_of(w->plan, want));
            return false;
        }
        if (answer->slot != NULL && take_branch(w, "refused", str_from(answer->slot)))
            return false;
        break;
    case ACTION_NEEDS_SECOND:
        if (take_branch(w, "second", STR_NONE))
            return false;
        break;
    case ACTION_REFUSED:
        if (take_branch(w, "refused", answer->on))
            return false;
        add(w, LINE_WHY, NULL, NULL);
        w->out->offers_person = true;
        w->out->end = FLOW_OVER;
        return false;
    case ACTION_FAULT: break;
    }
    add(w, LINE_SAY, NULL, answer->answer == ACTION_NEEDS_SECOND ? "flow.second" : "flow.could_not");
    w->out->hand_over = true;
    w->out->end = FLOW_OVER;
    return false;
}

static bool try(struct walk *w, const struct flow_stage *s, bool sure)
{
    w->out->act = s->act;
    w->out->answer = w->world->try(w->world->arg, s->act, sure, &w->now);
    return may_go_on(w, &w->out->answer, s->kind == FLOW_ACT);
}

static bool need(struct walk *w, const struct flow_stage *s)
{
    switch (w->world->slot(w->world->arg, s)) {
    case FLOW_KNOWN: return true;
    case FLOW_OPEN: break;
    case FLOW_NO_SUCH:
        if (s->optional)
            return true;
        if (!take_branch(w, "none", str_from(flow_want_name(s->want)))) {
            add(w, LINE_SAY, NULL, "flow.none");
            w->out->offers_person = true;
            w->out->end = FLOW_OVER;
        }
        return false;
    }
    waits_at(w, LINE_ASK, s);
    return false;
}

/** The action behind a confirmation. */
static const struct flow_stage *act_behind(const struct walk *w, const struct flow_stage *confirm)
{
    for (const struct flow_stage *s = confirm; s < w->plan->stages + w->plan->main_count; s++)
        if (s->kind == FLOW_ACT && flow_holds(&s->when, &w->now))
            return s;
    return NULL;
}

/** True when the buyer has said yes to it. What cannot be done is not shown for confirmation. */
static bool confirm(struct walk *w, const struct flow_stage *s)
{
    if (w->event == FLOW_YES && w->waited == s)
        return true;
    const struct flow_stage *act = act_behind(w, s);
    if (act != NULL) {
        w->out->act = act->act;
        w->out->answer = w->world->try(w->world->arg, act->act, false, &w->now);
        if (!may_go_on(w, &w->out->answer, true))
            return false;
    }
    waits_at(w, LINE_CONFIRM, s);
    return false;
}

/** An action that writes only counts behind a yes of this turn: flow_lint.c proves that a confirmation stands before it. */
static bool act(struct walk *w, const struct flow_stage *s)
{
    bool sure = w->event == FLOW_YES;
    if (!try(w, s, sure))
        return false;
    if (!s->act->writes)
        return true;
    if (!sure || w->out->answer.answer == ACTION_NEEDS_CONFIRM) {
        add(w, LINE_SAY, NULL, "flow.could_not");
        w->out->hand_over = true;
        w->out->end = FLOW_OVER;
        return false;
    }
    w->out->does = true;
    if (w->out->answer.answer != ACTION_PENDING)
        return true;
    if (!take_branch(w, "pending", STR_NONE)) { /* handed on: nobody can say yet what comes of it */
        add(w, LINE_SAY, NULL, "flow.handed_on");
        w->out->end = FLOW_OVER;
    }
    return false;
}

/** True to go on to the next step. */
static bool take(struct walk *w, const struct flow_stage *s)
{
    bool passed = w->waited != NULL && s < w->waited;
    switch (s->kind) {
    case FLOW_NEED: return need(w, s);
    case FLOW_CHECK: return passed || try(w, s, false);
    case FLOW_CONFIRM: return confirm(w, s);
    case FLOW_ACT: return act(w, s);
    case FLOW_SAY:
        if (!passed)
            add(w, LINE_SAY, s, NULL);
        return true;
    case FLOW_OFFER: add(w, LINE_OFFER, s, NULL); return true;
    case FLOW_HAND_OVER: hand_over(w, s); return true;
    }
    return true;
}

static void drop(struct walk *w)
{
    w->out->end = FLOW_DROPPED;
    const struct flow_branch *b = flow_branch_of(w->plan, STR("declined"));
    if (b != NULL)
        say_branch(w, b);
    else
        add(w, LINE_SAY, NULL, "flow.dropped");
    w->out->end = FLOW_DROPPED;
}

void flow_walk(const struct flow_plan *p, enum flow_event event, const struct flow_world *world, struct flow_outcome *ret)
{
    struct walk w = {.plan = p, .world = world, .now = *world, .event = event, .out = ret};
    *ret = (struct flow_outcome){.end = FLOW_OVER};
    w.waited = event != FLOW_STARTS ? flow_stage_of(p, world->task->at) : NULL;
    if (event == FLOW_DROPS || event == FLOW_NO) {
        drop(&w);
        return;
    }
    ret->missed = event == FLOW_MISSES;
    if (ret->missed && world->task->misses + 1 >= MISSES_OFFER)
        ret->offers_person = true;
    for (size_t i = 0; i < p->main_count; i++)
        if (flow_holds(&p->stages[i].when, &w.now) && !take(&w, &p->stages[i]))
            return;
}
