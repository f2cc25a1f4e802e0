/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Canned replies: who may change which.
 */
#include "desk/canned_service.h"

#include "base/asset.h"
#include "base/id.h"

/** A reply being saved or dropped. */
struct edit {
    struct arena arena;
    const struct actor *who;
    struct canned *c;
    int64_t now_ms;
    /* defaults */
    int64_t tenant_id;
    struct str rows;
};

static bool may_write(const struct actor *who, int64_t person_id)
{
    if (person_id == 0)
        return (who->roles & (ROLE_LEADER | ROLE_OWNER | ROLE_TRAINER)) != 0;
    return person_id == who->id;
}

/* The stored row as @p who may change it. */
static enum canned_answer find(struct tx *tx, struct edit *e, struct canned *ret)
{
    int found = canned_get(tx, &e->arena, e->who->tenant_id, e->c->id, ret);
    if (found < 0)
        return CANNED_FAULT;
    if (found == 0 || (ret->person_id != 0 && ret->person_id != e->who->id))
        return CANNED_NOT_FOUND;
    return may_write(e->who, ret->person_id) ? CANNED_OK : CANNED_NOT_ALLOWED;
}

static int save(struct tx *tx, void *arg)
{
    struct edit *e = arg;
    struct canned before;
    bool is_new = e->c->id == 0;
    if (!may_write(e->who, e->c->person_id))
        return CANNED_NOT_ALLOWED;
    enum canned_answer answer = is_new ? CANNED_OK : find(tx, e, &before);
    if (answer != CANNED_OK)
        return answer;
    if (is_new || before.person_id != e->c->person_id) {
        int64_t there = canned_count(tx, e->who->tenant_id, e->c->person_id);
        if (there < 0 || there >= CANNED_MOST)
            return there < 0 ? CANNED_FAULT : CANNED_FULL;
    }
    if (!is_new)
        return canned_update(tx, e->who->tenant_id, e->c) < 0 ? CANNED_FAULT : CANNED_OK;
    e->c->id = id_new(e->now_ms);
    return canned_insert(tx, e->who->tenant_id, e->c) < 0 ? CANNED_FAULT : CANNED_OK;
}

enum canned_answer canned_save(struct store *store, const struct actor *who, struct canned *c, int64_t now_ms)
{
    struct edit e = {.who = who, .c = c, .now_ms = now_ms};
    enum canned_answer answer = (enum canned_answer)store_write(store, save, &e);
    arena_done(&e.arena);
    return answer;
}

static int drop(struct tx *tx, void *arg)
{
    struct edit *e = arg;
    struct canned before;
    enum canned_answer answer = find(tx, e, &before);
    if (answer == CANNED_OK && canned_delete(tx, e->who->tenant_id, e->c->id) < 0)
        return CANNED_FAULT;
    return answer;
}

enum canned_answer canned_drop(struct store *store, const struct actor *who, int64_t id)
{
    struct canned c = {.id = id};
    struct edit e = {.who = who, .c = &c};
    enum canned_answer answer = (enum canned_answer)store_write(store, drop, &e);
    arena_done(&e.arena);
    return answer;
}

static int add_defaults(struct tx *tx, void *arg)
{
    struct edit *e = arg;
    int64_t there = canned_count(tx, e->tenant_id, 0);
    if (there != 0)
        return there < 0 ? CANNED_FAULT : CANNED_OK;
    struct str rest = e->rows;
    struct str line;
    while (str_cut(&rest, '\n', &line)) {
        struct canned c = {0};
        if (line.n == 0 || line.p[0] == '#' || !str_cut(&line, '\t', &c.team) || !str_cut(&line, '\t', &c.title))
            continue;
        c.id = id_new(e->now_ms);
        c.text = line;
        if (canned_insert(tx, e->tenant_id, &c) < 0)
            return CANNED_FAULT;
    }
    return CANNED_OK;
}

enum canned_answer canned_defaults(struct store *store, int64_t tenant_id, struct str language, int64_t now_ms)
{
    struct edit e = {.tenant_id = tenant_id, .now_ms = now_ms};
    e.rows = asset_find(str_fmt(&e.arena, "packs/%.*s/canned.tsv", STR_ARG(language)));
    enum canned_answer answer = (enum canned_answer)store_write(store, add_defaults, &e);
    arena_done(&e.arena);
    return answer;
}
