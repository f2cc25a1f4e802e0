/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scan: the entity rules' common ground.
 */
#include "nlu/scan.h"

#define SURE 0.95

size_t scan_word_begun(const struct folded *f, size_t at, const char *word)
{
    const unsigned char *p = (const unsigned char *)word;
    while (*p != 0) {
        uint32_t c = *p++;
        if (c >= 0xE0) {
            c = (c & 0x0F) << 12 | (uint32_t)(p[0] & 0x3F) << 6 | (uint32_t)(p[1] & 0x3F);
            p += 2;
        }
        if (at >= f->n || f->cp[at++] != c)
            return 0;
    }
    bool letters = f->cp[at - 1] < 0x80 && normalise_class(f->cp[at - 1]) == CHAR_WORD;
    return letters && at < f->n && f->cp[at] >= 'a' && f->cp[at] <= 'z' ? 0 : at;
}

static bool is_between(uint32_t c)
{
    return c == ' ' || c == ':' || c == '#' || c == U'是' || c == U'号';
}

bool scan_any_before(const struct folded *f, size_t at, const char *const *words)
{
    while (at > 0 && is_between(f->cp[at - 1]))
        at--;
    for (; at > 0 && *words != NULL; words++) {
        size_t n = str_code_points(str_from(*words));
        if (at >= n && scan_word(f, at - n, *words) == at)
            return true;
    }
    return false;
}

size_t scan_spaces(const struct folded *f, size_t at)
{
    while (at < f->n && f->cp[at] == ' ')
        at++;
    return at;
}

struct entity *scan_add(struct scan *s, enum entity_kind kind, size_t from, size_t to)
{
    struct entity *e = array_push(s->arena, &s->found);
    e->kind = kind;
    e->from = s->f.at[from];
    e->to = s->f.at[to];
    e->text = str_sub(s->text, e->from, e->to - e->from);
    e->confidence = SURE;
    return e;
}

void scan_add_number(struct scan *s, enum entity_kind kind, size_t from, size_t to, double number)
{
    struct entity *e = scan_add(s, kind, from, to);
    e->number = (int64_t)(MIN(number, 9e15) + 0.5); /* nobody's money or weight; beyond it doubles lose units */
    struct buf digits = {.arena = s->arena};
    buf_int(&digits, e->number);
    e->value = buf_view(&digits);
}

/* As written, capitals. */
void scan_add_code(struct scan *s, enum entity_kind kind, size_t from, size_t to)
{
    struct entity *e = scan_add(s, kind, from, to);
    char *value = arena_alloc(s->arena, to - from + 1);
    for (size_t i = from; i < to; i++) {
        char c = (char)s->f.cp[i];
        value[i - from] = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
    }
    e->value = (struct str){value, to - from};
}

bool scan_is_letter(uint32_t c)
{
    return c >= 'a' && c <= 'z';
}

bool scan_is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}
