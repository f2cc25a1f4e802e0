/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of the desk.
 */
#include "desk/desk_store.h"

#include "account/actor.h"
#include "base/json.h"

/* ---- people ----------------------------------------------------------------------------------------------- */

static void read_languages(struct arena *a, struct str json, struct routing_agent *g)
{
    _cleanup_(json_donep) json_t *list = json_read(json, NULL);
    size_t n = json_array_size(list);
    struct str *languages = arena_array(a, struct str, n);
    for (size_t i = 0; i < n; i++)
        languages[i] = str_dup(a, json_text(json_array_get(list, i)));
    g->languages = languages;
    g->language_count = n;
}

static int read_agents(struct tx *tx, struct arena *a, int64_t tenant_id, struct routing_agent **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "SELECT p.person_id, p.roles, p.languages, p.concurrency, p.free_ms,"
            " (SELECT COUNT(*) FROM conversation c WHERE c.tenant_id = p.tenant_id AND c.agent_id = p.person_id"
            " AND c.handler = 'agent')"
            " FROM person p WHERE p.tenant_id = $1 AND p.status = 'online' AND p.gone_ms = 0 ORDER BY p.person_id");
    stmt_int(&q, tenant_id);
    ARRAY(struct routing_agent) found = {0};
    int rc;
    while ((rc = stmt_next(&q)) > 0) {
        if ((roles_from_json(stmt_get_text(&q, 1)) & ROLES_DESK) == 0)
            continue;
        struct routing_agent *g = array_push(a, &found);
        g->id = stmt_get_int(&q, 0);
        g->online = true;
        read_languages(a, stmt_get_text(&q, 2), g);
        g->cap = (int)stmt_get_int(&q, 3);
        g->free_ms = stmt_get_int(&q, 4);
        g->load = (int)stmt_get_int(&q, 5);
    }
    *ret = found.v;
    *ret_n = found.n;
    return rc;
}

/* Both lists rise by person_id, so one walk gives everybody their skills. */
static int read_skills(struct tx *tx, struct arena *a, int64_t tenant_id, struct routing_agent *agents, size_t n)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "SELECT person_id, skill, level FROM person_skill WHERE tenant_id = $1 ORDER BY person_id, skill");
    stmt_int(&q, tenant_id);
    ARRAY(struct routing_skill) skills = {0};
    size_t at = 0;
    int rc;
    while ((rc = stmt_next(&q)) > 0) {
        int64_t id = stmt_get_int(&q, 0);
        if (at < n && agents[at].id < id)
            skills = (typeof(skills)){0};
        while (at < n && agents[at].id < id)
            at++;
        if (at == n || agents[at].id != id)
            continue;
        struct routing_skill *s = array_push(a, &skills);
        s->name = stmt_copy_text(&q, 1, a);
        s->level = (int)stmt_get_int(&q, 2);
        agents[at].skills = skills.v;
        agents[at].skill_count = skills.n;
    }
    return rc;
}

int desk_agents(struct tx *tx, struct arena *a, int64_t tenant_id, struct routing_agent **ret, size_t *ret_n)
{
    int rc = read_agents(tx, a, tenant_id, ret, ret_n);
    return rc < 0 ? rc : read_skills(tx, a, tenant_id, *ret, *ret_n);
}

int desk_groups(struct tx *tx, struct arena *a, int64_t tenant_id, struct desk_group **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "SELECT g.skill, (SELECT COUNT(*) FROM person_skill s WHERE s.tenant_id = $1 AND s.skill = g.skill),"
            " (SELECT COUNT(*) FROM person_skill s JOIN person p ON p.tenant_id = s.tenant_id"
            "  AND p.person_id = s.person_id WHERE s.tenant_id = $1 AND s.skill = g.skill"
            "  AND p.status = 'online' AND p.gone_ms = 0),"
            " (SELECT COUNT(*) FROM conversation c WHERE c.tenant_id = $1 AND c.handler = 'queue'"
            "  AND c.skill = g.skill)"
            " FROM (SELECT skill FROM person_skill WHERE tenant_id = $1"
            "  UNION SELECT skill FROM conversation WHERE tenant_id = $1 AND handler = 'queue') g ORDER BY g.skill");
    stmt_int(&q, tenant_id);
    ARRAY(struct desk_group) found = {0};
    int rc;
    while ((rc = stmt_next(&q)) > 0) {
        struct desk_group *g = array_push(a, &found);
        g->skill = stmt_copy_text(&q, 0, a);
        g->facts.roster = (int)stmt_get_int(&q, 1);
        g->facts.online = (int)stmt_get_int(&q, 2);
        g->waiting = stmt_get_int(&q, 3);
    }
    *ret = found.v;
    *ret_n = found.n;
    return rc;
}

