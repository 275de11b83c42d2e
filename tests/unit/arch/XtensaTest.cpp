// SPDX-License-Identifier: MIT
// Xtensa. Encodings and links are those of GNU as and ld 2.40, with the core descriptions lx106 and
// de233_fpu.
#include "ArchTests.h"

#include "llvm/BinaryFormat/ELF.h"

using namespace archtest;
using namespace llvm::ELF;

namespace {

const arch::Arch &xtensa = arch::xtensa();

enum : uint32_t { PDIFF8 = 57, PDIFF16, PDIFF32, NDIFF8, NDIFF16, NDIFF32 };

constexpr Field marker(uint32_t type) { return {type, Need::Nothing, 0, "", 0, 0}; }

/// What operands count from, for the letter P: its word is complete at +2, and it is not aligned.
constexpr int64_t wordUp = 0x304, nextWord = 0x304, next = 0x306;
static_assert(P == 0x302);

constexpr Field call(Need need, std::string_view code) {
  return {R_XTENSA_SLOT0_OP, need, S + A - nextWord, code, 0, 0xffffc0, -0x80000, 0x7fffc, 4};
}

constexpr Field branch8(std::string_view code) {
  return {R_XTENSA_SLOT0_OP, Need::Direct, S + A - next, code, 0, 0xff0000, -0x80, 0x7f};
}

constexpr Field branch12(std::string_view code) {
  return {R_XTENSA_SLOT0_OP, Need::Direct, S + A - next, code, 0, 0xfff000, -0x800, 0x7ff};
}

constexpr Field narrow(std::string_view code) {
  return {R_XTENSA_SLOT0_OP, Need::Direct, S + A - next, code, 0, 0xf030, 0, 0x3f};
}

constexpr Field loop(std::string_view code) {
  return {R_XTENSA_SLOT0_OP, Need::Direct, S + A - next, code, 0, 0xff0000, 0, 0xff};
}

const std::vector<Field> fields = {
    marker(R_XTENSA_NONE),
    {R_XTENSA_32, Need::Absolute, S + A, "00000000", 0, mask32, min32, maxUnsigned32},
    {R_XTENSA_PLT, Need::Absolute, S + A, "00000000", 0, mask32, min32, maxUnsigned32},
    marker(R_XTENSA_ASM_EXPAND),
    marker(R_XTENSA_ASM_SIMPLIFY),
    {R_XTENSA_32_PCREL, Need::Difference, S + A - P, "00000000", 0, mask32, min32, maxUnsigned32},
    marker(R_XTENSA_GNU_VTINHERIT),
    marker(R_XTENSA_GNU_VTENTRY),
    marker(R_XTENSA_DIFF8),
    marker(R_XTENSA_DIFF16),
    marker(R_XTENSA_DIFF32),
    marker(PDIFF8),
    marker(PDIFF16),
    marker(PDIFF32),
    marker(NDIFF8),
    marker(NDIFF16),
    marker(NDIFF32),
    {R_XTENSA_SLOT0_OP, Need::Direct, S + A - wordUp, "510000", 0, 0xffff00, -0x40000, -4,
     4},                          // l32r a5
    call(Need::Branch, "050000"), // call0
    call(Need::Direct, "150000"), // call4
    call(Need::Branch, "250000"), // call8
    call(Need::Direct, "350000"), // call12
    {R_XTENSA_SLOT0_OP, Need::Branch, S + A - next, "060000", 0, 0xffffc0, -0x20000, 0x1ffff}, // j
    branch12("160500"), // beqz a5
    branch12("560500"), // bnez a5
    branch12("960500"), // bltz a5
    branch12("d60500"), // bgez a5
    branch8("261500"),  // beqi a5, 1
    branch8("662500"),  // bnei a5, 2
    branch8("a64500"),  // blti a5, 4
    branch8("e63500"),  // bgei a5, 3
    branch8("b64500"),  // bltui a5, 4
    branch8("f64500"),  // bgeui a5, 4
    branch8("760300"),  // bf b3
    branch8("761f00"),  // bt b15
    branch8("670500"),  // bnone a5, a6
    branch8("671500"),  // beq
    branch8("672500"),  // blt
    branch8("673500"),  // bltu
    branch8("674500"),  // ball
    branch8("675500"),  // bbc
    branch8("176500"),  // bbci a5, 1
    branch8("177500"),  // bbci a5, 17
    branch8("678500"),  // bany
    branch8("679500"),  // bne
    branch8("67a500"),  // bge
    branch8("67b500"),  // bgeu
    branch8("67c500"),  // bnall
    branch8("67d500"),  // bbs
    branch8("17e500"),  // bbsi a5, 1
    branch8("f7f500"),  // bbsi a5, 31
    loop("768500"),     // loop a5
    loop("769500"),     // loopnez a5
    loop("76a500"),     // loopgtz a5
    narrow("8c05"),     // beqz.n a5
    narrow("cc05"),     // bnez.n a5
};

constexpr std::string_view linked = "linked files", tls = "thread-local", wide = "FLIX",
                           obsolete = "obsolete";

const std::vector<Refusal> refusals = {
    {R_XTENSA_RTLD, linked},
    {R_XTENSA_GLOB_DAT, linked},
    {R_XTENSA_JMP_SLOT, linked},
    {R_XTENSA_RELATIVE, linked},
    {R_XTENSA_OP0, obsolete},
    {R_XTENSA_OP1, obsolete},
    {R_XTENSA_OP2, obsolete},
    {R_XTENSA_SLOT0_OP, "-mno-const16"},
    {R_XTENSA_SLOT1_OP, wide},
    {R_XTENSA_SLOT2_OP, wide},
    {R_XTENSA_SLOT3_OP, wide},
    {R_XTENSA_SLOT4_OP, wide},
    {R_XTENSA_SLOT5_OP, wide},
    {R_XTENSA_SLOT6_OP, wide},
    {R_XTENSA_SLOT7_OP, wide},
    {R_XTENSA_SLOT8_OP, wide},
    {R_XTENSA_SLOT9_OP, wide},
    {R_XTENSA_SLOT10_OP, wide},
    {R_XTENSA_SLOT11_OP, wide},
    {R_XTENSA_SLOT12_OP, wide},
    {R_XTENSA_SLOT13_OP, wide},
    {R_XTENSA_SLOT14_OP, wide},
    {R_XTENSA_SLOT0_ALT, "--no-absolute-literals"},
    {R_XTENSA_SLOT1_ALT, wide},
    {R_XTENSA_SLOT2_ALT, wide},
    {R_XTENSA_SLOT3_ALT, wide},
    {R_XTENSA_SLOT4_ALT, wide},
    {R_XTENSA_SLOT5_ALT, wide},
    {R_XTENSA_SLOT6_ALT, wide},
    {R_XTENSA_SLOT7_ALT, wide},
    {R_XTENSA_SLOT8_ALT, wide},
    {R_XTENSA_SLOT9_ALT, wide},
    {R_XTENSA_SLOT10_ALT, wide},
    {R_XTENSA_SLOT11_ALT, wide},
    {R_XTENSA_SLOT12_ALT, wide},
    {R_XTENSA_SLOT13_ALT, wide},
    {R_XTENSA_SLOT14_ALT, wide},
    {R_XTENSA_TLSDESC_FN, tls},
    {R_XTENSA_TLSDESC_ARG, tls},
    {R_XTENSA_TLS_DTPOFF, tls},
    {R_XTENSA_TLS_TPOFF, tls},
    {R_XTENSA_TLS_FUNC, tls},
    {R_XTENSA_TLS_ARG, tls},
    {R_XTENSA_TLS_CALL, tls},
};

const arch::RelocDesc *const anyInstruction = arch::findReloc(xtensa, R_XTENSA_SLOT0_OP);

const arch::RelocDesc &instruction(std::string_view code) {
  return row(xtensa, R_XTENSA_SLOT0_OP, code, 0);
}

const abi::ArchInfo &call0() { return *abi::findArch("xtensa"); }
const abi::ArchInfo &windowed() { return *abi::findArch("xtensawin"); }

} // namespace

