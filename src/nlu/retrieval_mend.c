/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mending a question: tokens that no document has are taken for ones that they may have been meant for.
 *
 * How          A Han character stands for those of the same sound, a word of letters for words with one letter more, less,
 *              other or changed round, and a word that is pinyin ("tuikuan") for characters of these sounds. Which of them it
 *              is, the documents say: the one that most often stands beside the tokens that stand beside it in the question.
 *              Without such a witness nothing is put in, but for long words, whose letters tell enough.
 * Limits       A question of mostly unknown characters is about something else and stays as it is; of the documents of one
 *              sound so many are looked into.
 */
#include "nlu/retrieval_index.h"

#include <stdlib.h>
#include <string.h>

#include "nlu/sound.h"

enum {
    LOOKED_INTO = 4000, /* documents a token */
    SHORTEST = 4,       /* letters of a word that may have a letter wrong */
    TELLING = 6,        /* letters from which on a word needs no witness */
    MENDED_MOST = 16,   /* tokens of a question */
};

/* A token of the question as the documents may have it: this term, or, while that is open, one of this sound. */
struct want {
    uint32_t term;
    uint16_t sound;
};

struct mending {
    const struct index *x;
    struct retrieval_question *q;
    struct want wants[QUERY_TERMS];
};

static bool fits(const struct index *x, uint32_t term, const struct want *w)
{
    return w->term != RESEMBLE_NONE ? term == w->term : w->sound != 0 && x->spellings[term].sound == w->sound;
}

/* What a document would have in the place of this token. */
static uint32_t sign_of(const struct want *w)
{
    return w->term != RESEMBLE_NONE ? w->term : INDEX_SOUND | w->sound;
}

static bool is_asked_for(const struct want *w)
{
    return w != NULL && (w->term != RESEMBLE_NONE || w->sound != 0);
}

/* How often a document has, beside @p term, what stands beside token @p i of the question. */
static size_t witnesses(const struct mending *m, size_t i, uint32_t term, size_t *looked_into)
{
    const struct index *x = m->x;
    const struct term *t = &x->terms[term];
    const struct want *before = i > 0 ? &m->wants[i - 1] : NULL, *after = i + 1 < m->q->n ? &m->wants[i + 1] : NULL;
    size_t found = 0;
    if (!(is_asked_for(before) && index_may_have(x, sign_of(before), term)) &&
        !(is_asked_for(after) && index_may_have(x, term, sign_of(after)))) {
        *looked_into += MIN((size_t)t->count, (size_t)LOOKED_INTO - *looked_into);
        return 0;
    }
    for (size_t k = 0; k < t->count && *looked_into < LOOKED_INTO; k++, (*looked_into)++) {
        const struct doc *d = &x->docs[x->postings[t->from + k].doc];
        const uint32_t *tokens = x->tokens + d->from;
        for (size_t p = 0; p < d->count; p++) {
            if (tokens[p] != term)
                continue;
            bool left = before != NULL && p > 0 && fits(x, tokens[p - 1], before);
            bool right = after != NULL && p + 1 < d->count && fits(x, tokens[p + 1], after);
            found += left && right ? 4 : left || right ? 1 : 0;
        }
    }
    return found;
}

/* The best term so far to put in. */
struct choice {
    uint32_t term;
    size_t witnesses, docs;
};

static void consider(const struct mending *m, size_t i, uint32_t term, size_t *looked_into, struct choice *best)
{
    struct choice c = {term, witnesses(m, i, term, looked_into), m->x->terms[term].count};
    bool better = c.witnesses != best->witnesses ? c.witnesses > best->witnesses : c.docs > best->docs;
    if (best->term == RESEMBLE_NONE || better)
        *best = c;
}

static void put_in(struct mending *m, size_t i, uint32_t term)
{
    struct asked *t = &m->q->v[i];
    const struct spelling *s = &m->x->spellings[term];
    t->hash = m->x->terms[term].hash;
    t->points = m->x->points + s->at;
    t->n = s->n;
    t->known = true;
    t->doubt = true;
    m->wants[i] = (struct want){term, 0};
}

