// SPDX-License-Identifier: MIT
// RISC-V: the relocation tables, each field, each formula.
#include "RiscVFields.h"

using namespace archtest;
using namespace archtest::riscv;

namespace {

const arch::Arch *const archs[] = {&arch::riscv32(), &arch::riscv64()};

constexpr std::string_view tls = "thread-local", linked = "linked files";

std::vector<Refusal> refusalsOf(unsigned wordSize) {
  std::vector<Refusal> refusals = {
      {R_RISCV_RELATIVE, linked},       {R_RISCV_COPY, linked},
      {R_RISCV_JUMP_SLOT, linked},      {R_RISCV_IRELATIVE, linked},
      {R_RISCV_TLS_DTPMOD32, tls},      {R_RISCV_TLS_DTPMOD64, tls},
      {R_RISCV_TLS_DTPREL32, tls},      {R_RISCV_TLS_DTPREL64, tls},
      {R_RISCV_TLS_TPREL32, tls},       {R_RISCV_TLS_TPREL64, tls},
      {R_RISCV_TLSDESC, tls},           {R_RISCV_TLSDESC_HI20, tls},
      {R_RISCV_TLSDESC_LOAD_LO12, tls}, {R_RISCV_TLSDESC_ADD_LO12, tls},
      {R_RISCV_TLSDESC_CALL, tls},
  };
  if (wordSize == 4)
    refusals.push_back({R_RISCV_64, "32-bit field"});
  return refusals;
}

std::string_view misfit(const arch::Arch &arch, uint32_t type, std::string_view code) {
  return Place(row(arch, type), code, 0).misfit(arch);
}

} // namespace

TEST_CASE("RISC-V: the relocation tables", "[arch]") {
  for (const arch::Arch *arch : archs)
    checkTable(*arch, EM_RISCV, fieldsOf(arch->wordSize()), refusalsOf(arch->wordSize()));
}

TEST_CASE("RISC-V: each field", "[arch]") {
  for (const arch::Arch *arch : archs) {
    INFO(arch->wordSize() * 8 << " bits");
    for (const Field &field : fieldsOf(arch->wordSize()))
      checkField(*arch, field);
  }
}

TEST_CASE("RISC-V: other instructions than the relocation's", "[arch]") {
  for (const arch::Arch *arch : archs) {
    checkMisfits(*arch, misfits);
    for (const Field &field : fieldsOf(arch->wordSize())) {
      const auto isTested = [&](const Misfit &misfit) { return misfit.type == field.type; };
      const arch::RelocDesc &desc = row(*arch, field.type);
      INFO(desc.name);
      const std::string ones(2 * size_t(desc.bytes), 'f');
      CHECK(misfit(*arch, field.type, ones).empty() == std::ranges::none_of(misfits, isTested));
    }
  }
}

TEST_CASE("RISC-V: one opcode is a call on 32 bits only", "[arch]") {
  CHECK(misfit(arch::riscv32(), R_RISCV_RVC_JUMP, "0120").empty());       // c.jal .
  CHECK_FALSE(misfit(arch::riscv64(), R_RISCV_RVC_JUMP, "0525").empty()); // c.addiw a0, 1
}

