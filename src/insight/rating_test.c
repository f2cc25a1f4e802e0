/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ratings: the rules, and the use case against a real store: who is rated, for how long, and by nobody else.
 */
#include "insight/rating_service.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "account/contact.h"
#include "base/id.h"
#include "desk/desk_service.h"
#include "insight/rating_store.h"

#define T0     INT64_C(1800000000000)
#define TENANT 7
#define AGENT  42

static char dir[32];
static struct arena arena;
static struct store *store;

/* ---- rules ------------------------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    int64_t closed_ms, first_ms, now_ms;
    enum rating_answer answer;
} windows[] = {
    {"while it is open", 0, 0, T0, RATING_OK},
    {"just closed", T0, 0, T0, RATING_OK},
    {"the last moment", T0, 0, T0 + DAY_MS - 1, RATING_OK},
    {"a day after the close", T0, 0, T0 + DAY_MS, RATING_LATE},
    {"changed in time", T0 + HOUR_MS, T0, T0 + DAY_MS - 1, RATING_OK},
    {"changed a day after the first", T0 + HOUR_MS, T0, T0 + DAY_MS, RATING_LATE},
    {"an open conversation, rated yesterday", 0, T0, T0 + DAY_MS, RATING_LATE},
};

static void ratings_have_a_day(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(windows); i++) {
        enum rating_answer answer = rating_may(windows[i].closed_ms, windows[i].first_ms, windows[i].now_ms);
        if (answer == windows[i].answer)
            continue;
        print_error("[%s] answer %d\n", windows[i].name, (int)answer);
        failed++;
    }
    assert_int_equal(failed, 0);
}

static const struct {
    const char *name, *json;
    bool good;
} tags[] = {
    {"none", "[]", true},
    {"two", "[\"fast\",\"hard_to_reach\"]", true},
    {"unknown", "[\"fast\",\"<b>\"]", false},
    {"twice", "[\"fast\",\"fast\"]", false},
    {"empty", "[\"\"]", false},
};

static void tags_are_known_codes(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(tags); i++) {
        _cleanup_(json_donep) json_t *j = json_read(str_from(tags[i].json), NULL);
        if (rating_tags_good(j) == tags[i].good)
            continue;
        print_error("[%s]\n", tags[i].name);
        failed++;
    }
    assert_int_equal(failed, 0);
}

/* ---- the use case ----------------------------------------------------------------------------------------- */

static int start(void **state)
{
    (void)state;
    char error[256];
    strcpy(dir, "/tmp/xiaoer-rate-XXXXXX");
    return mkdtemp(dir) != NULL && (store = store_open(dir, error)) != NULL ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    store_close(store);
    arena_done(&arena);
    char command[64];
    snprintf(command, sizeof(command), "rm -r %s", dir);
    return system(command);
}

/** A conversation with one line each of buyer and bot, and of an agent when one served. */
struct talk {
    bool agent, note_only, closed;
    int64_t id, contact_id;
};

static int make_talk(struct tx *tx, void *arg)
{
    struct talk *w = arg;
    struct contact c = {.tenant_id = TENANT, .id = id_new(T0), .name = STR("B"), .language = STR("zh"), .first_ms = T0};
    struct change ch = {.arena = &arena, .tenant_id = TENANT, .now_ms = T0, .is_new = true};
    if (contact_insert(tx, &c) != ACCOUNT_OK)
        return -1;
    ch.conversation = (struct conversation){.tenant_id = TENANT, .id = id_new(T0), .contact_id = c.id,
                                            .channel = STR("web"), .language = STR("zh"), .handler = HANDLER_BOT,
                                            .opened_ms = T0, .bot_state = STR("{}"), .entry = STR("{}"),
                                            .bot_version = STR("v1")};
    change_say(&ch, (struct message){.author = AUTHOR_BUYER, .author_id = c.id, .text = STR("?")});
    change_say(&ch, (struct message){.author = AUTHOR_BOT, .text = STR("!")});
    if (w->agent || w->note_only)
        change_say(&ch, (struct message){.author = AUTHOR_AGENT, .author_id = AGENT, .text = STR("hello"),
                                         .kind = w->agent ? MESSAGE_TEXT : MESSAGE_NOTE});
    if (w->closed && conversation_step(&ch.conversation, HANDLER_CLOSE, 0, STR_NONE, T0) != HANDLER_OK)
        return -1;
    w->id = ch.conversation.id;
    w->contact_id = c.id;
    return change_save(tx, &ch);
}

