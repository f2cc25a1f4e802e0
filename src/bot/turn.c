/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A turn: understand, read, decide, say. The one use case of this room.
 *
 * How          listen() finds the requests in the message and what each means, gather() reads what that needs, decide()
 *              decides, talk_say() says it, and talk_hand_over() asks who is on duty before it promises anybody. All of it
 *              is outside any unit of work; what has to be stored with the turn is left in turn.also by talk_keep().
 * Requests     One as a rule, and then nothing is kept or copied. Of two, each is a step: what can be answered first, what
 *              has to be asked back last. A question that the buyer left open is a step of its own, behind the answer.
 * Invariants   1. Whatever comes in, the turn has a state to store and, unless a person is on the way, something to say.
 *              2. The same state and the same input give the same turn: nothing here asks a clock or draws lots, but for the
 *                 ids of what a job stores.
 */
#include "bot/talk.h"

#include <string.h>

#include "bot/record.h"
#include "nlu/language.h"

#define FOREIGN_SURE 0.8 /* a guess below it does not change who takes over */

/* ---- listening ------------------------------------------------------------------------------------------------ */

/** The language that the conversation went on in so far. */
static struct str language_so_far(const struct talk *t)
{
    if (t->before.language.n > 0)
        return t->before.language;
    return t->c->language.n > 0 ? t->c->language : t->shop.language;
}

static struct str reply_language(const struct talk *t)
{
    bool spoken = t->has_words && !t->before.language_fixed && t->in->intent.n == 0 && t->heard.language.n > 0;
    return bot_language(spoken ? t->heard.language : language_so_far(t));
}

/** The buyer's language when it is surely one that the bot cannot answer in; else empty. */
static struct str foreign_language(const struct talk *t)
{
    struct str heard = t->heard.language;
    if (!t->has_words || t->before.language_fixed || t->in->intent.n > 0 || str_eq_c(heard, "zh") || str_eq_c(heard, "en"))
        return STR_NONE;
    double sure = language_of(t->a, t->in->text, bot_language(language_so_far(t))).confidence;
    return sure >= FOREIGN_SURE ? heard : STR_NONE;
}

static void listen(struct talk *t)
{
    t->question = bot_question(t->bot, &t->shop);
    t->question.state = &t->before;
    const struct listen_input input = {
        .arena = t->a,
        .ear = &t->ear,
        .in = t->in,
        .before = &t->before,
        .hint = bot_language(language_so_far(t)),
        .question = &t->question,
    };
    listen_to(&input, &t->listened);
    t->has_words = t->listened.has_words;
    t->heard = t->listened.heard;
    if (t->has_words)
        t->mood = (struct mood){t->heard.emotion, t->heard.emotion_strength, t->heard.alarm[ALARM_ABUSE].n > 0};
    t->language = reply_language(t);
    t->foreign = foreign_language(t);
}

static void ask_for_facts(struct talk *t, const struct request *r)
{
    t->question.ear = &t->ear;
    t->question.buyer = t->in->buyer;
    t->question.channel = t->in->channel;
    t->question.language = t->language;
    t->question.text = r->text;
    t->question.wording = r->wording;
    t->question.marks = r->text.n > 0 ? &r->marks : NULL;
    t->question.page_product = t->in->page_product;
    t->question.page_order = t->in->page_order;
    t->question.understood = r->text.n > 0 ? &t->heard : NULL;
    t->question.meaning = &t->meaning;
    t->question.state = t->state;
    t->question.plan = t->job != NULL ? t->job->plan : NULL;
    t->question.goes_on = t->job != NULL && t->job->heard.event != FLOW_STARTS;
    t->question.now_ms = t->in->now_ms;
}

/* ---- the whole turn -------------------------------------------------------------------------------------------------- */

/** What the next reply must not repeat. A silent turn leaves the last reply as it was. */
static void remember_said(struct talk *t)
{
    if (t->turn->say.n == 0)
        return;
    memcpy(t->after.said, t->reply.said, sizeof(t->after.said));
    t->after.said_count = t->reply.said_count;
}

