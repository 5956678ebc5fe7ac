#include "native_mathematics.h"

#include <gmp.h>
#include <math.h>
#include <mpfr.h>

static const uint64_t unit = 1000000000000000000ull;
static const mpfr_prec_t first_precision = 192;
static const mpfr_prec_t last_precision = 16384;

// Bounds and room, set up once for a thread.
struct workspace {
    mpz_t x, y, candidate, left, right, power;
    mpfr_t low, high, low_log, high_log, scratch;
    mpz_t rounded[3], other;
};

static _Thread_local struct workspace space;
static _Thread_local int is_ready;

static struct workspace *ready(void) {
    struct workspace *w = &space;
    if (!is_ready) {
        mpz_inits(w->x, w->y, w->candidate, w->left, w->right, w->power, w->rounded[0], w->rounded[1], w->rounded[2],
            w->other, NULL);
        mpfr_inits2(64, w->low, w->high, w->low_log, w->high_log, w->scratch, (mpfr_ptr)0);
        is_ready = 1;
    }
    return w;
}

static void read_fixed(mpz_t target, const struct native_fixed *source) {
    mpz_import(target, 5, -1, 8, 0, 0, source->limbs);
    if (source->negative) mpz_neg(target, target);
}

static void write_fixed(struct native_fixed *target, const mpz_t source) {
    for (int i = 0; i < 5; i++) target->limbs[i] = 0;
    mpz_export(target->limbs, NULL, -1, 8, 0, 0, source);
    target->negative = mpz_sgn(source) < 0;
}

// Bounds of the logarithm of x / 10^18.
static void bound_logarithm(
    struct workspace *w, int (*logarithm)(mpfr_t, const mpfr_t, mpfr_rnd_t), mpfr_t low, mpfr_t high) {
    mpfr_set_z(w->scratch, w->x, MPFR_RNDN);
    logarithm(low, w->scratch, MPFR_RNDD);
    logarithm(high, w->scratch, MPFR_RNDU);
    mpfr_set_ui(w->scratch, unit, MPFR_RNDN);
    mpfr_t unit_log;
    mpfr_init2(unit_log, mpfr_get_prec(low));
    logarithm(unit_log, w->scratch, MPFR_RNDU);
    mpfr_sub(low, low, unit_log, MPFR_RNDD);
    logarithm(unit_log, w->scratch, MPFR_RNDD);
    mpfr_sub(high, high, unit_log, MPFR_RNDU);
    mpfr_clear(unit_log);
}

// e to the bounds, times 10^18; not 0 when that is far from the range, with the sign of the exponent.
static int exponentiate(struct workspace *w) {
    if (mpfr_cmp_si(w->low, 200) > 0) return 1;
    if (mpfr_cmp_si(w->high, -60) < 0) return -1;
    mpfr_exp(w->low, w->low, MPFR_RNDD);
    mpfr_exp(w->high, w->high, MPFR_RNDU);
    mpfr_mul_ui(w->low, w->low, unit, MPFR_RNDD);
    mpfr_mul_ui(w->high, w->high, unit, MPFR_RNDU);
    return 0;
}

// Bounds of the raw result at the precision of the workspace; as `exponentiate`.
static int bound(struct workspace *w, enum native_function function) {
    switch (function) {
    case native_exp:
        mpfr_set_z(w->scratch, w->x, MPFR_RNDN);
        mpfr_div_ui(w->low, w->scratch, unit, MPFR_RNDD);
        mpfr_div_ui(w->high, w->scratch, unit, MPFR_RNDU);
        return exponentiate(w);
    case native_ln:
    case native_log2:
        bound_logarithm(w, function == native_ln ? mpfr_log : mpfr_log2, w->low, w->high);
        mpfr_mul_ui(w->low, w->low, unit, MPFR_RNDD);
        mpfr_mul_ui(w->high, w->high, unit, MPFR_RNDU);
        return 0;
    case native_sqrt:
        mpz_mul_ui(w->other, w->x, unit);
        mpfr_set_z(w->scratch, w->other, MPFR_RNDN);
        mpfr_sqrt(w->low, w->scratch, MPFR_RNDD);
        mpfr_sqrt(w->high, w->scratch, MPFR_RNDU);
        return 0;
    case native_pow:
        bound_logarithm(w, mpfr_log, w->low_log, w->high_log);
        int is_positive = mpz_sgn(w->y) >= 0;
        mpfr_mul_z(w->low, is_positive ? w->low_log : w->high_log, w->y, MPFR_RNDD);
        mpfr_mul_z(w->high, is_positive ? w->high_log : w->low_log, w->y, MPFR_RNDU);
        mpfr_div_ui(w->low, w->low, unit, MPFR_RNDD);
        mpfr_div_ui(w->high, w->high, unit, MPFR_RNDU);
        return exponentiate(w);
    }
    return 0;
}

