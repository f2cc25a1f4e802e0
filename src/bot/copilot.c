/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copilot: for the person who has a conversation, what the bot knows of it: a summary in a few sentences, what the buyer
 * wants, and replies that could be sent, each with its source. What they want is in the last of their words that say so:
 * "thanks" and "a person, please" after it change nothing.
 *
 * Invariants   Made from stored data when it is asked for; nothing is kept, nothing is sent.
 */
#include <string.h>

#include "account/contact.h"
#include "bot/bot_private.h"
#include "bot/tell.h"
#include "chat/conversation_store.h"

#define MESSAGES_READ    20
#define UNDERSTOOD_MOST  6 /* of the buyer's messages, newest first, until one says what is wanted */
#define SUGGESTIONS_MOST 3
#define BESIDE_MATCH     0.60 /* of an entry that stands beside a better suggestion */
#define QUOTE_CHARS      60

struct copilot {
    const struct bot *bot;
    struct arena *a;
    const struct conversation *c;
    struct json_out *out;
    struct shop shop;
    struct ear ear;
    struct bot_state state;
    struct str buyer;
    struct message *talk; /* newest first */
    size_t talk_count;
    const struct message *said[UNDERSTOOD_MOST]; /* the buyer's texts, newest first */
    size_t said_count;
    const struct message *asked;    /* the one of `said` that says what is wanted, else the newest; or NULL */
    const struct message *answered; /* the bot's first words after it, or NULL */
    struct understanding heard;     /* of `asked` */
    struct meaning meaning;         /* of `asked` */
    enum emotion emotion;           /* of the newest words */
    const struct catalog *catalog;  /* held when a product was talked about; or NULL */
    int64_t now_ms;
};

/* ---- reading --------------------------------------------------------------------------------------------------- */

static int read_talk(struct tx *tx, void *arg)
{
    struct copilot *p = arg;
    const struct conversation *c = p->c;
    struct contact contact;
    if (message_list(tx, p->a, c->tenant_id, c->id, 0, c->seq + 1, MESSAGES_READ, true, false, &p->talk,
                     &p->talk_count) != CHAT_OK ||
        contact_get(tx, p->a, c->tenant_id, c->contact_id, &contact) != ACCOUNT_OK)
        return STORE_FAULT;
    p->buyer = contact.buyer;
    if (p->state.product.n > 0)
        p->catalog = catalog_hold(p->bot->parts.catalogs, tx, c->tenant_id);
    for (size_t i = 0; i < p->talk_count; i++) {
        const struct message *m = &p->talk[i];
        if (p->said_count < UNDERSTOOD_MOST && m->author == AUTHOR_BUYER && m->kind == MESSAGE_TEXT && m->text.n > 0)
            p->said[p->said_count++] = m;
    }
    return STORE_OK;
}

static struct meaning understand(const struct copilot *p, const struct message *m, struct understanding *heard)
{
    struct said said = {.place = -1};
    struct meaning meaning;
    if (m != NULL && ear_understand(&p->ear, p->a, m->text, bot_language(p->c->language), heard)) {
        said.text = m->text;
        said.understood = heard;
    }
    meaning_find(&p->state, &said, &meaning);
    return meaning;
}

