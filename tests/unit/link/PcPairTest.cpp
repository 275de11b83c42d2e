// SPDX-License-Identifier: MIT
// Distances whose parts are in two instructions, of which the lower names the place of the upper.
#include "RiscVCode.h"

namespace linktest {

TEST_CASE("lower parts follow the upper part at their label", "[link][pairs]") {
  RiscVCase test({lwA1A0, auipcA0, addiA1A0, swA1A0, lwA1A0, ret}, GENERATE("rv32imc", "rv64imc"));
  const uint32_t data = test.a.data(".data.v", Bytes(0x900), 4);
  const uint32_t label = test.pcHigh(4, test.a.define("v", data, 0x804), 0x10);
  test.pcLow(0, label); // A loop may load in front of where the register is set.
  test.pcLow(8, label);
  test.pcLow(12, label, 0, true);
  test.pcLow(16, label);
  CHECK(test.link.segment(0, data) == Segment::Text);
  for (uint64_t low : {0, 8, 12, 16})
    test.reach(4, low, [&](const Memory &m) { return test.address(m, data, 0x814); });
  CHECK(test.link.linked().module.code.relocs.empty());
  // Only the fields have changed.
  CHECK((test.code(0) & 0xfffff) == lwA1A0);
  CHECK((test.code(4) & 0xfff) == auipcA0);
  CHECK((test.code(8) & 0xfffff) == addiA1A0);
  CHECK((test.code(12) & 0x1fff07f) == swA1A0);
}

TEST_CASE("a label may be in another section, in front or behind", "[link][pairs]") {
  const bool isBehind = GENERATE(false, true);
  RiscVCase test({isBehind ? auipcA0 : lwA1A0, ret});
  const uint32_t data = test.a.data(".data.v", Bytes(8), 4);
  const uint32_t other = test.a.code(".text.other", words({isBehind ? lwA1A0 : auipcA0, ret}), 4);
  const uint32_t high = isBehind ? test.section : other, low = isBehind ? other : test.section;
  test.a.reloc(high, 0, R_RISCV_PCREL_HI20, test.a.define("v", data, 4));
  test.a.reloc(low, 0, R_RISCV_PCREL_LO12_I, test.a.define(".L", high, 0, local));
  test.a.reloc(test.section, 4, R_RISCV_NONE, test.a.define("other", other));
  for (const loader::Bases &bases : {lowBases, highBases}) {
    const Memory memory(test.link.linked().module, bases);
    CHECK(pairValue(memory, test.address(memory, high), test.address(memory, low)) ==
          test.address(memory, data, 4));
  }
}

TEST_CASE("the addend of a lower part must not carry into the upper part", "[link][pairs]") {
  RiscVCase test({auipcA0, lwA1A0, ret});
  // The distance of `v` is 0x7f8: up to 7 more have the same upper part.
  const uint32_t pad = test.a.code(".text.pad", Bytes(0x7f8 - 12), 4);
  const uint32_t data = test.a.data(".data.v", Bytes(16), 4);
  test.a.reloc(test.section, 8, R_RISCV_NONE, test.a.define("pad", pad));
  const int64_t addend = GENERATE(0, 7, 8, -2048, -0x7f8 - 2048, -0x7f8 - 2049);
  CAPTURE(addend);
  test.pcLow(4, test.pcHigh(0, test.a.define("v", data)), addend);
  REQUIRE(test.link.address(0, data) == 0x7f8);
  if (addend == 8 || addend < -0x7f8 - 2048)
    CHECK(test.problem() == "out-of-range: R_RISCV_PCREL_LO12_I against .L0: the addend " +
                                std::to_string(addend) +
                                " needs another upper part than the label's instruction has");
  else
    test.reach(0, 4, [&](const Memory &m) {
      return test.address(m, data, static_cast<uint64_t>(addend));
    });
}

TEST_CASE("a lower part needs an upper part at its label", "[link][pairs]") {
  RiscVCase test({auipcA0, lwA1A0, ret});
  const uint32_t data = test.a.data(".data.v", Bytes(16), 4);
  const uint32_t v = test.a.define("v", data);
  uint32_t label = 0;
  SECTION("nothing is there") { label = test.a.define("label", test.section, 8, local); }
  SECTION("something else is there") {
    test.a.reloc(test.section, 8, R_RISCV_RELAX, 0);
    label = test.a.define("label", test.section, 8, local);
  }
  SECTION("the label is undefined") { label = test.a.undefined("label", weak); }
  SECTION("the label is a number") { label = test.a.absolute("label", 0); }
  test.pcHigh(0, v);
  test.pcLow(4, label);
  CHECK(test.problem() == "unsupported-relocation: R_RISCV_PCREL_LO12_I against label: there is no "
                          "upper part of an address at the label");
}

TEST_CASE("a number is loaded instead of its distance", "[link][pairs]") {
  const std::string_view arch = GENERATE("rv32imc", "rv64imc");
  const uint64_t number =
      GENERATE(uint64_t(0), 0x3ff44004, 0x3ff44804, 0x7fffffff - 0x800, 0xfffffff0);
  CAPTURE(arch, number);
  RiscVCase test({auipcA0, lwA1A0, swA1A0, ret}, arch);
  const bool isWeak = number == 0;
  const uint32_t symbol = isWeak ? test.a.undefined("port", weak) : test.a.absolute("port", number);
  const uint32_t label = test.pcHigh(0, symbol);
  test.pcLow(4, label);
  test.pcLow(8, label, 0, true);
  if (arch == "rv64imc" && number > 0x7fffffff) { // lui has a sign.
    CHECK(test.problem().starts_with("out-of-range: R_RISCV_PCREL_HI20 against port: value "));
    return;
  }
  CHECK((test.code(0) & 0xfff) == luiA0);
  CHECK(test.code(0) >> 12 == ((number + 0x800) >> 12 & 0xfffff));
  for (uint64_t low : {4, 8})
    test.reach(0, low, [&](const Memory &) { return number; });
  CHECK(test.link.linked().module.code.relocs.empty());
}

TEST_CASE("a function of the firmware is its stub", "[link][pairs]") {
  RiscVCase test({auipcA0, addiA1A0, ret}, GENERATE("rv32imc", "rv64imc"));
  test.pcLow(4, test.pcHigh(0, test.a.undefined("memset")));
  test.reach(0, 4,
             [&](const Memory &m) { return m.bases.text + test.link.layout().stubAddress[0]; });
  CHECK(test.link.plan().slots.empty());
  for (const loader::Bases &bases : {lowBases, highBases}) {
    const Memory memory(test.link.linked().module, bases);
    CHECK(riscVStub(memory, bases.text + test.link.layout().stubAddress[0]) == memory.entry(50));
  }
}

TEST_CASE("only the start of a function of the firmware can be reached", "[link][pairs]") {
  RiscVCase test({auipcA0, addiA1A0, ret});
  test.pcLow(4, test.pcHigh(0, test.a.undefined("memset"), 4));
  CHECK(test.problem() ==
        "unsupported-relocation: R_RISCV_PCREL_HI20 against memset: the place meant is inside a "
        "function at a fixed address or in the firmware, and only its start can be reached");
}

TEST_CASE("a table of the firmware is reached through a word", "[link][pairs]") {
  RiscVCase test({auipcA0, lwA1A0, swA1A0, auipcA0, lwA1A0, auipcA0, lwA1A0, ret},
                 GENERATE("rv32imc", "rv64imc"));
  const uint32_t table = test.a.undefined("mp_fun_table");
  const uint32_t first = test.pcHigh(0, table, 0x7f0);
  test.pcLow(4, first);
  test.pcLow(8, first, 8, true);
  test.pcLow(16, test.pcHigh(12, table, 4));
  test.a.reloc(test.section, 20, R_RISCV_GOT_HI20, table);
  test.pcLow(24, test.a.define(".L20", test.section, 20, local));
  CHECK(test.link.plan().detours.size() == 2);
  CHECK(test.link.plan().slots.size() == 1); // For both detours, and the GOT's user.
  test.reach(0, 4, [](const Memory &m) { return m.bases.funTable + 0x7f0; });
  test.reach(0, 8, [](const Memory &m) { return m.bases.funTable + 0x7f8; });
  test.reach(12, 16, [](const Memory &m) { return m.bases.funTable + 4; });
  test.reach(20, 24, [&](const Memory &m) { return m.bases.text + test.link.layout().got; });
  CHECK(test.link.linked().module.code.relocs.size() == 1);
}

TEST_CASE("data of the firmware is reached through a word, without any stub", "[link][pairs]") {
  RiscVCase test({auipcA0, addiA1A0, ret}, GENERATE("rv32imc", "rv64imc"));
  test.pcLow(4, test.pcHigh(0, test.a.undefined("mp_type_str")));
  CHECK(test.link.plan().stubs.empty());
  test.reach(0, 4, [](const Memory &m) { return m.entry(74); });
}

TEST_CASE("the offset in a table must fit the lower part", "[link][pairs]") {
  RiscVCase test({auipcA0, lwA1A0, ret});
  const int64_t addend = GENERATE(-2048, 2047, 2048, -2049);
  test.pcLow(4, test.pcHigh(0, test.a.undefined("mp_fun_table"), addend));
  if (addend == -2048 || addend == 2047)
    test.reach(0, 4,
               [&](const Memory &m) { return m.bases.funTable + static_cast<uint64_t>(addend); });
  else
    CHECK(test.problem() == "out-of-range: R_RISCV_PCREL_LO12_I against .L0: the addend " +
                                std::to_string(addend) + " is too large");
}

TEST_CASE("a damaged object's addends may be any number", "[link][pairs]") {
  const int64_t first = GENERATE(INT64_MIN, int64_t(-1), INT64_MAX),
                second = GENERATE(INT64_MIN, int64_t(0), INT64_MAX);
  const bool isTable = GENERATE(false, true);
  CAPTURE(first, second, isTable);
  RiscVCase test({auipcA0, lwA1A0, ret}, "rv64imc");
  const uint32_t data = test.a.data(".data.v", Bytes(16), 4);
  const uint32_t symbol = isTable ? test.a.undefined("mp_fun_table") : test.a.define("v", data);
  test.pcLow(4, test.pcHigh(0, symbol, first), second);
  test.link.plan();
  if (!test.link.diag.hasErrors())
    test.link.image();
  const bool isGood = isTable && uint64_t(first) + uint64_t(second) + 2048 < 4096;
  CHECK((test.link.diag.hasErrors() || isGood || (!isTable && first == -1 && second == 0)));
}

} // namespace linktest
