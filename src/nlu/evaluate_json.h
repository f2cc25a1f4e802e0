/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * How evaluations are written as JSON: each function writes one object, so that a document and a page say the same.
 * Shares have four decimals. Pure.
 */

#include "base/json.h"
#include "nlu/compare.h"
#include "nlu/evaluate_detail.h"

/** A share, or null when @p has is false: there was nothing that it could be of. */
void json_share(struct json_out *o, const char *key, double share, bool has);
/** {"label","support","said","right","precision","recall","f1"} between jo_open() and jo_close() of the caller. */
void json_label_members(struct json_out *o, const struct label_figures *l);
/** {"truth","said","rows","examples":[{"text","confidence"}]} */
void json_confusion(struct json_out *o, const struct confusion *c);
/** {"from","to","rows","confidence","accuracy"}: bin @p i of DETAIL_BINS */
void json_bin(struct json_out *o, const struct detail *d, size_t i);
/** {"text","truth","said","said_by_other"} of a row that one has right and the other wrong */
void json_change(struct json_out *o, const struct outcome *this, const struct outcome *other);
/** Both lists of a comparison and its figures, {"rows","accuracy","other_accuracy","difference","low","high",…}. */
void json_comparison(struct json_out *o, const struct comparison *c, const struct outcome *this,
                     const struct outcome *other);
