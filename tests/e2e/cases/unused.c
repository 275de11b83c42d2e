// SPDX-License-Identifier: MIT
// What nothing needs is left out, and asks for nothing: its undefined symbols do not matter.
//# CFLAGS: -ffunction-sections -fdata-sections
//# RUN: m.used(1) => 2
#include "case.h"

FUN(used, x) { return x + 1; }

mp_int_t nowhere(mp_int_t x);
mp_int_t unused(mp_int_t x);
mp_int_t unused(mp_int_t x) { return nowhere(x); }
extern int nowhere_data;
int *unused_pointer = &nowhere_data;

MODULE(EXPORT(MP_QSTR_used, used))
