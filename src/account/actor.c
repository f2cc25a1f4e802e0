/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Roles and their names.
 */
#include "account/actor.h"

#include "base/json.h"

static const struct {
    enum role role;
    const char *name;
} roles[] = {
    {ROLE_BUYER,     "buyer"    },
    {ROLE_AGENT,     "agent"    },
    {ROLE_CROWD,     "crowd"    },
    {ROLE_LEADER,    "leader"   },
    {ROLE_OWNER,     "owner"    },
    {ROLE_STAFF,     "staff"    },
    {ROLE_TRAINER,   "trainer"  },
    {ROLE_INSPECTOR, "inspector"},
};

uint32_t role_from_name(struct str name)
{
    for (size_t i = 0; i < COUNT(roles); i++) {
        if (str_eq_c(name, roles[i].name))
            return (uint32_t)roles[i].role;
    }
    return 0;
}

const char *role_name(enum role role)
{
    for (size_t i = 0; i < COUNT(roles); i++) {
        if (roles[i].role == role)
            return roles[i].name;
    }
    return "";
}

uint32_t roles_from_json(struct str array)
{
    _cleanup_(json_donep) json_t *list = json_read(array, NULL);
    uint32_t bits = 0;
    for (size_t i = 0; i < json_array_size(list); i++)
        bits |= role_from_name(json_text(json_array_get(list, i)));
    return bits;
}
