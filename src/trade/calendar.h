/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Calendars: the days off and make-up working days of a country, from packs/calendars. Unlike rules they are facts: the
 * newest notice holds for every case. Read once, on first use; immutable then; any thread.
 */

#include "trade/policy.h"

/** The calendar that working days are counted by in an IANA zone; NULL: weekends only. */
const struct calendar *calendar_of_zone(struct str zone);
/** The same of a text with lines `date<TAB>off|work<TAB>name`, rising, in @p a; false when a line is none of these. */
must_use bool calendar_read(struct arena *a, struct str text, struct calendar *ret);
