/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The growth curves of `xiaoer bench growth`. */

#include "app/bench_load.h"

/** Prints a line a point; some three minutes. False: said why. */
must_use bool bench_growth(struct bench *k);
