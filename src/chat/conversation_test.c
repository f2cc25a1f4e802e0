/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who has a conversation: every (handler, event) is walked; what is appended is counted right.
 */
#include "base/table_test.h"

#include "chat/conversation.h"

#define NO (-1)

/* Rows: handler; columns: wants_person, assign, return, cancel_wait, close. NO: refused. */
static const int wanted[4][5] = {
    [HANDLER_BOT] = {HANDLER_QUEUE, HANDLER_AGENT, NO, NO, HANDLER_CLOSED},
    [HANDLER_QUEUE] = {NO, HANDLER_AGENT, HANDLER_QUEUE, HANDLER_BOT, HANDLER_CLOSED},
    [HANDLER_AGENT] = {NO, HANDLER_AGENT, HANDLER_QUEUE, NO, HANDLER_CLOSED},
    [HANDLER_CLOSED] = {NO, NO, NO, NO, NO},
};

static void every_step_is_allowed_or_refused_as_drawn(void **state)
{
    (void)state;
    int failed = 0;
    for (int from = 0; from < 4; from++) {
        for (int event = 0; event < 5; event++) {
            struct conversation c = {.handler = (enum handler)from, .agent_id = from == HANDLER_AGENT ? 5 : 0, .queued_ms = from == HANDLER_BOT ? 0 : 10};
            struct conversation before = c;
            enum handler_answer answer = conversation_step(&c, (enum handler_event)event, event == HANDLER_ASSIGN ? 9 : 0, STR("aftersale"), 100);
            int want = wanted[from][event];
            if ((answer == HANDLER_OK) != (want != NO) || (want != NO && (int)c.handler != want))
                row_failed(failed, handler_name((enum handler)from), "event %d: answer %d, handler %d", event, answer, c.handler);
            if (answer != HANDLER_OK && c.handler != before.handler)
                row_failed(failed, handler_name((enum handler)from), "event %d: a refused step changed it", event);
            if ((c.agent_id != 0) != (c.handler == HANDLER_AGENT))
                row_failed(failed, handler_name((enum handler)from), "event %d: agent_id does not go with the handler", event);
            if (c.handler == HANDLER_QUEUE && c.queued_ms == 0)
                row_failed(failed, handler_name((enum handler)from), "event %d: waits without a since", event);
        }
    }
    assert_int_equal(failed, 0);
}

static void a_return_keeps_its_place_in_time(void **state)
{
    (void)state;
    struct conversation c = {.handler = HANDLER_BOT};
    assert_int_equal(conversation_step(&c, HANDLER_WANTS_PERSON, 0, STR("presale"), 100), HANDLER_OK);
    assert_int_equal(conversation_step(&c, HANDLER_ASSIGN, 7, STR_NONE, 200), HANDLER_OK);
    assert_int_equal(conversation_step(&c, HANDLER_RETURN, 0, STR_NONE, 900), HANDLER_OK);
    assert_int_equal(c.queued_ms, 100);
    assert_int_equal(conversation_step(&c, HANDLER_CANCEL_WAIT, 0, STR_NONE, 950), HANDLER_OK);
    assert_int_equal(c.queued_ms, 0);
}

static void unread_counts_what_no_person_answered(void **state)
{
    (void)state;
    struct conversation c = {.id = 1, .handler = HANDLER_AGENT, .agent_id = 7};
    struct message buyer = {.author = AUTHOR_BUYER, .text = STR("在吗")};
    struct message note = {.author = AUTHOR_AGENT, .kind = MESSAGE_NOTE, .text = STR("vip")};
    struct message agent = {.author = AUTHOR_AGENT, .text = STR("在的")};
    struct message bot = {.author = AUTHOR_BOT, .text = STR("您好")};
    conversation_append(&c, &buyer, 100);
    conversation_append(&c, &buyer, 200);
    assert_int_equal(c.unread, 2);
    assert_int_equal(c.waiting_ms, 100);
    conversation_append(&c, &note, 250);
    assert_int_equal(c.unread, 2);
    assert_true(str_eq(c.last_text, STR("在吗")));
    conversation_append(&c, &agent, 300);
    assert_int_equal(c.unread, 0);
    assert_int_equal(c.waiting_ms, 0);
    assert_int_equal(c.seq, 4);
    assert_int_equal(agent.seq, 4);
    c = (struct conversation){.handler = HANDLER_QUEUE};
    conversation_append(&c, &buyer, 100);
    conversation_append(&c, &bot, 110);
    assert_int_equal(c.waiting_ms, 100); /* the bot's word does not end the wait for a person */
    c = (struct conversation){.handler = HANDLER_BOT};
    conversation_append(&c, &buyer, 100);
    conversation_append(&c, &bot, 110);
    assert_int_equal(c.waiting_ms, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_step_is_allowed_or_refused_as_drawn),
        cmocka_unit_test(a_return_keeps_its_place_in_time),
        cmocka_unit_test(unread_counts_what_no_person_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
