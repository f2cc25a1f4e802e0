/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A turn: understand, read, decide, say. The one use case of this room.
 *
 * How          listen() finds what was meant, gather() reads what that needs, decide() decides, compose() says it, and
 *              hand_over() asks who is on duty before it promises anybody. All of it is outside any unit of work; what
 *              has to be stored with the turn (a text to learn from, a call back) is left in turn.also.
 * Invariants   1. Whatever comes in, the turn has a state to store and, unless a person is on the way, something to say.
 *              2. The same state and the same input give the same turn: nothing here asks a clock or draws lots.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json_doc.h"
#include "bot/bot_private.h"
#include "bot/callback_store.h"
#include "bot/record.h"
#include "bot/tell.h"
#include "bot/words.h"
#include "knowledge/learning_store.h"
#include "knowledge/masking.h"
#include "nlu/language.h"

#define OPTIONS_MOST 3 /* "did you mean" */
#define FAQ_MOST     4
#define FOREIGN_SURE 0.8 /* a guess below it does not change who takes over */

struct talk {
    const struct bot *bot;
    struct arena *a;
    const struct incoming *in;
    const struct conversation *c;
    struct turn *turn;
    struct shop shop;
    struct ear ear;
    struct bot_state before, after;
    struct understanding heard;
    bool has_words;
    struct str language; /* of the reply */
    struct str foreign;  /* of the message, when no pack speaks it; else empty */
    struct meaning meaning;
    struct mood mood;
    struct gather_question question;
    struct gathered g;
    struct decision d;
    struct reply reply;
    enum way way;
    bool handed;
};

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

/** The place in the last list that the words name: "the second one", or the very label of a button. */
static int place_named(const struct talk *t)
{
    const struct bot_state *s = &t->before;
    int place = words_place(t->a, t->heard.language, t->in->text, s->option_count);
    for (size_t i = 0; i < s->option_count && place < 0; i++)
        if (intent_find(s->options[i]) != NULL && str_eq(intent_name(s->language, s->options[i]), t->in->text))
            place = (int)i;
    return place;
}

static void listen(struct talk *t)
{
    const struct incoming *in = t->in;
    struct str hint = bot_language(language_so_far(t));
    t->has_words = in->kind == MESSAGE_TEXT && in->text.n > 0 && ear_understand(&t->ear, t->a, in->text, hint, &t->heard);
    struct said said = {
        .wants_human = in->wants_human,
        .intent = in->intent,
        .order_id = in->order_id,
        .product_id = in->product_id,
        .is_card = in->kind != MESSAGE_TEXT,
        .text = in->text,
        .place = -1,
    };
    if (t->has_words) {
        said.understood = &t->heard;
        said.alarm = words_value(t->a, t->heard.language, "safety", in->text);
        said.place = place_named(t);
        t->mood = (struct mood){t->heard.emotion, t->heard.emotion_strength};
        if (!t->heard.sure)
            said.warning = words_value(t->a, t->heard.language, "risk", in->text);
    }
    meaning_find(&t->before, &said, &t->meaning);
    t->language = reply_language(t);
    t->foreign = foreign_language(t);
}

static void ask_for_facts(struct talk *t)
{
    t->question = bot_question(t->bot, &t->shop);
    t->question.ear = &t->ear;
    t->question.buyer = t->in->buyer;
    t->question.channel = t->in->channel;
    t->question.language = t->language;
    t->question.text = t->has_words ? t->in->text : STR_NONE;
    t->question.page_product = t->in->page_product;
    t->question.page_order = t->in->page_order;
    t->question.understood = t->has_words ? &t->heard : NULL;
    t->question.meaning = &t->meaning;
    t->question.state = &t->before;
    t->question.now_ms = t->in->now_ms;
}

/* ---- saying --------------------------------------------------------------------------------------------------- */

static const char *key_of(struct talk *t, const char *prefix)
{
    return str_c(t->a, str_fmt(t->a, "%s.%s", prefix, t->meaning.intent->id));
}

