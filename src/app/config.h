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
};

#define CONFIG_NAMES "listen (HOST:PORT), log_level (debug info warn error)"

struct config config_defaults(void);
/** Reads @p path over @p c; false with "FILE line 3: unknown setting …". */
must_use bool config_read(struct config *c, const char *path, char ret_error[256]);
void config_set_listen(struct config *c, const char *listen);
