// SPDX-License-Identifier: MIT
// Global variables keep Python objects alive, in blocks that themselves stay alive: with and
// without initial values, with and without the other kind beside them, in the middle of a large
// array.
//# CFLAGS: -DZERO
//# CFLAGS: -DINIT
//# CFLAGS: -DZERO -DINIT
//# DO: m.keep(["zero", bytes(range(40))])
//# DO: for i in range(10):
//# DO:     gc.collect()
//# DO:     pressure()
//# RUN: m.kept(0) => ['zero', b'\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f !"#$%&\'']
//# DO: m.keep({1: "two"})
//# DO: gc.collect()
//# DO: pressure()
//# RUN: m.kept(0) => {1: 'two'}
//# RUN: m.pattern(0) => 0
#include "case.h"

#ifdef ZERO
char padding[700];
mp_obj_t in_zero[20];
#endif
#ifdef INIT
int numbers[30] = {1, 2, 3};
struct {
  int before;
  mp_obj_t object;
  void *own; // of the block itself
} in_init = {5, MP_OBJ_NULL, &numbers[1]};
#endif

OBJ_FUN(keep, object) {
#ifdef ZERO
  for (size_t i = 0; i < sizeof(padding); i++)
    padding[i] = (char)i;
  in_zero[13] = object;
#endif
#ifdef INIT
  in_init.object = object;
#endif
  return mp_const_none;
}

OBJ_FUN(kept, unused) {
  (void)unused;
#ifdef ZERO
  mp_obj_t object = in_zero[13];
#else
  mp_obj_t object = in_init.object;
#endif
#ifdef INIT
  if (in_init.object != object || in_init.before != 5 || in_init.own != &numbers[1])
    return mp_const_false;
#endif
  return object;
}

// How many bytes are not what they were.
FUN(pattern, x) {
#ifdef ZERO
  for (size_t i = 0; i < sizeof(padding); i++)
    x += padding[i] != (char)i;
  for (size_t i = 0; i < 20; i++)
    x += i != 13 && in_zero[i] != MP_OBJ_NULL;
#endif
#ifdef INIT
  for (size_t i = 0; i < 30; i++)
    x += numbers[i] != (i < 3 ? (int)i + 1 : 0);
#endif
  return x;
}

MODULE(EXPORT(MP_QSTR_keep, keep) EXPORT(MP_QSTR_kept, kept) EXPORT(MP_QSTR_pattern, pattern))
