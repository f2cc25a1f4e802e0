/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JWT: signature first, and only then the claims.
 */
#include "account/jwt.h"

#include "account/reach.h"
#include "base/json.h"
#include "base/limit.h"
#include "base/seal.h"

#define JWT_SKEW_MS (60 * SECOND_MS) /* how far the merchant's clock may be ahead of ours */

static bool part_json(struct arena *a, struct str part, json_t **ret)
{
    struct str plain;
    if (!seal_unbase64(a, part, &plain) || !str_is_utf8(plain))
        return false;
    *ret = json_read(plain, NULL);
    return json_is_object(*ret);
}

static bool signature_ok(struct arena *a, struct str head, struct str signature, struct str secret)
{
    struct str mac;
    unsigned char want[SEAL_HASH_BYTES];
    /* An empty secret would let everybody sign. */
    if (secret.n == 0 || !seal_unbase64(a, signature, &mac))
        return false;
    seal_hmac(secret, head, want);
    return seal_same((struct str){(const char *)want, sizeof(want)}, mac);
}

static bool names_shop(const json_t *claims, struct str shop_id)
{
    const json_t *aud = json_object_get(claims, "aud");
    const json_t *shop = json_object_get(claims, "shop");
    if (aud == NULL && shop == NULL)
        return false;
    if (shop != NULL && !str_eq(json_text(shop), shop_id))
        return false;
    if (aud == NULL || json_is_string(aud))
        return aud == NULL || str_eq(json_text(aud), shop_id);
    for (size_t i = 0; i < json_array_size(aud); i++) {
        if (str_eq(json_text(json_array_get(aud, i)), shop_id))
            return true;
    }
    return false;
}

/* A NumericDate in ms; false when absent, no number, or beyond any date we could mean. */
static bool date_ms(const json_t *claims, const char *key, int64_t *ret)
{
    double s = json_num(claims, key, -1);
    if (!(s > 0) || s > 1e11)
        return false;
    *ret = (int64_t)(s * 1000);
    return true;
}

static enum jwt_answer times_ok(const json_t *claims, int64_t now_ms)
{
    int64_t at;
    if (!date_ms(claims, "exp", &at) || at - now_ms > JWT_MOST_MS + JWT_SKEW_MS)
        return JWT_TOO_LONG;
    if (now_ms >= at)
        return JWT_EXPIRED;
    if (json_object_get(claims, "nbf") != NULL && (!date_ms(claims, "nbf", &at) || at > now_ms + JWT_SKEW_MS))
        return JWT_EXPIRED;
    return JWT_OK;
}

/* Where the buyer may be written to. An address that cannot be one is as good as none: chat is not refused for it. */
static void read_reach(struct arena *a, const json_t *claims, struct jwt_claims *ret)
{
    struct str email = json_str(claims, "email");
    ret->email = reach_email_ok(email) ? str_dup(a, email) : STR_NONE;
    ret->email_consent = json_flag(claims, "email_consent", false);
    ret->sms_declined = !json_flag(claims, "sms_consent", true);
    ret->says_reach = json_object_get(claims, "email") != NULL || json_object_get(claims, "email_consent") != NULL ||
                      json_object_get(claims, "sms_consent") != NULL;
}

enum jwt_answer jwt_read(struct arena *a, struct str token, struct str secret, struct str shop_id, int64_t now_ms,
                         struct jwt_claims *ret)
{
    enum { MOST = 4096 };
    struct str rest = token;
    struct str raw_header;
    struct str raw_claims;
    if (token.n > MOST || !str_cut(&rest, '.', &raw_header) || !str_cut(&rest, '.', &raw_claims))
        return JWT_MALFORMED;
    struct str signed_text = str_sub(token, 0, raw_header.n + 1 + raw_claims.n);

    _cleanup_(json_donep) json_t *header = NULL;
    if (!part_json(a, raw_header, &header))
        return JWT_MALFORMED;
    if (!str_eq_c(json_str(header, "alg"), "HS256") || json_object_get(header, "crit") != NULL)
        return JWT_ALGORITHM;
    if (!signature_ok(a, signed_text, rest, secret))
        return JWT_SIGNATURE;

    _cleanup_(json_donep) json_t *claims = NULL;
    if (!part_json(a, raw_claims, &claims))
        return JWT_MALFORMED;
    enum jwt_answer answer = times_ok(claims, now_ms);
    if (answer != JWT_OK)
        return answer;
    if (!names_shop(claims, shop_id))
        return JWT_OTHER_SHOP;
    struct str buyer = json_str(claims, "sub");
    if (buyer.n == 0 || str_code_points(buyer) > LIMIT_NAME_CHARS)
        return JWT_NO_BUYER;
    read_reach(a, claims, ret);
    ret->buyer = str_dup(a, buyer);
    ret->name = str_dup(a, str_clip(json_str(claims, "name"), LIMIT_NAME_CHARS));
    return JWT_OK;
}
