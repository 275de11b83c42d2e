// SPDX-License-Identifier: MIT
#include "support/Bytes.h"
#include "support/Result.h"

#include <catch2/catch.hpp>

#include <limits>

using namespace mpylink;

TEST_CASE("numbers are read and written in little endian", "[support]") {
  Bytes bytes = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xff};
  CHECK(readLe<uint16_t>(bytes) == 0x2301);
  CHECK(readLe<uint32_t>(ByteView(bytes).subspan(1)) == 0x89674523);
  CHECK(readLe<int8_t>(ByteView(bytes).subspan(8)) == -1);
  CHECK(readUint(ByteView(bytes).first(1)) == 0x01);
  CHECK(readUint(ByteView(bytes).first(3)) == 0x452301);
  CHECK(readUint(ByteView(bytes).first(8)) == 0xefcdab8967452301);
  CHECK(readUint({}) == 0);

  writeLe<uint16_t>(ByteSpan(bytes).subspan(7), 0x1234);
  CHECK(bytes[7] == 0x34);
  CHECK(bytes[8] == 0x12);
  writeUint(ByteSpan(bytes).first(3), 0xaabbccdd);
  CHECK(bytes == Bytes{0xdd, 0xcc, 0xbb, 0x67, 0x89, 0xab, 0xcd, 0x34, 0x12});
}

TEST_CASE("alignment goes up", "[support]") {
  CHECK(alignTo(0, 8) == 0);
  CHECK(alignTo(1, 8) == 8);
  CHECK(alignTo(8, 8) == 8);
  CHECK(alignTo(9, 1) == 9);
}

TEST_CASE("fields of any width are signed or not", "[support]") {
  CHECK(signExtend(0x7f, 8) == 127);
  CHECK(signExtend(0x80, 8) == -128);
  CHECK(signExtend(0x1ff, 8) == -1);
  CHECK(signExtend(1, 1) == -1);
  CHECK(signExtend(~uint64_t(0), 64) == -1);
  for (const unsigned bits : {1u, 8u, 21u, 25u, 32u, 63u}) {
    INFO(bits);
    const int64_t half = int64_t(1) << (bits - 1);
    CHECK(fitsSigned(half - 1, bits));
    CHECK_FALSE(fitsSigned(half, bits));
    CHECK(fitsSigned(-half, bits));
    CHECK_FALSE(fitsSigned(-half - 1, bits));
    CHECK(fitsUnsigned(half + (half - 1), bits));
    CHECK_FALSE(fitsUnsigned(-1, bits));
    if (bits < 63)
      CHECK_FALSE(fitsUnsigned(half * 2, bits));
  }
  CHECK(fitsSigned(std::numeric_limits<int64_t>::min(), 64));
  CHECK(fitsUnsigned(-1, 64));
}

TEST_CASE("a result is a value or a failure", "[support]") {
  const Result<Bytes> good = Bytes{1, 2};
  REQUIRE(good);
  CHECK(*good == Bytes{1, 2});
  Result<std::string> text = std::string("text");
  CHECK(text->size() == 4);
  const Result<Bytes> bad = Failure{7, "too short"};
  CHECK_FALSE(bad);
  CHECK(bad.failure().offset == 7);
  CHECK(bad.failure().text == "too short");
}
