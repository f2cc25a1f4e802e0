/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Telling what was settled.
 *
 * How          A batch of rows is read with all that their words need in one snapshot. Those that are for the chat go through
 *              chat/unasked.h, whose units share commits; `tell_in()` rides along in each. The others, and those whose buyer
 *              has no conversation to speak in, are told in one unit of work of ours. What failed is put off.
 * Invariants   1. Row, message, mail and SMS are of one unit of work: all of them or none, and once.
 *              2. Nobody is written to outside of the chat who did not agree to it, or at night by SMS.
 *              3. A buyer who never wrote is told nothing in the chat: there is nobody to read it.
 */
#include "trade/notice_service.h"

#include "account/contact.h"
#include "account/reach.h"
#include "base/id.h"
#include "base/log.h"
#include "store/outbox.h"
#include "trade/card.h"
#include "trade/case_card.h"
#include "trade/notice.h"
#include "trade/order_store.h"
#include "trade/rules.h"

enum {
    BATCH = 64,
    BATCHES = 16, /* a tick: whoever stops the server waits for no more */
    GONE = 64,    /* apart from all answers of chat/ */
};
#define PUT_OFF_MS (10 * SECOND_MS)

/** One row on its way to the buyer. */
struct telling {
    const struct notice_row *row;
    const struct notice_room *room;
    int64_t now_ms;
    struct shop shop;
    bool has_contact;
    struct contact contact;
    struct contact_reach reach;
    struct case_row_stored c;       /* of a case's news */
    struct case_event_stored *events;
    size_t event_count;
    struct str name, language;
    unsigned in;                    /* NOTICE_IN() */
    struct notice_words words;
    struct message say[2];
    size_t say_count;
    struct outbox_item send[2];
    size_t send_count;
    bool unreadable;                /* for now: it is put off, and holds up no other */
};

/** All of a tick's step. */
struct batch {
    const struct notice_room *room;
    struct arena arena;
    int64_t now_ms;
    struct telling *tell;
    size_t n;
    int told;
};

/* ---- leaving rows ------------------------------------------------------------------------------------------------------- */

int notice_case_in(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t case_id, int64_t seq, enum case_event event,
                   enum case_state to, unsigned tell, int64_t now_ms)
{
    if (!notice_is_news(event, to, tell))
        return STORE_OK;
    struct notice_row row = {.tenant_id = tenant_id, .case_id = case_id, .seq = seq, .try_ms = now_ms};
    row.key = str_fmt(a, "case/%lld/%lld", (long long)case_id, (long long)seq);
    return notice_put(tx, &row) < 0 ? STORE_FAULT : STORE_OK;
}

/** False when it is sure that the row would be taken away unsaid. What cannot be read now is for who tells. */
static bool may_be_told(struct tx *tx, struct arena *a, const struct notice_action *n)
{
    struct contact_reach reach = {.sms_ok = true};
    unsigned in = n->answered ? n->in & ~NOTICE_IN(NOTICE_CHAT) : n->in;
    if (in == 0 || (in & NOTICE_IN(NOTICE_CHAT)) != 0)
        return in != 0;
    if (reach_of_buyer(tx, a, n->tenant_id, n->buyer, &reach) == ACCOUNT_FAULT)
        return true;
    bool mail = (in & NOTICE_IN(NOTICE_MAIL)) != 0 && reach.mail_ok && reach.email.n > 0;
    return mail || ((in & NOTICE_IN(NOTICE_SMS)) != 0 && reach.sms_ok);
}

int notice_action_in(struct tx *tx, struct arena *a, const struct notice_action *n)
{
    if (!may_be_told(tx, a, n))
        return STORE_OK;
    struct notice_row row = {
        .tenant_id = n->tenant_id,
        .key = str_fmt(a, "action/%lld", (long long)n->log_id),
        .name = str_fmt(a, "action.%s", n->action),
        .buyer = n->buyer,
        .order_id = n->order_id,
        .ticket = n->ticket,
        .amount_cents = n->amount_cents,
        .due_ms = n->due_ms,
        .answered = n->answered,
        .try_ms = n->now_ms,
    };
    return notice_put(tx, &row) < 0 ? STORE_FAULT : STORE_OK;
}

