// SPDX-License-Identifier: MIT
// Addresses in pairs of instructions: several lower halves of one upper half, lower halves in front
// of it, far from it and with an offset, in loads and stores; numbers and what nobody defines.
//# ARCH: riscv
//# MODEL: pic
//# CFLAGS: -mrelax
//# CFLAGS: -mno-relax
//# OBJECT: -DDATA -fno-pic -mcmodel=medany
//# EXTERNS: rom_value = 0x12345678; rom_small = 12;
//# RUN: m.several(0) => 1234
//# RUN: m.backwards(0) => 21
//# RUN: m.stores(5) => 5
//# RUN: m.stores(7) => 12
//# RUN: [hex(m.number(i)) for i in range(6)] => ['0x12345678', '0x12345678', '0xc', '0xc', '0x7654321', '0x7654321']
//# RUN: m.missing(0) => 0
//# RUN: m.function(6) => 16
//# RUN: m.slot(0) => 2
#include "case.h"

mp_int_t asm_several(void), asm_backwards(void), asm_stores(mp_int_t x), asm_missing(void),
    asm_function(mp_int_t x), asm_slot(void);
mp_int_t rom_by_parts(void), rom_by_distance(void), small_by_parts(void), small_by_distance(void),
    constant_by_parts(void), constant_by_distance(void);
extern int total, *const table_end;

#ifdef DATA
__attribute__((aligned(16))) int four[] = {1, 2, 3, 4};
static int hidden_total;
int total;
int *const table_end = &four[4];
static const int constants[3] = {10, 20, 30};
mp_int_t add_ten(mp_int_t x), add_to_hidden(mp_int_t x);
mp_int_t add_ten(mp_int_t x) { return x + OPAQUE(&constants[0])[0]; }
mp_int_t add_to_hidden(mp_int_t x) { return hidden_total += (int)x; }
__asm__(".globl fixed_number\n.set fixed_number, 0x7654321");
#else

#define FUNCTION(name, code)                                                                       \
  __asm__(".section .text." name ", \"ax\", %progbits\n"                                           \
          ".globl " name "\n"                                                                      \
          ".type " name ", %function\n" name ":\n" code "\n.text\n")
#if __riscv_xlen == 32
#define LOAD "lw"
#else
#define LOAD "ld"
#endif

FUNCTION("asm_several", "1: auipc t0, %pcrel_hi(four); lw a0, %pcrel_lo(1b)(t0); li t2, 10\n"
                        "mul a0, a0, t2; lw t1, %pcrel_lo(1b + 4)(t0); add a0, a0, t1\n"
                        "mul a0, a0, t2; lw t1, %pcrel_lo(1b + 8)(t0); add a0, a0, t1\n"
                        "mul a0, a0, t2; addi t0, t0, %pcrel_lo(1b); lw t1, 12(t0)\n"
                        "add a0, a0, t1; ret");
// The upper half is further on in the file than its lower halves.
FUNCTION("asm_backwards", "j 2f\n"
                          "3: lw a0, %pcrel_lo(1f)(t0); lw t1, %pcrel_lo(1f + 4)(t0)\n"
                          "li t2, 10; mul t1, t1, t2; add a0, a0, t1; ret\n"
                          "2: nop\n1: auipc t0, %pcrel_hi(four); j 3b");
FUNCTION("asm_stores", "1: auipc t0, %pcrel_hi(total); lw t1, %pcrel_lo(1b)(t0); add a0, a0, t1\n"
                       "sw a0, %pcrel_lo(1b)(t0); ret");
FUNCTION("asm_missing", ".weak nowhere\n1: auipc a0, %pcrel_hi(nowhere); addi a0, a0, "
                        "%pcrel_lo(1b); ret");
FUNCTION("asm_function", "1: auipc t1, %pcrel_hi(add_ten); jalr zero, %pcrel_lo(1b)(t1)");
FUNCTION("asm_slot", "1: auipc t0, %got_pcrel_hi(four); " LOAD " t0, %pcrel_lo(1b)(t0)\n"
                     "lw a0, 4(t0); ret");
#define NUMBERS(name, symbol)                                                                      \
  FUNCTION(name "_by_parts", "lui a0, %hi(" symbol "); addi a0, a0, %lo(" symbol "); ret");        \
  FUNCTION(name "_by_distance",                                                                    \
           "1: auipc a0, %pcrel_hi(" symbol "); addi a0, a0, %pcrel_lo(1b); ret")
NUMBERS("rom", "rom_value");
NUMBERS("small", "rom_small");
NUMBERS("constant", "fixed_number");

mp_int_t add_to_hidden(mp_int_t x);
FUN(several, x) { return asm_several() + x; }
FUN(backwards, x) { return asm_backwards() + x; }
FUN(stores, x) {
  const mp_int_t sum = asm_stores(x);
  return sum == total && add_to_hidden(x) == sum ? sum : -1;
}
FUN(number, which) {
  switch (which) {
  case 0: return rom_by_parts();
  case 1: return rom_by_distance();
  case 2: return small_by_parts();
  case 3: return small_by_distance();
  case 4: return constant_by_parts();
  default: return constant_by_distance();
  }
}
FUN(missing, x) { return asm_missing() + x; }
FUN(function, x) { return asm_function(x); }
FUN(slot, x) { return asm_slot() + x + (table_end[-1] - 4); }
MODULE(EXPORT(MP_QSTR_several, several) EXPORT(MP_QSTR_backwards, backwards)
           EXPORT(MP_QSTR_stores, stores) EXPORT(MP_QSTR_number, number)
               EXPORT(MP_QSTR_missing, missing) EXPORT(MP_QSTR_function, function)
                   EXPORT(MP_QSTR_slot, slot))
#endif
