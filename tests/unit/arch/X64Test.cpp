// SPDX-License-Identifier: MIT
// x86-64. Encodings are those of GNU as 2.40 and `objdump -d`.
#include "ArchTests.h"

#include "llvm/BinaryFormat/ELF.h"

using namespace archtest;
using namespace llvm::ELF;

namespace {

const arch::Arch &x64 = arch::x64();

const std::vector<Field> fields = {
    {R_X86_64_NONE, Need::Nothing, 0, "90", 0, 0},
    // movabs $0, %rax
    {R_X86_64_64, Need::Absolute, S + A, "48b8 0000000000000000", 2, mask64, min64, max64},
    // lea 0(%rip), %rax
    {R_X86_64_PC32, Need::Difference, S + A - P, "488d05 00000000", 3, mask32, min32, max32},
    {R_X86_64_GOT32, Need::GotSlot, G + A, "00000000", 0, mask32, min32, max32},
    // call
    {R_X86_64_PLT32, Need::Branch, S + A - P, "e8 00000000", 1, mask32, min32, max32},
    // mov 0(%rip), %rax
    {R_X86_64_GOTPCREL, Need::GotSlotPc, GOT + G + A - P, "488b05 00000000", 3, mask32, min32,
     max32},
    // mov $0, %eax
    {R_X86_64_32, Need::Constant, S + A, "b8 00000000", 1, mask32, 0, maxUnsigned32},
    // mov $0, %rax
    {R_X86_64_32S, Need::Constant, S + A, "48c7c0 00000000", 3, mask32, min32, max32},
    {R_X86_64_16, Need::Constant, S + A, "0000", 0, 0xffff, -0x8000, 0xffff},
    {R_X86_64_PC16, Need::Difference, S + A - P, "0000", 0, 0xffff, -0x8000, 0x7fff},
    {R_X86_64_8, Need::Constant, S + A, "00", 0, 0xff, -0x80, 0xff},
    // loop
    {R_X86_64_PC8, Need::Difference, S + A - P, "e2 00", 1, 0xff, -0x80, 0x7f},
    {R_X86_64_PC64, Need::Difference, S + A - P, "0000000000000000", 0, mask64, min64, max64},
    // movabs $0, %rax
    {R_X86_64_GOTOFF64, Need::GotDifference, S + A - GOT, "48b8 0000000000000000", 2, mask64, min64,
     max64},
    // lea 0(%rip), %rbx
    {R_X86_64_GOTPC32, Need::GotBase, GOT + A - P, "488d1d 00000000", 3, mask32, min32, max32},
    // data16 lea 0(%rip), %rdi
    {R_X86_64_TLSGD, Need::Difference, S + A - P, "66488d3d 00000000", 4, mask32, min32, max32},
    // lea 0(%rip), %rdi
    {R_X86_64_TLSLD, Need::GotBase, GOT + A - P, "488d3d 00000000", 3, mask32, min32, max32},
    // mov 0(%rax), %eax
    {R_X86_64_DTPOFF32, Need::GotDifference, S + A - GOT, "8b80 00000000", 2, mask32, min32, max32},
    // movabs $0, %rdx
    {R_X86_64_DTPOFF64, Need::GotDifference, S + A - GOT, "48ba 0000000000000000", 2, mask64, min64,
     max64},
    // movabs $0, %rax
    {R_X86_64_GOT64, Need::GotSlot, G + A, "48b8 0000000000000000", 2, mask64, min64, max64},
    {R_X86_64_GOTPCREL64, Need::GotSlotPc, GOT + G + A - P, "0000000000000000", 0, mask64, min64,
     max64},
    {R_X86_64_GOTPC64, Need::GotBase, GOT + A - P, "49bb 0000000000000000", 2, mask64, min64,
     max64},
    {R_X86_64_GOTPLT64, Need::GotSlot, G + A, "48b8 0000000000000000", 2, mask64, min64, max64},
    {R_X86_64_PLTOFF64, Need::GotDifference, S + A - GOT, "48b8 0000000000000000", 2, mask64, min64,
     max64},
    {R_X86_64_SIZE32, Need::Size, Z + A, "00000000", 0, mask32, 0, maxUnsigned32},
    {R_X86_64_SIZE64, Need::Size, Z + A, "0000000000000000", 0, mask64, min64, max64},
    // call *0(%rip)
    {R_X86_64_GOTPCRELX, Need::GotSlotPc, GOT + G + A - P, "ff15 00000000", 2, mask32, min32,
     max32},
    // mov 0(%rip), %rax
    {R_X86_64_REX_GOTPCRELX, Need::GotSlotPc, GOT + G + A - P, "488b05 00000000", 3, mask32, min32,
     max32},
};

const std::vector<Misfit> misfits = {
    {R_X86_64_TLSGD, 3, "488d05 00000000", "lea v@tlsgd(%rip), %rax"},
    {R_X86_64_TLSGD, 3, "488b3d 00000000", "mov v@tlsgd(%rip), %rdi"},
    {R_X86_64_TLSGD, 2, "8d3d 00000000", "lea v@tlsgd(%rip), %edi"},
    {R_X86_64_TLSLD, 3, "4c8d3d 00000000", "lea v@tlsld(%rip), %r15"},
    {R_X86_64_TLSLD, 0, "00000000", ".long v@tlsld"},
};

const std::vector<Refusal> refusals = {
    {R_X86_64_COPY, "linked files"},          {R_X86_64_GLOB_DAT, "linked files"},
    {R_X86_64_JUMP_SLOT, "linked files"},     {R_X86_64_RELATIVE, "linked files"},
    {R_X86_64_IRELATIVE, "linked files"},     {R_X86_64_DTPMOD64, "thread-local"},
    {R_X86_64_TPOFF64, "-ftls-model"},        {R_X86_64_GOTTPOFF, "-ftls-model"},
    {R_X86_64_TPOFF32, "-ftls-model"},        {R_X86_64_GOTPC32_TLSDESC, "-mtls-dialect"},
    {R_X86_64_TLSDESC_CALL, "-mtls-dialect"}, {R_X86_64_TLSDESC, "-mtls-dialect"},
};

const abi::ArchInfo &target() { return *abi::findArch("x64"); }

} // namespace

