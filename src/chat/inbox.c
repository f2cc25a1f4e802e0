/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one door. A buyer's message is a job under its contact's key: read the conversation, let the responder decide
 * (inbox_read.c), build the change, store it in one unit of work, acknowledge after the commit.
 *
 * Goals        exactly one effect for each (conversation, author, client_id); one order; nothing said before it is
 *              stored; no thread waits for a commit.
 * How          A worker decides from what it read; the unit on the writer thread only stores, under the version
 *              guard. CHAT_STALE (an agent took it meanwhile) runs the worker's step again, CHAT_DUPLICATE looks up
 *              what was stored before.
 * Threads      A delivery belongs to one step at a time: worker, writer (store_done), worker …
 */
#include "chat/inbox_private.h"

#include <stdlib.h>

#include "account/shop.h"
#include "base/limit.h"
#include "base/log.h"
#include "base/texts.h"
#include "base/time.h"
#include "chat/recent.h"
#include "chat/unanswered.h"
#include "chat/upload_store.h"

#define TRIES_MOST   20
#define SPARE_MOST   256
#define PACES        4093 /* a prime: ids end in random bits, slots are even */
#define PACE_MS      (10 * SECOND_MS)
#define BUSY_RETRY_MS 1000

struct inbox *inbox_new(struct store *store, struct work *work, struct live *live, const struct responder *responder,
                        inbox_wants_fn *wants, void *wants_arg)
{
    struct inbox *ib = xcalloc(1, sizeof(*ib));
    *ib = (struct inbox){.store = store, .work = work, .live = live, .responder = *responder, .wants = wants,
                         .wants_arg = wants_arg, .paces = xcalloc(PACES, sizeof(struct pace)), .recent = recent_new()};
    pthread_mutex_init(&ib->lock, NULL);
    arena_pool_init(&ib->scratch, 64 * KIB);
    return ib;
}

static void delivery_free(struct delivery *d)
{
    arena_done(&d->kept);
    arena_done(&d->arena);
    free(d);
}

void inbox_free(struct inbox *ib)
{
    if (ib == NULL)
        return;
    while (ib->spare != NULL) {
        struct delivery *d = ib->spare;
        ib->spare = d->next;
        delivery_free(d);
    }
    pthread_mutex_destroy(&ib->lock);
    arena_pool_done(&ib->scratch);
    unanswered_free(ib->unanswered);
    recent_free(ib->recent);
    free(ib->paces);
    free(ib);
}

void inbox_set_limit(struct inbox *ib, int messages_per_10s)
{
    ib->limit = messages_per_10s;
}

void inbox_wait_for_more(struct inbox *ib)
{
    ib->unanswered = unanswered_new();
}

/* How long the contact must wait before it may say this; 0: not at all. */
static int wait_ms(struct inbox *ib, const struct incoming *in)
{
    if (ib->limit == 0)
        return 0;
    pthread_mutex_lock(&ib->lock);
    struct pace *p = &ib->paces[in->contact_id % PACES];
    int64_t age_ms = in->now_ms - p->begin_ms;
    if (p->contact_id != in->contact_id || age_ms < 0 || age_ms >= PACE_MS)
        *p = (struct pace){.contact_id = in->contact_id, .begin_ms = in->now_ms};
    bool over = ++p->count > ib->limit;
    int64_t left_ms = p->begin_ms + PACE_MS - in->now_ms;
    pthread_mutex_unlock(&ib->lock);
    return over ? (int)left_ms : 0;
}

/* NULL when LIMIT_DELIVERIES wait already: a disk that stands still must not fill the memory. */
static struct delivery *delivery_new(struct inbox *ib)
{
    pthread_mutex_lock(&ib->lock);
    bool room = ib->in_hand < LIMIT_DELIVERIES;
    struct delivery *d = room ? ib->spare : NULL;
    if (d != NULL) {
        ib->spare = d->next;
        ib->spare_n--;
    }
    ib->in_hand += room;
    pthread_mutex_unlock(&ib->lock);
    if (!room)
        return NULL;
    if (d == NULL)
        d = xcalloc(1, sizeof(*d));
    d->inbox = ib;
    d->tries = 0;
    d->waits = d->late = d->conflicts = false;
    d->publication = NULL;
    return d;
}

