/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Page. The template packs/page/measure.html has places "{name}" that are filled with the style, the program, the texts of
 * the language and the data. Invariant: neither texts nor data can end the script element that they stand in, because
 * every "<" in them is written as a JSON escape.
 */
#include "nlu/page.h"

#include "base/asset.h"
#include "base/json.h"
#include "base/texts.h"

/* JSON with no "<" left, which can stand in strings only. */
static struct str without_angles(struct arena *a, struct str json)
{
    struct buf b = {.arena = a};
    buf_reserve(&b, json.n + json.n / 8);
    for (size_t i = 0; i < json.n; i++) {
        if (json.p[i] == '<')
            buf_c(&b, "\\u003c");
        else
            buf_char(&b, json.p[i]);
    }
    return buf_view(&b);
}

/* All texts of measure.tsv as an object; English has every key. */
static struct str texts_of(struct arena *a, const char *language)
{
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    struct str rest = asset_find(STR("packs/en/texts/measure.tsv")), line;
    jo_open(&o);
    while (str_cut(&rest, '\n', &line)) {
        struct str key;
        if (!str_cut(&line, '\t', &key) || key.n == 0 || key.p[0] == '#')
            continue;
        jo_key_text(&o, key);
        jo_text(&o, texts_get(str_from(language), str_c(a, key)));
    }
    jo_close(&o);
    return buf_view(&b);
}

struct str page_make(struct arena *a, const char *language, struct str data)
{
    const struct text_value values[] = {
        {"language", str_from(language)},
        {"title", texts_get(str_from(language), "measure.title")},
        {"style", asset_find(STR("packs/page/measure.css"))},
        {"texts", without_angles(a, texts_of(a, language))},
        {"data", without_angles(a, data)},
        {"program", asset_find(STR("packs/page/measure.js"))},
    };
    return texts_fill(a, asset_find(STR("packs/page/measure.html")), values, COUNT(values));
}