/** True when the text is there, in one wording or several. */
static bool has_text(struct talk *t, const char *key)
{
    return texts_has(t->language, key) || texts_has(t->language, str_c(t->a, str_fmt(t->a, "%s.1", key)));
}

static void say(struct talk *t, const char *key)
{
    SAY(&t->reply, key, {"shop", t->shop.name}, {"intent", intent_name(t->language, str_from(t->meaning.intent->id))},
        {"number", t->g.pick.number});
}

static struct tell tell_of(struct talk *t)
{
    return (struct tell){
        .reply = &t->reply,
        .g = &t->g,
        .shop = &t->shop,
        .meaning = &t->meaning,
        .view = {.arena = t->a, .language = t->language, .zone = t->shop.time_zone, .now_ms = t->in->now_ms},
        .after = &t->after,
    };
}

static void offer_human(struct talk *t)
{
    struct str language = t->foreign.n > 0 ? t->foreign : t->language;
    reply_choice(&t->reply, (struct choice){.label = texts_get(language, "bot.choice.human"), .human = true});
}

static void say_mood(struct talk *t)
{
    static const char *const keys[] = {[EMOTION_NEUTRAL] = NULL, [EMOTION_ANGRY] = "bot.angry",
                                       [EMOTION_ANXIOUS] = "bot.anxious", [EMOTION_SAD] = "bot.sad",
                                       [EMOTION_HAPPY] = NULL};
    if (t->d.sorry && keys[t->mood.emotion] != NULL)
        say(t, keys[t->mood.emotion]);
}

/** In the buyer's own words, once: what the bot can read, and that a person may help. */
static void say_foreign(struct talk *t)
{
    bool told = t->before.turns > 0 && str_eq(t->foreign, t->c->language);
    if (t->foreign.n == 0 || told || t->d.act == ACT_SILENT)
        return;
    reply_say_text(&t->reply, texts_get(t->foreign, "bot.language.foreign"));
    if (t->d.offer == OFFER_NONE && !t->d.hand_over)
        t->d.offer = OFFER_BUTTON;
}

/** Questions that the shop put into its settings. */
static void offer_faq(struct talk *t)
{
    size_t n = 0;
    JSON_DOC_EACH(question, json_doc_list(json_doc_read(t->a, t->shop.settings), "faq"))
        if (n++ < FAQ_MOST)
            reply_choice(&t->reply, (struct choice){.label = json_doc_text(question)});
    reply_ask(&t->reply, "bot.greet.choices");
}

static void say_talk(struct talk *t)
{
    if (t->meaning.intent->flow == FLOW_SAFETY)
        say(t, "bot.safety");
    else if (t->d.enough)
        say(t, "bot.small_talk.enough");
    else if (strcmp(t->meaning.intent->id, "goodbye") == 0 && !t->d.close)
        say(t, "bot.goodbye.open");
    else
        say(t, key_of(t, "bot"));
    if (strcmp(t->meaning.intent->id, "greet_presale") == 0)
        offer_faq(t);
}

static void say_knowledge(struct talk *t)
{
    const struct entry *e = t->g.choice.entry;
    reply_say_text(&t->reply, e->answer);
    reply_source(&t->reply, "knowledge", e->id);
    if (t->g.product != NULL && e->layer == LAYER_PRODUCT)
        t->after.product = t->g.product->id;
    if (t->g.pick.order != NULL)
        t->after.order = t->g.pick.order->id;
}

static bool may_be_offered(const struct intent *in)
{
    return in != NULL && in->flow != FLOW_STEER && in->flow != FLOW_UNCLEAR && in->flow != FLOW_SAFETY &&
           in->flow != FLOW_URGENT && in->flow != FLOW_TALK && in->flow != FLOW_PERSON;
}

