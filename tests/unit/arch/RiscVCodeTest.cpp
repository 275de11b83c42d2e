// SPDX-License-Identifier: MIT
// RISC-V: instructions for known targets, and the code the linker adds. Encodings are those of GNU
// as and ld 2.40 and llvm-mc 19, which agree.
#include "RiscVFields.h"

using namespace archtest;
using namespace archtest::riscv;

namespace {

const arch::Arch *const archs[] = {&arch::riscv32(), &arch::riscv64()};

const abi::ArchInfo &targetOf(const arch::Arch &arch) {
  return *abi::findArch(arch.wordSize() == 4 ? "rv32imc" : "rv64imc");
}

/// The source's `.` is the start of the code.
const std::vector<Assembled> assembled = {
    {R_RISCV_BRANCH, 0, 0, 0, "6300b500", 0, "beq a0, a1, ."},
    {R_RISCV_BRANCH, 0, 2, 0, "6301b500", 0, "beq a0, a1, .+2"},
    {R_RISCV_BRANCH, 0, 4094, 0, "e30fb57e", 0, "beq a0, a1, .+4094"},
    {R_RISCV_BRANCH, 0x1000, 0, 0, "6300b580", 0, "beq a0, a1, .-4096"},
    {R_RISCV_BRANCH, 0, 0x550, 6, "63ebfd55", 0, "bltu s11, t6, .+0x556"},
    {R_RISCV_BRANCH, 0xaaa, 0, 0, "635bc0d5", 0, "bge zero, t3, .-0xaaa"},
    {R_RISCV_BRANCH, 0, 0x800, 0, "e300b500", 0, "beq a0, a1, .+0x800"},
    {R_RISCV_BRANCH, 0, 0x20, 0, "6310b502", 0, "bne a0, a1, .+0x20"},
    {R_RISCV_BRANCH, 0, 0x400, 0, "6310b540", 0, "bne a0, a1, .+0x400"},
    {R_RISCV_BRANCH, 0x200, 0, 0, "e310b5e0", 0, "bne a0, a1, .-0x200"},
    {R_RISCV_BRANCH, 0, 0x10, 0, "6318b500", 0, "bne a0, a1, .+0x10"},
    {R_RISCV_JAL, 0, 0, 0, "ef000000", 0, "jal ra, ."},
    {R_RISCV_JAL, 0, 0x7fe, 0, "ef00e07f", 0, "jal ra, .+0x7fe"},
    {R_RISCV_JAL, 0, 0x800, 0, "ef001000", 0, "jal ra, .+0x800"},
    {R_RISCV_JAL, 0, 0x1000, 0, "6f100000", 0, "jal zero, .+0x1000"},
    {R_RISCV_JAL, 0, 0xffffe, 0, "eff0ff7f", 0, "jal ra, .+0xffffe"},
    {R_RISCV_JAL, 0x100000, 0, 0, "ef000080", 0, "jal ra, .-0x100000"},
    {R_RISCV_JAL, 0x10, 0x55560, 4, "ef524555", 0, "jal t0, .+0x55554"},
    {R_RISCV_JAL, 0xaaaaa, 0, 0, "6f5465d5", 0, "jal s0, .-0xaaaaa"},
    {R_RISCV_JAL, 0, 0xff000, 0, "6ff00f00", 0, "jal zero, .+0xff000"},
    {R_RISCV_RVC_JUMP, 0, 0, 0, "01a0", 0, "c.j ."},
    {R_RISCV_RVC_JUMP, 0, 2046, 0, "fdaf", 0, "c.j .+2046"},
    {R_RISCV_RVC_JUMP, 0x800, 0, 0, "01b0", 0, "c.j .-2048"},
    {R_RISCV_RVC_JUMP, 0, 2, 0, "09a0", 0, "c.j .+2"},
    {R_RISCV_RVC_JUMP, 0, 0x10, 0, "01a8", 0, "c.j .+0x10"},
    {R_RISCV_RVC_JUMP, 0, 0x20, 0, "05a0", 0, "c.j .+0x20"},
    {R_RISCV_RVC_JUMP, 0, 0x40, 0, "81a0", 0, "c.j .+0x40"},
    {R_RISCV_RVC_JUMP, 0, 0x80, 0, "41a0", 0, "c.j .+0x80"},
    {R_RISCV_RVC_JUMP, 0, 0x100, 0, "01a2", 0, "c.j .+0x100"},
    {R_RISCV_RVC_JUMP, 0, 0x200, 0, "01a4", 0, "c.j .+0x200"},
    {R_RISCV_RVC_JUMP, 0, 0x400, 0, "01a1", 0, "c.j .+0x400"},
    {R_RISCV_RVC_JUMP, 0x556, 0, 0, "6db4", 0, "c.j .-0x556"},
    {R_RISCV_RVC_BRANCH, 0, 0, 0, "01c1", 0, "c.beqz a0, ."},
    {R_RISCV_RVC_BRANCH, 0, 254, 0, "7dcc", 0, "c.beqz s0, .+254"},
    {R_RISCV_RVC_BRANCH, 256, 0, 0, "81f3", 0, "c.bnez a5, .-256"},
    {R_RISCV_RVC_BRANCH, 0, 0x20, 0, "05c1", 0, "c.beqz a0, .+0x20"},
    {R_RISCV_RVC_BRANCH, 0, 0x40, 0, "21c1", 0, "c.beqz a0, .+0x40"},
    {R_RISCV_RVC_BRANCH, 0, 0x80, 0, "41c1", 0, "c.beqz a0, .+0x80"},
    {R_RISCV_RVC_BRANCH, 0, 8, 0, "01e5", 0, "c.bnez a0, .+8"},
    {R_RISCV_RVC_BRANCH, 0, 0x10, 0, "01e9", 0, "c.bnez a0, .+0x10"},
    {R_RISCV_RVC_BRANCH, 0, 2, 0, "09e1", 0, "c.bnez a0, .+2"},
    {R_RISCV_RVC_BRANCH, 0xaa, 0, 0, "b9f8", 0, "c.bnez s1, .-0xaa"},
    {R_RISCV_CALL, 0, 0x12345ffe, 0, "97603412 e780e0ff", 0, "call .+0x12345ffe"},
    {R_RISCV_CALL, 0, 0x1234, 0, "97100000 e7804023", 0, "call .+0x1234"},
    {R_RISCV_CALL_PLT, 0, 0x800, 0, "97100000 e7800080", 0, "call .+0x800"},
    {R_RISCV_CALL_PLT, 2, 0x7fe, 2, "0100 97000000 e780e07f", 2, "c.nop; call .+0x7fe"},
    {R_RISCV_CALL_PLT, 0x800, 0, 0, "97000000 e7800080", 0, "call .-0x800"},
    {R_RISCV_CALL_PLT, 0x802, 0, 0, "97f0ffff e780e07f", 0, "call .-0x802"},
    {R_RISCV_CALL_PLT, 0, 0x7ffff7fe, 0, "97f0ff7f e780e07f", 0, "call .+0x7ffff7fe"},
    {R_RISCV_CALL_PLT, 0x80000000, 0, 0, "97000080 e7800000", 0, "call .-0x80000000"},
    {R_RISCV_CALL_PLT, 0, 0x1234, 0, "17130000 67004323", 0, "tail .+0x1234"},
    {R_RISCV_CALL_PLT, 0x80000000, 0, 0, "17030080 67000300", 0, "tail .-0x80000000"},
    {R_RISCV_GOT_HI20, 0, 0, 0x12345fff - GOT - G + P, "17653412", 0, "auipc a0, 0x12346"},
    {R_RISCV_PCREL_HI20, 0, 0x12345fff, 0, "17653412", 0, "auipc a0, 0x12346"},
    {R_RISCV_HI20, 0, 0x12345fff, 0, "37653412", 0, "lui a0, %hi(0x12345fff)"},
    {R_RISCV_HI20, 0, 0x7ff, 0, "b70f0000", 0, "lui t6, %hi(0x7ff)"},
    {R_RISCV_HI20, 0, 0x7f0, 0x10, "b71f0000", 0, "lui t6, %hi(0x800)"},
    {R_RISCV_HI20, 0, min32, 0, "37050080", 0, "lui a0, %hi(0x80000000)"},
    {R_RISCV_HI20, 0, -0x800, 0, "37050000", 0, "lui a0, %hi(0xfffff800)"},
    {R_RISCV_HI20, 0, -0x801, 0, "37f5ffff", 0, "lui a0, %hi(0xfffff7ff)"},
    {R_RISCV_LO12_I, 0, 0x12345fff, 0, "1305f5ff", 0, "addi a0, a0, %lo(0x12345fff)"},
    {R_RISCV_LO12_I, 0, 0x12345fff, 0, "0325f5ff", 0, "lw a0, %lo(0x12345fff)(a0)"},
    {R_RISCV_LO12_I, 0, -1, 0, "8345f5ff", 0, "lbu a1, %lo(-1)(a0)"},
    {R_RISCV_LO12_I, 0, 0x670, 8, "13658567", 0, "ori a0, a0, %lo(0x678)"},
    {R_RISCV_LO12_I, 0, 0x678, 0, "13758567", 0, "andi a0, a0, %lo(0x678)"},
    {R_RISCV_LO12_I, 0, 0x678, 0, "13358567", 0, "sltiu a0, a0, %lo(0x678)"},
    {R_RISCV_LO12_I, 0, 0x678, 0, "1b058567", 0, "addiw a0, a0, %lo(0x678)"},
    {R_RISCV_LO12_I, 0, 0x678, 0, "e7008567", 0, "jalr ra, %lo(0x678)(a0)"},
    {R_RISCV_LO12_I, 0, 0xaaa, 0, "03b5a5aa", 0, "ld a0, %lo(0xaaa)(a1)"},
    {R_RISCV_LO12_I, 0, 0x555, 0, "07a55555", 0, "flw fa0, %lo(0x555)(a1)"},
    {R_RISCV_LO12_I, 0, 0x555, 0, "07b55555", 0, "fld fa0, %lo(0x555)(a1)"},
    {R_RISCV_LO12_S, 0, 0x12345fff, 0, "a32fb5fe", 0, "sw a1, %lo(0x12345fff)(a0)"},
    {R_RISCV_LO12_S, 0, 0x7ff, 0, "a30fb57e", 0, "sb a1, %lo(0x7ff)(a0)"},
    {R_RISCV_LO12_S, 0, 0x800, 0, "2390bf81", 0, "sh s11, %lo(0x800)(t6)"},
    {R_RISCV_LO12_S, 0, 0x555, 0, "a3baa554", 0, "sd a0, %lo(0x555)(a1)"},
    {R_RISCV_LO12_S, 0, 0x555, 0, "a7aaa554", 0, "fsw fa0, %lo(0x555)(a1)"},
    {R_RISCV_LO12_S, 0, 0xaaa, 0, "27b5a5aa", 0, "fsd fa0, %lo(0xaaa)(a1)"},
    {R_RISCV_TLS_GOT_HI20, 0, 0, 0x12345fff - GOT - G + P, "17653412", 0, "auipc a0, 0x12346"},
    {R_RISCV_TLS_GD_HI20, 0, 0, 0x12345fff - GOT - G + P, "17653412", 0, "auipc a0, 0x12346"},
    {R_RISCV_TPREL_HI20, 0, 0x12345fff, 0, "37653412", 0, "lui a0, %tprel_hi(v)"},
    {R_RISCV_TPREL_LO12_I, 0, 0x12345fff, 0, "0325f5ff", 0, "lw a0, %tprel_lo(v)(a0)"},
    {R_RISCV_TPREL_LO12_S, 0, 0x12345fff, 0, "a32fb5fe", 0, "sw a1, %tprel_lo(v)(a0)"},
    {R_RISCV_RVC_LUI, 0, 0x1000, 0, "0565", 0, "c.lui a0, 1"},
    {R_RISCV_RVC_LUI, 0, 0x1f7ff, 0, "7d65", 0, "c.lui a0, 31"},
    {R_RISCV_RVC_LUI, 0, -0x20800, 0, "0175", 0, "c.lui a0, 0xfffe0"},
    {R_RISCV_RVC_LUI, 0, -0x801, 0, "fd7d", 0, "c.lui s11, 0xfffff"},
    {R_RISCV_RVC_LUI, 0, 0x14fff, 0, "d56f", 0, "c.lui t6, 0x15"},
};

/// Both parts of a distance or address: auipc or lui of a0, and lw and sw of a1 at 0(a0).
std::string pairOf(const arch::Arch &arch, uint32_t type, int64_t target, bool isAbsolute) {
  const arch::RelocDesc &high = row(arch, type);
  Bytes code = hex("17050000 83250500 2320b500");
  arch::Fixup fixup{high, 0, 0, 0x1000, 0, 0, 0, code, 0, isAbsolute};
  (type == R_RISCV_GOT_HI20 ? fixup.G : fixup.S) = target + (isAbsolute ? 0 : 0x1000);
  const int64_t value = arch.value(fixup);
  CHECK(arch::outOfRange(high, value) == "");
  arch.encode(fixup, value);
  const arch::RelocDesc &low = row(arch, R_RISCV_PCREL_LO12_I),
                        &lowStore = row(arch, R_RISCV_PCREL_LO12_S);
  arch.encode({low, 0, 0, 0x1004, 0, 0, 0, code, 4, isAbsolute}, value);
  arch.encode({lowStore, 0, 0, 0x1008, 0, 0, 0, code, 8, isAbsolute}, value);
  return toHex(code);
}

} // namespace

