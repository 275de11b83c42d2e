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

  std::string_view misfit(const RelocDesc &desc, ByteView section, size_t offset) const override;
  std::optional<ThreadCall> threadCall(std::string_view function) const override;
  std::optional<Patch> withoutThreadCall(ThreadCall, const RelocDesc &desc, ByteView section,
                                         size_t offset) const override;

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
      refused(llvm::ELF::R_X86_64_DTPMOD64, "R_X86_64_DTPMOD64", adviceTlsModel),
      // Of the thread-local variables of one module, counted from what __tls_get_addr returns.
      {llvm::ELF::R_X86_64_DTPOFF64, "R_X86_64_DTPOFF64", GotDifference, 8, 64, Signed, 1,
       adviceTlsModel},
      refused(llvm::ELF::R_X86_64_TPOFF64, "R_X86_64_TPOFF64", adviceTlsModel),
      {llvm::ELF::R_X86_64_TLSGD, "R_X86_64_TLSGD", Difference, 4, 32, Signed, 1, adviceTlsModel},
      {llvm::ELF::R_X86_64_TLSLD, "R_X86_64_TLSLD", GotBase, 4, 32, Signed, 1, adviceTlsModel},
      {llvm::ELF::R_X86_64_DTPOFF32, "R_X86_64_DTPOFF32", GotDifference, 4, 32, Signed, 1,
       adviceTlsModel},
      refused(llvm::ELF::R_X86_64_GOTTPOFF, "R_X86_64_GOTTPOFF", adviceTlsModel),
      refused(llvm::ELF::R_X86_64_TPOFF32, "R_X86_64_TPOFF32", adviceTlsModel),
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
      refused(llvm::ELF::R_X86_64_GOTPC32_TLSDESC, "R_X86_64_GOTPC32_TLSDESC", adviceTlsModel),
      refused(llvm::ELF::R_X86_64_TLSDESC_CALL, "R_X86_64_TLSDESC_CALL", adviceTlsModel),
      refused(llvm::ELF::R_X86_64_TLSDESC, "R_X86_64_TLSDESC", adviceTlsModel),
      refused(llvm::ELF::R_X86_64_IRELATIVE, "R_X86_64_IRELATIVE", adviceDynamic),
      // The relaxable forms name the same slot; relaxing them is optional.
      {llvm::ELF::R_X86_64_GOTPCRELX, "R_X86_64_GOTPCRELX", GotSlotPc, 4, 32},
      {llvm::ELF::R_X86_64_REX_GOTPCRELX, "R_X86_64_REX_GOTPCRELX", GotSlotPc, 4, 32},
  };
};

std::string_view X64::misfit(const RelocDesc &desc, ByteView section, size_t offset) const {
  // lea of the argument of __tls_get_addr into rdi: it becomes the address itself.
  constexpr uint8_t lea[] = {0x48, 0x8d, 0x3d};
  const bool isArgument =
      desc.type == llvm::ELF::R_X86_64_TLSGD || desc.type == llvm::ELF::R_X86_64_TLSLD;
  return isArgument && !endsWith(section.first(offset), lea) ? notAnArgument : "";
}

std::optional<ThreadCall> X64::threadCall(std::string_view function) const {
  return function == "__tls_get_addr" ? std::optional(ThreadCall::Variable) : std::nullopt;
}

/// The result is the argument: mov %rdi, %rax; and ret where it was a jump.
std::optional<Patch> X64::withoutThreadCall(ThreadCall, const RelocDesc &desc, ByteView section,
                                            size_t offset) const {
  struct Form {
    Bytes call, instead;
  };
  const Form forms[] = {
      {{0xe8}, {0x48, 0x89, 0xf8, 0x66, 0x90}},
      {{0xe9}, {0x48, 0x89, 0xf8, 0xc3, 0x90}},
      {{0xff, 0x15}, {0x48, 0x89, 0xf8, 0x0f, 0x1f, 0x00}},
      {{0xff, 0x25}, {0x48, 0x89, 0xf8, 0xc3, 0x66, 0x90}},
  };
  // movabs $function, %rax; add %reg, %rax; call *%rax
  constexpr uint8_t movabs[] = {0x48, 0xb8}, addMask = 0xc7, addRax = 0xc0;
  if (desc.type == llvm::ELF::R_X86_64_PLTOFF64 && endsWith(section.first(offset), movabs) &&
      section.size() - offset >= 13) {
    const ByteView rest = section.subspan(offset + 8, 5);
    if ((rest[0] & 0xfb) == 0x48 && rest[1] == 0x01 && (rest[2] & addMask) == addRax &&
        rest[3] == 0xff && rest[4] == 0xd0)
      return Patch{offset - 2,
                   {0x48, 0x89, 0xf8, 0x0f, 0x1f, 0x80, 0, 0, 0, 0, 0x0f, 0x1f, 0x44, 0, 0}};
  }
  const bool isSlot = desc.need == GotSlotPc;
  if (desc.bytes != 4 || (!isSlot && desc.need != Branch && desc.need != Difference))
    return std::nullopt;
  for (const Form &form : forms)
    if (isSlot == (form.call.size() == 2) && endsWith(section.first(offset), form.call))
      return Patch{offset - form.call.size(), form.instead};
  return std::nullopt;
}

} // namespace

const Arch &x64() {
  static const X64 arch;
  return arch;
}

} // namespace mpylink::arch
