// SPDX-License-Identifier: MIT
// Objects without the symbols that no relocation needs, and with renamed sections.
//# OBJECT: -DOTHER
//# OBJCOPY: --strip-unneeded --rename-section .data=.renamed --rename-section .text=.code
//# RUN: m.get(2) => 9
//# RUN: m.name(1) => 'second'
//# RUN: m.count(5) => 105
//# RUN: m.count(5) => 110
#include "case.h"

int other(int x);
#ifdef OTHER
static int table[] = {7, 8, 9};
int other(int x) { return table[x]; }
#else
static const char *const names[] = {"first", "second"};
static int total = 100;
FUN(get, x) { return other((int)x); }
OBJ_FUN(name, index) {
  const char *text = names[mp_obj_get_int(index)];
  return mp_obj_new_str(text, length_of(text));
}
FUN(count, x) { return total += (int)x; }
MODULE(EXPORT(MP_QSTR_get, get) EXPORT(MP_QSTR_name, name) EXPORT(MP_QSTR_count, count))
#endif
