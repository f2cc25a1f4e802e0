/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Log lines: built on the stack, written by one write(2) so that threads' lines do not mix.
 */
#include "base/log.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"

static enum log_level least = LOG_INFO;

void log_set_level(enum log_level level)
{
    least = level;
}

void log_event(enum log_level level, const char *event, const char *fmt, ...)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    if (level < least)
        return;

    char line[1024];
    char at[TIME_TEXT];
    int n = snprintf(line, sizeof(line) - 1, "at=%s level=%s event=\"%s\"%s", time_rfc3339(clock_now_ms(), 0, at),
                     names[level], event, fmt != NULL ? " " : "");
    size_t used = MIN((size_t)n, sizeof(line) - 2);
    if (fmt != NULL) {
        va_list ap;
        va_start(ap, fmt);
        int more = vsnprintf(line + used, sizeof(line) - 1 - used, fmt, ap);
        va_end(ap);
        used = MIN(used + (size_t)MAX(more, 0), sizeof(line) - 2);
    }
    line[used++] = '\n';
    ssize_t written = write(STDERR_FILENO, line, used);
    (void)written; /* nowhere left to complain */
}
