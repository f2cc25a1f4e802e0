/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decide: rows of (what was understood, what is known, what went before) and what is done. A row names what a buyer would
 * have seen.
 */
#include "bot/decide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ---- decisions ------------------------------------------------------------------------------------------------- */

enum flags {
    HANDS = 1 << 0,
    URGENT = 1 << 1,
    SORRY = 1 << 2,
    AGAIN = 1 << 3,
    MISS = 1 << 4,
    CLOSE = 1 << 5,
    GAP = 1 << 6,
    NEEDS = 1 << 7,
};

struct row {
    const char *name, *intent;
    struct facts facts;
    struct bot_state state;
    struct mood mood;
    enum meaning_by by;
    enum handler handler;
    enum act act;
    enum offer offer;
    unsigned flags;
};

#define ORDER_ONE   .facts = {.pick = PICK_ONLY, .order_fits = true, .meaning = 7}
#define ORDER_OF(r) .facts = {.pick = (r), .meaning = 7}
#define NO_ORDER    .pick = PICK_NO_ORDERS
#define FOUND       .facts = {NO_ORDER, .knowledge = KNOWLEDGE_FOUND, .meaning = 9}
#define NOTHING     .facts = {NO_ORDER, .meaning = 9}
#define PRODUCT(d)  .facts = {NO_ORDER, .product = PRODUCT_KNOWN, .data = (d), .meaning = 8}
#define ANGRY(s)    .mood = {.emotion = EMOTION_ANGRY, .strength = (s)}
#define ASKED(n)    .state = {.asked = {9}, .asked_count = 1, .times = {(n)}, .times_count = 1}

