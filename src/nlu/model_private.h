/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Inside of nlu/: a model as it lies in memory, for model_file.c (writing, reading and checking a file) and model.c (asking). */

#include "nlu/model.h"

#define NO_ROW UINT32_MAX

/* The slot's place and its 32 check bits come from different ends of the hash: a wrong hit is one in some 2^40. */
struct slot {
    uint32_t check;
    uint32_t row; /* NO_ROW: empty */
    float value;  /* group weight * idf */
    float factor; /* value * the row's scale */
};

struct header {
    uint64_t magic;
    uint64_t checksum; /* of the whole file with this field 0 */
    uint64_t source;
    uint32_t version;
    uint32_t pairs;
    uint32_t class_count;
    uint32_t feature_count;
    uint32_t slot_bits;
    uint32_t stride;
    uint32_t label_bytes;
    uint32_t concept_bytes;
    struct calibration calibration;
    uint32_t tail; /* keeps the size a multiple of 8 */
};

_Static_assert(sizeof(struct header) % 8 == 0, "sections stay aligned");

struct model {
    const char *bytes; /* the file; all views below point into it */
    bool owned;        /* bytes are freed with the model */
    const struct header *head;
    const struct slot *slots;
    const int8_t *rows;
    const float *bias;
    struct str *labels;
    struct lexicon *concepts; /* NULL: the model knows none */
    score_fn *score;
    uint64_t *filter;         /* a bit is set when some feature's check begins with its number */
    uint32_t filter_shift;    /* of a check, to the bit's number */
};

static inline uint32_t check_of(uint64_t hash)
{
    return (uint32_t)(hash >> 32);
}
