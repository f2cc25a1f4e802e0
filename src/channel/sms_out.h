/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * SMS out: an outbox item of kind sms as one request to an HTTP gateway, and what the gateway reports of it later.
 *
 * A gateway is known by the parameters of its request, written as a template in the settings; the default is that of Kannel's
 * sendsms. {user} {password} {from} {to} {text} {id} {report} are filled in, percent-encoded. The item's `to` is the number;
 * its body is the text itself.
 */

#include <stdatomic.h>

#include "store/outbox.h"

/** Kannel's: UCS-2 for all letters, reports of delivery, failure, acceptance and refusal. */
#define SMS_KANNEL                                                                                                    \
    "username={user}&password={password}&from={from}&to={to}&text={text}&coding=2&charset=UTF-8&dlr-mask=27&"          \
    "dlr-url={report}"

/** Where SMS go: from the configuration. Borrowed texts. */
struct sms_gateway {
    struct str url;            /**< http(s)://HOST:PORT/PATH, without parameters */
    struct str params;         /**< template; empty: SMS_KANNEL */
    struct str user, password, from;
    struct str accepted;       /**< stands in the answer to what was taken, of gateways that always say 200; or empty */
    struct str public_url;     /**< where the gateway reaches us with reports: https://HOST; empty: no reports wanted */
    const atomic_bool *stop;
};

bool sms_gateway_ok(const struct sms_gateway *g, const char **ret_why);
/** Whether this is a number that an SMS can go to: digits, with + before and spaces or hyphens between, 5 to 15 of them.
 *  @param ret  the digits with their +, in @p a */
bool sms_number(struct arena *a, struct str phone, struct str *ret);
/** The request's address, in @p a. Pure. */
struct str sms_request(struct arena *a, const struct sms_gateway *g, const struct outbox_item *item);
/** What a gateway's answer means. Pure. */
enum outbox_outcome sms_outcome(const struct sms_gateway *g, int status, struct str answer);

/** The path's last part by which a report names its item: nobody else can make one. In @p a. */
struct str sms_report_token(struct arena *a, int64_t tenant_id, int64_t id);
bool sms_report_read(struct arena *a, struct str token, int64_t *ret_tenant_id, int64_t *ret_id);
/** "delivered" "failed" "rejected" "buffered" "accepted" of Kannel's %d (1 2 16 4 8); NULL: none of them. */
const char *sms_report_name(int64_t type);

/** outbox_sender.send; @p arg is the struct sms_gateway. */
struct outbox_try sms_out_send(void *arg, struct arena *a, const struct outbox_item *item);
