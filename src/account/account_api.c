/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routes of this room (web/packages/protocol/src/wire.ts has the bodies).
 */
#include "account/account_api.h"

#include "account/contact.h"
#include "account/jwt.h"
#include "account/session.h"
#include "account/token.h"
#include "base/limit.h"
#include "base/texts.h"

/* ---- a buyer's session ------------------------------------------------------------------------------------ */

static const shape session_body = {
    {.name = "channel", .type = FIELD_TEXT, .required = true, .min = 1, .help = "The shop's id."},
    {.name = "user_token", .type = FIELD_TEXT, .max = 4096,
     .help = "JWT (HS256) signed by the shop's server: aud or shop, sub = buyer id, exp at most 24 h ahead, name."},
    {.name = "visitor", .type = FIELD_TEXT, .max = 2048, .help = "What the last session answered as visitor."},
    {.name = "locale", .type = FIELD_TEXT, .max = 35, .help = "Language of the browser, as zh-CN."},
    {0},
};
static const shape session_gives = {
    {.name = "token", .type = FIELD_TEXT, .help = "Bearer token of the buyer, good for 24 h."},
    {.name = "expires_at", .type = FIELD_TEXT, .help = "When the token ends."},
    {.name = "visitor", .type = FIELD_TEXT, .help = "Says next time which guest this browser was."},
    {.name = "contact", .type = FIELD_OBJECT, .help = "Who the buyer is here: id, name, guest."},
    {.name = "shop", .type = FIELD_OBJECT, .help = "The shop: greeting, quick questions, hours, who is there."},
    {.name = "guess", .type = FIELD_ARRAY, .help = "What this buyer will ask most likely: questions as choices; of a guest none."},
    {.name = "order", .type = FIELD_OBJECT, .help = "The order that they are about, when one stands out; else null."},
    {.name = "conversation", .type = FIELD_OBJECT, .help = "The open conversation, or null."},
    {0},
};

/** A session being opened. */
struct opening {
    struct request *rq;
    struct shop shop;
    struct str secret;
    struct contact_who who;
    struct contact_reach reach; /* what the merchant's token says of it */
    struct contact contact;
};

static int read_shop(struct tx *tx, void *arg)
{
    struct opening *w = arg;
    enum account_answer answer = shop_find(tx, w->rq->arena, json_str(w->rq->body, "channel"), &w->shop);
    if (answer != ACCOUNT_OK || json_str(w->rq->body, "user_token").n == 0)
        return answer;
    return shop_secret(tx, w->rq->arena, w->shop.tenant_id, &w->secret);
}

static int open_contact(struct tx *tx, void *arg)
{
    struct opening *w = arg;
    return contact_open(tx, w->rq->arena, &w->shop, &w->who, w->rq->now_ms, &w->contact);
}

/* "zh-CN" → "zh", when there are texts in it; otherwise the shop's own language holds. */
static struct str language_of(struct str locale)
{
    struct str language;
    if (locale.n == 0 || !str_cut(&locale, '-', &language))
        return STR_NONE;
    return texts_has(language, "guest.name") ? language : STR_NONE;
}

/* Who the tokens of the body say it is; false: the shop's token is not good. */
static bool identify(struct opening *w)
{
    struct request *rq = w->rq;
    struct token_claims visitor;
    struct jwt_claims buyer;
    w->who.language = language_of(json_str(rq->body, "locale"));
    if (token_read_visitor(rq->arena, json_str(rq->body, "visitor"), rq->now_ms, &visitor) &&
        visitor.tenant_id == w->shop.tenant_id)
        w->who.contact_id = visitor.contact_id;
    struct str jwt = json_str(rq->body, "user_token");
    if (jwt.n == 0)
        return true;
    if (jwt_read(rq->arena, jwt, w->secret, w->shop.shop_id, rq->now_ms, &buyer) != JWT_OK)
        return false;
    w->who.buyer = buyer.buyer;
    w->who.name = buyer.name;
    w->reach = (struct contact_reach){.email = buyer.email, .mail_ok = buyer.email_consent, .sms_ok = !buyer.sms_declined};
    w->who.reach = buyer.says_reach ? &w->reach : NULL;
    return true;
}

