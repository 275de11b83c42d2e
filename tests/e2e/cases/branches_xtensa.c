// SPDX-License-Identifier: MIT
// Jumps, calls and branches of assembler sources between sections; addresses from literals written
// by hand; calls of the firmware and of what nobody defines.
//# ARCH: any-xtensa
//# MODEL: pic
//# OBJECT: -DOTHER
//# CFLAGS: -Wa,--no-transform
//# CFLAGS: -Wa,--longcalls
//# RUN: m.calls(1) => 1111
//# RUN: [m.conditional(i) for i in range(4)] => [5, 6, 7, 8]
//# RUN: m.jumps(1) => 22
//# RUN: m.literals(2) => 1002
//# RUN: m.missing(4) => 4
//# RUN: m.firmware(7) => 7
#include "case.h"

#define FUNCTION(name, code)                                                                       \
  __asm__(".section .text." name ", \"ax\", @progbits\n"                                           \
          ".literal_position\n.align 4\n"                                                          \
          ".globl " name "\n"                                                                      \
          ".type " name ", @function\n" name ":\n" code "\n.text\n")
#ifdef __XTENSA_WINDOWED_ABI__
#define ENTER "entry sp, 32; "
#define LEAVE "retw.n"
#define CALL(name) "mov a10, a2; call8 " name "; mov a2, a10; "
#define DIRECT_CALL(name) "mov a10, a2; _call8 " name "; mov a2, a10; "
#define CALL_AT(reg) "mov a10, a2; callx8 " reg "; mov a2, a10; "
#else
#define ENTER "addi sp, sp, -16; s32i a0, sp, 12; "
#define LEAVE "l32i a0, sp, 12; addi sp, sp, 16; ret.n"
#define CALL(name) "call0 " name "; "
#define DIRECT_CALL(name) "_call0 " name "; "
#define CALL_AT(reg) "callx0 " reg "; "
#endif

#ifdef OTHER
FUNCTION("add_ten", ENTER "addi a2, a2, 10; " LEAVE);
FUNCTION("add_hundred", ENTER "addi a2, a2, 100; " LEAVE);
FUNCTION("add_thousand", ENTER "movi a3, 1000; add a2, a2, a3; " LEAVE);
// Where functions go on that have done ENTER.
FUNCTION("give_five", "movi a2, 5; " LEAVE);
FUNCTION("give_six", "movi.n a2, 6; " LEAVE);
FUNCTION("give_seven", "movi a2, 7; " LEAVE);
FUNCTION("go_on", "addi a2, a2, 10; j go_on_more");
FUNCTION("go_on_more", "addi a2, a2, 10; " LEAVE);
#else
mp_int_t asm_calls(mp_int_t x), asm_conditional(mp_int_t x), asm_jumps(mp_int_t x),
    asm_literals(mp_int_t x), asm_missing(mp_int_t x);
int asm_firmware(unsigned char *to, int value, unsigned size);

FUNCTION("asm_calls", ENTER CALL("add_ten") CALL("add_hundred") CALL("add_thousand") LEAVE);
FUNCTION("asm_conditional", ENTER "beqz a2, give_five; beqi a2, 1, 1f; movi a3, 2; bne a2, a3, 2f\n"
                                  "j give_seven\n1: j give_six\n2: movi a2, 8; " LEAVE);
FUNCTION("asm_jumps", ENTER "addi a2, a2, 1; j go_on");
FUNCTION("asm_literals", ".literal .Lfunction, add_thousand\n"
                         ".literal .Lagain, add_thousand\n" ENTER
                         "l32r a3, .Lfunction; l32r a4, .Lagain; bne a3, a4, 1f; " CALL_AT("a3")
                             "1: " LEAVE);
FUNCTION("asm_missing", ".weak nowhere\n" ENTER DIRECT_CALL("nowhere") LEAVE);
#ifdef __XTENSA_WINDOWED_ABI__
FUNCTION("asm_firmware",
         ENTER "mov a10, a2; mov a11, a3; mov a12, a4; call8 memset; l8ui a2, a2, 2; " LEAVE);
#else
FUNCTION("asm_firmware", ENTER "call0 memset; l8ui a2, a2, 2; " LEAVE);
#endif

FUN(calls, x) { return asm_calls(x); }
FUN(conditional, x) { return asm_conditional(x); }
FUN(jumps, x) { return asm_jumps(x); }
FUN(literals, x) { return asm_literals(x); }
FUN(missing, x) { return asm_missing(x); }
FUN(firmware, x) {
  unsigned char bytes[4] = {0};
  return asm_firmware(bytes, (int)x, 3) + OPAQUE(&bytes[0])[3];
}
MODULE(EXPORT(MP_QSTR_calls, calls) EXPORT(MP_QSTR_conditional, conditional)
           EXPORT(MP_QSTR_jumps, jumps) EXPORT(MP_QSTR_literals, literals)
               EXPORT(MP_QSTR_missing, missing) EXPORT(MP_QSTR_firmware, firmware))
#endif