static void understand_buyer(struct copilot *p)
{
    p->asked = p->said_count > 0 ? p->said[0] : NULL;
    p->meaning = understand(p, p->asked, &p->heard);
    p->emotion = p->heard.emotion;
    for (size_t i = 1; i < p->said_count && !intent_is_topic(p->meaning.intent); i++) {
        struct understanding heard = {.emotion = EMOTION_NEUTRAL};
        struct meaning meaning = understand(p, p->said[i], &heard);
        if (!intent_is_topic(meaning.intent))
            continue;
        p->asked = p->said[i];
        p->heard = heard;
        p->meaning = meaning;
    }
    for (size_t i = 0; p->asked != NULL && i < p->talk_count && p->talk[i].seq > p->asked->seq; i++)
        if (p->talk[i].author == AUTHOR_BOT && p->talk[i].kind == MESSAGE_TEXT)
            p->answered = &p->talk[i];
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

/** What people call the product that is talked about; its id where it cannot be read. */
static struct str product_title(const struct copilot *p)
{
    const struct product *known = p->catalog != NULL ? catalog_product(p->catalog, p->state.product) : NULL;
    return known != NULL ? known->title : p->state.product;
}

static struct str summary(struct copilot *p)
{
    struct buf b = {.arena = p->a};
    struct moment_view view = {.arena = p->a, .language = p->shop.language, .zone = p->shop.time_zone,
                               .now_ms = p->now_ms};
    if (p->asked == NULL)
        return texts_get(p->shop.language, "bot.summary.nothing");
    struct str topic = intent_is_topic(p->meaning.intent) ? str_from(p->meaning.intent->id) : p->c->topic;
    if (topic.n > 0)
        sentence(p, &b, "bot.summary.asked", "intent", intent_name(p->shop.language, topic));
    sentence(p, &b, "bot.summary.order", "order", p->state.order);
    sentence(p, &b, "bot.summary.product", "product", product_title(p));
    if (p->state.why.n > 0) {
        const char *key = str_c(p->a, str_fmt(p->a, "bot.why.%.*s", STR_ARG(p->state.why)));
        sentence(p, &b, "bot.summary.why", "why", texts_get(p->shop.language, key));
    }
    sentence(p, &b, "bot.summary.last", "text", quote(p, p->said[0]));
    sentence(p, &b, "bot.summary.said", "text", quote(p, p->answered));
    if (p->state.callback_ms > p->now_ms)
        sentence(p, &b, "bot.summary.callback", "next", moment_text(&view, p->state.callback_ms));
    return buf_view(&b);
}

/* ---- understanding ------------------------------------------------------------------------------------------------ */

static void write_understanding(const struct copilot *p)
{
    struct json_out *o = p->out;
    jo_key(o, "understanding");
    if (p->asked == NULL) {
        jo_null(o);
        return;
    }
    struct str id = str_from(p->meaning.intent->id);
    jo_open(o);
    jo_kt(o, "intent", id);
    jo_kt(o, "intent_name", intent_name(p->shop.language, id));
    jo_kr(o, "confidence", p->meaning.confidence);
    jo_kc(o, "emotion", emotion_name(p->emotion));
    jo_key(o, "slots");
    jo_open(o);
    if (p->state.order.n > 0)
        jo_kt(o, "order_id", p->state.order);
    if (p->state.product.n > 0)
        jo_kt(o, "product_id", p->state.product);
    if (p->state.product.n > 0)
        jo_kt(o, "product", product_title(p));
    jo_close(o);
    jo_kn(o, "at_seq", p->asked->seq);
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
        if (e == g->choice.entry || g->near[i].match < (n > 0 ? BESIDE_MATCH : KNOWLEDGE_MAYBE))
            continue;
        write_suggestion(p->out, e->answer, "knowledge", e->id, e->question, g->near[i].match);
        n++;
    }
}

static struct gather_question question_of(struct copilot *p, const struct meaning *meaning)
{
    struct gather_question q = bot_question(p->bot, &p->shop);
    q.ear = &p->ear;
    q.buyer = p->buyer;
    q.channel = p->c->channel;
    q.language = bot_language(p->c->language);
    q.text = p->asked->text;
    q.understood = &p->heard;
    q.meaning = meaning;
    q.state = &p->state;
    q.now_ms = p->now_ms;
    return q;
}

/** Replies that fit what was asked. */
static void write_suggestions(struct copilot *p)
{
    struct gathered g;
    /* stored answers are worth proposing whatever was meant, so they are read for every intent */
    struct intent wide = *p->meaning.intent;
    struct meaning meaning = p->meaning;
    wide.needs |= NEED_KNOWLEDGE;
    meaning.intent = &wide;
    jo_key(p->out, "suggestions");
    jo_array(p->out);
    if (p->asked != NULL) {
        struct gather_question q = question_of(p, &meaning);
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
        p.said_count = p.talk_count = 0; /* logged where it happened: the screen shows no help this time */
    p.ear = bot_ear(p.bot, &p.shop, c->id);
    understand_buyer(&p);
    jo_kt(o, "summary", summary(&p));
    write_understanding(&p);
    write_suggestions(&p);
    bot_ear_done(p.bot, &p.ear);
    if (p.catalog != NULL)
        catalog_release(p.bot->parts.catalogs, p.catalog);
}