/** Did you mean: the likeliest intents, then the stored question nearest to the words. */
static void say_unclear(struct talk *t)
{
    size_t n = 0;
    for (size_t i = 0; t->has_words && i < t->heard.best_count && n < OPTIONS_MOST; i++) {
        const struct intent *in = intent_find(t->heard.best[i].intent);
        if (!may_be_offered(in))
            continue;
        struct str id = str_from(in->id);
        reply_choice(&t->reply, (struct choice){.label = intent_name(t->language, id), .intent = id});
        t->after.options[n++] = id;
    }
    t->after.option_count = n;
    if (t->g.choice.answer == KNOWLEDGE_UNSURE && t->g.near_count > 0 && n < OPTIONS_MOST) {
        reply_choice(&t->reply, (struct choice){.label = t->g.near[0].question});
        n++;
    }
    if (n == 0)
        say(t, "bot.unclear.open");
    reply_ask(&t->reply, t->d.offer == OFFER_ASKED ? "bot.unclear.offer" : "bot.unclear");
}

static struct duty duty_now(struct talk *t, struct str skill)
{
    const struct duty_question q = {
        .tenant_id = t->in->tenant_id,
        .conversation_id = t->c->seq > 0 ? t->c->id : 0,
        .skill = skill,
        .language = t->language,
        .now_ms = t->in->now_ms,
    };
    return bot_duty(t->bot, t->a, &q);
}

/** A sentence about people on duty. @p place is the buyer's, present or to be. */
static void say_duty(struct talk *t, const char *key, const struct duty *duty, int place)
{
    struct moment_view view = tell_of(t).view;
    int64_t next = t->before.callback_ms > t->in->now_ms ? t->before.callback_ms : duty->next_open_ms;
    SAY(&t->reply, key, {"place", str_fmt(t->a, "%d", place)}, {"wait", moment_wait(&view, duty->eta_seconds)},
        {"hours", duty->hours}, {"next", next > 0 ? moment_text(&view, next) : STR_NONE});
}

static void say_queue(struct talk *t)
{
    struct duty duty = duty_now(t, t->c->skill);
    const char *key = "bot.queue.none";
    if (t->c->handler == HANDLER_QUEUE && duty.place == 0)
        key = "bot.queue.waiting";
    else if (t->c->handler == HANDLER_QUEUE)
        key = duty.eta_seconds > 0 && duty.agents_online > 0 ? "bot.queue.place" : "bot.queue.nowait";
    say_duty(t, key, &duty, duty.place);
}

static void say_hours(struct talk *t)
{
    struct duty duty = duty_now(t, STR_NONE);
    bool known = duty.open_now || duty.next_open_ms > 0;
    reply_source(&t->reply, "shop", t->shop.shop_id);
    if (!known) {
        say_duty(t, "bot.handover.never", &duty, 0);
        t->d.offer = OFFER_NONE;
        return;
    }
    say_duty(t, duty.open_now ? "bot.hours.open" : "bot.hours.closed", &duty, 0);
    say_duty(t, duty.open_now ? "bot.hours.open.offer" : "bot.hours.closed.offer", &duty, 0);
}

static void say_language(struct talk *t)
{
    struct str wanted = words_value(t->a, t->heard.language, "language", t->in->text);
    if (!t->has_words || (!str_eq_c(wanted, "zh") && !str_eq_c(wanted, "en"))) {
        say(t, "bot.language.none");
        return;
    }
    t->language = t->reply.language = bot_language(wanted);
    t->after.language_fixed = true;
    say(t, "bot.language");
}

static void say_urgent_word(struct talk *t)
{
    const char *key = key_of(t, "bot.urgent");
    if (texts_has(t->language, key)) /* one wording: advice that protects. The others are apologies, said once */
        say(t, key);
}

/** The words before "I hand you over", by what was said. */
static void say_before_person(struct talk *t)
{
    const struct intent *in = t->meaning.intent;
    if (in->flow == FLOW_URGENT)
        say(t, has_text(t, key_of(t, "bot.urgent")) ? key_of(t, "bot.urgent") : "bot.urgent");
    else if (in->flow == FLOW_PERSON && has_text(t, key_of(t, "bot")))
        say(t, key_of(t, "bot"));
    else if (strcmp(t->d.why, "phone") == 0)
        say(t, "bot.handover.phone");
}

