/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Entries as the API says them. */

#include "knowledge/answer_day.h"
#include "knowledge/entry.h"
#include "knowledge/knowledge_store.h"

/** The members of an entry, into an object that is open. */
void knowledge_entry_members(struct json_out *o, const struct entry *e, int64_t now_ms);
/** `"used":{"hits":…,"helpful":…,"unhelpful":…}` */
void knowledge_used(struct json_out *o, const struct answer_count *count);
/** A state that it had: the members, and who made it so. */
void knowledge_version_object(struct json_out *o, const struct entry_version *v, int64_t now_ms);
