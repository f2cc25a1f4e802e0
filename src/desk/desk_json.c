/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing what the desk's screens read. Each document is read in one store_read(), so that its parts agree.
 */
#include "desk/desk_json.h"

#include "account/contact.h"
#include "account/person.h"
#include "account/shop.h"
#include "bot/intent.h"
#include "desk/desk_store.h"
#include "trade/card.h"
#include "trade/order_store.h"

/* ---- rows ------------------------------------------------------------------------------------------------- */

/* Since when somebody waits for a person: unanswered by an agent, or in the queue. */
static int64_t waiting_since(const struct inbox_row *r)
{
    if (str_eq_c(r->handler, "agent"))
        return r->waiting_ms;
    return str_eq_c(r->handler, "queue") ? r->queued_ms : 0;
}

static void write_named(struct json_out *o, const char *key, int64_t id, struct str name)
{
    jo_key(o, key);
    if (id == 0) {
        jo_null(o);
        return;
    }
    jo_open(o);
    jo_kid(o, "id", id);
    jo_kt(o, "name", name);
    jo_close(o);
}

void desk_write_item(struct json_out *o, const struct inbox_row *r, struct str language)
{
    jo_open(o);
    jo_kid(o, "id", r->id);
    jo_kn(o, "seq", r->seq);
    jo_kt(o, "handler", r->handler);
    write_named(o, "agent", r->agent_id, r->agent_name);
    jo_kt(o, "group", r->group);
    write_named(o, "contact", r->contact_id, r->contact_name);
    jo_kt(o, "channel", r->channel);
    jo_kt(o, "language", r->language);
    jo_kt(o, "topic", r->topic.n > 0 ? intent_name(language, r->topic) : STR_NONE);
    jo_key(o, "last");
    jo_open(o);
    jo_kt(o, "author", r->last_author);
    jo_kt(o, "text", r->last_text);
    jo_kat(o, "at", r->last_ms != 0 ? r->last_ms : r->opened_ms);
    jo_close(o);
    jo_kn(o, "unread", r->unread);
    jo_kat(o, "waiting_since", waiting_since(r));
    jo_kat(o, "opened_at", r->opened_ms);
    jo_kat(o, "queued_at", r->queued_ms);
    jo_kat(o, "closed_at", r->closed_ms);
    jo_kb(o, "needs_person", r->needs_person);
    jo_key(o, "rating");
    if (r->stars > 0)
        jo_num(o, r->stars);
    else
        jo_null(o);
    jo_close(o);
}

struct item {
    struct arena *arena;
    int64_t tenant_id, conversation_id;
    struct inbox_row row;
    int found;
};

static int read_item(struct tx *tx, void *arg)
{
    struct item *w = arg;
    w->found = inbox_get(tx, w->arena, w->tenant_id, w->conversation_id, &w->row);
    return w->found < 0 ? STORE_FAULT : STORE_OK;
}

struct str desk_inbox_item(void *room, struct arena *a, int64_t tenant_id, int64_t conversation_id)
{
    const struct desk_room *r = room;
    struct shop shop;
    struct item w = {.arena = a, .tenant_id = tenant_id, .conversation_id = conversation_id};
    if (shop_of(r->store, a, tenant_id, &shop) != ACCOUNT_OK || store_read(r->store, read_item, &w) < 0 || w.found == 0)
        return STR_NONE;
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    desk_write_item(&o, &w.row, shop.language);
    return buf_view(&b);
}

/* ---- me --------------------------------------------------------------------------------------------------- */

struct me {
    struct arena *arena;
    const struct actor *who;
    struct shop shop;
    struct person person;
    struct person_skill *skills;
    size_t skill_count;
    int64_t load, waiting;
};

static int read_me(struct tx *tx, void *arg)
{
    struct me *w = arg;
    int64_t tenant = w->who->tenant_id;
    if (shop_get(tx, w->arena, tenant, &w->shop) != ACCOUNT_OK ||
        person_get(tx, w->arena, tenant, w->who->id, &w->person) != ACCOUNT_OK ||
        person_skills(tx, w->arena, tenant, w->who->id, &w->skills, &w->skill_count) != ACCOUNT_OK)
        return STORE_FAULT;
    w->load = desk_load(tx, tenant, w->who->id);
    w->waiting = desk_waiting_count(tx, tenant);
    return w->load < 0 || w->waiting < 0 ? STORE_FAULT : STORE_OK;
}

static void write_me_shop(struct json_out *o, const struct me *w)
{
    jo_key(o, "shop");
    jo_open(o);
    jo_kt(o, "id", w->shop.shop_id);
    jo_kt(o, "name", w->shop.name);
    jo_kt(o, "language", w->shop.language);
    jo_kt(o, "currency", w->shop.currency);
    jo_kt(o, "time_zone", w->shop.time_zone);
    jo_kt(o, "theme", shop_setting(w->arena, &w->shop, "theme"));
    jo_kt(o, "hours", shop_hours_text(w->arena, &w->shop, w->shop.language));
    jo_close(o);
}

