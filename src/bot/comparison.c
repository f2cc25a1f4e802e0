/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparison of two versions.
 *
 * A settled case is right when its intent is heard surely: asking back is not a right answer. For what buyers said nobody
 * knows the right answer, so a difference there is only shown.
 */
#include "bot/comparison.h"

#include "bot/ear.h"
#include "knowledge/masking.h"

const char *verdict_name(enum verdict v)
{
    static const char *const names[] = {
        [VERDICT_SAME] = "same", [VERDICT_CHANGED] = "changed", [VERDICT_BETTER] = "better", [VERDICT_WORSE] = "worse"};
    return names[v];
}

static struct heard hear(struct arena *a, const struct nlu *nlu, struct str text, struct str language)
{
    struct understanding u;
    nlu_understand(nlu, a, text, language, &u);
    struct str guess = u.best_count > 0 ? str_dup(a, u.best[0].intent) : STR("unclear");
    return (struct heard){u.sure ? guess : STR("unclear"), guess, u.best_count > 0 ? u.best[0].confidence : 0};
}

static enum verdict judge(const struct compared *c)
{
    bool same = str_eq(c->before.intent, c->after.intent);
    bool before = str_eq(c->before.intent, c->expected), after = str_eq(c->after.intent, c->expected);
    if (c->expected.n > 0 && before != after)
        return after ? VERDICT_BETTER : VERDICT_WORSE;
    return same ? VERDICT_SAME : VERDICT_CHANGED;
}

/** Hashes of texts that were looked at; open addressing. */
struct seen {
    uint64_t *v;
    size_t size;
};

static bool is_new(struct seen *s, struct str text)
{
    uint64_t h = str_hash(text) | 1;
    size_t at = (size_t)h & (s->size - 1);
    while (s->v[at] != 0 && s->v[at] != h)
        at = (at + 1) & (s->size - 1);
    bool fresh = s->v[at] == 0;
    s->v[at] = h;
    return fresh;
}

static void compare_case(struct arena *a, const struct nlu *before, const struct nlu *after, struct str language,
                         const struct learning_case *k, struct comparison *ret)
{
    struct compared c = {.text = k->text, .expected = k->intent, .must_pass = k->must_pass};
    c.before = hear(a, before, k->text, language);
    c.after = hear(a, after, k->text, language);
    c.verdict = judge(&c);
    bool right = str_eq(c.after.intent, k->intent);
    ret->cases++;
    ret->right_before += str_eq(c.before.intent, k->intent);
    ret->right_after += right;
    ret->must_pass_failed += k->must_pass && !right;
    ret->better += c.verdict == VERDICT_BETTER;
    ret->worse += c.verdict == VERDICT_WORSE;
    *array_push(a, &ret->rows) = c;
}

static void compare_turn(struct arena *a, const struct nlu *before, const struct nlu *after, struct str language,
                         struct str text, struct comparison *ret)
{
    struct compared c = {.expected = STR_NONE};
    c.before = hear(a, before, text, language);
    c.after = hear(a, after, text, language);
    c.verdict = judge(&c);
    ret->turns++;
    if (c.verdict == VERDICT_SAME)
        return;
    if (ret->turns_changed++ < COMPARISON_TURNS) {
        c.text = masked(a, text);
        *array_push(a, &ret->rows) = c;
    }
}

void compare_versions(struct arena *a, const struct nlu *before, const struct nlu *after, struct str language,
                      const struct learning_case *cases, size_t case_count, const struct str *texts, size_t text_count,
                      struct comparison *ret)
{
    struct seen seen = {.size = 64};
    while (seen.size < 2 * (case_count + text_count))
        seen.size *= 2;
    seen.v = arena_array(a, uint64_t, seen.size);
    *ret = (struct comparison){.cases = 0};
    for (size_t i = 0; i < case_count; i++)
        if (str_eq(ear_script(cases[i].text, language), language) && is_new(&seen, cases[i].text))
            compare_case(a, before, after, language, &cases[i], ret);
    for (size_t i = 0; i < text_count; i++)
        if (str_eq(ear_script(texts[i], language), language) && is_new(&seen, texts[i]))
            compare_turn(a, before, after, language, texts[i], ret);
}
