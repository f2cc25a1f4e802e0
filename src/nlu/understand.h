/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Understanding: what one text of a buyer means, before anything is known about who wrote it. Pure and fast: the model
 * is immutable after loading and shared by all threads; scratch memory comes from the caller's arena.
 */

#include "base/str.h"
#include "nlu/when.h"

struct language_prior;
struct model;
struct nlu; /* a loaded understanding of one language set: classifier, lexicons */

enum emotion { EMOTION_NEUTRAL, EMOTION_ANGRY, EMOTION_ANXIOUS, EMOTION_SAD, EMOTION_HAPPY };

/** What a text says beside its matter and must not be passed over. */
enum alarm {
    ALARM_ABUSE,     /**< insults whoever reads it */
    ALARM_SELF_HARM, /**< a life may be in danger */
    ALARM_LEGAL,     /**< threatens with lawyer, court or authority */
    ALARM_COUNT,
};

enum entity_kind {
    ENTITY_ORDER_NO,    /**< looks like an order id of a shop: letters and digits, as written */
    ENTITY_TRACKING_NO,
    ENTITY_PHONE,
    ENTITY_MONEY,       /**< number = minor units */
    ENTITY_QUANTITY,
    ENTITY_HEIGHT,      /**< number = cm */
    ENTITY_WEIGHT,      /**< number = grams (斤, kg, lb understood) */
    ENTITY_FOOT,        /**< number = mm of foot length */
    ENTITY_SIZE,        /**< S M L XL 42 … as written, upper case */
    ENTITY_COLOUR,
    ENTITY_DATE,        /**< a time: when_interval() of `when`; value as when_write() */
    ENTITY_REGION,      /**< division of China: value 浙江省/杭州市/西湖区, all that it can be with | between; number = how many */
    ENTITY_PERSON,      /**< who shall receive something, as written */
    ENTITY_ADDRESS,     /**< street, house, door, as written; what stands above it is its region */
};

struct entity {
    enum entity_kind kind;
    struct str text;   /**< where it stood: a view into the understood text */
    size_t from, to;   /**< the same as bytes of the understood text */
    struct str value;  /**< normalised: in the arena or the lexicon */
    int64_t number;    /**< by kind */
    double confidence; /**< 0..1: that it is this */
    struct when when;  /**< of ENTITY_DATE */
};

struct guess {
    struct str intent; /**< id of domain handbook section 5; borrowed from the model */
    double confidence; /**< calibrated: 0..1 */
};

struct understanding {
    struct str language;   /**< ISO 639-1 of this text; the hint when too short to tell */
    struct guess best[5];  /**< best first; best[0].intent may be "unclear" */
    size_t best_count;
    bool sure;             /**< best[0] may be acted on without asking */
    enum emotion emotion;
    double emotion_strength; /**< 0..1 */
    struct str alarm[ALARM_COUNT]; /**< the words that carry it: views into the text; empty: none */
    const struct entity *entities;
    size_t entity_count;
};

/**
 * Loads the shipped understanding ("zh" or "en"), trained from packs/LANG/utterances at build time.
 * @return NULL when there is no such pack; free with nlu_free()
 */
must_use struct nlu *nlu_shipped(const char *language);
/**
 * The same understanding with another model: a shop's own. Rules, emotion and entities are those of @p shipped, which must
 * outlive it.
 * @param model  taken over
 */
must_use struct nlu *nlu_taught(const struct nlu *shipped, struct model *model);
void nlu_free(struct nlu *n);
/**
 * Makes `sure` refuse what lies below all but @p rate (0 … .95) of the questions that the model was held against while
 * training. Unless called, `sure` is what the model learned: no more than 3 % of all such questions were sure and wrong.
 * Before threads share @p n.
 */
void nlu_set_reject_rate(struct nlu *n, double rate);
/**
 * `sure` of @p u at a shop's own reject rate: shop setting `reject_rate`, up to .95; below 0: what the model learned.
 * Greater: the bot asks back more often and is wrong less often.
 */
bool nlu_is_sure(const struct nlu *n, const struct understanding *u, double reject_rate);
/** Version of the model: hash of what it was trained from, for "bot version". Borrowed. */
struct str nlu_version(const struct nlu *n);

/**
 * Understands @p text (valid UTF-8, at most LIMIT_TEXT_CHARS; anything is answered, never fails).
 * @param language_hint  the conversation's or shop's language
 * @param ret            views into @p text, the model and @p a
 */
void nlu_understand(const struct nlu *n, struct arena *a, struct str text, struct str language_hint,
                    struct understanding *ret);
/** The same where more is known of the languages that may be spoken. */
void nlu_understand_among(const struct nlu *n, struct arena *a, struct str text, const struct language_prior *prior,
                          struct understanding *ret);
const char *emotion_name(enum emotion e);
const char *entity_kind_name(enum entity_kind k);
