/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One HTTP request: finding its row, then on a worker checking caller and body, running the handler, and making every
 * refusal an RFC 9457 problem document that carries the request id.
 */
#include "net/exchange.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <sodium.h>

#include "base/id.h"
#include "base/limit.h"
#include "base/log.h"
#include "base/seal.h"
#include "base/time.h"
#include "net/idempotency_store.h"
#include "net/server_private.h"
#include "net/shape.h"

bool percent_decode(struct arena *a, struct str in, struct str *ret)
{
    char *out = arena_alloc(a, in.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < in.n; i++) {
        if (in.p[i] != '%') {
            out[n++] = in.p[i];
            continue;
        }
        unsigned char byte;
        size_t got;
        if (i + 2 >= in.n || sodium_hex2bin(&byte, 1, in.p + i + 1, 2, NULL, &got, NULL) != 0 || got != 1)
            return false;
        out[n++] = (char)byte;
        i += 2;
    }
    *ret = (struct str){out, n};
    return str_is_utf8(*ret);
}

static bool match_path(struct arena *a, struct str pattern, struct str path, struct str segment[4])
{
    size_t used = 0;
    struct str want;
    struct str have;
    while (str_cut(&pattern, '/', &want)) {
        if (!str_cut(&path, '/', &have))
            return false;
        if (want.n > 0 && want.p[0] == ':') {
            if (have.n == 0 || used == 4 || !percent_decode(a, have, &segment[used++]))
                return false;
        } else if (!str_eq(want, have)) {
            return false;
        }
    }
    return path.p == NULL;
}

enum route_match route_find(const struct server_config *config, struct exchange *x, enum method method, struct str path)
{
    enum route_match found = ROUTE_NONE;
    for (size_t g = 0; g < config->group_count; g++) {
        const struct route_group *group = &config->groups[g];
        for (size_t i = 0; i < group->count; i++) {
            const struct route *r = &group->routes[i];
            struct str segment[4] = {{0}};
            if (!match_path(&x->arena, str_from(r->path), path, segment))
                continue;
            if (r->method != method) {
                found = ROUTE_OTHER_METHOD;
                continue;
            }
            x->rq.route = r;
            x->rq.room = group->room;
            memcpy(x->rq.segment, segment, sizeof(segment));
            return ROUTE_FOUND;
        }
    }
    return found;
}

enum query_answer { QUERY_ABSENT, QUERY_FOUND, QUERY_BAD };

static enum query_answer find_query(const struct exchange *x, const char *name, struct str *ret)
{
    const char *p = NULL;
    size_t n = 0;
    if (MHD_lookup_connection_value_n(x->connection, MHD_GET_ARGUMENT_KIND, name, strlen(name), &p, &n) != MHD_YES ||
        p == NULL)
        return QUERY_ABSENT;
    return percent_decode(x->rq.arena, (struct str){p, n}, ret) ? QUERY_FOUND : QUERY_BAD;
}

static struct str query_value(const struct request *rq, const char *name)
{
    struct str v;
    return find_query(rq->query_data, name, &v) == QUERY_FOUND ? v : STR_NONE;
}

static struct str header(struct MHD_Connection *c, const char *name)
{
    return str_from(MHD_lookup_connection_value(c, MHD_HEADER_KIND, name));
}

/** For handlers: on a worker, while the connection is suspended. */
static struct str header_value(const struct request *rq, const char *name)
{
    const struct exchange *x = rq->query_data;
    return str_dup(rq->arena, header(x->connection, name));
}

static enum MHD_Result keep_forwarded(void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    if (strcasecmp(name, "X-Forwarded-For") == 0 && value != NULL)
        *(struct str *)cls = str_from(value);
    return MHD_YES;
}

/* The last line's last address: the proxy adds its own behind whatever the client claimed, on that line or a new one. */
static struct str forwarded_for(struct MHD_Connection *c)
{
    struct str last = STR_NONE;
    MHD_get_connection_values(c, MHD_HEADER_KIND, keep_forwarded, &last);
    size_t comma;
    while ((comma = str_find(last, STR(","), 0)) != SIZE_MAX)
        last = str_sub(last, comma + 1, SIZE_MAX);
    return str_clip(str_trim(last), 60);
}

