/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Polarity.
 *
 * How          Clause by clause, as punctuation ends them. A word of the lexicon adds its weight to good or bad; what stands
 *              before it in the same clause acts on it: a negation turns it (not good is bad; not bad is a little good), a
 *              degree multiplies it. A turn ("但是", "but") says that what follows is what is meant: what was said before
 *              in the text counts less. Bad words count a little more, since few people say them for nothing.
 * Not goals    Irony; who is judged, the goods or the parcel service.
 */
#include "nlu/polarity.h"

#include <math.h>

#define REACH         4    /* characters or words in which a negation or degree reaches the next word */
#define TURNED_GOOD   0.9  /* a negated good word is so much bad */
#define TURNED_BAD    0.4  /* a negated bad word is so much good */
#define BEFORE_TURN   0.6  /* what stands before a turn is left so much of */
#define BAD_COUNTS    1.15
#define MOST_DEGREE   2.0

enum kind { NONE, GOOD, BAD, NEGATE, STRONGER, WEAKER, TURN, PLAIN };

static const struct {
    const char *name;
    enum kind kind;
} kinds[] = {
    {"good", GOOD},         {"bad", BAD},       {"negate", NEGATE}, {"stronger", STRONGER},
    {"weaker", WEAKER},     {"turn", TURN},     {"plain", PLAIN},
};

/* What has been read so far. */
struct verdict {
    double good, bad;
    double degree; /* of what is in reach */
    bool negated;
    size_t reach;  /* steps until both are forgotten */
};

static enum kind kind_of(const struct lexicon_entry *e)
{
    for (size_t i = 0; e != NULL && i < COUNT(kinds); i++)
        if (str_eq_c(e->kind, kinds[i].name))
            return kinds[i].kind;
    return NONE;
}

static void forget(struct verdict *v)
{
    v->degree = 1;
    v->negated = false;
    v->reach = 0;
}

static void judge(struct verdict *v, bool good, double weight)
{
    weight *= fmin(v->degree, MOST_DEGREE);
    if (v->negated)
        *(good ? &v->bad : &v->good) += weight * (good ? TURNED_GOOD : TURNED_BAD);
    else
        *(good ? &v->good : &v->bad) += weight;
    forget(v);
}

static void take(struct verdict *v, enum kind kind, double number)
{
    switch (kind) {
    case GOOD:
    case BAD: judge(v, kind == GOOD, number > 0 ? number : 1); break;
    case NEGATE:
        v->negated = !v->negated;
        v->reach = REACH;
        break;
    case STRONGER:
    case WEAKER:
        v->degree *= number > 0 ? number : 1;
        v->reach = REACH;
        break;
    case TURN:
        v->good *= BEFORE_TURN;
        v->bad *= BEFORE_TURN;
        forget(v);
        break;
    case PLAIN:
    case NONE: break;
    }
}

/* One step over a character or a word that the lexicon does not have; @return where the next begins. */
static size_t step_over(struct verdict *v, const struct folded *f, size_t at)
{
    size_t end = at + 1;
    enum char_class kind = normalise_class(f->cp[at]);
    while (kind == CHAR_WORD && end < f->n && normalise_class(f->cp[end]) == CHAR_WORD)
        end++;
    bool space = f->cp[at] == ' ' || f->cp[at] == '\'';
    bool ends_clause = kind == CHAR_MARK || (kind == CHAR_OTHER && !space);
    if (ends_clause || (!space && v->reach > 0 && --v->reach == 0))
        forget(v);
    return end;
}

double polarity_of(struct arena *a, struct str text, const struct lexicon *words)
{
    struct folded f;
    struct verdict v = {.degree = 1};
    normalise_fold(a, text, &f);
    for (size_t at = 0; at < f.n;) {
        size_t end = at + 1;
        const struct lexicon_entry *e = lexicon_at(words, &f, at, &end);
        if (kind_of(e) == NONE) {
            at = step_over(&v, &f, at);
            continue;
        }
        take(&v, kind_of(e), e->number);
        at = end;
    }
    double bad = v.bad * BAD_COUNTS;
    return v.good + bad > 0 ? (v.good - bad) / (v.good + bad + 0.5) : 0;
}
