/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A small shop for the tests of this room: a store in a folder of its own, five people of two shops, conversations made
 * by hand. Included by the test programs only; each test starts with a new one.
 */

#include "desk/desk_service.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "account/contact.h"
#include "account/import.h"
#include "account/person.h"
#include "account/shop.h"
#include "base/id.h"

#define T0 INT64_C(1800000000000)

static char dir[32];
static struct arena arena;
static struct desk_room room;
static int64_t tenant, other_tenant;

/* ---- a small shop ----------------------------------------------------------------------------------------- */

struct row_work {
    const struct import_kind *kind;
    const char *json;
};

static int import_row(struct tx *tx, void *arg)
{
    const struct row_work *w = arg;
    struct import_problem problem = {0};
    _cleanup_(json_donep) json_t *row = json_read(str_from(w->json), NULL);
    enum row_answer answer = w->kind->store_row(tx, &arena, row, &problem);
    if (answer == ROW_REFUSED)
        print_error("%s: %s\n", w->json, problem.text);
    return answer == ROW_REFUSED || answer == ROW_FAULT ? -1 : 0;
}

static void import(const struct import_kind *kind, const char *json)
{
    struct row_work w = {kind, json};
    assert_int_equal(store_write(room.store, import_row, &w), 0);
}

static const char *const people[] = {
    "{\"id\":\"ann\",\"shop\":\"S1\",\"name\":\"Ann\",\"roles\":[\"agent\"],\"concurrency\":2,"
    "\"skills\":[{\"skill\":\"aftersale\",\"level\":5}]}",
    "{\"id\":\"bob\",\"shop\":\"S1\",\"name\":\"Bob\",\"roles\":[\"agent\"],\"concurrency\":1,"
    "\"skills\":[{\"skill\":\"presale\",\"level\":3}]}",
    "{\"id\":\"lea\",\"shop\":\"S1\",\"name\":\"Lea\",\"roles\":[\"leader\"],\"concurrency\":1}",
    "{\"id\":\"cro\",\"shop\":\"S1\",\"name\":\"Cro\",\"roles\":[\"crowd\"],\"concurrency\":1}",
    "{\"id\":\"eve\",\"shop\":\"S2\",\"name\":\"Eve\",\"roles\":[\"owner\"],\"concurrency\":5}",
};

static int start(void **state)
{
    (void)state;
    char error[256];
    unsigned char key[SEAL_KEY_BYTES] = {5};
    struct shop shop;
    seal_start_with(key);
    strcpy(dir, "/tmp/xiaoer-desk-XXXXXX");
    if (mkdtemp(dir) == NULL)
        return -1;
    room = (struct desk_room){.store = store_open(dir, error)};
    import(&shop_import, "{\"id\":\"S1\",\"name\":\"One\",\"language\":\"en\",\"currency\":\"CNY\","
                         "\"time_zone\":\"UTC\",\"hours\":\"09:00-18:00\"}");
    import(&shop_import, "{\"id\":\"S2\",\"name\":\"Two\",\"language\":\"en\",\"currency\":\"CNY\","
                         "\"time_zone\":\"UTC\"}");
    for (size_t i = 0; i < COUNT(people); i++)
        import(&person_import, people[i]);
    assert_int_equal(shop_named(room.store, &arena, STR("S1"), &shop), ACCOUNT_OK);
    tenant = shop.tenant_id;
    assert_int_equal(shop_named(room.store, &arena, STR("S2"), &shop), ACCOUNT_OK);
    other_tenant = shop.tenant_id;
    return 0;
}

static int stop(void **state)
{
    (void)state;
    store_close(room.store);
    shop_cache_forget();
    arena_done(&arena);
    char command[64];
    snprintf(command, sizeof(command), "rm -r %s", dir);
    return system(command);
}

struct who_work {
    int64_t tenant_id;
    struct str external_id;
    struct person person;
};

static int read_who(struct tx *tx, void *arg)
{
    struct who_work *w = arg;
    return person_by_external(tx, &arena, w->tenant_id, w->external_id, &w->person);
}

static struct actor who(const char *id)
{
    struct who_work w = {strcmp(id, "eve") == 0 ? other_tenant : tenant, str_from(id), {0}};
    assert_int_equal(store_read(room.store, read_who, &w), ACCOUNT_OK);
    return person_actor(&w.person, STR("en"));
}

static void come(const char *id)
{
    struct actor a = who(id);
    assert_int_equal(desk_presence(&room, a.tenant_id, a.id, true, T0), CHAT_OK);
    assert_int_equal(desk_set_status(&room, &a, STR("online"), T0), CHAT_OK);
}

struct new_work {
    enum handler handler;
    struct str skill, name;
    int64_t now_ms, id, contact_id;
};

static int make_conversation(struct tx *tx, void *arg)
{
    struct new_work *w = arg;
    struct contact c = {.tenant_id = tenant, .id = id_new(w->now_ms), .name = w->name, .language = STR("en"),
                        .first_ms = w->now_ms};
    struct change ch = {.arena = &arena, .tenant_id = tenant, .now_ms = w->now_ms, .is_new = true};
    if (w->contact_id == 0 && contact_insert(tx, &c) != ACCOUNT_OK)
        return -1;
    if (w->contact_id != 0)
        c.id = w->contact_id;
    ch.conversation = (struct conversation){.tenant_id = tenant, .id = id_new(w->now_ms), .contact_id = c.id,
                                            .channel = STR("web"), .language = STR("en"), .handler = HANDLER_BOT,
                                            .opened_ms = w->now_ms, .bot_state = STR("{}"), .entry = STR("{}")};
    change_say(&ch, (struct message){.author = AUTHOR_BUYER, .author_id = c.id, .kind = MESSAGE_TEXT,
                                     .text = STR("where is my parcel")});
    if (w->handler == HANDLER_QUEUE &&
        conversation_step(&ch.conversation, HANDLER_WANTS_PERSON, 0, w->skill, w->now_ms) != HANDLER_OK)
        return -1;
    w->id = ch.conversation.id;
    w->contact_id = c.id;
    return change_save(tx, &ch);
}

static int64_t conversation(enum handler handler, const char *skill, int64_t now_ms)
{
    struct new_work w = {.handler = handler, .skill = str_from(skill), .name = STR("Buyer"), .now_ms = now_ms};
    assert_int_equal(store_write(room.store, make_conversation, &w), CHAT_OK);
    return w.id;
}

struct get_work {
    int64_t id;
    struct conversation c;
    struct message *said;
    size_t said_n;
};

static int get(struct tx *tx, void *arg)
{
    struct get_work *w = arg;
    enum chat_answer answer = conversation_get(tx, &arena, tenant, w->id, &w->c);
    return answer != CHAT_OK ? (int)answer
                             : (int)message_list(tx, &arena, tenant, w->id, 0, INT64_MAX, 100, true, true, &w->said,
                                                 &w->said_n);
}

static struct get_work stored(int64_t id)
{
    struct get_work w = {.id = id};
    assert_int_equal(store_read(room.store, get, &w), CHAT_OK);
    return w;
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, start, stop)
