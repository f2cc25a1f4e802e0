/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes: normalised text is well-formed, and folding keeps every place. */
#include "nlu/normalise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct str text = {(const char *)data, size};
    struct folded f;
    normalise_fold(&a, text, &f);
    assert(f.n <= size && f.at[f.n] == size);
    for (size_t i = 0; i < f.n; i++)
        assert(f.at[i] < f.at[i + 1]);
    struct str out = normalise(&a, text);
    for (size_t i = 0; i < out.n;) { /* well-formed, though a NUL of the input may stand in it */
        size_t n = 1;
        while (i + n < out.n && ((unsigned char)out.p[i + n] & 0xC0) == 0x80)
            n++;
        assert(n <= 4);
        i += n;
    }
    arena_done(&a);
    return 0;
}
