// SPDX-License-Identifier: MIT
// Real files, field by field and byte by byte.
#include "Samples.h"
#include "mpy/Reader.h"
#include "mpy/Writer.h"

#include <catch2/catch.hpp>

using namespace mpylink;
using namespace mpylink::mpy;

namespace {

Module readWhole(const Bytes &file) {
  Result<Module> module = read(file);
  if (!module)
    FAIL("offset " << module.failure().offset << ": " << module.failure().text);
  return *module;
}

} // namespace

TEST_CASE("a native module, written and read", "[mpy]") {
  Bytes file = samples::native();
  Module module;
  module.arch = 2;
  module.qstrs = {"ex.mpy", "answer"};
  module.code.code.assign(file.begin() + samples::nativeCodeOffset,
                          file.begin() + samples::nativeCodeOffset + samples::nativeCodeSize);
  module.code.scopeFlags = scopeViperReloc | scopeViperRodata | scopeViperBss;
  module.code.rodata = {0x55, 0, 0, 0, 0, 0, 0, 0};
  module.code.bssSize = 4;
  module.code.relocs = {{Segment::Text, 7, Dest::FunTable, 0},
                        {Segment::Text, 8, Dest::Rodata, 0},
                        {Segment::Text, 9, Dest::Bss, 0},
                        {Segment::Text, 10, Dest::QstrTable, 0},
                        {Segment::Text, 11, Dest::FunEntry, 0}};
  REQUIRE(file.size() == 138);

  SECTION("version 6.3") {
    CHECK(write(module) == file);
    CHECK(readWhole(file) == module);
  }
  SECTION("older sub-versions differ in one byte") {
    for (uint8_t subVersion = 0; subVersion < 3; ++subVersion) {
      module.subVersion = subVersion;
      file[2] = static_cast<uint8_t>(8 | subVersion);
      CHECK(write(module) == file);
      CHECK(readWhole(file) == module);
    }
  }
}

TEST_CASE("a bytecode module", "[mpy]") {
  Bytes file = samples::bytecode();
  REQUIRE(file.size() == 145);
  Module module = readWhole(file);
  CHECK(module.version == 6);
  CHECK(module.subVersion == 0);
  CHECK(module.arch == 0);
  CHECK(module.qstrs ==
        std::vector<std::string>{"demo.py", "<module>", "f", "g", "K", "a", "b", "k", "*"});

  REQUIRE(module.objects.size() == 1);
  CHECK(module.objects[0].kind == ObjectKind::Tuple);
  std::vector<Object> items = {{ObjectKind::Int, "1180591620717411303424", {}},
                               {ObjectKind::Str, "a string with spaces", {}},
                               {ObjectKind::Bytes, std::string("\0\xff", 2), {}},
                               {ObjectKind::Float, "1.5", {}},
                               {ObjectKind::Ellipsis, "", {}}};
  CHECK(module.objects[0].items == items);

  const RawCode *raw = &module.code;
  for (size_t size : {18, 17, 8}) {
    CHECK(raw->kind == CodeKind::Bytecode);
    CHECK(raw->code.size() == size);
    CHECK(raw->code.back() == 0x63); // RETURN_VALUE
    REQUIRE(raw->children.size() == (size == 8 ? 0 : 1));
    raw = raw->children.data();
  }
  CHECK(write(module) == file);
}

TEST_CASE("a module of bytecode, native, viper and assembler functions", "[mpy]") {
  Bytes file = samples::mixed();
  REQUIRE(file.size() == 206);
  Module module = readWhole(file);
  CHECK(module.arch == 5);
  REQUIRE(module.objects.size() == 1);
  CHECK(module.objects[0].kind == ObjectKind::FunTable);
  REQUIRE(module.code.children.size() == 3);

  const RawCode &native = module.code.children[0];
  CHECK(native.kind == CodeKind::NativePy);
  CHECK(native.code.size() == 57);
  CHECK(native.preludeOffset == 52);
  const RawCode &viper = module.code.children[1];
  CHECK(viper.kind == CodeKind::NativeViper);
  CHECK(viper.code.size() == 80);
  CHECK(viper.scopeFlags == 0);
  const RawCode &assembler = module.code.children[2];
  CHECK(assembler.kind == CodeKind::NativeAsm);
  CHECK(assembler.code == samples::hex("f2b5 4018 f2bd"));
  CHECK(assembler.positionalArgs == 2);
  CHECK(assembler.typeSignature == 2);
  CHECK(write(module) == file);
}

TEST_CASE("architecture flags", "[mpy]") {
  Bytes file = samples::riscvFlags();
  Module module = readWhole(file);
  CHECK(module.arch == 11);
  CHECK(module.hasArchFlags);
  CHECK(module.archFlags == 1);
  CHECK(write(module) == file);

  module.archFlags = 0x105;
  Bytes wide = write(module);
  CHECK(Bytes(wide.begin(), wide.begin() + 6) == samples::hex("4d06 6f1f 8205"));
  CHECK(readWhole(wide) == module);

  module.hasArchFlags = false;
  module.archFlags = 0;
  Bytes none = write(module);
  CHECK(none[2] == 0x2f);
  CHECK(none.size() == file.size() - 1);
  CHECK(readWhole(none) == module);
}

TEST_CASE("every object kind and static strings", "[mpy]") {
  Bytes file = samples::tables();
  Module module = readWhole(file);
  CHECK(module.qstrs == std::vector<std::string>{"a.b", "", "<module>"});
  REQUIRE(module.objects.size() == 11);
  for (size_t i = 0; i < module.objects.size(); ++i)
    CHECK(module.objects[i].kind == static_cast<ObjectKind>(i));
  std::vector<Object> items = {{ObjectKind::None, "", {}},
                               {ObjectKind::Tuple, "", {}},
                               {ObjectKind::Tuple, "", {{ObjectKind::Ellipsis, "", {}}}}};
  CHECK(module.objects[10].items == items);
  CHECK(module.code.relocs == std::vector<Reloc>{{Segment::Text, 0, Dest::Text, 0},
                                                 {Segment::Text, 1, Dest::FunTable, 0}});
  CHECK(write(module) == file);
}