TEST_CASE("Xtensa: the relocation table", "[arch]") {
  checkTable(xtensa, EM_XTENSA, fields, refusals);
}

TEST_CASE("Xtensa: each field", "[arch]") {
  for (const Field &field : fields) {
    INFO(field.code);
    checkField(xtensa, field);
  }
}

TEST_CASE("Xtensa: each row for an instruction has a case", "[arch]") {
  std::set<const arch::RelocDesc *> rows, cases;
  for (unsigned low = 0; low < 0x10000; ++low) {
    Bytes code(3);
    writeLe(ByteSpan(code), static_cast<uint16_t>(low));
    const arch::RelocDesc *desc = xtensa.rowAt(R_XTENSA_SLOT0_OP, code);
    if (desc != anyInstruction)
      rows.insert(desc);
  }
  for (const Field &field : fields)
    if (field.type == R_XTENSA_SLOT0_OP)
      cases.insert(&row(xtensa, field));
  CHECK(rows == cases);
}

TEST_CASE("Xtensa: a row's name tells the instruction", "[arch]") {
  CHECK(instruction("510000").name == "R_XTENSA_SLOT0_OP (l32r)");
  CHECK(instruction("150000").name == "R_XTENSA_SLOT0_OP (call4)");
  CHECK(instruction("060000").name == "R_XTENSA_SLOT0_OP (j)");
  CHECK(instruction("160500").name == "R_XTENSA_SLOT0_OP (branch)");
  CHECK(instruction("76a500").name == "R_XTENSA_SLOT0_OP (loop)");
  CHECK(instruction("8c05").name == "R_XTENSA_SLOT0_OP (narrow branch)");
  for (const auto &[type, name] :
       std::initializer_list<std::pair<uint32_t, std::string_view>>{{PDIFF8, "R_XTENSA_PDIFF8"},
                                                                    {PDIFF16, "R_XTENSA_PDIFF16"},
                                                                    {PDIFF32, "R_XTENSA_PDIFF32"},
                                                                    {NDIFF8, "R_XTENSA_NDIFF8"},
                                                                    {NDIFF16, "R_XTENSA_NDIFF16"},
                                                                    {NDIFF32, "R_XTENSA_NDIFF32"}})
    CHECK(row(xtensa, type).name == name);
}

