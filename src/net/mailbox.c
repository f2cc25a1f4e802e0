/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mailbox.
 *
 * How          Two arrays of posts change places: one is filled by all threads, the other is run by the loop; texts lie one
 *              behind the other beside their array. The bell is rung once until the loop has heard it, and by a thread that
 *              posts several at the end only.
 */
#include "net/mailbox.h"

#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define MAIL_KEPT (64 * KIB) /* of posts and of texts; what a rush needed beyond is given back */

/** Something to run on the loop, or, when fn is NULL, a text for a socket. */
struct post {
    void (*fn)(void *arg);
    void *arg;
    socket_ref to;
    size_t from, n; /* of the text in its mailbox */
};

static _Thread_local bool quiet; /* this thread posts several and rings once, at the end */

static void posts_empty(struct posts *m)
{
    if (m->cap * sizeof(*m->v) > MAIL_KEPT) {
        free(m->v);
        *m = (struct posts){.texts = m->texts};
    }
    m->n = m->texts.n = 0;
    if (m->texts.cap > MAIL_KEPT)
        buf_done(&m->texts);
}

static void posts_free(struct posts *m)
{
    free(m->v);
    buf_done(&m->texts);
}

void mailbox_open(struct mailbox *m)
{
    pthread_mutex_init(&m->lock, NULL);
    m->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

void mailbox_close(struct mailbox *m)
{
    close(m->fd);
    pthread_mutex_destroy(&m->lock);
    posts_free(&m->mail);
    posts_free(&m->read);
}

void mailbox_ring(const struct mailbox *m)
{
    uint64_t one = 1;
    ssize_t n = write(m->fd, &one, sizeof(one));
    (void)n; /* an eventfd write fails only when it is full, and then it is readable anyway */
}

static void post(struct mailbox *box, struct post p, struct str text)
{
    pthread_mutex_lock(&box->lock);
    struct posts *m = &box->mail;
    if (m->n == m->cap) {
        m->cap = m->cap > 0 ? m->cap * 2 : 64;
        m->v = xrealloc(m->v, m->cap * sizeof(*m->v));
    }
    p.from = m->texts.n;
    p.n = text.n;
    buf_str(&m->texts, text);
    m->v[m->n++] = p;
    bool rings = !box->rung && !quiet;
    box->rung = box->rung || rings;
    pthread_mutex_unlock(&box->lock);
    if (rings)
        mailbox_ring(box);
}

void mailbox_post(struct mailbox *m, void (*fn)(void *arg), void *arg)
{
    post(m, (struct post){.fn = fn, .arg = arg}, STR_NONE);
}

void mailbox_text(struct mailbox *m, socket_ref to, struct str text)
{
    post(m, (struct post){.to = to}, text);
}

void mailbox_posts_follow(struct mailbox *m, bool more)
{
    quiet = more;
    if (more)
        return;
    pthread_mutex_lock(&m->lock);
    bool rings = m->mail.n > 0 && !m->rung;
    m->rung = m->rung || rings;
    pthread_mutex_unlock(&m->lock);
    if (rings)
        mailbox_ring(m);
}

void mailbox_read(struct mailbox *box, void (*send)(void *arg, socket_ref to, struct str text), void *arg)
{
    uint64_t count;
    ssize_t n = read(box->fd, &count, sizeof(count));
    (void)n;
    pthread_mutex_lock(&box->lock);
    struct posts m = box->mail;
    box->mail = box->read;
    box->read = (struct posts){0};
    box->rung = false;
    pthread_mutex_unlock(&box->lock);
    for (size_t i = 0; i < m.n; i++) {
        const struct post *p = &m.v[i];
        if (p->fn != NULL)
            p->fn(p->arg);
        else
            send(arg, p->to, (struct str){m.texts.p + p->from, p->n});
    }
    posts_empty(&m);
    box->read = m;
}
