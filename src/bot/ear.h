/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Ears: with which understanding a conversation is heard: the shipped one, or the version of the shop's own that is
 * released to it (bot/release.h). Held while a turn runs, so that a release or rollback in between changes nothing under
 * it, and waits for nobody.
 *
 *     struct ear ear = ear_hold(ears, tenant_id, shop.catalog, conversation_id);
 *     if (ear_understand(&ear, a, text, hint, &heard)) …        // heard borrows from the ear
 *     ear_release(ears, &ear);
 *
 * A version's file that is missing, truncated or another's is refused whole: the shipped understanding answers in its place,
 * the log says so, and ear_problem() does. Any thread.
 */

#include "account/shop.h"
#include "nlu/understand.h"
#include "store/store.h"

struct ears;

/**
 * @param dir     folder of the versions' files (made when the first is written)
 * @param zh, en  the shipped understandings; one may be NULL. They outlive the ears.
 */
must_use struct ears *ears_new(struct store *store, const char *dir, const struct nlu *zh, const struct nlu *en);
/** Nobody may hold an ear any more. NULL is fine. */
void ears_free(struct ears *e);

struct ear {
    const struct nlu *zh, *en;
    const struct shop *shop; /* for its languages; may be NULL */
    double reject_rate;    /**< the shop's own (account/shop.h); 0: the models' */
    struct snapshot *held; /* for ear_release() */
};

/**
 * @param catalog  the shop's catalog version as read for this turn: a release raises it
 */
must_use struct ear ear_hold(struct ears *e, int64_t tenant_id, int64_t catalog, int64_t conversation_id);
void ear_release(struct ears *e, struct ear *ear);
/**
 * Understands @p text with the model of its script: Han goes to the Chinese one, letters to the English one, and what has
 * neither to that of @p hint. False when no model is loaded at all.
 */
must_use bool ear_understand(const struct ear *ear, struct arena *a, struct str text, struct str hint,
                             struct understanding *ret);
/** "zh" or "en": the understanding that hears @p text. */
struct str ear_script(struct str text, struct str hint);
/** Version of what hears @p text. Borrowed from the ear. */
struct str ear_version(const struct ear *ear, struct str text, struct str hint);

/** Why a version in use could not be loaded; empty: it could, or it is not in use. In @p a. */
struct str ear_problem(struct ears *e, struct arena *a, int64_t tenant_id, int64_t catalog, int64_t number);
/** The shipped understanding of "zh" or "en", or NULL. */
const struct nlu *ear_shipped(const struct ears *e, struct str language);

/** Where a version's file lies, in @p a. */
struct str ear_path(const struct ears *e, struct arena *a, int64_t tenant_id, int64_t number, struct str language);
/**
 * Loads one version for itself, whatever its state.
 * @param source  the version that its bytes must be of
 * @return free with nlu_free(); NULL with a sentence
 */
must_use struct nlu *ear_load(const struct ears *e, int64_t tenant_id, int64_t number, struct str language,
                              struct str source, char ret_error[160]);
