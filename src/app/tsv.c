/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TSV files of commands.
 */
#include "app/tsv.h"

#include <errno.h>
#include <string.h>

enum exit_code tsv_rows(const struct cli *c, struct arena *a, const char *path, const char *shape, struct rows *ret)
{
    struct str file;
    char error[160];
    if (!cli_read_file(a, path, &file))
        return cli_usage(c, "%s cannot be read: %s", path, strerror(errno));
    if (!rows_read(a, file, ret, error))
        return cli_usage(c, "%s: %s", path, error);
    if (ret->n == 0)
        return cli_usage(c, "%s has no rows: a row is %s", path, shape);
    return EXIT_DONE;
}