/* ---- sounds ------------------------------------------------------------------------------------------------------- */

/* Where characters of this sound begin in index.sounds. */
static size_t first_of(const struct index *x, uint16_t sound)
{
    size_t low = 0, high = x->sound_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (x->sounds[middle].sound < sound)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_heard(const struct index *x, uint16_t sound)
{
    size_t at = first_of(x, sound);
    return sound != 0 && at < x->sound_count && x->sounds[at].sound == sound;
}

static bool mend_sound(struct mending *m, size_t i)
{
    const struct index *x = m->x;
    struct choice best = {.term = RESEMBLE_NONE};
    size_t looked_into = 0;
    for (size_t k = first_of(x, m->wants[i].sound); k < x->sound_count && x->sounds[k].sound == m->wants[i].sound; k++)
        consider(m, i, x->sounds[k].term, &looked_into, &best);
    if (best.term == RESEMBLE_NONE || best.witnesses == 0)
        return false;
    put_in(m, i, best.term);
    return true;
}

/* Cuts letters into syllables that the documents have, from the back, long ones first. @return how many; 0: it can't be */
static size_t cut_syllables(const struct index *x, const uint32_t *word, size_t n, struct want *ret)
{
    uint32_t letters[WORD_MOST];
    size_t take[WORD_MOST + 1] = {0}, count = 0;
    uint16_t sounds[WORD_MOST] = {0};
    for (size_t i = 0; i < n; i++)
        letters[i] = word[i] == 'v' ? 'u' : word[i]; /* how "ü" is typed */
    for (size_t at = n; at-- > 0;)
        for (size_t k = MIN(n - at, (size_t)SOUND_LETTERS); k > 0 && take[at] == 0; k--) {
            uint16_t sound = at + k == n || take[at + k] > 0 ? sound_named(letters + at, k) : 0;
            if (is_heard(x, sound)) {
                take[at] = k;
                sounds[at] = sound;
            }
        }
    for (size_t at = 0; at < n && take[at] > 0; at += take[at])
        ret[count++] = (struct want){RESEMBLE_NONE, sounds[at]};
    return count;
}

/* Puts @p count open tokens in the place of token @p i. */
static bool make_room(struct mending *m, size_t i, const struct want *wants, size_t count)
{
    struct retrieval_question *q = m->q;
    if (q->n + count - 1 > QUERY_TERMS)
        return false;
    memmove(&q->v[i + count], &q->v[i + 1], (q->n - i - 1) * sizeof(q->v[0]));
    memmove(&m->wants[i + count], &m->wants[i + 1], (q->n - i - 1) * sizeof(m->wants[0]));
    for (size_t k = 0; k < count; k++) {
        q->v[i + k] = (struct asked){.kind = CHAR_CJK};
        m->wants[i + k] = wants[k];
    }
    q->n += count - 1;
    return true;
}

/* "tuikuan" as 退款: all of its syllables, or nothing. */
static size_t mend_pinyin(struct mending *m, size_t i)
{
    struct want wants[WORD_MOST];
    const struct asked word = m->q->v[i];
    size_t count = m->x->sound_count > 0 && word.n <= WORD_MOST ? cut_syllables(m->x, word.points, word.n, wants) : 0;
    if (count == 0 || !make_room(m, i, wants, count))
        return 0;
    size_t done = 0;
    while (done < count && mend_sound(m, i + done))
        done++;
    for (size_t k = 0; k < count && done == count; k++)
        m->q->v[i + k].spelt = count > 1;
    if (done == count)
        return count;
    memmove(&m->q->v[i + 1], &m->q->v[i + count], (m->q->n - i - count) * sizeof(m->q->v[0]));
    memmove(&m->wants[i + 1], &m->wants[i + count], (m->q->n - i - count) * sizeof(m->wants[0]));
    m->q->n -= count - 1;
    m->q->v[i] = word;
    m->wants[i] = (struct want){RESEMBLE_NONE, 0};
    return 0;
}

/* ---- letters ------------------------------------------------------------------------------------------------------ */

/* One letter more, less, other, or two changed round; not the same word. */
static bool is_one_letter_off(const uint32_t *a, size_t an, const uint32_t *b, size_t bn)
{
    if (an > bn + 1 || bn > an + 1)
        return false;
    size_t head = 0, tail = 0, least = MIN(an, bn);
    while (head < least && a[head] == b[head])
        head++;
    while (tail < least - head && a[an - 1 - tail] == b[bn - 1 - tail])
        tail++;
    size_t a_left = an - head - tail, b_left = bn - head - tail;
    bool round = a_left == 2 && b_left == 2 && a[head] == b[head + 1] && a[head + 1] == b[head];
    return round || (a_left <= 1 && b_left <= 1 && a_left + b_left > 0);
}

/* Numbers and codes are never taken for others. */
static bool is_plain_word(const struct asked *t)
{
    bool plain = t->kind == CHAR_WORD && t->n <= WORD_MOST;
    for (size_t i = 0; plain && i < t->n; i++)
        plain = t->points[i] < '0' || t->points[i] > '9';
    return plain;
}

static bool mend_letters(struct mending *m, size_t i)
{
    const struct index *x = m->x;
    const struct asked *t = &m->q->v[i];
    struct choice best = {.term = RESEMBLE_NONE};
    size_t looked_into = 0;
    if (t->n < SHORTEST)
        return false;
    for (size_t k = 0; k < x->word_count; k++) {
        const struct spelling *s = &x->spellings[x->words[k]];
        if (is_one_letter_off(t->points, t->n, x->points + s->at, s->n))
            consider(m, i, x->words[k], &looked_into, &best);
    }
    if (best.term == RESEMBLE_NONE || (best.witnesses == 0 && t->n < TELLING))
        return false;
    put_in(m, i, best.term);
    return true;
}

/* ---- the question ------------------------------------------------------------------------------------------------- */

static void begin(struct mending *m)
{
    for (size_t i = 0; i < m->q->n; i++) {
        const struct asked *t = &m->q->v[i];
        const struct term *term = t->known ? index_term(m->x, t->hash) : NULL;
        m->wants[i] = (struct want){term != NULL ? (uint32_t)(term - m->x->terms) : RESEMBLE_NONE, 0};
        if (!t->known && t->n == 1)
            m->wants[i].sound = sound_of(t->points[0]);
    }
}

static size_t mend_by(struct mending *m)
{
    size_t done = 0;
    for (size_t i = 0; i < m->q->n && done < MENDED_MOST; i++) {
        if (m->q->v[i].known)
            continue;
        size_t here = 0;
        if (m->wants[i].sound != 0)
            here = mend_sound(m, i);
        else if (is_plain_word(&m->q->v[i]))
            here = mend_letters(m, i) ? 1 : mend_pinyin(m, i);
        done += here;
        i += here > 1 ? here - 1 : 0;
    }
    return done;
}

/* Characters are nearly all known to a base that knows the subject; words of letters may all be pinyin. */
static bool is_foreign(const struct retrieval_question *q)
{
    size_t unknown = 0;
    for (size_t i = 0; i < q->n; i++)
        unknown += q->v[i].kind == CHAR_CJK && !q->v[i].known;
    return unknown > 2 && unknown * 2 > q->n;
}

size_t question_mend(const struct retrieval *r, struct arena *a, struct retrieval_question *q)
{
    const struct arena_mark before = arena_mark(a);
    struct mending *m = arena_raw(a, sizeof(*m));
    size_t done = 0;
    for (int late = 0; late < 2 && q->unknown > done && !is_foreign(q); late++) {
        m->x = late == 0 ? r->main : r->late;
        m->q = q;
        if (m->x == NULL || m->x->doc_count == 0)
            continue;
        begin(m);
        done += mend_by(m);
    }
    arena_rewind(a, before);
    if (done > 0)
        question_weigh(r, q);
    return done;
}