struct read_work {
    int64_t id;
    struct rating rating;
};

static int read_rating(struct tx *tx, void *arg)
{
    struct read_work *w = arg;
    return rating_get(tx, &arena, TENANT, w->id, &w->rating);
}

static struct rating stored(int64_t id)
{
    struct read_work w = {.id = id};
    assert_int_equal(store_read(store, read_rating, &w), RATING_OK);
    return w.rating;
}

static enum rating_answer rate(const struct talk *t, int64_t stars, int64_t at_ms)
{
    struct rating_of of = {TENANT, t->contact_id, t->id, at_ms};
    struct rating r = {.stars = stars, .solved = -1, .tags = STR("[]"), .text = STR("ok")};
    return rating_give(store, NULL, &of, &r);
}

static void who_served_is_rated(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct talk talk;
        int64_t agent;
    } rows[] = {
        {"the bot alone", {.closed = true}, 0},
        {"a person spoke", {.agent = true, .closed = true}, AGENT},
        {"a person only left a note", {.note_only = true, .closed = true}, 0},
        {"still open", {.agent = true}, AGENT},
    };
    int failed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct talk t = rows[i].talk;
        assert_int_equal(store_write(store, make_talk, &t), CHAT_OK);
        enum rating_answer answer = rate(&t, 4, T0 + 1);
        struct rating r = stored(t.id);
        if (answer == RATING_OK && r.agent_id == rows[i].agent &&
            str_eq_c(r.bot_version, rows[i].agent != 0 ? "" : "v1"))
            continue;
        print_error("[%s] answer %d agent %lld bot \"%.*s\"\n", rows[i].name, (int)answer, (long long)r.agent_id,
                    STR_ARG(r.bot_version));
        failed++;
    }
    assert_int_equal(failed, 0);
}

static void a_rating_can_be_changed_for_a_day(void **state)
{
    (void)state;
    struct talk t = {.closed = true};
    struct desk_room room = {.store = store};
    assert_int_equal(store_write(store, make_talk, &t), CHAT_OK);
    assert_false(rating_is_rated(&room, &arena, TENANT, t.id));
    assert_int_equal(rate(&t, 1, T0 + HOUR_MS), RATING_OK);
    assert_true(rating_is_rated(&room, &arena, TENANT, t.id));
    assert_int_equal(rate(&t, 5, T0 + 2 * HOUR_MS), RATING_OK);
    assert_int_equal(rate(&t, 2, T0 + DAY_MS), RATING_LATE);
    assert_int_equal(stored(t.id).stars, 5);
    assert_int_equal(stored(t.id).first_ms, T0 + HOUR_MS);
}

static void nobody_rates_for_another(void **state)
{
    (void)state;
    struct talk t = {.closed = true};
    assert_int_equal(store_write(store, make_talk, &t), CHAT_OK);
    struct rating r = {.stars = 1, .solved = 0, .tags = STR("[]")};
    struct rating_of other_contact = {TENANT, t.contact_id + 2, t.id, T0};
    struct rating_of other_tenant = {TENANT + 1, t.contact_id, t.id, T0};
    assert_int_equal(rating_give(store, NULL, &other_contact, &r), RATING_NOT_FOUND);
    assert_int_equal(rating_give(store, NULL, &other_tenant, &r), RATING_NOT_FOUND);
    assert_int_equal(feedback_give(store, &other_contact, 2, true, STR_NONE), RATING_NOT_FOUND);
}

static void only_the_bot_is_thumbed(void **state)
{
    (void)state;
    struct talk t = {.agent = true};
    assert_int_equal(store_write(store, make_talk, &t), CHAT_OK);
    struct rating_of of = {TENANT, t.contact_id, t.id, T0};
    assert_int_equal(feedback_give(store, &of, 2, false, STR("wrong")), RATING_OK);
    assert_int_equal(feedback_give(store, &of, 2, true, STR_NONE), RATING_OK);
    assert_int_equal(feedback_give(store, &of, 1, true, STR_NONE), RATING_BAD);
    assert_int_equal(feedback_give(store, &of, 3, true, STR_NONE), RATING_BAD);
    assert_int_equal(feedback_give(store, &of, 99, true, STR_NONE), RATING_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ratings_have_a_day),
        cmocka_unit_test(tags_are_known_codes),
        cmocka_unit_test(who_served_is_rated),
        cmocka_unit_test(a_rating_can_be_changed_for_a_day),
        cmocka_unit_test(nobody_rates_for_another),
        cmocka_unit_test(only_the_bot_is_thumbed),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
