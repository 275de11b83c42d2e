// SPDX-License-Identifier: MIT
// What readObject() makes of good objects, and of files that are no objects it can use.
#include "Yaml.h"

#include "llvm/BinaryFormat/ELF.h"

using namespace mpylink;
using namespace mpylink::elf;
using namespace llvm::ELF;

namespace {

Object readGood(ByteView bytes) {
  Diag diag;
  std::optional<Object> object = readObject("a.o", bytes, nullptr, diag);
  for (const Diagnostic &diagnostic : diag.all())
    UNSCOPED_INFO(render("", diagnostic));
  REQUIRE(object);
  CHECK(diag.all().empty());
  return std::move(*object);
}

/// "text [id]" of the one problem.
std::string problem(ByteView bytes) {
  Diag diag;
  CHECK_FALSE(readObject("a.o", bytes, nullptr, diag));
  REQUIRE(diag.all().size() == 1);
  const Diagnostic &only = diag.all().front();
  CHECK(only.severity == Severity::Error);
  CHECK(only.where.file == "a.o");
  return only.text + " [" + std::string(only.id) + "]";
}

std::string problem(std::string_view yaml) { return problem(elftest::fromYaml(yaml)); }

const Section &section(const Object &object, std::string_view name) {
  for (const Section &candidate : object.sections)
    if (candidate.name == name)
      return candidate;
  FAIL("no section " << name);
  return object.sections.front();
}

uint32_t indexOf(const Object &object, const Section &section) {
  return static_cast<uint32_t>(&section - object.sections.data());
}

const Symbol &symbol(const Object &object, std::string_view name) {
  for (const Symbol &candidate : object.symbols)
    if (candidate.name == name)
      return candidate;
  FAIL("no symbol " << name);
  return object.symbols.front();
}

constexpr std::string_view x64Header =
    "--- !ELF\nFileHeader: {Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_REL, "
    "Machine: EM_X86_64}\n";

std::string x64(std::string_view rest) { return std::string(x64Header) + std::string(rest); }

} // namespace

TEST_CASE("readObject reads an x86-64 object", "[elf]") {
  const Bytes bytes = elftest::x64Object();
  const Object object = readGood(bytes);
  CHECK(object.name == "a.o");
  CHECK(object.machine == EM_X86_64);
  CHECK(object.arch == arch::find(EM_X86_64, 8));

  const Section &text = section(object, ".text.mpy_init");
  CHECK(text.type == SHT_PROGBITS);
  CHECK(text.flags == (SHF_ALLOC | SHF_EXECINSTR));
  CHECK(text.size == 25);
  CHECK(text.data.size() == 25);
  CHECK(text.data[0] == 0xe8);
  CHECK(text.align == 16);
  CHECK(section(object, ".text.inlined").align == 1);
  const Section &bss = section(object, ".bss");
  CHECK(bss.type == SHT_NOBITS);
  CHECK(bss.size == 12);
  CHECK(bss.data.empty());
  CHECK(section(object, ".rodata.str1.1").entrySize == 1);
  CHECK(section(object, ".comment").data.empty());

  REQUIRE(text.relocs.size() == 4);
  CHECK(text.relocs[2].offset == 0xf);
  CHECK(text.relocs[2].type == R_X86_64_PC32);
  CHECK(text.relocs[2].desc->name == "R_X86_64_PC32");
  CHECK(text.relocs[2].addend == 2);
  CHECK(&object.symbols[text.relocs[2].symbol] == &symbol(object, ".rodata.str1.1"));
  CHECK(text.relocs[3].addend == -4);
  CHECK(section(object, ".text.inlined").relocs.size() == 2);
}

