// SPDX-License-Identifier: MIT
// What a name means: definitions of all kinds against each other, visibility, groups, the ABI.
#include "Build.h"

namespace linktest {

namespace {

/// One object's say about the symbol "f".
enum class Say { Strong, Weak, Common, Absolute, WeakAbsolute, Local, Undefined, WeakUndefined };
/// What "f" is in the end, as seen from the first object.
enum class Is { First, Second, Common, Number, Null, Missing, Duplicate };

/// Adds a function "mpy_init" to the first object and "f" in section 2 to both.
void say(ObjectBuilder &object, Say what) {
  const uint32_t section = object.data(".data.f", Bytes(8));
  switch (what) {
  case Say::Strong:
    object.define("f", section, 4);
    return;
  case Say::Weak:
    object.define("f", section, 4, weak);
    return;
  case Say::Common:
    object.common("f", 8, 4);
    return;
  case Say::Absolute:
    object.absolute("f", 77);
    return;
  case Say::WeakAbsolute:
    object.absolute("f", 77, weak);
    return;
  case Say::Local:
    object.define("f", section, 4, local);
    return;
  case Say::Undefined:
    object.undefined("f");
    return;
  case Say::WeakUndefined:
    object.undefined("f", weak);
    return;
  }
}

} // namespace

TEST_CASE("definitions of one name are chosen by their rank", "[link][resolve]") {
  const auto [first, second, is] = GENERATE(table<Say, Say, Is>({
      {Say::Strong, Say::Strong, Is::Duplicate},
      {Say::Strong, Say::Weak, Is::First},
      {Say::Weak, Say::Strong, Is::Second},
      {Say::Weak, Say::Weak, Is::First},
      {Say::Strong, Say::Common, Is::First},
      {Say::Common, Say::Strong, Is::Second},
      {Say::Common, Say::Weak, Is::Common},
      {Say::Weak, Say::Common, Is::Common},
      {Say::Common, Say::Common, Is::Common},
      {Say::Common, Say::Undefined, Is::Common},
      {Say::Undefined, Say::Common, Is::Common},
      {Say::Strong, Say::Absolute, Is::Duplicate},
      {Say::Absolute, Say::Absolute, Is::Duplicate},
      {Say::Absolute, Say::Weak, Is::Number},
      {Say::Weak, Say::Absolute, Is::Number},
      {Say::Common, Say::Absolute, Is::Number},
      {Say::WeakAbsolute, Say::Strong, Is::Second},
      {Say::Undefined, Say::WeakAbsolute, Is::Number},
      {Say::Strong, Say::Undefined, Is::First},
      {Say::Undefined, Say::Strong, Is::Second},
      {Say::Undefined, Say::Weak, Is::Second},
      {Say::Undefined, Say::Undefined, Is::Missing},
      {Say::Undefined, Say::WeakUndefined, Is::Missing},
      {Say::WeakUndefined, Say::Strong, Is::Second},
      {Say::WeakUndefined, Say::Weak, Is::Second},
      {Say::WeakUndefined, Say::WeakUndefined, Is::Null},
      {Say::WeakUndefined, Say::Undefined, Is::Null},
      {Say::Undefined, Say::Local, Is::Missing},
      {Say::Local, Say::Strong, Is::First},
      {Say::Strong, Say::Local, Is::First},
      {Say::Local, Say::Local, Is::First},
  }));
  CAPTURE(int(first), int(second));
  Case link;
  say(link.object("a.o"), first);
  ObjectBuilder &b = link.object("b.o");
  say(b, second);
  b.entry();

  const Target target = link.target(0, 1);
  switch (is) {
  case Is::First:
    CHECK(target == Target{Kind::Inside, link.sectionNumber(0, 1), 4});
    break;
  case Is::Second:
    CHECK(target == Target{Kind::Inside, link.sectionNumber(1, 1), 4});
    break;
  case Is::Common:
    CHECK(target == Target{Kind::Inside, link.sectionNumber(2, 1), 0});
    CHECK(link.resolved().objects[2]->name == "common symbols");
    break;
  case Is::Number:
    CHECK(target == Target{Kind::Constant, 0, 77});
    break;
  case Is::Null:
    CHECK(target == Target{Kind::Null, 0, 0});
    break;
  case Is::Missing:
    CHECK(target.kind == Kind::Undefined);
    break;
  case Is::Duplicate:
    CHECK(ids(link.diag) == std::vector<std::string>{"duplicate-symbol"});
    return;
  }
  CHECK(messages(link.diag) == "");
  // Both objects see the same, but for local symbols and for how much they need it.
  if (first != Say::Local && second != Say::Local && is != Is::Missing && is != Is::Null)
    CHECK(link.target(1, 1) == target);
  if (second == Say::Local)
    CHECK(link.target(1, 1) == Target{Kind::Inside, link.sectionNumber(1, 1), 4});
}

TEST_CASE("duplicate definitions are told with both places", "[link][resolve]") {
  Case link("armv7m");
  ObjectBuilder &a = link.object("a.o");
  a.entry();
  a.define("_ZN1n1fEi", 1, 3); // The Thumb bit is no part of the place.
  a.absolute("number", 5);
  ObjectBuilder &b = link.object("b.o");
  const uint32_t text = b.code(".text.f", Bytes(8));
  b.define("_ZN1n1fEi", text, 5, {STB_GLOBAL, STT_FUNC, 2});
  b.define("number", text, 0);
  link.resolved();
  CHECK(messages(link.diag) ==
        "mpylink: error: b.o:(.text.f+0x4): duplicate symbol: n::f(int) [duplicate-symbol]\n"
        ">>> defined in: a.o:(.text.mpy_init+0x2)\n"
        ">>> defined in: b.o:(.text.f+0x4), n::f(int)\n"
        ">>> hint: rename one, or make it static, inline or weak\n"
        "mpylink: error: b.o:(.text.f+0x0): duplicate symbol: number [duplicate-symbol]\n"
        ">>> defined in: a.o\n"
        ">>> defined in: b.o:(.text.f+0x0)\n"
        ">>> hint: rename one, or make it static, inline or weak\n");
}

TEST_CASE("common symbols get the largest size and alignment", "[link][resolve]") {
  Case link;
  ObjectBuilder &a = link.object("a.o");
  a.entry();
  const uint32_t small = a.common("buffer", 4, 32);
  const uint32_t second = a.common("other", 3, 0);
  ObjectBuilder &b = link.object("b.o");
  b.common("buffer", 100, 8);
  ObjectBuilder &c = link.object("c.o");
  c.common("buffer", 50, 16);
  const Target buffer = link.target(0, small), other = link.target(0, second);
  REQUIRE(buffer.kind == Kind::Inside);
  const elf::Section &section = link.resolved().section(buffer.index);
  CHECK(section.size == 100);
  CHECK(section.align == 32);
  CHECK(section.type == SHT_NOBITS);
  CHECK(section.flags == dataFlags);
  CHECK(link.target(1, 1) == buffer);
  CHECK(link.target(2, 1) == buffer);
  REQUIRE(other.kind == Kind::Inside);
  CHECK(other.index != buffer.index);
  CHECK(link.resolved().section(other.index).align == 1);
}

TEST_CASE("hidden and protected definitions serve all objects", "[link][resolve]") {
  const uint8_t visibility = GENERATE(as<uint8_t>(), STV_HIDDEN, STV_PROTECTED, STV_INTERNAL);
  Case link;
  ObjectBuilder &a = link.object("a.o");
  a.entry();
  const uint32_t reference = a.undefined("f", {STB_GLOBAL, STT_NOTYPE, 0, visibility});
  ObjectBuilder &b = link.object("b.o");
  b.define("f", b.data(".data", Bytes(8)), 2, {STB_GLOBAL, STT_OBJECT, 4, visibility});
  CHECK(link.target(0, reference) == Target{Kind::Inside, link.sectionNumber(1, 1), 2});
}

TEST_CASE("of equal COMDAT groups the first stays", "[link][resolve]") {
  Case link;
  uint32_t global = 0, inside = 0, onlySecond = 0;
  for (const char *name : {"a.o", "b.o", "c.o"}) {
    ObjectBuilder &object = link.object(name);
    const uint32_t code = object.code(".text.f", Bytes(8)), data = object.data(".data.f", Bytes(8));
    const uint32_t loose = object.data(".data", Bytes(8));
    object.group("f", {code, data});
    global = object.define("f", code); // Strong in all: the dropped ones are not duplicates.
    inside = object.define("inner", data, 4, local);
    object.define("own", loose, 0, local);
    if (object.object.name == "b.o")
      onlySecond = object.define("second", data, 0, weak);
  }
  link.object("d.o").entry();
  const Resolved &resolved = link.resolved();
  REQUIRE(messages(link.diag) == "");
  for (uint32_t object : {0u, 1u, 2u}) {
    CHECK(resolved.dropped[link.sectionNumber(object, 1)] == (object != 0));
    CHECK(resolved.dropped[link.sectionNumber(object, 2)] == (object != 0));
    CHECK(!resolved.dropped[link.sectionNumber(object, 3)]);
    CHECK(link.target(object, global) == Target{Kind::Inside, link.sectionNumber(0, 1), 0});
    CHECK(link.target(object, inside).kind == (object == 0 ? Kind::Inside : Kind::Refused));
    CHECK(link.target(object, inside + 1).kind == Kind::Inside);
  }
  // Its definition went with the group, so nothing is left of the symbol, weak or not.
  CHECK(link.target(1, onlySecond) == refused(Refusal::Replaced));
}

TEST_CASE("groups that are no COMDAT groups all stay", "[link][resolve]") {
  Case link;
  for (const char *name : {"a.o", "b.o"}) {
    ObjectBuilder &object = link.object(name);
    object.group("g", {object.code(".text", Bytes(8))}, /*comdat=*/false);
  }
  link.object("c.o").entry();
  CHECK(!link.resolved().dropped[link.sectionNumber(0, 1)]);
  CHECK(!link.resolved().dropped[link.sectionNumber(1, 1)]);
}

TEST_CASE("symbols of the ABI", "[link][resolve]") {
  const auto [name, kind, index] = GENERATE(table<const char *, Kind, uint32_t>({
      {"mp_fun_table", Kind::Table, 0},
      {"mp_native_qstr_table", Kind::Table, 1},
      {"mp_native_obj_table", Kind::Table, 2},
      {"mp_type_str", Kind::Entry, 74},
      {"mp_obj_get_type", Kind::Entry, 56},
      {"memset", Kind::Entry, 50},
      {"memmove", Kind::Entry, 51},
      {"memcpy", Kind::Entry, 51},
      {"nlr_push", Kind::Entry, 32},
      {"_GLOBAL_OFFSET_TABLE_", Kind::Got, 0},
      {"strlen", Kind::Undefined, 0},
  }));
  CAPTURE(name);
  SECTION("are found when nothing defines them, weak references too") {
    Case link;
    ObjectBuilder &a = link.object();
    a.entry();
    const uint32_t strong = a.undefined(name);
    CHECK(link.target(0, strong) == Target{kind, index, 0});
    Case other;
    ObjectBuilder &b = other.object();
    b.entry();
    const uint32_t weakly = b.undefined(name, weak);
    CHECK(other.target(0, weakly) == (kind == Kind::Undefined ? Target{} : Target{kind, index, 0}));
  }
  SECTION("give way to externs") {
    Case link;
    link.inputs.externs[name] = 0x4000;
    ObjectBuilder &a = link.object();
    a.entry();
    const uint32_t symbol = a.undefined(name, GENERATE(Traits{}, weak));
    CHECK(link.target(0, symbol) == Target{Kind::Constant, 0, 0x4000});
  }
  SECTION("and externs give way to objects") {
    Case link;
    link.inputs.externs[name] = 0x4000;
    ObjectBuilder &a = link.object();
    a.entry();
    const uint32_t symbol = a.undefined(name);
    ObjectBuilder &b = link.object("b.o");
    b.define(name, b.data(".data", Bytes(4)), 0, weak);
    CHECK(link.target(0, symbol) == Target{Kind::Inside, link.sectionNumber(1, 1), 0});
  }
}

TEST_CASE("symbols that no module can have", "[link][resolve]") {
  const uint8_t binding = GENERATE(as<uint8_t>(), STB_LOCAL, STB_GLOBAL);
  Case link;
  ObjectBuilder &a = link.object();
  a.entry();
  const uint32_t symbol = a.define("f", a.data(".data", Bytes(8)), 0, {binding, STT_GNU_IFUNC});
  CHECK(link.target(0, symbol) == refused(Refusal::Ifunc));
  CHECK(messages(link.diag) == ""); // Nobody refers to it.
}

TEST_CASE("the entry function", "[link][resolve]") {
  const auto entryError = [](Case &link) {
    link.resolved();
    REQUIRE(ids(link.diag) == std::vector<std::string>{"no-entry"});
    return link.diag.all()[0].notes.at(0).text;
  };
  Case link;
  ObjectBuilder &a = link.object("a.o");
  const uint32_t text = a.code(".text", Bytes(64));
  a.define("f", text, 8);
  SECTION("may be in any object, at any place") {
    ObjectBuilder &b = link.object("b.o");
    b.define("mpy_init", b.code(".text", Bytes(8)), 4);
    CHECK(link.resolved().entry == Target{Kind::Inside, link.sectionNumber(1, 1), 4});
  }
  SECTION("may share its place with another symbol") {
    a.define("mpy_init", text, 8);
    CHECK(link.resolved().entry == Target{Kind::Inside, link.sectionNumber(0, 1), 8});
    CHECK(link.target(0, 1) == link.resolved().entry);
  }
  SECTION("may have another name") {
    link.options.entry = "f";
    CHECK(link.resolved().entry == Target{Kind::Inside, link.sectionNumber(0, 1), 8});
    CHECK(messages(link.diag) == "");
  }
  SECTION("a strong definition is taken before a weak one") {
    a.define("mpy_init", text, 16, weak);
    ObjectBuilder &b = link.object("b.o");
    b.define("mpy_init", b.code(".text", Bytes(8)));
    CHECK(link.resolved().entry == Target{Kind::Inside, link.sectionNumber(1, 1), 0});
  }
  SECTION("must be there") {
    CHECK(entryError(link) == "define it: mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, "
                              "size_t n_kw, mp_obj_t *args)");
    CHECK(link.diag.all()[0].text == "no object defines the module's entry function mpy_init");
    CHECK(link.resolved().entry.kind != Kind::Inside);
  }
  SECTION("must not be static") {
    link.object("b.o").define("mpy_init", 0, 0, local);
    CHECK(entryError(link) == "it is static in b.o: remove 'static'");
  }
  SECTION("must have C linkage") {
    a.define("_Z8mpy_initP4selfmmPPv", text, 8);
    CHECK(entryError(link) == "it is defined as a C++ function: declare it extern \"C\"");
  }
  SECTION("must have an address") {
    a.absolute("mpy_init", 8);
    entryError(link);
  }
  SECTION("must be in its section") {
    a.define("mpy_init", text, 64);
    entryError(link);
  }
  SECTION("is not in the firmware") {
    link.options.entry = "memset";
    entryError(link);
  }
  SECTION("must be code") {
    const std::string kind = GENERATE("data", "zero", "strings", "note");
    CAPTURE(kind);
    const uint32_t place = kind == "data"      ? a.data(".data", Bytes(8))
                           : kind == "zero"    ? a.bss(".bss", 8)
                           : kind == "strings" ? a.strings(std::string("text\0", 5))
                                               : a.section(".comment", 0, Bytes(8));
    a.define("mpy_init", place);
    CHECK(entryError(link) == "the module's entry must be a function in an executable section");
  }
}

TEST_CASE("sections of all objects share one numbering", "[link][resolve]") {
  Case link;
  ObjectBuilder &a = link.object("a.o");
  a.entry();
  link.object("empty.o").object.sections.clear();
  ObjectBuilder &c = link.object("c.o");
  c.data(".data", Bytes(8));
  const Resolved &resolved = link.resolved();
  REQUIRE(resolved.sectionCount() == 4);
  for (const auto &[section, object] :
       std::vector<std::pair<uint32_t, uint32_t>>{{0, 0}, {1, 0}, {2, 2}, {3, 2}})
    CHECK(resolved.objectOf(section) == object);
  CHECK(resolved.section(3).name == ".data");
}

} // namespace linktest
