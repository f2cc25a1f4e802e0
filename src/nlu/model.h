/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Model: a trained one-vs-rest classifier of texts, as a file and in memory. Immutable after reading, shared by all
 * threads; scoring allocates in the caller's arena only.
 *
 * The file is for machines of the same byte order (little-endian, as all that we run on); it carries a checksum and
 * sizes, and reading proves all of them, so a truncated, damaged or foreign file is told, never used.
 */

#include "base/str.h"
#include "nlu/score.h"

#define MODEL_MAX_CLASSES  4096
#define MODEL_MAX_FEATURES (1u << 26)
#define MODEL_REJECT_STEPS 96 /* thresholds for reject rates of 0 … 95 % */

struct folded;
struct model;

/** One class and how much it is believed. */
struct model_guess {
    uint32_t label;
    float margin; /**< distance from the class's separating plane: above 0 is "yes" */
    double confidence; /**< calibrated on held-out rows: how often a guess like this one is right */
};

/** What held-out rows told about the margins. */
struct calibration {
    float bias, by_margin, by_gap, by_length;  /**< logistic of top margin, its distance to the second, model_length() */
    float sure;                                /**< confidence from which a guess may be acted on */
    float thresholds[MODEL_REJECT_STEPS];      /**< [r]: margin below which r % of the held-out rows lie */
    float sure_thresholds[MODEL_REJECT_STEPS]; /**< the same for the confidence */
};

/** One feature in the making: what training hands over. */
struct model_feature {
    uint64_t hash;
    float value; /**< group weight times idf */
    float scale; /**< weight = scale * row byte */
};

/** All parts of a model in the making. */
struct model_parts {
    bool pairs;
    size_t class_count, feature_count;
    const struct str *labels;              /**< class_count, none empty */
    const struct model_feature *features;  /**< feature_count */
    const int8_t *rows;                    /**< feature_count rows of class_count bytes */
    const float *bias;                     /**< class_count */
    struct calibration calibration;
    uint64_t source;                       /**< hash of what it was trained from: the version */
    struct str concepts;                   /**< the lexicon that its texts were read with, as a file; may be empty */
};

/** The file's bytes for @p parts, on the heap: caller frees .p. */
must_use struct str model_pack(const struct model_parts *parts);
/** How many features a model of @p class_count classes may have, labels and concepts apart, to be of @p bytes at most. */
size_t model_most_features(size_t class_count, size_t bytes);
/** Puts the right checksum into @p bytes of a model file (for fuzzing the checks behind it). */
void model_seal(char *bytes, size_t n);

/**
 * Reads a model from bytes, which are copied.
 * @param ret_error  a sentence for people; untouched on success
 * @return NULL when the bytes are no whole model; else free with model_free()
 */
must_use struct model *model_read(struct str bytes, char ret_error[160]);
/** The same without a copy: @p bytes begin at a multiple of 16 and outlive the model (assets do both). */
must_use struct model *model_view(struct str bytes, char ret_error[160]);
/** Reads a model file. */
must_use struct model *model_load(const char *path, char ret_error[160]);
void model_free(struct model *m);
/** Writes @p bytes so that @p path is the old file or the new one, never less: new file, fsync, rename, fsync. */
must_use bool model_save(const char *path, struct str bytes, char ret_error[160]);

size_t model_class_count(const struct model *m);
size_t model_feature_count(const struct model *m);
uint64_t model_source(const struct model *m);
struct str model_label(const struct model *m, uint32_t label);
/** The number of label @p name, or UINT32_MAX. */
uint32_t model_find_label(const struct model *m, struct str name);

/** Margin below which a guess is refused at reject rate @p rate (0 … .95, cut to that), between two steps linear. */
float model_threshold(const struct model *m, double rate);
/** The same as a confidence. */
double model_sure_threshold(const struct model *m, double rate);
/** The confidence from which a guess may be acted on: at it, 3 % of all held-out rows were sure and wrong. */
double model_sure(const struct model *m);
/** How much a text of @p tokens features of tokens says, for the calibration: grows with the logarithm. */
float model_length(size_t tokens);

/** Best classes of @p text, best first; @return how many, at most @p max, which is 2 or more. Leaves nothing in @p a. */
size_t model_guess(const struct model *m, struct arena *a, struct str text, struct model_guess *ret, size_t max);
/** The same for a text that normalise_points() has read, of which it takes all: see FEATURE_MOST_BYTES. */
size_t model_guess_points(const struct model *m, struct arena *a, const struct folded *points, struct model_guess *ret,
                          size_t max);
/** Margins of all classes into @p ret (model_class_count() floats), added up by @p score: all of them give the same. */
void model_score(const struct model *m, struct arena *a, struct str text, score_fn *score, float *ret);