TEST_CASE("RISC-V: instructions as assembled", "[arch]") {
  for (const arch::Arch *arch : archs) {
    const std::vector<Field> fields = fieldsOf(arch->wordSize());
    for (const Assembled &instruction : assembled) {
      if (row(*arch, instruction.type).need != Need::GotSlotPc) {
        checkAssembled(*arch, fields, instruction);
        continue;
      }
      // The slot's address is the formula's, and the place is the table's.
      Assembled atPlace = instruction;
      atPlace.P = P;
      checkAssembled(*arch, fields, atPlace);
    }
    // Nothing in code is left without an example, here or among the pairs.
    for (const Misfit &misfit : misfits) {
      const arch::RelocDesc &desc = row(*arch, misfit.type);
      const bool isElsewhere = desc.need == Need::PairedLow || desc.need == Need::Set ||
                               desc.need == Need::Subtract || desc.need == Need::ThreadPointer;
      CHECK((isElsewhere || std::ranges::count(assembled, misfit.type, &Assembled::type) >= 1));
    }
  }
  const std::vector<Field> fields = fieldsOf(4);
  checkAssembled(arch::riscv32(), fields,
                 {R_RISCV_RVC_JUMP, 0, 0x2aa, 0, "6d24", 0, "c.jal .+0x2aa"});
  checkAssembled(arch::riscv32(), fields,
                 {R_RISCV_RVC_JUMP, 0x200, 0, 0, "0135", 0, "c.jal .-0x200"});
}

