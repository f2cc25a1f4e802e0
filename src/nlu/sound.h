/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Sounds: how Han characters are read (pinyin without tones), so that 冲峰依 and "chongfengyi" are known for 冲锋衣: for
 * nlu/retrieval_mend.c and trade/spelling.c. Readings
 * that many speakers do not tell apart (zh and z, ng and n) are one. Each character has its commonest reading only. Made
 * while building by tools/make_sounds.c. Immutable; any thread.
 */

#include "base/str.h"

/** A number for how @p cp sounds: the same for what sounds alike; 0 when it is no Han character or its reading is not known. */
uint16_t sound_of(uint32_t cp);
/** Whether sound_of() is not 0. */
bool sound_has(uint32_t cp);
/** sound_of() of each. */
void sounds_of(const uint32_t *points, size_t n, uint16_t *ret);
#define SOUND_LETTERS 6 /**< most letters of a syllable */
/** The sound of one syllable of pinyin in small letters ("chong", "cong"); 0 when there is none. */
uint16_t sound_named(const uint32_t *letters, size_t n);
/** Its letters as they are typed ("chong"), borrowed for ever; empty when sound_of() is 0. */
struct str sound_letters(uint32_t cp);
/** Makes letters that sound alike the same, in place: "chongfeng" becomes "confen". @return the new length */
size_t sound_fold(char *letters, size_t n);
