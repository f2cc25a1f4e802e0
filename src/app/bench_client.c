/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The load generator's side: child server, plain HTTP, WebSocket clients (RFC 6455, masked with zero: the mask is
 * there, the bytes stay readable).
 */
#include "app/bench_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/time.h"

#define IN_BYTES (64 * 1024)

static pid_t spawn(const char *const *args, int out_fd)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    const char *argv[24] = {"xiaoer"};
    size_t n = 1;
    for (; *args != NULL && n < COUNT(argv) - 1; args++)
        argv[n++] = *args;
    dup2(out_fd, STDOUT_FILENO);
    execv("/proc/self/exe", (char *const *)(uintptr_t)argv);
    _exit(127);
}

int bench_run(const char *const *args)
{
    int status;
    pid_t pid = spawn(args, STDERR_FILENO);
    if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status);
}

static int dial(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int on = 1;
    if (fd < 0)
        return -1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (connect(fd, (const struct sockaddr *)&to, sizeof(to)) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* The server prints `"port":N` as its first line with --json. */
static int read_port(int fd)
{
    char text[4096];
    size_t n = 0;
    while (n < sizeof(text) - 1) {
        ssize_t got = read(fd, text + n, sizeof(text) - 1 - n);
        if (got <= 0)
            return 0;
        n += (size_t)got;
        text[n] = '\0';
        const char *at = strstr(text, "\"port\":");
        if (at != NULL && strchr(at, '}') != NULL)
            return (int)strtol(at + 7, NULL, 10);
    }
    return 0;
}

bool bench_start(struct bench_server *s, const char *dir)
{
    int pipe_fd[2];
    snprintf(s->dir, sizeof(s->dir), "%s", dir);
    if (pipe2(pipe_fd, O_CLOEXEC) != 0)
        return false;
    const char *const args[] = {"serve", "--data", dir, "--listen", "127.0.0.1:0", "--json", "--measure", NULL};
    s->pid = spawn(args, pipe_fd[1]);
    close(pipe_fd[1]);
    s->log_fd = pipe_fd[0];
    s->port = read_port(s->log_fd);
    if (s->port == 0)
        fputs("xiaoer bench: the server did not start\n", stderr);
    return s->port != 0;
}

void bench_stop(struct bench_server *s)
{
    if (s->pid <= 0)
        return;
    kill(s->pid, SIGTERM);
    for (int i = 0; i < 100; i++) {
        if (waitpid(s->pid, NULL, WNOHANG) == s->pid) {
            s->pid = 0;
            break;
        }
        usleep(100000);
    }
    if (s->pid > 0) {
        kill(s->pid, SIGKILL);
        waitpid(s->pid, NULL, 0);
    }
    s->pid = 0;
    close(s->log_fd);
}

static bool read_proc(int pid, const char *name, char *text, size_t n)
{
    char path[64];
    snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t got = read(fd, text, n - 1);
    close(fd);
    text[got > 0 ? got : 0] = '\0';
    return got > 0;
}

double bench_cpu_seconds(int pid)
{
    char text[1024];
    unsigned long user = 0;
    unsigned long sys = 0;
    if (!read_proc(pid, "stat", text, sizeof(text)))
        return 0;
    const char *after = strrchr(text, ')');
    if (after == NULL || sscanf(after + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &sys) != 2)
        return 0;
    return (double)(user + sys) / (double)sysconf(_SC_CLK_TCK);
}

int64_t bench_resident_bytes(int pid)
{
    char text[256];
    long pages = 0;
    if (!read_proc(pid, "statm", text, sizeof(text)) || sscanf(text, "%*d %ld", &pages) != 1)
        return 0;
    return (int64_t)pages * sysconf(_SC_PAGESIZE);
}

double bench_fdatasync_rate(const char *dir, double seconds)
{
    char path[512];
    char page[4096] = {0};
    snprintf(path, sizeof(path), "%s/fdatasync.probe", dir);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return 0;
    int64_t began = clock_mono_us();
    int64_t now = began;
    int64_t count = -1; /* the first one allocates */
    while (now - began < (int64_t)(seconds * 1e6)) {
        page[0]++;
        if (pwrite(fd, page, sizeof(page), 0) != (ssize_t)sizeof(page) || fdatasync(fd) != 0)
            break;
        now = clock_mono_us();
        if (++count == 0)
            began = now;
    }
    close(fd);
    unlink(path);
    return now > began ? (double)count * 1e6 / (double)(now - began) : 0;
}

/* ---- HTTP ---- */

static bool write_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(fd, p, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        p += sent;
        n -= (size_t)sent;
    }
    return true;
}

static int read_answer(int fd, struct arena *a, struct str *ret)
{
    struct buf b = {.arena = a};
    size_t head = SIZE_MAX;
    size_t length = 0;
    for (;;) {
        buf_reserve(&b, 4096);
        ssize_t n = recv(fd, b.p + b.n, b.cap - b.n, 0);
        if (n <= 0)
            return 0;
        b.n += (size_t)n;
        if (head == SIZE_MAX) {
            head = str_find(buf_view(&b), STR("\r\n\r\n"), 0);
            if (head == SIZE_MAX)
                continue;
            char *text = str_c(a, str_sub(buf_view(&b), 0, head));
            const char *at = strcasestr(text, "content-length:");
            length = at != NULL ? strtoul(at + 15, NULL, 10) : 0;
        }
        if (b.n >= head + 4 + length)
            break;
    }
    *ret = str_sub(buf_view(&b), head + 4, length);
    return (int)strtol(b.p + 9, NULL, 10);
}

int bench_post(struct bench_http *h, struct arena *a, const char *path, struct str body, struct str *ret)
{
    if (h->fd <= 0)
        h->fd = dial(h->port);
    if (h->fd < 0)
        return 0;
    struct str request = str_fmt(a, "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                                    "Content-Length: %zu\r\n\r\n%.*s", path, body.n, STR_ARG(body));
    int status = write_all(h->fd, request.p, request.n) ? read_answer(h->fd, a, ret) : 0;
    if (status == 0) {
        close(h->fd);
        h->fd = 0;
    }
    return status;
}

/* ---- WebSocket ---- */

static void send_frame(struct bench_buyer *b, struct str text)
{
    char frame[1400];
    size_t n = 2;
    assert(text.n < sizeof(frame) - 8);
    frame[0] = (char)0x81;
    if (text.n < 126) {
        frame[1] = (char)(0x80 | text.n);
    } else {
        frame[1] = (char)(0x80 | 126);
        frame[2] = (char)(text.n >> 8);
        frame[3] = (char)text.n;
        n = 4;
    }
    memset(frame + n, 0, 4); /* masking key zero */
    n += 4;
    memcpy(frame + n, text.p, text.n);
    if (!write_all(b->fd, frame, n + text.n))
        b->stage = BUYER_GONE;
}

bool bench_connect(struct bench_buyer *b, int epoll_fd, int port)
{
    static const char hello[] = "GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                                "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                "Sec-WebSocket-Version: 13\r\n\r\n";
    b->fd = dial(port);
    b->stage = BUYER_SHAKING;
    if (b->fd < 0 || !write_all(b->fd, hello, sizeof(hello) - 1))
        return false;
    struct epoll_event ev = {.events = EPOLLIN, .data.ptr = b};
    return epoll_ctl(epoll_fd, EPOLL_CTL_ADD, b->fd, &ev) == 0;
}

void bench_say(struct bench_buyer *b, struct str text)
{
    char frame[1300];
    int n = snprintf(frame, sizeof(frame),
                     "{\"type\":\"send\",\"client_id\":\"m%llu\",\"text\":\"%.*s\",\"context\":{\"product\":\"%s\"}%s%s%s}",
                     (unsigned long long)++b->number, STR_ARG(str_clip(text, 200)), b->product,
                     b->conversation[0] != '\0' ? ",\"conversation\":\"" : "", b->conversation,
                     b->conversation[0] != '\0' ? "\"" : "");
    b->waiting = true;
    b->acked = b->answered = false;
    b->sent_us = clock_mono_us();
    send_frame(b, (struct str){frame, (size_t)n});
}

static bool has(struct str text, const char *needle)
{
    return memmem(text.p, text.n, needle, strlen(needle)) != NULL;
}

static void take_conversation(struct bench_buyer *b, struct str frame)
{
    static const char key[] = "\"conversation\":\"";
    size_t at = str_find(frame, STR(key), 0);
    if (at == SIZE_MAX)
        return;
    struct str rest = str_sub(frame, at + sizeof(key) - 1, SIZE_MAX);
    struct str id;
    if (str_cut(&rest, '"', &id) && id.n < sizeof(b->conversation)) {
        memcpy(b->conversation, id.p, id.n);
        b->conversation[id.n] = '\0';
    }
}

/* A turn is complete when its message is acknowledged and the bot has answered; a silent bot (somebody waits in the
 * queue) leaves the acknowledgement alone. */
static void complete(struct bench_buyer *b, struct bench_events *e)
{
    if (!b->waiting || !b->acked || !(b->answered || b->queued))
        return;
    b->waiting = false;
    e->turns++;
    if (e->turn != NULL)
        e->turn(e->arg, b, clock_mono_us() - b->sent_us);
}

static void on_frame(struct bench_buyer *b, struct str frame, struct bench_events *e)
{
    if (has(str_sub(frame, 0, 20), "\"ack\"")) {
        b->acked = true;
        e->acks++;
        take_conversation(b, frame);
    } else if (has(str_sub(frame, 0, 20), "\"message\"")) {
        if (has(frame, "\"author\":{\"kind\":\"bot\"")) {
            b->answered = true;
            e->bot_messages++;
        }
    } else if (has(str_sub(frame, 0, 30), "\"conversation\"")) {
        bool was = b->queued;
        b->queued = has(frame, "\"handler\":\"queue\"");
        if (b->queued && !was)
            send_frame(b, STR("{\"type\":\"cancel_queue\"}"));
        if (has(frame, "\"handler\":\"closed\""))
            b->conversation[0] = '\0';
    } else if (has(str_sub(frame, 0, 20), "\"ready\"")) {
        b->stage = BUYER_READY;
    } else if (has(str_sub(frame, 0, 20), "\"error\"")) {
        if (e->errors++ < 3)
            fprintf(stderr, "xiaoer bench: the server said %.*s\n", (int)MIN(frame.n, (size_t)300), frame.p);
        b->acked = b->answered = true;
    }
    complete(b, e);
}

static size_t take_frames(struct bench_buyer *b, struct bench_events *e)
{
    size_t used = 0;
    while (b->in_n - used >= 2) {
        const unsigned char *p = (const unsigned char *)b->in + used;
        size_t n = p[1] & 0x7f;
        size_t head = 2;
        if (n == 126) {
            if (b->in_n - used < 4)
                break;
            n = (size_t)p[2] << 8 | p[3];
            head = 4;
        }
        if (b->in_n - used < head + n)
            break;
        if ((p[0] & 0x0f) == 1)
            on_frame(b, (struct str){b->in + used + head, n}, e);
        used += head + n;
    }
    return used;
}

static void shake(struct bench_buyer *b)
{
    struct str got = {b->in, b->in_n};
    size_t end = str_find(got, STR("\r\n\r\n"), 0);
    if (end == SIZE_MAX)
        return;
    if (!str_starts(got, STR("HTTP/1.1 101"))) {
        b->stage = BUYER_GONE;
        return;
    }
    b->in_n = 0;
    b->stage = BUYER_SIGNING;
    char auth[800];
    int n = snprintf(auth, sizeof(auth), "{\"type\":\"auth\",\"token\":\"%s\"}", b->token);
    send_frame(b, (struct str){auth, (size_t)n});
}

static void read_buyer(struct bench_buyer *b, struct bench_events *e)
{
    if (b->in == NULL)
        b->in = xmalloc(IN_BYTES);
    ssize_t n = recv(b->fd, b->in + b->in_n, IN_BYTES - b->in_n, MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN)
        return;
    if (n <= 0) {
        b->stage = BUYER_GONE;
        e->closed++;
        close(b->fd);
        return;
    }
    b->in_n += (uint32_t)n;
    if (b->stage == BUYER_SHAKING) {
        shake(b);
    } else {
        size_t used = take_frames(b, e);
        memmove(b->in, b->in + used, b->in_n - used);
        b->in_n -= (uint32_t)used;
    }
    if (b->in_n == 0 && !b->waiting) {
        free(b->in);
        b->in = NULL;
    }
}

void bench_round(int epoll_fd, int timeout_ms, struct bench_events *e)
{
    struct epoll_event events[256];
    int n = epoll_wait(epoll_fd, events, COUNT(events), timeout_ms);
    for (int i = 0; i < n; i++)
        read_buyer(events[i].data.ptr, e);
}
