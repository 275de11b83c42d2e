// SPDX-License-Identifier: MIT
// What does not depend on the architecture: look-up and range checks.
#include "ArchTests.h"

using namespace archtest;
using arch::Range;

TEST_CASE("an architecture is found by machine and word size", "[arch]") {
  using namespace llvm::ELF;
  for (unsigned machine = 0; machine < 0x10000; ++machine)
    for (unsigned wordSize : {0, 1, 2, 4, 8, 16}) {
      const arch::Arch *expected = nullptr;
      if (machine == EM_386 && wordSize == 4)
        expected = &arch::x86();
      if (machine == EM_X86_64 && wordSize == 8)
        expected = &arch::x64();
      if (machine == EM_ARM && wordSize == 4)
        expected = &arch::thumb();
      if (machine == EM_XTENSA && wordSize == 4)
        expected = &arch::xtensa();
      if (machine == EM_RISCV && wordSize == 4)
        expected = &arch::riscv32();
      if (machine == EM_RISCV && wordSize == 8)
        expected = &arch::riscv64();
      if (arch::find(static_cast<uint16_t>(machine), wordSize) != expected)
        FAIL("machine " << machine << ", word size " << wordSize);
    }
  CHECK(arch::x86().wordSize() == 4);
  CHECK(arch::x64().wordSize() == 8);
  CHECK(arch::thumb().wordSize() == 4);
  CHECK(arch::riscv32().wordSize() == 4);
  CHECK(arch::riscv64().wordSize() == 8);
  CHECK(arch::xtensa().wordSize() == 4);
  // gcc aligns large objects to 32 bytes on x86 and x86-64, and to a word on the others.
  CHECK(arch::x86().unaskedAlign() == 32);
  CHECK(arch::x64().unaskedAlign() == 32);
  CHECK(arch::thumb().unaskedAlign() == 1);
  CHECK(arch::riscv32().unaskedAlign() == 1);
  CHECK(arch::riscv64().unaskedAlign() == 1);
  CHECK(arch::xtensa().unaskedAlign() == 1);
}

TEST_CASE("a relocation type without a row is not found", "[arch]") {
  for (const arch::Arch *arch : {&arch::x86(), &arch::x64(), &arch::thumb(), &arch::riscv32(),
                                 &arch::riscv64(), &arch::xtensa()}) {
    std::set<uint32_t> known;
    for (const arch::RelocDesc &desc : arch->relocs())
      known.insert(desc.type);
    for (uint32_t type = 0; type < 300; ++type)
      CHECK((arch::findReloc(*arch, type) != nullptr) == known.contains(type));
    CHECK(arch::findReloc(*arch, UINT32_MAX) == nullptr);
  }
}

TEST_CASE("a value that does not fit is described with the limits", "[arch]") {
  struct Row {
    Range range;
    uint8_t bits, align;
    int64_t value;
    const char *problem;
  };
  const auto [range, bits, align, value, problem] = GENERATE(values<Row>({
      {Range::Signed, 8, 1, 127, ""},
      {Range::Signed, 8, 1, 128, "value 128 is out of range [-128, 127]"},
      {Range::Signed, 8, 1, -128, ""},
      {Range::Signed, 8, 1, -129, "value -129 is out of range [-128, 127]"},
      {Range::Unsigned, 8, 1, 255, ""},
      {Range::Unsigned, 8, 1, 256, "value 256 is out of range [0, 255]"},
      {Range::Unsigned, 8, 1, 0, ""},
      {Range::Unsigned, 8, 1, -1, "value -1 is out of range [0, 255]"},
      {Range::Either, 8, 1, 255, ""},
      {Range::Either, 8, 1, 256, "value 256 is out of range [-128, 255]"},
      {Range::Either, 8, 1, -128, ""},
      {Range::Either, 8, 1, -129, "value -129 is out of range [-128, 255]"},
      {Range::Magnitude, 8, 1, 255, ""},
      {Range::Magnitude, 8, 1, 256, "value 256 is out of range [-255, 255]"},
      {Range::Magnitude, 8, 1, -255, ""},
      {Range::Magnitude, 8, 1, -256, "value -256 is out of range [-255, 255]"},
      {Range::Backward, 8, 4, -4, ""},
      {Range::Backward, 8, 4, 0, "value 0 is out of range [-256, -4]"},
      {Range::Backward, 8, 4, -256, ""},
      {Range::Backward, 8, 4, -260, "value -260 is out of range [-256, -4]"},
      {Range::Signed, 8, 4, 124, ""},
      {Range::Signed, 8, 4, 128, "value 128 is out of range [-128, 124]"},
      {Range::Signed, 8, 4, 126, "value 126 is not a multiple of 4"},
      {Range::Signed, 8, 4, -126, "value -126 is not a multiple of 4"},
      {Range::Rounded, 20, 1, 0x7f7ff, ""},
      {Range::Rounded, 20, 1, 0x7f800, "value 522240 is out of range [-526336, 522239]"},
      {Range::Rounded, 20, 1, -0x80800, ""},
      {Range::Rounded, 20, 1, -0x80801, "value -526337 is out of range [-526336, 522239]"},
      {Range::Rounded, 20, 2, 0x7f7fe, ""},
      {Range::Rounded, 20, 2, 0x7f800, "value 522240 is out of range [-526336, 522238]"},
      {Range::Unsigned, 63, 1, max64, ""},
      {Range::Unsigned, 63, 1, -1, "value -1 is out of range [0, 9223372036854775807]"},
      {Range::Signed, 64, 1, min64, ""},
      {Range::Unsigned, 64, 1, -1, ""},
      {Range::Signed, 0, 1, min64, ""},
  }));
  const arch::RelocDesc desc{0, "", Need::Constant, 8, bits, range, align};
  CHECK(arch::outOfRange(desc, value) == problem);
}