static struct str remote_address(struct exchange *x)
{
    char text[64] = "";
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (info != NULL)
        server_address_text(info->client_addr, text, sizeof(text));
    struct str remote = str_from(text);
    /* A proxy on this machine says whom it speaks for; from anywhere else the header is a claim. */
    struct str forwarded = forwarded_for(x->connection);
    if (forwarded.n > 0 && (str_starts(remote, STR("127.")) || str_eq(remote, STR("::1"))))
        remote = forwarded;
    return str_dup(&x->arena, remote);
}

static void find_token(struct exchange *x)
{
    struct str auth = header(x->connection, "Authorization");
    if (str_starts(auth, STR("Bearer "))) {
        x->token = str_dup(&x->arena, str_trim(str_sub(auth, 7, SIZE_MAX)));
        return;
    }
    const char *cookie = MHD_lookup_connection_value(x->connection, MHD_COOKIE_KIND, "xiaoer_session");
    if (cookie != NULL) {
        x->token = str_dup(&x->arena, str_from(cookie));
        x->from_cookie = true;
        x->csrf_header = header(x->connection, "X-Xiaoer").n > 0;
    }
}

struct exchange *exchange_new(struct server *s, struct MHD_Connection *c, const char *url, const char *method)
{
    static uint64_t count; /* loop thread only */
    (void)method;
    struct exchange *x = xcalloc(1, sizeof(*x));
    x->server = s;
    x->connection = c;
    x->began_us = clock_mono_us();
    x->rq.arena = &x->arena;
    x->rq.path = str_dup(&x->arena, str_from(url));
    x->rq.query = query_value;
    x->rq.query_data = x;
    x->rq.header = header_value;
    x->rq.now_ms = clock_now_ms();
    x->rq.remote = remote_address(x);
    x->rq.idempotency_key = str_dup(&x->arena, header(c, "Idempotency-Key"));
    struct str id = str_fmt(&x->arena, "r%llx-%llx", (unsigned long long)(x->rq.now_ms & 0xffffffffff),
                            (unsigned long long)++count);
    memcpy(x->rq.id, id.p, MIN(id.n, sizeof(x->rq.id) - 1));
    find_token(x);
    return x;
}

void exchange_free(struct exchange *x)
{
    json_decref(x->json);
    buf_done(&x->body);
    arena_done(&x->arena);
    free(x);
}

/* ---- on a worker ---- */

static bool check_query(struct exchange *x, struct str *detail)
{
    for (const struct field *f = x->rq.route->query; f != NULL && f->name != NULL; f++) {
        struct str v = STR_NONE;
        enum query_answer found = find_query(x, f->name, &v);
        if (found == QUERY_BAD || (found == QUERY_ABSENT && f->required)) {
            *detail = str_fmt(&x->arena, "Query value \"%s\" is %s.", f->name,
                              found == QUERY_BAD ? "not percent-encoded UTF-8" : "missing");
            return false;
        }
        if (v.n > 0 && !shape_check_text(&x->arena, f, v, detail))
            return false;
    }
    return true;
}

static struct reply refused(struct exchange *x, int status, const char *code, struct str detail)
{
    return reply_problem(status, code, str_c(&x->arena, detail));
}

static struct reply check_body(struct exchange *x)
{
    struct str body = buf_view(&x->body);
    char why[160];
    if (!str_is_utf8(body))
        return refused(x, 400, "bad_encoding", STR("The body is not valid UTF-8."));
    x->json = json_read(body, why);
    if (x->json == NULL)
        return refused(x, 400, "bad_json", str_fmt(&x->arena, "The body is not JSON: %s.", why));
    if (!json_is_object(x->json))
        return refused(x, 422, "bad_body", STR("The body must be a JSON object."));
    struct str detail = STR_NONE;
    if (!shape_check(&x->arena, x->rq.route->body, x->json, &detail))
        return refused(x, 422, "bad_body", detail);
    x->rq.body = x->json;
    return (struct reply){0};
}

