/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ranking of solutions, and their two forms: a line of a pack, a JSON object of a shop.
 *
 * How          A condition that is named and met makes a row closer to the scene; one that is named and not met rules it
 *              out. Closeness is a sum of distinct powers of two, so that it says which conditions were met, and no
 *              number of lesser ones outweighs a greater.
 */
#include "desk/solution.h"

enum { CLOSE_EMOTION = 1, CLOSE_STATUS = 2, CLOSE_OPEN = 4, CLOSE_CASE = 8, CLOSE_INTENT = 16, NOT_AT_ALL = -1 };

static const char *const kinds[SOLUTION_KINDS] = {
    [SOLUTION_ACTION] = "action",         [SOLUTION_CASE] = "case",           [SOLUTION_REPLY] = "reply",
    [SOLUTION_WORK_ORDER] = "work_order", [SOLUTION_AGREEMENT] = "agreement",
};

const char *solution_kind_name(enum solution_kind k)
{
    return kinds[k];
}

bool solution_kind_from_name(struct str name, enum solution_kind *ret)
{
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (str_eq_c(name, kinds[i])) {
            *ret = (enum solution_kind)i;
            return true;
        }
    }
    return false;
}

/* ---- ranking ---------------------------------------------------------------------------------------------------- */

bool solution_lists(struct str list, struct str name)
{
    struct str one;
    while (name.n > 0 && str_cut(&list, '|', &one)) {
        if (str_eq(one, name))
            return true;
    }
    return false;
}

/* What one condition adds: 0 when the row does not name it. */
static int named(struct str list, struct str is, int closeness)
{
    if (list.n == 0)
        return 0;
    return solution_lists(list, is) ? closeness : NOT_AT_ALL;
}

static int case_fits(struct str list, struct str state)
{
    if (list.n == 0)
        return 0;
    if (state.n == 0)
        return solution_lists(list, STR("none")) ? 0 : NOT_AT_ALL; /* only a guard: most orders have no case */
    if (solution_lists(list, state))
        return CLOSE_CASE;
    return solution_lists(list, STR("open")) ? CLOSE_OPEN : NOT_AT_ALL;
}

static int closeness(const struct solution *s, const struct solution_scene *scene)
{
    const int parts[] = {
        named(s->intents, scene->intent, CLOSE_INTENT),
        case_fits(s->cases, scene->case_state),
        named(s->statuses, scene->status.n > 0 ? scene->status : STR("none"), CLOSE_STATUS),
        named(s->emotions, scene->emotion, CLOSE_EMOTION),
    };
    int sum = 0;
    for (size_t i = 0; i < COUNT(parts); i++) {
        if (parts[i] == NOT_AT_ALL)
            return NOT_AT_ALL;
        sum += parts[i];
    }
    return s->off ? NOT_AT_ALL : sum;
}

struct placed {
    const struct solution *s;
    int close;
};

static bool before(const struct placed *a, const struct placed *b)
{
    if (a->close != b->close)
        return a->close > b->close;
    if (a->s->weight != b->s->weight)
        return a->s->weight > b->s->weight;
    if (a->s->own != b->s->own)
        return a->s->own;
    return str_cmp(a->s->id, b->s->id) < 0;
}

size_t solution_rank(const struct solution *rows, size_t n, const struct solution_scene *scene,
                     const struct solution **ret, size_t most)
{
    struct placed best[SOLUTION_RANKED];
    size_t kept = 0;
    most = MIN(most, (size_t)SOLUTION_RANKED);
    for (size_t i = 0; i < n; i++) {
        struct placed p = {&rows[i], closeness(&rows[i], scene)};
        if (p.close == NOT_AT_ALL)
            continue;
        size_t at = kept;
        while (at > 0 && before(&p, &best[at - 1]))
            at--;
        if (at >= most)
            continue;
        kept = MIN(kept + 1, most);
        for (size_t k = kept - 1; k > at; k--)
            best[k] = best[k - 1];
        best[at] = p;
    }
    for (size_t i = 0; i < kept; i++)
        ret[i] = best[i].s;
    return kept;
}

/* ---- forms ------------------------------------------------------------------------------------------------------ */

