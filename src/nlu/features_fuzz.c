/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes: groups lie in order, polarity keeps its range, and retrieval built of pieces of the text answers within its limits. */
#include "nlu/features.h"
#include "nlu/polarity.h"
#include "nlu/retrieval.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct str text = {(const char *)data, size};
    struct features f;
    static struct lexicon *concepts;
    if (concepts == NULL)
        concepts = lexicon_read(STR("a\ta\tb c d\nb\tbc\nc\t快递\nd\t退\ta\n"));
    features_of(&a, text, &(struct feature_choice){true, concepts}, &f);
    for (int g = 1; g < FEATURE_GROUPS; g++)
        assert(f.end[g - 1] <= f.end[g] && f.end[g] <= f.n);

    static struct lexicon *words;
    if (words == NULL)
        words = lexicon_read(STR("good\ta\t2\nbad\tb\t9\nnegate\tc\t1\nstronger\t很\t9\nturn\t但\t1\nplain\tabc\t0\n"));
    double judged = polarity_of(&a, text, words);
    assert(judged >= -1 && judged <= 1);

    struct retrieval_doc docs[16];
    size_t n = 0;
    struct str rest = text, line;
    while (n < COUNT(docs) && str_cut(&rest, '\n', &line)) {
        docs[n] = (struct retrieval_doc){line, (uint32_t)n / 2};
        n++;
    }
    struct retrieval *r = retrieval_build(docs, n);
    struct retrieval_hit hits[4];
    size_t found = retrieval_find(r, &a, n > 0 ? docs[n - 1].text : text, NULL, NULL, hits, COUNT(hits));
    for (size_t i = 0; i < found; i++)
        assert(hits[i].doc < n && hits[i].match >= 0 && hits[i].match <= 1.001);
    retrieval_free(r);
    arena_done(&a);
    return 0;
}
