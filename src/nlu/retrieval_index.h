/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The inside of retrieval: an inverted index, and a text asked of it. For retrieval*.c only.
 *
 * An index is immutable once built. Several retrievals may share one: it is counted.
 */

#include <stdatomic.h>

#include "nlu/features.h"
#include "nlu/resemble.h"
#include "nlu/retrieval.h"

#define BM25_K1     0.6f
#define BM25_B      0.6f
#define QUERY_TERMS 128 /* tokens of a query that are looked at */
#define WORD_MOST   31  /* letters of a word that is compared letter by letter */
#define PREFIX_MOST 16  /* words that a beginning stands for */
#define INDEX_SOUND 0x80000000u /* above all terms: a sound in the place of one */

struct posting {
    uint32_t doc;
    float share;
};

struct term {
    uint64_t hash;
    uint32_t from, count; /* its postings, one a document */
    float idf, greatest;  /* greatest: of its shares */
    uint64_t bit;         /* of doc.common when the term is common and among the first 64 such, else 0 */
};

struct doc {
    uint32_t from, count; /* its tokens, in order of the text */
    uint64_t common;      /* bits of the common terms that it holds */
    uint64_t repeats;     /* of these, those that it holds more than once */
    uint64_t some;        /* resemble_bit() of its first RESEMBLE_TOKENS tokens … */
    double weight;        /* … and the sum of their idf */
    float length;         /* BM25's: K1 * (1 - B + B * its tokens / the mean) */
};

/* What is looked at of every document that a query touches, close together. */
struct glance {
    uint32_t item;
    float weight; /* doc.weight */
    float reach;  /* by how much a score of BM25 is multiplied to be no less than the idf of the tokens that made it */
};

/* How a term is written, which a query needs only when it was not found as it stands. */
struct spelling {
    uint32_t at;         /* of index.points; what lies there is WORD_MOST long at most */
    uint16_t n;
    uint16_t sound;      /* of a Han character: sound_of(); 0: none */
    uint32_t place;      /* of a word: its place in index.words */
};

/* A term by its sound. */
struct sounding {
    uint16_t sound;
    uint32_t term;
};

struct index {
    atomic_size_t holders;
    struct term *terms;
    size_t term_count, term_room;
    uint32_t *table; /* hash → 1 + term */
    size_t mask;
    struct posting *postings;
    struct doc *docs;
    struct glance *glances; /* by document */
    size_t doc_count;
    uint32_t *tokens; /* terms of all documents, one document after another */
    float *idfs;      /* of these */
    size_t token_count, token_room;
    float unknown_idf; /* of a token that no document has */
    float mean;        /* tokens of a document */
    bool all_rare;     /* a small index beside another: no term is common */

    struct spelling *spellings; /* by term */
    uint32_t *points;           /* folded code points of the terms */
    size_t point_count, point_room;
    uint32_t *words;            /* terms that are words of letters, in order of letters */
    size_t word_count;

    struct sounding *sounds;    /* Han characters, in order of sounds */
    size_t sound_count;

    uint64_t *pairs;            /* bits of index_may_have() */
    size_t pair_mask;           /* how many bits, less one */
};

/** @param beside  whose statistics hold, so that scores of both can be compared; NULL: its own */
must_use struct index *index_build(const struct retrieval_doc *docs, size_t n, const struct index *beside);
struct index *index_ref(struct index *x);
void index_unref(struct index *x);
must_use const struct term *index_term(const struct index *x, uint64_t hash);
bool index_is_common(const struct index *x, const struct term *t);
/** False when no document has @p right just behind @p left. One of them may be a sound instead of a term: INDEX_SOUND | sound. */
bool index_may_have(const struct index *x, uint32_t left, uint32_t right);
/** Words that begin with these letters: places [*ret_from, *ret_to) of index.words. */
void index_words_with(const struct index *x, const uint32_t *letters, size_t n, uint32_t *ret_from, uint32_t *ret_to);

/* ---- a text that is asked ----------------------------------------------------------------------------------------- */

/* A token of the text. */
struct asked {
    uint64_t hash;
    const struct term *main; /* of the full part, or NULL */
    const uint32_t *points;
    uint32_t n;
    enum char_class kind;
    float idf;
    bool known, again; /* in some document; stood in the text before */
    bool doubt;        /* put in the place of one that no document has */
    bool spelt;        /* … which was pinyin of several characters: they bear each other out */
};

struct retrieval_question {
    struct asked v[QUERY_TERMS];
    size_t n, unknown;
    float possible;    /* BM25 of a document that has every term, at most */
    double weight;     /* sum of idf of the first RESEMBLE_TOKENS */
    bool typed;        /* still being typed */
    bool open;         /* … and its last word may go on */
};

struct retrieval {
    struct index *main, *late; /* late: what came after main was built; NULL: nothing */
    unsigned char *gone;       /* by item of main: taken out since; NULL: none */
    size_t gone_count;         /* items that `gone` speaks of */
};

/** Puts known tokens in the place of unknown ones: of the same sound, or with one letter other. @return how many */
size_t question_mend(const struct retrieval *r, struct arena *a, struct retrieval_question *q);
/** Reads a text; @p typed: it is still being typed. In @p a. */
must_use struct retrieval_question *question_read(const struct retrieval *r, struct arena *a, struct str text, bool typed);
/** True when the token is the last one of a text being typed, and may go on. */
bool question_is_open(const struct retrieval_question *q, size_t i);
/** Sums up what the tokens weigh, after they were read or changed. */
void question_weigh(const struct retrieval *r, struct retrieval_question *q);
