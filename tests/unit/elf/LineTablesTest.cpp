// SPDX-License-Identifier: MIT
// Line tables made by hand, as the DWARF standard describes them. What compilers write is read in
// tests/errors.
#include "Guarded.h"

#include "elf/LineTables.h"

#include "llvm/BinaryFormat/Dwarf.h"

#include <catch2/catch.hpp>

#include <random>

using namespace mpylink;
using namespace llvm::dwarf;
using elf::LineTables;

namespace {

class Writer {
public:
  Writer &number(uint64_t value, unsigned size) {
    for (unsigned i = 0; i < size; ++i)
      out.push_back(i < 8 ? static_cast<uint8_t>(value >> 8 * i) : 0);
    return *this;
  }
  Writer &bytes(std::initializer_list<int> values) {
    for (const int value : values)
      out.push_back(static_cast<uint8_t>(value));
    return *this;
  }
  Writer &text(std::string_view value) {
    out.insert(out.end(), value.begin(), value.end());
    out.push_back(0);
    return *this;
  }
  Writer &append(const Bytes &other) {
    out.insert(out.end(), other.begin(), other.end());
    return *this;
  }
  Bytes out;
};

constexpr int lineBase = -5, lineRange = 14, opcodeBase = 13;
/// The opcode that adds to line and address and makes a row.
constexpr int special(int lines, int addresses) {
  return lines - lineBase + lineRange * addresses + opcodeBase;
}

Bytes setAddress(uint64_t address, unsigned size = 8) {
  return Writer().bytes({0, 1 + int(size), DW_LNE_set_address}).number(address, size).out;
}
const Bytes endSequence = {0, 1, DW_LNE_end_sequence};

/// A table around the bytes of its two name lists and of its program.
Bytes table(int version, const Bytes &names, const Bytes &program, unsigned offsetSize = 4) {
  Writer header;
  header.bytes({1});
  if (version >= 4)
    header.bytes({1});
  header.bytes({1, lineBase, lineRange, opcodeBase, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1});
  header.append(names);
  Writer unit;
  unit.number(static_cast<uint64_t>(version), 2);
  if (version == 5)
    unit.bytes({8, 0});
  unit.number(header.out.size(), offsetSize).append(header.out).append(program);
  Writer all;
  if (offsetSize == 8)
    all.number(0xffffffff, 4);
  return all.number(unit.out.size(), offsetSize).append(unit.out).out;
}

const Bytes oldNames = Writer()
                           .text("lib")
                           .text("/usr/include")
                           .bytes({0})
                           .text("a.c")
                           .bytes({0, 0, 0})
                           .text("b.h")
                           .bytes({1, 0, 0})
                           .text("c.h")
                           .bytes({2, 0, 0})
                           .text("/abs/d.h")
                           .bytes({1, 0, 0})
                           .bytes({0})
                           .out;

/// 0x1000: a.c:10, 0x1004: a.c:11, 0x1006: b.h:3, 0x100a: c.h:4, 0x100b: d.h:5, ends at 0x110b.
const Bytes program = Writer()
                          .append(setAddress(0x1000))
                          .bytes({DW_LNS_advance_line, 9, DW_LNS_copy})
                          .bytes({special(1, 4)})
                          .bytes({DW_LNS_set_file, 2, DW_LNS_advance_line, 0x78})
                          .bytes({DW_LNS_set_column, 5, DW_LNS_negate_stmt})
                          .bytes({special(0, 2)})
                          .bytes({DW_LNS_set_file, 3, DW_LNS_advance_pc, 3, special(1, 1)})
                          .bytes({0, 2, DW_LNE_set_discriminator, 7})
                          .bytes({DW_LNS_set_file, 4, special(1, 1)})
                          .bytes({DW_LNS_fixed_advance_pc, 0, 1})
                          .append(endSequence)
                          .out;

LineTables::Sections only(Bytes lines) { return {std::move(lines), {}, {}}; }

} // namespace

TEST_CASE("line tables tell the line of an address", "[elf]") {
  const int version = GENERATE(2, 3, 4);
  const LineTables tables(only(table(version, oldNames, program)), 8);
  CHECK(tables.at(0xfff) == "");
  CHECK(tables.at(0x1000) == "a.c:10");
  CHECK(tables.at(0x1003) == "a.c:10");
  CHECK(tables.at(0x1004) == "a.c:11");
  CHECK(tables.at(0x1006) == "lib/b.h:3");
  CHECK(tables.at(0x100a) == "/usr/include/c.h:4");
  CHECK(tables.at(0x100b) == "/abs/d.h:5");
  CHECK(tables.at(0x110a) == "/abs/d.h:5");
  CHECK(tables.at(0x110b) == "");
  CHECK(tables.at(0) == "");
  CHECK(tables.at(~uint64_t(0)) == "");
}

