// SPDX-License-Identifier: MIT
// Sections of the author's own names are placed by their flags.
//# OBJECT: -DOTHER
//# RUN: m.code(1) => 11
//# RUN: m.data(1) => 6
//# RUN: m.data(1) => 7
//# RUN: m.constant(1) => 4
//# RUN: m.zero(2) => 2
//# RUN: m.zero(2) => 4
#include "case.h"

#define IN(name) __attribute__((section(name)))
mp_int_t my_code(mp_int_t x);
extern int my_data, my_zero;
extern const int my_constants[];

#ifdef OTHER
IN("my_code_section") mp_int_t my_code(mp_int_t x) { return x + 10; }
IN("my_data_section") int my_data = 5;
IN(".my.constant") const int my_constants[] = {3, 4};
IN(".bss.mine") int my_zero;
#else
FUN(code, x) { return my_code(x); }
FUN(data, x) { return my_data += (int)x; }
FUN(constant, x) { return my_constants[x]; }
FUN(zero, x) { return my_zero += (int)x; }
MODULE(EXPORT(MP_QSTR_code, code) EXPORT(MP_QSTR_data, data) EXPORT(MP_QSTR_constant, constant)
           EXPORT(MP_QSTR_zero, zero))
#endif
