/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Mail out: an outbox item of kind mail as a message (RFC 5322) on its way to the operator's SMTP server.
 *
 * The item's `to` is the address; its body is made by outbox_mail_body(). The Message-ID is made from the item's key, so that a
 * mail that had to be sent twice (a server killed before it could mark it) is one to every mail program.
 */

#include <stdatomic.h>

#include "store/outbox.h"

/** Where mail goes: from the configuration. Borrowed texts. */
struct mail_server {
    struct str url;            /**< smtp://HOST:PORT, smtps://HOST:PORT */
    struct str user, password; /**< empty: no sign-in */
    struct str from;           /**< bare address */
    const atomic_bool *stop;
};

/** Whether the settings can work; else a sentence. Pure. */
bool mail_server_ok(const struct mail_server *s, const char **ret_why);
/** The message with its headers, lines ended by CR LF, in @p a; empty when @p item->body is none of outbox_mail_body(). Pure. */
struct str mail_write(struct arena *a, const struct mail_server *s, const struct outbox_item *item, int64_t now_ms);
/** What an SMTP server's last code means. Pure. */
enum outbox_outcome mail_outcome(int code);

/** "z****@example.com", in @p a. Pure. */
struct str mail_mask(struct arena *a, struct str address);

/** outbox_sender.send; @p arg is the struct mail_server. */
struct outbox_try mail_out_send(void *arg, struct arena *a, const struct outbox_item *item);