struct str desk_me_json(void *room, struct arena *a, const struct actor *who)
{
    const struct desk_room *r = room;
    struct me w = {.arena = a, .who = who};
    if (store_read(r->store, read_me, &w) < 0)
        return STR_NONE;
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kid(&o, "id", w.person.id);
    jo_kt(&o, "name", w.person.name);
    jo_kt(&o, "alias", w.person.alias);
    jo_key(&o, "roles");
    jo_raw(&o, w.person.roles);
    jo_kt(&o, "status", w.person.status);
    jo_kn(&o, "load", w.load);
    jo_kn(&o, "cap", w.person.concurrency);
    jo_kn(&o, "queue_length", w.waiting);
    jo_kb(&o, "must_change_password", w.person.must_change);
    write_me_shop(&o, &w);
    jo_key(&o, "skills");
    jo_array(&o);
    for (size_t i = 0; i < w.skill_count; i++) {
        jo_open(&o);
        jo_kt(&o, "skill", w.skills[i].skill);
        jo_kn(&o, "level", w.skills[i].level);
        jo_close(&o);
    }
    jo_array_end(&o);
    jo_key(&o, "languages");
    jo_raw(&o, w.person.languages);
    jo_close(&o);
    return buf_view(&b);
}

/* ---- one conversation ------------------------------------------------------------------------------------- */

struct detail {
    struct desk_room *room;
    struct arena *arena;
    const struct actor *who;
    int64_t conversation_id;
    struct conversation conversation;
    struct contact contact;
    struct inbox_row row, *previous;
    struct inbox_reason *reasons;
    size_t previous_count, reason_count;
    int64_t orders;
    struct str page, entry_order, entry_product;
    const struct catalog *catalog; /* held, when the entry names a product */
};

static int read_entry(struct tx *tx, struct detail *w)
{
    _cleanup_(json_donep) json_t *entry = json_read(w->conversation.entry, NULL);
    w->page = str_dup(w->arena, json_str(entry, "page"));
    w->entry_order = str_dup(w->arena, json_str(entry, "order"));
    w->entry_product = str_dup(w->arena, json_str(entry, "product"));
    if (w->entry_product.n == 0 || w->room->catalogs == NULL)
        return CHAT_OK;
    w->catalog = catalog_hold(w->room->catalogs, tx, w->who->tenant_id);
    return w->catalog != NULL ? CHAT_OK : CHAT_FAULT;
}

static int read_detail(struct tx *tx, void *arg)
{
    struct detail *w = arg;
    struct conversation *c = &w->conversation;
    int64_t tenant = w->who->tenant_id;
    enum chat_answer answer = conversation_get(tx, w->arena, tenant, w->conversation_id, c);
    if (answer != CHAT_OK)
        return answer;
    if (!desk_may_see(w->who, c))
        return CHAT_NOT_FOUND;
    if (inbox_get(tx, w->arena, tenant, c->id, &w->row) <= 0 ||
        contact_get(tx, w->arena, tenant, c->contact_id, &w->contact) != ACCOUNT_OK ||
        inbox_reasons(tx, w->arena, tenant, c->id, &w->reasons, &w->reason_count) < 0 ||
        inbox_previous(tx, w->arena, tenant, c->contact_id, c->id, &w->previous, &w->previous_count) < 0)
        return CHAT_FAULT;
    if (w->contact.buyer.n > 0)
        w->orders = order_count(tx, tenant, w->contact.buyer);
    return w->orders < 0 ? CHAT_FAULT : read_entry(tx, w);
}

static void write_contact(struct json_out *o, const struct detail *w)
{
    jo_key(o, "contact");
    jo_open(o);
    jo_kid(o, "id", w->contact.id);
    jo_kt(o, "name", w->contact.name);
    jo_kt(o, "buyer", w->contact.buyer);
    jo_kb(o, "guest", w->contact.buyer.n == 0);
    jo_kt(o, "language", w->contact.language);
    jo_kn(o, "orders", w->orders);
    jo_kat(o, "first_seen", w->contact.first_ms);
    jo_close(o);
}

static void write_entry(struct json_out *o, const struct detail *w)
{
    const struct product *p = w->catalog != NULL ? catalog_product(w->catalog, w->entry_product) : NULL;
    jo_key(o, "entry");
    jo_open(o);
    jo_kt(o, "page", w->page);
    jo_key(o, "product");
    if (p != NULL)
        card_product(o, p, w->catalog);
    else
        jo_null(o);
    jo_key(o, "order_id");
    if (w->entry_order.n > 0)
        jo_text(o, w->entry_order);
    else
        jo_null(o);
    jo_close(o);
}

static void write_copilot(struct json_out *o, const struct detail *w)
{
    if (w->room->copilot != NULL) {
        w->room->copilot(w->room->copilot_arg, w->arena, &w->conversation, o);
        return;
    }
    jo_kt(o, "summary", STR_NONE);
    jo_kc(o, "understanding", NULL);
    jo_key(o, "suggestions");
    jo_array(o);
    jo_array_end(o);
}

