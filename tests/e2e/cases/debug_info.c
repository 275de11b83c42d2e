// SPDX-License-Identifier: MIT
// What compilers put beside the program is left out: debug information of all kinds, compressed
// too, code for optimisation at link time, profiles of the stack.
//# CC: gcc
//# MATRIX: one
//# OBJECT: -DOTHER
//# CFLAGS: -g3
//# CFLAGS: -ggdb3 -gz -O0
//# CFLAGS: -gsplit-dwarf
//# CFLAGS: -flto -ffat-lto-objects
//# CFLAGS: -funwind-tables -fasynchronous-unwind-tables -fexceptions -fident -frecord-gcc-switches
//# RUN: m.get(2) => 9
#include "case.h"

int other(int x);
#ifdef OTHER
static int table[] = {7, 8, 9};
int other(int x) { return table[x]; }
#else
FUN(get, x) { return other((int)x); }
MODULE(EXPORT(MP_QSTR_get, get))
#endif
