/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Building the index.
 *
 * How          Terms are the tokens of nlu/features.h: Han characters and words. Each posting carries its finished BM25
 *              share, so that a query only adds. Beside its hash a term keeps its letters, which are needed when a token
 *              of a query is not found as it stands: words in order of letters, characters in order of sounds.
 * Threads      Building: one. Afterwards any.
 */
#include "nlu/retrieval_index.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nlu/sound.h"

#define COMMON_SHARE 20 /* a term in more than one document of so many makes no candidates */

static uint32_t *slot_of(const struct index *x, uint64_t hash)
{
    size_t at = hash & x->mask;
    while (x->table[at] != 0 && x->terms[x->table[at] - 1].hash != hash)
        at = (at + 1) & x->mask;
    return &x->table[at];
}

const struct term *index_term(const struct index *x, uint64_t hash)
{
    uint32_t term = *slot_of(x, hash);
    return term == 0 ? NULL : &x->terms[term - 1];
}

static void grow_table(struct index *x)
{
    free(x->table);
    x->mask = x->mask * 2 + 1;
    x->table = xcalloc(x->mask + 1, sizeof(*x->table));
    for (size_t i = 0; i < x->term_count; i++)
        *slot_of(x, x->terms[i].hash) = (uint32_t)i + 1;
}

/* ---- terms and documents ------------------------------------------------------------------------------------------ */

static void keep_spelling(struct index *x, const struct folded *f, const struct token *t)
{
    uint32_t n = MIN(t->to - t->from, (uint32_t)WORD_MOST);
    while (x->point_count + n > x->point_room) {
        x->point_room = x->point_room > 0 ? x->point_room * 2 : 4096;
        x->points = xrealloc(x->points, x->point_room * sizeof(*x->points));
    }
    memcpy(x->points + x->point_count, f->cp + t->from, n * sizeof(*x->points));
    x->spellings[x->term_count] = (struct spelling){.at = (uint32_t)x->point_count, .n = (uint16_t)n};
    x->point_count += n;
    x->word_count += t->kind == CHAR_WORD;
}

static uint32_t term_make(struct index *x, const struct folded *f, const struct token *t)
{
    if (x->term_count * 2 > x->mask)
        grow_table(x);
    uint32_t *slot = slot_of(x, t->hash);
    if (*slot == 0) {
        if (x->term_count == x->term_room) {
            x->term_room = x->term_room > 0 ? x->term_room * 2 : 1024;
            x->terms = xrealloc(x->terms, x->term_room * sizeof(*x->terms));
            x->spellings = xrealloc(x->spellings, x->term_room * sizeof(*x->spellings));
        }
        keep_spelling(x, f, t);
        x->terms[x->term_count++] = (struct term){.hash = t->hash};
        *slot = (uint32_t)x->term_count;
    }
    return *slot - 1;
}

static void add_doc(struct index *x, struct arena *a, const struct retrieval_doc *in)
{
    struct folded f;
    struct token *t;
    normalise_points(a, in->text, &f);
    size_t n = features_tokens(a, &f, &t);
    while (x->token_count + n > x->token_room) {
        x->token_room = x->token_room > 0 ? x->token_room * 2 : 1024;
        x->tokens = xrealloc(x->tokens, x->token_room * sizeof(*x->tokens));
    }
    x->glances[x->doc_count].item = in->item;
    x->docs[x->doc_count++] = (struct doc){.from = (uint32_t)x->token_count, .count = (uint32_t)n};
    for (size_t i = 0; i < n; i++) {
        uint32_t term = term_make(x, &f, &t[i]);
        x->tokens[x->token_count++] = term;
        x->terms[term].count++; /* tokens for now: room enough for its postings */
    }
}

/* ---- postings ----------------------------------------------------------------------------------------------------- */

/* One posting a document and term; share holds how often, until finish_shares(). */
static void write_postings(struct index *x)
{
    uint32_t from = 0;
    for (size_t i = 0; i < x->term_count; i++) {
        x->terms[i].from = from;
        from += x->terms[i].count;
        x->terms[i].count = 0;
    }
    x->postings = xcalloc(x->token_count + 1, sizeof(*x->postings));
    for (uint32_t d = 0; d < x->doc_count; d++)
        for (size_t i = 0; i < x->docs[d].count; i++) {
            struct term *t = &x->terms[x->tokens[x->docs[d].from + i]];
            struct posting *next = &x->postings[t->from + t->count];
            if (t->count > 0 && next[-1].doc == d) {
                next[-1].share += 1;
            } else {
                *next = (struct posting){d, 1};
                t->count++;
            }
        }
}

