/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decide: from meaning and facts to what is done.
 *
 * How          answer() says what the intent's flow would do with the facts; the checks before it may put a person in its
 *              place, the ones after it add an offer or a hand-over. While a person is on the way, waiting() keeps of
 *              all this only what is certain.
 * Invariants   1. A wish for a person is met the first time, in any wording.
 *              2. The same meaning is never answered twice without offering a person, nor a third time instead of one; a job
 *                 is done as often as it is wanted.
 *              3. Nobody who waits for a person is asked anything by the bot.
 */
#include "bot/decide.h"

#include <string.h>

#include "bot/clause.h"

#define ANGRY_ONCE  0.8 /* hands over at once */
#define ANGRY_TWICE 0.6 /* hands over the second time */
#define MOOD_ANGRY  0.4 /* from here on a reply begins with a word to the mood */
#define MOOD_WORRY  0.6 /* the same for the anxious and the sad: a plain question must not be called worried */
#define CHAT_TURNS  3
#define RUDE_TURNS  2
#define MISS_OFFER  2   /* misses in a row after which a person is offered */
#define MISS_PERSON 3   /* … after which the same list is not shown again */

static bool is(const struct meaning *m, const char *id)
{
    return strcmp(m->intent->id, id) == 0;
}

/* ---- what the flows do ------------------------------------------------------------------------------------------ */

static struct decision act(enum act what, enum offer offer)
{
    return (struct decision){.act = what, .offer = offer, .check = "answer"};
}

static enum offer beside(const struct intent *in)
{
    return in->offer ? OFFER_BUTTON : OFFER_NONE;
}

static struct decision needs_person(const struct intent *in)
{
    struct decision d = act(ACT_NEEDS_PERSON, OFFER_ASKED);
    d.gap = true;
    d.needs_person = in->offer;
    return d;
}

static struct decision not_in_data(void)
{
    struct decision d = act(ACT_NOT_IN_DATA, OFFER_ASKED);
    d.gap = true;
    return d;
}

static struct decision not_understood(const struct bot_state *s)
{
    bool second = s->misses + 1 >= MISS_OFFER;
    struct decision d = act(ACT_ASK_INTENT, second ? OFFER_ASKED : OFFER_NONE);
    d.miss = true;
    d.gap = true;
    d.check = "miss";
    return d;
}

static struct decision by_knowledge(const struct intent *in, const struct facts *f)
{
    return f->knowledge == KNOWLEDGE_FOUND ? act(ACT_KNOWLEDGE, beside(in)) : needs_person(in);
}

/** Asking the same list again means that it did not help. */
static struct decision ask_order(const struct bot_state *s, const struct meaning *m)
{
    bool asked_before = s->ask == ASK_ORDER && (m->by == BY_LIST || m->by == BY_ANSWER);
    bool often = asked_before && s->misses + 1 >= MISS_OFFER;
    if (often && s->misses >= MISS_PERSON) { /* the list does not help */
        struct decision person = act(ACT_HAND_OVER, OFFER_NONE);
        person.hand_over = person.needs_person = true;
        person.check = person.why = "repeat";
        return person;
    }
    struct decision d = act(ACT_ASK_ORDER, often ? OFFER_ASKED : OFFER_NONE);
    d.miss = asked_before;
    return d;
}

static struct decision ask_product(const struct bot_state *s, const struct meaning *m)
{
    bool asked_before = s->ask == ASK_PRODUCT && m->by == BY_LIST;
    struct decision d = act(ACT_ASK_PRODUCT, asked_before && s->misses + 1 >= MISS_OFFER ? OFFER_ASKED : OFFER_NONE);
    d.miss = asked_before;
    return d;
}

/** Orders whose trouble a person has to mend: the reply ends with the offer. */
static bool ends_with_offer(const struct meaning *m)
{
    return is(m, "ship_signed_not_received") || is(m, "ship_lost") || is(m, "ship_wrong_place") ||
           is(m, "ship_partial") || (is(m, "ship_stuck") && m->by == BY_FOLLOW); /* "why?": more than the carrier says */
}

