/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A third person in a conversation.
 *
 * How          One shape for all: a unit of work loads the conversation and the guest's row, the rules of party.c say
 *              whether it may be, the row and what is said are stored, the screens hear of it after the commit.
 * Invariants   1. The conversation's handler never changes here.
 *              2. A guest's message is stored once a client_id, under the guest's own person id and shown name.
 */
#include "desk/party_service.h"

#include "account/contact.h"
#include "account/person.h"
#include "base/texts.h"

#define MINE_MOST 50

struct deed {
    struct arena arena;
    const struct actor *who;
    int64_t conversation_id, person_id, now_ms;
    struct change change;
    struct party row;
    bool has_row;
    bool told; /* something was said: screens hear of it */
    /* by deed */
    const struct party *wish;
    struct str client_id, text;
    int64_t seq;
};

static enum party_answer load(struct tx *tx, struct deed *d)
{
    d->change = (struct change){.arena = &d->arena, .tenant_id = d->who->tenant_id, .now_ms = d->now_ms};
    enum chat_answer answer = change_load(tx, &d->change, d->conversation_id);
    if (answer != CHAT_OK)
        return answer == CHAT_NOT_FOUND ? PARTY_NOT_FOUND : PARTY_FAULT;
    if (!desk_may_see(d->who, &d->change.conversation))
        return PARTY_NOT_FOUND;
    int found = party_get(tx, &d->arena, d->who->tenant_id, d->conversation_id, d->person_id, &d->row);
    d->has_row = found > 0;
    return found < 0 ? PARTY_FAULT : PARTY_OK;
}

static enum party_answer run(struct desk_room *room, struct deed *d, store_fn *fn)
{
    enum party_answer answer = (enum party_answer)store_write(room->store, fn, d);
    if (answer == PARTY_OK && d->told)
        live_publish(room->live, &d->change);
    arena_done(&d->arena);
    return answer;
}

static enum party_answer save(struct tx *tx, struct deed *d)
{
    if (party_put(tx, d->who->tenant_id, &d->row) < 0)
        return PARTY_FAULT;
    d->told = d->change.said.n > 0;
    if (!d->told)
        return PARTY_OK;
    return change_save(tx, &d->change) == CHAT_OK ? PARTY_OK : PARTY_FAULT;
}

static void say_line(struct deed *d, const char *event, const char *key, struct str name)
{
    struct text_value values[] = {{"name", name}, {"team", d->row.team}};
    struct str text = texts_get(d->change.conversation.language, key);
    (void)change_system(&d->change, event, texts_fill(&d->arena, text, values, COUNT(values)));
}

/* The name that the buyer sees: "周师傅 · 工坊". */
static struct str signed_as(struct deed *d, struct str name)
{
    return d->row.team.n > 0 ? str_fmt(&d->arena, "%.*s · %.*s", STR_ARG(name), STR_ARG(d->row.team)) : name;
}

/* ---- asking in -------------------------------------------------------------------------------------------------- */

static int count_present(struct tx *tx, struct deed *d, size_t *ret)
{
    struct party *rows;
    size_t n;
    if (party_list(tx, &d->arena, d->who->tenant_id, d->conversation_id, &rows, &n) < 0)
        return STORE_FAULT;
    *ret = 0;
    for (size_t i = 0; i < n; i++)
        *ret += rows[i].left_ms == 0 && rows[i].person_id != d->person_id;
    return STORE_OK;
}

static void tell_colleagues(struct deed *d, const struct person *guest)
{
    struct text_value values[] = {{"name", guest->name}, {"team", d->row.team}, {"note", d->row.note}};
    struct str text = texts_get(d->who->language, d->row.note.n > 0 ? "desk.party.invited_note" : "desk.party.invited");
    (void)change_say(&d->change, (struct message){.author = AUTHOR_AGENT, .author_id = d->who->id,
                                                  .author_name = d->who->name, .kind = MESSAGE_NOTE,
                                                  .text = texts_fill(&d->arena, text, values, COUNT(values))});
}

