// SPDX-License-Identifier: MIT
// What all architectures share: look-up, the psABI formulas, plain little-endian fields, range
// checks.
#include "arch/Families.h"

#include "llvm/BinaryFormat/ELF.h"

#include <algorithm>

namespace mpylink::arch {

int64_t Arch::addendAt(const RelocDesc &desc, ByteView at) const {
  return desc.bytes == 0 ? 0 : signExtend(readUint(at), desc.bytes * 8u);
}

std::string_view Arch::misfit(const RelocDesc &, ByteView, size_t) const { return {}; }

int64_t Arch::value(const Fixup &f) const {
  switch (f.desc.need) {
  case Need::Absolute:
  case Need::Constant:
    return f.S + f.A;
  case Need::Difference:
  case Need::Branch:
    return f.S + f.A - f.P;
  case Need::GotDifference:
    return f.S + f.A - f.GOT;
  case Need::GotBase:
    return f.GOT + f.A - f.P;
  case Need::GotSlot:
    return f.G + f.A;
  case Need::GotSlotPc:
    return f.GOT + f.G + f.A - f.P;
  case Need::GotSlotWord:
    return f.GOT + f.G + f.A;
  case Need::Size:
    return f.Z + f.A;
  case Need::Nothing:
  case Need::Refused:
    break;
  }
  return 0;
}

void Arch::encode(const Fixup &fixup, int64_t value) const {
  writeUint(fixup.at(), static_cast<uint64_t>(value));
}

const Arch *find(uint16_t elfMachine, unsigned wordSize) {
  using namespace llvm::ELF;
  if (elfMachine == EM_386 && wordSize == 4)
    return &x86();
  if (elfMachine == EM_X86_64 && wordSize == 8)
    return &x64();
  if (elfMachine == EM_ARM && wordSize == 4)
    return &thumb();
  return nullptr;
}

const RelocDesc *findReloc(const Arch &arch, uint32_t type) {
  const auto rows = arch.relocs();
  const auto found = std::ranges::lower_bound(rows, type, {}, &RelocDesc::type);
  return found != rows.end() && found->type == type ? &*found : nullptr;
}

std::string outOfRange(const RelocDesc &desc, int64_t value) {
  if (value % desc.align != 0)
    return "value " + std::to_string(value) + " is not a multiple of " + std::to_string(desc.align);
  const unsigned bits = desc.bits;
  if (bits == 0 || bits >= 64)
    return {};
  const bool asSigned = fitsSigned(value, bits), asUnsigned = fitsUnsigned(value, bits);
  const bool fits = desc.range == Range::Signed     ? asSigned
                    : desc.range == Range::Unsigned ? asUnsigned
                                                    : asSigned || asUnsigned;
  if (fits)
    return {};
  const int64_t low = desc.range == Range::Unsigned ? 0 : -(int64_t(1) << (bits - 1));
  const int64_t high = (int64_t(1) << (desc.range == Range::Signed ? bits - 1 : bits)) - desc.align;
  return "value " + std::to_string(value) + " is out of range [" + std::to_string(low) + ", " +
         std::to_string(high) + "]";
}

} // namespace mpylink::arch
