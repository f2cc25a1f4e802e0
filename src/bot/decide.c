/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decide: from meaning and facts to what is done.
 *
 * How          decide_answer() says what the intent's flow would do with the facts; the checks before it may put a person in its
 *              place, the ones after it add an offer or a hand-over. While a person is on the way, waiting() keeps of
 *              all this only what is certain.
 * Invariants   1. A wish for a person is met the first time, in any wording.
 *              2. The same meaning is never answered twice without offering a person, nor a third time instead of one; a job
 *                 is done as often as it is wanted.
 *              3. Nobody who waits for a person is asked anything by the bot.
 */
#include "bot/decide_private.h"

#define ANGRY_ONCE  0.8 /* hands over at once */
#define ANGRY_TWICE 0.6 /* hands over the second time */
#define MOOD_ANGRY  0.4 /* from here on a reply begins with a word to the mood */
#define MOOD_WORRY  0.6 /* the same for the anxious and the sad: a plain question must not be called worried */
#define RUDE_TURNS  2

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
    struct decision sure = decide_answer(s, m, f);
    if (sure.act == ACT_KNOWLEDGE && flow == FLOW_TASK && !f->asks_how)
        return d; /* "tell me and I do it" is not kept here: the wish waits for the person */
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
    d = own_job ? decide_about_task(s, m, f) : decide_answer(s, m, f);
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
