/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an upload is, and what of it is kept.
 *
 * How          Each format is walked piece by piece; the pieces that make the picture are copied, all others are left out. So
 *              what nobody thought of is left out, too, and so is what lies behind the end of the picture (motion photos carry a
 *              film with sound there).
 * Not goals    Decoding: whether the compressed data makes a picture is the reader's browser's to see.
 * See          ITU-T T.81 annex B (JPEG), PNG specification section 5, GIF89a section 17, WebP container specification.
 */
#include "chat/upload.h"

#include <string.h>

#include "base/limit.h"

static const struct {
    const char *name, *magic;
    size_t magic_n;
    bool image;
} types[UPLOAD_TYPES] = {
    [UPLOAD_JPEG] = {"image/jpeg", "\xff\xd8\xff", 3, true}, [UPLOAD_PNG] = {"image/png", "\x89PNG\r\n\x1a\n", 8, true},
    [UPLOAD_GIF] = {"image/gif", "GIF8", 4, true},           [UPLOAD_WEBP] = {"image/webp", "RIFF", 4, true},
    [UPLOAD_PDF] = {"application/pdf", "%PDF-", 5, false},
};

const char *upload_type_name(enum upload_type t)
{
    return types[t].name;
}

bool upload_type_from_name(struct str name, enum upload_type *ret)
{
    for (size_t i = 0; i < COUNT(types); i++) {
        if (str_eq_c(name, types[i].name)) {
            *ret = (enum upload_type)i;
            return true;
        }
    }
    return false;
}

bool upload_is_image(enum upload_type t)
{
    return types[t].image;
}

/* ---- reading: what is not there reads as 0, and the caller has asked has() before it believes it ---- */

static bool has(struct str s, size_t at, size_t n)
{
    return at <= s.n && n <= s.n - at;
}

static unsigned byte_at(struct str s, size_t at)
{
    return at < s.n ? (unsigned char)s.p[at] : 0;
}

static unsigned be16(struct str s, size_t at)
{
    return byte_at(s, at) << 8 | byte_at(s, at + 1);
}

static unsigned le16(struct str s, size_t at)
{
    return byte_at(s, at) | byte_at(s, at + 1) << 8;
}

static uint32_t be32(struct str s, size_t at)
{
    return (uint32_t)be16(s, at) << 16 | be16(s, at + 2);
}

static uint32_t le32(struct str s, size_t at)
{
    return (uint32_t)le16(s, at) | (uint32_t)le16(s, at + 2) << 16;
}

static bool holds(struct str s, size_t at, const char *bytes, size_t n)
{
    return has(s, at, n) && memcmp(s.p + at, bytes, n) == 0;
}

static void copy(struct buf *out, struct str s, size_t at, size_t n)
{
    buf_add(out, s.p + at, n);
}

static void set_size(struct upload *u, int64_t width, int64_t height)
{
    u->width = width;
    u->height = height;
}

/* ---- JPEG ---- */

#define TURN_TAG 0x0112

/* The turn of a photo (1..8) in an Exif segment's TIFF part; 1 when it says nothing. */
static unsigned exif_turn(struct str tiff)
{
    bool little = holds(tiff, 0, "II*\0", 4);
    if (!little && !holds(tiff, 0, "MM\0*", 4))
        return 1;
    size_t at = little ? le32(tiff, 4) : be32(tiff, 4);
    unsigned n = little ? le16(tiff, at) : be16(tiff, at);
    for (unsigned i = 0; i < n && has(tiff, at + 2 + 12 * (size_t)i, 12); i++) {
        size_t entry = at + 2 + 12 * (size_t)i;
        unsigned tag = little ? le16(tiff, entry) : be16(tiff, entry);
        unsigned turn = little ? le16(tiff, entry + 8) : be16(tiff, entry + 8);
        if (tag == TURN_TAG)
            return turn >= 1 && turn <= 8 ? turn : 1;
    }
    return 1;
}