/* Buttons under the composer, when the shop has set none of its own. */
static void write_default_quick(struct json_out *o, struct str language)
{
    static const struct {
        const char *text, *intent, *action;
    } quick[] = {
        {"quick.track", "ship_track", NULL},
        {"quick.return", "return_apply", NULL},
        {"quick.size", "size_advice", NULL},
        {"quick.human", NULL, "human"},
    };
    for (size_t i = 0; i < COUNT(quick); i++) {
        jo_open(o);
        jo_kt(o, "label", texts_get(language, quick[i].text));
        if (quick[i].intent != NULL)
            jo_kc(o, "intent", quick[i].intent);
        if (quick[i].action != NULL)
            jo_kc(o, "action", quick[i].action);
        jo_close(o);
    }
}

static void write_words(struct json_out *o, const struct shop *s, struct str language)
{
    _cleanup_(json_donep) json_t *settings = json_read(s->settings, NULL);
    const json_t *faq = json_object_get(settings, "faq");
    const json_t *quick = json_object_get(settings, "quick");
    struct str greeting = json_str(settings, "greeting");
    jo_kt(o, "theme", json_str(settings, "theme"));
    jo_kt(o, "greeting", greeting.n > 0 ? greeting : texts_get(language, "shop.greeting"));
    jo_key(o, "faq");
    jo_array(o);
    for (size_t i = 0; i < json_array_size(faq); i++)
        jo_text(o, json_text(json_array_get(faq, i)));
    jo_array_end(o);
    jo_key(o, "quick");
    jo_array(o);
    for (size_t i = 0; i < json_array_size(quick); i++)
        jo_json(o, json_array_get(quick, i));
    if (json_array_size(quick) == 0)
        write_default_quick(o, language);
    jo_array_end(o);
}

static void write_shop(struct json_out *o, struct opening *w)
{
    const struct account_room *room = w->rq->room;
    const struct shop *s = &w->shop;
    struct str language = w->contact.language;
    jo_key(o, "shop");
    jo_open(o);
    jo_kt(o, "id", s->shop_id);
    jo_kt(o, "name", s->name);
    jo_kt(o, "language", s->language);
    jo_kt(o, "currency", s->currency);
    jo_kt(o, "time_zone", s->time_zone);
    write_words(o, s, language);
    jo_kt(o, "hours", shop_hours_text(w->rq->arena, s, language));
    jo_kb(o, "open_now", hours_is_open(&s->hours, w->rq->now_ms, s->time_zone));
    jo_kn(o, "agents_online", room->agents_online != NULL ? room->agents_online(room->arg, s->tenant_id) : 0);
    jo_close(o);
}

static struct str write_session(struct opening *w)
{
    struct request *rq = w->rq;
    const struct account_room *room = rq->room;
    const struct contact *c = &w->contact;
    struct token_claims claims = {.tenant_id = c->tenant_id,
                                  .contact_id = c->id,
                                  .expires_ms = rq->now_ms + TOKEN_BUYER_MS,
                                  .language = c->language,
                                  .name = c->name};
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kt(&o, "token", token_buyer(rq->arena, &claims));
    jo_kat(&o, "expires_at", claims.expires_ms);

    /* A named buyer's browser keeps the visitor it was as a guest, and stays that guest after signing out. */
    struct token_claims guest = {.tenant_id = c->tenant_id,
                                 .contact_id = c->buyer.n > 0 ? w->who.contact_id : c->id,
                                 .expires_ms = rq->now_ms + TOKEN_VISITOR_MS};
    jo_kt(&o, "visitor", guest.contact_id != 0 ? token_visitor(rq->arena, &guest) : STR_NONE);
    jo_key(&o, "contact");
    jo_open(&o);
    jo_kid(&o, "id", c->id);
    jo_kt(&o, "name", c->name);
    jo_kb(&o, "guest", c->buyer.n == 0);
    jo_close(&o);
    write_shop(&o, w);
    struct str guess = STR("[]"), order = STR("null");
    if (room->guess != NULL)
        room->guess(room->arg, rq->arena, c->tenant_id, c->buyer, c->language, rq->now_ms, &guess, &order);
    jo_key(&o, "guess");
    jo_raw(&o, guess);
    jo_key(&o, "order");
    jo_raw(&o, order);
    jo_key(&o, "conversation");
    jo_raw(&o, room->conversation_json != NULL
                   ? room->conversation_json(room->arg, rq->arena, c->tenant_id, c->id)
                   : STR_NONE);
    jo_close(&o);
    return buf_view(&b);
}

