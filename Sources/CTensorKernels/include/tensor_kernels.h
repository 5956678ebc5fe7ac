#ifndef TENSOR_KERNELS_H
#define TENSOR_KERNELS_H
#include <stdint.h>

/// Instruction sets of the matrix product, from the slowest to the fastest. All give the same bits.
enum tensor_level {
    TENSOR_LEVEL_PORTABLE = 0,
    TENSOR_LEVEL_SSE2 = 1,
    TENSOR_LEVEL_AVX2 = 2,
    TENSOR_LEVEL_VNNI = 3,
};

/// 1 when this processor and operating system can run `level`, else 0.
int tensor_level_is_supported(int level);

/// out[rows, columns] = left[rows, inner] x right[inner, columns], row-major, sums in 32-bit two's complement.
/// The caller guarantees inner < 131072, so that no sum overflows, and a supported `level`.
void tensor_matrix_product(int level, const int8_t *left, const int8_t *right, int32_t *out,
                           int64_t rows, int64_t inner, int64_t columns);
#endif
