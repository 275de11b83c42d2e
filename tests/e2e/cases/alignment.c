// SPDX-License-Identifier: MIT
// Alignment above a word's in each block, with odd neighbours, static and not, seen at run time.
//# MATRIX: full
//# RUN: [m.misaligned(i) for i in range(8)] => [0, 0, 0, 0, 0, 0, 0, 0]
//# RUN: m.contents(0) => 36
#include "case.h"

#define ALIGNED(n) __attribute__((aligned(n)))
char odd_zero = 0, odd_init = 1;
static char static_odd_zero, static_odd_init = 1;
char ALIGNED(16) zero[3];
char ALIGNED(16) init[3] = {4, 5, 6};
const char ALIGNED(16) constant[3] = {7, 8, 9};
static char ALIGNED(16) static_zero[3];
static char ALIGNED(16) static_init[3] = {10, 11, 12};
static const char ALIGNED(16) static_constant[3] = {13, 14, 15};
ALIGNED(8) char eight[3] = {1, 2, 3};
ALIGNED(8) static const char *const pointer = &eight[1];

FUN(misaligned, which) {
  const void *const places[] = {zero, init, constant, static_zero, static_init, static_constant};
  switch (which) {
  case 6: return (mp_int_t)((uintptr_t)OPAQUE(&eight[0]) % 8);
  case 7: return (mp_int_t)((uintptr_t)OPAQUE(&pointer) % 8);
  default: return (mp_int_t)((uintptr_t)OPAQUE(places[which]) % 16);
  }
}

FUN(contents, x) {
  return x + odd_zero + odd_init + static_odd_zero + static_odd_init + zero[2] + init[1] +
         constant[0] + static_zero[1] + static_init[0] + static_constant[0] - *pointer + 1;
}

MODULE(EXPORT(MP_QSTR_misaligned, misaligned) EXPORT(MP_QSTR_contents, contents))
