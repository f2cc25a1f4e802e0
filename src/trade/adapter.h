/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Adapter: what is said between us and a shop's own system, and how both know who speaks (docs/shop-system.md). Pure.
 *
 * Both ways are signed as Standard Webhooks asks for: HMAC-SHA-256 over "id.timestamp.payload" in the header
 * webhook-signature, "v1," and base64. The payload is the body; of a request without one it is "METHOD path?query", so that
 * a signature is good for one question only. A message may carry several signatures, and a reader may know several secrets:
 * so a secret is changed without a gap.
 */

#include "base/json.h"

#define ADAPTER_SECRETS 2 /**< the present one, and the one before while it still holds */

/** Headers of a signed message. Borrowed. */
struct adapter_headers {
    struct str id, timestamp, signature;
};

enum adapter_trust {
    ADAPTER_TRUSTED,
    ADAPTER_UNSIGNED,  /**< a header is missing or no such thing */
    ADAPTER_TOO_OLD,   /**< said outside of the window: a replay, or a clock that is wrong */
    ADAPTER_FORGED,    /**< signed with none of the secrets, or other bytes */
};

/** A new secret, "whsec_" and base64 of 32 random bytes, in @p a. */
struct str adapter_secret_new(struct arena *a);
/** Whether a secret can be used: whsec_ and base64 of 24 to 64 bytes. */
bool adapter_secret_good(struct str secret);
/** The signature header over @p payload with each of the secrets, in @p a. Empty secrets are passed over. */
struct str adapter_sign(struct arena *a, const struct str *secrets, size_t n, struct str id, int64_t seconds,
                        struct str payload);
/** Judges a signed message; compares in constant time. */
must_use enum adapter_trust adapter_verify(const struct str *secrets, size_t n, const struct adapter_headers *headers,
                                           struct str payload, int64_t now_ms, int64_t window_ms);

/** What a shop's answer to an action says. */
enum adapter_verdict {
    ADAPTER_DONE,
    ADAPTER_REFUSED,  /**< definitely not done: `reason` */
    ADAPTER_LATER,    /**< at work on it: ask again under the same key */
    ADAPTER_NONSENSE, /**< no answer of the contract: nobody knows whether it is done */
};

struct adapter_answer {
    enum adapter_verdict verdict;
    struct str code, reason;   /**< of a refusal, for programs and for people; checked, at most LIMIT_NAME_CHARS */
    struct str reference;      /**< the shop's number of it, or empty */
    int64_t version;           /**< of `order`; 0: none came */
    json_t *order;             /**< new reference, or NULL: the order as it is now, import shape, not checked yet */
};

/** Reads an answer with its HTTP status. Texts in @p a; adapter_answer_done() frees the rest. */
struct adapter_answer adapter_answer_read(struct arena *a, int status, struct str body);
/** The same of the `data` of a webhook action.settled. */
struct adapter_answer adapter_answer_of(struct arena *a, const json_t *object);
void adapter_answer_done(struct adapter_answer *r);

/**
 * Breaker: whether a shop's system is worth calling. After `failures` calls in a row without an answer it is left alone for
 * `pause_ms`; then one call tries it.
 */
struct adapter_breaker {
    int64_t failures, open_until_ms;
};
bool adapter_breaker_lets(const struct adapter_breaker *b, int64_t now_ms);
void adapter_breaker_note(struct adapter_breaker *b, bool answered, int64_t most_failures, int64_t pause_ms, int64_t now_ms);

/** "https://shop.example/x" without a trailing slash is an address that can be called: http(s), a host, no user, no query. */
bool adapter_url_good(struct str url);
