/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Agreements: proposed by the shop, answered by the buyer, followed up by the clock.
 *
 * How          A proposal is a message with two buttons; what becomes of a click is in agreement_click.c. Timers are swept by
 *              the desk's tick.
 * Invariants   1. What is said and what is stored are one unit of work.
 *              2. A row moves only from the state that was read (guard of agreement_update): of two windows, a click and a
 *                 withdrawal, a click and the clock, one wins and the other reads again.
 */
#include "desk/agreement_service.h"

#include "account/audit.h"
#include "account/contact.h"
#include "account/shop.h"
#include "base/id.h"
#include "base/log.h"
#include "base/texts.h"
#include "desk/agreement_follow.h"
#include "desk/agreement_private.h"
#include "trade/order_store.h"
#include "trade/rules.h"

#define AT_ONCE 100

/** A unit of work on one agreement. */
struct deed {
    struct arena *a;
    const struct actor *who; /* NULL: the clock */
    int64_t tenant_id, now_ms;
    struct shop shop;
    struct change change;
    struct agreement g;
    bool told;
    /* by deed */
    const struct agreement_wish *wish;
    int64_t id;
    enum agreement_event event;
    struct str note;
};

/* ---- what all share ---------------------------------------------------------------------------------------------- */

static enum agreement_answer load_conversation(struct tx *tx, struct deed *d, int64_t conversation_id)
{
    d->change = (struct change){.arena = d->a, .tenant_id = d->tenant_id, .now_ms = d->now_ms};
    enum chat_answer answer = change_load(tx, &d->change, conversation_id);
    if (answer != CHAT_OK)
        return answer == CHAT_NOT_FOUND ? AGREEMENT_NOT_FOUND : AGREEMENT_FAULT;
    if (shop_get(tx, d->a, d->tenant_id, &d->shop) != ACCOUNT_OK)
        return AGREEMENT_FAULT;
    if (d->who == NULL)
        return AGREEMENT_OK;
    if (!desk_may_see(d->who, &d->change.conversation))
        return AGREEMENT_NOT_FOUND;
    bool leads = desk_may_handle(d->who, &d->change.conversation) || (d->who->roles & ROLE_STAFF) != 0;
    return leads ? AGREEMENT_OK : AGREEMENT_NOT_YOURS;
}

static void say_line(struct deed *d, const char *event, const char *key)
{
    if (d->change.conversation.handler == HANDLER_CLOSED)
        return;
    (void)change_system(&d->change, event,
                        agreement_words(d->a, &d->shop, &d->g, d->change.conversation.language, key, d->now_ms));
}

static enum agreement_answer write_down(struct tx *tx, struct deed *d, const char *what)
{
    struct str actor = d->who != NULL ? str_fmt(d->a, "person:%lld", (long long)d->who->id) : STR("system");
    struct str object = str_fmt(d->a, "agreement:%lld", (long long)d->g.id);
    if (audit_add(tx, d->tenant_id, d->now_ms, actor, what, object, STR_NONE) != ACCOUNT_OK)
        return AGREEMENT_FAULT;
    d->told = d->change.said.n > 0;
    return !d->told || change_save(tx, &d->change) == CHAT_OK ? AGREEMENT_OK : AGREEMENT_FAULT;
}

static enum agreement_answer run(struct desk_room *room, struct deed *d, store_fn *fn)
{
    enum agreement_answer answer = (enum agreement_answer)store_write(room->store, fn, d);
    if (answer == AGREEMENT_OK && d->told)
        live_publish(room->live, &d->change);
    return answer;
}

/* ---- proposing -------------------------------------------------------------------------------------------------- */

static bool read_rule(struct tx *tx, struct deed *d, const char *key, enum policy_kind kind, int64_t *ret)
{
    struct policy_value v;
    if (rules_get(tx, d->a, d->tenant_id, key, STR_NONE, d->now_ms, &v) <= 0 || v.kind != kind)
        return false;
    *ret = v.number;
    return true;
}

