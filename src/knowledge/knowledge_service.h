/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What a shop's people do with its knowledge: write, change, archive, bring back, import. Each opens its own unit of work,
 * keeps the state before as a version, writes the audit, and tells the bot's caches. Blocks: workers only.
 */

#include "account/actor.h"
#include "base/import.h"
#include "knowledge/knowledge_store.h"

enum knowledge_outcome {
    KNOWLEDGE_DONE = 0,
    KNOWLEDGE_MISSING = 1, /**< no such entry, or no such version of it */
    KNOWLEDGE_TAKEN = 2,   /**< a new entry's id is there already */
    KNOWLEDGE_STALE = 3,   /**< somebody changed it since @p seen_version */
    KNOWLEDGE_REFUSED = 4, /**< the problem says why */
    KNOWLEDGE_FAULT = STORE_FAULT,
};

/** An entry as somebody wants it to be. */
struct knowledge_edit {
    struct str id;          /**< of the entry to change; empty: a new one */
    const json_t *entry;    /**< import shape (contract.md, section 3); "id" and "shop" may be missing */
    int64_t seen_version;   /**< the version that was changed; 0: whatever it is */
};
/** Saves it; @p ret is in @p a. An archived entry is in use again then. */
must_use enum knowledge_outcome knowledge_save(struct store *store, struct arena *a, const struct actor *who,
                                               const struct knowledge_edit *edit, int64_t now_ms, struct entry *ret,
                                               struct import_problem *ret_problem);
must_use enum knowledge_outcome knowledge_archive(struct store *store, struct arena *a, const struct actor *who,
                                                  struct str id, int64_t now_ms, struct entry *ret);
/** Makes it what it was in @p version, as a new version. */
must_use enum knowledge_outcome knowledge_restore(struct store *store, struct arena *a, const struct actor *who,
                                                  struct str id, int64_t version, int64_t now_ms, struct entry *ret);

/**
 * Inside somebody else's unit of work: adds questions that an entry does not have yet.
 * @param ret_added  those that it did not have, in @p a
 */
must_use enum knowledge_outcome knowledge_add_similar(struct tx *tx, struct arena *a, int64_t tenant_id, struct str id,
                                                      const struct texts *questions, int64_t person_id, int64_t now_ms,
                                                      struct texts *ret_added);
/** The same: takes questions off again. */
must_use enum knowledge_outcome knowledge_take_similar(struct tx *tx, struct arena *a, int64_t tenant_id, struct str id,
                                                       const struct texts *questions, int64_t person_id, int64_t now_ms);
/** The same: a new entry of layer shop. @param ret_id  in @p a */
must_use enum knowledge_outcome knowledge_write(struct tx *tx, struct arena *a, int64_t tenant_id,
                                                const struct entry *entry, int64_t person_id, int64_t now_ms,
                                                struct str *ret_id);
/** The same: takes an entry out of use. */
must_use enum knowledge_outcome knowledge_retire(struct tx *tx, struct arena *a, int64_t tenant_id, struct str id,
                                                 int64_t person_id, int64_t now_ms);

/** What a file would do or did. */
struct knowledge_report {
    int64_t rows, added, changed, same, refused;
    ARRAY(struct import_refusal {
        int64_t line;
        struct str text;
    }) refusals;
};
#define KNOWLEDGE_IMPORT_ROWS 2000 /**< of one text over HTTP; more: xiaoer import */

struct knowledge_file {
    const struct import_kind *kind; /**< knowledge_import, utterance_import or case_import */
    struct str text;
    const char *name;               /**< its ending tells the form: "x.jsonl", "x.csv", "x.tsv" */
    bool skip_bad;                  /**< stores the good rows although others are refused */
    bool dry_run;                   /**< stores nothing, reports */
};
/** Rows of another shop are refused. KNOWLEDGE_REFUSED: rows were refused and nothing was stored. */
must_use enum knowledge_outcome knowledge_import_text(struct store *store, struct arena *a, const struct actor *who,
                                                      const struct knowledge_file *file, int64_t now_ms,
                                                      struct knowledge_report *ret, struct import_problem *ret_problem);
