/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a model file, also with the checksum put right so that the checks behind it are reached. */
#include "nlu/model.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

/* A whole small model to start from: nobody guesses one. */
static struct str whole(void)
{
    static const struct str labels[] = {{"yes", 3}, {"no", 2}, {"oos", 3}};
    static const struct model_feature features[] = {{0x1234567890ABCDEF, 1, 0.01f}, {0xFEDCBA0987654321, 2, 0.02f}};
    static const int8_t rows[] = {1, -2, 3, 4, 5, -127};
    static const float bias[] = {0, 0.5f, -1};
    return model_pack(&(struct model_parts){.class_count = 3, .feature_count = 2, .labels = labels,
                                            .features = features, .rows = rows, .bias = bias,
                                            .concepts = STR("parcel\t快递\nback\t退款\n")});
}

static void use(const char *bytes, size_t n)
{
    char error[160];
    struct model *m = model_read((struct str){bytes, n}, error);
    if (m == NULL)
        return;
    struct arena a = {0};
    struct model_guess g[4];
    size_t count = model_guess(m, &a, STR("我要退款 where is my parcel?"), g, COUNT(g));
    for (size_t i = 0; i < count; i++)
        assert(model_label(m, g[i].label).n > 0);
    arena_done(&a);
    model_free(m);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    struct str w = whole();
    if (seed % 8 == 0 && w.n <= max_size) {
        memcpy(data, w.p, w.n);
        size = w.n;
    }
    char *p = (char *)(uintptr_t)w.p;
    free(p);
    return LLVMFuzzerMutate(data, size, max_size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    use((const char *)data, size);
    char *copy = malloc(size + 1);
    assert(copy != NULL);
    memcpy(copy, data, size);
    model_seal(copy, size);
    use(copy, size);
    free(copy);
    return 0;
}
