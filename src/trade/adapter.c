/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Adapter: signatures, answers, the breaker.
 *
 * Not goals    knowing what an order looks like: the import shapes do (trade/trade_import.c).
 */
#include "trade/adapter.h"

#include <string.h>

#include <sodium.h>

#include "base/limit.h"

#define PREFIX        STR("whsec_")
#define SECRET_BYTES  32
#define SECRET_LEAST  24
#define SECRET_MOST   64
#define SIGNATURE_MOST 8 /* signatures looked at in one header */

/* ---- signatures --------------------------------------------------------------------------------------------------------- */

/** The key of a secret; 0: it is none. */
static size_t secret_key(struct str secret, unsigned char ret_key[SECRET_MOST])
{
    size_t n = 0;
    if (!str_starts(secret, PREFIX))
        return 0;
    secret = str_sub(secret, PREFIX.n, SIZE_MAX);
    if (sodium_base642bin(ret_key, SECRET_MOST, secret.p, secret.n, NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
        return 0;
    return n >= SECRET_LEAST ? n : 0;
}

struct str adapter_secret_new(struct arena *a)
{
    unsigned char key[SECRET_BYTES];
    char text[sodium_base64_ENCODED_LEN(SECRET_BYTES, sodium_base64_VARIANT_ORIGINAL)];
    randombytes_buf(key, sizeof(key));
    sodium_bin2base64(text, sizeof(text), key, sizeof(key), sodium_base64_VARIANT_ORIGINAL);
    struct str secret = str_fmt(a, "whsec_%s", text);
    sodium_memzero(key, sizeof(key));
    sodium_memzero(text, sizeof(text));
    return secret;
}

bool adapter_secret_good(struct str secret)
{
    unsigned char key[SECRET_MOST];
    bool good = secret_key(secret, key) > 0;
    sodium_memzero(key, sizeof(key));
    return good;
}

/** One signature as text; false when the secret is none. */
static bool signature_of(struct str secret, struct str id, struct str seconds, struct str payload,
                         char ret[sodium_base64_ENCODED_LEN(crypto_auth_hmacsha256_BYTES, sodium_base64_VARIANT_ORIGINAL)])
{
    unsigned char key[SECRET_MOST], mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state s;
    size_t n = secret_key(secret, key);
    if (n == 0)
        return false;
    const struct str parts[] = {id, STR("."), seconds, STR("."), payload};
    crypto_auth_hmacsha256_init(&s, key, n);
    for (size_t i = 0; i < COUNT(parts); i++)
        if (parts[i].n > 0)
            crypto_auth_hmacsha256_update(&s, (const unsigned char *)parts[i].p, parts[i].n);
    crypto_auth_hmacsha256_final(&s, mac);
    sodium_memzero(key, sizeof(key));
    sodium_bin2base64(ret, sodium_base64_ENCODED_LEN(sizeof(mac), sodium_base64_VARIANT_ORIGINAL), mac, sizeof(mac),
                      sodium_base64_VARIANT_ORIGINAL);
    return true;
}

#define SIGNATURE_TEXT sodium_base64_ENCODED_LEN(crypto_auth_hmacsha256_BYTES, sodium_base64_VARIANT_ORIGINAL)

struct str adapter_sign(struct arena *a, const struct str *secrets, size_t n, struct str id, int64_t seconds,
                        struct str payload)
{
    struct buf b = {.arena = a};
    struct str at = str_fmt(a, "%lld", (long long)seconds);
    for (size_t i = 0; i < n; i++) {
        char text[SIGNATURE_TEXT];
        if (!signature_of(secrets[i], id, at, payload, text))
            continue;
        buf_c(&b, b.n > 0 ? " v1," : "v1,");
        buf_c(&b, text);
    }
    return buf_view(&b);
}

static bool is_signed(struct str given, const char text[SIGNATURE_TEXT])
{
    struct str one;
    for (int looked = 0; looked < SIGNATURE_MOST && str_cut(&given, ' ', &one); looked++) {
        if (!str_starts(one, STR("v1,")))
            continue;
        one = str_sub(one, 3, SIZE_MAX);
        if (one.n == SIGNATURE_TEXT - 1 && sodium_memcmp(one.p, text, one.n) == 0)
            return true;
    }
    return false;
}

enum adapter_trust adapter_verify(const struct str *secrets, size_t n, const struct adapter_headers *headers,
                                  struct str payload, int64_t now_ms, int64_t window_ms)
{
    int64_t seconds;
    if (headers->id.n == 0 || headers->id.n > LIMIT_CLIENT_ID || headers->signature.n == 0 ||
        headers->timestamp.n > 12 || !str_int(headers->timestamp, &seconds) || seconds < 0)
        return ADAPTER_UNSIGNED;
    int64_t apart_ms = now_ms - seconds * SECOND_MS;
    if (apart_ms > window_ms || apart_ms < -window_ms)
        return ADAPTER_TOO_OLD;
    bool trusted = false;
    for (size_t i = 0; i < n; i++) {
        char text[SIGNATURE_TEXT];
        if (signature_of(secrets[i], headers->id, headers->timestamp, payload, text))
            trusted = is_signed(headers->signature, text) || trusted;
    }
    return trusted ? ADAPTER_TRUSTED : ADAPTER_FORGED;
}

/* ---- answers ------------------------------------------------------------------------------------------------------------ */

/** A text of the shop's that people may see: short, and without control characters. */
static bool read_text(struct arena *a, const json_t *o, const char *key, struct str *ret)
{
    const json_t *value = json_object_get(o, key);
    if (value == NULL || json_is_null(value))
        return true;
    struct str text = json_text(value);
    if (!json_is_string(value) || str_code_points(text) > LIMIT_NAME_CHARS)
        return false;
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] < ' ' || text.p[i] == 0x7f)
            return false;
    *ret = str_dup(a, text);
    return true;
}

