/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may ask a third person into a conversation, and what the guest may do there.
 */
#include "desk/party.h"

static bool leads(const struct actor *who, const struct conversation *c)
{
    if ((who->roles & (ROLE_LEADER | ROLE_OWNER | ROLE_STAFF)) != 0)
        return true;
    return c->handler == HANDLER_AGENT && c->agent_id == who->id;
}

enum party_answer party_may_invite(const struct actor *who, const struct conversation *c, int64_t guest_id,
                                   uint32_t guest_roles, size_t present)
{
    if (!leads(who, c))
        return PARTY_NOT_YOURS;
    if (c->handler == HANDLER_CLOSED)
        return PARTY_CLOSED;
    /* A crowd agent sees only what it has itself. */
    bool colleague = (guest_roles & ROLES_PEOPLE & ~(uint32_t)ROLE_CROWD) != 0;
    bool has_it = c->handler == HANDLER_AGENT && c->agent_id == guest_id;
    if (!colleague || has_it)
        return PARTY_NO_PERSON;
    return present < PARTY_MOST ? PARTY_OK : PARTY_FULL;
}

enum party_answer party_may_join(const struct conversation *c, const struct party *row)
{
    if (row == NULL || row->left_ms != 0)
        return PARTY_NOT_FOUND;
    return c->handler == HANDLER_CLOSED ? PARTY_CLOSED : PARTY_OK;
}

enum party_answer party_may_say(const struct conversation *c, const struct party *row)
{
    if (row == NULL || row->joined_ms == 0 || row->left_ms != 0)
        return PARTY_NOT_JOINED;
    return c->handler == HANDLER_CLOSED ? PARTY_CLOSED : PARTY_OK;
}

enum party_answer party_may_end(const struct actor *who, const struct conversation *c, const struct party *row)
{
    if (row == NULL || row->left_ms != 0)
        return PARTY_NOT_JOINED;
    return who->id == row->person_id || leads(who, c) ? PARTY_OK : PARTY_NOT_YOURS;
}
