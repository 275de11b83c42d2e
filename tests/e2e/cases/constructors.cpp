// SPDX-License-Identifier: MIT
// Global constructors: by priority, in several objects, of C++ objects and of C functions, once an
// import, with the arguments of mpy_init left alone. A list that is read backwards (.ctors, Xtensa)
// has the objects of a file before its functions.
//# CFLAGS: -std=c++17 -fno-use-cxa-atexit
//# MATRIX: full
//# OBJECT: -DOTHER
//# COPY
//# RUN: m.order(0) in (1234, 1243) => True
//# RUN: m.order(1) => 7
//# RUN: m.sum(100) => 142
//# RUN: copy.order(1) => 7
//# RUN: copy.order(0) == m.order(0) => True
//# DO: m.bump(5)
//# RUN: m.sum(100), copy.sum(100) => (147, 142)
#include "case.h"

struct Log {
  volatile int order, count; // Else clang runs some constructors itself.
  void add(int digit) {
    order = order * 10 + digit;
    count = count + 1;
  }
};
extern Log calls; // Without a constructor, so it is there before all of them.

#ifdef OTHER
Log calls;
__attribute__((constructor(150))) static void second() { calls.add(2); }
struct Counter {
  int value;
  explicit Counter(int start) : value(start) { calls.count = calls.count + 3; }
};
static int start() {
  int value = 42;
  return OPAQUE(value);
}
Counter counter(start());
int next(int step) { return counter.value += step; }
#else
int next(int step);
__attribute__((constructor(101))) static void first() { calls.add(1); }
__attribute__((constructor)) static void function() { calls.add(3); }
struct Object {
  Object() { calls.add(4); }
};
Object object;

FUN(order, which) { return which ? calls.count : calls.order; }
FUN(sum, number) { return number + next(0); }
FUN(bump, step) { return next((int)step); }

extern "C" mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
  MP_DYNRUNTIME_INIT_ENTRY
  if (n_args != 0 || n_kw != 0)
    mp_raise_ValueError("arguments");
  EXPORT(MP_QSTR_order, order)
  EXPORT(MP_QSTR_sum, sum)
  EXPORT(MP_QSTR_bump, bump)
  MP_DYNRUNTIME_INIT_EXIT
}
#endif
