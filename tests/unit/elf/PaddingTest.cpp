// SPDX-License-Identifier: MIT
// Padding that a linker has to trim: what stays of it, and how everything behind it moves.
#include "RelaxedObjects.h"
#include "Yaml.h"

#include "elf/SourceLines.h"

#include "llvm/BinaryFormat/ELF.h"

using namespace mpylink;
using namespace mpylink::elf;
using namespace llvm::ELF;

namespace {

/// An object with 40 bytes of code, 01 to 28, and 8 bytes of data.
Bytes makeObject(const std::string &relocs, const std::string &symbols = "",
                 const std::string &dataRelocs = "") {
  std::string content;
  for (int i = 1; i <= 40; ++i)
    content += hex(uint64_t(i) | 0x100).substr(3);
  std::string yaml = R"(--- !ELF
FileHeader: {Class: ELFCLASS32, Data: ELFDATA2LSB, Type: ET_REL, Machine: EM_RISCV,
             Flags: [EF_RISCV_RVC]}
Sections:
  - {Name: .text, Type: SHT_PROGBITS, Flags: [SHF_ALLOC, SHF_EXECINSTR], AddressAlign: 2,
     Content: ")" + content +
                     R"("}
  - {Name: .data, Type: SHT_PROGBITS, Flags: [SHF_ALLOC, SHF_WRITE], AddressAlign: 4, Size: 16}
  - {Name: .rela.text, Type: SHT_RELA, Link: .symtab, Info: .text, Relocations: [)" +
                     relocs + R"(]}
  - {Name: .rela.data, Type: SHT_RELA, Link: .symtab, Info: .data, Relocations: [)" +
                     dataRelocs + R"(]}
Symbols:
  - {Name: .text, Type: STT_SECTION, Section: .text}
  - {Name: .data, Type: STT_SECTION, Section: .data}
)" + symbols;
  return elftest::fromYaml(yaml);
}

std::string padding(int offset, int size) {
  return "{Offset: " + std::to_string(offset) +
         ", Type: R_RISCV_ALIGN, Addend: " + std::to_string(size) + "}";
}

Object read(ByteView bytes) {
  Diag diag;
  std::optional<Object> object = readObject("a.o", bytes, nullptr, diag);
  for (const Diagnostic &diagnostic : diag.all())
    UNSCOPED_INFO(render("", diagnostic));
  REQUIRE(object);
  return std::move(*object);
}

std::string problem(ByteView bytes) {
  Diag diag;
  CHECK_FALSE(readObject("a.o", bytes, nullptr, diag));
  REQUIRE(diag.all().size() == 1);
  CHECK(diag.all()[0].id == "corrupt-object");
  return toString(diag.all()[0].where) + ": " + diag.all()[0].text;
}

/// The bytes `first` to `last` of the object's code.
Bytes range(int first, int last) {
  Bytes bytes;
  for (int i = first; i <= last; ++i)
    bytes.push_back(static_cast<uint8_t>(i));
  return bytes;
}

Bytes join(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes &part : parts)
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

const Bytes nop = {0x13, 0, 0, 0}, shortNop = {1, 0};

struct Moved {
  std::string_view name;
  uint64_t value, size;
};

} // namespace

TEST_CASE("padding is cut to what the alignment needs", "[elf][padding]") {
  struct Row {
    int offset, size;
    uint64_t align;
    Bytes code;
  };
  const Row row = GENERATE(values<Row>({
      {0, 6, 8, range(7, 40)},
      {8, 6, 8, join({range(1, 8), range(15, 40)})},
      {4, 6, 8, join({range(1, 4), nop, range(11, 40)})},
      {6, 6, 8, join({range(1, 6), shortNop, range(13, 40)})},
      {2, 6, 8, join({range(1, 2), nop, shortNop, range(9, 40)})},
      {4, 14, 16, join({range(1, 4), nop, nop, nop, range(19, 40)})},
      {6, 2, 4, join({range(1, 6), shortNop, range(9, 40)})},
      {4, 2, 4, join({range(1, 4), range(7, 40)})},
      {34, 6, 8, join({range(1, 34), nop, shortNop})}, // At the end of the section.
      {40, 0, 2, range(1, 40)},
  }));
  CAPTURE(row.offset, row.size);
  const Bytes bytes = makeObject(padding(row.offset, row.size));
  const Object object = read(bytes);
  CHECK(Bytes(object.sections[1].data.begin(), object.sections[1].data.end()) == row.code);
  CHECK(object.sections[1].size == row.code.size());
  CHECK(object.sections[1].align == row.align);
  CHECK(object.sections[1].relocs.empty());
}

TEST_CASE("each padding is cut after the ones in front of it", "[elf][padding]") {
  // In any order: at 4 - 0 all but 4 go, at 12 - 2 all but 6, which are all, at 20 - 2.
  const Bytes bytes = makeObject(padding(20, 14) + ", " + padding(4, 6) + ", " + padding(12, 6));
  const Object object = read(bytes);
  const Bytes code(object.sections[1].data.begin(), object.sections[1].data.end());
  CHECK(code == join({range(1, 4), nop, range(11, 12), nop, shortNop, range(19, 20), nop, nop, nop,
                      shortNop, range(35, 40)}));
  CHECK(object.sections[1].align == 16);
}

TEST_CASE("symbols and relocations move with the code", "[elf][padding]") {
  // Of the 14 bytes at 8, 8 stay: 6 from 16 on go.
  const Bytes bytes =
      makeObject(padding(8, 14) + ", {Offset: 4, Symbol: before, Type: R_RISCV_32}, " +
                     "{Offset: 22, Symbol: behind, Type: R_RISCV_32, Addend: 20}, " +
                     "{Offset: 36, Symbol: .text, Type: R_RISCV_32, Addend: 24}",
                 R"(  - {Name: before, Type: STT_FUNC, Section: .text, Value: 0, Size: 8}
  - {Name: across, Type: STT_FUNC, Section: .text, Value: 4, Size: 20}
  - {Name: at, Section: .text, Value: 8}
  - {Name: behind, Type: STT_FUNC, Section: .text, Value: 22, Size: 18}
  - {Name: inside, Section: .text, Value: 18}
  - {Name: end, Section: .text, Value: 40}
  - {Name: elsewhere, Section: .data, Value: 15, Size: 1}
  - {Name: number, Index: SHN_ABS, Value: 30}
)",
                 "{Offset: 0, Symbol: .text, Type: R_RISCV_32, Addend: 22}, "
                 "{Offset: 4, Symbol: .text, Type: R_RISCV_32, Addend: 8}, "
                 "{Offset: 8, Symbol: .text, Type: R_RISCV_32, Addend: -4}, "
                 "{Offset: 12, Symbol: .data, Type: R_RISCV_32, Addend: 30}");
  const Object object = read(bytes);
  const auto moved = std::to_array<Moved>({{"before", 0, 8},
                                           {"across", 4, 14},
                                           {"at", 8, 0},
                                           {"behind", 16, 18},
                                           {"inside", 16, 0},
                                           {"end", 34, 0},
                                           {"elsewhere", 15, 1},
                                           {"number", 30, 0}});
  for (const Moved &expected : moved)
    for (const Symbol &symbol : object.symbols)
      if (symbol.name == expected.name) {
        CAPTURE(symbol.name);
        CHECK(symbol.value == expected.value);
        CHECK(symbol.size == expected.size);
      }
  const std::vector<Reloc> &code = object.sections[1].relocs, &data = object.sections[2].relocs;
  REQUIRE(code.size() == 3);
  CHECK(code[0].offset == 4);
  CHECK(code[1].offset == 16);
  CHECK(code[1].addend == 20); // Of a symbol that has moved itself.
  CHECK(code[2].offset == 30);
  CHECK(code[2].addend == 18);
  REQUIRE(data.size() == 4);
  CHECK(data[0].addend == 16);
  CHECK(data[1].addend == 8);
  CHECK(data[2].addend == -4);
  CHECK(data[3].addend == 30);
}

