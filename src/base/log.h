/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Log: one line an event on standard error, logfmt, UTC. Libraries return errors; edges log. A fault is logged once,
 * where it is born. No text of a conversation, name, phone or token is ever a field. Any thread.
 */

#include "base/str.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/** Lines below @p level are dropped (default LOG_INFO). Before threads start. */
void log_set_level(enum log_level level);
/**
 * Writes `at=… level=… event="…" ` and the formatted fields: log_event(LOG_INFO, "listening", "port=%d", port).
 * @param event  a fixed name
 * @param fmt    logfmt fields, or NULL
 */
void log_event(enum log_level level, const char *event, const char *fmt, ...) printf_like(3, 4);