static const struct row rows[] = {
    /* safety, explicit wish, risk */
    {"a life comes first", "self_harm_signal", NOTHING, .act = ACT_TALK, .flags = HANDS | URGENT | NEEDS},
    {"asked for a person: at once", "human_request", NOTHING, .act = ACT_HAND_OVER, .flags = HANDS | NEEDS},
    {"pressed the button: at once", "human_request", NOTHING, .by = BY_BUTTON, .act = ACT_HAND_OVER,
     .flags = HANDS | NEEDS},
    {"the bot is complained of", "complain_bot", NOTHING, .act = ACT_HAND_OVER, .flags = HANDS | NEEDS},
    {"nobody answers", "complain_no_reply", NOTHING, .act = ACT_HAND_OVER, .flags = HANDS | NEEDS},
    {"the same agent as before", "agent_specific", NOTHING, .act = ACT_HAND_OVER, .flags = HANDS | NEEDS},
    {"please call me", "callback_request", NOTHING, .act = ACT_HAND_OVER, .flags = HANDS | NEEDS},
    {"an angry wish begins with sorry", "human_request", NOTHING, ANGRY(.7), .act = ACT_HAND_OVER,
     .flags = HANDS | NEEDS | SORRY},
    {"injury", "allergy_injury", NOTHING, .act = ACT_HAND_OVER, .flags = HANDS | URGENT | NEEDS},
    {"bad food", "expired_food", NOTHING, .act = ACT_HAND_OVER, .flags = HANDS | URGENT | NEEDS},
    {"a fake", "counterfeit_claim", NOTHING, .act = ACT_HAND_OVER, .flags = HANDS | URGENT | NEEDS},
    {"stolen account", "account_stolen", NOTHING, .act = ACT_HAND_OVER, .flags = HANDS | URGENT | NEEDS},
    {"fraud", "report_fraud", NOTHING, .act = ACT_HAND_OVER, .flags = HANDS | URGENT | NEEDS},
    {"a stranger wants money", "pay_security", NOTHING, .act = ACT_HAND_OVER, .flags = HANDS | URGENT | NEEDS},
    {"leaked data", "privacy_leak", NOTHING, .act = ACT_HAND_OVER, .flags = HANDS | URGENT | NEEDS},
    {"complaint about the shop", "complain_shop", NOTHING, .act = ACT_HAND_OVER, .flags = HANDS | URGENT | NEEDS},
    {"complaint about an agent", "complain_agent", NOTHING, .act = ACT_HAND_OVER, .flags = HANDS | URGENT | NEEDS},
    {"12315", "threat_legal", NOTHING, .act = ACT_HAND_OVER, .flags = HANDS | URGENT | NEEDS},
    {"a bad review", "threat_review", NOTHING, .act = ACT_HAND_OVER, .flags = HANDS | URGENT | NEEDS},
    {"risk beats a stored answer", "complain_shop", FOUND, .act = ACT_HAND_OVER, .flags = HANDS | URGENT | NEEDS},
    {"risk beats anger", "threat_legal", NOTHING, ANGRY(.9), .act = ACT_HAND_OVER, .flags = HANDS | URGENT | NEEDS},

    /* orders */
    {"one order: its facts", "ship_track", ORDER_ONE, .act = ACT_ANSWER},
    {"clicked order: its facts", "order_status", ORDER_OF(PICK_CLICKED), .act = ACT_ANSWER},
    {"order in talk", "ship_track", ORDER_OF(PICK_CURRENT), .act = ACT_ANSWER},
    {"order in trouble", "ship_stuck", ORDER_OF(PICK_TROUBLE), .act = ACT_ANSWER},
    {"an order in trouble is shown to the shop", "ship_track", .facts = {.pick = PICK_ONLY, .order_trouble = true},
     .act = ACT_ANSWER, .flags = NEEDS},
    {"several orders: which?", "ship_track", ORDER_OF(PICK_AMBIGUOUS), .act = ACT_ASK_ORDER},
    {"none fits: which?", "order_closed_why", ORDER_OF(PICK_NO_FIT), .act = ACT_ASK_ORDER},
    {"another's number", "order_status", ORDER_OF(PICK_UNKNOWN), .act = ACT_NOT_FOUND, .offer = OFFER_BUTTON},
    {"no orders", "ship_track", NOTHING, .act = ACT_NO_ORDERS, .offer = OFFER_BUTTON},
    {"a guest signs in first", "ship_track", .facts = {.guest = true, NO_ORDER}, .act = ACT_SIGN_IN,
     .offer = OFFER_BUTTON},
    {"a guest's order number is not looked up", "order_status", .facts = {.guest = true, .pick = PICK_UNKNOWN},
     .act = ACT_SIGN_IN, .offer = OFFER_BUTTON},
    {"a product's number is not an order", "order_status",
     .facts = {.pick = PICK_UNKNOWN, .product = PRODUCT_KNOWN}, .by = BY_NUMBER, .act = ACT_SHOW_PRODUCT},
    {"urging is shown to the shop", "ship_urge", ORDER_ONE, .act = ACT_ANSWER, .flags = NEEDS},
    {"not received: facts and a person offered", "ship_signed_not_received", ORDER_ONE, .act = ACT_ANSWER,
     .offer = OFFER_ASKED, .flags = NEEDS},
    {"lost: facts and a person offered", "ship_lost", ORDER_ONE, .act = ACT_ANSWER, .offer = OFFER_ASKED,
     .flags = NEEDS},
    {"wrong place: facts and a person offered", "ship_wrong_place", ORDER_ONE, .act = ACT_ANSWER,
     .offer = OFFER_ASKED, .flags = NEEDS},
    {"missing order: those there are", "order_missing", .facts = {.pick = PICK_AMBIGUOUS}, .act = ACT_ANSWER,
     .offer = OFFER_BUTTON},
    {"missing order of a guest", "order_missing", .facts = {.guest = true, NO_ORDER}, .act = ACT_SIGN_IN,
     .offer = OFFER_BUTTON},
    {"the list did not help", "ship_track", ORDER_OF(PICK_AMBIGUOUS), .state = {.ask = ASK_ORDER}, .by = BY_LIST,
     .act = ACT_ASK_ORDER, .flags = MISS},
    {"the list did not help twice: a person beside it", "ship_track", ORDER_OF(PICK_AMBIGUOUS),
     .state = {.ask = ASK_ORDER, .misses = 1}, .by = BY_LIST, .act = ACT_ASK_ORDER, .offer = OFFER_ASKED,
     .flags = MISS},

    /* jobs */
    {"a job: along its plan", "order_cancel", .facts = {.task = true, .task_order = true, .pick = PICK_FITS}, .act = ACT_TASK},
    {"a job of an order in trouble is shown to the shop", "ship_urge",
     .facts = {.task = true, .task_order = true, .pick = PICK_ONLY, .order_trouble = true}, .act = ACT_TASK, .flags = NEEDS},
    {"a job with several orders: which?", "return_apply", .facts = {.task = true, .task_order = true, .pick = PICK_AMBIGUOUS},
     .act = ACT_ASK_ORDER},
    {"a job for another's order", "order_cancel", .facts = {.task = true, .task_order = true, .pick = PICK_UNKNOWN},
     .act = ACT_NOT_FOUND, .offer = OFFER_BUTTON},
    {"a job that begins with a case needs no order", "refund_progress", .facts = {.task = true, .pick = PICK_AMBIGUOUS},
     .act = ACT_TASK},
    {"a guest's job: sign in", "order_cancel", .facts = {.guest = true, .task = true, .task_order = true, NO_ORDER},
     .act = ACT_SIGN_IN, .offer = OFFER_BUTTON},
    {"a guest who asks in the very words of an answer", "order_cancel",
     .facts = {.guest = true, .task = true, .task_order = true, NO_ORDER, .knowledge = KNOWLEDGE_FOUND, .match = KNOWLEDGE_SAME},
     .act = ACT_KNOWLEDGE},
    {"how is it done: the answer", "order_cancel",
     .facts = {.task = true, .task_order = true, .asks_how = true, .pick = PICK_ONLY, .knowledge = KNOWLEDGE_FOUND},
     .act = ACT_KNOWLEDGE},
    {"… but its button does it", "order_cancel", .by = BY_BUTTON,
     .facts = {.task = true, .task_order = true, .asks_how = true, .pick = PICK_ONLY, .knowledge = KNOWLEDGE_FOUND},
     .act = ACT_TASK},
    {"in the middle of it no answer comes between", "order_cancel",
     .facts = {.task = true, .task_order = true, .task_goes_on = true, .asks_how = true, .pick = PICK_CURRENT,
               .knowledge = KNOWLEDGE_FOUND},
     .act = ACT_TASK},
    {"nothing bought: the answer", "invoice_request",
     .facts = {.task = true, .task_order = true, NO_ORDER, .knowledge = KNOWLEDGE_FOUND}, .act = ACT_KNOWLEDGE},
    {"a job that the shop does not want: the answer and a person beside it", "order_cancel",
     .facts = {.pick = PICK_ONLY, .knowledge = KNOWLEDGE_FOUND}, .act = ACT_KNOWLEDGE, .offer = OFFER_BUTTON},
    {"… of a parcel: how it stands", "ship_urge", ORDER_ONE, .act = ACT_ANSWER, .flags = NEEDS},

    /* shipping: the shop's rule, or one order's facts */
    {"when does it ship, nothing bought: the rule", "ship_time", FOUND, .act = ACT_KNOWLEDGE},
    {"when does it ship, one paid: its facts", "ship_time", ORDER_ONE, .act = ACT_ANSWER},
    {"when does it ship, it is on its way: the rule", "ship_time",
     .facts = {.pick = PICK_CURRENT, .knowledge = KNOWLEDGE_FOUND}, .act = ACT_KNOWLEDGE},
    {"which carrier: the rule before a guess", "ship_carrier",
     .facts = {.pick = PICK_FITS, .order_fits = true, .knowledge = KNOWLEDGE_FOUND}, .act = ACT_KNOWLEDGE},
    {"which carrier of this order", "ship_carrier",
     .facts = {.pick = PICK_NAMED, .order_fits = true, .knowledge = KNOWLEDGE_FOUND}, .act = ACT_ANSWER},
    {"when will it arrive, several: which?", "ship_eta",
     .facts = {.pick = PICK_AMBIGUOUS, .knowledge = KNOWLEDGE_FOUND}, .act = ACT_ASK_ORDER},
    {"when will it arrive, a guest: the rule", "ship_eta",
     .facts = {.guest = true, NO_ORDER, .knowledge = KNOWLEDGE_FOUND}, .act = ACT_KNOWLEDGE},
    {"when will it arrive, a guest, no rule: sign in", "ship_eta", .facts = {.guest = true, NO_ORDER},
     .act = ACT_SIGN_IN, .offer = OFFER_BUTTON},
    {"when will it arrive, another's number", "ship_eta", ORDER_OF(PICK_UNKNOWN), .act = ACT_NOT_FOUND,
     .offer = OFFER_BUTTON},

    /* products */
    {"attribute in the data", "product_material", PRODUCT(DATA_FOUND), .act = ACT_ANSWER},
    {"attribute not in the data", "product_attribute", PRODUCT(DATA_NONE), .act = ACT_NOT_IN_DATA,
     .offer = OFFER_ASKED, .flags = GAP},
    {"attribute not in the data, but stored", "care_wash",
     .facts = {NO_ORDER, .product = PRODUCT_KNOWN, .knowledge = KNOWLEDGE_FOUND}, .act = ACT_KNOWLEDGE},
    {"which product?", "product_material", NOTHING, .act = ACT_ASK_PRODUCT},
    {"a stored question in those very words beats 'which product?'", "product_attribute",
     .facts = {NO_ORDER, .product = PRODUCT_SEVERAL, .knowledge = KNOWLEDGE_FOUND, .match = 0.97, .meaning = 9},
     .act = ACT_KNOWLEDGE},
    {"… words that are only like it do not", "product_attribute",
     .facts = {NO_ORDER, .product = PRODUCT_SEVERAL, .knowledge = KNOWLEDGE_FOUND, .match = 0.70, .meaning = 9},
     .act = ACT_ASK_PRODUCT},
    {"which of these products?", "stock_query", .facts = {NO_ORDER, .product = PRODUCT_SEVERAL},
     .act = ACT_ASK_PRODUCT},
    {"size without measures", "size_advice", PRODUCT(DATA_NEEDS_SLOT), .act = ACT_ASK_SIZE},
    {"size with measures", "size_advice", PRODUCT(DATA_FOUND), .act = ACT_ANSWER},
    {"no size chart", "size_chart", PRODUCT(DATA_NONE), .act = ACT_NOT_IN_DATA, .offer = OFFER_ASKED, .flags = GAP},
    {"stock", "stock_query", PRODUCT(DATA_FOUND), .act = ACT_ANSWER},
    {"price", "price_query", PRODUCT(DATA_FOUND), .act = ACT_ANSWER},
    {"seven days", "seven_day_support", PRODUCT(DATA_FOUND), .act = ACT_ANSWER},
    {"seven days not marked, but a rule", "seven_day_support",
     .facts = {NO_ORDER, .product = PRODUCT_KNOWN, .knowledge = KNOWLEDGE_FOUND}, .act = ACT_KNOWLEDGE},
    {"warranty not marked", "warranty_policy", PRODUCT(DATA_NONE), .act = ACT_NOT_IN_DATA, .offer = OFFER_ASKED,
     .flags = GAP},
    {"found", "product_search", .facts = {NO_ORDER, .product = PRODUCT_SEVERAL, .data = DATA_FOUND},
     .act = ACT_ANSWER},
    {"not found", "product_search", NOTHING, .act = ACT_NOT_IN_DATA, .offer = OFFER_ASKED, .flags = GAP},
    {"recommend what?", "product_recommend", NOTHING, .act = ACT_ASK_PRODUCT},
    {"compare what?", "product_compare", NOTHING, .act = ACT_ASK_PRODUCT},
    {"a product card", "product_attribute", PRODUCT(DATA_NONE), .by = BY_CARD, .act = ACT_SHOW_PRODUCT},

    /* stored answers */
    {"a stored answer", "coupon_get", FOUND, .act = ACT_KNOWLEDGE},
    {"a stored answer to what a person must do", "return_apply", FOUND, .act = ACT_KNOWLEDGE, .offer = OFFER_BUTTON},
    {"nothing stored: honest", "account_phone_change", NOTHING, .act = ACT_NEEDS_PERSON, .offer = OFFER_ASKED,
     .flags = GAP | NEEDS},
    {"an unsure hit is no answer", "coupon_get", .facts = {NO_ORDER, .knowledge = KNOWLEDGE_UNSURE},
     .act = ACT_NEEDS_PERSON, .offer = OFFER_ASKED, .flags = GAP},
    {"an emergency beats the order's facts", "ship_track",
     .facts = {.pick = PICK_ONLY, .knowledge = KNOWLEDGE_FOUND, .emergency = true}, .act = ACT_KNOWLEDGE},
    {"an emergency does not beat a person", "human_request",
     .facts = {NO_ORDER, .knowledge = KNOWLEDGE_FOUND, .emergency = true}, .act = ACT_HAND_OVER,
     .flags = HANDS | NEEDS},

    /* not sure */
    {"not understood: did you mean", "unclear", NOTHING, .act = ACT_ASK_INTENT, .flags = MISS | GAP},
    {"not understood twice: a person beside it", "unclear", NOTHING, .state = {.misses = 1}, .act = ACT_ASK_INTENT,
     .offer = OFFER_ASKED, .flags = MISS | GAP},
    {"not understood three times: the offer stays", "unclear", NOTHING, .state = {.misses = 2, .offered = true},
     .act = ACT_ASK_INTENT, .offer = OFFER_ASKED, .flags = MISS | GAP},
    {"not understood, but stored", "unclear", FOUND, .act = ACT_KNOWLEDGE},
    {"not understood, but a product is named", "unclear",
     .facts = {NO_ORDER, .product = PRODUCT_KNOWN, .product_named = true}, .act = ACT_SHOW_PRODUCT},
    {"not understood on a product's page", "unclear", .facts = {NO_ORDER, .product = PRODUCT_KNOWN},
     .act = ACT_ASK_INTENT, .flags = MISS | GAP},

    /* the same again */
    {"again: other words and the offer", "coupon_get", FOUND, ASKED(1), .act = ACT_KNOWLEDGE, .offer = OFFER_ASKED,
     .flags = AGAIN},
    {"again after the offer: a person", "coupon_get", FOUND,
     .state = {.asked = {9}, .asked_count = 1, .times = {2}, .times_count = 1, .offered = true},
     .act = ACT_HAND_OVER, .flags = HANDS | AGAIN | NEEDS},
    {"unclear again after the offer: a person", "unclear", NOTHING,
     .state = {.asked = {9}, .asked_count = 1, .times = {1}, .times_count = 1, .offered = true, .misses = 1},
     .act = ACT_HAND_OVER, .flags = HANDS | AGAIN | NEEDS | MISS | GAP},
    {"again, a call back is booked: no second promise", "coupon_get", FOUND,
     .state = {.asked = {9}, .asked_count = 1, .times = {2}, .times_count = 1, .offered = true, .callback_ms = 1},
     .act = ACT_KNOWLEDGE, .flags = AGAIN},
    {"greeting again is only a greeting", "greet_presale", NOTHING, ASKED(3), .act = ACT_TALK},
    {"another question is not again", "coupon_get", .facts = {NO_ORDER, .knowledge = KNOWLEDGE_FOUND, .meaning = 5},
     ASKED(2), .act = ACT_KNOWLEDGE},

    /* emotion */
    {"very angry: facts, then a person", "ship_track", ORDER_ONE, ANGRY(.85), .act = ACT_ANSWER,
     .flags = HANDS | SORRY | NEEDS},
    {"very angry without facts: a person", "unclear", NOTHING, ANGRY(.85), .act = ACT_HAND_OVER,
     .flags = HANDS | SORRY | NEEDS | MISS | GAP},
    {"angry once: sorry", "ship_track", ORDER_ONE, ANGRY(.65), .act = ACT_ANSWER, .flags = SORRY},
    {"angry twice: a person", "ship_track", ORDER_ONE, .state = {.anger = 1}, ANGRY(.65), .act = ACT_ANSWER,
     .flags = HANDS | SORRY | NEEDS},
    {"a little angry twice: no person yet", "ship_track", ORDER_ONE, .state = {.anger = 1}, ANGRY(.5),
     .act = ACT_ANSWER, .flags = SORRY},
    {"worried: a word first", "ship_track", ORDER_ONE,
     .mood = {.emotion = EMOTION_ANXIOUS, .strength = .7}, .act = ACT_ANSWER,
     .flags = SORRY},
    {"hardly worried: to the point", "ship_track", ORDER_ONE,
     .mood = {.emotion = EMOTION_ANXIOUS, .strength = .5}, .act = ACT_ANSWER},
    {"happy: no sorry", "coupon_get", FOUND, .mood = {.emotion = EMOTION_HAPPY, .strength = .9}, .act = ACT_KNOWLEDGE},
    {"abuse once: calm", "abuse", NOTHING, ANGRY(.9), .act = ACT_TALK, .offer = OFFER_BUTTON},
    {"abuse twice: a person", "abuse", NOTHING, .state = {.rude = 1}, ANGRY(.9), .act = ACT_HAND_OVER,
     .flags = HANDS | NEEDS},
    {"an insult beside a question: the answer", "coupon_get", FOUND, .mood = {.strength = .5, .abuse = true},
     .act = ACT_KNOWLEDGE},
    {"a second insult beside a question: a person", "coupon_get", FOUND, .state = {.rude = 1},
     .mood = {.strength = .5, .abuse = true}, .act = ACT_KNOWLEDGE, .flags = HANDS | NEEDS},
    {"angry, a call back is booked: sorry", "coupon_get", FOUND, .state = {.callback_ms = 1}, ANGRY(.9),
     .act = ACT_KNOWLEDGE, .flags = SORRY},

    /* talk */
    {"thanks", "thanks", NOTHING, .act = ACT_TALK},
    {"goodbye closes", "goodbye", NOTHING, .act = ACT_TALK, .flags = CLOSE},
    {"goodbye with a call back open does not", "goodbye", .facts = {NO_ORDER, .open = true}, .act = ACT_TALK},
    {"small talk", "small_talk", NOTHING, .act = ACT_TALK},
    {"small talk that the shop stored", "small_talk",
     .facts = {NO_ORDER, .knowledge = KNOWLEDGE_FOUND, .small_talk = true}, .act = ACT_KNOWLEDGE},
    {"a stored policy is not small talk", "small_talk", FOUND, .act = ACT_TALK},
    {"enough small talk", "small_talk", .facts = {NO_ORDER, .knowledge = KNOWLEDGE_FOUND, .small_talk = true},
     .state = {.chat = 3}, .act = ACT_TALK},
    {"are you a bot: a person beside it", "are_you_bot", NOTHING, .act = ACT_TALK, .offer = OFFER_BUTTON},
    {"a picture: a person beside it", "media_only", NOTHING, .act = ACT_TALK, .offer = OFFER_BUTTON},
    {"a suggestion is shown to the shop", "feedback_suggest", NOTHING, .act = ACT_TALK, .flags = NEEDS},
    {"hours", "human_hours", NOTHING, .act = ACT_HOURS, .offer = OFFER_ASKED},
    {"queue without waiting", "queue_status", NOTHING, .act = ACT_QUEUE, .offer = OFFER_BUTTON},
    {"language", "switch_language", NOTHING, .act = ACT_LANGUAGE},
    {"yes to nothing", "confirm_yes", NOTHING, .act = ACT_YES},
    {"yes to what a person must do", "confirm_yes", NOTHING, .state = {.intent = {"return_apply", 12}}, .act = ACT_YES,
     .offer = OFFER_BUTTON},
    {"no to nothing", "confirm_no", NOTHING, .act = ACT_NO},

    /* while a person is on the way */
    {"waiting: facts are given", "ship_track", ORDER_ONE, .handler = HANDLER_QUEUE, .act = ACT_ANSWER},
    {"waiting: a stored answer, without an offer", "coupon_get", FOUND, .handler = HANDLER_QUEUE, .act = ACT_KNOWLEDGE},
    {"waiting: how it is done", "return_apply", .facts = {NO_ORDER, .knowledge = KNOWLEDGE_FOUND, .asks_how = true},
     .handler = HANDLER_QUEUE, .act = ACT_KNOWLEDGE},
    {"waiting: a wish waits for the person", "return_apply", FOUND, .handler = HANDLER_QUEUE, .act = ACT_SILENT},
    {"waiting: nothing is asked", "ship_track", ORDER_OF(PICK_AMBIGUOUS), .handler = HANDLER_QUEUE,
     .act = ACT_SILENT},
    {"waiting: not understood, silent", "unclear", NOTHING, .handler = HANDLER_QUEUE, .act = ACT_SILENT},
    {"waiting: not said twice", "coupon_get", FOUND, ASKED(1), .handler = HANDLER_QUEUE, .act = ACT_SILENT},
    {"waiting: no small talk", "small_talk", .facts = {NO_ORDER, .knowledge = KNOWLEDGE_FOUND, .small_talk = true},
     .handler = HANDLER_QUEUE, .act = ACT_SILENT},
    {"waiting: thanks is not answered", "thanks", NOTHING, .handler = HANDLER_QUEUE, .act = ACT_SILENT},
    {"waiting: goodbye does not close", "goodbye", NOTHING, .handler = HANDLER_QUEUE, .act = ACT_SILENT},
    {"waiting: asked for a person again", "human_request", NOTHING, .handler = HANDLER_QUEUE, .act = ACT_QUEUE},
    {"waiting: how long", "queue_status", NOTHING, .handler = HANDLER_QUEUE, .act = ACT_QUEUE},
    {"waiting: risk becomes urgent", "report_fraud", NOTHING, .handler = HANDLER_QUEUE, .act = ACT_URGENT_WORD,
     .flags = URGENT},
    {"waiting: a life in danger", "self_harm_signal", NOTHING, .handler = HANDLER_QUEUE, .act = ACT_TALK,
     .flags = URGENT},
    {"waiting: anger does not hand over again", "unclear", NOTHING, ANGRY(.95), .handler = HANDLER_QUEUE,
     .act = ACT_SILENT},
};

