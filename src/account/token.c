/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Token: payload "tenant.contact.expires.language.name" in base64url, and the MAC over kind and payload as written.
 *
 * The MAC covers the text that was received, not what was decoded from it, so a second spelling of one payload is no
 * second valid token.
 */
#include "account/token.h"

static struct str sign(struct arena *a, const char *kind, const struct token_claims *c)
{
    struct str plain = str_fmt(a, "%lld.%lld.%lld.%.*s.%.*s", (long long)c->tenant_id, (long long)c->contact_id,
                               (long long)c->expires_ms, STR_ARG(c->language), STR_ARG(c->name));
    struct str head = str_fmt(a, "%s.%.*s", kind, STR_ARG(seal_base64(a, plain)));
    unsigned char mac[SEAL_HASH_BYTES];
    seal_mac(kind[0] == 'b' ? "buyer.token" : "visitor.token", head, mac);
    return str_fmt(a, "%.*s.%.*s", STR_ARG(head),
                   STR_ARG(seal_base64(a, (struct str){(const char *)mac, sizeof(mac)})));
}

static bool number(struct str *rest, int64_t *ret)
{
    struct str part;
    return str_cut(rest, '.', &part) && str_int(part, ret) && *ret > 0;
}

static bool open_token(struct arena *a, const char *kind, struct str token, int64_t now_ms, struct token_claims *ret)
{
    enum { MOST = 2048 }; /* a name of LIMIT_NAME_CHARS fits; anything longer was not made here */
    struct str rest = token;
    struct str prefix;
    struct str payload;
    struct str mac;
    struct str plain;
    if (token.n > MOST || !str_cut(&rest, '.', &prefix) || !str_eq_c(prefix, kind) || !str_cut(&rest, '.', &payload))
        return false;
    struct str head = str_sub(token, 0, prefix.n + 1 + payload.n);
    if (!seal_unbase64(a, rest, &mac) || !seal_mac_ok(kind[0] == 'b' ? "buyer.token" : "visitor.token", head, mac) ||
        !seal_unbase64(a, payload, &plain))
        return false;

    struct token_claims c = {0};
    if (!number(&plain, &c.tenant_id) || !number(&plain, &c.contact_id) || !number(&plain, &c.expires_ms) ||
        !str_cut(&plain, '.', &c.language) || now_ms >= c.expires_ms)
        return false;
    c.name = plain;
    *ret = c;
    return true;
}

struct str token_buyer(struct arena *a, const struct token_claims *claims)
{
    return sign(a, "b1", claims);
}

struct str token_visitor(struct arena *a, const struct token_claims *claims)
{
    return sign(a, "v1", claims);
}

bool token_read_buyer(struct arena *a, struct str token, int64_t now_ms, struct token_claims *ret)
{
    return open_token(a, "b1", token, now_ms, ret);
}

bool token_read_visitor(struct arena *a, struct str token, int64_t now_ms, struct token_claims *ret)
{
    return open_token(a, "v1", token, now_ms, ret);
}

bool token_is_buyer(struct str token)
{
    return str_starts(token, STR("b1."));
}
