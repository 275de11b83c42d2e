// SPDX-License-Identifier: MIT
// -wrap around a function, -defsym, and aliases: weak, hidden, of functions and variables.
//# MATRIX: one
//# OBJECT: -DOTHER
//# LINK: -wrap area --defsym twice=two --defsym=limit=0x30 --defsym third=table+8
//# RUN: m.wrapped(5) => 1025
//# RUN: m.alias(3) => 33
//# RUN: m.defsym(0) => 2
//# RUN: m.defsym(1) => 48
//# RUN: m.defsym(2) => 33
#include "case.h"

int area(int side);

#ifdef OTHER
int area(int side) { return side * side; }
int two(void) { return 2; }
long long table[] = {11, 33};
static int hidden_value = 30;
extern int value_alias __attribute__((alias("hidden_value"), visibility("hidden")));
static int add(int x) { return x + value_alias; }
int added(int x) __attribute__((weak, alias("add")));
int added_hidden(int x) __attribute__((alias("add"), visibility("hidden")));
int through_hidden(int x) { return added_hidden(x); }
#else
int __real_area(int side);
int __wrap_area(int side) { return __real_area(side) + 1000; }
int added(int x), through_hidden(int x), twice(void);
extern const char limit[];
extern int third;

FUN(wrapped, side) { return area(side); }
FUN(alias, x) { return added(x) == through_hidden(x) ? added(x) : -1; }
FUN(defsym, which) { return which == 0 ? twice() : which == 1 ? (mp_int_t)OPAQUE(&limit[0]) : third; }
MODULE(EXPORT(MP_QSTR_wrapped, wrapped) EXPORT(MP_QSTR_alias, alias)
           EXPORT(MP_QSTR_defsym, defsym))
#endif
