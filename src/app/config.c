/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settings: one row each; the loop over them reads the file.
 */
#include "app/config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/cli.h"
#include "base/log.h"

static const struct setting {
    const char *name;
    size_t offset, size;
} settings[] = {
#define SETTING(name, member) {name, offsetof(struct config, member), sizeof(((struct config *)0)->member)}
    SETTING("listen", listen),
    SETTING("log_level", log_level),
    SETTING("public_url", public_url),
    SETTING("smtp.url", smtp_url),
    SETTING("smtp.user", smtp_user),
    SETTING("smtp.from", smtp_from),
    SETTING("sms.url", sms_url),
    SETTING("sms.user", sms_user),
    SETTING("sms.from", sms_from),
    SETTING("sms.params", sms_params),
    SETTING("sms.accepted", sms_accepted),
};

struct config config_defaults(void)
{
    return (struct config){.listen = "127.0.0.1:7700", .log_level = "info"};
}

void config_set_listen(struct config *c, const char *listen)
{
    snprintf(c->listen, sizeof(c->listen), "%s", listen);
}

static bool set(struct config *c, struct str name, struct str value)
{
    for (size_t i = 0; i < COUNT(settings); i++) {
        if (!str_eq_c(name, settings[i].name) || value.n >= settings[i].size)
            continue;
        char *to = (char *)c + settings[i].offset;
        memcpy(to, value.p, value.n);
        to[value.n] = '\0';
        return true;
    }
    return false;
}

static bool apply_log_level(const struct config *c)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    for (size_t i = 0; i < COUNT(names); i++) {
        if (strcmp(c->log_level, names[i]) == 0) {
            log_set_level((enum log_level)i);
            return true;
        }
    }
    return false;
}

static bool read_lines(struct config *c, const char *path, struct str text, char ret_error[256])
{
    struct str line;
    for (int number = 1; str_cut(&text, '\n', &line); number++) {
        line = str_trim(line);
        if (line.n == 0 || line.p[0] == '#')
            continue;
        struct str name;
        struct str value = line;
        if (!str_cut(&value, '=', &name) || value.p == NULL || !set(c, str_trim(name), str_trim(value))) {
            snprintf(ret_error, 256, "%.100s line %d: unknown or too long setting; `xiaoer serve --help` names them all", path,
                     number);
            return false;
        }
    }
    if (apply_log_level(c))
        return true;
    snprintf(ret_error, 256, "%.100s: log_level must be debug, info, warn or error", path);
    return false;
}

bool config_read(struct config *c, const char *path, char ret_error[256])
{
    struct arena a = {0};
    struct str text;
    bool ok = cli_read_file(&a, path, &text);
    if (!ok)
        snprintf(ret_error, 256, "cannot read %.150s: %.60s", path, strerror(errno));
    else
        ok = read_lines(c, path, text, ret_error);
    arena_done(&a);
    return ok;
}
