/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Outgoing: wiring of the outbox.
 *
 * Threads      senders are channel/sender.h's; notices have one thread here, which the loop's tick wakes. `telling` is atomic:
 *              a tick that finds the last one still at work leaves it alone.
 */
#include "app/outgoing.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/time.h"
#include "channel/mail_out.h"
#include "channel/sms_out.h"
#include "trade/notice_service.h"

#define TELL_MS  500
#define COUNT_MS (5 * SECOND_MS)

struct outgoing {
    struct home *home;
    struct config config; /* keeps the texts that the servers borrow */
    struct mail_server mail;
    struct sms_gateway sms;
    struct notice_room notices;
    struct sender *sender;
    struct work *teller;
    atomic_bool telling;
    int64_t next_ms;       /* loop thread */
    int64_t next_count_ms; /* teller's thread */
    atomic_int_fast64_t waiting, dead;
};

static struct str secret(const char *name)
{
    const char *value = getenv(name); /* NOLINT(concurrency-mt-unsafe): nobody changes the environment */
    return str_from(value);
}

static bool name_mail(struct outgoing *o, char ret_error[256])
{
    const char *why;
    const struct config *c = &o->config;
    o->mail = (struct mail_server){.url = str_from(c->smtp_url), .user = str_from(c->smtp_user),
                                   .password = secret("XIAOER_SMTP_PASSWORD"), .from = str_from(c->smtp_from),
                                   .stop = sender_stopping(o->sender)};
    if (o->mail.url.n == 0) {
        log_event(LOG_INFO, "no mail is sent: smtp.url is not set", NULL);
        return true;
    }
    if (!mail_server_ok(&o->mail, &why)) {
        snprintf(ret_error, 256, "%s", why);
        return false;
    }
    sender_set(o->sender, OUTBOX_MAIL, &(struct outbox_sender){.send = mail_out_send, .arg = &o->mail});
    o->notices.can_mail = true;
    return true;
}

static bool name_sms(struct outgoing *o, char ret_error[256])
{
    const char *why;
    const struct config *c = &o->config;
    o->sms = (struct sms_gateway){.url = str_from(c->sms_url), .params = str_from(c->sms_params),
                                  .user = str_from(c->sms_user), .password = secret("XIAOER_SMS_PASSWORD"),
                                  .from = str_from(c->sms_from), .accepted = str_from(c->sms_accepted),
                                  .public_url = str_from(c->public_url), .stop = sender_stopping(o->sender)};
    if (o->sms.url.n == 0) {
        log_event(LOG_INFO, "no SMS are sent: sms.url is not set", NULL);
        return true;
    }
    if (!sms_gateway_ok(&o->sms, &why)) {
        snprintf(ret_error, 256, "%s", why);
        return false;
    }
    sender_set(o->sender, OUTBOX_SMS, &(struct outbox_sender){.send = sms_out_send, .arg = &o->sms});
    o->notices.can_sms = true;
    return true;
}

static void wake(void *arg)
{
    sender_wake(arg);
}

static void end_of_teller(void *arg)
{
    struct outgoing *o = arg;
    store_read_done(o->home->store);
}

struct outgoing *outgoing_new(struct home *h, const struct config *config, char ret_error[256])
{
    struct outgoing *o = xcalloc(1, sizeof(*o));
    o->home = h;
    o->config = *config;
    o->sender = sender_new(h->store);
    o->notices = (struct notice_room){.store = h->store, .inbox = h->inbox, .wake = wake, .wake_arg = o->sender};
    if (name_mail(o, ret_error) && name_sms(o, ret_error))
        return o;
    outgoing_free(o);
    return NULL;
}

struct sender *outgoing_sender(struct outgoing *o)
{
    return o->sender;
}

void outgoing_start(struct outgoing *o)
{
    o->teller = work_new(1, "notice", end_of_teller, o);
    sender_start(o->sender);
}

/* ---- ticking ------------------------------------------------------------------------------------------------------------ */

static int count(struct tx *tx, void *arg)
{
    struct outgoing *o = arg;
    int64_t waiting, dead;
    if (outbox_count(tx, &waiting, &dead) != STORE_OK)
        return STORE_FAULT;
    atomic_store(&o->waiting, waiting);
    atomic_store(&o->dead, dead);
    return STORE_OK;
}

static enum work_answer tell(void *arg)
{
    struct outgoing *o = arg;
    int64_t now_ms = clock_now_ms();
    (void)notice_tick(&o->notices, now_ms); /* a fault is logged; the next tick tries again */
    if (now_ms >= o->next_count_ms && store_read(o->home->store, count, o) == STORE_OK)
        o->next_count_ms = now_ms + COUNT_MS;
    atomic_store(&o->telling, false);
    return WORK_DONE;
}

void outgoing_tick(struct outgoing *o, int64_t now_ms)
{
    if (now_ms < o->next_ms || atomic_exchange(&o->telling, true))
        return;
    o->next_ms = now_ms + TELL_MS;
    work_post(o->teller, 0, tell, o);
}

/* ---- the end ------------------------------------------------------------------------------------------------------------ */

void outgoing_stop(struct outgoing *o)
{
    work_free(o->teller);
    o->teller = NULL;
    sender_stop(o->sender);
}

void outgoing_free(struct outgoing *o)
{
    if (o == NULL)
        return;
    outgoing_stop(o);
    sender_free(o->sender);
    free(o);
}

/* ---- figures ------------------------------------------------------------------------------------------------------------ */

static void gauge(struct buf *b, const char *name, const char *help, int64_t value)
{
    buf_printf(b, "# HELP %s %s\n# TYPE %s gauge\n%s %lld\n", name, help, name, name, (long long)value);
}

static void counter(struct buf *b, const char *name, const char *help, const uint64_t *values)
{
    buf_printf(b, "# HELP %s %s\n# TYPE %s counter\n", name, help, name);
    for (size_t k = 0; k < OUTBOX_KINDS; k++)
        buf_printf(b, "%s{kind=\"%s\"} %llu\n", name, outbox_kind_name((enum outbox_kind)k), (unsigned long long)values[k]);
}

void outgoing_metrics(const struct outgoing *o, struct buf *b)
{
    struct sender_figures f = sender_figures(o->sender);
    gauge(b, "xiaoer_outbox_waiting", "Mail, SMS and wishes to shops' systems that wait.", atomic_load(&o->waiting));
    gauge(b, "xiaoer_outbox_dead", "Those that a person must decide about.", atomic_load(&o->dead));
    counter(b, "xiaoer_outbox_sent_total", "Sent.", f.sent);
    counter(b, "xiaoer_outbox_failed_total", "Tries that failed.", f.failed);
    counter(b, "xiaoer_outbox_died_total", "Given up.", f.died);
}