static void say_answer(struct talk *t)
{
    struct tell tell = tell_of(t);
    switch (t->meaning.intent->flow) {
    case FLOW_ORDER:
    case FLOW_SHIPPING: tell_order(&tell); return;
    case FLOW_MISSING: tell_missing(&tell); return;
    case FLOW_PRODUCT:
    case FLOW_SIZE:
    case FLOW_STOCK:
    case FLOW_PRICE:
    case FLOW_RULE:
    case FLOW_SEARCH:
    case FLOW_COMPARE:
    case FLOW_KNOWLEDGE:
    case FLOW_TALK:
    case FLOW_STEER:
    case FLOW_PERSON:
    case FLOW_URGENT:
    case FLOW_SAFETY:
    case FLOW_UNCLEAR: break;
    }
    tell_product(&tell);
}

static void say_act(struct talk *t)
{
    struct tell tell = tell_of(t);
    switch (t->d.act) {
    case ACT_SILENT: return;
    case ACT_TALK: say_talk(t); return;
    case ACT_ANSWER: say_answer(t); return;
    case ACT_KNOWLEDGE: say_knowledge(t); return;
    case ACT_SHOW_PRODUCT: tell_product_shown(&tell); return;
    case ACT_ASK_ORDER: tell_order_list(&tell); return;
    case ACT_ASK_PRODUCT: tell_product_list(&tell); return;
    case ACT_ASK_SIZE: tell_size_question(&tell); return;
    case ACT_ASK_INTENT: say_unclear(t); return;
    case ACT_SIGN_IN: say(t, "bot.sign_in"); return;
    case ACT_NO_ORDERS: say(t, "bot.no_orders"); return;
    case ACT_NOT_FOUND: say(t, "bot.not_found"); return;
    case ACT_NOT_IN_DATA: tell_not_in_data(&tell); return;
    case ACT_NEEDS_PERSON: say(t, "bot.needs_person"); return;
    case ACT_URGENT_WORD: say_urgent_word(t); return;
    case ACT_QUEUE: say_queue(t); return;
    case ACT_HOURS: say_hours(t); return;
    case ACT_LANGUAGE: say_language(t); return;
    case ACT_YES: say(t, "bot.yes"); return;
    case ACT_NO: say(t, t->meaning.refuses ? "bot.no.offer" : "bot.no"); return;
    case ACT_HAND_OVER: say_before_person(t); return;
    }
}

/** Acts whose words end with the question whether a person shall take over. */
static bool asks_itself(const struct talk *t)
{
    const char *id = t->meaning.intent->id;
    if (t->d.act == ACT_NEEDS_PERSON || t->d.act == ACT_NOT_IN_DATA || t->d.act == ACT_HOURS)
        return true;
    return t->d.act == ACT_ANSWER && t->meaning.intent->flow == FLOW_ORDER && t->meaning.intent->offer &&
           strcmp(id, "ship_urge") != 0;
}

static void say_offer(struct talk *t)
{
    if (t->d.offer == OFFER_NONE || t->d.act == ACT_SILENT)
        return;
    if (t->reply.choices.n == 0)
        reply_ask(&t->reply, t->d.offer == OFFER_ASKED && !asks_itself(t) ? "bot.offer" : "bot.side");
    offer_human(t);
}

/* ---- handing over ------------------------------------------------------------------------------------------------ */

/** The group: of what is asked for now, else of what was talked about, else by what the buyer looks at. */
static struct str skill_of(const struct talk *t)
{
    const struct intent *last = intent_find(t->before.intent);
    if (t->d.urgent)
        return STR("urgent");
    if (t->meaning.intent->skill[0] != '\0' && t->meaning.intent->flow != FLOW_PERSON)
        return str_from(t->meaning.intent->skill);
    if (last != NULL && last->skill[0] != '\0')
        return str_from(last->skill);
    if (t->in->page_order.n > 0 || t->before.order.n > 0)
        return STR("aftersale");
    return t->in->page_product.n > 0 ? STR("presale") : STR_NONE;
}

