/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Entries: a question, its answer, and when the answer holds: the layer that it belongs to, the days on which it is
 * valid, the circumstances it is for. Which of several wins is decided here. Pure; texts are borrowed.
 */

#include "base/json.h"
#include "nlu/retrieval.h"

/** Highest first (contract.md, section 3). */
enum layer {
    LAYER_EMERGENCY,
    LAYER_INDUSTRY,
    LAYER_SHOP,
    LAYER_PRODUCT,
    LAYER_ACTIVITY,
    LAYER_POLICY,
    LAYER_SMALL_TALK,
};

/** A list of texts; empty: no condition. */
struct texts {
    const struct str *v;
    size_t n;
};

/** When an answer holds. Every list that is not empty must contain what the context says. */
struct conditions {
    struct texts order_status; /**< names of contract.md, "none" for "has no order" */
    struct texts product, category, language, channel, tag;
};

struct entry {
    struct str id;
    enum layer layer;
    struct str question;
    struct texts similar;
    struct str answer;
    struct conditions conditions;
    int64_t valid_from_ms, valid_to_ms; /**< [from, to); 0: open */
    bool overrides;                     /**< a shop entry that beats the industry's */
    int64_t version, changed_ms;
    int64_t archived_ms;                /**< taken out of use then; 0: in use */
};

/** Who asks, about what, when. Empty: not known. */
struct knowledge_context {
    int64_t now_ms;
    struct str order_status; /**< of the order talked about; "none" when the buyer has none */
    struct str product;      /**< product talked about */
    struct str category;     /**< of that product: "服饰/户外" */
    struct str language, channel;
    struct texts tags;       /**< of the buyer: "vip" */
    bool as_written;         /**< typing errors are not looked through: something else than a stored answer is asked for */
};

const char *layer_name(enum layer l);
bool layer_from_name(struct str name, enum layer *ret);

/** Reads stored or imported conditions: members hold a text or an array of texts. False names the fault. */
must_use bool conditions_read(struct arena *a, const json_t *object, struct conditions *ret, const char **ret_wrong);

bool entry_is_valid(const struct entry *e, int64_t now_ms);
/** Valid for ever and under no condition. */
bool entry_is_for_all(const struct entry *e);
/** Valid for some days only: the campaign's answer, which beats the daily one to the same question. */
bool entry_is_timed(const struct entry *e);

/** How an entry's conditions meet a context. */
enum fit {
    FIT_NO,
    FIT_UNKNOWN, /**< nothing speaks against it, but a category it is for is not known */
    FIT_YES,
};
enum fit entry_fits(const struct entry *e, const struct knowledge_context *ctx);
/** Why an entry is out of question: "not_yet", "over", or the condition that @p ctx does not meet; NULL: it is not. */
const char *entry_misfit(const struct entry *e, const struct knowledge_context *ctx);

/* Thresholds on retrieval_hit.match (0..1), measured on packs/LANG/demo and data/faq_lcqmc. */
#define KNOWLEDGE_SURE    0.58 /**< answer at once */
#define KNOWLEDGE_SAME    0.95 /**< the stored question in the buyer's very words */
#define KNOWLEDGE_MAYBE   0.42 /**< offer as "did you mean" */
#define KNOWLEDGE_NEAR    0.06 /**< hits this close to the best compete by layer */
#define KNOWLEDGE_URGENT  0.20 /**< the same for an emergency entry */
#define KNOWLEDGE_UNKNOWN_COST 0.06 /**< taken off the match of FIT_UNKNOWN */

/** Most hits of one search that compete. */
#define KNOWLEDGE_HITS 16

enum knowledge_answer {
    KNOWLEDGE_NONE,
    KNOWLEDGE_UNSURE, /**< best is only worth offering */
    KNOWLEDGE_FOUND,
};

/** Why the winner won. */
enum knowledge_reason {
    KNOWLEDGE_ALONE,     /**< nothing else was near */
    KNOWLEDGE_BY_LAYER,  /**< a higher layer */
    KNOWLEDGE_BY_OVERRIDE,
    KNOWLEDGE_BY_TIME,   /**< in its validity window, over the daily answer */
    KNOWLEDGE_BY_FIT,    /**< more of its conditions met */
    KNOWLEDGE_BY_MATCH,  /**< nearer to the words */
};

struct knowledge_choice {
    enum knowledge_answer answer;
    const struct entry *entry;    /**< NULL with KNOWLEDGE_NONE */
    double match;
    enum knowledge_reason reason; /**< why it won over `over` */
    const struct entry *over;     /**< the answer to the same question that it beat, else the next best, or NULL */
};

/**
 * The winner among @p hits, whose items are places in @p entries, nearest first as retrieval_find() gives them.
 * Entries that are not valid or do not fit @p ctx are passed over, whether or not the search left them out.
 */
struct knowledge_choice knowledge_choose(const struct entry *entries, const struct retrieval_hit *hits, size_t n,
                                         const struct knowledge_context *ctx);
const char *knowledge_reason_name(enum knowledge_reason r);
/** "shop K12 over industry K3, by override (0.84)": for the decision kept with the turn. In @p a. */
struct str knowledge_reason_text(struct arena *a, const struct knowledge_choice *c);
