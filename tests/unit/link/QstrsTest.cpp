// SPDX-License-Identifier: MIT
// The names of qstrs in sources, the header that numbers them, and the header read back.
#include "link/Qstrs.h"

#include "Files.h"

namespace linktest {

namespace {

using Names = std::vector<std::string>;

Names readBack(const std::string &header) {
  Diag diag;
  Names names = readQstrHeader("q.h", header, diag);
  CHECK(messages(diag) == "");
  return names;
}

/// The qstrs of one source.
Names namesIn(const std::string &source) {
  const TemporaryFolder folder;
  Diag diag;
  const Preprocessed result = preprocess({folder.write("m.c", source)}, {}, diag);
  CHECK(messages(diag) == "");
  return readBack(result.header);
}

size_t count(const std::string &text, const std::string &part) {
  size_t result = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++result;
  return result;
}

} // namespace

TEST_CASE("qstrs are found wherever they are written", "[link][qstrs]") {
  const auto [source, names] = GENERATE(table<std::string, Names>({
      {"x = MP_QSTR_one + MP_QSTR_two;\nMP_QSTR_one\n", {"one", "two"}},
      {"MP_QSTR_b MP_QSTR_a1 MP_QSTR_B MP_QSTR__x", {"B", "_x", "a1", "b"}},
      {"MP_QSTR_", {}},
      {"#define Q(x) MP_QSTR_##x\nQ(pasted)", {}},
      {"XMP_QSTR_x _MP_QSTR_y 1MP_QSTR_z MP_QSTR_ok", {"ok"}},
      {"(MP_QSTR_a)MP_QSTR_b,MP_QSTR_c.d", {"a", "b", "c"}},
      {"// MP_QSTR_x\n/* MP_QSTR_y */ \"MP_QSTR_z\"", {"x", "y", "z"}},
      {"", {}},
  }));
  CAPTURE(source);
  CHECK(namesIn(source) == names);
}

TEST_CASE("qstrs that every firmware has are not numbered by the module", "[link][qstrs]") {
  CHECK(namesIn("MP_QSTR_append MP_QSTR_mine MP_QSTR___init__ MP_QSTR_zeta") ==
        Names{"mine", "zeta"});
  Diag diag;
  const Preprocessed result = preprocess({}, {}, diag);
  for (const char *name : {"append", "__init__", "ValueError"}) {
    const std::string line = std::string("#define MP_QSTR_") + name + " (" +
                             std::to_string(abi::staticQstrId(name)) + ")\n";
    CHECK(abi::staticQstrId(name) != 0);
    CHECK(count(result.header, line) == 1);
  }
  CHECK(count(result.header, "#define MP_QSTR_") == abi::staticQstrNames().size());
  CHECK(count(result.header, "#define MP_QSTR_utf_hyphen_8 (") == 1);
}

TEST_CASE("the numbering depends on the names only", "[link][qstrs]") {
  const TemporaryFolder folder;
  const std::string a = folder.write("a.c", "MP_QSTR_b MP_QSTR_c");
  const std::string b = folder.write("b.c", "MP_QSTR_a MP_QSTR_c");
  Diag diag;
  const Preprocessed one = preprocess({a, b}, {}, diag), two = preprocess({b, a}, {}, diag);
  CHECK(one.header == two.header);
  CHECK(readBack(one.header) == Names{"a", "b", "c"});
  CHECK(count(one.header, "#define MP_QSTR_b (mp_native_qstr_table[2])\n") == 1);
  CHECK(one.files == Names{a, b});
  CHECK(two.files == Names{b, a});
  CHECK(preprocess({a, a}, {}, diag).files == Names{a});
  CHECK(messages(diag) == "");
}

TEST_CASE("includes are followed", "[link][qstrs]") {
  const TemporaryFolder folder;
  const std::string a = folder.write("src/a.h", "MP_QSTR_beside");
  folder.write("one/a.h", "MP_QSTR_one_a");
  const std::string b = folder.write("one/b.h", "#include \"c.h\"\nMP_QSTR_one_b");
  const std::string c = folder.write("one/c.h", "MP_QSTR_one_c");
  folder.write("two/b.h", "MP_QSTR_two_b");
  const std::string deep = folder.write("two/deep/d.h", "MP_QSTR_deep");
  const auto run = [&](const std::string &source) {
    const std::string path = folder.write("src/m.c", source);
    Diag diag;
    Preprocessed result = preprocess({path}, {folder.path("one"), folder.path("two")}, diag);
    CHECK(messages(diag) == "");
    REQUIRE(!result.files.empty());
    CHECK(result.files[0] == path);
    result.files.erase(result.files.begin());
    return std::pair(readBack(result.header), result.files);
  };
  using Result = std::pair<Names, Names>;
  SECTION("beside the file, then in the folders in their order") {
    CHECK(run("#include \"a.h\"\n") == Result{{"beside"}, {a}});
    CHECK(run("#include <b.h>\n") == Result{{"one_b", "one_c"}, {b, c}});
    CHECK(run("#include \"b.h\"\n") == Result{{"one_b", "one_c"}, {b, c}});
    CHECK(run("  # \tinclude\t\"deep/d.h\" // why\n") == Result{{"deep"}, {deep}});
    CHECK(run("#include <a.h>\n") == Result{{"one_a"}, {folder.path("one/a.h")}});
  }
  SECTION("and by absolute paths") {
    CHECK(run("#include \"" + deep + "\"\n") == Result{{"deep"}, {deep}});
    CHECK(run("#include <" + deep + ">\n") == Result{{"deep"}, {deep}});
  }
  SECTION("but not those that are missing, folders, or no includes") {
    const std::string source = GENERATE(
        "#include \"no.h\"\n", "#include <no.h>\n", "#include \"deep\"\n", "#include A_H\n",
        "include \"a.h\"\n", "// #include \"a.h\"\n", "/*\n#include \"a.h\"\n*/",
        "/*/\n#include \"a.h\"\n/*/", "#include \"a.h\n", "#include <a.h\n>", "#include",
        "#define include \"a.h\"\n", "x(\"#include <a.h>\");", "/*\n#include \"a.h\"\n",
        "x(\"\\\"#include <a.h>\");", "x = R\"(\n#include \"a.h\"\n)\";",
        "x = R\"y()\"\n#include \"a.h\"\n)y\";", "x = R\"(\n#include \"a.h\"\n");
    CAPTURE(source);
    CHECK(run(source) == Result{{}, {}});
  }
  SECTION("behind comments and literals of all kinds") {
    const std::string before = GENERATE(
        "/**/", "/* \n */", "//\n", "// it's\n", "/* \" */", "x = '\"';\n", "x = '\\'';\n",
        "x = \"\\\"\";\n", "x = \"'\";\n", "x = \"/*\";\n", "x = \"//\"; /*\n*/", "\"not closed\n",
        "'\\\\'\n", "#error don't\n", "#define S \"/*\"\n", "x = y / z;\n",
        // What C++ has more of: quotes inside of raw strings, and in numbers.
        "x = R\"(\")\";\n", "x = R\"(/*)\";\n", "x = u8R\"ab()\"/*)ab\";\n", "x = LR\"(\n'\n)\";\n",
        "x = 1'000; /* ' */", "x = 0x1'F + '/'; /*\n*/", "x = 1'0; y = '\"'; //\n",
        "x = 3'a'/*'*/;\n", "x = XR\"(\"; y = \")\";\n", "x = L'\"';\n", "x = R\"foo\"; (\n",
        "x = R\"\n(\n", "x = R\"a\\\"(\";\n");
    CAPTURE(before);
    CHECK(run(before + "#include \"a.h\"\n") == Result{{"beside"}, {a}});
  }
  SECTION("with two slashes in the name") {
    CHECK(run("#include \"deep//d.h\"\n").first == Names{"deep"});
  }
  SECTION("once each, in circles too") {
    const std::string x = folder.write("src/x.h", "#include \"y.h\"\nMP_QSTR_x");
    const std::string y = folder.write("src/y.h", "#include \"x.h\"\n#include \"m.c\"\nMP_QSTR_y");
    CHECK(run("#include \"x.h\"\n#include \"y.h\"\n") == Result{{"x", "y"}, {x, y}});
  }
  SECTION("once each under all names, so that circles through folders end") {
    folder.write("src/x.h", "#include \"../src/x.h\"\n#include \"./a.h\"\n#include \"a.h\"\n");
    CHECK(run("#include \"x.h\"\n#include \"../src/a.h\"\n").second.size() == 2);
  }
}

TEST_CASE("sources must be there", "[link][qstrs]") {
  const TemporaryFolder folder;
  const std::string good = folder.write("good.c", "MP_QSTR_a"), missing = folder.path("no.c");
  Diag diag;
  const Preprocessed result = preprocess({missing, good}, {}, diag);
  REQUIRE(ids(diag) == Names{"cannot-read"});
  CHECK(diag.all()[0].where.file == missing);
  CHECK(result.files == Names{good});
}

TEST_CASE("a qstr has at most 255 characters", "[link][qstrs]") {
  const TemporaryFolder folder;
  const std::string longest(255, 'x');
  CHECK(namesIn("MP_QSTR_" + longest) == Names{longest});
  const std::string path = folder.write("m.c", "MP_QSTR_" + longest + "y MP_QSTR_a");
  Diag diag;
  preprocess({path}, {}, diag);
  CHECK(messages(diag) == "mpylink: error: " + path + ": the qstr " + longest.substr(0, 32) +
                              "... has 256 characters, and a firmware takes 255 [qstr-too-long]\n"
                              ">>> hint: shorten it\n");
}

TEST_CASE("qstr headers are read back", "[link][qstrs]") {
  const std::string end = "extern const uint16_t mp_native_qstr_table[];\n";
  const std::string two = "#define MP_QSTR_two (mp_native_qstr_table[2])\n";
  const std::string one = "#define MP_QSTR_one (mp_native_qstr_table[1])\n";
  CHECK(readBack(two + "#define MP_QSTR_known (12)\n\n  text\n" + one + end) ==
        Names{"one", "two"});
  CHECK(readBack(end) == Names{});
  CHECK(readBack(end + one + "#define MP_QSTR_two (mp_native_qstr_table[2])") ==
        Names{"one", "two"});
  CHECK(readBack("// " + one + end) == Names{});
  CHECK(readBack("#define MP_QSTR_one (mp_native_qstr_table[1]) // with a remark\n" + end) ==
        Names{"one"});
}

TEST_CASE("qstr headers that are wrong", "[link][qstrs]") {
  const auto line = [](const std::string &name, const std::string &number) {
    return "#define MP_QSTR_" + name + " (mp_native_qstr_table[" + number + "\n";
  };
  struct Row {
    std::string header, id, where, text;
  };
  const std::string notUnderstood = "the number of qstr x is not understood";
  const Row row = GENERATE_COPY(values<Row>({
      {line("x", "0])"), "qstr-header", "q.h:1", notUnderstood},
      {line("x", "])"), "qstr-header", "q.h:1", notUnderstood},
      {line("x", "1)"), "qstr-header", "q.h:1", notUnderstood},
      {line("x", "1]"), "qstr-header", "q.h:1", notUnderstood},
      {line("x", "-1])"), "qstr-header", "q.h:1", notUnderstood},
      {line("x", "65536])"), "qstr-header", "q.h:1", notUnderstood},
      {line("x", "99999999999999999999])"), "qstr-header", "q.h:1", notUnderstood},
      {"\n" + line("x", "2])"), "qstr-header", "q.h", "no qstr has the number 1"},
      {line("y", "1])") + line("x", "3])"), "qstr-header", "q.h", "no qstr has the number 2"},
      {line("y", "1])") + "\n" + line("x", "1])"), "qstr-header", "q.h:3",
       "qstrs y and x have the same number 1"},
      {line(std::string(256, 'x'), "1])"), "qstr-too-long", "q.h:1",
       "the qstr has 256 characters, and a firmware takes 255"},
  }));
  CAPTURE(row.header);
  Diag diag;
  readQstrHeader("q.h", row.header + "extern const uint16_t mp_native_qstr_table[];\n", diag);
  REQUIRE(ids(diag) == Names{row.id});
  CHECK(diag.all()[0].where.file == row.where);
  CHECK(diag.all()[0].text == row.text);
}

TEST_CASE("any other file is no qstr header", "[link][qstrs]") {
  Diag diag;
  CHECK(readQstrHeader("q.h", GENERATE("", "#define MP_QSTR_append (5)\n"), diag) == Names{});
  REQUIRE(ids(diag) == Names{"qstr-header"});
  CHECK(diag.all()[0].text == "this is not a header that numbers qstrs");
}

} // namespace linktest
