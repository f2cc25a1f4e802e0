/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sealing, MACs and passwords: thin over libsodium; the only file that sees the master key.
 */
#include "base/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

static unsigned char master[SEAL_KEY_BYTES];

void seal_start_with(const unsigned char key[SEAL_KEY_BYTES])
{
    if (sodium_init() < 0)
        fatal("libsodium does not start");
    memcpy(master, key, sizeof(master));
}

/* Written beside and linked into place, so that a crash leaves either no key or a whole one. */
static bool make_key_file(const char *path)
{
    char tmp[4200];
    snprintf(tmp, sizeof(tmp), "%s.%ld", path, (long)getpid());
    unsigned char key[SEAL_KEY_BYTES];
    randombytes_buf(key, sizeof(key));

    int fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool ok = write(fd, key, sizeof(key)) == (ssize_t)sizeof(key) && fsync(fd) == 0;
    int why = errno;
    close(fd);
    if (ok && link(tmp, path) != 0 && errno != EEXIST) {
        ok = false;
        why = errno;
    }
    unlink(tmp);
    sodium_memzero(key, sizeof(key));
    errno = why;
    return ok;
}

bool seal_start(const char *dir)
{
    if (sodium_init() < 0)
        fatal("libsodium does not start");
    char path[4096];
    snprintf(path, sizeof(path), "%s/master.key", dir);
    for (int round = 0; round < 2; round++) {
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd >= 0) {
            ssize_t n = read(fd, master, sizeof(master));
            close(fd);
            errno = EINVAL;
            return n == (ssize_t)sizeof(master);
        }
        if (errno != ENOENT || !make_key_file(path))
            return false;
    }
    return false;
}

static void derive(const char *context, int64_t tenant_id, unsigned char key[SEAL_KEY_BYTES])
{
    crypto_generichash_state st;
    crypto_generichash_init(&st, master, sizeof(master), SEAL_KEY_BYTES);
    crypto_generichash_update(&st, (const unsigned char *)&tenant_id, sizeof(tenant_id));
    crypto_generichash_update(&st, (const unsigned char *)context, strlen(context));
    crypto_generichash_final(&st, key, SEAL_KEY_BYTES);
}

struct str seal(struct arena *a, int64_t tenant_id, const char *context, struct str plain)
{
    enum { NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES };
    unsigned char key[SEAL_KEY_BYTES];
    derive(context, tenant_id, key);
    unsigned char *out = arena_alloc(a, NONCE + plain.n + TAG);
    randombytes_buf(out, NONCE);
    unsigned long long n = 0;
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, &n, (const unsigned char *)plain.p, plain.n, NULL, 0, NULL,
                                               out, key);
    sodium_memzero(key, sizeof(key));
    return (struct str){(const char *)out, NONCE + (size_t)n};
}

bool seal_open(struct arena *a, int64_t tenant_id, const char *context, struct str sealed, struct str *ret_plain)
{
    enum { NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES };
    if (sealed.n < NONCE + TAG)
        return false;
    unsigned char key[SEAL_KEY_BYTES];
    derive(context, tenant_id, key);
    const unsigned char *in = (const unsigned char *)sealed.p;
    unsigned char *out = arena_alloc(a, sealed.n);
    unsigned long long n = 0;
    int rc = crypto_aead_xchacha20poly1305_ietf_decrypt(out, &n, NULL, in + NONCE, sealed.n - NONCE, NULL, 0, in, key);
    sodium_memzero(key, sizeof(key));
    if (rc != 0)
        return false;
    *ret_plain = (struct str){(const char *)out, (size_t)n};
    return true;
}

void seal_mac(const char *context, struct str text, unsigned char ret_mac[SEAL_HASH_BYTES])
{
    crypto_generichash_state st;
    crypto_generichash_init(&st, master, sizeof(master), SEAL_HASH_BYTES);
    crypto_generichash_update(&st, (const unsigned char *)context, strlen(context) + 1);
    crypto_generichash_update(&st, (const unsigned char *)text.p, text.n);
    crypto_generichash_final(&st, ret_mac, SEAL_HASH_BYTES);
}

bool seal_same(struct str a, struct str b)
{
    return a.n == b.n && a.n > 0 && sodium_memcmp(a.p, b.p, a.n) == 0;
}

bool seal_mac_ok(const char *context, struct str text, struct str mac)
{
    unsigned char want[SEAL_HASH_BYTES];
    seal_mac(context, text, want);
    return seal_same((struct str){(const char *)want, sizeof(want)}, mac);
}

struct str seal_base64(struct arena *a, struct str bytes)
{
    size_t cap = sodium_base64_ENCODED_LEN(bytes.n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *p = arena_alloc(a, cap);
    sodium_bin2base64(p, cap, (const unsigned char *)bytes.p, bytes.n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return str_from(p);
}

bool seal_unbase64(struct arena *a, struct str text, struct str *ret_bytes)
{
    unsigned char *p = arena_alloc(a, text.n + 1);
    size_t n = 0;
    if (text.n == 0 || sodium_base642bin(p, text.n, text.p, text.n, NULL, &n, NULL,
                                         sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return false;
    *ret_bytes = (struct str){(const char *)p, n};
    return true;
}

struct str seal_token(struct arena *a)
{
    char bytes[SEAL_TOKEN_BYTES];
    randombytes_buf(bytes, sizeof(bytes));
    return seal_base64(a, (struct str){bytes, sizeof(bytes)});
}

void seal_hash(struct str text, unsigned char ret_hash[SEAL_HASH_BYTES])
{
    crypto_hash_sha256(ret_hash, (const unsigned char *)text.p, text.n);
}

void seal_hmac(struct str key, struct str text, unsigned char ret_mac[SEAL_HASH_BYTES])
{
    crypto_auth_hmacsha256_state st;
    crypto_auth_hmacsha256_init(&st, (const unsigned char *)key.p, key.n);
    crypto_auth_hmacsha256_update(&st, (const unsigned char *)text.p, text.n);
    crypto_auth_hmacsha256_final(&st, ret_mac);
}

struct str seal_password(struct arena *a, struct str password)
{
    char *out = arena_alloc(a, crypto_pwhash_STRBYTES);
    if (crypto_pwhash_str(out, password.p, password.n, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        fatal("argon2id: out of memory");
    return str_from(out);
}

bool seal_password_ok(struct str hash, struct str password)
{
    char text[crypto_pwhash_STRBYTES];
    if (hash.n == 0 || hash.n >= sizeof(text))
        return false;
    memcpy(text, hash.p, hash.n);
    text[hash.n] = '\0';
    return crypto_pwhash_str_verify(text, password.p, password.n) == 0;
}
