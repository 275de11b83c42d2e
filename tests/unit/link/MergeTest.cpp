// SPDX-License-Identifier: MIT
// Mergeable sections: which pieces become chunks, which are equal, what references mean then.
#include "Build.h"

#include <set>

namespace linktest {

namespace {

using namespace std::string_literals;

/// A data section whose words refer to pieces, and what the words mean after merging.
class Users {
public:
  explicit Users(Case &link, std::string name = "a.o") : link(link), object(link.object(name)) {
    if (name == "a.o")
      object.entry();
    table = object.data(".data.users", Bytes(256), 8);
    if (name == "a.o")
      object.reloc(1, 0, R_X86_64_64, object.define("users", table));
    else
      link.options.gcSections = false;
  }
  void refer(uint32_t symbol, int64_t addend = 0, uint32_t type = R_X86_64_64) {
    object.reloc(table, 8 * count++, type, symbol, addend);
  }
  /// The reference as it is after merging.
  const Ref &ref(uint32_t index, uint32_t objectNumber = 0) {
    const Chunk &chunk = link.program().chunks[link.chunk(objectNumber, table)];
    return chunk.refs[index];
  }
  const Chunk &chunk(uint32_t index, uint32_t objectNumber = 0) {
    return link.program().chunks[ref(index, objectNumber).target.index];
  }
  /// What a reference points at: the rest of its piece.
  std::string text(uint32_t index, uint32_t objectNumber = 0) {
    const Ref &found = ref(index, objectNumber);
    const ByteView data = chunk(index, objectNumber).data;
    const auto at = static_cast<int64_t>(found.target.value) + found.addend;
    if (at < 0 || at > static_cast<int64_t>(data.size()))
      return "outside";
    return {data.begin() + at, data.end()};
  }