static unsigned flags_of(const struct decision *d)
{
    return (d->hand_over ? HANDS : 0u) | (d->urgent ? URGENT : 0u) | (d->sorry ? SORRY : 0u) | (d->again ? AGAIN : 0u) |
           (d->miss ? MISS : 0u) | (d->close ? CLOSE : 0u) | (d->gap ? GAP : 0u) | (d->needs_person ? NEEDS : 0u);
}

static void every_row_is_decided_as_written(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct row *r = &rows[i];
        struct meaning m = {.intent = intent_find(str_from(r->intent)), .by = r->by};
        assert_non_null(m.intent);
        struct decision d = decide(&r->state, &m, r->mood, &r->facts, r->handler);
        if (d.act == r->act && d.offer == r->offer && flags_of(&d) == r->flags)
            continue;
        print_error("[%s] %s offer %d flags %#x, want %s offer %d flags %#x\n", r->name, act_name(d.act),
                    (int)d.offer, flags_of(&d), act_name(r->act), (int)r->offer, r->flags);
        failed++;
    }
    assert_int_equal(failed, 0);
}

/** Every intent × handler × some facts: what must hold whatever happens. */
static void no_intent_breaks_the_rules(void **state)
{
    (void)state;
    size_t n;
    const struct intent *all = intent_all(&n);
    int failed = 0;
    for (size_t i = 0; i < n; i++) {
        for (unsigned bits = 0; bits < 64; bits++) {
            struct facts f = {
                .guest = (bits & 1) != 0,
                .pick = (bits & 2) != 0 ? PICK_ONLY : PICK_AMBIGUOUS,
                .product = (bits & 4) != 0 ? PRODUCT_KNOWN : PRODUCT_NOT_KNOWN,
                .data = (bits & 8) != 0 ? DATA_FOUND : DATA_NONE,
                .knowledge = (bits & 16) != 0 ? KNOWLEDGE_FOUND : KNOWLEDGE_NONE,
                .meaning = 1,
            };
            struct bot_state s = {.misses = 1};
            struct meaning m = {.intent = &all[i]};
            enum handler handler = (bits & 32) != 0 ? HANDLER_QUEUE : HANDLER_BOT;
            struct decision d = decide(&s, &m, (struct mood){.emotion = EMOTION_NEUTRAL}, &f, handler);
            bool waiting = handler == HANDLER_QUEUE;
            bool ok = d.check != NULL && (!d.hand_over || d.why != NULL) && (!waiting || d.offer == OFFER_NONE) &&
                      (!waiting || !d.hand_over) && (waiting || d.act != ACT_SILENT) && !(d.close && d.hand_over) &&
                      (d.act != ACT_KNOWLEDGE || f.knowledge == KNOWLEDGE_FOUND);
            if (!ok) {
                print_error("[%s, facts %#x] %s breaks a rule\n", all[i].id, bits, act_name(d.act));
                failed++;
            }
        }
    }
    assert_int_equal(failed, 0);
}

