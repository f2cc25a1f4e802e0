/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of checks. Each statement gives one text column: what is broken, named by its ids.
 */
#include "app/check_store.h"

#define BREACHES_TOLD 20


static const struct check checks[] = {
    {"message_order", "a conversation's messages are 1..seq without a gap"},
    {"message_owner", "every message belongs to a conversation"},
    {"message_once", "a client's message id is stored once"},
    {"one_handler", "an agent is named exactly while an agent has the conversation"},
    {"handler_known", "a handler is bot, queue, agent or closed"},
    {"queue_since", "what waits knows since when; what is closed knows when"},
    {"one_open", "a contact has at most one open conversation"},
    {"agent_cap", "no agent has more conversations than the cap"},
    {"agent_known", "whoever has a conversation is a person of that shop"},
    {"contact_known", "every conversation has its contact"},
    {"bot_silent", "the bot never speaks after an agent's message until the conversation is back with it"},
    {"rating_of_one", "a rating is of an agent or of a bot's version, not both, and of a closed conversation"},
    {"case_timer", "a case has exactly one timer while it is open, at the instant that it says, and none when it is closed"},
    {"timer_owner", "every timer of a case belongs to a case"},
    {"case_history", "a case's events are 1..version without a gap, each begins where the last one ended, and the last one ends where the case is"},
    {"case_order", "every case belongs to an order of its buyer, with that sub-order"},
    {"case_once", "a sub-order has at most one open case about its goods"},
    {"case_money", "what a case says it reserved and refunded is what the ledger says"},
    {"case_paying", "money is on its way exactly while a case is paying, and it is what the case reserved"},
    {"ledger_steps", "a payment is reserved once, then committed or void once, of the same amount and case"},
    {"ledger_amount", "the ledger moves positive amounts, of known steps and payers"},
    {"ledger_event", "every entry of the ledger has the event that made it, and every event that moves money its entry"},
    {"ledger_paid", "no order gives back more than was paid for it"},
    {"action_effect", "what was done has what it did: its case, its work order, its money"},
    {"action_cause", "every work order of an action and every goodwill payment has the action that made it"},
    {"action_key", "an action's key is taken once"},
    {"action_settled", "what waits is not settled and everything else is, refusals have a reason, and no second person is the first"},
    {"work_order", "a work order has a due time, and its state and its events 1..version agree"},
    {"evidence_case", "evidence belongs to a case"},
    {"outbox_state", "what waits or is dead in the outbox can be sent, what was sent or given up is forgotten, and each is settled or not"},
    {"notice_event", "news that a buyer was not told yet are of an event that is there"},
    {"upload_message", "an upload is shown by a message of its buyer, and a message shows an upload that is there"},
    {"order_clock", "a clock of an order belongs to an order that is not over, or to a case"},
    {"care_sent", "what is kept as said unasked was said"},
    {"shop_wish", "what was handed on to a shop's own system is settled with its action or its payment, and waits with a message"},
    {"agreement", "an agreement that waits for its answer or its term has its timer, what was agreed has the buyer's message, and what is overdue its work order"},
    {"action_rules", "the rules that a logged action went by are there, as JSON, where its digest names them"},
    {"order_json", "stored orders, products and knowledge are valid JSON where they should be"},
};

size_t check_count(void)
{
    return COUNT(checks);
}

const struct check *check_at(size_t i)
{
    return &checks[i];
}

