/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Inside of net/: what socket.c (the table of live sockets, and writing) and socket_read.c (reading) share. Loop thread. */

#include "net/socket.h"

#include <wslay/wslay.h>

#define OUTS_KEPT 64

struct sock {
    int fd; /* -1: free slot */
    uint32_t generation;
    wslay_event_context_ptr ws; /* lent while a frame is half read */
    uint64_t frame_bytes;       /* bytes of the frames begun since ws was lent */
    uint64_t given_bytes;       /* bytes handed to ws */
    char *out;                  /* waiting to be sent */
    uint32_t out_n, out_cap;
    uint32_t next_dirty;        /* list of sockets with new output, or of free slots */
    uint32_t heard_s;           /* loop second at which it was last heard */
    bool dirty, want_write, closing, said_close, pinged, fin;
};

struct sockets {
    int epoll_fd;
    const struct socket_events *events;
    struct sock *v;
    uint32_t cap;
    uint32_t count;
    uint32_t free; /* list of free slots */
    uint32_t dirty;
    uint32_t sweep;  /* next slot that sockets_tick looks at */
    uint32_t now_s;
    uint64_t frames_in, frames_out, accepted;
    /* what is being read in this call */
    struct sock *reading;
    wslay_event_context_ptr spare_ws; /* one that has read whole frames only, for the next socket; or NULL */
    char *spare_outs[OUTS_KEPT];      /* buffers of OUT_BYTES: the one used last is the next one used */
    uint32_t spare_outs_n;
    struct str input;
    unsigned char read_buffer[32 * 1024];
};

static inline socket_ref ref_of(const struct sockets *ss, const struct sock *s)
{
    return ((uint64_t)s->generation << 32) | (uint64_t)(s - ss->v);
}

static inline struct sock *sock_of(struct sockets *ss, socket_ref ref)
{
    uint32_t i = (uint32_t)ref;
    if (i >= ss->cap || ss->v[i].fd < 0 || ss->v[i].generation != (uint32_t)(ref >> 32))
        return NULL;
    return &ss->v[i];
}

/* socket.c */
void sock_queue_bytes(struct sockets *ss, struct sock *s, const void *p, size_t n);
/** Puts a close frame behind what is queued; nothing may follow it. */
void sock_queue_close(struct sockets *ss, struct sock *s, uint16_t code);
/** sockets_flush() looks at it in this round. */
void sock_mark_dirty(struct sockets *ss, struct sock *s);

/* socket_read.c */
/** Feeds ss->input to the socket's parser. false: the socket is gone. */
bool sock_feed(struct sockets *ss, struct sock *s);
