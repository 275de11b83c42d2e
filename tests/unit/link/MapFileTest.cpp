// SPDX-License-Identifier: MIT
#include "link/MapFile.h"

#include "Build.h"

namespace linktest {

TEST_CASE("the map of a small link", "[link][map]") {
  using namespace std::string_literals;
  Case link;
  ObjectBuilder &a = link.object("a.o");
  const uint32_t text = a.code(".text", Bytes(64), 16), strings = a.strings("one\0two\0"s, 1, 1);
  const uint32_t data = a.data(".data.table", Bytes(24), 8), bss = a.bss(".bss.count", 5, 4);
  a.define("_ZN1n4helpEi", text, 48, {STB_LOCAL, STT_FUNC, 16});
  a.define("mpy_init", text, 8, {STB_GLOBAL, STT_FUNC, 40});
  a.define(".LC1", strings, 4, local);
  a.define("$t", text, 8, local);
  const uint32_t table = a.define("table", data, 0, {STB_GLOBAL, STT_OBJECT, 24});
  const uint32_t count = a.define("count", bss, 0, {STB_GLOBAL, STT_OBJECT, 5});
  a.reloc(text, 0, R_X86_64_PC32, a.sectionSymbol(strings), 4);
  a.reloc(text, 4, R_X86_64_PLT32, a.undefined("memset"));
  a.reloc(text, 8, R_X86_64_GOTPCREL, table, -4);
  a.reloc(text, 12, R_X86_64_GOTPCREL, count, -4);
  a.reloc(text, 16, R_X86_64_GOTPCREL, a.undefined("mp_type_str"), -4);
  a.reloc(text, 20, R_X86_64_GOTPCREL, a.undefined("mp_native_qstr_table"), -4);
  a.reloc(text, 24, R_X86_64_GOTPCREL, a.undefined("nothing", weak), -4);
  a.reloc(text, 28, R_X86_64_GOTPCREL, a.undefined("_GLOBAL_OFFSET_TABLE_"), -4);
  a.reloc(text, 32, R_X86_64_PC32, a.undefined("near"), -4);
  a.reloc(data, 8, R_X86_64_64, a.undefined("common"));
  ObjectBuilder &b = link.object("lib.a(b.o)");
  b.define("near", b.data(".data.near", Bytes(2)));
  b.common("common", 8, 4);
  b.code(".text.unused", Bytes(16));
  b.rodata(".eh_frame", Bytes(24));
  b.section(".debug_line", 0, Bytes(7));
  CHECK(writeMap(link.layout(), link.image()) ==
        R"(addresses and sizes in tables are hexadecimal

text: 152 bytes
 address     size align section
       0        2     1 <entry jump>
      10       40    16 a.o:(.text)
      18       28           mpy_init
      40       10           n::help(int)
      50        2     1 lib.a(b.o):(.data.near) (variable beside the code)
      50        0           near
      52        4     1 a.o:(.rodata.str+0x4)
      58       10     8 <stub of mp_fun_table.memset_>
      68       30     8 <GOT>
      68        8           qstr table
      70        8           mp_fun_table.type_str
      78        8           GOT
      80        8           rodata+0x0
      88        8           bss+0x0
      90        8           0x0

rodata: 24 bytes
 address     size align section
       0       18     8 a.o:(.data.table)
       0       18           table

bss: 16 bytes
 address     size align section
       0        5     4 a.o:(.bss.count)
       0        5           count
       8        8     4 common symbols:(common)
       8        8           common

words relocated at load time: 7
      60 text mp_fun_table.memset_
      68 text qstr table
      70 text mp_fun_table.type_str
      78 text text
      80 text rodata
      88 text bss
       8 rodata bss

discarded sections, which nothing needs:
      10 lib.a(b.o):(.text.unused)
      18 lib.a(b.o):(.eh_frame)
)");
}

TEST_CASE("the map shows blocks that are empty", "[link][map]") {
  Case link("armv7m");
  link.options.gcSections = false;
  ObjectBuilder &a = link.object("a.o");
  a.define("empty", a.rodata(".rodata", {}));
  const uint32_t entry = a.code(".text.mpy_init", Bytes(4));
  a.define("mpy_init", entry, 1, {STB_GLOBAL, STT_FUNC, 4});
  a.define("end", entry, 4);
  CHECK(writeMap(link.layout(), link.image()) ==
        R"(addresses and sizes in tables are hexadecimal

text: 4 bytes
 address     size align section
       0        4     1 a.o:(.text.mpy_init)
       0        4           mpy_init
       4        0     1 a.o:(.rodata)
       4        0           empty

rodata: 0 bytes

bss: 0 bytes

words relocated at load time: 0

discarded sections, which nothing needs:
)");
}

} // namespace linktest
