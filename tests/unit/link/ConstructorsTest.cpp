// SPDX-License-Identifier: MIT
// Which constructors run, and in which order.
#include "Build.h"

namespace linktest {

namespace {

using Names = std::vector<std::string>;

/// Objects with lists of constructors; each constructor is in a section of its name.
class Constructors {
public:
  Constructors() { link.object("a.o").entry(); }

  ObjectBuilder &object(std::string name) {
    return objects.emplace_back(&link.object(std::move(name))), *objects.back();
  }
  static uint32_t add(ObjectBuilder &object, const std::string &list, const Names &functions,
                      uint32_t type = SHT_PROGBITS) {
    const uint32_t section =
        object.section(list, dataFlags, Bytes(8 * functions.size()), 8, 0, type);
    for (size_t i = 0; i < functions.size(); ++i)
      object.reloc(section, 8 * i, R_X86_64_64,
                   object.define(functions[i], object.code(functions[i], Bytes(16)), 0, local));
    return section;
  }
  Names order() {
    Names names;
    for (const Target &target : link.program().constructors)
      names.emplace_back(link.resolved().section(link.program().chunks[target.index].section).name);
    INFO(messages(link.diag));
    CHECK(link.diag.all().empty());
    return names;
  }

  Case link;
  std::vector<ObjectBuilder *> objects;
};

} // namespace

TEST_CASE("constructors run by priority, then in the order of the objects", "[link]") {
  Constructors all;
  ObjectBuilder &a = all.object("b.o"), &b = all.object("c.o");
  all.add(a, ".init_array", {"a1", "a2"}, SHT_INIT_ARRAY);
  all.add(a, ".init_array.00200", {"a200"}, SHT_INIT_ARRAY);
  all.add(a, ".ctors", {"a4", "a3"});
  all.add(b, ".init_array.00101", {"b101"}, SHT_INIT_ARRAY);
  all.add(b, ".ctors.65335", {"b200"}); // 65535 - 200
  all.add(b, ".preinit_array", {"b0"}, SHT_PREINIT_ARRAY);
  all.add(b, ".init_array", {"b1"});
  all.add(b, ".init_array.65535", {"b65535"});
  CHECK(all.order() == Names{"b0", "b101", "a200", "b200", "b65535", "a1", "a2", "a3", "a4", "b1"});
}

TEST_CASE("constructors and what they need are in the module", "[link][live]") {
  Constructors all;
  ObjectBuilder &a = all.object("b.o");
  all.add(a, ".init_array", {"make"}, SHT_INIT_ARRAY);
  const uint32_t code = a.object.symbols.back().section;
  const uint32_t data = a.data(".data.x", Bytes(8), 8);
  a.reloc(code, 0, R_X86_64_64, a.define("x", data, 0, local));
  all.add(a, ".fini_array", {"unmake"}, SHT_FINI_ARRAY); // Never called.
  CHECK(all.order() == Names{"make"});
  CHECK(all.link.live().sections[all.link.sectionNumber(1, data)]);
  for (const Chunk &chunk : all.link.program().chunks)
    CHECK(all.link.resolved().section(chunk.section).name != "unmake");
  // The list itself is no data of the module.
  for (const Chunk &chunk : all.link.program().chunks)
    CHECK(chunk.content != Content::Constructors);
}

TEST_CASE("an undefined weak constructor is not called", "[link]") {
  Constructors all;
  ObjectBuilder &a = all.object("b.o");
  const uint32_t list = all.add(a, ".init_array", {"make"}, SHT_INIT_ARRAY);
  a.replace(list, Bytes(16));
  a.object.sections[list].size = 16;
  a.reloc(list, 8, R_X86_64_64, a.undefined("missing", weak));
  CHECK(all.order() == Names{"make"});
}

TEST_CASE("what is no function cannot be a constructor", "[link]") {
  Constructors all;
  ObjectBuilder &a = all.object("b.o");
  const uint32_t list = a.section(".init_array", dataFlags, Bytes(16), 8, 0, SHT_INIT_ARRAY);
  a.reloc(list, 0, R_X86_64_64, a.define("variable", a.data(".data", Bytes(8))));
  a.reloc(list, 8, R_X86_64_64, a.undefined("memset"));
  all.link.program();
  const std::string end =
      ", which is no function of the module [unsupported-section]\n"
      ">>> hint: let the compiler make the list: __attribute__((constructor))\n";
  CHECK(messages(all.link.diag) ==
        "mpylink: error: b.o:(.init_array+0x0): the list of constructors holds variable" + end +
            "mpylink: error: b.o:(.init_array+0x8): the list of constructors holds memset" + end);
}

TEST_CASE("the module starts with calls of the constructors", "[link][layout]") {
  Constructors all;
  all.add(all.object("b.o"), ".init_array", {"make"}, SHT_INIT_ARRAY);
  const Bytes &text = all.link.image().text;
  const uint64_t make = all.link.layout().address[all.link.program().constructors.at(0).index];
  const uint64_t entry = all.link.layout().address[all.link.program().entry.index];
  const abi::ArchInfo &target = *all.link.inputs.target;
  const Bytes start = arch::x64().startCode(std::vector{make}, entry, target);
  CHECK(all.link.layout().start == start);
  CHECK(std::equal(start.begin(), start.end(), text.begin()));
  CHECK(entry >= start.size());
  all.link.linked();
}

} // namespace linktest
