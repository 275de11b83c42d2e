// SPDX-License-Identifier: MIT
// -entry names the function an import calls, even where there is an mpy_init.
//# LINK: -entry other_init
//# RUN: m.which(0) => 2
//# RUN: hasattr(m, "wrong") => False
#include "case.h"

FUN(which, x) { return x + 2; }
FUN(wrong, x) { return x; }

MODULE(EXPORT(MP_QSTR_wrong, wrong))
MODULE_ENTRY(other_init, EXPORT(MP_QSTR_which, which))
