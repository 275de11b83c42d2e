// SPDX-License-Identifier: MIT
// Files of version 5: fields, exact bytes back, and what is refused.
#include "Samples.h"
#include "mpy/Reader.h"
#include "mpy/Writer.h"

#include <catch2/catch.hpp>

using namespace mpylink;
using namespace mpylink::mpy;
using samples::hex;

namespace {

Module readWhole(const Bytes &file) {
  Result<Module> module = read(file);
  if (!module)
    FAIL("offset " << module.failure().offset << ": " << module.failure().text);
  return *module;
}

} // namespace

TEST_CASE("version 5: a native module", "[mpy]") {
  const Bytes file = samples::native5();
  const Module module = readWhole(file);
  CHECK(module.version == 5);
  CHECK(module.arch == 2);
  CHECK(module.features == featureUnicode);
  CHECK(module.qstrWindow == 32);
  CHECK(module.qstrs == std::vector<std::string>{"answer"});
  CHECK(module.code.kind == CodeKind::NativeViper);
  CHECK(module.code.code.size() == 90);
  CHECK(module.code.qstrLinks == std::vector<QstrLink>{{0x58, QstrLink::Kind::Number, 0}});
  CHECK(module.code.rodata.size() == 8);
  CHECK(module.code.bssSize == 4);
  CHECK(module.code.relocs == std::vector<Reloc>{{Segment::Text, 6, Dest::FunTable, 0},
                                                 {Segment::Text, 7, Dest::Rodata, 0},
                                                 {Segment::Text, 8, Dest::Bss, 0},
                                                 {Segment::Text, 10, Dest::FunEntry, 0}});
  CHECK(module.code.relocStream.empty());
  CHECK(write(module) == file);
}

TEST_CASE("version 5: bytecode has indices of two bytes in the model", "[mpy]") {
  const bool cached = GENERATE(false, true);
  const Bytes file = samples::bytecode5(cached);
  const Module module = readWhole(file);
  CHECK(module.features == (cached ? 3 : 2));
  CHECK(module.qstrs ==
        std::vector<std::string>{"<module>", "demo.py", "K", "f", "a", "b", "k", "g", "*"});
  const RawCode &outer = module.code;
  CHECK(outer.code == hex("200c 0000 0100 2f00 2300 2301 2302 2303 2304 2a05 16 0200 82 2a01 53"
                          "3305 16 0300 51 63"));
  REQUIRE(outer.objects.size() == 5);
  CHECK(outer.objects[0] == Object{ObjectKind::Int, "1180591620717411303424", {}});
  CHECK(outer.objects[2] == Object{ObjectKind::Bytes, std::string("\0\xff", 2), {}});
  CHECK(outer.objects[4].kind == ObjectKind::Ellipsis);
  REQUIRE(outer.children.size() == 1);
  const RawCode &f = outer.children[0];
  CHECK(f.code == hex("a209 0f 0300 0100 404500 00 b0 200301 c3 b3 63"));
  CHECK(f.argNames == std::vector<uint32_t>{4, 5, 6});
  REQUIRE(f.children.size() == 1);
  CHECK(f.children[0].argNames == std::vector<uint32_t>{8});
  CHECK(write(module) == file);
}

TEST_CASE("version 5: native, viper and assembler functions", "[mpy]") {
  const Bytes file = samples::mixed5();
  const Module module = readWhole(file);
  REQUIRE(module.code.children.size() == 3);
  const RawCode &native = module.code.children[0];
  CHECK(native.kind == CodeKind::NativePy);
  CHECK(native.preludeOffset == 50);
  CHECK(module.qstrs[native.simpleName] == "n");
  CHECK(module.qstrs[native.sourceFile] == "nat.py");
  CHECK(native.argNames.size() == 2);
  CHECK(module.code.children[1].kind == CodeKind::NativeViper);
  const RawCode &assembler = module.code.children[2];
  CHECK(assembler.kind == CodeKind::NativeAsm);
  CHECK(assembler.positionalArgs == 2);
  CHECK(assembler.typeSignature == 2);
  CHECK(write(module) == file);
}

TEST_CASE("version 5: look-ups with cache bytes", "[mpy]") {
  Bytes file = samples::cached5();
  const Module module = readWhole(file);
  CHECK(module.qstrs == std::vector<std::string>{"<module>", "a.p", "p", "x", "y"});
  CHECK(write(module) == file);
  // Without the cache the same bytes are other instructions.
  file[2] = 2;
  CHECK(!read(file));
}

TEST_CASE("version 5: small integers have up to 64 bits", "[mpy]") {
  // LOAD_CONST_SMALL_INT -(1 << 40) in a function of 15 bytes.
  const std::string head = "4d05 001f 20 3c 00 0a 0007 0261 00 ";
  const Bytes file = hex(head + "22 ff e0 80 80 80 00 63 00 00");
  CHECK(write(readWhole(file)) == file);
  const Result<Module> tooLong =
      read(hex(head + "22 ff ff ff ff ff ff ff ff ff ff ff 00 63 00 00"));
  REQUIRE(!tooLong);
  CHECK(tooLong.failure().text == "the operand of an instruction is too long");
}

