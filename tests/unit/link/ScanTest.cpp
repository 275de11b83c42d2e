// SPDX-License-Identifier: MIT
// Need of the relocation x kind of the target: what must exist, where things must live, and what is
// refused.
#include "Build.h"

namespace linktest {

namespace {

/// The symbols a relocation may have, in the order of the columns below.
enum Column {
  ToCode,
  ToData,
  ToZero,
  ToTable,
  ToFunction,
  ToObject,
  ToNumber,
  ToNull,
  ToGot,
  ToNothing,
  ToIfunc
};

uint32_t makeTarget(ObjectBuilder &object, int column, uint32_t section) {
  switch (column) {
  case ToCode:
  case ToData:
  case ToZero:
    return object.define("target", section);
  case ToTable:
    return object.undefined("mp_fun_table");
  case ToFunction:
    return object.undefined("memset");
  case ToObject:
    return object.undefined("mp_type_str");
  case ToNumber:
    return object.absolute("number", 16);
  case ToNull:
    return object.undefined("nothing", weak);
  case ToGot:
    return object.undefined("_GLOBAL_OFFSET_TABLE_");
  case ToNothing:
    return object.undefined("nothing");
  default:
    return object.define("function", section, 0, {STB_GLOBAL, STT_GNU_IFUNC});
  }
}

/// What comes of a relocation in a data section, in the letters of the table below.
std::string outcome(std::string_view arch, uint32_t type, int column) {
  Case link(arch);
  link.options.gcSections = false;
  ObjectBuilder &a = link.object();
  a.entry();
  // As much of every field as an instruction that fits: bl.
  const uint32_t source = a.data(".data.source", {0, 0xf0, 0, 0xd0, 0, 0, 0, 0}, 8);
  const uint32_t section = column == ToData   ? a.data(".data.target", Bytes(8))
                           : column == ToZero ? a.bss(".bss.target", 8)
                                              : a.code(".text.target", Bytes(8));
  a.reloc(source, 0, type, makeTarget(a, column, section));
  const Plan &plan = link.plan();
  const std::vector<std::string> problems = ids(link.diag);
  if (problems.size() > 1)
    return "?";
  if (!problems.empty())
    return problems[0] == "unsupported-relocation" ? "x"
           : problems[0] == "undefined-symbol"     ? "u"
           : problems[0] == "unsupported-symbol"   ? "t"
                                                   : "?";
  std::string result;
  const Segment segment = link.segment(0, section);
  if ((column == ToData || column == ToZero) && segment == Segment::Text)
    result += "n";
  if (column == ToData && segment == Segment::Bss)
    return "?";
  if (column == ToZero && segment == Segment::Rodata)
    return "?";
  if (plan.slots.size() == 1)
    result += "g";
  if (plan.stubs.size() == 1)
    result += "s";
  if (plan.slots.size() > 1 || plan.stubs.size() > 1)
    return "?";
  return result + (link.segment(0, source) == Segment::Text ? "T" : "R");
}

struct Row {
  const char *need;
  /// T and R: the source is in the text or the rodata block; n: the target must be in the text;
  /// g: a GOT slot; s: a stub; x: refused; u: undefined; t: a symbol no module can have.
  const char *outcomes[11];
  uint32_t x64, x86, thumb; ///< Relocation types; 0: the architecture has none.
};

} // namespace

TEST_CASE("every need meets every kind of target", "[link][scan]") {
  // clang-format off
  const std::vector<Row> rows = {
      //                code  data  zero  table func  obj  number null  got  undef ifunc
      {"Absolute",      {"R", "R",  "R",  "R",  "R",  "R",  "R",  "R",  "R",  "u", "t"},
       R_X86_64_64, R_386_32, R_ARM_ABS32},
      {"Constant",      {"x", "x",  "x",  "x",  "x",  "x",  "R",  "R",  "x",  "u", "t"},
       R_X86_64_32, R_386_16, R_ARM_ABS16},
      {"Difference",    {"T", "nT", "nT", "x",  "sT", "x",  "x",  "x",  "T",  "u", "t"},
       R_X86_64_PC32, R_386_PC32, R_ARM_REL32},
      {"Branch",        {"T", "nT", "nT", "x",  "sT", "x",  "sT", "R",  "T",  "u", "t"},
       R_X86_64_PLT32, R_386_PLT32, R_ARM_THM_CALL},
      {"GotDifference", {"T", "nT", "nT", "x",  "sT", "x",  "x",  "x",  "T",  "u", "t"},
       R_X86_64_GOTOFF64, R_386_GOTOFF, R_ARM_GOTOFF32},
      {"GotBase",       {"T", "T",  "T",  "T",  "T",  "T",  "T",  "T",  "T",  "u", "t"},
       R_X86_64_GOTPC32, R_386_GOTPC, R_ARM_BASE_PREL},
      {"GotSlot",       {"gR", "gR", "gR", "gR", "gR", "gR", "gR", "gR", "gR", "u", "t"},
       R_X86_64_GOT32, R_386_GOT32, R_ARM_GOT_BREL},
      {"GotSlotPc",     {"gT", "gT", "gT", "gT", "gT", "gT", "gT", "gT", "gT", "u", "t"},
       R_X86_64_GOTPCREL, 0, R_ARM_GOT_PREL},
      {"GotSlotWord",   {"gR", "gR", "gR", "gR", "gR", "gR", "gR", "gR", "gR", "u", "t"},
       0, 0, R_ARM_GOT_ABS},
      {"Size",          {"R", "R",  "R",  "R",  "R",  "R",  "R",  "R",  "R",  "u", "t"},
       R_X86_64_SIZE32, 0, 0},
      {"Refused",       {"x", "x",  "x",  "x",  "x",  "x",  "x",  "x",  "x",  "x", "x"},
       R_X86_64_TPOFF32, R_386_TLS_LE, R_ARM_TLS_CALL},
      {"Nothing",       {"R", "R",  "R",  "R",  "R",  "R",  "R",  "R",  "R",  "R", "R"},
       R_X86_64_NONE, R_386_NONE, R_ARM_NONE},
  };
  // clang-format on
  for (const Row &row : rows)
    for (int column = 0; column < 11; ++column)
      for (const auto &[arch, type] :
           {std::pair{"x64", row.x64}, std::pair{"x86", row.x86}, std::pair{"armv7m", row.thumb}}) {
        if (type == 0 && std::string_view(row.need) != "Nothing")
          continue;
        CAPTURE(row.need, column, arch);
        CHECK(outcome(arch, type, column) == row.outcomes[column]);
      }
}

TEST_CASE("code and constants are in the text however they are reached", "[link][scan]") {
  Case link;
  link.options.gcSections = false;
  ObjectBuilder &a = link.object();
  a.entry();
  const uint32_t code = a.code(".text.f", Bytes(8)), constant = a.rodata(".rodata", Bytes(8));
  const uint32_t data = a.data(".data", Bytes(16), 8), zero = a.bss(".bss", 8);
  const uint32_t relro = a.data(".data.rel.ro", Bytes(8), 8);
  a.reloc(data, 0, R_X86_64_64, a.define("f", code));
  a.reloc(data, 8, R_X86_64_64, a.define("constant", constant));
  a.reloc(relro, 0, R_X86_64_64, a.define("zero", zero));
  CHECK(link.segment(0, code) == Segment::Text);
  CHECK(link.segment(0, constant) == Segment::Text);
  CHECK(link.segment(0, relro) == Segment::Text);
  CHECK(link.segment(0, data) == Segment::Rodata);
  CHECK(link.segment(0, zero) == Segment::Bss);
}

TEST_CASE("one reference at a fixed distance is enough for the text", "[link][scan]") {
  Case link;
  ObjectBuilder &a = link.object();
  const uint32_t entry = a.entry(Bytes(32));
  const uint32_t data = a.data(".data.one", Bytes(8), 8), other = a.data(".data.two", Bytes(8), 8);
  const uint32_t one = a.define("one", data), two = a.define("two", other);
  a.reloc(entry, 0, R_X86_64_64, one);
  a.reloc(entry, 8, R_X86_64_GOTPCREL, one, -4);
  a.reloc(entry, 16, R_X86_64_PC32, one, -4);
  a.reloc(data, 0, R_X86_64_64, two); // A word is no fixed distance.
  CHECK(link.segment(0, data) == Segment::Text);
  CHECK(link.segment(0, other) == Segment::Rodata);
}

TEST_CASE("relocated words must be aligned", "[link][scan]") {
  struct Row {
    const char *arch;
    uint32_t type;
    uint64_t word;
  };
  const Row row = GENERATE(values<Row>({{"x64", R_X86_64_64, 8},
                                        {"x86", R_386_32, 4},
                                        {"armv6m", R_ARM_ABS32, 4},
                                        {"armv6m", R_ARM_GOT_ABS, 4}}));
  CAPTURE(row.arch, row.type);
  Case link(row.arch);
  link.options.gcSections = false;
  ObjectBuilder &a = link.object();
  a.entry();
  const uint32_t data = a.data(".data", Bytes(24), 2);
  const char *name = GENERATE("mpy_init", "mp_fun_table", "mp_type_str", "_GLOBAL_OFFSET_TABLE_");
  const uint32_t symbol = std::string_view(name) == "mpy_init" ? 1 : a.undefined(name);
  SECTION("at multiples of the word, and the section is aligned then") {
    a.reloc(data, GENERATE(0, 1, 2) * row.word, row.type, symbol);
    link.plan();
    CHECK(messages(link.diag) == "");
    CHECK(link.plan().align[link.chunk(0, data)] == row.word);
  }
  SECTION("and not elsewhere") {
    a.reloc(data, GENERATE_COPY(as<uint64_t>(), 1, row.word / 2, row.word - 1, row.word + 1),
            row.type, symbol);
    link.plan();
    CHECK(ids(link.diag) == std::vector<std::string>{"misaligned-word"});
  }
  SECTION("but numbers can be anywhere") {
    if (row.type == R_ARM_GOT_ABS)
      return;
    a.reloc(data, 1, row.type, GENERATE(0, 1) ? a.absolute("n", 5) : a.undefined("u", weak));
    link.plan();
    CHECK(messages(link.diag) == "");
    CHECK(link.plan().align[link.chunk(0, data)] == 2);
  }
}

TEST_CASE("a section keeps an alignment larger than a word's", "[link][scan]") {
  Case link;
  link.options.gcSections = false;
  ObjectBuilder &a = link.object();
  a.entry();
  const uint32_t data = a.data(".data", Bytes(32), 16);
  a.reloc(data, 8, R_X86_64_64, 1);
  CHECK(link.plan().align[link.chunk(0, data)] == 16);
}

TEST_CASE("refusals say where and what to do", "[link][scan]") {
  Case link("x86");
  link.options.gcSections = false;
  ObjectBuilder &a = link.object("dir/a.o");
  Bytes code(64);
  code[43] = 0x05; // A ModRM byte without a base register.
  const uint32_t entry = a.entry(code);
  a.define("run", entry, 0, {STB_LOCAL, STT_FUNC, 64});
  const uint32_t data = a.data(".data", Bytes(64), 4);
  a.reloc(entry, 3, R_386_32, a.define("_ZN1n1vE", data, 0));
  a.reloc(data, 2, R_386_32, a.sectionSymbol(data));
  a.reloc(entry, 8, R_386_TLS_LE, a.undefined("x"));
  a.reloc(entry, 12, 200, 1);
  a.reloc(entry, 16, R_386_PC32, a.undefined("weakly", weak));
  a.reloc(entry, 20, R_386_PC32, a.absolute("rom", 0x1000));
  a.reloc(entry, 24, R_386_PC32, a.undefined("mp_type_str"));
  a.reloc(entry, 28, R_386_8, 1);
  // Each variable once.
  const uint32_t tls = a.define("tls", data, 0, {STB_GLOBAL, STT_TLS});
  a.reloc(entry, 32, R_386_TLS_IE, tls);
  a.reloc(entry, 48, R_386_TLS_LE_32, tls);
  a.reloc(entry, 36, R_386_32, a.define("choose", entry, 0, {STB_GLOBAL, STT_GNU_IFUNC}));
  a.reloc(entry, 40, R_386_32, a.undefined("___tls_get_addr"));
  a.reloc(entry, 44, R_386_GOT32X, 1);
  link.plan();
  const std::string at = "mpylink: error: dir/a.o:(.text.mpy_init+", in = ">>> referenced by: ";
  const std::string here = in + "run\n", hint = ">>> hint: ";
  const std::string pic = hint + "a module is loaded at any address: compile with -fpic\n";
  const std::string threads =
      hint + "compile with -fpic, and without -ftls-model, -fpie and -mtls-dialect: this way to "
             "reach a thread-local variable cannot be rewritten\n";
  CHECK(
      messages(link.diag) ==
      at +
          "0x3): R_386_32 against n::v: the address is not at a multiple of 4 bytes, and a "
          "loader relocates aligned words only [misaligned-word]\n" +
          here + pic + at +
          "0x8): R_386_TLS_LE against x: no module can have this relocation "
          "[unsupported-relocation]\n" +
          here + threads + at +
          "0xc): relocation type 200 against mpy_init: this relocation type is not known "
          "[unsupported-relocation]\n" +
          here + hint + "report it with the object file and the compiler's command line\n" + at +
          "0x10): R_386_PC32 against weakly: the symbol is undefined and weak, so its address is "
          "0, which is at no fixed distance from the code [unsupported-relocation]\n" +
          here + hint + "remove the visibility attribute, or compile with -fpic\n" + at +
          "0x14): R_386_PC32 against rom: the symbol has a fixed address, which is at no fixed "
          "distance from the code [unsupported-relocation]\n" +
          here + hint + "use the address through a pointer variable, or compile with -fpic\n" + at +
          "0x18): R_386_PC32 against mp_type_str: the symbol is in the firmware, at no fixed "
          "distance from the code [unsupported-relocation]\n" +
          here + pic + at +
          "0x1c): R_386_8 against mpy_init: the address is known at load time only, and a loader "
          "relocates whole words only [unsupported-relocation]\n" +
          here + pic + at +
          "0x20): R_386_TLS_IE against tls: no module can have this relocation "
          "[unsupported-relocation]\n" +
          here + threads + at +
          "0x24): R_386_32 against choose: the function is chosen at run time (an ifunc), which "
          "needs a dynamic linker [unsupported-symbol]\n" +
          here + hint +
          "define the function plainly, without the ifunc attribute, or link another library: "
          "glibc's "
          "static libraries are not for bare metal\n" +
          at +
          "0x28): R_386_32 against ___tls_get_addr: the function finds thread-local variables, and "
          "only calls of it by name can be rewritten [unsupported-relocation]\n" +
          here + hint +
          "compile without -mlong-calls and -mcmodel=large, or do not use the function\n" + at +
          "0x2c): R_386_GOT32X against mpy_init: the instruction reaches the GOT without a base "
          "register [unsupported-relocation]\n" +
          here + pic +
          "mpylink: error: dir/a.o:(.data+0x2): R_386_32 against .data: the address is not at a "
          "multiple of 4 bytes, and a loader relocates aligned words only [misaligned-word]\n" +
          hint + "do not pack structures that hold pointers\n");
}

TEST_CASE("a stub leads to a function's start only", "[link][scan]") {
  const auto [arch, type, addend, isGood] = GENERATE(table<const char *, uint32_t, int64_t, bool>({
      {"x64", R_X86_64_PLT32, -4, true},
      {"x64", R_X86_64_PLT32, 12, false},
      {"x64", R_X86_64_PLTOFF64, 0, true},
      {"x86", R_386_PLT32, -4, true},
      {"x86", R_386_PLT32, -3, false},
      {"armv7m", R_ARM_THM_CALL, -4, true},
      {"armv7m", R_ARM_THM_CALL, 12, false},
  }));
  CAPTURE(arch, addend);
  Case link(arch);
  ObjectBuilder &a = link.object("a.o");
  const uint32_t entry = a.entry({0, 0xf0, 0, 0xd0, 0, 0, 0, 0});
  a.reloc(entry, 0, type, a.undefined("memset"), addend);
  link.plan();
  CHECK(link.diag.hasErrors() != isGood);
  if (!isGood)
    CHECK(link.diag.all()[0].text.ends_with(
        "memset: the place meant is inside a function at a fixed address or in the firmware, and "
        "only its start can be reached"));
}

TEST_CASE("a call reaches each of the firmware's functions", "[link][scan]") {
  // The last is declared as a pointer to nothing in particular.
  const auto *const function = GENERATE("memset", "nlr_push", "mpy_setjmp");
  CAPTURE(function);
  const bool isWindowed = std::string_view(function) == "mpy_setjmp"; // Others do not offer it.
  Case link(isWindowed ? "xtensawin" : "armv7m");
  ObjectBuilder &a = link.object("a.o");
  const uint32_t entry = a.entry(isWindowed ? Bytes{0x25, 0, 0} : Bytes{0, 0xf0, 0, 0xd0});
  a.reloc(entry, 0, isWindowed ? uint32_t(R_XTENSA_SLOT0_OP) : uint32_t(R_ARM_THM_CALL),
          a.undefined(function), isWindowed ? 0 : -4);
  link.plan();
  CHECK(!link.diag.hasErrors());
}

TEST_CASE("qstrs need a header that numbers them", "[link][scan]") {
  Case link;
  link.inputs.qstrs.clear();
  ObjectBuilder &a = link.object();
  const uint32_t entry = a.entry(), table = a.undefined("mp_native_qstr_table");
  a.reloc(entry, 0, R_X86_64_GOTPCREL, a.undefined("mp_native_obj_table"));
  SECTION("when they are used") {
    a.reloc(entry, 4, R_X86_64_GOTPCREL, table);
    a.reloc(entry, 8, R_X86_64_64, table);
    link.plan();
    CHECK(messages(link.diag) ==
          "mpylink: error: a.o:(.text.mpy_init+0x4): R_X86_64_GOTPCREL against "
          "mp_native_qstr_table: the code uses MP_QSTR_ names, but no -qstrs file numbers them "
          "[no-qstrs]\n"
          ">>> hint: give the header that mpylink -preprocess made and the sources include: -qstrs "
          "FILE\n");
  }
  SECTION("and not otherwise") {
    link.plan();
    CHECK(messages(link.diag) == "");
  }
}

} // namespace linktest
