#include "tensor_kernels.h"
#include <string.h>

// One scheme for all levels. `right` is cut into panels of PANEL_DEPTH rows by PANEL_COLUMNS columns, which are
// packed on the stack so that the values a multiply-add instruction combines lie side by side, padded with zeros.
// Row groups of `left` then run over the panel. Sums are kept modulo 2^32, so the order of adding cannot matter.

enum { PANEL_COLUMNS = 16, PANEL_DEPTH = 256, GROUP_ROWS = 4, VNNI_GROUP_ROWS = 8 };

static inline int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

static inline int32_t wrapping_add(int32_t a, int32_t b) { return (int32_t)((uint32_t)a + (uint32_t)b); }

// Adds (or, for the first panel of a column block, stores) a tile of sums into the result.
static void put_tile(const int32_t *tile, int32_t *out, int64_t stride, int64_t rows, int64_t columns, int first) {
    for (int64_t i = 0; i < rows; i++) {
        const int32_t *from = tile + i * PANEL_COLUMNS;
        int32_t *to = out + i * stride;
        if (first) {
            memcpy(to, from, (size_t)columns * sizeof(int32_t));
        } else {
            for (int64_t j = 0; j < columns; j++) to[j] = wrapping_add(to[j], from[j]);
        }
    }
}

static void product_portable(const int8_t *left, const int8_t *right, int32_t *out,
                             int64_t rows, int64_t inner, int64_t columns) {
    for (int64_t i = 0; i < rows; i++) {
        int32_t *to = out + i * columns;
        memset(to, 0, (size_t)columns * sizeof(int32_t));
        for (int64_t k = 0; k < inner; k++) {
            const int32_t factor = left[i * inner + k];
            const int8_t *from = right + k * columns;
            for (int64_t j = 0; j < columns; j++) to[j] += factor * from[j];
        }
    }
}

#if defined(__x86_64__)
#include <immintrin.h>

// Packs a panel as pairs of 16-bit values: [depth / 2][16 columns][2 rows of right].
static void pack_pairs(const int8_t *right, int16_t *panel, int64_t depth, int64_t columns, int64_t stride) {
    for (int64_t k = 0; k < depth; k += 2) {
        const int8_t *even = right + k * stride;
        const int8_t *odd = k + 1 < depth ? even + stride : 0;
        int16_t *to = panel + k * PANEL_COLUMNS;
        for (int64_t j = 0; j < columns; j++) {
            to[2 * j] = even[j];
            to[2 * j + 1] = odd ? odd[j] : 0;
        }
        memset(to + 2 * columns, 0, (size_t)(PANEL_COLUMNS - columns) * 2 * sizeof(int16_t));
    }
}

// Widens `rows` rows of `left` to 16 bits, padded with zeros to GROUP_ROWS rows and an even depth.
static void widen_rows(const int8_t *left, int16_t *group, int64_t rows, int64_t depth, int64_t stride) {
    for (int64_t i = 0; i < GROUP_ROWS; i++) {
        int16_t *to = group + i * PANEL_DEPTH;
        if (i >= rows) {
            memset(to, 0, PANEL_DEPTH * sizeof(int16_t));
            continue;
        }
        const int8_t *from = left + i * stride;
        int64_t k = 0;
        for (; k + 16 <= depth; k += 16) {
            const __m128i bytes = _mm_loadu_si128((const __m128i *)(from + k));
            const __m128i low = _mm_srai_epi16(_mm_unpacklo_epi8(bytes, bytes), 8);
            const __m128i high = _mm_srai_epi16(_mm_unpackhi_epi8(bytes, bytes), 8);
            _mm_storeu_si128((__m128i *)(to + k), low);
            _mm_storeu_si128((__m128i *)(to + k + 8), high);
        }
        for (; k < depth; k++) to[k] = from[k];
        if (k & 1) to[k] = 0;
    }
}

static inline int32_t pair_at(const int16_t *values) {
    int32_t pair;
    memcpy(&pair, values, sizeof pair);
    return pair;
}

