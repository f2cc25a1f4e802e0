/* SPDX-License-Identifier: Apache-2.0 */
/* Any text, with the words that ship: entities lie inside it, times are intervals at any now; emotion and language answer
 * within their ranges. */
#include "nlu/entity.h"

#include <string.h>

#include "nlu/address.h"
#include "nlu/emotion.h"
#include "nlu/language.h"
#include "nlu/shipped.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first bytes say when it is: within some 300 years of 1970. */
static int64_t now_of(const uint8_t *data, size_t size)
{
    int64_t now = 0;
    memcpy(&now, data, MIN(size, (size_t)5));
    return (size % 3 == 0 ? -now : now) * 7;
}

static void check_entity(const struct entity *e, struct str text, int64_t now_ms)
{
    static const char *const zones[] = {"Asia/Shanghai", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "?"};
    assert(e->to > e->from && e->to <= text.n && e->text.p == text.p + e->from && e->text.n == e->to - e->from);
    assert(e->value.n > 0 && e->confidence > 0 && e->confidence <= 1);
    if (e->kind != ENTITY_DATE)
        return;
    struct interval r = when_interval(&e->when, now_ms, str_from(zones[text.n % COUNT(zones)]));
    assert(r.from_ms < r.to_ms);
    struct when again;
    assert(when_read(e->value, &again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct lexicon *words[2], *feelings;
    if (feelings == NULL) {
        words[0] = shipped_entities("en");
        words[1] = shipped_entities("zh");
        feelings = shipped_lexicon("zh", "emotion");
    }
    struct arena a = {0};
    struct str text = {(const char *)data, size};
    struct entity *e;
    struct address address;
    bool jin = size % 2 == 0;
    size_t n = entity_find(&a, text, words[jin], jin, &e);
    for (size_t i = 0; i < n; i++)
        check_entity(&e[i], text, now_of(data, size));
    (void)address_of(e, n, &address);
    struct feeling f = emotion_of(&a, text, feelings);
    assert(f.strength >= 0 && f.strength <= 1 && f.polarity >= -1 && f.polarity <= 1);
    struct language_guess g = language_of(&a, text, STR("zh"));
    assert(g.language.n == 2 && g.confidence >= 0 && g.confidence <= 1);
    arena_done(&a);
    return 0;
}
