/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handling: a person takes a conversation, hands it on, closes it.
 *
 * How          One shape for all three: a unit of work loads the conversation and checks who asks, one function says
 *              what changes, the change is stored, and after the commit the screens, the people concerned and routing
 *              hear of it.
 * Invariants   Caps are checked inside the unit that assigns; units run one after the other, so two people who take the
 *              last place at once cannot both have it.
 */
#include "desk/desk_service.h"

#include "account/contact.h"
#include "account/person.h"
#include "base/texts.h"
#include "desk/desk_store.h"

/** What was asked, and what it changed. */
struct deed {
    struct arena arena;
    const struct actor *who;
    int64_t conversation_id, now_ms;
    struct change change;
    /* by deed */
    const struct transfer *transfer;
    enum transfer_answer transfer_answer;
    struct str category, note;
};

bool desk_may_see(const struct actor *who, const struct conversation *c)
{
    if (who->tenant_id != c->tenant_id || (who->roles & ROLES_PEOPLE) == 0)
        return false;
    /* Somebody who is crowd and nothing else sees only what they have. */
    bool only_crowd = (who->roles & ROLES_PEOPLE & ~(uint32_t)ROLE_CROWD) == 0;
    return !only_crowd || (c->handler == HANDLER_AGENT && c->agent_id == who->id);
}

bool desk_may_handle(const struct actor *who, const struct conversation *c)
{
    if ((who->roles & (ROLE_LEADER | ROLE_OWNER)) != 0)
        return true;
    return c->handler == HANDLER_AGENT && c->agent_id == who->id;
}

static enum chat_answer load(struct tx *tx, struct deed *d)
{
    d->change = (struct change){.arena = &d->arena, .tenant_id = d->who->tenant_id, .now_ms = d->now_ms};
    enum chat_answer answer = change_load(tx, &d->change, d->conversation_id);
    if (answer == CHAT_OK && !desk_may_see(d->who, &d->change.conversation))
        return CHAT_NOT_FOUND;
    return answer;
}

/* Tells screens and people of a committed deed, and lets routing fill the places that came free. */
static void after(struct desk_room *room, const struct deed *d)
{
    const struct conversation *c = &d->change.conversation;
    live_publish(room->live, &d->change);
    if (d->change.agent_before != 0)
        desk_tell_person(room, c->tenant_id, d->change.agent_before);
    if (c->agent_id != 0 && c->agent_id != d->change.agent_before)
        desk_tell_person(room, c->tenant_id, c->agent_id);
    desk_route_soon(room, c->tenant_id, d->now_ms);
}

static void say_note(struct deed *d, struct str text)
{
    if (text.n > 0)
        (void)change_say(&d->change, (struct message){.author = AUTHOR_AGENT,
                                                      .author_id = d->who->id,
                                                      .author_name = d->who->name,
                                                      .kind = MESSAGE_NOTE,
                                                      .text = text});
}

static void say_system(struct deed *d, const char *event, const char *key, struct str name)
{
    struct text_value value = {"name", name};
    struct str text = texts_get(d->change.conversation.language, key);
    (void)change_system(&d->change, event, texts_fill(&d->arena, text, &value, 1));
}

/* The conversation goes to a person: assigned, remembered as who served. */
static enum chat_answer give(struct tx *tx, struct deed *d, int64_t person_id)
{
    struct conversation *c = &d->change.conversation;
    if (c->handler == HANDLER_QUEUE && c->waiting_ms == 0)
        c->waiting_ms = c->queued_ms; /* as in route_service.c */
    if (conversation_step(c, HANDLER_ASSIGN, person_id, STR_NONE, d->now_ms) != HANDLER_OK)
        return CHAT_CLOSED;
    return contact_served(tx, c->tenant_id, c->contact_id, person_id, d->now_ms) == ACCOUNT_OK ? CHAT_OK : CHAT_FAULT;
}

static struct str by_person(struct deed *d)
{
    return str_fmt(&d->arena, "{\"by\":\"%lld\"}", (long long)d->who->id);
}

/* ---- take ------------------------------------------------------------------------------------------------- */