  Case &link;
  ObjectBuilder &object;
  uint32_t table = 0, count = 0;
};

/// Chunks that are pieces of mergeable sections.
size_t pieces(Case &link) {
  return static_cast<size_t>(std::ranges::count_if(link.program().chunks, [&](const Chunk &chunk) {
    return link.resolved().section(chunk.section).has(SHF_MERGE);
  }));
}

} // namespace

TEST_CASE("strings are cut at their ends", "[link][merge]") {
  Case link;
  Users users(link);
  ObjectBuilder &a = users.object;
  const uint32_t strings = a.strings("one\0two\0\0three\0"s);
  const uint32_t section = a.sectionSymbol(strings);
  users.refer(section, 0);
  users.refer(section, 5);                                   // Inside "two".
  users.refer(section, 8);                                   // The empty string.
  users.refer(a.define(".LC3", strings, 9, local), 2);       // "three" + 2.
  users.refer(a.define("whole", strings, 4));                // A global symbol.
  users.refer(a.define("mid", strings, 10), 3, R_X86_64_64); // The 'h', plus 3.
  users.refer(section, 3);                                   // The end of "one".
  CHECK(users.text(0) == "one\0"s);
  CHECK(users.text(1) == "wo\0"s);
  CHECK(users.text(2) == "\0"s);
  CHECK(users.text(3) == "ree\0"s);
  CHECK(users.text(4) == "two\0"s);
  CHECK(users.text(5) == "e\0"s);
  CHECK(users.text(6) == "\0"s);
  CHECK(pieces(link) == 4);
  CHECK(users.chunk(0).sectionOffset == 0);
  CHECK(users.chunk(1).sectionOffset == 4);
  CHECK(users.chunk(3).sectionOffset == 9);
  CHECK(int(users.chunk(0).content) == int(Content::ReadOnly));
  // An addend that a symbol has is kept; one that only says which piece is meant is not.
  CHECK(users.ref(1).addend == 0);
  CHECK(users.ref(1).target.value == 1);
  CHECK(users.ref(3).addend == 2);
  CHECK(users.ref(5).addend == 3);
}

TEST_CASE("wide strings are cut at wide ends only", "[link][merge]") {
  Case link;
  Users users(link);
  ObjectBuilder &a = users.object;
  // u"a\u0100b", u"c": the bytes 00 at odd and at even places end nothing.
  const uint32_t wide = a.strings("a\0\0\1b\0\0\0c\0\0\0"s, 2, 2);
  const uint32_t wider = a.strings("x\0\0\0\0\0\1\0\0\0\0\0y\0\0\0\0\0\0\0"s, 4, 4);
  users.refer(a.sectionSymbol(wide), 0);
  users.refer(a.define("c", wide, 8));
  users.refer(a.sectionSymbol(wider), 4);
  users.refer(a.define("y", wider, 12));
  CHECK(users.text(0) == "a\0\0\1b\0\0\0"s);
  CHECK(users.text(1) == "c\0\0\0"s);
  CHECK(users.text(2) == "\0\0\1\0\0\0\0\0"s);
  CHECK(users.text(3) == "y\0\0\0\0\0\0\0"s);
  CHECK(pieces(link) == 4);
}

TEST_CASE("constants are cut by their size", "[link][merge]") {
  const uint64_t size = GENERATE(as<uint64_t>(), 4, 8, 16);
  Case link;
  Users users(link);
  ObjectBuilder &a = users.object;
  Bytes data(4 * size);
  for (size_t i = 0; i < data.size(); ++i)
    data[i] = static_cast<uint8_t>(i / size % 3); // Constants 0 1 2 0.
  const uint32_t constants = a.section(".rodata.cst", SHF_ALLOC | SHF_MERGE, data, size, size);
  const uint32_t section = a.sectionSymbol(constants);
  for (uint64_t i = 0; i < 4; ++i)
    users.refer(section, static_cast<int64_t>(i * size));
  users.refer(a.define("middle", constants, size + 1));
  CHECK(pieces(link) == 3);
  CHECK(users.ref(0).target == users.ref(3).target);
  CHECK(users.ref(1).target.index != users.ref(2).target.index);
  CHECK(users.ref(4).target == Target{Kind::Inside, users.ref(1).target.index, 1});
  for (uint32_t i = 0; i < 4; ++i) {
    CHECK(users.chunk(i).size == size);
    CHECK(users.chunk(i).align == size);
  }
}

TEST_CASE("equal pieces of all objects become one", "[link][merge]") {
  Case link;
  Users first(link);
  const uint32_t here = first.object.strings("same\0other\0"s, 1, 1);
  first.refer(first.object.sectionSymbol(here), 0);
  first.refer(first.object.sectionSymbol(here), 5);
  Users second(link, "b.o");
  // The second copy is in the middle of its section and asks for more alignment.
  const uint32_t there = second.object.strings("first!!\0same\0same2\0"s, 1, 4);
  second.refer(second.object.sectionSymbol(there), 8);
  second.refer(second.object.define("same2", there, 13));
  CHECK(first.ref(0).target == second.ref(0, 1).target);
  CHECK(first.chunk(0).align == 4);
  CHECK(first.chunk(0).section == link.sectionNumber(0, here));
  CHECK(second.text(1, 1) == "same2\0"s);
  CHECK(pieces(link) == 3); // "first!!" is dead.
}

TEST_CASE("a piece is aligned as its place promises", "[link][merge]") {
  Case link;
  Users users(link);
  ObjectBuilder &a = users.object;
  const std::string text = "0123456\0"s + "8901\0"s + "345\0"s + "789012345678901\0"s + "end\0"s;
  const uint32_t section = a.sectionSymbol(a.strings(text, 1, 8));
  const std::map<int64_t, uint64_t> aligns = {{0, 8}, {8, 8}, {13, 1}, {17, 1}, {33, 1}};
  for (const auto &[offset, align] : aligns)
    users.refer(section, offset);
  const uint32_t more = a.strings(std::string(63, 'x') + "\0"s + "b\0"s + "c\0d\0"s, 1, 8, ".s2");
  const uint32_t moreSection = a.sectionSymbol(more);
  users.refer(moreSection, 64);
  users.refer(moreSection, 66);
  users.refer(moreSection, 68);
  uint32_t i = 0;
  for (const auto &[offset, align] : aligns)
    CHECK(users.chunk(i++).align == align);
  CHECK(users.chunk(5).align == 8);
  CHECK(users.chunk(6).align == 2);
  CHECK(users.chunk(7).align == 4);
}

TEST_CASE("pieces that only dead code names are dropped", "[link][merge]") {
  Case link;
  Users users(link);
  ObjectBuilder &a = users.object;
  const uint32_t strings = a.strings("live\0dead\0unused\0"s);
  users.refer(a.sectionSymbol(strings), 0);
  const uint32_t dead = a.code(".text.dead", Bytes(8));
  a.reloc(dead, 0, R_X86_64_64, a.sectionSymbol(strings), 5);
  CHECK(pieces(link) == 1);
  CHECK(users.text(0) == "live\0"s);
}

TEST_CASE("references to the ends of a mergeable section", "[link][merge]") {
  Case link;
  Users users(link);
  ObjectBuilder &a = users.object;
  const uint32_t strings = a.strings("one\0two\0"s);
  const uint32_t section = a.sectionSymbol(strings);
  users.refer(a.define("end", strings, 8));
  users.refer(section, 8); // Just past the section, too.
  users.refer(a.define("two", strings, 4), -4, R_X86_64_PC32);
  const Ref &end = users.ref(0);
  CHECK(link.program().chunks[end.target.index].sectionOffset == 4);
  CHECK(end.target.value == 4);
  CHECK(users.chunk(1).sectionOffset == 4);
  CHECK(users.ref(1).target.value == 4);
  CHECK(users.ref(1).addend == 0);
  CHECK(users.chunk(2).sectionOffset == 4);
  CHECK(users.ref(2).target.value == 0);
  CHECK(users.ref(2).addend == -4);
}

TEST_CASE("references outside a mergeable section", "[link][merge]") {
  Case link;
  Users users(link);
  ObjectBuilder &a = users.object;
  const uint32_t strings = a.strings("one\0two\0"s);
  const uint32_t section = a.sectionSymbol(strings);
  const uint32_t late = a.define("late", strings, 11);
  const auto [symbol, addend, told] = GENERATE_COPY(table<uint32_t, int64_t, const char *>({
      {section, 9, "9"},
      {section, -4, "-4"},
      {late, 0, "11"},
  }));
  users.refer(symbol, addend);
  // Later passes see no place that does not exist, and say no more.
  CHECK(users.ref(0).target == refused(Refusal::Told));
  link.plan();
  CHECK(messages(link.diag) ==
        "mpylink: error: a.o:(.data.users+0x0): the relocation refers to offset "s + told +
            " of section .rodata.str, which has 8 bytes that are merged with equal ones "
            "[corrupt-object]\n>>> hint: refer to a symbol in the section instead of to the "
            "section\n");
}

TEST_CASE("sections that cannot be cut are placed whole", "[link][merge]") {
  struct Row {
    const char *why;
    uint64_t flags, entrySize;
    std::string data;
  };
  const Row row = GENERATE(values<Row>({
      {"unterminated", stringFlags, 1, "one\0two"s},
      {"half a wide end", stringFlags, 2, "a\0b\0c\0\0d"s},
      {"no multiple of the entry size", stringFlags, 4, "one\0\0\0"s},
      {"no entry size", stringFlags, 0, "one\0two\0"s},
      {"writable", stringFlags | SHF_WRITE, 1, "one\0two\0"s},
      {"executable", stringFlags | SHF_EXECINSTR, 1, "one\0two\0"s},
      {"not mergeable", SHF_ALLOC | SHF_STRINGS, 1, "one\0two\0"s},
      {"constants of another size", SHF_ALLOC | SHF_MERGE, 8, "0123456789"s},
  }));
  CAPTURE(row.why);
  Case link;
  Users users(link);
  ObjectBuilder &a = users.object;
  const Bytes data(row.data.begin(), row.data.end());
  const uint32_t section = a.section(".rodata.m", row.flags, data, 1, row.entrySize);
  users.refer(a.sectionSymbol(section), 5);
  users.refer(a.define("all", section, 0));
  CHECK(users.text(0) == row.data.substr(5));
  CHECK(users.text(1) == row.data);
  CHECK(users.ref(0).target.index == users.ref(1).target.index);
  CHECK(users.ref(0).addend == 5);
}

TEST_CASE("mergeable sections with relocations are placed whole", "[link][merge]") {
  Case link;
  Users users(link);
  ObjectBuilder &a = users.object;
  const uint32_t constants = a.section(".rodata.cst8", SHF_ALLOC | SHF_MERGE, Bytes(16), 8, 8);
  a.reloc(constants, 8, R_X86_64_64, 1);
  users.refer(a.sectionSymbol(constants), 8);
  CHECK(users.chunk(0).size == 16);
  CHECK(users.chunk(0).refs.size() == 1);
}

TEST_CASE("references are looked up through chunks", "[link][merge]") {
  Case link;
  Users users(link);
  ObjectBuilder &a = users.object;
  const uint32_t dead = a.data(".data.dead", Bytes(8)); // So that chunks and sections differ.
  a.define("dead", dead);
  const uint32_t target = a.data(".data.target", Bytes(8), 4);
  users.refer(a.define("target", target, 6), -2);
  users.refer(0, 12); // No symbol.
  users.refer(a.undefined("nothing", weak));
  users.refer(a.undefined("mp_fun_table"), 8);
  CHECK(users.ref(0).target == Target{Kind::Inside, link.chunk(0, target), 6});
  CHECK(users.ref(0).addend == -2);
  CHECK(users.ref(0).offset == 0);
  CHECK(users.ref(1).offset == 8);
  CHECK(users.ref(1).target == Target{});
  CHECK(users.ref(1).addend == 12);
  CHECK(users.ref(2).target == Target{});
  CHECK(users.ref(3).target == Target{Kind::Table, 0, 0});
  const Chunk &chunk = link.program().chunks[link.chunk(0, target)];
  CHECK(chunk.align == 4);
  CHECK(chunk.size == 8);
  CHECK(link.program().entry == Target{Kind::Inside, link.chunk(0, 1), 0});
}

} // namespace linktest