/** A person for who is angry, when nobody is there before the next opening: what was asked is answered all the same. */
static void answer_besides(struct talk *t)
{
    static const struct mood calm = {.emotion = EMOTION_NEUTRAL};
    bool angry = t->d.hand_over && t->d.act == ACT_HAND_OVER && strcmp(t->d.check, "emotion") == 0;
    if (!angry || talk_is_manned(t))
        return;
    struct decision d = decide(t->state, &t->meaning, calm, &t->g.facts, t->c->handler);
    if (d.hand_over || !(decide_gives(d.act) || decide_asks(d.act) || d.act == ACT_TASK))
        return;
    d.sorry = d.needs_person = t->books = true;
    t->d = d;
}

/** Reads and decides for one request. */
static int take(struct talk *t, const struct request *r, struct mood mood)
{
    t->heard = r->heard;
    t->meaning = r->meaning;
    talk_hear_task(t, r);
    ask_for_facts(t, r);
    int read = gather(&t->question, t->a, &t->g);
    if (read == STORE_OK)
        t->d = decide(t->state, &t->meaning, mood, &t->g.facts, t->c->handler);
    if (read == STORE_OK)
        answer_besides(t);
    return read == STORE_OK ? talk_do_task(t) : read;
}

static void remember(struct talk *t, struct mood mood)
{
    decide_remember(&t->after, &t->meaning, mood, &t->g.facts, &t->d);
    talk_remember_task(t);
}

static struct step *keep(struct talk *t)
{
    struct step *s = arena_new(t->a, struct step);
    *s = (struct step){t->heard, t->meaning, t->question, t->g, t->d, t->job};
    t->steps[t->step_count++] = s;
    return s;
}

/** Makes a kept step the present one again. */
static void resume(struct talk *t, const struct step *s)
{
    t->heard = s->heard;
    t->meaning = s->meaning;
    t->question = s->question;
    t->g = s->g;
    t->d = s->d;
    t->job = s->job;
}

static bool same_answer(const struct step *x, const struct step *y)
{
    return x->d.act == ACT_KNOWLEDGE && y->d.act == ACT_KNOWLEDGE && x->g.choice.entry == y->g.choice.entry;
}

/** The second of two questions waits until the first is answered: a job behind a job, anything else aside. */
static void wait_behind(struct talk *t, struct step *asks)
{
    if (t->meaning.intent->flow == FLOW_TASK && asks->job != NULL) {
        asks->job->task.later = str_from(t->meaning.intent->id);
        return;
    }
    t->after.aside = t->d.act == ACT_ASK_ORDER ? ASK_ORDER : t->d.act == ACT_ASK_PRODUCT ? ASK_PRODUCT : ASK_SIZE;
    t->after.aside_intent = str_from(t->meaning.intent->id);
    t->after.aside_turn = t->after.turns;
}

/**
 * Two requests: what can be answered is, in order; what has to be asked back comes at the end, so that the buyer reads it
 * last. Of two questions the second waits until the first is answered. Nobody on the way to a person is asked anything.
 */
static int answer_two(struct talk *t)
{
    static const struct mood calm = {.emotion = EMOTION_NEUTRAL};
    struct step *asks = NULL;
    for (size_t i = 0; i < t->listened.count; i++) {
        struct mood mood = i == 0 ? t->mood : calm;
        t->state = i == 0 ? &t->before : arena_copy(t->a, &t->after, sizeof(t->after));
        int read = take(t, &t->listened.requests[i], mood);
        struct step *s = keep(t);
        if (read != STORE_OK)
            return read;
        if (decide_asks(t->d.act) && asks != NULL) {
            wait_behind(t, asks);
        } else if (decide_asks(t->d.act)) {
            asks = s;
        } else {
            enum ask before = i > 0 ? t->after.ask : ASK_NOTHING;
            remember(t, mood);
            if (before == ASK_PERSON && t->after.ask == ASK_NOTHING)
                t->after.ask = ASK_PERSON;
            if (i == 0 || !same_answer(t->steps[0], s))
                talk_say(t);
        }
        if (t->d.hand_over)
            return STORE_OK;
    }
    if (asks == NULL)
        return STORE_OK;
    struct bot_state aside = t->after;
    resume(t, asks);
    remember(t, calm);
    t->after.aside = aside.aside;
    t->after.aside_intent = aside.aside_intent;
    t->after.aside_turn = aside.aside_turn;
    talk_say(t);
    return STORE_OK;
}

