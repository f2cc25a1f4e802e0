/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The command line: one descriptor a verb, in app/cmd_<verb>.c; app/main.c holds their table, parses options against
 * the descriptor, prints help, and hands over. Every command answers with an exit code of contract.md, section 1.
 */

#include "base/json.h"

enum exit_code {
    EXIT_DONE = 0,
    EXIT_NO = 1,    /**< the answer is "no": a check failed, nothing found */
    EXIT_USAGE = 2, /**< wrong use: one line on standard error says what and how to mend it */
    EXIT_FAULT = 3, /**< disk, network, database */
};

/** An option `--name VALUE` (or `--name` when value is NULL). --help, --json, --data, --at are understood for all. */
struct cli_option {
    const char *name;
    const char *value; /**< placeholder shown in help; NULL: a switch */
    const char *help;
};

struct cli {
    const struct command *command;
    const char *data_dir; /**< --data, XIAOER_DATA or ./data */
    bool json;
    int argc;             /**< words that are no options */
    char **argv;
    const char *values[16]; /**< by position in command->options */
};

struct command {
    const char *name;
    const char *summary;  /**< one line for the list of commands */
    const char *synopsis; /**< "xiaoer chat --shop S [--buyer B] …" */
    const char *help;     /**< the rest of --help: what it does, examples */
    const struct cli_option *options; /**< ended by {0}; at most 16 */
    enum exit_code (*run)(const struct cli *c);
};

/** Value of an option, "" for a given switch, NULL when not given. */
const char *cli_value(const struct cli *c, const char *name);
/** Prints "xiaoer VERB: sentence" on standard error and gives EXIT_USAGE. */
enum exit_code cli_usage(const struct cli *c, const char *fmt, ...) printf_like(2, 3);
/** The same for a fault: gives EXIT_FAULT. */
enum exit_code cli_fault(const struct cli *c, const char *fmt, ...) printf_like(2, 3);
/** Progress bar on standard error when that is a terminal: call often; redraws at most ten times a second. */
void cli_progress(const char *what, int64_t done, int64_t total);
/** Reads a whole file, or standard input for "-", into @p a; false with errno set. */
must_use bool cli_read_file(struct arena *a, const char *path, struct str *ret);
/** Writes @p bytes as the file @p path; EXIT_FAULT, said, when that fails. */
must_use enum exit_code cli_write_file(const struct cli *c, const char *path, struct str bytes);