/* ---- meanings --------------------------------------------------------------------------------------------------- */

#define ORDERS_SHOWN   .list = LIST_ORDERS, .options = {{"E1", 2}, {"E2", 2}}, .option_count = 2
#define PRODUCTS_SHOWN .list = LIST_PRODUCTS, .options = {{"P1", 2}, {"P2", 2}}, .option_count = 2
#define TALKED(id)     .intent = {(id), sizeof(id) - 1}
#define OPEN(what, id) .ask = (what), .ask_intent = {(id), sizeof(id) - 1}
#define FRAGMENT       .has_marks = true
#define MORE           .has_marks = true, .rest = 3

static const struct {
    const char *name;
    struct bot_state state;
    const char *guess; /* NULL: no words */
    double confidence;
    bool unsure;
    struct said said;
    enum entity_kind entity;
    bool has_entity, has_marks;
    struct marks marks;
    size_t rest; /* characters beside marks and values */
    const char *intent;
    enum meaning_by by;
    const char *order_id;
    bool accepts, refuses;
} meanings[] = {
    {.name = "words", .guess = "ship_track", .confidence = .9, .intent = "ship_track", .by = BY_WORDS},
    {.name = "the button beats the words", .guess = "thanks", .confidence = .9, .said = {.wants_human = true},
     .intent = "human_request", .by = BY_BUTTON},
    {.name = "a button with an intent", .guess = "thanks", .confidence = .9, .said = {.intent = {"ship_fee", 8}},
     .intent = "ship_fee", .by = BY_BUTTON},
    {.name = "an unknown button is only its words", .guess = "thanks", .confidence = .9,
     .said = {.intent = {"no_such", 7}}, .intent = "thanks", .by = BY_WORDS},
    {.name = "an order card", .said = {.is_card = true, .order_id = {"E1", 2}}, .intent = "order_status",
     .by = BY_CARD, .order_id = "E1"},
    {.name = "an order card that was asked for", .state = {.ask = ASK_ORDER, .ask_intent = {"ship_urge", 9}},
     .said = {.is_card = true, .order_id = {"E1", 2}}, .intent = "ship_urge", .by = BY_LIST, .order_id = "E1"},
    {.name = "a button of the list", .state = {.ask = ASK_ORDER, .ask_intent = {"ship_urge", 9}}, .guess = "thanks",
     .confidence = .9, .said = {.order_id = {"E2", 2}}, .intent = "ship_urge", .by = BY_LIST, .order_id = "E2"},
    {.name = "a product card", .said = {.is_card = true, .product_id = {"P1", 2}}, .intent = "product_attribute",
     .by = BY_CARD},
    {.name = "the second one",
     .state = {.ask = ASK_ORDER, .ask_intent = {"ship_track", 10}, ORDERS_SHOWN},
     .guess = "unclear", .unsure = true, .said = {.place = 2}, .intent = "ship_track", .by = BY_LIST,
     .order_id = "E2"},
    {.name = "the second one of a list of one",
     .state = {.ask = ASK_INTENT, .list = LIST_INTENTS, .options = {{"ship_fee", 8}}, .option_count = 1}, .guess = "unclear",
     .unsure = true, .said = {.place = 2}, .intent = "unclear", .by = BY_WORDS},
    {.name = "the first meaning offered",
     .state = {.ask = ASK_INTENT, .list = LIST_INTENTS, .options = {{"ship_fee", 8}}, .option_count = 1}, .guess = "unclear",
     .unsure = true, .said = {.place = 1}, .intent = "ship_fee", .by = BY_LIST},
    {.name = "yes to the only meaning offered",
     .state = {.ask = ASK_INTENT, .list = LIST_INTENTS, .options = {{"ship_fee", 8}}, .option_count = 1}, .guess = "confirm_yes",
     .confidence = .9, .intent = "ship_fee", .by = BY_LIST},
    {.name = "a place when a person was offered beside meanings",
     .state = {.ask = ASK_PERSON, .list = LIST_INTENTS, .options = {{"ship_fee", 8}}, .option_count = 1}, .guess = "unclear",
     .unsure = true, .said = {.place = 1}, .intent = "ship_fee", .by = BY_LIST},
    {.name = "yes to a person", .state = {.ask = ASK_PERSON}, .guess = "confirm_yes", .confidence = .9,
     .intent = "human_request", .by = BY_ANSWER, .accepts = true},
    {.name = "no to a person", .state = {.ask = ASK_PERSON}, .guess = "confirm_no", .confidence = .9,
     .intent = "confirm_no", .by = BY_ANSWER, .refuses = true},
    {.name = "another question instead of yes", .state = {.ask = ASK_PERSON}, .guess = "ship_fee", .confidence = .9,
     .intent = "ship_fee", .by = BY_WORDS},
    {.name = "yes to nothing", .guess = "confirm_yes", .confidence = .9, .intent = "confirm_yes", .by = BY_WORDS},
    {.name = "yes to a list with a person beside it",
     .state = {.ask = ASK_ORDER, .offered = true, .beside = true, ORDERS_SHOWN},
     .guess = "confirm_yes", .confidence = .9, .intent = "human_request", .by = BY_ANSWER, .accepts = true},
    {.name = "yes to a list, a person offered long before", .state = {.ask = ASK_ORDER, .offered = true, ORDERS_SHOWN},
     .guess = "confirm_yes", .confidence = .9, .intent = "confirm_yes", .by = BY_WORDS},
    {.name = "measures that were asked for", .state = {.ask = ASK_SIZE, .ask_intent = {"size_advice", 11}},
     .guess = "unclear", .unsure = true, .entity = ENTITY_HEIGHT, .has_entity = true, .intent = "size_advice",
     .by = BY_ANSWER},
    {.name = "an order number alone", .guess = "unclear", .unsure = true, .entity = ENTITY_ORDER_NO,
     .has_entity = true, .intent = "order_status", .by = BY_NUMBER},
    {.name = "a tracking number alone", .guess = "unclear", .unsure = true, .entity = ENTITY_TRACKING_NO,
     .has_entity = true, .intent = "ship_track", .by = BY_NUMBER},
    {.name = "and in black?", .state = {.intent = {"stock_query", 11}}, .guess = "unclear", .unsure = true,
     .entity = ENTITY_COLOUR, .has_entity = true, .intent = "stock_query", .by = BY_FOLLOW},
    {.name = "black, out of nowhere", .guess = "unclear", .unsure = true, .entity = ENTITY_COLOUR, .has_entity = true,
     .intent = "unclear", .by = BY_WORDS},
    {.name = "the name of the product that was asked for",
     .state = {.ask = ASK_PRODUCT, .ask_intent = {"stock_query", 11}}, .guess = "unclear", .unsure = true,
     .intent = "stock_query", .by = BY_LIST},
    {.name = "a weak guess is not meant", .guess = "ship_fee", .confidence = .3, .intent = "unclear", .by = BY_WORDS},
    {.name = "an alarm beats everything", .guess = "ship_fee", .confidence = .99,
     .said = {.alarm = {"self_harm_signal", 16}, .intent = {"ship_fee", 8}}, .intent = "self_harm_signal",
     .by = BY_ALARM},
    {.name = "a warning counts when unsure", .guess = "unclear", .unsure = true, .said = {.warning = {"threat_legal", 12}},
     .intent = "threat_legal", .by = BY_ALARM},
    {.name = "a warning does not count when sure", .guess = "ship_fee", .confidence = .9,
     .said = {.warning = {"threat_legal", 12}}, .intent = "ship_fee", .by = BY_WORDS},
    {.name = "nothing at all", .intent = "unclear", .by = BY_WORDS},

    /* what goes on */
    {.name = "and in red? whatever the classifier thinks", .state = {TALKED("stock_query")}, .guess = "order_modify_sku",
     .confidence = .9, FRAGMENT, .marks = {.follows = true}, .entity = ENTITY_COLOUR, .has_entity = true,
     .intent = "stock_query", .by = BY_FOLLOW},
    {.name = "in red, without a word around it", .state = {TALKED("price_query")}, .guess = "expired_food",
     .confidence = .5, FRAGMENT, .entity = ENTITY_COLOUR, .has_entity = true, .intent = "price_query", .by = BY_FOLLOW},
    {.name = "do you have red: a question of its own", .state = {TALKED("price_query")}, .guess = "stock_query",
     .confidence = .9, MORE, .entity = ENTITY_COLOUR, .has_entity = true, .intent = "stock_query", .by = BY_WORDS},
    {.name = "and size M after advice: the chart", .state = {TALKED("size_advice")}, .guess = "size_advice",
     .confidence = .6, FRAGMENT, .marks = {.follows = true}, .entity = ENTITY_SIZE, .has_entity = true,
     .intent = "size_chart", .by = BY_FOLLOW},
    {.name = "and to Tibet?", .state = {TALKED("ship_fee")}, .guess = "ship_eta", .confidence = .6, FRAGMENT,
     .marks = {.follows = true}, .entity = ENTITY_REGION, .has_entity = true, .intent = "ship_fee", .by = BY_FOLLOW},
    {.name = "how long to Tibet is not where my parcel is", .state = {TALKED("ship_eta")}, .guess = "unclear",
     .unsure = true, FRAGMENT, .marks = {.follows = true}, .entity = ENTITY_REGION, .has_entity = true,
     .intent = "ship_region", .by = BY_FOLLOW},
    {.name = "Tibet after a stock question is something new", .state = {TALKED("stock_query")}, .guess = "ship_region",
     .confidence = .6, FRAGMENT, .marks = {.follows = true}, .entity = ENTITY_REGION, .has_entity = true,
     .intent = "ship_region", .by = BY_WORDS},
    {.name = "and the fleece?", .state = {TALKED("price_query")}, .guess = "product_material", .confidence = .5, MORE,
     .marks = {.follows = true}, .said = {.names_product = true}, .intent = "price_query", .by = BY_FOLLOW},
    {.name = "the fleece, out of nowhere", .state = {TALKED("price_query")}, .guess = "unclear", .unsure = true, MORE,
     .said = {.names_product = true}, .intent = "unclear", .by = BY_WORDS},
    {.name = "and the 1.3 kg one?", .state = {TALKED("price_query")}, .guess = "unclear", .unsure = true, MORE,
     .marks = {.follows = true}, .said = {.names_variant = true}, .intent = "price_query", .by = BY_FOLLOW},
    {.name = "and E2?", .state = {TALKED("ship_eta")}, .guess = "unclear", .unsure = true, FRAGMENT,
     .marks = {.follows = true}, .entity = ENTITY_ORDER_NO, .has_entity = true, .intent = "ship_eta", .by = BY_FOLLOW},
    {.name = "yesterday's, to the list of orders", .state = {OPEN(ASK_ORDER, "ship_track"), ORDERS_SHOWN},
     .guess = "agent_specific", .confidence = .6, FRAGMENT, .entity = ENTITY_DATE, .has_entity = true,
     .intent = "ship_track", .by = BY_LIST},
    {.name = "and shipping?", .state = {TALKED("stock_query")}, .guess = "ship_fee", .confidence = .9, MORE,
     .marks = {.follows = true}, .intent = "ship_fee", .by = BY_WORDS},
    {.name = "and on its own", .guess = "stock_query", .confidence = .6, FRAGMENT, .marks = {.follows = true},
     .entity = ENTITY_COLOUR, .has_entity = true, .intent = "stock_query", .by = BY_WORDS},

    /* what is taken back */
    {.name = "no, the black one", .state = {TALKED("stock_query")}, .guess = "expired_food", .confidence = .5, FRAGMENT,
     .said = {.corrects = true}, .entity = ENTITY_COLOUR, .has_entity = true, .intent = "stock_query", .by = BY_CORRECT},
    {.name = "no, yesterday's", .state = {TALKED("ship_track")}, .guess = "unclear", .unsure = true, FRAGMENT,
     .said = {.corrects = true}, .entity = ENTITY_DATE, .has_entity = true, .intent = "ship_track", .by = BY_CORRECT},
    {.name = "no, the other one", .state = {TALKED("ship_track")}, .guess = "order_duplicate", .confidence = .7, FRAGMENT,
     .said = {.corrects = true}, .marks = {.other = true}, .intent = "ship_track", .by = BY_CORRECT},
    {.name = "no, I want to return it", .state = {TALKED("ship_track")}, .guess = "return_apply", .confidence = .9, MORE,
     .said = {.corrects = true}, .intent = "return_apply", .by = BY_WORDS},

    /* lists that lie on the screen */
    {.name = "the second, after something else", .state = {TALKED("ship_fee"), ORDERS_SHOWN, .aside = ASK_ORDER,
     .aside_intent = {"ship_urge", 9}}, .guess = "confirm_yes", .confidence = .6, .said = {.place = 2},
     .intent = "ship_urge", .by = BY_LIST, .order_id = "E2"},
    {.name = "the second, nothing open: what was asked of the others", .state = {TALKED("ship_eta"), ORDERS_SHOWN},
     .guess = "confirm_yes", .confidence = .6, .said = {.place = 2}, .intent = "ship_eta", .by = BY_FOLLOW,
     .order_id = "E2"},
    {.name = "change the address of the second", .state = {OPEN(ASK_ORDER, "ship_track"), ORDERS_SHOWN},
     .guess = "order_modify_address", .confidence = .9, .said = {.place = 2}, .intent = "order_modify_address",
     .by = BY_LIST, .order_id = "E2"},
    {.name = "how much is the second", .state = {TALKED("product_recommend"), PRODUCTS_SHOWN}, .guess = "price_query",
     .confidence = .9, .said = {.place = 2}, .intent = "price_query", .by = BY_LIST},
    {.name = "the second of what was found", .state = {TALKED("product_search"), PRODUCTS_SHOWN},
     .guess = "confirm_yes", .confidence = .6, .said = {.place = 2}, .intent = "product_attribute", .by = BY_CARD},
    {.name = "yes to a list that nobody asks about any more", .state = {TALKED("product_search"), .list = LIST_PRODUCTS,
     .options = {{"P1", 2}}, .option_count = 1}, .guess = "confirm_yes", .confidence = .9, .intent = "confirm_yes",
     .by = BY_WORDS},

    /* the talk itself */
    {.name = "why? of a parcel", .state = {TALKED("ship_track")}, .guess = "unclear", .unsure = true, MORE,
     .marks = {.why = true}, .intent = "ship_stuck", .by = BY_FOLLOW},
    {.name = "why? of anything else: the same again", .state = {TALKED("coupon_refund")}, .guess = "unclear",
     .unsure = true, MORE, .marks = {.why = true}, .intent = "coupon_refund", .by = BY_FOLLOW},
    {.name = "why? of nothing", .guess = "unclear", .unsure = true, MORE, .marks = {.why = true}, .intent = "unclear",
     .by = BY_WORDS},
    {.name = "back to my question", .state = {TALKED("ship_fee"), .aside = ASK_ORDER, .aside_intent = {"ship_track", 10}},
     .guess = "continue_case", .confidence = .8, MORE, .marks = {.back = true}, .intent = "ship_track", .by = BY_RETURN},
    {.name = "back to my question, nothing open", .state = {TALKED("ship_fee")}, .guess = "continue_case",
     .confidence = .8, MORE, .marks = {.back = true}, .intent = "continue_case", .by = BY_WORDS},
};

