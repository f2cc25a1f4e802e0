/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What the tests of chat/ stand on: a store in a folder of its own, and a responder that does what the buyer's words
 * tell it, so that a test says in one line what the bot shall do. Each test program includes it once.
 *
 *   "queue" "queue urgent" "urgent"  asks for a person, raises urgent          "bye"    closes
 *   "fault"                          the responder fails                       "also"   more to store, which fails
 *   "gate"                           waits until the test opens the gate       else     says "echo: …" once
 */

#include "base/table_test.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chat/inbox.h"

#define TENANT 77

static char fixture_dir[64];
static struct store *store;

static int fixture_open(const char *name)
{
    char why[256] = "";
    snprintf(fixture_dir, sizeof(fixture_dir), "/tmp/xiaoer-%s-XXXXXX", name);
    if (mkdtemp(fixture_dir) == NULL)
        return -1;
    store = store_open(fixture_dir, why);
    if (store == NULL)
        print_error("%s\n", why);
    return store != NULL ? 0 : -1;
}

static int fixture_close(void)
{
    static const char *const names[] = {"xiaoer.db", "xiaoer.db-wal", "xiaoer.db-shm"};
    store_close(store);
    for (size_t i = 0; i < COUNT(names); i++) {
        char path[128];
        snprintf(path, sizeof(path), "%s/%s", fixture_dir, names[i]);
        unlink(path);
    }
    return rmdir(fixture_dir);
}

static inline void end_of_thread(void *arg)
{
    (void)arg;
    store_read_done(store);
}

/* ---- the responder ---- */

/** What it was asked, for looking at. */
struct asked {
    pthread_mutex_t lock;
    int times;             /* guarded by lock */
    char last_said[200];   /* guarded by lock: of the last ask */
    sem_t at_gate, open;   /* posted when one waits at the gate; posted by the test to let it on */
};
static struct asked asked = {.lock = PTHREAD_MUTEX_INITIALIZER};

static inline int times_asked(void)
{
    pthread_mutex_lock(&asked.lock);
    int times = asked.times;
    pthread_mutex_unlock(&asked.lock);
    return times;
}

static inline void sem_take(sem_t *s)
{
    while (sem_wait(s) != 0)
        ; /* EINTR */
}

static int fail_also(struct tx *tx, void *arg, const struct conversation *c)
{
    (void)tx;
    (void)arg;
    (void)c;
    return STORE_FAULT;
}

static int echo(void *room, struct store *s, struct arena *a, const struct incoming *in, const struct conversation *c,
                struct turn *ret)
{
    (void)room;
    (void)s;
    (void)c;
    pthread_mutex_lock(&asked.lock);
    asked.times++;
    snprintf(asked.last_said, sizeof(asked.last_said), "%.*s", STR_ARG(in->last_said));
    pthread_mutex_unlock(&asked.lock);
    if (str_eq_c(in->text, "fault"))
        return STORE_FAULT;
    if (str_eq_c(in->text, "gate")) {
        sem_post(&asked.at_gate);
        sem_take(&asked.open);
    }
    *array_push(a, &ret->say) = (struct message){.author = AUTHOR_BOT, .text = str_fmt(a, "echo: %.*s", STR_ARG(in->text))};
    ret->wants_person = str_starts(in->text, STR("queue"));
    ret->skill = ret->wants_person ? STR("aftersale") : STR_NONE;
    ret->urgent = str_has(in->text, STR("urgent"));
    ret->wants_close = str_eq_c(in->text, "bye");
    ret->also = str_eq_c(in->text, "also") ? fail_also : NULL;
    ret->input = ret->outcome = STR("{}");
    ret->reason = STR("echo");
    return 0;
}

static bool echo_card(void *room, struct store *s, struct arena *a, const struct incoming *in, struct str *ret_data)
{
    (void)room;
    (void)s;
    *ret_data = str_fmt(a, "\"order\":{\"order_id\":\"%.*s\"}", STR_ARG(in->order_id));
    return str_eq_c(in->order_id, "E1");
}

static const struct responder echo_responder = {.reply = echo, .card = echo_card};

/* ---- looking into the store ---- */

struct looking {
    struct arena *arena;
    int64_t conversation_id;
    struct conversation conversation;
    struct message *list;
    size_t n;
};

static int look_in(struct tx *tx, void *arg)
{
    struct looking *k = arg;
    enum chat_answer answer = conversation_get(tx, k->arena, TENANT, k->conversation_id, &k->conversation);
    return answer != CHAT_OK ? answer
                             : message_list(tx, k->arena, TENANT, k->conversation_id, 0, INT64_MAX, 100000, false, true,
                                            &k->list, &k->n);
}

/** The stored conversation with its messages, which are 1..seq or the test fails. */
static inline struct looking look_at(struct arena *a, int64_t conversation_id)
{
    struct looking k = {.arena = a, .conversation_id = conversation_id};
    assert_int_equal(store_read(store, look_in, &k), CHAT_OK);
    assert_int_equal(k.n, k.conversation.seq);
    for (size_t i = 0; i < k.n; i++)
        assert_int_equal(k.list[i].seq, i + 1);
    return k;
}

struct assigning {
    struct change change;
    int64_t conversation_id, agent_id;
};

static int assign(struct tx *tx, void *arg)
{
    struct assigning *k = arg;
    enum chat_answer answer = change_load(tx, &k->change, k->conversation_id);
    if (answer != CHAT_OK)
        return answer;
    if (conversation_step(&k->change.conversation, HANDLER_ASSIGN, k->agent_id, STR_NONE, k->change.now_ms) != HANDLER_OK)
        return CHAT_NOT_ALLOWED;
    change_system(&k->change, "assigned", STR("an agent is here"));
    return change_save(tx, &k->change);
}

/** An agent takes the conversation, as desk/ does it. */
static inline void take_over(struct live *live, int64_t conversation_id, int64_t agent_id)
{
    struct arena a = {0};
    struct assigning k = {.change = {.arena = &a, .tenant_id = TENANT, .now_ms = 5000},
                          .conversation_id = conversation_id,
                          .agent_id = agent_id};
    assert_int_equal(store_write(store, assign, &k), CHAT_OK);
    live_publish(live, &k.change);
    arena_done(&a);
}
