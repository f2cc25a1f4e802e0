/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Sealing: personal data at rest (XChaCha20-Poly1305 by libsodium, one key a tenant derived from the data folder's
 * master key), MACs for tokens, password hashes (argon2id). The master key is loaded once at start. Any thread.
 */

#include "base/str.h"

#define SEAL_KEY_BYTES   32
#define SEAL_TOKEN_BYTES 32
#define SEAL_HASH_BYTES  32

/**
 * Loads the master key from DIR/master.key, made (0600) when missing. Calls sodium_init().
 * @return false when the file can be neither read nor made (errno tells)
 */
must_use bool seal_start(const char *dir);
/** Uses @p key as master key: for tests. */
void seal_start_with(const unsigned char key[SEAL_KEY_BYTES]);

/** Nonce and ciphertext of @p plain under the tenant's key, bound to @p context ("order.address"), in @p a. */
struct str seal(struct arena *a, int64_t tenant_id, const char *context, struct str plain);
/** The plain text of seal(); false when it was not sealed here or was changed. */
must_use bool seal_open(struct arena *a, int64_t tenant_id, const char *context, struct str sealed,
                        struct str *ret_plain);

/** MAC of @p text under the master key for @p context: signs tokens that we hand out ourselves. */
void seal_mac(const char *context, struct str text, unsigned char ret_mac[SEAL_HASH_BYTES]);
bool seal_mac_ok(const char *context, struct str text, struct str mac);

/** Base64url without padding, in @p a. */
struct str seal_base64(struct arena *a, struct str bytes);
/** Reads base64url; false for other characters. */
must_use bool seal_unbase64(struct arena *a, struct str text, struct str *ret_bytes);
/** 256 random bits as base64url in @p a. */
struct str seal_token(struct arena *a);
/** SHA-256: what a bearer token is stored as. */
void seal_hash(struct str text, unsigned char ret_hash[SEAL_HASH_BYTES]);

/** HMAC-SHA-256 of @p text under @p key (the shop's secret signs its buyers' JWT with it). */
void seal_hmac(struct str key, struct str text, unsigned char ret_mac[SEAL_HASH_BYTES]);
/** Same bytes, in constant time. */
bool seal_same(struct str a, struct str b);

/** argon2id hash of a password, NUL-terminated text in @p a. Slow (some 100 ms) and 64 MiB: never on the loop. */
struct str seal_password(struct arena *a, struct str password);
bool seal_password_ok(struct str hash, struct str password);
