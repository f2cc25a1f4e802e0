/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Person: from row to actor.
 */
#include "account/person.h"

struct actor person_actor(const struct person *p, struct str language)
{
    return (struct actor){.tenant_id = p->tenant_id,
                          .id = p->id,
                          .roles = roles_from_json(p->roles),
                          .name = person_shown_name(p),
                          .language = language,
                          .must_change_password = p->must_change};
}
