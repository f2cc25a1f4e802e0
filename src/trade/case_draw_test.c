/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The document of the case machines is the one that their tables draw. XIAOER_ROOT names the tree (meson sets it).
 */
#include "trade/case_draw.h"

#include "base/table_test.h"

#include <stdio.h>
#include <stdlib.h>

static void the_document_is_up_to_date(void **state)
{
    (void)state;
    struct buf want = {0}, have = {0};
    char path[4096], part[4096];
    const char *root = getenv("XIAOER_ROOT");
    if (root == NULL)
        skip();
    snprintf(path, sizeof(path), "%s/docs/cases.md", root);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    for (size_t n; (n = fread(part, 1, sizeof(part), f)) > 0;)
        buf_add(&have, part, n);
    fclose(f);
    case_draw(&want);
    bool same = str_eq(buf_view(&want), buf_view(&have));
    buf_done(&want);
    buf_done(&have);
    if (!same)
        fail_msg("docs/cases.md is not what the tables draw: run build/draw_cases > docs/cases.md");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_document_is_up_to_date)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