TEST_CASE("readObject reads every kind of symbol", "[elf]") {
  const Bytes bytes = elftest::x64Object();
  const Object object = readGood(bytes);
  REQUIRE(object.symbols.size() == 11);
  CHECK(object.symbols[0].place == Place::Undefined);
  CHECK(object.symbols[0].name.empty());

  const Symbol &init = symbol(object, "mpy_init");
  CHECK(init.place == Place::Section);
  CHECK(init.section == indexOf(object, section(object, ".text.mpy_init")));
  CHECK(init.type == STT_FUNC);
  CHECK(init.size == 25);
  CHECK_FALSE(init.isLocal());
  CHECK_FALSE(init.isWeak());

  CHECK(symbol(object, "counter").isLocal());
  CHECK(symbol(object, "counter").value == 8);
  CHECK(symbol(object, "inlined").isWeak());
  CHECK(symbol(object, "table").visibility == STV_HIDDEN);
  CHECK(symbol(object, "a.c").place == Place::Absolute);
  CHECK(symbol(object, "constant").place == Place::Absolute);
  CHECK(symbol(object, "constant").value == 0x1234);
  CHECK(symbol(object, "memcpy").place == Place::Undefined);
  CHECK(symbol(object, "absent").isWeak());
  const Symbol &common = symbol(object, "shared");
  CHECK(common.place == Place::Common);
  CHECK(common.value == 8);
  CHECK(common.size == 24);
}

TEST_CASE("readObject reads groups", "[elf]") {
  const Bytes bytes = elftest::x64Object();
  const Object object = readGood(bytes);
  REQUIRE(object.groups.size() == 1);
  const Group &group = object.groups.front();
  CHECK(group.signature == "inlined");
  CHECK(group.comdat);
  REQUIRE(group.members.size() == 2);
  CHECK(group.members[0] == indexOf(object, section(object, ".text.inlined")));
}

