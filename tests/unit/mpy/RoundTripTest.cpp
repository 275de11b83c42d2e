// SPDX-License-Identifier: MIT
// What is written is read back equal, whatever the module holds.
#include "RandomModule.h"
#include "mpy/Reader.h"
#include "mpy/Writer.h"

#include <catch2/catch.hpp>

using namespace mpylink;
using namespace mpylink::mpy;

TEST_CASE("random modules survive a round trip", "[mpy]") {
  samples::RandomModule random(1);
  size_t relocs = 0;
  size_t children = 0;
  for (int i = 0; i < 400; ++i) {
    Module module = random.next();
    Bytes file = write(module);
    Result<Module> back = read(file);
    if (!back)
      FAIL("module " << i << ", offset " << back.failure().offset << ": " << back.failure().text);
    REQUIRE(*back == module);
    REQUIRE(write(*back) == file);
    relocs += module.code.relocs.size();
    children += module.code.children.size();
  }
  // The generator must not have become one of empty modules.
  CHECK(relocs > 1000);
  CHECK(children > 100);
}

TEST_CASE("parts that the flags leave out are not written", "[mpy]") {
  Module module;
  module.arch = 1;
  module.code.code = {1, 2, 3, 4};
  module.code.scopeFlags = 0;
  Bytes bare = write(module);
  module.code.rodata = {1, 2, 3, 4};
  module.code.bssSize = 8;
  module.code.relocs = {{Segment::Text, 0, Dest::Text, 0}};
  CHECK(write(module) == bare);
  module.code.scopeFlags = scopeViperReloc;
  CHECK(write(module).size() == bare.size() + 3);
  module.code.scopeFlags = scopeViperRodata;
  CHECK(write(module).size() == bare.size() + 5);
  module.code.scopeFlags = scopeViperBss;
  CHECK(write(module).size() == bare.size() + 1);
}

TEST_CASE("children come after rodata and before relocations", "[mpy]") {
  Module module;
  module.arch = 1;
  module.code.code = {1, 2, 3, 4};
  module.code.scopeFlags = scopeViperReloc | scopeViperRodata;
  module.code.rodata = {0xaa};
  module.code.relocs = {{Segment::Text, 0, Dest::Text, 0}};
  module.code.children.resize(1);
  module.code.children[0].kind = CodeKind::Bytecode;
  module.code.children[0].code = {0x63};
  Bytes file = write(module);
  CHECK(Bytes(file.begin() + 6, file.end()) ==
        Bytes{0x26, 1, 2, 3, 4, 0x30, 0x01, 0xaa, 0x01, 0x08, 0x63, 0x01, 0x00, 0xff});
  Result<Module> back = read(file);
  REQUIRE(back);
  CHECK(*back == module);
}
