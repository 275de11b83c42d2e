// SPDX-License-Identifier: MIT
// What all architectures share: look-up, the psABI formulas, plain little-endian fields, range
// checks.
#include "arch/Families.h"

#include "llvm/BinaryFormat/ELF.h"

#include <algorithm>

namespace mpylink::arch {

const RelocDesc *Arch::rowAt(uint32_t type, ByteView) const { return findReloc(*this, type); }

int64_t Arch::addendAt(const RelocDesc &desc, ByteView at) const {
  return desc.bytes == 0 ? 0 : signExtend(readUint(at), desc.bytes * 8u);
}

std::string_view Arch::misfit(const RelocDesc &, ByteView, size_t) const { return {}; }

int64_t Arch::value(const Fixup &f) const {
  // Unsigned, because an object may hold any addend.
  const uint64_t S = f.S, A = f.A, P = f.P, G = f.G, GOT = f.GOT, Z = f.Z;
  uint64_t value = 0;
  switch (f.desc.need) {
  case Need::Absolute:
  case Need::Constant:
  case Need::Low:
    value = S + A;
    break;
  case Need::Difference:
  case Need::Branch:
  case Need::Direct:
  case Need::PcHigh:
  case Need::High:
    value = f.absolute ? S + A : S + A - P;
    break;
  case Need::GotDifference:
    value = S + A - GOT;
    break;
  case Need::GotBase:
    value = GOT + A - P;
    break;
  case Need::GotSlot:
    value = G + A;
    break;
  case Need::GotSlotPc:
    value = GOT + G + A - P;
    break;
  case Need::GotSlotWord:
    value = GOT + G + A;
    break;
  case Need::Size:
    value = Z + A;
    break;
  case Need::Add:
    value = readUint(f.at()) + S + A;
    break;
  case Need::Subtract:
    value = readUint(f.at()) - (S + A);
    break;
  case Need::Set:
    value = S + A;
    break;
  case Need::PairedLow: // The caller has the fixup of the other half.
  case Need::ThreadPointer:
  case Need::Padding:
  case Need::Nothing:
  case Need::Refused:
    break;
  }
  return signExtend(value, wordSize() * 8);
}

void Arch::encode(const Fixup &fixup, int64_t value) const {
  writeUint(fixup.at(), static_cast<uint64_t>(value));
}

Bytes Arch::enter(uint64_t from, uint64_t to, const abi::ArchInfo &target) const {
  return entryJump(static_cast<int64_t>(to - from), target);
}

Bytes Arch::startCode(std::span<const uint64_t> constructors, uint64_t entry,
                      const abi::ArchInfo &target) const {
  const Frame around = frame(target);
  Bytes code = around.save;
  const auto append = [&](const Bytes &more) { code.insert(code.end(), more.begin(), more.end()); };
  for (const uint64_t constructor : constructors) {
    const Bytes next = call(code.size(), constructor, target);
    if (next.empty())
      return {};
    append(next);
  }
  append(around.restore);
  const Bytes last = enter(code.size(), entry, target);
  if (last.empty())
    return {};
  append(last);
  return code;
}

const Arch *find(uint16_t elfMachine, unsigned wordSize) {
  using namespace llvm::ELF;
  if (elfMachine == EM_386 && wordSize == 4)
    return &x86();
  if (elfMachine == EM_X86_64 && wordSize == 8)
    return &x64();
  if (elfMachine == EM_ARM && wordSize == 4)
    return &thumb();
  if (elfMachine == EM_XTENSA && wordSize == 4)
    return &xtensa();
  if (elfMachine == EM_RISCV && wordSize == 4)
    return &riscv32();
  if (elfMachine == EM_RISCV && wordSize == 8)
    return &riscv64();
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
  const int64_t half = int64_t(1) << (bits - 1), all = half - desc.align + half;
  constexpr int64_t rounding = 0x800;
  int64_t low = -half, high = all;
  switch (desc.range) {
  case Range::Signed:
    high = half - desc.align;
    break;
  case Range::Unsigned:
    low = 0;
    break;
  case Range::Either:
    break;
  case Range::Magnitude:
    low = -all;
    break;
  case Range::Backward:
    low = -all - desc.align;
    high = -desc.align;
    break;
  case Range::Rounded:
    low = -half - rounding;
    high = half - desc.align - rounding;
    break;
  }
  if (value >= low && value <= high)
    return {};
  return "value " + std::to_string(value) + " is out of range [" + std::to_string(low) + ", " +
         std::to_string(high) + "]";
}

} // namespace mpylink::arch
