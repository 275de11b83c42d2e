// SPDX-License-Identifier: MIT
// Which files a linker script lists, and which texts are none.
#include "link/LinkerScript.h"

#include <catch2/catch.hpp>

namespace linktest {

using namespace mpylink::link;

namespace {

using List = std::vector<ScriptInput>;

ScriptInput file(const std::string &name) { return {name, false}; }
ScriptInput library(const std::string &name) { return {name, true}; }

} // namespace

TEST_CASE("linker scripts list files and libraries", "[link][script]") {
  const auto [text, inputs] = GENERATE(table<std::string, List>({
      {"GROUP ( a.a b.a )", {file("a.a"), file("b.a")}},
      {"GROUP(a.a,b.a)", {file("a.a"), file("b.a")}},
      {"GROUP\n(\n  a.a\n,\tb.a\n)\n", {file("a.a"), file("b.a")}},
      {"INPUT(a.a) INPUT ( b.a );\n", {file("a.a"), file("b.a")}},
      {"INPUT(b.a)GROUP(a.a)", {file("b.a"), file("a.a")}},
      {"/* GNU ld script\n*/\nOUTPUT_FORMAT(elf64)\nGROUP ( /lib/x/m.a /* why */ )",
       {file("/lib/x/m.a")}},
      {"OUTPUT_ARCH(some:cpu) SEARCH_DIR(\"/x\") INPUT(a.a)", {file("a.a")}},
      {"GROUP ( a.a AS_NEEDED ( b.a -lc ) d.a )",
       {file("a.a"), file("b.a"), library("c"), file("d.a")}},
      {"INPUT(-lfoo -l:x.a \"-lbar\")", {library("foo"), library(":x.a"), file("-lbar")}},
      {"INPUT(\"a b.a\" \"(c).a\",\"AS_NEEDED\")",
       {file("a b.a"), file("(c).a"), file("AS_NEEDED")}},
      {"INPUT(=/lib/a.a $SYSROOT/lib/b.a)", {file("/lib/a.a"), file("/lib/b.a")}},
      {"INPUT(a.a/*,*/b.a)", {file("a.a"), file("b.a")}},
  }));
  CAPTURE(text);
  CHECK((readLinkerScript(text) == inputs));
}

TEST_CASE("other texts are no linker scripts", "[link][script]") {
  const std::string text = GENERATE(
      as<std::string>(), "", " \n", "/* GNU ld script */", "GROUP", "GROUP a.a", "GROUP (",
      "GROUP ( a.a", "GROUP ( a.a ) (", "GROUP ( ( a.a )", "GROUP ( a.a ))", "GROUP ( \"a.a )",
      "GROUP ( \"a\n.a\" )", "GROUP ( a.a /* )", "group ( a.a )", "\"GROUP\" ( a.a )",
      "OUTPUT_FORMAT(elf64)", "hello, text", "GROUP ( a.a ) x = 1;", "GROUP ( \x01 )", "!<arch>\n");
  CAPTURE(text);
  CHECK(readLinkerScript(text).empty());
}

} // namespace linktest
