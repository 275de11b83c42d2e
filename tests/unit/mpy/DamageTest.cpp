// SPDX-License-Identifier: MIT
// Bad files: every one is refused with a reason, or read as a file that can be written again.
// Most of its worth is in a build with the address and undefined-behaviour sanitizers.
#include "Samples.h"
#include "loader/Loader.h"
#include "mpy/Reader.h"
#include "mpy/Writer.h"

#include <catch2/catch.hpp>

using namespace mpylink;
using namespace mpylink::mpy;
using samples::hex;

namespace {

/// The start of an x64 file without qstrs and objects; a raw code follows.
const std::string x64 = "4d06 0b1f 00 00 ";

Failure failureOf(const Bytes &file) {
  Result<Module> module = read(file);
  REQUIRE(!module);
  return module.failure();
}

Bytes repeated(const std::string &start, size_t count, const std::string &part,
               const std::string &end) {
  Bytes file = hex(start);
  Bytes middle = hex(part);
  for (; count != 0; --count)
    file.insert(file.end(), middle.begin(), middle.end());
  for (uint8_t byte : hex(end))
    file.push_back(byte);
  return file;
}

} // namespace

TEST_CASE("a file cut anywhere is refused", "[mpy]") {
  for (const Bytes &file : samples::all()) {
    REQUIRE(read(file));
    for (size_t size = 0; size < file.size(); ++size) {
      Bytes cut(file.begin(), file.begin() + static_cast<ptrdiff_t>(size));
      Failure failure = failureOf(cut);
      CHECK(failure.offset <= size);
      CHECK(!failure.text.empty());
    }
  }
}

TEST_CASE("a file with any byte changed is refused or still a file", "[mpy]") {
  for (const Bytes &file : samples::all()) {
    size_t refused = 0;
    for (size_t at = 0; at < file.size(); ++at) {
      Bytes changed = file;
      for (unsigned change = 1; change < 256; ++change) {
        changed[at] = static_cast<uint8_t>(file[at] ^ change);
        Result<Module> module = read(changed);
        if (!module) {
          ++refused;
          REQUIRE(module.failure().offset <= changed.size());
          continue;
        }
        Result<Module> again = read(write(*module));
        REQUIRE(again);
        // The order of relocations is all that writing may change.
        REQUIRE(write(*again) == write(*module));
        for (unsigned wordSize : {4, 8})
          if (Result<loader::Image> image = loader::load(*module, wordSize, 87, {}))
            REQUIRE(image->text.size() == module->code.code.size());
      }
    }
    CHECK(refused > 1000);
  }
}

TEST_CASE("bad fields are named with their place", "[mpy]") {
  // A code of 8 bytes is 42 (viper), 40 (bytecode), 41 (native) or 43 (assembler).
  const std::string code = "0102030405060708 ";
  auto [file, offset, message] = GENERATE_COPY(table<std::string, size_t, std::string>({
      {"", 0, "the file ends inside the magic"},
      {"4d 06", 2, "the file ends inside the features"},
      {"43 06 0b 1f", 0, "not a .mpy file"},
      {"4d 04 0a 1f 20", 1, "version 4 is not read"},
      {"4d 07 0a 1f", 1, "version 7 is not read"},
      {"4d 06 37 1f 00 00", 2, "unknown architecture 13"},
      {"4d 06 8b 1f 00 00", 2, "unknown architecture 34"},
      {"4d 06 4a 1f 00 00 00", 2, "architecture flags in version 6.2"},
      {"4d 06 0b 1f 81", 5, "the file ends inside the number of qstrs"},
      {"4d 06 0b 1f 8f ff ff ff 7f 00", 4,
       "the number of qstrs is 4294967295, but only 1 bytes follow"},
      {"4d 06 0b 1f 00 05 01", 5, "the number of objects is 5, but only 1 bytes follow"},
      {"4d 06 0b 1f 01 00 01", 6, "unknown static qstr 0"},
      {"4d 06 0b 1f 01 00 82 4d", 6, "unknown static qstr 166"},
      {"4d 06 0b 1f 01 00 84 03", 6, "unknown static qstr 257"},
      {"4d 06 0b 1f 01 00 84 00", 6, "a qstr of 256 bytes, the limit is 255"},
      {"4d 06 0b 1f 01 00 04 61 62 63", 9, "the qstr is not followed by NUL"},
      {"4d 06 0b 1f 01 00 06 61 62", 7, "the file ends inside the qstr"},
      {"4d 06 0b 1f 00 01 0b", 6, "unknown object kind 11"},
      {"4d 06 0b 1f 00 01 05 01 61 62", 9, "the object is not followed by NUL"},
      {"4d 06 0b 1f 00 01 07 03 31 31", 8, "the file ends inside the object"},
      {"4d 06 0b 1f 00 01 0a 03 01 01", 7, "the length of a tuple is 3, but only 2 bytes follow"},
      {x64 + "02", 6, "a raw code without code"},
      {x64 + "42 0102", 7, "the file ends inside the code"},
      {x64 + "8f ff ff ff 7a", 11, "the file ends inside the code"},
      {x64 + "41" + code + "08", 15, "the prelude is outside the code"},
      {x64 + "42" + code, 15, "the file ends inside the scope flags"},
      {x64 + "43" + code + "00 01", 17, "the file ends inside the type signature"},
      {x64 + "42" + code + "20 03 0102", 17, "the file ends inside the rodata"},
      {x64 + "42" + code + "20 8f ff ff ff 7f 01", 21, "the file ends inside the rodata"},
      {x64 + "44" + code + "8f ff ff ff 7f 08 63", 15,
       "the number of children is 4294967295, but only 2 bytes follow"},
      {x64 + "44" + code + "02 08 63", 18, "the file ends inside the raw code"},
      {x64 + "42" + code + "10 01 00 01 02 ff", 18, "relocation of text word 1, but there are 1"},
      {x64 + "42" + code + "10 01 01 ff", 16, "relocation of rodata word 0, but there are 0"},
      {x64 + "42" + code + "30 07 01020304050607 01 01 ff", 24,
       "relocation of rodata word 0, but there are 0"},
      {x64 + "42" + code + "10 01 00", 18, "the file ends inside the relocations"},
      {x64 + "42" + code + "00 01 00 ff", 16, "3 bytes after the end"},
  }));
  CAPTURE(file);
  Failure failure = failureOf(hex(file));
  CHECK(failure.text == message);
  CHECK(failure.offset == offset);
}