static bool read_verdict(struct str status, enum adapter_verdict *ret)
{
    static const struct {
        const char *name;
        enum adapter_verdict verdict;
    } names[] = {{"done", ADAPTER_DONE}, {"refused", ADAPTER_REFUSED}, {"pending", ADAPTER_LATER}};
    for (size_t i = 0; i < COUNT(names); i++) {
        if (!str_eq_c(status, names[i].name))
            continue;
        *ret = names[i].verdict;
        return true;
    }
    return false;
}

struct adapter_answer adapter_answer_of(struct arena *a, const json_t *object)
{
    static const struct adapter_answer nonsense = {.verdict = ADAPTER_NONSENSE};
    struct adapter_answer r = {.version = json_int(object, "version", 0)};
    json_t *order = json_object_get(object, "order");
    if (!json_is_object(object) || !read_verdict(json_str(object, "status"), &r.verdict) ||
        !read_text(a, object, "code", &r.code) || !read_text(a, object, "reason", &r.reason) ||
        !read_text(a, object, "reference", &r.reference) || r.version < 0)
        return nonsense;
    if (order != NULL && !json_is_null(order) && (!json_is_object(order) || r.version == 0))
        return nonsense; /* a copy of which nobody can say how old it is */
    if (json_is_object(order))
        r.order = json_incref(order);
    return r;
}

struct adapter_answer adapter_answer_read(struct arena *a, int status, struct str body)
{
    static const struct adapter_answer nonsense = {.verdict = ADAPTER_NONSENSE};
    if (status < 200 || status > 299 || !str_is_utf8(body))
        return nonsense;
    _cleanup_(json_donep) json_t *object = json_read(body, NULL);
    return object != NULL ? adapter_answer_of(a, object) : nonsense;
}

void adapter_answer_done(struct adapter_answer *r)
{
    json_decref(r->order);
    r->order = NULL;
}

/* ---- the breaker -------------------------------------------------------------------------------------------------------- */

bool adapter_breaker_lets(const struct adapter_breaker *b, int64_t now_ms)
{
    return now_ms >= b->open_until_ms;
}

void adapter_breaker_note(struct adapter_breaker *b, bool answered, int64_t most_failures, int64_t pause_ms, int64_t now_ms)
{
    if (answered) {
        *b = (struct adapter_breaker){0};
        return;
    }
    b->failures++;
    if (b->failures >= most_failures)
        b->open_until_ms = now_ms + pause_ms;
}

/* ---- addresses ---------------------------------------------------------------------------------------------------------- */

bool adapter_url_good(struct str url)
{
    struct str rest;
    if (str_starts(url, STR("https://")))
        rest = str_sub(url, 8, SIZE_MAX);
    else if (str_starts(url, STR("http://")))
        rest = str_sub(url, 7, SIZE_MAX);
    else
        return false;
    if (rest.n == 0 || rest.p[0] == '/' || rest.p[0] == ':' || url.p[url.n - 1] == '/' || url.n > 500)
        return false;
    for (size_t i = 0; i < rest.n; i++) {
        unsigned char c = (unsigned char)rest.p[i];
        if (c <= ' ' || c >= 0x7f || strchr("@?#\\\"<>", c) != NULL)
            return false;
    }
    return true;
}