// Two passes of eight columns: 4 rows x 2 vectors of sums fit the sixteen registers of SSE2.
static void tile_sse2(const int16_t *group, const int16_t *panel, int32_t *tile, int64_t depth) {
    for (int64_t half = 0; half < PANEL_COLUMNS; half += 8) {
        __m128i sums[GROUP_ROWS][2];
        for (int i = 0; i < GROUP_ROWS; i++) sums[i][0] = sums[i][1] = _mm_setzero_si128();
        for (int64_t k = 0; k < depth; k += 2) {
            const __m128i *from = (const __m128i *)(panel + k * PANEL_COLUMNS + 2 * half);
            const __m128i right0 = _mm_loadu_si128(from), right1 = _mm_loadu_si128(from + 1);
            for (int i = 0; i < GROUP_ROWS; i++) {
                const __m128i pair = _mm_set1_epi32(pair_at(group + i * PANEL_DEPTH + k));
                sums[i][0] = _mm_add_epi32(sums[i][0], _mm_madd_epi16(pair, right0));
                sums[i][1] = _mm_add_epi32(sums[i][1], _mm_madd_epi16(pair, right1));
            }
        }
        for (int i = 0; i < GROUP_ROWS; i++) {
            _mm_storeu_si128((__m128i *)(tile + i * PANEL_COLUMNS + half), sums[i][0]);
            _mm_storeu_si128((__m128i *)(tile + i * PANEL_COLUMNS + half + 4), sums[i][1]);
        }
    }
}

__attribute__((target("avx2")))
static void tile_avx2(const int16_t *group, const int16_t *panel, int32_t *tile, int64_t depth) {
    __m256i sums[GROUP_ROWS][2];
    for (int i = 0; i < GROUP_ROWS; i++) sums[i][0] = sums[i][1] = _mm256_setzero_si256();
    for (int64_t k = 0; k < depth; k += 2) {
        const __m256i *from = (const __m256i *)(panel + k * PANEL_COLUMNS);
        const __m256i right0 = _mm256_loadu_si256(from), right1 = _mm256_loadu_si256(from + 1);
        for (int i = 0; i < GROUP_ROWS; i++) {
            const __m256i pair = _mm256_set1_epi32(pair_at(group + i * PANEL_DEPTH + k));
            sums[i][0] = _mm256_add_epi32(sums[i][0], _mm256_madd_epi16(pair, right0));
            sums[i][1] = _mm256_add_epi32(sums[i][1], _mm256_madd_epi16(pair, right1));
        }
    }
    for (int i = 0; i < GROUP_ROWS; i++) {
        _mm256_storeu_si256((__m256i *)(tile + i * PANEL_COLUMNS), sums[i][0]);
        _mm256_storeu_si256((__m256i *)(tile + i * PANEL_COLUMNS + 8), sums[i][1]);
    }
}

typedef void (*tile_function)(const int16_t *, const int16_t *, int32_t *, int64_t);

static void product_pairs(tile_function make_tile, const int8_t *left, const int8_t *right, int32_t *out,
                          int64_t rows, int64_t inner, int64_t columns) {
    int16_t panel[PANEL_DEPTH * PANEL_COLUMNS], group[GROUP_ROWS * PANEL_DEPTH];
    int32_t tile[GROUP_ROWS * PANEL_COLUMNS];
    for (int64_t j = 0; j < columns; j += PANEL_COLUMNS) {
        const int64_t width = smaller(PANEL_COLUMNS, columns - j);
        for (int64_t k = 0; k < inner; k += PANEL_DEPTH) {
            const int64_t depth = smaller(PANEL_DEPTH, inner - k);
            pack_pairs(right + k * columns + j, panel, depth, width, columns);
            for (int64_t i = 0; i < rows; i += GROUP_ROWS) {
                const int64_t height = smaller(GROUP_ROWS, rows - i);
                widen_rows(left + i * inner + k, group, height, depth, inner);
                make_tile(group, panel, tile, depth);
                put_tile(tile, out + i * columns + j, columns, height, width, k == 0);
            }
        }
    }
}

// Packs a panel as fours of bytes: [depth / 4][16 columns][4 rows of right].
static void pack_fours(const int8_t *right, int8_t *panel, int64_t depth, int64_t columns, int64_t stride) {
    memset(panel, 0, (size_t)((depth + 3) / 4 * 4) * PANEL_COLUMNS);
    for (int64_t k = 0; k < depth; k++) {
        const int8_t *from = right + k * stride;
        int8_t *to = panel + k / 4 * 4 * PANEL_COLUMNS + k % 4;
        for (int64_t j = 0; j < columns; j++) to[4 * j] = from[j];
    }
}