/** The job that waits for its turn: the one left open, or the next one when one is over. NULL: none. */
static const struct intent *waiting_job(struct talk *t)
{
    const struct flow_plan *open = flow_open(t->flows, &t->after, t->in->now_ms);
    bool over = t->job != NULL && t->job->out.end != FLOW_WAITS && t->after.task.plan.n == 0 && !t->d.hand_over;
    struct str later = t->after.task.later;
    if (over && later.n > 0) {
        t->after.task.later = STR_NONE;
        return intent_find(later);
    }
    if (open == NULL || !decide_returns_to_task(&t->after, &t->d, t->c->handler))
        return NULL;
    return intent_find(open->intents.v[0]);
}

/** Takes up the question that was left open, when there is something to ask or tell. */
static int take_up(struct talk *t, const struct intent *open)
{
    static const struct mood calm = {.emotion = EMOTION_NEUTRAL};
    if (open == NULL)
        return STORE_OK;
    if (t->step_count == 0)
        keep(t);
    struct request r = {.meaning = {.intent = open, .by = BY_RETURN, .confidence = 1}};
    t->state = arena_copy(t->a, &t->after, sizeof(t->after));
    int read = take(t, &r, calm);
    keep(t);
    if (read != STORE_OK || t->d.hand_over || !(decide_asks(t->d.act) || decide_gives(t->d.act) || t->d.act == ACT_TASK))
        return read;
    remember(t, calm);
    if (decide_asks(t->d.act))
        t->reply.choices.n = 0; /* a question comes last and alone: what was offered before it can wait */
    talk_say(t);
    return STORE_OK;
}

/** The step whose offer of a person is the strongest says it, once. */
static void offer_once(struct talk *t)
{
    const struct step *most = NULL;
    for (size_t i = 0; i < t->step_count; i++)
        if (t->steps[i]->d.offer > (most != NULL ? most->d.offer : OFFER_NONE))
            most = t->steps[i];
    if (most != NULL && !t->d.hand_over)
        resume(t, most);
    talk_offer(t);
}

static int answer(struct talk *t)
{
    reply_start(&t->reply, t->a, t->language, &t->before, t->turn);
    int read = STORE_OK;
    if (t->listened.count > 1) {
        read = answer_two(t);
    } else {
        read = take(t, &t->listened.requests[0], t->mood);
        if (read != STORE_OK)
            return read;
        remember(t, t->mood);
        talk_say(t);
    }
    if (read == STORE_OK && decide_returns(&t->after, &t->d, t->c->handler))
        read = take_up(t, intent_find(t->after.aside_intent));
    const struct intent *job = read == STORE_OK ? waiting_job(t) : NULL;
    if (job != NULL && t->step_count < STEPS_MOST)
        read = take_up(t, job);
    if (read != STORE_OK)
        return read;
    offer_once(t);
    if (t->d.hand_over)
        talk_hand_over(t);
    reply_finish(&t->reply);
    if (t->step_count > 0)
        resume(t, t->steps[0]);
    return STORE_OK;
}

/** What is kept of the @p i-th step; without steps, of the one request there is. */
static struct record record_of(const struct talk *t, size_t i)
{
    const struct step *s = t->step_count > 0 ? t->steps[i] : NULL;
    return (struct record){
        .arena = t->a,
        .meaning = s != NULL ? &s->meaning : &t->meaning,
        .understood = !t->has_words ? NULL : s != NULL ? &s->heard : &t->heard,
        .g = s != NULL ? &s->g : &t->g,
        .decision = s != NULL ? &s->d : &t->d,
        .job = s != NULL ? s->job : t->job,
        .mood = t->mood,
        .before = &t->before,
        .language = t->language,
        .shop_language = t->shop.language,
        .handed = t->handed,
        .way = t->way,
        .model = t->has_words ? ear_version(&t->ear, t->in->text, bot_language(language_so_far(t))) : STR_NONE,
    };
}

/** Places that were named: "and how much is shipping?" is asked for there. */
static void remember_region(struct talk *t)
{
    const struct understanding *u = &t->listened.heard;
    for (size_t i = 0; t->has_words && i < u->entity_count; i++)
        if (u->entities[i].kind == ENTITY_REGION)
            t->after.region = u->entities[i].text;
}

