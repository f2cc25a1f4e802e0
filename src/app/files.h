/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Static files: the web bundle that is inside the program, as server_config.file. Immutable; any thread.
 */

#include "net/server.h"

/** @p arg: not used. Serves /widget/, /console/ (with history fallback), /demo/ and "/" (to the console). */
bool files_serve(void *arg, struct arena *a, struct str path, struct str accept_encoding, struct file_reply *ret);
