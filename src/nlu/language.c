/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Language of a text.
 *
 * How          Scripts are counted. Kana means Japanese, hangul Korean, and so on: for these the script is the answer.
 *              Latin text is scored by tables: words that are frequent in one language and rare in the others, letters
 *              that few languages write, and endings. A text that says nothing (digits, one unknown word) takes the hint.
 * Not goals    Telling Bokmål from Danish, or one word of slang.
 */
#include "nlu/language.h"

#include <math.h>
#include <string.h>

#include "nlu/features.h"

enum script { SCRIPT_NONE, SCRIPT_HAN, SCRIPT_KANA, SCRIPT_HANGUL, SCRIPT_CYRILLIC, SCRIPT_ARABIC, SCRIPT_THAI, SCRIPT_LATIN, SCRIPTS };

static const struct {
    uint32_t first, last;
    enum script script;
} blocks[] = {
    {'a', 'z', SCRIPT_LATIN},        {0xC0, 0x24F, SCRIPT_LATIN},      {0x1E00, 0x1EFF, SCRIPT_LATIN},
    {0x400, 0x52F, SCRIPT_CYRILLIC}, {0x600, 0x6FF, SCRIPT_ARABIC},    {0x750, 0x77F, SCRIPT_ARABIC},
    {0xE00, 0xE7F, SCRIPT_THAI},     {0x1100, 0x11FF, SCRIPT_HANGUL},  {0x3041, 0x30FF, SCRIPT_KANA},
    {0x3130, 0x318F, SCRIPT_HANGUL}, {0x3400, 0x9FFF, SCRIPT_HAN},     {0xAC00, 0xD7A3, SCRIPT_HANGUL},
    {0xFF66, 0xFF9F, SCRIPT_KANA},   {0x20000, 0x3FFFF, SCRIPT_HAN},   {0xF900, 0xFAFF, SCRIPT_HAN},
};

/* Latin languages: words (2 points each), letters (1.5 each) and endings (0.6 each). Padded with spaces for search. */
static const struct latin {
    const char *language, *words, *letters, *endings;
} latins[] = {
    {"en",
     " the and you is are was my i it of to in that have has for with what when where how do does did can could would "
     "please not your me this on be an at from will want need thanks thank hello hi hey order refund return where's "
     "i'm don't it's there any get got if but much many why who am help size ship shipping yes no ok okay ",
     "", " ing ed ly tion ght wh sh th ck ould "},
    {"de",
     " der die das und ist nicht ich sie mein meine mit für auf ein eine einen wie wo was wann kann bitte hallo danke "
     "von zu den dem es habe haben wird wurde noch auch aber bestellung im am bei nach oder wir mir mich sind hat ",
     "äöüß", " sch ung eit lich ich en "},
    {"fr",
     " le la les de des du et est une un je vous mon ma mes pas pour dans que qui où quand comment bonjour merci ce "
     "cette avec sur ne se au aux plus j'ai commande quel quelle ai avez suis il elle nous à été pouvez ",
     "éèêçàùœ", " eux tion ez ais oi ent que "},
    {"es",
     " el la los las de del y es una un mi me no por para que qué cómo dónde cuándo hola gracias con en se lo su mis "
     "pedido está quiero puedo cuánto tengo ha he muy más pero como al donde cuando ",
     "ñáíóú¿¡", " ción ado ido mente ar os as "},
    {"it",
     " il lo la i gli le di e è un una non per che mi mio mia con in del della come dove quando ciao grazie sono ho "
     "ha ordine vorrei posso quanto sul nel alla questo questa buongiorno ma più anche ",
     "àèìòù", " zione are ere tto gli che mente "},
    {"pt",
     " o a os as de do da e é um uma não por para que meu minha com em no na como onde quando olá obrigado obrigada "
     "pedido quero posso está eu você seu sua mais mas foi tem tenho quanto isso ",
     "ãõçáéêô", " ção ões mente inho lh nh "},
    {"nl",
     " de het een en is niet ik mijn van voor met op wat waar wanneer hoe kan hallo bedankt dank je u te dat die er "
     "heb heeft bestelling zijn wil aan ook maar naar nog wordt mij graag ",
     "", " ij aan oor sch eer oe ijk "},
    {"tr",
     " ve bir bu ne için ile mi mı mu mü nerede nasıl zaman merhaba teşekkürler değil var yok benim siparişim sipariş "
     "istiyorum lütfen çok ben daha kadar ama olarak evet hayır kargo ",
     "ışğçöü", " lar ler dır yor mak mek ım im "},
    {"vi",
     " tôi của là và không có cho bạn đơn hàng khi nào ở đâu bao giờ xin chào cảm ơn này được mua một các với thì "
     "sao giá ",
     "ăâđêôơưạảấầẩậắằẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ", " ng nh "},
    {"id",
     " saya yang di dan tidak ini itu untuk dengan ke dari apa kapan mana bagaimana halo terima kasih pesanan ada "
     "bisa sudah belum akan anda kami barang dimana berapa tolong mau aku nya ",
     "", " ang kan an nya ngan men ber "},
};

static enum script script_of(uint32_t c)
{
    for (size_t i = 0; i < COUNT(blocks); i++)
        if (c >= blocks[i].first && c <= blocks[i].last)
            return blocks[i].script;
    return SCRIPT_NONE;
}