TEST_CASE("line tables of version 5 tell the format of their names", "[elf]") {
  const unsigned offsetSize = GENERATE(4u, 8u);
  const auto offset = [&](Writer &writer, uint64_t value) -> Writer & {
    return writer.number(value, offsetSize);
  };
  Writer names;
  names.bytes({1, DW_LNCT_path, DW_FORM_line_strp, 2});
  offset(names, 0);
  offset(names, 5);
  names.bytes({4, DW_LNCT_path, DW_FORM_strp, DW_LNCT_directory_index, DW_FORM_udata, DW_LNCT_MD5,
               DW_FORM_data16, DW_LNCT_size, DW_FORM_block, 2});
  offset(names, 1).bytes({0}).number(0, 16).bytes({2, 9, 9});
  offset(names, 5).bytes({1}).number(0, 16).bytes({0});
  const Bytes run = Writer()
                        .append(setAddress(0x20))
                        .bytes({special(1, 0), DW_LNS_set_file, 0, special(2, 3)})
                        .bytes({DW_LNS_const_add_pc})
                        .append(endSequence)
                        .out;
  const LineTables tables({table(5, names.out, run, offsetSize),
                           Writer().text("/cwd").text("src").out,
                           Writer().text("").text("a.c").text("b.c").out},
                          8);
  CHECK(tables.at(0x20) == "src/b.c:2");
  CHECK(tables.at(0x23) == "a.c:4");
  CHECK(tables.at(0x23 + 17) == "");
}

TEST_CASE("each unit and each section has its own sequence", "[elf]") {
  const auto unit = [](std::string_view name, uint64_t address) {
    const Bytes names = Writer().bytes({0}).text(name).bytes({0, 0, 0, 0}).out;
    const Bytes run = Writer()
                          .append(setAddress(address, 4))
                          .bytes({special(0, 0), DW_LNS_advance_pc, 4})
                          .append(endSequence)
                          .append(setAddress(address + 0x100, 4))
                          .bytes({special(6, 0), DW_LNS_advance_pc, 4})
                          .append(endSequence)
                          .out;
    return table(4, names, run);
  };
  const LineTables tables(only(Writer().append(unit("b.c", 0x1000)).append(unit("a.c", 0x500)).out),
                          4);
  CHECK(tables.at(0x500) == "a.c:1");
  CHECK(tables.at(0x603) == "a.c:7");
  CHECK(tables.at(0x1003) == "b.c:1");
  CHECK(tables.at(0x1100) == "b.c:7");
  CHECK(tables.at(0x504) == "");
}

TEST_CASE("tables that make no sense have no lines", "[elf]") {
  const Bytes good = table(4, oldNames, program);
  const auto lines = [&](size_t at, uint8_t value) {
    Bytes bad = good;
    bad[at] = value;
    return LineTables(only(bad), 8).at(0x1000);
  };
  CHECK(lines(0, good[0]) == "a.c:10");
  CHECK(lines(4, 1) == ""); // Version.
  CHECK(lines(4, 6) == "");
  CHECK(lines(11, 4) == ""); // Operations of an instruction.
  CHECK(lines(14, 0) == ""); // Line range.
  CHECK(lines(15, 0) == ""); // Opcode base.

  const auto run = [](const Bytes &bytes) {
    return LineTables(only(table(4, oldNames, bytes)), 8).at(0x1000);
  };
  const Bytes start = Writer().append(setAddress(0x1000)).bytes({special(0, 0)}).out;
  CHECK(run(Writer().append(start).bytes({DW_LNS_advance_pc, 4}).append(endSequence).out) ==
        "a.c:1");
  // No end, an address that goes back, line 0, a file that is not in the list.
  CHECK(run(Writer().append(start).bytes({DW_LNS_advance_pc, 4}).out) == "");
  CHECK(run(Writer().append(start).append(setAddress(0xff0)).append(endSequence).out) == "");
  CHECK(run(Writer()
                .append(setAddress(0x1000))
                .bytes({special(-1, 0), DW_LNS_advance_pc, 4})
                .append(endSequence)
                .out) == "");
  CHECK(run(Writer()
                .append(setAddress(0x1000))
                .bytes({DW_LNS_set_file, 9, special(0, 0), DW_LNS_advance_pc, 4})
                .append(endSequence)
                .out) == "");
}

TEST_CASE("damaged line tables are left out", "[elf]") {
  Writer names;
  names.bytes({1, DW_LNCT_path, DW_FORM_string, 1}).text("/cwd");
  names.bytes({2, DW_LNCT_path, DW_FORM_line_strp, DW_LNCT_directory_index, DW_FORM_data1, 2});
  names.number(0, 4).bytes({0}).number(1, 4).bytes({0});
  const Bytes good =
      Writer().append(table(5, names.out, program)).append(table(2, oldNames, program)).out;
  const auto take = [](const Bytes &lines) {
    const LineTables tables({lines, {'a', '.', 'c', 0}, {}}, 8);
    for (uint64_t address = 0xff0; address < 0x1020; ++address)
      tables.at(address);
    return tables.at(0x1000);
  };
  CHECK(take(good) == "a.c:10");
  for (size_t size = 0; size < good.size(); ++size)
    take({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)});
  for (size_t at = 0; at < good.size(); ++at)
    for (const uint8_t value : {0, 1, 2, 8, 15, 30, 31, 64, 127, 128, 129, 254, 255}) {
      Bytes bad = good;
      bad[at] = value;
      take(bad);
    }
  std::mt19937 random(1);
  size_t different = 0;
  for (int round = 0; round < 20000; ++round) {
    Bytes bad = good;
    for (unsigned change = random() % 4 + 1; change > 0; --change)
      bad[random() % bad.size()] = static_cast<uint8_t>(random());
    different += take(bad) != "a.c:10";
  }
  CHECK(different > 1000);
}
