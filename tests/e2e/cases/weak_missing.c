// SPDX-License-Identifier: MIT
// Weak symbols nobody defines: their address is null, so they are tested and not used.
//# MODEL: not large
//# RUN: m.function(1) => -1
//# RUN: m.variable(1) => -2
//# RUN: m.table(0) => 0
#include "case.h"

__attribute__((weak)) extern mp_int_t missing_function(mp_int_t x);
__attribute__((weak)) extern int missing_variable;
static int *const missing[] = {&missing_variable};
static mp_int_t (*const missing_functions[])(mp_int_t) = {missing_function};

FUN(function, x) { return missing_function ? missing_function(x) : -1; }
FUN(variable, x) { return &missing_variable ? missing_variable : -2 * x; }
FUN(table, x) { return (missing[x] != NULL) + (missing_functions[x] != NULL); }
MODULE(EXPORT(MP_QSTR_function, function) EXPORT(MP_QSTR_variable, variable)
           EXPORT(MP_QSTR_table, table))