static enum chat_answer may_take(struct tx *tx, struct deed *d)
{
    const struct conversation *c = &d->change.conversation;
    struct person p;
    if (c->handler == HANDLER_CLOSED)
        return CHAT_CLOSED;
    if (c->handler == HANDLER_AGENT)
        return CHAT_NOT_ALLOWED;
    int64_t load = desk_load(tx, c->tenant_id, d->who->id);
    if (load < 0 || person_get(tx, &d->arena, c->tenant_id, d->who->id, &p) != ACCOUNT_OK)
        return CHAT_FAULT;
    return load < p.concurrency ? CHAT_OK : CHAT_LIMIT;
}

static int take(struct tx *tx, void *arg)
{
    struct deed *d = arg;
    enum chat_answer answer = load(tx, d);
    if (answer != CHAT_OK)
        return answer;
    const struct conversation *c = &d->change.conversation;
    if (c->handler == HANDLER_AGENT && c->agent_id == d->who->id)
        return CHAT_DUPLICATE;
    enum handler from = c->handler;
    answer = may_take(tx, d);
    if (answer == CHAT_OK)
        answer = give(tx, d, d->who->id);
    if (answer == CHAT_OK && desk_person_acted(tx, c->tenant_id, d->who->id, d->now_ms) < 0)
        answer = CHAT_FAULT;
    if (answer != CHAT_OK)
        return answer;
    say_system(d, "assigned", "desk.assigned", d->who->name);
    change_why(&d->change, "take", str_fmt(&d->arena, "{\"from\":\"%s\"}", handler_name(from)), by_person(d),
               texts_get(d->who->language, from == HANDLER_BOT ? "desk.why.took_over" : "desk.why.took"));
    return change_save(tx, &d->change);
}

enum chat_answer desk_take(struct desk_room *room, const struct actor *who, int64_t conversation_id, int64_t now_ms)
{
    struct deed d = {.who = who, .conversation_id = conversation_id, .now_ms = now_ms};
    enum chat_answer answer = (enum chat_answer)store_write(room->store, take, &d);
    if (answer == CHAT_OK)
        after(room, &d);
    arena_done(&d.arena);
    return answer == CHAT_DUPLICATE ? CHAT_OK : answer;
}

/* ---- transfer --------------------------------------------------------------------------------------------- */

static enum transfer_answer to_person(struct tx *tx, struct deed *d)
{
    struct person p;
    const struct conversation *c = &d->change.conversation;
    enum account_answer found = person_get(tx, &d->arena, c->tenant_id, d->transfer->to_person, &p);
    if (found == ACCOUNT_FAULT)
        return TRANSFER_FAULT;
    if (found != ACCOUNT_OK || (roles_from_json(p.roles) & ROLES_DESK) == 0 || p.id == c->agent_id)
        return TRANSFER_NO_PERSON;
    if (!str_eq_c(p.status, "online") || p.gone_ms != 0)
        return TRANSFER_AWAY;
    int64_t load = desk_load(tx, c->tenant_id, p.id);
    if (load < 0)
        return TRANSFER_FAULT;
    if (load >= p.concurrency)
        return TRANSFER_FULL;
    if (give(tx, d, p.id) != CHAT_OK)
        return TRANSFER_FAULT;
    say_system(d, "transferred", "desk.transferred", person_shown_name(&p));
    return TRANSFER_OK;
}

static enum transfer_answer to_group(struct tx *tx, struct deed *d)
{
    struct desk_group *groups;
    size_t n;
    struct conversation *c = &d->change.conversation;
    if (desk_groups(tx, &d->arena, c->tenant_id, &groups, &n) < 0)
        return TRANSFER_FAULT;
    bool there = false;
    for (size_t i = 0; i < n; i++)
        there = there || (groups[i].facts.roster > 0 && str_eq(groups[i].skill, d->transfer->to_group));
    if (!there)
        return TRANSFER_NO_GROUP;
    enum handler_event event = c->handler == HANDLER_BOT ? HANDLER_WANTS_PERSON : HANDLER_RETURN;
    if (conversation_step(c, event, 0, d->transfer->to_group, d->now_ms) != HANDLER_OK)
        return TRANSFER_NOT_YOURS;
    say_system(d, "transferred", "desk.transferred_group", STR_NONE);
    return TRANSFER_OK;
}

