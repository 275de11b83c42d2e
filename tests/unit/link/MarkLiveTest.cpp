// SPDX-License-Identifier: MIT
// Which sections the module needs, and what a section holds.
#include "Build.h"

namespace linktest {

namespace {

using Names = std::vector<std::string>;

Names liveSections(Case &link) {
  Names names;
  const Live &live = link.live();
  for (uint32_t i = 0; i < live.sections.size(); ++i)
    if (live.sections[i])
      names.emplace_back(live.resolved.section(i).name);
  return names;
}

} // namespace

TEST_CASE("what the entry reaches is live", "[link][live]") {
  Case link;
  ObjectBuilder &a = link.object("a.o");
  const uint32_t entry = a.entry();
  const uint32_t one = a.code(".text.one", Bytes(8));
  const uint32_t two = a.rodata(".rodata.two", Bytes(8));
  const uint32_t dead = a.code(".text.dead", Bytes(8));
  const uint32_t deadData = a.data(".data.dead", Bytes(8));
  a.reloc(entry, 0, R_X86_64_PLT32, a.define("one", one, 0, local));
  a.reloc(one, 0, R_X86_64_PC32, a.sectionSymbol(two), 4);
  a.reloc(one, 4, R_X86_64_PC32, a.undefined("far"));
  a.reloc(dead, 0, R_X86_64_PC32, a.define("deadData", deadData));
  a.reloc(dead, 4, R_X86_64_PC32, a.undefined("deadInB"));
  ObjectBuilder &b = link.object("b.o");
  const uint32_t far = b.bss(".bss.far", 8), shared = b.data(".data.back", Bytes(8));
  b.define("far", far);
  b.define("deadInB", b.bss(".bss.dead", 8));
  b.define("back", shared);
  SECTION("from object to object") {
    CHECK(liveSections(link) == Names{".text.mpy_init", ".text.one", ".rodata.two", ".bss.far"});
  }
  SECTION("in circles") {
    a.reloc(two, 0, R_X86_64_64, 1); // mpy_init
    CHECK(liveSections(link) == Names{".text.mpy_init", ".text.one", ".rodata.two", ".bss.far"});
  }
  SECTION("but everything is without garbage collection") {
    link.options.gcSections = false;
    CHECK(liveSections(link) == Names{".text.mpy_init", ".text.one", ".rodata.two", ".text.dead",
                                      ".data.dead", ".bss.far", ".data.back", ".bss.dead"});
  }
  SECTION("and so is what asks to be retained, with what it reaches") {
    const uint32_t retained =
        a.section(".data.kept", dataFlags | SHF_GNU_RETAIN, Bytes(8), 8, 0, SHT_PROGBITS);
    a.reloc(retained, 0, R_X86_64_64, a.undefined("back"));
    CHECK(liveSections(link) == Names{".text.mpy_init", ".text.one", ".rodata.two", ".data.kept",
                                      ".bss.far", ".data.back"});
  }
}

TEST_CASE("the members of a group live together", "[link][live]") {
  const bool comdat = GENERATE(false, true);
  Case link;
  ObjectBuilder &a = link.object("a.o");
  const uint32_t entry = a.entry();
  const uint32_t code = a.code(".text.f", Bytes(8)), data = a.data(".data.f", Bytes(8));
  const uint32_t unwind = a.rodata(".gcc_except_table.f", Bytes(8));
  const uint32_t other = a.data(".data.other", Bytes(8)), unused = a.code(".text.g", Bytes(8));
  const uint32_t f = a.define("f", code, 0, weak);
  a.reloc(entry, 0, R_X86_64_PLT32, f);
  a.reloc(data, 0, R_X86_64_64, a.define("other", other));
  a.reloc(unwind, 0, R_X86_64_64, a.define("g", unused));
  a.group("f", {code, data, unwind}, comdat);
  a.group("g", {unused}, comdat);
  CHECK(liveSections(link) == Names{".text.mpy_init", ".text.f", ".data.f", ".data.other"});
}

TEST_CASE("a dropped copy of a group is not live", "[link][live]") {
  Case link;
  for (const char *name : {"a.o", "b.o"}) {
    ObjectBuilder &object = link.object(name);
    const uint32_t text = object.code(std::string(".text.") + name, Bytes(8));
    object.group("f", {text});
    object.define("f", text, 0, weak);
  }
  ObjectBuilder &c = link.object("c.o");
  c.reloc(c.entry(), 0, R_X86_64_PLT32, c.undefined("f"));
  link.options.gcSections = GENERATE(true, false);
  CHECK(liveSections(link) == Names{".text.a.o", ".text.mpy_init"});
}

TEST_CASE("contents by flags and type", "[link][live]") {
  struct Row {
    const char *name;
    uint32_t type;
    uint64_t flags;
    Content content;
  };
  const Row row = GENERATE(values<Row>({
      {".text", SHT_PROGBITS, codeFlags, Content::Code},
      {".ltext", SHT_PROGBITS, codeFlags, Content::Code},
      {"any", SHT_PROGBITS, codeFlags | SHF_WRITE, Content::Code},
      {".rodata", SHT_PROGBITS, SHF_ALLOC, Content::ReadOnly},
      {".rodata.str1.1", SHT_PROGBITS, stringFlags, Content::ReadOnly},
      {".data", SHT_PROGBITS, dataFlags, Content::Data},
      {".data.rel", SHT_PROGBITS, dataFlags, Content::Data},
      {".data.rel.local.x", SHT_PROGBITS, dataFlags, Content::Data},
      {".data.rel.ro", SHT_PROGBITS, dataFlags, Content::ReadOnly},
      {".data.rel.ro.local.x", SHT_PROGBITS, dataFlags, Content::ReadOnly},
      {".text", SHT_PROGBITS, dataFlags, Content::Data}, // The name does not matter.
      {".bss", SHT_NOBITS, dataFlags, Content::Zero},
      {".lbss", SHT_NOBITS, dataFlags, Content::Zero},
      {".rodata", SHT_NOBITS, SHF_ALLOC, Content::Zero},
      {".comment", SHT_PROGBITS, 0, Content::LeftOut},
      {".debug_info", SHT_PROGBITS, 0, Content::LeftOut},
      {".note.gnu.property", SHT_NOTE, SHF_ALLOC, Content::LeftOut},
      {".eh_frame", SHT_PROGBITS, SHF_ALLOC, Content::LeftOut},
      {".eh_frame", SHT_X86_64_UNWIND, SHF_ALLOC, Content::LeftOut},
      {".gcc_except_table.f", SHT_PROGBITS, SHF_ALLOC, Content::LeftOut},
      {".ARM.exidx", SHT_ARM_EXIDX, SHF_ALLOC, Content::LeftOut},
      {".ARM.exidx.text.f", SHT_ARM_EXIDX, SHF_ALLOC, Content::LeftOut},
      {".ARM.extab", SHT_PROGBITS, SHF_ALLOC, Content::LeftOut},
      {".tdata", SHT_PROGBITS, dataFlags | SHF_TLS, Content::Data},
      {".tbss", SHT_NOBITS, dataFlags | SHF_TLS, Content::Zero},
      {".init_array", SHT_INIT_ARRAY, dataFlags, Content::Constructors},
      {"any", SHT_INIT_ARRAY, dataFlags, Content::Constructors},
      {".init_array.5", SHT_PROGBITS, dataFlags, Content::Constructors},
      {".preinit_array", SHT_PREINIT_ARRAY, dataFlags, Content::Constructors},
      {".ctors", SHT_PROGBITS, dataFlags, Content::Constructors},
      {".ctors.65535", SHT_PROGBITS, dataFlags, Content::Constructors},
      {".fini_array", SHT_FINI_ARRAY, dataFlags, Content::LeftOut},
      {".dtors", SHT_PROGBITS, dataFlags, Content::LeftOut},
      {".dtors.1", SHT_PROGBITS, dataFlags, Content::LeftOut},
      {".data.ctors", SHT_PROGBITS, dataFlags, Content::Data},
      {".ctors_table", SHT_PROGBITS, dataFlags, Content::Data},
  }));
  CAPTURE(row.name, row.type, row.flags);
  elf::Section section;
  section.name = row.name;
  section.type = row.type;
  section.flags = row.flags;
  section.size = 8;
  CHECK(int(contentOf(section, arch::thumb())) == int(row.content));
  if (!std::string_view(row.name).starts_with(".ARM"))
    CHECK(int(contentOf(section, arch::x64())) == int(row.content));
}

TEST_CASE("sections left out by kind keep nothing alive", "[link][live]") {
  const auto [name, type, flags] = GENERATE(table<const char *, uint32_t, uint64_t>({
      {".comment", SHT_PROGBITS, 0},
      {".debug_info", SHT_PROGBITS, SHF_GNU_RETAIN},
      {".note", SHT_NOTE, SHF_ALLOC},
      {".eh_frame", SHT_PROGBITS, SHF_ALLOC},
      {".gcc_except_table", SHT_PROGBITS, SHF_ALLOC | SHF_GNU_RETAIN},
  }));
  CAPTURE(name);
  Case link;
  ObjectBuilder &a = link.object("a.o");
  const uint32_t entry = a.entry();
  const uint32_t section = a.section(name, flags, Bytes(8), 1, 0, type);
  a.reloc(section, 0, R_X86_64_64, a.define("f", a.code(".text.f", Bytes(8))));
  a.reloc(entry, 0, R_X86_64_64, a.define("table", section));
  CHECK(liveSections(link) == Names{".text.mpy_init"});
  // A module cannot refer to them.
  link.plan();
  CHECK(ids(link.diag) == Names{"unsupported-symbol"});
}

} // namespace linktest
