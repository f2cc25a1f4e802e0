/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeping: what a turn leaves to be stored in its own unit of work beside messages and state. The ordinary turn leaves
 * nothing and pays nothing.
 */
#include "bot/talk.h"

#include <string.h>

#include "bot/callback_store.h"
#include "knowledge/learning_store.h"
#include "knowledge/masking.h"
#include "trade/care_store.h"

struct beside {
    struct learning_item item;
    bool has_item;
    bool missed;         /* a person takes over because the bot did not serve what was said before */
    int64_t callback_ms; /* 0: none */
    struct str callback; /* JSON of the timer */
    struct str reminded; /* the buyer who wants no reminders any more, or them again; empty: nobody says so */
    bool again;
    int64_t now_ms;
    struct arena *arena;
    const struct flow_job *jobs[STEPS_MOST]; /* what is done for the buyer */
    size_t job_count;
};

static int store_beside(struct tx *tx, void *arg, const struct conversation *c)
{
    struct beside *s = arg;
    s->item.conversation_id = c->id;
    for (size_t i = 0; i < s->job_count; i++) {
        int stored = flow_store_deed(tx, s->arena, &s->jobs[i]->request, &s->jobs[i]->result);
        if (stored != STORE_OK)
            return stored;
    }
    if (s->has_item && learning_add(tx, c->tenant_id, &s->item) != STORE_OK)
        return STORE_FAULT;
    if (s->missed && learning_hand_over(tx, c->tenant_id, c->id) != STORE_OK)
        return STORE_FAULT;
    if (s->reminded.n > 0 && (s->again ? care_resume(tx, c->tenant_id, s->reminded)
                                       : care_stop(tx, c->tenant_id, s->reminded, s->now_ms)) < 0)
        return STORE_FAULT;
    if (s->callback_ms != 0)
        return callback_book(tx, c->tenant_id, c->id, s->callback, s->callback_ms, s->now_ms);
    return STORE_OK;
}

/** "P1/充电时间": the product and what was asked of it. */
static struct str asked_about(const struct talk *t)
{
    if (t->g.product == NULL)
        return STR_NONE;
    if (t->g.asked_attribute.n == 0)
        return str_dup(t->a, t->g.product->id);
    return str_fmt(t->a, "%.*s/%.*s", STR_ARG(t->g.product->id), STR_ARG(t->g.asked_attribute));
}

/** Whether a trainer should see what was said; the ordinary turn says no here and pays nothing more. */
static bool worth_learning(const struct talk *t, enum learning_reason *ret)
{
    const struct guess *best = &t->heard.best[0];
    if (!t->has_words || t->in->intent.n > 0) /* a button's label is nobody's words */
        return false;
    if (t->d.act == ACT_ASK_INTENT)
        *ret = t->heard.best_count > 0 && !str_eq_c(best->intent, "unclear") ? LEARNING_REJECTED : LEARNING_ASKED_BACK;
    else if (t->d.gap)
        *ret = LEARNING_UNANSWERED;
    else if (t->d.again)
        *ret = LEARNING_REPEATED;
    else
        return false;
    if (t->d.hand_over)
        *ret = LEARNING_HANDED;
    return true;
}

/** The person is there because of something the bot had no answer to. */
static bool missed_before(const struct talk *t)
{
    return t->d.hand_over && (t->before.misses > 0 || strcmp(t->d.why, "accepted") == 0 ||
                              strcmp(t->d.why, "bot_failed") == 0);
}

static struct learning_item item_of(const struct talk *t, enum learning_reason reason)
{
    const struct gathered *g = &t->g;
    struct knowledge_near nearest = {.entry = NULL};
    bool guessed = t->heard.best_count > 0, near = gather_nearest(&t->question, t->a, g, &nearest);
    return (struct learning_item){
        .seq = t->c->seq + 1, /* of the buyer's message: the first that this turn stores */
        .at_ms = t->in->now_ms,
        .text = masked(t->a, t->in->text),
        .language = t->heard.language,
        .reason = reason,
        .intent = guessed ? str_dup(t->a, t->heard.best[0].intent) : str_from(t->meaning.intent->id),
        .confidence = guessed ? t->heard.best[0].confidence : t->meaning.confidence,
        .entry = near ? str_dup(t->a, nearest.entry->id) : STR_NONE,
        .match = nearest.match,
        .about = asked_about(t),
    };
}

static struct str callback_data(const struct talk *t)
{
    struct buf b = {.arena = t->a};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kt(&o, "skill", t->turn->skill);
    jo_close(&o);
    return buf_view(&b);
}

/** The jobs of this turn that something is done for. */
static size_t jobs_done(const struct talk *t, const struct flow_job *ret[STEPS_MOST])
{
    size_t n = 0;
    memset(ret, 0, STEPS_MOST * sizeof(ret[0]));
    for (size_t i = 0; i < t->step_count; i++)
        if (t->steps[i]->job != NULL && t->steps[i]->job->out.does)
            ret[n++] = t->steps[i]->job;
    if (t->step_count == 0 && t->job != NULL && t->job->out.does)
        ret[n++] = t->job;
    return n;
}

static bool is_about_reminders(const struct meaning *m)
{
    return m->intent->action != NULL && strcmp(m->intent->action, "reminder.stop") == 0;
}

/** The buyer, when one of the requests is to be told nothing unasked any more, or to be told again. A guest is told nothing
 *  anyway. */
static struct str whose_reminders(const struct talk *t, bool *ret_again)
{
    bool about = t->step_count == 0 && is_about_reminders(&t->meaning);
    *ret_again = about && t->g.facts.resumes;
    for (size_t i = 0; i < t->step_count; i++) {
        if (!is_about_reminders(&t->steps[i]->meaning))
            continue;
        about = true;
        *ret_again = t->steps[i]->g.facts.resumes;
    }
    return about ? t->in->buyer : STR_NONE;
}

void talk_keep(struct talk *t)
{
    enum learning_reason reason;
    bool has_item = worth_learning(t, &reason), books = t->handed && t->way == WAY_CLOSED;
    bool missed = !has_item && missed_before(t);
    const struct flow_job *jobs[STEPS_MOST];
    size_t job_count = jobs_done(t, jobs);
    bool again;
    struct str reminded = whose_reminders(t, &again);
    if (!has_item && !missed && !books && job_count == 0 && reminded.n == 0)
        return;
    struct beside *s = arena_new(t->a, struct beside);
    *s = (struct beside){
        .arena = t->a,
        .job_count = job_count,
        .has_item = has_item,
        .missed = missed,
        .callback_ms = books ? t->after.callback_ms : 0,
        .callback = callback_data(t),
        .reminded = reminded,
        .again = again,
        .now_ms = t->in->now_ms,
    };
    if (has_item)
        s->item = item_of(t, reason);
    memcpy(s->jobs, jobs, sizeof(jobs));
    t->turn->orders_changed = job_count > 0;
    t->turn->also = store_beside;
    t->turn->also_arg = s;
}