TEST_CASE("RISC-V: c.lui of zero is c.li", "[arch]") {
  const auto [before, value, after] = GENERATE(table<const char *, int64_t, const char *>({
      {"856d", 0, "814d"},     // c.lui s11, 1 -> c.li s11, 0
      {"856d", 0x7ff, "814d"}, //
      {"856d", -0x800, "814d"},
      {"856d", 0x800, "856d"},
      {"fd7d", 0x7ff, "814d"}, // c.lui s11, 0xfffff
  }));
  for (const arch::Arch *arch : archs) {
    Place place(row(*arch, R_RISCV_RVC_LUI), before, 0);
    arch->encode(place.fixup(), value);
    CHECK(place.text() == after);
  }
}

TEST_CASE("RISC-V: both halves of a distance", "[arch]") {
  const auto [distance, code] = GENERATE(table<int64_t, const char *>({
      {0x12345fff, "176534128325f5ffa32fb5fe"},
      {0x1234, "1715000083254523232ab522"},
      {0x7ff, "170500008325f57fa32fb57e"},
      {0x800, "17150000832505802320b580"},
      {-0x800, "17050000832505802320b580"},
      {-0x801, "17f5ffff8325f57fa32fb57e"},
      {0x7ffff7fe, "17f5ff7f8325e57f232fb57e"},
      {min32, "17050080832505002320b500"},
  }));
  INFO("distance " << distance);
  std::string ofNumber = code; // auipc -> lui
  ofNumber[0] = '3';
  for (const arch::Arch *arch : archs) {
    CHECK(pairOf(*arch, R_RISCV_PCREL_HI20, distance, false) == code);
    CHECK(pairOf(*arch, R_RISCV_GOT_HI20, distance, false) == code);
    CHECK(pairOf(*arch, R_RISCV_PCREL_HI20, distance, true) == ofNumber);
  }
}

