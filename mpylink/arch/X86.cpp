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
      refused(llvm::ELF::R_386_TLS_TPOFF, "R_386_TLS_TPOFF", adviceTls),
      refused(llvm::ELF::R_386_TLS_IE, "R_386_TLS_IE", adviceTls),
      refused(llvm::ELF::R_386_TLS_GOTIE, "R_386_TLS_GOTIE", adviceTls),
      refused(llvm::ELF::R_386_TLS_LE, "R_386_TLS_LE", adviceTls),
      refused(llvm::ELF::R_386_TLS_GD, "R_386_TLS_GD", adviceTls),
      refused(llvm::ELF::R_386_TLS_LDM, "R_386_TLS_LDM", adviceTls),
      {llvm::ELF::R_386_16, "R_386_16", Constant, 2, 16, Either, 1, adviceAbsolute},
      {llvm::ELF::R_386_PC16, "R_386_PC16", Difference, 2, 16, Signed, 1, adviceAbsolute},
      {llvm::ELF::R_386_8, "R_386_8", Constant, 1, 8, Either, 1, adviceAbsolute},
      {llvm::ELF::R_386_PC8, "R_386_PC8", Difference, 1, 8, Signed, 1, adviceAbsolute},
      refused(llvm::ELF::R_386_TLS_LDO_32, "R_386_TLS_LDO_32", adviceTls),
      refused(llvm::ELF::R_386_TLS_IE_32, "R_386_TLS_IE_32", adviceTls),
      refused(llvm::ELF::R_386_TLS_LE_32, "R_386_TLS_LE_32", adviceTls),
      refused(llvm::ELF::R_386_TLS_GOTDESC, "R_386_TLS_GOTDESC", adviceTls),
      refused(llvm::ELF::R_386_TLS_DESC_CALL, "R_386_TLS_DESC_CALL", adviceTls),
      refused(llvm::ELF::R_386_IRELATIVE, "R_386_IRELATIVE", adviceDynamic),
      {llvm::ELF::R_386_GOT32X, "R_386_GOT32X", GotSlot, 4, 32, Signed, 1, adviceAbsolute},
  };
};

std::string_view X86::misfit(const RelocDesc &desc, ByteView section, size_t offset) const {
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

} // namespace

const Arch &x86() {
  static const X86 arch;
  return arch;
}

} // namespace mpylink::arch
