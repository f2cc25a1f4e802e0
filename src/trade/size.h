/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Size advice: which row of a product's size chart fits a body. Pure. Says what it is sure of and what it is not:
 * between two sizes, height and weight that point to different sizes, outside the chart, a measure that is missing.
 */

#include "base/json.h"

enum size_measure { SIZE_HEIGHT, SIZE_WEIGHT, SIZE_FOOT, SIZE_MEASURES };

/** From..to, both included, in mm or grams; to 0: the chart does not say. */
struct size_range {
    int64_t from, to;
};

struct size_row {
    struct str label; /**< "L", "42" */
    struct size_range range[SIZE_MEASURES];
};

/** Smallest size first. */
struct size_chart {
    const struct size_row *rows;
    size_t n;
};

/** What the buyer said; 0: not known. */
struct body {
    int64_t height_cm, weight_g, foot_mm;
};

enum size_answer {
    SIZE_FITS,      /**< best fits every measure */
    SIZE_BETWEEN,   /**< best and other both fit, or the measure lies in the gap between them */
    SIZE_SPLIT,     /**< the measures point to different sizes: best is the larger, other the smaller */
    SIZE_TOO_SMALL, /**< the body is below the chart: best is its smallest size, and will be wide */
    SIZE_TOO_LARGE, /**< above the chart: best is its largest, and will be tight */
    SIZE_MISSING,   /**< a measure that decides is not known: ask for `missing` */
    SIZE_NO_CHART,
};

struct size_advice {
    enum size_answer answer;
    const struct size_row *best;     /**< NULL for SIZE_NO_CHART, and for SIZE_MISSING without any known measure */
    const struct size_row *other;    /**< for SIZE_BETWEEN and SIZE_SPLIT: the second choice */
    const struct size_row *smaller, *larger; /**< neighbours of best in the chart, or NULL */
    unsigned missing;                /**< bits 1 << enum size_measure: in the chart, not known */
    enum size_measure decided_by;    /**< measure that decided, or that lies outside */
};

/**
 * Reads the import shape: rows of a label (尺码, size) and ranges named by measure and unit (身高cm, 体重kg, 体重斤, 脚长cm,
 * height_cm, weight_lb, foot_in…); other columns are for people and are passed over. In @p a.
 */
struct size_chart size_chart_read(struct arena *a, const json_t *rows);
struct size_advice size_advise(const struct size_chart *chart, const struct body *body);
/** The row with that label, any capitals, XXL as 2XL; NULL when there is none. */
const struct size_row *size_row_find(const struct size_chart *chart, struct str label);
const char *size_answer_name(enum size_answer s);
const char *size_measure_name(enum size_measure m); /**< "height" "weight" "foot" */