TEST_CASE("Xtensa: instructions without a relocatable operand are refused", "[arch]") {
  const auto [code, source] = GENERATE(table<const char *, const char *>({
      {"", "nothing"},
      {"51", "one byte of l32r"},
      {"5100", "two bytes of l32r"},
      {"0500", "two bytes of call0"},
      {"0600", "two bytes of j"},
      {"1605", "two bytes of beqz"},
      {"7685", "two bytes of loop"},
      {"8c", "one byte of beqz.n"},
      {"364100", "entry a1, 32"},
      {"762500", "reserved, next to bt"},
      {"767500", "reserved, before loop"},
      {"76b500", "reserved, after loopgtz"},
      {"76f500", "reserved"},
      {"54ffff", "const16 a5"},
      {"52a005", "movi a5, 5"},
      {"12c1f0", "addi a1, a1, -16"},
      {"101120", "or a1, a1, a1"},
      {"a00900", "jx a9"},
      {"c00000", "callx0 a0"},
      {"e00800", "callx8 a8"},
      {"800000", "ret"},
      {"0df0", "ret.n"},
      {"2d02", "mov.n a2, a2"},
      {"3df0", "nop.n"},
      {"0c05", "movi.n a5, 0"},
      {"0e0000 0000000000", "FLIX"},
      {"0f0000 0000000000", "FLIX"},
  }));
  INFO(source);
  const Bytes section = hex(code);
  CHECK(xtensa.rowAt(R_XTENSA_SLOT0_OP, section) == anyInstruction);
}

TEST_CASE("Xtensa: a row needs no more bytes than its own", "[arch]") {
  CHECK(instruction("8c05").bytes == 2);
  CHECK(&instruction("8c05") == &instruction("8c05ffff"));
  CHECK(&instruction("510000") == &instruction("51000000"));
  CHECK(xtensa.rowAt(R_XTENSA_32, {}) == arch::findReloc(xtensa, R_XTENSA_32));
  CHECK(xtensa.rowAt(7, {}) == nullptr);
  CHECK(xtensa.rowAt(63, {}) == nullptr);
}

