/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scoring.
 *
 * How          A vector version takes two rows at a time: bytes widened to 16 bits, interleaved, and multiplied by the two
 *              factors with one multiply-add, which adds the neighbours; sums are kept in registers for 32 classes (16
 *              with SSE). AVX-512 VNNI adds to the sums in the same instruction. Interleaving works within 128-bit lanes,
 *              so wide sums leave in lane order and are put right once, at the end.
 * Invariants   Integer sums have no order: all versions give the same bits.
 */
#include "nlu/score.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static void score_plain(const struct score_pair *p, size_t n, size_t stride, int32_t *ret)
{
    memset(ret, 0, stride * sizeof(*ret));
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < stride; c++)
            ret[c] += p[i].factor[0] * p[i].row[0][c] + p[i].factor[1] * p[i].row[1][c];
}

#if defined(__x86_64__)
#define SSE41  __attribute__((target("sse4.1")))
#define AVX2   __attribute__((target("avx2")))
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl")))
#define VNNI   __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni")))

/* Both factors as one number, to be put beside each other all along a register. */
static inline int32_t factors_of(const struct score_pair *p)
{
    int32_t both;
    memcpy(&both, p->factor, sizeof(both));
    return both;
}

SSE41 static inline __m128i widen8(const int8_t *p)
{
    return _mm_cvtepi8_epi16(_mm_loadl_epi64((const __m128i *)(const void *)p));
}

SSE41 static void score_sse41(const struct score_pair *p, size_t n, size_t stride, int32_t *ret)
{
    for (size_t block = 0; block < stride; block += 16) {
        __m128i s0 = _mm_setzero_si128(), s1 = s0, s2 = s0, s3 = s0;
        for (size_t i = 0; i < n; i++) {
            const int8_t *row0 = p[i].row[0] + block, *row1 = p[i].row[1] + block;
            __m128i factors = _mm_set1_epi32(factors_of(&p[i]));
            __m128i x0 = widen8(row0), x1 = widen8(row0 + 8), y0 = widen8(row1), y1 = widen8(row1 + 8);
            s0 = _mm_add_epi32(s0, _mm_madd_epi16(_mm_unpacklo_epi16(x0, y0), factors));
            s1 = _mm_add_epi32(s1, _mm_madd_epi16(_mm_unpackhi_epi16(x0, y0), factors));
            s2 = _mm_add_epi32(s2, _mm_madd_epi16(_mm_unpacklo_epi16(x1, y1), factors));
            s3 = _mm_add_epi32(s3, _mm_madd_epi16(_mm_unpackhi_epi16(x1, y1), factors));
        }
        __m128i *out = (__m128i *)(void *)(ret + block);
        _mm_storeu_si128(out, s0);
        _mm_storeu_si128(out + 1, s1);
        _mm_storeu_si128(out + 2, s2);
        _mm_storeu_si128(out + 3, s3);
    }
}

AVX2 static inline __m256i widen16(const int8_t *p)
{
    return _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(const void *)p));
}

/* Sums of lane order {0-3, 8-11} and {4-7, 12-15} as 16 sums in class order. */
AVX2 static inline void put16(int32_t *ret, __m256i lo, __m256i hi)
{
    _mm256_storeu_si256((__m256i *)(void *)ret, _mm256_permute2x128_si256(lo, hi, 0x20));
    _mm256_storeu_si256((__m256i *)(void *)(ret + 8), _mm256_permute2x128_si256(lo, hi, 0x31));
}

