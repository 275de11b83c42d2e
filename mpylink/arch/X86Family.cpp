// SPDX-License-Identifier: MIT
#include "arch/X86Family.h"

namespace mpylink::arch {

void X86Family::neutralise(const Fixup &fixup) const {
  // A call would push a return address that nobody pops: `test eax, imm32` has its length and
  // leaves every register alone. A tail call falls through to the next instruction. Data is no
  // call: only an instruction's field counts from its own end.
  constexpr uint8_t call = 0xe8, testEax = 0xa9;
  if (fixup.A == -4 && fixup.offset > 0 && fixup.section[fixup.offset - 1] == call)
    fixup.section[fixup.offset - 1] = testEax;
  writeUint(fixup.at(), 0);
}

Bytes X86Family::entryJump(int64_t distance, const abi::ArchInfo &) const {
  if (fitsSigned(distance - 2, 8))
    return {0xeb, static_cast<uint8_t>(distance - 2)};
  if (!fitsSigned(distance - 5, 32))
    return {};
  Bytes jump = {0xe9, 0, 0, 0, 0};
  writeLe<int32_t>(ByteSpan(jump).subspan(1), static_cast<int32_t>(distance - 5));
  return jump;
}

Bytes X86Family::call(uint64_t from, uint64_t to, const abi::ArchInfo &) const {
  Bytes call = {0xe8, 0, 0, 0, 0};
  const auto distance = static_cast<int64_t>(to - from - call.size());
  if (!fitsSigned(distance, 32))
    return {};
  writeLe<int32_t>(ByteSpan(call).subspan(1), static_cast<int32_t>(distance));
  return call;
}

Result<ObjectAbi> X86Family::objectAbi(uint32_t, ByteView) const { return ObjectAbi{}; }

std::string X86Family::mismatch(const ObjectAbi &, const abi::ArchInfo &) const { return {}; }

} // namespace mpylink::arch
