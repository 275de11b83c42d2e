// SPDX-License-Identifier: MIT
// The relocation types of random objects: how each reaches its symbol, which instructions it fits,
// and which bits of them it changes.
#pragma once

#include "Build.h"

namespace linktest {

/// How a relocation type reaches its symbol.
enum class Way {
  Word,
  Difference,
  Branch,
  NearBranch, ///< Within a section.
  GotDifference,
  GotBase,
  Slot,
  SlotPc,
  SlotWord,
  PcPair,   ///< Two instructions with the parts of a distance.
  Pair,     ///< Of an address.
  SlotPair, ///< Of the distance of a GOT slot.
  Sum,      ///< A distance, added up.
  Literal   ///< A load of a word in front of the code.
};

struct RandomType {
  uint32_t type;
  Way way;
  unsigned bytes;
};

/// The last one can tell where the GOT is.
inline const std::vector<RandomType> &randomTypes(const arch::Arch &arch) {
  static const std::vector<RandomType> x64 = {
      {R_X86_64_64, Way::Word, 8},         {R_X86_64_64, Way::Word, 8},
      {R_X86_64_PC32, Way::Difference, 4}, {R_X86_64_PC64, Way::Difference, 8},
      {R_X86_64_PLT32, Way::Branch, 4},    {R_X86_64_GOTOFF64, Way::GotDifference, 8},
      {R_X86_64_GOT32, Way::Slot, 4},      {R_X86_64_GOT64, Way::Slot, 8},
      {R_X86_64_GOTPCREL, Way::SlotPc, 4}, {R_X86_64_REX_GOTPCRELX, Way::SlotPc, 4},
      {R_X86_64_GOTPC32, Way::GotBase, 4}};
  static const std::vector<RandomType> x86 = {
      {R_386_32, Way::Word, 4},      {R_386_32, Way::Word, 4},
      {R_386_32, Way::Word, 4},      {R_386_PC32, Way::Difference, 4},
      {R_386_PLT32, Way::Branch, 4}, {R_386_GOTOFF, Way::GotDifference, 4},
      {R_386_GOT32, Way::Slot, 4},   {R_386_GOT32X, Way::Slot, 4},
      {R_386_GOTPC, Way::GotBase, 4}};
  static const std::vector<RandomType> thumb = {
      {R_ARM_ABS32, Way::Word, 4},        {R_ARM_ABS32, Way::Word, 4},
      {R_ARM_REL32, Way::Difference, 4},  {R_ARM_THM_CALL, Way::Branch, 4},
      {R_ARM_THM_JUMP24, Way::Branch, 4}, {R_ARM_GOTOFF32, Way::GotDifference, 4},
      {R_ARM_GOT_BREL, Way::Slot, 4},     {R_ARM_GOT_PREL, Way::SlotPc, 4},
      {R_ARM_GOT_ABS, Way::SlotWord, 4},  {R_ARM_BASE_PREL, Way::GotBase, 4}};
  static const std::vector<RandomType> xtensa = {
      {R_XTENSA_32, Way::Word, 4},          {R_XTENSA_32_PCREL, Way::Difference, 4},
      {R_XTENSA_SLOT0_OP, Way::Branch, 3},  {R_XTENSA_SLOT0_OP, Way::NearBranch, 3},
      {R_XTENSA_SLOT0_OP, Way::Literal, 3}, {R_XTENSA_SLOT0_OP, Way::Literal, 3},
      {R_XTENSA_SLOT0_OP, Way::Literal, 3}, {R_XTENSA_32, Way::Word, 4}};
  const auto riscV = [](RandomType word) {
    return std::vector<RandomType>{word,
                                   {R_RISCV_32_PCREL, Way::Difference, 4},
                                   {R_RISCV_CALL_PLT, Way::Branch, 8},
                                   {R_RISCV_JAL, Way::Branch, 4},
                                   {R_RISCV_BRANCH, Way::NearBranch, 4},
                                   {R_RISCV_RVC_JUMP, Way::NearBranch, 2},
                                   {R_RISCV_GOT32_PCREL, Way::SlotPc, 4},
                                   {R_RISCV_GOT_HI20, Way::SlotPair, 4},
                                   {R_RISCV_HI20, Way::Pair, 4},
                                   {R_RISCV_HI20, Way::Pair, 4},
                                   {R_RISCV_HI20, Way::Pair, 4},
                                   {R_RISCV_PCREL_HI20, Way::PcPair, 4},
                                   {R_RISCV_ADD32, Way::Sum, 4},
                                   word,
                                   {R_RISCV_PCREL_HI20, Way::PcPair, 4}};
  };
  static const std::vector<RandomType> riscV32 = riscV({R_RISCV_32, Way::Word, 4});
  static const std::vector<RandomType> riscV64 = riscV({R_RISCV_64, Way::Word, 8});
  return &arch == &arch::x64()       ? x64
         : &arch == &arch::x86()     ? x86
         : &arch == &arch::thumb()   ? thumb
         : &arch == &arch::xtensa()  ? xtensa
         : &arch == &arch::riscv32() ? riscV32
                                     : riscV64;
}

inline bool isPair(Way way) {
  return way == Way::PcPair || way == Way::Pair || way == Way::SlotPair;
}

/// Whether only instructions can have relocations of that type.
inline bool needsCode(uint16_t machine, Way way) {
  return (machine == EM_RISCV || machine == EM_XTENSA) &&
         (way == Way::Branch || way == Way::NearBranch || way == Way::Literal || isPair(way));
}

/// A RISC-V instruction for the lower part of an address, and the bits that hold it.
struct LowPart {
  uint32_t code, mask;
  bool isStore;
};
inline LowPart lowPart(uint32_t kind, uint32_t base, uint32_t other) {
  constexpr uint32_t maskI = 0xfff00000, maskS = 0xfe000f80;
  const uint32_t from = base << 15;
  switch (kind) {
  case 0:
    return {0x0013 | from | other << 7, maskI, false}; // addi
  case 1:
    return {0x2003 | from | other << 7, maskI, false}; // lw
  default:
    return {0x2023 | from | other << 20, maskS, true}; // sw
  }
}

/// An instruction that a branch or a load of a literal fits, and the bits that hold the distance.
/// `random` chooses registers. Without one, the field is all of `bytes`.
struct FieldCode {
  uint64_t code = 0, mask = ~uint64_t(0);
};
inline FieldCode fieldCode(const RandomType &type, const abi::ArchInfo &target, uint32_t random) {
  const uint64_t rd = (random & 31) << 7;
  switch (target.elfMachine) {
  case EM_ARM:
    if (type.way == Way::Branch)
      return {type.type == R_ARM_THM_CALL ? 0xd000f000 : 0x9000f000, 0x2fff07ff};
    break;
  case EM_RISCV:
    switch (type.type) {
    case R_RISCV_CALL_PLT: // auipc t0; jalr rd, t0
      return {0x00000297 | (0x00028067 | rd) << 32, 0xfff00000fffff000};
    case R_RISCV_JAL:
      return {0x6f | rd, 0xfffff000};
    case R_RISCV_BRANCH: // blt
      return {0x4063 | uint64_t(random & 0x3ff) << 15, 0xfe000f80};
    case R_RISCV_RVC_JUMP:
      return {0xa001, 0x1ffc};
    }
    break;
  case EM_XTENSA: {
    const uint64_t call = target.name == "xtensawin" ? 0x25 : 0x05, reg = random & 15;
    if (type.way == Way::Branch)
      return {random & 16 ? call : 0x06, 0xffffc0};
    if (type.way == Way::NearBranch) // beqz
      return {0x16 | reg << 8, 0xfff000};
    if (type.way == Way::Literal)
      return {0x01 | reg << 4, 0xffff00};
    break;
  }
  }
  return {};
}

} // namespace linktest
