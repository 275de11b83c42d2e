#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""More sections than 16 bits can number: the object keeps their numbers elsewhere (SHN_XINDEX)."""

SECTIONS = 66000

print(
    f"""//# CC: gcc
//# MATRIX: one
//# RUN: m.first(0) => 1
//# RUN: m.last(0) => {SECTIONS}
//# RUN: m.local(0) => {SECTIONS - 1}
#include "case.h"
extern int data_1, data_{SECTIONS};
__asm__(".altmacro\\n"
        ".macro one number\\n"
        ".section .data.d\\\\number, \\"aw\\"\\n"
        ".p2align 2\\n"
        ".globl data_\\\\number\\n"
        "data_\\\\number: .long \\\\number\\n"
        ".endm\\n"
        ".set number, 0\\n"
        ".rept {SECTIONS}\\n"
        ".set number, number + 1\\n"
        "one %number\\n"
        ".endr\\n"
        ".text\\n");
extern int data_{SECTIONS - 1};
static int *pointer = &data_{SECTIONS - 1};
FUN(first, x) {{ return data_1 + x; }}
FUN(last, x) {{ return data_{SECTIONS} + x; }}
FUN(local, x) {{ return *pointer + x; }}
MODULE(EXPORT(MP_QSTR_first, first) EXPORT(MP_QSTR_last, last) EXPORT(MP_QSTR_local, local))"""
)
