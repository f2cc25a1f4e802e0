/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls to the outside, by libcurl.
 *
 * How          A thread keeps two handles with their connections: one for addresses that the operator named and one for all
 *              others, so that a connection into a private network is never used again for who may not go there. Where a
 *              call leads is judged when its socket is opened, after the name was resolved: a name that answers with another
 *              address the second time gains nothing.
 * Threads      Any but the loop and the writer. Handles belong to their thread and end with it.
 */
#include "net/call.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <pthread.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limit.h"

/** The handles of a thread. */
struct handles {
    CURL *open, *private;
};

/** One call on its way. */
struct going {
    struct buf body;
    size_t most;
    bool too_big, forbidden, private_ok, opened;
    const atomic_bool *stop;
    struct str upload;
    char error[CURL_ERROR_SIZE];
    int refusal;    /* SMTP: the code of the last line that refused something; 0: none did */
    char said[256]; /* SMTP: that line */
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key; /* of struct handles; after once */

static void end_handles(void *arg)
{
    struct handles *h = arg;
    curl_easy_cleanup(h->open);
    curl_easy_cleanup(h->private);
    freep(&h);
}

static void begin(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0 || pthread_key_create(&key, end_handles) != 0)
        fatal("libcurl cannot be used");
}

static CURL *handle(bool private_ok)
{
    pthread_once(&once, begin);
    struct handles *h = pthread_getspecific(key);
    if (h == NULL) {
        h = xcalloc(1, sizeof(*h));
        h->open = curl_easy_init();
        h->private = curl_easy_init();
        if (h->open == NULL || h->private == NULL || pthread_setspecific(key, h) != 0)
            fatal("libcurl gives no handle");
    }
    CURL *c = private_ok ? h->private : h->open;
    curl_easy_reset(c); /* connections stay */
    return c;
}

/* ---- where a call may lead ---------------------------------------------------------------------------------------------- */

static bool private_v4(uint32_t ip)
{
    static const struct {
        uint32_t net, bits;
    } nets[] = {
        {0x00000000, 8},  /* this network */
        {0x0a000000, 8},  /* RFC 1918 */
        {0x64400000, 10}, /* carriers' (RFC 6598) */
        {0x7f000000, 8},  /* loopback */
        {0xa9fe0000, 16}, /* link-local, and clouds' metadata */
        {0xac100000, 12}, /* RFC 1918 */
        {0xc0000000, 24}, /* IETF */
        {0xc0a80000, 16}, /* RFC 1918 */
        {0xc6120000, 15}, /* benchmarks */
        {0xe0000000, 3},  /* multicast and reserved */
    };
    for (size_t i = 0; i < COUNT(nets); i++) {
        if (ip >> (32 - nets[i].bits) == nets[i].net >> (32 - nets[i].bits))
            return true;
    }
    return false;
}

static bool private_v6(const unsigned char *b)
{
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    static const unsigned char nat64[12] = {0, 0x64, 0xff, 0x9b};
    uint32_t last = (uint32_t)b[12] << 24 | (uint32_t)b[13] << 16 | (uint32_t)b[14] << 8 | b[15];
    if (memcmp(b, mapped, 12) == 0 || memcmp(b, nat64, 12) == 0)
        return private_v4(last);
    /* Only 2000::/3 is the global network; 2002::/16 and 2001:0::/32 carry another address inside. */
    bool global = (b[0] & 0xe0) == 0x20;
    bool tunnel = (b[0] == 0x20 && b[1] == 0x02) || (b[0] == 0x20 && b[1] == 0x01 && b[2] == 0 && b[3] == 0);
    return !global || tunnel;
}

static bool private_socket(const struct sockaddr *sa)
{
    if (sa->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, sa, sizeof(in));
        return private_v4(ntohl(in.sin_addr.s_addr));
    }
    if (sa->sa_family != AF_INET6)
        return true;
    struct sockaddr_in6 in6;
    memcpy(&in6, sa, sizeof(in6));
    return private_v6(in6.sin6_addr.s6_addr);
}

bool call_is_private(const char *address)
{
    struct sockaddr_in in = {.sin_family = AF_INET};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, address, &in.sin_addr) == 1)
        return private_v4(ntohl(in.sin_addr.s_addr));
    if (inet_pton(AF_INET6, address, &in6.sin6_addr) == 1)
        return private_v6(in6.sin6_addr.s6_addr);
    return true;
}

static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct going *g = arg;
    (void)purpose; /* there are no others than connections */
    if (!g->private_ok && private_socket(&to->addr)) {
        g->forbidden = true;
        return CURL_SOCKET_BAD;
    }
    g->opened = true;
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* ---- bytes -------------------------------------------------------------------------------------------------------------- */

