// SPDX-License-Identifier: MIT
// The entry function is in the second of three objects, alone in its section or not.
//# OBJECT: -DENTRY
//# OBJECT: -DTHIRD
//# CFLAGS: -O2
//# CFLAGS: -O2 -fno-function-sections
//# RUN: m.one(1) => 11
//# RUN: m.two(1) => 21
//# RUN: m.three(1) => 31
#include "case.h"

mp_int_t from_main(mp_int_t x);
mp_int_t from_third(mp_int_t x);

#ifdef MAIN
mp_int_t from_main(mp_int_t x) { return from_third(x) - 20; }
#elif defined THIRD
static int third = 30;
mp_int_t from_third(mp_int_t x) { return x + third; }
#else
FUN(one, x) { return from_main(x); }
FUN(two, x) { return from_main(x) + 10; }
FUN(three, x) { return from_third(x); }
MODULE(EXPORT(MP_QSTR_one, one) EXPORT(MP_QSTR_two, two) EXPORT(MP_QSTR_three, three))
#endif