// Whether the candidate is exactly twice the raw result.
static int is_twice_exactly(struct workspace *w, enum native_function function) {
    if (function == native_log2) {
        // candidate = 2 * 10^18 k and x = 10^18 2^k.
        if (!mpz_divisible_ui_p(w->candidate, unit)) return 0;
        mpz_divexact_ui(w->power, w->candidate, unit);
        if (mpz_odd_p(w->power)) return 0;
        long k = mpz_get_si(w->power) / 2;
        if (k < -18 || k > 300) return 0;
        mpz_set_ui(w->left, unit);
        if (k >= 0) mpz_mul_2exp(w->left, w->left, (mp_bitcnt_t)k);
        else mpz_fdiv_q_2exp(w->left, w->left, (mp_bitcnt_t)-k);
        return mpz_cmp(w->left, w->x) == 0;
    }
    if (function != native_pow) return 0;
    // (candidate / (2 * 10^18))^q = (x / 10^18)^p for y = p / q.
    mpz_set_ui(w->power, unit);
    mpz_gcd(w->power, w->power, w->y);
    mpz_abs(w->other, w->y);
    mpz_divexact(w->other, w->other, w->power);
    if (mpz_cmp_ui(w->other, 256) >= 0) return 0;
    unsigned long p = mpz_get_ui(w->other);
    mpz_set_ui(w->other, unit);
    mpz_divexact(w->other, w->other, w->power);
    if (mpz_cmp_ui(w->other, 256) >= 0) return 0;
    unsigned long q = mpz_get_ui(w->other);
    mpz_t twice_unit, one_unit;
    mpz_init_set_ui(one_unit, unit);
    mpz_init_set_ui(twice_unit, unit);
    mpz_mul_2exp(twice_unit, twice_unit, 1);
    mpz_pow_ui(w->left, w->candidate, q);
    mpz_pow_ui(w->power, mpz_sgn(w->y) >= 0 ? one_unit : w->x, p);
    mpz_mul(w->left, w->left, w->power);
    mpz_pow_ui(w->right, twice_unit, q);
    mpz_pow_ui(w->power, mpz_sgn(w->y) >= 0 ? w->x : one_unit, p);
    mpz_mul(w->right, w->right, w->power);
    mpz_clears(twice_unit, one_unit, NULL);
    return mpz_cmp(w->left, w->right) == 0;
}

static const mpfr_rnd_t directions[3] = {MPFR_RNDD, MPFR_RNDU, MPFR_RNDN};

static enum native_outcome decide(struct workspace *w, enum native_function function, long *decisive) {
    for (mpfr_prec_t precision = first_precision; precision <= last_precision; precision *= 2) {
        *decisive = (long)precision;
        // Operands have up to 316 bits and are exact.
        mpfr_set_prec(w->scratch, precision < 320 ? 320 : precision);
        mpfr_set_prec(w->low, precision);
        mpfr_set_prec(w->high, precision);
        mpfr_set_prec(w->low_log, precision);
        mpfr_set_prec(w->high_log, precision);
        int far = bound(w, function);
        if (far > 0) return native_far;
        if (far < 0) {
            mpz_set_ui(w->rounded[0], 0);
            mpz_set_ui(w->rounded[1], 1);
            mpz_set_ui(w->rounded[2], 0);
            return native_value;
        }
        int is_decided = 1;
        for (int i = 0; i < 3 && is_decided; i++) {
            mpfr_get_z(w->rounded[i], w->low, directions[i]);
            mpfr_get_z(w->other, w->high, directions[i]);
            is_decided = mpz_cmp(w->rounded[i], w->other) == 0;
        }
        if (is_decided) return native_value;
        if (precision < 768) continue;
        mpfr_mul_2ui(w->scratch, w->low, 1, MPFR_RNDN);
        mpfr_get_z(w->candidate, w->scratch, MPFR_RNDN);
        if (is_twice_exactly(w, function)) {
            mpfr_set_prec(w->low, 512);
            mpfr_set_z(w->low, w->candidate, MPFR_RNDN);
            mpfr_div_2ui(w->low, w->low, 1, MPFR_RNDN);
            for (int i = 0; i < 3; i++) mpfr_get_z(w->rounded[i], w->low, directions[i]);
            return native_value;
        }
    }
    return native_undecided;
}

