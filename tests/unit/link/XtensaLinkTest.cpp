// SPDX-License-Identifier: MIT
// Xtensa: what needs a direct way, stubs with a word in front, and memory without byte access.
#include "XtensaCase.h"

namespace linktest {

TEST_CASE("a call of the firmware goes through a stub behind its word", "[link][xtensa]") {
  const bool isWindowed = GENERATE(false, true);
  XtensaCase test({isWindowed ? call8 : call0, jump}, 8, isWindowed ? "xtensawin" : "xtensa");
  const uint32_t memset = test.a.undefined("memset");
  test.load(0, memset);
  test.load(3, memset);
  CHECK(test.link.plan().stubs.size() == 1);
  // call 12; j 12; the word; l32r a9, 8; jx a9
  Bytes code = test.link.linked().module.code.code;
  code[8] = code[9] = code[10] = code[11] = 0;
  CHECK(code == Bytes{uint8_t(isWindowed ? 0xa5 : 0x85), 0, 0, 0x46, 0x01, 0, 0, 0, 0, 0, 0, 0,
                      0x91, 0xff, 0xff, 0xa0, 0x09, 0});
  for (const loader::Bases &bases : {lowBases, highBases}) {
    const Memory memory(test.link.linked().module, bases);
    for (uint64_t offset : {0, 3})
      CHECK(xtensaStub(memory, xtensaReached(memory, bases.text + offset)) == memory.entry(50));
  }
}

TEST_CASE("a call of a fixed address goes through a stub", "[link][xtensa]") {
  XtensaCase test({call0}, 4);
  test.load(0, test.a.absolute("ets_printf", 0x40002000));
  const Memory memory(test.link.linked().module, lowBases);
  CHECK(xtensaStub(memory, xtensaReached(memory, memory.bases.text)) == 0x40002000);
  CHECK(test.link.linked().module.code.relocs.empty());
}

TEST_CASE("an instruction without a stub reaches the module only", "[link][xtensa]") {
  const std::string_view code =
      GENERATE(values<std::string_view>({l32r, beqz, {"\x15\0\0", 3}, {"\x35\0\0", 3}}));
  XtensaCase test({code, xtensaRet}, 8);
  ObjectBuilder &a = test.a;
  const std::string firmware = "the symbol is in the firmware, at no fixed distance from the code";
  const std::vector<std::pair<uint32_t, std::string>> symbols = {
      {a.undefined("memset"), firmware},
      {a.undefined("mp_fun_table"), firmware},
      {a.absolute("number", 64),
       "the symbol has a fixed address, which is at no fixed distance from the code"},
      {a.undefined("nothing", weak), "the symbol is undefined and weak, so its address is 0, which "
                                     "is at no fixed distance from the code"},
  };
  const auto &[symbol, text] = symbols[GENERATE(range<size_t>(0, 4))];
  test.load(0, symbol);
  test.link.plan();
  REQUIRE(ids(test.link.diag) == std::vector<std::string>{"unsupported-relocation"});
  CAPTURE(text, messages(test.link.diag));
  CHECK(test.link.diag.all()[0].text.ends_with(": " + text));
}

TEST_CASE("constants live where the code can read their bytes", "[link][xtensa]") {
  struct Row {
    const char *arch;
    uint64_t align;
    bool isAskedFor, isInBlock;
  };
  const Row row = GENERATE(values<Row>({{"xtensa", 4, false, false},
                                        {"xtensa", 4, true, true},
                                        {"xtensa", 8, false, true}, // Code is at multiples of 4.
                                        {"xtensawin", 1, false, true},
                                        {"xtensawin", 4, true, true},
                                        {"rv32imc", 16, false, false},
                                        {"rv32imc", 1, true, true},
                                        {"x64", 1, true, true},
                                        {"armv7m", 4, false, false},
                                        {"armv7m", 4, true, true}}));
  CAPTURE(row.arch, row.align, row.isAskedFor);
  Case link(row.arch);
  link.inputs.constantsInBlock = row.isAskedFor;
  ObjectBuilder &a = link.object();
  a.entry(Bytes(16), 4);
  link.options.gcSections = false;
  const uint32_t constants = a.rodata(".rodata.c", Bytes(8), row.align),
                 relro = a.section(".data.rel.ro.c", dataFlags, Bytes(8), row.align),
                 strings = a.strings(std::string_view("text\0", 5), 1, row.align);
  const uint32_t word = a.data(".data.user", Bytes(8), 8);
  const uint32_t type = std::string_view(row.arch) == "rv32imc"  ? uint32_t(R_RISCV_32)
                        : std::string_view(row.arch) == "x64"    ? uint32_t(R_X86_64_64)
                        : std::string_view(row.arch) == "armv7m" ? uint32_t(R_ARM_ABS32)
                                                                 : uint32_t(R_XTENSA_32);
  a.reloc(word, 0, type, a.sectionSymbol(strings));
  const Segment expected = row.isInBlock ? Segment::Rodata : Segment::Text;
  CHECK(link.segment(0, constants) == expected);
  CHECK(link.segment(0, relro) == expected);
  CHECK(link.segment(0, strings) == expected);
}

TEST_CASE("constants at a fixed distance stay beside the code", "[link][xtensa]") {
  XtensaCase test({xtensaRet, xtensaRet}, 8, "xtensawin");
  const uint32_t constants = test.a.rodata(".rodata", Bytes(8), 4);
  test.a.reloc(test.section, 4, R_XTENSA_32_PCREL, test.a.define("c", constants));
  CHECK(test.link.segment(0, constants) == Segment::Text);
}

TEST_CASE("a word of the text keeps the block alive", "[link][xtensa]") {
  XtensaCase test({l32r}, 4, "xtensawin");
  ObjectBuilder &a = test.a;
  const uint32_t first = a.rodata(".rodata.a", Bytes(8), 4),
                 second = a.rodata(".rodata.b", Bytes(8), 4), literals = test.literals(1);
  a.reloc(test.section, 0, R_XTENSA_NONE, a.define("first", first));
  a.reloc(literals, 0, R_XTENSA_32, a.define("second", second), GENERATE(0, 4));
  test.load(0, a.sectionSymbol(literals));
  const bool isHeld = test.link.program().chunks.back().refs[0].addend == 0;
  // A literal with the exact start does; else there is one more word.
  CHECK(test.link.layout().slots.size() == (isHeld ? 0 : 1));
  CHECK(test.link.address(0, isHeld ? second : first) == 0);
  const Memory memory(test.link.linked().module, lowBases);
  size_t keepers = 0;
  for (const mpy::Reloc &reloc : test.link.linked().module.code.relocs)
    keepers += reloc.place == Segment::Text &&
               memory.read(memory.bases.text + uint64_t(reloc.word) * 4, 4) == memory.bases.data;
  CHECK(keepers == 1);
}

TEST_CASE("a block that nothing refers to has a word as well", "[link][xtensa]") {
  XtensaCase test({xtensaRet}, 4, GENERATE("xtensa", "xtensawin"));
  const uint32_t data = test.a.data(".data.v", Bytes(8), 4);
  test.a.reloc(test.section, 0, R_XTENSA_NONE, test.a.define("v", data));
  CHECK(test.link.layout().slots ==
        std::vector<Target>{{Kind::Inside, test.link.chunk(0, data), 0}});
}

} // namespace linktest
