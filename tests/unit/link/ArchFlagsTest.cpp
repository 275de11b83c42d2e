// SPDX-License-Identifier: MIT
// What objects say of their processors, and what the firmware of one architecture has.
#include "Build.h"

namespace linktest {

namespace {

/// Build attributes with an architecture name.
Bytes attributes(std::string_view arch) {
  const auto append = [](Bytes &bytes, std::string_view text) {
    bytes.insert(bytes.end(), text.begin(), text.end());
    bytes.push_back(0);
  };
  const auto length = [](Bytes &bytes, size_t at) {
    writeLe(ByteSpan(bytes).subspan(at), static_cast<uint32_t>(bytes.size() - at));
  };
  Bytes tags = {1, 0, 0, 0, 0, 5}; // Of the file: Tag_RISCV_arch
  append(tags, arch);
  writeLe(ByteSpan(tags).subspan(1), static_cast<uint32_t>(tags.size()));
  Bytes all = {'A', 0, 0, 0, 0};
  append(all, "riscv");
  all.insert(all.end(), tags.begin(), tags.end());
  length(all, 1);
  return all;
}

void addObject(Case &link, const std::string &name, std::string_view arch) {
  ObjectBuilder &object = link.object(name);
  if (name == "a.o")
    object.entry();
  Result<arch::ObjectAbi> abi = object.object.arch->objectAbi(EF_RISCV_RVC, attributes(arch));
  REQUIRE(abi);
  object.object.abi = *abi;
}

} // namespace

TEST_CASE("the module asks for what any of its objects needs", "[link][flags]") {
  Case link("rv32imc");
  addObject(link, "a.o", "rv32imc");
  addObject(link, "b.o", "rv32imc_zba");
  addObject(link, "c.o", "rv32imc_zcmp");
  const bool isGiven = GENERATE(false, true);
  if (isGiven)
    link.inputs.archFlags = 1;
  const mpy::Module &module = link.linked().module;
  CHECK(module.hasArchFlags);
  CHECK(module.archFlags == (isGiven ? 1 : 3));
  CHECK(link.diag.all().empty());
}

TEST_CASE("a module that asks for nothing has no flags", "[link][flags]") {
  Case link("rv32imc");
  addObject(link, "a.o", "rv32imc");
  const bool isGiven = GENERATE(false, true);
  if (isGiven)
    link.inputs.archFlags = 0;
  CHECK_FALSE(link.linked().module.hasArchFlags);
  CHECK(link.linked().module.archFlags == 0);
}

TEST_CASE("each object that not every processor runs is told", "[link][flags]") {
  Case link("rv32imc");
  addObject(link, "a.o", "rv32imc_zbb");
  addObject(link, "b.o", "rv32imc_zba");
  addObject(link, "c.o", "rv32imc_zbs");
  const Diag &diag = link.diag;
  link.linked();
  REQUIRE(ids(diag) == std::vector<std::string>{"arch-extension", "arch-extension"});
  for (size_t i = 0; i < 2; ++i) {
    CHECK(diag.all()[i].severity == Severity::Warning);
    CHECK(diag.all()[i].where.file == (i == 0 ? "a.o" : "c.o"));
    CHECK(diag.all()[i].text.find(i == 0 ? "has zbb" : "has zbs") != std::string::npos);
  }
}

TEST_CASE("firmware of some architectures lacks an entry", "[link][flags]") {
  struct Row {
    const char *symbol, *arch;
    bool isThere;
  };
  const Row row = GENERATE(values<Row>({{"nlr_push", "x64", true},
                                        {"nlr_push", "xtensa", true},
                                        {"nlr_push", "xtensawin", false},
                                        {"mpy_setjmp", "x64", false},
                                        {"mpy_setjmp", "xtensa", false},
                                        {"mpy_setjmp", "xtensawin", true},
                                        {"memset", "xtensawin", true}}));
  CAPTURE(row.symbol, row.arch);
  Case link(row.arch);
  ObjectBuilder &a = link.object();
  a.entry(Bytes(16), 8);
  const uint32_t symbol = a.undefined(row.symbol);
  const bool isXtensa = link.inputs.arch == &arch::xtensa();
  a.reloc(1, 0, isXtensa ? uint32_t(R_XTENSA_32) : uint32_t(R_X86_64_64), symbol);
  link.plan();
  CHECK(link.target(0, symbol).kind == (row.isThere ? Kind::Entry : Kind::Undefined));
  CHECK(link.diag.hasErrors() != row.isThere);
}

} // namespace linktest
