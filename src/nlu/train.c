/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Training.
 *
 * How          The rows become vectors (nlu/vectors.h), all of them make the planes that ship (nlu/svm.h), and each
 *              feature's weights become int8 with one scale. For the confidence, a part of the rows is left out and
 *              scored by planes of the rest; what those margins look like becomes the calibration (nlu/calibrate.h).
 *              Few rows: five parts in turn, since a tenth would tell nothing; many: one tenth.
 * Invariants   The same rows in the same order give the same bytes.
 */
#include "nlu/train.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "nlu/calibrate.h"
#include "nlu/features.h"
#include "nlu/model.h"
#include "nlu/svm.h"

#define FEW_ROWS   3000
#define FEW_PARTS  5
#define MANY_PARTS 10

/* Everything of one training. */
struct job {
    const struct rows *rows;
    const struct train_options *options;
    bool pairs;
    struct lexicon *concepts;
    struct vectors vectors;
    double *class_of;   /* by row */
    struct str *labels; /* by class */
    size_t class_count;
    size_t oos;         /* class of TRAIN_OOS_LABEL, or SIZE_MAX */
    struct held_out *held_out;
    size_t held_out_count, right_count, in_scope_count;
};

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void tell(const struct job *j, int64_t done, int64_t total)
{
    if (j->options->progress != NULL)
        j->options->progress("training", done, total);
}

/* Numbers the labels in order of first appearance, through a table of 1 + class. */
static void number_labels(struct job *j)
{
    size_t mask = 4 * MODEL_MAX_CLASSES - 1;
    uint32_t *table = xcalloc(mask + 1, sizeof(*table));
    j->class_of = xcalloc(j->rows->n + 1, sizeof(*j->class_of));
    j->labels = xcalloc(MODEL_MAX_CLASSES + 1, sizeof(*j->labels));
    j->oos = SIZE_MAX;
    for (size_t i = 0; i < j->rows->n && j->class_count <= MODEL_MAX_CLASSES; i++) {
        struct str label = j->rows->v[i].label;
        size_t at = str_hash(label) & mask;
        while (table[at] != 0 && !str_eq(j->labels[table[at] - 1], label))
            at = (at + 1) & mask;
        if (table[at] == 0) {
            if (str_eq_c(label, TRAIN_OOS_LABEL))
                j->oos = j->class_count;
            j->labels[j->class_count] = label;
            table[at] = (uint32_t)++j->class_count;
        }
        j->class_of[i] = table[at] - 1;
    }
    free(table);
}

static void keep_held_out(struct job *j, const double *margins, size_t truth)
{
    size_t best = margins[0] < margins[1], second = 1 - best;
    for (size_t c = 2; c < j->class_count; c++) {
        if (margins[c] > margins[best]) {
            second = best;
            best = c;
        } else if (margins[c] > margins[second]) {
            second = c;
        }
    }
    struct held_out h = {.margin = (float)margins[best],
                         .gap = (float)(margins[best] - margins[second]),
                         .right = best == truth,
                         .in_scope = truth != j->oos && best != j->oos};
    j->in_scope_count += truth != j->oos;
    j->right_count += h.right && truth != j->oos;
    j->held_out[j->held_out_count++] = h;
}

/* Leaves out the rows of one part, chosen by their text so that equal texts stay together, and scores them. */
static void score_part(struct job *j, const struct svm *whole, size_t part, size_t parts)
{
    bool *skip = xcalloc(j->rows->n, sizeof(*skip));
    double *margins = xcalloc(j->class_count, sizeof(*margins));
    for (size_t i = 0; i < j->rows->n; i++)
        skip[i] = (feature_mix(0, str_hash(j->rows->v[i].text)) >> 20) % parts == part;

    struct svm svm;
    svm_train_without(&j->vectors, j->class_of, whole, skip, &svm);
    for (size_t i = 0; i < j->rows->n; i++) {
        if (!skip[i])
            continue;
        svm_score(&svm, &j->vectors, i, margins);
        keep_held_out(j, margins, (size_t)j->class_of[i]);
    }
    svm_done(&svm);
    free(margins);
    free(skip);
}

