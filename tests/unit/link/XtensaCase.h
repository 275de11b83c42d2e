// SPDX-License-Identifier: MIT
// Links of Xtensa code and its literals.
#pragma once

#include "Reach.h"

namespace linktest {

/// l32r a5; call8; call0; j; beqz a5; ret
constexpr std::string_view l32r{"\x51\0\0", 3}, call8{"\x25\0\0", 3}, call0{"\x05\0\0", 3},
    jump{"\x06\0\0", 3}, beqz{"\x16\x05\0", 3}, xtensaRet{"\x80\0\0", 3};

inline Bytes xtensaCode(std::initializer_list<std::string_view> instructions, size_t size = 0) {
  Bytes bytes;
  for (std::string_view instruction : instructions)
    bytes.insert(bytes.end(), instruction.begin(), instruction.end());
  bytes.resize(std::max(bytes.size(), size));
  return bytes;
}

class XtensaCase {
public:
  explicit XtensaCase(std::initializer_list<std::string_view> code, size_t size = 0,
                      std::string_view arch = "xtensa")
      : link(arch), a(link.object()), section(a.entry(xtensaCode(code, size), 4)) {}

  uint32_t literals(ObjectBuilder &object, size_t words, const std::string &name = ".literal") {
    return object.section(name, codeFlags, Bytes(4 * words), 4);
  }
  uint32_t literals(size_t words, const std::string &name = ".literal") {
    return literals(a, words, name);
  }
  void load(uint64_t offset, uint32_t symbol, int64_t addend = 0) {
    a.reloc(section, offset, R_XTENSA_SLOT0_OP, symbol, addend);
  }
  uint64_t address(const Memory &memory, uint32_t object, uint32_t index, uint64_t offset = 0) {
    const Segment segment = link.segment(object, index);
    return (segment == Segment::Text     ? memory.bases.text
            : segment == Segment::Rodata ? memory.image.rodata
                                         : memory.image.bss) +
           link.address(object, index) + offset;
  }
  /// What an instruction loads, or where it leads, in two loads.
  template <class Expected>
  void reach(uint32_t object, uint32_t index, uint64_t offset, Expected expected) {
    for (const loader::Bases &bases : {lowBases, highBases}) {
      const Memory memory(link.linked().module, bases);
      CAPTURE(object, index, offset, bases.text);
      CHECK(memory.wrap(xtensaReached(memory, address(memory, object, index, offset))) ==
            memory.wrap(expected(memory)));
    }
  }
  size_t literalChunks() {
    return static_cast<size_t>(
        std::ranges::count(link.program().chunks, Content::Literal, &Chunk::content));
  }

  Case link;
  ObjectBuilder &a;
  uint32_t section;
};

} // namespace linktest
