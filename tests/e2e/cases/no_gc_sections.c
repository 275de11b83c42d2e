// SPDX-License-Identifier: MIT
// With -no-gc-sections unused parts are kept, whatever they are, and the module works all the same.
//# LINK: -no-gc-sections
//# OBJECT: -DOTHER
//# CFLAGS: -g
//# RUN: m.used(1) => 2
//# RUN: m.counter(1) => 8
#include "case.h"

#ifdef OTHER
int unused_zero[10], unused_init[10] = {1};
static const char *const unused_names[] = {"a", "b"};
const char *unused_function(int i);
const char *unused_function(int i) { return unused_names[unused_init[i]]; }
#else
static int count = 7;
FUN(used, x) { return x + 1; }
FUN(counter, x) { return count += (int)x; }
MODULE(EXPORT(MP_QSTR_used, used) EXPORT(MP_QSTR_counter, counter))
#endif
