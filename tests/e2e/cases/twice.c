// SPDX-License-Identifier: MIT
// The same file imported under two names is two modules with variables of their own.
//# COPY
//# RUN: [m.add(1), m.add(1), copy.add(10), m.add(1), copy.add(10)] => [101, 103, 110, 106, 130]
//# RUN: m.place(0) != copy.place(0) => True
//# DO: gc.collect()
//# DO: pressure()
//# RUN: [m.add(0), copy.add(0)] => [109, 150]
#include "case.h"

int zero;
static int init = 100, *pointer = &zero;

FUN(add, x) {
  *pointer += (int)x;
  init += zero;
  return init;
}
FUN(place, x) { return (mp_int_t)(((uintptr_t)pointer >> 3) & 0xfffffff) + x; }

MODULE(EXPORT(MP_QSTR_add, add) EXPORT(MP_QSTR_place, place))
