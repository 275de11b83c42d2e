// SPDX-License-Identifier: MIT
// Large static arrays: all zeros at first, then what was written, also at their ends.
//# RUN: m.nonzero(0) => 0
//# RUN: m.fill(3) => 7035
//# DO: gc.collect()
//# DO: pressure()
//# RUN: m.nonzero(0) => 4690
//# RUN: m.table(2999) => 36
#include "case.h"

#define SIZE 2345
char global_array[SIZE];
static char static_array[SIZE];
static const unsigned char constants[3000] = {[2998] = 35, [2999] = 36};

FUN(nonzero, x) {
  for (int i = 0; i < SIZE; i++)
    x += (global_array[i] != 0) + (static_array[i] != 0);
  return x;
}
FUN(fill, x) {
  mp_int_t sum = 0;
  for (int i = 0; i < SIZE; i++)
    global_array[i] = static_array[SIZE - 1 - i] = (char)x;
  for (int i = 0; i < SIZE; i++)
    sum += OPAQUE(&global_array[0])[i] + OPAQUE(&static_array[0])[i] - 3;
  return sum;
}
FUN(table, x) { return OPAQUE(&constants[0])[x]; }
MODULE(EXPORT(MP_QSTR_nonzero, nonzero) EXPORT(MP_QSTR_fill, fill) EXPORT(MP_QSTR_table, table))