TEST_CASE("Xtensa: instructions as assembled", "[arch]") {
  const auto assembled = GENERATE(values<Assembled>({
      {R_XTENSA_SLOT0_OP, 0, -4, 0, "51ffff", 0, "l32r a5"},
      {R_XTENSA_SLOT0_OP, 1, 0, 0, "51ffff", 0, "l32r a5"},
      {R_XTENSA_SLOT0_OP, 2, -0x100, 0, "51bfff", 0, "l32r a5"},
      {R_XTENSA_SLOT0_OP, 3, -0x3fffc, 0, "f10000", 0, "l32r a15"},
      {R_XTENSA_SLOT0_OP, 0, -0x40000, 0, "010000", 0, "l32r a0"},
      {R_XTENSA_SLOT0_OP, 0, 4, 0, "050000", 0, "call0"},
      {R_XTENSA_SLOT0_OP, 1, 4, 0, "050000", 0, "call0"},
      {R_XTENSA_SLOT0_OP, 3, 0x80000, 0, "c5ff7f", 0, "call0"},
      {R_XTENSA_SLOT0_OP, 2, -0x7fffc, 0, "250080", 0, "call8"},
      {R_XTENSA_SLOT0_OP, 3, 0x12344, 0, "253412", 0, "call8"},
      {R_XTENSA_SLOT0_OP, 1, -0x1234, 0, "95dcfe", 0, "call4"},
      {R_XTENSA_SLOT0_OP, 2, 0x80000, 0, "f5ff7f", 0, "call12"},
      {R_XTENSA_SLOT0_OP, 0, 0, 0, "06ffff", 0, "j"},
      {R_XTENSA_SLOT0_OP, 1, 0x20004, 0, "c6ff7f", 0, "j"},
      {R_XTENSA_SLOT0_OP, 3, -0x1fff9, 0, "060080", 0, "j"},
      {R_XTENSA_SLOT0_OP, 2, 0x12345, 0, "c6cf48", 0, "j"},
      {R_XTENSA_SLOT0_OP, 0, 0x803, 0, "16f57f", 0, "beqz a5"},
      {R_XTENSA_SLOT0_OP, 1, -0x7fb, 0, "560f80", 0, "bnez a15"},
      {R_XTENSA_SLOT0_OP, 2, 0x102, 0, "96c30f", 0, "bltz a3"},
      {R_XTENSA_SLOT0_OP, 3, 7, 0, "d60300", 0, "bgez a3"},
      {R_XTENSA_SLOT0_OP, 0, 0x83, 0, "26157f", 0, "beqi a5, 1"},
      {R_XTENSA_SLOT0_OP, 1, -0x7b, 0, "660580", 0, "bnei a5, -1"},
      {R_XTENSA_SLOT0_OP, 2, 0, 0, "a6f5fa", 0, "blti a5, 256"},
      {R_XTENSA_SLOT0_OP, 3, 0x11, 0, "e6af0a", 0, "bgei a15, 12"},
      {R_XTENSA_SLOT0_OP, 1, 0x50, 0, "b6f54b", 0, "bltui a5, 256"},
      {R_XTENSA_SLOT0_OP, 2, -0x50, 0, "f645aa", 0, "bgeui a5, 4"},
      {R_XTENSA_SLOT0_OP, 0, 0x83, 0, "67157f", 0, "beq a5, a6"},
      {R_XTENSA_SLOT0_OP, 1, -0x7b, 0, "679580", 0, "bne a5, a6"},
      {R_XTENSA_SLOT0_OP, 2, 0, 0, "6725fa", 0, "blt a5, a6"},
      {R_XTENSA_SLOT0_OP, 3, 9, 0, "67d502", 0, "bbs a5, a6"},
      {R_XTENSA_SLOT0_OP, 0, 9, 0, "177505", 0, "bbci a5, 17"},
      {R_XTENSA_SLOT0_OP, 0, 0x83, 0, "76037f", 0, "bf b3"},
      {R_XTENSA_SLOT0_OP, 1, -0x7b, 0, "761f80", 0, "bt b15"},
      {R_XTENSA_SLOT0_OP, 0, 0x103, 0, "7685ff", 0, "loop a5"},
      {R_XTENSA_SLOT0_OP, 4, 0x50, 0, "769548", 0, "loopnez a5"},
      {R_XTENSA_SLOT0_OP, 0, 4, 0, "76a500", 0, "loopgtz a5"},
      {R_XTENSA_SLOT0_OP, 0, 0x43, 0, "bcf5", 0, "beqz.n a5"},
      {R_XTENSA_SLOT0_OP, 1, 5, 0, "cc0f", 0, "bnez.n a15"},
      {R_XTENSA_SLOT0_OP, 3, 0x2a, 0, "ac33", 0, "beqz.n a3"},
      {R_XTENSA_32_PCREL, 0x2004, 0x1000, 0, "fcefffff", 0, ".long f@PCREL"},
      {R_XTENSA_32_PCREL, 0x200c, 0x2100, 8, "fc000000", 0, ".long f@PCREL + 8"},
  }));
  checkAssembled(xtensa, fields, assembled);
}

TEST_CASE("Xtensa: formulas are modulo 2^32", "[arch]") {
  const auto [code, s, a, p, expected] =
      GENERATE(table<const char *, int64_t, int64_t, int64_t, int64_t>({
          {"510000", 0xfffffffc, 0, 0, -4},
          {"510000", 0xfffffff0, 0, 0xfffffffd, -0x10},
          {"250000", 0xfffffffc, 0, 0, -8},
          {"060000", 0x80000000, 0, 0, max32 - 3},
          {"060000", max64, max64, max64, -5},
      }));
  const arch::RelocDesc &desc = instruction(code);
  Place place(desc, code, 0);
  arch::Fixup fixup = place.fixup();
  fixup.S = s;
  fixup.A = a;
  fixup.P = p;
  CHECK(xtensa.value(fixup) == expected);
}

