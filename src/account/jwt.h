/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * JWT: how a merchant's own server says who its buyer is. HS256 (RFC 7519, 7515) under the shop's secret, and nothing
 * else: an algorithm is never taken from the token's word.
 *
 *   {"alg":"HS256"} . {"aud":"shop-1","sub":"B1","exp":1789000000,"name":"张三"}
 *
 * `aud` or `shop` names the shop and must be there; `exp` must be there and at most 24 h ahead; `nbf` is kept when
 * there. `email` with `"email_consent":true` lets the buyer be told by mail what was settled; `"sms_consent":false` keeps SMS
 * away. Pure rules.
 */

#include "base/str.h"

#define JWT_MOST_MS (24 * HOUR_MS)

enum jwt_answer {
    JWT_OK,
    JWT_MALFORMED,  /**< not three parts of base64url JSON, or too long */
    JWT_ALGORITHM,  /**< alg is not HS256, or critical headers that we do not know */
    JWT_SIGNATURE,
    JWT_EXPIRED,    /**< or not valid yet */
    JWT_TOO_LONG,   /**< no exp, or further ahead than JWT_MOST_MS */
    JWT_OTHER_SHOP,
    JWT_NO_BUYER,   /**< no sub, or one that cannot be a buyer id */
};

struct jwt_claims {
    struct str buyer; /**< sub */
    struct str name;  /**< may be empty; cut to LIMIT_NAME_CHARS */
    struct str email; /**< empty: none that mail can be sent to */
    bool email_consent; /**< the buyer said yes to mail about its orders */
    bool sms_declined;  /**< the buyer said no to SMS about its orders: `"sms_consent":false` */
    bool says_reach;    /**< the token says something of these three */
};

/** Checks @p token; text of @p ret is in @p a. */
must_use enum jwt_answer jwt_read(struct arena *a, struct str token, struct str secret, struct str shop_id,
                                  int64_t now_ms, struct jwt_claims *ret);
