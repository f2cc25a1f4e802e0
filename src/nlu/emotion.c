/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Emotion.
 *
 * How          Each word of the lexicon adds its weight to its emotion and to the polarity. A negation within the three
 *              tokens before turns a good word bad and silences a bad one; a strengthener there multiplies. "!!!",
 *              "???" and a character or pair said three times make what is felt stronger, and alone mean impatience.
 *              Thanks are joy only where little else is said or something else is praised: "… 谢谢" behind a question is
 *              manners. Insults and threats with the law are anger as well, and a life in danger is sadness.
 * Alarms       A threat that is negated ("I won't sue") is none; a life in danger is one even so.
 * Not goals    Irony. A text without any of the words is neutral.
 */
#include "nlu/emotion.h"

#include <math.h>

#define NEAR           4    /* characters or words in which a negation or strengthener reaches the next word */
#define LEAST          0.8  /* weight below which nothing is felt */
#define TURNED         0.7  /* a negated good word is this much bad */

#define ASKED          0.35 /* of joy in what asks for something: "which looks good on me" is none */
#define THANKS_REST    4    /* steps beside thanks up to which they are what the text is about */

enum { GOOD = EMOTION_HAPPY + 1, BAD, NEGATE, STRONGER, WEAKER, THANKS, ASKS, ABUSE, SELF_HARM, LEGAL, KINDS };

/* What each kind of word is here; 0: nothing, it is stepped over. */
static const int kinds[WORD_KINDS] = {
    [WORD_ANGRY] = EMOTION_ANGRY, [WORD_ANXIOUS] = EMOTION_ANXIOUS, [WORD_SAD] = EMOTION_SAD, [WORD_HAPPY] = EMOTION_HAPPY,
    [WORD_GOOD] = GOOD,           [WORD_BAD] = BAD,                 [WORD_NEGATE] = NEGATE,   [WORD_STRONGER] = STRONGER,
    [WORD_WEAKER] = WEAKER,       [WORD_THANKS] = THANKS,           [WORD_ABUSE] = ABUSE,     [WORD_SELF_HARM] = SELF_HARM,
    [WORD_LEGAL] = LEGAL,         [WORD_ASKS] = ASKS,
};

/* Kinds that are an alarm, and what is felt with it. */
static const struct {
    int kind;
    enum alarm alarm;
    int felt;
    bool even_negated;
} alarms[] = {
    {ABUSE, ALARM_ABUSE, EMOTION_ANGRY, false},
    {SELF_HARM, ALARM_SELF_HARM, EMOTION_SAD, true},
    {LEGAL, ALARM_LEGAL, EMOTION_ANGRY, false},
};

/* What has been read so far. */
struct mood {
    double sum[KINDS]; /* by emotion, GOOD, BAD and THANKS */
    bool asks;         /* it asks or wants something */
    size_t steps;      /* words and characters beside those of the lexicon */
    struct str alarm[ALARM_COUNT];
    double factor;     /* of strengtheners in reach */
    bool negated;
    size_t reach;      /* steps until both are forgotten */
};

static void forget(struct mood *m)
{
    m->factor = 1;
    m->negated = false;
    m->reach = 0;
}

/* Takes note of an alarm. @return what is felt with it, or the kind itself when it is none */
static int hear_alarm(struct mood *m, int kind, struct str words)
{
    for (size_t i = 0; i < COUNT(alarms); i++) {
        if (alarms[i].kind != kind)
            continue;
        if ((!m->negated || alarms[i].even_negated) && m->alarm[alarms[i].alarm].n == 0)
            m->alarm[alarms[i].alarm] = words;
        return alarms[i].felt;
    }
    return kind;
}

static void feel(struct mood *m, int kind, double weight)
{
    if (kind == NEGATE || kind == STRONGER || kind == WEAKER) {
        m->negated = kind == NEGATE ? !m->negated : m->negated;
        m->factor *= kind != NEGATE ? weight : 1;
        m->reach = NEAR;
        return;
    }
    if (kind == ASKS) {
        m->asks = true;
        return;
    }
    weight *= m->factor;
    bool good = kind == EMOTION_HAPPY || kind == GOOD;
    if (m->negated && good) {
        m->sum[BAD] += weight * TURNED;
        m->sum[EMOTION_ANGRY] += kind == EMOTION_HAPPY ? weight * TURNED : 0;
    } else if (m->negated && kind != THANKS) {
        m->sum[GOOD] += weight * TURNED / 2;
    } else {
        m->sum[kind] += weight;
        if (kind != GOOD && kind != BAD && kind != THANKS)
            m->sum[good ? GOOD : BAD] += weight;
    }
    forget(m);
}