TEST_CASE("a string that left the window is spelt again", "[mpy]") {
  Module module;
  module.version = 5;
  module.subVersion = 0;
  module.features = featureUnicode;
  module.code.kind = CodeKind::Bytecode;
  module.code.code = hex("00 0a 0000 0100 00");
  const auto load = [&](uint8_t qstr) {
    for (const uint8_t byte : {uint8_t{0x10}, qstr, uint8_t{0}, uint8_t{0x59}})
      module.code.code.push_back(byte);
  };
  for (uint8_t i = 0; i < 33; ++i)
    module.qstrs.push_back("q" + std::to_string(i));
  for (uint8_t i = 2; i < 32; ++i)
    load(i);
  const size_t full = write(module).size();
  SECTION("the oldest of 32 is still there") {
    load(0);
    module.qstrs.pop_back();
    CHECK(write(module).size() == full + 3);
    CHECK(readWhole(write(module)) == module);
  }
  SECTION("the oldest of 33 is not") {
    load(32);
    load(0);
    CHECK(write(module).size() == full + 2 * 2 + 4 + 3);
    const Module back = readWhole(write(module));
    CHECK(back.qstrs.size() == 34);
    CHECK(back.qstrs.back() == "q0");
    CHECK(write(back) == write(module));
  }
}

TEST_CASE("version 5: bad fields are named with their place", "[mpy]") {
  // A function of 9 bytes with the names <module> and a, without line numbers.
  const std::string head = "4d05 001f 20 24 00 0a 0007 0261 00 ";
  auto [file, offset, message] = GENERATE_COPY(table<std::string, size_t, std::string>({
      {"4d05 341f 20", 2, "unknown architecture 13"},
      {"4d05 fc1f 20", 2, "unknown architecture 63"},
      {"4d05 001f 21", 4, "a qstr window of 33, the limit is 32"},
      {"4d05 001f 20 00", 5, "a raw code without code"},
      {"4d05 001f 20 28 00 06", 6, "the prelude has no room for its names"},
      {"4d05 001f 20 18 00 0a", 6, "the prelude goes past the end of the code"},
      {"4d05 001f 20 28 80808080808080808080 00 00", 15,
       "the signature of the prelude is too long"},
      {"4d05 001f 20 28 00 08 01", 8, "qstr 0 of the window, which has fewer"},
      {"4d05 001f 20 28 00 08 00 a6", 8, "unknown static qstr 166"},
      {"4d05 001f 20 28 00 08 8400", 8, "a qstr of 256 bytes, the limit is 255"},
      {head + "01", 13, "there is no instruction 1"},
      {head + "51 2a81", 16, "the file ends inside the operand"},
      {head + "51 10 0007", 14, "the last instruction goes 2 bytes past the end of the code"},
      {head + "51 63 00 00 00", 17, "1 bytes after the end"},
      {head + "51 63 01 00 70 00", 17, "unknown object kind 112"},
      {"4d05 081f 20 2e 0102030405060708090a0b 01 28 00 01", 18, "a qstr link is outside the code"},
      {"4d05 081f 20 2e 0102030405060708090a0b 01 0f 00 01", 18,
       "a qstr link of a whole word is not aligned"},
      {"4d05 081f 20 2e 0102030405060708090a0b 00 10 00 00 05 00", 21,
       "relocation operation 2 is not in use"},
  }));
  CAPTURE(file);
  Result<Module> module = read(hex(file));
  REQUIRE(!module);
  CHECK(module.failure().text == message);
  CHECK(module.failure().offset == offset);
}

TEST_CASE("relocations in another order than ours are kept as they are", "[mpy]") {
  // Three words in the order 2, 0, 1; the latter two in one counted entry.
  const Bytes file = hex("4d06 071f 00 00 62 000000000000000000000000 10 01 04 03 00 02 ff");
  const Module module = readWhole(file);
  CHECK(module.code.relocStream == hex("01 04 03 00 02 ff"));
  CHECK(module.code.relocs == std::vector<Reloc>{{Segment::Text, 2, Dest::Text, 0},
                                                 {Segment::Text, 0, Dest::Text, 0},
                                                 {Segment::Text, 1, Dest::Text, 0}});
  CHECK(write(module) == file);
}

TEST_CASE("the trace covers a file without gaps", "[mpy]") {
  for (const Bytes &file : samples::all()) {
    Trace trace;
    REQUIRE(read(file, &trace));
    size_t at = 0;
    for (const Field &field : trace) {
      CHECK(field.offset == at);
      CHECK(!field.name.empty());
      if (field.kind != FieldKind::Group)
        at += field.size;
    }
    CHECK(at == file.size());
    CHECK(trace[0].kind == FieldKind::Group);
    CHECK(trace[0].name == "header");
  }
}
