// SPDX-License-Identifier: MIT
// Build attributes of real objects with each byte changed to each value, and cut off at each place.
#pragma once

#include "ArchTests.h"

namespace archtest {

/// Reads every damaged form of a section of build attributes, none of which may do harm, and counts
/// those that are refused. Every refusal needs a reason.
inline size_t refusedDamage(const arch::Arch &arch, const abi::ArchInfo &target,
                            const Bytes &whole) {
  size_t refused = 0;
  const auto read = [&](const Bytes &bytes) {
    const Result<arch::ObjectAbi> abi = arch.objectAbi(0, bytes);
    if (abi) {
      (void)arch.mismatch(*abi, target);
      (void)arch.caution(*abi, target);
      return;
    }
    ++refused;
    if (abi.failure().text.empty())
      FAIL("no reason for " << toHex(bytes));
  };
  for (size_t at = 0; at < whole.size(); ++at)
    for (unsigned value = 0; value < 256; ++value) {
      Bytes damaged = whole;
      damaged[at] = static_cast<uint8_t>(value);
      read(damaged);
    }
  // Cut off, with lengths that agree: the last attribute is what is incomplete. The vendors' names
  // of Arm and RISC-V have equal lengths, so their sections are alike.
  constexpr size_t sectionAt = 1, fileAt = 11, firstTag = 16;
  for (size_t size = firstTag; size < whole.size(); ++size) {
    Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    writeLe(ByteSpan(cut).subspan(sectionAt), static_cast<uint32_t>(size - sectionAt));
    writeLe(ByteSpan(cut).subspan(fileAt + 1), static_cast<uint32_t>(size - fileAt));
    read(cut);
  }
  return refused;
}

} // namespace archtest
