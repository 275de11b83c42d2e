// SPDX-License-Identifier: MIT
// A function lives on when its module is gone: code, constants and variables stay.
//# DO: function, name_of = m.next, m.name
//# RUN: function(5) => 105
//# DO: del sys.modules[name]
//# DO: m = None
//# DO: for i in range(10):
//# DO:     gc.collect()
//# DO:     pressure()
//# RUN: function(7) => 112
//# RUN: name_of(1) => 'second'
//# RUN: function(1) => 113
#include "case.h"

static int total = 100;
int calls;
static const char *const names[] = {"first", "second", "third"};

FUN(next, x) {
  calls++;
  total += (int)x;
  return calls < 4 ? total : -1;
}

OBJ_FUN(name, index) {
  const char *text = names[mp_obj_get_int(index)];
  return mp_obj_new_str(text, length_of(text));
}

MODULE(EXPORT(MP_QSTR_next, next) EXPORT(MP_QSTR_name, name))