static void delivery_done(struct delivery *d)
{
    struct inbox *ib = d->inbox;
    arena_reset(&d->kept);
    arena_reset(&d->arena);
    arena_give(&ib->scratch, &d->scratch);
    pthread_mutex_lock(&ib->lock);
    ib->in_hand--;
    bool keep = ib->spare_n < SPARE_MOST;
    if (keep) {
        d->next = ib->spare;
        ib->spare = d;
        ib->spare_n++;
    }
    pthread_mutex_unlock(&ib->lock);
    if (!keep)
        delivery_free(d);
}

/* ---- a try: on a worker ---- */

static struct str entry_json(struct arena *a, const struct incoming *in)
{
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    jo_open(&o);
    if (in->page.n > 0)
        jo_kt(&o, "page", in->page);
    if (in->page_product.n > 0)
        jo_kt(&o, "product", in->page_product);
    if (in->page_order.n > 0)
        jo_kt(&o, "order", in->page_order);
    jo_close(&o);
    return buf_view(&b);
}

static struct str decision_json(struct arena *a, const struct turn *t)
{
    struct buf b = {.arena = a};
    buf_reserve(&b, t->input.n + t->outcome.n + t->reason.n + 64);
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "input");
    jo_raw(&o, t->input);
    jo_key(&o, "outcome");
    jo_raw(&o, t->outcome);
    jo_kt(&o, "reason", t->reason);
    jo_close(&o);
    return buf_view(&b);
}

/* Takes what the responder decided into the change; all of it that lasts is copied out of the scratch. */
static void apply_turn(struct delivery *d)
{
    struct change *ch = &d->change;
    struct conversation *c = &ch->conversation;
    struct turn *t = &d->turn;
    for (size_t i = 0; i < t->say.n; i++)
        change_say(ch, t->say.v[i]);
    if (t->bot_state.n > 0)
        c->bot_state = str_dup(ch->arena, t->bot_state);
    if (t->topic.n > 0)
        c->topic = str_dup(ch->arena, t->topic);
    if (t->language.n > 0)
        c->language = str_dup(ch->arena, t->language);
    if (t->version.n > 0)
        c->bot_version = str_dup(ch->arena, t->version);
    c->needs_person = t->needs_person || (c->needs_person && c->handler != HANDLER_AGENT);
    if (t->wants_person && c->handler == HANDLER_BOT) {
        if (conversation_step(c, HANDLER_WANTS_PERSON, 0, str_dup(ch->arena, t->skill), ch->now_ms) != HANDLER_OK)
            log_event(LOG_WARN, "turn cannot queue", "handler=%s", handler_name(c->handler));
    } else if (t->wants_close) {
        change_say(ch, (struct message){.author = AUTHOR_SYSTEM, .kind = MESSAGE_RATING_REQUEST,
                                        .text = texts_get(c->language, "chat.rate_please")});
        if (conversation_step(c, HANDLER_CLOSE, 0, STR_NONE, ch->now_ms) != HANDLER_OK)
            log_event(LOG_WARN, "turn cannot close", "handler=%s", handler_name(c->handler));
    }
    c->urgent = c->urgent || t->urgent; /* said while waiting, too: it moves forward in the queue */
    if (t->input.n > 0 && t->moves)
        change_why(ch, "turn", str_dup(ch->arena, t->input), str_dup(ch->arena, t->outcome), str_dup(ch->arena, t->reason));
    else if (t->input.n > 0 && ch->said.n > 0)
        ch->said.v[ch->said.n - 1].decision = decision_json(ch->arena, t);
}

/* A contact has one open conversation: what is told unasked (chat/unasked.h) may have begun it meanwhile. */
static enum chat_answer none_was_begun(struct tx *tx, struct delivery *d)
{
    struct arena a = {0};
    struct conversation open;
    enum chat_answer answer = conversation_open_of(tx, &a, d->in.tenant_id, d->in.contact_id, &open);
    arena_done(&a);
    return answer == CHAT_NOT_FOUND ? CHAT_OK : answer == CHAT_OK ? CHAT_STALE : CHAT_FAULT;
}

/* Another message shows it since it was read, or the broom took it: then all is read again. */
static enum chat_answer show_upload(struct tx *tx, struct delivery *d)
{
    int rc = upload_show(tx, d->in.tenant_id, d->shows, d->receipt.conversation_id, d->receipt.seq);
    return rc > 0 ? CHAT_OK : rc == 0 ? CHAT_STALE : CHAT_FAULT;
}

