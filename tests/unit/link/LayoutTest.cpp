// SPDX-License-Identifier: MIT
// Addresses: the entry, packing, the block of bss and rodata, the word that keeps it alive, the
// GOT.
#include "Reach.h"

namespace linktest {

TEST_CASE("the entry comes first, without a jump", "[link][layout]") {
  const std::string arch = GENERATE("x64", "x86", "armv6m", "armv7m");
  Case link(arch);
  link.options.gcSections = false;
  ObjectBuilder &a = link.object("a.o");
  const uint32_t first = a.code(".text.first", Bytes(64), 64), data = a.rodata(".rodata", Bytes(9));
  ObjectBuilder &b = link.object("b.o");
  const uint32_t entry = b.code(".text.mpy_init", Bytes(6), 2);
  b.define("mpy_init", entry, arch.starts_with("arm") ? 1 : 0, {STB_GLOBAL, STT_FUNC});
  CHECK(link.layout().start.empty());
  CHECK(link.address(1, entry) == 0);
  CHECK(link.address(0, first) == 64);
  CHECK(link.address(0, data) == 128);
  CHECK(link.layout().textSize == 137);
}

TEST_CASE("else a jump leads to it", "[link][layout]") {
  struct Row {
    const char *arch;
    uint64_t value, align;
    size_t jumpSize;
    uint64_t address; ///< Of the section.
  };
  const Row row = GENERATE(values<Row>({
      {"x64", 1, 1, 2, 2},           {"x64", 127, 1, 2, 2},
      {"x64", 128, 1, 5, 5},         {"x86", 127, 1, 2, 2},
      {"x86", 4000, 1, 5, 5},        {"x86", 112, 16, 2, 16},
      {"x86", 113, 16, 2, 16},       {"x86", 114, 16, 5, 16}, // The long jump fits the gap.
      {"armv6m", 9, 2, 2, 2},        {"armv6m", 2048, 2, 2, 2},
      {"armv6m", 2050, 2, 8, 8},     {"armv6m", 2049, 2, 2, 2}, // The Thumb bit is no distance.
      {"armv6m", 0x100000, 4, 8, 8}, {"armv7m", 2048, 2, 2, 2},
      {"armv7m", 2050, 2, 4, 4},     {"armv7emdp", 0xffffe1, 2, 4, 4},
      {"armv7m", 2044, 4, 2, 4},     {"armv7m", 2046, 4, 2, 4},
      {"armv7m", 2048, 4, 4, 4},
  }));
  CAPTURE(row.arch, row.value, row.align);
  Case link(row.arch);
  ObjectBuilder &a = link.object();
  const uint32_t text = a.bss(".text", row.value + 16, row.align);
  a.object.sections[text].flags = codeFlags; // Zeros, so that the large ones take no memory.
  a.define("mpy_init", text, row.value);
  CHECK(link.layout().start.size() == row.jumpSize);
  CHECK(link.address(0, text) == row.address);
  const bool isThumb = std::string_view(row.arch).starts_with("arm");
  CHECK(jumpTarget(link.layout().start, a.object.machine) ==
        static_cast<int64_t>(row.address + (isThumb ? row.value & ~uint64_t(1) : row.value)));
  CHECK(messages(link.diag) == "");
}

TEST_CASE("an entry out of reach is an error", "[link][layout]") {
  Case link(GENERATE("armv6m", "armv7m"));
  ObjectBuilder &a = link.object();
  const uint32_t text = a.bss(".text", 0x1000020, 2);
  a.object.sections[text].flags = codeFlags;
  a.define("mpy_init", text, 0x1000010);
  link.layout();
  CHECK(ids(link.diag) == std::vector<std::string>{"text-too-large"});
}

TEST_CASE("chunks fill the gaps", "[link][layout]") {
  Case link;
  link.options.gcSections = false;
  ObjectBuilder &a = link.object();
  a.entry(Bytes(5));
  const auto add = [&](uint64_t size, uint64_t align) {
    const std::string name = ".rodata." + std::to_string(a.object.sections.size());
    return a.rodata(name, Bytes(size), align);
  };
  const uint32_t eight = add(8, 8), four = add(4, 4), otherEight = add(16, 8), two = add(2, 2),
                 one = add(1, 1), otherFour = add(3, 4);
  CHECK(link.address(0, one) == 5);
  CHECK(link.address(0, two) == 6);
  CHECK(link.address(0, eight) == 8);
  CHECK(link.address(0, otherEight) == 16);
  CHECK(link.address(0, four) == 32);
  CHECK(link.address(0, otherFour) == 36);
  CHECK(link.layout().textSize == 39);
}

TEST_CASE("bulk data is aligned to a word, code and small data are not", "[link][layout]") {
  Case link;
  link.options.gcSections = false;
  ObjectBuilder &a = link.object();
  a.entry(Bytes(5));
  const uint32_t code = a.code(".text.f", Bytes(100)),
                 bulk = a.rodata(".rodata.bulk", Bytes(65), 1),
                 small = a.rodata(".rodata.small", Bytes(63), 1);
  CHECK(link.address(0, code) == 5);
  CHECK(link.address(0, small) == 105);
  CHECK(link.address(0, bulk) == 168);
}

TEST_CASE("code comes before what code reaches", "[link][layout]") {
  Case link;
  link.options.gcSections = false;
  ObjectBuilder &a = link.object();
  const uint32_t entry = a.entry(Bytes(32));
  const uint32_t near = a.data(".data.near", Bytes(8), 8), zero = a.bss(".bss.near", 8, 8);
  const uint32_t constant = a.rodata(".rodata", Bytes(8), 8), code = a.code(".text.f", Bytes(3));
  a.reloc(entry, 0, R_X86_64_PC32, a.define("near", near));
  a.reloc(entry, 4, R_X86_64_PC32, a.define("zero", zero));
  a.reloc(entry, 8, R_X86_64_PLT32, a.undefined("memset"));
  a.reloc(entry, 12, R_X86_64_GOTPCREL, 1);
  CHECK(link.address(0, entry) == 0);
  CHECK(link.address(0, code) == 32);
  CHECK(link.address(0, near) == 40);
  CHECK(link.address(0, zero) == 48);
  CHECK(link.address(0, constant) == 56);
  CHECK(link.layout().stubAddress == std::vector<uint64_t>{64});
  CHECK(link.layout().got == 80);
  CHECK(link.layout().textSize == 88);
  CHECK(link.layout().bssSize == 0);
  CHECK(link.layout().rodataSize == 0);
}

TEST_CASE("bss is padded to keep rodata's alignment", "[link][layout]") {
  struct Row {
    uint64_t bssSize, rodataSize, rodataAlign, padded;
  };
  const Row row = GENERATE(values<Row>({{5, 0, 1, 5},
                                        {5, 3, 1, 8},
                                        {8, 3, 1, 8},
                                        {9, 3, 4, 16},
                                        {9, 3, 16, 16},
                                        {9, 3, 32, 32},
                                        {40, 3, 32, 64},
                                        {0, 3, 32, 0}}));
  CAPTURE(row.bssSize, row.rodataSize, row.rodataAlign);
  Case link;
  link.options.gcSections = false;
  ObjectBuilder &a = link.object();
  a.entry();
  if (row.bssSize != 0)
    a.bss(".bss", row.bssSize);
  if (row.rodataSize != 0) {
    a.data(".data", Bytes(row.rodataSize), row.rodataAlign);
    a.data(".data.small", Bytes(1));
  }
  CHECK(link.layout().bssSize == row.padded);
  CHECK(link.layout().rodataSize == (row.rodataSize == 0 ? 0 : row.rodataSize + 1));
}

TEST_CASE("padding counts the alignment that words need", "[link][layout]") {
  Case link;
  link.options.gcSections = false;
  ObjectBuilder &a = link.object();
  a.entry();
  a.bss(".bss", 3);
  const uint32_t data = a.data(".data", Bytes(8), 1), more = a.data(".data.more", Bytes(3), 16);
  a.reloc(data, 0, R_X86_64_64, 1);
  CHECK(link.layout().bssSize == 16);
  CHECK(link.address(0, more) == 0);
  CHECK(link.address(0, data) == 8);
}

TEST_CASE("a text word holds the start of the block", "[link][layout]") {
  const bool hasBss = GENERATE(false, true), hasRodata = GENERATE(false, true);
  enum class Words { None, SlotAtHead, SlotAtSecond, SlotInside, Word, WordInside, DataWord };
  const Words words = GENERATE(Words::None, Words::SlotAtHead, Words::SlotAtSecond,
                               Words::SlotInside, Words::Word, Words::WordInside, Words::DataWord);
  CAPTURE(hasBss, hasRodata, int(words));
  Case link;
  link.options.gcSections = false;
  ObjectBuilder &a = link.object();
  const uint32_t entry = a.entry(Bytes(64), 8);
  std::vector<uint32_t> head; // Sections of the block's first part.
  if (hasRodata)
    head = {a.data(".data.one", Bytes(24), 8), a.data(".data.two", Bytes(16), 8)};
  if (hasBss)
    head = {a.bss(".bss.one", 24, 8), a.bss(".bss.two", 16, 8)};
  if (!head.empty()) {
    const uint32_t one = a.define("one", head[0]), two = a.define("two", head[1]);
    const uint32_t inside = a.define("inside", head[0], 8);
    if (words == Words::SlotAtHead)
      a.reloc(entry, 0, R_X86_64_GOTPCREL, one);
    if (words == Words::SlotAtSecond)
      a.reloc(entry, 0, R_X86_64_GOTPCREL, two);
    if (words == Words::SlotInside)
      a.reloc(entry, 0, R_X86_64_GOTPCREL, inside);
    if (words == Words::Word)
      a.reloc(entry, 0, R_X86_64_64, one);
    if (words == Words::WordInside)
      a.reloc(entry, 0, R_X86_64_64, one, 8);
    // The collector does not start from the block itself.
    if (words == Words::DataWord && hasRodata)
      a.reloc(2, 8, R_X86_64_64, one);
  }
  const Linked &linked = link.linked();
  constexpr uint64_t block = 0x4000;
  const auto image =
      loader::load(linked.module, 8, 87, {0x1000, block, 0x8000, 0x9000, 0xa000, 0xb000});
  REQUIRE(image);
  CHECK(image->data.empty() == head.empty());
  size_t found = 0;
  for (size_t at = 0; at + 8 <= image->text.size(); at += 8)
    found += readUint(ByteView(image->text).subspan(at, 8)) == block;
  CHECK(found == (head.empty() ? 0 : 1));
  const bool given =
      words == Words::SlotAtHead || words == Words::SlotAtSecond || words == Words::Word;
  const bool slot =
      words == Words::SlotAtHead || words == Words::SlotAtSecond || words == Words::SlotInside;
  if (!head.empty())
    CHECK(link.layout().slots.size() == size_t(slot) + size_t(!given));
}

TEST_CASE("an empty variable is no start of a block", "[link][layout]") {
  // A structure without members has an address, but takes no room.
  const bool isZero = GENERATE(false, true), hasOther = GENERATE(false, true);
  CAPTURE(isZero, hasOther);
  Case link;
  link.options.gcSections = false;
  ObjectBuilder &a = link.object();
  const uint32_t entry = a.entry(Bytes(16), 8);
  const uint32_t empty = isZero ? a.bss(".bss.empty", 0, 8) : a.data(".data.empty", {}, 8);
  a.reloc(entry, 0, R_X86_64_GOTPCREL, a.define("empty", empty));
  if (hasOther)
    isZero ? a.bss(".bss", 8) : a.data(".data", Bytes(8));
  link.linked(); // The loader relocates every listed word.
}

TEST_CASE("GOT slots are shared and sorted by what they hold", "[link][layout]") {
  Case link;
  link.options.gcSections = false;
  ObjectBuilder &a = link.object("a.o");
  const uint32_t entry = a.entry(Bytes(128), 8);
  const uint32_t code = a.code(".text.f", Bytes(8), 8), bss = a.bss(".bss", 32, 8);
  const uint32_t data = a.data(".data", Bytes(32), 8);
  const uint32_t slot = R_X86_64_GOTPCREL;
  uint64_t at = 0;
  const auto refer = [&](uint32_t symbol) { a.reloc(entry, at += 4, slot, symbol, -4); };
  refer(a.undefined("nothing", weak));
  refer(a.define("bss8", bss, 8));
  refer(a.define("data", data));
  refer(a.absolute("number", 3));
  refer(a.undefined("mp_type_str"));
  refer(a.define("bss", bss));
  refer(a.define("f", code));
  refer(a.undefined("_GLOBAL_OFFSET_TABLE_"));
  refer(a.undefined("memset"));
  refer(a.define("alias", code));
  refer(a.undefined("mp_native_qstr_table"));
  refer(a.undefined("mp_fun_table"));
  refer(a.define("f4", code, 4));
  ObjectBuilder &b = link.object("b.o");
  const uint32_t text = b.code(".text", Bytes(16));
  b.reloc(text, 0, slot, b.undefined("f"), -4);
  b.reloc(text, 4, slot, b.undefined("mp_type_str"), -4);
  b.reloc(text, 8, slot, b.undefined("nothing", weak), -4);
  const uint32_t f = link.chunk(0, code), zero = link.chunk(0, bss);
  const std::vector<Target> expected = {
      {Kind::Table, 0, 0},     {Kind::Table, 1, 0},
      {Kind::Entry, 50, 0},    {Kind::Entry, 74, 0},
      {Kind::Inside, f, 0},    {Kind::Inside, f, 4},
      {Kind::Got, 0, 0},       {Kind::Inside, link.chunk(0, data), 0},
      {Kind::Inside, zero, 0}, {Kind::Inside, zero, 8},
      {Kind::Null, 0, 0},      {Kind::Constant, 0, 3}};
  CHECK(link.layout().slots.size() == expected.size());
  CHECK(link.layout().slots == expected);
  CHECK(link.layout().textSize == link.layout().got + 8 * expected.size());
}

TEST_CASE("slots of one block are in the order of its addresses", "[link][layout]") {
  Case link;
  link.options.gcSections = false;
  ObjectBuilder &a = link.object();
  const uint32_t entry = a.entry(Bytes(16));
  const uint32_t small = a.rodata(".rodata.a", Bytes(4), 4),
                 large = a.rodata(".rodata.b", Bytes(8), 8);
  a.reloc(entry, 0, R_X86_64_GOTPCREL, a.define("small", small));
  a.reloc(entry, 4, R_X86_64_GOTPCREL, a.define("large", large));
  REQUIRE(link.address(0, large) < link.address(0, small));
  CHECK(link.layout().slots == std::vector<Target>{{Kind::Inside, link.chunk(0, large), 0},
                                                   {Kind::Inside, link.chunk(0, small), 0}});
}

TEST_CASE("stubs are shared and sorted", "[link][layout]") {
  const auto [arch, branch, size] =
      GENERATE(table<const char *, uint32_t, uint64_t>({{"x64", R_X86_64_PLT32, 16},
                                                        {"x86", R_386_PLT32, 12},
                                                        {"armv6m", R_ARM_THM_CALL, 12},
                                                        {"armv7m", R_ARM_THM_CALL, 8}}));
  CAPTURE(arch);
  Case link(arch);
  ObjectBuilder &a = link.object();
  Bytes code(35);
  for (size_t at = 0; at < 32; at += 4)
    std::ranges::copy(Bytes{0, 0xf0, 0, 0xd0}, code.begin() + static_cast<long>(at)); // bl
  const uint32_t entry = a.entry(code);
  uint64_t at = 0;
  for (const char *name : {"memcpy", "nlr_push", "memmove", "memset", "memset"})
    a.reloc(entry, at += 4, branch, a.undefined(name));
  a.reloc(entry, 24, branch, a.absolute("rom", 0x4000));
  CHECK(link.layout().stubs == std::vector<Target>{{Kind::Constant, 0, 0x4000},
                                                   {Kind::Entry, 32, 0},
                                                   {Kind::Entry, 50, 0},
                                                   {Kind::Entry, 51, 0}});
  const uint64_t first = std::string_view(arch) == "x64" ? 40 : 36;
  CHECK(link.layout().stubAddress ==
        std::vector<uint64_t>{first, first + size, first + 2 * size, first + 3 * size});
  CHECK(link.layout().slots.empty());
}

TEST_CASE("a block has a largest size", "[link][layout]") {
  const std::string block = GENERATE("text", "rodata", "bss");
  const uint64_t over = GENERATE(as<uint64_t>(), 0, 1);
  Case link;
  link.options.gcSections = false;
  ObjectBuilder &a = link.object();
  const uint64_t size = (uint64_t(1) << 28) + over;
  const uint32_t entry = a.bss(".text", block == "text" ? size : 16);
  a.object.sections[entry].flags = codeFlags;
  a.define("mpy_init", entry);
  if (block == "bss")
    a.bss(".bss", size);
  if (block == "rodata")
    a.object.sections[a.data(".data", Bytes(8))].size = size; // Nobody looks at the bytes here.
  link.layout();
  if (block != "text") // The keep-alive slot.
    CHECK(link.layout().textSize == 24);
  if (over == 0)
    CHECK(messages(link.diag) == "");
  else
    CHECK(messages(link.diag) ==
          "mpylink: error: the module's " + block +
              " has 268435457 bytes, and a loader takes at most 268435456 [module-too-large]\n"
              ">>> hint: remove large tables and arrays, or allocate them at run time\n");
}

TEST_CASE("more alignment than firmware gives is told", "[link][layout]") {
  const auto [arch, warnings] =
      GENERATE(table<const char *, size_t>({{"x64", 1}, {"x86", 1}, {"armv7m", 2}}));
  Case link(arch);
  link.options.gcSections = false;
  ObjectBuilder &a = link.object();
  a.entry();
  a.rodata(".rodata.16", Bytes(16), 16);
  a.data(".data.32", Bytes(32), 32);
  a.bss(".bss.64", 64, 64);
  link.layout();
  REQUIRE(link.diag.all().size() == warnings);
  CHECK(!link.diag.hasErrors());
  CHECK(link.diag.all().back().id == "alignment");
  CHECK(link.diag.all().back().where.section == ".bss.64");
}

TEST_CASE("zeros in the text cost space in the file", "[link][layout]") {
  struct Row {
    uint64_t size;
    bool isNear, isTold;
  };
  const Row row =
      GENERATE(values<Row>({{65536, true, true}, {65535, true, false}, {65536, false, false}}));
  CAPTURE(row.size, row.isNear);
  Case link;
  ObjectBuilder &a = link.object();
  const uint32_t entry = a.entry(), zeros = a.bss(".bss.table", row.size);
  a.rodata(".rodata", Bytes(70000));
  a.reloc(entry, 0, row.isNear ? R_X86_64_PC32 : R_X86_64_GOTPCREL, a.define("table", zeros));
  a.reloc(entry, 4, R_X86_64_PC32, a.sectionSymbol(3));
  link.layout();
  CHECK(messages(link.diag) ==
        (row.isTold ? "mpylink: warning: a.o:(.bss.table+0x0): a static variable puts 65536 zero "
                      "bytes into the file, because code reaches it directly [zeros-in-text]\n"
                      ">>> hint: make it non-static, or allocate it at run time\n"
                    : ""));
}

} // namespace linktest