static struct decision about_order(const struct bot_state *s, const struct meaning *m, const struct facts *f)
{
    if (m->by == BY_NUMBER && f->product == PRODUCT_KNOWN && (f->guest || f->pick == PICK_UNKNOWN))
        return act(ACT_SHOW_PRODUCT, OFFER_NONE); /* the number was a product's */
    if (f->guest)
        return act(ACT_SIGN_IN, OFFER_BUTTON);
    switch (f->pick) {
    case PICK_CLICKED:
    case PICK_NAMED:
    case PICK_PRODUCT:
    case PICK_CURRENT:
    case PICK_ENTRY:
    case PICK_ONLY:
    case PICK_FITS:
    case PICK_TROUBLE: break;
    case PICK_NO_FIT:
    case PICK_AMBIGUOUS: return ask_order(s, m);
    case PICK_UNKNOWN: return act(ACT_NOT_FOUND, OFFER_BUTTON);
    case PICK_NO_ORDERS: return act(ACT_NO_ORDERS, OFFER_BUTTON);
    }
    struct decision d = act(ACT_ANSWER, ends_with_offer(m) ? OFFER_ASKED : OFFER_NONE);
    d.needs_person = m->intent->offer || is(m, "ship_urge") || f->order_trouble;
    return d;
}

/**
 * A job to be done. Who asks how it is done and finds a stored answer is told that; who has bought nothing, too, and a guest
 * who asked in those very words: nothing can be done for them.
 */
static struct decision about_task(const struct bot_state *s, const struct meaning *m, const struct facts *f)
{
    bool bought = f->guest ? f->match < KNOWLEDGE_SAME : f->pick != PICK_NO_ORDERS || !f->task_order;
    bool told = f->knowledge == KNOWLEDGE_FOUND && (f->asks_how || !bought);
    if (!f->task && strncmp(m->intent->id, "ship_", 5) == 0 && f->knowledge != KNOWLEDGE_FOUND)
        return about_order(s, m, f);
    if (!f->task)
        return by_knowledge(m->intent, f);
    if (told && !f->task_goes_on && m->by != BY_BUTTON)
        return act(ACT_KNOWLEDGE, OFFER_NONE);
    if (f->guest)
        return act(ACT_SIGN_IN, OFFER_BUTTON);
    if (f->pick == PICK_UNKNOWN)
        return act(ACT_NOT_FOUND, OFFER_BUTTON);
    if (!f->task_order)
        return act(ACT_TASK, OFFER_NONE);
    struct decision d = about_order(s, m, f);
    if (d.act != ACT_ANSWER)
        return d;
    d = act(ACT_TASK, OFFER_NONE);
    d.needs_person = f->order_trouble;
    return d;
}

/** A general question unless one order is plainly meant: then that order's facts. */
static struct decision about_shipping(const struct bot_state *s, const struct meaning *m, const struct facts *f)
{
    bool pointed = !f->guest && (f->pick <= PICK_PRODUCT || (f->pick <= PICK_ENTRY && f->order_fits));
    bool one = !f->guest && f->pick <= PICK_TROUBLE && f->order_fits;
    bool known = f->knowledge == KNOWLEDGE_FOUND;
    if (!f->guest && f->pick == PICK_UNKNOWN)
        return act(ACT_NOT_FOUND, OFFER_BUTTON);
    if (pointed || (one && !(known && is(m, "ship_carrier")))) {
        struct decision d = act(ACT_ANSWER, OFFER_NONE);
        d.needs_person = f->order_trouble;
        return d;
    }
    if (!f->guest && f->pick == PICK_AMBIGUOUS && (is(m, "ship_eta") || !known))
        return ask_order(s, m);
    if (known)
        return act(ACT_KNOWLEDGE, OFFER_NONE);
    return about_order(s, m, f);
}

static struct decision about_product(const struct bot_state *s, const struct meaning *m, const struct facts *f)
{
    bool known = f->knowledge == KNOWLEDGE_FOUND;
    if (m->by == BY_CARD && f->product == PRODUCT_KNOWN)
        return act(ACT_SHOW_PRODUCT, OFFER_NONE);
    if (f->product != PRODUCT_KNOWN) {
        bool asked_so = f->product == PRODUCT_NOT_KNOWN || f->match >= KNOWLEDGE_SAME; /* in those very words */
        return known && asked_so ? act(ACT_KNOWLEDGE, OFFER_NONE) : ask_product(s, m);
    }
    if (f->data == DATA_NEEDS_SLOT)
        return act(ACT_ASK_SIZE, OFFER_NONE);
    if (f->data == DATA_FOUND)
        return act(ACT_ANSWER, OFFER_NONE);
    return known ? act(ACT_KNOWLEDGE, OFFER_NONE) : not_in_data();
}

