// SPDX-License-Identifier: MIT
// __start_NAME and __stop_NAME: what they keep, where the sections go, and in which order.
#include "Memory.h"

namespace linktest {

using namespace std::literals;

namespace {

/// An entry with words for the bounds of `name`.
uint32_t refer(ObjectBuilder &object, const std::string &name) {
  const uint32_t entry = object.entry(Bytes(16), 8);
  object.reloc(entry, 0, R_X86_64_64, object.undefined("__start_" + name));
  object.reloc(entry, 8, R_X86_64_64, object.undefined("__stop_" + name));
  return entry;
}

/// What lies between the two at both places where the module is loaded.
Bytes between(Case &link) {
  Bytes result;
  for (const loader::Bases &bases : {lowBases, highBases}) {
    const Memory memory(link.linked().module, bases);
    const uint64_t start = memory.read(bases.text, 8), stop = memory.read(bases.text + 8, 8);
    REQUIRE(stop >= start);
    const ByteView bytes = memory.from(start).first(stop - start);
    result.assign(bytes.begin(), bytes.end());
  }
  return result;
}

constexpr uint64_t written = dataFlags, constant = SHF_ALLOC;

} // namespace

TEST_CASE("sections of one name are a run in the order of the inputs", "[link][bounds]") {
  struct Row {
    uint64_t flags[3];
    Segment segment;
  };
  const Row row = GENERATE(values<Row>({
      {{constant, constant, constant}, Segment::Text},
      {{written, written, written}, Segment::Rodata},
      {{constant, written, constant}, Segment::Rodata},
      {{written, constant, constant}, Segment::Rodata},
  }));
  Case link;
  ObjectBuilder &a = link.object("a.o");
  refer(a, "pieces");
  // Another order than that of alignments, by which other sections are packed.
  const uint32_t one = a.section("pieces", row.flags[0], {1, 2, 3, 4}, 4);
  a.section("other", SHF_ALLOC | SHF_GNU_RETAIN, Bytes(64, 9), 64);
  const uint32_t two = a.section("pieces", row.flags[1], {5, 6, 7, 8}, 1);
  ObjectBuilder &b = link.object("b.o");
  const uint32_t three = b.section("pieces", row.flags[2], {9, 10, 11, 12}, 8);
  CHECK(between(link) == Bytes{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  for (const auto &[object, section] : {std::pair{0u, one}, {0u, two}, {1u, three}})
    CHECK(link.segment(object, section) == row.segment);
  CHECK(link.address(0, one) % 8 == 0);
}

TEST_CASE("zeros are zeros, and with contents they have bytes", "[link][bounds]") {
  const bool mixed = GENERATE(false, true);
  Case link;
  ObjectBuilder &a = link.object("a.o");
  refer(a, "pieces");
  const uint32_t zeros = a.bss("pieces", 4);
  a.bss("pieces", 2);
  if (mixed)
    a.data("pieces", {1});
  if (mixed)
    CHECK(between(link) == Bytes{0, 0, 0, 0, 0, 0, 1});
  CHECK(link.segment(0, zeros) == (mixed ? Segment::Rodata : Segment::Bss));
  CHECK(link.image().bssSize == (mixed ? 0 : 6));
}

TEST_CASE("one piece beside the code takes all with it", "[link][bounds]") {
  Case link;
  ObjectBuilder &a = link.object("a.o");
  const uint32_t entry = refer(a, "pieces");
  const uint32_t one = a.data("pieces", {1}), two = a.bss("pieces", 1),
                 three = a.data("pieces", {});
  const uint32_t code = a.code(".text.f", Bytes(8));
  a.reloc(code, 0, R_X86_64_PC32, a.define("two", two));
  a.reloc(entry, 4, R_X86_64_NONE, a.define("f", code));
  CHECK(between(link) == Bytes{1, 0});
  for (const uint32_t section : {one, two, three})
    CHECK(link.segment(0, section) == Segment::Text);
}

TEST_CASE("mergeable sections between bounds stay whole", "[link][bounds]") {
  Case link;
  ObjectBuilder &a = link.object("a.o");
  refer(a, "words");
  a.strings("a\0b\0a\0"s, 1, 1, "words");
  CHECK(between(link) == Bytes{'a', 0, 'b', 0, 'a', 0});
}

TEST_CASE("functions between bounds", "[link][bounds]") {
  const bool entryInside = GENERATE(false, true);
  Case link;
  ObjectBuilder &a = link.object("a.o");
  const uint32_t words = a.section(".data.words", dataFlags | SHF_GNU_RETAIN, Bytes(16), 8);
  a.reloc(words, 0, R_X86_64_64, a.undefined("__start_steps"));
  a.reloc(words, 8, R_X86_64_64, a.undefined("__stop_steps"));
  a.code("steps", Bytes(3, 0x90));
  if (!entryInside)
    a.entry();
  const uint32_t last = a.code("steps", Bytes(5, 0x91), 2);
  if (entryInside)
    a.define("mpy_init", last);
  const Memory memory(link.linked().module, highBases);
  const uint64_t start = memory.read(highBases.data, 8), stop = memory.read(highBases.data + 8, 8);
  REQUIRE(stop - start == 9);
  CHECK(memory.read(start, 3) == 0x909090);
  CHECK(memory.read(start + 4, 5) == 0x9191919191);
}

TEST_CASE("code and data between the same bounds are refused", "[link][bounds]") {
  Case link;
  ObjectBuilder &a = link.object("a.o");
  refer(a, "pieces");
  a.data("pieces", {1});
  ObjectBuilder &b = link.object("b.o");
  b.code("pieces", Bytes(4));
  link.program();
  CHECK(
      messages(link.diag) ==
      "mpylink: error: b.o:(pieces+0x0): the section is code here and data in a.o, and the module "
      "asks for the start or end of both together [unsupported-section]\n"
      ">>> hint: give code and data sections of different names\n");
}

TEST_CASE("what bounds stand for", "[link][bounds]") {
  Case link;
  ObjectBuilder &a = link.object("a.o");
  a.entry();
  const uint32_t kept = a.data("kept", {1}), dotted = a.data("dot.ted", {1});
  a.data("9lives", {1});
  const uint32_t dead = a.data("dead", {1});
  SECTION("only what is referred to keeps a section") {
    link.object("b.o").undefined("__start_dead");
    CHECK_FALSE(link.live().sections[link.sectionNumber(0, dead)]);
  }
  SECTION("only identifiers count") {
    std::vector<uint32_t> symbols;
    for (const char *name : {"__start_dot.ted", "__stop_9lives", "__start_", "__start_gone"})
      symbols.push_back(a.undefined(name));
    for (const uint32_t symbol : symbols)
      CHECK(link.target(0, symbol).kind == Target::Kind::Undefined);
    CHECK_FALSE(link.live().sections[link.sectionNumber(0, dotted)]);
  }
  SECTION("weak references to none are 0") {
    const uint32_t symbol = a.undefined("__start_gone", weak);
    CHECK(link.target(0, symbol).kind == Target::Kind::Null);
  }
  SECTION("an object's own definition wins") {
    const uint32_t own = a.define("__start_kept", dotted);
    const uint32_t use = link.object("b.o").undefined("__start_kept");
    CHECK(link.target(1, use) == link.target(0, own));
  }
  SECTION("-u keeps all of them") {
    link.options.undefined = {"__stop_kept"};
    CHECK(link.live().sections[link.sectionNumber(0, kept)]);
  }
}

} // namespace linktest
