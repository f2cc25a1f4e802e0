/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The inside of a knowledge base: what builds it (knowledge_base.c) and what asks it (knowledge_ask.c) share. */

#include <pthread.h>

#include "base/snapshot.h"
#include "knowledge/knowledge_base.h"
#include "knowledge/knowledge_base_full.h"

#define KEPT_ANSWERS 256

/** An answer, valid while now is in [from_ms, to_ms). */
struct kept_answer {
    struct str key; /* heap; all that the answer depends on */
    int64_t from_ms, to_ms;
    struct knowledge_choice choice;
};

/** A place is taken over by the next answer that falls on it. */
struct answers {
    pthread_mutex_t lock;
    struct kept_answer v[KEPT_ANSWERS]; /* guarded by lock */
};

struct knowledge_base {
    struct snapshot snapshot; /* first: the cache knows it by this */
    struct base_full *full;
    struct arena arena;          /* of what changed since */
    const struct entry *entries; /* those of the full part, then those changed since */
    size_t n;                    /* of entries, with those gone */
    unsigned char *gone;         /* by place in the full part; NULL: none */
    size_t gone_count;
    struct str *late_wordings;   /* of what changed since, as base_full.wordings */
    struct retrieval *index;
    uint32_t *limited;           /* by entry: 0: it holds ever and for everybody; else its number among those that don't */
    uint32_t limited_count;
    int64_t *turns;              /* rising: the instants at which an entry begins or ends to be valid */
    size_t turn_count;
    struct answers *answers;
};