bool index_is_common(const struct index *x, const struct term *t)
{
    return !x->all_rare && (size_t)t->count * COMMON_SHARE > x->doc_count;
}

static float idf_of(float docs, uint32_t with)
{
    return logf(1 + (docs - (float)with + 0.5f) / ((float)with + 0.5f));
}

/* Its own statistics, or those of the index that it stands beside. */
static void weigh_terms(struct index *x, const struct index *beside)
{
    float n = (float)x->doc_count;
    x->mean = beside != NULL ? beside->mean : (float)x->token_count / fmaxf(n, 1);
    x->unknown_idf = beside != NULL ? beside->unknown_idf : idf_of(n, 0);
    x->all_rare = beside != NULL;
    for (size_t i = 0; i < x->term_count; i++) {
        struct term *t = &x->terms[i];
        const struct term *same = beside != NULL ? index_term(beside, t->hash) : NULL;
        t->idf = same != NULL ? same->idf : beside != NULL ? x->unknown_idf : idf_of(n, t->count);
    }
}

/* Puts each posting's share in the place of its count, and notes in which documents common terms are. */
static void finish_shares(struct index *x)
{
    unsigned bits = 0;
    for (size_t d = 0; d < x->doc_count; d++)
        x->docs[d].length = BM25_K1 * (1 - BM25_B + BM25_B * (float)x->docs[d].count / fmaxf(x->mean, 1));
    for (size_t i = 0; i < x->term_count; i++) {
        struct term *t = &x->terms[i];
        t->bit = index_is_common(x, t) && bits < 64 ? (uint64_t)1 << bits++ : 0;
        for (size_t k = 0; k < t->count; k++) {
            struct posting *p = &x->postings[t->from + k];
            struct doc *d = &x->docs[p->doc];
            d->common |= t->bit;
            d->repeats |= p->share > 1 ? t->bit : 0;
            x->glances[p->doc].reach = fmaxf(x->glances[p->doc].reach, (p->share + d->length) / (BM25_K1 + 1));
            p->share = t->idf * p->share * (BM25_K1 + 1) / (p->share + d->length);
            t->greatest = fmaxf(t->greatest, p->share);
        }
    }
}

/* What the second look needs of the documents, laid out once. */
static void finish_docs(struct index *x)
{
    x->idfs = xcalloc(x->token_count + 1, sizeof(*x->idfs));
    for (size_t i = 0; i < x->token_count; i++)
        x->idfs[i] = x->terms[x->tokens[i]].idf;
    for (size_t i = 0; i < x->doc_count; i++) {
        struct doc *d = &x->docs[i];
        for (size_t k = d->from; k < d->from + MIN((size_t)d->count, (size_t)RESEMBLE_TOKENS); k++) {
            d->weight += (double)x->idfs[k];
            d->some |= resemble_bit(x->tokens[k]);
        }
        x->glances[i].weight = (float)d->weight;
    }
}

/* ---- letters and sounds ------------------------------------------------------------------------------------------- */