AVX2 static void score_avx2(const struct score_pair *p, size_t n, size_t stride, int32_t *ret)
{
    for (size_t block = 0; block < stride; block += 32) {
        __m256i s0 = _mm256_setzero_si256(), s1 = s0, s2 = s0, s3 = s0;
        for (size_t i = 0; i < n; i++) {
            const int8_t *row0 = p[i].row[0] + block, *row1 = p[i].row[1] + block;
            __m256i factors = _mm256_set1_epi32(factors_of(&p[i]));
            __m256i x0 = widen16(row0), x1 = widen16(row0 + 16), y0 = widen16(row1), y1 = widen16(row1 + 16);
            s0 = _mm256_add_epi32(s0, _mm256_madd_epi16(_mm256_unpacklo_epi16(x0, y0), factors));
            s1 = _mm256_add_epi32(s1, _mm256_madd_epi16(_mm256_unpackhi_epi16(x0, y0), factors));
            s2 = _mm256_add_epi32(s2, _mm256_madd_epi16(_mm256_unpacklo_epi16(x1, y1), factors));
            s3 = _mm256_add_epi32(s3, _mm256_madd_epi16(_mm256_unpackhi_epi16(x1, y1), factors));
        }
        put16(ret + block, s0, s1);
        put16(ret + block + 16, s2, s3);
    }
}

AVX512 static inline __m512i widen32(const int8_t *p)
{
    return _mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i *)(const void *)p));
}

/* Sums of the lower and upper halves of four lanes as 32 sums in class order. */
AVX512 static inline void put32(int32_t *ret, __m512i lo, __m512i hi)
{
    const __m512i first = _mm512_set_epi64(11, 10, 3, 2, 9, 8, 1, 0);
    const __m512i second = _mm512_set_epi64(15, 14, 7, 6, 13, 12, 5, 4);
    _mm512_storeu_si512(ret, _mm512_permutex2var_epi64(lo, first, hi));
    _mm512_storeu_si512(ret + 16, _mm512_permutex2var_epi64(lo, second, hi));
}

AVX512 static void score_avx512(const struct score_pair *p, size_t n, size_t stride, int32_t *ret)
{
    for (size_t block = 0; block < stride; block += 32) {
        __m512i s0 = _mm512_setzero_si512(), s1 = s0;
        for (size_t i = 0; i < n; i++) {
            const int8_t *row0 = p[i].row[0] + block, *row1 = p[i].row[1] + block;
            __m512i factors = _mm512_set1_epi32(factors_of(&p[i])), x = widen32(row0), y = widen32(row1);
            s0 = _mm512_add_epi32(s0, _mm512_madd_epi16(_mm512_unpacklo_epi16(x, y), factors));
            s1 = _mm512_add_epi32(s1, _mm512_madd_epi16(_mm512_unpackhi_epi16(x, y), factors));
        }
        put32(ret + block, s0, s1);
    }
}

VNNI static void score_vnni(const struct score_pair *p, size_t n, size_t stride, int32_t *ret)
{
    for (size_t block = 0; block < stride; block += 32) {
        __m512i s0 = _mm512_setzero_si512(), s1 = s0;
        for (size_t i = 0; i < n; i++) {
            const int8_t *row0 = p[i].row[0] + block, *row1 = p[i].row[1] + block;
            __m512i factors = _mm512_set1_epi32(factors_of(&p[i])), x = widen32(row0), y = widen32(row1);
            s0 = _mm512_dpwssd_epi32(s0, _mm512_unpacklo_epi16(x, y), factors);
            s1 = _mm512_dpwssd_epi32(s1, _mm512_unpackhi_epi16(x, y), factors);
        }
        put32(ret + block, s0, s1);
    }
}
#endif

size_t score_paths(struct score_path ret[5])
{
    size_t n = 0;
    ret[n++] = (struct score_path){"plain C", score_plain};
#if defined(__x86_64__)
    bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    if (__builtin_cpu_supports("sse4.1"))
        ret[n++] = (struct score_path){"SSE4.1", score_sse41};
    if (__builtin_cpu_supports("avx2"))
        ret[n++] = (struct score_path){"AVX2", score_avx2};
    if (wide)
        ret[n++] = (struct score_path){"AVX-512", score_avx512};
    if (wide && __builtin_cpu_supports("avx512vnni"))
        ret[n++] = (struct score_path){"AVX-512 VNNI", score_vnni};
#endif
    return n;
}

score_fn *score_best(void)
{
    struct score_path paths[5];
    return paths[score_paths(paths) - 1].run;
}