/* ---- reading what the words need ---------------------------------------------------------------------------------------- */

/** The case of the news and its name; none of both when there is nothing to tell. */
static int read_case(struct tx *tx, struct arena *a, struct telling *t, bool *ret_answered)
{
    int rc = case_get(tx, a, t->row->tenant_id, t->row->case_id, &t->c);
    if (rc <= 0)
        return rc;
    if (case_events(tx, a, t->row->tenant_id, t->row->case_id, &t->events, &t->event_count) < 0)
        return STORE_FAULT;
    struct notice_news news =
        notice_of_case(a, t->events, t->event_count, t->row->seq, t->c.c.refunded_cents);
    t->name = news.name;
    *ret_answered = news.answered;
    return STORE_OK;
}

/** Who it is for, and what they agreed to. */
static int read_buyer(struct tx *tx, struct arena *a, struct telling *t, struct str buyer)
{
    enum account_answer answer = contact_by_buyer(tx, a, t->row->tenant_id, buyer, &t->contact);
    if (answer == ACCOUNT_FAULT)
        return STORE_FAULT;
    t->has_contact = answer == ACCOUNT_OK;
    t->reach = (struct contact_reach){.sms_ok = true};
    if (t->has_contact && reach_get(tx, a, t->row->tenant_id, t->contact.id, &t->reach) != ACCOUNT_OK)
        return STORE_FAULT;
    t->language = t->has_contact && t->contact.language.n > 0 ? t->contact.language : t->shop.language;
    return STORE_OK;
}

static struct notice_facts facts_of(struct arena *a, const struct telling *t, struct str order_id)
{
    bool of_case = t->row->case_id != 0;
    const struct trade_case *c = &t->c.c;
    struct case_view view = {t->language, t->shop.currency, t->shop.time_zone, t->now_ms};
    int64_t cents = !of_case ? t->row->amount_cents
                    : c->refunded_cents > 0 ? c->refunded_cents
                    : c->reserved_cents > 0 ? c->reserved_cents
                                            : c->claimed_cents;
    int64_t due_ms = of_case ? c->due_ms : t->row->due_ms;
    return (struct notice_facts){
        .shop = t->shop.name,
        .type = of_case ? case_type_text(c->type, t->language) : STR_NONE,
        .order = order_id,
        .number = of_case ? str_fmt(a, "%lld", (long long)t->c.id) : STR_NONE,
        .ticket = t->row->ticket,
        .amount = cents > 0 ? card_money(a, cents, t->shop.currency) : STR_NONE,
        .due = due_ms > 0 ? case_time_text(a, due_ms, &view) : STR_NONE,
    };
}

static struct outbox_item *new_item(struct arena *a, struct telling *t, enum outbox_kind kind, struct str to)
{
    struct outbox_item *i = &t->send[t->send_count++];
    *i = (struct outbox_item){
        .tenant_id = t->row->tenant_id,
        .id = id_new(t->now_ms),
        .kind = kind,
        .key = str_fmt(a, "%.*s/%s", STR_ARG(t->row->key), outbox_kind_name(kind)),
        .to = to,
        .subject = t->words.subject,
        .due_ms = t->now_ms,
        .created_ms = t->now_ms,
    };
    return i;
}

