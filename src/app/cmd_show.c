/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xiaoer show KIND ID: one stored object as JSON, in the import shape, with what has become of it since (its live fields).
 *
 * Runs on the machine of the data folder by who owns it, so nothing is masked here.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "account/contact.h"
#include "account/person.h"
#include "account/shop.h"
#include "app/commands.h"
#include "app/show_store.h"
#include "base/id.h"
#include "base/seal.h"
#include "base/time.h"
#include "chat/conversation_store.h"
#include "trade/case_card.h"
#include "trade/ledger_store.h"
#include "trade/order_store.h"
#include "trade/product_store.h"
#include "trade/rules.h"

/** Messages of a conversation that are shown. */
#define SHOWN_MESSAGES 1000

static const struct cli_option options[] = {
    {"shop", "S", "the shop, when the id exists in several"},
    {0},
};

/** What is looked for, and what was found, in one snapshot of the store. */
struct showing {
    const char *id;
    struct arena arena;
    struct buf out;
    const struct show_kind *kind;
    const char *shop; /* NULL: any */
    size_t found;     /* shops that have it */
};

/** One KIND: writes the object of a tenant. 1: written; 0: not there; STORE_FAULT. */
struct show_kind {
    const char *name;
    int (*write)(struct tx *tx, struct showing *s, int64_t tenant_id);
};

/** Members of the stored import shape, without the braces. */
static void write_members(struct json_out *o, json_t *body)
{
    for (void *it = json_object_iter(body); it != NULL; it = json_object_iter_next(body, it)) {
        jo_key_text(o, str_from(json_object_iter_key(it)));
        jo_json(o, json_object_iter_value(it));
    }
}

/* ---- kinds ---------------------------------------------------------------------------------------------------------- */

static int write_order_live(struct tx *tx, struct showing *s, int64_t tenant_id, struct json_out *o, const json_t *body)
{
    struct order order;
    struct case_row_stored *cases;
    size_t n;
    int64_t refunded;
    order_read(&s->arena, body, &order);
    if (case_list_of_order(tx, &s->arena, tenant_id, order.id, &cases, &n) < 0 ||
        ledger_refunded(tx, tenant_id, order.id, &refunded) < 0)
        return STORE_FAULT;
    struct order_clocks clocks = rules_clocks(tx, &s->arena, tenant_id, order.created_ms);
    struct order_trouble trouble = order_trouble(&order, &clocks, clock_now_ms());
    jo_kn(o, "total_cents", order_total_cents(&order));
    jo_kc(o, "trouble", order_trouble_name(trouble.kind));
    jo_kn(o, "refunded_cents", refunded);
    jo_key(o, "cases");
    jo_array(o);
    for (size_t i = 0; i < n; i++)
        case_card(o, &cases[i]);
    jo_array_end(o);
    return STORE_OK;
}

static int show_order(struct tx *tx, struct showing *s, int64_t tenant_id)
{
    struct order_row row;
    int rc = order_row_get(tx, &s->arena, tenant_id, str_from(s->id), &row);
    if (rc <= 0)
        return rc;
    _cleanup_(json_donep) json_t *body = json_read(row.body, NULL);
    if (row.address.n > 0)
        json_object_set_new(body, "address", json_read(row.address, NULL));
    struct json_out o = json_to(&s->out);
    jo_open(&o);
    write_members(&o, body);
    rc = write_order_live(tx, s, tenant_id, &o, body);
    jo_close(&o);
    return rc < 0 ? rc : 1;
}

static int show_product(struct tx *tx, struct showing *s, int64_t tenant_id)
{
    _cleanup_(json_donep) json_t *body = NULL;
    struct product p;
    int rc = product_body(tx, tenant_id, str_from(s->id), &body);
    if (rc <= 0)
        return rc;
    product_read(&s->arena, body, &p);
    struct json_out o = json_to(&s->out);
    jo_open(&o);
    write_members(&o, body);
    jo_kb(&o, "in_stock", product_in_stock(&p));
    jo_close(&o);
    return 1;
}

static void write_message(struct json_out *o, struct arena *a, const struct message *m)
{
    jo_open(o);
    jo_kn(o, "seq", m->seq);
    jo_kat(o, "at", m->at_ms);
    jo_kc(o, "author", author_name(m->author));
    jo_kc(o, "kind", message_kind_name(m->kind));
    jo_kt(o, "text", m->text);
    if (m->data.n > 0) {
        jo_key(o, "data"); /* stored as the inside of an object */
        jo_raw(o, str_fmt(a, "{%.*s}", STR_ARG(m->data)));
    }
    jo_close(o);
}

static void write_conversation(struct json_out *o, const struct conversation *c, struct str shop, struct str buyer,
                               struct str agent)
{
    jo_kid(o, "id", c->id);
    jo_kt(o, "shop", shop);
    jo_kt(o, "buyer", buyer);
    jo_kt(o, "channel", c->channel);
    jo_kt(o, "language", c->language);
    jo_kc(o, "handler", handler_name(c->handler));
    jo_key(o, "agent");
    if (c->agent_id != 0)
        jo_text(o, agent);
    else
        jo_null(o);
    jo_kt(o, "skill", c->skill);
    jo_kt(o, "topic", c->topic);
    jo_kt(o, "category", c->category);
    jo_kn(o, "seq", c->seq);
    jo_kat(o, "opened_at", c->opened_ms);
    jo_kat(o, "queued_at", c->queued_ms);
    jo_kat(o, "assigned_at", c->assigned_ms);
    jo_kat(o, "closed_at", c->closed_ms);
}

