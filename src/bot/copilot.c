/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copilot: for the person who has a conversation, what the bot knows of it: a summary in a few sentences, what the last
 * words mean, and replies that could be sent, each with its source.
 *
 * Invariants   Made from stored data when it is asked for; nothing is kept, nothing is sent.
 */
#include <string.h>

#include "account/contact.h"
#include "bot/bot_private.h"
#include "bot/tell.h"
#include "chat/conversation_store.h"

#define MESSAGES_READ    20
#define SUGGESTIONS_MOST 3
#define QUOTE_CHARS      60

struct copilot {
    const struct bot *bot;
    struct arena *a;
    const struct conversation *c;
    struct json_out *out;
    struct shop shop;
    struct bot_state state;
    struct str buyer;
    const struct message *last_buyer, *last_bot; /* or NULL */
    struct understanding heard;                  /* of last_buyer's words */
    struct meaning meaning;
    int64_t now_ms;
};

/* ---- reading --------------------------------------------------------------------------------------------------- */

static int read_talk(struct tx *tx, void *arg)
{
    struct copilot *p = arg;
    const struct conversation *c = p->c;
    struct message *newest;
    struct contact contact;
    size_t n;
    if (message_list(tx, p->a, c->tenant_id, c->id, 0, c->seq + 1, MESSAGES_READ, true, false, &newest, &n) != CHAT_OK ||
        contact_get(tx, p->a, c->tenant_id, c->contact_id, &contact) != ACCOUNT_OK)
        return STORE_FAULT;
    p->buyer = contact.buyer;
    for (size_t i = 0; i < n; i++) {
        const struct message *m = &newest[i];
        if (p->last_buyer == NULL && m->author == AUTHOR_BUYER && m->kind == MESSAGE_TEXT && m->text.n > 0)
            p->last_buyer = m;
        if (p->last_bot == NULL && m->author == AUTHOR_BOT && m->kind == MESSAGE_TEXT)
            p->last_bot = m;
    }
    return STORE_OK;
}

static void understand_last(struct copilot *p)
{
    struct said said = {.place = -1};
    if (p->last_buyer != NULL &&
        bot_understand(p->bot, p->a, p->last_buyer->text, bot_language(p->c->language), &p->heard)) {
        said.text = p->last_buyer->text;
        said.understood = &p->heard;
    }
    meaning_find(&p->state, &said, &p->meaning);
}

/* ---- summary --------------------------------------------------------------------------------------------------- */

static void sentence(const struct copilot *p, struct buf *b, const char *key, const char *name, struct str value)
{
    const struct text_value values[] = {{name, value}};
    if (value.n == 0)
        return;
    if (b->n > 0 && !str_starts(p->shop.language, STR("zh")))
        buf_char(b, ' ');
    buf_str(b, texts_fill(p->a, texts_get(p->shop.language, key), values, COUNT(values)));
}

static struct str quote(struct copilot *p, const struct message *m)
{
    if (m == NULL)
        return STR_NONE;
    struct str clipped = str_clip(m->text, QUOTE_CHARS);
    return clipped.n < m->text.n ? str_fmt(p->a, "%.*s…", STR_ARG(clipped)) : clipped;
}

static struct str summary(struct copilot *p)
{
    struct buf b = {.arena = p->a};
    struct moment_view view = {.arena = p->a, .language = p->shop.language, .zone = p->shop.time_zone,
                               .now_ms = p->now_ms};
    if (p->last_buyer == NULL)
        return texts_get(p->shop.language, "bot.summary.nothing");
    struct str topic = p->c->topic.n > 0 ? intent_name(p->shop.language, p->c->topic) : STR_NONE;
    sentence(p, &b, "bot.summary.asked", "intent", topic);
    sentence(p, &b, "bot.summary.order", "order", p->state.order);
    sentence(p, &b, "bot.summary.product", "product", p->state.product);
    if (p->state.why.n > 0) {
        const char *key = str_c(p->a, str_fmt(p->a, "bot.why.%.*s", STR_ARG(p->state.why)));
        sentence(p, &b, "bot.summary.why", "why", texts_get(p->shop.language, key));
    }
    sentence(p, &b, "bot.summary.last", "text", quote(p, p->last_buyer));
    sentence(p, &b, "bot.summary.said", "text", quote(p, p->last_bot));
    if (p->state.callback_ms > p->now_ms)
        sentence(p, &b, "bot.summary.callback", "next", moment_text(&view, p->state.callback_ms));
    return buf_view(&b);
}

/* ---- understanding ------------------------------------------------------------------------------------------------ */

