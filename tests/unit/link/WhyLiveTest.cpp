// SPDX-License-Identifier: MIT
// What a link tells of its symbols and sections: chains of references, definitions and references,
// what is left out.
#include "link/WhyLive.h"

#include "link/Discarded.h"
#include "link/TraceSymbols.h"

#include "Build.h"

namespace linktest {

TEST_CASE("the shortest chain of references", "[link][why]") {
  Case link;
  ObjectBuilder &a = link.object("a.o"), &b = link.object("b.o");
  const uint32_t entry = a.code(".text.mpy_init", Bytes(32));
  a.define("mpy_init", entry, 0, {STB_GLOBAL, STT_FUNC, 32});
  const uint32_t step = a.code(".text.step", Bytes(16)), far = b.code(".text.far", Bytes(16));
  const uint32_t stepSymbol = a.define("_ZN1n4stepEi", step, 0, {STB_LOCAL, STT_FUNC, 16});
  b.define("far", far, 4, {STB_GLOBAL, STT_FUNC, 12});
  a.reloc(entry, 4, R_X86_64_PLT32, stepSymbol, -4);
  a.reloc(step, 8, R_X86_64_PC32, a.undefined("far"), -4);
  const uint32_t table = b.rodata(".rodata", Bytes(8));
  b.define("table", table, 0, {STB_LOCAL, STT_OBJECT, 8});
  b.reloc(far, 8, R_X86_64_PC32, b.sectionSymbol(table), -4);
  b.reloc(table, 0, R_X86_64_64, b.define("self", table));
  CHECK(whyLive(link.live(), {"mpy_init"}) ==
        "mpy_init (a.o:(.text.mpy_init+0x0)) is in the module:\n"
        ">>> mpy_init is the entry function\n");
  CHECK(whyLive(link.live(), {"table", "n::step(int)"}) ==
        "table (b.o:(.rodata+0x0)) is in the module:\n"
        ">>> mpy_init is the entry function\n"
        ">>> a.o:(.text.mpy_init+0x4), mpy_init: refers to n::step(int)\n"
        ">>> a.o:(.text.step+0x8), n::step(int): refers to far\n"
        ">>> b.o:(.text.far+0x8), far: refers to b.o:(.rodata)\n"
        "n::step(int) (a.o:(.text.step+0x0)) is in the module:\n"
        ">>> mpy_init is the entry function\n"
        ">>> a.o:(.text.mpy_init+0x4), mpy_init: refers to n::step(int)\n");
  CHECK(whyLive(link.live(), {}) == "");
}

TEST_CASE("roots of chains", "[link][why]") {
  Case link;
  ObjectBuilder &a = link.object("a.o");
  a.entry();
  const uint32_t run = a.code(".text.run", Bytes(4)), kept = a.code(".text.kept", Bytes(4));
  const uint32_t mate = a.code(".text.mate", Bytes(4));
  const uint32_t list = a.section(".init_array", dataFlags, Bytes(8), 8, 0, SHT_INIT_ARRAY);
  a.reloc(list, 0, R_X86_64_64, a.define("run", run));
  a.object.sections[kept].flags |= SHF_GNU_RETAIN;
  a.define("kept", kept);
  a.define("mate", mate);
  a.group("g", {run, mate}, false);
  CHECK(whyLive(link.live(), {"run", "kept", "mate"}) ==
        "run (a.o:(.text.run+0x0)) is in the module:\n"
        ">>> a.o:(.init_array) lists constructors, which run at the import\n"
        ">>> a.o:(.init_array+0x0): refers to run\n"
        "kept (a.o:(.text.kept+0x0)) is in the module:\n"
        ">>> a.o:(.text.kept) is marked to be kept (SHF_GNU_RETAIN)\n"
        "mate (a.o:(.text.mate+0x0)) is in the module:\n"
        ">>> a.o:(.init_array) lists constructors, which run at the import\n"
        ">>> a.o:(.init_array+0x0): refers to run\n"
        ">>> a.o:(.text.run) is in one group with a.o:(.text.mate)\n");
  Case all;
  all.options.gcSections = false;
  ObjectBuilder &b = all.object("b.o");
  b.entry();
  b.define("unused", b.code(".text.unused", Bytes(4)));
  CHECK(whyLive(all.live(), {"unused"}) == "unused (b.o:(.text.unused+0x0)) is in the module:\n"
                                           ">>> b.o:(.text.unused) is kept by -no-gc-sections\n");
}

TEST_CASE("what is not in the module, and why", "[link][why]") {
  Case link;
  ObjectBuilder &a = link.object("a.o"), &b = link.object("b.o");
  const uint32_t entry = a.entry();
  const uint32_t one = a.code(".text.one", Bytes(4)), two = a.code(".text.two", Bytes(4));
  const uint32_t symbol = a.define("one", one);
  a.reloc(two, 0, R_X86_64_PC32, symbol);
  a.define("two", two, 0, {STB_GLOBAL, STT_FUNC, 4});
  a.reloc(entry, 0, R_X86_64_PLT32, a.undefined("memset"), -4);
  for (ObjectBuilder *object : {&a, &b}) {
    const uint32_t copy = object->code(".text.inline", Bytes(8));
    object->define("_Z1fv", copy, 0, {STB_WEAK, STT_FUNC, 8});
    object->group("_Z1fv", {copy});
  }
  a.reloc(entry, 8, R_X86_64_PLT32, a.undefined("_Z1fv"), -4);
  b.section(".note.x", SHF_ALLOC, Bytes(4), 4, 0, SHT_NOTE);
  b.rodata(".eh_frame", Bytes(8));
  b.section(".fini_array", dataFlags, Bytes(8), 8, 0, SHT_FINI_ARRAY);
  b.rodata(".rodata.empty", {});
  CHECK(whyLive(link.live(), {"one", "two", "memset", "memste", "unlike anything"}) ==
        "one (a.o:(.text.one+0x0)) is not in the module: only two refers to it, which is left out "
        "as well\n"
        "two (a.o:(.text.two+0x0)) is not in the module: nothing refers to it\n"
        "memset is not in the module: no object defines it in a section\n"
        "no input has memste, did you mean memset?\n"
        "no input has unlike anything\n");
  std::string text;
  for (const Discarded &entry : discarded(link.live(), SymbolIndex(link.resolved())))
    text += std::string(link.resolved().section(entry.section).name) + ": " + entry.why + "\n";
  CHECK(text == ".text.one: only two refers to it, which is left out as well\n"
                ".text.two: nothing refers to it\n"
                ".text.inline: the copy of f() in a.o is used\n"
                ".note.x: a note, which nothing in a module reads\n"
                ".eh_frame: an unwind table, which nothing in a module reads\n"
                ".fini_array: destructors, and a module is never unloaded\n");
  CHECK(gcListing(link.live()) == "removing unused section a.o:(.text.one)\n"
                                  "removing unused section a.o:(.text.two)\n");
}

TEST_CASE("who defines a symbol and who refers to it", "[link][trace]") {
  Case link;
  ObjectBuilder &a = link.object("a.o"), &b = link.object("b.o");
  const uint32_t entry = a.entry();
  a.define("s", entry, 0, local);
  b.define("_Z1fv", b.code(".text", Bytes(4)), 0, weak);
  for (const char *name :
       {"_Z1fv", "memset", "mp_fun_table", "fixed", "_GLOBAL_OFFSET_TABLE_", "nowhere"})
    a.undefined(name);
  a.undefined("maybe", weak);
  a.common("c", 4, 4);
  b.absolute("s", 1);
  link.inputs.externs["fixed"] = 0x1234;
  CHECK(traceSymbols(link.resolved(), {"f()", "memset", "mp_fun_table", "fixed", "maybe"}) ==
        "a.o: reference to f()\n"
        "b.o: weak definition of f()\n"
        "a.o: reference to memset\n"
        "the firmware, mp_fun_table.memset_: definition of memset\n"
        "a.o: reference to mp_fun_table\n"
        "the firmware: definition of mp_fun_table\n"
        "a.o: reference to fixed\n"
        "an option or a symbol file, 0x1234: definition of fixed\n"
        "a.o: weak reference to maybe\n"
        "nothing defines maybe\n");
  CHECK(traceSymbols(link.resolved(), {"_GLOBAL_OFFSET_TABLE_", "nowhere", "c", "s", "gone"}) ==
        "a.o: reference to _GLOBAL_OFFSET_TABLE_\n"
        "the linker: definition of _GLOBAL_OFFSET_TABLE_\n"
        "a.o: reference to nowhere\n"
        "nothing defines nowhere\n"
        "a.o: common definition of c\n"
        "common symbols: definition of c\n"
        "a.o: local definition of s\n"
        "b.o: definition of s\n"
        "no input has gone\n");
  CHECK(traceSymbols(link.resolved(), {}) == "");
}

} // namespace linktest
