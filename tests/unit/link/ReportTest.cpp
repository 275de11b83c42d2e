// SPDX-License-Identifier: MIT
#include "link/Report.h"

#include "Build.h"

namespace linktest {

namespace {

Report reportOf(Case &link) {
  return makeReport(Contents(link.layout()), link.layout(), link.linked());
}

/// Code, a constant, a variable, zeros, a GOT slot and a stub.
void fill(Case &link) {
  ObjectBuilder &a = link.object("a.o");
  const uint32_t text = a.code(".text", Bytes(64), 16), table = a.rodata(".rodata", Bytes(24), 8);
  a.define("alias", text, 8, {STB_LOCAL, STT_FUNC, 40});
  a.define("mpy_init", text, 8, {STB_GLOBAL, STT_FUNC, 40});
  a.define("inner", text, 12, {STB_GLOBAL, STT_FUNC, 36});
  a.define("after", text, 48, {STB_GLOBAL, STT_FUNC, 16});
  a.reloc(text, 0, R_X86_64_PC32, a.sectionSymbol(table), -4);
  a.reloc(text, 4, R_X86_64_PLT32, a.undefined("memset"), -4);
  const uint32_t data = a.data(".data", Bytes(20), 8), bss = a.bss(".bss", 5, 4);
  a.reloc(text, 16, R_X86_64_GOTPCREL, a.define("variable", data, 0, {STB_GLOBAL, STT_OBJECT, 20}),
          -4);
  a.reloc(text, 20, R_X86_64_GOTPCREL, a.define("zero", bss, 0, {STB_GLOBAL, STT_OBJECT, 5}), -4);
}

} // namespace

TEST_CASE("the report of a small link", "[link][report]") {
  Case link;
  fill(link);
  const Report report = reportOf(link);
  CHECK(toText(report) == R"(m.c: x64, 192 bytes

bytes                text   rodata      bss
code                   64
constants              24
variables                       20
zero variables                            5
GOT                    16
stubs                  18
padding                14                 3
all                   136       20        8

GOT slots 2, qstrs 3, words relocated at load time 3 (5 bytes in the file)
RAM 4224: heap 128 (code 0, variables 32, tables 32, records 64), executable memory 4096

largest symbols
      40 text   mpy_init, in a.o
      24 text   a.o:(.rodata)
      20 rodata variable, in a.o
      16 text   after, in a.o
      16 text   <stub of mp_fun_table.memset_>
      16 text   <GOT>
       5 bss    zero, in a.o
       2 text   <entry jump>
)");
  CHECK(toJson(report) == R"json({
  "module": "m.c",
  "arch": "x64",
  "file": 192,
  "text": {
    "all": 136,
    "code": 64,
    "constants": 24,
    "variables": 0,
    "zero_variables": 0,
    "got": 16,
    "stubs": 18,
    "padding": 14
  },
  "rodata": {
    "all": 20,
    "code": 0,
    "constants": 0,
    "variables": 20,
    "zero_variables": 0,
    "got": 0,
    "stubs": 0,
    "padding": 0
  },
  "bss": {
    "all": 8,
    "code": 0,
    "constants": 0,
    "variables": 0,
    "zero_variables": 5,
    "got": 0,
    "stubs": 0,
    "padding": 3
  },
  "got_slots": 2,
  "qstrs": 3,
  "relocated_words": 3,
  "relocation_bytes": 5,
  "ram": {
    "all": 4224,
    "heap": 128,
    "heap_code": 0,
    "heap_variables": 32,
    "heap_tables": 32,
    "heap_records": 64,
    "executable": 4096,
    "heap_during_import": 0
  },
  "largest": [
    {
      "name": "mpy_init",
      "object": "a.o",
      "segment": "text",
      "size": 40
    },
    {
      "name": "a.o:(.rodata)",
      "object": "a.o",
      "segment": "text",
      "size": 24
    },
    {
      "name": "variable",
      "object": "a.o",
      "segment": "rodata",
      "size": 20
    },
    {
      "name": "after",
      "object": "a.o",
      "segment": "text",
      "size": 16
    },
    {
      "name": "<stub of mp_fun_table.memset_>",
      "object": "",
      "segment": "text",
      "size": 16
    },
    {
      "name": "<GOT>",
      "object": "",
      "segment": "text",
      "size": 16
    },
    {
      "name": "zero",
      "object": "a.o",
      "segment": "bss",
      "size": 5
    },
    {
      "name": "<entry jump>",
      "object": "",
      "segment": "text",
      "size": 2
    }
  ]
}
)json");
}