static void hand_over(struct talk *t)
{
    static const char *const keys[] = {
        [WAY_WAIT] = "bot.handover.wait",     [WAY_ONLINE] = "bot.handover.online",
        [WAY_NOBODY] = "bot.handover.nobody", [WAY_CLOSED] = "bot.handover.closed",
        [WAY_BOOKED] = "bot.handover.booked", [WAY_NEVER] = "bot.handover.never",
    };
    struct str skill = skill_of(t);
    struct duty duty = duty_now(t, skill);
    t->way = handover_way(&duty, &t->before, t->d.urgent, t->in->now_ms);
    t->handed = true;
    if (t->d.act == ACT_ANSWER || t->d.act == ACT_KNOWLEDGE || t->d.act == ACT_TALK)
        reply_end_text(&t->reply);
    say_duty(t, keys[t->way], &duty, duty.waiting + 1);
    if (!way_queues(t->way))
        reply_source(&t->reply, "shop", t->shop.shop_id); /* its hours */
    t->turn->skill = skill;
    t->turn->wants_person = way_queues(t->way);
    if (t->way == WAY_CLOSED)
        t->after.callback_ms = duty.next_open_ms;
    if (t->turn->wants_person)
        t->after.callback_ms = 0;
}

/* ---- what is stored beside ------------------------------------------------------------------------------------------ */

struct beside {
    struct learning_item item;
    bool has_item;
    bool missed;         /* a person takes over because the bot did not serve what was said before */
    int64_t callback_ms; /* 0: none */
    struct str callback; /* JSON of the timer */
    int64_t now_ms;
};

