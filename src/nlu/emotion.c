/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Emotion.
 *
 * How          Each word of the lexicon adds its weight to its emotion and to the polarity. A negation within the three
 *              tokens before turns a good word bad and silences a bad one; a strengthener there multiplies. "!!!",
 *              "???" and a character said three times make what is felt stronger, and alone mean impatience.
 * Not goals    Irony. A text without any of the words is neutral.
 */
#include "nlu/emotion.h"

#include <math.h>

#define NEAR           4    /* characters or words in which a negation or strengthener reaches the next word */
#define LEAST          0.8  /* weight below which nothing is felt */
#define TURNED         0.7  /* a negated good word is this much bad */

enum { GOOD = EMOTION_HAPPY + 1, BAD, NEGATE, STRONGER, WEAKER, KINDS };

static const struct {
    const char *name;
    int kind;
} kinds[] = {
    {"angry", EMOTION_ANGRY}, {"anxious", EMOTION_ANXIOUS}, {"sad", EMOTION_SAD}, {"happy", EMOTION_HAPPY},
    {"good", GOOD},           {"bad", BAD},                 {"negate", NEGATE},   {"stronger", STRONGER},
    {"weaker", WEAKER},
};

/* What has been read so far. */
struct mood {
    double sum[KINDS]; /* by emotion, GOOD and BAD */
    double factor;     /* of strengtheners in reach */
    bool negated;
    size_t reach;      /* steps until both are forgotten */
};

static int kind_of(struct str name)
{
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (str_eq_c(name, kinds[i].name))
            return kinds[i].kind;
    return -1;
}

static void forget(struct mood *m)
{
    m->factor = 1;
    m->negated = false;
    m->reach = 0;
}

static void feel(struct mood *m, int kind, double weight)
{
    if (kind == NEGATE || kind == STRONGER || kind == WEAKER) {
        m->negated = kind == NEGATE ? !m->negated : m->negated;
        m->factor *= kind != NEGATE ? weight : 1;
        m->reach = NEAR;
        return;
    }
    weight *= m->factor;
    bool good = kind == EMOTION_HAPPY || kind == GOOD;
    if (m->negated && good) {
        m->sum[BAD] += weight * TURNED;
        m->sum[EMOTION_ANGRY] += kind == EMOTION_HAPPY ? weight * TURNED : 0;
    } else if (m->negated) {
        m->sum[GOOD] += weight * TURNED / 2;
    } else {
        m->sum[kind] += weight;
        if (kind != GOOD && kind != BAD)
            m->sum[good ? GOOD : BAD] += weight;
    }
    forget(m);
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
        if (run >= 3 && (kind == CHAR_CJK || kind == CHAR_MARK))
            factor += 0.3;
        else if (kind == CHAR_MARK && f->cp[i - 1] == '!')
            factor += 0.15;
        run = 1;
    }
    *ret_marks = (double)marks;
    return fmin(factor, 1.8);
}

static struct feeling conclude(const struct mood *m, double shout, double marks)
{
    struct feeling r = {.emotion = EMOTION_NEUTRAL};
    double best = 0;
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

struct feeling emotion_of(struct arena *a, struct str text, const struct lexicon *words)
{
    struct folded f;
    normalise_fold(a, text, &f);
    struct mood mood = {.factor = 1};
    for (size_t at = 0; at < f.n;) {
        size_t end = at + 1;
        const struct lexicon_entry *e = lexicon_at(words, &f, at, &end);
        int kind = e != NULL ? kind_of(e->kind) : -1;
        if (kind >= 0) {
            feel(&mood, kind, e->number > 0 ? e->number : 1);
        } else {
            /* A word of letters is one step, as is a Han character; punctuation ends the reach. */
            while (e == NULL && end < f.n && normalise_class(f.cp[at]) == CHAR_WORD &&
                   normalise_class(f.cp[end]) == CHAR_WORD)
                end++;
            bool stop = normalise_class(f.cp[at]) == CHAR_OTHER && f.cp[at] != ' ' && f.cp[at] != '\'';
            if (stop || (f.cp[at] != ' ' && mood.reach > 0 && --mood.reach == 0))
                forget(&mood);
        }
        at = end;
    }
    double marks, shout = shouting(&f, &marks);
    return conclude(&mood, shout, marks);
}