static void write_history(struct json_out *o, const struct detail *w)
{
    jo_key(o, "reasons");
    jo_array(o);
    for (size_t i = 0; i < w->reason_count; i++) {
        jo_open(o);
        jo_kat(o, "at", w->reasons[i].at_ms);
        jo_kt(o, "kind", w->reasons[i].kind);
        jo_kt(o, "text", w->reasons[i].text);
        jo_close(o);
    }
    jo_array_end(o);
    jo_key(o, "previous");
    jo_array(o);
    for (size_t i = 0; i < w->previous_count; i++) {
        const struct inbox_row *r = &w->previous[i];
        jo_open(o);
        jo_kid(o, "id", r->id);
        jo_kat(o, "opened_at", r->opened_ms);
        jo_kat(o, "closed_at", r->closed_ms);
        jo_kt(o, "category", r->group);
        jo_kt(o, "topic", r->topic.n > 0 ? intent_name(w->who->language, r->topic) : STR_NONE);
        jo_close(o);
    }
    jo_array_end(o);
}

enum chat_answer desk_detail_json(struct desk_room *room, struct arena *a, const struct actor *who,
                                  int64_t conversation_id, struct str *ret)
{
    struct detail w = {.room = room, .arena = a, .who = who, .conversation_id = conversation_id};
    enum chat_answer answer = (enum chat_answer)store_read(room->store, read_detail, &w);
    if (answer == CHAT_OK) {
        struct buf b = {.arena = a};
        struct json_out o = json_to(&b);
        jo_open(&o);
        jo_key(&o, "item");
        desk_write_item(&o, &w.row, who->language);
        write_contact(&o, &w);
        write_entry(&o, &w);
        write_copilot(&o, &w);
        write_history(&o, &w);
        jo_close(&o);
        *ret = buf_view(&b);
    }
    if (w.catalog != NULL)
        catalog_release(room->catalogs, w.catalog);
    return answer;
}

/* ---- people and groups ------------------------------------------------------------------------------------ */

struct roster {
    struct arena *arena;
    int64_t tenant_id;
    struct buf *out; /* written while reading: people are many, and nothing else is kept of them */
};

static int write_colleague(struct tx *tx, struct roster *w, struct json_out *o, const struct person *p)
{
    struct person_skill *skills;
    size_t n;
    int64_t load = desk_load(tx, w->tenant_id, p->id);
    if (load < 0 || person_skills(tx, w->arena, w->tenant_id, p->id, &skills, &n) != ACCOUNT_OK)
        return STORE_FAULT;
    jo_open(o);
    jo_kid(o, "id", p->id);
    jo_kt(o, "name", p->name);
    jo_kt(o, "alias", p->alias);
    jo_kt(o, "status", p->gone_ms == 0 ? p->status : STR("offline"));
    jo_kn(o, "load", load);
    jo_kn(o, "cap", p->concurrency);
    jo_key(o, "skills");
    jo_array(o);
    for (size_t i = 0; i < n; i++)
        jo_text(o, skills[i].skill);
    jo_array_end(o);
    jo_close(o);
    return STORE_OK;
}

static int write_people(struct tx *tx, void *arg)
{
    struct roster *w = arg;
    struct person *people;
    size_t n;
    if (person_list(tx, w->arena, w->tenant_id, &people, &n) != ACCOUNT_OK)
        return STORE_FAULT;
    struct json_out o = json_to(w->out);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < n; i++) {
        if ((roles_from_json(people[i].roles) & ROLES_DESK) != 0 && write_colleague(tx, w, &o, &people[i]) < 0)
            return STORE_FAULT;
    }
    jo_array_end(&o);
    jo_close(&o);
    return STORE_OK;
}

struct str desk_people_json(struct desk_room *room, struct arena *a, int64_t tenant_id)
{
    struct buf b = {.arena = a};
    struct roster w = {.arena = a, .tenant_id = tenant_id, .out = &b};
    return store_read(room->store, write_people, &w) < 0 ? STR_NONE : buf_view(&b);
}

static int write_groups(struct tx *tx, void *arg)
{
    struct roster *w = arg;
    struct desk_group *groups;
    size_t n;
    if (desk_groups(tx, w->arena, w->tenant_id, &groups, &n) < 0)
        return STORE_FAULT;
    struct json_out o = json_to(w->out);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < n; i++) {
        jo_open(&o);
        jo_kt(&o, "skill", groups[i].skill);
        jo_kn(&o, "online", groups[i].facts.online);
        jo_kn(&o, "waiting", groups[i].waiting);
        jo_close(&o);
    }
    jo_array_end(&o);
    jo_close(&o);
    return STORE_OK;
}

struct str desk_groups_json(struct desk_room *room, struct arena *a, int64_t tenant_id)
{
    struct buf b = {.arena = a};
    struct roster w = {.arena = a, .tenant_id = tenant_id, .out = &b};
    return store_read(room->store, write_groups, &w) < 0 ? STR_NONE : buf_view(&b);
}
