// SPDX-License-Identifier: MIT
// Places of objects as a programmer knows them.
#include "Yaml.h"

#include "elf/SourceLines.h"

using namespace mpylink;
using namespace mpylink::elf;

namespace {

Object read(ByteView bytes) {
  Diag diag;
  std::optional<Object> object = readObject("a.o", bytes, nullptr, diag);
  REQUIRE(object);
  return std::move(*object);
}

uint32_t sectionNumber(const Object &object, std::string_view name) {
  for (uint32_t i = 0; i < object.sections.size(); ++i)
    if (object.sections[i].name == name)
      return i;
  FAIL("no section " << name);
  return 0;
}

} // namespace

TEST_CASE("without debug information a place is in a function or variable", "[elf]") {
  const Bytes bytes = elftest::x64Object();
  const Object object = read(bytes);
  SourceLines lines;
  const uint32_t text = sectionNumber(object, ".text.mpy_init"),
                 bss = sectionNumber(object, ".bss");
  CHECK(lines.at(object, text, 0) == "mpy_init");
  CHECK(lines.at(object, text, 24) == "mpy_init");
  CHECK(lines.at(object, text, 25) == "");
  CHECK(lines.at(object, bss, 7) == "");
  CHECK(lines.at(object, bss, 8) == "counter");
  CHECK(lines.at(object, bss, ~uint64_t(0)) == "");
  CHECK(lines.at(object, sectionNumber(object, ".data.rel.table"), 8) == "table");
  CHECK(lines.at(object, 0, 0) == "");
}

TEST_CASE("the Thumb bit is not part of a place", "[elf]") {
  const Bytes bytes = elftest::thumbObject();
  const Object object = read(bytes);
  SourceLines lines;
  CHECK(lines.at(object, sectionNumber(object, ".text"), 0) == "mpy_init");
  CHECK(lines.at(object, sectionNumber(object, ".text.helper"), 0) == "helper");
}

TEST_CASE("line tables tell sections apart that start at the same address", "[elf]") {
  const Bytes bytes = elftest::fromYaml(R"(--- !ELF
FileHeader: {Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_REL, Machine: EM_X86_64}
Sections:
  - {Name: .text.a, Type: SHT_PROGBITS, Flags: [SHF_ALLOC, SHF_EXECINSTR], Content: "90909090"}
  - {Name: .text.b, Type: SHT_PROGBITS, Flags: [SHF_ALLOC, SHF_EXECINSTR], Content: "90909090"}
  - {Name: .rela.debug_line, Type: SHT_RELA, Link: .symtab, Info: .debug_line,
     Relocations: [{Offset: 0x26, Symbol: .text.a, Type: R_X86_64_64},
                   {Offset: 0x37, Symbol: _Z1bi, Type: R_X86_64_64}]}
Symbols:
  - {Name: .text.a, Type: STT_SECTION, Section: .text.a}
  - {Name: _Z1bi, Type: STT_FUNC, Section: .text.b, Size: 4, Binding: STB_GLOBAL}
DWARF:
  debug_line:
    - Version: 2
      MinInstLength: 1
      DefaultIsStmt: 1
      LineBase: 251
      LineRange: 14
      OpcodeBase: 10
      StandardOpcodeLengths: [0, 1, 1, 1, 1, 0, 0, 0, 1]
      Files: [{Name: a.cpp, DirIdx: 0, ModTime: 0, Length: 0}]
      Opcodes:
        - {Opcode: DW_LNS_extended_op, ExtLen: 9, SubOpcode: DW_LNE_set_address, Data: 0}
        - {Opcode: DW_LNS_copy}
        - {Opcode: DW_LNS_advance_pc, Data: 4}
        - {Opcode: DW_LNS_extended_op, ExtLen: 1, SubOpcode: DW_LNE_end_sequence}
        - {Opcode: DW_LNS_extended_op, ExtLen: 9, SubOpcode: DW_LNE_set_address, Data: 0}
        - {Opcode: DW_LNS_advance_line, SData: 6}
        - {Opcode: DW_LNS_copy}
        - {Opcode: DW_LNS_advance_pc, Data: 4}
        - {Opcode: DW_LNS_extended_op, ExtLen: 1, SubOpcode: DW_LNE_end_sequence}
)");
  const Object object = read(bytes);
  const std::optional<Object> tables = readLineTables(object);
  REQUIRE(tables);
  CHECK(tables->sections.size() == object.sections.size());
  CHECK(tables->sections[sectionNumber(object, ".debug_line")].relocs.size() == 2);
  SourceLines lines;
  CHECK(lines.at(object, sectionNumber(object, ".text.a"), 2) == "a.cpp:1");
  CHECK(lines.at(object, sectionNumber(object, ".text.b"), 2) == "a.cpp:7 (b(int))");
  CHECK(lines.at(object, sectionNumber(object, ".text.b"), 4) == "");
}
