// SPDX-License-Identifier: MIT
// Files and options -> inputs and the one architecture of the module.
#include "Files.h"

namespace linktest {

namespace {

using Names = std::vector<std::string>;

/// An object that defines one function.
std::string objectFile(const arch::Arch &arch, const std::string &symbol,
                       std::string_view armTags = {}) {
  ObjectBuilder object(arch, symbol + ".o");
  object.define(symbol, object.code(".text", Bytes(8)));
  if (!armTags.empty()) {
    // Version, the vendor's part, the file's part, the tags.
    std::string bytes = "A", file(armTags), vendor = std::string("aeabi\0", 6);
    const auto length = [](size_t size) {
      std::string result(4, '\0');
      writeLe<uint32_t>({reinterpret_cast<uint8_t *>(result.data()), 4},
                        static_cast<uint32_t>(size));
      return result;
    };
    file = "\x01" + length(file.size() + 5) + file;
    bytes += length(vendor.size() + file.size() + 4) + vendor + file;
    object.section(".ARM.attributes", 0, {bytes.begin(), bytes.end()}, 1, 0, SHT_ARM_ATTRIBUTES);
  }
  return elfBytes(object.object);
}

// CPU_arch, profile M; where there are floats: their format, and hard-float calls with the FPU
// used.
constexpr std::string_view v6m = "\x06\x0b", v7m = "\x06\x0a\x07M";
constexpr std::string_view hardDouble = "\x06\x0d\x07M\x0a\x06\x17\x03\x1c\x01";
constexpr std::string_view hardSingle = "\x06\x0d\x07M\x0a\x06\x17\x03\x1b\x01\x1c\x01";

class Reader {
public:
  Inputs read() { return readInputs(options, diag); }
  void add(const std::string &name, std::string_view bytes) {
    options.files.push_back(folder.write(name, bytes));
  }
  TemporaryFolder folder;
  Options options;
  Diag diag;
};

Names objectNames(const Inputs &inputs, const TemporaryFolder &folder) {
  Names names;
  for (const auto &object : inputs.objects)
    names.push_back(object->name.substr(folder.path().size()));
  return names;
}

} // namespace

TEST_CASE("the architecture comes from the objects", "[link][inputs]") {
  struct Row {
    const arch::Arch &arch;
    std::string_view first, second;
    std::string name;
  };
  const Row row = GENERATE(values<Row>({
      {arch::x64(), {}, {}, "x64"},
      {arch::x86(), {}, {}, "x86"},
      {arch::thumb(), {}, {}, "armv6m"},
      {arch::thumb(), v6m, {}, "armv6m"},
      {arch::thumb(), v6m, v7m, "armv7m"},
      {arch::thumb(), v7m, hardSingle, "armv7emsp"},
      {arch::thumb(), hardSingle, hardDouble, "armv7emdp"},
  }));
  Reader reader;
  reader.add("a.o", objectFile(row.arch, "a", row.first));
  reader.add("b.o", objectFile(row.arch, "b", row.second));
  const Inputs inputs = reader.read();
  CHECK(messages(reader.diag) == "");
  REQUIRE(inputs.target);
  CHECK(inputs.target->name == row.name);
  CHECK(inputs.arch == &row.arch);
  CHECK(objectNames(inputs, reader.folder) == Names{"a.o", "b.o"});
  CHECK(inputs.abi == abi::findAbi(6, 3));
}

TEST_CASE("objects must fit each other and the architecture", "[link][inputs]") {
  struct Row {
    std::string arch;
    std::string first, second;
    Names ids;
    std::string where, hint;
  };
  const std::string x64 = objectFile(arch::x64(), "a"), x86 = objectFile(arch::x86(), "b");
  const std::string plain = objectFile(arch::thumb(), "c"),
                    dp = objectFile(arch::thumb(), "d", hardDouble),
                    soft = objectFile(arch::thumb(), "e", "\x06\x0a\x07M\x17\x03");
  const std::string arm = "armv6m, armv7m, armv7em, armv7emsp, armv7emdp";
  const std::string known = "known are x86, x64, " + arm + ", xtensa, xtensawin, rv32imc, rv64imc";
  const Row row = GENERATE_COPY(values<Row>({
      {"", x64, x86, {"wrong-machine"}, "b.o", "compile all objects for the same architecture"},
      {"x64", x64, x86, {"wrong-machine"}, "b.o", "compile all objects for the same architecture"},
      {"x86",
       x64,
       x64,
       {"wrong-machine", "wrong-machine"},
       "a.o",
       "its processor's architectures are x64"},
      {"x64",
       plain,
       plain,
       {"wrong-machine", "wrong-machine"},
       "a.o",
       "its processor's architectures are " + arm},
      {"armv7m",
       plain,
       dp,
       {"abi-conflict"},
       "b.o",
       "compile it for armv7m, or link for another -arch"},
      {"",
       soft,
       dp,
       {"abi-conflict"},
       "b.o",
       "compile all objects with the same -mcpu and -mfloat-abi"},
      {"z80", x64, x64, {"unknown-arch"}, "", known},
      {"none", x64, x64, {"unknown-arch"}, "", known},
  }));
  CAPTURE(row.arch, row.ids);
  Reader reader;
  reader.options.arch = row.arch;
  reader.add("a.o", row.first);
  reader.add("b.o", row.second);
  reader.read();
  INFO(messages(reader.diag));
  REQUIRE(ids(reader.diag) == row.ids);
  const Diagnostic &problem = reader.diag.all()[0];
  CHECK(problem.where.file == (row.where.empty() ? "" : reader.folder.path(row.where)));
  REQUIRE(problem.notes.size() == 1);
  CHECK(problem.notes[0].text == row.hint);
}

TEST_CASE("a given architecture takes what fits it", "[link][inputs]") {
  Reader reader;
  reader.options.arch = "armv7emdp";
  reader.add("a.o", objectFile(arch::thumb(), "a", hardSingle));
  reader.add("b.o", objectFile(arch::thumb(), "b"));
  CHECK(reader.read().target->name == "armv7emdp");
  CHECK(messages(reader.diag) == "");
}

TEST_CASE("libraries", "[link][inputs]") {
  Reader reader;
  ObjectBuilder member(arch::x64(), "m.o");
  member.define("f", member.code(".text", Bytes(8)));
  const std::string archive = archiveBytes({&member.object});
  reader.add("a.o", objectFile(arch::x64(), "a"));
  const auto archives = [&] {
    Names names;
    for (const auto &found : reader.read().archives)
      names.push_back(found->path().substr(reader.folder.path().size()));
    return names;
  };
  SECTION("are found by name in the folders, in their order") {
    reader.folder.write("two/libx.a", archive);
    reader.folder.write("three/libx.a", archive);
    reader.options.libraryPaths = {reader.folder.path("one"), reader.folder.path("two"),
                                   reader.folder.path("three")};
    reader.options.libraries = {"x"};
    CHECK(archives() == Names{"two/libx.a"});
    CHECK(messages(reader.diag) == "");
  }
  SECTION("or by path, and files can be archives, too") {
    reader.options.libraries = {reader.folder.write("y.a", archive),
                                reader.folder.write("no-ending", archive)};
    reader.add("z.a", archive);
    CHECK(archives() == Names{"z.a", "y.a", "no-ending"});
    CHECK(messages(reader.diag) == "");
  }
  SECTION("or in a linker script") {
    const std::string y = reader.folder.write("y.a", archive);
    const std::string o = reader.folder.write("o.o", objectFile(arch::x64(), "o"));
    reader.folder.write("libs.a", "/* GNU ld script\n*/\nOUTPUT_FORMAT(elf64-x86-64)\nGROUP ( " +
                                      y + "\n " + o + " )\n");
    reader.options.libraryPaths = {reader.folder.path()};
    reader.options.libraries = {"s"};
    const Inputs inputs = reader.read();
    CHECK(objectNames(inputs, reader.folder) == Names{"a.o", "o.o"});
    REQUIRE(inputs.archives.size() == 1);
    CHECK(inputs.archives[0]->path() == y);
    CHECK(messages(reader.diag) == "");
  }
  SECTION("or in one beside which they are, or in the folders") {
    reader.folder.write("one/beside.a", archive);
    reader.folder.write("two/beside.a", archive);
    reader.folder.write("two/found.a", archive);
    reader.folder.write("two/libz.a", archive);
    reader.options.libraryPaths = {reader.folder.path("two")};
    reader.options.libraries = {reader.folder.write("one/s.a", "GROUP(beside.a,found.a,-lz)"),
                                ":found.a"};
    CHECK(archives() == Names{"one/beside.a", "two/found.a", "two/libz.a", "two/found.a"});
    CHECK(messages(reader.diag) == "");
  }
  SECTION("that name themselves do not hang") {
    const std::string path = reader.folder.path("libself.a");
    reader.folder.write("libself.a", "/* GNU ld script */ INPUT ( " + path + " )");
    reader.options.libraries = {path};
    reader.read();
    CHECK(ids(reader.diag) == Names{"cannot-read"});
  }
  SECTION("that are missing are told") {
    reader.options.libraryPaths = {reader.folder.path()};
    reader.options.libraries = {"none", "./none.a", "none.a"};
    reader.read();
    REQUIRE(ids(reader.diag) == Names(3, "cannot-read"));
    CHECK(reader.diag.all()[0].where.file == "-lnone");
    CHECK(reader.diag.all()[0].text == "no libnone.a in the folders given with -L");
    CHECK(reader.diag.all()[1].where.file == "./none.a");
    CHECK(reader.diag.all()[2].where.file == "none.a");
  }
}

TEST_CASE("other files", "[link][inputs]") {
  Reader reader;
  SECTION("symbols at fixed addresses") {
    reader.add("a.o", objectFile(arch::x64(), "a"));
    reader.options.externs = {reader.folder.write("one.ld", "f = 0x4000;"),
                              reader.folder.write("two.ld", "PROVIDE(g = 0x4010);")};
    const Inputs inputs = reader.read();
    CHECK(inputs.externs == elf::Externs{{"f", 0x4000}, {"g", 0x4010}});
    CHECK(messages(reader.diag) == "");
  }
  SECTION("symbols beyond the reach of a pointer") {
    const bool fits = GENERATE(false, true);
    reader.add("a.o", objectFile(fits ? arch::x64() : arch::x86(), "a"));
    reader.options.externs = {reader.folder.write("one.ld", "f = 0x100000000;")};
    reader.read();
    CHECK(messages(reader.diag) ==
          (fits ? ""
                : "mpylink: error: the external symbol f has the address 0x100000000, and x86 has "
                  "addresses of 32 bits [out-of-range]\n"
                  ">>> hint: correct the file given with -externs\n"));
  }
  SECTION("numbered qstrs") {
    reader.add("a.o", objectFile(arch::x64(), "a"));
    reader.options.qstrs =
        reader.folder.write("q.h", "#define MP_QSTR_x (mp_native_qstr_table[1])\n");
    CHECK(reader.read().qstrs == Names{"x"});
  }
  SECTION("that are missing") {
    reader.options.files = {"none.o"};
    reader.options.qstrs = "none.h";
    reader.options.externs = {"none.ld"};
    reader.read();
    CHECK(ids(reader.diag) == Names{"cannot-read", "cannot-read", "cannot-read"});
  }
  SECTION("but no object at all") {
    ObjectBuilder member(arch::x64(), "m.o");
    if (GENERATE(false, true))
      reader.add("z.a", archiveBytes({&member.object}));
    reader.read();
    CHECK(ids(reader.diag) == Names{"no-objects"});
  }
}

TEST_CASE("architecture flags of the command line", "[link][inputs]") {
  const auto [flags, isGood] = GENERATE(table<std::string, bool>(
      {{"", true}, {"0", true}, {"0x0", true}, {"1", false}, {"zba", false}}));
  CAPTURE(flags);
  Reader reader;
  reader.options.archFlags = flags;
  reader.add("a.o", objectFile(arch::x64(), "a"));
  const Inputs inputs = reader.read();
  if (isGood)
    CHECK(inputs.archFlags == (flags.empty() ? std::nullopt : std::optional<uint32_t>(0)));
  CHECK(ids(reader.diag) == (isGood ? Names{} : Names{"unknown-arch-flag"}));
}

} // namespace linktest