static int compare_letters(const uint32_t *a, size_t an, const uint32_t *b, size_t bn)
{
    for (size_t i = 0; i < MIN(an, bn); i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return (an > bn) - (an < bn);
}

static int by_letters(const void *left, const void *right, void *arg)
{
    const struct index *x = arg;
    const struct spelling *a = &x->spellings[*(const uint32_t *)left], *b = &x->spellings[*(const uint32_t *)right];
    return compare_letters(x->points + a->at, a->n, x->points + b->at, b->n);
}

static void sort_words(struct index *x)
{
    size_t n = 0;
    x->words = xcalloc(x->word_count + 1, sizeof(*x->words));
    for (uint32_t i = 0; i < x->term_count; i++)
        if (normalise_class(x->points[x->spellings[i].at]) == CHAR_WORD)
            x->words[n++] = i;
    qsort_r(x->words, n, sizeof(*x->words), by_letters, x);
    for (uint32_t i = 0; i < n; i++)
        x->spellings[x->words[i]].place = i;
}

/* The first place of index.words from which words are not below the letters; with @p past, not begun by them either. */
static uint32_t place_of(const struct index *x, const uint32_t *letters, size_t n, bool past)
{
    uint32_t low = 0, high = (uint32_t)x->word_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct spelling *s = &x->spellings[x->words[middle]];
        int order = compare_letters(x->points + s->at, MIN((size_t)s->n, n), letters, n);
        if (order < 0 || (past && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void index_words_with(const struct index *x, const uint32_t *letters, size_t n, uint32_t *ret_from, uint32_t *ret_to)
{
    *ret_from = place_of(x, letters, n, false);
    *ret_to = place_of(x, letters, n, true);
}

static int by_sound(const void *left, const void *right)
{
    const struct sounding *a = left, *b = right;
    if (a->sound != b->sound)
        return a->sound < b->sound ? -1 : 1;
    return (a->term > b->term) - (a->term < b->term);
}

static void sort_sounds(struct index *x)
{
    x->sounds = xcalloc(x->term_count + 1, sizeof(*x->sounds));
    for (uint32_t i = 0; i < x->term_count; i++) {
        struct spelling *s = &x->spellings[i];
        s->sound = s->n == 1 ? sound_of(x->points[s->at]) : 0;
        if (s->sound != 0)
            x->sounds[x->sound_count++] = (struct sounding){s->sound, i};
    }
    qsort(x->sounds, x->sound_count, sizeof(*x->sounds), by_sound);
}

/* ---- neighbours --------------------------------------------------------------------------------------------------- */

static size_t pair_bit(const struct index *x, uint32_t left, uint32_t right)
{
    return feature_mix(feature_mix(1, left), right) >> 20 & x->pair_mask;
}

bool index_may_have(const struct index *x, uint32_t left, uint32_t right)
{
    size_t bit = pair_bit(x, left, right);
    return (x->pairs[bit / 64] >> bit % 64 & 1) != 0;
}

static void note_pair(struct index *x, uint32_t left, uint32_t right)
{
    size_t bit = pair_bit(x, left, right);
    x->pairs[bit / 64] |= (uint64_t)1 << bit % 64;
}

/* A bit for each two tokens that stand side by side in some document, and for each with the sound of the other. */
static void note_pairs(struct index *x)
{
    x->pair_mask = 1023;
    while (x->pair_mask < x->token_count * 16) /* so that few bits stand for pairs that are not there */
        x->pair_mask = x->pair_mask * 2 + 1;
    x->pairs = xcalloc((x->pair_mask + 1) / 64, sizeof(*x->pairs));
    for (size_t d = 0; d < x->doc_count; d++)
        for (size_t i = x->docs[d].from + 1; i < x->docs[d].from + x->docs[d].count; i++) {
            uint32_t left = x->tokens[i - 1], right = x->tokens[i];
            note_pair(x, left, right);
            note_pair(x, INDEX_SOUND | x->spellings[left].sound, right);
            note_pair(x, left, INDEX_SOUND | x->spellings[right].sound);
        }
}

/* ---- life --------------------------------------------------------------------------------------------------------- */

struct index *index_build(const struct retrieval_doc *docs, size_t n, const struct index *beside)
{
    struct arena a = {0};
    struct index *x = xcalloc(1, sizeof(*x));
    atomic_init(&x->holders, 1);
    x->docs = xcalloc(n + 1, sizeof(*x->docs));
    x->glances = xcalloc(n + 1, sizeof(*x->glances));
    x->mask = 127;
    grow_table(x);
    for (size_t i = 0; i < n; i++) {
        add_doc(x, &a, &docs[i]);
        arena_reset(&a);
    }
    arena_done(&a);
    write_postings(x);
    weigh_terms(x, beside);
    finish_shares(x);
    finish_docs(x);
    sort_words(x);
    sort_sounds(x);
    note_pairs(x);
    return x;
}

struct index *index_ref(struct index *x)
{
    atomic_fetch_add_explicit(&x->holders, 1, memory_order_relaxed);
    return x;
}

void index_unref(struct index *x)
{
    if (x == NULL || atomic_fetch_sub_explicit(&x->holders, 1, memory_order_acq_rel) != 1)
        return;
    free(x->terms);
    free(x->table);
    free(x->postings);
    free(x->docs);
    free(x->glances);
    free(x->tokens);
    free(x->idfs);
    free(x->spellings);
    free(x->points);
    free(x->words);
    free(x->sounds);
    free(x->pairs);
    free(x);
}
