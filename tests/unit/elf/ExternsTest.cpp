// SPDX-License-Identifier: MIT
// The symbol files of -externs: a small part of the linker-script language.
#include "elf/Externs.h"

#include <catch2/catch.hpp>

#include <ctime>

using namespace mpylink;
using elf::Externs;

namespace {

struct Parsed {
  Externs externs;
  std::string problems; ///< "file:line: text [id]" and a newline each.
};

Parsed parse(std::string_view text) {
  Parsed parsed;
  Diag diag;
  elf::readExterns("rom.ld", text, parsed.externs, diag);
  for (const Diagnostic &diagnostic : diag.all()) {
    CHECK((diagnostic.severity == Severity::Error) == (diagnostic.id == "duplicate-symbol"));
    parsed.problems += toString(diagnostic.where) + ": " + diagnostic.text + " [" +
                       std::string(diagnostic.id) + "]\n";
  }
  return parsed;
}

Externs good(std::string_view text) {
  const Parsed parsed = parse(text);
  CHECK(parsed.problems == "");
  return parsed.externs;
}

constexpr std::string_view skipped = "statement not understood and skipped: ";
std::string skip(unsigned line, std::string_view statement) {
  return "rom.ld:" + std::to_string(line) + ": " + std::string(skipped) + std::string(statement) +
         " [externs-syntax]\n";
}

} // namespace

TEST_CASE("externs are names and addresses", "[elf]") {
  CHECK(good("") == Externs{});
  CHECK(good(" \n\t; ;;\r\n") == Externs{});
  CHECK(good("memcpy = 0x40000010;") == Externs{{"memcpy", 0x40000010}});
  CHECK(good("a=0X1F;b = 31 ;\n c\n=\n7;") == Externs{{"a", 31}, {"b", 31}, {"c", 7}});
  CHECK(good("PROVIDE ( a = 0x10 );PROVIDE(b=16);PROVIDE_HIDDEN(c = 0x10);") ==
        Externs{{"a", 16}, {"b", 16}, {"c", 16}});
  CHECK(good("_x.y$1 = 0xffffffffffffffff;") == Externs{{"_x.y$1", ~uint64_t(0)}});
  // The last one may lack its semicolon.
  CHECK(good("a = 1") == Externs{{"a", 1}});
}

TEST_CASE("externs may be named after others", "[elf]") {
  CHECK(good("a = 0x10; PROVIDE(b = a); c = b;") == Externs{{"a", 16}, {"b", 16}, {"c", 16}});
  CHECK(parse("b = a; a = 1;").problems == skip(1, "b = a"));
}

TEST_CASE("externs may have comments", "[elf]") {
  CHECK(good("/* a = 1; */ b = 2; // c = 3;\nd = /* ; */ 4;") == Externs{{"b", 2}, {"d", 4}});
  CHECK(good("a = 1; /* never closed; b = 2;") == Externs{{"a", 1}});
  CHECK(good("/**/a = 1;/***/b = 2;/*/ c = 3; /*/") == Externs{{"a", 1}, {"b", 2}});
  CHECK(good("//") == Externs{});
  CHECK(parse("a = 1; /").problems == skip(1, "/"));
}

TEST_CASE("what is no symbol is skipped with a warning", "[elf]") {
  for (const std::string statement :
       {"ENTRY(start)", "a = b", "a = 0x", "a = 12z", "a = -1", "a = 0x10000000000000000",
        "a = 1 + 2", "= 5", "1a = 5", "a b = 5", "a-b = 5", "a =", "a", "PROVIDE", "PROVIDE)",
        "PROVIDE()", "PROVIDE(a)", "PROVIDE(a = )", "\x01\x80"}) {
    INFO(statement);
    const Parsed parsed = parse("x = 1;\n\n " + statement + ";\ny = 2;");
    CHECK(parsed.externs == Externs{{"x", 1}, {"y", 2}});
    CHECK(parsed.problems == skip(3, statement));
  }
  CHECK(parse("\n/* 1\n2 */ one\nmore lines\n; a = 1;\n two;").problems ==
        skip(3, "one") + skip(6, "two"));
}

TEST_CASE("a name has one address", "[elf]") {
  CHECK(good("a = 1; a = 1;") == Externs{{"a", 1}});
  const Parsed parsed = parse("a = 1;\nb = 2;\na = 3;");
  CHECK(parsed.problems ==
        "rom.ld:3: symbol a has two addresses, 0x1 and 0x3 [duplicate-symbol]\n");
  CHECK(parsed.externs.at("a") == 1);

  Externs both{{"a", 1}};
  Diag diag;
  elf::readExterns("second.ld", "a = 2;", both, diag);
  CHECK(diag.errorCount() == 1);
}

TEST_CASE("many bad statements take no long time", "[elf]") {
  std::string text;
  for (int i = 0; i < 50000; ++i)
    text += "?;\n";
  const std::clock_t start = std::clock();
  CHECK(parse(text).problems.ends_with(skip(50000, "?")));
  CHECK(std::clock() - start < 2 * CLOCKS_PER_SEC);
}