static void write_understanding(const struct copilot *p)
{
    struct json_out *o = p->out;
    jo_key(o, "understanding");
    if (p->last_buyer == NULL) {
        jo_null(o);
        return;
    }
    struct str id = str_from(p->meaning.intent->id);
    jo_open(o);
    jo_kt(o, "intent", id);
    jo_kt(o, "intent_name", intent_name(p->shop.language, id));
    jo_kr(o, "confidence", p->meaning.confidence);
    jo_kc(o, "emotion", emotion_name(p->heard.emotion));
    jo_key(o, "slots");
    jo_open(o);
    if (p->state.order.n > 0)
        jo_kt(o, "order_id", p->state.order);
    if (p->state.product.n > 0)
        jo_kt(o, "product_id", p->state.product);
    jo_close(o);
    jo_kn(o, "at_seq", p->last_buyer->seq);
    jo_close(o);
}

/* ---- suggestions -------------------------------------------------------------------------------------------------- */

static void write_suggestion(struct json_out *o, struct str text, const char *kind, struct str id, struct str title,
                             double score)
{
    jo_open(o);
    jo_kt(o, "text", text);
    jo_key(o, "source");
    jo_open(o);
    jo_kc(o, "kind", kind);
    jo_kt(o, "id", id);
    jo_kt(o, "title", title);
    jo_close(o);
    jo_kr(o, "score", score);
    jo_close(o);
}

/** What the bot would say of the order or product, as one text; empty when it knows nothing. */
static struct str facts_text(struct copilot *p, const struct gathered *g)
{
    struct turn turn = {.wants_person = false};
    struct reply reply;
    struct bot_state after = p->state, fresh = {.turns = 0};
    struct str language = bot_language(p->c->language);
    reply_start(&reply, p->a, language, &fresh, &turn);
    const struct tell t = {
        .reply = &reply, .g = g, .shop = &p->shop, .meaning = &p->meaning, .after = &after,
        .view = {.arena = p->a, .language = language, .zone = p->shop.time_zone, .now_ms = p->now_ms},
    };
    enum flow flow = p->meaning.intent->flow;
    bool needs_one = flow != FLOW_SEARCH && flow != FLOW_COMPARE && flow != FLOW_KNOWLEDGE;
    if (g->pick.order != NULL)
        tell_order_line(&t);
    else if (g->product != NULL && needs_one && g->facts.data == DATA_FOUND)
        tell_product(&t);
    reply_end_text(&reply);
    return turn.say.n > 0 ? turn.say.v[0].text : STR_NONE;
}

static void write_from(struct copilot *p, const struct gathered *g)
{
    size_t n = 0;
    struct str facts = facts_text(p, g);
    if (facts.n > 0) {
        bool order = g->pick.order != NULL;
        write_suggestion(p->out, facts, order ? "order" : "product", order ? g->pick.order->id : g->product->id,
                         order ? g->pick.order->id : g->product->title, p->meaning.confidence);
        n++;
    }
    if (g->choice.answer == KNOWLEDGE_FOUND) {
        const struct entry *e = g->choice.entry;
        write_suggestion(p->out, e->answer, "knowledge", e->id, e->question, g->choice.match);
        n++;
    }
    for (size_t i = 0; i < g->near_count && n < SUGGESTIONS_MOST; i++) {
        const struct entry *e = g->near[i].entry;
        if (e == g->choice.entry || g->near[i].match < KNOWLEDGE_MAYBE)
            continue;
        write_suggestion(p->out, e->answer, "knowledge", e->id, e->question, g->near[i].match);
        n++;
    }
}

static void write_suggestions(struct copilot *p)
{
    struct gather_question q = bot_question(p->bot, &p->shop);
    struct gathered g;
    /* stored answers are worth proposing whatever was meant, so they are read for every intent */
    struct intent wide = *p->meaning.intent;
    struct meaning meaning = p->meaning;
    wide.needs |= NEED_KNOWLEDGE;
    meaning.intent = &wide;
    q.buyer = p->buyer;
    q.channel = p->c->channel;
    q.language = bot_language(p->c->language);
    q.text = p->last_buyer != NULL ? p->last_buyer->text : STR_NONE;
    q.understood = p->last_buyer != NULL ? &p->heard : NULL;
    q.meaning = &meaning;
    q.state = &p->state;
    q.now_ms = p->now_ms;
    jo_key(p->out, "suggestions");
    jo_array(p->out);
    if (p->last_buyer != NULL) {
        if (gather(&q, p->a, &g) == STORE_OK)
            write_from(p, &g);
        gather_done(&q, &g);
    }
    jo_array_end(p->out);
}

void bot_copilot(void *bot, struct arena *a, const struct conversation *c, struct json_out *o)
{
    struct copilot p = {.bot = bot, .a = a, .c = c, .out = o, .now_ms = c->last_ms};
    struct store *store = p.bot->parts.store;
    state_read(a, c->bot_state, &p.state);
    if (shop_of(store, a, c->tenant_id, &p.shop) != ACCOUNT_OK || store_read(store, read_talk, &p) != STORE_OK)
        p.last_buyer = p.last_bot = NULL; /* logged where it happened: the screen shows no help this time */
    understand_last(&p);
    jo_kt(o, "summary", summary(&p));
    write_understanding(&p);
    write_suggestions(&p);
}
