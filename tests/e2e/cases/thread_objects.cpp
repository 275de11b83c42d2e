// SPDX-License-Identifier: MIT
// C++ thread_local with constructors: of a file, of a function, shared between objects.
//# CFLAGS: -std=c++17
//# ARCH: x64 x86 riscv
//# MATRIX: one
//# OBJECT: -DOTHER
//# RUN: m.next(0) => 5
//# RUN: m.next(1) => 6
//# RUN: m.local(1), m.local(1) => (43, 44)
#include "case.h"

struct Counter {
  int value;
  explicit Counter(int start) : value(OPAQUE(start)) {}
};
extern thread_local Counter shared;

#ifdef OTHER
thread_local Counter shared(5);
#else
FUN(next, step) { return shared.value += (int)step; }
FUN(local, step) {
  static thread_local Counter counter(42);
  return counter.value += (int)step;
}
MODULE(EXPORT(MP_QSTR_next, next) EXPORT(MP_QSTR_local, local))
#endif
