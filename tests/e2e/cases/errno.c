// SPDX-License-Identifier: MIT
// The C library's own thread-local variable: errno, which strtol sets.
//# ARCH: riscv
//# MATRIX: one
//# LIBRARIES
//# RUN: m.parse(0) => 0
//# RUN: m.parse(1) => 34
#include <errno.h>
#include <stdlib.h>

#include "case.h"

FUN(parse, isLarge) {
  errno = 0;
  (void)OPAQUE(strtol(isLarge ? "99999999999999999999" : "99", NULL, 10));
  return errno;
}
MODULE(EXPORT(MP_QSTR_parse, parse))
