// SPDX-License-Identifier: MIT
// Arithmetic the processor does not have comes from libgcc.
//# LIBRARIES
//# RUN: m.div64(1000) => 3333333
//# RUN: m.mod64(-1000) => -1
//# RUN: m.shift64(3) => 40
//# RUN: m.mul64(1000) => 1000
//# RUN: m.div32(100) => 14
//# RUN: m.bits(255) => 8
//# RUN: m.wide(12) => 12
#include "case.h"

FUN(div64, x) { return (mp_int_t)(OPAQUE((int64_t)x * 10000000) / OPAQUE((int64_t)3000)); }
FUN(mod64, x) { return (mp_int_t)(OPAQUE((int64_t)x * 10000000) % OPAQUE((int64_t)3)); }
FUN(shift64, x) { return (mp_int_t)((OPAQUE((uint64_t)5 << 40) << x) >> 40); }
FUN(mul64, x) { return (mp_int_t)(OPAQUE((int64_t)x) * OPAQUE((int64_t)x << 32) / 1000 >> 32); }
FUN(div32, x) { return OPAQUE((int)x) / OPAQUE(7); }
FUN(bits, x) { return __builtin_popcountll(OPAQUE((uint64_t)x << 30)); }
FUN(wide, x) {
#ifdef __SIZEOF_INT128__
  __int128 big = OPAQUE((__int128)x << 70);
  return (mp_int_t)(big / OPAQUE((__int128)1 << 70));
#else
  return x;
#endif
}
MODULE(EXPORT(MP_QSTR_div64, div64) EXPORT(MP_QSTR_mod64, mod64) EXPORT(MP_QSTR_shift64, shift64)
           EXPORT(MP_QSTR_mul64, mul64) EXPORT(MP_QSTR_div32, div32) EXPORT(MP_QSTR_bits, bits)
               EXPORT(MP_QSTR_wide, wide))