TEST_CASE("Xtensa: an instruction's operand is read as a distance", "[arch]") {
  const auto [code, addend] = GENERATE(table<const char *, int64_t>({
      {"510000", -0x40000},
      {"51ffff", -4},
      {"050000", 0},
      {"c5ff7f", 0x7fffc},
      {"250080", -0x80000},
      {"06ffff", -4},
      {"c6ff7f", 0x1ffff},
      {"560f80", -0x800},
      {"16f57f", 0x7ff},
      {"679580", -0x80},
      {"7685ff", 0xff},
      {"bcf5", 0x3f},
      {"ac33", 0x23},
  }));
  INFO(code);
  CHECK(Place(instruction(code), code, 0).addend(xtensa) == addend);
}

TEST_CASE("Xtensa: only plain words add what is in the place", "[arch]") {
  for (const arch::RelocDesc &desc : xtensa.relocs())
    CHECK(xtensa.addsToPlace(desc) == (desc.type == R_XTENSA_32));
  for (const Field &field : fields)
    if (field.type == R_XTENSA_SLOT0_OP)
      CHECK_FALSE(xtensa.addsToPlace(row(xtensa, field)));
  CHECK(Place(row(xtensa, R_XTENSA_32), "28000000", 0).addend(xtensa) == 0x28);
  CHECK(Place(row(xtensa, R_XTENSA_32), "fcffffff", 0).addend(xtensa) == -4);
}

TEST_CASE("Xtensa: the entry jump", "[arch]") {
  const auto [distance, bytes] = GENERATE(table<int64_t, const char *>({
      {0, "06ffff"},
      {3, "c6ffff"},
      {4, "060000"},
      {0x12345, "46d048"},
      {0x20003, "c6ff7f"},
      {0x20004, ""},
      {-0x1fffc, "060080"},
      {-0x1fffd, ""},
      {max64, ""},
  }));
  INFO("distance " << distance);
  CHECK(toHex(xtensa.entryJump(distance, call0())) == bytes);
  CHECK(toHex(xtensa.entryJump(distance, windowed())) == bytes);
}

TEST_CASE("Xtensa: the stub changes a9 only", "[arch]") {
  for (const abi::ArchInfo *target : {&call0(), &windowed()}) {
    const arch::Stub stub = xtensa.stub(*target);
    // 1: .word 0; l32r a9, 1b; jx a9
    CHECK(toHex(stub.code) == "0000000091ffffa00900");
    CHECK(stub.word == 0);
    CHECK(stub.entry == 4);
    CHECK(stub.align == 4);
  }
}

TEST_CASE("Xtensa: a call of nothing does nothing", "[arch]") {
  const auto [code, expected] = GENERATE(table<const char *, const char *>({
      {"050000", "101120"}, // call0 -> or a1, a1, a1
      {"253412", "101120"}, // call8
      {"06ffff", "800000"}, // j, a call at the end of a function -> ret
  }));
  Place place(instruction(code), code, 0);
  xtensa.neutralise(place.fixup());
  CHECK(place.text() == expected);
}

TEST_CASE("Xtensa: literal pools", "[arch]") {
  for (const char *name : {".literal", ".literal.f", ".literal._ZN1TD1Ev", ".init.literal",
                           ".fini.literal", ".iram1.5.literal", ".gnu.linkonce.literal.f"})
    CHECK(xtensa.isLiteralPool(name));
  for (const char *name : {"", ".text", ".text.literal.f", ".literals", ".lit4", ".rodata",
                           ".gnu.linkonce.prop.literal.f", ".xt.lit"})
    CHECK_FALSE(xtensa.isLiteralPool(name));
  CHECK(xtensa.poolReach() == 0x40000);
  CHECK(xtensa.poolReach() == uint64_t(1) << instruction("510000").bits);
}

TEST_CASE("Xtensa: what memory and sections are like", "[arch]") {
  CHECK(xtensa.readsBytesOfText(call0()));
  CHECK_FALSE(xtensa.readsBytesOfText(windowed()));
  CHECK(xtensa.codeAddress(0x1001) == 0x1001);
  CHECK(xtensa.codePointer(0x1000) == 0x1000);
  CHECK(xtensa.isAttributes(SHT_NOTE, ".xtensa.info"));
  CHECK_FALSE(xtensa.isAttributes(SHT_NOTE, ".note.GNU-stack"));
  CHECK_FALSE(xtensa.isAttributes(SHT_PROGBITS, ".xt.prop"));
  CHECK(xtensa.isUnwindTable(".eh_frame"));
  CHECK(xtensa.isUnwindTable(".gcc_except_table"));
}
