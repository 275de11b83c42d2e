// SPDX-License-Identifier: MIT
// -source-name is what the interpreter knows the code by: the first string of the module's table.
//# LINK: -source-name some_other_name.c
//# RUN: m.source(0) => 'some_other_name.c'
#include "case.h"

OBJ_FUN(source, unused) {
  (void)unused;
  return MP_OBJ_NEW_QSTR(mp_native_qstr_table[0]);
}
MODULE(EXPORT(MP_QSTR_source, source))
