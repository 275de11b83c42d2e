// SPDX-License-Identifier: MIT
// A strong definition wins over a weak one, before or behind it, for functions and for variables;
// among weak ones the first wins.
//# OBJECT: -DSTRONG
//# OBJECT: -DWEAK
//# RUN: m.function(1) => 101
//# RUN: m.variable(1) => 1001
//# RUN: m.later(1) => 201
//# RUN: m.first(1) => 11
//# RUN: m.same(0) => 1
#include "case.h"

#define MAYBE __attribute__((weak))
mp_int_t function_here(mp_int_t x), function_later(mp_int_t x), function_twice(mp_int_t x);
extern int variable_here, *strong_sees(void);

#ifdef MAIN
MAYBE mp_int_t function_here(mp_int_t x) { return x; }
MAYBE mp_int_t function_twice(mp_int_t x) { return x + 10; }
MAYBE int variable_here = 10;
FUN(function, x) { return function_here(x); }
FUN(variable, x) { return variable_here + x; }
FUN(later, x) { return function_later(x); }
FUN(first, x) { return function_twice(x); }
FUN(same, x) { return strong_sees() == &variable_here + x; }
MODULE(EXPORT(MP_QSTR_function, function) EXPORT(MP_QSTR_variable, variable)
           EXPORT(MP_QSTR_later, later) EXPORT(MP_QSTR_first, first) EXPORT(MP_QSTR_same, same))
#elif defined STRONG
mp_int_t function_here(mp_int_t x) { return x + 100; }
mp_int_t function_later(mp_int_t x) { return x + 200; }
int variable_here = 1000;
int *strong_sees(void) { return &variable_here; }
#else
MAYBE mp_int_t function_later(mp_int_t x) { return x + 300; }
MAYBE mp_int_t function_twice(mp_int_t x) { return x + 20; }
#endif
