// SPDX-License-Identifier: MIT
// An object's own memset is the one that is called, from everywhere.
//# OBJECT: -DOWN
//# CFLAGS: -fno-builtin
//# RUN: m.set(3) => 1003
#include <stddef.h>
void *memset(void *, int, size_t);

#ifdef OWN
void *memset(void *to, int value, size_t size) {
  for (size_t i = 0; i < size; i++)
    ((short *)to)[i] = (short)(value + 1000);
  return to;
}
#else
#include "case.h"
FUN(set, x) {
  short numbers[4];
  memset(numbers, (int)x, 4);
  return numbers[3];
}
MODULE(EXPORT(MP_QSTR_set, set))
#endif