static int prepare_letters(struct tx *tx, struct arena *a, struct telling *t, struct str buyer, struct str order_id)
{
    if (t->room->can_mail && (t->in & NOTICE_IN(NOTICE_MAIL)) != 0 && t->reach.mail_ok && t->reach.email.n > 0) {
        struct outbox_mail m = {.from_name = t->shop.name, .subject = t->words.subject, .text = t->words.mail};
        new_item(a, t, OUTBOX_MAIL, t->reach.email)->body = outbox_mail_body(a, &m);
    }
    if (!t->room->can_sms || (t->in & NOTICE_IN(NOTICE_SMS)) == 0 || !t->reach.sms_ok)
        return STORE_OK;
    struct order order;
    struct policy_value quiet;
    int rc = order_get(tx, a, t->row->tenant_id, buyer, order_id, &order);
    if (rc < 0 || rules_get(tx, a, t->row->tenant_id, "notice.quiet", STR_NONE, t->now_ms, &quiet) < 0)
        return STORE_FAULT;
    if (rc == 0 || !order.has_address || order.address.phone.n == 0)
        return STORE_OK;
    struct outbox_item *sms = new_item(a, t, OUTBOX_SMS, order.address.phone);
    sms->body = t->words.sms;
    sms->due_ms = notice_after_quiet(quiet.text, t->now_ms, t->shop.time_zone);
    return STORE_OK;
}

static void prepare_chat(struct arena *a, struct telling *t)
{
    t->say[t->say_count++] = (struct message){.kind = MESSAGE_TEXT, .text = t->words.chat};
    if (t->row->case_id == 0)
        return;
    struct case_view view = {t->language, t->shop.currency, t->shop.time_zone, t->now_ms};
    t->say[t->say_count++] = case_card_message(a, &t->c, t->events, t->event_count, &view);
}

static int prepare(struct tx *tx, struct arena *a, struct telling *t)
{
    bool answered = t->row->answered;
    struct policy_value channels = {.text = STR_NONE};
    t->name = t->row->name;
    if (shop_get(tx, a, t->row->tenant_id, &t->shop) != ACCOUNT_OK ||
        (t->row->case_id != 0 && read_case(tx, a, t, &answered) < 0))
        return STORE_FAULT;
    struct str buyer = t->row->case_id != 0 ? t->c.buyer : t->row->buyer;
    struct str order_id = t->row->case_id != 0 ? t->c.order_id : t->row->order_id;
    if (t->name.n == 0 || buyer.n == 0)
        return STORE_OK;
    if (read_buyer(tx, a, t, buyer) < 0 ||
        rules_get(tx, a, t->row->tenant_id, "notice.channels", STR_NONE, t->now_ms, &channels) < 0)
        return STORE_FAULT;
    t->in = notice_channels(json_doc_read(a, channels.text), t->name);
    if (answered || !t->has_contact)
        t->in &= ~NOTICE_IN(NOTICE_CHAT);
    if (t->in == 0)
        return STORE_OK;
    struct notice_facts facts = facts_of(a, t, order_id);
    t->words = notice_say(a, t->language, t->name, &facts);
    if ((t->in & NOTICE_IN(NOTICE_CHAT)) != 0)
        prepare_chat(a, t);
    return prepare_letters(tx, a, t, buyer, order_id);
}

static int read_batch(struct tx *tx, void *arg)
{
    struct batch *b = arg;
    struct notice_row *rows;
    if (notice_due(tx, &b->arena, b->now_ms, BATCH, &rows, &b->n) < 0)
        return STORE_FAULT;
    b->tell = arena_array(&b->arena, struct telling, b->n + 1);
    for (size_t i = 0; i < b->n; i++) {
        b->tell[i] = (struct telling){.row = &rows[i], .room = b->room, .now_ms = b->now_ms};
        b->tell[i].unreadable = prepare(tx, &b->arena, &b->tell[i]) != STORE_OK;
    }
    return STORE_OK;
}

/* ---- telling ------------------------------------------------------------------------------------------------------------ */

/** In the unit of work that tells: the row goes, what is to be sent comes. */
static int tell_in(struct tx *tx, void *arg)
{
    const struct telling *t = arg;
    int rc = notice_take(tx, t->row->tenant_id, t->row->key);
    if (rc <= 0)
        return rc < 0 ? STORE_FAULT : GONE;
    for (size_t i = 0; i < t->send_count; i++) {
        if (outbox_put(tx, &t->send[i]) < 0)
            return STORE_FAULT;
    }
    return STORE_OK;
}