static enum agreement_answer check(struct tx *tx, struct deed *d)
{
    struct agreement_limits l;
    if (!read_rule(tx, d, "agreement.answer", POLICY_DURATION, &l.answer_ms) ||
        !read_rule(tx, d, "agreement.term_max", POLICY_DURATION, &l.term_most_ms) ||
        !read_rule(tx, d, "agreement.amount_agent", POLICY_NUMBER, &l.agent_cents) ||
        !read_rule(tx, d, "agreement.amount_leader", POLICY_NUMBER, &l.leader_cents))
        return AGREEMENT_NO_RULE;
    d->g.answer_ms = d->now_ms + l.answer_ms;
    d->g.rules = str_fmt(d->a, "{\"answer_ms\":%lld,\"term_max_ms\":%lld,\"amount_agent\":%lld,\"amount_leader\":%lld}",
                         (long long)l.answer_ms, (long long)l.term_most_ms, (long long)l.agent_cents,
                         (long long)l.leader_cents);
    return agreement_check(d->who, &l, d->g.due_ms, d->g.amount_cents, d->now_ms);
}

static enum agreement_answer check_order(struct tx *tx, struct deed *d)
{
    struct contact contact;
    struct order order;
    if (d->g.order_id.n == 0)
        return AGREEMENT_OK;
    if (contact_get(tx, d->a, d->tenant_id, d->g.contact_id, &contact) != ACCOUNT_OK)
        return AGREEMENT_FAULT;
    int found = contact.buyer.n > 0 ? order_get(tx, d->a, d->tenant_id, contact.buyer, d->g.order_id, &order) : 0;
    return found < 0 ? AGREEMENT_FAULT : found > 0 ? AGREEMENT_OK : AGREEMENT_NO_ORDER;
}

static void write_button(struct json_out *o, const struct deed *d, const char *key, bool agree)
{
    jo_open(o);
    jo_kt(o, "label", texts_get(d->change.conversation.language, key));
    jo_kid(o, "agreement", d->g.id);
    jo_kb(o, "agree", agree);
    if (agree)
        jo_kc(o, "style", "primary");
    jo_close(o);
}

/* The members of the card's message: what is proposed, and the two buttons. */
static struct str card_data(const struct deed *d)
{
    struct buf b = {.arena = d->a};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "agreement");
    jo_open(&o);
    jo_kid(&o, "id", d->g.id);
    jo_kt(&o, "text", d->g.text);
    jo_kt(&o, "order_id", d->g.order_id);
    jo_kat(&o, "due_at", d->g.due_ms);
    jo_kat(&o, "answer_by", d->g.answer_ms);
    jo_kn(&o, "amount_cents", d->g.amount_cents);
    jo_kt(&o, "currency", d->shop.currency);
    jo_close(&o);
    jo_key(&o, "choices");
    jo_array(&o);
    write_button(&o, d, "desk.agreement.yes", true);
    write_button(&o, d, "desk.agreement.no", false);
    jo_array_end(&o);
    jo_close(&o);
    struct str whole = buf_view(&b);
    return str_sub(whole, 1, whole.n - 2);
}

/* The agreement of a proposal that was made under the same client_id. */
static enum agreement_answer find_made(struct tx *tx, struct deed *d)
{
    struct message stored;
    enum chat_answer answer = message_by_client(tx, d->a, d->tenant_id, d->wish->conversation_id, d->who->id,
                                                d->wish->client_id, &stored);
    if (answer != CHAT_OK)
        return answer == CHAT_NOT_FOUND ? AGREEMENT_NOT_FOUND : AGREEMENT_FAULT;
    struct str whole = str_fmt(d->a, "{%.*s}", STR_ARG(stored.data));
    _cleanup_(json_donep) json_t *data = json_read(whole, NULL);
    int64_t id;
    if (!id_parse(json_str(json_object_get(data, "agreement"), "id"), &id))
        return AGREEMENT_CONFLICT;
    int found = agreement_get(tx, d->a, d->tenant_id, id, &d->g);
    if (found <= 0)
        return AGREEMENT_FAULT;
    bool same = str_eq(d->g.text, d->wish->text) && d->g.due_ms == d->wish->due_ms &&
                d->g.amount_cents == d->wish->amount_cents;
    return same ? AGREEMENT_OK : AGREEMENT_CONFLICT;
}

