// SPDX-License-Identifier: MIT
// Common symbols of different sizes: the largest is allocated, once, with the largest alignment; a
// definition replaces them.
//# CFLAGS: -fcommon
//# OBJECT: -DOTHER
//# RUN: m.fill(7) => 35
//# RUN: m.first(0) => 7
//# RUN: m.neighbour(0) => 0
//# RUN: m.defined(0) => 12
//# RUN: m.misaligned(0) => 0
#include "case.h"

mp_int_t other_fill(int value), other_defined(void);

#ifdef OTHER
int grows[5];
char aligned[16] __attribute__((aligned(16)));
int tentative = 12;
mp_int_t other_fill(int value) {
  mp_int_t sum = 0;
  for (int i = 0; i < 5; i++)
    grows[i] = value;
  for (int i = 0; i < 5; i++)
    sum += OPAQUE(&grows[0])[i];
  return sum;
}
mp_int_t other_defined(void) { return tentative; }
#else
char odd;
int grows;
int next;
char aligned[16];
int tentative;
FUN(fill, x) { return other_fill((int)x) + odd; }
FUN(first, x) { return grows + x; }
FUN(neighbour, x) { return next + x; }
FUN(defined, x) { return x + (tentative == other_defined() ? tentative : -1); }
FUN(misaligned, x) { return (mp_int_t)((uintptr_t)OPAQUE(&aligned[0]) % 16) + x; }
MODULE(EXPORT(MP_QSTR_fill, fill) EXPORT(MP_QSTR_first, first) EXPORT(MP_QSTR_neighbour, neighbour)
           EXPORT(MP_QSTR_defined, defined) EXPORT(MP_QSTR_misaligned, misaligned))
#endif
