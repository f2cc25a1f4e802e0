/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading live sockets: wslay parses, checks masks, UTF-8 and control frames; here a parser is lent to a socket and taken back.
 *
 * How          A parser that has read whole frames only knows nothing of its socket any more and goes to the next one. Bytes
 *              are counted to know that: those of the frames begun against those handed over.
 */
#include "net/socket_private.h"

#include <string.h>

#include "base/limit.h"

static ssize_t on_recv(wslay_event_context_ptr ws, uint8_t *buf, size_t len, int flags, void *arg)
{
    struct sockets *ss = arg;
    (void)flags;
    size_t n = MIN(len, ss->input.n);
    if (n == 0) {
        wslay_event_set_error(ws, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    memcpy(buf, ss->input.p, n);
    ss->input = str_sub(ss->input, n, SIZE_MAX);
    ss->reading->given_bytes += n;
    return (ssize_t)n;
}

/* wslay answers pings and closes by itself; what it writes goes behind what is queued. */
static ssize_t on_send(wslay_event_context_ptr ws, const uint8_t *data, size_t len, int flags, void *arg)
{
    (void)ws;
    (void)flags;
    struct sockets *ss = arg;
    sock_queue_bytes(ss, ss->reading, data, len);
    return (ssize_t)len;
}

static void on_frame_start(wslay_event_context_ptr ws, const struct wslay_event_on_frame_recv_start_arg *f, void *arg)
{
    (void)ws;
    struct sockets *ss = arg;
    uint64_t n = f->payload_length;
    ss->reading->frame_bytes += 2 + 4 + (uint64_t)(n < 126 ? 0 : n < 65536 ? 2 : 8) + n;
    if (!wslay_is_ctrl_frame(f->opcode))
        ss->reading->fin = f->fin != 0;
}

static void on_message(wslay_event_context_ptr ws, const struct wslay_event_on_msg_recv_arg *m, void *arg)
{
    (void)ws;
    struct sockets *ss = arg;
    struct sock *s = ss->reading;
    if (m->opcode == WSLAY_CONNECTION_CLOSE) {
        s->closing = true; /* wslay has queued the answer through on_send before this is looked at */
        return;
    }
    if (wslay_is_ctrl_frame(m->opcode))
        return;
    COUNT_UP(ss->frames_in);
    if (m->opcode != WSLAY_TEXT_FRAME) {
        sock_queue_close(ss, s, WSLAY_CODE_UNSUPPORTED_DATA);
        return;
    }
    if (!s->closing)
        ss->events->frame(ss->events->arg, ref_of(ss, s), (struct str){(const char *)m->msg, m->msg_length});
}

static void lend(struct sockets *ss, struct sock *s)
{
    static const struct wslay_event_callbacks callbacks = {
        .recv_callback = on_recv,
        .send_callback = on_send,
        .on_frame_recv_start_callback = on_frame_start,
        .on_msg_recv_callback = on_message,
    };
    s->ws = steal(&ss->spare_ws);
    if (s->ws == NULL && wslay_event_context_server_init(&s->ws, &callbacks, ss) != 0)
        fatal("wslay: out of memory");
    wslay_event_config_set_max_recv_msg_length(s->ws, LIMIT_FRAME_BYTES);
    s->frame_bytes = s->given_bytes = 0;
    s->fin = true;
}

/* Between frames a parser knows nothing of its socket any more, unless the connection ends. */
static void give_back(struct sockets *ss, struct sock *s)
{
    if (ss->spare_ws == NULL && !s->closing && !wslay_event_want_write(s->ws))
        ss->spare_ws = s->ws;
    else
        wslay_event_context_free(s->ws);
    s->ws = NULL;
}

/* Feeds ss->input to the socket's parser. false: the socket is gone. */
bool sock_feed(struct sockets *ss, struct sock *s)
{
    socket_ref ref = ref_of(ss, s);
    ss->reading = s;
    if (s->ws == NULL)
        lend(ss, s);
    wslay_event_context_ptr ws = s->ws;
    bool ok = wslay_event_recv(ws) == 0;
    s = sock_of(ss, ref); /* on_message may have grown the table or closed this socket */
    if (s == NULL)
        return false;
    ss->reading = s;
    if (!s->said_close && wslay_event_want_write(ws)) { /* nothing may follow a close frame */
        bool closing = s->closing;
        s->closing = false; /* the close answer itself must still go out */
        ok = wslay_event_send(ws) == 0 && ok;
        s->closing = closing;
    }
    if (!ok || !wslay_event_want_read(ws))
        s->closing = true;
    if (s->closing)
        sock_mark_dirty(ss, s); /* sockets_flush() sends what is left and drops it */
    if (s->given_bytes == s->frame_bytes && s->fin)
        give_back(ss, s);
    return true;
}
