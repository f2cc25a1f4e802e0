/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scoring.
 *
 * How          AVX2 takes two rows at a time: bytes widened to 16 bits, interleaved, and multiplied by the two factors
 *              with one vpmaddwd, which adds the neighbours: 64 products in 16 instructions, sums kept in registers for
 *              32 classes. Interleaving works within 128-bit lanes, so sums leave in lane order and are put right once,
 *              at the end.
 * Invariants   Integer sums have no order: both versions give the same bits.
 */
#include "nlu/score.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

void score_plain(const struct score_term *t, size_t n, size_t stride, int32_t *ret)
{
    memset(ret, 0, stride * sizeof(*ret));
    for (size_t i = 0; i < n; i++) {
        const int8_t *row = t[i].row;
        int32_t factor = t[i].factor;
        for (size_t c = 0; c < stride; c++)
            ret[c] += factor * row[c];
    }
}

#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2")))

AVX2 static inline __m256i widen(const int8_t *p)
{
    return _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(const void *)p));
}

/* Sums of lane order {0-3, 8-11} and {4-7, 12-15} as 16 sums in class order. */
AVX2 static inline void put(int32_t *ret, __m256i lo, __m256i hi)
{
    _mm256_storeu_si256((__m256i *)(void *)ret, _mm256_permute2x128_si256(lo, hi, 0x20));
    _mm256_storeu_si256((__m256i *)(void *)(ret + 8), _mm256_permute2x128_si256(lo, hi, 0x31));
}

AVX2 static void score_avx2(const struct score_term *t, size_t n, size_t stride, int32_t *ret)
{
    for (size_t block = 0; block < stride; block += SCORE_BLOCK) {
        __m256i s0 = _mm256_setzero_si256(), s1 = s0, s2 = s0, s3 = s0;
        for (size_t i = 0; i < n; i += 2) {
            const int8_t *x = t[i].row + block;
            const int8_t *y = i + 1 < n ? t[i + 1].row + block : x;
            uint32_t other = i + 1 < n ? (uint32_t)t[i + 1].factor : 0;
            __m256i factors = _mm256_set1_epi32((int32_t)(((uint32_t)t[i].factor & 0xFFFF) | other << 16));
            __m256i x0 = widen(x), x1 = widen(x + 16), y0 = widen(y), y1 = widen(y + 16);
            s0 = _mm256_add_epi32(s0, _mm256_madd_epi16(_mm256_unpacklo_epi16(x0, y0), factors));
            s1 = _mm256_add_epi32(s1, _mm256_madd_epi16(_mm256_unpackhi_epi16(x0, y0), factors));
            s2 = _mm256_add_epi32(s2, _mm256_madd_epi16(_mm256_unpacklo_epi16(x1, y1), factors));
            s3 = _mm256_add_epi32(s3, _mm256_madd_epi16(_mm256_unpackhi_epi16(x1, y1), factors));
        }
        put(ret + block, s0, s1);
        put(ret + block + 16, s2, s3);
    }
}
#endif

score_fn *score_best(void)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        return score_avx2;
#endif
    return score_plain;
}
