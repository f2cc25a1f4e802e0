/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Guessing what a buyer wants to ask.
 *
 * How          Each order has a standing, each standing a weight and its questions. The heaviest order is the one meant; it
 *              is shown alone when it is in trouble and no other is, or when no other is worth a question.
 */
#include "bot/care_guess.h"

#include "base/json.h"
#include "base/texts.h"
#include "bot/bot_private.h"
#include "trade/card.h"
#include "trade/case_store.h"
#include "trade/order_store.h"
#include "trade/rules.h"

#define QUESTIONS   3
#define IN_TROUBLE  50 /* weight from which an order stands out */

static const struct row {
    int weight;
    struct {
        const char *key, *intent;
    } questions[QUESTIONS];
} rows[] = {
    [GUESS_EXCEPTION] = {90, {{"care.guess.exception", "ship_track"}, {"care.guess.urge", "ship_stuck"},
                              {"care.guess.refund", "refund_only_apply"}}},
    [GUESS_RETURNED] = {80, {{"care.guess.returned", "ship_track"}, {"care.guess.refund", "refund_only_apply"}}},
    [GUESS_LATE] = {70, {{"care.guess.late", "ship_time"}, {"care.guess.late.pay", "compensation_ask"},
                         {"care.guess.cancel", "order_cancel"}}},
    [GUESS_SEND_BACK] = {66, {{"care.guess.waybill", "return_waybill"}, {"care.guess.progress", "refund_progress"}}},
    [GUESS_CASE] = {65, {{"care.guess.progress", "refund_progress"}}},
    [GUESS_NO_TRACE] = {60, {{"care.guess.no_trace", "ship_track"}, {"care.guess.urge", "ship_stuck"},
                             {"care.guess.refund", "refund_only_apply"}}},
    [GUESS_STALE] = {55, {{"care.guess.stale", "ship_track"}, {"care.guess.urge", "ship_stuck"},
                          {"care.guess.refund", "refund_only_apply"}}},
    [GUESS_UNPAID] = {40, {{"care.guess.unpaid", "pay_failed"}, {"care.guess.cancel", "order_cancel"}}},
    [GUESS_SHIPPED] = {35, {{"care.guess.track", "ship_track"}, {"care.guess.eta", "ship_eta"}}},
    [GUESS_PAID] = {30, {{"care.guess.when", "ship_time"}, {"care.guess.address", "order_modify_address"},
                         {"care.guess.cancel", "order_cancel"}}},
    [GUESS_DELIVERED] = {20, {{"care.guess.return", "return_apply"}, {"care.guess.broken", "quality_problem"},
                              {"care.guess.invoice", "invoice_request"}}},
    [GUESS_FINISHED] = {10, {{"care.guess.return", "return_apply"}, {"care.guess.invoice", "invoice_request"}}},
};

static enum guess_standing standing_of_trouble(enum order_trouble_kind kind)
{
    switch (kind) {
    case TROUBLE_EXCEPTION: return GUESS_EXCEPTION;
    case TROUBLE_RETURNED: return GUESS_RETURNED;
    case TROUBLE_LATE: return GUESS_LATE;
    case TROUBLE_NO_TRACE: return GUESS_NO_TRACE;
    case TROUBLE_STALE: return GUESS_STALE;
    case TROUBLE_UNFINISHED: return GUESS_DELIVERED;
    case TROUBLE_NONE: break;
    }
    return GUESS_NOTHING;
}

enum guess_standing guess_standing(const struct guess_order *o, int64_t over_ms, int64_t now_ms)
{
    if (o->has_case) {
        bool waits = o->state == CASE_WAIT_RETURN || o->state == CASE_EX_WAIT_BUYER || o->state == CASE_RP_WAIT_BUYER;
        return waits ? GUESS_SEND_BACK : GUESS_CASE;
    }
    enum guess_standing trouble = standing_of_trouble(o->trouble.kind);
    if (trouble != GUESS_NOTHING)
        return trouble;
    int64_t ended = o->order->finished_ms != 0 ? o->order->finished_ms : o->order->created_ms;
    switch (o->order->status) {
    case ORDER_UNPAID: return GUESS_UNPAID;
    case ORDER_PAID: return GUESS_PAID;
    case ORDER_SHIPPED: return GUESS_SHIPPED;
    case ORDER_DELIVERED: return GUESS_DELIVERED;
    case ORDER_FINISHED: return now_ms - ended < over_ms ? GUESS_FINISHED : GUESS_NOTHING;
    case ORDER_CLOSED: break;
    }
    return GUESS_NOTHING;
}

/** The heaviest orders, of the same weight the newest first. */
struct ranked {
    const struct guess_order *order;
    enum guess_standing standing;
    int weight;
};

static size_t rank(const struct guess_order *orders, size_t n, int64_t over_ms, int64_t now_ms, struct ranked best[GUESS_ORDERS])
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        struct ranked r = {&orders[i], guess_standing(&orders[i], over_ms, now_ms), 0};
        if (r.standing == GUESS_NOTHING)
            continue;
        r.weight = rows[r.standing].weight;
        size_t at = count < GUESS_ORDERS ? count++ : GUESS_ORDERS;
        for (; at > 0 && best[at - 1].weight < r.weight; at--)
            if (at < GUESS_ORDERS)
                best[at] = best[at - 1];
        if (at < GUESS_ORDERS)
            best[at] = r;
    }
    return count;
}