static int propose(struct tx *tx, void *arg)
{
    struct deed *d = arg;
    const struct agreement_wish *w = d->wish;
    enum agreement_answer answer = load_conversation(tx, d, w->conversation_id);
    if (answer != AGREEMENT_OK)
        return answer;
    answer = find_made(tx, d);
    if (answer != AGREEMENT_NOT_FOUND)
        return answer;
    if (d->change.conversation.handler == HANDLER_CLOSED)
        return AGREEMENT_CLOSED;
    d->g = (struct agreement){.id = id_new(d->now_ms), .conversation_id = w->conversation_id,
                              .contact_id = d->change.conversation.contact_id, .order_id = w->order_id, .text = w->text,
                              .due_ms = w->due_ms, .amount_cents = w->amount_cents, .proposed_by = d->who->id,
                              .proposed_ms = d->now_ms};
    answer = check(tx, d);
    if (answer == AGREEMENT_OK)
        answer = check_order(tx, d);
    if (answer != AGREEMENT_OK)
        return answer;
    const char *key = w->amount_cents > 0 ? "desk.agreement.card_amount" : "desk.agreement.card";
    (void)change_say(&d->change, (struct message){
                                     .author = AUTHOR_AGENT, .author_id = d->who->id, .author_name = d->who->name,
                                     .kind = MESSAGE_CHOICES, .client_id = w->client_id, .data = card_data(d),
                                     .text = agreement_words(d->a, &d->shop, &d->g, d->change.conversation.language, key, d->now_ms)});
    if (agreement_insert(tx, d->tenant_id, &d->g) < 0)
        return AGREEMENT_FAULT;
    return write_down(tx, d, "agreement_proposed");
}

enum agreement_answer agreement_propose(struct desk_room *room, struct arena *a, const struct actor *who,
                                        const struct agreement_wish *wish, int64_t now_ms, struct agreement *ret)
{
    struct deed d = {.a = a, .who = who, .tenant_id = who->tenant_id, .wish = wish, .now_ms = now_ms};
    enum agreement_answer answer = run(room, &d, propose);
    *ret = d.g;
    return answer;
}

/* ---- settling by the shop ----------------------------------------------------------------------------------------- */

static int settle(struct tx *tx, void *arg)
{
    struct deed *d = arg;
    int found = agreement_get(tx, d->a, d->tenant_id, d->id, &d->g);
    if (found <= 0)
        return found < 0 ? AGREEMENT_FAULT : AGREEMENT_NOT_FOUND;
    enum agreement_answer answer = load_conversation(tx, d, d->g.conversation_id);
    if (answer != AGREEMENT_OK)
        return answer;
    enum agreement_state from = d->g.state;
    if (!agreement_step(from, d->event, &d->g.state))
        return AGREEMENT_NO_STEP;
    d->g.settled_by = d->who->id;
    d->g.settled_ms = d->now_ms;
    d->g.note = d->note;
    if (agreement_update(tx, d->tenant_id, &d->g, from, d->now_ms) <= 0)
        return AGREEMENT_FAULT; /* read in this very unit: nobody can have come between */
    bool kept = d->event == AGREEMENT_KEEP;
    say_line(d, "agreement", kept ? "desk.agreement.kept" : "desk.agreement.withdrawn");
    return write_down(tx, d, kept ? "agreement_kept" : "agreement_withdrawn");
}

enum agreement_answer agreement_settle(struct desk_room *room, struct arena *a, const struct actor *who, int64_t id,
                                       enum agreement_event e, struct str note, int64_t now_ms, struct agreement *ret)
{
    struct deed d = {.a = a, .who = who, .tenant_id = who->tenant_id, .id = id, .event = e, .note = note,
                     .now_ms = now_ms};
    enum agreement_answer answer = run(room, &d, settle);
    *ret = d.g;
    return answer;
}

struct looking {
    struct arena *a;
    const struct actor *who;
    int64_t conversation_id;
    struct agreement *list;
    size_t n;
};

static int look(struct tx *tx, void *arg)
{
    struct looking *w = arg;
    struct conversation c;
    enum chat_answer answer = conversation_get(tx, w->a, w->who->tenant_id, w->conversation_id, &c);
    if (answer != CHAT_OK)
        return answer == CHAT_NOT_FOUND ? AGREEMENT_NOT_FOUND : AGREEMENT_FAULT;
    if (!desk_may_see(w->who, &c))
        return AGREEMENT_NOT_FOUND;
    return agreement_list(tx, w->a, w->who->tenant_id, w->conversation_id, &w->list, &w->n) < 0 ? AGREEMENT_FAULT
                                                                                               : AGREEMENT_OK;
}