static int64_t read_count(struct stmt *q)
{
    return stmt_next(q) > 0 ? stmt_get_int(q, 0) : STORE_FAULT;
}

int64_t desk_waiting_for(struct tx *tx, int64_t tenant_id, struct str skill)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "SELECT COUNT(*) FROM conversation WHERE tenant_id = $1 AND skill = $2 AND handler = 'queue'");
    stmt_int(&q, tenant_id);
    stmt_text(&q, skill);
    return read_count(&q);
}

int64_t desk_load(struct tx *tx, int64_t tenant_id, int64_t person_id)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "SELECT COUNT(*) FROM conversation WHERE tenant_id = $1 AND agent_id = $2 AND handler = 'agent'");
    stmt_int(&q, tenant_id);
    stmt_int(&q, person_id);
    return read_count(&q);
}

int desk_conversations_of(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t person_id, int64_t **ret,
                          size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT conversation_id FROM conversation WHERE tenant_id = $1 AND agent_id = $2"
                      " AND handler = 'agent' ORDER BY conversation_id");
    stmt_int(&q, tenant_id);
    stmt_int(&q, person_id);
    ARRAY(int64_t) found = {0};
    int rc;
    while ((rc = stmt_next(&q)) > 0)
        *array_push(a, &found) = stmt_get_int(&q, 0);
    *ret = found.v;
    *ret_n = found.n;
    return rc;
}

int desk_people_count(struct tx *tx, int64_t tenant_id, int *ret_roster, int *ret_online)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT roles, status = 'online' AND gone_ms = 0 FROM person WHERE tenant_id = $1");
    stmt_int(&q, tenant_id);
    *ret_roster = *ret_online = 0;
    int rc;
    while ((rc = stmt_next(&q)) > 0) {
        if ((roles_from_json(stmt_get_text(&q, 0)) & ROLES_DESK) == 0)
            continue;
        (*ret_roster)++;
        *ret_online += stmt_get_int(&q, 1) != 0;
    }
    return rc;
}

/* ---- who waits -------------------------------------------------------------------------------------------- */

/* One class of the queue, so that the index gives its order and only as many rows are read as are wanted. */
static int read_class(struct tx *tx, struct arena *a, int64_t tenant_id, struct str skill, bool front, bool urgent,
                      int64_t served_after_ms, size_t limit, struct routing_contact *into, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "SELECT c.conversation_id, c.language, c.queued_ms, k.last_agent_id, k.last_agent_ms FROM conversation c"
            " JOIN contact k ON k.tenant_id = c.tenant_id AND k.contact_id = c.contact_id"
            " WHERE c.tenant_id = $1 AND c.handler = 'queue' AND c.skill = $2 AND c.front = $3 AND c.urgent = $4"
            " ORDER BY c.queued_ms, c.conversation_id LIMIT $5");
    stmt_int(&q, tenant_id);
    stmt_text(&q, skill);
    stmt_int(&q, front);
    stmt_int(&q, urgent);
    stmt_int(&q, (int64_t)limit);
    size_t n = 0;
    int rc;
    while ((rc = stmt_next(&q)) > 0) {
        bool recent = stmt_get_int(&q, 4) > served_after_ms;
        into[n++] = (struct routing_contact){.conversation_id = stmt_get_int(&q, 0),
                                             .skill = skill,
                                             .language = stmt_copy_text(&q, 1, a),
                                             .queued_ms = stmt_get_int(&q, 2),
                                             .front = front,
                                             .urgent = urgent,
                                             .last_agent_id = recent ? stmt_get_int(&q, 3) : 0};
    }
    *ret_n = n;
    return rc;
}

int desk_waiting(struct tx *tx, struct arena *a, int64_t tenant_id, struct str skill, int64_t served_after_ms,
                 size_t limit, struct routing_contact **ret, size_t *ret_n)
{
    struct routing_contact *found = arena_array(a, struct routing_contact, limit);
    size_t n = 0;
    for (int class = 3; class >= 0 && n < limit; class--) {
        size_t more;
        int rc = read_class(tx, a, tenant_id, skill, (class & 2) != 0, (class & 1) != 0, served_after_ms, limit - n,
                            found + n, &more);
        if (rc < 0)
            return rc;
        n += more;
    }
    *ret = found;
    *ret_n = n;
    return STORE_OK;
}