static void every_meaning_is_found_as_written(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(meanings); i++) {
        struct entity entity = {.kind = meanings[i].entity};
        struct understanding u = {.best_count = 1, .sure = !meanings[i].unsure, .entities = &entity,
                                  .entity_count = meanings[i].has_entity};
        u.best[0] = (struct guess){str_from(meanings[i].guess), meanings[i].confidence};
        struct said said = meanings[i].said;
        said.place -= 1; /* rows count from 1, and 0 is none */
        said.understood = meanings[i].guess != NULL ? &u : NULL;
        struct marks marks = meanings[i].marks;
        marks.rest = meanings[i].rest;
        said.marks = meanings[i].has_marks ? &marks : NULL;
        struct meaning m;
        meaning_find(&meanings[i].state, &said, &m);
        if (strcmp(m.intent->id, meanings[i].intent) == 0 && m.by == meanings[i].by &&
            m.accepts == meanings[i].accepts && m.refuses == meanings[i].refuses &&
            (meanings[i].order_id == NULL || str_eq_c(m.order_id, meanings[i].order_id)))
            continue;
        print_error("[%s] %s by %s, order %.*s\n", meanings[i].name, m.intent->id, meaning_by_name(m.by),
                    STR_ARG(m.order_id));
        failed++;
    }
    assert_int_equal(failed, 0);
}