TEST_CASE("RISC-V: every instruction with a lower half fits", "[arch]") {
  const auto [type, code, source] = GENERATE(table<uint32_t, const char *, const char *>({
      {R_RISCV_LO12_I, "13050500", "addi"},  {R_RISCV_LO12_I, "13250500", "slti"},
      {R_RISCV_LO12_I, "13350500", "sltiu"}, {R_RISCV_LO12_I, "13450500", "xori"},
      {R_RISCV_LO12_I, "13650500", "ori"},   {R_RISCV_LO12_I, "13750500", "andi"},
      {R_RISCV_LO12_I, "03050500", "lb"},    {R_RISCV_LO12_I, "03150500", "lh"},
      {R_RISCV_LO12_I, "03250500", "lw"},    {R_RISCV_LO12_I, "03350500", "ld"},
      {R_RISCV_LO12_I, "03450500", "lbu"},   {R_RISCV_LO12_I, "03550500", "lhu"},
      {R_RISCV_LO12_I, "03650500", "lwu"},   {R_RISCV_LO12_I, "1b050500", "addiw"},
      {R_RISCV_LO12_I, "e7000500", "jalr"},  {R_RISCV_LO12_I, "07250500", "flw"},
      {R_RISCV_LO12_I, "07350500", "fld"},   {R_RISCV_LO12_S, "2300b500", "sb"},
      {R_RISCV_LO12_S, "2310b500", "sh"},    {R_RISCV_LO12_S, "2320b500", "sw"},
      {R_RISCV_LO12_S, "2330b500", "sd"},    {R_RISCV_LO12_S, "2720a500", "fsw"},
      {R_RISCV_LO12_S, "2730a500", "fsd"},
  }));
  INFO(source);
  const uint32_t paired = type == R_RISCV_LO12_I ? R_RISCV_PCREL_LO12_I : R_RISCV_PCREL_LO12_S;
  for (const arch::Arch *arch : archs) {
    CHECK(misfit(*arch, type, code).empty());
    CHECK(misfit(*arch, paired, code).empty());
  }
}

TEST_CASE("RISC-V: formulas are modulo the size of an address", "[arch]") {
  struct Row {
    uint32_t type;
    int64_t s, a, p, value32, value64;
  };
  const auto [type, s, a, p, value32, value64] = GENERATE(values<Row>({
      {R_RISCV_32_PCREL, 0, min32, 1, max32, min32 - 1},
      {R_RISCV_32_PCREL, maxUnsigned32, 0, 0, -1, maxUnsigned32},
      {R_RISCV_HI20, 0x80000000, 0, 0, min32, 0x80000000},
      {R_RISCV_CALL, 0, 0x7ffffffe, -2, min32, 0x80000000},
      {R_RISCV_PCREL_HI20, max64, max64, min64, -2, max64 - 1},
  }));
  for (const arch::Arch *arch : archs) {
    Place place(row(*arch, type), "00000000 00000000", 0);
    arch::Fixup fixup = place.fixup();
    fixup.S = s;
    fixup.A = a;
    fixup.P = p;
    CHECK(arch->value(fixup) == (arch->wordSize() == 4 ? value32 : value64));
  }
}

TEST_CASE("RISC-V: a sum loses no bits in a field wider than an address", "[arch]") {
  const auto [type, field, s, a, expected] =
      GENERATE(table<uint32_t, const char *, int64_t, int64_t, int64_t>({
          {R_RISCV_ADD64, "8967452301000000", 0x10, 1, 0x12345679a},
          {R_RISCV_SUB64, "8967452301000000", 0x10, 1, 0x123456778},
          {R_RISCV_SUB64, "1000000000000000", 0x20, 0, -0x10},
          {R_RISCV_ADD64, "ffffffffffffffff", 2, 0, 1},
          {R_RISCV_ADD64, "0000000000000000", max64, 1, min64},
          {R_RISCV_SUB64, "0000000000000000", min64, 0, min64},
          {R_RISCV_SET32, "00000000", 0x100000000, -1, maxUnsigned32},
          {R_RISCV_SUB6, "ff", 1, 0, 0x3e},
      }));
  for (const arch::Arch *arch : archs) {
    Place place(row(*arch, type), field, 0);
    arch::Fixup fixup = place.fixup();
    fixup.S = s;
    fixup.A = a;
    CHECK(arch->value(fixup) == expected);
  }
}

