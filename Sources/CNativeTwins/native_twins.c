#include "native_twins.h"

#include <gmp.h>
#include <math.h>
#include <string.h>

#define NOINLINE __attribute__((noinline))

static const uint64_t mersenne61 = 2305843009213693951ull;
static const uint64_t unit = 1000000000000000000ull;

// Loops.

NOINLINE uint64_t native_loop_sum(uint64_t n, uint64_t modulus) {
    uint64_t sum = 0;
    for (uint64_t i = 0; i < n; i++) sum += i * i % modulus;
    return sum;
}

NOINLINE uint64_t native_fib_iter(uint64_t n) {
    uint64_t a = 0, b = 1;
    for (uint64_t i = 0; i < n; i++) {
        uint64_t next = (a + b) % mersenne61;
        a = b;
        b = next;
    }
    return a;
}

NOINLINE static uint64_t step(uint64_t sum, uint64_t i) { return (sum + i) % mersenne61; }

NOINLINE uint64_t native_loop_call(uint64_t n) {
    uint64_t sum = 1;
    for (uint64_t i = 0; i < n; i++) {
        sum = step(sum, sum);
        // Keeps the call a call.
        __asm__ volatile("" : "+r"(sum));
    }
    return sum;
}

// Token: an open-addressing table from 20-byte addresses to 128-bit balances, and a ring of log entries.

typedef struct { uint32_t words[5]; } address;
typedef struct {
    address owner;
    uint32_t is_used;
    unsigned __int128 balance;
} account;
typedef struct {
    address from, to;
    uint64_t amount;
} transfer;

enum { account_count = 4096, transfer_count = 16384 };
static account accounts[account_count];
static transfer transfers[transfer_count];
static uint32_t transfers_made;

static account *account_of(const address *owner) {
    uint64_t hash = owner->words[0] * 0x9E3779B185EBCA87ull ^ owner->words[1] * 0xC2B2AE3D27D4EB4Full
        ^ owner->words[2] * 0x165667B19E3779F9ull ^ owner->words[3] * 0x85EBCA77C2B2AE63ull
        ^ owner->words[4] * 0x27D4EB2F165667C5ull;
    hash ^= hash >> 32;
    for (uint32_t index = (uint32_t)hash % account_count;; index = (index + 1) % account_count) {
        account *candidate = &accounts[index];
        if (!candidate->is_used) {
            candidate->is_used = 1;
            candidate->owner = *owner;
            candidate->balance = 0;
            return candidate;
        }
        if (memcmp(&candidate->owner, owner, sizeof *owner) == 0) return candidate;
    }
}

NOINLINE static void make_transfer(const address *from, const address *to, uint64_t amount) {
    account *source = account_of(from);
    if (source->balance < amount) __builtin_trap();
    source->balance -= amount;
    account *target = account_of(to);
    if (__builtin_add_overflow(target->balance, amount, &target->balance)) __builtin_trap();
    transfer *entry = &transfers[transfers_made++ % transfer_count];
    entry->from = *from;
    entry->to = *to;
    entry->amount = amount;
}

NOINLINE uint64_t native_token(uint64_t n) {
    static const address first = {{11, 12, 13, 14, 15}}, second = {{21, 22, 23, 24, 25}};
    const address *from = &first, *to = &second;
    // The compiler must not know the addresses: their hashes are part of the work.
    __asm__ volatile("" : "+r"(from), "+r"(to) : : "memory");
    account_of(from)->balance = (unsigned __int128)1 << 64;
    account_of(to)->balance = 0;
    for (uint64_t i = 0; i < n; i++) make_transfer(from, to, 1);
    return (uint64_t)account_of(to)->balance;
}

// Modular squaring.

NOINLINE uint64_t native_mulmod(uint64_t n, const char *start, const char *prime) {
    mpz_t x, p, square;
    mpz_init_set_str(x, start, 16);
    mpz_init_set_str(p, prime, 16);
    mpz_init(square);
    for (uint64_t i = 0; i < n; i++) {
        mpz_mul(square, x, x);
        mpz_tdiv_r(x, square, p);
    }
    uint64_t low = mpz_get_ui(x);
    mpz_clears(x, p, square, NULL);
    return low;
}