static struct reply post_session(struct request *rq)
{
    struct opening w = {.rq = rq};
    enum account_answer answer = (enum account_answer)store_read(rq->store, read_shop, &w);
    if (answer == ACCOUNT_NOT_FOUND)
        return reply_problem(404, "unknown_shop", "There is no shop of that id here.");
    if (answer != ACCOUNT_OK)
        return reply_fault();
    if (!identify(&w))
        return reply_problem(401, "bad_user_token", "The shop's token is not signed by it, is expired or is not for it.");

    answer = (enum account_answer)store_write(rq->store, open_contact, &w);
    /* Two first sessions of one buyer at once: the other one has made the contact. */
    if (answer == ACCOUNT_TAKEN)
        answer = (enum account_answer)store_write(rq->store, open_contact, &w);
    if (answer != ACCOUNT_OK)
        return reply_fault();
    return (struct reply){.status = 200, .body = write_session(&w)};
}

/* ---- people ----------------------------------------------------------------------------------------------- */

static const shape sign_in_body = {
    {.name = "shop", .type = FIELD_TEXT, .required = true, .min = 1, .help = "The shop's id."},
    {.name = "sign_in", .type = FIELD_TEXT, .required = true, .min = 1, .help = "Sign-in name."},
    {.name = "password", .type = FIELD_TEXT, .required = true, .min = 1, .max = PASSWORD_MOST, .help = "Password."},
    {0},
};
static const shape invitation_body = {
    {.name = "code", .type = FIELD_TEXT, .required = true, .min = 1, .help = "The one-time invitation code."},
    {.name = "sign_in", .type = FIELD_TEXT, .required = true, .min = 1, .max = 64, .help = "Chosen sign-in name."},
    {.name = "password", .type = FIELD_TEXT, .required = true, .min = 1, .max = PASSWORD_MOST,
     .help = "Chosen password, at least 10 characters."},
    {0},
};
static const shape password_body = {
    {.name = "old", .type = FIELD_TEXT, .required = true, .min = 1, .max = PASSWORD_MOST, .help = "Present password."},
    {.name = "new", .type = FIELD_TEXT, .required = true, .min = 1, .max = PASSWORD_MOST,
     .help = "New password, at least 10 characters."},
    {0},
};
static const shape me_gives = {
    {.name = "me", .type = FIELD_OBJECT, .help = "Who has signed in."},
    {0},
};
static const shape ticket_gives = {
    {.name = "ticket", .type = FIELD_TEXT, .help = "First frame of the live socket; single use, 30 seconds."},
    {0},
};

static struct reply refused(enum account_answer answer, const struct session_refusal *why)
{
    switch (answer) {
    case ACCOUNT_WRONG:
    case ACCOUNT_NOT_FOUND: return reply_problem(401, "wrong_credentials", "That is not right. Check what you typed.");
    case ACCOUNT_LOCKED:
        return (struct reply){.status = 429,
                              .problem = "locked",
                              .detail = "Too many wrong tries. Wait before the next one.",
                              .retry_after_s = why->wait_s};
    case ACCOUNT_TAKEN: return reply_problem(409, "name_taken", "A colleague has that sign-in name.");
    case ACCOUNT_WEAK:
        return reply_problem(422, "weak_password",
                             why->password != PASSWORD_OK ? password_sentence(why->password)
                                                          : "A sign-in name has no spaces.");
    case ACCOUNT_OK:
    case ACCOUNT_FAULT: break;
    }
    return reply_fault();
}

