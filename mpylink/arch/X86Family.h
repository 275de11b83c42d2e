// SPDX-License-Identifier: MIT
// What i386 and x86-64 share. Calls are `e8 rel32`, jumps `eb rel8` and `e9 rel32`; branch fields
// count from the end of the instruction.
#pragma once

#include "arch/Families.h"

#include <algorithm>

namespace mpylink::arch {

class X86Family : public Arch {
public:
  unsigned unaskedAlign() const override { return 32; }
  int64_t branchAddend(const RelocDesc &desc) const override { return -int64_t(desc.bytes); }
  void neutralise(const Fixup &fixup) const override;
  Bytes entryJump(int64_t distance, const abi::ArchInfo &target) const override;
  Bytes call(uint64_t from, uint64_t to, const abi::ArchInfo &target) const override;
  Result<ObjectAbi> objectAbi(uint32_t elfFlags, ByteView attributes) const override;
  std::string_view abiOptions() const override { return "-m32 or -m64"; }
  std::string mismatch(const ObjectAbi &object, const abi::ArchInfo &target) const override;

protected:
  constexpr static std::string_view adviceAbsolute =
      "a module is loaded at any address: compile with -fpic";
  constexpr static std::string_view notAnArgument =
      "the instruction is not the one that gets an argument of __tls_get_addr ready";
  /// Whether the bytes in front of a field are these.
  static bool endsWith(ByteView front, ByteView bytes) {
    return front.size() >= bytes.size() && std::ranges::equal(front.last(bytes.size()), bytes);
  }
};

} // namespace mpylink::arch
