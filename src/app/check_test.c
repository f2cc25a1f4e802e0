/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The checks of stored data: good data has no breach, and each breach that is planted is found by its check and named.
 *
 * How          One unit of work a row: good data, the check finds nothing, the breach is planted, the check finds it; the
 *              unit answers "no", so that nothing of it is kept for the next row.
 */
#include "base/table_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/check_store.h"
#include "store/sqlite.h"

#define UNDO 7

static char dir[] = "/tmp/xiaoer-check-test-XXXXXX";
static struct store *store;

static int open_store(void **state)
{
    (void)state;
    char why[256];
    if (mkdtemp(dir) == NULL)
        return -1;
    store = store_open(dir, why);
    return store != NULL ? 0 : -1;
}

static int close_store(void **state)
{
    (void)state;
    static const char *const names[] = {"xiaoer.db", "xiaoer.db-wal", "xiaoer.db-shm"};
    store_close(store);
    for (size_t i = 0; i < COUNT(names); i++) {
        char path[128];
        snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
        unlink(path);
    }
    return rmdir(dir);
}

/* A shop in order: an agent with one conversation of one, a closed and rated one, one that waits, one with the bot. */
static const char *const good_data[] = {
    "INSERT INTO person VALUES (1, 9, 'A01', 'n', 'a', '[]', '[]', 'UTC', 1, NULL, NULL, 0, 0, 0, NULL, NULL, 'online', 0, 0, 0)",
    "INSERT INTO contact (tenant_id, contact_id, buyer, name, language, first_ms, last_agent_id, last_agent_ms)"
    " VALUES (1, 5, 'B1', 'n', 'zh', 0, NULL, NULL), (1, 6, NULL, 'n', 'zh', 0, NULL, NULL),"
    " (1, 7, NULL, 'n', 'zh', 0, NULL, NULL)",
    "INSERT INTO conversation SELECT 1, column1, column2, 'web', 'zh', column3, column4, '', column5, 0, 1, 1, column6, NULL,"
    " column7, 0, 0, NULL, 0, 0, 0, '', '', 0, '{}', '', '{}', 'buyer', '' FROM (VALUES (90, 5, 'closed', NULL, 2, NULL, 2),"
    " (100, 5, 'agent', 9, 4, 1, NULL), (101, 6, 'queue', NULL, 1, 1, NULL), (102, 7, 'bot', NULL, 0, NULL, NULL))",
    "INSERT INTO message SELECT 1, column1, column2, column3, CASE WHEN column4 IS NULL THEN 0 ELSE 5 END, 'text', 't', NULL,"
    " column4, 1, NULL FROM (VALUES"
    " (90, 1, 'buyer', 'c1'), (90, 2, 'bot', NULL), (100, 1, 'buyer', 'c1'), (100, 2, 'bot', NULL), (100, 3, 'system', NULL),"
    " (100, 4, 'agent', 'a1'), (101, 1, 'buyer', 'c1'))",
    "INSERT INTO outbox SELECT 1, column1, 'mail', 'k' || column1, x'00', column2, 's', column3, 9, 0, 1, '', '', 1, 1, column4"
    " FROM (VALUES (600, x'00', 'waiting', 0), (601, NULL, 'sent', 5), (602, x'00', 'dead', 5), (603, NULL, 'dropped', 5))",
    "INSERT INTO rating VALUES (1, 90, 5, NULL, 'v1', 5, NULL, '[]', '', 0, 0)",
    "INSERT INTO shop_order VALUES (1, 'E1', 'B1', 'paid', 0, NULL, NULL, NULL, '{\"freight_cents\":10,\"items\":"
    "[{\"sub_id\":\"E1-1\",\"paid_cents\":90},{\"sub_id\":\"E1-2\",\"paid_cents\":50}]}', NULL, 0)",
    /* a case that was refunded, one that is paying, one that waits for the seller */
    "INSERT INTO aftersale SELECT 1, column1, 'E1', column2, 'B1', 'refund_only', column3, 'not_shipped', 'other', 1, column4,"
    " column5, column6, column7, 'none', column8, 0, 0, 0, 0, 1, 0, 3, column9, '', column10 FROM (VALUES"
    " (200, 'E1-1', 'success', 60, 0, 60, 1, 0, 3, 3), (201, 'E1-1', 'paying', 40, 40, 0, 1, 77, 0, 2),"
    " (202, 'E1-2', 'wait_seller_unshipped', 50, 0, 0, 0, 88, 0, 1))",
    "INSERT INTO aftersale_event SELECT 1, column1, column2, column2, column3, 'system', 0, '', column4, column5, 'none',"
    " column6, column7, column8, 'buyer', '{}', '{}' FROM (VALUES"
    " (200, 1, 'opened', 'none', 'wait_seller_unshipped', 9, 'none', 0),"
    " (200, 2, 'timeout', 'wait_seller_unshipped', 'paying', 9, 'reserve', 60), (200, 3, 'paid', 'paying', 'success', 0, 'commit', 60),"
    " (201, 1, 'opened', 'none', 'wait_seller_unshipped', 9, 'none', 0),"
    " (201, 2, 'timeout', 'wait_seller_unshipped', 'paying', 77, 'reserve', 40),"
    " (202, 1, 'opened', 'none', 'wait_seller_unshipped', 88, 'none', 0))",
    "INSERT INTO ledger_entry SELECT 1, 'case:' || column1 || ':1', column2, column1, 'E1', 'E1-1', 'escrow', column3, column4"
    " FROM (VALUES (200, 'reserve', 60, 2), (200, 'commit', 60, 3), (201, 'reserve', 40, 2))",
    "INSERT INTO timer VALUES (1, 301, 'aftersale', 77, 201, ''), (1, 302, 'aftersale', 88, 202, '')",
    /* what opened a case, urged a parcel with a work order, gave goodwill, waits, and was refused */
    "INSERT INTO work_order VALUES (1, 500, 20261122, 1, 'warehouse', 'logistics.urge', 'taken', 'E1', '', 0, 'B1', 0, x'', x'',"
    " 0, 9, 50, 10, 20, 0, 0, 2)",
    "INSERT INTO work_order_event VALUES (1, 500, 1, 10, 'opened', 0, x''), (1, 500, 2, 20, 'take', 9, x'')",
    "INSERT INTO ledger_entry VALUES (1, 'goodwill:402', 'reserve', 0, 'E1', '', 'shop', 30, 5),"
    " (1, 'goodwill:402', 'commit', 0, 'E1', '', 'shop', 30, 5)",
    "INSERT INTO action_log SELECT 1, column1, column2, column3, 'agent', 9, 'B1', 0, 'E1', '', column4, column5, column6, 0, 0,"
    " column7, column8, x'', '{}', '{}', column9, 5, column10 FROM (VALUES"
    " (400, 'k1', 'case.open', 202, 0, 50, 'done', 'none', 0, 5), (401, 'k2', 'logistics.urge', 0, 500, 0, 'done', 'none', 0, 5),"
    " (402, 'k3', 'goodwill.give', 0, 0, 30, 'done', 'none', 8, 6), (403, 'k4', 'case.step', 202, 0, 50, 'waiting', 'none', 0, 0),"
    " (404, 'k4', 'order.cancel', 0, 0, 0, 'refused', 'shipped', 0, 5))",
    "INSERT INTO action_rules VALUES (1, '0123456789abcdef0123456789abcdef', '{}')",
    "UPDATE action_log SET rules = '{\"digest\":\"0123456789abcdef0123456789abcdef\"}' WHERE tenant_id = 1 AND action_id = 401",
    "INSERT INTO aftersale_evidence VALUES (1, 202, 77, 'bot', 5)",
    "INSERT INTO upload VALUES (1, 77, 5, 'image/jpeg', 9, 1, 1, 1, 0, 0)",
    "INSERT INTO product VALUES (1, 'P1', 't', 'c', 1, '{}', 0)",
    "INSERT INTO knowledge VALUES (1, 'K1', 'shop', 'q', '[]', 'a', '{}', NULL, NULL, 0, 1, 0, 0)",
};

