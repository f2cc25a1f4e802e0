/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * SQL of what people see in their lists: rows of conversations with the names beside them, and what stands around one
 * conversation. Decides nothing. All answer STORE_OK (0) or STORE_FAULT unless they say otherwise.
 */

#include "chat/conversation.h"
#include "store/store.h"

enum inbox_tab { INBOX_MINE, INBOX_QUEUE, INBOX_BOT, INBOX_CLOSED };
#define INBOX_TABS 4

/** One row: the members of the wire InboxItem. */
struct inbox_row {
    int64_t id, seq, agent_id, contact_id;
    struct str handler, agent_name, group, contact_name, channel, language, topic, last_author, last_text;
    int64_t last_ms, unread, waiting_ms, opened_ms, queued_ms, closed_ms;
    bool needs_person;
    int64_t stars;    /**< 0: not rated */
    int64_t sort_key; /**< with id, where the next page begins; 0 for a row read alone */
};

/** Which rows, from where. */
struct inbox_search {
    int64_t tenant_id, person_id;
    enum inbox_tab tab;
    struct str q;          /**< part of the buyer's name or last text, an id, the buyer's id; empty: all */
    bool from_cursor;
    int64_t cursor_key, cursor_id; /**< of the last row of the page before */
    int limit;
};

/**
 * mine and queue: longest wait first; bot: those who need a person first, then newest; closed: newest first.
 * A search looks at the newest 5,000 of the tab.
 */
must_use int inbox_list(struct tx *tx, struct arena *a, const struct inbox_search *s, struct inbox_row **ret,
                        size_t *ret_n);
/** 1 and the row; 0: there is none; STORE_FAULT. */
must_use int inbox_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t conversation_id,
                       struct inbox_row *ret);
/** How many there are on each tab, counted up to 1,000. */
must_use int inbox_counts(struct tx *tx, int64_t tenant_id, int64_t person_id, int64_t ret[INBOX_TABS]);

/** Why something was decided. */
struct inbox_reason {
    int64_t at_ms;
    struct str kind, text;
};
/** The latest decisions with a reason, oldest first, at most 10. */
must_use int inbox_reasons(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t conversation_id,
                           struct inbox_reason **ret, size_t *ret_n);
/** The contact's other conversations, newest first, at most 10; id, opened, closed, group = category, topic. */
must_use int inbox_previous(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t contact_id,
                            int64_t conversation_id, struct inbox_row **ret, size_t *ret_n);
