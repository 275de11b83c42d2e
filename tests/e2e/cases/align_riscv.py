#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Alignment in the middle of code that a linker may shorten (R_RISCV_ALIGN): after each number of instructions,
compressed ones and not, labels are where they should be, branches and tables reach them, data after it is intact."""

COUNT = 24
ALIGNS = (2, 3, 1, 3, 2)
WORD = 0x1234567

print(
    f"""//# ARCH: riscv
//# MODEL: pic
//# CFLAGS: -mrelax
//# CFLAGS: -mno-relax
//# CFLAGS: -DPART_OF_TEXT -fno-function-sections
//# RUN: [m.misaligned(i) for i in range({COUNT})] => {[0] * COUNT}
//# RUN: [m.steps(i) for i in range({COUNT})] => {[10 + i for i in range(COUNT)]}
//# RUN: [m.data(i) for i in range({COUNT})] => {[WORD + i for i in range(COUNT)]}
//# RUN: [m.size(i) for i in range({COUNT})] => {[4] * COUNT}
#include "case.h"
struct row {{ uintptr_t alignment, (*steps)(uintptr_t); const void *aligned; const int *data; uintptr_t size; }};
extern const struct row rows[];
#ifdef PART_OF_TEXT
#define SECTION(name) ".text\\n"
#else
#define SECTION(name) ".section .text." name ", \\"ax\\", %progbits\\n"
#endif
#if __riscv_xlen == 32
#define WORDS ".word "
#else
#define WORDS ".dword "
#endif
"""
)
for i in range(COUNT):
    align = ALIGNS[i % len(ALIGNS)]
    # Each pass of the loop adds one, the code behind it what is missing; a call in front of the padding can shrink.
    instructions = [
        ".p2align 1",
        f".globl steps{i}",
        f"steps{i}: mv t2, ra",
        f"call gives{i % 3}",
        "mv ra, t2",
        *(["c.nop"] * ((i + i // 5) % 4)),
        *([".option push", ".option norvc", "nop", ".option pop"] * (i // 3 % 3)),
        f"li t0, {10 if i % 2 else 3}",
        f"beqz a0, over{i}",
        f".p2align {align}",
        f"aligned{i}: addi a0, a0, 1",
        "addi t0, t0, -1",
        f"bnez t0, aligned{i}",
        f"j over{i}",
        f".p2align {align + 1}",
        f"data{i}: .word {WORD + i}",
        f"behind{i}: .option push",
        ".option norelax",
        f".p2align {align}",
        ".option pop",
        f"over{i}: addi a0, a0, {i - (i % 3) - (10 if i % 2 else 3)}",
        "addi a0, a0, 10 - 1",
        "ret",
    ]
    code = "\\n".join(instructions)
    print(f'__asm__(SECTION("steps{i}") "{code}\\n.text\\n");')
print('__asm__(SECTION("gives") "' + "".join(f"gives{i}: addi a0, a0, {i}; ret\\n" for i in range(3)) + '.text\\n");')
print('__asm__(".section .data.rel.ro.rows, \\"aw\\"\\n.p2align 3\\n.globl rows\\nrows:\\n"')
for i in range(COUNT):
    print(f'  WORDS "{1 << ALIGNS[i % len(ALIGNS)]}, steps{i}, aligned{i}, data{i}, behind{i} - data{i}\\n"')
print(
    f"""  ".text\\n");
FUN(misaligned, i) {{ return (uintptr_t)rows[i].aligned % rows[i].alignment + (uintptr_t)rows[i].data % 4; }}
FUN(steps, i) {{ return rows[i].steps(1); }}
FUN(data, i) {{ return *rows[i].data; }}
FUN(size, i) {{ return rows[i].size; }}
MODULE(EXPORT(MP_QSTR_misaligned, misaligned) EXPORT(MP_QSTR_steps, steps) EXPORT(MP_QSTR_data, data)
           EXPORT(MP_QSTR_size, size))"""
)
