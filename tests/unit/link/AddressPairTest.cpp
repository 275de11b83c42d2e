// SPDX-License-Identifier: MIT
// Addresses whose halves are in two instructions: relative where one pair is alone in its code,
// else loaded by a detour.
#include "RiscVCode.h"

namespace linktest {

TEST_CASE("an upper half that is alone becomes relative", "[link][pairs]") {
  RiscVCase test({luiA0, addiA1A0, lwA1A0, ret}, GENERATE("rv32imc", "rv64imc"));
  const uint32_t data = test.a.data(".data.v", Bytes(0x900), 4);
  const uint32_t v = test.a.define("v", data, 0x7fc);
  test.high(0, v, 8);
  test.low(4, v, 8);
  test.low(8, v, 8);
  CHECK(test.link.segment(0, data) == Segment::Text);
  CHECK(test.link.plan().slots.empty());
  CHECK(test.link.plan().detours.empty());
  CHECK((test.code(0) & 0xfff) == auipcA0);
  for (uint64_t low : {4, 8})
    test.reach(0, low, [&](const Memory &m) { return test.address(m, data, 0x804); });
}

TEST_CASE("several upper halves load the address from one word", "[link][pairs]") {
  RiscVCase test({luiA0, addiA1A0, luiA0, lwA1A0, ret}, GENERATE("rv32imc", "rv64imc"));
  const uint32_t data = test.a.data(".data.v", Bytes(32), 4);
  const uint32_t v = test.a.define("v", data, 8);
  test.high(0, v);
  test.low(4, v);
  test.high(8, v);
  test.low(12, v);
  CHECK(test.link.segment(0, data) == Segment::Rodata); // Scanned by the garbage collector.
  CHECK(test.link.plan().detours.size() == 2);
  CHECK(test.link.plan().slots.size() == 1);
  // Either may be the one that a lower half goes on from.
  for (uint64_t high : {0, 8})
    for (uint64_t low : {4, 12})
      test.reach(high, low, [&](const Memory &m) { return test.address(m, data, 8); });
}

TEST_CASE("a detour loads the word into the same register and jumps back", "[link][pairs]") {
  RiscVCase test({0x00000fb7, 0x000f8593, 0x00000fb7, 0x000f8593, ret}); // lui t6; addi a1, t6
  const uint32_t v = test.a.define("v", test.a.data(".data.v", Bytes(8), 4));
  for (uint64_t at : {0, 8}) {
    test.high(at, v);
    test.low(at + 4, v);
  }
  const Layout &layout = test.link.layout();
  CHECK(layout.detours == 20);
  CHECK(layout.got == 44);
  // j 20; addi a1, t6, 0; j 32; addi a1, t6, 0; ret
  // auipc t6, 0; lw t6, 24(t6); j 4; auipc t6, 0; lw t6, 12(t6); j 12
  const std::vector<uint32_t> code = {0x0140006f, 0x000f8593, 0x0180006f, 0x000f8593,
                                      ret,        0x00000f97, 0x018faf83, 0xfe9ff06f,
                                      0x00000f97, 0x00cfaf83, 0xfe5ff06f};
  Bytes text = test.link.image().text;
  text.resize(44);
  CHECK(text == words(code));
}

TEST_CASE("lower halves with other addends go with a detour", "[link][pairs]") {
  RiscVCase test({luiA0, addiA1A0, lwA1A0, lwA1A0, ret});
  const uint32_t data = test.a.data(".data.v", Bytes(0x2000), 4);
  const uint32_t v = test.a.define("v", data, 0x1000);
  const auto [first, last, base] = GENERATE(table<int64_t, int64_t, int64_t>({{0, 4, 0},
                                                                              {0, 2047, 0},
                                                                              {0, 2048, 1},
                                                                              {-4, 0, -2047},
                                                                              {-4, 4, -2043},
                                                                              {100, 4195, 2148},
                                                                              {-2048, 2047, 0}}));
  CAPTURE(first, last, base);
  test.high(0, v, first);
  test.low(4, v, first);
  test.low(8, v, last);
  test.low(12, v, (first + last) / 2);
  REQUIRE(test.link.plan().slots.size() == 1);
  for (const auto &[low, addend] : {std::pair{4, first}, {8, last}, {12, (first + last) / 2}})
    test.reach(0, uint64_t(low), [&](const Memory &m) {
      return test.address(m, data, 0x1000 + static_cast<uint64_t>(addend));
    });
}

TEST_CASE("an upper half with another addend than the lower half goes with a detour",
          "[link][pairs]") {
  RiscVCase test({luiA0, addiA1A0, ret});
  const uint32_t data = test.a.data(".data.v", Bytes(0x20), 4);
  const uint32_t v = test.a.define("v", data);
  test.high(0, v, 8);
  test.low(4, v, 12);
  test.reach(0, 4, [&](const Memory &m) { return test.address(m, data, 12); });
  CHECK(test.link.plan().slots.size() == 1);
}

TEST_CASE("lower halves that are too far apart are refused", "[link][pairs]") {
  RiscVCase test({luiA0, addiA1A0, lwA1A0, ret});
  const uint32_t data = test.a.data(".data.v", Bytes(0x2000), 4);
  const bool isTable = GENERATE(false, true);
  const uint32_t v = isTable ? test.a.undefined("mp_fun_table") : test.a.define("v", data);
  test.high(0, v);
  test.low(4, v);
  test.low(8, v, isTable ? 2048 : 4096);
  CHECK(test.problem() == std::string("unsupported-relocation: R_RISCV_LO12_I against ") +
                              (isTable ? "mp_fun_table" : "v") +
                              ": the lower parts of this address are too far from each other");
}

TEST_CASE("parts of a large variable go each with the upper half near it", "[link][pairs]") {
  // The second lower half of the first part has no upper half of its own: 12 is below the
  // alignment.
  RiscVCase test({luiA0, lwA1A0, lwA1A0, luiA0, lwA1A0, luiA0, lwA1A0, ret},
                 GENERATE("rv32imc", "rv64imc"));
  const uint32_t data = test.a.data(".data.v", Bytes(0x8000), 16), v = test.a.define("v", data, 16);
  const std::vector<std::pair<uint64_t, int64_t>> highs = {{0, 0}, {12, 0x3000}, {20, -16}};
  const std::vector<std::pair<uint64_t, int64_t>> lows = {{4, 0}, {8, 12}, {16, 0x3000}, {24, -16}};
  for (const auto &[at, addend] : highs)
    test.high(at, v, addend);
  for (const auto &[at, addend] : lows)
    test.low(at, v, addend);
  const std::vector<uint64_t> highOf = {0, 0, 12, 20};
  for (size_t i = 0; i < lows.size(); ++i)
    test.reach(highOf[i], lows[i].first, [&](const Memory &m) {
      return test.address(m, data, static_cast<uint64_t>(16 + lows[i].second));
    });
  CHECK(test.link.segment(0, data) == Segment::Rodata);
}

TEST_CASE("a lower half far from every upper half is refused", "[link][pairs]") {
  RiscVCase test({luiA0, lwA1A0, luiA0, lwA1A0, lwA1A0, ret});
  const uint32_t v = test.a.define("v", test.a.data(".data.v", Bytes(0x8000), 4));
  test.high(0, v);
  test.low(4, v);
  test.high(8, v, 0x3000);
  test.low(12, v, 0x3000);
  test.low(16, v, 0x6000);
  CHECK(test.problem() ==
        "unsupported-relocation: R_RISCV_LO12_I against v: the lower parts of this "
        "address are too far from each other");
}

TEST_CASE("a lower half without any upper half is refused", "[link][pairs]") {
  RiscVCase test({luiA0, lwA1A0, ret});
  const uint32_t data = test.a.data(".data.v", Bytes(8), 4);
  test.high(0, test.a.define("other", data, 4));
  test.low(4, test.a.define("v", data));
  CHECK(test.problem() == "unsupported-relocation: R_RISCV_LO12_I against v: no instruction of the "
                          "function has the upper part of this address");
}

TEST_CASE("the parts of a split function are one function", "[link][pairs]") {
  RiscVCase test({luiA0, lwA1A0, ret});
  const uint32_t v = test.a.define("v", test.a.data(".data.v", Bytes(8), 4), 4);
  const uint32_t cold = test.a.code(".text.unlikely", words({lwA1A0, ret}), 4);
  const bool isSplit = GENERATE(true, false);
  const uint32_t part = test.a.define(isSplit ? "mpy_init.cold" : "other", cold, 0, local);
  test.a.reloc(test.section, 8, R_RISCV_NONE, part);
  test.high(0, v);
  test.low(4, v);
  test.a.reloc(cold, 0, R_RISCV_LO12_I, v);
  if (!isSplit) {
    CHECK(test.problem().ends_with("no instruction of the function has the upper part of this "
                                   "address"));
    return;
  }
  for (const loader::Bases &bases : {lowBases, highBases}) {
    const Memory memory(test.link.linked().module, bases);
    CHECK(pairValue(memory, test.address(memory, test.section), test.address(memory, cold)) ==
          test.address(memory, 2, 4));
  }
}

TEST_CASE("functions have registers of their own", "[link][pairs]") {
  RiscVCase test({luiA0, lwA1A0, ret});
  const uint32_t v = test.a.define("v", test.a.data(".data.v", Bytes(8), 4), 4);
  const uint32_t other = test.a.code(".text.other", words({luiA0, lwA1A0, ret}), 4);
  test.a.reloc(test.section, 8, R_RISCV_NONE, test.a.define("other", other));
  test.high(0, v);
  test.low(4, v);
  test.a.reloc(other, 0, R_RISCV_HI20, v);
  test.a.reloc(other, 4, R_RISCV_LO12_I, v);
  CHECK(test.link.plan().detours.empty()); // Each pair is alone in its function.
  test.reach(0, 4, [&](const Memory &m) { return test.address(m, 2, 4); });
}

TEST_CASE("an address in the firmware is loaded, a number is not", "[link][pairs]") {
  const std::string_view name =
      GENERATE("mp_fun_table", "mp_type_str", "memset", "port", "nothing");
  RiscVCase test({luiA0, addiA1A0, ret}, GENERATE("rv32imc", "rv64imc"));
  const uint32_t symbol = name == "port"      ? test.a.absolute("port", 0x3ff44ffc)
                          : name == "nothing" ? test.a.undefined("nothing", weak)
                                              : test.a.undefined(std::string(name));
  test.high(0, symbol, 8);
  test.low(4, symbol, 8);
  test.reach(0, 4, [&](const Memory &m) {
    return 8 + (name == "mp_fun_table"  ? m.bases.funTable
                : name == "mp_type_str" ? m.entry(74)
                : name == "memset"      ? m.entry(50)
                : name == "port"        ? 0x3ff44ffc
                                        : 0);
  });
  const bool isNumber = name == "port" || name == "nothing";
  CHECK(test.link.plan().detours.size() == (isNumber ? 0 : 1));
  CHECK(test.link.linked().module.code.relocs.size() == (isNumber ? 0 : 1));
  if (isNumber)
    CHECK((test.code(0) & 0xfff) == luiA0);
}

TEST_CASE("code among the variables that has an address moves to the text", "[link][pairs]") {
  RiscVCase test({ret, ret});
  const uint32_t data = test.a.data(".data.v", Bytes(8), 4);
  const uint32_t code = test.a.data(".data.code", words({luiA0, lwA1A0, auipcA0, ret}), 4);
  const bool isAlone = GENERATE(true, false);
  const uint32_t symbol = isAlone ? test.a.define("v", data) : test.a.undefined("mp_fun_table");
  test.a.reloc(test.section, 4, R_RISCV_NONE, test.a.define("code", code));
  test.a.reloc(code, 0, R_RISCV_HI20, symbol);
  test.a.reloc(code, 4, R_RISCV_LO12_I, symbol);
  if (!isAlone)
    test.a.reloc(code, 8, R_RISCV_PCREL_HI20, symbol);
  CHECK(test.link.segment(0, code) == Segment::Text);
  for (const loader::Bases &bases : {lowBases, highBases}) {
    const Memory memory(test.link.linked().module, bases);
    CHECK(pairValue(memory, test.address(memory, code), test.address(memory, code, 4)) ==
          (isAlone ? test.address(memory, data) : bases.funTable));
  }
}

TEST_CASE("a detour must be in reach of a jump", "[link][pairs]") {
  RiscVCase test({luiA0, addiA1A0, ret});
  const uint32_t table = test.a.undefined("mp_fun_table");
  const uint32_t filler = test.a.rodata(".rodata.filler", Bytes(1 << 20), 4);
  test.a.reloc(test.section, 8, R_RISCV_NONE, test.a.define("filler", filler));
  test.high(0, table);
  test.low(4, table);
  CHECK(test.problem() == "out-of-range: R_RISCV_HI20 against mp_fun_table: the code is 1048588 "
                          "bytes away from the load of the address");
}

TEST_CASE("halves of a damaged object's addresses have any addend", "[link][pairs]") {
  const int64_t first = GENERATE(INT64_MIN, int64_t(-1), INT64_MAX),
                second = GENERATE(INT64_MIN, int64_t(0), INT64_MAX);
  const bool isTable = GENERATE(false, true);
  CAPTURE(first, second, isTable);
  RiscVCase test({luiA0, lwA1A0, ret}, "rv64imc");
  const uint32_t data = test.a.data(".data.v", Bytes(16), 4);
  const uint32_t symbol = isTable ? test.a.undefined("mp_fun_table") : test.a.define("v", data);
  test.high(0, symbol, first);
  test.low(4, symbol, second);
  test.link.plan();
  if (!test.link.diag.hasErrors())
    test.link.image();
  CHECK((test.link.diag.hasErrors() || first == second || (first == -1 && second == 0)));
}

} // namespace linktest
