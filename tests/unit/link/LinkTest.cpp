// SPDX-License-Identifier: MIT
// The whole link: same inputs, same bytes; what is in the module besides its blocks; errors of each
// pass; what the last check finds.
#include "link/Link.h"

#include "Files.h"
#include "RandomLink.h"

namespace linktest {

namespace {

/// Writes the objects of a link into files and links those.
std::optional<Linked> linkFiles(const TemporaryFolder &folder, Case &link, Diag &diag,
                                bool wantMap = false) {
  Options options = link.options;
  options.arch = link.inputs.target->name;
  options.constantsInBlock = link.inputs.constantsInBlock;
  std::string header = "extern const uint16_t mp_native_qstr_table[];\n";
  for (size_t i = 0; i < link.inputs.qstrs.size(); ++i)
    header += "#define MP_QSTR_" + link.inputs.qstrs[i] + " (mp_native_qstr_table[" +
              std::to_string(i + 1) + "])\n";
  options.qstrs = folder.write("qstrs.h", header);
  for (const elf::Object *object : link.resolved().objects)
    if (object->name.ends_with(".o"))
      options.files.push_back(folder.write(object->name, elfBytes(*object)));
  options.map = wantMap;
  std::string listing;
  return mpylink::link::link(options, listing, diag);
}

} // namespace

TEST_CASE("the same objects give the same bytes", "[link][determinism]") {
  const std::string arch =
      GENERATE("x64", "x86", "armv6m", "armv7em", "xtensa", "xtensawin", "rv32imc", "rv64imc");
  for (uint32_t seed = 0; seed < 20; ++seed) {
    CAPTURE(arch, seed);
    RandomLink first(seed, arch), second(seed, arch), renamed(seed, arch, "another_prefix_");
    CHECK(first.link.linked().file == second.link.linked().file);
    // Names decide where symbols are in hash tables, and nothing else.
    CHECK(first.link.linked().file == renamed.link.linked().file);
    for (const char *name : {"short", "a/much/longer/folder"}) {
      const TemporaryFolder folder;
      Diag diag;
      const auto linked = linkFiles(folder, first.link, diag);
      INFO(messages(diag));
      REQUIRE(linked);
      CHECK(linked->file == first.link.linked().file);
      CAPTURE(name);
    }
  }
}

TEST_CASE("the module around the blocks", "[link][emit]") {
  const bool hasData = GENERATE(false, true), hasBss = GENERATE(false, true);
  CAPTURE(hasData, hasBss);
  Case link("armv7emsp");
  link.options.gcSections = false;
  link.options.sourceName = "dir/name.mpy";
  link.inputs.qstrs = {"one", "two"};
  link.inputs.archFlags = GENERATE(std::optional<uint32_t>(), std::optional<uint32_t>(3));
  ObjectBuilder &a = link.object();
  a.entry();
  if (hasData)
    a.data(".data", {1, 2, 3});
  if (hasBss)
    a.bss(".bss", 3);
  const mpy::Module &module = link.linked().module;
  CHECK(module.version == 6);
  CHECK(module.subVersion == 3);
  CHECK(module.arch == 7);
  CHECK(module.hasArchFlags == link.inputs.archFlags.has_value());
  CHECK(module.archFlags == link.inputs.archFlags.value_or(0));
  CHECK(module.smallIntBits == 31);
  CHECK(module.qstrs == std::vector<std::string>{"dir/name.mpy", "one", "two"});
  CHECK(module.objects.empty());
  CHECK(module.code.kind == mpy::CodeKind::NativeViper);
  // Relocations always, so that the loader keeps the code.
  CHECK(module.code.scopeFlags == (0x10u | (hasData ? 0x20u : 0) | (hasBss ? 0x40u : 0)));
  CHECK(module.code.rodata == (hasData ? Bytes{1, 2, 3} : Bytes{}));
  CHECK(module.code.bssSize == (!hasBss ? 0u : hasData ? 4u : 3u));
  CHECK(module.code.children.empty());
}

TEST_CASE("what the caller is told", "[link]") {
  const TemporaryFolder folder;
  Case link;
  ObjectBuilder &a = link.object("a.o");
  const uint32_t entry = a.entry(Bytes(32));
  const uint32_t near = a.data(".data.near", Bytes(10)), far = a.data(".data.far", Bytes(100));
  const uint32_t zero = a.bss(".bss.near", 7), constant = a.rodata(".rodata", Bytes(1000));
  a.reloc(entry, 0, R_X86_64_PC32, a.define("near", near));
  a.reloc(entry, 4, R_X86_64_PC32, a.define("zero", zero));
  a.reloc(entry, 8, R_X86_64_PC32, a.define("constant", constant));
  a.reloc(entry, 12, R_X86_64_GOTPCREL, a.define("far", far));
  a.reloc(entry, 16, R_X86_64_GOTPCREL, 1);
  const bool wantMap = GENERATE(false, true);
  Diag diag;
  const auto linked = linkFiles(folder, link, diag, wantMap);
  REQUIRE(linked);
  CHECK(messages(diag) == "");
  CHECK(linked->gotSlots == 2);
  CHECK(linked->variablesInText == 17);
  CHECK(linked->map.empty() == !wantMap);
  CHECK(linked->file == link.linked().file);
}

TEST_CASE("a problem of any pass ends the link", "[link]") {
  const TemporaryFolder folder;
  Case link("armv7m");
  ObjectBuilder &a = link.object("a.o");
  const uint32_t text = a.code(".text", {0, 0xe0, 0, 0xe0, 0, 0, 0, 0}, 4);
  const std::string pass = GENERATE("read", "resolve", "merge", "scan", "layout", "relocate");
  CAPTURE(pass);
  std::string id;
  if (pass != "resolve" && pass != "layout")
    a.define("mpy_init", text);
  if (pass == "read") {
    a.object.machine = EM_SPARC;
    id = "wrong-machine";
  } else if (pass == "resolve") {
    id = "no-entry";
  } else if (pass == "merge") {
    const uint32_t list = a.section(".init_array", dataFlags, Bytes(4), 4, 0, SHT_INIT_ARRAY);
    a.reloc(list, 0, R_ARM_TARGET1, a.define("variable", a.data(".data", Bytes(4))));
    id = "unsupported-section";
  } else if (pass == "scan") {
    a.reloc(text, 1, R_ARM_ABS32, 1);
    id = "misaligned-word";
  } else {
    const uint32_t far = a.bss(".text.far", 0x1000020, 4);
    a.object.sections[far].flags = codeFlags;
    const uint32_t symbol = a.define(pass == "layout" ? "mpy_init" : "far", far, 0x1000000);
    if (pass == "relocate")
      a.reloc(text, 0, R_ARM_THM_JUMP11, symbol, -4);
    link.options.gcSections = false;
    id = pass == "layout" ? "text-too-large" : "out-of-range";
  }
  Diag diag;
  CHECK(!linkFiles(folder, link, diag));
  CHECK(ids(diag) == std::vector<std::string>{id});
}

TEST_CASE("the last check loads the module", "[link][verify]") {
  using mpy::Dest;
  mpy::Module module;
  module.arch = 2;
  module.qstrs = {"m.c"};
  module.code.code.resize(32);
  module.code.rodata.resize(16);
  module.code.scopeFlags = mpy::scopeViperReloc | mpy::scopeViperRodata;
  module.code.relocs = {{Segment::Text, 1, Dest::Rodata, 0},
                        {Segment::Text, 2, Dest::FunEntry, 86},
                        {Segment::Rodata, 1, Dest::QstrTable, 0}};
  std::string problem;
  SECTION("and is content with a good one") {}
  SECTION("and finds words that are not relocated as listed") {
    // Without a block, its address is null at any base.
    module.code.rodata.clear();
    module.code.scopeFlags = mpy::scopeViperReloc;
    module.code.relocs = {{Segment::Text, 3, Dest::Rodata, 0}};
    problem = "word 3 of the text is not relocated as listed";
  }
  SECTION("and finds that a loader would refuse it") {
    SECTION("for a word outside") {
      module.code.relocs[2].word = 2;
      problem = "a loader would refuse the module: a relocated word is outside the rodata";
    }
    SECTION("for an unknown entry") {
      module.code.relocs[1].entry = 87;
      problem = "a loader would refuse the module: fun table entry 87 is used, the table has 87";
    }
  }
  SECTION("and finds that nothing keeps the variables") {
    module.code.relocs[0].dest = Dest::Text;
    problem = "no word of the text keeps the variables alive";
  }
  SECTION("and finds unknown versions and architectures") {
    switch (GENERATE(0, 1, 2)) {
    case 0:
      module.version = 7;
      break;
    case 1:
      module.subVersion = 9;
      break;
    default:
      module.arch = 15;
    }
    problem = "the module's version or architecture is unknown";
  }
  Diag diag;
  verify(module, "m.mpy", diag);
  CHECK(messages(diag) == (problem.empty()
                               ? ""
                               : "mpylink: error: m.mpy: " + problem +
                                     " [verify]\n>>> hint: this is a bug of mpylink: report it "
                                     "with the input files\n"));
}

} // namespace linktest
