// SPDX-License-Identifier: MIT
// Objects that the ordinary linker has put together (ld -r): one section each, addends into their
// middle.
//# PARTIAL
//# OBJECT: -DOTHER
//# CFLAGS: -g
//# CFLAGS: -O2 -fno-function-sections -fno-data-sections
//# RUN: m.get(0) => 'here 1'
//# RUN: m.get(1) => 'there 2'
//# RUN: m.counter(5) => 5
//# RUN: m.counter(5) => 10
//# RUN: m.table(1) => 22
#include "case.h"

const char *there(void);
int *other_count(void);
extern const int *const other_table[];

#ifdef OTHER
static int count;
static const int values[] = {11, 22, 33};
const char *there(void) { return "there 2"; }
int *other_count(void) { return &count; }
const int *const other_table[] = {&values[0], &values[1], &values[2]};
#else
static int count = 1000;
OBJ_FUN(get, index) {
  return mp_obj_get_int(index) ? mp_obj_new_str(there(), 7) : mp_obj_new_str("here 1", 6);
}
FUN(counter, x) { return (*other_count() += (int)x) + (count == 1000 ? 0 : 1); }
FUN(table, index) { return *other_table[index]; }
MODULE(EXPORT(MP_QSTR_get, get) EXPORT(MP_QSTR_counter, counter) EXPORT(MP_QSTR_table, table))
#endif
