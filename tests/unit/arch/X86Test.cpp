// SPDX-License-Identifier: MIT
// i386. Encodings are those of GNU as 2.40 and `objdump -d`.
#include "ArchTests.h"

#include "llvm/BinaryFormat/ELF.h"

using namespace archtest;
using namespace llvm::ELF;

namespace {

const arch::Arch &x86 = arch::x86();

const std::vector<Field> fields = {
    {R_386_NONE, Need::Nothing, 0, "90", 0, 0},
    // mov $0, %eax
    {R_386_32, Need::Absolute, S + A, "b8 00000000", 1, mask32, min32, maxUnsigned32},
    // call
    {R_386_PC32, Need::Difference, S + A - P, "e8 fcffffff", 1, mask32, min32, max32},
    {R_386_PLT32, Need::Branch, S + A - P, "e8 fcffffff", 1, mask32, min32, max32},
    // mov 0(%ebx), %eax
    {R_386_GOT32, Need::GotSlot, G + A, "8b83 00000000", 2, mask32, min32, max32},
    // call *0(%ebx)
    {R_386_GOT32X, Need::GotSlot, G + A, "ff93 00000000", 2, mask32, min32, max32},
    // lea 0(%ebx), %eax
    {R_386_GOTOFF, Need::GotDifference, S + A - GOT, "8d83 00000000", 2, mask32, min32, max32},
    // lea 0(, %ebx), %eax
    {R_386_TLS_GD, Need::GotDifference, S + A - GOT, "8d041d 00000000", 3, mask32, min32, max32},
    // lea 0(%ebx), %eax
    {R_386_TLS_LDM, Need::ThreadPointer, 0, "8d83 00000000", 2, mask32, 0, 0},
    // mov 0(%eax), %edx
    {R_386_TLS_LDO_32, Need::GotDifference, S + A - GOT, "8b90 00000000", 2, mask32, min32, max32},
    // add $2, %ebx
    {R_386_GOTPC, Need::GotBase, GOT + A - P, "81c3 02000000", 2, mask32, min32, max32},
    {R_386_16, Need::Constant, S + A, "0000", 0, 0xffff, -0x8000, 0xffff},
    {R_386_PC16, Need::Difference, S + A - P, "0000", 0, 0xffff, -0x8000, 0x7fff},
    {R_386_8, Need::Constant, S + A, "00", 0, 0xff, -0x80, 0xff},
    // loop
    {R_386_PC8, Need::Difference, S + A - P, "e2 ff", 1, 0xff, -0x80, 0x7f},
};

const std::vector<Refusal> refusals = {
    {R_386_COPY, "linked files"},          {R_386_GLOB_DAT, "linked files"},
    {R_386_JUMP_SLOT, "linked files"},     {R_386_RELATIVE, "linked files"},
    {R_386_IRELATIVE, "linked files"},     {R_386_TLS_TPOFF, "thread-local"},
    {R_386_TLS_IE, "thread-local"},        {R_386_TLS_GOTIE, "thread-local"},
    {R_386_TLS_LE, "thread-local"},        {R_386_TLS_IE_32, "thread-local"},
    {R_386_TLS_LE_32, "thread-local"},     {R_386_TLS_GOTDESC, "thread-local"},
    {R_386_TLS_DESC_CALL, "thread-local"},
};

const abi::ArchInfo &target() { return *abi::findArch("x86"); }

} // namespace

TEST_CASE("x86: the relocation table", "[arch]") { checkTable(x86, EM_386, fields, refusals); }

TEST_CASE("x86: each field", "[arch]") {
  for (const Field &field : fields)
    checkField(x86, field);
}

