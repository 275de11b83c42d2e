// SPDX-License-Identifier: MIT
// More sections than the 16-bit fields of ELF can number: their count, the index of the section
// names and the symbols' sections are then in other places.
#include "elf/Object.h"
#include "link/Link.h"

#include "llvm/BinaryFormat/ELF.h"

#include <catch2/catch.hpp>

#include <ctime>
#include <sys/mman.h>
#include <unistd.h>

using namespace mpylink;
using namespace llvm::ELF;

namespace {

struct Elf64 {
  using Header = Elf64_Ehdr;
  using Section = Elf64_Shdr;
  using Symbol = Elf64_Sym;
  static constexpr uint16_t machine = EM_X86_64;
  static constexpr uint8_t elfClass = ELFCLASS64;
};
struct Elf32 {
  using Header = Elf32_Ehdr;
  using Section = Elf32_Shdr;
  using Symbol = Elf32_Sym;
  static constexpr uint16_t machine = EM_386;
  static constexpr uint8_t elfClass = ELFCLASS32;
};

template <class T> void append(Bytes &out, const T &value) {
  const auto *start = reinterpret_cast<const uint8_t *>(&value);
  out.insert(out.end(), start, start + sizeof value);
}

/// An object of `count` functions f1, f2, ..., each one byte in a section of its own, where
/// section i + 1 is function i's, and the last function is mpy_init. No relocations.
template <class Types> Bytes manyFunctions(uint32_t count) {
  using Section = typename Types::Section;
  Bytes out(sizeof(typename Types::Header)), names{0}, symbols, extended;
  std::vector<Section> sections(1);
  const auto add = [&](std::string_view name, uint32_t type, const Bytes &contents) -> Section & {
    Section section{};
    section.sh_name = static_cast<uint32_t>(names.size());
    names.insert(names.end(), name.begin(), name.end());
    names.push_back(0);
    section.sh_type = type;
    section.sh_offset = static_cast<decltype(section.sh_offset)>(out.size());
    section.sh_size = static_cast<decltype(section.sh_size)>(contents.size());
    out.insert(out.end(), contents.begin(), contents.end());
    return sections.emplace_back(section);
  };
  append(symbols, typename Types::Symbol{});
  append(extended, uint32_t(0));
  for (uint32_t i = 1; i <= count; ++i) {
    const std::string name = i == count ? "mpy_init" : "f" + std::to_string(i);
    typename Types::Symbol symbol{};
    add(name, SHT_PROGBITS, {0xc3}).sh_flags = SHF_ALLOC | SHF_EXECINSTR;
    symbol.st_name = sections.back().sh_name;
    symbol.setBindingAndType(STB_GLOBAL, STT_FUNC);
    symbol.st_shndx = static_cast<uint16_t>(i < SHN_LORESERVE ? i : uint32_t(SHN_XINDEX));
    append(symbols, symbol);
    append(extended, i < SHN_LORESERVE ? 0 : i);
  }
  Section &symtab = add(".symtab", SHT_SYMTAB, symbols);
  symtab.sh_entsize = sizeof(typename Types::Symbol);
  symtab.sh_link = count + 3;
  Section &shndx = add(".symtab_shndx", SHT_SYMTAB_SHNDX, extended);
  shndx.sh_entsize = 4;
  shndx.sh_link = count + 1;
  names.insert(names.end(), {'n', 0});
  const Bytes allNames = names;
  add("", SHT_STRTAB, allNames).sh_name = static_cast<uint32_t>(allNames.size() - 2);
  sections[0].sh_size = static_cast<decltype(sections[0].sh_size)>(sections.size());
  sections[0].sh_link = count + 3;

  typename Types::Header header{};
  std::copy_n(ElfMagic, 4, header.e_ident);
  header.e_ident[EI_CLASS] = Types::elfClass;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = header.e_version = EV_CURRENT;
  header.e_type = ET_REL;
  header.e_machine = Types::machine;
  header.e_ehsize = sizeof header;
  header.e_shentsize = sizeof(Section);
  header.e_shstrndx = SHN_XINDEX;
  header.e_shoff = static_cast<decltype(header.e_shoff)>(out.size());
  std::memcpy(out.data(), &header, sizeof header);
  for (const Section &section : sections)
    append(out, section);
  return out;
}

constexpr uint32_t many = 70000;

/// What anything that looks at each section once has plenty of, and anything that looks at all
/// sections for each section has not enough of.
constexpr double enoughSeconds = 10;
double seconds(std::clock_t since) { return double(std::clock() - since) / CLOCKS_PER_SEC; }

} // namespace

TEMPLATE_TEST_CASE("readObject reads 70 000 sections", "[elf]", Elf64, Elf32) {
  const Bytes bytes = manyFunctions<TestType>(many);
  Diag diag;
  const std::clock_t start = std::clock();
  const std::optional<elf::Object> object = elf::readObject("a.o", bytes, nullptr, diag);
  CHECK(seconds(start) < enoughSeconds);
  for (const Diagnostic &diagnostic : diag.all())
    UNSCOPED_INFO(render("", diagnostic));
  REQUIRE(object);
  REQUIRE(object->sections.size() == many + 4);
  REQUIRE(object->symbols.size() == many + 1);
  // The last index of 16 bits, and the ones around it that mean something else there.
  for (const uint32_t i : {1u, 0xfeffu, 0xff00u, 0xfff1u, 0xfff2u, 0xffffu, 0x10000u, many}) {
    INFO("section " << i);
    CHECK(object->symbols[i].place == elf::Place::Section);
    CHECK(object->symbols[i].section == i);
    CHECK(object->sections[i].name == object->symbols[i].name);
    CHECK(object->sections[i].data.size() == 1);
  }
  CHECK(object->symbols[many].name == "mpy_init");
}

TEMPLATE_TEST_CASE("an object of 70 000 functions links", "[elf]", Elf64, Elf32) {
  const Bytes bytes = manyFunctions<TestType>(many);
  const int file = memfd_create("many.o", 0);
  REQUIRE(file >= 0);
  REQUIRE(write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  link::Options options;
  options.files = {"/proc/self/fd/" + std::to_string(file)};
  options.sourceName = "many.c";
  options.map = options.printGcSections = true;
  options.report = link::ReportForm::Text;
  options.traceSymbols = options.whyLive = {"mpy_init"};
  std::string listing;
  Diag diag;
  SECTION("only what is needed") {
    const std::clock_t start = std::clock();
    const auto linked = link::link(options, listing, diag);
    CHECK(seconds(start) < enoughSeconds);
    REQUIRE(linked);
    CHECK(linked->module.code.code == Bytes{0xc3});
  }
  SECTION("everything") {
    options.gcSections = false;
    const std::clock_t start = std::clock();
    const auto linked = link::link(options, listing, diag);
    CHECK(seconds(start) < enoughSeconds);
    REQUIRE(linked);
    CHECK(linked->module.code.code == Bytes(many, 0xc3));
  }
  close(file);
}