static int store_unit(struct tx *tx, void *arg)
{
    struct delivery *d = arg;
    d->change.conversation.version = d->read_version; /* it may be the second time */
    d->change.conversation.stored = d->read_place;
    enum chat_answer answer = d->change.is_new ? none_was_begun(tx, d) : CHAT_OK;
    if (answer == CHAT_OK)
        answer = change_save(tx, &d->change);
    if (answer == CHAT_OK && d->shows != 0)
        answer = show_upload(tx, d);
    if (answer != CHAT_OK || !d->bot_spoke || d->turn.also == NULL)
        return answer;
    switch (d->turn.also(tx, d->turn.also_arg, &d->change.conversation)) {
    case STORE_OK: return CHAT_OK;
    case STORE_CONFLICT: d->conflicts = true; return CHAT_STALE;
    }
    return CHAT_FAULT;
}

static enum work_answer try_delivery(void *arg);

/* Tells everybody and ends the delivery. On the writer thread, or on a worker when nothing was stored. */
static void finish(struct delivery *d)
{
    struct inbox *ib = d->inbox;
    int64_t contact = d->in.contact_id;
    bool stored = d->receipt.answer == CHAT_OK;
    if (d->expected)
        store_expect_no_more(ib->store);
    if (stored)
        recent_keep(ib->recent, &d->change.conversation);
    else
        recent_forget(ib->recent, d->in.tenant_id, contact);
    bool route = stored && (d->change.conversation.handler != d->change.handler_before) && ib->wants != NULL;
    int64_t tenant = d->in.tenant_id;
    d->receipt.from = d->from;
    d->receipt.client_id = d->in.client_id;
    if (d->done != NULL)
        d->done(d->done_arg, &d->receipt);
    if (stored)
        live_tell(ib->live, d->publication);
    else
        live_forget(d->publication);
    d->publication = NULL;
    if (route)
        ib->wants(ib->wants_arg, tenant);
    delivery_done(d);
    work_release(ib->work, contact);
}

static enum work_answer answer_duplicate(void *arg);

static void store_done(void *arg, int answer)
{
    struct delivery *d = arg;
    if (answer == CHAT_STALE && ++d->tries < TRIES_MOST) {
        d->in.undone += d->conflicts;
        d->conflicts = false;
        live_forget(steal(&d->publication));
        d->expected = true;
        store_expect(d->inbox->store);
        work_continue(d->inbox->work, d->in.contact_id, try_delivery, d);
        return;
    }
    if (answer == CHAT_DUPLICATE) {
        live_forget(steal(&d->publication));
        work_continue(d->inbox->work, d->in.contact_id, answer_duplicate, d);
        return;
    }
    if (answer != CHAT_OK)
        d->receipt = (struct receipt){.answer = CHAT_FAULT};
    else if (d->turn.orders_changed)
        shop_cache_forget();
    finish(d);
}

static int read_duplicate(struct tx *tx, void *arg)
{
    struct delivery *d = arg;
    return delivery_find_stored(tx, d, d->change.conversation.id);
}

static enum work_answer answer_duplicate(void *arg)
{
    struct delivery *d = arg;
    d->receipt = (struct receipt){.answer = CHAT_FAULT};
    if (store_read(d->inbox->store, read_duplicate, d) == CHAT_NOT_FOUND)
        d->receipt.answer = CHAT_FAULT; /* seq was taken although nobody has the client_id: `xiaoer check` tells */
    finish(d);
    return WORK_HELD; /* finish() released the key */
}

static void say_own(struct delivery *d)
{
    struct conversation *c = &d->change.conversation;
    if (d->in.page.n > 0 || d->in.page_product.n > 0 || d->in.page_order.n > 0)
        c->entry = entry_json(&d->arena, &d->in);
    const struct message *asked = change_say(
        &d->change, (struct message){.author = AUTHOR_BUYER, .author_id = d->in.contact_id,
                                     .author_name = d->in.buyer_name, .kind = d->in.kind, .text = d->in.text,
                                     .client_id = d->in.client_id, .data = d->card});
    if (is_media(asked->kind) && asked->text.n == 0) /* lists of conversations show the last words */
        c->last_text = texts_get(c->language, asked->kind == MESSAGE_IMAGE ? "chat.image" : "chat.file");
    d->receipt = (struct receipt){.answer = CHAT_OK, .conversation_id = c->id, .seq = asked->seq, .at_ms = asked->at_ms,
                                  .change = &d->change, .turn = d->bot_spoke ? &d->turn : NULL};
}

