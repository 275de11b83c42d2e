// SPDX-License-Identifier: MIT
// Symbols at fixed addresses, as those of a ROM: in code, in tables, with an offset.
//# EXTERNS: /* A ROM's symbols */
//# EXTERNS: rom_value = 0x12345678;
//# EXTERNS: PROVIDE ( rom_function = 0x1001 );
//# EXTERNS: rom_alias = rom_value;
//# RUN: hex(m.value(0)) => '0x12345678'
//# RUN: hex(m.function(0)) => '0x1001'
//# RUN: hex(m.alias(0)) => '0x12345678'
//# RUN: hex(m.table(1)) => '0x12345688'
#include "case.h"

extern char rom_value[], rom_alias[];
extern void rom_function(void);
static const char *const addresses[] = {rom_value, rom_value + 16};

FUN(value, x) { return (mp_int_t)(uintptr_t)rom_value + x; }
FUN(function, x) { return (mp_int_t)(uintptr_t)rom_function + x; }
FUN(alias, x) { return (mp_int_t)(uintptr_t)rom_alias + x; }
FUN(table, x) { return (mp_int_t)(uintptr_t)OPAQUE(&addresses[0])[x]; }
MODULE(EXPORT(MP_QSTR_value, value) EXPORT(MP_QSTR_function, function) EXPORT(MP_QSTR_alias, alias)
           EXPORT(MP_QSTR_table, table))
