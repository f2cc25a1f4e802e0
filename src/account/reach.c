/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an e-mail address is to us: narrower than RFC 5321 allows, so that none can be more than one address.
 */
#include "account/reach.h"

static bool local_char(char c)
{
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return letter || str_has(STR("!#$%&'*+-/=?^_`{|}~."), (struct str){&c, 1});
}

static bool domain_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

bool reach_email_ok(struct str email)
{
    size_t at = str_find(email, STR("@"), 0);
    if (email.n > REACH_EMAIL_BYTES || at == SIZE_MAX || at == 0 || at > 64)
        return false;
    struct str local = str_sub(email, 0, at), domain = str_sub(email, at + 1, email.n);
    for (size_t i = 0; i < local.n; i++) {
        if (!local_char(local.p[i]))
            return false;
    }
    for (size_t i = 0; i < domain.n; i++) {
        if (!domain_char(domain.p[i]))
            return false;
    }
    bool dots_ok = !str_has(email, STR("..")) && !str_starts(local, STR(".")) && !str_ends(local, STR(".")) &&
                   !str_starts(domain, STR(".")) && !str_ends(domain, STR(".")) && !str_starts(local, STR("-"));
    return dots_ok && (str_has(domain, STR(".")) || str_eq_c(domain, "localhost"));
}
