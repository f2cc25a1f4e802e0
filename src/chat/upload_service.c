/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Taking in, giving back, sweeping.
 *
 * How          The file first, then the row: a crash in between leaves a file that no row knows, and the broom finds it by
 *              walking one of the 256 folders of each shop a minute. Rows that no message shows are found by an index.
 */
#include "chat/upload_service.h"

#include <stdlib.h>

#include "base/id.h"
#include "base/limit.h"
#include "base/log.h"
#include "base/seal.h"
#include "base/time.h"
#include "chat/upload_file.h"
#include "chat/upload_store.h"

#define SWEEP_MOST  200
#define VERIFY_PAGE 500
#define VERIFY_TOLD 20
#define SEALED_MORE 40 /* nonce and tag of base/seal.h */

struct uploads {
    struct store *store;
    char *dir;
    unsigned walked; /* the sweeping thread's: which of the 256 folders is next */
};

struct uploads *uploads_new(struct store *store, const char *dir)
{
    struct uploads *u = xcalloc(1, sizeof(*u));
    u->store = store;
    u->dir = str_heap(str_from(dir));
    return u;
}

void uploads_free(struct uploads *u)
{
    if (u == NULL)
        return;
    free(u->dir);
    free(u);
}

/* A file is of no use under another's name. */
static const char *context_of(struct arena *a, int64_t id)
{
    return str_c(a, str_fmt(a, "upload.%lld", (long long)id));
}

/* ---- in ---- */

struct counting {
    int64_t tenant_id, contact_id, since_ms;
    int count;
};

static int count_recent(struct tx *tx, void *arg)
{
    struct counting *c = arg;
    c->count = upload_count(tx, c->tenant_id, c->contact_id, c->since_ms);
    return c->count < 0 ? STORE_FAULT : STORE_OK;
}

static int insert(struct tx *tx, void *arg)
{
    return upload_insert(tx, arg);
}

enum upload_answer upload_put(struct uploads *u, struct arena *a, int64_t tenant_id, int64_t contact_id, struct str raw,
                              int64_t now_ms, struct upload *ret)
{
    struct upload row = {.tenant_id = tenant_id, .id = id_new(now_ms), .contact_id = contact_id, .at_ms = now_ms};
    struct counting recent = {.tenant_id = tenant_id, .contact_id = contact_id, .since_ms = now_ms - HOUR_MS};
    if (store_read(u->store, count_recent, &recent) != STORE_OK)
        return UPLOAD_FAULT;
    if (recent.count >= LIMIT_UPLOADS_PER_HOUR)
        return UPLOAD_TOO_MANY;
    struct str clean;
    enum upload_answer answer = upload_clean(a, raw, &row, &clean);
    if (answer != UPLOAD_OK)
        return answer;
    row.bytes = (int64_t)clean.n;
    if (!upload_file_write(u->dir, tenant_id, row.id, seal(a, tenant_id, context_of(a, row.id), clean)))
        return UPLOAD_FAULT;
    if (store_write(u->store, insert, &row) != STORE_OK) {
        upload_file_remove(u->dir, tenant_id, row.id);
        return UPLOAD_FAULT;
    }
    *ret = row;
    return UPLOAD_OK;
}

/* ---- out ---- */

enum upload_answer upload_bytes(struct uploads *u, struct arena *a, const struct upload *of, struct str *ret)
{
    struct str sealed;
    if (upload_file_read(a, u->dir, of->tenant_id, of->id, &sealed) &&
        seal_open(a, of->tenant_id, context_of(a, of->id), sealed, ret))
        return UPLOAD_OK;
    log_event(LOG_ERROR, "upload not readable", "id=%lld", (long long)of->id);
    return UPLOAD_FAULT;
}

/* ---- the broom ---- */

struct sweep {
    struct arena arena;
    int64_t before_ms;
    struct upload *list;
    size_t n;
    struct upload one;
    bool known;
};

static int list_loose(struct tx *tx, void *arg)
{
    struct sweep *s = arg;
    return upload_list_loose(tx, &s->arena, s->before_ms, SWEEP_MOST, &s->list, &s->n);
}

static int delete_loose(struct tx *tx, void *arg)
{
    struct sweep *s = arg;
    for (size_t i = 0; i < s->n; i++) {
        int rc = upload_delete_loose(tx, s->list[i].tenant_id, s->list[i].id);
        if (rc < 0)
            return STORE_FAULT;
        if (rc == 0) /* a message shows it since: its file stays */
            s->list[i].tenant_id = 0;
    }
    return STORE_OK;
}