static const struct plant_row {
    const char *name, *check;
    const char *says; /* part of the breach as it is told */
    const char *plant[2];
} rows[] = {
    {"a message is lost", "message_order", "conversation 100: seq 4, messages 3",
     {"DELETE FROM message WHERE tenant_id = 1 AND conversation_id = 100 AND seq = 2"}},
    {"the last message is lost", "message_order", "messages 3, last 3",
     {"DELETE FROM message WHERE tenant_id = 1 AND conversation_id = 100 AND seq = 4"}},
    {"a message too many", "message_order", "conversation 102: seq 0, messages 1",
     {"INSERT INTO message VALUES (1, 102, 1, 'buyer', 0, 'text', 't', NULL, NULL, 1, NULL)"}},
    {"numbers begin at two", "message_order", "conversation 101",
     {"UPDATE message SET seq = 2 WHERE tenant_id = 1 AND conversation_id = 101"}},
    {"a message of no conversation", "message_owner", "message 4711/1",
     {"INSERT INTO message VALUES (1, 4711, 1, 'buyer', 0, 'text', 't', NULL, NULL, 1, NULL)"}},
    {"a message of another shop's conversation", "message_owner", "message 100/1",
     {"INSERT INTO message VALUES (2, 100, 1, 'buyer', 0, 'text', 't', NULL, NULL, 1, NULL)"}},
    {"one message id twice", "message_once", "conversation 100, client_id c1",
     {"DROP INDEX message_client", "INSERT INTO message VALUES (1, 100, 5, 'buyer', 5, 'text', 't', NULL, 'c1', 1, NULL)"}},
    {"an agent's without an agent", "one_handler", "1/100: agent",
     {"UPDATE conversation SET agent_id = NULL WHERE tenant_id = 1 AND conversation_id = 100"}},
    {"the bot's with an agent", "one_handler", "1/102: bot",
     {"UPDATE conversation SET agent_id = 9 WHERE tenant_id = 1 AND conversation_id = 102"}},
    {"a handler that is none", "handler_known", "1/102: robot",
     {"UPDATE conversation SET handler = 'robot' WHERE tenant_id = 1 AND conversation_id = 102"}},
    {"it waits since never", "queue_since", "1/101: queue",
     {"UPDATE conversation SET queued_ms = NULL WHERE tenant_id = 1 AND conversation_id = 101"}},
    {"closed at no time", "queue_since", "1/90: closed",
     {"UPDATE conversation SET closed_ms = NULL WHERE tenant_id = 1 AND conversation_id = 90"}},
    {"open, and closed at a time", "queue_since", "1/102: bot",
     {"UPDATE conversation SET closed_ms = 5 WHERE tenant_id = 1 AND conversation_id = 102"}},
    {"two open ones of a contact", "one_open", "contact 6: 2 open",
     {"UPDATE conversation SET contact_id = 6 WHERE tenant_id = 1 AND conversation_id = 102"}},
    {"more than the agent can take", "agent_cap", "person A01: 2 of 1",
     {"UPDATE conversation SET handler = 'agent', agent_id = 9 WHERE tenant_id = 1 AND conversation_id = 102"}},
    {"an agent who is not there", "agent_known", "conversation 100",
     {"UPDATE conversation SET agent_id = 10 WHERE tenant_id = 1 AND conversation_id = 100"}},
    {"an agent of another shop", "agent_known", "conversation 100",
     {"UPDATE person SET tenant_id = 2 WHERE tenant_id = 1 AND person_id = 9"}},
    {"a contact who is not there", "contact_known", "conversation 101",
     {"DELETE FROM contact WHERE tenant_id = 1 AND contact_id = 6"}},
    {"the bot speaks after an agent", "bot_silent", "message 100/5",
     {"INSERT INTO message VALUES (1, 100, 5, 'bot', 0, 'text', 't', NULL, NULL, 1, NULL)"}},
    {"a rating of both", "rating_of_one", "conversation 90",
     {"UPDATE rating SET agent_id = 9 WHERE tenant_id = 1 AND conversation_id = 90"}},
    {"a rating of nobody", "rating_of_one", "conversation 90",
     {"UPDATE rating SET bot_version = NULL WHERE tenant_id = 1 AND conversation_id = 90"}},
    {"a rating of what is open", "rating_of_one", "conversation 102",
     {"INSERT INTO rating VALUES (1, 102, 7, NULL, 'v1', 5, NULL, '[]', '', 0, 0)"}},
    {"an open case without a timer", "case_timer", "case 202: wait_seller_unshipped, timer at none",
     {"DELETE FROM timer WHERE tenant_id = 1 AND subject_id = 202"}},
    {"a timer at another instant", "case_timer", "case 201",
     {"UPDATE timer SET due_ms = 78 WHERE tenant_id = 1 AND subject_id = 201"}},
    {"a closed case with a timer", "case_timer", "case 200",
     {"INSERT INTO timer VALUES (1, 303, 'aftersale', 5, 200, '')"}},
    {"a final state that is not closed", "case_timer", "case 202",
     {"UPDATE aftersale SET state = 'closed' WHERE tenant_id = 1 AND case_id = 202"}},
    {"closed at no time", "case_timer", "case 200",
     {"UPDATE aftersale SET closed_ms = 0 WHERE tenant_id = 1 AND case_id = 200"}},
    {"a timer of no case", "timer_owner", "timer 303",
     {"INSERT INTO timer VALUES (1, 303, 'aftersale', 5, 999, '')"}},
    {"a timer of another shop's case", "timer_owner", "timer 303",
     {"INSERT INTO timer VALUES (2, 303, 'aftersale', 5, 200, '')"}},
    {"the last event is lost", "case_history", "case 201",
     {"DELETE FROM aftersale_event WHERE tenant_id = 1 AND case_id = 201 AND seq = 2"}},
    {"an event of no case", "case_history", "case event 777/1",
     {"INSERT INTO aftersale_event VALUES (1, 777, 1, 1, 'opened', 'buyer', 0, '', 'none', 'closed', 'none', 0, 'none', 0, '',"
      " '{}', '{}')"}},
    {"a state that no event led to", "case_history", "case event 202/1",
     {"UPDATE aftersale SET state = 'refused' WHERE tenant_id = 1 AND case_id = 202"}},
    {"a deadline that no event set", "case_history", "case event 202/1",
     {"UPDATE aftersale SET due_ms = 1000 WHERE tenant_id = 1 AND case_id = 202"}},
    {"an event that begins elsewhere", "case_history", "case event 200/2",
     {"UPDATE aftersale_event SET from_state = 'refused' WHERE tenant_id = 1 AND case_id = 200 AND seq = 2"}},
    {"an event before the one before it", "case_history", "case event 200/3",
     {"UPDATE aftersale_event SET at_ms = 1 WHERE tenant_id = 1 AND case_id = 200 AND seq = 3"}},
    {"rules that are no JSON", "case_history", "case event 200/2",
     {"UPDATE aftersale_event SET rules = '{' WHERE tenant_id = 1 AND case_id = 200 AND seq = 2"}},
    {"another buyer's order", "case_order", "case 202",
     {"UPDATE aftersale SET buyer = 'B2' WHERE tenant_id = 1 AND case_id = 202"}},
    {"a sub-order that is not there", "case_order", "case 202",
     {"UPDATE aftersale SET sub_id = 'E1-9' WHERE tenant_id = 1 AND case_id = 202"}},
    {"two open cases of one sub-order", "case_once", "sub-order E1-1: 2 open",
     {"UPDATE aftersale SET sub_id = 'E1-1' WHERE tenant_id = 1 AND case_id = 202"}},
    {"refunded more than the ledger says", "case_money", "case 200: refunded 61",
     {"UPDATE aftersale SET refunded_cents = 61 WHERE tenant_id = 1 AND case_id = 200"}},
    {"a commit is lost", "case_money", "case 200",
     {"DELETE FROM ledger_entry WHERE tenant_id = 1 AND case_id = 200 AND step = 'commit'"}},
    {"a reserve is lost", "case_money", "case 201",
     {"DELETE FROM ledger_entry WHERE tenant_id = 1 AND case_id = 201"}},
    {"an amount of the ledger is changed", "case_money", "case 201",
     {"UPDATE ledger_entry SET amount_cents = 30 WHERE tenant_id = 1 AND case_id = 201"}},
    {"paying nothing", "case_paying", "case 201: paying, reserved 0",
     {"UPDATE aftersale SET reserved_cents = 0 WHERE tenant_id = 1 AND case_id = 201"}},
    {"money kept back by a case that waits", "case_paying", "case 202",
     {"UPDATE aftersale SET reserved_cents = 5 WHERE tenant_id = 1 AND case_id = 202"}},
    {"a commit of what was never reserved", "ledger_steps", "payment case:200:1, commit",
     {"DELETE FROM ledger_entry WHERE tenant_id = 1 AND case_id = 200 AND step = 'reserve'"}},
    {"a commit of another amount", "ledger_steps", "payment case:200:1, commit",
     {"UPDATE ledger_entry SET amount_cents = 59 WHERE tenant_id = 1 AND case_id = 200 AND step = 'commit'"}},
    {"committed, and void", "ledger_steps", "payment case:200:1: settled twice",
     {"DROP INDEX ledger_settled", "INSERT INTO ledger_entry VALUES (1, 'case:200:1', 'void', 200, 'E1', 'E1-1', 'escrow', 60, 3)"}},
    {"a negative amount", "ledger_amount", "payment case:201:1, reserve: -40",
     {"UPDATE ledger_entry SET amount_cents = -40 WHERE tenant_id = 1 AND case_id = 201"}},
    {"a payer that is none", "ledger_amount", "payment case:201:1",
     {"UPDATE ledger_entry SET payer = 'bank' WHERE tenant_id = 1 AND case_id = 201"}},
    {"money that no event moved", "ledger_event", "payment case:202:1, reserve",
     {"INSERT INTO ledger_entry VALUES (1, 'case:202:1', 'reserve', 202, 'E1', 'E1-2', 'escrow', 5, 9)"}},
    {"an event whose money is missing", "ledger_event", "case event 201/2",
     {"DELETE FROM ledger_entry WHERE tenant_id = 1 AND case_id = 201"}},
    {"more than was paid", "ledger_paid", "order E1: 200",
     {"INSERT INTO ledger_entry VALUES (1, 'case:202:1', 'reserve', 202, 'E1', 'E1-2', 'escrow', 100, 9)"}},
    {"an order that is no JSON", "order_json", "order 1/E1",
     {"UPDATE shop_order SET body = '{' WHERE tenant_id = 1 AND order_id = 'E1'"}},
    {"a product that is no JSON", "order_json", "product P1",
     {"UPDATE product SET body = '' WHERE tenant_id = 1 AND product_id = 'P1'"}},
    {"a case is opened, and is not there", "action_effect", "action 400, case.open",
     {"UPDATE action_log SET case_id = 999 WHERE tenant_id = 1 AND action_id = 400"}},
    {"an order is urged without a work order", "action_effect", "action 401, logistics.urge",
     {"DELETE FROM work_order WHERE tenant_id = 1"}},
    {"the work order is another order's", "action_effect", "action 401, logistics.urge",
     {"UPDATE work_order SET order_id = 'E9' WHERE tenant_id = 1"}},
    {"goodwill that did not arrive", "action_effect", "action 402, goodwill.give",
     {"DELETE FROM ledger_entry WHERE tenant_id = 1 AND ledger_key = 'goodwill:402' AND step = 'commit'"}},
    {"another amount arrived", "action_effect", "action 402, goodwill.give",
     {"UPDATE ledger_entry SET amount_cents = 31 WHERE tenant_id = 1 AND ledger_key = 'goodwill:402'"}},
    {"a work order that nobody asked for", "action_cause", "work order 500, logistics.urge",
     {"DELETE FROM action_log WHERE tenant_id = 1 AND action_id = 401"}},
    {"goodwill that nobody gave", "action_cause", "payment goodwill:402, reserve",
     {"DELETE FROM action_log WHERE tenant_id = 1 AND action_id = 402"}},
    {"goodwill before anybody said yes", "action_cause", "payment goodwill:402, reserve",
     {"UPDATE action_log SET status = 'waiting' WHERE tenant_id = 1 AND action_id = 402"}},
    {"a key that was taken twice", "action_key", "action key k1: 2",
     {"DROP INDEX action_log_key", "UPDATE action_log SET action_key = 'k1' WHERE tenant_id = 1 AND action_id = 401"}},
    {"it waits and is settled", "action_settled", "action 403: waiting, none",
     {"UPDATE action_log SET settled_ms = 9 WHERE tenant_id = 1 AND action_id = 403"}},
    {"a refusal without a reason", "action_settled", "action 404: refused, none",
     {"UPDATE action_log SET why = 'none' WHERE tenant_id = 1 AND action_id = 404"}},
    {"the first person is the second", "action_settled", "action 402: done, none",
     {"UPDATE action_log SET second_id = 9 WHERE tenant_id = 1 AND action_id = 402"}},
    {"rules that are no JSON", "action_settled", "action 400",
     {"UPDATE action_log SET rules = '' WHERE tenant_id = 1 AND action_id = 400"}},
    {"the rules that an action went by are gone", "action_rules", "action 401: {\"digest\":\"0123456789abcdef",
     {"DELETE FROM action_rules WHERE tenant_id = 1"}},
    {"they are another shop's", "action_rules", "action 401",
     {"UPDATE action_rules SET tenant_id = 2 WHERE tenant_id = 1"}},
    {"they are no JSON", "action_rules", "action 401",
     {"UPDATE action_rules SET rules = '' WHERE tenant_id = 1"}},
    {"a digest that is none", "action_rules", "action 402",
     {"UPDATE action_log SET rules = '{\"digest\":\"\"}' WHERE tenant_id = 1 AND action_id = 402"}},
    {"a work order without a due time", "work_order", "work order 500: taken",
     {"UPDATE work_order SET due_ms = 0 WHERE tenant_id = 1"}},
    {"a work order's event is lost", "work_order", "work order 500: taken",
     {"DELETE FROM work_order_event WHERE tenant_id = 1 AND seq = 2"}},
    {"done, and not at any time", "work_order", "work order 500: done", {"UPDATE work_order SET state = 'done' WHERE tenant_id = 1"}},
    {"an upload that its message does not show", "upload_message", "upload 77",
     {"UPDATE upload SET conversation_id = 100, seq = 3 WHERE tenant_id = 1"}},
    {"a photo that was never there", "upload_message", "message 101/1",
     {"UPDATE message SET kind = 'image', data = '\"image\":{\"id\":\"5\"}' WHERE tenant_id = 1 AND conversation_id = 101"}},
    {"evidence of no case", "evidence_case", "evidence 77 of case 999",
     {"UPDATE aftersale_evidence SET case_id = 999 WHERE tenant_id = 1"}},
    {"it waits and has nothing to send", "outbox_state", "outbox 600: waiting",
     {"UPDATE outbox SET body = NULL WHERE tenant_id = 1 AND outbox_id = 600"}},
    {"what was sent lies about", "outbox_state", "outbox 601: sent",
     {"UPDATE outbox SET body = x'00' WHERE tenant_id = 1 AND outbox_id = 601"}},
    {"dead, and not since when", "outbox_state", "outbox 602: dead",
     {"UPDATE outbox SET settled_ms = 0 WHERE tenant_id = 1 AND outbox_id = 602"}},
    {"somebody sends what is dead", "outbox_state", "outbox 602: dead",
     {"UPDATE outbox SET lease = 5 WHERE tenant_id = 1 AND outbox_id = 602"}},
    {"a state that nobody knows", "outbox_state", "outbox 600: lost",
     {"UPDATE outbox SET state = 'lost' WHERE tenant_id = 1 AND outbox_id = 600"}},
    {"news of nothing", "notice_event", "notice case/200/99",
     {"INSERT INTO notice VALUES (1, 'case/200/99', 200, 99, '', '', '', '', 0, 0, 0, 5)"}},
    {"an action for nobody", "notice_event", "notice action/400",
     {"INSERT INTO notice VALUES (1, 'action/400', 0, 0, 'action.order.cancel', '', 'E1', '', 0, 0, 0, 5)"}},
    {"a clock of no order", "order_clock", "order E77: longstop",
     {"INSERT INTO order_clock VALUES (1, 'E77', 'longstop', 'order', 5, 'E77-1')"}},
    {"an order that is over has a clock", "order_clock", "order E1: late",
     {"UPDATE shop_order SET status = 'closed' WHERE tenant_id = 1 AND order_id = 'E1'",
      "INSERT INTO order_clock VALUES (1, 'E1', 'late', 'order', 5, 'E1-1')"}},
    {"a reminder that nobody heard", "care_sent", "care payment of E1",
     {"INSERT INTO care_sent VALUES (1, 'B1', 'payment', 'E1', 'sent', 5, 'E1')"}},
    {"handed on, and nobody knows what for", "shop_wish", "wish act_999: waiting",
     {"INSERT INTO shop_wish VALUES (1, 999, 'act_999', 'order.add_note', 'E1', 0, 'B1', 0, 'waiting', '', '', '', '', 5, 0,"
      " NULL, 0)"}},
    {"paid by the shop, and the case has not heard", "shop_wish", "wish pay_202_1: done",
     {"INSERT INTO shop_wish VALUES (1, 998, 'pay_202_1', 'payment.refund', 'E1', 202, 'B1', 0, 'done', '', '', '', '', 5, 6,"
      " NULL, 0)"}},
    {"agreed, and no buyer said so", "agreement", "agreement 77: kept",
     {"INSERT INTO agreement VALUES (1, 77, 1, 1, '', 'sleeves', 9, 0, 'kept', 1, 5, 8, 6, 1, 99, 1, 7, '', 0, '{}')"}},
    {"a proposal that never lapses", "agreement", "agreement 78: proposed",
     {"INSERT INTO agreement VALUES (1, 78, 1, 1, '', 'sleeves', 9, 0, 'proposed', 1, 5, 8, 0, 0, 0, 0, 0, '', 0, '{}')"}},
    {"similar questions that are no JSON", "order_json", "knowledge K1",
     {"UPDATE knowledge SET similar = 'x' WHERE tenant_id = 1 AND knowledge_id = 'K1'"}},
    {"conditions that are no JSON", "order_json", "knowledge K1",
     {"UPDATE knowledge SET conditions = 'x' WHERE tenant_id = 1 AND knowledge_id = 'K1'"}},
};

