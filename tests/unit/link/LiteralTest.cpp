// SPDX-License-Identifier: MIT
// Literals: which are equal, where they are, and what messages say of them.
#include "XtensaCase.h"

namespace linktest {

TEST_CASE("equal literals are one", "[link][literals]") {
  XtensaCase test({l32r, l32r, l32r, l32r, l32r, l32r});
  ObjectBuilder &a = test.a;
  const uint32_t data = a.data(".data.v", Bytes(16), 4), literals = test.literals(6);
  Bytes bytes(24);
  writeLe<uint32_t>(bytes, 0x12345678);
  writeLe<uint32_t>(ByteSpan(bytes).subspan(4), 0x12345678);
  writeLe<uint32_t>(ByteSpan(bytes).subspan(8), 8); // What the object has there says nothing.
  a.replace(literals, bytes);
  const uint32_t v = a.define("v", data, 4), same = a.define("same", data, 4, local),
                 section = a.sectionSymbol(data), start = a.sectionSymbol(literals);
  a.reloc(literals, 8, R_XTENSA_32, v, 4);
  a.reloc(literals, 12, R_XTENSA_32, same, 4);
  a.reloc(literals, 16, R_XTENSA_32, section, 4);
  a.reloc(literals, 20, R_XTENSA_32, section, 8);
  for (uint64_t i = 0; i < 6; ++i)
    test.load(3 * i, start, static_cast<int64_t>(4 * i));
  CHECK(test.literalChunks() == 4); // The number; v + 4; the section + 4 and + 8.
  for (uint64_t offset : {0, 3})
    test.reach(0, test.section, offset, [](const Memory &) { return 0x12345678u; });
  for (uint64_t offset : {6, 9, 15})
    test.reach(0, test.section, offset,
               [&](const Memory &m) { return test.address(m, 0, data, 8); });
  test.reach(0, test.section, 12, [&](const Memory &m) { return test.address(m, 0, data, 4); });
  CHECK(test.link.linked().module.code.relocs.size() == 3 + 1); // One keeps the block alive.
}

TEST_CASE("literals are equal by what they reach, in all objects", "[link][literals]") {
  XtensaCase test({l32r, l32r});
  ObjectBuilder &a = test.a, &b = test.link.object("b.o");
  // The same text in both objects: section + 0. And another one for the same place.
  const auto make = [&](ObjectBuilder &object, const std::string &name) {
    const uint32_t data = object.data(".data", Bytes(8), 4), literals = test.literals(object, 2);
    object.reloc(literals, 0, R_XTENSA_32, object.sectionSymbol(data));
    object.define(name, literals);
    return literals;
  };
  const uint32_t first = make(a, "first");
  const uint32_t second = make(b, "second");
  b.reloc(second, 4, R_XTENSA_32, b.undefined("v"));
  a.define("v", a.object.sections.size() - 2); // .data
  const uint32_t other = b.code(".text.b", xtensaCode({l32r, l32r}), 4);
  b.define("other", other);
  b.reloc(other, 0, R_XTENSA_SLOT0_OP, b.define(".LC0", second, 0, local));
  b.reloc(other, 3, R_XTENSA_SLOT0_OP, b.define(".LC1", second, 4, local));
  test.load(0, a.define(".LC0", first, 0, local));
  a.reloc(test.section, 6, R_XTENSA_NONE, a.undefined("other"));
  CHECK(test.literalChunks() == 2);
  const uint32_t dataA = first - 1, dataB = second - 1;
  test.reach(0, test.section, 0, [&](const Memory &m) { return test.address(m, 0, dataA); });
  test.reach(1, other, 0, [&](const Memory &m) { return test.address(m, 1, dataB); });
  test.reach(1, other, 3, [&](const Memory &m) { return test.address(m, 0, dataA); });
}

TEST_CASE("a number and an address are no equal literals", "[link][literals]") {
  XtensaCase test({l32r, l32r, l32r, l32r});
  ObjectBuilder &a = test.a;
  const uint32_t literals = test.literals(4), start = a.sectionSymbol(literals);
  a.reloc(literals, 4, R_XTENSA_32, a.undefined("nothing", weak));
  a.reloc(literals, 8, R_XTENSA_32, a.undefined("mp_fun_table"));
  a.reloc(literals, 12, R_XTENSA_32, a.undefined("memset"));
  for (uint64_t i = 0; i < 4; ++i)
    test.load(3 * i, start, static_cast<int64_t>(4 * i));
  CHECK(test.literalChunks() == 4);
  test.reach(0, test.section, 0, [](const Memory &) { return 0u; });
  test.reach(0, test.section, 3, [](const Memory &) { return 0u; });
  test.reach(0, test.section, 6, [](const Memory &m) { return m.bases.funTable; });
  test.reach(0, test.section, 9, [](const Memory &m) { return m.entry(50); });
  CHECK(test.link.linked().module.code.relocs.size() == 2);
}

TEST_CASE("every undefined name is told, though the literals look the same", "[link][literals]") {
  XtensaCase test({l32r, l32r, l32r});
  ObjectBuilder &a = test.a;
  const uint32_t literals = test.literals(3), start = a.sectionSymbol(literals);
  for (uint64_t i = 0; i < 3; ++i) {
    a.reloc(literals, 4 * i, R_XTENSA_32, a.undefined(i == 1 ? "absent_b" : "absent_a"));
    test.load(3 * i, start, static_cast<int64_t>(4 * i));
  }
  test.link.plan();
  CHECK(ids(test.link.diag) == std::vector<std::string>{"undefined-symbol", "undefined-symbol"});
  const std::string text = messages(test.link.diag);
  CHECK(text.find("absent_a") != std::string::npos);
  CHECK(text.find("absent_b") != std::string::npos);
}

TEST_CASE("messages of literals are at the code that loads them", "[link][literals]") {
  XtensaCase test({xtensaRet, l32r, l32r});
  ObjectBuilder &a = test.a;
  const uint32_t literals = test.literals(2), start = a.sectionSymbol(literals);
  const uint32_t chosen =
      a.define("mine", test.a.code(".text.v", Bytes(4), 4), 0, {STB_GLOBAL, STT_GNU_IFUNC});
  a.reloc(literals, 4, R_XTENSA_32, chosen);
  test.load(3, start, 4);
  test.load(6, start, 4);
  test.link.plan();
  REQUIRE(test.link.diag.all().size() == 1);
  CHECK(toString(test.link.diag.all()[0].where) == "a.o:(.text.mpy_init+0x3)");
  CHECK(test.link.diag.all()[0].text ==
        "R_XTENSA_32 against mine: the function is chosen at run time (an ifunc), which needs a "
        "dynamic linker");
}

TEST_CASE("a word of a literal section that nothing loads is left out", "[link][literals]") {
  XtensaCase test({l32r});
  const uint32_t literals = test.literals(100);
  test.a.reloc(literals, 8, R_XTENSA_32, test.a.undefined("mp_fun_table"));
  test.a.reloc(literals, 12, R_XTENSA_32, test.a.undefined("mp_native_obj_table"));
  test.load(0, test.a.sectionSymbol(literals), 12);
  CHECK(test.literalChunks() == 1);
  CHECK(test.link.linked().module.code.relocs.size() == 1);
  test.reach(0, test.section, 0, [](const Memory &m) { return m.bases.objTable; });
}

TEST_CASE("data may refer to a literal that code loads, or to one of its own", "[link][literals]") {
  XtensaCase test({l32r});
  ObjectBuilder &a = test.a;
  const uint32_t literals = test.literals(2), data = a.data(".data.v", Bytes(8), 4);
  Bytes bytes(8);
  writeLe<uint32_t>(bytes, 11);
  writeLe<uint32_t>(ByteSpan(bytes).subspan(4), 22);
  a.replace(literals, bytes);
  const uint32_t start = a.sectionSymbol(literals);
  test.load(0, start);
  a.reloc(data, 0, R_XTENSA_32, start);
  a.reloc(data, 4, R_XTENSA_32, start, 4);
  a.reloc(test.section, 0, R_XTENSA_NONE, a.define("v", data));
  for (const loader::Bases &bases : {lowBases, highBases}) {
    const Memory memory(test.link.linked().module, bases);
    const uint64_t at = test.address(memory, 0, data);
    CHECK(memory.read(memory.read(at, 4), 4) == 11);
    CHECK(memory.read(memory.read(at + 4, 4), 4) == 22);
    CHECK(memory.read(at, 4) == xtensaLiteral(memory, test.address(memory, 0, test.section)));
  }
}

TEST_CASE("literal sections that refer to literals, or are no words, stay whole",
          "[link][literals]") {
  XtensaCase test({l32r, l32r, l32r});
  ObjectBuilder &a = test.a;
  const uint32_t literals = test.literals(3);
  const uint32_t odd = a.section(".literal.odd", codeFlags, {1, 2, 3, 4, 5}, 4);
  const uint32_t start = a.sectionSymbol(literals);
  const bool isAligned = GENERATE(true, false);
  if (isAligned)
    a.reloc(literals, 0, R_XTENSA_32, start, 8);
  else
    a.reloc(literals, 1, R_XTENSA_ASM_EXPAND, 0); // A marker is no address.
  Bytes bytes(12);
  writeLe<uint32_t>(ByteSpan(bytes).subspan(8), 77);
  a.replace(literals, bytes);
  test.load(0, start);
  test.load(3, start, 8);
  test.load(6, a.sectionSymbol(odd));
  CHECK(test.literalChunks() == 2);
  for (const loader::Bases &bases : {lowBases, highBases}) {
    const Memory memory(test.link.linked().module, bases);
    const uint64_t code = test.address(memory, 0, test.section);
    if (isAligned)
      CHECK(memory.read(xtensaReached(memory, code), 4) == 77);
    CHECK(xtensaReached(memory, code + 3) == 77);
    CHECK(xtensaLiteral(memory, code + 3) == xtensaLiteral(memory, code) + 8);
    CHECK(xtensaReached(memory, code + 6) == 0x04030201);
  }
}

TEST_CASE("an entry function among the literals is none", "[link][literals]") {
  Case link("xtensa");
  ObjectBuilder &a = link.object();
  a.define("mpy_init", a.section(".literal", codeFlags, Bytes(8), 4));
  link.resolved();
  CHECK(ids(link.diag) == std::vector<std::string>{"no-entry"});
}

TEST_CASE("the text starts with a jump over the literals", "[link][literals]") {
  XtensaCase test({l32r, xtensaRet});
  test.load(0, test.a.sectionSymbol(test.literals(1)));
  // j 8; its gap; the literal; l32r a5, 4; ret
  CHECK(test.link.linked().module.code.code ==
        Bytes{0x06, 0x01, 0x00, 0, 0, 0, 0, 0, 0x51, 0xff, 0xff, 0x80, 0, 0});
}

TEST_CASE("without literals the entry function is the start", "[link][literals]") {
  XtensaCase test({call0, xtensaRet});
  ObjectBuilder &a = test.a;
  const uint32_t other = a.code(".text.other", xtensaCode({xtensaRet}), 4);
  test.load(0, a.define("other", other));
  CHECK(test.link.layout().start.empty());
  CHECK(test.link.address(0, test.section) == 0);
  test.reach(0, test.section, 0, [&](const Memory &m) { return test.address(m, 0, other); });
}

namespace {

/// Three functions of 100 KiB that load the same literals, `last` of them with one of its own.
struct LongCode {
  XtensaCase test{{l32r, l32r}, 100 << 10};
  uint32_t b = code(".text.b"), c = code(".text.c");
  uint32_t literals = test.literals(3);

