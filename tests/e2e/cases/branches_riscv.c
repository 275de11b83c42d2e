// SPDX-License-Identifier: MIT
// Branches of assembler sources between sections, of each form the processor has, and calls of what
// nobody defines.
//# ARCH: riscv
//# CFLAGS: -mrelax
//# CFLAGS: -mno-relax
//# MODEL: pic
//# RUN: m.calls(1) => 1111
//# RUN: [m.conditional(i) for i in range(3)] => [5, 6, 7]
//# RUN: m.jumps(1) => 22
//# RUN: m.missing(4) => 4
//# RUN: m.firmware(7) => 7
#include "case.h"

mp_int_t asm_calls(mp_int_t x), asm_conditional(mp_int_t x), asm_jumps(mp_int_t x),
    asm_missing(mp_int_t x);
int asm_firmware(unsigned char *to, int value, unsigned size);

#define FUNCTION(name, code)                                                                       \
  __asm__(".section .text." name ", \"ax\", %progbits\n"                                           \
          ".globl " name "\n"                                                                      \
          ".type " name ", %function\n" name ":\n" code "\n.text\n")
#if __riscv_xlen == 32
#define PUSH "addi sp, sp, -16; sw ra, 12(sp); "
#define POP "lw ra, 12(sp); addi sp, sp, 16; "
#else
#define PUSH "addi sp, sp, -16; sd ra, 8(sp); "
#define POP "ld ra, 8(sp); addi sp, sp, 16; "
#endif

FUNCTION("add_ten", "addi a0, a0, 10; ret");
FUNCTION("add_hundred", "addi a0, a0, 100; c.jr ra");
FUNCTION("add_thousand", "li t0, 1000; add a0, a0, t0; ret");
FUNCTION("give_five", "li a0, 5; ret");
FUNCTION("give_six", "li a0, 6; ret");
FUNCTION("give_seven", "li a0, 7; ret");

FUNCTION("asm_calls", PUSH "call add_ten; jal add_hundred; call add_thousand@plt; " POP "ret");
FUNCTION("asm_conditional", "beqz a0, give_five; li t0, 1; beq a0, t0, give_six\n"
                            "1: auipc t0, %pcrel_hi(give_seven); jalr zero, %pcrel_lo(1b)(t0)");
FUNCTION("asm_jumps", "addi a0, a0, 1; j over\n.section .text.over, \"ax\", %progbits\n"
                      ".globl over\nover: addi a0, a0, 10; c.beqz a0, give_five; tail add_ten");
FUNCTION("asm_missing", ".weak nowhere\n" PUSH "call nowhere; jal nowhere; beqz a0, nowhere; " POP
                        "ret");
FUNCTION("asm_firmware", PUSH "jal memset; lbu a0, 2(a0); " POP "ret");

FUN(calls, x) { return asm_calls(x); }
FUN(conditional, x) { return asm_conditional(x); }
FUN(jumps, x) { return asm_jumps(x); }
FUN(missing, x) { return asm_missing(x); }
FUN(firmware, x) {
  unsigned char bytes[4] = {0};
  return asm_firmware(bytes, (int)x, 3) + OPAQUE(&bytes[0])[3];
}
MODULE(EXPORT(MP_QSTR_calls, calls) EXPORT(MP_QSTR_conditional, conditional)
           EXPORT(MP_QSTR_jumps, jumps) EXPORT(MP_QSTR_missing, missing)
               EXPORT(MP_QSTR_firmware, firmware))
