/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A batch: many units of work in one transaction. Those that nobody waits for go without a savepoint each, and are run once
 * more, with one, when one of them wrote and then refused.
 *
 * Always true: a unit that answers anything but 0 leaves nothing behind, and harms no other unit.
 * Thread       the writer's.
 */
#include "base/log.h"
#include "store/store_private.h"

static int run_unit(struct conn *c, struct unit *u)
{
    if (conn_exec(c, "SAVEPOINT unit") != STORE_OK)
        return STORE_FAULT;
    struct tx tx = {.conn = c};
    conn_mark_unit(c, true);
    int answer = u->fn(&tx, u->arg);
    conn_mark_unit(c, false);
    if (sqlite3_get_autocommit(conn_db(c)))
        return STORE_FAULT; /* undone already, and everything before it in this transaction: run_batch() sees it */
    if (answer != 0 && conn_exec(c, "ROLLBACK TO unit") != STORE_OK)
        return STORE_FAULT;
    if (conn_exec(c, "RELEASE unit") != STORE_OK)
        return STORE_FAULT;
    return answer;
}

/* A savepoint keeps a copy of every page that its unit writes, for an undoing that hardly ever comes: a quarter of the
 * writer's time. A unit that may be run again goes without. CHAT_STALE and its like are found before anything is written. */
static bool run_bare(struct conn *c, struct unit *u)
{
    sqlite3_int64 before = sqlite3_total_changes64(conn_db(c));
    struct tx tx = {.conn = c};
    conn_mark_unit(c, true);
    u->answer = u->fn(&tx, u->arg);
    conn_mark_unit(c, false);
    return u->answer == STORE_OK ||
           (!sqlite3_get_autocommit(conn_db(c)) && sqlite3_total_changes64(conn_db(c)) == before);
}

/* Puts the units that nobody waits for first: they are run, and so answered, before the others. (Whoever waits has nothing
 * behind it in the list, so that one caller's units stay in order.) @return the first that somebody waits for, or NULL */
static struct unit *waited_last(struct unit **list)
{
    struct unit *waited = NULL, **end = &waited, **at = list;
    while (*at != NULL) {
        if ((*at)->answered == NULL) {
            at = &(*at)->next;
            continue;
        }
        *end = *at;
        *at = (*at)->next;
        end = &(*end)->next;
    }
    *end = NULL;
    *at = waited;
    return waited;
}

/* The units from one up to another, in order. false: the transaction holds half a unit, or is gone. */
static bool run_units(struct conn *c, struct unit *list, const struct unit *end, bool bare)
{
    for (struct unit *u = list; u != end; u = u->next) {
        if (bare && !run_bare(c, u))
            return false;
        if (!bare)
            u->answer = run_unit(c, u);
        /* A full disk makes SQLite roll the whole transaction back by itself: then nothing before counts either. */
        if (u->answer == STORE_FAULT && sqlite3_get_autocommit(conn_db(c)))
            return false;
    }
    return true;
}

static bool roll_back(struct conn *c)
{
    if (sqlite3_get_autocommit(conn_db(c)) || conn_exec(c, "ROLLBACK") == STORE_OK)
        return true;
    log_event(LOG_ERROR, "rollback failed", NULL);
    return false;
}

bool run_batch(struct conn *c, struct unit **list)
{
    struct unit *waited = waited_last(list);
    if (conn_exec(c, "BEGIN IMMEDIATE") != STORE_OK)
        return false;
    bool ok = run_units(c, *list, waited, true);
    if (!ok) /* somebody wrote and then refused: all of them once more, each in a savepoint */
        ok = roll_back(c) && conn_exec(c, "BEGIN IMMEDIATE") == STORE_OK && run_units(c, *list, waited, false);
    if (ok && run_units(c, waited, NULL, false) && conn_exec(c, "COMMIT") == STORE_OK)
        return true;
    (void)roll_back(c); /* logged */
    return false;
}
