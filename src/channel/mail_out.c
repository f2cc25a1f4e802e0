/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mail on its way out.
 *
 * How          Everything that is not plain ASCII is encoded: header texts as RFC 2047 words of whole characters, the body as
 *              base64. Nothing that a buyer or a shop wrote reaches a header as it is, so none can begin another header.
 *              `Auto-Submitted` keeps other programs from answering (RFC 3834).
 */
#include "channel/mail_out.h"

#include "account/reach.h"
#include "base/json.h"
#include "base/seal.h"
#include "base/time.h"
#include "net/call.h"

enum {
    WORD_BYTES = 39, /* of text in one encoded word: with the header's name its line stays below 76 */
    LINE_BYTES = 57, /* of text in one line of base64: 76 characters */
};

/* ---- encoding ----------------------------------------------------------------------------------------------------------- */

static void base64(struct buf *b, struct str bytes)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < bytes.n; i += 3) {
        uint32_t v = 0;
        size_t n = MIN(bytes.n - i, (size_t)3);
        for (size_t k = 0; k < 3; k++)
            v = v << 8 | (k < n ? (unsigned char)bytes.p[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            buf_char(b, k <= n ? letters[v >> (18 - 6 * k) & 63] : '=');
    }
}

/** The longest beginning of whole characters that is no longer than @p most. */
static struct str whole_characters(struct str s, size_t most)
{
    size_t n = MIN(s.n, most);
    while (n > 0 && n < s.n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
        n--;
    return str_sub(s, 0, n);
}

/** A header's text as encoded words, on as many lines as it takes. */
static void encoded(struct buf *b, struct str text)
{
    while (text.n > 0) {
        struct str word = whole_characters(text, WORD_BYTES);
        if (word.n == 0)
            return; /* no UTF-8: cannot be, all text is checked at the door */
        buf_c(b, "=?UTF-8?B?");
        base64(b, word);
        buf_c(b, "?=");
        text = str_sub(text, word.n, text.n);
        if (text.n > 0)
            buf_c(b, "\r\n ");
    }
}

static void encoded_body(struct buf *b, struct arena *a, struct str text)
{
    struct buf lines = {.arena = a};
    struct str line;
    while (text.n > 0 && str_cut(&text, '\n', &line)) {
        buf_str(&lines, line);
        buf_c(&lines, "\r\n");
    }
    for (size_t at = 0; at < lines.n; at += LINE_BYTES) {
        base64(b, str_sub(buf_view(&lines), at, LINE_BYTES));
        buf_c(b, "\r\n");
    }
}

static void date(struct buf *b, int64_t now_ms)
{
    static const char *const days[] = {"", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"",    "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct local_time t = time_local(now_ms, STR("UTC"));
    buf_printf(b, "Date: %s, %02d %s %d %02d:%02d:%02d +0000\r\n", days[t.weekday], t.day, months[t.month], t.year, t.hour,
               t.minute, t.second);
}

/** The same for every try of the same thing, and nothing of it can be read from it. */
static void message_id(struct buf *b, struct arena *a, const struct mail_server *s, const struct outbox_item *item)
{
    unsigned char hash[SEAL_HASH_BYTES];
    size_t at = str_find(s->from, STR("@"), 0);
    seal_mac("mail.id", str_fmt(a, "%lld/%.*s", (long long)item->tenant_id, STR_ARG(item->key)), hash);
    buf_c(b, "Message-ID: <");
    for (size_t i = 0; i < 16; i++)
        buf_printf(b, "%02x", (unsigned)hash[i]);
    buf_printf(b, "@%.*s>\r\n", STR_ARG(str_sub(s->from, at + 1, s->from.n)));
}

/** Goes into a header as it is: visible ASCII without the signs that end an address. */
static bool is_plain_link(struct str link)
{
    for (size_t i = 0; i < link.n; i++) {
        char c = link.p[i];
        if (c <= ' ' || c >= 127 || c == '<' || c == '>' || c == ',')
            return false;
    }
    return str_starts(link, STR("https://")) || str_starts(link, STR("mailto:"));
}

struct str mail_write(struct arena *a, const struct mail_server *s, const struct outbox_item *item, int64_t now_ms)
{
    _cleanup_(json_donep) json_t *body = json_read(item->body, NULL);
    struct str text = json_str(body, "text");
    struct str from_name = json_str(body, "from_name"), unsubscribe = json_str(body, "unsubscribe");
    if (text.n == 0 || !reach_email_ok(item->to))
        return STR_NONE;
    struct buf b = {.arena = a};
    buf_c(&b, "From: ");
    encoded(&b, from_name);
    buf_printf(&b, "%s<%.*s>\r\n", from_name.n > 0 ? "\r\n " : "", STR_ARG(s->from));
    buf_printf(&b, "To: <%.*s>\r\nSubject: ", STR_ARG(item->to));
    encoded(&b, json_str(body, "subject"));
    buf_c(&b, "\r\n");
    date(&b, now_ms);
    message_id(&b, a, s, item);
    buf_c(&b, "Auto-Submitted: auto-generated\r\n");
    if (is_plain_link(unsubscribe))
        buf_printf(&b, "List-Unsubscribe: <%.*s>\r\n", STR_ARG(unsubscribe));
    buf_c(&b, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n");
    encoded_body(&b, a, text);
    return buf_view(&b);
}

/* ---- sending ------------------------------------------------------------------------------------------------------------ */

bool mail_server_ok(const struct mail_server *s, const char **ret_why)
{
    if (!str_starts(s->url, STR("smtp://")) && !str_starts(s->url, STR("smtps://")))
        *ret_why = "smtp.url must be smtp://HOST:PORT or smtps://HOST:PORT";
    else if (!reach_email_ok(s->from))
        *ret_why = "smtp.from must be the address that mail comes from";
    else
        return true;
    return false;
}

enum outbox_outcome mail_outcome(int code)
{
    if (code >= 200 && code < 300)
        return OUTBOX_ARRIVED;
    /* 530-538: our own sign-in or TLS is refused, which is no fault of the mail's: the operator can mend it. */
    bool ours = code >= 530 && code <= 538;
    return code >= 500 && code < 600 && !ours ? OUTBOX_NEVER : OUTBOX_TRY_LATER;
}

struct str mail_mask(struct arena *a, struct str address)
{
    size_t at = str_find(address, STR("@"), 0);
    if (at == SIZE_MAX)
        return address.n > 0 ? STR("****") : STR_NONE;
    return str_fmt(a, "%.*s****%.*s", STR_ARG(str_sub(address, 0, at > 2 ? 1 : 0)),
                   STR_ARG(str_sub(address, at, address.n)));
}

/** Servers repeat the address in what they say; what people read of it names it masked. */
static struct str without_address(struct arena *a, struct str said, struct str address)
{
    size_t at = str_find(said, address, 0);
    if (at == SIZE_MAX)
        return said;
    return str_fmt(a, "%.*s%.*s%.*s", STR_ARG(str_sub(said, 0, at)), STR_ARG(mail_mask(a, address)),
                   STR_ARG(str_sub(said, at + address.n, said.n)));
}

struct outbox_try mail_out_send(void *arg, struct arena *a, const struct outbox_item *item)
{
    const struct mail_server *s = arg;
    struct call_reply reply;
    struct call_mail m = {.url = s->url, .user = s->user, .password = s->password, .from = s->from, .to = item->to,
                          .private_ok = true, .stop = s->stop};
    m.message = mail_write(a, s, item, clock_now_ms());
    if (m.message.n == 0)
        return (struct outbox_try){.outcome = OUTBOX_NEVER, .error = STR("no mail can be made of it")};
    enum call_answer answer = call_mail(a, &m, &reply);
    struct str said = without_address(a, reply.error, item->to);
    return (struct outbox_try){.outcome = answer == CALL_OK ? mail_outcome(reply.status) : OUTBOX_TRY_LATER, .error = said};
}
