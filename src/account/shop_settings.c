/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settings of shops, read. What was read of a text is kept beside the text itself, so nothing has to be told when a shop is
 * changed: another text is another reading.
 *
 * Threads      Each keeps its own.
 */
#include "account/shop_settings.h"

#include <string.h>

#include "base/log.h"

enum { PLACES = 16, TEXT_MOST = 1200 }; /* a longer text is read each time */

static _Thread_local struct {
    size_t n; /* 0: an empty place */
    char text[TEXT_MOST];
    struct shop_settings said;
} kept[PLACES];

static void read_languages(const json_t *list, struct shop_settings *ret)
{
    for (size_t i = 0; i < MIN(json_array_size(list), (size_t)SHOP_LANGUAGES); i++) {
        struct str code = json_text(json_array_get(list, i));
        if (code.n > 0 && code.n < sizeof(ret->languages[i]))
            memcpy(ret->languages[i], code.p, code.n);
    }
}

/* Import has checked the hours; a row that was made otherwise is taken as always open rather than as a fault. */
static bool read_hours(int64_t tenant_id, const json_t *hours, struct shop_settings *ret)
{
    const char *why = "";
    if (hours_parse(hours, &ret->hours, &why))
        return true;
    log_event(LOG_WARN, "shop hours unreadable", "tenant=%lld", (long long)tenant_id);
    return hours_parse(NULL, &ret->hours, &why);
}

bool shop_settings_read(int64_t tenant_id, struct str settings, struct shop_settings *ret)
{
    size_t at = (uint64_t)tenant_id / 2 % PLACES; /* ids differ in their low, random bits; the lowest is always 1 */
    if (settings.n > 0 && settings.n == kept[at].n && memcmp(settings.p, kept[at].text, settings.n) == 0) {
        *ret = kept[at].said;
        return true;
    }
    struct shop_settings said = {.reject_rate = 0};
    _cleanup_(json_donep) json_t *json = json_read(settings, NULL);
    if (!read_hours(tenant_id, json_object_get(json, "hours"), &said))
        return false;
    read_languages(json_object_get(json, "languages"), &said);
    said.reject_rate = json_number_value(json_object_get(json, "reject_rate")); /* 0 when there is none */
    if (settings.n > 0 && settings.n <= TEXT_MOST) {
        memcpy(kept[at].text, settings.p, settings.n);
        kept[at].n = settings.n;
        kept[at].said = said;
    }
    *ret = said;
    return true;
}