/* ---- handing over ------------------------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    struct duty duty;
    int64_t callback_ms;
    bool urgent;
    enum way way;
} ways[] = {
    {"somebody is there", {.open_now = true, .agents_online = 2}, 0, false, WAY_ONLINE},
    {"somebody is there, the wait is known", {.open_now = true, .agents_online = 2, .eta_seconds = 90}, 0, false,
     WAY_WAIT},
    {"in hours, nobody yet", {.open_now = true}, 0, false, WAY_NOBODY},
    {"in hours, nobody yet: no wait is named", {.open_now = true, .eta_seconds = 90}, 0, false, WAY_NOBODY},
    {"closed", {.next_open_ms = 9000}, 0, false, WAY_CLOSED},
    {"closed though somebody is there", {.next_open_ms = 9000, .agents_online = 1}, 0, false, WAY_CLOSED},
    {"closed, urgent, somebody is there", {.next_open_ms = 9000, .agents_online = 1}, 0, true, WAY_ONLINE},
    {"closed, urgent, nobody", {.next_open_ms = 9000}, 0, true, WAY_CLOSED},
    {"closed, booked before", {.next_open_ms = 9000}, 9000, false, WAY_BOOKED},
    {"closed, what was booked is past", {.next_open_ms = 9000}, 500, false, WAY_CLOSED},
    {"open again after a booking", {.open_now = true, .agents_online = 1}, 9000, false, WAY_ONLINE},
    {"no hours at all", {.open_now = false}, 0, false, WAY_NEVER},
};

static void a_hand_over_is_never_faked(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(ways); i++) {
        struct bot_state s = {.callback_ms = ways[i].callback_ms};
        enum way way = handover_way(&ways[i].duty, &s, ways[i].urgent, 1000);
        if (way == ways[i].way)
            continue;
        print_error("[%s] %s, want %s\n", ways[i].name, way_name(way), way_name(ways[i].way));
        failed++;
    }
    assert_int_equal(failed, 0);
}

/* ---- what is remembered ------------------------------------------------------------------------------------------- */