/* {"me": …} and the session's cookie. */
static struct reply welcome(struct request *rq, const struct session_grant *g)
{
    const struct account_room *room = rq->room;
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "me");
    jo_raw(&o, room->me_json != NULL ? room->me_json(room->arg, rq->arena, &g->actor) : STR_NONE);
    jo_close(&o);
    struct reply r = reply_json(&b);
    r.set_cookie = session_cookie(rq->arena, g->token);
    return r;
}

static struct reply post_sign_in(struct request *rq)
{
    struct session_grant g;
    struct session_refusal why = {0};
    enum account_answer answer =
        session_sign_in(rq->store, rq->arena, json_str(rq->body, "shop"), json_str(rq->body, "sign_in"),
                        json_str(rq->body, "password"), rq->now_ms, &g, &why);
    return answer == ACCOUNT_OK ? welcome(rq, &g) : refused(answer, &why);
}

static struct reply post_invitation(struct request *rq)
{
    struct session_grant g;
    struct session_refusal why = {0};
    enum account_answer answer =
        session_accept(rq->store, rq->arena, json_str(rq->body, "code"), json_str(rq->body, "sign_in"),
                       json_str(rq->body, "password"), rq->now_ms, &g, &why);
    return answer == ACCOUNT_OK ? welcome(rq, &g) : refused(answer, &why);
}

static void sessions_ended(const struct request *rq)
{
    const struct account_room *room = rq->room;
    if (room->sessions_ended != NULL)
        room->sessions_ended(room->arg, rq->actor->tenant_id, rq->actor->id);
}

static struct reply post_password(struct request *rq)
{
    struct session_grant g;
    struct session_refusal why = {0};
    enum account_answer answer =
        session_change_password(rq->store, rq->arena, rq->actor, json_str(rq->body, "old"), json_str(rq->body, "new"),
                                rq->now_ms, &g, &why);
    if (answer != ACCOUNT_OK)
        return refused(answer, &why);
    sessions_ended(rq);
    struct reply r = reply_status(204);
    r.set_cookie = session_cookie(rq->arena, g.token);
    return r;
}

static struct reply post_sign_out(struct request *rq)
{
    if (session_sign_out(rq->store, rq->actor, rq->now_ms) != ACCOUNT_OK)
        return reply_fault();
    sessions_ended(rq);
    struct reply r = reply_status(204);
    r.set_cookie = session_cookie_end();
    return r;
}

static struct reply post_ticket(struct request *rq)
{
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kt(&o, "ticket", ticket_new(rq->arena, rq->actor, rq->now_ms));
    jo_close(&o);
    return reply_json(&b);
}

const struct route account_routes[] = {
    {METHOD_POST, "/api/v1/widget/sessions", post_session, .body = session_body, .gives = session_gives,
     .tag = "Buyer", .help = "Opens a buyer's session: as a guest, or as the buyer whom the shop's token names."},
    {METHOD_POST, "/api/v1/auth/sign-in", post_sign_in, .body = sign_in_body, .gives = me_gives, .slow = true,
     .tag = "Sign-in", .help = "Signs a person of the shop in and sets the session cookie."},
    {METHOD_POST, "/api/v1/auth/invitation", post_invitation, .body = invitation_body, .gives = me_gives,
     .slow = true, .tag = "Sign-in", .help = "Takes a one-time invitation: chooses name and password, and signs in."},
    {METHOD_POST, "/api/v1/auth/password", post_password, .needs = ROLES_PEOPLE, .body = password_body, .slow = true,
     .tag = "Sign-in", .help = "Changes the own password and ends all other sessions."},
    {METHOD_POST, "/api/v1/auth/sign-out", post_sign_out, .needs = ROLES_PEOPLE, .tag = "Sign-in",
     .help = "Ends all sessions of the person."},
    {METHOD_POST, "/api/v1/auth/ticket", post_ticket, .needs = ROLES_PEOPLE, .gives = ticket_gives, .tag = "Sign-in",
     .help = "A ticket for the first frame of the live socket."},
};
const size_t account_route_count = COUNT(account_routes);