enum agreement_answer agreement_all(struct desk_room *room, struct arena *a, const struct actor *who,
                                    int64_t conversation_id, struct agreement **ret, size_t *ret_n)
{
    struct looking w = {.a = a, .who = who, .conversation_id = conversation_id};
    enum agreement_answer answer = (enum agreement_answer)store_read(room->store, look, &w);
    *ret = w.list;
    *ret_n = w.n;
    return answer;
}

/* ---- the clock ---------------------------------------------------------------------------------------------------- */

/* A task for the service team, and a note for whoever looks at the conversation. */
static enum agreement_answer follow_up(struct tx *tx, struct deed *d)
{
    int64_t term_ms;
    if (!read_rule(tx, d, "agreement.follow", POLICY_DURATION, &term_ms))
        return AGREEMENT_NO_RULE;
    struct text_value value = {"ticket", STR_NONE};
    struct str task = agreement_words(d->a, &d->shop, &d->g, d->shop.language, "desk.agreement.follow", d->now_ms);
    if (!agreement_follow_up(tx, d->a, &d->shop, &d->g, term_ms, task, d->now_ms, &value.value))
        return AGREEMENT_FAULT;
    struct str text = agreement_words(d->a, &d->shop, &d->g, d->shop.language, "desk.agreement.overdue", d->now_ms);
    (void)change_say(&d->change, (struct message){.author = AUTHOR_SYSTEM, .kind = MESSAGE_NOTE,
                                                  .text = texts_fill(d->a, text, &value, 1)});
    return AGREEMENT_OK;
}

static int time_out(struct tx *tx, void *arg)
{
    struct deed *d = arg;
    int found = agreement_get(tx, d->a, d->tenant_id, d->id, &d->g);
    if (found <= 0)
        return found < 0 || agreement_timer_set(tx, d->tenant_id, d->id, 0, d->now_ms) < 0 ? AGREEMENT_FAULT
                                                                                           : AGREEMENT_OK;
    int64_t due_ms = agreement_timer_ms(&d->g);
    enum agreement_state from = d->g.state;
    if (due_ms == 0 || due_ms > d->now_ms || !agreement_step(from, AGREEMENT_TIMEOUT, &d->g.state))
        return agreement_timer_set(tx, d->tenant_id, d->id, due_ms, d->now_ms) < 0 ? AGREEMENT_FAULT : AGREEMENT_OK;
    enum agreement_answer answer = load_conversation(tx, d, d->g.conversation_id);
    if (answer == AGREEMENT_OK && d->g.state == AGREEMENT_OVERDUE)
        answer = follow_up(tx, d);
    if (answer != AGREEMENT_OK)
        return answer;
    if (d->g.state == AGREEMENT_LAPSED) {
        d->g.settled_ms = d->now_ms;
        say_line(d, "agreement", "desk.agreement.lapsed");
    }
    if (agreement_update(tx, d->tenant_id, &d->g, from, d->now_ms) <= 0)
        return AGREEMENT_FAULT;
    return write_down(tx, d, d->g.state == AGREEMENT_LAPSED ? "agreement_lapsed" : "agreement_overdue");
}

struct round {
    struct arena a;
    int64_t now_ms;
    struct agreement_due *due;
    size_t n;
};

static int read_due(struct tx *tx, void *arg)
{
    struct round *r = arg;
    return agreement_timers_due(tx, &r->a, r->now_ms, AT_ONCE, &r->due, &r->n);
}

void agreement_tick(struct desk_room *room, int64_t now_ms)
{
    struct round r = {.now_ms = now_ms};
    if (store_read(room->store, read_due, &r) < 0)
        r.n = 0; /* logged where it happened; the next tick looks again */
    for (size_t i = 0; i < r.n; i++) {
        struct arena a = {0};
        struct deed d = {.a = &a, .tenant_id = r.due[i].tenant_id, .id = r.due[i].id, .now_ms = now_ms};
        enum agreement_answer answer = run(room, &d, time_out);
        if (answer != AGREEMENT_OK)
            log_event(LOG_WARN, "agreement not followed up", "id=%lld answer=%d", (long long)d.id, (int)answer);
        arena_done(&a);
    }
    arena_done(&r.a);
}