static void misses_end_with_an_answer(void **state)
{
    (void)state;
    struct bot_state s = {.misses = 2, .ask = ASK_INTENT, .list = LIST_INTENTS, .option_count = 2};
    struct meaning m = {.intent = intent_find(STR("coupon_get"))};
    struct facts f = {.knowledge = KNOWLEDGE_FOUND, .meaning = 3};
    struct decision d = decide(&s, &m, (struct mood){.emotion = EMOTION_NEUTRAL}, &f, HANDLER_BOT);
    decide_remember(&s, &m, (struct mood){.emotion = EMOTION_NEUTRAL}, &f, &d);
    assert_int_equal(s.misses, 0);
    assert_int_equal(s.ask, ASK_NOTHING);
    assert_int_equal(s.option_count, 0);
    assert_int_equal(state_times(&s, 3), 1);
    assert_true(str_eq_c(s.intent, "coupon_get"));
}

static void an_offer_is_remembered_until_refused(void **state)
{
    (void)state;
    struct bot_state s = {.turns = 0};
    struct mood calm = {.emotion = EMOTION_NEUTRAL};
    struct facts f = {.meaning = 3};
    struct meaning m = {.intent = intent_find(STR("account_phone_change"))};
    struct decision d = decide(&s, &m, calm, &f, HANDLER_BOT);
    decide_remember(&s, &m, calm, &f, &d);
    assert_true(s.offered);
    assert_int_equal(s.ask, ASK_PERSON);
    struct meaning no = {.intent = intent_find(STR("confirm_no")), .refuses = true};
    struct facts nothing = {.meaning = 0};
    d = decide(&s, &no, calm, &nothing, HANDLER_BOT);
    assert_int_equal(d.act, ACT_NO);
    decide_remember(&s, &no, calm, &nothing, &d);
    assert_false(s.offered);
}

