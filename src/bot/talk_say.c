/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Saying: puts the decision into words, by its act.
 *
 * Invariants   1. Nothing is promised before duty was asked: talk_hand_over() comes last.
 *              2. What was measured, shown or talked about goes into the state of after the turn where it is said.
 */
#include "bot/talk.h"

#include <string.h>

#include "base/json_doc.h"
#include "bot/flow_say.h"
#include "bot/tell.h"
#include "bot/words.h"

#define OPTIONS_MOST 3 /* "did you mean" */
#define FOREIGN_LEAST 0.5  /* a guess at "nothing of a shop" from which on it is taken for that … */
#define BESIDE_LEAST  0.30 /* … and what is guessed besides is offered only from here on */
#define FAQ_MOST     4

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
        .sent = t->in->kind == MESSAGE_ORDER_CARD     ? t->in->order_id
                : t->in->kind == MESSAGE_PRODUCT_CARD ? t->in->product_id
                                                      : STR_NONE,
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

/** What a photo may be about: the job is begun with it. */
static void offer_photo(struct talk *t)
{
    static const char *const jobs[] = {"damaged_in_transit", "quality_problem", "wrong_item", "resend_apply", "evidence_upload"};
    for (size_t i = 0; i < COUNT(jobs); i++)
        if (flow_book_for(t->flows, str_from(jobs[i])) != NULL)
            reply_choice(&t->reply, (struct choice){.label = intent_name(t->language, str_from(jobs[i])),
                                                    .intent = str_from(jobs[i])});
    reply_ask(&t->reply, "flow.photo");
}

static void say_talk(struct talk *t)
{
    if (t->meaning.intent->flow == FLOW_SAFETY)
        say(t, "bot.safety");
    else if (t->d.enough)
        say(t, "bot.small_talk.enough");
    else if (t->g.facts.resumes)
        say(t, "bot.resume_reminders");
    else if (strcmp(t->meaning.intent->id, "goodbye") == 0 && !t->d.close)
        say(t, "bot.goodbye.open");
    else if (t->in->upload.n > 0 && !t->g.facts.guest)
        offer_photo(t);
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
    bool can = t->g.facts.task && !t->g.facts.guest && !(t->g.facts.task_order && t->g.facts.pick == PICK_NO_ORDERS);
    if (can && e->layer != LAYER_EMERGENCY) {
        reply_choice(&t->reply, (struct choice){.label = texts_get(t->language, "flow.start"),
                                                .intent = str_from(t->meaning.intent->id)});
        reply_ask(&t->reply, "flow.next");
        state_list(&t->after, LIST_INTENTS); /* "yes, please" begins it */
        state_option(&t->after, str_from(t->meaning.intent->id));
        t->after.ask = ASK_INTENT;
        t->after.ask_intent = str_from(t->meaning.intent->id);
    }
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

/** True when the words are likely about nothing that a shop is for: what comes behind that guess is none. */
static bool is_foreign_matter(const struct talk *t)
{
    const struct guess *best = &t->heard.best[0];
    return t->has_words && t->heard.best_count > 0 && str_eq_c(best->intent, intent_unclear()->id) && best->confidence >= FOREIGN_LEAST;
}

/** Did you mean: the likeliest intents, then the stored question nearest to the words. */
static void say_unclear(struct talk *t)
{
    size_t n = 0;
    bool foreign = is_foreign_matter(t);
    for (size_t i = 0; t->has_words && i < t->heard.best_count && n < OPTIONS_MOST; i++) {
        const struct intent *in = intent_find(t->heard.best[i].intent);
        if (!may_be_offered(in) || (foreign && t->heard.best[i].confidence < BESIDE_LEAST))
            continue;
        struct str id = str_from(in->id);
        reply_choice(&t->reply, (struct choice){.label = intent_name(t->language, id), .intent = id});
        n += state_option(&t->after, id);
    }
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
    SAY(&t->reply, key, {"place", str_number(t->a, place)}, {"wait", moment_wait(&view, duty->eta_seconds)},
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
    case FLOW_TASK: tell_order(&tell); return; /* the shop does not want its flow: how the order stands */
    }
    tell_product(&tell);
}

static void say_task(struct talk *t)
{
    struct tell tell = tell_of(t);
    const struct flow_turn turn = {.arena = t->a, .store = t->bot->parts.store, .shop = &t->shop, .in = t->in,
                                   .conversation = t->c, .request = t->request, .state = t->state, .question = &t->question,
                                   .g = &t->g, .language = t->language};
    flow_say(&(struct flow_saying){.turn = &turn, .job = t->job, .reply = &t->reply, .tell = &tell, .after = &t->after});
    if (t->job->has_order)
        t->after.order = t->job->order.id;
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
    case ACT_YES: say(t, t->meaning.by == BY_BUTTON && t->before.task.done.n > 0 ? "flow.already" : "bot.yes"); return;
    case ACT_TASK:
    case ACT_TASK_ASK: say_task(t); return;
    case ACT_NO: say(t, t->meaning.refuses ? "bot.no.offer" : "bot.no"); return;
    case ACT_HAND_OVER: say_before_person(t); return;
    }
}

