/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Folds: shares the training rows out for the trial by which confidence is learned: some are left out and asked. People
 * write utterances in small variations, and a row whose near copy was learned says nothing about how a stranger's question
 * will fare: such rows are told, so that confidence is learned from the others. Training only.
 */

#include "nlu/rows.h"
#include "nlu/vectors.h"

/** The fold of each row, 0 … @p folds - 1, by its text: equal texts stay together. */
void folds_make(const struct rows *rows, unsigned folds, uint8_t *ret);
/** Whether each row has a near copy of its class in another fold, into @p ret. */
void folds_copies(const struct vectors *v, const double *class_of, size_t class_count, const uint8_t *fold_of, bool *ret);
