/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sounds: two tables out of one asset, read on first use: the syllable of each character, and what each syllable sounds
 * like, which is the first syllable of the same folded letters.
 */
#include "nlu/sound.h"

#include <pthread.h>

#include "base/asset.h"

#define FIRST     0x4E00
#define LAST      0x9FA5
#define SYLLABLES 1000
#define LETTERS   16
#define NAMES     2048 /* places for folded syllables, by hash */

static struct {
    const unsigned char *of;           /* two bytes a character */
    struct str letters[SYLLABLES + 1]; /* from 1 */
    uint16_t alike[SYLLABLES + 1];
    uint16_t named[NAMES]; /* first syllable of each folded spelling */
} table;
static pthread_once_t once = PTHREAD_ONCE_INIT;

size_t sound_fold(char *letters, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        char before = kept > 0 ? letters[kept - 1] : '\0';
        bool whistled = letters[i] == 'h' && (before == 'z' || before == 'c' || before == 's');
        bool nasal = letters[i] == 'g' && before == 'n';
        if (!whistled && !nasal)
            letters[kept++] = letters[i];
    }
    return kept;
}

static struct str folded(struct str letters, char room[LETTERS])
{
    size_t n = MIN(letters.n, (size_t)LETTERS);
    for (size_t i = 0; i < n; i++)
        room[i] = letters.p[i];
    return (struct str){room, sound_fold(room, n)};
}

/* Where the syllable that folds to @p letters stands, or would. */
static uint16_t *named(struct str letters)
{
    char other[LETTERS];
    size_t at = str_hash(letters) % NAMES;
    while (table.named[at] != 0 && !str_eq(letters, folded(table.letters[table.named[at]], other)))
        at = (at + 1) % NAMES;
    return &table.named[at];
}

static void load(void)
{
    struct str file = asset_find(STR("models/han.sounds"));
    size_t head = (LAST - FIRST + 1) * 2;
    if (file.n < head)
        return; /* a program without the asset knows no sounds */
    struct str rest = str_sub(file, head, file.n), line;
    char mine[LETTERS];
    for (uint16_t i = 1; i <= SYLLABLES && str_cut(&rest, '\n', &line) && line.n > 0; i++) {
        table.letters[i] = line;
        uint16_t *first = named(folded(line, mine));
        *first = *first != 0 ? *first : i;
        table.alike[i] = *first;
    }
    table.of = (const unsigned char *)file.p;
}

static unsigned syllable_of(uint32_t cp)
{
    pthread_once(&once, load);
    if (cp < FIRST || cp > LAST || table.of == NULL)
        return 0;
    const unsigned char *two = table.of + (size_t)(cp - FIRST) * 2;
    unsigned syllable = two[0] | (unsigned)two[1] << 8;
    return syllable <= SYLLABLES ? syllable : 0;
}

uint16_t sound_of(uint32_t cp)
{
    return table.alike[syllable_of(cp)];
}

bool sound_has(uint32_t cp)
{
    return sound_of(cp) != 0;
}

void sounds_of(const uint32_t *points, size_t n, uint16_t *ret)
{
    for (size_t i = 0; i < n; i++)
        ret[i] = sound_of(points[i]);
}

uint16_t sound_named(const uint32_t *letters, size_t n)
{
    char mine[LETTERS];
    pthread_once(&once, load);
    if (n == 0 || n > SOUND_LETTERS)
        return 0;
    for (size_t i = 0; i < n; i++)
        mine[i] = letters[i] < 0x80 ? (char)letters[i] : '\0';
    return *named((struct str){mine, sound_fold(mine, n)});
}

struct str sound_letters(uint32_t cp)
{
    return table.letters[syllable_of(cp)];
}
