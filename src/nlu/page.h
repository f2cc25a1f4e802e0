/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Page: a measurement as one self-contained HTML file, to look at, keep and send. Style, program and data stand inside;
 * it asks nobody for anything. What it shows is what the data has, see packs/page/measure.js.
 */

#include "base/str.h"

/**
 * @param language  of its words: packs/LANG/texts/measure.tsv
 * @param data      a JSON document
 * @return the file's bytes, in @p a
 */
struct str page_make(struct arena *a, const char *language, struct str data);
