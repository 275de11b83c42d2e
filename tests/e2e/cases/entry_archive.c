// SPDX-License-Identifier: MIT
// The entry function comes out of an archive.
//# ARCHIVE: -DENTRY
//# RUN: m.value(1) => 8
#include "case.h"

int from_main(int x);
#ifdef MAIN
int from_main(int x) { return x + 7; }
#elif defined ENTRY
FUN(value, x) { return from_main((int)x); }
MODULE(EXPORT(MP_QSTR_value, value))
#endif