/* 在吗在吗在吗: two characters said three times end at @p end. */
static bool is_pair_thrice(const struct folded *f, size_t end)
{
    if (end < 6 || f->cp[end - 1] == f->cp[end - 2] || normalise_class(f->cp[end - 1]) != CHAR_CJK)
        return false;
    for (size_t i = end - 4; i < end; i++)
        if (f->cp[i] != f->cp[i - 2])
            return false;
    return true;
}

/* Shouting: how much stronger "!!!" and the like make what was said; *ret_marks tells of ? and ! in rows. */
static double shouting(const struct folded *f, double *ret_marks)
{
    double factor = 1;
    size_t run = 1, marks = 0;
    for (size_t i = 1; i <= f->n; i++) {
        if (i < f->n && f->cp[i] == f->cp[i - 1]) {
            run++;
            continue;
        }
        enum char_class kind = normalise_class(f->cp[i - 1]);
        if (kind == CHAR_MARK)
            marks += run;
        if ((run >= 3 && (kind == CHAR_CJK || kind == CHAR_MARK)) || is_pair_thrice(f, i))
            factor += 0.3;
        else if (kind == CHAR_MARK && f->cp[i - 1] == '!')
            factor += 0.15;
        run = 1;
    }
    *ret_marks = (double)marks;
    return fmin(factor, 1.8);
}

/* Thanks for something, or nearly alone. */
static void give_thanks(struct mood *m)
{
    bool bad = m->sum[EMOTION_ANGRY] + m->sum[EMOTION_ANXIOUS] + m->sum[EMOTION_SAD] > 0;
    if (m->sum[THANKS] > 0 && !bad && (m->sum[EMOTION_HAPPY] > 0 || m->steps <= THANKS_REST)) {
        m->sum[EMOTION_HAPPY] += m->sum[THANKS];
        m->sum[GOOD] += m->sum[THANKS];
    }
}

static struct feeling conclude(struct mood *m, double shout, double marks)
{
    struct feeling r = {.emotion = EMOTION_NEUTRAL};
    double best = 0;
    give_thanks(m);
    if (m->asks)
        m->sum[EMOTION_HAPPY] *= ASKED;
    for (size_t i = 0; i < ALARM_COUNT; i++)
        r.alarm[i] = m->alarm[i];
    for (int e = EMOTION_ANGRY; e <= EMOTION_HAPPY; e++)
        if (m->sum[e] > best) {
            best = m->sum[e];
            r.emotion = (enum emotion)e;
        }
    best *= shout;
    if (best < LEAST && marks >= 3) { /* "???" by itself is somebody who waits */
        r.emotion = EMOTION_ANXIOUS;
        best = LEAST;
    }
    if (best < LEAST)
        r.emotion = EMOTION_NEUTRAL;
    r.strength = r.emotion == EMOTION_NEUTRAL ? 0 : 1 - exp(-best / 2);
    double good = m->sum[GOOD], bad = m->sum[BAD];
    r.polarity = good + bad > 0 ? (good - bad) / (good + bad + 0.5) : 0;
    return r;
}

/* Takes the word or character at @p at that is no word of the lexicon, or one without a feeling that ends at @p end. @return
 * its end */
static size_t step_over(struct mood *m, const struct folded *f, size_t at, size_t end, bool listed)
{
    enum char_class kind = normalise_class(f->cp[at]);
    /* A word of letters is one step, as is a Han character; punctuation ends the reach. */
    while (!listed && kind == CHAR_WORD && end < f->n && normalise_class(f->cp[end]) == CHAR_WORD)
        end++;
    m->steps += !listed && kind != CHAR_OTHER;
    bool stop = kind == CHAR_OTHER && f->cp[at] != ' ' && f->cp[at] != '\'';
    if (stop || (f->cp[at] != ' ' && m->reach > 0 && --m->reach == 0))
        forget(m);
    return end;
}

struct feeling emotion_of_folded(struct str text, const struct folded *f, const struct lexicon *words)
{
    struct mood mood = {.factor = 1};
    for (size_t at = 0, end; at < f->n; at = end) {
        end = at + 1;
        const struct lexicon_entry *e = lexicon_at(words, f, at, &end);
        int kind = e != NULL ? kinds[e->is] : 0;
        if (kind == 0) {
            end = step_over(&mood, f, at, end, e != NULL);
            continue;
        }
        kind = hear_alarm(&mood, kind, str_sub(text, f->at[at], f->at[end] - f->at[at]));
        feel(&mood, kind, e->number > 0 ? e->number : 1);
    }
    double marks, shout = shouting(f, &marks);
    return conclude(&mood, shout, marks);
}

struct feeling emotion_of(struct arena *a, struct str text, const struct lexicon *words)
{
    struct folded f;
    normalise_fold(a, text, &f);
    return emotion_of_folded(text, &f, words);
}
