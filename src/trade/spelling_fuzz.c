/* SPDX-License-Identifier: Apache-2.0 */
/* Any shop's words and any text: what is found lies in the text, in order and apart, and mending it never fails. */
#include "trade/spelling.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Lines are the shop's words; the last one is the buyer's text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct str rest = {(const char *)data, size}, line, text = STR_NONE;
    ARRAY(struct str) words = {0};
    while (str_cut(&rest, '\n', &line)) {
        *array_push(&a, &words) = line;
        text = line;
    }
    struct spelling *s = spelling_build(words.v, words.n);
    struct misspelling found[MISSPELLINGS];
    size_t n = spelling_find(s, &a, text, found), at = 0;
    for (size_t i = 0; i < n; i++) {
        assert(found[i].from >= at && found[i].to > found[i].from && found[i].to <= text.n && found[i].word.n > 0);
        at = found[i].to;
    }
    (void)spelling_mended(&a, text, found, n);
    spelling_free(s);
    arena_done(&a);
    return 0;
}
