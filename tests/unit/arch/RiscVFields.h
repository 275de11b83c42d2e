// SPDX-License-Identifier: MIT
// The relocations of RISC-V code that modules can have. Instructions are those of GNU as 2.40 and
// llvm-mc 19, which agree.
#pragma once

#include "ArchTests.h"

#include "llvm/BinaryFormat/ELF.h"

namespace archtest::riscv {

using namespace llvm::ELF;

/// The upper of two parts is rounded, because the lower one is signed.
constexpr int64_t rounding = 0x800;
constexpr uint64_t maskB = 0xfe000f80, maskJ = 0xfffff000, maskU = 0xfffff000, maskI = 0xfff00000,
                   maskS = 0xfe000f80, maskCall = uint64_t(0xffe00000) << 32 | maskU;

inline std::vector<Field> fieldsOf(unsigned wordSize) {
  const bool is64 = wordSize == 8;
  // Two instructions reach all of a 32-bit address space.
  const int64_t pairMin = is64 ? min32 - rounding : 0, pairMax = is64 ? max32 - rounding : 0;
  std::vector<Field> fields = {
      {R_RISCV_NONE, Need::Nothing, 0, "00", 0, 0},
      {R_RISCV_32, is64 ? Need::Constant : Need::Absolute, S + A, "00000000", 0, mask32, min32,
       maxUnsigned32},
      // beq a0, a1, .
      {R_RISCV_BRANCH, Need::Branch, S + A - P, "6300b500", 0, maskB, -4096, 4094, 2},
      // c.nop; jal ra, .
      {R_RISCV_JAL, Need::Branch, S + A - P, "0100 ef000000", 2, maskJ, -0x100000, 0xffffe, 2},
      // auipc ra, 0; jalr ra, 0(ra)
      {R_RISCV_CALL, Need::Branch, S + A - P, "97000000 e7800000", 0, maskCall, pairMin,
       is64 ? pairMax - 1 : 0, 2, 0, 32},
      // c.nop; auipc t1, 0; jalr zero, 0(t1)
      {R_RISCV_CALL_PLT, Need::Branch, S + A - P, "0100 17030000 67000300", 2, maskCall, pairMin,
       is64 ? pairMax - 1 : 0, 2, 0, 32},
      // auipc a0, 0
      {R_RISCV_GOT_HI20, Need::GotSlotPc, GOT + G + A - P, "17050000", 0, maskU, pairMin, pairMax,
       1, 12, 20, rounding},
      {R_RISCV_PCREL_HI20, Need::PcHigh, S + A - P, "17050000", 0, maskU, pairMin, pairMax, 1, 12,
       20, rounding},
      // lw a1, 0(a0)
      {R_RISCV_PCREL_LO12_I, Need::PairedLow, 0, "83250500", 0, maskI, 0, 0, 1, 0, 12},
      // sw a1, 0(a0)
      {R_RISCV_PCREL_LO12_S, Need::PairedLow, 0, "2320b500", 0, maskS, 0, 0, 1, 0, 12},
      // lui a0, 0
      {R_RISCV_HI20, Need::High, S + A, "37050000", 0, maskU, pairMin, pairMax, 1, 12, 20,
       rounding},
      // addi a0, a0, 0
      {R_RISCV_LO12_I, Need::Low, S + A, "13050500", 0, maskI, 0, 0, 1, 0, 12},
      {R_RISCV_LO12_S, Need::Low, S + A, "2320b500", 0, maskS, 0, 0, 1, 0, 12},
      {R_RISCV_TLS_GOT_HI20, Need::GotSlotPc, GOT + G + A - P, "17050000", 0, maskU, pairMin,
       pairMax, 1, 12, 20, rounding},
      {R_RISCV_TLS_GD_HI20, Need::GotSlotPc, GOT + G + A - P, "17050000", 0, maskU, pairMin,
       pairMax, 1, 12, 20, rounding},
      {R_RISCV_TPREL_HI20, Need::High, S + A, "37050000", 0, maskU, pairMin, pairMax, 1, 12, 20,
       rounding},
      {R_RISCV_TPREL_LO12_I, Need::Low, S + A, "13050500", 0, maskI, 0, 0, 1, 0, 12},
      {R_RISCV_TPREL_LO12_S, Need::Low, S + A, "2320b500", 0, maskS, 0, 0, 1, 0, 12},
      // add a0, a0, tp; c.add a0, tp
      {R_RISCV_TPREL_ADD, Need::ThreadPointer, 0, "33054500", 0, 0},
      {R_RISCV_TPREL_ADD, Need::ThreadPointer, 0, "1295", 0, 0},
      {R_RISCV_ADD8, Need::Add, 0x12 + S + A, "12", 0, 0xff, 0, 0, 1, 0, 8},
      {R_RISCV_ADD16, Need::Add, 0x1234 + S + A, "3412", 0, 0xffff, 0, 0, 1, 0, 16},
      {R_RISCV_ADD32, Need::Add, 0x12345678 + S + A, "78563412", 0, mask32, 0, 0, 1, 0, 32},
      {R_RISCV_ADD64, Need::Add, 0x123456789 + S + A, "8967452301000000", 0, mask64, 0, 0, 1, 0,
       64},
      {R_RISCV_SUB8, Need::Subtract, 0x12 - (S + A), "12", 0, 0xff, 0, 0, 1, 0, 8},
      {R_RISCV_SUB16, Need::Subtract, 0x1234 - (S + A), "3412", 0, 0xffff, 0, 0, 1, 0, 16},
      {R_RISCV_SUB32, Need::Subtract, 0x12345678 - (S + A), "78563412", 0, mask32, 0, 0, 1, 0, 32},
      {R_RISCV_SUB64, Need::Subtract, 0x123456789 - (S + A), "8967452301000000", 0, mask64, 0, 0, 1,
       0, 64},
      {R_RISCV_GOT32_PCREL, Need::GotSlotPc, GOT + G + A - P, "00000000", 0, mask32, min32, max32},
      {R_RISCV_ALIGN, Need::Padding, 0, "0100", 0, 0},
      // c.beqz a0, .
      {R_RISCV_RVC_BRANCH, Need::Branch, S + A - P, "01c1", 0, 0x1c7c, -256, 254, 2},
      // c.j .
      {R_RISCV_RVC_JUMP, Need::Branch, S + A - P, "01a0", 0, 0x1ffc, -2048, 2046, 2},
      // c.lui a0, 1; the opcode's bit makes it c.li.
      {R_RISCV_RVC_LUI, Need::Constant, S + A, "0565", 0, 0x107c | 0x2000, -0x20000 - rounding,
       0x1ffff - rounding, 1, 12, 6, rounding},
      {R_RISCV_RELAX, Need::Nothing, 0, "00", 0, 0},
      {R_RISCV_SUB6, Need::Subtract, 0x12 - (S + A), "52", 0, 0x3f, 0, 0, 1, 0, 6},
      {R_RISCV_SET6, Need::Set, S + A, "40", 0, 0x3f, 0, 0, 1, 0, 6},
      {R_RISCV_SET8, Need::Set, S + A, "12", 0, 0xff, 0, 0, 1, 0, 8},
      {R_RISCV_SET16, Need::Set, S + A, "3412", 0, 0xffff, 0, 0, 1, 0, 16},
      {R_RISCV_SET32, Need::Set, S + A, "78563412", 0, mask32, 0, 0, 1, 0, 32},
      {R_RISCV_32_PCREL, Need::Difference, S + A - P, "00000000", 0, mask32, min32, max32},
      {R_RISCV_PLT32, Need::Branch, S + A - P, "00000000", 0, mask32, min32, max32},
      {R_RISCV_SET_ULEB128, Need::Set, S + A, "00", 0, 0x7f, 0, 0, 1, 0, 7},
      {R_RISCV_SUB_ULEB128, Need::Subtract, 0x12 - (S + A), "12", 0, 0x7f, 0, 0, 1, 0, 7},
  };
  if (is64)
    fields.push_back(
        {R_RISCV_64, Need::Absolute, S + A, "0000000000000000", 0, mask64, min64, max64});
  return fields;
}

/// On both word sizes.
inline const std::vector<Misfit> misfits = {
    {R_RISCV_BRANCH, 0, "ef000000", "jal ra, ."},
    {R_RISCV_BRANCH, 0, "13050500", "addi a0, a0, 0"},
    {R_RISCV_BRANCH, 2, "0100 01c10100", "c.beqz a0, .; c.nop"},
    {R_RISCV_JAL, 0, "6300b500", "beq a0, a1, ."},
    {R_RISCV_JAL, 0, "67800000", "jalr zero, 0(ra)"},
    {R_RISCV_JAL, 0, "01a00100", "c.j .; c.nop"},
    {R_RISCV_CALL, 0, "97000000 e7000300", "auipc ra, 0; jalr ra, 0(t1)"},
    {R_RISCV_CALL, 0, "37030000 67000300", "lui t1, 0; jalr zero, 0(t1)"},
    {R_RISCV_CALL, 0, "17050000 03250500", "auipc a0, 0; lw a0, 0(a0)"},
    {R_RISCV_CALL_PLT, 0, "97000000 e7000300", "auipc ra, 0; jalr ra, 0(t1)"},
    {R_RISCV_CALL_PLT, 0, "97000000 93800000", "auipc ra, 0; addi ra, ra, 0"},
    {R_RISCV_CALL_PLT, 0, "97000000 82900100", "auipc ra, 0; c.jalr ra; c.nop"},
    {R_RISCV_CALL_PLT, 2, "0100 ef000000 13000000", "jal ra, .; nop"},
    {R_RISCV_GOT_HI20, 0, "37050000", "lui a0, 0"},
    {R_RISCV_GOT_HI20, 0, "03250500", "lw a0, 0(a0)"},
    {R_RISCV_PCREL_HI20, 0, "37050000", "lui a0, 0"},
    {R_RISCV_PCREL_HI20, 0, "ef000000", "jal ra, ."},
    {R_RISCV_PCREL_LO12_I, 0, "2320b500", "sw a1, 0(a0)"},
    {R_RISCV_PCREL_LO12_I, 0, "17050000", "auipc a0, 0"},
    {R_RISCV_PCREL_LO12_I, 0, "3385b500", "add a0, a1, a1"},
    {R_RISCV_PCREL_LO12_I, 0, "13153500", "slli a0, a0, 3"},
    {R_RISCV_PCREL_LO12_I, 0, "13553540", "srai a0, a0, 3"},
    {R_RISCV_PCREL_LO12_I, 0, "07600502", "vle32.v v0, (a0)"},
    {R_RISCV_PCREL_LO12_I, 0, "08410100", "c.lw a0, 0(a0); c.nop"},
    {R_RISCV_PCREL_LO12_S, 0, "83250500", "lw a1, 0(a0)"},
    {R_RISCV_PCREL_LO12_S, 0, "6300b500", "beq a0, a1, ."},
    {R_RISCV_PCREL_LO12_S, 0, "27600502", "vse32.v v0, (a0)"},
    {R_RISCV_HI20, 0, "17050000", "auipc a0, 0"},
    {R_RISCV_HI20, 0, "05650100", "c.lui a0, 1; c.nop"},
    {R_RISCV_LO12_I, 0, "2320b500", "sw a1, 0(a0)"},
    {R_RISCV_LO12_I, 0, "13153500", "slli a0, a0, 3"},
    {R_RISCV_LO12_I, 0, "73000000", "ecall"},
    {R_RISCV_LO12_I, 0, "0f00f00f", "fence"},
    {R_RISCV_LO12_S, 0, "83250500", "lw a1, 0(a0)"},
    {R_RISCV_LO12_S, 0, "13050500", "addi a0, a0, 0"},
    {R_RISCV_TLS_GOT_HI20, 0, "37050000", "lui a0, 0"},
    {R_RISCV_TLS_GD_HI20, 0, "37050000", "lui a0, 0"},
    {R_RISCV_TPREL_HI20, 0, "17050000", "auipc a0, 0"},
    {R_RISCV_TPREL_LO12_I, 0, "2320b500", "sw a1, 0(a0)"},
    {R_RISCV_TPREL_LO12_S, 0, "83250500", "lw a1, 0(a0)"},
    {R_RISCV_TPREL_ADD, 0, "3305b500", "add a0, a0, a1"},
    {R_RISCV_TPREL_ADD, 0, "33054240", "sub a0, tp, tp"},
    {R_RISCV_TPREL_ADD, 0, "33054200", "add a0, tp, tp"},
    {R_RISCV_TPREL_ADD, 0, "13050200", "mv a0, tp"},
    {R_RISCV_RVC_BRANCH, 0, "01a0", "c.j ."},
    {R_RISCV_RVC_BRANCH, 0, "0100", "c.nop"},
    {R_RISCV_RVC_BRANCH, 0, "08c1", "c.sw a0, 0(a0)"},
    {R_RISCV_RVC_BRANCH, 0, "6300", "half of beq"},
    {R_RISCV_RVC_JUMP, 0, "01c1", "c.beqz a0, ."},
    {R_RISCV_RVC_JUMP, 0, "8280", "c.jr ra"},
    {R_RISCV_RVC_JUMP, 0, "ef00", "half of jal"},
    {R_RISCV_RVC_LUI, 0, "4161", "c.addi16sp sp, 16"},
    {R_RISCV_RVC_LUI, 0, "0560", "c.lui zero, 1"},
    {R_RISCV_RVC_LUI, 0, "0505", "c.addi a0, 1"},
    {R_RISCV_RVC_LUI, 0, "3705", "half of lui"},
    {R_RISCV_SET_ULEB128, 0, "80", "a number that does not end"},
    {R_RISCV_SUB_ULEB128, 2, "0000 808080", "a number that does not end"},
    {R_RISCV_SUB_ULEB128, 0, "8080808080808080808000", "more than 64 bits"},
};

} // namespace archtest::riscv
