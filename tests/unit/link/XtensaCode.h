// SPDX-License-Identifier: MIT
// The Xtensa instructions that references are made of. Written from the Instruction Set
// Architecture Reference Manual, not from the linker's tables.
#pragma once

#include "Memory.h"

namespace linktest {

inline uint64_t xtensaSigned(uint64_t code, unsigned shift, unsigned bits) {
  return static_cast<uint64_t>(signExtend(code >> shift, bits));
}

/// The address of the literal that the l32r at `place` loads.
inline uint64_t xtensaLiteral(const Memory &memory, uint64_t place) {
  const uint64_t code = memory.read(place, 3);
  REQUIRE((code & 0xf) == 1);
  const uint64_t distance = (code >> 8 | 0xffff0000) << 2; // Ones in front.
  return memory.wrap(((place + 3) & ~uint64_t(3)) + distance);
}

/// What the instruction at `place` loads, or where it leads.
inline uint64_t xtensaReached(const Memory &memory, uint64_t place) {
  const uint64_t code = memory.read(place, 3);
  switch (code & 0xf) {
  case 1: { // l32r
    const uint64_t literal = xtensaLiteral(memory, place);
    CHECK(literal < place);
    CHECK(memory.inText(literal));
    return memory.read(literal, 4);
  }
  case 5: // call0, call4, call8, call12
    return (place & ~uint64_t(3)) + 4 + (xtensaSigned(code, 6, 18) << 2);
  case 6:
    if ((code & 0x3f) == 6) // j
      return place + 4 + xtensaSigned(code, 6, 18);
    if ((code & 0x3f) == 0x16) // beqz, bnez, bltz, bgez
      return place + 4 + xtensaSigned(code, 12, 12);
    break;
  }
  FAIL("instruction " << hex(code) << " at " << hex(place));
  return 0;
}

/// Where the stub at `place` leads.
inline uint64_t xtensaStub(const Memory &memory, uint64_t place) {
  CHECK((memory.read(place, 3) & 0xff) == 0x91); // l32r a9
  CHECK(memory.read(place + 3, 3) == 0x0009a0);  // jx a9
  return memory.read(xtensaLiteral(memory, place), 4);
}

} // namespace linktest
