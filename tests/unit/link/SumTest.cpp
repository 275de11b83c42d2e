// SPDX-License-Identifier: MIT
// Distances that relocations add up.
#include "RiscVCode.h"

namespace linktest {

namespace {

/// A link whose entry function is followed by a constant section with room for sums.
class Sums {
public:
  explicit Sums(std::string_view arch = "rv32imc") : test({ret, ret, ret, ret}, arch) {
    table = test.a.rodata(".rodata.table", Bytes(32), 4);
    test.a.reloc(test.section, 0, R_RISCV_NONE, test.a.define("table", table));
  }
  void add(uint64_t offset, uint32_t type, uint32_t symbol, int64_t addend = 0) {
    test.a.reloc(table, offset, type, symbol, addend);
  }
  uint64_t stored(uint64_t offset, unsigned bytes) {
    const uint64_t at = test.link.address(0, table) + offset;
    return readUint(ByteView(test.link.image().text).subspan(at, bytes));
  }
  RiscVCase test;
  uint32_t table;
};

} // namespace

TEST_CASE("a jump table has distances from itself or from a label", "[link][sums]") {
  Sums sums(GENERATE("rv32imc", "rv64imc"));
  ObjectBuilder &a = sums.test.a;
  const uint32_t start = a.define(".L4", sums.table, 0, local);
  for (uint64_t i = 0; i < 4; ++i) {
    sums.add(4 * i, R_RISCV_ADD32, a.define(".L", sums.test.section, 4 * i, local), 2);
    sums.add(4 * i, R_RISCV_SUB32, start);
  }
  CHECK(sums.test.link.linked().module.code.relocs.empty());
  const uint64_t table = sums.test.link.address(0, sums.table);
  for (uint64_t i = 0; i < 4; ++i)
    CHECK(sums.stored(4 * i, 4) == static_cast<uint32_t>(4 * i + 2 - table));
}

TEST_CASE("a distance has any width", "[link][sums]") {
  Sums sums;
  ObjectBuilder &a = sums.test.a;
  const uint32_t first = a.define("first", sums.test.section, 2),
                 last = a.define("last", sums.test.section, 12);
  Bytes before(32, 0xff);
  writeLe<uint64_t>(ByteSpan(before).subspan(8), 5);
  before[4] = 0;
  before[16] = 0x80; // Two bytes, though the number needs one.
  before[17] = 0x00;
  before[18] = 0xc0;
  a.replace(sums.table, before);
  const auto distance = [&](uint64_t at, uint32_t plus, uint32_t minus) {
    sums.add(at, plus, last, 1);
    sums.add(at, minus, first);
  };
  distance(0, R_RISCV_SET32, R_RISCV_SUB32);
  distance(4, R_RISCV_ADD8, R_RISCV_SUB8);
  distance(6, R_RISCV_SET16, R_RISCV_SUB16);
  distance(8, R_RISCV_ADD64, R_RISCV_SUB64);
  distance(16, R_RISCV_SET_ULEB128, R_RISCV_SUB_ULEB128);
  distance(18, R_RISCV_SET6, R_RISCV_SUB6);
  distance(19, R_RISCV_SET8, R_RISCV_SUB8);
  CHECK(sums.stored(0, 4) == 11);
  CHECK(sums.stored(4, 1) == 11);
  CHECK(sums.stored(5, 1) == 0xff);
  CHECK(sums.stored(6, 2) == 11);
  CHECK(sums.stored(8, 8) == 16);
  CHECK(sums.stored(16, 2) == 0x008b);
  CHECK(sums.stored(18, 1) == (0xc0 | 11));
  CHECK(sums.stored(19, 1) == 11);
  CHECK(sums.stored(20, 4) == 0xffffffff);
}

TEST_CASE("ends of a distance come into one block", "[link][sums]") {
  Sums sums;
  ObjectBuilder &a = sums.test.a;
  const uint32_t data = a.data(".data.v", Bytes(16), 4), zero = a.bss(".bss.v", 16, 4);
  sums.add(0, R_RISCV_ADD32, a.define("z", zero, 12));
  sums.add(0, R_RISCV_SUB32, a.define("d", data, 4));
  CHECK(sums.test.link.segment(0, data) == Segment::Text);
  CHECK(sums.test.link.segment(0, zero) == Segment::Text);
  CHECK(sums.stored(0, 4) == static_cast<uint32_t>(sums.test.link.address(0, zero) + 12 -
                                                   sums.test.link.address(0, data) - 4));
}

TEST_CASE("a distance inside a variable leaves it where it is", "[link][sums]") {
  Sums sums;
  ObjectBuilder &a = sums.test.a;
  const uint32_t data = a.data(".data.v", Bytes(16), 4);
  sums.add(0, R_RISCV_ADD32, a.define("end", data, 16));
  sums.add(0, R_RISCV_SUB32, a.define("start", data, 4));
  CHECK(sums.test.link.segment(0, data) == Segment::Rodata);
  CHECK(sums.stored(0, 4) == 12);
}

TEST_CASE("numbers may be added without their like", "[link][sums]") {
  Sums sums;
  ObjectBuilder &a = sums.test.a;
  sums.add(0, R_RISCV_ADD32, a.absolute("number", 0x1234), 1);
  sums.add(0, R_RISCV_SUB32, a.undefined("nothing", weak));
  sums.add(4, R_RISCV_SET8, a.absolute("other", 7));
  CHECK(sums.stored(0, 4) == 0x1235);
  CHECK(sums.stored(4, 1) == 7);
}

TEST_CASE("a sum that keeps an address is refused", "[link][sums]") {
  Sums sums;
  ObjectBuilder &a = sums.test.a;
  const uint32_t place = a.define("place", a.data(".data.v", Bytes(16), 4));
  const auto add = [&](uint32_t symbol) { sums.add(0, R_RISCV_ADD32, symbol); };
  const auto subtract = [&](uint32_t symbol) { sums.add(0, R_RISCV_SUB32, symbol); };
  std::vector<std::string> names;
  SECTION("one address") {
    add(place);
    names = {"ADD32 against place"};
  }
  SECTION("set") {
    sums.add(0, R_RISCV_SET32, place);
    names = {"SET32 against place"};
  }
  SECTION("the negative of one") {
    subtract(place);
    names = {"SUB32 against place"};
  }
  SECTION("two addresses") {
    add(place);
    add(place);
    names = {"ADD32 against place"};
  }
  SECTION("an address less a number") {
    add(place);
    subtract(a.absolute("number", 4));
    names = {"ADD32 against place"};
  }
  SECTION("the distance of something in the firmware") {
    add(a.undefined("mp_fun_table"));
    subtract(place);
    names = {"ADD32 against mp_fun_table"};
  }
  SECTION("the distance of two things in the firmware") {
    add(a.undefined("memset"));
    subtract(a.undefined("mp_type_str"));
    names = {"ADD32 against memset"};
  }
  sums.test.link.plan();
  REQUIRE(sums.test.link.diag.all().size() == names.size());
  for (size_t i = 0; i < names.size(); ++i)
    CHECK(sums.test.link.diag.all()[i].text ==
          "R_RISCV_" + names[i] +
              ": the address is known at load time only, and only the distance of two addresses "
              "can be stored here");
}

TEST_CASE("an undefined name in a sum is told once", "[link][sums]") {
  Sums sums;
  ObjectBuilder &a = sums.test.a;
  sums.add(0, R_RISCV_ADD32, a.undefined("absent"));
  sums.add(0, R_RISCV_SUB32, a.undefined("absent"));
  sums.test.link.plan();
  CHECK(ids(sums.test.link.diag) == std::vector<std::string>{"undefined-symbol"});
}

} // namespace linktest