/* What good data must not be taken for. */
static const struct fine_row {
    const char *name, *check;
    const char *change[2];
} fine_rows[] = {
    {"a note is no word of the agent's", "bot_silent",
     {"UPDATE message SET kind = 'note' WHERE tenant_id = 1 AND conversation_id = 100 AND seq = 4",
      "INSERT INTO message VALUES (1, 100, 5, 'bot', 0, 'text', 't', NULL, NULL, 1, NULL)"}},
    {"the bot has it again", "bot_silent",
     {"INSERT INTO message VALUES (1, 100, 5, 'system', 0, 'system', 't', NULL, NULL, 1, NULL)",
      "INSERT INTO message VALUES (1, 100, 6, 'bot', 0, 'text', 't', NULL, NULL, 1, NULL)"}},
    {"closed ones besides the open one", "one_open",
     {"UPDATE conversation SET handler = 'closed', closed_ms = 5 WHERE tenant_id = 1 AND conversation_id = 101",
      "UPDATE conversation SET contact_id = 6 WHERE tenant_id = 1 AND conversation_id = 102"}},
    {"one id in two conversations", "message_once",
     {"UPDATE message SET client_id = 'c1', author_id = 5 WHERE tenant_id = 1 AND author_kind = 'buyer'"}},
    {"a reopened case goes on where it closed", "case_history",
     {"UPDATE aftersale_event SET to_state = 'closed' WHERE tenant_id = 1 AND case_id = 200 AND seq = 2",
      "UPDATE aftersale_event SET from_state = 'closed' WHERE tenant_id = 1 AND case_id = 200 AND seq = 3"}},
    {"a payment that was void gives nothing back", "ledger_paid",
     {"INSERT INTO ledger_entry VALUES (1, 'case:202:1', 'reserve', 202, 'E1', 'E1-2', 'escrow', 100, 9),"
      " (1, 'case:202:1', 'void', 202, 'E1', 'E1-2', 'escrow', 100, 9)"}},
    {"what the shop pays is beside what was paid", "ledger_paid",
     {"INSERT INTO ledger_entry VALUES (1, 'case:202:1', 'reserve', 202, 'E1', 'E1-2', 'shop', 5000, 9)"}},
    {"a timer that could not be fired is tried again later", "case_timer",
     {"UPDATE timer SET due_ms = 99, data = 'put_off' WHERE tenant_id = 1 AND subject_id = 201"}},
    {"a callback's timer is no case's", "timer_owner",
     {"INSERT INTO timer VALUES (1, 303, 'callback', 5, 999, '')"}},
    {"many without an id", "message_once",
     {"UPDATE message SET client_id = NULL WHERE tenant_id = 1"}},
};

