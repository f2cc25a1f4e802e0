/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What commands share: option values, refusals, progress, reading files.
 */
#include "app/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"

const char *cli_value(const struct cli *c, const char *name)
{
    for (size_t i = 0; c->command->options != NULL && c->command->options[i].name != NULL; i++) {
        if (strcmp(c->command->options[i].name, name) == 0)
            return c->values[i];
    }
    fatal("xiaoer %s: --%s is not in the command's table", c->command->name, name);
}

static void __attribute__((format(printf, 2, 0))) complain(const struct cli *c, const char *fmt, va_list ap)
{
    fprintf(stderr, "xiaoer %s: ", c->command->name);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
}

enum exit_code cli_usage(const struct cli *c, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    complain(c, fmt, ap);
    va_end(ap);
    return EXIT_USAGE;
}

enum exit_code cli_fault(const struct cli *c, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    complain(c, fmt, ap);
    va_end(ap);
    return EXIT_FAULT;
}

void cli_progress(const char *what, int64_t done, int64_t total)
{
    static int64_t next_us; /* one command runs, on one thread */
    static int tty = -1;
    if (tty < 0)
        tty = isatty(STDERR_FILENO);
    int64_t now = clock_mono_us();
    bool last = total > 0 && done >= total;
    if (!tty || (now < next_us && !last))
        return;
    next_us = now + 100000;
    int width = 30;
    int full = total > 0 ? (int)(done * width / total) : 0;
    fprintf(stderr, "\r%-20.20s [", what);
    for (int i = 0; i < width; i++)
        fputc(i < full ? '#' : '.', stderr);
    fprintf(stderr, "] %3d %%%s", total > 0 ? (int)(done * 100 / total) : 0, last ? "\n" : "");
    fflush(stderr);
}

bool cli_read_file(struct arena *a, const char *path, struct str *ret)
{
    int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    struct buf b = {.arena = a};
    ssize_t n;
    do {
        buf_reserve(&b, 64 * KIB);
        n = read(fd, b.p + b.n, b.cap - b.n);
        if (n > 0)
            b.n += (size_t)n;
    } while (n > 0 || (n < 0 && errno == EINTR));
    int why = errno;
    close(fd);
    errno = why;
    *ret = buf_view(&b);
    return n == 0;
}

enum exit_code cli_write_file(const struct cli *c, const char *path, struct str bytes)
{
    FILE *f = fopen(path, "wb");
    if (f == NULL)
        return cli_fault(c, "%s cannot be written: %s", path, strerror(errno));
    bool written = fwrite(bytes.p, 1, bytes.n, f) == bytes.n && fflush(f) == 0;
    int why = errno;
    bool closed = fclose(f) == 0;
    if (!written || !closed)
        return cli_fault(c, "%s cannot be written: %s", path, strerror(written ? errno : why));
    return EXIT_DONE;
}