static size_t take_body(char *p, size_t size, size_t n, void *arg)
{
    struct going *g = arg;
    size_t bytes = size * n;
    if (g->body.n + bytes > g->most) {
        g->too_big = true;
        return CURL_WRITEFUNC_ERROR;
    }
    buf_add(&g->body, p, bytes);
    return bytes;
}

static size_t give_message(char *p, size_t size, size_t n, void *arg)
{
    struct going *g = arg;
    size_t bytes = MIN(size * n, g->upload.n);
    memcpy(p, g->upload.p, bytes);
    g->upload = str_sub(g->upload, bytes, g->upload.n);
    return bytes;
}

/** Lines of the SMTP server: the last one that refuses says why nothing came of it. */
static size_t take_line(char *p, size_t size, size_t n, void *arg)
{
    struct going *g = arg;
    struct str line = str_trim((struct str){p, size * n});
    int64_t code;
    if (line.n >= 3 && (line.p[0] == '4' || line.p[0] == '5') && str_int(str_sub(line, 0, 3), &code)) {
        g->refusal = (int)code;
        snprintf(g->said, sizeof(g->said), "%.*s", (int)MIN(line.n, sizeof(g->said) - 1), line.p);
    }
    return size * n;
}

static int on_progress(void *arg, curl_off_t dt, curl_off_t dn, curl_off_t ut, curl_off_t un)
{
    const struct going *g = arg;
    (void)dt, (void)dn, (void)ut, (void)un;
    return g->stop != NULL && atomic_load(g->stop);
}

/* ---- going -------------------------------------------------------------------------------------------------------------- */

static void set_common(CURL *c, struct going *g, const char *url, const char *protocols, int64_t timeout_ms)
{
    long ms = (long)(timeout_ms > 0 ? timeout_ms : LIMIT_CALL_MS);
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, protocols);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_PROXY, "");
    curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, ms);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, MAX(ms / 2, 1L));
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, g->error);
    curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, g);
    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(c, CURLOPT_XFERINFODATA, g);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, g);
}

static enum call_answer answer_of(CURLcode rc, const struct going *g)
{
    if (g->forbidden && rc != CURLE_OK)
        return CALL_FORBIDDEN;
    if (g->too_big)
        return CALL_TOO_BIG;
    if (rc == CURLE_OK)
        return CALL_OK;
    if (!g->opened && (rc == CURLE_URL_MALFORMAT || rc == CURLE_UNSUPPORTED_PROTOCOL))
        return CALL_BAD_URL;
    if (rc == CURLE_ABORTED_BY_CALLBACK)
        return CALL_STOPPED;
    return rc == CURLE_OPERATION_TIMEDOUT ? CALL_TIMEOUT : CALL_UNREACHABLE;
}

static struct str error_of(struct arena *a, CURLcode rc, const struct going *g, enum call_answer answer)
{
    if (answer == CALL_FORBIDDEN)
        return STR("the address lies inside of a private network");
    if (answer == CALL_TOO_BIG)
        return STR("the answer is too long");
    return str_dup(a, str_from(g->error[0] != '\0' ? g->error : curl_easy_strerror(rc)));
}

/** The header list. A name or value with a line end is a bug of the caller. */
static struct curl_slist *header_list(struct arena *a, const struct call *c)
{
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    for (size_t i = 0; i < c->header_count; i++) {
        const char *line = str_c(a, str_fmt(a, "%.*s: %.*s", STR_ARG(c->headers[i].name), STR_ARG(c->headers[i].value)));
        assert(strpbrk(line, "\r\n") == NULL);
        list = curl_slist_append(list, line);
    }
    return list;
}

static void set_body(CURL *h, const struct call *c)
{
    if (strcmp(c->method, "GET") == 0)
        return;
    curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)c->body.n);
    curl_easy_setopt(h, CURLOPT_POSTFIELDS, c->body.n > 0 ? c->body.p : "");
    curl_easy_setopt(h, CURLOPT_CUSTOMREQUEST, c->method);
}

enum call_answer call_http(struct arena *a, const struct call *c, struct call_reply *ret)
{
    struct going g = {.body = {.arena = a}, .most = c->most_bytes > 0 ? c->most_bytes : LIMIT_CALL_BYTES,
                      .private_ok = c->private_ok, .stop = c->stop};
    CURL *h = handle(c->private_ok);
    struct curl_slist *headers = header_list(a, c);
    set_common(h, &g, str_c(a, c->url), "http,https", c->timeout_ms);
    set_body(h, c);
    curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(h, CURLOPT_FRESH_CONNECT, (long)c->once);
    curl_easy_setopt(h, CURLOPT_FORBID_REUSE, (long)c->once);
    curl_easy_setopt(h, CURLOPT_USERAGENT, "Xiaoer/" XIAOER_VERSION);
    CURLcode rc = curl_easy_perform(h);
    curl_slist_free_all(headers);

