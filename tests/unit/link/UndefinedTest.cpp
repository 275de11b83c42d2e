// SPDX-License-Identifier: MIT
// The message of an undefined symbol: its places, and the hint that fits its name.
#include "Build.h"

namespace linktest {

namespace {

std::string hintFor(const std::string &name) {
  Case link;
  ObjectBuilder &a = link.object("a.o");
  a.reloc(a.entry(), 0, R_X86_64_PLT32, a.undefined(name));
  a.define("hidden", 1, 0, local);
  a.define("_ZN1n5shapeEi", 1, 4);
  a.define("_Z4areaii", 1, 4);
  a.define("volume", 1, 4);
  a.undefined("area");
  a.absolute("file", 0, {STB_LOCAL, STT_FILE});
  link.plan();
  REQUIRE(ids(link.diag) == std::vector<std::string>{"undefined-symbol"});
  REQUIRE(link.diag.all()[0].notes.size() == 1);
  CHECK(link.diag.all()[0].notes[0].label == "hint");
  return link.diag.all()[0].notes[0].text;
}

} // namespace

TEST_CASE("the hint of an undefined symbol", "[link][undefined]") {
  CHECK(hintFor("hidden") == "it is defined in a.o, but static there");
  CHECK(hintFor("area") == "did you mean to declare it extern \"C\"? a.o defines area(int, int)");
  CHECK(hintFor("_Z6volumed") == "did you mean to declare it extern \"C\"? a.o defines volume");
  CHECK(hintFor("shape") == "link the object or archive that defines it"); // n::shape is another.
  CHECK(hintFor("MP_QSTR_x") ==
        "the qstr is not in the header made by mpylink -preprocess: list the source file there");
  CHECK(hintFor("sqrt").starts_with("it is usually in libm"));
  CHECK(hintFor("isdigit").starts_with("templates/mpylink.mk brings one"));
  for (const char *own : {"toggle_led", "is_ready", "strange_thing", "memory_map", "isolate"})
    CHECK(hintFor(own) == "link the object or archive that defines it");
  CHECK(hintFor("__aeabi_uidiv").starts_with("it is usually in libgcc"));
  CHECK(hintFor("__cxa_throw").starts_with("compile with -fno-exceptions and raise Python"));
  for (const char *runTimeType : {"__dynamic_cast", "_ZTIi"})
    CHECK(hintFor(runTimeType).starts_with("it is usually in libsupc++"));
  for (const char *cxx : {"_ZSt17__throw_bad_allocv", "_ZNSt6thread4joinEv", "__cxa_guard_acquire"})
    CHECK(hintFor(cxx).starts_with("templates/mpylink.mk brings it to modules with C++ sources"));
  CHECK(hintFor("mp_type_strr") == "did you mean mp_type_str?");
  CHECK(hintFor("mp_funtable") == "did you mean mp_fun_table?");
  CHECK(hintFor("mp_something_else_entirely") ==
        "the firmware does not offer this function to modules: docs/abi.md lists what it does");
  CHECK(hintFor("file") == "link the object or archive that defines it");
  CHECK(hintFor("unheard_of") == "link the object or archive that defines it");
}

TEST_CASE("one message a symbol, with its first places", "[link][undefined]") {
  Case link;
  link.options.gcSections = false;
  ObjectBuilder &a = link.object("a.o");
  const uint32_t entry = a.entry(Bytes(64));
  const uint32_t f = a.undefined("unheard_of(int)"), g = a.undefined("_ZN1n1gEv");
  a.reloc(entry, 4, R_X86_64_PLT32, f);
  a.define("run", entry, 8, {STB_LOCAL, STT_FUNC, 8});
  a.reloc(entry, 8, R_X86_64_64, g);
  a.reloc(entry, 16, R_X86_64_64, f);
  ObjectBuilder &b = link.object("b.o");
  const uint32_t text = b.code(".text.user", Bytes(64));
  b.define("user", text, 0, {STB_GLOBAL, STT_FUNC, 16});
  const uint32_t again = b.undefined("unheard_of(int)");
  b.reloc(text, 8, R_X86_64_PLT32, again);
  b.reloc(text, 24, R_X86_64_PLT32, again);
  b.reloc(text, 32, R_X86_64_PLT32, again);
  link.plan();
  CHECK(messages(link.diag) ==
        "mpylink: error: a.o:(.text.mpy_init+0x4): undefined symbol: unheard_of(int) "
        "[undefined-symbol]\n"
        ">>> referenced by: a.o:(.text.mpy_init+0x10)\n"
        ">>> referenced by: user\n"
        ">>> referenced by: b.o:(.text.user+0x18)\n"
        ">>> referenced by: 1 more place\n"
        ">>> hint: link the object or archive that defines it\n"
        "mpylink: error: a.o:(.text.mpy_init+0x8): undefined symbol: n::g() [undefined-symbol]\n"
        ">>> referenced by: run\n"
        ">>> hint: link the object or archive that defines it\n");
}

TEST_CASE("places beyond the third are counted once each", "[link][undefined]") {
  const unsigned users = GENERATE(3u, 4u, 5u);
  Case link;
  link.options.gcSections = false;
  ObjectBuilder &a = link.object("a.o");
  a.entry();
  const uint32_t missing = a.undefined("unheard_of");
  std::string places;
  for (unsigned i = 0; i < users; ++i) {
    const std::string name = "user" + std::to_string(i);
    const uint32_t text = a.code(".text." + name, Bytes(32));
    a.define(name, text, 0, {STB_GLOBAL, STT_FUNC, 32});
    for (unsigned offset = 0; offset < 32; offset += 8)
      a.reloc(text, offset, R_X86_64_PLT32, missing);
    if (i < 3)
      places += ">>> referenced by: " + name + "\n";
  }
  if (users == 4)
    places += ">>> referenced by: 1 more place\n";
  if (users == 5)
    places += ">>> referenced by: 2 more places\n";
  link.plan();
  CHECK(messages(link.diag) ==
        "mpylink: error: a.o:(.text.user0+0x0): undefined symbol: unheard_of [undefined-symbol]\n" +
            places + ">>> hint: link the object or archive that defines it\n");
}

TEST_CASE("dead code may lack anything", "[link][undefined]") {
  Case link;
  ObjectBuilder &a = link.object("a.o");
  a.entry();
  a.reloc(a.code(".text.dead", Bytes(8)), 0, R_X86_64_PLT32, a.undefined("nothing"));
  link.plan();
  CHECK(messages(link.diag) == "");
}

} // namespace linktest