static struct calibration calibrate_job(struct job *j, const struct svm *whole)
{
    bool few = j->rows->n < FEW_ROWS;
    size_t parts = few ? FEW_PARTS : MANY_PARTS, trainings = few ? FEW_PARTS : 1;
    j->held_out = xcalloc(j->rows->n, sizeof(*j->held_out));
    for (size_t part = 0; part < trainings; part++) {
        tell(j, 3 + (int64_t)part, 3 + (int64_t)trainings);
        score_part(j, whole, part, parts);
    }
    return calibrate(j->held_out, j->held_out_count);
}

/* One feature's weights as bytes; @return their scale. */
static float to_bytes(const float *weights, size_t n, int8_t *ret)
{
    float greatest = 0;
    for (size_t c = 0; c < n; c++)
        greatest = fmaxf(greatest, fabsf(weights[c]));
    for (size_t c = 0; c < n; c++)
        ret[c] = (int8_t)(greatest > 0 ? lrintf(weights[c] / greatest * 127) : 0);
    return greatest / 127;
}

static uint64_t source_of(const struct job *j)
{
    const struct rows *rows = j->rows;
    uint64_t h = feature_mix(rows->n, str_hash(j->options->concepts));
    for (size_t i = 0; i < rows->n; i++)
        h = feature_mix(feature_mix(h, str_hash(rows->v[i].label)), str_hash(rows->v[i].text));
    return h;
}

static struct str pack(const struct job *j, const struct svm *svm, const struct calibration *calibration)
{
    const struct vectors *v = &j->vectors;
    int8_t *rows = xcalloc(v->feature_count * j->class_count + 1, 1);
    struct model_feature *features = xcalloc(v->feature_count + 1, sizeof(*features));
    for (size_t f = 0; f < v->feature_count; f++) {
        float scale = to_bytes(svm->weights + f * j->class_count, j->class_count, rows + f * j->class_count);
        features[f] = (struct model_feature){v->hashes[f], v->values[f], scale};
    }
    struct str bytes = model_pack(&(struct model_parts){
        .pairs = j->pairs,
        .class_count = j->class_count,
        .feature_count = v->feature_count,
        .labels = j->labels,
        .features = features,
        .rows = rows,
        .bias = svm->weights + v->feature_count * j->class_count,
        .calibration = *calibration,
        .source = source_of(j),
        .concepts = j->options->concepts,
    });
    free(features);
    free(rows);
    return bytes;
}

static void job_done(struct job *j)
{
    vectors_done(&j->vectors);
    free(j->class_of);
    free(j->labels);
    free(j->held_out);
    lexicon_free(j->concepts);
}

struct str train_model(const struct rows *rows, const struct train_options *options, struct train_report *ret,
                       char ret_error[160])
{
    double begun = cpu_seconds();
    _cleanup_(job_done) struct job j = {.rows = rows, .options = options};
    number_labels(&j);
    if (j.class_count < 2 || j.class_count > MODEL_MAX_CLASSES) {
        snprintf(ret_error, 160, "%s", j.class_count < 2 ? "there must be rows of two labels at least"
                                                         : "there are more than 4096 labels");
        return STR_NONE;
    }
    j.pairs = options->pairs == TRAIN_PAIRS_ON || (options->pairs == TRAIN_PAIRS_AUTO && vectors_want_pairs(rows));
    if (options->concepts.n > 0 && (j.concepts = lexicon_read(options->concepts)) == NULL) {
        snprintf(ret_error, 160, "the list of concepts has a line without a word");
        return STR_NONE;
    }
    vectors_make(rows, &(struct feature_choice){j.pairs, j.concepts}, &j.vectors);
    if (j.vectors.feature_count == 0 || j.vectors.feature_count > MODEL_MAX_FEATURES) {
        snprintf(ret_error, 160, "%s", j.vectors.feature_count == 0 ? "the texts have no letters or digits"
                                                                    : "the texts have too many different words");
        return STR_NONE;
    }

    tell(&j, 1, 4);
    struct svm svm;
    svm_train(&j.vectors, j.class_of, j.class_count, &svm);
    struct calibration calibration = calibrate_job(&j, &svm);
    struct str bytes = pack(&j, &svm, &calibration);
    svm_done(&svm);
    tell(&j, 1, 1);
    *ret = (struct train_report){
        .rows = rows->n,
        .classes = j.class_count,
        .features = j.vectors.feature_count,
        .pairs = j.pairs,
        .seconds = cpu_seconds() - begun,
        .held_out_accuracy = j.in_scope_count > 0 ? (double)j.right_count / (double)j.in_scope_count : 0,
    };
    return bytes;
}
