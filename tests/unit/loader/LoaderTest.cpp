// SPDX-License-Identifier: MIT
// The reference loader: which bytes end up where, and what it refuses.
#include "loader/Loader.h"

#include "../mpy/RandomModule.h"
#include "../mpy/Samples.h"
#include "mpy/Reader.h"

#include <catch2/catch.hpp>

#include <map>

using namespace mpylink;
using namespace mpylink::loader;
using namespace mpylink::mpy;

namespace {

constexpr unsigned funTableSize = 87;
constexpr Bases low = {0x10000, 0x20000, 0x30000, 0x40000, 0x50000, 0x60000};
/// Every address moves by another distance, and no sum of few of them is 0.
constexpr Bases high = {0x110001, 0x220020, 0x330300, 0x444000, 0x5a0000, 0x760000};

Image loaded(const Module &module, unsigned wordSize, const Bases &bases) {
  Result<Image> image = load(module, wordSize, 118, bases);
  if (!image)
    FAIL("offset " << image.failure().offset << ": " << image.failure().text);
  return *image;
}

/// A viper function of 16 zero bytes with as many of rodata, and some bss.
Module plain() {
  Module module;
  module.arch = 1;
  module.code.code.resize(16);
  module.code.rodata.resize(16);
  module.code.bssSize = 5;
  module.code.scopeFlags = scopeViperReloc | scopeViperRodata | scopeViperBss;
  return module;
}

std::string refusal(const Module &module, unsigned wordSize = 4) {
  Result<Image> image = load(module, wordSize, funTableSize, low);
  REQUIRE(!image);
  return image.failure().text;
}

/// What each word of a block is raised by between the two bases.
std::map<uint32_t, uint64_t> differences(const Bytes &first, const Bytes &second,
                                         unsigned wordSize) {
  REQUIRE(first.size() == second.size());
  std::map<uint32_t, uint64_t> result;
  size_t words = first.size() / wordSize;
  for (size_t i = 0; i < words; ++i) {
    uint64_t one = readUint(ByteView(first).subspan(i * wordSize, wordSize));
    uint64_t two = readUint(ByteView(second).subspan(i * wordSize, wordSize));
    if (one != two)
      result[static_cast<uint32_t>(i)] =
          wordSize == 4 ? static_cast<uint32_t>(two - one) : two - one;
  }
  CHECK(std::equal(first.begin() + static_cast<ptrdiff_t>(words * wordSize), first.end(),
                   second.begin() + static_cast<ptrdiff_t>(words * wordSize)));
  return result;
}

} // namespace

TEST_CASE("a real module is loaded word by word", "[loader]") {
  Result<Module> module = read(samples::native());
  REQUIRE(module);
  Bases bases = {0x100000000, 0x200000000, 0x300000000, 0x400000000, 0x500000000, 0x600000000};
  Image image = loaded(*module, 8, bases);

  CHECK(image.bss == 0x200000000);
  CHECK(image.rodata == 0x200000008); // 4 bytes of bss take a word.
  CHECK(image.data == samples::hex("0000000000000000 5500000000000000"));
  Bytes text = module->code.code;
  for (auto [word, address] : std::map<size_t, uint64_t>{{7, 0x500000000},
                                                         {8, 0x200000008},
                                                         {9, 0x200000000},
                                                         {10, 0x300000000},
                                                         {11, 0x600000000}})
    writeUint(ByteSpan(text).subspan(word * 8, 8), address);
  CHECK(image.text == text);
}

TEST_CASE("every destination adds its address to the word's content", "[loader]") {
  Module module = plain();
  auto [dest, entry, address] = GENERATE(table<Dest, int, uint32_t>({
      {Dest::Text, 0, 0x10000},
      {Dest::Rodata, 0, 0x20008},
      {Dest::Bss, 0, 0x20000},
      {Dest::QstrTable, 0, 0x30000},
      {Dest::ObjTable, 0, 0x40000},
      {Dest::FunTable, 0, 0x50000},
      {Dest::FunEntry, 0, 0x60000},
      {Dest::FunEntry, 86, 0x60000 + 86 * 4},
  }));
  writeUint(ByteSpan(module.code.code).subspan(4, 4), 0xfffffff0); // An addend of -16.
  writeUint(ByteSpan(module.code.rodata).subspan(12, 4), 3);
  module.code.relocs = {{Segment::Text, 1, dest, static_cast<uint8_t>(entry)},
                        {Segment::Rodata, 3, dest, static_cast<uint8_t>(entry)}};
  Image image = loaded(module, 4, low);

  Bytes text(16);
  writeUint(ByteSpan(text).subspan(4, 4), address - 16);
  CHECK(image.text == text);
  Bytes data(24);
  writeUint(ByteSpan(data).subspan(20, 4), address + 3);
  CHECK(image.data == data);
}

TEST_CASE("a word relocated twice is raised twice", "[loader]") {
  Module module = plain();
  module.code.relocs = {{Segment::Text, 0, Dest::Text, 0}, {Segment::Text, 0, Dest::Bss, 0}};
  Bytes text(16);
  writeUint(ByteSpan(text).first(4), 0x30000);
  CHECK(loaded(module, 4, low).text == text);
}

