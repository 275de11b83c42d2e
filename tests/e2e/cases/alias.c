// SPDX-License-Identifier: MIT
// Two names of one thing: functions, variables, a weak alias, and one into the middle of an array.
//# OBJECT: -DOTHER
//# RUN: m.function(1) => 101
//# RUN: m.set(9) => 9
//# RUN: m.get(0) => 9
//# RUN: m.weak(1) => 101
//# RUN: m.middle(0) => 33
#include "case.h"

extern mp_int_t function_alias(mp_int_t x), function_weak(mp_int_t x);
extern int variable, variable_alias, middle_of_array;

#ifdef OTHER
mp_int_t function_real(mp_int_t x);
mp_int_t function_real(mp_int_t x) { return x + 100; }
extern mp_int_t function_alias(mp_int_t x) __attribute__((alias("function_real")));
extern mp_int_t function_weak(mp_int_t x) __attribute__((weak, alias("function_real")));
int variable = 3;
extern int variable_alias __attribute__((alias("variable")));
int array[] = {11, 22, 33};
__asm__(".globl middle_of_array\n.set middle_of_array, array + 8");
#else
FUN(function, x) { return function_alias(x); }
FUN(set, x) { return variable_alias = (int)x; }
FUN(get, x) { return variable + x; }
FUN(weak, x) { return function_weak(x); }
FUN(middle, x) { return (&middle_of_array)[x]; }
MODULE(EXPORT(MP_QSTR_function, function) EXPORT(MP_QSTR_set, set) EXPORT(MP_QSTR_get, get)
           EXPORT(MP_QSTR_weak, weak) EXPORT(MP_QSTR_middle, middle))
#endif
