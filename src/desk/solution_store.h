/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * SQL of solutions: what a shop changed and added, and which ones people took. Decides nothing. STORE_OK (0) or STORE_FAULT
 * unless said otherwise.
 */

#include "desk/solution.h"
#include "store/store.h"

/** The shop's rows, by id; text in @p a. */
must_use int solution_list(struct tx *tx, struct arena *a, int64_t tenant_id, struct solution **ret, size_t *ret_n);
/** 1 and the row; 0: there is none; STORE_FAULT. */
must_use int solution_get(struct tx *tx, struct arena *a, int64_t tenant_id, struct str id, struct solution *ret);
/** Adds or changes; @p s->version is the new one. @param body  its JSON */
must_use int solution_put(struct tx *tx, int64_t tenant_id, const struct solution *s, struct str body, int64_t person_id,
                          int64_t now_ms);
must_use int solution_delete(struct tx *tx, int64_t tenant_id, struct str id);

/** One that was taken. */
struct solution_use {
    int64_t conversation_id, place, person_id, at_ms;
    struct str solution_id, offered, intent, emotion;
};
/** 1: noted; 0: it was noted before; STORE_FAULT. */
must_use int solution_use_add(struct tx *tx, int64_t tenant_id, const struct solution_use *use);

/** How often one was taken, and how often as the first of the list. */
struct solution_figure {
    struct str solution_id;
    int64_t used, first;
};
/** Of what was taken at or after @p since_ms, by id. */
must_use int solution_figures(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t since_ms,
                              struct solution_figure **ret, size_t *ret_n);
