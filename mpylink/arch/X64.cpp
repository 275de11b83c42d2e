// SPDX-License-Identifier: MIT
// x86-64: https://gitlab.com/x86-psABIs/x86-64-ABI, section 4.4. Objects use RELA. Code reaches
// data relative to the instruction pointer, so with -fpic everything but GOT slots and 64-bit data
// words is known at link time.
#include "arch/X86Family.h"

#include "llvm/BinaryFormat/ELF.h"

namespace mpylink::arch {

namespace {

class X64 final : public X86Family {
public:
  unsigned wordSize() const override { return 8; }
  std::span<const RelocDesc> relocs() const override { return table; }
  Stub stub(const abi::ArchInfo &) const override {
    return {{0xff, 0x25, 2, 0, 0, 0, 0x66, 0x90, 0, 0, 0, 0, 0, 0, 0, 0}, // jmp *word(%rip)
            8,
            8};
  }

  /// push rdi, rsi, rdx, rcx; sub $8, rsp. A function starts 8 bytes off the stack's alignment.
  Frame frame(const abi::ArchInfo &) const override {
    return {{0x57, 0x56, 0x52, 0x51, 0x48, 0x83, 0xec, 0x08},
            {0x48, 0x83, 0xc4, 0x08, 0x59, 0x5a, 0x5e, 0x5f}};
  }

private:
  constexpr static std::string_view adviceTooNarrow =
      "a 32-bit field cannot hold an address that is known at load time only: compile with -fpic "
      "(and not with -fno-pic, -fno-pie or -static)";

  using enum Need;
  using enum Range;
  constexpr static RelocDesc table[] = {
      {llvm::ELF::R_X86_64_NONE, "R_X86_64_NONE", Nothing, 0, 0},
      {llvm::ELF::R_X86_64_64, "R_X86_64_64", Absolute, 8, 64, Either, 1, adviceAbsolute},
      {llvm::ELF::R_X86_64_PC32, "R_X86_64_PC32", Difference, 4, 32, Signed, 1, adviceAbsolute},
      {llvm::ELF::R_X86_64_GOT32, "R_X86_64_GOT32", GotSlot, 4, 32},
      {llvm::ELF::R_X86_64_PLT32, "R_X86_64_PLT32", Branch, 4, 32, Signed, 1, adviceAbsolute},
      refused(llvm::ELF::R_X86_64_COPY, "R_X86_64_COPY", adviceDynamic),
      refused(llvm::ELF::R_X86_64_GLOB_DAT, "R_X86_64_GLOB_DAT", adviceDynamic),
      refused(llvm::ELF::R_X86_64_JUMP_SLOT, "R_X86_64_JUMP_SLOT", adviceDynamic),
      refused(llvm::ELF::R_X86_64_RELATIVE, "R_X86_64_RELATIVE", adviceDynamic),
      {llvm::ELF::R_X86_64_GOTPCREL, "R_X86_64_GOTPCREL", GotSlotPc, 4, 32},
      {llvm::ELF::R_X86_64_32, "R_X86_64_32", Constant, 4, 32, Unsigned, 1, adviceTooNarrow},
      {llvm::ELF::R_X86_64_32S, "R_X86_64_32S", Constant, 4, 32, Signed, 1, adviceTooNarrow},
      {llvm::ELF::R_X86_64_16, "R_X86_64_16", Constant, 2, 16, Either, 1, adviceTooNarrow},
      {llvm::ELF::R_X86_64_PC16, "R_X86_64_PC16", Difference, 2, 16, Signed, 1, adviceAbsolute},
      {llvm::ELF::R_X86_64_8, "R_X86_64_8", Constant, 1, 8, Either, 1, adviceTooNarrow},
      {llvm::ELF::R_X86_64_PC8, "R_X86_64_PC8", Difference, 1, 8, Signed, 1, adviceAbsolute},
      refused(llvm::ELF::R_X86_64_DTPMOD64, "R_X86_64_DTPMOD64", adviceTls),
      refused(llvm::ELF::R_X86_64_DTPOFF64, "R_X86_64_DTPOFF64", adviceTls),
      refused(llvm::ELF::R_X86_64_TPOFF64, "R_X86_64_TPOFF64", adviceTls),
      refused(llvm::ELF::R_X86_64_TLSGD, "R_X86_64_TLSGD", adviceTls),
      refused(llvm::ELF::R_X86_64_TLSLD, "R_X86_64_TLSLD", adviceTls),
      refused(llvm::ELF::R_X86_64_DTPOFF32, "R_X86_64_DTPOFF32", adviceTls),
      refused(llvm::ELF::R_X86_64_GOTTPOFF, "R_X86_64_GOTTPOFF", adviceTls),
      refused(llvm::ELF::R_X86_64_TPOFF32, "R_X86_64_TPOFF32", adviceTls),
      {llvm::ELF::R_X86_64_PC64, "R_X86_64_PC64", Difference, 8, 64, Signed, 1, adviceAbsolute},
      {llvm::ELF::R_X86_64_GOTOFF64, "R_X86_64_GOTOFF64", GotDifference, 8, 64, Signed, 1,
       adviceAbsolute},
      {llvm::ELF::R_X86_64_GOTPC32, "R_X86_64_GOTPC32", GotBase, 4, 32},
      {llvm::ELF::R_X86_64_GOT64, "R_X86_64_GOT64", GotSlot, 8, 64},
      {llvm::ELF::R_X86_64_GOTPCREL64, "R_X86_64_GOTPCREL64", GotSlotPc, 8, 64},
      {llvm::ELF::R_X86_64_GOTPC64, "R_X86_64_GOTPC64", GotBase, 8, 64},
      {llvm::ELF::R_X86_64_GOTPLT64, "R_X86_64_GOTPLT64", GotSlot, 8, 64},
      // L + A - GOT, where the psABI's L is the PLT entry: the function itself or its stub.
      {llvm::ELF::R_X86_64_PLTOFF64, "R_X86_64_PLTOFF64", GotDifference, 8, 64, Signed, 1,
       adviceAbsolute},
      {llvm::ELF::R_X86_64_SIZE32, "R_X86_64_SIZE32", Size, 4, 32, Unsigned},
      {llvm::ELF::R_X86_64_SIZE64, "R_X86_64_SIZE64", Size, 8, 64, Unsigned},
      refused(llvm::ELF::R_X86_64_GOTPC32_TLSDESC, "R_X86_64_GOTPC32_TLSDESC", adviceTls),
      refused(llvm::ELF::R_X86_64_TLSDESC_CALL, "R_X86_64_TLSDESC_CALL", adviceTls),
      refused(llvm::ELF::R_X86_64_TLSDESC, "R_X86_64_TLSDESC", adviceTls),
      refused(llvm::ELF::R_X86_64_IRELATIVE, "R_X86_64_IRELATIVE", adviceDynamic),
      // The relaxable forms name the same slot; relaxing them is optional.
      {llvm::ELF::R_X86_64_GOTPCRELX, "R_X86_64_GOTPCRELX", GotSlotPc, 4, 32},
      {llvm::ELF::R_X86_64_REX_GOTPCRELX, "R_X86_64_REX_GOTPCRELX", GotSlotPc, 4, 32},
  };
};

} // namespace

const Arch &x64() {
  static const X64 arch;
  return arch;
}

} // namespace mpylink::arch
