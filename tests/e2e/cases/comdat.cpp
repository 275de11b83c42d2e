// SPDX-License-Identifier: MIT
// Templates, inline functions and inline variables in two C++ objects: one copy of each, which both
// use.
//# OBJECT: -DOTHER
//# CFLAGS: -std=c++17
//# CFLAGS: -std=c++20 -O0
//# RUN: m.here(5) => 15
//# RUN: m.there(5) => 25
//# RUN: m.variable(4) => 54
//# RUN: m.same(0) => 1
//# RUN: m.only_here(3) => 9
#include "case.h"

template <typename T> struct Counter {
  static int count;
  static int add(int x) {
    count += 10;
    return count + x;
  }
};
template <typename T> int Counter<T>::count;

inline int shared_variable = 50;
inline int *local_static() {
  static int inside = 1;
  return &inside;
}
template <int N> int power(int x) { return N == 0 ? 1 : x * power<(N ? N - 1 : 0)>(x); }

int other_add(int x);
int *other_local();
int other_variable(int x);

#ifdef OTHER
int other_add(int x) { return Counter<int>::add(x); }
int *other_local() { return local_static(); }
int other_variable(int x) { return shared_variable + x; }
#else
FUN(here, x) { return Counter<int>::add(x); }
FUN(there, x) { return other_add(x); }
FUN(variable, x) { return other_variable(x) == shared_variable + x ? other_variable(x) : -1; }
FUN(same, x) { return local_static() == other_local() + x; }
FUN(only_here, x) { return power<2>(x); }
MODULE(EXPORT(MP_QSTR_here, here) EXPORT(MP_QSTR_there, there) EXPORT(MP_QSTR_variable, variable)
           EXPORT(MP_QSTR_same, same) EXPORT(MP_QSTR_only_here, only_here))
#endif
