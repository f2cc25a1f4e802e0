/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Configuration: the table of settings, read from a file of `name = value` lines. What the trade may change is no
 * setting: it is dated policy data in the store.
 */

#include "base/str.h"

struct config {
    char listen[128];
    char log_level[8];
    char public_url[200];                                /**< where the outside reaches us; empty: it does not */
    char smtp_url[200], smtp_user[200], smtp_from[256];  /**< empty url: no mail is sent */
    char sms_url[400], sms_user[100], sms_from[40];      /**< empty url: no SMS are sent */
    char sms_params[600], sms_accepted[100];             /**< of another gateway than Kannel (channel/sms_out.h) */
};

#define CONFIG_NAMES                                                                                                  \
    "listen (HOST:PORT), log_level (debug info warn error), public_url (https://HOST), smtp.url (smtp://HOST:PORT or "  \
    "smtps://HOST:PORT), smtp.user, smtp.from (address), sms.url (http(s)://HOST/PATH), sms.user, sms.from, sms.params " \
    "(template), sms.accepted (text); passwords come from XIAOER_SMTP_PASSWORD and XIAOER_SMS_PASSWORD"

struct config config_defaults(void);
/** Reads @p path over @p c; false with "FILE line 3: unknown setting …". */
must_use bool config_read(struct config *c, const char *path, char ret_error[256]);
void config_set_listen(struct config *c, const char *listen);
