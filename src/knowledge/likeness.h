/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Likeness: texts as vectors of their words, neighbouring words and concepts, each weighed by how rare it is in the shipped
 * utterances; and groups of such vectors. What a feature weighs never depends on the texts compared, so that grouping
 * them one by one, today and tomorrow, gives what grouping them all at once would. Deterministic.
 */

#include "base/str.h"

/** A text as a vector of length 1 (or empty, when it has nothing that tells). */
struct wording {
    const uint64_t *feature; /**< n, rising */
    const float *weight;
    size_t n;
};

/** In @p a. Any thread; the first call reads the shipped utterances. */
struct wording wording_of(struct arena *a, struct str text);
/** How much two are alike: 0 … 1. */
double wording_likeness(const struct wording *x, const struct wording *y);

/** Groups, each known by the sum of its members. One thread. */
struct groups;

#define GROUPS_NONE UINT32_MAX
#define GROUPS_LIKE 0.36 /**< likeness to a group's middle from which a text belongs to it; measured on packs/LANG */

must_use struct groups *groups_new(void);
void groups_free(struct groups *g);
/** A group without members; its number counts from 0. */
uint32_t groups_open(struct groups *g);
void groups_add(struct groups *g, uint32_t group, const struct wording *w);
/** The group nearest to @p w, when it is GROUPS_LIKE or nearer; the lowest number of several; else GROUPS_NONE. */
uint32_t groups_find(struct groups *g, const struct wording *w);
/** Likeness of @p w to the group's middle. */
double groups_likeness(const struct groups *g, uint32_t group, const struct wording *w);
