// SPDX-License-Identifier: MIT
// memset, memcpy and memmove: the compiler's own, written ones, and their addresses, in a file that
// does not know MicroPython's header. No object defines them; the firmware does.
//# MATRIX: full
//# OBJECT: -DPLAIN
//# RUN: m.struct_copy(3) => 306
//# RUN: m.struct_clear(9) => 0
//# RUN: m.loops(100) => 4950
//# RUN: m.written(7) => 777
//# RUN: m.address(5) => 515
//# RUN: m.same(0) => 1
//# RUN: m.table(6) => 66
#include "case.h"

mp_int_t plain_copy(mp_int_t x), plain_clear(mp_int_t x), plain_loops(mp_int_t x);
mp_int_t plain_written(mp_int_t x), plain_address(mp_int_t x), plain_same(void),
    plain_table(mp_int_t x);

#ifdef PLAIN

void *memset(void *, int, size_t);
void *memcpy(void *, const void *, size_t);
void *memmove(void *, const void *, size_t);

struct big {
  int numbers[100];
};
static struct big source, target;
struct big outside;

mp_int_t plain_copy(mp_int_t x) {
  for (int i = 0; i < 100; i++)
    source.numbers[i] = i;
  source.numbers[99] = 99 + (int)x;
  *OPAQUE(&target) = *OPAQUE(&source);
  outside = target;
  return target.numbers[99] + outside.numbers[99] + target.numbers[2] + outside.numbers[50] * 2;
}

mp_int_t plain_clear(mp_int_t x) {
  struct big local = {{0}};
  OPAQUE(&local)->numbers[50] = (int)x;
  *OPAQUE(&local) = (struct big){{0}};
  target = local;
  mp_int_t sum = 0;
  for (int i = 0; i < 100; i++)
    sum += OPAQUE(&target)->numbers[i];
  return sum;
}

mp_int_t plain_loops(mp_int_t count) {
  unsigned char *bytes = (unsigned char *)&outside, *others = (unsigned char *)&target;
  for (int i = 0; i < count; i++)
    bytes[i] = (unsigned char)i;
  for (int i = 0; i < 400; i++)
    others[i] = 0;
  for (int i = 0; i < count; i++)
    others[i] = bytes[i];
  mp_int_t sum = 0;
  for (int i = 0; i < 400; i++)
    sum += others[i];
  return sum;
}

mp_int_t plain_written(mp_int_t x) {
  unsigned char *bytes = (unsigned char *)&outside;
  memset(bytes, (int)x, (size_t)OPAQUE(100));
  memmove(bytes + 1, bytes, (size_t)OPAQUE(100));
  memcpy(bytes + 200, bytes, (size_t)OPAQUE(101));
  return bytes[0] * 100 + bytes[100] * 10 + bytes[300];
}

static void *(*chosen)(void *, int, size_t);
mp_int_t plain_address(mp_int_t x) {
  unsigned char bytes[16];
  chosen = memset;
  bytes[3] = 1;
  OPAQUE(chosen)(bytes, (int)x, 3);
  return bytes[0] * 100 + OPAQUE(&bytes[0])[3] * 10 + bytes[2];
}

// A function has one address, wherever it is asked for.
mp_int_t plain_same(void) { return OPAQUE(chosen) == memset; }

typedef void *(*copy_t)(void *, const void *, size_t);
static const copy_t copies[] = {memcpy, memmove, memcpy};
mp_int_t plain_table(mp_int_t x) {
  char from = (char)x, to[3];
  for (int i = 0; i < 3; i++)
    copies[OPAQUE(i)](&to[i], &from, 1);
  return OPAQUE(&to[0])[0] * 10 + OPAQUE(&to[0])[2];
}

#else

FUN(struct_copy, x) { return plain_copy(x); }
FUN(struct_clear, x) { return plain_clear(x); }
FUN(loops, x) { return plain_loops(x); }
FUN(written, x) { return plain_written(x); }
FUN(address, x) { return plain_address(x); }
FUN(same, x) { return plain_same() + x; }
FUN(table, x) { return plain_table(x); }
MODULE(EXPORT(MP_QSTR_struct_copy, struct_copy) EXPORT(MP_QSTR_struct_clear, struct_clear)
           EXPORT(MP_QSTR_loops, loops) EXPORT(MP_QSTR_written, written)
               EXPORT(MP_QSTR_address, address) EXPORT(MP_QSTR_same, same)
                   EXPORT(MP_QSTR_table, table))

#endif
