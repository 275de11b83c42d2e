// SPDX-License-Identifier: MIT
// Branches of assembler sources between sections, of each form the processor has.
//# ARCH: arm
//# MODEL: pic
//# RUN: m.wide(1) => 1111
//# RUN: m.narrow(1) => 11
//# RUN: m.conditional(0) => 5
//# RUN: m.conditional(1) => 6
#include "case.h"

mp_int_t asm_wide(mp_int_t x), asm_narrow(mp_int_t x), asm_conditional(mp_int_t x);

#define FUNCTION(name, code)                                                                       \
  __asm__(".syntax unified\n"                                                                      \
          ".section .text." name ", \"ax\", %progbits\n"                                           \
          ".globl " name "\n"                                                                      \
          ".type " name ", %function\n"                                                            \
          ".thumb_func\n" name ":\n" code "\n.text\n")

FUNCTION("add_ten", "adds r0, #10; bx lr");
FUNCTION("add_hundred", "adds r0, #100; bx lr");
FUNCTION("add_thousand", "ldr r1, =1000; adds r0, r1; bx lr; .ltorg");
FUNCTION("give_five", "movs r0, #5; bx lr");
FUNCTION("give_six", "movs r0, #6; bx lr");

FUNCTION("asm_wide", "push {r4, lr}; bl add_ten; bl add_hundred; bl add_thousand; pop {r4, pc}");
// A tail call that reaches 2 KiB.
FUNCTION("asm_narrow", "b.n add_ten");
#if __ARM_ARCH >= 7
FUNCTION("asm_conditional", "cmp r0, #0; beq.w give_five; b.w give_six");
#else
FUNCTION("asm_conditional", "cmp r0, #0; beq.n 1f; b.n give_six; 1: b.n give_five");
#endif

FUN(wide, x) { return asm_wide(x); }
FUN(narrow, x) { return asm_narrow(x); }
FUN(conditional, x) { return asm_conditional(x); }
MODULE(EXPORT(MP_QSTR_wide, wide) EXPORT(MP_QSTR_narrow, narrow)
           EXPORT(MP_QSTR_conditional, conditional))