static bool good_id(struct str id)
{
    for (size_t i = 0; i < id.n; i++) {
        char c = id.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'))
            return false;
    }
    return id.n > 0 && id.n <= SOLUTION_ID_MOST;
}

static bool is_object(struct str json)
{
    _cleanup_(json_donep) json_t *j = json.n > 0 ? json_read(json, NULL) : NULL;
    return json.n == 0 || json_is_object(j);
}

/* The next column; "-" stands for an empty one, so that a table can be read. */
static struct str column(struct str *rest)
{
    struct str head;
    if (!str_cut(rest, '\t', &head))
        return STR_NONE;
    head = str_trim(head);
    return str_eq_c(head, "-") ? STR_NONE : head;
}

bool solution_read_line(struct str line, struct solution *ret)
{
    struct solution s = {0};
    if (line.n == 0 || line.p[0] == '#')
        return false;
    s.id = column(&line);
    s.intents = column(&line);
    s.statuses = column(&line);
    s.cases = column(&line);
    s.emotions = column(&line);
    struct str kind = column(&line);
    s.what = column(&line);
    s.args = column(&line);
    s.policy = column(&line);
    struct str weight = column(&line);
    s.title = column(&line);
    s.why = column(&line);
    s.text = column(&line);
    if (!good_id(s.id) || !solution_kind_from_name(kind, &s.kind) || !str_int(weight, &s.weight) || s.title.n == 0 ||
        !is_object(s.args))
        return false;
    *ret = s;
    return true;
}

/* A text member of at most so many bytes. */
static bool take(const json_t *body, const char *name, size_t most, struct str *ret)
{
    *ret = str_trim(json_str(body, name));
    return ret->n <= most;
}

bool solution_read(const json_t *body, struct solution *ret, const char **ret_why)
{
    struct solution s = {.id = json_str(body, "id"), .weight = json_int(body, "weight", 50)};
    bool short_enough = take(body, "intents", SOLUTION_LIST_MOST, &s.intents) &&
                        take(body, "statuses", SOLUTION_LIST_MOST, &s.statuses) &&
                        take(body, "cases", SOLUTION_LIST_MOST, &s.cases) &&
                        take(body, "emotions", SOLUTION_LIST_MOST, &s.emotions) && take(body, "what", 64, &s.what) &&
                        take(body, "args", SOLUTION_TEXT_MOST, &s.args) && take(body, "policy", 64, &s.policy) &&
                        take(body, "title", SOLUTION_TEXT_MOST, &s.title) &&
                        take(body, "why", SOLUTION_TEXT_MOST, &s.why) &&
                        take(body, "text", 4 * SOLUTION_TEXT_MOST, &s.text);
    bool known = solution_kind_from_name(json_str(body, "kind"), &s.kind);
    bool needs_what = s.kind != SOLUTION_REPLY && s.kind != SOLUTION_AGREEMENT;
    *ret_why = !short_enough                                   ? "A member is too long."
               : !good_id(s.id)                                ? "An id is 1 to 40 of a-z, 0-9, _ and -."
               : !known                                        ? "There is no such kind."
               : s.title.n == 0                                ? "A solution has a title."
               : needs_what && s.what.n == 0                   ? "Say which action, event or team."
               : s.kind == SOLUTION_REPLY && s.text.n == 0     ? "A reply has words."
               : s.weight < 0 || s.weight > 100                ? "A weight is 0 to 100."
               : !is_object(s.args)                            ? "Arguments are a JSON object."
                                                               : NULL;
    if (*ret_why != NULL)
        return false;
    *ret = s;
    return true;
}

void solution_write(struct json_out *o, const struct solution *s)
{
    jo_kt(o, "intents", s->intents);
    jo_kt(o, "statuses", s->statuses);
    jo_kt(o, "cases", s->cases);
    jo_kt(o, "emotions", s->emotions);
    jo_kc(o, "kind", solution_kind_name(s->kind));
    jo_kt(o, "what", s->what);
    jo_kt(o, "args", s->args);
    jo_kt(o, "policy", s->policy);
    jo_kn(o, "weight", s->weight);
    jo_kt(o, "title", s->title);
    jo_kt(o, "why", s->why);
    jo_kt(o, "text", s->text);
}
