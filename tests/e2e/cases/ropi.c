// SPDX-License-Identifier: MIT
// Clang's -fropi, in an object without references to the firmware: constants and functions relative
// to the program counter, by movw/movt pairs where there are such; variables by words.
//# ARCH: arm
//# CC: clang
//# MODEL: word
//# OBJECT: -DOTHER -fropi
//# OBJECT: -DTHIRD -fropi
//# RUN: m.constant(1) => 8
//# RUN: m.function(1) => 101
//# RUN: m.variable(1) => 6
//# RUN: m.variable(1) => 7
//# RUN: m.text(2) => 108
#include "case.h"

mp_int_t get_constant(mp_int_t x), call_function(mp_int_t x), add_to_variable(mp_int_t x),
    get_text(mp_int_t x);
mp_int_t third(mp_int_t x);
extern const int constants[];

#ifdef MAIN
FUN(constant, x) { return get_constant(x); }
FUN(function, x) { return call_function(x); }
FUN(variable, x) { return add_to_variable(x); }
FUN(text, x) { return get_text(x); }
MODULE(EXPORT(MP_QSTR_constant, constant) EXPORT(MP_QSTR_function, function)
           EXPORT(MP_QSTR_variable, variable) EXPORT(MP_QSTR_text, text))
#elif defined OTHER
static int count = 5;
mp_int_t get_constant(mp_int_t x) { return constants[x]; }
mp_int_t call_function(mp_int_t x) {
  mp_int_t (*pointer)(mp_int_t) = third;
  return OPAQUE(pointer)(x);
}
mp_int_t add_to_variable(mp_int_t x) { return count += (int)x; }
mp_int_t get_text(mp_int_t x) { return OPAQUE("hello")[x]; }
#else
const int constants[] = {7, 8, 9};
mp_int_t third(mp_int_t x) { return x + 100; }
#endif