static bool is_quiet(const struct telling *t)
{
    return t->say_count == 0 && !t->unreadable;
}

/** Those that say nothing in the chat, all in one unit. */
static int tell_quietly(struct tx *tx, void *arg)
{
    const struct batch *b = arg;
    for (size_t i = 0; i < b->n; i++) {
        if (is_quiet(&b->tell[i]) && tell_in(tx, &b->tell[i]) == STORE_FAULT)
            return STORE_FAULT; /* what is gone another has told */
    }
    return STORE_OK;
}

static int put_off(struct tx *tx, void *arg)
{
    const struct telling *t = arg;
    return notice_put_off(tx, t->row->tenant_id, t->row->key, t->now_ms + PUT_OFF_MS) < 0 ? STORE_FAULT : STORE_OK;
}

/** It waits a little, so that those behind it do not. False: not even that can be stored. */
static bool wait_with(const struct batch *b, struct telling *t, int answer)
{
    log_event(LOG_WARN, "a notice is put off", "tenant=%lld notice=%.*s answer=%d", (long long)t->row->tenant_id,
              STR_ARG(t->row->key), answer);
    return store_write(b->room->store, put_off, t) == STORE_OK;
}

/** What the chat answered: told; or nothing can be said there, and only the rest is done; or a fault, and it waits. */
static bool after_chat(struct batch *b, struct telling *t, int answer)
{
    if (answer == CHAT_OK || answer == GONE) {
        b->told += answer == CHAT_OK;
        return true;
    }
    if (answer != CHAT_NOT_FOUND && answer != CHAT_DUPLICATE)
        return wait_with(b, t, answer);
    t->say_count = 0; /* tell_quietly() has it */
    return true;
}

static bool tell_in_chat(struct batch *b)
{
    struct unasked *list = arena_array(&b->arena, struct unasked, b->n);
    struct telling **whose = arena_array(&b->arena, struct telling *, b->n);
    int *answers = arena_array(&b->arena, int, b->n);
    int64_t *conversations = arena_array(&b->arena, int64_t, b->n);
    size_t n = 0;
    for (size_t i = 0; i < b->n; i++) {
        struct telling *t = &b->tell[i];
        if (t->say_count == 0 || t->unreadable)
            continue;
        list[n] = (struct unasked){
            .tenant_id = t->row->tenant_id, .contact_id = t->contact.id, .key = t->row->key, .say = t->say,
            .n = t->say_count, .new_conversation = true, .also = tell_in, .also_arg = t, .now_ms = b->now_ms,
        };
        whose[n++] = t;
    }
    bool good = true;
    if (n > 0)
        chat_tell_many(b->room->inbox, list, n, answers, conversations);
    for (size_t i = 0; i < n; i++)
        good = after_chat(b, whose[i], answers[i]) && good;
    return good;
}

/** @return whether each was told or put off */
static bool tell_batch(struct batch *b)
{
    bool good = tell_in_chat(b);
    int quiet = 0, letters = 0;
    for (size_t i = 0; i < b->n; i++) {
        struct telling *t = &b->tell[i];
        if (t->unreadable)
            good = wait_with(b, t, STORE_FAULT) && good;
        quiet += is_quiet(t);
        letters += t->send_count > 0;
    }
    if (quiet > 0 && store_write(b->room->store, tell_quietly, b) != STORE_OK)
        return false;
    b->told += quiet;
    if (letters > 0 && b->room->wake != NULL)
        b->room->wake(b->room->wake_arg);
    return good;
}

int notice_tick(const struct notice_room *room, int64_t now_ms)
{
    struct batch b = {.room = room, .now_ms = now_ms};
    bool good = true, more = true;
    for (int i = 0; good && more && i < BATCHES; i++) {
        good = store_read(room->store, read_batch, &b) == STORE_OK;
        more = good && b.n == BATCH;
        if (good && b.n > 0)
            good = tell_batch(&b);
        arena_reset(&b.arena);
    }
    arena_done(&b.arena);
    return good ? b.told : STORE_FAULT;
}
