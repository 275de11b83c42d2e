// SPDX-License-Identifier: MIT
// A module whose entry function has GAP bytes before it in its section, and functions on both
// sides.
#include "case.h"

FUN(add, x) { return x + 1; }

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)
__attribute__((naked, used)) void gap(void) { __asm__(".space " TEXT(GAP)); }

FUN(last, x) { return x - 1; }
MODULE(EXPORT(MP_QSTR_add, add) EXPORT(MP_QSTR_last, last))
