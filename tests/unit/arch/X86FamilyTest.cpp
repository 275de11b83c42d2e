// SPDX-License-Identifier: MIT
// What x86-64 and i386 have in common. Encodings are those of GNU as 2.40 and `objdump -d`.
#include "ArchTests.h"

#include "llvm/BinaryFormat/ELF.h"

using namespace archtest;
using namespace llvm::ELF;

namespace {

struct Member {
  const arch::Arch &arch;
  std::string_view name;
  uint32_t branch; ///< Relocation of a call.
};

const Member members[] = {{arch::x64(), "x64", R_X86_64_PLT32}, {arch::x86(), "x86", R_386_PLT32}};

} // namespace

TEST_CASE("x86 family: the entry jump", "[arch]") {
  const auto [distance, bytes] = GENERATE(table<int64_t, const char *>({
      {0, "ebfe"},          // jmp .
      {2, "eb00"},          // jmp .+2
      {5, "eb03"},          // jmp .+5
      {128, "eb7e"},        // jmp .+128
      {129, "eb7f"},        // jmp .+129
      {130, "e97d000000"},  // jmp .+130
      {-126, "eb80"},       // jmp .-126
      {-127, "e97cffffff"}, // jmp .-127
      {0x12345678, "e973563412"},
      {max32 + 5, "e9ffffff7f"},
      {max32 + 6, ""},
      {min32 + 5, "e900000080"},
      {min32 + 4, ""},
  }));
  INFO("distance " << distance);
  for (const Member &member : members)
    CHECK(toHex(member.arch.entryJump(distance, *abi::findArch(member.name))) == bytes);
}

TEST_CASE("x86 family: a branch to nothing does nothing", "[arch]") {
  const auto [code, offset, addend, expected] =
      GENERATE(table<const char *, size_t, int64_t, const char *>({
          {"e8 fcffffff", 1, -4, "a900000000"},           // call -> test $0, %eax
          {"e9 fcffffff", 1, -4, "e900000000"},           // jmp .+5
          {"e9 00000000", 1, -4, "e900000000"},           // As rela relocations leave it.
          {"0f84 fcffffff", 2, -4, "0f8400000000"},       // je .+6
          {"0f84 12345678", 2, -4, "0f8400000000"},       // Whatever the field held.
          {"e8 12345678", 1, 0, "e800000000"},            // .byte 0xe8; .long weak@PLT - .
          {"90 e8 fcffffff 90", 2, -4, "90a90000000090"}, // Neighbours stay.
          {"fcffffff", 0, -4, "00000000"},                // Nothing before it.
      }));
  for (const Member &member : members) {
    Place place(row(member.arch, member.branch), code, offset);
    arch::Fixup fixup = place.fixup();
    fixup.A = addend;
    member.arch.neutralise(fixup);
    CHECK(place.text() == expected);
  }
}
