/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Understanding one text.
 *
 * How          A few exact rules first (a buyer who types only 人工 wants a person, whatever a classifier thinks), then
 *              the classifier; beside it, and not depending on it, entities, emotion and language. The text is folded once;
 *              all of them read that.
 * Lexicons     packs/LANG/lexicon/rules.tsv   exact<TAB>text<TAB>intent, media<TAB>word<TAB>intent (inside brackets)
 *              packs/LANG/lexicon/emotion.tsv, entities.tsv: see nlu/emotion.h, nlu/entity.h
 */
#include "nlu/understand.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/asset.h"
#include "nlu/emotion.h"
#include "nlu/entity.h"
#include "nlu/features.h"
#include "nlu/language.h"
#include "nlu/model.h"
#include "nlu/shipped.h"
#include "nlu/train.h"

#define RULE_CONFIDENCE  0.99

struct nlu {
    struct arena arena; /* owns the version's text */
    struct str language, version;
    struct model *model;
    struct lexicon *rules, *emotion, *entities;
    bool lent;    /* the lexicons are another's */
    bool jin;     /* see entity_find() */
    uint32_t oos; /* the model's label of what is none of its intents */
    double sure;  /* confidence from which a guess counts */
};

void nlu_set_reject_rate(struct nlu *n, double rate)
{
    n->sure = model_sure_threshold(n->model, rate);
}

struct nlu *nlu_shipped(const char *language)
{
    _cleanup_(arena_done) struct arena a = {0};
    struct str bytes = asset_find(str_fmt(&a, "models/%s.model", language));
    if (bytes.p == NULL)
        return NULL;
    char error[160];
    struct model *model = model_view(bytes, error);
    if (model == NULL)
        fatal("the shipped model for %s: %s", language, error); /* built with the program: it cannot be wrong */

    struct nlu *n = xcalloc(1, sizeof(*n));
    n->model = model;
    n->language = str_dup(&n->arena, str_from(language));
    n->jin = str_eq_c(n->language, "zh");
    n->version = str_fmt(&n->arena, "%s-%016llx", language, (unsigned long long)model_source(model));
    n->rules = shipped_lexicon(language, "rules");
    n->emotion = shipped_lexicon(language, "emotion");
    n->entities = shipped_entities(language);
    n->oos = model_find_label(model, STR(TRAIN_OOS_LABEL));
    n->sure = model_sure(model);
    return n;
}

struct nlu *nlu_taught(const struct nlu *shipped, struct model *model)
{
    struct nlu *n = xcalloc(1, sizeof(*n));
    *n = (struct nlu){.model = model, .lent = true, .jin = shipped->jin, .rules = shipped->rules, .emotion = shipped->emotion,
                      .entities = shipped->entities};
    n->language = str_dup(&n->arena, shipped->language);
    n->version = str_fmt(&n->arena, "%.*s-%016llx", STR_ARG(n->language), (unsigned long long)model_source(model));
    n->oos = model_find_label(model, STR(TRAIN_OOS_LABEL));
    n->sure = model_sure(model);
    return n;
}

void nlu_free(struct nlu *n)
{
    if (n == NULL)
        return;
    model_free(n->model);
    if (!n->lent) {
        lexicon_free(n->rules);
        lexicon_free(n->emotion);
        lexicon_free(n->entities);
    }
    struct arena a = n->arena;
    arena_done(&a);
    free(n);
}

struct str nlu_version(const struct nlu *n)
{
    return n->version;
}

/* The text without spaces and punctuation, so that "转人工！！" is 转人工. */
static struct folded bare(struct arena *a, const struct folded *f)
{
    struct folded r = {.cp = arena_array(a, uint32_t, f->n + 1)};
    for (size_t i = 0; i < f->n; i++) {
        enum char_class kind = normalise_class(f->cp[i]);
        bool between = kind == CHAR_OTHER && r.n > 0 && i + 1 < f->n && f->cp[i] == ' ' &&
                       normalise_class(f->cp[i + 1]) == CHAR_WORD && normalise_class(r.cp[r.n - 1]) == CHAR_WORD;
        if (kind == CHAR_CJK || kind == CHAR_WORD || between)
            r.cp[r.n++] = f->cp[i];
    }
    return r;
}