static struct reply check_caller(struct exchange *x)
{
    const struct server_config *config = server_config_of(x->server);
    x->actor = arena_new(&x->arena, struct actor);
    x->rq.actor = x->actor;
    bool known = x->token.n > 0 && config->authenticate(config->auth_arg, &x->arena, x->token, x->from_cookie,
                                                        x->rq.now_ms, x->actor);
    const struct route *r = x->rq.route;
    if (r->needs == 0)
        return (struct reply){0};
    if (!known)
        return reply_problem(401, "not_signed_in", "Sign in first: the token is missing, wrong or expired.");
    if ((x->actor->roles & r->needs) == 0)
        return reply_problem(403, "not_allowed", "Your role does not allow this.");
    if (x->from_cookie && r->method != METHOD_GET && !x->csrf_header)
        return reply_problem(403, "no_csrf_header", "A write with a cookie needs the header X-Xiaoer: 1.");
    if (x->actor->must_change_password && !str_starts(str_from(r->path), STR("/api/v1/auth/")) &&
        !str_eq_c(STR("/api/v1/me"), r->path))
        return reply_problem(403, "password_must_change", "Choose your own password first.");
    return (struct reply){0};
}

static struct reply run_handler(struct exchange *x)
{
    struct reply r = check_caller(x);
    if (r.status != 0)
        return r;
    if (x->unwanted)
        return reply_problem(401, "not_signed_in", "Sign in first: the token is missing, wrong or expired.");
    struct str detail = STR_NONE;
    if (!check_query(x, &detail))
        return refused(x, 422, "bad_query", detail);
    if (x->rq.route->body != NULL) {
        r = check_body(x);
        if (r.status != 0)
            return r;
    }
    x->rq.raw = buf_view(&x->body);
    /* Routes that give out credentials keep no answer: a kept one would be a kept secret. */
    if (x->rq.route->method == METHOD_GET || x->rq.idempotency_key.n == 0 || x->actor->tenant_id == 0 ||
        x->rq.route->slow || str_starts(x->rq.path, STR("/api/v1/auth/")))
        return x->rq.route->handler(&x->rq);
    if (x->rq.idempotency_key.n > LIMIT_CLIENT_ID || !str_is_utf8(x->rq.idempotency_key))
        return reply_problem(422, "bad_idempotency_key", "An Idempotency-Key has at most 64 bytes of UTF-8.");
    if (!x->rq.route->raw)
        return idempotency_run(&x->rq, x->rq.raw);
    unsigned char hash[SEAL_HASH_BYTES]; /* bytes are compared by it: they are no text */
    seal_hash(x->rq.raw, hash);
    return idempotency_run(&x->rq, seal_base64(&x->arena, (struct str){(const char *)hash, sizeof(hash)}));
}

static void write_problem(struct exchange *x)
{
    struct reply *r = &x->reply;
    struct buf b = {.arena = &x->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kc(&o, "type", "about:blank");
    jo_kc(&o, "title", r->problem != NULL ? r->problem : "error");
    jo_kn(&o, "status", r->status);
    jo_kc(&o, "detail", r->detail != NULL ? r->detail : "");
    jo_kc(&o, "code", r->problem != NULL ? r->problem : "error");
    jo_kc(&o, "request_id", x->rq.id);
    jo_close(&o);
    r->body = buf_view(&b);
    r->type = "application/problem+json";
}

void exchange_run(struct exchange *x)
{
    const struct server_config *config = server_config_of(x->server);
    x->rq.store = config->store;
    if (x->reply.status == 0)
        x->reply = run_handler(x);
    assert(x->reply.status != 0);
    if (x->reply.status >= 400 && x->reply.body.n == 0)
        write_problem(x);
    if (x->reply.type == NULL)
        x->reply.type = "application/json";
    if (x->reply.status >= 500)
        log_event(LOG_WARN, "request failed", "request=%s path=\"%s\" status=%d code=%s", x->rq.id,
                  x->rq.route != NULL ? x->rq.route->path : "-", x->reply.status,
                  x->reply.problem != NULL ? x->reply.problem : "-");
}
