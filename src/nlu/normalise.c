/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Normalising.
 *
 * How          ASCII and common Han need no table: that is the fast path and nearly all of our text. Other letters go to ICU's
 *              simple lower-casing, which keeps one code point one code point. Only a text that holds a character with
 *              a compatibility form or a combining mark pays for ICU's NFKC over UTF-16.
 * Invariants   normalise_fold() gives exactly one folded code point a code point of the text.
 */
#include "nlu/normalise.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

/* Blocks whose characters NFKC changes in ways that one-by-one folding cannot. */
static const struct block {
    uint32_t first, last;
} compatibility[] = {
    {0x00B2, 0x00B3}, {0x00B9, 0x00BE}, {0x0300, 0x036F}, {0x1100, 0x11FF}, {0x2070, 0x209F}, {0x2100, 0x218F},
    {0x2460, 0x24FF}, {0x3099, 0x309C}, {0x3131, 0x318E}, {0x3200, 0x33FF}, {0xF900, 0xFAFF}, {0xFB00, 0xFB4F},
    {0xFF61, 0xFFDC}, {0x1D400, 0x1D7FF}, {0x2F800, 0x2FA1F},
};

static bool is_han(uint32_t c)
{
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x3FFFF) ||
           (c >= 0xF900 && c <= 0xFAFF) || c == 0x3005 || c == 0x3007;
}

static bool needs_nfkc(uint32_t c)
{
    if (c < 0xB2 || (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3000 && c <= 0x3098))
        return false;
    for (size_t i = 0; i < COUNT(compatibility); i++)
        if (c >= compatibility[i].first && c <= compatibility[i].last)
            return true;
    return false;
}

uint32_t normalise_char(uint32_t cp)
{
    if (cp < 0x80)
        return cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
    if (cp >= 0x2E80 && cp <= 0x9FFF) /* CJK has no case; the ideographic space and full stops are the exceptions */
        return cp == 0x3000 ? ' ' : cp;
    if (cp >= 0xFF01 && cp <= 0xFF5E)
        return normalise_char(cp - 0xFEE0);
    return (uint32_t)u_tolower((UChar32)cp);
}

enum char_class normalise_class_rare(uint32_t c)
{
    if (is_han(c) || (c >= 0x3041 && c <= 0x30FF && c != 0x30FB) || (c >= 0x31F0 && c <= 0x31FF) ||
        (c >= 0xAC00 && c <= 0xD7A3))
        return CHAR_CJK;
    if (c >= 0x2000 && c <= 0x2BFF)
        return CHAR_OTHER;
    if (u_isalnum((UChar32)c))
        return CHAR_WORD;
    /* Vowel signs (Thai, Devanagari, Arabic) belong to the word they stand in. */
    int32_t mark = U_GET_GC_MASK((UChar32)c) & (U_GC_MN_MASK | U_GC_MC_MASK);
    return mark != 0 && !(c >= 0xFE00 && c <= 0xFE0F) ? CHAR_WORD : CHAR_OTHER;
}

/* The character from U+4000 to U+9FFF whose bytes stand at @p p, 0 when none does: it is Han and its own folded form. */
static inline uint32_t han_at(const uint8_t *p, size_t left)
{
    if (left < 3 || p[0] < 0xE4 || p[0] > 0xE9 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80)
        return 0;
    return (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3F);
}

/* Next code point, folded; a broken sequence is a space. */
static uint32_t fold_rare(struct str text, size_t *i, bool *compatible)
{
    const uint8_t *p = (const uint8_t *)text.p;
    UChar32 c;
    U8_NEXT(p, *i, text.n, c);
    if (c < 0)
        return ' ';
    *compatible |= needs_nfkc((uint32_t)c);
    return normalise_char((uint32_t)c);
}

void normalise_fold(struct arena *a, struct str text, struct folded *ret)
{
    const uint8_t *p = (const uint8_t *)text.p;
    uint32_t *cp = arena_raw(a, sizeof(*cp) * (text.n + 1)), *at = arena_raw(a, sizeof(*at) * (text.n + 1));
    size_t n = 0;
    bool compatible = false;
    for (size_t i = 0; i < text.n; n++) {
        uint32_t han;
        at[n] = (uint32_t)i;
        if (p[i] < 0x80) {
            cp[n] = normalise_char(p[i++]);
        } else if ((han = han_at(p + i, text.n - i)) != 0) {
            cp[n] = han;
            i += 3;
        } else {
            cp[n] = fold_rare(text, &i, &compatible);
        }
    }
    at[n] = (uint32_t)text.n;
    cp[n] = 0;
    *ret = (struct folded){cp, at, n, compatible};
}

static void points_by_icu(struct arena *a, struct folded *f)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&status);
    int32_t room = (int32_t)f->n * 2 + 1, length = 0, made = 0;
    UChar *in = arena_array(a, UChar, (size_t)room);
    u_strFromUTF32(in, room, &length, (const UChar32 *)f->cp, (int32_t)f->n, &status);

    room = length * 18 + 1; /* NFKC grows a text at most 18 times (U+FDFA) */
    UChar *out = arena_array(a, UChar, (size_t)room);
    made = unorm2_normalize(nfkc, in, length, out, room, &status);

    UChar32 *points = arena_array(a, UChar32, (size_t)made + 1);
    u_strToUTF32(points, made + 1, &length, out, made, &status);
    if (U_FAILURE(status))
        return; /* what was folded one by one stands */
    f->cp = (uint32_t *)points;
    f->n = (size_t)length;
    for (size_t i = 0; i < f->n; i++)
        f->cp[i] = normalise_char(f->cp[i]);
}

void normalise_compose(struct arena *a, const struct folded *f, struct folded *ret)
{
    *ret = (struct folded){.cp = f->cp, .n = f->n};
    if (f->compatible)
        points_by_icu(a, ret);
}

void normalise_points(struct arena *a, struct str text, struct folded *ret)
{
    struct folded f;
    normalise_fold(a, text, &f);
    normalise_compose(a, &f, ret);
}

static char *put_utf8(char *out, uint32_t c)
{
    static const struct {
        uint32_t below, lead;
        int more;
    } shapes[] = {{0x80, 0, 0}, {0x800, 0xC0, 1}, {0x10000, 0xE0, 2}, {0x110000, 0xF0, 3}};
    size_t i = 0;
    while (c >= shapes[i].below)
        i++;
    *out++ = (char)(shapes[i].lead | c >> (6 * shapes[i].more));
    for (int k = shapes[i].more; k-- > 0;)
        *out++ = (char)(0x80 | (c >> (6 * k) & 0x3F));
    return out;
}

struct str normalise(struct arena *a, struct str text)
{
    struct folded f;
    normalise_points(a, text, &f);
    char *out = arena_alloc(a, f.n * 4 + 1), *end = out;
    for (size_t i = 0; i < f.n; i++)
        end = put_utf8(end, f.cp[i]);
    return (struct str){out, (size_t)(end - out)};
}