TEST_CASE("x64: the relocation table", "[arch]") { checkTable(x64, EM_X86_64, fields, refusals); }

TEST_CASE("x64: each field", "[arch]") {
  for (const Field &field : fields)
    checkField(x64, field);
  checkMisfits(x64, misfits);
}

TEST_CASE("x64: instructions as assembled", "[arch]") {
  const auto assembled = GENERATE(values<Assembled>({
      {R_X86_64_PLT32, 1, 0, -4, "e8 fbffffff", 1, "call ."},
      {R_X86_64_PLT32, 0x101, 0x105, -4, "e8 00000000", 1, "call .+5"},
      {R_X86_64_PLT32, 0x101, 0x100 + 0x12345678, -4, "e8 73563412", 1, "call .+0x12345678"},
      {R_X86_64_PLT32, 1, 0x80000004, -4, "e8 ffffff7f", 1, "call .+0x80000004"},
      {R_X86_64_PLT32, 0x7fffffff, 3, -4, "e8 00000080", 1, "call .-0x7ffffffb"},
      {R_X86_64_PC32, 0x102, 0x100 + 0x12345678, -4, "0f84 72563412", 2, "je .+0x12345678"},
      {R_X86_64_PC32, 0x103, 0, -4, "488d05 f9feffff", 3, "lea .-0x100(%rip), %rax"},
      {R_X86_64_PC32, 2, 0x100, -4, "8b05 fa000000", 2, "mov .+0x100(%rip), %eax"},
      {R_X86_64_PC32, 0x102, 0, -5, "833d f9feffff 05", 2, "cmpl $5, .-0x100(%rip)"},
      {R_X86_64_PC32, 0, -0x12, 0, "eeffffff", 0, ".long .-0x12"},
      {R_X86_64_PC64, 0x100, 0x100 - 0x1234, 0, "ccedffffffffffff", 0, ".quad .-0x1234"},
      {R_X86_64_PC16, 0x100, 0x100 + 0x1234, 0, "3412", 0, ".word .+0x1234"},
      {R_X86_64_PC8, 0x80, 0x6e, 0, "ee", 0, ".byte .-0x12"},
      {R_X86_64_64, 0, 0x123456789abcdef0, 0, "48b8 f0debc9a78563412", 2,
       "movabs $0x123456789abcdef0, %rax"},
  }));
  checkAssembled(x64, fields, assembled);
}

TEST_CASE("x64: formulas are modulo 2^64", "[arch]") {
  const auto [s, a, p, expected] = GENERATE(table<int64_t, int64_t, int64_t, int64_t>({
      {0, min64, 1, max64},
      {1, max64, 0, min64},
      {0, 0x80000004, 0x10, 0x7ffffff4},
      {0, -1, 0, -1},
  }));
  Place place(row(x64, R_X86_64_PC64), "0000000000000000", 0);
  arch::Fixup fixup = place.fixup();
  fixup.S = s;
  fixup.A = a;
  fixup.P = p;
  CHECK(x64.value(fixup) == expected);
}

TEST_CASE("x64: the stub changes no register", "[arch]") {
  const arch::Stub stub = x64.stub(target());
  // jmp *1f(%rip); xchg %ax, %ax; 1: .quad 0
  CHECK(toHex(stub.code) == "ff250200000066900000000000000000");
  CHECK(stub.word == 8);
  CHECK(stub.align == 8);
}
