/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A merchant's JWT (RFC 7519, HS256), as docs/embed.md tells merchants to make it.
 */
#include "app/merchant.h"

#include "base/json.h"
#include "base/seal.h"

struct str merchant_token(struct arena *a, struct str secret, struct str shop_id, struct str buyer, struct str name,
                          int64_t now_ms)
{
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kt(&o, "aud", shop_id);
    jo_kt(&o, "sub", buyer);
    if (name.n > 0)
        jo_kt(&o, "name", name);
    jo_kn(&o, "exp", now_ms / 1000 + 3600);
    jo_close(&o);
    struct str head = seal_base64(a, STR("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"));
    struct str body = seal_base64(a, buf_view(&b));
    struct str both = str_fmt(a, "%.*s.%.*s", STR_ARG(head), STR_ARG(body));
    unsigned char mac[SEAL_HASH_BYTES];
    seal_hmac(secret, both, mac);
    struct str sign = seal_base64(a, (struct str){(const char *)mac, sizeof(mac)});
    return str_fmt(a, "%.*s.%.*s", STR_ARG(both), STR_ARG(sign));
}