TEST_CASE("an object without padding keeps its bytes", "[elf][padding]") {
  const Bytes bytes = makeObject("{Offset: 4, Type: R_RISCV_RELAX}");
  const Object object = read(bytes);
  CHECK(object.sections[1].data.data() >= bytes.data());
  CHECK(object.sections[1].data.data() < bytes.data() + bytes.size());
}

TEST_CASE("damaged padding is told", "[elf][padding]") {
  CHECK(problem(makeObject(padding(36, 6))) ==
        "a.o:(.text+0x24): the object file is damaged: padding of 6 bytes does not fit there");
  CHECK(problem(makeObject(padding(4, -2))) ==
        "a.o:(.text+0x4): the object file is damaged: padding of -2 bytes does not fit there");
  CHECK(problem(makeObject(padding(4, 6) + ", " + padding(8, 6))) ==
        "a.o:(.text+0x8): the object file is damaged: padding of 6 bytes does not fit there");
  CHECK(problem(makeObject(padding(0, 2147483647))) ==
        "a.o:(.text+0x0): the object file is damaged: padding of 2147483647 bytes does not fit "
        "there");
  CHECK(problem(makeObject(padding(3, 4))) ==
        "a.o:(.text+0x3): the object file is damaged: padding of 4 bytes cannot give an alignment "
        "of 8");
}

TEST_CASE("a relocation of padding that goes is told", "[elf][padding]") {
  // Else it would be behind the end of the section, or change the code behind the padding.
  const int offset = GENERATE(30, 31, 34, 36);
  CAPTURE(offset);
  CHECK(problem(makeObject(padding(32, 8) + ", {Offset: " + std::to_string(offset) +
                           ", Symbol: .data, Type: R_RISCV_32}")) ==
        "a.o:(.text+" + hex(static_cast<uint64_t>(offset)) +
            "): the object file is damaged: a relocation is in padding");
}

TEST_CASE("a symbol of a damaged object may end anywhere", "[elf][padding]") {
  const Bytes bytes = makeObject(padding(8, 14), R"(
  - {Name: large, Section: .text, Value: 30, Size: 0xfffffff0}
  - {Name: far, Section: .text, Value: 1000, Size: 4}
)");
  const Object object = read(bytes);
  for (const Symbol &symbol : object.symbols) {
    if (symbol.name == "large")
      CHECK(symbol.value == 24);
    if (symbol.name == "far")
      CHECK(symbol.value == 994);
  }
}

TEST_CASE("lines of trimmed code are those of the compiler", "[elf][padding]") {
  struct Row {
    std::string_view yaml, lines;
  };
  // Of each two bytes, as addr2line says of the same code linked by ld.lld --no-relax.
  const Row row = GENERATE(values<Row>({
      {elftest::gccYaml, "2222443355555554777777777737777"},
      {elftest::clangYaml, "22222244444444445555545446666666"},
  }));
  const Bytes bytes = elftest::fromYaml(row.yaml);
  const Object object = read(bytes);
  SourceLines lines;
  std::string found;
  for (uint64_t at = 0; at < object.sections[1].size; at += 2) {
    const std::string line = lines.at(object, 1, at);
    found += line.starts_with("small.c:") ? line.substr(8, 1) : line;
  }
  CHECK(found == row.lines);
}
