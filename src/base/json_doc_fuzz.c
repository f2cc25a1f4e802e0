/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target of the arena reader of JSON: whatever the bytes, it says what jansson says.
 */
#include "base/json_doc_for_test.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct arena a;
    char *exact = malloc(n > 0 ? n : 1); /* so that a read behind the end is seen */
    assert(exact != NULL);
    if (n > 0)
        memcpy(exact, bytes, n);
    assert(readers_agree(&a, (struct str){exact, n}));
    arena_reset(&a);
    free(exact);
    return 0;
}