TEST_CASE("readObject names a group without a named symbol by its section", "[elf]") {
  const Bytes bytes = elftest::fromYaml(x64(R"(Sections:
  - {Name: .group, Type: SHT_GROUP, Link: .symtab, Info: 1, Members: [{SectionOrType: 0},
     {SectionOrType: .text.f}]}
  - {Name: .text.f, Type: SHT_PROGBITS, Flags: [SHF_ALLOC]}
Symbols:
  - {Type: STT_SECTION, Section: .text.f}
)"));
  const Object object = readGood(bytes);
  REQUIRE(object.groups.size() == 1);
  CHECK(object.groups.front().signature == ".text.f");
  CHECK_FALSE(object.groups.front().comdat);
}

TEST_CASE("readObject reads a Thumb object", "[elf]") {
  const Bytes bytes = elftest::thumbObject();
  const Object object = readGood(bytes);
  CHECK(object.machine == EM_ARM);
  CHECK(object.arch == arch::find(EM_ARM, 4));
  CHECK(object.abi.text.starts_with("ARMv7E-M code, hard-float calls"));
  const Section &text = section(object, ".text");
  REQUIRE(text.relocs.size() == 2);
  // REL: the addend is what the field holds.
  CHECK(text.relocs[0].desc->name == "R_ARM_THM_CALL");
  CHECK(text.relocs[0].addend == -4);
  CHECK(text.relocs[1].addend == 4);
  CHECK(section(object, ".data").relocs.at(0).addend == 12);
  CHECK(symbol(object, "mpy_init").value == 1);
  // A section symbol has its section's name.
  CHECK(symbol(object, ".bss").type == STT_SECTION);
}

TEST_CASE("readObject accepts what is unusual but right", "[elf]") {
  SECTION("no symbol table") {
    const Bytes bytes = elftest::fromYaml(
        x64("Sections: [{Name: .text, Type: SHT_PROGBITS, Flags: [SHF_ALLOC], Content: '90'}]\n"));
    CHECK(readGood(bytes).symbols.empty());
  }
  SECTION("RELA on a processor of REL objects") {
    const Bytes bytes = elftest::fromYaml(R"(--- !ELF
FileHeader: {Class: ELFCLASS32, Data: ELFDATA2LSB, Type: ET_REL, Machine: EM_386}
Sections:
  - {Name: .data, Type: SHT_PROGBITS, Flags: [SHF_ALLOC, SHF_WRITE], Content: "aaaaaaaa"}
  - {Name: .rela.data, Type: SHT_RELA, Info: .data, Link: .symtab,
     Relocations: [{Offset: 0, Symbol: f, Type: R_386_32, Addend: 7}]}
Symbols: [{Name: f, Binding: STB_GLOBAL}]
)");
    CHECK(section(readGood(bytes), ".data").relocs.at(0).addend == 7);
  }
  SECTION("REL on a processor of RELA objects") {
    const Bytes bytes = elftest::fromYaml(x64(R"(Sections:
  - {Name: .text, Type: SHT_PROGBITS, Flags: [SHF_ALLOC], Content: "e8fcffffff"}
  - {Name: .rel.text, Type: SHT_REL, Info: .text, Link: .symtab,
     Relocations: [{Offset: 1, Symbol: f, Type: R_X86_64_PLT32}]}
Symbols: [{Name: f, Binding: STB_GLOBAL}]
)"));
    CHECK(section(readGood(bytes), ".text").relocs.at(0).addend == -4);
  }
  SECTION("a relocation without a symbol, of a type nobody knows, at the section's end") {
    const Bytes bytes = elftest::fromYaml(x64(R"(Sections:
  - {Name: .text, Type: SHT_PROGBITS, Flags: [SHF_ALLOC], Content: "90"}
  - {Name: .rela.text, Type: SHT_RELA, Info: .text, Link: .symtab,
     Relocations: [{Offset: 1, Type: 0xee}]}
Symbols: []
)"));
    const Object object = readGood(bytes);
    CHECK(section(object, ".text").relocs.at(0).desc == nullptr);
    CHECK(section(object, ".text").relocs.at(0).symbol == 0);
  }
  SECTION("relocations of debug sections, good or bad, are not looked at") {
    const Bytes bytes = elftest::fromYaml(x64(R"(Sections:
  - {Name: .debug_info, Type: SHT_PROGBITS, Content: "90"}
  - {Name: .rela.debug_info, Type: SHT_RELA, Info: .debug_info, Link: .symtab,
     Relocations: [{Offset: 0x100, Type: R_X86_64_64}]}
Symbols: []
)"));
    CHECK(section(readGood(bytes), ".debug_info").relocs.empty());
  }
}

constexpr const char *noCode = "the object holds no machine code, only what the compiler needs for "
                               "link-time optimisation [lto-object]";

TEST_CASE("readObject tells what a file is instead", "[elf]") {
  const auto text = [](std::string_view bytes) {
    return problem(ByteView(reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()));
  };
  CHECK(text("") == "the file is empty [not-an-object]");
  CHECK(text("int main;") == "this is not an ELF object [not-an-object]");
  CHECK(text("\177ELF") == "this is not an ELF object [not-an-object]");
  CHECK(text("M\6\0\37") == "this is a .mpy file, not an ELF object [not-an-object]");
  CHECK(text("BC\xc0\xde") == noCode);
}

TEST_CASE("readObject refuses other machines and kinds of ELF files", "[elf]") {
  const auto header = [](const std::string &fields) {
    return "--- !ELF\nFileHeader: {" + fields + "}\n";
  };
  CHECK(problem(header("Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_DYN, Machine: EM_X86_64")) ==
        "this ELF file is not a relocatable object [not-relocatable]");
  CHECK(
      problem(header("Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_REL, Machine: EM_AARCH64")) ==
      "objects for AArch64 (64 bits) cannot be linked [wrong-machine]");
  CHECK(problem(header("Class: ELFCLASS32, Data: ELFDATA2LSB, Type: ET_REL, Machine: EM_X86_64")) ==
        "objects for x86_64 (32 bits) cannot be linked [wrong-machine]");
  CHECK(problem(header("Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_REL, Machine: 0x9999")) ==
        "objects for machine 39321 (64 bits) cannot be linked [wrong-machine]");
  CHECK(problem(header("Class: ELFCLASS64, Data: ELFDATA2MSB, Type: ET_REL, Machine: EM_X86_64")) ==
        "the object is big endian [wrong-machine]");
  Bytes badClass = elftest::x64Object();
  badClass[EI_CLASS] = 3;
  CHECK(problem(badClass) ==
        "the object file is damaged: its ELF class is neither 32 nor 64 bits [corrupt-object]");
}

TEST_CASE("readObject tells what is wrong with a damaged object", "[elf]") {
  const auto damaged = [](std::string_view yaml) {
    const std::string text = problem(x64(yaml)),
                      start = "the object file is damaged: ", end = " [corrupt-object]";
    REQUIRE(text.starts_with(start));
    REQUIRE(text.ends_with(end));
    return text.substr(start.size(), text.size() - start.size() - end.size());
  };
  CHECK(damaged("Sections: [{Name: .text, Type: SHT_PROGBITS, Flags: [SHF_ALLOC], AddressAlign: 3, "
                "Offset: 0x40}]\n") == "alignment 0x3 is not a power of two");
  CHECK(damaged("Sections: [{Name: .text, Type: SHT_PROGBITS, Flags: [SHF_ALLOC], Content: '90', "
                "ShOffset: 0x40, ShSize: 0x300}, {Name: b, Type: SHT_PROGBITS, Flags: [SHF_ALLOC], "
                "ShOffset: 0x40, ShSize: 0x300}, {Type: Fill, Size: 0x300, Pattern: '00'}]\n") ==
        "its sections have more bytes than the file");
  CHECK(damaged("Sections: [{Name: .text, Type: SHT_PROGBITS}]\n"
                "Symbols: [{Name: f, Index: 0x77}]\n") ==
        "symbol 1 is in section 119, and there are 5");
  CHECK(damaged("Symbols: [{Name: f, Index: 0xff05}]\n") == "symbol f is in reserved section "
                                                            "0xff05");
  CHECK(damaged("Symbols: [{Name: f, Index: SHN_XINDEX}]\n") ==
        "symbol 1 has no extended section index");
  CHECK(damaged("Symbols: [{Name: c, Index: SHN_COMMON, Value: 12, Size: 4}]\n") ==
        "common symbol c has an impossible size or alignment");
  CHECK(damaged("Sections: [{Name: .text, Type: SHT_PROGBITS}]\n"
                "Symbols: [{Name: f, Section: .text, Value: 0xffffffffffffffff}]\n") ==
        "symbol f has the impossible value 0xffffffffffffffff");
  CHECK(damaged("Sections: [{Name: .symtab2, Type: SHT_SYMTAB, EntSize: 24, Link: .strtab}]\n"
                "Symbols: []\n") == "there are two symbol tables");

  const auto relocation = [&](std::string_view section, std::string_view reloc) {
    return damaged("Sections:\n  - {Name: .text, Type: SHT_PROGBITS, Flags: [SHF_ALLOC], Content: "
                   "'9090909090'}\n  - {Name: .bss, Type: SHT_NOBITS, Flags: [SHF_ALLOC], Size: "
                   "8}\n  - {Name: .rela.text, Type: SHT_RELA, " +
                   std::string(section) + ", Relocations: [{" + std::string(reloc) +
                   "}]}\nSymbols: []\n");
  };
  CHECK(relocation("Info: .text, Link: .symtab", "Offset: 2, Type: R_X86_64_PC32") ==
        "a relocation at 0x2 is outside the section's 0x5 bytes");
  CHECK(
      relocation("Info: .text, Link: .symtab", "Offset: 0xffffffffffffffff, Type: R_X86_64_PC32") ==
      "a relocation at 0xffffffffffffffff is outside the section's 0x5 bytes");
  CHECK(relocation("Info: .text, Link: .symtab", "Offset: 1, Symbol: 1, Type: R_X86_64_PC32") ==
        "the relocation at 0x1 names symbol 1, and there are 1");
  CHECK(relocation("Info: .text, Link: .strtab", "Offset: 1, Type: R_X86_64_PC32") ==
        "it does not refer to the symbol table");
  CHECK(relocation("Info: 99, Link: .symtab", "Offset: 1, Type: R_X86_64_PC32") ==
        "it relocates section 99, and there are 7");
  CHECK(relocation("Info: 0, Link: .symtab", "Offset: 1, Type: R_X86_64_PC32") ==
        "it relocates section 0, and there are 7");
  CHECK(relocation("Info: .bss, Link: .symtab", "Offset: 1, Type: R_X86_64_PC32") ==
        "it relocates a section without contents");
  CHECK(relocation("Info: .text, Link: .symtab, EntSize: 8", "Offset: 1, Type: R_X86_64_PC32")
            .find("has invalid sh_entsize: expected 24, but got 8") != std::string::npos);

  const auto group = [&](std::string_view fields) {
    return damaged("Sections:\n  - {Name: .group, Type: SHT_GROUP, Link: .symtab, " +
                   std::string(fields) + "}\nSymbols: []\n");
  };
  CHECK(group("Info: 0, Content: '010000'") == "a group of 0x3 bytes");
  CHECK(group("Info: 0, Content: ''") == "a group of 0x0 bytes");
  CHECK(group("Info: 7, Content: '01000000'") == "the group's symbol does not exist");
  CHECK(group("Info: 0, Content: '0100000000000000'") ==
        "the group has a member 0, and there are 5 sections");
  CHECK(group("Info: 0, Content: '0100000005000000'") ==
        "the group has a member 5, and there are 5 sections");
}

TEST_CASE("readObject refuses sections that no module can have", "[elf]") {
  CHECK(problem(x64("Sections: [{Name: .bss, Type: SHT_NOBITS, Flags: [SHF_ALLOC], Size: "
                    "0x40000001}]\n")) ==
        "the section has 1073741825 bytes, more than any module can have [module-too-large]");
}

TEST_CASE("readObject finds uses of the thread pointer that no relocation tells", "[elf]") {
  const std::string relocation = GENERATE("R_RISCV_TLS_GOT_HI20", "R_RISCV_GOT_HI20");
  // auipc a0; lw a0, (a0); c.add a0, tp. In another section: add a1, a1, tp, with a relocation.
  const Bytes file = elftest::fromYaml(
      "--- !ELF\nFileHeader: {Class: ELFCLASS32, Data: ELFDATA2LSB, Type: ET_REL, Machine: "
      "EM_RISCV}\nSections:\n"
      "  - {Name: .text, Type: SHT_PROGBITS, Flags: [SHF_ALLOC, SHF_EXECINSTR], "
      "Content: '17050000032505001295'}\n"
      "  - {Name: .text.cold, Type: SHT_PROGBITS, Flags: [SHF_ALLOC, SHF_EXECINSTR], "
      "Content: '01009295b3854500'}\n"
      "  - {Name: .rodata, Type: SHT_PROGBITS, Flags: [SHF_ALLOC], Content: '33054500'}\n"
      "  - {Name: .rela.text, Type: SHT_RELA, Link: .symtab, Info: .text, "
      "Relocations: [{Offset: 0, Symbol: v, Type: " +
      relocation +
      "}]}\n"
      "  - {Name: .rela.text.cold, Type: SHT_RELA, Link: .symtab, Info: .text.cold, "
      "Relocations: [{Offset: 4, Symbol: v, Type: R_RISCV_TPREL_ADD}]}\n"
      "Symbols: [{Name: v, Type: STT_TLS, Binding: STB_GLOBAL}]\n");
  const Object object = readGood(file); // It has views of the file.
  std::vector<std::string> found;
  for (const Section &candidate : object.sections)
    for (const Reloc &reloc : candidate.relocs)
      if (reloc.type == R_RISCV_TPREL_ADD)
        found.push_back(std::string(candidate.name) + " " + std::to_string(reloc.offset) + " " +
                        std::to_string(reloc.desc->bytes) + " " + std::to_string(reloc.symbol));
  if (relocation == "R_RISCV_GOT_HI20")
    CHECK(found == std::vector<std::string>{".text.cold 4 4 1"});
  else
    CHECK(found == std::vector<std::string>{".text 8 2 1", ".text.cold 2 2 0", ".text.cold 4 4 1"});
}

TEST_CASE("readObject knows objects without machine code", "[elf]") {
  CHECK(problem(x64("Symbols: [{Name: __gnu_lto_slim, Index: SHN_COMMON, Size: 1, Value: 1}]\n")) ==
        noCode);
  // As the compiler makes it of a source that defines nothing.
  CHECK(readGood(elftest::fromYaml(x64(
                     "Sections: [{Name: .gnu.lto_.decls, Type: SHT_PROGBITS, Content: '00'}]\n")))
            .sections.size() > 1);
  const Bytes fat = elftest::fromYaml(
      x64("Sections: [{Name: .gnu.lto_.decls, Type: SHT_PROGBITS, Content: '00'}, "
          "{Name: .text, Type: SHT_PROGBITS, Flags: [SHF_ALLOC], Content: '90'}]\n"));
  CHECK(readGood(fat).sections.size() > 2);
}
