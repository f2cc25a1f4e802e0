/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The buyer's button: what is said when a proposal is answered, and what is stored with it.
 *
 * How          The click comes in as the buyer's message (chat/inbox.h); the inbox asks agreement_answered() and stores the
 *              message, what is said and the agreement in one unit of work.
 * Invariants   1. Who agreed is the contact of the buyer's own message, which is kept beside it.
 *              2. Of two windows, a click and a withdrawal, a click and the clock, one wins: the other is told that it is over.
 */
#include "desk/agreement_service.h"

#include "account/audit.h"
#include "base/id.h"
#include "base/texts.h"
#include "desk/agreement_private.h"
#include "trade/card.h"
#include "trade/case_card.h"

struct str agreement_words(struct arena *a, const struct shop *shop, const struct agreement *g, struct str language,
                           const char *key, int64_t now_ms)
{
    struct case_view view = {.language = language, .currency = shop->currency, .zone = shop->time_zone, .now_ms = now_ms};
    struct text_value values[] = {
        {"text", g->text},
        {"due", case_time_text(a, g->due_ms, &view)},
        {"amount", card_money(a, g->amount_cents, shop->currency)},
        {"until", case_time_text(a, g->answer_ms, &view)},
        {"note", g->note},
    };
    return texts_fill(a, texts_get(language, key), values, COUNT(values));
}

/** What is stored with the buyer's message. In the turn's arena. */
struct click {
    int64_t tenant_id, now_ms;
    struct agreement g; /* as it is after it */
    struct str actor, object;
};

static int store_click(struct tx *tx, void *arg, const struct conversation *c)
{
    const struct click *k = arg;
    (void)c; /* the message's place was known when it was decided */
    int stored = agreement_update(tx, k->tenant_id, &k->g, AGREEMENT_PROPOSED, k->now_ms);
    if (stored <= 0)
        return stored < 0 ? STORE_FAULT : STORE_CONFLICT;
    const char *what = k->g.state == AGREEMENT_AGREED ? "agreement_agreed" : "agreement_declined";
    return audit_add(tx, k->tenant_id, k->now_ms, k->actor, what, k->object, STR_NONE) == ACCOUNT_OK ? STORE_OK
                                                                                                     : STORE_FAULT;
}

static void say_of_it(struct arena *a, struct turn *t, struct str text)
{
    *array_push(a, &t->say) = (struct message){
        .author = AUTHOR_SYSTEM, .kind = MESSAGE_SYSTEM, .text = text, .data = STR("\"event\":\"agreement\"")};
}

struct reading {
    struct arena *a;
    int64_t tenant_id, id;
    struct agreement g;
    struct shop shop;
    int found;
};

static int read_one(struct tx *tx, void *arg)
{
    struct reading *r = arg;
    r->found = agreement_get(tx, r->a, r->tenant_id, r->id, &r->g);
    return r->found < 0 || shop_get(tx, r->a, r->tenant_id, &r->shop) != ACCOUNT_OK ? STORE_FAULT : STORE_OK;
}

int agreement_answered(void *room, struct store *store, struct arena *a, const struct incoming *in,
                       const struct conversation *c, struct turn *ret)
{
    (void)room; /* the store is all it needs */
    struct reading r = {.a = a, .tenant_id = in->tenant_id};
    enum agreement_state after;
    if (!id_parse(in->agreement, &r.id))
        return 0; /* a button of nobody's: the buyer's words stand alone */
    if (store_read(store, read_one, &r) < 0)
        return STORE_FAULT;
    if (r.found == 0 || r.g.contact_id != in->contact_id)
        return 0;
    bool late = in->now_ms >= agreement_timer_ms(&r.g);
    if (late || !agreement_step(r.g.state, in->agrees ? AGREEMENT_YES : AGREEMENT_NO, &after)) {
        say_of_it(a, ret, agreement_words(a, &r.shop, &r.g, c->language, "desk.agreement.over", in->now_ms));
        return 0;
    }
    struct click *k = arena_new(a, struct click);
    *k = (struct click){.tenant_id = in->tenant_id, .now_ms = in->now_ms, .g = r.g,
                        .actor = str_fmt(a, "contact:%lld", (long long)in->contact_id),
                        .object = str_fmt(a, "agreement:%lld", (long long)r.g.id)};
    k->g.state = after;
    k->g.answered_ms = in->now_ms;
    k->g.answered_in = c->id;
    k->g.answered_seq = c->seq + 1;
    const char *key = after == AGREEMENT_AGREED ? "desk.agreement.agreed" : "desk.agreement.declined";
    say_of_it(a, ret, agreement_words(a, &r.shop, &r.g, c->language, key, in->now_ms));
    ret->also = store_click;
    ret->also_arg = k;
    return 0;
}