TEST_CASE("RISC-V: the entry jump", "[arch]") {
  struct Row {
    int64_t distance;
    const char *rv32, *rv64;
  };
  const auto [distance, rv32, rv64] = GENERATE(values<Row>({
      {2, "09a0", "09a0"},                                     // c.j
      {2046, "fdaf", "fdaf"},                                  //
      {-2048, "01b0", "01b0"},                                 //
      {2048, "6f001000", "6f001000"},                          // j
      {-2050, "6ff0efff", "6ff0efff"},                         //
      {0xffffe, "6ff0ff7f", "6ff0ff7f"},                       //
      {-0x100000, "6f000080", "6f000080"},                     //
      {0x100000, "1703100067000300", "1703100067000300"},      // tail
      {-0x100002, "1703f0ff6700e3ff", "1703f0ff6700e3ff"},     //
      {0x7ffff7fe, "17f3ff7f6700e37f", "17f3ff7f6700e37f"},    //
      {min32 - 0x800, "1703008067000380", "1703008067000380"}, //
      {0x7ffff800, "1703008067000380", ""},                    //
      {min32 - 0x802, "17f3ff7f6700e37f", ""},
  }));
  INFO("distance " << distance);
  CHECK(toHex(arch::riscv32().entryJump(distance, targetOf(arch::riscv32()))) == rv32);
  CHECK(toHex(arch::riscv64().entryJump(distance, targetOf(arch::riscv64()))) == rv64);
}