static int invite(struct tx *tx, void *arg)
{
    struct deed *d = arg;
    struct person guest;
    size_t present;
    enum party_answer answer = load(tx, d);
    if (answer != PARTY_OK)
        return answer;
    enum account_answer found = person_get(tx, &d->arena, d->who->tenant_id, d->person_id, &guest);
    if (found == ACCOUNT_FAULT || count_present(tx, d, &present) < 0)
        return PARTY_FAULT;
    answer = party_may_invite(d->who, &d->change.conversation, d->person_id,
                              found == ACCOUNT_OK ? roles_from_json(guest.roles) : 0, present);
    if (answer != PARTY_OK)
        return answer;
    bool again = d->has_row && d->row.left_ms == 0;
    int64_t joined_ms = again ? d->row.joined_ms : 0;
    d->row = *d->wish;
    d->row.invited_by = d->who->id;
    d->row.invited_ms = d->now_ms;
    d->row.joined_ms = joined_ms;
    d->row.left_ms = 0;
    tell_colleagues(d, &guest);
    return save(tx, d);
}

enum party_answer party_invite(struct desk_room *room, const struct actor *who, const struct party *wish, int64_t now_ms)
{
    struct deed d = {.who = who, .conversation_id = wish->conversation_id, .person_id = wish->person_id, .wish = wish,
                     .now_ms = now_ms};
    return run(room, &d, invite);
}

/* ---- coming, speaking, going -------------------------------------------------------------------------------------- */

static int join(struct tx *tx, void *arg)
{
    struct deed *d = arg;
    enum party_answer answer = load(tx, d);
    if (answer == PARTY_OK)
        answer = party_may_join(&d->change.conversation, d->has_row ? &d->row : NULL);
    if (answer != PARTY_OK || d->row.joined_ms != 0)
        return answer;
    d->row.joined_ms = d->now_ms;
    say_line(d, "joined", d->row.team.n > 0 ? "desk.party.joined_team" : "desk.party.joined", d->who->name);
    return save(tx, d);
}

enum party_answer party_join(struct desk_room *room, const struct actor *who, int64_t conversation_id, int64_t now_ms)
{
    struct deed d = {.who = who, .conversation_id = conversation_id, .person_id = who->id, .now_ms = now_ms};
    return run(room, &d, join);
}

static int leave(struct tx *tx, void *arg)
{
    struct deed *d = arg;
    struct person guest;
    enum party_answer answer = load(tx, d);
    if (answer == PARTY_OK)
        answer = party_may_end(d->who, &d->change.conversation, d->has_row ? &d->row : NULL);
    if (answer != PARTY_OK)
        return answer;
    if (person_get(tx, &d->arena, d->who->tenant_id, d->person_id, &guest) != ACCOUNT_OK)
        return PARTY_FAULT;
    d->row.left_ms = d->now_ms;
    if (d->row.joined_ms != 0 && d->change.conversation.handler != HANDLER_CLOSED)
        say_line(d, "left", "desk.party.left", person_shown_name(&guest));
    return save(tx, d);
}

enum party_answer party_leave(struct desk_room *room, const struct actor *who, int64_t conversation_id,
                              int64_t person_id, int64_t now_ms)
{
    struct deed d = {.who = who, .conversation_id = conversation_id, .person_id = person_id, .now_ms = now_ms};
    return run(room, &d, leave);
}

static int say(struct tx *tx, void *arg)
{
    struct deed *d = arg;
    struct message stored;
    enum party_answer answer = load(tx, d);
    if (answer != PARTY_OK)
        return answer;
    enum chat_answer there = message_by_client(tx, &d->arena, d->who->tenant_id, d->conversation_id, d->who->id,
                                               d->client_id, &stored);
    if (there == CHAT_FAULT)
        return PARTY_FAULT;
    if (there == CHAT_OK) {
        d->seq = stored.seq;
        return str_eq(stored.text, d->text) ? PARTY_OK : PARTY_CONFLICT;
    }
    answer = party_may_say(&d->change.conversation, d->has_row ? &d->row : NULL);
    if (answer != PARTY_OK)
        return answer;
    d->seq = change_say(&d->change, (struct message){.author = AUTHOR_AGENT, .author_id = d->who->id,
                                                     .author_name = signed_as(d, d->who->name), .kind = MESSAGE_TEXT,
                                                     .text = d->text, .client_id = d->client_id})
                 ->seq;
    d->told = true;
    return change_save(tx, &d->change) == CHAT_OK ? PARTY_OK : PARTY_FAULT;
}