static void finish(struct talk *t)
{
    struct turn *turn = t->turn;
    struct record first = record_of(t, 0), second;
    if (t->listened.count > 1 && t->step_count > 1) {
        second = record_of(t, 1);
        first.also = &second;
    }
    remember_region(t);
    remember_said(t);
    t->after.language = t->language;
    record_turn(&first, turn);
    turn->bot_state = state_write(t->a, &t->after);
    turn->language = str_eq(t->language, bot_language(t->c->language)) ? STR_NONE : t->language;
    if (t->foreign.n > 0) /* so that who speaks it is found */
        turn->language = t->foreign;
    turn->topic = intent_is_topic(t->meaning.intent) ? str_from(t->meaning.intent->id) : STR_NONE;
    turn->urgent = first.decision->urgent || (first.also != NULL && second.decision->urgent);
    turn->needs_person = first.decision->needs_person || (first.also != NULL && second.decision->needs_person);
    turn->wants_close = t->d.close;
    turn->version = bot_version_with(t->bot, t->a, &t->ear);
    talk_keep(t);
}

static int hold_book(struct tx *tx, void *arg)
{
    struct talk *t = arg;
    t->flows = flow_book_hold(t->bot->flows, tx, t->in->tenant_id, t->shop.catalog);
    return t->flows != NULL ? STORE_OK : STORE_FAULT;
}

/** The shop's flows; and a job whose time is over is forgotten, as if it had never been begun. */
static int hold_flows(struct talk *t, const struct turn_watch *watch)
{
    if (store_read(t->bot->parts.store, hold_book, t) != STORE_OK)
        return STORE_FAULT;
    t->held_flows = t->flows;
    if (watch != NULL && watch->draft != NULL)
        t->flows = flow_book_with(t->a, t->flows, watch->draft);
    if (t->before.task.plan.n > 0 && flow_open(t->flows, &t->before, t->in->now_ms) == NULL) {
        t->before.task = (struct task){.done = STR_NONE};
        if (t->before.ask == ASK_TASK)
            t->before.ask = ASK_NOTHING;
    }
    return STORE_OK;
}

static void let_go(struct talk *t)
{
    flow_book_release(t->bot->flows, t->held_flows);
    for (size_t i = 0; i < t->step_count; i++)
        gather_done(&t->steps[i]->question, &t->steps[i]->g);
    if (t->step_count == 0)
        gather_done(&t->question, &t->g);
}

int bot_turn_watched(const struct bot *bot, struct store *store, struct arena *a, const struct incoming *in,
                     const struct conversation *c, const struct turn_watch *watch, struct turn *ret)
{
    struct talk t = {.bot = bot, .a = a, .in = in, .c = c, .turn = ret};
    enum account_answer account = shop_of(store, a, in->tenant_id, &t.shop);
    if (account != ACCOUNT_OK)
        return STORE_FAULT;
    state_read(a, c->bot_state, &t.before);
    if (hold_flows(&t, watch) != STORE_OK)
        return STORE_FAULT;
    if (t.before.said_count == 0 && in->last_said.n > 0) { /* what closed the conversation before is not said again */
        t.before.said[0] = reply_hash(in->last_said);
        t.before.said_count = 1;
    }
    struct ear own = watch != NULL && watch->ear != NULL ? *watch->ear : bot_ear(t.bot, &t.shop, c->id);
    t.ear = own;
    t.state = &t.before;
    t.after = t.before;
    t.after.turns++;
    listen(&t);
    int read = answer(&t);
    if (read == STORE_OK)
        finish(&t);
    if (read == STORE_OK && watch != NULL)
        watch->see(watch->arg, t.has_words ? &t.heard : NULL, &t.meaning, &t.g);
    let_go(&t);
    if (watch == NULL || watch->ear == NULL)
        bot_ear_done(t.bot, &own); /* what was heard is borrowed from it: the turn holds copies */
    return read;
}

int bot_turn(void *room, struct store *store, struct arena *a, const struct incoming *in,
             const struct conversation *c, struct turn *ret)
{
    return bot_turn_watched(room, store, a, in, c, NULL, ret);
}
