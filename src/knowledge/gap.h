/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Gaps: what buyers asked and nobody had written down. One row a question, counted, so that a trainer sees what is worth
 * an answer. Texts are kept without long numbers, which would be phones, cards or order numbers.
 */

#include "store/store.h"

/** What was not known. */
struct gap {
    struct str text, language;
    struct str intent;  /**< as understood, or "unclear" */
    struct str about;   /**< product id and attribute ("P1/充电时间"), or empty */
    int64_t conversation_id;
};

/** The form under which askings count as one: folded, letters and digits only, long numbers as #. In @p a. */
struct str gap_key(struct arena *a, struct str text, struct str about);
/** @p text with every run of five or more digits as #. In @p a. */
struct str gap_text(struct arena *a, struct str text);

/** Stores it, or counts one more asking. In a unit of work. 0, or STORE_FAULT. */
must_use int gap_record(struct tx *tx, struct arena *a, int64_t tenant_id, const struct gap *g, int64_t now_ms);
