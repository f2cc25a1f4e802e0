/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SMS on their way out.
 *
 * How          The request is a GET with everything in its parameters, as Kannel and most gateways read it. A gateway that
 *              timed out may have taken the message: it is tried again, for a notice that comes twice harms less than one
 *              that never comes; the request carries the item's id for gateways that can tell.
 */
#include "channel/sms_out.h"

#include "base/id.h"
#include "base/seal.h"
#include "base/texts.h"
#include "base/time.h"
#include "net/call.h"

enum { DIGITS_LEAST = 5, DIGITS_MOST = 15, ANSWER_SHOWN = 200 };

bool sms_gateway_ok(const struct sms_gateway *g, const char **ret_why)
{
    bool http = str_starts(g->url, STR("http://")) || str_starts(g->url, STR("https://"));
    bool reports = str_starts(g->public_url, STR("http://")) || str_starts(g->public_url, STR("https://"));
    if (!http || str_has(g->url, STR("?")))
        *ret_why = "sms.url must be http://HOST:PORT/PATH without parameters";
    else if (g->params.n > 0 && !(str_has(g->params, STR("{to}")) && str_has(g->params, STR("{text}"))))
        *ret_why = "sms.params must name {to} and {text}";
    else if (g->public_url.n > 0 && !reports)
        *ret_why = "public_url must be http://HOST or https://HOST";
    else
        return true;
    return false;
}

bool sms_number(struct arena *a, struct str phone, struct str *ret)
{
    struct buf b = {.arena = a};
    size_t digits = 0;
    for (size_t i = 0; i < phone.n; i++) {
        char c = phone.p[i];
        if (c >= '0' && c <= '9') {
            digits++;
            buf_char(&b, c);
        } else if (c == '+' && b.n == 0) {
            buf_char(&b, c);
        } else if (c != ' ' && c != '-') {
            return false; /* masked, with an extension, or no number */
        }
    }
    if (digits < DIGITS_LEAST || digits > DIGITS_MOST)
        return false;
    *ret = buf_view(&b);
    return true;
}

struct str sms_report_token(struct arena *a, int64_t tenant_id, int64_t id)
{
    unsigned char mac[SEAL_HASH_BYTES];
    struct str name = str_fmt(a, "%lld.%lld", (long long)tenant_id, (long long)id);
    seal_mac("sms.report", name, mac);
    return str_fmt(a, "%.*s.%.*s", STR_ARG(name),
                   STR_ARG(seal_base64(a, (struct str){(const char *)mac, sizeof(mac)})));
}

bool sms_report_read(struct arena *a, struct str token, int64_t *ret_tenant_id, int64_t *ret_id)
{
    struct str rest = token, tenant, id, mac;
    int64_t tenant_id, item_id;
    if (!str_cut(&rest, '.', &tenant) || !str_cut(&rest, '.', &id) || !id_parse(tenant, &tenant_id) ||
        !id_parse(id, &item_id) || !seal_unbase64(a, rest, &mac))
        return false;
    if (!seal_mac_ok("sms.report", str_sub(token, 0, tenant.n + 1 + id.n), mac))
        return false;
    *ret_tenant_id = tenant_id;
    *ret_id = item_id;
    return true;
}

const char *sms_report_name(int64_t type)
{
    switch (type) {
    case 1: return "delivered";
    case 2: return "failed";
    case 4: return "buffered";
    case 8: return "accepted";
    case 16: return "rejected";
    default: return NULL;
    }
}

struct str sms_request(struct arena *a, const struct sms_gateway *g, const struct outbox_item *item)
{
    struct str report = STR_NONE;
    if (g->public_url.n > 0)
        report = str_fmt(a, "%.*s/api/v1/sms/reports/%.*s?type=%%d", STR_ARG(g->public_url),
                         STR_ARG(sms_report_token(a, item->tenant_id, item->id)));
    struct text_value values[] = {
        {"user", call_escape(a, g->user)},
        {"password", call_escape(a, g->password)},
        {"from", call_escape(a, g->from)},
        {"to", call_escape(a, item->to)},
        {"text", call_escape(a, item->body)},
        {"id", str_fmt(a, "%lld", (long long)item->id)},
        {"report", call_escape(a, report)},
    };
    struct str params = g->params.n > 0 ? g->params : STR(SMS_KANNEL);
    return str_fmt(a, "%.*s?%.*s", STR_ARG(g->url), STR_ARG(texts_fill(a, params, values, COUNT(values))));
}

enum outbox_outcome sms_outcome(const struct sms_gateway *g, int status, struct str answer)
{
    if (status >= 200 && status < 300)
        return g->accepted.n == 0 || str_has(answer, g->accepted) ? OUTBOX_ARRIVED : OUTBOX_NEVER;
    /* Not let in, too slow, too many: the operator or time can mend that. */
    bool may_change = status == 401 || status == 403 || status == 404 || status == 408 || status == 429;
    return status >= 400 && status < 500 && !may_change ? OUTBOX_NEVER : OUTBOX_TRY_LATER;
}

struct outbox_try sms_out_send(void *arg, struct arena *a, const struct outbox_item *item)
{
    const struct sms_gateway *g = arg;
    struct outbox_item to_number = *item;
    struct call_reply reply;
    if (!sms_number(a, item->to, &to_number.to))
        return (struct outbox_try){.outcome = OUTBOX_NEVER, .error = STR("no number that an SMS can go to")};
    struct call c = {.method = "GET", .url = sms_request(a, g, &to_number), .private_ok = true, .once = true, .stop = g->stop};
    enum call_answer answer = call_http(a, &c, &reply);
    if (answer != CALL_OK)
        return (struct outbox_try){.outcome = OUTBOX_TRY_LATER, .error = reply.error};
    enum outbox_outcome outcome = sms_outcome(g, reply.status, reply.body);
    struct str said = str_fmt(a, "%d %.*s", reply.status, STR_ARG(str_clip(reply.body, ANSWER_SHOWN)));
    return (struct outbox_try){.outcome = outcome, .error = outcome == OUTBOX_ARRIVED ? STR_NONE : said,
                               .not_before_ms = reply.retry_after_ms > 0 ? clock_now_ms() + reply.retry_after_ms : 0};
}
