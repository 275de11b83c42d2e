// SPDX-License-Identifier: MIT
// What the fields of a loaded module's relocations reach. Written from the processors' manuals, not
// from the linker's tables.
#pragma once

#include "RiscVCpu.h"
#include "XtensaCode.h"

namespace linktest {

/// The displacement of a Thumb branch, as encoded.
inline int64_t thumbDistance(ByteView at, uint32_t type) {
  const uint32_t hi = readLe<uint16_t>(at);
  if (type == R_ARM_THM_JUMP11)
    return signExtend(hi, 11) * 2;
  if (type == R_ARM_THM_JUMP8)
    return signExtend(hi, 8) * 2;
  const uint32_t lo = readLe<uint16_t>(at.subspan(2));
  const uint64_t s = hi >> 10 & 1, j1 = lo >> 13 & 1, j2 = lo >> 11 & 1, low = (lo & 0x7ff) * 2;
  if (type == R_ARM_THM_JUMP19)
    return signExtend(s << 20 | j2 << 19 | j1 << 18 | uint64_t(hi & 0x3f) << 12 | low, 21);
  const uint64_t i1 = j1 == s, i2 = j2 == s;
  return signExtend(s << 24 | i1 << 23 | i2 << 22 | uint64_t(hi & 0x3ff) << 12 | low, 25);
}

/// Where the jump at the start of a text leads.
inline int64_t jumpTarget(ByteView text, uint16_t machine) {
  if (machine == EM_XTENSA)
    return 4 + signExtend(readUint(text.first(3)) >> 6, 18);
  if (machine != EM_ARM)
    return text[0] == 0xeb ? 2 + static_cast<int8_t>(text[1])      // jmp rel8
                           : 5 + readLe<int32_t>(text.subspan(1)); // jmp rel32
  const auto half = readLe<uint16_t>(text);
  if (half == 0xb508) { // push {r3, lr}; bl; pop {r3, pc}
    CHECK(readLe<uint16_t>(text.subspan(6)) == 0xbd08);
    return 2 + 4 + thumbDistance(text.subspan(2), R_ARM_THM_CALL);
  }
  return 4 + thumbDistance(text, half >> 11 == 0x1c ? R_ARM_THM_JUMP11 : R_ARM_THM_JUMP24);
}

/// The address that the field at `place` reaches, less its addend: its symbol. `got` is the GOT's.
/// Of two instructions for the parts of an address, `place` is that of the lower part and `high`
/// that of the upper part, and `type` is the upper part's.
inline uint64_t reached(const Memory &memory, uint16_t machine, uint32_t type, uint64_t place,
                        int64_t addend, uint64_t got, uint64_t high = 0) {
  const auto field = [&](unsigned bytes) {
    return static_cast<uint64_t>(memory.readSigned(place, bytes) - addend);
  };
  const auto slot = [&](uint64_t address) {
    CHECK(memory.inText(memory.wrap(address)));
    return memory.read(memory.wrap(address), memory.word);
  };
  const auto pick = [&]() -> uint64_t {
    if (machine == EM_X86_64)
      switch (type) {
      case R_X86_64_64:
        return field(8);
      case R_X86_64_32:
      case R_X86_64_32S:
        return field(4);
      case R_X86_64_PC8:
        return field(1) + place;
      case R_X86_64_PC16:
        return field(2) + place;
      case R_X86_64_PC32:
      case R_X86_64_PLT32:
      case R_X86_64_GOTPC32:
        return field(4) + place;
      case R_X86_64_PC64:
      case R_X86_64_GOTPC64:
        return field(8) + place;
      case R_X86_64_GOTPCREL:
      case R_X86_64_GOTPCRELX:
      case R_X86_64_REX_GOTPCRELX:
        return slot(field(4) + place);
      case R_X86_64_GOTPCREL64:
        return slot(field(8) + place);
      case R_X86_64_GOT32:
        return slot(field(4) + got);
      case R_X86_64_GOT64:
      case R_X86_64_GOTPLT64:
        return slot(field(8) + got);
      case R_X86_64_GOTOFF64:
      case R_X86_64_PLTOFF64:
        return field(8) + got;
      }
    if (machine == EM_386)
      switch (type) {
      case R_386_32:
        return field(4);
      case R_386_PC8:
        return field(1) + place;
      case R_386_PC16:
        return field(2) + place;
      case R_386_PC32:
      case R_386_PLT32:
      case R_386_GOTPC:
        return field(4) + place;
      case R_386_GOT32:
      case R_386_GOT32X:
        return slot(field(4) + got);
      case R_386_GOTOFF:
        return field(4) + got;
      }
    if (machine == EM_ARM)
      switch (type) {
      case R_ARM_ABS32:
      case R_ARM_TARGET1:
        return field(4);
      case R_ARM_REL32:
      case R_ARM_TARGET2:
      case R_ARM_BASE_PREL:
        return field(4) + place;
      case R_ARM_GOTOFF32:
        return field(4) + got;
      case R_ARM_GOT_BREL:
        return slot(field(4) + got);
      case R_ARM_GOT_PREL:
        return slot(field(4) + place);
      case R_ARM_GOT_ABS:
        return slot(field(4));
      case R_ARM_THM_CALL:
      case R_ARM_THM_JUMP24:
      case R_ARM_THM_JUMP19:
      case R_ARM_THM_JUMP11:
      case R_ARM_THM_JUMP8:
        return static_cast<uint64_t>(thumbDistance(memory.from(place), type) - addend) + place;
      }
    if (machine == EM_RISCV)
      switch (type) {
      case R_RISCV_32:
        return field(4);
      case R_RISCV_64:
        return field(8);
      case R_RISCV_32_PCREL:
      case R_RISCV_PLT32:
        return field(4) + place;
      case R_RISCV_GOT32_PCREL:
        return slot(field(4) + place);
      case R_RISCV_BRANCH:
      case R_RISCV_JAL:
      case R_RISCV_RVC_BRANCH:
      case R_RISCV_RVC_JUMP:
        return riscVJump(memory, place, 1) - static_cast<uint64_t>(addend);
      case R_RISCV_CALL:
      case R_RISCV_CALL_PLT:
        return riscVJump(memory, place, 2) - static_cast<uint64_t>(addend);
      case R_RISCV_PCREL_HI20:
      case R_RISCV_HI20:
        return pairValue(memory, high, place) - static_cast<uint64_t>(addend);
      case R_RISCV_GOT_HI20:
        return slot(pairValue(memory, high, place));
      }
    if (machine == EM_XTENSA)
      switch (type) {
      case R_XTENSA_32:
      case R_XTENSA_PLT:
        return field(4);
      case R_XTENSA_32_PCREL:
        return field(4) + place;
      case R_XTENSA_SLOT0_OP:
        return xtensaReached(memory, place) - static_cast<uint64_t>(addend);
      }
    FAIL("no formula for relocation type " << type);
    return 0;
  };
  return memory.wrap(pick());
}

/// Where the stub at `code` jumps to; 0 when there is no stub.
inline uint64_t stubTarget(const Memory &memory, uint16_t machine, uint64_t code) {
  if (machine == EM_RISCV)
    return riscVStub(memory, code);
  if (machine == EM_XTENSA)
    return xtensaStub(memory, code);
  if (machine == EM_X86_64 && memory.read(code, 2) == 0x25ff) // jmp *distance(%rip)
    return memory.read(code + 6 + static_cast<uint64_t>(memory.readSigned(code + 2, 4)), 8);
  if (machine == EM_386) {
    while (memory.read(code, 1) == 0x90)
      ++code;
    if (memory.read(code, 1) == 0xb8 && memory.read(code + 5, 2) == 0xe0ff) // mov; jmp *eax
      return memory.read(code + 1, 4);
  }
  if (machine == EM_ARM && memory.read(code, 4) == 0xf000f8df) // ldr.w pc, [pc]
    return memory.read((code + 4) & ~uint64_t(3), 4);
  // push {r0, r1}; ldr r0, [pc, #4]; str r0, [sp, #4]; pop {r0, pc}
  if (machine == EM_ARM && memory.read(code, 8) == 0xbd0190014801b403)
    return memory.read(((code + 2 + 4) & ~uint64_t(3)) + 4, 4);
  return 0;
}

} // namespace linktest
