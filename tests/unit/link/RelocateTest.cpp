// SPDX-License-Identifier: MIT
// The finished bytes: what each kind of field reaches once loaded, ranges, stubs, calls of nothing.
#include "Reach.h"

namespace linktest {

namespace {

/// The instruction a branch relocation fits, or nothing.
Bytes instruction(uint16_t machine, uint32_t type) {
  if (machine != EM_ARM)
    return {};
  switch (type) {
  case R_ARM_THM_CALL:
    return {0x00, 0xf0, 0x00, 0xd0};
  case R_ARM_THM_JUMP24:
    return {0x00, 0xf0, 0x00, 0x90};
  case R_ARM_THM_JUMP19:
    return {0x00, 0xf0, 0x00, 0x80};
  case R_ARM_THM_JUMP11:
    return {0x00, 0xe0};
  case R_ARM_THM_JUMP8:
    return {0x00, 0xd0};
  default:
    return {};
  }
}

Bytes code(size_t size, size_t at, const Bytes &instruction) {
  Bytes bytes(size, 0x90);
  std::ranges::copy(instruction, bytes.begin() + static_cast<long>(at));
  return bytes;
}

struct Family {
  const char *arch;
  uint16_t machine;
  uint32_t difference, gotBase;
  std::vector<uint32_t> types; ///< That reach any symbol of the module.
};
const Family families[] = {
    {"x64",
     EM_X86_64,
     R_X86_64_PC32,
     R_X86_64_GOTPC32,
     {R_X86_64_64, R_X86_64_PC16, R_X86_64_PC32, R_X86_64_PLT32, R_X86_64_PC64, R_X86_64_GOTOFF64,
      R_X86_64_PLTOFF64, R_X86_64_GOTPCREL, R_X86_64_GOTPCRELX, R_X86_64_REX_GOTPCRELX,
      R_X86_64_GOTPCREL64, R_X86_64_GOT32, R_X86_64_GOT64, R_X86_64_GOTPLT64}},
    {"x86",
     EM_386,
     R_386_PC32,
     R_386_GOTPC,
     {R_386_32, R_386_PC16, R_386_PC32, R_386_PLT32, R_386_GOTOFF, R_386_GOT32, R_386_GOT32X}},
    {"armv7m",
     EM_ARM,
     R_ARM_REL32,
     R_ARM_BASE_PREL,
     {R_ARM_ABS32, R_ARM_TARGET1, R_ARM_REL32, R_ARM_TARGET2, R_ARM_GOTOFF32, R_ARM_GOT_BREL,
      R_ARM_GOT_PREL, R_ARM_GOT_ABS, R_ARM_THM_CALL, R_ARM_THM_JUMP24, R_ARM_THM_JUMP19,
      R_ARM_THM_JUMP11, R_ARM_THM_JUMP8}},
};

bool isBranch(uint16_t machine, uint32_t type) { return !instruction(machine, type).empty(); }

} // namespace

TEST_CASE("fields reach their symbols at every base", "[link][relocate]") {
  for (const auto &[arch, machine, difference, gotBase, list] : families)
    for (uint32_t type : list) {
      CAPTURE(arch, type);
      Case link(arch);
      ObjectBuilder &a = link.object();
      const uint32_t entry = a.entry(code(64, 16, instruction(machine, type)), 8);
      const uint32_t text = a.code(".text.f", Bytes(32), 8);
      const uint32_t gotPlace = a.data(".data.got", Bytes(8), 8);
      // Thumb branches drop the bit that pointers keep.
      const uint64_t bit = machine == EM_ARM ? 1 : 0;
      const uint32_t f = a.define("f", text, 20 + bit, {STB_GLOBAL, STT_FUNC, 8});
      const int64_t addend = isBranch(machine, type) ? -4 : 12;
      a.reloc(entry, 16, type, f, addend);
      a.reloc(entry, 32, difference, a.define("gotPlace", gotPlace));
      a.reloc(gotPlace, 0, gotBase, a.undefined("_GLOBAL_OFFSET_TABLE_"));
      for (const loader::Bases &bases : {lowBases, highBases}) {
        const Memory memory(link.linked().module, bases);
        const uint64_t got = bases.text + link.layout().got;
        CHECK(memory.wrap(static_cast<uint64_t>(
                              memory.readSigned(bases.text + link.address(0, gotPlace), 4)) +
                          bases.text + link.address(0, gotPlace)) == got);
        CHECK(reached(memory, machine, type, bases.text + 16, addend, got) ==
              bases.text + link.address(0, text) + 20 + (isBranch(machine, type) ? 0 : bit));
      }
    }
}

TEST_CASE("the bit of a Thumb function is set in a sum, not added to it", "[link][relocate]") {
  const uint32_t type = GENERATE(as<uint32_t>(), R_ARM_ABS32, R_ARM_REL32);
  const auto [symbolType, addend, expected] = GENERATE(table<uint8_t, int64_t, uint64_t>({
      {STT_FUNC, 0, 21},
      {STT_FUNC, 1, 21}, // (S + A) | T, where S is 20.
      {STT_FUNC, 2, 23},
      {STT_FUNC, 3, 23},
      {STT_FUNC, -1, 19},
      {STT_NOTYPE, 1, 22}, // A byte at an odd address.
  }));
  const bool inOther = GENERATE(false, true);
  CAPTURE(type, int(symbolType), addend, inOther);
  Case link("armv7m");
  ObjectBuilder &a = link.object("a.o");
  const uint32_t entry = a.code(".text.mpy_init", Bytes(16), 4);
  a.define("mpy_init", entry, 1, {STB_GLOBAL, STT_FUNC});
  ObjectBuilder &b = inOther ? link.object("b.o") : a;
  const uint32_t text = b.code(".text.f", Bytes(32), 4);
  const uint32_t f = b.define("f", text, 21, {STB_GLOBAL, symbolType});
  a.reloc(entry, 8, type, inOther ? a.undefined("f") : f, addend);
  const Memory memory(link.linked().module, highBases);
  const uint64_t place = highBases.text + link.address(0, entry) + 8;
  const uint64_t word = memory.read(place, 4);
  CHECK(memory.wrap(type == R_ARM_ABS32 ? word : word + place) ==
        highBases.text + link.address(inOther ? 1 : 0, text) + expected);
}

TEST_CASE("words hold the addresses of all kinds of targets", "[link][relocate]") {
  const auto [arch, type] = GENERATE(table<const char *, uint32_t>(
      {{"x64", R_X86_64_64}, {"x86", R_386_32}, {"armv7m", R_ARM_ABS32}}));
  const bool inData = GENERATE(false, true);
  CAPTURE(arch, inData);
  Case link(arch);
  link.options.gcSections = false;
  ObjectBuilder &a = link.object();
  const uint32_t entry = a.entry(Bytes(128, 0x90), 8);
  const uint32_t words = inData ? a.data(".data.words", Bytes(128), 8) : entry;
  const uint32_t bss = a.bss(".bss", 24, 8), data = a.data(".data", Bytes(16), 8);
  uint64_t at = 0;
  const uint64_t size = link.inputs.arch->wordSize();
  const auto word = [&](uint32_t symbol, int64_t addend = 0) {
    a.reloc(words, at, type, symbol, addend);
    at += size;
  };
  word(1, 6);
  word(a.define("bss", bss, 4), 8);
  word(a.define("data", data), -8);
  word(a.undefined("mp_fun_table"), 24);
  word(a.undefined("mp_native_qstr_table"));
  word(a.undefined("mp_native_obj_table"));
  word(a.undefined("memset"));
  word(a.undefined("mp_type_str"), 4);
  word(a.undefined("nothing", weak), 3);
  word(a.absolute("number", 0x12345678), 1);
  word(a.undefined("_GLOBAL_OFFSET_TABLE_"), -1);
  a.reloc(words, at + 1, type, a.absolute("odd", 0x1234)); // Numbers may be anywhere.
  for (const loader::Bases &bases : {lowBases, highBases}) {
    const Memory memory(link.linked().module, bases);
    const uint64_t place = link.address(0, words) + (inData ? memory.image.rodata : bases.text);
    const std::vector<uint64_t> expected = {bases.text + 6,
                                            memory.image.bss + link.address(0, bss) + 12,
                                            memory.image.rodata + link.address(0, data) - 8,
                                            bases.funTable + 24,
                                            bases.qstrTable,
                                            bases.objTable,
                                            memory.entry(50),
                                            memory.entry(74) + 4,
                                            3,
                                            0x12345679,
                                            bases.text + link.layout().got - 1};
    for (size_t i = 0; i < expected.size(); ++i)
      CHECK(memory.read(place + i * size, memory.word) == memory.wrap(expected[i]));
    CHECK(memory.read(place + at + 1, memory.word) == 0x1234);
  }
  // Nine words differ between two loads, besides the keep-alive slot.
  CHECK(link.image().relocs.size() == 10);
}

TEST_CASE("calls of the firmware go through stubs", "[link][relocate]") {
  const auto [arch, type] = GENERATE(table<const char *, uint32_t>({{"x64", R_X86_64_PLT32},
                                                                    {"x86", R_386_PLT32},
                                                                    {"armv6m", R_ARM_THM_CALL},
                                                                    {"armv7m", R_ARM_THM_CALL},
                                                                    {"armv7m", R_ARM_THM_JUMP24}}));
  CAPTURE(arch, type);
  Case link(arch);
  ObjectBuilder &a = link.object();
  const uint16_t machine = a.object.machine;
  Bytes bytes(33, 0x90);
  for (size_t at = 4; at < 20; at += 4)
    std::ranges::copy(instruction(machine, type), bytes.begin() + static_cast<long>(at));
  const uint32_t entry = a.entry(bytes);
  a.reloc(entry, 4, type, a.undefined("memset"), -4);
  a.reloc(entry, 8, type, a.undefined("nlr_push"), -4);
  a.reloc(entry, 12, type, a.absolute("rom", 0x8000), -4);
  a.reloc(entry, 16, type, a.undefined("memcpy"), -4);
  for (const loader::Bases &bases : {lowBases, highBases}) {
    const Memory memory(link.linked().module, bases);
    uint64_t place = bases.text;
    for (uint64_t expected : {memory.entry(50), memory.entry(32),
                              uint64_t(machine == EM_ARM ? 0x8001 : 0x8000), memory.entry(51)}) {
      place += 4;
      CHECK(stubTarget(memory, machine, reached(memory, machine, type, place, -4, 0)) == expected);
    }
  }
  CHECK(link.image().relocs.size() == 3);
}

TEST_CASE("pointers to firmware functions by distance are callable", "[link][relocate]") {
  const auto [arch, type] = GENERATE(table<const char *, uint32_t>({{"x64", R_X86_64_PC32},
                                                                    {"x64", R_X86_64_PLTOFF64},
                                                                    {"x86", R_386_PC32},
                                                                    {"x86", R_386_GOTOFF},
                                                                    {"armv6m", R_ARM_REL32},
                                                                    {"armv7m", R_ARM_REL32},
                                                                    {"armv7m", R_ARM_GOTOFF32}}));
  CAPTURE(arch, type);
  Case link(arch);
  ObjectBuilder &a = link.object();
  a.reloc(a.entry(Bytes(32, 0x90)), 8, type, a.undefined("memset"));
  const Memory memory(link.linked().module, lowBases);
  const uint64_t pointer = reached(memory, a.object.machine, type, lowBases.text + 8, 0,
                                   lowBases.text + link.layout().got);
  const bool isThumb = a.object.machine == EM_ARM;
  CHECK(stubTarget(memory, a.object.machine, isThumb ? pointer & ~uint64_t(1) : pointer) ==
        memory.entry(50));
  // blx of an even address would leave Thumb state.
  CHECK((pointer & 1) == isThumb);
}

TEST_CASE("calls of undefined weak functions do nothing", "[link][relocate]") {
  struct Row {
    const char *arch;
    uint32_t type;
    Bytes before, after; ///< The byte in front of the field, and the field.
  };
  const Row row = GENERATE(values<Row>({
      // `test eax, imm32` is as long as `call`; branches of Thumb go to the next instruction.
      {"x64", R_X86_64_PLT32, {0xe8, 1, 2, 3, 4}, {0xa9, 0, 0, 0, 0}},
      {"x64", R_X86_64_PLT32, {0xe9, 1, 2, 3, 4}, {0xe9, 0, 0, 0, 0}},
      {"x86", R_386_PLT32, {0xe8, 1, 2, 3, 4}, {0xa9, 0, 0, 0, 0}},
      {"x86", R_386_PLT32, {0xe9, 1, 2, 3, 4}, {0xe9, 0, 0, 0, 0}},
      {"armv6m", R_ARM_THM_CALL, {0xff, 0, 0xf0, 0, 0xd0}, {0xff, 0, 0xf0, 0, 0xf8}},
      {"armv7m", R_ARM_THM_JUMP24, {0xff, 0, 0xf0, 0, 0x90}, {0xff, 0, 0xf0, 0, 0xb8}},
      {"armv6m", R_ARM_THM_JUMP11, {0xff, 0, 0xe0, 9, 9}, {0xff, 0xff, 0xe7, 9, 9}},
  }));
  CAPTURE(row.arch, row.type);
  Case link(row.arch);
  ObjectBuilder &a = link.object();
  a.reloc(a.entry(code(16, 3, row.before)), 4, row.type, a.undefined("nothing", weak), -4);
  const Bytes &text = link.linked().module.code.code;
  CHECK(Bytes(text.begin() + 3, text.begin() + 8) == row.after);
  CHECK(link.image().relocs.empty());
}

TEST_CASE("distances out of range are told", "[link][relocate]") {
  Case link("armv7m");
  ObjectBuilder &a = link.object("a.o");
  Bytes bytes(16);
  std::ranges::copy(Bytes{0x00, 0xe0, 0x00, 0xe0, 0x00, 0xd0}, bytes.begin());
  const uint32_t entry = a.entry(bytes, 2);
  a.define("run", entry, 1, {STB_LOCAL, STT_FUNC, 8});
  const uint32_t text = a.bss(".text.far", 4096);
  a.object.sections[text].flags = codeFlags;
  a.reloc(entry, 0, R_ARM_THM_JUMP11, a.define("near", text, 2034), -4);
  a.reloc(entry, 2, R_ARM_THM_JUMP11, a.define("far", text, 2038), -4);
  a.reloc(entry, 4, R_ARM_THM_JUMP8, a.define("odd", text, 2), -3);
  link.image();
  CHECK(messages(link.diag) ==
        "mpylink: error: a.o:(.text.mpy_init+0x2): R_ARM_THM_JUMP11 against far: value 2048 is out "
        "of range [-2048, 2046] [out-of-range]\n"
        ">>> target: a.o:(.text.far+0x7f6), at text offset 0x806\n"
        ">>> hint: make the module smaller, or call through a function pointer\n"
        "mpylink: error: a.o:(.text.mpy_init+0x4): R_ARM_THM_JUMP8 against odd: value 11 is not a "
        "multiple of 2 [out-of-range]\n"
        ">>> target: a.o:(.text.far+0x2), at text offset 0x12\n"
        ">>> hint: align the target: put .balign 2 in front of it\n");
  CHECK(readLe<uint16_t>(link.image().text) == 0xe3ff);
}

TEST_CASE("narrow fields hold numbers", "[link][relocate]") {
  struct Row {
    uint32_t type;
    uint64_t number;
    bool fits;
  };
  const Row row = GENERATE(values<Row>({{R_X86_64_32, 0xffffffff, true},
                                        {R_X86_64_32, 0x100000000, false},
                                        {R_X86_64_32, uint64_t(-1), false},
                                        {R_X86_64_32S, 0x7fffffff, true},
                                        {R_X86_64_32S, 0x80000000, false},
                                        {R_X86_64_32S, uint64_t(-1), true},
                                        {R_X86_64_16, 0xffff, true},
                                        {R_X86_64_16, 0x10000, false},
                                        {R_X86_64_8, 0xff, true},
                                        {R_X86_64_8, 0x100, false}}));
  CAPTURE(row.type, row.number);
  Case link;
  ObjectBuilder &a = link.object();
  a.reloc(a.entry(), 1, row.type, a.absolute("number", row.number));
  link.image();
  if (!row.fits) {
    CHECK(ids(link.diag) == std::vector<std::string>{"out-of-range"});
    return;
  }
  CHECK(messages(link.diag) == "");
  Bytes expected(16, 0x90);
  writeUint(ByteSpan(expected).subspan(1, arch::findReloc(arch::x64(), row.type)->bytes),
            row.number);
  CHECK(link.image().text == expected);
}

TEST_CASE("sizes of symbols", "[link][relocate]") {
  const bool elsewhere = GENERATE(false, true);
  CAPTURE(elsewhere);
  Case link;
  ObjectBuilder &a = link.object("a.o");
  const uint32_t entry = a.entry(Bytes(32), 8);
  ObjectBuilder &b = link.object("b.o");
  ObjectBuilder &owner = elsewhere ? b : a;
  const uint32_t data = owner.data(".data", Bytes(64));
  const uint32_t table = owner.define("table", data, 0, {STB_GLOBAL, STT_OBJECT, 48});
  const uint32_t symbol = elsewhere ? a.undefined("table") : table;
  a.reloc(entry, 8, R_X86_64_SIZE64, symbol, 2);
  a.reloc(entry, 20, R_X86_64_SIZE32, symbol);
  CHECK(link.textWord(8) == 50);
  CHECK(readLe<uint32_t>(ByteView(link.image().text).subspan(20)) == 48);
}

TEST_CASE("a word is relocated once", "[link][relocate]") {
  Case link("x86");
  ObjectBuilder &a = link.object();
  const uint32_t entry = a.entry();
  a.reloc(entry, 4, R_386_32, 1);
  a.reloc(entry, 4, R_386_32, a.undefined("mp_fun_table"));
  link.image();
  CHECK(messages(link.diag) ==
        "mpylink: error: a.o:(.text.mpy_init+0x4): two relocations of the same word "
        "[overlapping-relocations]\n"
        ">>> hint: compile the object again\n");
}

TEST_CASE("words of two blocks may have the same number", "[link][relocate]") {
  Case link("x86");
  ObjectBuilder &a = link.object();
  const uint32_t entry = a.entry(), data = a.data(".data", Bytes(8));
  a.reloc(entry, 4, R_386_32, a.define("data", data));
  a.reloc(data, 4, R_386_32, 1);
  const std::vector<mpy::Reloc> relocs = link.linked().module.code.relocs;
  CHECK(relocs == std::vector<mpy::Reloc>{{Segment::Text, 1, mpy::Dest::Rodata, 0},
                                          {Segment::Rodata, 1, mpy::Dest::Text, 0}});
}

TEST_CASE("relocations are sorted, and every block's bytes are its chunks'", "[link][relocate]") {
  Case link("x86");
  link.options.gcSections = false;
  ObjectBuilder &a = link.object();
  const uint32_t data = a.data(".data", {1, 2, 3, 4, 5, 6, 7, 8}, 4);
  const uint32_t text = a.code(".text", {9, 10, 11, 12, 13, 14, 15, 16, 17}, 4);
  a.bss(".bss", 3);
  a.define("mpy_init", text, 2);
  a.reloc(data, 4, R_386_32, a.sectionSymbol(text));
  a.reloc(text, 4, R_386_32, a.sectionSymbol(data), 1);
  const Image &image = link.image();
  using mpy::Dest;
  CHECK(image.relocs == std::vector<mpy::Reloc>{{Segment::Text, 2, Dest::Rodata, 0},
                                                {Segment::Text, 4, Dest::Bss, 0},
                                                {Segment::Rodata, 1, Dest::Text, 0}});
  // Entry jump, padding, .text with its word, padding, the keep-alive slot.
  CHECK(image.text == Bytes{0xeb, 4, 0, 0, 9, 10, 11, 12, 1, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0});
  CHECK(image.rodata == Bytes{1, 2, 3, 4, 4, 0, 0, 0});
  CHECK(image.bssSize == 4);
}

} // namespace linktest
