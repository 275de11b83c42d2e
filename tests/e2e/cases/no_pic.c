// SPDX-License-Identifier: MIT
// Position-dependent code without fixed addresses: switches by tables of words, static variables at
// a distance from the code, weak functions and variables that nobody defines, 64-bit division.
//# ARCH: riscv
//# MODEL: med*
//# LIBRARIES
//# OBJECT: -DOTHER
//# CFLAGS: -Os
//# CFLAGS: -O2
//# RUN: [m.choose(i) for i in range(10)] => [93, 14, 75, 26, 57, 38, 49, 60, 11, -1]
//# RUN: m.count(5) => 105
//# RUN: m.count(5) => 110
//# RUN: m.missing(0) => 3
//# RUN: m.divide(7) => 142857
//# RUN: m.text(2) => 'three'
#include "case.h"

mp_int_t other_choose(mp_int_t x), other_count(mp_int_t x), other_missing(void);
long long other_divide(long long x);
const char *other_text(mp_int_t x);

#ifdef OTHER
static volatile int sink;
mp_int_t other_choose(mp_int_t x) {
  switch (x) {
  case 0: sink = 3; return sink + 90;
  case 1: sink = 4; return sink + 10;
  case 2: sink = 5; return sink * 15;
  case 3: sink = 6; return sink + 20;
  case 4: sink = 7; return sink + 50;
  case 5: sink = 8; return sink + 30;
  case 6: sink = 9; return sink + 40;
  case 7: sink = 10; return sink * 6;
  case 8: sink = 11; return sink;
  default: sink = 0; return sink - 1;
  }
}
mp_int_t other_count(mp_int_t x) {
  static int zero, init = 100;
  zero += (int)x, init += (int)x;
  return zero + 100 == init ? init : -1;
}
__attribute__((weak)) extern int missing_variable;
__attribute__((weak)) void missing_function(void);
mp_int_t other_missing(void) {
  if (missing_function)
    missing_function();
  return (&missing_variable == NULL) + 2 * (missing_function == NULL);
}
long long other_divide(long long x) { return OPAQUE(1000000000000ll) / OPAQUE(x) / 1000000; }
const char *other_text(mp_int_t x) {
  static const char *const texts[] = {"one", "two", "three"};
  return OPAQUE(&texts[0])[x];
}
#else
FUN(choose, x) { return other_choose(x); }
FUN(count, x) { return other_count(x); }
FUN(missing, x) { return other_missing() + x; }
FUN(divide, x) { return (mp_int_t)other_divide(x); }
OBJ_FUN(text, x) {
  const char *text = other_text(mp_obj_get_int(x));
  return mp_obj_new_str(text, length_of(text));
}
MODULE(EXPORT(MP_QSTR_choose, choose) EXPORT(MP_QSTR_count, count)
           EXPORT(MP_QSTR_missing, missing) EXPORT(MP_QSTR_divide, divide)
           EXPORT(MP_QSTR_text, text))
#endif
