// SPDX-License-Identifier: MIT
// Calls through words beside the code instead of branches; the Thumb bit is in the word.
//# ARCH: arm
//# OBJECT: -DOTHER
//# CFLAGS: -mlong-calls
//# CFLAGS: -mlong-calls -O2
//# RUN: m.call(1) => 111
//# RUN: m.pointer(1) => 111
#include "case.h"

mp_int_t other(mp_int_t x);

#ifdef OTHER
static __attribute__((noinline)) mp_int_t local(mp_int_t x) { return OPAQUE(x) + 10; }
mp_int_t other(mp_int_t x) { return local(x) + 100; }
#else
FUN(call, x) { return other(x); }
static mp_int_t (*volatile function)(mp_int_t) = other;
FUN(pointer, x) { return function(x); }
MODULE(EXPORT(MP_QSTR_call, call) EXPORT(MP_QSTR_pointer, pointer))
#endif
