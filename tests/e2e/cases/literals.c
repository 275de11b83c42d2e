// SPDX-License-Identifier: MIT
// Addresses with offsets that are kept beside the code (as Xtensa's literals are): into the start
// and the middle of each object's own constants, equal numbers and equal addresses in several objects,
// functions of one object with the name of another's, entries of the firmware's table.
//# OBJECT: -DOTHER
//# CFLAGS: -O1
//# CFLAGS: -O2 -fno-function-sections -fno-data-sections
//# CFLAGS: -O1 -fno-function-sections -fno-merge-constants
//# RUN: [m.text(i) for i in range(6)] => ['one at the start', 'one at the end', 'at the start', 'two at the start', 'two at the end', 'at the start']
//# RUN: [m.entry(i) for i in range(8)] => [11, 12, 18, 19, 21, 22, 28, 29]
//# RUN: [m.call(i) for i in range(4)] => [100, 201, 302, 403]
//# RUN: [m.number(i) for i in range(4)] => [305419896, 305419896, 305419897, 305419896]
//# RUN: m.same(0) => 7
//# RUN: m.firmware([1]) => [1, 2, 3, 4]
#include "case.h"

// The same text of two objects, with other contents.
#ifdef OTHER
#define OWN(name) other_##name
#define FIRST 20
#define TEXT(text) "two " text
#else
#define OWN(name) main_##name
#define FIRST 10
#define TEXT(text) "one " text
#endif
#define KEPT __attribute__((noinline, noclone))

mp_int_t main_entry(int i), other_entry(int i), main_number(int i), other_number(int i);
const char *main_text(int i), *other_text(int i);
mp_int_t (*main_function(int i))(mp_int_t), (*other_function(int i))(mp_int_t);
extern int shared[4];
int *other_shared(int i);

static const int entries[10] = {FIRST,     FIRST + 1, FIRST + 2, FIRST + 3, FIRST + 4,
                                FIRST + 5, FIRST + 6, FIRST + 7, FIRST + 8, FIRST + 9};
static KEPT const int *place(int i) {
  switch (i) {
  case 0: return OPAQUE(&entries[1]);
  case 1: return OPAQUE(&entries[2]);
  case 2: return OPAQUE(&entries[8]);
  default: return OPAQUE(&entries[9]);
  }
}
mp_int_t OWN(entry)(int i) { return *place(i); }

const char *OWN(text)(int i) {
  switch (i) {
  case 0: return OPAQUE(TEXT("at the start"));
  case 1: return OPAQUE(TEXT("at the end"));
  default: return OPAQUE(TEXT("at the start") + 4);
  }
}

static KEPT mp_int_t add(mp_int_t x) { return x + FIRST * 10; }
static KEPT mp_int_t add_more(mp_int_t x) { return x + FIRST * 10 + 100 * (FIRST / 10); }
mp_int_t (*OWN(function)(int i))(mp_int_t) { return i ? OPAQUE(add_more) : OPAQUE(add); }

mp_int_t OWN(number)(int i) { return i == FIRST / 20 ? 0x12345678 + FIRST / 20 : 0x12345678; }

#ifdef OTHER
int shared[4];
int *other_shared(int i) { return OPAQUE(&shared[i == 1 ? 3 : 0]); }
#else

OBJ_FUN(text, x) {
  const int i = (int)mp_obj_get_int(x);
  const char *found = i < 3 ? main_text(i) : other_text(i - 3);
  return mp_obj_new_str(found, length_of(found));
}
FUN(entry, i) { return i < 4 ? main_entry((int)i) : other_entry((int)i - 4); }
FUN(call, i) {
  switch (i) {
  case 0: return main_function(0)(i);
  case 1: return main_function(1)(i);
  case 2: return other_function(0)(i) + 100;
  default: return other_function(1)(i);
  }
}
FUN(number, i) { return i < 2 ? main_number((int)i + 1) : other_number((int)i - 1); }
FUN(same, x) {
  return (other_shared(0) == OPAQUE(&shared[0])) * 1 + (other_shared(1) == OPAQUE(&shared[3])) * 2 +
         (OPAQUE(&shared[3]) - other_shared(0) == 3) * 4 + x;
}
// Several entries of the table, each read through its own address or from one.
OBJ_FUN(firmware, list) {
  for (int i = 2; i < 5; i++)
    mp_obj_list_append(list, mp_obj_new_int(i));
  return mp_obj_is_true(list) ? list : mp_const_none;
}

MODULE(EXPORT(MP_QSTR_text, text) EXPORT(MP_QSTR_entry, entry) EXPORT(MP_QSTR_call, call)
           EXPORT(MP_QSTR_number, number) EXPORT(MP_QSTR_same, same)
               EXPORT(MP_QSTR_firmware, firmware))
#endif