/* What lasts of an ordinary turn is in the change: the next turn, on whatever thread, gets this one's memory while it is in the
 * cache. 64 turns wait for their commits together. */
static void forget_thoughts(struct delivery *d)
{
    if (d->turn.also != NULL || d->in.explain)
        return;
    d->turn = (struct turn){0};
    arena_give(&d->inbox->scratch, &d->scratch);
}

static enum work_answer try_delivery(void *arg)
{
    struct delivery *d = arg;
    struct inbox *ib = d->inbox;
    arena_reset(&d->arena);
    arena_give(&ib->scratch, &d->scratch); /* of an earlier try */
    d->scratch = arena_take(&ib->scratch);
    d->change = (struct change){.arena = &d->arena, .tenant_id = d->in.tenant_id, .now_ms = d->in.now_ms};
    d->turn = (struct turn){0};
    d->card = STR_NONE;
    d->shows = 0;
    d->receipt = (struct receipt){.answer = CHAT_FAULT};

    int answer = store_read(ib->store, delivery_read, d);
    if (answer != CHAT_OK) {
        if (answer != CHAT_DUPLICATE && answer != CHAT_CONFLICT)
            d->receipt = (struct receipt){.answer = (enum chat_answer)answer, .field = d->receipt.field};
        finish(d);
        return WORK_HELD;
    }

    struct conversation *c = &d->change.conversation;
    if (!d->late)
        say_own(d);
    if (d->bot_spoke)
        apply_turn(d);
    if (d->late && (d->change.is_new || d->change.said.n == 0)) { /* closed or taken meanwhile, or nothing to say */
        finish(d);
        return WORK_HELD;
    }
    if (d->late)
        d->receipt = (struct receipt){.answer = CHAT_OK, .conversation_id = c->id, .seq = c->seq, .change = &d->change};
    d->publication = live_prepare(ib->live, &d->change, d->from);
    d->read_version = c->version;
    d->read_place = c->stored;
    forget_thoughts(d);
    d->expected = false;
    store_write_expected(ib->store, store_unit, d, store_done);
    return WORK_HELD;
}

/* Queues a try under the contact's key. */
static void post_delivery(struct delivery *d)
{
    d->expected = true;
    store_expect(d->inbox->store);
    work_post(d->inbox->work, d->in.contact_id, try_delivery, d);
}

void chat_receive(struct inbox *ib, const struct incoming *in, socket_ref from, inbox_done_fn *done, void *arg)
{
    struct receipt limited = {.from = from, .client_id = in->client_id, .answer = CHAT_LIMIT, .retry_ms = wait_ms(ib, in)};
    struct delivery *d = limited.retry_ms == 0 ? delivery_new(ib) : NULL;
    if (d == NULL) {
        limited.retry_ms = limited.retry_ms > 0 ? limited.retry_ms : BUSY_RETRY_MS;
        if (done != NULL)
            done(arg, &limited);
        return;
    }
    d->in = *in;
    incoming_copy(&d->kept, &d->in);
    d->from = from;
    d->done = done;
    d->done_arg = arg;
    post_delivery(d);
}

void inbox_tick(struct inbox *ib, int64_t now_ms)
{
    struct arena a = {0};
    struct incoming in;
    while (ib->unanswered != NULL && unanswered_due(ib->unanswered, &a, now_ms, &in)) {
        struct delivery *d = delivery_new(ib);
        if (d == NULL)
            break; /* the buyer's next message is answered with it (forgotten_texts) */
        d->late = true;
        d->in = in;
        d->in.client_id = STR_NONE;
        if (now_ms != INT64_MAX)
            d->in.now_ms = now_ms;
        incoming_copy(&d->kept, &d->in);
        d->from = 0;
        d->done = NULL;
        post_delivery(d);
        arena_reset(&a);
    }
    arena_done(&a);
}

void inbox_typing(struct inbox *ib, int64_t contact_id, int64_t now_ms)
{
    if (ib->unanswered != NULL)
        unanswered_typing(ib->unanswered, contact_id, now_ms);
}