static int store_beside(struct tx *tx, void *arg, const struct conversation *c)
{
    struct beside *s = arg;
    s->item.conversation_id = c->id;
    if (s->has_item && learning_add(tx, c->tenant_id, &s->item) != STORE_OK)
        return STORE_FAULT;
    if (s->missed && learning_hand_over(tx, c->tenant_id, c->id) != STORE_OK)
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
    bool guessed = t->heard.best_count > 0;
    return (struct learning_item){
        .seq = t->c->seq + 1, /* of the buyer's message: the first that this turn stores */
        .at_ms = t->in->now_ms,
        .text = masked(t->a, t->in->text),
        .language = t->heard.language,
        .reason = reason,
        .intent = guessed ? str_dup(t->a, t->heard.best[0].intent) : str_from(t->meaning.intent->id),
        .confidence = guessed ? t->heard.best[0].confidence : t->meaning.confidence,
        .entry = g->near_count > 0 ? str_dup(t->a, g->near[0].entry->id) : STR_NONE,
        .match = g->near_count > 0 ? g->near[0].match : 0,
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

static void leave_beside(struct talk *t)
{
    enum learning_reason reason;
    bool has_item = worth_learning(t, &reason), books = t->handed && t->way == WAY_CLOSED;
    bool missed = !has_item && missed_before(t);
    if (!has_item && !missed && !books)
        return;
    struct beside *s = arena_new(t->a, struct beside);
    *s = (struct beside){
        .has_item = has_item,
        .missed = missed,
        .callback_ms = books ? t->after.callback_ms : 0,
        .callback = callback_data(t),
        .now_ms = t->in->now_ms,
    };
    if (has_item)
        s->item = item_of(t, reason);
    t->turn->also = store_beside;
    t->turn->also_arg = s;
}

/* ---- the whole turn -------------------------------------------------------------------------------------------------- */

static void remember_measures(struct talk *t)
{
    const struct body *body = &t->g.body;
    if (body->height_cm > 0)
        t->after.height_cm = body->height_cm;
    if (body->weight_g > 0)
        t->after.weight_g = body->weight_g;
    if (body->foot_mm > 0)
        t->after.foot_mm = body->foot_mm;
}

/** What the next reply must not repeat. A silent turn leaves the last reply as it was. */
static void remember_said(struct talk *t)
{
    if (t->turn->say.n == 0)
        return;
    memcpy(t->after.said, t->reply.said, sizeof(t->after.said));
    t->after.said_count = t->reply.said_count;
}

static void compose(struct talk *t)
{
    reply_start(&t->reply, t->a, t->language, &t->before, t->turn);
    say_mood(t);
    say_foreign(t);
    if (t->d.again && (t->d.act == ACT_KNOWLEDGE || t->d.act == ACT_ANSWER))
        say(t, "bot.again");
    say_act(t);
    say_offer(t);
    if (t->d.hand_over)
        hand_over(t);
    reply_finish(&t->reply);
}

static void finish(struct talk *t)
{
    struct turn *turn = t->turn;
    const struct record r = {
        .arena = t->a,
        .meaning = &t->meaning,
        .understood = t->has_words ? &t->heard : NULL,
        .g = &t->g,
        .decision = &t->d,
        .mood = t->mood,
        .before = &t->before,
        .language = t->language,
        .shop_language = t->shop.language,
        .handed = t->handed,
        .way = t->way,
        .model = t->has_words ? ear_version(&t->ear, t->in->text, bot_language(language_so_far(t))) : STR_NONE,
    };
    remember_measures(t);
    remember_said(t);
    t->after.language = t->language;
    record_turn(&r, turn);
    turn->bot_state = state_write(t->a, &t->after);
    turn->language = str_eq(t->language, bot_language(t->c->language)) ? STR_NONE : t->language;
    if (t->foreign.n > 0) /* so that who speaks it is found */
        turn->language = t->foreign;
    turn->topic = intent_is_topic(t->meaning.intent) ? str_from(t->meaning.intent->id) : STR_NONE;
    turn->urgent = t->d.urgent;
    turn->needs_person = t->d.needs_person;
    turn->wants_close = t->d.close;
    turn->version = bot_version_with(t->bot, t->a, &t->ear);
    leave_beside(t);
}

int bot_turn_watched(const struct bot *bot, struct store *store, struct arena *a, const struct incoming *in,
                     const struct conversation *c, const struct turn_watch *watch, struct turn *ret)
{
    struct talk t = {.bot = bot, .a = a, .in = in, .c = c, .turn = ret};
    enum account_answer answer = shop_of(store, a, in->tenant_id, &t.shop);
    if (answer != ACCOUNT_OK)
        return STORE_FAULT;
    state_read(a, c->bot_state, &t.before);
    if (t.before.said_count == 0 && in->last_said.n > 0) { /* what closed the conversation before is not said again */
        t.before.said[0] = reply_hash(in->last_said);
        t.before.said_count = 1;
    }
    struct ear own = watch != NULL && watch->ear != NULL ? *watch->ear : bot_ear(t.bot, &t.shop, c->id);
    t.ear = own;
    listen(&t);
    ask_for_facts(&t);
    int read = gather(&t.question, a, &t.g);
    if (read == STORE_OK) {
        t.d = decide(&t.before, &t.meaning, t.mood, &t.g.facts, c->handler);
        t.after = t.before;
        decide_remember(&t.after, &t.meaning, t.mood, &t.g.facts, &t.d);
        compose(&t);
        finish(&t);
    }
    if (read == STORE_OK && watch != NULL)
        watch->see(watch->arg, t.has_words ? &t.heard : NULL, &t.meaning, &t.g);
    gather_done(&t.question, &t.g);
    if (watch == NULL || watch->ear == NULL)
        bot_ear_done(t.bot, &own); /* what was heard is borrowed from it: the turn holds copies */
    return read;
}

int bot_turn(void *room, struct store *store, struct arena *a, const struct incoming *in,
             const struct conversation *c, struct turn *ret)
{
    return bot_turn_watched(room, store, a, in, c, NULL, ret);
}
