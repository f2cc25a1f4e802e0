/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Import of knowledge entries and of a shop's own utterances (contract.md, section 3). Run by app/import_run.h. */

#include "base/import.h"

extern const struct import_kind knowledge_import;
extern const struct import_kind utterance_import;
