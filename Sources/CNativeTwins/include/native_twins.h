// What the benchmarks' workloads cost in C with GMP; used by the benchmarks alone.
#pragma once

#include <stddef.h>
#include <stdint.h>

// Sum of i * i mod modulus for i < n.
uint64_t native_loop_sum(uint64_t n, uint64_t modulus);

// The n-th Fibonacci number mod 2^61 - 1.
uint64_t native_fib_iter(uint64_t n);

// A chain of n calls, each doubling mod 2^61 - 1.
uint64_t native_loop_call(uint64_t n);

// n transfers between two accounts of a hash table, each with a log entry; the receiver's balance.
uint64_t native_token(uint64_t n);

// n squarings modulo a 256-bit prime, numbers as hexadecimal text; the low 64 bits.
uint64_t native_mulmod(uint64_t n, const char *start, const char *prime);

// The pot of 10^24 units divided among n <= 1024 nodes by heap sort, with every part floored; the low 64 bits of the
// sum of the parts, each times its place.
uint64_t native_reward(uint64_t n);

// The i-th pair of the reward workload, made by one generator from i = 0 on: stake as two limbs, score.
void native_reward_inputs(uint64_t n, uint64_t *stake_limbs, uint64_t *scores);