static void add(struct care_questions *g, const struct ranked *r, size_t question)
{
    const char *key = rows[r->standing].questions[question].key;
    if (key != NULL && g->n < GUESS_MOST)
        g->of[g->n++] = (struct care_question){key, rows[r->standing].questions[question].intent, r->order->order};
}

struct care_questions care_guess(const struct guess_order *orders, size_t n, int64_t over_ms, int64_t now_ms)
{
    struct ranked best[GUESS_ORDERS] = {{0}};
    struct care_questions g = {0};
    size_t count = rank(orders, n, over_ms, now_ms, best);
    if (count == 0)
        return g;
    bool alone = count == 1, stands_out = count > 1 && best[0].weight >= IN_TROUBLE && best[1].weight < IN_TROUBLE;
    if (alone || stands_out) {
        g.sure = best[0].order->order;
        for (size_t i = 0; i < QUESTIONS; i++)
            add(&g, &best[0], i);
        return g;
    }
    for (size_t i = 0; i < count; i++)
        add(&g, &best[i], 0);
    return g;
}

/* ---- for the first screen --------------------------------------------------------------------------------------------------- */

struct asking {
    const struct bot *bot;
    struct arena *a;
    int64_t tenant_id, now_ms;
    struct str buyer, language;
    struct str guess, order;
};

static void mark_cases(struct guess_order *orders, size_t n, const struct case_row_stored *cases, size_t case_n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < case_n; k++) {
            const struct trade_case *c = &cases[k].c;
            if (orders[i].has_case || !case_is_aftersale(c->type) || case_state_final(c->state) ||
                !str_eq(cases[k].order_id, orders[i].order->id))
                continue;
            orders[i].has_case = true;
            orders[i].state = c->state;
        }
    }
}

/** "什么时候发货？", or "「轻量冲锋衣」什么时候发货？" when there are several orders. */
static struct str label_of(const struct asking *q, const struct care_question *g, const struct catalog *c, bool named)
{
    struct str question = texts_get(q->language, g->key);
    if (!named || g->order->item_count == 0)
        return question;
    struct text_value values[] = {{"title", str_clip(card_item_title(&g->order->items[0], c), 36)}, {"question", question}};
    return texts_fill(q->a, texts_get(q->language, "care.guess.named"), values, COUNT(values));
}

static void write_guesses(struct asking *q, const struct care_questions *g, const struct catalog *c)
{
    struct buf b = {.arena = q->a}, card = {.arena = q->a};
    struct json_out o = json_to(&b), co = json_to(&card);
    jo_array(&o);
    for (size_t i = 0; i < g->n; i++) {
        jo_open(&o);
        jo_kt(&o, "label", label_of(q, &g->of[i], c, g->sure == NULL));
        jo_kc(&o, "intent", g->of[i].intent);
        jo_kt(&o, "order_id", g->of[i].order->id);
        jo_close(&o);
    }
    jo_array_end(&o);
    q->guess = buf_view(&b);
    if (g->sure == NULL)
        return;
    card_order(&co, g->sure, c, q->language);
    q->order = buf_view(&card);
}

static int ask(struct tx *tx, void *arg)
{
    struct asking *q = arg;
    struct order *orders;
    struct case_row_stored *cases;
    size_t n, case_n;
    if (order_list(tx, q->a, q->tenant_id, q->buyer, &orders, &n) < 0 ||
        case_list_of_buyer(tx, q->a, q->tenant_id, q->buyer, ORDER_LIST, &cases, &case_n) < 0)
        return STORE_FAULT;
    struct guess_order *known = arena_array(q->a, struct guess_order, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct order_clocks clocks = rules_cache_clocks(q->bot->rules, tx, q->tenant_id, orders[i].created_ms);
        known[i] = (struct guess_order){.order = &orders[i], .trouble = order_trouble(&orders[i], &clocks, q->now_ms)};
    }
    mark_cases(known, n, cases, case_n);
    int64_t over_ms = rules_number(tx, q->a, q->tenant_id, "case.window_after_success", POLICY_DURATION, q->now_ms, 0);
    struct care_questions g = care_guess(known, n, over_ms, q->now_ms);
    const struct catalog *c = g.n > 0 ? catalog_hold(q->bot->parts.catalogs, tx, q->tenant_id) : NULL;
    if (c != NULL)
        write_guesses(q, &g, c);
    catalog_release(q->bot->parts.catalogs, c);
    return STORE_OK;
}

void bot_guess(const struct bot *b, struct arena *a, int64_t tenant_id, struct str buyer, struct str language, int64_t now_ms,
               struct str *ret_guess, struct str *ret_order)
{
    struct asking q = {.bot = b, .a = a, .tenant_id = tenant_id, .now_ms = now_ms, .buyer = buyer,
                       .language = bot_language(language), .guess = STR("[]"), .order = STR("null")};
    bool known = buyer.n > 0 && store_read(b->parts.store, ask, &q) == STORE_OK; /* a fault is logged where it happened */
    *ret_guess = known ? q.guess : STR("[]");
    *ret_order = known ? q.order : STR("null");
}