/* (图片), [图片][图片], 【语音】: nothing but bracketed names of media. */
static const struct lexicon_entry *only_media(const struct nlu *n, const struct folded *f)
{
    const struct lexicon_entry *found = NULL;
    for (size_t at = 0; at < f->n;) {
        uint32_t c = f->cp[at];
        if (c == ' ' || c == '\n') {
            at++;
            continue;
        }
        size_t end = at + 1;
        const struct lexicon_entry *e = c == '[' || c == '(' || c == 0x3010 || c == '<'
                                            ? lexicon_at(n->rules, f, at + 1, &end)
                                            : NULL;
        if (e == NULL || e->is != WORD_MEDIA)
            return NULL;
        while (end < f->n && f->cp[end] != ']' && f->cp[end] != ')' && f->cp[end] != 0x3011 && f->cp[end] != '>')
            end++; /* "[图片 1.jpg]" */
        if (end == f->n)
            return NULL;
        at = end + 1;
        found = e;
    }
    return found;
}

/* The intent that a rule gives, or the empty text. */
static struct str by_rule(const struct nlu *n, struct arena *a, const struct folded *f)
{
    const struct lexicon_entry *e = only_media(n, f);
    if (e != NULL)
        return e->value;
    struct folded words = bare(a, f);
    if (words.n == 0)
        return STR("unclear");
    size_t end = 0;
    e = lexicon_at(n->rules, &words, 0, &end);
    return e != NULL && end == words.n && e->is == WORD_EXACT ? e->value : STR_NONE;
}

static struct str intent_of(const struct nlu *n, uint32_t label)
{
    return label == n->oos ? STR("unclear") : model_label(n->model, label);
}

static void classify(const struct nlu *n, struct arena *a, const struct folded *points, struct understanding *ret)
{
    struct model_guess guess[COUNT(ret->best)];
    ret->best_count = model_guess_points(n->model, a, points, guess, COUNT(guess));
    for (size_t i = 0; i < ret->best_count; i++)
        ret->best[i] = (struct guess){intent_of(n, guess[i].label), guess[i].confidence};
    ret->sure = guess[0].confidence >= n->sure && !str_eq_c(ret->best[0].intent, "unclear");
}

bool nlu_is_sure(const struct nlu *n, const struct understanding *u, double reject_rate)
{
    if (u->best_count < 2) /* an exact rule, or nothing: no threshold's business */
        return u->sure;
    double least = reject_rate < 0 ? model_sure(n->model) : model_sure_threshold(n->model, reject_rate);
    return u->best[0].confidence >= least && !str_eq_c(u->best[0].intent, "unclear");
}

static void find_intent(const struct nlu *n, struct arena *a, const struct folded *f, const struct folded *points,
                        struct understanding *ret)
{
    struct str rule = by_rule(n, a, f);
    if (rule.n == 0) {
        classify(n, a, points, ret);
        return;
    }
    ret->best[0] = (struct guess){rule, RULE_CONFIDENCE};
    ret->best_count = 1;
    ret->sure = !str_eq_c(rule, "unclear");
}

static void find_feeling(const struct nlu *n, struct str text, const struct folded *f, struct understanding *ret)
{
    struct feeling feeling = emotion_of_folded(text, f, n->emotion);
    ret->emotion = feeling.emotion;
    ret->emotion_strength = feeling.strength;
    for (size_t i = 0; i < ALARM_COUNT; i++)
        ret->alarm[i] = feeling.alarm[i];
}

void nlu_understand_among(const struct nlu *n, struct arena *a, struct str text, const struct language_prior *prior,
                          struct understanding *ret)
{
    struct folded f, points;
    struct entity *entities;
    *ret = (struct understanding){0};
    normalise_fold(a, text, &f);
    normalise_compose(a, &f, &points);
    find_intent(n, a, &f, &points, ret);
    find_feeling(n, text, &f, ret);
    ret->language = language_of_points(&points, prior).language;
    ret->entity_count = entity_find_folded(a, text, &f, n->entities, n->jin, &entities);
    ret->entities = entities;
}

void nlu_understand(const struct nlu *n, struct arena *a, struct str text, struct str language_hint,
                    struct understanding *ret)
{
    nlu_understand_among(n, a, text, &(struct language_prior){.expected = language_hint}, ret);
}

const char *emotion_name(enum emotion e)
{
    static const char *const names[] = {"neutral", "angry", "anxious", "sad", "happy"};
    return names[e];
}
