/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of a file. The first bad line refuses the file: a model silently trained on half of it would be worse.
 */
#include "nlu/rows.h"

#include <stdio.h>

#include "base/limit.h"

static const char *row_of(struct str line, struct row *ret)
{
    if (line.n > LIMIT_IMPORT_LINE)
        return "is longer than a row may be";
    if (!str_is_utf8(line))
        return "is not UTF-8 text";
    struct str rest = line, label = STR_NONE;
    (void)str_cut(&rest, '\t', &label); /* a line is never absent: the first cut always succeeds */
    if (rest.p == NULL)
        return "has no tab: a row is label<TAB>text";
    *ret = (struct row){str_trim(label), str_trim(rest)};
    if (ret->label.n == 0)
        return "has no label before the tab: a row is label<TAB>text";
    if (ret->text.n == 0)
        return "has no text after the tab: a row is label<TAB>text";
    return NULL;
}

bool rows_read(struct arena *a, struct str file, struct rows *rows, char ret_error[160])
{
    if (str_starts(file, STR("\xEF\xBB\xBF")))
        file = str_sub(file, 3, SIZE_MAX);
    struct str line;
    for (size_t number = 1; str_cut(&file, '\n', &line); number++) {
        if (str_trim(line).n == 0)
            continue;
        struct row row;
        const char *wrong = row_of(line, &row);
        if (wrong == NULL && rows->n >= LIMIT_IMPORT_ROWS)
            wrong = "is one row more than a file may have";
        if (wrong != NULL) {
            snprintf(ret_error, 160, "line %zu %s", number, wrong);
            return false;
        }
        *array_push(a, rows) = row;
    }
    return true;
}