struct trial {
    const char *check, *says;
    const char *const *change;
    int before, after; /* breaches; -1: a statement failed */
    bool said;
};

static int run_sql(struct tx *tx, const char *sql)
{
    /* Past the store's door: what is planted here no room may write. */
    return sqlite3_exec(conn_db(tx->conn), sql, NULL, NULL, NULL) == SQLITE_OK ? STORE_OK : STORE_FAULT;
}

static size_t number_of(const char *name)
{
    for (size_t i = 0; i < check_count(); i++) {
        if (strcmp(check_at(i)->name, name) == 0)
            return i;
    }
    fail_msg("no check is called %s", name);
    return 0;
}

static void on_breach(void *arg, const struct check *c, struct str breach)
{
    struct trial *t = arg;
    t->said = t->said || (t->says != NULL && strcmp(c->name, t->check) == 0 && str_has(breach, str_from(t->says)));
}

static int try_one(struct tx *tx, void *arg)
{
    struct trial *t = arg;
    size_t check = number_of(t->check);
    t->before = t->after = -1;
    for (size_t i = 0; i < COUNT(good_data); i++) {
        if (run_sql(tx, good_data[i]) != STORE_OK)
            return UNDO;
    }
    t->before = check_run(tx, check, on_breach, t);
    for (size_t i = 0; i < 2 && t->change[i] != NULL; i++) {
        if (run_sql(tx, t->change[i]) != STORE_OK)
            return UNDO;
    }
    t->after = check_run(tx, check, on_breach, t);
    return UNDO;
}

