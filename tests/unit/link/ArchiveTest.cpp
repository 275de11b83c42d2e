// SPDX-License-Identifier: MIT
// Which archive members become part of the module.
#include "Files.h"

#include "llvm/Support/MemoryBuffer.h"

namespace linktest {

namespace {

/// A member "NAME.o" that defines NAME and refers to other names from a section.
struct Member {
  std::string defines;
  std::vector<std::string> needs = {};
  Traits traits = {}; ///< Of the definition.
  const char *section = ".text";
  uint64_t flags = codeFlags;
};

void fill(ObjectBuilder &object, const Member &member) {
  const uint32_t text = object.section(member.section, member.flags, Bytes(64));
  object.define(member.defines, text, 0, member.traits);
  for (const std::string &name : member.needs)
    object.reloc(text, 0, R_X86_64_64, object.undefined(name));
}

void addArchive(Case &link, const std::string &path,
                const std::vector<const elf::Object *> &members) {
  const std::string bytes = archiveBytes(members);
  auto archive =
      elf::Archive::open(path, llvm::MemoryBuffer::getMemBufferCopy(bytes, path), link.diag);
  INFO(messages(link.diag));
  REQUIRE(archive);
  link.inputs.archives.push_back(std::move(archive));
}

void addArchive(Case &link, const std::string &path, const std::vector<Member> &members) {
  std::deque<ObjectBuilder> builders;
  std::vector<const elf::Object *> objects;
  for (const Member &member : members) {
    fill(builders.emplace_back(arch::x64(), member.defines + ".o"), member);
    objects.push_back(&builders.back().object);
  }
  addArchive(link, path, objects);
}

/// The names of all objects that take part.
std::vector<std::string> objects(Case &link) {
  std::vector<std::string> names;
  for (const elf::Object *object : link.resolved().objects)
    names.push_back(object->name);
  INFO(messages(link.diag));
  CHECK(link.diag.all().empty());
  return names;
}

using Names = std::vector<std::string>;

} // namespace

TEST_CASE("archive members are extracted on demand", "[link][resolve]") {
  Case link;
  ObjectBuilder &a = link.object("a.o");
  const uint32_t text = a.entry();
  const auto refer = [&](uint32_t symbol) { a.reloc(text, 0, R_X86_64_64, symbol); };
  SECTION("and what they need, from any archive, until nothing changes") {
    refer(a.undefined("one"));
    addArchive(link, "x.a", {{"two", {"three"}}, {"unused"}, {"four"}});
    addArchive(link, "y.a", {{"one", {"two"}}, {"three", {"four", "one"}}});
    CHECK(objects(link) == Names{"a.o", "y.a(one.o)", "x.a(two.o)", "y.a(three.o)", "x.a(four.o)"});
    CHECK(link.target(0, 2).kind == Kind::Inside);
  }
  SECTION("from the first archive that has the symbol") {
    refer(a.undefined("one"));
    addArchive(link, "x.a", {{"zero"}});
    addArchive(link, "y.a", {{"one"}});
    addArchive(link, "z.a", {{"one"}});
    CHECK(objects(link) == Names{"a.o", "y.a(one.o)"});
  }
  SECTION("from the first archive also what a member of a later one needs") {
    refer(a.undefined("one"));
    addArchive(link, "x.a", {{"two"}});
    addArchive(link, "y.a", {{"one", {"two"}}, {"two"}});
    CHECK(objects(link) == Names{"a.o", "y.a(one.o)", "x.a(two.o)"});
  }
  SECTION("archive by archive, for a member may define more than is wanted of it") {
    refer(a.undefined("two"));
    refer(a.undefined("one"));
    addArchive(link, "x.a", {{"one"}});
    addArchive(link, "y.a", {{"two"}, {"one"}});
    CHECK(objects(link) == Names{"a.o", "x.a(one.o)", "y.a(two.o)"});
  }
  SECTION("not for a weak reference") {
    refer(a.undefined("one", weak));
    addArchive(link, "x.a", {{"one"}});
    CHECK(objects(link) == Names{"a.o"});
    CHECK(link.target(0, 2).kind == Kind::Null);
  }
  SECTION("but a weak reference takes what another one extracts") {
    refer(a.undefined("one", weak));
    refer(a.undefined("two"));
    addArchive(link, "x.a", {{"two", {"one"}}, {"one"}});
    CHECK(objects(link) == Names{"a.o", "x.a(two.o)", "x.a(one.o)"});
    CHECK(link.target(0, 2) == Target{Kind::Inside, link.sectionNumber(2, 1), 0});
  }
  SECTION("not for a symbol that no relocation names") {
    a.undefined("one");
    addArchive(link, "x.a", {{"one"}});
    CHECK(objects(link) == Names{"a.o"});
  }
  SECTION("not when an object defines the symbol in any way") {
    refer(a.undefined("one"));
    ObjectBuilder &b = link.object("b.o");
    switch (GENERATE(0, 1, 2)) {
    case 0:
      b.define("one", b.data(".data", Bytes(8)));
      break;
    case 1:
      b.define("one", b.data(".data", Bytes(8)), 0, weak);
      break;
    default:
      b.absolute("one", 1);
    }
    addArchive(link, "x.a", {{"one"}});
    CHECK(link.resolved().objects[1]->name == "b.o");
    for (const std::string &name : objects(link))
      CHECK(name != "x.a(one.o)");
  }
  SECTION("for the initial value of a common symbol") {
    a.common("one", 8, 8);
    ObjectBuilder alsoCommon(arch::x64(), "common.o"), initialised(arch::x64(), "data.o");
    alsoCommon.common("one", 8, 8);
    initialised.define("one", initialised.data(".data", Bytes(8)));
    addArchive(link, "x.a", std::vector<const elf::Object *>{&alsoCommon.object});
    addArchive(link, "y.a", std::vector<const elf::Object *>{&initialised.object});
    CHECK(objects(link) == Names{"a.o", "y.a(data.o)"});
    CHECK(link.target(0, 2) == Target{Kind::Inside, link.sectionNumber(1, 1), 0});
  }
  SECTION("before externs") {
    link.inputs.externs["one"] = 0x4000;
    refer(a.undefined("one"));
    addArchive(link, "x.a", {{"one", {}, weak}});
    CHECK(objects(link) == Names{"a.o", "x.a(one.o)"});
    CHECK(link.target(0, 2) == Target{Kind::Inside, link.sectionNumber(1, 1), 0});
  }
  SECTION("not for what the firmware offers") {
    refer(a.undefined("memset"));
    addArchive(link, "x.a", {{"memset"}});
    CHECK(objects(link) == Names{"a.o"});
    CHECK(link.target(0, 2) == Target{Kind::Entry, 50, 0});
  }
  SECTION("but a member that is extracted anyhow is taken before the firmware") {
    refer(a.undefined("memset"));
    refer(a.undefined("one"));
    ObjectBuilder member(arch::x64(), "m.o");
    fill(member, {"one"});
    member.define("memset", 1, 8);
    addArchive(link, "x.a", std::vector<const elf::Object *>{&member.object});
    CHECK(objects(link) == Names{"a.o", "x.a(m.o)"});
    CHECK(link.target(0, 2) == Target{Kind::Inside, link.sectionNumber(1, 1), 8});
  }
  SECTION("not for sections that are left out") {
    const auto [name, flags] = GENERATE(table<const char *, uint64_t>(
        {{".eh_frame", SHF_ALLOC}, {".debug_info", 0}, {".gcc_except_table.f", SHF_ALLOC}}));
    fill(link.object("b.o"), {"b", {"one"}, {}, name, flags});
    addArchive(link, "x.a", {{"one"}});
    CHECK(objects(link) == Names{"a.o", "b.o"});
  }
  SECTION("not for the copy of a COMDAT group") {
    for (const char *name : {"b.o", "c.o"}) {
      ObjectBuilder &object = link.object(name);
      const uint32_t code = object.code(".text.f", Bytes(8));
      object.group("f", {code});
      if (object.object.name == "c.o")
        object.reloc(code, 0, R_X86_64_64, object.undefined("one"));
    }
    addArchive(link, "x.a", {{"one"}});
    CHECK(objects(link) == Names{"a.o", "b.o", "c.o"});
  }
  SECTION("for what only a dropped copy of a group defines") {
    for (const char *name : {"b.o", "c.o"}) {
      ObjectBuilder &object = link.object(name);
      object.group("f", {object.code(".text.f", Bytes(8))});
      const uint32_t user = object.data(".data", Bytes(8));
      if (object.object.name == "c.o")
        object.reloc(user, 0, R_X86_64_64, object.define("one", 1));
    }
    addArchive(link, "x.a", {{"one"}});
    CHECK(objects(link) == Names{"a.o", "b.o", "c.o", "x.a(one.o)"});
  }
  SECTION("once, whatever else names them") {
    refer(a.undefined("one"));
    refer(a.undefined("alias"));
    ObjectBuilder member(arch::x64(), "m.o");
    fill(member, {"one"});
    member.define("alias", 1, 8);
    addArchive(link, "x.a", std::vector<const elf::Object *>{&member.object});
    CHECK(objects(link) == Names{"a.o", "x.a(m.o)"});
    CHECK(link.target(0, 3) == Target{Kind::Inside, link.sectionNumber(1, 1), 8});
  }
}

TEST_CASE("an archive may hold the entry function", "[link][resolve]") {
  Case link;
  link.object("a.o").code(".text", Bytes(8));
  addArchive(link, "x.a", {{"mpy_init"}});
  CHECK(objects(link) == Names{"a.o", "x.a(mpy_init.o)"});
  CHECK(link.resolved().entry == Target{Kind::Inside, link.sectionNumber(1, 1), 0});
}

TEST_CASE("an archive member may define a symbol twice", "[link][resolve]") {
  Case link;
  ObjectBuilder &a = link.object("a.o");
  a.reloc(a.entry(), 0, R_X86_64_64, a.undefined("one"));
  a.define("two", 1, 8);
  addArchive(link, "x.a", {{"one", {"two"}}});
  ObjectBuilder &b = link.object("b.o");
  b.define("two", b.code(".text", Bytes(8)));
  link.resolved();
  CHECK(ids(link.diag) == Names{"duplicate-symbol"});
}

TEST_CASE("archive members must fit the module", "[link][resolve]") {
  Case link("armv7m");
  ObjectBuilder &a = link.object("a.o");
  a.reloc(a.entry(), 0, R_ARM_ABS32, a.undefined("one"));
  const auto add = [&](ObjectBuilder &member) {
    const uint32_t text = member.code(".text", Bytes(8));
    member.define("one", text);
    addArchive(link, "x.a", std::vector<const elf::Object *>{&member.object});
  };
  SECTION("the processor") {
    ObjectBuilder member(arch::x86(), "one.o");
    add(member);
    link.resolved();
    CHECK(ids(link.diag) == Names{"wrong-machine"});
  }
  SECTION("the calling convention") {
    ObjectBuilder member(arch::thumb(), "one.o");
    // ABI_FP_number_model 3, ABI_VFP_args 1, CPU_arch v7, profile M.
    const std::string tags("\x17\x03\x1c\x01\x06\x0a\x07M", 8);
    const std::string text = std::string("A\x17\0\0\0aeabi\0\x01\x0d\0\0\0", 16) + tags;
    member.section(".ARM.attributes", 0, {text.begin(), text.end()}, 1, 0, SHT_ARM_ATTRIBUTES);
    add(member);
    link.resolved();
    CHECK(ids(link.diag) == Names{"abi-conflict"});
    CHECK(link.diag.all()[0].where.file == "x.a(one.o)");
  }
  CHECK(link.resolved().objects.size() == 1);
}

} // namespace linktest