TEST_CASE("x86: a GOT slot needs a base register", "[arch]") {
  const std::vector<Misfit> misfits = {
      {R_386_GOT32, 2, "8b05 00000000", "mov 0, %eax"},
      {R_386_GOT32, 2, "8b0d 00000000", "mov 0, %ecx"},
      {R_386_GOT32, 2, "833d 00000000 05", "cmpl $5, 0"},
      {R_386_GOT32, 2, "ff35 00000000", "push 0"},
      {R_386_GOT32X, 2, "ff15 00000000", "call *0"},
      {R_386_GOT32X, 2, "ff25 00000000", "jmp *0"},
      {R_386_GOT32X, 2, "8b3d 00000000", "mov 0, %edi"},
      {R_386_GOT32, 1, "a1 00000000", "mov 0, %eax"},
      {R_386_GOT32, 1, "a0 00000000", "mov 0, %al"},
      {R_386_GOT32, 1, "a3 00000000", "mov %eax, 0"},
      {R_386_GOT32, 6, "e8 fcffffff a1 00000000", "call f; mov 0, %eax"},
  };
  checkMisfits(x86, misfits);
  for (uint32_t base : {0, 1, 2, 3, 5, 6, 7}) // All but esp, which takes a SIB byte.
    for (uint32_t type : {R_386_GOT32, R_386_GOT32X}) {
      Place place(row(x86, type), "8b80 00000000", 2);
      arch::Fixup fixup = place.fixup();
      fixup.section[1] |= static_cast<uint8_t>(base);
      CHECK(place.misfit(x86) == "");
    }
  CHECK(Place(row(x86, R_386_GOT32), "00000000", 0).misfit(x86) == "");      // .long f@GOT
  CHECK(Place(row(x86, R_386_GOT32), "ffa3 00000000", 2).misfit(x86) == ""); // jmp *f@GOT(%ebx)
  CHECK(Place(row(x86, R_386_GOT32X), "ffa1 00000000", 2).misfit(x86) == "");
}

TEST_CASE("x86: instructions as assembled", "[arch]") {
  const auto assembled = GENERATE(values<Assembled>({
      {R_386_PC32, 1, 0, -4, "e8 fbffffff", 1, "call ."},
      {R_386_PC32, 0x101, 0x105, -4, "e8 00000000", 1, "call .+5"},
      {R_386_PLT32, 0x101, 0x100 + 0x12345678, -4, "e8 73563412", 1, "call .+0x12345678"},
      {R_386_PLT32, 1, 0x80000004, -4, "e8 ffffff7f", 1, "call .+0x80000004"},
      {R_386_PLT32, 0x7fffffff, 3, -4, "e8 00000080", 1, "call .-0x7ffffffb"},
      {R_386_PC32, 0x102, 0x100 + 0x12345678, -4, "0f84 72563412", 2, "je .+0x12345678"},
      // The distance of 0x80000005 wraps: i386 computes modulo 2^32.
      {R_386_PC32, 1, 0x80000005, -4, "e8 00000080", 1, "call .-0x7ffffffb"},
      {R_386_PC32, 0, -0x12, 0, "eeffffff", 0, ".long .-0x12"},
      {R_386_PC16, 0x100, 0x100 + 0x1234, 0, "3412", 0, ".word .+0x1234"},
      {R_386_PC8, 0x80, 0x6e, 0, "ee", 0, ".byte .-0x12"},
  }));
  checkAssembled(x86, fields, assembled);
}

TEST_CASE("x86: formulas are modulo 2^32", "[arch]") {
  const auto [type, s, a, p, expected] =
      GENERATE(table<uint32_t, int64_t, int64_t, int64_t, int64_t>({
          {R_386_PC32, 0, min32, 1, max32},
          {R_386_PC32, maxUnsigned32, 0, 0, -1},
          {R_386_PC32, 0x10, max32, 0, min32 + 0xf},
          {R_386_8, maxUnsigned32, 0, 0, -1}, // The absolute symbol -1.
          {R_386_16, maxUnsigned32, 2, 0, 1},
          {R_386_32, max64, max64, 0, -2},
      }));
  Place place(row(x86, type), "00000000", 0);
  arch::Fixup fixup = place.fixup();
  fixup.S = s;
  fixup.A = a;
  fixup.P = p;
  CHECK(x86.value(fixup) == expected);
}

TEST_CASE("x86: the stub leaves the argument registers and ebx alone", "[arch]") {
  const arch::Stub stub = x86.stub(target());
  // nop; nop; nop; mov $0, %eax; jmp *%eax
  CHECK(toHex(stub.code) == "909090b800000000ffe0");
  CHECK(stub.word == 4);
  CHECK(stub.align == 4);
}

TEST_CASE("x86: objects say nothing of their processor", "[arch]") {
  const Result<arch::ObjectAbi> object = x86.objectAbi(0, {});
  REQUIRE(object);
  CHECK(x86.mismatch(*object, target()) == "");
  CHECK(x86.conflict(*object, *object) == "");
  CHECK_FALSE(x86.isAttributes(0, ""));
  CHECK(x86.codeAddress(0x1001) == 0x1001);
  CHECK(x86.codePointer(0x1000) == 0x1000);
  for (const char *name : {".eh_frame", ".eh_frame_hdr", ".gcc_except_table.text.f"})
    CHECK(x86.isUnwindTable(name));
  for (const char *name : {".text", ".rodata", ".ARM.exidx", ".init_array"})
    CHECK_FALSE(x86.isUnwindTable(name));
}