TEST_CASE("the difference between two bases is the relocated words", "[loader]") {
  samples::RandomModule random(7);
  size_t compared = 0;
  for (int i = 0; i < 300; ++i) {
    Module module = random.next();
    if (module.code.kind == CodeKind::Bytecode)
      continue;
    for (unsigned wordSize : {4, 8}) {
      Image first = loaded(module, wordSize, low);
      Image second = loaded(module, wordSize, high);
      bool hasBlock = !first.data.empty();
      std::map<uint32_t, uint64_t> text;
      std::map<uint32_t, uint64_t> data;
      for (const Reloc &reloc : module.code.relocs) {
        uint64_t dataDistance = hasBlock ? high.data - low.data : 0;
        const std::map<Dest, uint64_t> distances = {
            {Dest::Text, high.text - low.text},
            {Dest::Rodata, dataDistance},
            {Dest::Bss, dataDistance},
            {Dest::QstrTable, high.qstrTable - low.qstrTable},
            {Dest::ObjTable, high.objTable - low.objTable},
            {Dest::FunTable, high.funTable - low.funTable},
            {Dest::FunEntry, high.funEntries - low.funEntries}};
        uint64_t distance = distances.at(reloc.dest);
        if (distance == 0)
          continue;
        uint32_t bssWords = static_cast<uint32_t>((first.rodata - first.bss) / wordSize);
        if (reloc.place == Segment::Text)
          text[reloc.word] += distance;
        else
          data[bssWords + reloc.word] += distance;
        ++compared;
      }
      REQUIRE(differences(first.text, second.text, wordSize) == text);
      REQUIRE(differences(first.data, second.data, wordSize) == data);
    }
  }
  CHECK(compared > 1000);
}

TEST_CASE("bss is rounded up to a word, rodata follows", "[loader]") {
  auto [bssSize, wordSize, offset] = GENERATE(table<uint32_t, unsigned, uint64_t>(
      {{0, 4, 0}, {1, 4, 4}, {4, 4, 4}, {5, 4, 8}, {5, 8, 8}, {8, 8, 8}, {9, 8, 16}}));
  Module module = plain();
  module.code.bssSize = bssSize;
  module.code.rodata = {1, 2, 3};
  Image image = loaded(module, wordSize, low);
  CHECK(image.bss == low.data);
  CHECK(image.rodata == low.data + offset);
  Bytes data(offset);
  data.insert(data.end(), {1, 2, 3});
  CHECK(image.data == data);
}

TEST_CASE("the flags decide which parts exist", "[loader]") {
  Module module = plain();
  module.code.relocs = {{Segment::Text, 0, Dest::Rodata, 0}, {Segment::Text, 1, Dest::Text, 0}};
  SECTION("no relocations") {
    module.code.scopeFlags = scopeViperRodata | scopeViperBss;
    CHECK(loaded(module, 4, low).text == Bytes(16));
  }
  SECTION("no rodata: its address is the end of bss") {
    module.code.scopeFlags = scopeViperReloc | scopeViperBss;
    Image image = loaded(module, 4, low);
    CHECK(image.data.size() == 8);
    CHECK(readLe<uint32_t>(image.text) == 0x20008);
  }
  SECTION("no block at all: its addresses are null") {
    module.code.scopeFlags = scopeViperReloc;
    Image image = loaded(module, 4, low);
    CHECK(image.data.empty());
    CHECK(image.rodata == 0);
    CHECK(readLe<uint32_t>(image.text) == 0);
    CHECK(readLe<uint32_t>(ByteView(image.text).subspan(4)) == 0x10000);
  }
  SECTION("an assembler function has no block") {
    module.code.kind = CodeKind::NativeAsm;
    CHECK(loaded(module, 4, low).data.empty());
  }
}

TEST_CASE("the loader refuses what a firmware would choke on", "[loader]") {
  Module module = plain();
  auto relocate = [&](Reloc reloc) { module.code.relocs = {reloc}; };
  SECTION("bytecode") {
    module.code.kind = CodeKind::Bytecode;
    CHECK(refusal(module) == "not native code");
  }
  SECTION("version") {
    module.version = 4;
    CHECK(refusal(module) == "version 4 is not loaded");
  }
  SECTION("word size") { CHECK(refusal(module, 2) == "no target has words of 2 bytes"); }
  SECTION("text") {
    relocate({Segment::Text, 3, Dest::Text, 0});
    CHECK(load(module, 4, funTableSize, low));
    CHECK(refusal(module, 8) == "a relocated word is outside the text");
    relocate({Segment::Text, 4, Dest::Text, 0});
    CHECK(refusal(module) == "a relocated word is outside the text");
    relocate({Segment::Text, UINT32_MAX, Dest::Text, 0});
    CHECK(refusal(module) == "a relocated word is outside the text");
  }
  SECTION("a part of a word") {
    module.code.code.resize(15);
    relocate({Segment::Text, 3, Dest::Text, 0});
    CHECK(refusal(module) == "a relocated word is outside the text");
  }
  SECTION("rodata") {
    relocate({Segment::Rodata, 3, Dest::Text, 0});
    CHECK(load(module, 4, funTableSize, low));
    relocate({Segment::Rodata, 4, Dest::Text, 0});
    CHECK(refusal(module) == "a relocated word is outside the rodata");
    relocate({Segment::Rodata, 0, Dest::Text, 0});
    module.code.scopeFlags = scopeViperReloc | scopeViperBss;
    CHECK(refusal(module) == "a relocated word is outside the rodata");
  }
  SECTION("bss") {
    relocate({Segment::Bss, 0, Dest::Text, 0});
    CHECK(refusal(module) == "bss words cannot be relocated");
  }
  SECTION("fun table") {
    relocate({Segment::Text, 0, Dest::FunEntry, 86});
    CHECK(load(module, 4, funTableSize, low));
    relocate({Segment::Text, 2, Dest::FunEntry, 87});
    CHECK(refusal(module) == "fun table entry 87 is used, the table has 87");
    CHECK(load(module, 4, funTableSize, low).failure().offset == 8);
  }
  SECTION("more memory than there is") {
    module.code.bssSize = UINT32_MAX;
    CHECK(refusal(module) == "bss and rodata take 4294967312 bytes");
  }
}
