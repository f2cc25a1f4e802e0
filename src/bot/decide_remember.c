/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decide, what is remembered: counters, what was asked for, and the question that was set aside for another. Pure.
 *
 * Invariants   A question comes back once: what was set aside a second time is forgotten.
 */
#include "bot/decide_private.h"

#include "bot/clause.h"

#define ANGRY_TWICE 0.6 /* hands over the second time */

static enum ask asks_for(const struct decision *d)
{
    if (d->act == ACT_ASK_ORDER)
        return ASK_ORDER;
    if (d->act == ACT_ASK_PRODUCT)
        return ASK_PRODUCT;
    if (d->act == ACT_ASK_SIZE)
        return ASK_SIZE;
    if (d->act == ACT_TASK_ASK)
        return ASK_TASK;
    if (d->act == ACT_ASK_INTENT && d->offer != OFFER_ASKED)
        return ASK_INTENT;
    return d->offer == OFFER_ASKED ? ASK_PERSON : ASK_NOTHING;
}

/** An open question that the buyer passed over for another matter is set aside, but only once. */
static void set_aside(struct bot_state *s, const struct meaning *m, const struct decision *d)
{
    bool open = s->ask == ASK_ORDER || s->ask == ASK_PRODUCT || s->ask == ASK_SIZE;
    bool answers = m->by == BY_LIST || m->by == BY_ANSWER || m->by == BY_RETURN;
    if (open && !answers && !s->returned && intent_is_topic(m->intent) &&
        !clause_same_matter(str_from(m->intent->id), s->ask_intent)) {
        s->aside = s->ask;
        s->aside_intent = s->ask_intent;
        s->aside_turn = s->turns;
    }
    if (s->aside == ASK_NOTHING)
        return;
    bool over = d->hand_over || d->close || is(m, "confirm_no") || is(m, "thanks") || is(m, "goodbye") ||
                s->turns - s->aside_turn > STATE_FRESH;
    if (over || clause_same_matter(str_from(m->intent->id), s->aside_intent)) {
        s->aside = ASK_NOTHING;
        s->aside_intent = STR_NONE;
        s->aside_turn = 0;
    }
}

/** What was shown stays on the screen for a while; meanings that were offered only hold as an answer. */
static void forget_list(struct bot_state *s)
{
    if (s->list != LIST_INTENTS && s->list != LIST_VALUES && s->turns - s->listed <= STATE_FRESH)
        return;
    s->list = LIST_NONE;
    s->option_count = 0;
    s->listed = 0;
}

bool decide_returns(const struct bot_state *s, const struct decision *d, enum handler handler)
{
    return s->aside != ASK_NOTHING && handler == HANDLER_BOT && decide_gives(d->act) && d->offer != OFFER_ASKED &&
           !d->hand_over && !d->close && !d->again && !d->sorry;
}

bool decide_returns_to_task(const struct bot_state *s, const struct decision *d, enum handler handler)
{
    bool plain = handler == HANDLER_BOT && decide_gives(d->act) && d->offer != OFFER_ASKED && !d->hand_over && !d->close && !d->again;
    return plain && s->task.plan.n > 0 && s->ask != ASK_TASK && s->ask != ASK_ORDER && !s->task.returned;
}

/* Turns are counted by who takes them: several requests may come in one. */
void decide_remember(struct bot_state *s, const struct meaning *m, struct mood mood, const struct facts *f,
                     const struct decision *d)
{
    bool talk = m->intent->flow == FLOW_TALK;
    if (d->act == ACT_SILENT)
        return;
    s->misses = d->miss ? s->misses + 1 : 0;
    s->chat = is(m, "small_talk") || is(m, "off_topic") || is(m, "praise") ? s->chat + 1 : 0;
    if (is(m, "abuse") || mood.abuse)
        s->rude++;
    if (mood.emotion == EMOTION_ANGRY && mood.strength >= ANGRY_TWICE)
        s->anger++;
    if (f->meaning != 0 && !talk && d->act != ACT_TASK && d->act != ACT_TASK_ASK)
        state_note(s, f->meaning);
    if (!talk && m->intent->flow != FLOW_STEER && m->intent->flow != FLOW_UNCLEAR)
        s->intent = str_from(m->intent->id);
    set_aside(s, m, d);
    s->ask = asks_for(d);
    s->ask_intent = s->ask == ASK_NOTHING ? STR_NONE : str_from(m->intent->id);
    s->beside = d->offer == OFFER_ASKED && s->ask != ASK_PERSON;
    s->returned = m->by == BY_RETURN && decide_asks(d->act);
    forget_list(s); /* what is shown now is put there by who shows it */
    if (d->offer == OFFER_ASKED)
        s->offered = true;
    if (m->refuses || d->hand_over)
        s->offered = false;
    if (d->hand_over)
        s->why = str_from(d->why);
}