static struct stmt open_check(struct tx *tx, size_t i)
{
    switch (i) {
    case 0:
        return stmt_open(tx, "SELECT 'conversation ' || c.conversation_id || ': seq ' || c.seq || ', messages ' || count(m.seq)"
                             " || ', last ' || coalesce(max(m.seq), 0) FROM conversation c LEFT JOIN message m"
                             " ON m.tenant_id = c.tenant_id AND m.conversation_id = c.conversation_id"
                             " GROUP BY c.tenant_id, c.conversation_id, c.seq"
                             " HAVING count(m.seq) <> c.seq OR coalesce(max(m.seq), 0) <> c.seq OR coalesce(min(m.seq), 1) <> 1");
    case 1:
        return stmt_open(tx, "SELECT 'message ' || m.conversation_id || '/' || m.seq FROM message m LEFT JOIN conversation c"
                             " ON c.tenant_id = m.tenant_id AND c.conversation_id = m.conversation_id"
                             " WHERE c.conversation_id IS NULL");
    case 2:
        return stmt_open(tx, "SELECT 'conversation ' || conversation_id || ', client_id ' || client_id FROM message"
                             " WHERE client_id IS NOT NULL GROUP BY tenant_id, conversation_id, author_id, client_id"
                             " HAVING count(*) > 1");
    case 3:
        return stmt_open(tx, "SELECT 'conversation ' || tenant_id || '/' || conversation_id || ': ' || handler FROM conversation"
                             " WHERE (handler = 'agent') <> (agent_id IS NOT NULL)");
    case 4:
        return stmt_open(tx, "SELECT 'conversation ' || tenant_id || '/' || conversation_id || ': ' || handler FROM conversation"
                             " WHERE handler NOT IN ('bot', 'queue', 'agent', 'closed')");
    case 5:
        return stmt_open(tx, "SELECT 'conversation ' || tenant_id || '/' || conversation_id || ': ' || handler FROM conversation"
                             " WHERE (handler = 'queue' AND queued_ms IS NULL) OR (handler = 'closed') <> (closed_ms IS NOT NULL)");
    case 6:
        return stmt_open(tx, "SELECT 'contact ' || contact_id || ': ' || count(*) || ' open' FROM conversation"
                             " WHERE handler <> 'closed' GROUP BY tenant_id, contact_id HAVING count(*) > 1");
    case 7:
        return stmt_open(tx, "SELECT 'person ' || p.external_id || ': ' || count(*) || ' of ' || p.concurrency FROM conversation c"
                             " JOIN person p ON p.tenant_id = c.tenant_id AND p.person_id = c.agent_id"
                             " WHERE c.handler = 'agent' GROUP BY p.tenant_id, p.person_id, p.external_id, p.concurrency"
                             " HAVING count(*) > p.concurrency");
    case 8:
        return stmt_open(tx, "SELECT 'conversation ' || c.conversation_id FROM conversation c LEFT JOIN person p"
                             " ON p.tenant_id = c.tenant_id AND p.person_id = c.agent_id"
                             " WHERE c.agent_id IS NOT NULL AND p.person_id IS NULL");
    case 9:
        return stmt_open(tx, "SELECT 'conversation ' || c.conversation_id FROM conversation c LEFT JOIN contact k"
                             " ON k.tenant_id = c.tenant_id AND k.contact_id = c.contact_id WHERE k.contact_id IS NULL");
    case 10:
        return stmt_open(tx, "SELECT 'message ' || b.conversation_id || '/' || b.seq FROM message b JOIN message a"
                             " ON a.tenant_id = b.tenant_id AND a.conversation_id = b.conversation_id AND a.author_kind = 'agent'"
                             " AND a.kind <> 'note' AND a.seq < b.seq WHERE b.author_kind = 'bot' AND NOT EXISTS"
                             " (SELECT 1 FROM message s WHERE s.tenant_id = b.tenant_id AND s.conversation_id = b.conversation_id"
                             " AND s.author_kind = 'system' AND s.seq > a.seq AND s.seq < b.seq)");
    case 11:
        return stmt_open(tx, "SELECT 'conversation ' || r.conversation_id FROM rating r JOIN conversation c"
                             " ON c.tenant_id = r.tenant_id AND c.conversation_id = r.conversation_id"
                             " WHERE (r.agent_id IS NULL) = (r.bot_version IS NULL) OR c.handler <> 'closed'");
    case 12:
        return stmt_open(tx, "SELECT 'case ' || c.case_id || ': ' || c.state || ', timer at ' || COALESCE(t.due_ms, 'none')"
                             " FROM aftersale c LEFT JOIN timer t ON t.tenant_id = c.tenant_id AND t.kind = 'aftersale'"
                             " AND t.subject_id = c.case_id WHERE (COALESCE(t.due_ms, 0) <> c.due_ms AND COALESCE(t.data, '') <> 'put_off')"
                             " OR (c.due_ms = 0) <> (c.state IN ('success', 'rejected', 'closed'))"
                             " OR (c.due_ms = 0) <> (c.closed_ms <> 0)");
    case 13:
        return stmt_open(tx, "SELECT 'timer ' || t.timer_id FROM timer t LEFT JOIN aftersale c"
                             " ON c.tenant_id = t.tenant_id AND c.case_id = t.subject_id"
                             " WHERE t.kind = 'aftersale' AND c.case_id IS NULL");
    case 14:
        return stmt_open(tx, "SELECT 'case ' || c.case_id FROM aftersale c WHERE c.version <> (SELECT count(*)"
                             " FROM aftersale_event e WHERE e.tenant_id = c.tenant_id AND e.case_id = c.case_id)"
                             " UNION ALL SELECT 'case event ' || e.case_id || '/' || e.seq FROM aftersale_event e"
                             " LEFT JOIN aftersale_event p ON p.tenant_id = e.tenant_id AND p.case_id = e.case_id"
                             " AND p.seq = e.seq - 1 LEFT JOIN aftersale c ON c.tenant_id = e.tenant_id"
                             " AND c.case_id = e.case_id WHERE e.from_state <> COALESCE(p.to_state, 'none')"
                             " OR (p.seq IS NULL) <> (e.seq = 1) OR e.at_ms < COALESCE(p.at_ms, 0) OR c.case_id IS NULL"
                             " OR (e.seq = c.version AND (e.to_state <> c.state OR e.pause <> c.pause"
                             " OR e.due_ms <> c.due_ms)) OR NOT json_valid(e.input) OR NOT json_valid(e.rules)");
    case 15:
        return stmt_open(tx, "SELECT 'case ' || c.case_id FROM aftersale c LEFT JOIN shop_order o"
                             " ON o.tenant_id = c.tenant_id AND o.order_id = c.order_id AND o.buyer = c.buyer"
                             " WHERE o.order_id IS NULL OR (json_valid(o.body) AND NOT EXISTS (SELECT 1 FROM"
                             " json_each(o.body, '$.items') i WHERE json_extract(i.value, '$.sub_id') = c.sub_id))");
    case 16:
        return stmt_open(tx, "SELECT 'order ' || order_id || ', sub-order ' || sub_id || ': ' || count(*) || ' open'"
                             " FROM aftersale WHERE due_ms <> 0 AND type IN ('refund_only', 'return_refund', 'exchange',"
                             " 'repair', 'resend') GROUP BY tenant_id, order_id, sub_id HAVING count(*) > 1");
    case 17:
        return stmt_open(tx, "SELECT 'case ' || c.case_id || ': refunded ' || c.refunded_cents || ', reserved ' ||"
                             " c.reserved_cents FROM aftersale c LEFT JOIN (SELECT tenant_id, case_id,"
                             " sum(amount_cents * (step = 'commit')) AS back,"
                             " sum(amount_cents * ((step = 'reserve') - (step <> 'reserve'))) AS open FROM ledger_entry"
                             " GROUP BY tenant_id, case_id) l ON l.tenant_id = c.tenant_id AND l.case_id = c.case_id"
                             " WHERE COALESCE(l.back, 0) <> c.refunded_cents OR COALESCE(l.open, 0) <> c.reserved_cents");
    case 18:
        return stmt_open(tx, "SELECT 'case ' || case_id || ': ' || state || ', reserved ' || reserved_cents FROM aftersale"
                             " WHERE tenant_id IS NOT NULL AND (reserved_cents > 0) <> (state IN ('paying', 'pay_review'))");
    case 19:
        return stmt_open(tx, "SELECT 'payment ' || s.ledger_key || ', ' || s.step FROM ledger_entry s LEFT JOIN"
                             " ledger_entry r ON r.tenant_id = s.tenant_id AND r.ledger_key = s.ledger_key"
                             " AND r.step = 'reserve' WHERE s.step <> 'reserve' AND (r.step IS NULL"
                             " OR r.amount_cents <> s.amount_cents OR r.case_id <> s.case_id OR r.order_id <> s.order_id"
                             " OR r.sub_id <> s.sub_id OR r.payer <> s.payer) UNION ALL SELECT 'payment ' || ledger_key"
                             " || ': settled twice' FROM ledger_entry WHERE step <> 'reserve'"
                             " GROUP BY tenant_id, ledger_key HAVING count(*) > 1");
    case 20:
        return stmt_open(tx, "SELECT 'payment ' || ledger_key || ', ' || step || ': ' || amount_cents FROM ledger_entry"
                             " WHERE tenant_id IS NOT NULL AND (amount_cents <= 0 OR step NOT IN ('reserve', 'commit', 'void')"
                             " OR payer NOT IN ('escrow', 'shop', 'insurer'))");
    case 21:
        return stmt_open(tx, "SELECT 'payment ' || l.ledger_key || ', ' || l.step FROM ledger_entry l WHERE NOT EXISTS"
                             " (SELECT 1 FROM aftersale_event e WHERE e.tenant_id = l.tenant_id AND e.case_id = l.case_id"
                             " AND e.money = l.step AND e.amount_cents = l.amount_cents AND e.at_ms = l.at_ms)"
                             " AND NOT (l.case_id = 0 AND l.ledger_key LIKE 'goodwill:%')"
                             " UNION ALL SELECT 'case event ' || e.case_id || '/' || e.seq FROM aftersale_event e"
                             " WHERE e.money <> 'none' AND NOT EXISTS (SELECT 1 FROM ledger_entry l"
                             " WHERE l.tenant_id = e.tenant_id AND l.case_id = e.case_id AND l.step = e.money"
                             " AND l.amount_cents = e.amount_cents AND l.at_ms = e.at_ms)");
    case 22:
        return stmt_open(tx, "SELECT 'order ' || l.order_id || ': ' || l.taken FROM (SELECT tenant_id, order_id,"
                             " sum(amount_cents * ((step = 'reserve') - (step = 'void'))) AS taken FROM ledger_entry"
                             " WHERE payer = 'escrow' GROUP BY tenant_id, order_id) l JOIN shop_order o"
                             " ON o.tenant_id = l.tenant_id AND o.order_id = l.order_id WHERE json_valid(o.body)"
                             " AND l.taken > COALESCE(json_extract(o.body, '$.freight_cents'), 0) + (SELECT"
                             " COALESCE(sum(json_extract(i.value, '$.paid_cents')), 0) FROM json_each(o.body, '$.items') i)");
    case 23:
        return stmt_open(tx, "SELECT 'action ' || a.action_id || ', ' || a.action FROM action_log a WHERE a.status = 'done'"
                             " AND a.tenant_id IS NOT NULL AND (((a.action LIKE 'case.%' OR a.action IN ('price.protect',"
                             " 'complaint.open') OR (a.action = 'order.cancel' AND a.case_id <> 0)) AND NOT EXISTS (SELECT 1"
                             " FROM aftersale c WHERE c.tenant_id = a.tenant_id AND c.case_id = a.case_id"
                             " AND c.order_id = a.order_id)) OR (a.action IN ('logistics.urge', 'logistics.intercept',"
                             " 'invoice.request') AND NOT EXISTS (SELECT 1 FROM work_order w WHERE w.tenant_id = a.tenant_id"
                             " AND w.work_order_id = a.work_order_id AND w.order_id = a.order_id AND w.kind = a.action))"
                             " OR (a.action = 'goodwill.give' AND NOT EXISTS (SELECT 1 FROM ledger_entry l"
                             " WHERE l.tenant_id = a.tenant_id AND l.ledger_key = 'goodwill:' || a.action_id"
                             " AND l.step = 'commit' AND l.amount_cents = a.amount_cents AND l.order_id = a.order_id)))");
    case 24:
        return stmt_open(tx, "SELECT 'work order ' || w.work_order_id || ', ' || w.kind FROM work_order w WHERE w.kind IN"
                             " ('logistics.urge', 'logistics.intercept', 'invoice.request') AND NOT EXISTS (SELECT 1"
                             " FROM action_log a WHERE a.tenant_id = w.tenant_id AND a.order_id = w.order_id"
                             " AND a.work_order_id = w.work_order_id AND a.action = w.kind AND a.status = 'done')"
                             " UNION ALL SELECT 'payment ' || l.ledger_key || ', ' || l.step FROM ledger_entry l"
                             " WHERE l.ledger_key LIKE 'goodwill:%' AND l.step = 'reserve' AND NOT EXISTS (SELECT 1 FROM action_log a"
                             " WHERE a.tenant_id = l.tenant_id AND a.action_id = CAST(substr(l.ledger_key, 10) AS BIGINT)"
                             " AND a.action = 'goodwill.give' AND a.status = 'done' AND a.amount_cents = l.amount_cents)");
    case 25:
        return stmt_open(tx, "SELECT 'action key ' || action_key || ': ' || count(*) FROM action_log WHERE status NOT IN"
                             " ('refused', 'rejected') GROUP BY tenant_id, action_key HAVING count(*) > 1");
    case 26:
        return stmt_open(tx, "SELECT 'action ' || action_id || ': ' || status || ', ' || why FROM action_log"
                             " WHERE tenant_id IS NOT NULL AND (status NOT IN ('done', 'pending', 'waiting', 'refused',"
                             " 'rejected') OR (status IN ('pending', 'waiting')) <> (settled_ms = 0)"
                             " OR (status IN ('refused', 'rejected')) <> (why <> 'none')"
                             " OR (second_id <> 0 AND second_id = person_id) OR NOT json_valid(result)"
                             " OR NOT json_valid(rules))");
    case 27:
        return stmt_open(tx, "SELECT 'work order ' || w.work_order_id || ': ' || w.state FROM work_order w"
                             " WHERE w.state NOT IN ('open', 'taken', 'answered', 'done') OR w.due_ms < w.created_ms"
                             " OR (w.state = 'taken' AND w.taken_ms = 0) OR (w.state = 'answered' AND w.answered_ms = 0)"
                             " OR (w.state = 'done') <> (w.done_ms <> 0) OR w.version <> (SELECT count(*)"
                             " FROM work_order_event e WHERE e.tenant_id = w.tenant_id AND e.work_order_id = w.work_order_id"
                             " AND e.seq BETWEEN 1 AND w.version)");
    case 28:
        return stmt_open(tx, "SELECT 'evidence ' || v.upload_id || ' of case ' || v.case_id FROM aftersale_evidence v"
                             " LEFT JOIN aftersale c ON c.tenant_id = v.tenant_id AND c.case_id = v.case_id"
                             " WHERE c.case_id IS NULL");
    case 29:
        return stmt_open(tx, "SELECT 'outbox ' || outbox_id || ': ' || state FROM outbox WHERE tenant_id >= 0"
                             " AND (state NOT IN ('waiting', 'sent', 'dead', 'dropped') OR recipient IS NULL"
                             " OR (body IS NULL) <> (state IN ('sent', 'dropped'))"
                             " OR (settled_ms = 0) <> (state = 'waiting') OR (lease <> 0 AND state <> 'waiting'))");
    case 30:
        return stmt_open(tx, "SELECT 'notice ' || n.notice_key FROM notice n WHERE CASE WHEN n.case_id = 0"
                             " THEN n.buyer = '' OR n.order_id = '' ELSE NOT EXISTS (SELECT 1 FROM aftersale_event e"
                             " WHERE e.tenant_id = n.tenant_id AND e.case_id = n.case_id AND e.seq = n.seq) END");
    case 31:
        return stmt_open(tx, "SELECT 'upload ' || u.upload_id FROM upload u LEFT JOIN message m ON m.tenant_id = u.tenant_id"
                             " AND m.conversation_id = u.conversation_id AND m.seq = u.seq WHERE u.conversation_id <> 0"
                             " AND (m.seq IS NULL OR m.author_id <> u.contact_id OR m.kind NOT IN ('image', 'file'))"
                             " UNION ALL SELECT 'message ' || m.conversation_id || '/' || m.seq FROM message m"
                             " WHERE m.kind IN ('image', 'file') AND NOT EXISTS (SELECT 1 FROM upload u"
                             " WHERE u.tenant_id = m.tenant_id AND CAST(u.upload_id AS TEXT)"
                             " = json_extract('{' || m.data || '}', '$.' || m.kind || '.id'))");
    case 32:
        return stmt_open(tx, "SELECT 'order ' || k.order_id || ': ' || k.clock FROM order_clock k LEFT JOIN shop_order o"
                             " ON o.tenant_id = k.tenant_id AND o.order_id = k.order_id WHERE o.order_id IS NULL"
                             " OR (o.status IN ('finished', 'closed') AND k.clock <> 'care_return')");
    case 33:
        return stmt_open(tx, "SELECT 'care ' || s.care || ' of ' || s.event FROM care_sent s WHERE s.outcome = 'sent'"
                             " AND NOT EXISTS (SELECT 1 FROM message m WHERE m.tenant_id = s.tenant_id AND m.author_id = 0"
                             " AND m.client_id IS NOT NULL AND m.client_id = 'care/' || s.care || '/' || s.event)");
    case 34:
        return stmt_open(tx, "SELECT 'wish ' || w.wish_key || ': ' || w.state FROM shop_wish w LEFT JOIN action_log l"
                             " ON l.tenant_id = w.tenant_id AND l.action_id = w.wish_id WHERE"
                             " (w.state = 'waiting') <> (w.settled_ms = 0)"
                             " OR w.state NOT IN ('waiting', 'done', 'refused', 'given_up')"
                             " OR (w.case_id = 0 AND (l.status IS NULL OR (w.state = 'waiting' AND l.status <> 'pending')"
                             " OR (w.state = 'done' AND l.status <> 'done') OR (w.state = 'refused' AND l.status <> 'refused')))"
                             " OR (w.case_id <> 0 AND w.state = 'done' AND NOT EXISTS (SELECT 1 FROM aftersale_event e"
                             " WHERE e.tenant_id = w.tenant_id AND e.case_id = w.case_id AND e.event = 'paid'))"
                             " OR (w.state = 'waiting' AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.tenant_id = w.tenant_id"
                             " AND o.outbox_key >= w.wish_key AND o.outbox_key < w.wish_key || '0' AND o.state = 'waiting'))");
    case 35:
        return stmt_open(tx, "SELECT 'agreement ' || g.agreement_id || ': ' || g.state FROM agreement g LEFT JOIN timer t"
                             " ON t.tenant_id = g.tenant_id AND t.kind = 'agreement' AND t.subject_id = g.agreement_id"
                             " WHERE (t.timer_id IS NOT NULL) <> (g.state IN ('proposed', 'agreed'))"
                             " OR (g.state IN ('agreed', 'overdue', 'kept', 'declined') AND NOT EXISTS (SELECT 1 FROM message m"
                             " WHERE m.tenant_id = g.tenant_id AND m.conversation_id = g.answered_in"
                             " AND m.seq = g.answered_seq AND m.author_kind = 'buyer' AND m.author_id = g.contact_id))"
                             " OR (g.state = 'overdue' AND NOT EXISTS (SELECT 1 FROM work_order w"
                             " WHERE w.tenant_id = g.tenant_id AND w.work_order_id = g.work_order_id))");
    case 36: /* found as whoever reads the log finds them (trade/action_store.c) */
        return stmt_open(tx, "SELECT 'action ' || a.action_id || ': ' || a.rules FROM action_log a WHERE a.tenant_id IS NOT NULL"
                             " AND substr(a.rules, 1, 10) = '{\"digest\":' AND NOT EXISTS (SELECT 1 FROM action_rules r"
                             " WHERE r.tenant_id = a.tenant_id AND r.digest = substr(a.rules, 12, 32) AND json_valid(r.rules))");
    default:
        return stmt_open(tx, "SELECT 'order ' || tenant_id || '/' || order_id FROM shop_order WHERE NOT json_valid(body)"
                             " UNION ALL SELECT 'product ' || product_id FROM product WHERE NOT json_valid(body)"
                             " UNION ALL SELECT 'knowledge ' || knowledge_id FROM knowledge"
                             " WHERE NOT json_valid(similar) OR NOT json_valid(conditions)");
    }
}

int check_run(struct tx *tx, size_t i, void (*say)(void *arg, const struct check *c, struct str breach), void *arg)
{
    _cleanup_(stmt_close) struct stmt q = open_check(tx, i);
    int found = 0;
    int rc;
    while ((rc = stmt_next(&q)) > 0) {
        if (found++ < BREACHES_TOLD)
            say(arg, &checks[i], stmt_get_text(&q, 0));
    }
    return rc < 0 ? STORE_FAULT : found;
}