    enum call_answer answer = answer_of(rc, &g);
    struct call_reply reply = {.body = buf_view(&g.body)};
    if (answer != CALL_OK) {
        reply.error = error_of(a, rc, &g, answer);
    } else {
        long status = 0;
        const char *type = NULL;
        curl_off_t wait = 0;
        curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
        curl_easy_getinfo(h, CURLINFO_CONTENT_TYPE, &type);
        curl_easy_getinfo(h, CURLINFO_RETRY_AFTER, &wait);
        reply.status = (int)status;
        reply.content_type = str_dup(a, str_from(type));
        reply.retry_after_ms = MIN((int64_t)wait, DAY_MS / SECOND_MS) * SECOND_MS;
    }
    *ret = reply;
    return answer;
}

/* ---- mail --------------------------------------------------------------------------------------------------------------- */

/** Whether the server of an smtp: address is this machine: then nobody listens in, and it may have no certificate. */
static bool is_loopback(struct str url)
{
    static const struct str here[] = {STR("smtp://127."), STR("smtp://localhost:"), STR("smtp://localhost/"),
                                      STR("smtp://[::1]")};
    for (size_t i = 0; i < COUNT(here); i++) {
        if (str_starts(url, here[i]))
            return true;
    }
    return str_eq_c(url, "smtp://localhost");
}

enum call_answer call_mail(struct arena *a, const struct call_mail *m, struct call_reply *ret)
{
    struct going g = {.body = {.arena = a}, .most = LIMIT_CALL_BYTES, .private_ok = m->private_ok, .stop = m->stop,
                      .upload = m->message};
    CURL *h = handle(m->private_ok);
    const char *to = str_c(a, str_fmt(a, "<%.*s>", STR_ARG(m->to)));
    assert(strpbrk(to, "\r\n") == NULL);
    struct curl_slist *recipients = curl_slist_append(NULL, to);
    set_common(h, &g, str_c(a, m->url), "smtp,smtps", m->timeout_ms);
    curl_easy_setopt(h, CURLOPT_USE_SSL, (long)(is_loopback(m->url) ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    if (m->user.n > 0) {
        curl_easy_setopt(h, CURLOPT_USERNAME, str_c(a, m->user));
        curl_easy_setopt(h, CURLOPT_PASSWORD, str_c(a, m->password));
    }
    curl_easy_setopt(h, CURLOPT_MAIL_FROM, str_c(a, str_fmt(a, "<%.*s>", STR_ARG(m->from))));
    curl_easy_setopt(h, CURLOPT_MAIL_RCPT, recipients);
    curl_easy_setopt(h, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(h, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(h, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(h, CURLOPT_READFUNCTION, give_message);
    curl_easy_setopt(h, CURLOPT_READDATA, &g);
    curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, take_line);
    curl_easy_setopt(h, CURLOPT_HEADERDATA, &g);
    CURLcode rc = curl_easy_perform(h);
    curl_slist_free_all(recipients);

    /* A refusal is an answer, too: the server was there, and said a code. */
    enum call_answer answer = answer_of(rc, &g);
    if (answer == CALL_UNREACHABLE && g.refusal != 0)
        answer = CALL_OK;
    ret->status = answer != CALL_OK ? 0 : rc == CURLE_OK ? 250 : g.refusal;
    ret->body = ret->content_type = STR_NONE;
    ret->retry_after_ms = 0;
    ret->error = answer == CALL_OK ? str_dup(a, str_from(g.said)) : error_of(a, rc, &g, answer);
    return answer;
}

/* ---- words -------------------------------------------------------------------------------------------------------------- */

struct str call_escape(struct arena *a, struct str text)
{
    static const char hex[] = "0123456789ABCDEF";
    struct buf b = {.arena = a};
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                     c == '.' || c == '~';
        if (plain) {
            buf_char(&b, (char)c);
            continue;
        }
        buf_char(&b, '%');
        buf_char(&b, hex[c >> 4]);
        buf_char(&b, hex[c & 15]);
    }
    return buf_view(&b);
}

const char *call_answer_name(enum call_answer c)
{
    static const char *const names[] = {
        [CALL_OK] = "ok",           [CALL_BAD_URL] = "bad_url", [CALL_FORBIDDEN] = "forbidden",
        [CALL_UNREACHABLE] = "unreachable", [CALL_TIMEOUT] = "timeout", [CALL_TOO_BIG] = "too_big",
        [CALL_STOPPED] = "stopped",
    };
    return names[c];
}
