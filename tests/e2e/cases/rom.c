// SPDX-License-Identifier: MIT
// Functions in an ESP8266's ROM, from a linker script: called at a distance that no call reaches,
// through literals and pointers, by name and by the compiler. They win over the firmware's.
//# ARCH: xtensa
//# LINK: -externs {root}/tests/interpreters/boards/xtensa-sim/call0_rom.ld
//# CFLAGS: -fno-builtin
//# CFLAGS: -O2 -fno-function-sections
//# RUN: m.length("some text") => 9
//# RUN: [m.compare("ab", "ac") < 0, m.compare("b", "ab") > 0, m.compare("x", "x")] => [True, True, 0]
//# RUN: m.divide(1000) => 142
//# RUN: m.wide(77) => 157142
//# RUN: m.add(3) => 7
//# RUN: m.pointers(5) => 5
//# RUN: m.places(0) => 1
#include "case.h"

int ets_strlen(const char *text), strcmp(const char *a, const char *b);
void *ets_memcpy(void *to, const void *from, unsigned size);
typedef void *(*copy_t)(void *, const void *, unsigned);
static const copy_t copies[] = {ets_memcpy};

static mp_obj_t length(mp_obj_t text) {
  return MP_OBJ_NEW_SMALL_INT(ets_strlen(mp_obj_str_get_str(text)));
}
static MP_DEFINE_CONST_FUN_OBJ_1(length_obj, length);
static mp_obj_t compare(mp_obj_t a, mp_obj_t b) {
  return mp_obj_new_int(strcmp(mp_obj_str_get_str(a), mp_obj_str_get_str(b)));
}
static MP_DEFINE_CONST_FUN_OBJ_2(compare_obj, compare);
// The compiler's own calls: __udivsi3, __udivdi3, __addsf3 and __fixsfsi or the like.
FUN(divide, x) { return (mp_int_t)(OPAQUE((unsigned)x) / OPAQUE(7u)); }
FUN(wide, x) { return (mp_int_t)(OPAQUE((uint64_t)x * 1000000000) / OPAQUE((uint64_t)490000)); }
FUN(add, x) { return (mp_int_t)(unsigned)(OPAQUE((float)x) + OPAQUE(4.0f)); }
FUN(pointers, x) {
  mp_int_t copy = 0;
  OPAQUE(&copies[0])[0](&copy, &x, sizeof(x));
  return copy;
}
FUN(places, x) {
  return x + ((uintptr_t)OPAQUE(ets_strlen) == 0x40002ac8 &&
              (uintptr_t)OPAQUE(copies[0]) == 0x400018b4);
}
MODULE(EXPORT(MP_QSTR_length, length) EXPORT(MP_QSTR_compare, compare)
           EXPORT(MP_QSTR_divide, divide) EXPORT(MP_QSTR_wide, wide) EXPORT(MP_QSTR_add, add)
               EXPORT(MP_QSTR_pointers, pointers) EXPORT(MP_QSTR_places, places))
