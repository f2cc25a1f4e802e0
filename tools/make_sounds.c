/* SPDX-License-Identifier: Apache-2.0 */
/*
 * make_sounds: writes how Han characters sound (nlu/sound.h), while building.
 *
 *     make_sounds OUT.sounds
 *
 * ICU knows the readings, but asking it for all of them takes a fifth of a second, which no start of the program should pay.
 * For each code point from U+4E00 to U+9FA5 two bytes, little endian: the place of its syllable in the lines that
 * follow, from 1; 0: none known. A syllable is written without its tone.
 */
#include <stdio.h>
#include <string.h>

#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "base/str.h"

#define FIRST 0x4E00
#define LAST  0x9FA5
#define ROOM  64 /* of one reading */
#define MOST  1000

struct sounds {
    char syllable[MOST][ROOM];
    unsigned n;
    unsigned char of[(LAST - FIRST + 1) * 2];
};

/* The letters of a reading, in lower case; empty when it is none. */
static void letters_of(const UChar *reading, int32_t n, char ret[ROOM])
{
    size_t k = 0;
    for (int32_t i = 0; i < n && k + 1 < ROOM; i++) {
        if (reading[i] < 'a' || reading[i] > 'z') {
            k = 0;
            break;
        }
        ret[k++] = (char)reading[i];
    }
    ret[k] = '\0';
}

static unsigned place_of(struct sounds *s, const char *letters)
{
    for (unsigned i = 0; i < s->n; i++)
        if (strcmp(s->syllable[i], letters) == 0)
            return i + 1;
    if (s->n == MOST)
        fatal("make_sounds: more than %d syllables", MOST);
    memcpy(s->syllable[s->n], letters, strlen(letters) + 1);
    return ++s->n;
}

int main(int argc, char **argv)
{
    static struct sounds s;
    UErrorCode e = U_ZERO_ERROR;
    UTransliterator *t = utrans_openU(u"Han-Latin; NFD; [:Mn:] Remove; Lower", -1, UTRANS_FORWARD, NULL, 0, NULL, &e);
    FILE *out = argc == 2 ? fopen(argv[1], "wb") : NULL;
    if (U_FAILURE(e) || out == NULL)
        fatal("make_sounds: %s", U_FAILURE(e) ? u_errorName(e) : "usage: make_sounds OUT.sounds");
    for (unsigned c = FIRST; c <= LAST; c++) {
        UChar reading[ROOM] = {(UChar)c};
        int32_t n = 1, limit = 1;
        char letters[ROOM];
        utrans_transUChars(t, reading, &n, ROOM, 0, &limit, &e);
        if (U_FAILURE(e))
            fatal("make_sounds: %s", u_errorName(e));
        letters_of(reading, n, letters);
        unsigned place = letters[0] != '\0' ? place_of(&s, letters) : 0;
        s.of[(c - FIRST) * 2] = (unsigned char)(place & 0xFF);
        s.of[(c - FIRST) * 2 + 1] = (unsigned char)(place >> 8);
    }
    utrans_close(t);
    fwrite(s.of, sizeof(s.of), 1, out);
    for (unsigned i = 0; i < s.n; i++)
        fprintf(out, "%s\n", s.syllable[i]);
    if (ferror(out) || fclose(out) != 0)
        fatal("make_sounds: %s cannot be written", argv[1]);
    return 0;
}
