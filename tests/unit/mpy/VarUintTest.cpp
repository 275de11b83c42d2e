// SPDX-License-Identifier: MIT
// The number encoding, and the cursor that reads it.
#include "mpy/VarUint.h"
#include "Samples.h"
#include "mpy/Cursor.h"

#include <catch2/catch.hpp>

using namespace mpylink;
using mpy::Cursor;
using samples::hex;

TEST_CASE("a var-uint has the shortest encoding", "[mpy]") {
  auto [value, text] = GENERATE(table<uint64_t, const char *>({
      {0, "00"},
      {1, "01"},
      {0x7f, "7f"},
      {0x80, "81 00"},
      {0x105, "82 05"},
      {0x3fff, "ff 7f"},
      {0x4000, "81 80 00"},
      {0x1fffff, "ff ff 7f"},
      {0xffffffff, "8f ff ff ff 7f"},
      {0x100000000, "90 80 80 80 00"},
      {UINT64_MAX, "81 ff ff ff ff ff ff ff ff 7f"},
  }));
  Bytes out = {0xaa};
  mpy::appendVarUint(out, value);
  Bytes expected = hex(text);
  expected.insert(expected.begin(), 0xaa);
  CHECK(out == expected);

  Bytes encoded(out.begin() + 1, out.end());
  Cursor in(encoded);
  uint32_t read = in.varUint("number");
  CHECK(in.ok() == (value <= UINT32_MAX));
  CHECK(read == (in.ok() ? value : 0));
}

TEST_CASE("leading zero groups of a var-uint are accepted", "[mpy]") {
  Bytes padded(20, 0x80);
  padded.push_back(0x8f);
  padded.insert(padded.end(), 3, 0xff);
  padded.push_back(0x7f);
  padded.push_back(0x33);
  Cursor in(padded);
  CHECK(in.varUint("number") == UINT32_MAX);
  CHECK(in.ok());
  CHECK(in.remaining() == 1);
}

TEST_CASE("a bad var-uint is refused at its first byte", "[mpy]") {
  auto [text, offset, message] = GENERATE(table<const char *, size_t, const char *>({
      {"33 90 80 80 80 00", 1, "the number is larger than 32 bits"},
      {"33 ff ff ff ff ff ff ff ff ff ff ff 7f", 1, "the number is larger than 32 bits"},
      {"33", 1, "the file ends inside the number"},
      {"33 81 80", 3, "the file ends inside the number"},
  }));
  Bytes file = hex(text);
  Cursor in(file);
  in.byte("first");
  CHECK(in.varUint("number") == 0);
  REQUIRE(!in.ok());
  CHECK(in.failure().offset == offset);
  CHECK(in.failure().text == message);
}

TEST_CASE("the first problem of a cursor stays", "[mpy]") {
  Bytes file = hex("01 02 03");
  Cursor in(file);
  CHECK(in.bytes(2, "start").size() == 2);
  CHECK(in.bytes(2, "rest").empty());
  in.fail(0, "later");
  CHECK(in.byte("byte") == 0);
  CHECK(in.varUint("number") == 0);
  CHECK(in.remaining() == 0);
  CHECK(in.failure().offset == 2);
  CHECK(in.failure().text == "the file ends inside the rest");
}

TEST_CASE("a count needs as many bytes as items", "[mpy]") {
  Bytes file = hex("03 03 00 00");
  Cursor in(file);
  CHECK(in.count("number of items") == 3);
  CHECK(in.count("number of items") == 0);
  REQUIRE(!in.ok());
  CHECK(in.failure().offset == 1);
  CHECK(in.failure().text == "the number of items is 3, but only 2 bytes follow");
}