// Copies rows of `left` offset by 128 into unsigned bytes; what lies past `depth` meets zeros of the panel.
static void offset_rows(const int8_t *left, uint8_t *group, int64_t rows, int64_t depth, int64_t stride) {
    for (int64_t i = 0; i < rows; i++) {
        const int8_t *from = left + i * stride;
        uint8_t *to = group + i * PANEL_DEPTH;
        for (int64_t k = 0; k < depth; k++) to[k] = (uint8_t)from[k] ^ 0x80;
    }
}

static inline int32_t four_at(const uint8_t *values) {
    int32_t four;
    memcpy(&four, values, sizeof four);
    return four;
}

// vpdpbusd multiplies unsigned by signed, so left is offset by 128 and the sums start at -128 x column sum.
__attribute__((target("avx512f,avx512vnni")))
static void tile_vnni(const uint8_t *group, const int8_t *panel, int32_t *tile, int64_t depth) {
    __m512i column_sums = _mm512_setzero_si512();
    const __m512i ones = _mm512_set1_epi32(0x01010101);
    for (int64_t k = 0; k < depth; k += 4) {
        column_sums = _mm512_dpbusd_epi32(column_sums, ones, _mm512_loadu_si512(panel + k * PANEL_COLUMNS));
    }
    const __m512i start = _mm512_sub_epi32(_mm512_setzero_si512(), _mm512_slli_epi32(column_sums, 7));
    __m512i sums[VNNI_GROUP_ROWS];
    for (int i = 0; i < VNNI_GROUP_ROWS; i++) sums[i] = start;
    for (int64_t k = 0; k < depth; k += 4) {
        const __m512i right = _mm512_loadu_si512(panel + k * PANEL_COLUMNS);
        for (int i = 0; i < VNNI_GROUP_ROWS; i++) {
            sums[i] = _mm512_dpbusd_epi32(sums[i], _mm512_set1_epi32(four_at(group + i * PANEL_DEPTH + k)), right);
        }
    }
    for (int i = 0; i < VNNI_GROUP_ROWS; i++) _mm512_storeu_si512(tile + i * PANEL_COLUMNS, sums[i]);
}

static void product_vnni(const int8_t *left, const int8_t *right, int32_t *out,
                         int64_t rows, int64_t inner, int64_t columns) {
    int8_t panel[PANEL_DEPTH * PANEL_COLUMNS];
    uint8_t group[VNNI_GROUP_ROWS * PANEL_DEPTH] = {0};
    int32_t tile[VNNI_GROUP_ROWS * PANEL_COLUMNS];
    for (int64_t j = 0; j < columns; j += PANEL_COLUMNS) {
        const int64_t width = smaller(PANEL_COLUMNS, columns - j);
        for (int64_t k = 0; k < inner; k += PANEL_DEPTH) {
            const int64_t depth = smaller(PANEL_DEPTH, inner - k);
            pack_fours(right + k * columns + j, panel, depth, width, columns);
            for (int64_t i = 0; i < rows; i += VNNI_GROUP_ROWS) {
                const int64_t height = smaller(VNNI_GROUP_ROWS, rows - i);
                offset_rows(left + i * inner + k, group, height, depth, inner);
                tile_vnni(group, panel, tile, depth);
                put_tile(tile, out + i * columns + j, columns, height, width, k == 0);
            }
        }
    }
}
#endif

int tensor_level_is_supported(int level) {
    switch (level) {
    case TENSOR_LEVEL_PORTABLE: return 1;
#if defined(__x86_64__)
    case TENSOR_LEVEL_SSE2: return 1;
    case TENSOR_LEVEL_AVX2: return __builtin_cpu_supports("avx2") ? 1 : 0;
    case TENSOR_LEVEL_VNNI:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vnni") ? 1 : 0;
#endif
    default: return 0;
    }
}

void tensor_matrix_product(int level, const int8_t *left, const int8_t *right, int32_t *out,
                           int64_t rows, int64_t inner, int64_t columns) {
    if (inner == 0) {
        if (rows != 0 && columns != 0) memset(out, 0, (size_t)(rows * columns) * sizeof(int32_t));
        return;
    }
#if defined(__x86_64__)
    switch (level) {
    case TENSOR_LEVEL_SSE2: product_pairs(tile_sse2, left, right, out, rows, inner, columns); return;
    case TENSOR_LEVEL_AVX2: product_pairs(tile_avx2, left, right, out, rows, inner, columns); return;
    case TENSOR_LEVEL_VNNI: product_vnni(left, right, out, rows, inner, columns); return;
    default: break;
    }
#endif
    product_portable(left, right, out, rows, inner, columns);
}
