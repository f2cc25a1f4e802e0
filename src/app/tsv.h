/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * TSV: the label<TAB>text files that commands are given.
 */

#include "app/cli.h"
#include "nlu/rows.h"

/**
 * Reads the rows of @p path into @p a; what is wrong with it is said, with its line, as cli_usage().
 * @param shape  how a row is written, for the message: "label<TAB>text"
 * @return EXIT_DONE or EXIT_USAGE; EXIT_DONE means one row at least
 */
must_use enum exit_code tsv_rows(const struct cli *c, struct arena *a, const char *path, const char *shape,
                                 struct rows *ret);
