/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The verbs, each in its own cmd_*.c; their table is in main.c. */

#include "app/cli.h"

extern const struct command cmd_serve, cmd_demo, cmd_import, cmd_chat, cmd_show, cmd_nlu, cmd_faq, cmd_flow, cmd_check,
    cmd_backup, cmd_restore, cmd_bench;