int64_t desk_ahead(struct tx *tx, int64_t tenant_id, const struct routing_contact *c)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "SELECT COUNT(*) FROM conversation WHERE tenant_id = $1 AND handler = 'queue' AND skill = $2 AND"
            " (front > $3 OR (front = $3 AND (urgent > $4 OR (urgent = $4 AND"
            " (queued_ms < $5 OR (queued_ms = $5 AND conversation_id < $6))))))");
    stmt_int(&q, tenant_id);
    stmt_text(&q, c->skill);
    stmt_int(&q, c->front);
    stmt_int(&q, c->urgent);
    stmt_int(&q, c->queued_ms);
    stmt_int(&q, c->conversation_id);
    return read_count(&q);
}

int64_t desk_waiting_count(struct tx *tx, int64_t tenant_id)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT COUNT(*) FROM conversation WHERE tenant_id = $1 AND handler = 'queue'");
    stmt_int(&q, tenant_id);
    return read_count(&q);
}

int64_t desk_mean_handling(struct tx *tx, int64_t tenant_id, struct str skill)
{
    /* Among the last 500 closed: a rare group must not make this read a year of conversations. */
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "SELECT COALESCE(CAST(AVG(took) AS BIGINT), 0) FROM (SELECT closed_ms - assigned_ms AS took FROM"
            " (SELECT closed_ms, assigned_ms, skill FROM conversation WHERE tenant_id = $1 AND handler = 'closed'"
            " ORDER BY conversation_id DESC LIMIT 500) AS recent"
            " WHERE skill = $2 AND assigned_ms IS NOT NULL LIMIT 20) AS last");
    stmt_int(&q, tenant_id);
    stmt_text(&q, skill);
    return read_count(&q);
}

/* ---- over all shops --------------------------------------------------------------------------------------- */

static int read_keys(struct stmt *q, struct arena *a, struct desk_key **ret, size_t *ret_n)
{
    ARRAY(struct desk_key) found = {0};
    int rc;
    while ((rc = stmt_next(q)) > 0) {
        struct desk_key *k = array_push(a, &found);
        k->tenant_id = stmt_get_int(q, 0);
        k->id = stmt_get_int(q, 1);
    }
    *ret = found.v;
    *ret_n = found.n;
    return rc;
}

int desk_vanished(struct tx *tx, struct arena *a, int64_t gone_before_ms, struct desk_key **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "SELECT tenant_id, person_id FROM person WHERE gone_ms > 0 AND gone_ms <= $1 AND (status <> 'offline'"
            " OR EXISTS (SELECT 1 FROM conversation c WHERE c.tenant_id = person.tenant_id"
            " AND c.agent_id = person.person_id AND c.handler = 'agent'))");
    stmt_int(&q, gone_before_ms);
    return read_keys(&q, a, ret, ret_n);
}

int desk_shops_waiting(struct tx *tx, struct arena *a, struct desk_key **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT tenant_id, COUNT(*) FROM conversation WHERE handler = 'queue' GROUP BY tenant_id");
    return read_keys(&q, a, ret, ret_n);
}

int desk_all_gone(struct tx *tx, int64_t now_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE person SET gone_ms = $1 WHERE gone_ms = 0 AND tenant_id <> 0");
    stmt_int(&q, now_ms);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int desk_person_acted(struct tx *tx, int64_t tenant_id, int64_t person_id, int64_t now_ms)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "UPDATE person SET gone_ms = $1 WHERE tenant_id = $2 AND person_id = $3 AND gone_ms > 0");
    stmt_int(&q, now_ms);
    stmt_int(&q, tenant_id);
    stmt_int(&q, person_id);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

/* ---- callbacks -------------------------------------------------------------------------------------------- */

int desk_callbacks_due(struct tx *tx, struct arena *a, int64_t now_ms, int limit, struct desk_timer **ret,
                       size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT tenant_id, timer_id, subject_id, data FROM timer WHERE due_ms <= $1"
                      " AND kind = 'callback' ORDER BY due_ms LIMIT $2");
    stmt_int(&q, now_ms);
    stmt_int(&q, limit);
    ARRAY(struct desk_timer) found = {0};
    int rc;
    while ((rc = stmt_next(&q)) > 0) {
        _cleanup_(json_donep) json_t *data = json_read(stmt_get_text(&q, 3), NULL);
        struct desk_timer *t = array_push(a, &found);
        t->tenant_id = stmt_get_int(&q, 0);
        t->id = stmt_get_int(&q, 1);
        t->conversation_id = stmt_get_int(&q, 2);
        t->skill = str_dup(a, json_str(data, "skill"));
    }
    *ret = found.v;
    *ret_n = found.n;
    return rc;
}

int desk_callback_drop(struct tx *tx, int64_t tenant_id, int64_t timer_id)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "DELETE FROM timer WHERE tenant_id = $1 AND timer_id = $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, timer_id);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}