static int show_conversation(struct tx *tx, struct showing *s, int64_t tenant_id)
{
    int64_t id;
    struct conversation c;
    struct contact contact = {0};
    struct person agent = {0};
    struct shop shop;
    struct message *list;
    size_t n;
    if (!id_parse(str_from(s->id), &id))
        return 0;
    enum chat_answer found = conversation_get(tx, &s->arena, tenant_id, id, &c);
    if (found != CHAT_OK)
        return found == CHAT_NOT_FOUND ? 0 : STORE_FAULT;
    if (shop_get(tx, &s->arena, tenant_id, &shop) != ACCOUNT_OK ||
        contact_get(tx, &s->arena, tenant_id, c.contact_id, &contact) == ACCOUNT_FAULT ||
        person_get(tx, &s->arena, tenant_id, c.agent_id, &agent) == ACCOUNT_FAULT ||
        message_list(tx, &s->arena, tenant_id, id, 0, INT64_MAX, SHOWN_MESSAGES, false, true, &list, &n) != CHAT_OK)
        return STORE_FAULT;
    struct json_out o = json_to(&s->out);
    jo_open(&o);
    write_conversation(&o, &c, shop.shop_id, contact.buyer, agent.external_id);
    jo_key(&o, "messages");
    jo_array(&o);
    for (size_t i = 0; i < n; i++)
        write_message(&o, &s->arena, &list[i]);
    jo_array_end(&o);
    jo_close(&o);
    return 1;
}

static int show_case(struct tx *tx, struct showing *s, int64_t tenant_id)
{
    int64_t id;
    struct case_row_stored row;
    struct case_event_stored *events;
    size_t n;
    if (!id_parse(str_from(s->id), &id))
        return 0;
    int rc = case_get(tx, &s->arena, tenant_id, id, &row);
    if (rc <= 0)
        return rc;
    if (case_events(tx, &s->arena, tenant_id, id, &events, &n) < 0)
        return STORE_FAULT;
    struct json_out o = json_to(&s->out);
    case_card_full(&o, &s->arena, &row, events, n);
    return 1;
}

/** Kinds of which nothing can be stored yet by any part of the program. */
static int show_none(struct tx *tx, struct showing *s, int64_t tenant_id)
{
    (void)tx;
    (void)s;
    (void)tenant_id;
    return 0;
}

static const struct show_kind kinds[] = {
    {"order", show_order}, {"product", show_product}, {"conversation", show_conversation},
    {"case", show_case},   {"dispute", show_none},
};

/* ---- the command ---------------------------------------------------------------------------------------------------- */

static int find_it(struct tx *tx, void *arg)
{
    struct showing *s = arg;
    struct show_shop *shops;
    size_t n;
    if (show_shops(tx, &s->arena, &shops, &n) < 0)
        return STORE_FAULT;
    for (size_t i = 0; i < n; i++) {
        if (s->shop != NULL && !str_eq_c(shops[i].shop_id, s->shop))
            continue;
        struct buf kept = s->out;
        int rc = s->kind->write(tx, s, shops[i].tenant_id);
        if (rc < 0)
            return rc;
        if (rc > 0 && s->found++ > 0)
            s->out = kept; /* the first stays, although it will not be enough to say which is meant */
    }
    return STORE_OK;
}

static enum exit_code show(const struct cli *c, struct showing *s, struct store *store)
{
    if (store_read(store, find_it, s) != STORE_OK)
        return cli_fault(c, "the data in %s could not be read", c->data_dir);
    if (s->found > 1)
        return cli_usage(c, "%zu shops have a %s \"%s\": say which with --shop S", s->found, s->kind->name, s->id);
    if (s->found == 0) {
        fprintf(stderr, "xiaoer show: no such %s \"%s\"\n", s->kind->name, s->id);
        return EXIT_NO;
    }
    printf("%.*s\n", STR_ARG(buf_view(&s->out)));
    return EXIT_DONE;
}

static const struct show_kind *kind_find(const char *name)
{
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return NULL;
}

static enum exit_code open_and_show(const struct cli *c, struct showing *s)
{
    char why[256];
    char *path = str_c(&s->arena, str_fmt(&s->arena, "%s/xiaoer.db", c->data_dir));
    if (access(path, F_OK) != 0)
        return cli_usage(c, "there is no data in %s; name the folder with --data DIR", c->data_dir);
    if (!seal_start(c->data_dir))
        return cli_fault(c, "the key in %s cannot be read: %s", c->data_dir, strerror(errno));
    struct store *store = store_open(c->data_dir, why);
    if (store == NULL)
        return cli_fault(c, "%s", why);
    enum exit_code code = show(c, s, store);
    store_read_done(store);
    store_close(store);
    return code;
}

static enum exit_code run(const struct cli *c)
{
    if (c->argc != 2)
        return cli_usage(c, "give a kind and an id: xiaoer show order|product|conversation|case|dispute ID");
    const struct show_kind *kind = kind_find(c->argv[0]);
    if (kind == NULL)
        return cli_usage(c, "there is no kind \"%s\"; it is one of order product conversation case dispute", c->argv[0]);
    struct showing s = {.kind = kind, .id = c->argv[1], .shop = cli_value(c, "shop")};
    s.out.arena = &s.arena;
    enum exit_code code = open_and_show(c, &s);
    arena_done(&s.arena);
    return code;
}

const struct command cmd_show = {
    .name = "show",
    .summary = "one stored order, product, conversation, case or dispute as JSON",
    .synopsis = "xiaoer show KIND ID [--shop S] [--data DIR]",
    .help = "KIND: order product conversation case dispute. Prints the import shape and, beside it, what has become of it\n"
            "since: for an order its cases and what was refunded, for a case its deadline and its history with the rules it\n"
            "went by, for a conversation who has it and what was said.\n"
            "Nothing is masked: it is for who owns the data folder.",
    .options = options,
    .run = run,
};