TEST_CASE("the length of a qstr may be at its limit", "[mpy]") {
  Bytes file = repeated("4d06 0b1f 01 00 83 7e", 255, "61", "00 0a 63 00");
  Result<Module> module = read(file);
  REQUIRE(module);
  CHECK(module->qstrs[0] == std::string(255, 'a'));
  CHECK(write(*module) == file);
}

TEST_CASE("words of 8 bytes halve the number of words", "[mpy]") {
  // Two relocations of 8 bytes of code: right for x86, too many for x64.
  Bytes file = hex("4d06 071f 00 00 42 0102030405060708 10 01 00 00 ff");
  CHECK(read(file));
  file[2] = 0x0b;
  CHECK(failureOf(file).text == "relocation of text word 1, but there are 1");
}

TEST_CASE("nesting has a limit", "[mpy]") {
  SECTION("tuples") {
    auto nested = [](size_t depth) {
      return repeated("4d06 001f 00 01", depth - 1, "0a 01", "0a 00 08 63");
    };
    CHECK(read(nested(200)));
    CHECK(failureOf(nested(201)).text == "tuples nested too deeply");
    CHECK(failureOf(nested(1 << 20)).text == "tuples nested too deeply");
  }
  SECTION("raw codes") {
    auto nested = [](size_t depth) {
      return repeated("4d06 001f 00 00", depth - 1, "0c 63 01", "08 63");
    };
    CHECK(read(nested(200)));
    CHECK(failureOf(nested(201)).text == "raw codes nested too deeply");
    CHECK(failureOf(nested(1 << 20)).text == "raw codes nested too deeply");
  }
}

TEST_CASE("a few bytes cannot ask for many relocations", "[mpy]") {
  // 64 KiB of x86 code, relocated from end to end again and again: 6 bytes for 16384 relocations.
  Bytes file = repeated("4d06 071f 00 00 a0 80 02", 1 << 16, "00", "10");
  Bytes pass = hex("03 00 81 80 00");
  for (int i = 0; i < 10000; ++i)
    file.insert(file.end(), pass.begin(), pass.end());
  file.push_back(0xff);
  Failure failure = failureOf(file);
  CHECK(failure.text == "more relocations than the file has bytes");

  // The same in many raw codes: the limit is one for the whole file.
  std::string childOf16Words = "84 02 " + std::string(128, '0') + "10 03 00 10 ";
  std::string passes;
  for (int i = 0; i < 40; ++i)
    passes += "03 00 10 ";
  file = repeated("4d06 071f 00 00 0c 63 08", 8, childOf16Words + passes + "ff", "");
  CHECK(failureOf(file).text == "more relocations than the file has bytes");
}
