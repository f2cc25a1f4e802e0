/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Password: what a new one must be. Length is what counts; rules of composition are not asked for (NIST SP 800-63B).
 *
 * Pure rules.
 */

#include "base/str.h"

enum {
    PASSWORD_LEAST = 10, /**< code points */
    PASSWORD_MOST = 128,
};

enum password_answer {
    PASSWORD_OK,
    PASSWORD_SHORT,
    PASSWORD_LONG,
    PASSWORD_NAME,  /**< holds the sign-in name */
    PASSWORD_OLD,   /**< the one that it shall replace */
    PASSWORD_PLAIN, /**< a run or few characters over and over: the first that anybody tries */
};

/**
 * @param old      the present one, or empty when there is none
 * @param sign_in  name of who chooses it
 */
must_use enum password_answer password_check(struct str wanted, struct str old, struct str sign_in);
/** The refusal as a sentence for people; "" for PASSWORD_OK. */
const char *password_sentence(enum password_answer answer);