static struct decision about_search(const struct bot_state *s, const struct meaning *m, const struct facts *f)
{
    if (f->data == DATA_FOUND)
        return act(ACT_ANSWER, OFFER_NONE);
    if (f->knowledge == KNOWLEDGE_FOUND)
        return act(ACT_KNOWLEDGE, OFFER_NONE);
    return is(m, "product_search") ? not_in_data() : ask_product(s, m);
}

static struct decision talk(const struct bot_state *s, const struct meaning *m, const struct facts *f)
{
    bool chat = is(m, "small_talk") || is(m, "off_topic") || is(m, "praise");
    struct decision d = act(chat && f->knowledge == KNOWLEDGE_FOUND && f->small_talk ? ACT_KNOWLEDGE : ACT_TALK,
                            beside(m->intent));
    if (chat && s->chat >= CHAT_TURNS) {
        d.act = ACT_TALK;
        d.enough = true;
    }
    d.needs_person = is(m, "feedback_suggest");
    d.close = is(m, "goodbye") && !f->open;
    if (is(m, "abuse"))
        d.offer = OFFER_BUTTON;
    return d;
}

static struct decision steer(const struct bot_state *s, const struct meaning *m)
{
    const struct intent *last = intent_find(s->intent);
    if (is(m, "confirm_yes")) /* "yes" to what only a person can do for the buyer */
        return act(ACT_YES, last != NULL ? beside(last) : OFFER_NONE);
    if (is(m, "confirm_no"))
        return act(ACT_NO, OFFER_NONE);
    if (is(m, "switch_language"))
        return act(ACT_LANGUAGE, OFFER_NONE);
    return is(m, "human_hours") ? act(ACT_HOURS, OFFER_ASKED) : act(ACT_QUEUE, OFFER_BUTTON);
}

static struct decision answer(const struct bot_state *s, const struct meaning *m, const struct facts *f)
{
    enum flow flow = m->intent->flow;
    if (f->emergency && f->knowledge == KNOWLEDGE_FOUND && flow != FLOW_TALK && flow != FLOW_STEER)
        return act(ACT_KNOWLEDGE, beside(m->intent));
    switch (flow) {
    case FLOW_KNOWLEDGE: return by_knowledge(m->intent, f);
    case FLOW_ORDER: return about_order(s, m, f);
    case FLOW_SHIPPING: return about_shipping(s, m, f);
    case FLOW_TASK: return about_task(s, m, f);
    case FLOW_MISSING: return f->guest ? act(ACT_SIGN_IN, OFFER_BUTTON) : act(ACT_ANSWER, OFFER_BUTTON);
    case FLOW_PRODUCT:
    case FLOW_SIZE:
    case FLOW_STOCK:
    case FLOW_PRICE:
    case FLOW_RULE: return about_product(s, m, f);
    case FLOW_SEARCH:
    case FLOW_COMPARE: return about_search(s, m, f);
    case FLOW_TALK: return talk(s, m, f);
    case FLOW_STEER: return steer(s, m);
    case FLOW_UNCLEAR:
        if (f->knowledge == KNOWLEDGE_FOUND)
            return act(ACT_KNOWLEDGE, OFFER_NONE);
        return f->product == PRODUCT_KNOWN && f->product_named ? act(ACT_SHOW_PRODUCT, OFFER_NONE) : not_understood(s);
    case FLOW_PERSON:
    case FLOW_URGENT:
    case FLOW_SAFETY: break; /* decided before an answer is thought of */
    }
    return act(ACT_HAND_OVER, OFFER_NONE);
}

/* ---- the checks -------------------------------------------------------------------------------------------------- */

static struct decision hand_over(enum act what, const char *check, const char *why, bool urgent)
{
    return (struct decision){.act = what, .check = check, .why = why, .hand_over = true, .urgent = urgent,
                             .needs_person = true};
}