TEST_CASE("RISC-V: an entry jump leads to its distance", "[arch]") {
  for (const arch::Arch *arch : archs)
    for (int64_t distance = -0x101000; distance <= 0x101000; distance += 0x3fe) {
      const Bytes jump = arch->entryJump(distance, targetOf(*arch));
      const uint32_t type = jump.size() == 2   ? R_RISCV_RVC_JUMP
                            : jump.size() == 4 ? R_RISCV_JAL
                                               : R_RISCV_CALL;
      const arch::RelocDesc &desc = row(*arch, type);
      INFO(desc.name << ", distance " << distance);
      REQUIRE(jump.size() == desc.bytes);
      CHECK(arch->misfit(desc, jump, 0) == "");
      CHECK(arch->addendAt(desc, jump) == distance);
    }
}

TEST_CASE("RISC-V: the stub changes t1 only", "[arch]") {
  // auipc t1, 0; lw t1, 12(t1); c.jr t1; c.nop; .word 0
  const arch::Stub stub32 = arch::riscv32().stub(targetOf(arch::riscv32()));
  CHECK(toHex(stub32.code) == "170300000323c3000283010000000000");
  CHECK(stub32.word == 12);
  CHECK(stub32.align == 4);
  CHECK(stub32.entry == 0);
  // auipc t1, 0; ld t1, 16(t1); c.jr t1; c.nop; c.nop; c.nop; .dword 0
  const arch::Stub stub64 = arch::riscv64().stub(targetOf(arch::riscv64()));
  CHECK(toHex(stub64.code) == "170300000333030102830100010001000000000000000000");
  CHECK(stub64.word == 16);
  CHECK(stub64.align == 8);
  CHECK(stub64.entry == 0);
}

TEST_CASE("RISC-V: a branch to nothing does nothing", "[arch]") {
  const auto [type, code, expected] = GENERATE(table<uint32_t, const char *, const char *>({
      {R_RISCV_CALL, "97000000e7800000", "1300000013000000"},     // call -> nop; nop
      {R_RISCV_CALL_PLT, "97000000e7800000", "1300000013000000"}, //
      {R_RISCV_CALL_PLT, "97020000e7820200", "1300000013000000"}, // call t0, weak
      {R_RISCV_CALL_PLT, "1703000067000300", "1300000067800000"}, // tail -> nop; ret
      {R_RISCV_JAL, "ef000000", "13000000"},                      // jal ra -> nop
      {R_RISCV_JAL, "6f000000", "67800000"},                      // j -> ret
      {R_RISCV_BRANCH, "6300b500", "13000000"},                   // beq -> nop
      {R_RISCV_RVC_JUMP, "01a0", "8280"},                         // c.j -> c.jr ra
      {R_RISCV_RVC_BRANCH, "01c1", "0100"},                       // c.beqz -> c.nop
      {R_RISCV_PLT32, "12345678", "00000000"},                    // .word weak@plt - .
  }));
  for (const arch::Arch *arch : archs) {
    Place place(row(*arch, type), code, 0);
    arch->neutralise(place.fixup());
    CHECK(place.text() == expected);
  }
  Place call(row(arch::riscv32(), R_RISCV_RVC_JUMP), "0120", 0); // c.jal -> c.nop
  arch::riscv32().neutralise(call.fixup());
  CHECK(call.text() == "0100");
}

TEST_CASE("RISC-V: padding does nothing", "[arch]") {
  const auto [size, expected] = GENERATE(table<size_t, const char *>({
      {0, ""},
      {1, "ff"}, // No instruction is that short.
      {2, "0100"},
      {3, "0100ff"},
      {4, "13000000"},
      {6, "130000000100"},
      {8, "1300000013000000"},
  }));
  for (const arch::Arch *arch : archs) {
    Bytes gap(size, 0xff);
    arch->pad(gap);
    CHECK(toHex(gap) == expected);
  }
}