enum party_answer party_say(struct desk_room *room, const struct actor *who, int64_t conversation_id,
                            struct str client_id, struct str text, int64_t now_ms, int64_t *ret_seq)
{
    struct deed d = {.who = who, .conversation_id = conversation_id, .person_id = who->id, .client_id = client_id,
                     .text = text, .now_ms = now_ms};
    enum party_answer answer = run(room, &d, say);
    if (answer == PARTY_OK)
        *ret_seq = d.seq;
    return answer;
}

/* ---- looking ---------------------------------------------------------------------------------------------------- */

struct looking {
    struct arena *a;
    const struct actor *who;
    int64_t conversation_id;
    struct party_shown *list;
    size_t n;
};

static int name_of(struct tx *tx, struct looking *w, int64_t person_id, struct str *ret)
{
    struct person p;
    enum account_answer answer = person_get(tx, w->a, w->who->tenant_id, person_id, &p);
    if (answer == ACCOUNT_OK)
        *ret = person_shown_name(&p);
    return answer == ACCOUNT_FAULT ? STORE_FAULT : STORE_OK;
}

static int show(struct tx *tx, struct looking *w, const struct party *rows, size_t n)
{
    w->list = arena_array(w->a, struct party_shown, n);
    w->n = n;
    for (size_t i = 0; i < n; i++) {
        struct conversation c;
        struct contact contact;
        w->list[i] = (struct party_shown){.party = rows[i]};
        if (name_of(tx, w, rows[i].person_id, &w->list[i].name) < 0 ||
            name_of(tx, w, rows[i].invited_by, &w->list[i].invited_by_name) < 0 ||
            conversation_get(tx, w->a, w->who->tenant_id, rows[i].conversation_id, &c) != CHAT_OK ||
            contact_get(tx, w->a, w->who->tenant_id, c.contact_id, &contact) != ACCOUNT_OK)
            return PARTY_FAULT;
        w->list[i].contact_name = contact.name;
    }
    return PARTY_OK;
}

static int look(struct tx *tx, void *arg)
{
    struct looking *w = arg;
    struct conversation c;
    struct party *rows;
    size_t n;
    enum chat_answer answer = conversation_get(tx, w->a, w->who->tenant_id, w->conversation_id, &c);
    if (answer != CHAT_OK)
        return answer == CHAT_NOT_FOUND ? PARTY_NOT_FOUND : PARTY_FAULT;
    if (!desk_may_see(w->who, &c))
        return PARTY_NOT_FOUND;
    return party_list(tx, w->a, w->who->tenant_id, w->conversation_id, &rows, &n) < 0 ? PARTY_FAULT
                                                                                      : show(tx, w, rows, n);
}

enum party_answer party_all(struct desk_room *room, struct arena *a, const struct actor *who, int64_t conversation_id,
                            struct party_shown **ret, size_t *ret_n)
{
    struct looking w = {.a = a, .who = who, .conversation_id = conversation_id};
    enum party_answer answer = (enum party_answer)store_read(room->store, look, &w);
    *ret = w.list;
    *ret_n = w.n;
    return answer;
}

static int look_for_mine(struct tx *tx, void *arg)
{
    struct looking *w = arg;
    struct party *rows;
    size_t n;
    return party_list_of(tx, w->a, w->who->tenant_id, w->who->id, MINE_MOST, &rows, &n) < 0 ? PARTY_FAULT
                                                                                            : show(tx, w, rows, n);
}

enum party_answer party_mine(struct desk_room *room, struct arena *a, const struct actor *who, struct party_shown **ret,
                             size_t *ret_n)
{
    struct looking w = {.a = a, .who = who};
    enum party_answer answer = (enum party_answer)store_read(room->store, look_for_mine, &w);
    *ret = w.list;
    *ret_n = w.n;
    return answer;
}