/* ---- questions that stay open -------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    struct bot_state state;
    const char *intent;
    enum meaning_by by;
    struct facts facts;
    struct mood mood;
    enum ask aside;
    bool returns;
} asides[] = {
    {"another matter is answered: back to it", {OPEN(ASK_ORDER, "ship_track")}, "coupon_get", BY_WORDS, {.knowledge =
     KNOWLEDGE_FOUND}, {.strength = 0}, ASK_ORDER, true},
    {"a size was asked for", {OPEN(ASK_SIZE, "size_advice")}, "coupon_get", BY_WORDS, {.knowledge = KNOWLEDGE_FOUND},
     {.strength = 0}, ASK_SIZE, true},
    {"the list is answered", {OPEN(ASK_ORDER, "ship_track")}, "ship_track", BY_LIST, {.pick = PICK_CLICKED},
     {.strength = 0}, ASK_NOTHING, false},
    {"the same matter in other words", {OPEN(ASK_ORDER, "ship_track")}, "ship_urge", BY_WORDS, {.pick = PICK_NAMED},
     {.strength = 0}, ASK_NOTHING, false},
    {"it was asked a second time already", {OPEN(ASK_ORDER, "ship_track"), .returned = true}, "coupon_get", BY_WORDS,
     {.knowledge = KNOWLEDGE_FOUND}, {.strength = 0}, ASK_NOTHING, false},
    {"the other matter needs a person: not now", {OPEN(ASK_ORDER, "ship_track")}, "account_phone_change", BY_WORDS,
     {.pick = PICK_NO_ORDERS}, {.strength = 0}, ASK_ORDER, false},
    {"a person takes over: no more questions", {OPEN(ASK_ORDER, "ship_track")}, "human_request", BY_WORDS,
     {.pick = PICK_NO_ORDERS}, {.strength = 0}, ASK_NOTHING, false},
    {"never mind", {.aside = ASK_ORDER, .aside_intent = {"ship_track", 10}}, "confirm_no", BY_WORDS,
     {.pick = PICK_NO_ORDERS}, {.strength = 0}, ASK_NOTHING, false},
    {"it has been open for long", {.turns = 9, .aside = ASK_ORDER, .aside_intent = {"ship_track", 10}, .aside_turn = 5},
     "coupon_get", BY_WORDS, {.knowledge = KNOWLEDGE_FOUND}, {.strength = 0}, ASK_NOTHING, false},
    {"it waited while something else was asked", {.turns = 7, .aside = ASK_ORDER, .aside_intent = {"ship_track", 10},
     .aside_turn = 5}, "stock_query", BY_LIST, {.product = PRODUCT_KNOWN, .data = DATA_FOUND}, {.strength = 0}, ASK_ORDER,
     true},
    {"an upset buyer is not led back", {OPEN(ASK_ORDER, "ship_track")}, "coupon_get", BY_WORDS, {.knowledge =
     KNOWLEDGE_FOUND}, {.emotion = EMOTION_ANGRY, .strength = .7}, ASK_ORDER, false},
    {"thanks do not open it again", {OPEN(ASK_ORDER, "ship_track")}, "thanks", BY_WORDS, {.pick = PICK_NO_ORDERS},
     {.strength = 0}, ASK_NOTHING, false},
};

static void an_open_question_is_taken_up_once(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(asides); i++) {
        struct bot_state s = asides[i].state;
        struct meaning m = {.intent = intent_find(str_from(asides[i].intent)), .by = asides[i].by};
        struct decision d = decide(&s, &m, asides[i].mood, &asides[i].facts, HANDLER_BOT);
        decide_remember(&s, &m, asides[i].mood, &asides[i].facts, &d);
        bool returns = decide_returns(&s, &d, HANDLER_BOT);
        if (s.aside == asides[i].aside && returns == asides[i].returns && !decide_returns(&s, &d, HANDLER_QUEUE))
            continue;
        print_error("[%s] aside %s, returns %d (%s)\n", asides[i].name, ask_name(s.aside), returns, act_name(d.act));
        failed++;
    }
    assert_int_equal(failed, 0);
}

static void a_list_stays_for_some_turns(void **state)
{
    (void)state;
    struct bot_state s = {.turns = 4, ORDERS_SHOWN, .listed = 4};
    struct mood calm = {.emotion = EMOTION_NEUTRAL};
    struct facts f = {.knowledge = KNOWLEDGE_FOUND, .meaning = 3};
    struct meaning m = {.intent = intent_find(STR("coupon_get"))};
    for (int turn = 1; turn <= STATE_FRESH + 1; turn++) {
        struct decision d = decide(&s, &m, calm, &f, HANDLER_BOT);
        s.turns++;
        decide_remember(&s, &m, calm, &f, &d);
        assert_int_equal(s.option_count, turn <= STATE_FRESH ? 2 : 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_open_question_is_taken_up_once), cmocka_unit_test(a_list_stays_for_some_turns),
        cmocka_unit_test(every_row_is_decided_as_written),   cmocka_unit_test(no_intent_breaks_the_rules),
        cmocka_unit_test(every_meaning_is_found_as_written), cmocka_unit_test(a_hand_over_is_never_faked),
        cmocka_unit_test(misses_end_with_an_answer),         cmocka_unit_test(an_offer_is_remembered_until_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
