// SPDX-License-Identifier: MIT
// What things are called, and the names that come from a map.
#include "dump/Names.h"
#include "../mpy/Samples.h"
#include "dump/Code.h"
#include "dump/Machine.h"
#include "dump/Pointers.h"
#include "dump/SymbolMap.h"

#include <catch2/catch.hpp>

using namespace mpylink;
using namespace mpylink::dump;
using mpy::Dest;
using mpy::ObjectKind;
using mpy::Segment;

namespace {

File open(const Bytes &bytes) {
  Result<File> file = openFile("m.mpy", bytes);
  REQUIRE(file);
  return *file;
}

} // namespace

TEST_CASE("texts are pure ASCII on one line", "[dump]") {
  CHECK(quoted("a\"b\\c\n\xff\x01") == "\"a\\\"b\\\\c\\n\\xff\\x01\"");
  const mpy::Object number = {ObjectKind::Int, "-1", {}};
  CHECK(objectText({ObjectKind::Tuple, "", {number}}) == "(-1,)");
  CHECK(objectText({ObjectKind::Tuple, "", {number, {ObjectKind::Bytes, "\n", {}}}}) ==
        "(-1, b\"\\n\")");
  CHECK(objectText({ObjectKind::Tuple, "", {}}) == "()");
}

TEST_CASE("a relocated word is told by what it holds", "[dump]") {
  mpy::Module module = open(samples::native()).module;
  module.objects.push_back({ObjectKind::None, "", {}});
  module.objects.push_back({ObjectKind::True, "", {}});
  const auto text = [&](Dest dest, uint64_t addend, uint8_t entry = 0) {
    return relocatedText(module, {Segment::Text, 0, dest, entry}, addend);
  };
  CHECK(text(Dest::Rodata, 0) == "rodata");
  CHECK(text(Dest::Rodata, 16) == "rodata+0x10");
  CHECK(text(Dest::Bss, ~uint64_t{0}) == "bss-0x1");
  CHECK(text(Dest::QstrTable, 2) == "qstr \"answer\"");
  CHECK(text(Dest::QstrTable, 4) == "qstr table+0x4");
  CHECK(text(Dest::ObjTable, 8) == "object True");
  CHECK(text(Dest::FunTable, 13 * 8) == "mp_fun_table.store_global");
  CHECK(text(Dest::FunEntry, 0, 13) == "mp_fun_table.store_global");
  CHECK(text(Dest::FunEntry, 4, 117) == "mp_fun_table.117+0x4");
}

TEST_CASE("a map gives names to places", "[dump]") {
  const auto symbols =
      readMap("inputs\n    text   rodata      bss file\n      a7        0        0 a.o\n"
              "\ntext: 180 bytes\n address     size align section\n"
              "       4       88     4 a.o:(.text)\n"
              "       4       4c           first\n"
              "      50        0           second(int)\n"
              "\nbss: 4 bytes\n"
              "       0        4           count\n");
  REQUIRE(symbols.size() == 2);
  REQUIRE(symbols.at(Segment::Text).size() == 2);
  CHECK(symbols.at(Segment::Text).at(4).name == "first");
  CHECK(symbols.at(Segment::Text).at(4).size == 0x4c);
  CHECK(symbols.at(Segment::Text).at(0x50).name == "second(int)");
  CHECK(symbols.at(Segment::Bss).at(0).name == "count");
  CHECK(readMap("text: 4 bytes\n\n       4       4c           first\n").empty());
}

TEST_CASE("operands are split outside of brackets", "[dump]") {
  CHECK(splitOperands("r0, [r1, #4], {r2, r3}") ==
        std::vector<std::string>{"r0", "[r1, #4]", "{r2, r3}"});
  CHECK(splitOperands("").empty());
}

TEST_CASE("every processor of ours can be taken apart", "[dump]") {
  for (const abi::ArchInfo &arch : abi::archs())
    CHECK((Machine::create(arch) != nullptr) == (arch.wordSize != 0));
}

TEST_CASE("names of a map stand beside instructions", "[dump]") {
  File file = open(samples::native());
  file.symbols[Segment::Text] = {{8, {"start", 0x29}}};
  file.symbols[Segment::Bss] = {{0, {"count", 4}}};
  std::map<size_t, CodeLine> lines;
  for (const CodeLine &line : codeLines(file, file.module.code, "raw code"))
    lines[line.offset] = line;
  CHECK(lines.at(8).label == "start");
  CHECK(lines.at(0x14).comment == "count");
  CHECK(lines.at(0x21).comment == "qstr \"answer\"");
  CHECK(lines.at(0x28).comment == "mp_fun_table.store_global");
  CHECK(lines.at(0x31).name == ".data"); // Behind the only function.
  CHECK(lines.at(0x48).comment == "bss (count)");
}

TEST_CASE("what a called function may change is forgotten", "[dump]") {
  // lea rbx, [rip + 0x28]; mov rax, [rbx + 0x18]; call rax; mov ecx, [rax + 2]; mov rdx, [rbx + 8]
  File file = open(samples::native());
  const Bytes code = samples::hex("488d1d31000000 488b4318 ffd0 8b4802 488b5308");
  std::copy(code.begin(), code.end(), file.module.code.code.begin());
  std::map<size_t, CodeLine> lines;
  for (const CodeLine &line : codeLines(file, file.module.code, "raw code"))
    lines[line.offset] = line;
  CHECK(lines.at(7).comment == "qstr table");
  CHECK(lines.at(13).comment == "");
  CHECK(lines.at(16).comment == "rodata");
}