  LongCode() {
    ObjectBuilder &a = test.a;
    const uint32_t start = a.sectionSymbol(literals);
    a.reloc(literals, 0, R_XTENSA_32, a.undefined("mp_fun_table"));
    a.replace(test.section, bytes());
    for (uint32_t section : {test.section, b, c})
      for (uint64_t offset : {uint64_t(0), uint64_t((100 << 10) - 4)})
        a.reloc(section, offset, R_XTENSA_SLOT0_OP, start);
    a.reloc(c, 3, R_XTENSA_SLOT0_OP, start, 8);
    for (uint32_t section : {b, c})
      a.reloc(test.section, 8, R_XTENSA_NONE, a.define("f" + std::to_string(section), section));
  }
  uint32_t code(const std::string &name) { return test.a.code(name, bytes(), 4); }
  static Bytes bytes() {
    Bytes code = xtensaCode({l32r, l32r}, 100 << 10);
    std::ranges::copy(l32r, code.end() - 4);
    return code;
  }
};

} // namespace

TEST_CASE("long code has several pools, with copies of shared literals", "[link][literals]") {
  LongCode code;
  XtensaCase &test = code.test;
  const Program &program = test.link.program();
  REQUIRE(program.pools.size() == 2);
  CHECK(program.pools[0].literals.size() == 1);
  CHECK(program.pools[0].code.size() == 2);
  CHECK(program.pools[1].literals.size() == 2);
  CHECK(program.pools[1].code.size() == 1);
  for (uint32_t section : {test.section, code.b, code.c})
    for (uint64_t offset : {uint64_t(0), uint64_t((100 << 10) - 4)})
      test.reach(0, section, offset, [](const Memory &m) { return m.bases.funTable; });
  CHECK(test.link.linked().module.code.relocs.size() == 2);
}

TEST_CASE("code beyond the reach of l32r is told", "[link][literals]") {
  constexpr uint64_t size = 1 << 18;
  XtensaCase test({l32r}, size + 8);
  Bytes code = xtensaCode({l32r}, size + 8);
  const uint64_t at = GENERATE_COPY(size - 4, size - 3, size);
  std::ranges::copy(l32r, code.begin() + static_cast<long>(at));
  test.a.replace(test.section, code);
  const uint32_t start = test.a.sectionSymbol(test.literals(1));
  test.load(at, start);
  test.link.image();
  if (at == size - 4) {
    CHECK(messages(test.link.diag) == "");
    return;
  }
  REQUIRE(ids(test.link.diag) == std::vector<std::string>{"out-of-range"});
  CHECK(toString(test.link.diag.all()[0].where) == "a.o:(.text.mpy_init+" + hex(at) + ")");
  CHECK(messages(test.link.diag).find("-mtext-section-literals") != std::string::npos);
}

} // namespace linktest