static const char *why_person(const struct meaning *m)
{
    if (is(m, "complain_bot"))
        return "bot_failed";
    if (is(m, "complain_no_reply"))
        return "no_reply";
    if (is(m, "callback_request"))
        return "phone";
    if (m->accepts)
        return "accepted";
    return m->by == BY_BUTTON ? "button" : "person_asked";
}

/** Safety, explicit wish, risk: true when one of them decides. */
static bool before_answer(const struct meaning *m, struct decision *ret)
{
    if (m->intent->flow == FLOW_SAFETY)
        *ret = hand_over(ACT_TALK, "safety", "safety", true);
    else if (m->intent->flow == FLOW_PERSON || is(m, "callback_request"))
        *ret = hand_over(ACT_HAND_OVER, "asked", why_person(m), false);
    else if (m->intent->flow == FLOW_URGENT)
        *ret = hand_over(ACT_HAND_OVER, "risk", "risk", true);
    else
        return false;
    return true;
}

bool decide_gives(enum act what)
{
    return what == ACT_ANSWER || what == ACT_KNOWLEDGE;
}

bool decide_asks(enum act what)
{
    return what == ACT_ASK_ORDER || what == ACT_ASK_PRODUCT || what == ACT_ASK_SIZE || what == ACT_TASK_ASK;
}

static void take_over(struct decision *d, const char *check, const char *why)
{
    if (!decide_gives(d->act))
        d->act = ACT_HAND_OVER;
    d->hand_over = true;
    d->needs_person = true;
    d->check = check;
    d->why = why;
    d->offer = OFFER_NONE;
}

/** The same meaning again: other words and the offer of a person; after an offer, the person. */
static void check_repeat(const struct bot_state *s, const struct facts *f, struct decision *d)
{
    int64_t times = f->meaning != 0 ? state_times(s, f->meaning) : 0;
    if (times == 0 || d->act == ACT_TASK || d->act == ACT_TALK || d->act == ACT_YES || d->act == ACT_NO || d->act == ACT_LANGUAGE)
        return;
    d->again = true;
    if (s->callback_ms != 0)
        return; /* a person is promised already */
    if (s->offered) {
        take_over(d, "repeat", "repeat");
        d->act = ACT_HAND_OVER; /* what was said before did not help: not a third time */
        return;
    }
    d->check = "repeat";
    d->offer = OFFER_ASKED;
}

static bool is_upset(struct mood mood)
{
    switch (mood.emotion) {
    case EMOTION_ANGRY: return mood.strength >= MOOD_ANGRY;
    case EMOTION_ANXIOUS:
    case EMOTION_SAD: return mood.strength >= MOOD_WORRY;
    case EMOTION_NEUTRAL:
    case EMOTION_HAPPY: break;
    }
    return false;
}

static bool is_friendly(const struct meaning *m)
{
    return is(m, "praise") || is(m, "thanks") || is(m, "goodbye") || is(m, "greet_presale");
}

static void check_emotion(const struct bot_state *s, const struct meaning *m, struct mood mood, struct decision *d)
{
    if (is_friendly(m) || d->hand_over)
        return;
    bool plain = is(m, "stop_reminders") || (m->by == BY_ANSWER && mood.strength < ANGRY_ONCE); /* no more than an answer */
    d->sorry = is_upset(mood) && d->act != ACT_ASK_INTENT && !is(m, "abuse") && !plain;
    if ((is(m, "abuse") || mood.abuse) && s->rude + 1 >= RUDE_TURNS) {
        take_over(d, "emotion", "rude");
        return;
    }
    if (is(m, "abuse"))
        return;
    if (mood.emotion != EMOTION_ANGRY || s->callback_ms != 0)
        return;
    bool second = mood.strength >= ANGRY_TWICE && s->anger >= 1;
    if (mood.strength >= ANGRY_ONCE || second) {
        take_over(d, "emotion", "angry");
        d->sorry = true;
    }
}

