// SPDX-License-Identifier: MIT
// Code for the tests of addresses in two RISC-V instructions, and checks of what they reach.
#pragma once

#include "Reach.h"

namespace linktest {

/// Instructions on a0, with 0 in their fields.
constexpr uint32_t auipcA0 = 0x00000517, luiA0 = 0x00000537, addiA1A0 = 0x00050593,
                   lwA1A0 = 0x00052583, swA1A0 = 0x00b52023, ret = 0x00008067;

inline Bytes words(const std::vector<uint32_t> &values) {
  Bytes bytes(values.size() * 4);
  for (size_t i = 0; i < values.size(); ++i)
    writeLe(ByteSpan(bytes).subspan(i * 4), values[i]);
  return bytes;
}

/// A link of one object whose entry function has the instructions of a test.
class RiscVCase {
public:
  explicit RiscVCase(const std::vector<uint32_t> &code, std::string_view arch = "rv32imc")
      : link(arch), a(link.object()), section(a.entry(words(code), 4)) {}

  /// An upper part at `offset` of the entry function; returns the label for lower parts.
  uint32_t pcHigh(uint64_t offset, uint32_t symbol, int64_t addend = 0) {
    a.reloc(section, offset, R_RISCV_PCREL_HI20, symbol, addend);
    return a.define(".L" + std::to_string(offset), section, offset, local);
  }
  void pcLow(uint64_t offset, uint32_t label, int64_t addend = 0, bool isStore = false) {
    a.reloc(section, offset, isStore ? R_RISCV_PCREL_LO12_S : R_RISCV_PCREL_LO12_I, label, addend);
  }
  void high(uint64_t offset, uint32_t symbol, int64_t addend = 0) {
    a.reloc(section, offset, R_RISCV_HI20, symbol, addend);
  }
  void low(uint64_t offset, uint32_t symbol, int64_t addend = 0) {
    a.reloc(section, offset, R_RISCV_LO12_I, symbol, addend);
  }

  uint64_t address(const Memory &memory, uint32_t index, uint64_t offset = 0) {
    const Segment segment = link.segment(0, index);
    return (segment == Segment::Text     ? memory.bases.text
            : segment == Segment::Rodata ? memory.image.rodata
                                         : memory.image.bss) +
           link.address(0, index) + offset;
  }
  /// Checks in two loads what the instructions at two places of the entry function reach.
  template <class Expected> void reach(uint64_t high, uint64_t low, Expected expected) {
    for (const loader::Bases &bases : {lowBases, highBases}) {
      const Memory memory(link.linked().module, bases);
      CAPTURE(high, low, bases.text);
      CHECK(pairValue(memory, address(memory, section, high), address(memory, section, low)) ==
            memory.wrap(expected(memory)));
    }
  }
  /// The instruction at an offset of the entry function in the file.
  uint32_t code(uint64_t offset) {
    return readLe<uint32_t>(ByteView(link.image().text).subspan(link.address(0, section) + offset));
  }
  /// "id: text" of the only problem.
  std::string problem() {
    link.plan();
    if (!link.diag.hasErrors())
      link.image();
    INFO(messages(link.diag));
    REQUIRE(link.diag.all().size() == 1);
    const Diagnostic &only = link.diag.all().front();
    return std::string(only.id) + ": " + only.text;
  }

  Case link;
  ObjectBuilder &a;
  uint32_t section;
};

} // namespace linktest