static void a_planted_breach_is_found_and_named(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct trial t = {.check = rows[i].check, .says = rows[i].says, .change = rows[i].plant};
        assert_int_equal(store_write(store, try_one, &t), UNDO);
        if (t.before != 0 || t.after != 1 || !t.said)
            row_failed(failed, rows[i].name, "%s: %d before, %d after, named: %d", t.check, t.before, t.after, t.said);
    }
    assert_int_equal(failed, 0);
}

static void what_is_allowed_is_no_breach(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(fine_rows); i++) {
        struct trial t = {.check = fine_rows[i].check, .change = fine_rows[i].change};
        assert_int_equal(store_write(store, try_one, &t), UNDO);
        if (t.before != 0 || t.after != 0)
            row_failed(failed, fine_rows[i].name, "%s: %d before, %d after", t.check, t.before, t.after);
    }
    assert_int_equal(failed, 0);
}

static void every_check_has_a_breach_that_it_finds(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < check_count(); i++) {
        bool planted = false;
        for (size_t k = 0; k < COUNT(rows); k++)
            planted = planted || strcmp(rows[k].check, check_at(i)->name) == 0;
        if (!planted)
            row_failed(failed, check_at(i)->name, "no row plants one");
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_planted_breach_is_found_and_named),
        cmocka_unit_test(what_is_allowed_is_no_breach),
        cmocka_unit_test(every_check_has_a_breach_that_it_finds),
    };
    return cmocka_run_group_tests(tests, open_store, close_store);
}