/** While a person is on the way: only what is certain, and the queue. */
static struct decision waiting(const struct bot_state *s, const struct meaning *m, struct mood mood,
                               const struct facts *f)
{
    struct decision d = {.act = ACT_SILENT, .check = "waiting"};
    enum flow flow = m->intent->flow;
    if (flow == FLOW_SAFETY || flow == FLOW_URGENT) {
        d.act = flow == FLOW_SAFETY ? ACT_TALK : ACT_URGENT_WORD;
        d.urgent = true;
        return d;
    }
    if (flow == FLOW_PERSON || is(m, "queue_status") || is(m, "callback_request")) {
        d.act = ACT_QUEUE;
        return d;
    }
    struct decision sure = answer(s, m, f);
    if (decide_gives(sure.act) && !f->small_talk && state_times(s, f->meaning) == 0) {
        d.act = sure.act;
        d.sorry = mood.emotion == EMOTION_ANGRY && is_upset(mood);
    } else if (sure.act == ACT_LANGUAGE) {
        d.act = sure.act;
    }
    return d;
}

struct decision decide(const struct bot_state *s, const struct meaning *m, struct mood mood, const struct facts *f,
                       enum handler handler)
{
    struct decision d;
    bool own_job = f->task && m->intent->flow == FLOW_URGENT; /* pressed by who waits already, or may: the complaint's record */
    if (handler == HANDLER_QUEUE && !own_job)
        return waiting(s, m, mood, f);
    if (!own_job && before_answer(m, &d)) {
        d.sorry = mood.emotion == EMOTION_ANGRY && is_upset(mood) && m->intent->flow == FLOW_PERSON &&
                  !is(m, "complain_bot") && !is(m, "complain_no_reply");
        return d;
    }
    d = own_job ? about_task(s, m, f) : answer(s, m, f);
    if (own_job)
        return d;
    if (m->by != BY_RETURN) /* a second time because of us, not of the buyer */
        check_repeat(s, f, &d);
    check_emotion(s, m, mood, &d);
    return d;
}

const char *act_name(enum act what)
{
    static const char *const names[] = {
        [ACT_SILENT] = "silent",
        [ACT_TALK] = "talk",
        [ACT_ANSWER] = "answer",
        [ACT_KNOWLEDGE] = "knowledge",
        [ACT_SHOW_PRODUCT] = "show_product",
        [ACT_ASK_ORDER] = "ask_order",
        [ACT_ASK_PRODUCT] = "ask_product",
        [ACT_ASK_SIZE] = "ask_size",
        [ACT_ASK_INTENT] = "ask_intent",
        [ACT_SIGN_IN] = "sign_in",
        [ACT_NO_ORDERS] = "no_orders",
        [ACT_NOT_FOUND] = "not_found",
        [ACT_NOT_IN_DATA] = "not_in_data",
        [ACT_NEEDS_PERSON] = "needs_person",
        [ACT_URGENT_WORD] = "urgent_word",
        [ACT_QUEUE] = "queue",
        [ACT_HOURS] = "hours",
        [ACT_LANGUAGE] = "language",
        [ACT_YES] = "yes",
        [ACT_NO] = "no",
        [ACT_HAND_OVER] = "hand_over",
        [ACT_TASK] = "task",
        [ACT_TASK_ASK] = "task_ask",
    };
    return names[what];
}

/* ---- what is remembered ------------------------------------------------------------------------------------------- */

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
    s->returned = m->by == BY_RETURN && decide_asks(d->act);
    forget_list(s); /* what is shown now is put there by who shows it */
    if (d->offer == OFFER_ASKED)
        s->offered = true;
    if (m->refuses || d->hand_over)
        s->offered = false;
    if (d->hand_over)
        s->why = str_from(d->why);
}

/* ---- how it is handed over ------------------------------------------------------------------------------------------ */

enum way handover_way(const struct duty *duty, const struct bot_state *s, bool urgent, int64_t now_ms)
{
    bool somebody = duty->agents_online > 0;
    if (duty->open_now || (urgent && somebody)) {
        if (!somebody)
            return WAY_NOBODY;
        return duty->eta_seconds > 0 ? WAY_WAIT : WAY_ONLINE;
    }
    if (s->callback_ms > now_ms)
        return WAY_BOOKED;
    return duty->next_open_ms > 0 ? WAY_CLOSED : WAY_NEVER;
}

const char *way_name(enum way way)
{
    static const char *const names[] = {
        [WAY_WAIT] = "wait",     [WAY_ONLINE] = "online", [WAY_NOBODY] = "nobody",
        [WAY_CLOSED] = "closed", [WAY_BOOKED] = "booked", [WAY_NEVER] = "never",
    };
    return names[way];
}