static void sweep_loose(struct uploads *u, struct sweep *s)
{
    if (store_read(u->store, list_loose, s) != STORE_OK || s->n == 0 || store_write(u->store, delete_loose, s) != STORE_OK)
        return; /* a fault was logged; the next round tries again */
    for (size_t i = 0; i < s->n; i++)
        if (s->list[i].tenant_id != 0)
            upload_file_remove(u->dir, s->list[i].tenant_id, s->list[i].id);
}

struct strays {
    struct uploads *uploads;
    struct sweep *sweep;
};

static int is_known(struct tx *tx, void *arg)
{
    struct sweep *s = arg;
    int rc = upload_get(tx, s->one.tenant_id, s->one.id, &s->one);
    s->known = rc != 0;
    return rc < 0 ? STORE_FAULT : STORE_OK;
}

static void remove_stray(void *arg, const struct upload_found *f)
{
    struct strays *w = arg;
    struct sweep *s = w->sweep;
    s->one = (struct upload){.tenant_id = f->tenant_id, .id = f->id};
    if (id_at_ms(f->id) >= s->before_ms || store_read(w->uploads->store, is_known, s) != STORE_OK || s->known)
        return;
    log_event(LOG_INFO, "stray upload removed", "id=%lld", (long long)f->id);
    upload_file_remove(w->uploads->dir, f->tenant_id, f->id);
}

void uploads_sweep(struct uploads *u, int64_t now_ms)
{
    struct sweep s = {.before_ms = now_ms - LIMIT_UPLOAD_LOOSE_MS};
    sweep_loose(u, &s);
    struct strays w = {u, &s};
    upload_file_each(u->dir, (int)(u->walked++ & 0xff), remove_stray, &w);
    arena_done(&s.arena);
}

/* ---- verifying and mending ---- */

struct verify {
    struct tx *tx;
    struct arena arena;
    int64_t before_ms;
    void (*say)(void *arg, struct str breach);
    void *arg;
    int found;
};

static void say_breach(struct verify *v, int64_t id, const char *what)
{
    if (v->found++ < VERIFY_TOLD)
        v->say(v->arg, str_fmt(&v->arena, "upload %lld: %s", (long long)id, what));
}

static void verify_file(void *arg, const struct upload_found *f)
{
    struct verify *v = arg;
    struct upload row;
    if (id_at_ms(f->id) < v->before_ms && upload_get(v->tx, f->tenant_id, f->id, &row) == 0)
        say_breach(v, f->id, "a file that no row knows");
}

int uploads_verify(struct tx *tx, const char *dir, int64_t now_ms, void (*say)(void *arg, struct str breach), void *arg)
{
    struct verify v = {.tx = tx, .before_ms = now_ms - 2 * LIMIT_UPLOAD_LOOSE_MS, .say = say, .arg = arg};
    struct upload *list;
    size_t n = 1;
    int64_t tenant_id = 0, id = 0;
    int rc = STORE_OK;
    while (n > 0 && (rc = upload_list(tx, &v.arena, tenant_id, id, VERIFY_PAGE, &list, &n)) == STORE_OK) {
        for (size_t i = 0; i < n; i++) {
            int64_t size = upload_file_size(dir, list[i].tenant_id, list[i].id);
            if (size < 0)
                say_breach(&v, list[i].id, "its file is missing");
            else if (size != list[i].bytes + SEALED_MORE)
                say_breach(&v, list[i].id, "its file has another size");
            tenant_id = list[i].tenant_id;
            id = list[i].id;
        }
    }
    upload_file_each(dir, -1, verify_file, &v);
    arena_done(&v.arena);
    return rc == STORE_OK ? v.found : STORE_FAULT;
}

struct mend {
    struct arena arena;
    const char *dir;
};

static int mend(struct tx *tx, void *arg)
{
    struct mend *m = arg;
    struct upload *list;
    size_t n;
    int rc = upload_list_loose(tx, &m->arena, INT64_MAX, INT32_MAX, &list, &n);
    for (size_t i = 0; i < n && rc == STORE_OK; i++)
        if (upload_file_size(m->dir, list[i].tenant_id, list[i].id) < 0)
            rc = upload_delete_loose(tx, list[i].tenant_id, list[i].id) < 0 ? STORE_FAULT : STORE_OK;
    return rc;
}

int uploads_mend(struct store *store, const char *dir)
{
    struct mend m = {.dir = dir};
    int rc = store_write(store, mend, &m);
    arena_done(&m.arena);
    return rc;
}
