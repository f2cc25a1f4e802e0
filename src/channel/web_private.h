/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Inside of channel/: what web.c (frames and who sends them), web_send.c (messages in them) and web_answer.c (what is said back)
 * share. */

#include "base/json_doc.h"
#include "channel/web.h"

struct web_channel {
    struct web_channel_config c;
    struct server *server;
    struct arena frame; /* of the frame that is being read: the loop reads one at a time */
};

struct frame_in {
    struct web_channel *w;
    struct peer *peer;
    struct str text;
    const struct json_node *json; /* an object */
    int64_t now_ms;
};

/** What an error says beside its code. */
struct error_more {
    int retry_ms;
    struct str field;
};

/* web_answer.c */
void web_write_ack(struct buf *b, struct str client_id, int64_t conversation_id, int64_t seq, int64_t at_ms);
/** The error for what a use case refused; anything that is no refusal is a fault of ours. */
void web_write_refusal(struct buf *b, struct str client_id, enum chat_answer answer, struct error_more more);
/** An error to a socket. Loop thread. */
void web_say_here(struct web_channel *w, socket_ref to, struct str client_id, const char *code, const char *text,
                  int retry_ms);
/** The same, and the end of the connection. */
void web_refuse_socket(struct web_channel *w, socket_ref s, const char *code, const char *text);

/* web_send.c */
void web_on_send(struct frame_in *f);
void web_on_human(struct frame_in *f);