/* Is @p word one of the space-separated @p list? */
static bool listed(const char *list, struct str word)
{
    for (const char *at = list; (at = memmem(at, strlen(at), word.p, word.n)) != NULL; at++)
        if (at[-1] == ' ' && at[word.n] == ' ')
            return true;
    return false;
}

static double word_points(const struct latin *l, struct str word)
{
    double points = listed(l->words, word) ? 2 : 0;
    const char *rest = l->endings;
    while (*rest == ' ' && rest[1] != 0) {
        struct str ending = {rest + 1, strcspn(rest + 1, " ")};
        if (word.n > ending.n + 1 && str_ends(word, ending))
            points += 0.6;
        rest += ending.n + 1;
    }
    for (size_t i = 0; i < word.n;) { /* letters beyond ASCII, each two or three bytes */
        size_t n = 1;
        while (i + n < word.n && ((unsigned char)word.p[i + n] & 0xC0) == 0x80)
            n++;
        if (n > 1 && memmem(l->letters, strlen(l->letters), word.p + i, n) != NULL)
            points += 1.5;
        i += n;
    }
    return points;
}

/* Words as letters run, with an apostrophe inside. */
static bool next_word(struct str *rest, struct str *ret)
{
    size_t i = 0, from;
    while (i < rest->n && !((unsigned char)rest->p[i] >= 0x80 || (rest->p[i] >= 'a' && rest->p[i] <= 'z')))
        i++;
    from = i;
    while (i < rest->n &&
           ((unsigned char)rest->p[i] >= 0x80 || (rest->p[i] >= 'a' && rest->p[i] <= 'z') || rest->p[i] == '\''))
        i++;
    *ret = str_sub(*rest, from, i - from);
    *rest = str_sub(*rest, i, SIZE_MAX);
    return ret->n > 0;
}

static struct language_guess latin_language(struct arena *a, struct str text, struct str hint)
{
    double points[COUNT(latins)] = {0}, all = 0;
    struct str rest = normalise(a, text), word;
    size_t words = 0, best = 0;
    for (; next_word(&rest, &word); words++)
        for (size_t i = 0; i < COUNT(latins); i++)
            points[i] += word_points(&latins[i], word);
    for (size_t i = 0; i < COUNT(latins); i++) {
        if (points[i] > 0 && str_eq_c(hint, latins[i].language))
            points[i] += 1; /* the conversation's language breaks ties */
        all += points[i];
        best = points[i] > points[best] ? i : best;
    }
    if (points[best] < 1.2)
        /* Unknown words: the hint when it is written in Latin letters, else English, the world's second language. */
        for (size_t i = 0; i < COUNT(latins); i++)
            if (str_eq_c(hint, latins[i].language))
                return (struct language_guess){hint, 0.5};
    if (points[best] < 1.2 && words < 3)
        return (struct language_guess){hint.n > 0 && words < 2 ? hint : STR("en"), 0.4};
    double share = all > 0 ? points[best] / all : 0;
    return (struct language_guess){all > 0 ? str_from(latins[best].language) : STR("en"),
                                   all > 0 ? share * (1 - exp(-points[best] / 2)) : 0.3};
}

struct language_guess language_of(struct arena *a, struct str text, struct str hint)
{
    struct folded f;
    size_t count[SCRIPTS] = {0}, known = 0;
    normalise_fold(a, text, &f);
    for (size_t i = 0; i < f.n; i++) {
        enum script s = script_of(f.cp[i]);
        count[s]++;
        known += s != SCRIPT_NONE;
    }
    bool short_latin = known == count[SCRIPT_LATIN] && known < 4; /* "ok", "zrg", "SF": said in any language */
    if (known == 0 || (short_latin && hint.n > 0))
        return (struct language_guess){hint.n > 0 ? hint : STR("en"), 0.3};

    /* A Han character says as much as a word of letters; a product's Latin name does not make a text English. */
    size_t east = count[SCRIPT_HAN] + count[SCRIPT_KANA];
    const struct {
        enum script script;
        const char *language;
        size_t weight;
    } gates[] = {
        {SCRIPT_KANA, "ja", count[SCRIPT_KANA] * 8 >= east && (count[SCRIPT_KANA] > 1 || east < 3) ? east * 4 : 0},
        {SCRIPT_HAN, "zh", east * 4},
        {SCRIPT_HANGUL, "ko", count[SCRIPT_HANGUL] * 4},
        {SCRIPT_CYRILLIC, "ru", count[SCRIPT_CYRILLIC] * 2},
        {SCRIPT_ARABIC, "ar", count[SCRIPT_ARABIC] * 2},
        {SCRIPT_THAI, "th", count[SCRIPT_THAI] * 2},
    };
    size_t best = 0;
    for (size_t i = 1; i < COUNT(gates); i++)
        if (gates[i].weight > gates[best].weight)
            best = i;
    if (gates[best].weight < count[SCRIPT_LATIN] || gates[best].weight == 0)
        return latin_language(a, text, hint);
    double sure = (double)gates[best].weight / (double)(gates[best].weight + count[SCRIPT_LATIN]);
    return (struct language_guess){str_from(gates[best].language), 0.5 + sure / 2};
}
