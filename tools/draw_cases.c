/* SPDX-License-Identifier: Apache-2.0 */
/* Writes docs/cases.md on standard output: build/draw_cases > docs/cases.md */
#include <stdio.h>

#include "trade/case_draw.h"

int main(void)
{
    struct buf out = {0};
    case_draw(&out);
    bool good = fwrite(out.p, 1, out.n, stdout) == out.n;
    buf_done(&out);
    return good ? 0 : 1;
}