TEST_CASE("only the ten largest symbols are shown", "[link][report]") {
  Case link("armv7m");
  link.options.gcSections = false;
  ObjectBuilder &a = link.object("a.o");
  a.define("mpy_init", a.code(".text", Bytes(4), 4), 1, {STB_GLOBAL, STT_FUNC, 4});
  const uint32_t data = a.data(".data", Bytes(100), 4);
  for (uint32_t i = 0; i < 12; ++i)
    a.define("v" + std::to_string(i), data, i * 8, {STB_GLOBAL, STT_OBJECT, i % 8 + 1});
  const Report report = reportOf(link);
  CHECK(report.contributions.size() == 14); // With the GOT slot that keeps the block alive.
  const std::string text = toText(report);
  CHECK(text.find("       8 rodata v7, in a.o\n       7 rodata v6, in a.o\n") != std::string::npos);
  CHECK(std::ranges::count(text.substr(text.find("largest")), '\n') == 11);
}

TEST_CASE("memory by architecture", "[link][report]") {
  const auto [arch, code, executable, passing] =
      GENERATE(table<const char *, uint64_t, uint64_t, uint64_t>(
          {{"armv7m", 32, 0, 0}, {"xtensawin", 0, 20, 32}, {"x86", 0, 4096, 0}}));
  Case link(arch);
  link.object().entry(Bytes(20), 4);
  const mpy::LoadCost cost = reportOf(link).memory;
  CAPTURE(arch);
  CHECK(cost.code == code);
  CHECK(cost.executable == executable);
  CHECK(cost.passing == passing);
  CHECK(cost.tables == 16);
  CHECK(cost.heap() == cost.code + cost.data + cost.tables + cost.records);
  CHECK(cost.total() == cost.heap() + cost.executable);
}

TEST_CASE("budgets", "[link][report]") {
  Case link;
  fill(link);
  const Report report = reportOf(link);
  Options options;
  Diag diag;
  options.maxText = 136;
  options.maxRam = 4224;
  checkBudgets(report, options, diag);
  CHECK(messages(diag) == "");
  options.maxText = 135;
  options.maxRam = 0;
  checkBudgets(report, options, diag);
  CHECK(
      messages(diag) ==
      R"(mpylink: error: the module's text has 136 bytes, 1 more than -max-text 135 allows [over-budget]
>>> largest: 40 bytes: mpy_init, in a.o
>>> largest: 24 bytes: a.o:(.rodata)
>>> largest: 16 bytes: after, in a.o
>>> largest: 16 bytes: <stub of mp_fun_table.memset_>
>>> largest: 16 bytes: <GOT>
>>> hint: -report shows all sizes, -why-live SYMBOL what needs a symbol
mpylink: error: the module takes 4224 bytes of RAM (heap 128, executable memory 4096), 4224 more than -max-ram 0 allows [over-budget]
>>> largest: 40 bytes: mpy_init, in a.o
>>> largest: 24 bytes: a.o:(.rodata)
>>> largest: 20 bytes: variable, in a.o
>>> largest: 16 bytes: after, in a.o
>>> largest: 16 bytes: <stub of mp_fun_table.memset_>
>>> hint: -report shows all sizes, -why-live SYMBOL what needs a symbol
)");
}

} // namespace linktest
