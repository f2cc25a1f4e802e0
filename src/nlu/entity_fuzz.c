/* SPDX-License-Identifier: Apache-2.0 */
/* Any text: entities lie inside it; emotion and language answer within their ranges. */
#include "nlu/entity.h"

#include "nlu/emotion.h"
#include "nlu/language.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char lexicon[] = "colour\t黑色\t黑\nregion\t新疆\t\ndate\t昨天\t-1\ndate\t前几天\t-7..-2\nangry\t垃圾\t2\n"
                              "negate\t不\t1\nhappy\tgood\t1\nstronger\t很\t1.5\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct lexicon *words;
    if (words == NULL)
        words = lexicon_read(STR(lexicon));
    struct arena a = {0};
    struct str text = {(const char *)data, size};
    struct entity *e;
    size_t n = entity_find(&a, text, words, size % 2 == 0, &e);
    for (size_t i = 0; i < n; i++)
        assert(e[i].text.p >= text.p && e[i].text.p + e[i].text.n <= text.p + text.n && e[i].text.n > 0);
    struct feeling f = emotion_of(&a, text, words);
    assert(f.strength >= 0 && f.strength <= 1 && f.polarity >= -1 && f.polarity <= 1);
    struct language_guess g = language_of(&a, text, STR("zh"));
    assert(g.language.n == 2 && g.confidence >= 0 && g.confidence <= 1);
    arena_done(&a);
    return 0;
}
