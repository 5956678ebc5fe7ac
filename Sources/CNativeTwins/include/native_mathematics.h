// Mathematics on numbers of 18 decimals by MPFR: what the machine's functions are held against, in value and in time.
#pragma once

#include <stddef.h>
#include <stdint.h>

enum native_function { native_exp, native_ln, native_log2, native_sqrt, native_pow };

// A raw number (times 10^18) of up to 320 bits, least significant limb first.
struct native_fixed {
    uint64_t limbs[5];
    int negative;
};

enum native_outcome {
    native_value = 0,
    // The result passes 2^256, raw, by far.
    native_far = 1,
    // The function has no value there.
    native_outside = 2,
    // No precision up to the limit decides, and no exact value is known: a defect of the oracle.
    native_undecided = 3,
};

// The function at x (and y, for pow) rounded down, up and to nearest, in that order. The bounds are those of MPFR's
// directed roundings at precisions that double; values exactly on a rounding boundary are verified in integers. `decisive`
// becomes the precision that decided, 0 where none was needed.
enum native_outcome native_rounded(
    enum native_function function, const struct native_fixed *x, const struct native_fixed *y,
    struct native_fixed *results, long *decisive);

// The sum of the function at the first n points of its benchmark, each rounded to 18 decimals at just the precision that
// the result needs; the sum's digits (raw) in text of the given size.
void native_function_sum(enum native_function function, uint64_t n, char *text, size_t size);

// The i-th point of the function's benchmark, raw and times 10^-15: thousandths.
int64_t native_point_x(enum native_function function, uint64_t i);
int64_t native_point_y(uint64_t i);
