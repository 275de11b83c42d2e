// SPDX-License-Identifier: MIT
// -u, -require-defined, -defsym and -wrap.
#include "Build.h"

namespace linktest {

namespace {

using Kind = Target::Kind;

bool isLive(Case &link, uint32_t object, uint32_t section) {
  return link.live().sections[link.sectionNumber(object, section)];
}

} // namespace

TEST_CASE("option -u and -require-defined keep a symbol and what it needs", "[link][options]") {
  Case link;
  ObjectBuilder &a = link.object("a.o");
  a.entry();
  const uint32_t kept = a.code(".text.kept", Bytes(8)), dead = a.code(".text.dead", Bytes(8));
  const uint32_t needed = a.data(".data.needed", Bytes(8));
  a.reloc(kept, 0, R_X86_64_64, a.define("needed", needed));
  a.define("kept", kept);
  a.define("dead", dead);
  const bool required = GENERATE(false, true);
  (required ? link.options.required : link.options.undefined) = {"kept"};
  CHECK(isLive(link, 0, kept));
  CHECK(isLive(link, 0, needed));
  CHECK_FALSE(isLive(link, 0, dead));
}

TEST_CASE("only -require-defined insists on a definition", "[link][options]") {
  Case link;
  link.object("a.o").entry();
  link.options.undefined = {"gone"};
  link.resolved();
  CHECK(messages(link.diag) == "");
  Case other;
  other.object("a.o").entry();
  other.options.required = {"_Z4gonev", "memcpy"};
  other.resolved();
  CHECK(messages(other.diag) ==
        "mpylink: error: undefined symbol: gone() [undefined-symbol]\n"
        ">>> hint: -require-defined asks for it: define it, or leave the option out\n");
}

TEST_CASE("option -defsym gives names to numbers and symbols", "[link][options]") {
  Case link;
  ObjectBuilder &a = link.object("a.o");
  const uint32_t entry = a.entry(Bytes(64), 8), data = a.data(".data.d", Bytes(64), 8);
  const uint32_t d = a.define("d", data, 8);
  const std::vector<std::pair<Defsym, Target>> rows = {
      {{"number", "", 0x1234}, {Kind::Constant, 0, 0x1234}},
      {{"minus", "", -1}, {Kind::Constant, 0, ~uint64_t(0)}},
      {{"alias", "d", 0}, {Kind::Inside, 2, 8}},
      {{"after", "d", 16}, {Kind::Inside, 2, 24}},
      {{"chain", "zz", -4}, {Kind::Inside, 2, 4}},
      {{"zz", "alias", 0}, {Kind::Inside, 2, 8}},
      {{"table", "mp_fun_table", 0}, {Kind::Table, 0, 0}},
      {{"number2", "number", 1}, {Kind::Constant, 0, 0x1235}},
  };
  std::vector<uint32_t> symbols;
  for (const auto &[defsym, target] : rows) {
    link.options.defsyms.push_back(defsym);
    symbols.push_back(a.undefined(defsym.name));
  }
  a.reloc(entry, 0, R_X86_64_64, symbols[3]);
  REQUIRE(link.target(0, d) == Target{Kind::Inside, 2, 8});
  for (size_t i = 0; i < rows.size(); ++i) {
    CAPTURE(rows[i].first.name);
    CHECK(link.target(0, symbols[i]) == rows[i].second);
  }
  CHECK(isLive(link, 0, data));
  CHECK(messages(link.diag) == "");
}

TEST_CASE("option -defsym wins over definitions", "[link][options]") {
  Case link;
  ObjectBuilder &a = link.object("a.o");
  const uint32_t entry = a.entry();
  const uint32_t start = a.code(".text.start", Bytes(8));
  a.define("start", start);
  const uint32_t f = a.define("f", entry, 4);
  link.options.defsyms = {{"f", "", 5}, {"mpy_init", "start", 0}};
  CHECK(link.target(0, f) == Target{Kind::Constant, 0, 5});
  CHECK(link.resolved().entry.index == link.sectionNumber(0, start));
}

TEST_CASE("option -defsym of what does not exist", "[link][options]") {
  Case link("armv7m");
  ObjectBuilder &a = link.object("a.o");
  a.define("mpy_init", a.code(".text.mpy_init", Bytes(4), 2), 1);
  link.options.defsyms = {{"a", "gone", 0}, {"b", "c", 0},        {"c", "b", 0},
                          {"d", "d", 1},    {"e", "memcpy", 4},   {"f", "memcpy", 0},
                          {"g", "", -1},    {"mpy_init", "h", 0}, {"h", "", 4}};
  link.resolved();
  const auto undefined = [](const std::string &other, const std::string &name) {
    return "mpylink: error: undefined symbol: " + other +
           " [undefined-symbol]\n>>> hint: -defsym " + name +
           " needs it: define it, or correct the option\n";
  };
  CHECK(messages(link.diag) ==
        "mpylink: error: -defsym e: only the start of memcpy can be named, because it is in the "
        "firmware or made by the linker [unsupported-symbol]\n>>> hint: leave the number out\n" +
            undefined("gone", "a") + undefined("c", "b") + undefined("b", "c") +
            undefined("d", "d") +
            "mpylink: error: a.o: mpy_init is not a function [no-entry]\n"
            ">>> hint: the module's entry must be a function in an executable section\n");
}

TEST_CASE("option -wrap puts a function in front of another", "[link][options]") {
  Case link;
  ObjectBuilder &a = link.object("a.o");
  a.entry();
  const uint32_t use = a.undefined("f"), weakUse = a.undefined("g", weak);
  const uint32_t firmware = a.undefined("memcpy");
  ObjectBuilder &b = link.object("b.o");
  const uint32_t text = b.code(".text", Bytes(8));
  const uint32_t wrapper = b.define("__wrap_f", text), number = b.define("__wrap_memcpy", text, 4);
  const uint32_t real = b.undefined("__real_f"), realNumber = b.undefined("__real_memcpy");
  ObjectBuilder &c = link.object("c.o");
  const uint32_t f = c.define("f", c.code(".text", Bytes(8)));
  link.options.wraps = {"f", "g", "memcpy"};
  CHECK(link.target(0, use) == link.target(1, wrapper));
  CHECK(link.target(0, firmware) == link.target(1, number));
  CHECK(link.target(0, weakUse).kind == Kind::Null);
  CHECK(link.target(1, real) == link.target(2, f));
  CHECK(link.target(1, realNumber).kind == Kind::Entry);
  CHECK(messages(link.diag) == "");
}

TEST_CASE("option -wrap needs the wrapper", "[link][options]") {
  Case link;
  ObjectBuilder &a = link.object("a.o");
  const uint32_t entry = a.entry(), f = a.undefined("f");
  a.reloc(entry, 0, R_X86_64_PLT32, f, -4);
  a.reloc(entry, 8, R_X86_64_PLT32, f, -4);
  link.object("b.o").define("f", 0);
  link.options.wraps = {"f"};
  link.plan();
  CHECK(messages(link.diag) == "mpylink: error: undefined symbol: __wrap_f [undefined-symbol]\n"
                               ">>> hint: -wrap needs it: define it, or leave the option out\n");
}

} // namespace linktest
