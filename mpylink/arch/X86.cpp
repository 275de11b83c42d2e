// SPDX-License-Identifier: MIT
// i386: https://gitlab.com/x86-psABIs/i386-ABI, section 4.4. Objects use REL. There is no
// instruction-pointer addressing: position-independent code keeps the GOT's address in a register
// and reaches local data at a fixed distance from the GOT (GOTOFF), which therefore must lie in the
// text block. Absolute words inside instructions are rarely aligned, and a loader relocates aligned
// words only.
#include "arch/X86Family.h"

#include "llvm/BinaryFormat/ELF.h"

namespace mpylink::arch {

namespace {

class X86 final : public X86Family {
public:
  unsigned wordSize() const override { return 4; }
  std::span<const RelocDesc> relocs() const override { return table; }
  std::string_view misfit(const RelocDesc &desc, ByteView section, size_t offset) const override;
  std::optional<ThreadCall> threadCall(std::string_view function) const override;
  std::optional<Patch> withoutThreadCall(ThreadCall, const RelocDesc &desc, ByteView section,
                                         size_t offset) const override;
  /// Position-independent callers keep the GOT in ebx, others do not, so the stub uses no register
  /// but eax, which carries no argument. The address is aligned by three one-byte nops.
  Stub stub(const abi::ArchInfo &) const override {
    return {{0x90, 0x90, 0x90, 0xb8, 0, 0, 0, 0, 0xff, 0xe0}, 4, 4};
  }

