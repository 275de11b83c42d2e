// SPDX-License-Identifier: MIT
// Which RISC-V architectures an object fits, by its ELF flags and build attributes. The attributes
// of `objects` are those of objects made by gcc 12.2, clang 19 and GNU as 2.40.
#include "DamagedAttributes.h"

#include "llvm/BinaryFormat/ELF.h"

using namespace archtest;
using namespace llvm::ELF;

namespace {

const abi::ArchInfo &rv32imc = *abi::findArch("rv32imc"), &rv64imc = *abi::findArch("rv64imc");

const arch::Arch &archOf(unsigned bits) { return bits == 32 ? arch::riscv32() : arch::riscv64(); }
const abi::ArchInfo &targetOf(unsigned bits) { return bits == 32 ? rv32imc : rv64imc; }

struct Made {
  std::string_view by; ///< The compiler's arguments.
  unsigned bits;
  std::string_view text, mismatch, caution;
  std::string_view flags; ///< Arch flags, with commas after them.
  std::string_view attributes;
};

const Made objects[] = {
    {"gcc -march=rv32imc", 32, "rv32imc_zmmul code", "", "", "",
     "412e000000726973637600012400000004100572763332693270315f6d3270305f633270305f7a6d6d756c3170300"
     "0"},
    {"gcc -march=rv32imac", 32, "rv32imac_zmmul code", "", "", "",
     "4133000000726973637600012900000004100572763332693270315f6d3270305f613270315f633270305f7a6d6d7"
     "5"
     "6c31703000"},
    {"gcc -march=rv32imac_zicsr_zifencei", 32, "rv32imac_zicsr_zifencei_zmmul code", "", "", "",
     "4148000000726973637600013e00000004100572763332693270315f6d3270305f613270315f633270305f7a69637"
     "3"
     "723270305f7a6966656e6365693270305f7a6d6d756c31703000"},
    {"gcc -march=rv32imc_zba_zbb", 32, "rv32imc_zmmul_zba_zbb code", "",
     "rv32imc_zmmul_zba_zbb code, but not every rv32imc processor has zbb (-march=rv32imc)", "zba,",
     "413c000000726973637600013200000004100572763332693270315f6d3270305f633270305f7a6d6d756c3170305"
     "f"
     "7a62613170305f7a626231703000"},
    {"gcc -march=rv32imafc", 32, "rv32imafc_zicsr_zmmul code",
     "rv32imafc_zicsr_zmmul code, but rv32imc has no f (-march=rv32imc)", "", "",
     "4141000000726973637600013700000004100572763332693270315f6d3270305f613270315f663270325f6332703"
     "0"
     "5f7a696373723270305f7a6d6d756c31703000"},
    {"gcc -march=rv32imc -mno-strict-align", 32, "rv32imc_zmmul code", "",
     "rv32imc_zmmul code, but not every rv32imc processor loads and stores unaligned numbers "
     "(-mstrict-align)",
     "",
     "4130000000726973637600012600000004100572763332693270315f6d3270305f633270305f7a6d6d756c3170300"
     "0"
     "0601"},
    {"gcc -march=rv64imc", 64, "rv64imc_zmmul code", "", "", "",
     "412e000000726973637600012400000004100572763634693270315f6d3270305f633270305f7a6d6d756c3170300"
     "0"},
    {"gcc -march=rv64imafdc", 64, "rv64imafdc_zicsr_zmmul code",
     "rv64imafdc_zicsr_zmmul code, but rv64imc has no f, d (-march=rv64imc)", "", "",
     "4146000000726973637600013c00000004100572763634693270315f6d3270305f613270315f663270325f6432703"
     "2"
     "5f633270305f7a696373723270305f7a6d6d756c31703000"},
    {"clang -march=rv32imc_zba_zcmp", 32, "rv32imc_zmmul_zca_zcmp_zba code", "", "", "zba,zcmp,",
     "4144000000726973637600013a00000004100572763332693270315f6d3270305f633270305f7a6d6d756c3170305"
     "f"
     "7a63613170305f7a636d703170305f7a626131703000"},
    {"clang -march=rv32imac_zba_zbb_zbs_zcb_zcmp", 32,
     "rv32imac_zmmul_zca_zcb_zcmp_zba_zbb_zbs code", "",
     "rv32imac_zmmul_zca_zcb_zcmp_zba_zbb_zbs code, but not every rv32imc processor has zcb, zbb, "
     "zbs (-march=rv32imc)",
     "zba,zcmp,",
     "415e000000726973637600015400000004100572763332693270315f6d3270305f613270315f633270305f7a6d6d7"
     "5"
     "6c3170305f7a63613170305f7a63623170305f7a636d703170305f7a62613170305f7a62623170305f7a627331703"
     "0"
     "00"},
    {"clang -march=rv32imc_zfinx", 32, "rv32imc_zicsr_zmmul_zfinx code",
     "rv32imc_zicsr_zmmul_zfinx code, but rv32imc has no zfinx (-march=rv32imc)", "", "",
     "4140000000726973637600013600000004100572763332693270315f6d3270305f633270305f7a696373723270305"
     "f"
     "7a6d6d756c3170305f7a66696e7831703000"},
    {"clang -march=rv32imc_xtheadba", 32, "rv32imc_zmmul_xtheadba code", "",
     "rv32imc_zmmul_xtheadba code, but not every rv32imc processor has xtheadba (-march=rv32imc)",
     "",
     "413a000000726973637600013000000004100572763332693270315f6d3270305f633270305f7a6d6d756c3170305"
     "f"
     "787468656164626131703000"},
    {"clang -march=rv32imc_zihintpause_zicond", 32, "rv32imc_zicond_zihintpause_zmmul code", "",
     "rv32imc_zicond_zihintpause_zmmul code, but not every rv32imc processor has zicond "
     "(-march=rv32imc)",
     "",
     "4147000000726973637600013d00000004100572763332693270315f6d3270305f633270305f7a69636f6e6431703"
     "0"
     "5f7a6968696e7470617573653270305f7a6d6d756c31703000"},
    {"clang -march=rv32imac_zaamo", 32, "rv32imac_zmmul_zaamo code", "", "", "",
     "413c000000726973637600013200000004100572763332693270315f6d3270305f613270315f633270305f7a6d6d7"
     "5"
     "6c3170305f7a61616d6f31703000"},
    {"clang -march=rv64imc_zba", 64, "rv64imc_zmmul_zba code", "",
     "rv64imc_zmmul_zba code, but not every rv64imc processor has zba (-march=rv64imc)", "",
     "4135000000726973637600012b00000004100572763634693270315f6d3270305f633270305f7a6d6d756c3170305"
     "f"
     "7a626131703000"},
    {"clang -march=rv64gcv -mabi=lp64", 64,
     "rv64imafdcv_zicsr_zifencei_zmmul_zve32f_zve32x_zve64d_zve64f_zve64x_zvl128b_zvl32b_zvl64b "
     "code",
     "rv64imafdcv_zicsr_zifencei_zmmul_zve32f_zve32x_zve64d_zve64f_zve64x_zvl128b_zvl32b_zvl64b "
     "code, but rv64imc has no f, d, v, zve32f, zve32x, zve64d, zve64f, zve64x, zvl128b, zvl32b, "
     "zvl64b (-march=rv64imc)",
     "", "",
     "41a8000000726973637600019e00000004100572763634693270315f6d3270305f613270315f663270325f6432703"
     "2"
     "5f633270305f763170305f7a696373723270305f7a6966656e6365693270305f7a6d6d756c3170305f7a766533326"
     "6"
     "3170305f7a76653332783170305f7a76653634643170305f7a76653634663170305f7a76653634783170305f7a766"
     "c"
     "313238623170305f7a766c3332623170305f7a766c36346231703000"},
    {"as -march=rv32imc", 32, "rv32imc_zmmul code", "", "", "",
     "412c00000072697363760001220000000572763332693270315f6d3270305f633270305f7a6d6d756c31703000"},
    {"as without attributes", 32, "", "", "", "", ""},
};

Bytes operator+(Bytes left, const Bytes &right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

Bytes text(std::string_view characters) {
  Bytes bytes(characters.begin(), characters.end());
  bytes.push_back(0);
  return bytes;
}

Bytes length(size_t size) {
  Bytes bytes(4);
  writeLe(ByteSpan(bytes), static_cast<uint32_t>(size));
  return bytes;
}

/// A vendor's section with a list of attributes that has this tag.
Bytes vendorSection(std::string_view vendor, const Bytes &list, uint8_t tag = 1) {
  const Bytes subsection = Bytes{tag} + length(list.size() + 5) + list;
  return length(4 + vendor.size() + 1 + subsection.size()) + text(vendor) + subsection;
}

const Bytes version = {'A'};

/// The attributes of an object for an architecture.
Bytes attributesOf(std::string_view name) {
  return version + vendorSection("riscv", Bytes{5} + text(name));
}

std::string failureOf(unsigned bits, uint32_t flags, ByteView attributes) {
  const Result<arch::ObjectAbi> abi = archOf(bits).objectAbi(flags, attributes);
  if (abi)
    return "";
  CHECK(abi.failure().offset == 0);
  return abi.failure().text;
}

} // namespace

TEST_CASE("RISC-V: each object in its architecture", "[arch]") {
  for (const Made &object : objects) {
    INFO(object.by);
    const arch::Arch &arch = archOf(object.bits);
    const abi::ArchInfo &target = targetOf(object.bits);
    const Bytes bytes = hex(object.attributes);
    const Result<arch::ObjectAbi> abi = arch.objectAbi(EF_RISCV_RVC, bytes);
    REQUIRE(abi);
    CHECK(abi->text == object.text);
    CHECK(arch.mismatch(*abi, target) == object.mismatch);
    if (object.mismatch.empty())
      CHECK(arch.caution(*abi, target) == object.caution);
    std::string flags;
    for (size_t bit = 0; bit < 32; ++bit)
      if (arch.archFlags(*abi, target) >> bit & 1) {
        REQUIRE(bit < target.flags.size());
        flags += std::string(target.flags[bit]) + ",";
      }
    CHECK(flags == object.flags);
    CHECK(arch.conflict(*abi, {}) == "");
  }
}

TEST_CASE("RISC-V: the names of the extensions", "[arch]") {
  const auto [name, extensions] = GENERATE(table<const char *, std::vector<std::string>>({
      {"rv32i", {"i"}},
      {"rv32i2", {"i"}},
      {"rv32i2p1", {"i"}},
      {"rv32imc", {"i", "m", "c"}},
      {"rv32i2m2c2", {"i", "m", "c"}},
      {"rv32i2p1m2p0c2p0", {"i", "m", "c"}},
      {"rv32i_m_c", {"i", "m", "c"}},
      {"rv32ip", {"i", "p"}},
      {"rv32i2p", {"i", "p"}},
      {"rv32imczba", {"i", "m", "c", "zba"}},
      {"rv32imc_zba", {"i", "m", "c", "zba"}},
      {"rv32i2p1_zvl128b1p0_zba1p0", {"i", "zvl128b", "zba"}},
      {"rv32i2p1_zve32x1p0_zcmp1p0", {"i", "zve32x", "zcmp"}},
      {"rv32i_zve32x_zcmp", {"i", "zve32x", "zcmp"}},
      {"rv32i_zcmp1", {"i", "zcmp1"}},
      {"rv32i_smepmp10p21_svinval1p0", {"i", "smepmp", "svinval"}},
      {"rv32i_x_z1p0_s1", {"i", "x", "z", "s1"}},
      {"rv32i__zba_", {"i", "zba"}},
  }));
  INFO(name);
  const Bytes bytes = attributesOf(name);
  const Result<arch::ObjectAbi> abi = arch::riscv32().objectAbi(0, bytes);
  REQUIRE(abi);
  CHECK(abi->extensions == extensions);
}

TEST_CASE("RISC-V: names of no processor", "[arch]") {
  const auto [bits, name] = GENERATE(table<unsigned, const char *>({
      {32, "rv64imc"},
      {64, "rv32imc"},
      {32, "rv32"},
      {32, "rv32_"},
      {32, "rv3"},
      {32, "rv32IMC"},
      {32, "rv32i 2p1"},
      {32, "rv32i_2p1"},
      {32, "rv32i2p1_zb\x01"},
      {32, "rv32i\xff"},
      {32, "RISC-V"},
  }));
  INFO(name);
  CHECK(failureOf(bits, 0, attributesOf(name)) ==
        "the build attributes are corrupt: they name no RISC-V processor with " +
            std::to_string(bits) + "-bit addresses");
}

TEST_CASE("RISC-V: what no module's processor has", "[arch]") {
  for (const char *name : {"q", "h", "g", "zfh1p0", "zfhmin1p0", "zfa1p0", "zdinx1p0", "zhinx1p0",
                           "zvfh1p0", "zcf1p0", "zcd1p0"}) {
    INFO(name);
    const Bytes bytes = attributesOf("rv32i2p1_" + std::string(name));
    const Result<arch::ObjectAbi> abi = arch::riscv32().objectAbi(0, bytes);
    REQUIRE(abi);
    CHECK_THAT(arch::riscv32().mismatch(*abi, rv32imc), Catch::EndsWith(" (-march=rv32imc)"));
  }
}

TEST_CASE("RISC-V: two cautions are one sentence", "[arch]") {
  const Bytes bytes =
      version + vendorSection("riscv", Bytes{5} + text("rv32i2p1_zbb1p0_zbs1p0") + Bytes{6, 1});
  const Result<arch::ObjectAbi> abi = arch::riscv32().objectAbi(0, bytes);
  REQUIRE(abi);
  CHECK(arch::riscv32().caution(*abi, rv32imc) ==
        "rv32i_zbb_zbs code, but not every rv32imc processor has zbb, zbs (-march=rv32imc) and "
        "loads and stores unaligned numbers (-mstrict-align)");
  const Bytes unnamed = version + vendorSection("riscv", Bytes{6, 1});
  const Result<arch::ObjectAbi> other = arch::riscv32().objectAbi(0, unnamed);
  REQUIRE(other);
  CHECK(arch::riscv32().caution(*other, rv32imc) ==
        "not every rv32imc processor loads and stores unaligned numbers (-mstrict-align)");
}

TEST_CASE("RISC-V: calling conventions of no firmware", "[arch]") {
  const std::string floats = "code that passes floats in FPU registers, which no firmware does",
                    few = "code for a processor with 16 registers (RV32E, RV64E), which runs no "
                          "MicroPython";
  const auto flags = GENERATE(as<uint32_t>(), EF_RISCV_FLOAT_ABI_SINGLE, EF_RISCV_FLOAT_ABI_DOUBLE,
                              EF_RISCV_FLOAT_ABI_QUAD);
  for (uint32_t others : {0u, unsigned(EF_RISCV_RVC), unsigned(EF_RISCV_RVC | EF_RISCV_TSO)}) {
    CHECK(failureOf(32, flags | others, {}) == floats);
    CHECK(failureOf(64, flags | others, {}) == floats);
    CHECK(failureOf(32, EF_RISCV_RVE | others, {}) == few);
    CHECK(failureOf(64, EF_RISCV_RVE | others, {}) == few);
    CHECK(failureOf(32, others, {}) == "");
  }
  CHECK(failureOf(32, 0, attributesOf("rv32e2p0_m2p0")) == few);
}

TEST_CASE("RISC-V: attributes that this does not know are passed over", "[arch]") {
  const Bytes list = Bytes{4, 16, 5} + text("rv32imc"), known = vendorSection("riscv", list);
  const Bytes unknown[] = {
      version + vendorSection("riscv", Bytes{16, 1, 14, 2} + list + Bytes{0xfe, 0x7f, 0x80, 0x01}),
      version + vendorSection("riscv", Bytes{17} + text("rv32e") + list),
      version + vendorSection("gnu", Bytes{5} + text("rv32e")) + known,
      version + known + vendorSection("", {}) + vendorSection("gnu", Bytes{0xff}),
      // Attributes of a section or a symbol.
      version + known + vendorSection("riscv", Bytes{1, 0, 5} + text("rv32e"), 2),
      version + known + vendorSection("riscv", Bytes{0xff, 0xff}, 3),
  };
  for (const Bytes &bytes : unknown) {
    INFO(toHex(bytes));
    const Result<arch::ObjectAbi> abi = arch::riscv32().objectAbi(0, bytes);
    REQUIRE(abi);
    CHECK(abi->text == "rv32imc code");
  }
  const Bytes empty = version + vendorSection("riscv", {});
  for (const Bytes &bytes : {version, empty}) {
    const Result<arch::ObjectAbi> abi = arch::riscv32().objectAbi(0, bytes);
    REQUIRE(abi);
    CHECK(abi->text == "");
    CHECK(arch::riscv32().mismatch(*abi, rv32imc) == "");
    CHECK(arch::riscv32().caution(*abi, rv32imc) == "");
  }
}

TEST_CASE("RISC-V: corrupt attributes are described", "[arch]") {
  const auto [attributes, problem] = GENERATE(table<const char *, const char *>({
      {"42", "their format is not known"},
      {"41 03000000 00", "the size of a section is wrong"},
      {"41 06000000 00", "the size of a section is wrong"},
      {"41 00000000 00", "the size of a section is wrong"},
      {"41 0f000000 726973637600 01 04000000", "the size of a subsection is wrong"},
      {"41 0f000000 726973637600 01 06000000", "the size of a subsection is wrong"},
  }));
  CHECK(failureOf(32, 0, hex(attributes)) ==
        "the build attributes are corrupt: " + std::string(problem));
}

TEST_CASE("RISC-V: attributes cut off anywhere are corrupt", "[arch]") {
  for (const Made &object : objects) {
    const Bytes whole = hex(object.attributes);
    for (size_t size = 2; size < whole.size(); ++size) {
      INFO(object.by << ", " << size << " bytes");
      const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      CHECK_THAT(failureOf(object.bits, 0, cut),
                 Catch::StartsWith("the build attributes are corrupt: "));
    }
  }
}

TEST_CASE("RISC-V: damaged attributes do no harm", "[arch]") {
  size_t refused = 0;
  for (const Made &object : objects)
    refused += refusedDamage(archOf(object.bits), targetOf(object.bits), hex(object.attributes));
  CHECK(refused > 1000);
}
