/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is read of conversations: a contact's history goes on over the borders of conversations, page by page.
 */
#include "fixture_for_test.h"

#include "chat/conversation_store.h"

enum { BUYER = 7, OTHER = 8 };

static int put(struct tx *tx, int64_t contact, int64_t id, int messages, int note)
{
    struct conversation c = {.tenant_id = TENANT, .id = id, .contact_id = contact, .channel = STR("web"), .language = STR("zh"),
                             .handler = HANDLER_CLOSED, .seq = messages, .closed_ms = 1, .bot_state = STR("{}"), .entry = STR("{}")};
    if (conversation_insert(tx, &c) != CHAT_OK)
        return CHAT_FAULT;
    for (int seq = 1; seq <= messages; seq++) {
        struct message m = {.conversation_id = id, .seq = seq, .author = AUTHOR_BOT, .text = STR("hello"),
                            .kind = seq == note ? MESSAGE_NOTE : MESSAGE_TEXT};
        if (message_insert(tx, TENANT, &m) != CHAT_OK)
            return CHAT_FAULT;
    }
    return CHAT_OK;
}

static int put_all(struct tx *tx, void *arg)
{
    (void)arg;
    return put(tx, BUYER, 100, 3, 0) | put(tx, OTHER, 150, 4, 0) | put(tx, BUYER, 200, 1, 1) | put(tx, BUYER, 300, 4, 2);
}

struct page {
    int64_t conversation, seq;
    int limit;
    char got[200];
};

static int read_page(struct tx *tx, void *arg)
{
    struct page *p = arg;
    struct arena a = {0};
    struct message *list;
    size_t n, at = 0;
    enum chat_answer answer = message_history(tx, &a, TENANT, BUYER, p->conversation, p->seq, p->limit, &list, &n);
    for (size_t i = 0; i < n; i++)
        at += (size_t)snprintf(p->got + at, sizeof(p->got) - at, "%lld/%lld ", (long long)list[i].conversation_id,
                               (long long)list[i].seq);
    arena_done(&a);
    return answer;
}

static void history_goes_on_over_conversations(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t conversation, seq;
        int limit;
        const char *want;
    } rows[] = {
        {"all, newest first; no notes, nobody else's", INT64_MAX, INT64_MAX, 50, "300/4 300/3 300/1 100/3 100/2 100/1 "},
        {"a page ends within a conversation", INT64_MAX, INT64_MAX, 2, "300/4 300/3 "},
        {"and the next goes on before it", 300, 3, 2, "300/1 100/3 "},
        {"at the border", 300, 1, 2, "100/3 100/2 "},
        {"the last one", 100, 2, 9, "100/1 "},
        {"nothing is left", 100, 1, 9, ""},
        {"before all", 50, INT64_MAX, 9, ""},
    };
    int failed = 0;
    assert_int_equal(store_write(store, put_all, NULL), CHAT_OK);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct page p = {.conversation = rows[i].conversation, .seq = rows[i].seq, .limit = rows[i].limit};
        if (store_read(store, read_page, &p) != CHAT_OK || strcmp(p.got, rows[i].want) != 0)
            row_failed(failed, rows[i].name, "got \"%s\"", p.got);
    }
    assert_int_equal(failed, 0);
}

static int open_fixture(void **state)
{
    (void)state;
    return fixture_open("conversation-store");
}

static int close_fixture(void **state)
{
    (void)state;
    return fixture_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(history_goes_on_over_conversations)};
    return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