// Rewards.

enum { node_limit = 1024 };
static mpz_t stakes[node_limit], scores[node_limit], keys[node_limit], shares[node_limit];

static uint64_t generator;

static uint64_t generate(void) {
    generator = generator * 6364136223846793005ull + 1442695040888963407ull;
    return generator;
}

static void next_node(mpz_t stake, uint64_t *score) {
    uint64_t bits = generate();
    mpz_set_ui(stake, unit);
    mpz_mul_ui(stake, stake, (bits >> 11) % 1000000 + 1);
    mpz_add_ui(stake, stake, bits & 0xFFFFFFFFFFFFull);
    *score = generate() % (unit + 1);
}

void native_reward_inputs(uint64_t n, uint64_t *stake_limbs, uint64_t *score_values) {
    mpz_t stake;
    mpz_init(stake);
    generator = 42;
    for (uint64_t i = 0; i < n; i++) {
        next_node(stake, &score_values[i]);
        stake_limbs[2 * i] = mpz_getlimbn(stake, 0);
        stake_limbs[2 * i + 1] = mpz_getlimbn(stake, 1);
    }
    mpz_clear(stake);
}

// Moves the key at the root down to its place in the heap of the first `end` keys.
static void sift(uint32_t root, uint32_t end, mpz_t moved) {
    mpz_set(moved, keys[root]);
    for (;;) {
        uint32_t child = 2 * root + 1;
        if (child >= end) break;
        if (child + 1 < end && mpz_cmp(keys[child], keys[child + 1]) < 0) child++;
        if (mpz_cmp(moved, keys[child]) >= 0) break;
        mpz_set(keys[root], keys[child]);
        root = child;
    }
    mpz_set(keys[root], moved);
}

NOINLINE uint64_t native_reward(uint64_t count) {
    static int is_ready;
    if (!is_ready) {
        for (int i = 0; i < node_limit; i++) mpz_inits(stakes[i], scores[i], keys[i], shares[i], NULL);
        is_ready = 1;
    }
    uint32_t n = (uint32_t)count;
    mpz_t wad, ratio, pot, product, factor, total, sum;
    mpz_inits(product, sum, total, NULL);
    mpz_init_set_ui(wad, unit);
    mpz_init_set_ui(factor, unit);
    mpz_init_set_ui(ratio, 995000000000000000ull);
    mpz_init_set_ui(pot, unit);
    mpz_mul_ui(pot, pot, 1000000);
    generator = 42;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t score;
        next_node(stakes[i], &score);
        mpz_set_ui(scores[i], score);
    }
    for (uint32_t i = 0; i < n; i++) {
        mpz_mul(product, stakes[i], scores[i]);
        mpz_tdiv_q(product, product, wad);
        mpz_mul_2exp(product, product, 16);
        mpz_add_ui(keys[i], product, 65535 - i);
    }
    for (uint32_t i = n / 2; i-- > 0;) sift(i, n, product);
    for (uint32_t end = n - 1; end > 0; end--) {
        mpz_swap(keys[0], keys[end]);
        sift(0, end, product);
    }
    for (uint32_t rank = 0; rank < n; rank++) {
        uint32_t i = 65535 - (mpz_get_ui(keys[n - 1 - rank]) & 65535);
        mpz_mul(product, stakes[i], factor);
        mpz_tdiv_q(shares[i], product, wad);
        mpz_add(total, total, shares[i]);
        mpz_mul(product, factor, ratio);
        mpz_tdiv_q(factor, product, wad);
    }
    for (uint32_t i = 0; i < n; i++) {
        mpz_mul(product, pot, shares[i]);
        mpz_tdiv_q(product, product, total);
        mpz_addmul_ui(sum, product, i + 1);
    }
    uint64_t low = mpz_get_ui(sum);
    mpz_clears(wad, ratio, pot, product, factor, total, sum, NULL);
    return low;
}
