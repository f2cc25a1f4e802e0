/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Import of knowledge entries, of a shop's own utterances, and of settled cases (contract.md, section 3). Run by
 * app/import_run.h, and for one shop by knowledge/knowledge_service.h.
 */

#include "base/import.h"
#include "knowledge/knowledge_store.h"

extern const struct import_kind knowledge_import;
extern const struct import_kind utterance_import;
extern const struct import_kind case_import;

/** A row that was checked against knowledge_import.fields, read to the last member. */
struct knowledge_row {
    struct entry entry;
    struct entry_row stored; /**< of `entry`; the person is not set */
};
/** False with the reason. Texts are the row's or in @p a. */
must_use bool knowledge_row(struct arena *a, const json_t *row, struct knowledge_row *ret,
                            struct import_problem *problem);
