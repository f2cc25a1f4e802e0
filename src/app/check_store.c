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