enum native_outcome native_rounded(
    enum native_function function, const struct native_fixed *x, const struct native_fixed *y,
    struct native_fixed *results, long *decisive) {
    struct workspace *w = ready();
    *decisive = 0;
    read_fixed(w->x, x);
    mpz_set_ui(w->y, 0);
    if (function == native_pow) read_fixed(w->y, y);
    int sign = mpz_sgn(w->x);
    int is_unit = mpz_cmp_ui(w->x, unit) == 0;
    // Values that are known without computing.
    long known = -1;
    if (function == native_exp && sign == 0) known = 1;
    if (function == native_ln && is_unit) known = 0;
    if (function == native_sqrt && sign == 0) known = 0;
    if (function == native_pow && sign >= 0) {
        if (mpz_sgn(w->y) == 0 || is_unit) known = 1;
        else if (sign == 0 && mpz_sgn(w->y) > 0) known = 0;
    }
    if (known >= 0) {
        for (int i = 0; i < 3; i++) mpz_set_ui(w->rounded[i], known == 1 ? unit : 0);
    } else {
        if ((function == native_ln || function == native_log2) && sign <= 0) return native_outside;
        if (function == native_sqrt && sign < 0) return native_outside;
        if (function == native_pow && sign <= 0) return native_outside;
        enum native_outcome outcome = decide(w, function, decisive);
        if (outcome != native_value) return outcome;
    }
    for (int i = 0; i < 3; i++) {
        if (mpz_sizeinbase(w->rounded[i], 2) > 320) return native_far;
        write_fixed(&results[i], w->rounded[i]);
    }
    return native_value;
}

int64_t native_point_x(enum native_function function, uint64_t i) {
    switch (function) {
    case native_exp: return -40000 + 17 * (int64_t)i;
    case native_pow: return 500 + 10 * (int64_t)i;
    default: return 17 + 17 * (int64_t)i;
    }
}

int64_t native_point_y(uint64_t i) { return -5000 + 2 * (int64_t)i; }

// Bits that the result needs: those before the point of its raw value, and guard bits for the error of the operands and
// the rounding.
static mpfr_prec_t needed_precision(enum native_function function, uint64_t i) {
    double x = (double)native_point_x(function, i) / 1000;
    double whole_bits;
    switch (function) {
    case native_exp: whole_bits = x * 1.4426950408889634 + 59.8; break;
    case native_sqrt: whole_bits = log2(x) / 2 + 59.8; break;
    case native_pow: whole_bits = (double)native_point_y(i) / 1000 * log2(x) + 59.8; break;
    default: whole_bits = 59.8 + log2(fabs(log2(x)) + 1);
    }
    whole_bits = ceil(whole_bits);
    return (mpfr_prec_t)(whole_bits > 0 ? whole_bits : 0) + 48;
}

__attribute__((noinline)) void native_function_sum(
    enum native_function function, uint64_t n, char *text, size_t size) {
    mpz_t sum, term;
    mpz_inits(sum, term, NULL);
    mpfr_t x, y, value;
    mpfr_inits2(64, x, y, value, (mpfr_ptr)0);
    for (uint64_t i = 0; i < n; i++) {
        mpfr_prec_t precision = needed_precision(function, i);
        mpfr_set_prec(x, precision);
        mpfr_set_prec(value, precision);
        mpfr_set_si(x, native_point_x(function, i), MPFR_RNDN);
        mpfr_div_ui(x, x, 1000, MPFR_RNDN);
        switch (function) {
        case native_exp: mpfr_exp(value, x, MPFR_RNDN); break;
        case native_ln: mpfr_log(value, x, MPFR_RNDN); break;
        case native_log2: mpfr_log2(value, x, MPFR_RNDN); break;
        case native_sqrt: mpfr_sqrt(value, x, MPFR_RNDN); break;
        case native_pow:
            mpfr_set_prec(y, precision);
            mpfr_set_si(y, native_point_y(i), MPFR_RNDN);
            mpfr_div_ui(y, y, 1000, MPFR_RNDN);
            mpfr_pow(value, x, y, MPFR_RNDN);
            break;
        }
        mpfr_mul_ui(value, value, unit, MPFR_RNDN);
        mpfr_get_z(term, value, MPFR_RNDN);
        mpz_add(sum, sum, term);
    }
    gmp_snprintf(text, size, "%Zd", sum);
    mpfr_clears(x, y, value, (mpfr_ptr)0);
    mpz_clears(sum, term, NULL);
}
