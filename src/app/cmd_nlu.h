/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The verbs of `xiaoer nlu` that have files of their own; their table is in cmd_nlu.c, and so are their options. */

#include "app/cli.h"

/** eval MODEL FILE.tsv */
enum exit_code nlu_eval(const struct cli *c);
/** intents FILE.tsv */
enum exit_code nlu_intents(const struct cli *c);
/** lint [FILE.tsv | PACK-FOLDER] */
enum exit_code nlu_lint(const struct cli *c);
