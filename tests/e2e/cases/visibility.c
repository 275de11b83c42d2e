// SPDX-License-Identifier: MIT
// Hidden, protected and internal symbols across objects, the entry function among them.
//# OBJECT: -DOTHER
//# CFLAGS: -fvisibility=hidden
//# CFLAGS: -DKIND=hidden
//# CFLAGS: -DKIND=protected
//# CFLAGS: -DKIND=internal
//# RUN: m.function(1) => 101
//# RUN: m.variable(1) => 8
//# RUN: m.zero(5) => 5
//# RUN: m.zero(5) => 10
//# RUN: m.pointer(0) => 7
#include "case.h"

#ifdef KIND
#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)
#define VISIBLE __attribute__((visibility(TEXT(KIND))))
#else
#define VISIBLE
#endif
VISIBLE extern int other_variable, other_zero;
VISIBLE mp_int_t other_function(mp_int_t x);
VISIBLE extern int *const other_pointer;

#ifdef OTHER
int other_variable = 7, other_zero;
int *const other_pointer = &other_variable;
mp_int_t other_function(mp_int_t x) { return x + 100; }
#else
FUN(function, x) { return other_function(x); }
FUN(variable, x) { return other_variable + x; }
FUN(zero, x) { return other_zero += (int)x; }
FUN(pointer, x) { return other_pointer[x]; }
MODULE(EXPORT(MP_QSTR_function, function) EXPORT(MP_QSTR_variable, variable)
           EXPORT(MP_QSTR_zero, zero) EXPORT(MP_QSTR_pointer, pointer))
#endif