TEST_CASE("RISC-V: a sum of two addresses", "[arch]") {
  struct Row {
    uint32_t first, second;
    std::string_view before;
    int64_t plus, minus;
    std::string_view after;
  };
  const auto [first, second, before, plus, minus, after] = GENERATE(values<Row>({
      {R_RISCV_ADD8, R_RISCV_SUB8, "00", 0x10123, 0x10105, "1e"},
      {R_RISCV_ADD8, R_RISCV_SUB8, "02", 0x10123, 0x10105, "20"},
      {R_RISCV_ADD16, R_RISCV_SUB16, "0000", 0x20000, 0x1fffe, "0200"},
      {R_RISCV_ADD16, R_RISCV_SUB16, "0000", 0x1fffe, 0x20000, "feff"},
      {R_RISCV_ADD32, R_RISCV_SUB32, "00000000", 0x10, 0x12355688, "88a9caed"},
      {R_RISCV_ADD64, R_RISCV_SUB64, "0000000000000000", 0x10, 0x20, "f0ffffffffffffff"},
      {R_RISCV_SUB64, R_RISCV_ADD64, "0000000000000000", 0x20, 0x10, "f0ffffffffffffff"},
      {R_RISCV_SET8, R_RISCV_SUB8, "ff", 0x10123, 0x10105, "1e"},
      // .cfi_advance_loc: the opcode is in the upper bits.
      {R_RISCV_SET6, R_RISCV_SUB6, "40", 0x1003f, 0x10022, "5d"},
      {R_RISCV_SET6, R_RISCV_SUB6, "7f", 0x10041, 0x1003e, "43"},
      {R_RISCV_SET6, R_RISCV_SUB6, "80", 0x1003e, 0x10041, "bd"},
      {R_RISCV_SET16, R_RISCV_SUB16, "ffff", 0x20100, 0x1fffe, "0201"},
      {R_RISCV_SET32, R_RISCV_SUB32, "ffffffff", 0x12345688, 0x10, "78563412"},
      // .uleb128
      {R_RISCV_SET_ULEB128, R_RISCV_SUB_ULEB128, "00", 0x10123, 0x10105, "1e"},
      {R_RISCV_SET_ULEB128, R_RISCV_SUB_ULEB128, "ff00", 0x20000, 0x1ff00, "8002"},
      {R_RISCV_SET_ULEB128, R_RISCV_SUB_ULEB128, "808000", 0x20000, 0x1ff00, "808200"},
      {R_RISCV_SET_ULEB128, R_RISCV_SUB_ULEB128, "8000", 0x12345, 0x12344, "8100"},
      {R_RISCV_SET_ULEB128, R_RISCV_SUB_ULEB128, "808080808080808080 00", 1, 2,
       "ffffffffffffffffff01"},
  }));
  for (const arch::Arch *arch : archs) {
    const arch::RelocDesc &firstRow = row(*arch, first), &secondRow = row(*arch, second);
    INFO(firstRow.name << " " << plus << ", " << secondRow.name << " " << minus);
    Bytes code = hex("a5"); // A neighbour on both sides.
    std::ranges::copy(hex(before), std::back_inserter(code));
    code.push_back(0x5a);
    for (const auto &[desc, S] : {std::pair(&firstRow, plus), std::pair(&secondRow, minus)}) {
      CHECK(arch->misfit(*desc, code, 1) == "");
      const arch::Fixup fixup{*desc, S - 3, 3, 0, 0, 0, 0, code, 1};
      const int64_t value = arch->value(fixup);
      CHECK(arch::outOfRange(*desc, value) == "");
      arch->encode(fixup, value);
    }
    CHECK(toHex(code) == "a5" + std::string(after) + "5a");
  }
}

TEST_CASE("RISC-V: a number that does not end is not left", "[arch]") {
  for (const arch::Arch *arch : archs) {
    const arch::RelocDesc &desc = row(*arch, R_RISCV_SET_ULEB128);
    Bytes cut = hex("8080"), tooLong = hex("80808080808080808080 8000");
    arch->encode({desc, 0, 0, 0, 0, 0, 0, cut, 0}, -1);
    CHECK(toHex(cut) == "ffff");
    arch->encode({desc, 0, 0, 0, 0, 0, 0, tooLong, 0}, -1);
    CHECK(toHex(tooLong) == "ffffffffffffffffff818000");
  }
}

TEST_CASE("RISC-V: which sections have a meaning", "[arch]") {
  for (const arch::Arch *arch : archs) {
    CHECK(arch->isAttributes(SHT_RISCV_ATTRIBUTES, ".riscv.attributes"));
    CHECK_FALSE(arch->isAttributes(SHT_PROGBITS, ".riscv.attributes"));
    CHECK(arch->isUnwindTable(".eh_frame"));
    CHECK_FALSE(arch->isUnwindTable(".riscv.attributes"));
    CHECK(arch->codeAddress(0x1002) == 0x1002);
    CHECK(arch->codePointer(0x1002) == 0x1002);
  }
}
