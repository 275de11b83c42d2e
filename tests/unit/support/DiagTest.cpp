// SPDX-License-Identifier: MIT
// How diagnostics are collected and what they look like.
#include "support/Diag.h"

#include <catch2/catch.hpp>

#include <ctime>

using namespace mpylink;

TEST_CASE("locations show what is known", "[support]") {
  CHECK(toString(Location{}) == "");
  CHECK(toString({"a.o", {}, {}}) == "a.o");
  CHECK(toString({"a.o", ".text", {}}) == "a.o:(.text)");
  CHECK(toString({"a.o", ".text", 0}) == "a.o:(.text+0x0)");
  CHECK(toString({"lib.a(b.o)", ".text.f", 0x1c}) == "lib.a(b.o):(.text.f+0x1c)");
  CHECK(toString({"a.mpy", {}, 255}) == "a.mpy+0xff");
}

TEST_CASE("numbers are hexadecimal in lower case", "[support]") {
  CHECK(hex(0) == "0x0");
  CHECK(hex(0xABCDEF) == "0xabcdef");
  CHECK(hex(~uint64_t(0)) == "0xffffffffffffffff");
}

TEST_CASE("diagnostics are one line and a line for each note", "[support]") {
  CHECK(render("mpylink", {Severity::Error, "no-entry", {}, "no entry", {}}) ==
        "mpylink: error: no entry [no-entry]\n");
  CHECK(render("mpylink", {Severity::Warning,
                           "alignment",
                           {"a.o", ".data", 4},
                           "too much",
                           {{"referenced by", "a.c:3"}, {"hint", "use less"}}}) ==
        "mpylink: warning: a.o:(.data+0x4): too much [alignment]\n"
        ">>> referenced by: a.c:3\n"
        ">>> hint: use less\n");
}

TEST_CASE("the sink keeps all in order and counts errors", "[support]") {
  Diag diag;
  CHECK_FALSE(diag.hasErrors());
  diag.warning("alignment", {}, "first");
  CHECK_FALSE(diag.hasErrors());
  diag.error("no-entry", {"a.o", {}, {}}, "second", "define it");
  diag.error("no-entry", {}, "third");
  CHECK(diag.hasErrors());
  CHECK(diag.errorCount() == 2);
  REQUIRE(diag.all().size() == 3);
  CHECK(diag.all()[0].text == "first");
  CHECK(diag.all()[1].where.file == "a.o");
  REQUIRE(diag.all()[1].notes.size() == 1);
  CHECK(diag.all()[1].notes[0].label == "hint");
  CHECK(diag.all()[1].notes[0].text == "define it");
  CHECK(diag.all()[2].notes.empty());
}

TEST_CASE("warnings can be made errors, before and after", "[support]") {
  Diag diag;
  diag.warning("alignment", {}, "before");
  diag.error("no-entry", {}, "error");
  diag.makeWarningsFatal();
  CHECK(diag.errorCount() == 2);
  diag.warning("alignment", {}, "after");
  CHECK(diag.errorCount() == 3);
  for (const Diagnostic &diagnostic : diag.all())
    CHECK(diagnostic.severity == Severity::Error);
}

TEST_CASE("nearest() finds misspellings only", "[support]") {
  const std::vector<std::string_view> names = {"mp_obj_get_int", "mp_obj_get_float",
                                               "mp_obj_new_int", "memcpy", "nlr_raise"};
  CHECK(nearest("mp_obj_get_int", names) == "mp_obj_get_int");
  CHECK(nearest("mp_obj_getint", names) == "mp_obj_get_int");
  CHECK(nearest("mp_obj_get_imt", names) == "mp_obj_get_int");
  CHECK(nearest("mp_obj_get_flaot", names) == "mp_obj_get_float");
  CHECK(nearest("memcyp", names) == "memcpy");
  CHECK(nearest("mmcpy", names) == "memcpy");
  CHECK(nearest("nlr_rise", names) == "nlr_raise");
  CHECK(nearest("my_own_function", names) == "");
  CHECK(nearest("memset", names) == "");
  CHECK(nearest("", names) == "");
  CHECK(nearest("memcpy", {}) == "");
  // Of equally near ones the first.
  CHECK(nearest("ac", {"ab", "ad"}) == "ab");
  CHECK(nearest("ac", {"ab", "ac"}) == "ac");
}

TEST_CASE("nearest() of a very long word takes no long time", "[support]") {
  const std::vector<std::string_view> names(200, "mp_obj_get_int");
  const std::clock_t start = std::clock();
  CHECK(nearest(std::string(1000000, 'x'), names) == "");
  CHECK(std::clock() - start < CLOCKS_PER_SEC);
}