static int transfer(struct tx *tx, void *arg)
{
    struct deed *d = arg;
    enum chat_answer answer = load(tx, d);
    d->transfer_answer = answer == CHAT_NOT_FOUND ? TRANSFER_NOT_FOUND : TRANSFER_FAULT;
    if (answer != CHAT_OK)
        return d->transfer_answer;
    const struct conversation *c = &d->change.conversation;
    int64_t giver = c->agent_id;
    d->transfer_answer = TRANSFER_NOT_YOURS;
    if (!desk_may_handle(d->who, c) || c->handler == HANDLER_CLOSED)
        return d->transfer_answer;

    say_note(d, d->transfer->note);
    d->transfer_answer = d->transfer->to_person != 0 ? to_person(tx, d) : to_group(tx, d);
    if (d->transfer_answer != TRANSFER_OK)
        return d->transfer_answer;
    change_why(&d->change, "transfer", by_person(d),
               str_fmt(&d->arena, "{\"to\":\"%lld\"}", (long long)d->transfer->to_person),
               texts_get(d->who->language, "desk.why.transferred"));
    bool stored = change_save(tx, &d->change) == CHAT_OK &&
                  (giver == 0 || person_set_free(tx, c->tenant_id, giver, d->now_ms) == ACCOUNT_OK);
    if (!stored)
        d->transfer_answer = TRANSFER_FAULT;
    return d->transfer_answer;
}

enum transfer_answer desk_transfer(struct desk_room *room, const struct actor *who, int64_t conversation_id,
                                   const struct transfer *t, int64_t now_ms)
{
    struct deed d = {.who = who, .conversation_id = conversation_id, .now_ms = now_ms, .transfer = t};
    int stored = store_write(room->store, transfer, &d);
    enum transfer_answer answer = stored < 0 ? TRANSFER_FAULT : d.transfer_answer;
    if (answer == TRANSFER_OK)
        after(room, &d);
    arena_done(&d.arena);
    return answer;
}

/* ---- resolve ---------------------------------------------------------------------------------------------- */

static int resolve(struct tx *tx, void *arg)
{
    struct deed *d = arg;
    enum chat_answer answer = load(tx, d);
    if (answer != CHAT_OK)
        return answer;
    struct conversation *c = &d->change.conversation;
    int64_t served = c->agent_id;
    if (c->handler == HANDLER_CLOSED)
        return CHAT_CLOSED;
    if (!desk_may_handle(d->who, c))
        return CHAT_NOT_ALLOWED;

    say_note(d, d->note);
    say_system(d, "closed", "desk.closed", STR_NONE);
    (void)change_say(&d->change, (struct message){.author = AUTHOR_SYSTEM,
                                                  .kind = MESSAGE_RATING_REQUEST,
                                                  .text = texts_get(c->language, "desk.rate")});
    if (conversation_step(c, HANDLER_CLOSE, 0, STR_NONE, d->now_ms) != HANDLER_OK)
        return CHAT_CLOSED;
    c->category = d->category;
    answer = change_save(tx, &d->change);
    if (answer == CHAT_OK && served != 0 &&
        (contact_served(tx, c->tenant_id, c->contact_id, served, d->now_ms) != ACCOUNT_OK ||
         person_set_free(tx, c->tenant_id, served, d->now_ms) != ACCOUNT_OK))
        return CHAT_FAULT;
    return answer;
}

enum chat_answer desk_resolve(struct desk_room *room, const struct actor *who, int64_t conversation_id,
                              struct str category, struct str note, int64_t now_ms)
{
    struct deed d = {.who = who, .conversation_id = conversation_id, .now_ms = now_ms, .category = category,
                     .note = note};
    enum chat_answer answer = (enum chat_answer)store_write(room->store, resolve, &d);
    if (answer == CHAT_OK)
        after(room, &d);
    arena_done(&d.arena);
    return answer;
}
