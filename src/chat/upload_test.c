/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What uploads are taken for, and what is left of them: pictures by hand, piece by piece.
 */
#include "base/table_test.h"

#include "base/limit.h"
#include "chat/upload.h"

#define B(lit) {(lit), sizeof(lit) - 1}

/* A JPEG: its pieces. 4 x 2 pixels. */
#define SOI    "\xff\xd8"
#define EOI    "\xff\xd9"
#define JFIF   "\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
#define EXIF_6 "\xff\xe1\0\x29" "Exif\0\0II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\x06\0\0\0\0\0\0\0GPS 31N"
#define EXIF_M "\xff\xe1\0\x22" "Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\x06\0\0\0\0\0\0"
#define XMP    "\xff\xe1\0\x08secret"
#define REMARK "\xff\xfe\0\x06home"
#define SOF    "\xff\xc0\0\x0b\x08\0\2\0\4\1\1\x11\0"
#define SOS    "\xff\xda\0\x08\1\1\0\0\x3f\0" "\x12\xff\0\x34\xff\xd0\x56"
#define TURN_6 "\xff\xe1\0\x22" "Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\x06\0\0\0\0\0\0"

#define PNG_HEAD "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\5\0\0\0\3\x08\2\0\0\0crc!"
#define PNG_DATA "\0\0\0\2IDATxxcrc!"
#define PNG_TEXT "\0\0\0\4tEXthomecrc!"
#define PNG_END  "\0\0\0\0IENDcrc!"

#define GIF_HEAD    "GIF89a\7\0\6\0\x80\0\0rgbRGB"
#define GIF_LOOP    "\x21\xff\x0bNETSCAPE2.0\3\1\0\0\0"
#define GIF_COMMENT "\x21\xfe\4home\0"
#define GIF_PICTURE "\x2c\0\0\0\0\7\0\6\0\0\2\2LZ\0"

#define WEBP_X(flags) "VP8X\x0a\0\0\0" flags "\0\0\0\x09\0\0\x08\0\0"
#define WEBP_DATA     "VP8L\5\0\0\0\x2f\x09\0\2\0\0"
#define WEBP_EXIF     "EXIF\4\0\0\0home"

static const struct {
    const char *name;
    struct str raw;
    enum upload_answer answer;
    enum upload_type type;
    int64_t width, height;
    struct str clean;
} rows[] = {
    {"a plain photo", B(SOI JFIF SOF SOS EOI), UPLOAD_OK, UPLOAD_JPEG, 4, 2, B(SOI JFIF SOF SOS EOI)},
    {"a place, a remark and who edited it are taken out", B(SOI JFIF XMP SOF REMARK SOS EOI), UPLOAD_OK, UPLOAD_JPEG, 4, 2,
     B(SOI JFIF SOF SOS EOI)},
    {"only the turn is kept of a phone's notes", B(SOI EXIF_6 SOF SOS EOI), UPLOAD_OK, UPLOAD_JPEG, 2, 4,
     B(SOI TURN_6 SOF SOS EOI)},
    {"the turn, as other phones write it", B(SOI EXIF_M SOF SOS EOI), UPLOAD_OK, UPLOAD_JPEG, 2, 4, B(SOI TURN_6 SOF SOS EOI)},
    {"a film behind the photo is cut off", B(SOI SOF SOS EOI "ftypmp42 sound"), UPLOAD_OK, UPLOAD_JPEG, 4, 2,
     B(SOI SOF SOS EOI)},
    {"two scans", B(SOI SOF SOS SOS EOI), UPLOAD_OK, UPLOAD_JPEG, 4, 2, B(SOI SOF SOS SOS EOI)},
    {"no end", B(SOI SOF SOS), UPLOAD_OK, UPLOAD_JPEG, 4, 2, B(SOI SOF SOS EOI)},
    {"cut in the middle of a stuffed byte", B(SOI SOF SOS "\xff"), UPLOAD_OK, UPLOAD_JPEG, 4, 2, B(SOI SOF SOS EOI)},
    {"cut in a segment", B(SOI JFIF "\xff\xc0\0\x0b\x08"), UPLOAD_BROKEN, UPLOAD_JPEG, 0, 0, B("")},
    {"phone's notes shorter than their name", B(SOI "\xff\xe1\0\4Exif\0\0II*\0aK"), UPLOAD_BROKEN, UPLOAD_JPEG, 0, 0, B("")},
    {"a scan that is cut before its first byte", B(SOI SOF "\xff\xda\0\x08\1\1\0\0\x3f\xff"), UPLOAD_OK, UPLOAD_JPEG, 4, 2,
     B(SOI SOF "\xff\xda\0\x08\1\1\0\0\x3f\xff" EOI)},
    {"no picture in it", B(SOI JFIF EOI), UPLOAD_BROKEN, UPLOAD_JPEG, 0, 0, B("")},
    {"a segment shorter than its own length", B(SOI "\xff\xe0\0\1" SOF SOS EOI), UPLOAD_BROKEN, UPLOAD_JPEG, 0, 0, B("")},
    {"a picture without pixels", B(SOI "\xff\xc0\0\x0b\x08\0\0\0\4\1\1\x11\0" SOS EOI), UPLOAD_BROKEN, UPLOAD_JPEG, 0, 0, B("")},
    {"too many pixels", B(SOI "\xff\xc0\0\x0b\x08\x3f\xff\x3f\xff\1\1\x11\0" SOS EOI), UPLOAD_TOO_LARGE, UPLOAD_JPEG, 0, 0, B("")},
    {"png", B(PNG_HEAD PNG_TEXT PNG_DATA PNG_END "more"), UPLOAD_OK, UPLOAD_PNG, 5, 3, B(PNG_HEAD PNG_DATA PNG_END)},
    {"png without an end", B(PNG_HEAD PNG_DATA), UPLOAD_BROKEN, UPLOAD_PNG, 0, 0, B("")},
    {"png that begins with something else", B("\x89PNG\r\n\x1a\n" PNG_DATA PNG_END), UPLOAD_BROKEN, UPLOAD_PNG, 0, 0, B("")},
    {"gif", B(GIF_HEAD GIF_LOOP GIF_COMMENT GIF_PICTURE ";"), UPLOAD_OK, UPLOAD_GIF, 7, 6, B(GIF_HEAD GIF_LOOP GIF_PICTURE ";")},
    {"gif cut in a picture", B(GIF_HEAD "\x2c\0\0\0\0\7\0\6\0\0\2\2L"), UPLOAD_BROKEN, UPLOAD_GIF, 0, 0, B("")},
    {"webp with notes", B("RIFF\x32\0\0\0WEBP" WEBP_X("\x18") WEBP_DATA WEBP_EXIF), UPLOAD_OK, UPLOAD_WEBP, 10, 9,
     B("RIFF\x24\0\0\0WEBP" WEBP_X("\x10") WEBP_DATA)},
    {"webp by itself", B("RIFF\x12\0\0\0WEBP" WEBP_DATA), UPLOAD_OK, UPLOAD_WEBP, 10, 9, B("RIFF\x12\0\0\0WEBP" WEBP_DATA)},
    {"webp without a picture", B("RIFF\x10\0\0\0WEBP" WEBP_EXIF), UPLOAD_BROKEN, UPLOAD_WEBP, 0, 0, B("")},
    {"a sound in the same wrapping", B("RIFF\x04\0\0\0WAVE"), UPLOAD_BROKEN, UPLOAD_WEBP, 0, 0, B("")},
    {"pdf", B("%PDF-1.7 …"), UPLOAD_OK, UPLOAD_PDF, 0, 0, B("%PDF-1.7 …")},
    {"a page that calls itself a picture", B("<svg onload=alert(1)>"), UPLOAD_UNKNOWN_TYPE, UPLOAD_JPEG, 0, 0, B("")},
    {"nothing", B(""), UPLOAD_UNKNOWN_TYPE, UPLOAD_JPEG, 0, 0, B("")},
};