/** Acts whose words end with the question whether a person shall take over. */
static bool asks_itself(const struct talk *t)
{
    const char *id = t->meaning.intent->id;
    if (t->d.act == ACT_ANSWER && strcmp(id, "ship_stuck") == 0)
        return t->meaning.by == BY_FOLLOW;
    if (t->d.act == ACT_NEEDS_PERSON || t->d.act == ACT_NOT_IN_DATA || t->d.act == ACT_HOURS)
        return true;
    return t->d.act == ACT_ANSWER && t->meaning.intent->flow == FLOW_ORDER && t->meaning.intent->offer &&
           strcmp(id, "ship_urge") != 0;
}

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

void talk_say(struct talk *t)
{
    reply_end_text(&t->reply);
    if (t->step_count <= 1) {
        say_mood(t);
        say_foreign(t);
    }
    if (t->books && !t->handed && !t->d.hand_over) {
        talk_hand_over(t);
        reply_end_text(&t->reply);
    }
    if (t->meaning.by == BY_RETURN)
        say(t, "bot.back");
    else if (t->meaning.by == BY_CORRECT && decide_gives(t->d.act))
        say(t, "bot.correct");
    if (t->d.again && (t->d.act == ACT_KNOWLEDGE || t->d.act == ACT_ANSWER))
        say(t, "bot.again");
    say_act(t);
    remember_measures(t);
}

void talk_offer(struct talk *t)
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
    const struct intent *last = intent_find(t->state->intent);
    if (t->d.urgent)
        return STR("urgent");
    if (t->meaning.intent->skill[0] != '\0' && t->meaning.intent->flow != FLOW_PERSON)
        return str_from(t->meaning.intent->skill);
    if (last != NULL && last->skill[0] != '\0')
        return str_from(last->skill);
    if (t->in->page_order.n > 0 || t->state->order.n > 0)
        return STR("aftersale");
    return t->in->page_product.n > 0 ? STR("presale") : STR_NONE;
}

bool talk_is_manned(struct talk *t)
{
    struct duty duty = duty_now(t, skill_of(t));
    return way_queues(handover_way(&duty, &t->before, t->d.urgent, t->in->now_ms));
}

void talk_hand_over(struct talk *t)
{
    static const char *const keys[] = {
        [WAY_WAIT] = "bot.handover.wait",     [WAY_ONLINE] = "bot.handover.online",
        [WAY_NOBODY] = "bot.handover.nobody", [WAY_CLOSED] = "bot.handover.closed",
        [WAY_BOOKED] = "bot.handover.booked", [WAY_NEVER] = "bot.handover.never",
    };
    struct str skill = t->job != NULL && t->job->out.skill.n > 0 && !t->d.urgent ? t->job->out.skill : skill_of(t);
    struct duty duty = duty_now(t, skill);
    t->way = handover_way(&duty, &t->before, t->d.urgent, t->in->now_ms);
    t->handed = true;
    if (t->d.act == ACT_ANSWER || t->d.act == ACT_KNOWLEDGE || t->d.act == ACT_TALK ||
        t->d.act == ACT_TASK)
        reply_end_text(&t->reply);
    say_duty(t, keys[t->way], &duty, duty.waiting + 1);
    if (!way_queues(t->way))
        reply_source(&t->reply, "shop", t->shop.shop_id); /* its hours */
    bool record = t->meaning.intent->flow == FLOW_URGENT && t->in->buyer.n > 0 && t->g.order_count > 0;
    if (record && flow_book_for(t->flows, str_from(t->meaning.intent->id)) != NULL) {
        struct str intent = str_from(t->meaning.intent->id);
        reply_choice(&t->reply, (struct choice){.label = texts_get(t->language, "flow.complaint.start"), .intent = intent});
        reply_ask(&t->reply, "flow.complaint.offer");
    }
    t->turn->skill = str_dup(t->a, skill); /* it may be a word of the shop's flow, which the turn lets go of */
    t->turn->wants_person = way_queues(t->way);
    if (t->way == WAY_CLOSED)
        t->after.callback_ms = duty.next_open_ms;
    if (t->turn->wants_person)
        t->after.callback_ms = 0;
}
