// SPDX-License-Identifier: MIT
// The RISC-V instructions that references are made of, executed on a loaded module. Written from
// the RISC-V Instruction Set Manual, not from the linker's tables.
#pragma once

#include "Memory.h"

#include <map>

namespace linktest {

class RiscVCpu {
public:
  RiscVCpu(const Memory &memory, uint64_t pc) : memory(memory), pc(pc) {}

  /// Executes one instruction; branches are taken.
  void step() {
    const auto half = static_cast<uint32_t>(memory.read(pc, 2));
    if ((half & 3) == 3)
      return wide(static_cast<uint32_t>(memory.read(pc, 4)));
    narrow(half);
  }
  uint64_t get(unsigned number) const {
    CAPTURE(number);
    REQUIRE(registers.contains(number));
    return registers.at(number);
  }

  const Memory &memory;
  uint64_t pc;
  std::map<unsigned, uint64_t> registers; ///< With known values, without x0.
  uint64_t result = 0;                    ///< Of an addition, or the address of a load or store.

private:
  void set(unsigned number, uint64_t value) {
    if (number != 0)
      registers[number] = memory.wrap(value);
  }
  void jump(uint64_t target) { pc = memory.wrap(target); }

  void wide(uint32_t code) {
    const unsigned rd = code >> 7 & 31, rs1 = code >> 15 & 31, function = code >> 12 & 7;
    const auto upper = static_cast<uint64_t>(signExtend(code & 0xfffff000, 32));
    const auto immI = static_cast<uint64_t>(signExtend(code >> 20, 12));
    const auto immS = static_cast<uint64_t>(signExtend(code >> 25 << 5 | (code >> 7 & 31), 12));
    const auto immB = static_cast<uint64_t>(signExtend(
        (code >> 31) << 12 | (code >> 7 & 1) << 11 | (code >> 25 & 63) << 5 | (code >> 8 & 15) << 1,
        13));
    const auto immJ =
        static_cast<uint64_t>(signExtend((code >> 31) << 20 | (code >> 12 & 255) << 12 |
                                             (code >> 20 & 1) << 11 | (code >> 21 & 1023) << 1,
                                         21));
    const uint64_t here = pc;
    pc += 4;
    switch (code & 0x7f) {
    case 0x17: // auipc
      return set(rd, here + upper);
    case 0x37: // lui
      return set(rd, upper);
    case 0x13: // addi
      REQUIRE(function == 0);
      result = memory.wrap(get(rs1) + immI);
      return set(rd, result);
    case 0x03: { // lw, ld
      result = memory.wrap(get(rs1) + immI);
      REQUIRE((function == 2 || function == 3));
      registers.erase(rd);
      if (const unsigned bytes = 1u << function; memory.from(result).size() >= bytes)
        set(rd, static_cast<uint64_t>(memory.readSigned(result, bytes)));
      return;
    }
    case 0x23: // sw, sd
      result = memory.wrap(get(rs1) + immS);
      return;
    case 0x63: // beq, bne, ...
      return jump(here + immB);
    case 0x6f: // jal
      set(rd, pc);
      return jump(here + immJ);
    case 0x67: { // jalr
      const uint64_t target = (get(rs1) + immI) & ~uint64_t(1);
      set(rd, pc);
      return jump(target);
    }
    default:
      FAIL("instruction " << hex(code) << " at " << hex(here));
    }
  }

  void narrow(uint32_t code) {
    const auto bit = [&](unsigned from, unsigned to) { return (code >> from & 1) << to; };
    const uint64_t here = pc;
    pc += 2;
    if (code == 1) // c.nop
      return;
    if ((code & 0xf07f) == 0x8002) // c.jr
      return jump(get(code >> 7 & 31));
    switch (code & 0xe003) {
    case 0x2001: // c.jal, of 32-bit processors
      REQUIRE(memory.word == 4);
      set(1, pc);
      [[fallthrough]];
    case 0xa001: // c.j
      return jump(here + static_cast<uint64_t>(signExtend(bit(12, 11) | bit(11, 4) | bit(10, 9) |
                                                              bit(9, 8) | bit(8, 10) | bit(7, 6) |
                                                              bit(6, 7) | bit(5, 3) | bit(4, 2) |
                                                              bit(3, 1) | bit(2, 5),
                                                          12)));
    case 0xc001: // c.beqz
    case 0xe001: // c.bnez
      return jump(
          here + static_cast<uint64_t>(signExtend(bit(12, 8) | bit(11, 4) | bit(10, 3) | bit(6, 7) |
                                                      bit(5, 6) | bit(4, 2) | bit(3, 1) | bit(2, 5),
                                                  9)));
    case 0x4001: // c.li
      return set(code >> 7 & 31,
                 static_cast<uint64_t>(signExtend(bit(12, 5) | (code >> 2 & 31), 6)));
    case 0x6001: // c.lui
      return set(code >> 7 & 31,
                 static_cast<uint64_t>(signExtend((bit(12, 5) | (code >> 2 & 31)) << 12, 18)));
    default:
      FAIL("instruction " << hex(code) << " at " << hex(here));
    }
  }
};

/// What the instruction at `low` adds to the register that the one at `high` sets, which may be a
/// jump to a detour. No other register changes.
inline uint64_t pairValue(const Memory &memory, uint64_t high, uint64_t low) {
  RiscVCpu cpu(memory, high);
  constexpr int most = 4; // Of a detour.
  for (int i = 0; i < most && (i == 0 || cpu.pc != high + 4); ++i)
    cpu.step();
  REQUIRE(cpu.pc == high + 4);
  CHECK(cpu.registers.size() == 1);
  cpu.pc = low;
  cpu.step();
  return cpu.result;
}

/// Where `steps` instructions lead.
inline uint64_t riscVJump(const Memory &memory, uint64_t place, int steps) {
  RiscVCpu cpu(memory, place);
  for (int i = 0; i < steps; ++i)
    cpu.step();
  return cpu.pc;
}

/// Where the stub at `place` leads.
inline uint64_t riscVStub(const Memory &memory, uint64_t place) {
  RiscVCpu cpu(memory, place);
  for (int i = 0; i < 3; ++i)
    cpu.step();
  CHECK(cpu.registers.size() == 1); // Of the processor's state only t1 changes.
  CHECK(cpu.registers.contains(6));
  return cpu.pc;
}

} // namespace linktest
