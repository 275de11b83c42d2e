#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A big module: 3000 functions, each with a pointer in one of two tables and one to a variable of its own."""

FUNCTIONS = 3000
VARIABLES = 2500

print(
    f"""//# CFLAGS: -O1
//# CC: gcc
//# MATRIX: one
//# RUN: m.call(0) => 0
//# RUN: m.call(1) => 4
//# RUN: m.call({FUNCTIONS - 1}) => {4 * (FUNCTIONS - 1) % 251}
//# RUN: m.all(0) => {sum(4 * i % 251 for i in range(FUNCTIONS))}
//# RUN: m.variables(0) => {sum(i % 100 for i in range(VARIABLES))}
//# RUN: m.variables(3) => {sum(i % 100 + 3 for i in range(VARIABLES))}
#include "case.h"
typedef int (*function_t)(void);"""
)
for i in range(FUNCTIONS):
    print(f"static int f{i}(void) {{ return {4 * i % 251}; }}")
for i in range(VARIABLES):
    print(f"static short v{i} = {i % 100};")
print("static const function_t table[] = {" + ",".join(f"f{i}" for i in range(FUNCTIONS)) + "};")
print("static short *pointers[] = {" + ",".join(f"&v{i}" for i in range(VARIABLES)) + "};")
print(
    f"""
FUN(call, which) {{ return table[which](); }}
FUN(all, x) {{
  for (int i = 0; i < {FUNCTIONS}; i++)
    x += table[i]();
  return x;
}}
FUN(variables, add) {{
  mp_int_t sum = 0;
  for (int i = 0; i < {VARIABLES}; i++)
    sum += *pointers[i] = (short)(*pointers[i] + add);
  return sum;
}}
MODULE(EXPORT(MP_QSTR_call, call) EXPORT(MP_QSTR_all, all) EXPORT(MP_QSTR_variables, variables))"""
)
