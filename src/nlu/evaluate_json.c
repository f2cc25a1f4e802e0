/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Evaluations as JSON.
 */
#include "nlu/evaluate_json.h"

#include <math.h>

static double four_decimals(double x)
{
    return round(x * 1e4) / 1e4;
}

void json_share(struct json_out *o, const char *key, double share, bool has)
{
    jo_key(o, key);
    if (has)
        jo_real(o, four_decimals(share));
    else
        jo_null(o);
}

void json_label_members(struct json_out *o, const struct label_figures *l)
{
    jo_kt(o, "label", l->label);
    jo_kn(o, "support", (int64_t)l->support);
    jo_kn(o, "said", (int64_t)l->said);
    jo_kn(o, "right", (int64_t)l->right);
    json_share(o, "precision", label_precision(l), l->said > 0);
    json_share(o, "recall", label_recall(l), l->support > 0);
    json_share(o, "f1", label_f1(l), true);
}

void json_confusion(struct json_out *o, const struct confusion *c)
{
    jo_open(o);
    jo_kt(o, "truth", c->truth);
    jo_kt(o, "said", c->said);
    jo_kn(o, "rows", (int64_t)c->n);
    jo_key(o, "examples");
    jo_array(o);
    for (size_t i = 0; i < c->example_count; i++) {
        jo_open(o);
        jo_kt(o, "text", c->examples[i]->row->text);
        json_share(o, "confidence", c->examples[i]->confidence, true);
        jo_close(o);
    }
    jo_array_end(o);
    jo_close(o);
}

void json_bin(struct json_out *o, const struct detail *d, size_t i)
{
    const struct reliability *bin = &d->bins[i];
    jo_open(o);
    jo_kr(o, "from", four_decimals((double)i / DETAIL_BINS));
    jo_kr(o, "to", four_decimals((double)(i + 1) / DETAIL_BINS));
    jo_kn(o, "rows", (int64_t)bin->n);
    json_share(o, "confidence", bin->confidence, bin->n > 0);
    json_share(o, "accuracy", bin->n > 0 ? (double)bin->right / (double)bin->n : 0, bin->n > 0);
    jo_close(o);
}

void json_change(struct json_out *o, const struct outcome *this, const struct outcome *other)
{
    jo_open(o);
    jo_kt(o, "text", this->row->text);
    jo_kt(o, "truth", this->right ? this->truth : other->truth);
    jo_kt(o, "said", this->said);
    jo_kt(o, "said_by_other", other->said);
    jo_close(o);
}

static void changes(struct json_out *o, const char *key, const uint32_t *rows, size_t n, const struct outcome *this,
                    const struct outcome *other)
{
    jo_key(o, key);
    jo_array(o);
    for (size_t i = 0; i < n; i++)
        json_change(o, &this[rows[i]], &other[rows[i]]);
    jo_array_end(o);
}

void json_comparison(struct json_out *o, const struct comparison *c, const struct outcome *this,
                     const struct outcome *other)
{
    bool any = c->rows > 0;
    jo_open(o);
    jo_kn(o, "rows", (int64_t)c->rows);
    json_share(o, "accuracy", c->accuracy, any);
    json_share(o, "other_accuracy", c->other, any);
    json_share(o, "difference", c->difference, any);
    json_share(o, "low", c->low, any);
    json_share(o, "high", c->high, any);
    changes(o, "regressions", c->regressions, c->regression_count, this, other);
    changes(o, "improvements", c->improvements, c->improvement_count, this, other);
    jo_close(o);
}