static void uploads_are_seen_through(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        _cleanup_(arena_done) struct arena a = {0};
        struct upload u = {0};
        struct str clean = STR_NONE;
        enum upload_answer answer = upload_clean(&a, rows[i].raw, &u, &clean);
        if (answer != rows[i].answer)
            row_failed(failed, rows[i].name, "answer %d, want %d", (int)answer, (int)rows[i].answer);
        else if (answer == UPLOAD_OK && (u.type != rows[i].type || u.width != rows[i].width || u.height != rows[i].height))
            row_failed(failed, rows[i].name, "%s, %lld x %lld", upload_type_name(u.type), (long long)u.width, (long long)u.height);
        else if (!str_eq(clean, rows[i].clean))
            row_failed(failed, rows[i].name, "%zu bytes are kept, want %zu", clean.n, rows[i].clean.n);
    }
    assert_int_equal(failed, 0);
}

/* Cleaning what is clean changes nothing. */
static void a_clean_upload_stays(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        _cleanup_(arena_done) struct arena a = {0};
        struct upload u = {0};
        struct str once, twice;
        if (upload_clean(&a, rows[i].raw, &u, &once) == UPLOAD_OK &&
            (upload_clean(&a, once, &u, &twice) != UPLOAD_OK || !str_eq(once, twice)))
            row_failed(failed, rows[i].name, "changes again");
    }
    assert_int_equal(failed, 0);
}

static void bytes_have_a_limit(void **state)
{
    (void)state;
    _cleanup_(arena_done) struct arena a = {0};
    struct upload u = {0};
    struct str clean;
    char *large = arena_alloc(&a, LIMIT_UPLOAD_BYTES + 1);
    for (size_t i = 0; i <= LIMIT_UPLOAD_BYTES; i++)
        large[i] = "%PDF-"[i % 5];
    assert_int_equal(upload_clean(&a, (struct str){large, LIMIT_UPLOAD_BYTES + 1}, &u, &clean), UPLOAD_TOO_LARGE);
    assert_int_equal(upload_clean(&a, (struct str){large, LIMIT_UPLOAD_BYTES}, &u, &clean), UPLOAD_OK);
}

static void data_is_of_the_kind(void **state)
{
    (void)state;
    _cleanup_(arena_done) struct arena a = {0};
    struct upload photo = {.id = 7, .type = UPLOAD_PNG, .bytes = 9, .width = 5, .height = 3};
    struct upload paper = {.id = 8, .type = UPLOAD_PDF, .bytes = 9};
    assert_string_equal(str_c(&a, upload_data(&a, &photo)),
                        "\"image\":{\"id\":\"7\",\"type\":\"image/png\",\"bytes\":9,\"width\":5,\"height\":3}");
    assert_string_equal(str_c(&a, upload_data(&a, &paper)),
                        "\"file\":{\"id\":\"8\",\"type\":\"application/pdf\",\"bytes\":9,\"width\":0,\"height\":0}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uploads_are_seen_through),
        cmocka_unit_test(a_clean_upload_stays),
        cmocka_unit_test(bytes_have_a_limit),
        cmocka_unit_test(data_is_of_the_kind),
    };
    return cmocka_run_group_tests_name("upload", tests, NULL, NULL);
}
