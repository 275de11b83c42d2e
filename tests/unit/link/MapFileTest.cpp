// SPDX-License-Identifier: MIT
#include "link/MapFile.h"

#include "Files.h"
#include "link/Link.h"

namespace linktest {

static std::string mapOf(Case &link) {
  return writeMap(Contents(link.layout()), link.layout(), link.image());
}

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
  CHECK(mapOf(link) ==
        R"(addresses and sizes in tables are hexadecimal

inputs
    text   rodata      bss file
      44       18        5 a.o
       2        0        0 lib.a(b.o)
       0        0        8 common symbols

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

GOT slots: 6
      68 qstr table: used by mpy_init
      70 mp_fun_table.type_str: used by mpy_init
      78 GOT: used by mpy_init
      80 rodata+0x0 (table): used by mpy_init
      88 bss+0x0 (count): used by mpy_init
      90 0x0: used by mpy_init

stubs: 1
      58 mp_fun_table.memset_: used by a.o:(.text+0x4)

words relocated at load time: 7
 address segment what is there, and the address it gets
      60 text    <stub of mp_fun_table.memset_>+0x8: mp_fun_table.memset_
      68 text    <GOT>: qstr table
      70 text    <GOT>+0x8: mp_fun_table.type_str
      78 text    <GOT>+0x10: text+0x68 (<GOT>)
      80 text    <GOT>+0x18: rodata+0x0 (table)
      88 text    <GOT>+0x20: bss+0x0 (count)
       8 rodata  table+0x8: bss+0x8 (common)

left out
    size section
      10 lib.a(b.o):(.text.unused): nothing refers to it
      18 lib.a(b.o):(.eh_frame): an unwind table, which nothing in a module reads
       4 a.o:(.rodata.str): equal to constants of the module, or nothing refers to it

cross reference: what defines a global symbol, and the other objects that refer to it
_GLOBAL_OFFSET_TABLE_                    GOT
                                         a.o
common                                   common symbols
                                         a.o
count                                    a.o
memset                                   mp_fun_table.memset_
                                         a.o
mp_native_qstr_table                     qstr table
                                         a.o
mp_type_str                              mp_fun_table.type_str
                                         a.o
mpy_init                                 a.o
near                                     lib.a(b.o)
                                         a.o
nothing                                  nothing (weak)
                                         a.o
table                                    a.o
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
  CHECK(mapOf(link) ==
        R"(addresses and sizes in tables are hexadecimal

inputs
    text   rodata      bss file
       4        0        0 a.o

text: 4 bytes
 address     size align section
       0        4     1 a.o:(.text.mpy_init)
       0        4           mpy_init
       4        0     1 a.o:(.rodata)
       4        0           empty

rodata: 0 bytes

bss: 0 bytes

words relocated at load time: 0

cross reference: what defines a global symbol, and the other objects that refer to it
empty                                    a.o
end                                      a.o
mpy_init                                 a.o
)");
}

TEST_CASE("where the inputs of a map come from", "[link][map]") {
  const TemporaryFolder folder;
  Case link;
  ObjectBuilder &a = link.object("a.o"), &b = link.object("b.o");
  a.absolute("a.c", 0, {STB_LOCAL, STT_FILE});
  b.absolute("b.c", 0, {STB_LOCAL, STT_FILE});
  b.absolute("c.c", 0, {STB_LOCAL, STT_FILE});
  const uint32_t entry = a.entry();
  a.reloc(entry, 1, R_X86_64_PLT32, a.undefined("_Z4helpv"), -4);
  a.reloc(entry, 6, R_X86_64_PLT32, a.undefined("_Z4helpv"), -4);
  a.reloc(entry, 11, R_X86_64_GOTPCREL, a.undefined("mp_fun_table"), -4);
  const uint32_t help = b.code(".text._Z4helpv", Bytes(8));
  b.define("_Z4helpv", help, 0, {STB_GLOBAL, STT_FUNC, 8});
  Options options;
  options.arch = "x64";
  options.sourceName = "m.mpy";
  options.map = true;
  options.files = {folder.write("a.o", elfBytes(a.object)),
                   folder.write("b.a", archiveBytes({&b.object}))};
  Diag diag;
  std::string listing;
  const auto linked = mpylink::link::link(options, listing, diag);
  INFO(messages(diag));
  REQUIRE(linked);
  CHECK(listing == "");
  const std::string path = folder.path();
  std::string map = linked->map;
  for (size_t at; (at = map.find(path)) != std::string::npos;)
    map.erase(at, path.size());
  CHECK(map.substr(map.find("inputs"), map.find("text: ") - map.find("inputs")) ==
        R"(inputs
    text   rodata      bss file
      10        0        0 a.o, from a.c
       8        0        0 b.a(b.o), from b.c and c.c, for help(), which a.o refers to

)");
}

TEST_CASE("users of a slot are counted, and one slot has none", "[link][map]") {
  Case link;
  ObjectBuilder &a = link.object();
  const uint32_t entry = a.code(".text", Bytes(32)), data = a.data(".data", Bytes(16), 8);
  a.define("mpy_init", entry, 0, {STB_GLOBAL, STT_FUNC, 16});
  a.define("help", entry, 16, {STB_GLOBAL, STT_FUNC, 12});
  a.define("inner", data, 8, {STB_GLOBAL, STT_OBJECT, 8});
  a.reloc(entry, 0, R_X86_64_GOTPCREL, a.undefined("inner"), -4);
  a.reloc(entry, 4, R_X86_64_GOTPCREL, a.undefined("inner"), -4);
  a.reloc(entry, 20, R_X86_64_GOTPCREL, a.undefined("inner"), -4);
  a.reloc(entry, 28, R_X86_64_GOTPCREL, a.undefined("inner"), -4);
  const std::string map = mapOf(link);
  CHECK(map.substr(map.find("GOT slots"), map.find("words") - map.find("GOT slots")) ==
        R"(GOT slots: 2
      20 rodata+0x0 (a.o:(.data+0x0)): keeps the block alive, as the garbage collector looks for its address
      28 rodata+0x8 (inner): used by mpy_init (2 times), help, a.o:(.text+0x1c)

)");
}

} // namespace linktest