  /// sub $12, esp: the arguments are on the stack, which has to be aligned to 16 bytes.
  Frame frame(const abi::ArchInfo &) const override {
    return {{0x83, 0xec, 0x0c}, {0x83, 0xc4, 0x0c}};
  }

private:
  using enum Need;
  using enum Range;
  constexpr static RelocDesc table[] = {
      {llvm::ELF::R_386_NONE, "R_386_NONE", Nothing, 0, 0},
      {llvm::ELF::R_386_32, "R_386_32", Absolute, 4, 32, Either, 1, adviceAbsolute},
      {llvm::ELF::R_386_PC32, "R_386_PC32", Difference, 4, 32, Signed, 1, adviceAbsolute},
      {llvm::ELF::R_386_GOT32, "R_386_GOT32", GotSlot, 4, 32, Signed, 1, adviceAbsolute},
      {llvm::ELF::R_386_PLT32, "R_386_PLT32", Branch, 4, 32, Signed, 1, adviceAbsolute},
      refused(llvm::ELF::R_386_COPY, "R_386_COPY", adviceDynamic),
      refused(llvm::ELF::R_386_GLOB_DAT, "R_386_GLOB_DAT", adviceDynamic),
      refused(llvm::ELF::R_386_JUMP_SLOT, "R_386_JUMP_SLOT", adviceDynamic),
      refused(llvm::ELF::R_386_RELATIVE, "R_386_RELATIVE", adviceDynamic),
      {llvm::ELF::R_386_GOTOFF, "R_386_GOTOFF", GotDifference, 4, 32, Signed, 1, adviceAbsolute},
      {llvm::ELF::R_386_GOTPC, "R_386_GOTPC", GotBase, 4, 32},
      refused(llvm::ELF::R_386_TLS_TPOFF, "R_386_TLS_TPOFF", adviceTlsModel),
      refused(llvm::ELF::R_386_TLS_IE, "R_386_TLS_IE", adviceTlsModel),
      refused(llvm::ELF::R_386_TLS_GOTIE, "R_386_TLS_GOTIE", adviceTlsModel),
      refused(llvm::ELF::R_386_TLS_LE, "R_386_TLS_LE", adviceTlsModel),
      {llvm::ELF::R_386_TLS_GD, "R_386_TLS_GD", GotDifference, 4, 32, Signed, 1, adviceTlsModel},
      {llvm::ELF::R_386_TLS_LDM, "R_386_TLS_LDM", ThreadPointer, 4, 0, Signed, 1, adviceTlsModel},
      {llvm::ELF::R_386_16, "R_386_16", Constant, 2, 16, Either, 1, adviceAbsolute},
      {llvm::ELF::R_386_PC16, "R_386_PC16", Difference, 2, 16, Signed, 1, adviceAbsolute},
      {llvm::ELF::R_386_8, "R_386_8", Constant, 1, 8, Either, 1, adviceAbsolute},
      {llvm::ELF::R_386_PC8, "R_386_PC8", Difference, 1, 8, Signed, 1, adviceAbsolute},
      // Counted from what ___tls_get_addr returns, which is the GOT.
      {llvm::ELF::R_386_TLS_LDO_32, "R_386_TLS_LDO_32", GotDifference, 4, 32, Signed, 1,
       adviceTlsModel},
      refused(llvm::ELF::R_386_TLS_IE_32, "R_386_TLS_IE_32", adviceTlsModel),
      refused(llvm::ELF::R_386_TLS_LE_32, "R_386_TLS_LE_32", adviceTlsModel),
      refused(llvm::ELF::R_386_TLS_GOTDESC, "R_386_TLS_GOTDESC", adviceTlsModel),
      refused(llvm::ELF::R_386_TLS_DESC_CALL, "R_386_TLS_DESC_CALL", adviceTlsModel),
      refused(llvm::ELF::R_386_IRELATIVE, "R_386_IRELATIVE", adviceDynamic),
      {llvm::ELF::R_386_GOT32X, "R_386_GOT32X", GotSlot, 4, 32, Signed, 1, adviceAbsolute},
  };
};

/// lea x(, %reg), %eax or lea x(%reg), %eax: with another number, the address itself, as the GOT's
/// is in the register.
bool isThreadArgument(ByteView front) {
  constexpr uint8_t lea = 0x8d, sib = 0x04, indexMask = 0xc7, indexOnly = 0x05, baseMask = 0xf8,
                    base = 0x80;
  const size_t size = front.size();
  if (size >= 3 && front[size - 3] == lea && front[size - 2] == sib)
    return (front[size - 1] & indexMask) == indexOnly;
  return size >= 2 && front[size - 2] == lea && (front[size - 1] & baseMask) == base &&
         front[size - 1] != (base | sib);
}

std::string_view X86::misfit(const RelocDesc &desc, ByteView section, size_t offset) const {
  if (desc.type == llvm::ELF::R_386_TLS_GD || desc.type == llvm::ELF::R_386_TLS_LDM)
    return isThreadArgument(section.first(offset)) ? "" : notAnArgument;
  // Without a base register the slot's absolute address is meant. ModRM 00xxx101 is disp32.
  constexpr uint8_t modRmMask = 0xc7, disp32Only = 0x05;
  if (desc.need != GotSlot || offset == 0)
    return {};
  const uint8_t last = section[offset - 1];
  // mov between eax and memory (a0 to a3) has no ModRM byte, and assemblers since 2016 give every
  // instruction that has one the type R_386_GOT32X. Only `jmp *slot(%ebx)`, ff a3, of older ones
  // looks alike.
  constexpr uint8_t movMask = 0xfc, movEax = 0xa0, jmpEbx = 0xa3, group5 = 0xff;
  const bool isJump = last == jmpEbx && offset > 1 && section[offset - 2] == group5;
  const bool isMov = desc.type == llvm::ELF::R_386_GOT32 && (last & movMask) == movEax && !isJump;
  if (isMov || (last & modRmMask) == disp32Only)
    return "the instruction reaches the GOT without a base register";
  return {};
}

std::optional<ThreadCall> X86::threadCall(std::string_view function) const {
  return function == "___tls_get_addr" ? std::optional(ThreadCall::Variable) : std::nullopt;
}

/// The result is the argument, both in eax: nothing to do but to return where it was a jump.
std::optional<Patch> X86::withoutThreadCall(ThreadCall, const RelocDesc &desc, ByteView section,
                                            size_t offset) const {
  constexpr uint8_t call[] = {0xe8}, jump[] = {0xe9}, group5 = 0xff, callMask = 0xf8,
                    callBase = 0x90, callSib = 0x94;
  const ByteView front = section.first(offset);
  const bool isDirect = desc.need == Branch || desc.need == Difference;
  if (desc.bytes == 4 && isDirect && endsWith(front, call))
    return Patch{offset - 1, {0x8d, 0x74, 0x26, 0x00, 0x90}}; // lea 0(%esi, %eiz), %esi; nop
  if (desc.bytes == 4 && isDirect && endsWith(front, jump))
    return Patch{offset - 1, {0xc3, 0x90, 0x90, 0x90, 0x90}};
  if (desc.bytes == 4 && desc.need == GotSlot && offset >= 2 && front[offset - 2] == group5 &&
      (front[offset - 1] & callMask) == callBase && front[offset - 1] != callSib)
    return Patch{offset - 2, {0x8d, 0xb6, 0x00, 0x00, 0x00, 0x00}}; // lea 0(%esi), %esi
  return std::nullopt;
}

} // namespace

const Arch &x86() {
  static const X86 arch;
  return arch;
}

} // namespace mpylink::arch