/* An Exif segment that says nothing but the turn. */
static void write_turn(struct buf *out, unsigned turn)
{
    static const char head[] = "\xff\xe1\x00\x22" "Exif\0\0" "MM\0*\0\0\0\x08" "\0\x01" "\x01\x12\0\x03\0\0\0\x01\0";
    buf_add(out, head, sizeof(head) - 1);
    buf_char(out, (char)turn);
    buf_add(out, "\0\0\0\0\0\0", 6);
}

static bool jpeg_keeps(struct str s, unsigned marker, size_t at)
{
    switch (marker) {
    case 0xe0: return holds(s, at, "JFIF", 5);
    case 0xe2: return holds(s, at, "ICC_PROFILE", 12); /* colours; not the list of further pictures */
    case 0xee: return holds(s, at, "Adobe", 5);        /* how colours are stored */
    default: return (marker < 0xe0 || marker > 0xef) && marker != 0xfe;
    }
}

static bool jpeg_is_frame(unsigned marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/* End of the compressed data that begins at @p begin: the next marker that is neither a stuffed byte nor a restart. */
static size_t jpeg_scan_end(struct str s, size_t begin)
{
    for (size_t at = begin; at + 1 < s.n; at++)
        if (byte_at(s, at) == 0xff && byte_at(s, at + 1) != 0 && (byte_at(s, at + 1) & 0xf8) != 0xd0)
            return at;
    while (s.n > begin && byte_at(s, s.n - 1) == 0xff) /* half of something */
        s.n--;
    return s.n;
}

struct jpeg {
    struct str s;
    struct buf out; /* after the first marker */
    unsigned turn;
    bool scanned;   /* some of the picture was seen */
};

/* One segment that begins at @p at; where the next one begins, or 0 when it does not hold. */
static size_t jpeg_segment(struct jpeg *j, unsigned marker, size_t at, struct upload *ret)
{
    unsigned n = be16(j->s, at + 2);
    if (n < 2 || !has(j->s, at + 2, n))
        return 0;
    size_t end = at + 2 + n;
    if (marker == 0xe1 && n >= 8 && holds(j->s, at + 4, "Exif\0", 6))
        j->turn = exif_turn((struct str){j->s.p + at + 10, end - at - 10});
    if (jpeg_is_frame(marker) && n >= 7)
        set_size(ret, be16(j->s, at + 7), be16(j->s, at + 5));
    if (marker == 0xda) {
        end = jpeg_scan_end(j->s, end);
        j->scanned = true;
    }
    if (jpeg_keeps(j->s, marker, at + 4))
        copy(&j->out, j->s, at, end - at);
    return end;
}

static bool jpeg_walk(struct jpeg *j, struct upload *ret)
{
    size_t at = 2;
    while (has(j->s, at, 2)) {
        unsigned marker = byte_at(j->s, at + 1);
        if (byte_at(j->s, at) != 0xff)
            return false;
        if (marker == 0xd9)
            return j->scanned;
        if (marker == 0xff) /* fill */
            at++;
        else if ((marker & 0xf8) == 0xd0)
            at += 2;
        else if (marker < 0xc0) /* none that a picture has */
            return false;
        else
            at = jpeg_segment(j, marker, at, ret);
        if (at == 0)
            return false;
    }
    return j->scanned; /* without an end: browsers show it, and so do we */
}

static bool clean_jpeg(struct arena *a, struct str s, struct upload *ret, struct buf *out)
{
    struct jpeg j = {.s = s, .out = {.arena = a}, .turn = 1};
    buf_reserve(&j.out, s.n);
    if (!jpeg_walk(&j, ret))
        return false;
    if (j.turn >= 5) /* lies on its side */
        set_size(ret, ret->height, ret->width);
    buf_reserve(out, j.out.n + 64);
    buf_add(out, "\xff\xd8", 2);
    if (j.turn != 1)
        write_turn(out, j.turn);
    buf_str(out, buf_view(&j.out));
    buf_add(out, "\xff\xd9", 2);
    return true;
}

/* ---- PNG ---- */

static bool png_keeps(struct str s, size_t type_at)
{
    static const char kept[][5] = {"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB",
                                   "bKGD", "pHYs", "hIST", "sPLT", "cICP", "acTL", "fcTL", "fdAT"};
    for (size_t i = 0; i < COUNT(kept); i++)
        if (holds(s, type_at, kept[i], 4))
            return true;
    return false;
}

static bool clean_png(struct arena *a, struct str s, struct upload *ret, struct buf *out)
{
    (void)a;
    buf_reserve(out, s.n);
    copy(out, s, 0, 8);
    for (size_t at = 8; has(s, at, 12);) {
        size_t n = be32(s, at);
        if (!has(s, at + 12, n))
            return false;
        if (at == 8 && (n != 13 || !holds(s, at + 4, "IHDR", 4)))
            return false;
        if (at == 8)
            set_size(ret, be32(s, at + 8), be32(s, at + 12));
        if (png_keeps(s, at + 4))
            copy(out, s, at, 12 + n);
        if (holds(s, at + 4, "IEND", 4))
            return true;
        at += 12 + n;
    }
    return false;
}

/* ---- GIF ---- */

/* Bytes of a colour table, by the flags that announce it. */
static size_t gif_table(unsigned flags)
{
    return (flags & 0x80) != 0 ? 3u << ((flags & 7) + 1) : 0;
}

/* Where the sub-blocks that begin at @p at end; 0: they do not. */
static size_t gif_blocks_end(struct str s, size_t at)
{
    while (has(s, at, 1)) {
        size_t n = byte_at(s, at);
        at += 1 + n;
        if (n == 0)
            return at;
    }
    return 0;
}

static bool gif_keeps(struct str s, size_t at)
{
    unsigned label = byte_at(s, at + 1);
    if (byte_at(s, at) == 0x2c || label == 0xf9 || label == 0x01) /* a picture, how it is shown, text in it */
        return true;
    return label == 0xff && (holds(s, at + 3, "NETSCAPE2.0", 11) || holds(s, at + 3, "ANIMEXTS1.0", 11)); /* how often */
}

static bool clean_gif(struct arena *a, struct str s, struct upload *ret, struct buf *out)
{
    (void)a;
    size_t at = 13 + gif_table(byte_at(s, 10));
    if (!has(s, 0, at) || (!holds(s, 0, "GIF87a", 6) && !holds(s, 0, "GIF89a", 6)))
        return false;
    set_size(ret, le16(s, 6), le16(s, 8));
    buf_reserve(out, s.n);
    copy(out, s, 0, at);
    while (has(s, at, 1) && byte_at(s, at) != 0x3b) {
        size_t begin = byte_at(s, at) == 0x2c   ? at + 10 + gif_table(byte_at(s, at + 9)) + 1
                       : byte_at(s, at) == 0x21 ? at + 2
                                                : 0;
        size_t end = begin != 0 ? gif_blocks_end(s, begin) : 0;
        if (end == 0)
            return false;
        if (gif_keeps(s, at))
            copy(out, s, at, end - at);
        at = end;
    }
    buf_char(out, 0x3b);
    return has(s, at, 1);
}

/* ---- WebP ---- */

#define WEBP_ALPHA_AND_MORE 0x32 /* colour profile, transparency, animation; not Exif and XMP */

/* Takes the size from the piece that has it; false when the piece is none. */
static bool webp_size(struct str s, size_t at, size_t n, struct upload *ret)
{
    size_t p = at + 8;
    if (holds(s, at, "VP8X", 4) && n >= 10) {
        set_size(ret, 1 + (int64_t)(le32(s, p + 4) & 0xffffff), 1 + (int64_t)(le32(s, p + 7) & 0xffffff));
    } else if (holds(s, at, "VP8L", 4) && n >= 5 && byte_at(s, p) == 0x2f) {
        uint32_t bits = le32(s, p + 1);
        set_size(ret, 1 + (int64_t)(bits & 0x3fff), 1 + (int64_t)(bits >> 14 & 0x3fff));
    } else if (holds(s, at, "VP8 ", 4) && n >= 10 && holds(s, p + 3, "\x9d\x01\x2a", 3)) {
        set_size(ret, le16(s, p + 6) & 0x3fff, le16(s, p + 8) & 0x3fff);
    } else {
        return false;
    }
    return true;
}

static bool clean_webp(struct arena *a, struct str s, struct upload *ret, struct buf *out)
{
    (void)a;
    if (!holds(s, 8, "WEBP", 4))
        return false;
    buf_reserve(out, s.n + 1);
    copy(out, s, 0, 12);
    bool sized = false;
    size_t end = MIN(s.n, (size_t)le32(s, 4) + 8);
    for (size_t at = 12; at + 8 <= end;) {
        size_t n = le32(s, at + 4);
        if (!has(s, at + 8, n))
            return false;
        sized = sized || webp_size(s, at, n, ret);
        size_t kept_at = out->n;
        if (!holds(s, at, "EXIF", 4) && !holds(s, at, "XMP ", 4)) {
            copy(out, s, at, 8 + n);
            if ((n & 1) != 0)
                buf_char(out, 0);
            if (holds(s, at, "VP8X", 4) && n > 0)
                out->p[kept_at + 8] = (char)(out->p[kept_at + 8] & WEBP_ALPHA_AND_MORE);
        }
        at += 8 + n + (n & 1);
    }
    uint32_t size = (uint32_t)(out->n - 8);
    for (unsigned i = 0; i < 4; i++)
        out->p[4 + i] = (char)(size >> (8 * i) & 0xff);
    return sized;
}

static bool clean_pdf(struct arena *a, struct str s, struct upload *ret, struct buf *out)
{
    (void)a;
    (void)ret;
    buf_str(out, s); /* what it says of its writer cannot be told from what it is */
    return true;
}

enum upload_answer upload_clean(struct arena *a, struct str raw, struct upload *ret, struct str *ret_clean)
{
    static bool (*const cleaners[UPLOAD_TYPES])(struct arena *a, struct str s, struct upload *ret, struct buf *out) = {
        [UPLOAD_JPEG] = clean_jpeg, [UPLOAD_PNG] = clean_png, [UPLOAD_GIF] = clean_gif, [UPLOAD_WEBP] = clean_webp,
        [UPLOAD_PDF] = clean_pdf};
    for (size_t i = 0; i < COUNT(types); i++) {
        if (!holds(raw, 0, types[i].magic, types[i].magic_n))
            continue;
        struct upload u = {.type = (enum upload_type)i};
        struct buf out = {.arena = a};
        if (raw.n > LIMIT_UPLOAD_BYTES)
            return UPLOAD_TOO_LARGE;
        if (!cleaners[i](a, raw, &u, &out) || (types[i].image && (u.width <= 0 || u.height <= 0)))
            return UPLOAD_BROKEN;
        if (u.width > LIMIT_IMAGE_SIDE || u.height > LIMIT_IMAGE_SIDE || u.width * u.height > LIMIT_IMAGE_PIXELS)
            return UPLOAD_TOO_LARGE;
        ret->type = u.type;
        set_size(ret, u.width, u.height);
        *ret_clean = buf_view(&out);
        return UPLOAD_OK;
    }
    return UPLOAD_UNKNOWN_TYPE;
}

struct str upload_data(struct arena *a, const struct upload *u)
{
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    jo_key(&o, upload_is_image(u->type) ? "image" : "file");
    jo_open(&o);
    jo_kid(&o, "id", u->id);
    jo_kc(&o, "type", upload_type_name(u->type));
    jo_kn(&o, "bytes", u->bytes);
    jo_kn(&o, "width", u->width);
    jo_kn(&o, "height", u->height);
    jo_close(&o);
    return buf_view(&b);
}
