// SPDX-License-Identifier: MIT
// Thread-local variables by every code model, as compilers reach them unasked.
//# COPY
//# OBJECT: -DOTHER
//# LIBRARIES
//# RUN: [m.get(i) for i in range(13)] => [5, 0, 0, 1, 33, 1, 304, 7, 0, 10, 11, 12, 13]
//# RUN: m.bump(2) => 111
//# RUN: [m.get(i) for i in range(13)] => [7, 4, 2, 3, 35, 4, 306, 9, 0, 10, 11, 15, 13]
//# RUN: m.total(20) => 48
//# RUN: copy.get(0), copy.bump(1) => (5, 109)
#include "thread_local.h"
