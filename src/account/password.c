/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Password: the rules in the order in which they are told.
 */
#include "account/password.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool holds_name(struct str text, struct str name)
{
    if (name.n < 3)
        return false;
    for (size_t i = 0; i + name.n <= text.n; i++) {
        size_t k = 0;
        while (k < name.n && lower(text.p[i + k]) == lower(name.p[k]))
            k++;
        if (k == name.n)
            return true;
    }
    return false;
}

/* "1234567890", "aaaaaaaaaa", "abababababab": neighbours differ by one step, or few bytes repeat. */
static bool is_plain(struct str text)
{
    size_t steps = 0;
    size_t again = 0;
    for (size_t i = 1; i < text.n; i++) {
        int step = text.p[i] - text.p[i - 1];
        steps += step >= -1 && step <= 1;
        again += i >= 2 && text.p[i] == text.p[i - 2];
    }
    return steps + 2 >= text.n || again + 3 >= text.n;
}

enum password_answer password_check(struct str wanted, struct str old, struct str sign_in)
{
    size_t length = str_code_points(wanted);
    if (length < PASSWORD_LEAST)
        return PASSWORD_SHORT;
    if (length > PASSWORD_MOST)
        return PASSWORD_LONG;
    if (old.n > 0 && str_eq(wanted, old))
        return PASSWORD_OLD;
    if (holds_name(wanted, sign_in))
        return PASSWORD_NAME;
    return is_plain(wanted) ? PASSWORD_PLAIN : PASSWORD_OK;
}

const char *password_sentence(enum password_answer answer)
{
    switch (answer) {
    case PASSWORD_OK: break;
    case PASSWORD_SHORT: return "The new password needs at least 10 characters.";
    case PASSWORD_LONG: return "The new password may have at most 128 characters.";
    case PASSWORD_NAME: return "The new password must not hold the sign-in name.";
    case PASSWORD_OLD: return "The new password is the old one.";
    case PASSWORD_PLAIN: return "The new password is a simple run; choose one that nobody tries first.";
    }
    return "";
}
