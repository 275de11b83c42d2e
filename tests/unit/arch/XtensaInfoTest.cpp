// SPDX-License-Identifier: MIT
// Which calling convention an object has, by the note of GNU as 2.40.
#include "ArchTests.h"

using namespace archtest;

namespace {

const arch::Arch &xtensa = arch::xtensa();

constexpr std::string_view windowedNote =
    "0c000000 20000000 01000000 5874656e73615f496e666f00"
    "5553455f4142534f4c5554455f4c49544552414c533d300a4142493d300a0000";
constexpr std::string_view call0Note =
    "0c000000 20000000 01000000 5874656e73615f496e666f00"
    "5553455f4142534f4c5554455f4c49544552414c533d300a4142493d310a0000";

/// A note with sizes that agree.
Bytes note(std::string_view name, uint32_t type, std::string_view text) {
  const auto nameSize = static_cast<uint32_t>(name.size());
  const auto textSize = static_cast<uint32_t>(text.size());
  Bytes bytes(12 + alignTo(nameSize, 4) + alignTo(textSize, 4));
  writeLe(ByteSpan(bytes), nameSize);
  writeLe(ByteSpan(bytes).subspan(4), textSize);
  writeLe(ByteSpan(bytes).subspan(8), type);
  std::ranges::copy(name, bytes.begin() + 12);
  std::ranges::copy(text, bytes.begin() + 12 + static_cast<std::ptrdiff_t>(alignTo(nameSize, 4)));
  return bytes;
}

Bytes info(std::string_view text) { return note(std::string_view("Xtensa_Info", 12), 1, text); }

Bytes operator+(Bytes left, const Bytes &right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

arch::ObjectAbi read(const Bytes &bytes) {
  const Result<arch::ObjectAbi> abi = xtensa.objectAbi(0x300, bytes);
  if (!abi)
    FAIL(abi.failure().text);
  return *abi;
}

std::string failure(const Bytes &bytes) {
  const Result<arch::ObjectAbi> abi = xtensa.objectAbi(0x300, bytes);
  return abi ? "" : abi.failure().text;
}

std::string mismatch(const arch::ObjectAbi &object, std::string_view target) {
  return xtensa.mismatch(object, *abi::findArch(target));
}

arch::ObjectAbi windowed() { return read(hex(windowedNote)); }
arch::ObjectAbi call0() { return read(hex(call0Note)); }
arch::ObjectAbi any() { return read({}); }

} // namespace

TEST_CASE("Xtensa: each convention in each architecture", "[arch]") {
  CHECK(windowed().text == "windowed-register calls");
  CHECK(call0().text == "call0 calls");
  CHECK(mismatch(windowed(), "xtensawin") == "");
  CHECK(mismatch(call0(), "xtensa") == "");
  CHECK(mismatch(windowed(), "xtensa") ==
        "windowed-register calls, but xtensa has no register windows (-mabi=call0)");
  CHECK(mismatch(call0(), "xtensawin") ==
        "call0 calls, but xtensawin has register windows (-mabi=windowed)");
  CHECK(mismatch(any(), "xtensa") == "");
  CHECK(mismatch(any(), "xtensawin") == "");
  for (const abi::ArchInfo &target : abi::archs())
    if (!target.name.starts_with("xtensa"))
      for (const arch::ObjectAbi &object : {windowed(), call0(), any()})
        CHECK(mismatch(object, target.name) ==
              "no module for " + std::string(target.name) + " can hold Xtensa code");
}

TEST_CASE("Xtensa: one module has one convention", "[arch]") {
  CHECK(xtensa.conflict(windowed(), call0()) ==
        "one object has windowed-register calls, the other call0 calls: compile both with the same "
        "-mabi");
  CHECK(xtensa.conflict(call0(), windowed()) != "");
  for (const arch::ObjectAbi &object : {windowed(), call0(), any()}) {
    CHECK(xtensa.conflict(object, object) == "");
    CHECK(xtensa.conflict(object, any()) == "");
    CHECK(xtensa.conflict(any(), object) == "");
  }
}

TEST_CASE("Xtensa: absolute literals are refused", "[arch]") {
  CHECK_THAT(failure(info("USE_ABSOLUTE_LITERALS=1\nABI=0\n")), Catch::Contains("Extended L32R"));
  CHECK(failure(info("USE_ABSOLUTE_LITERALS=0\nABI=0\n")) == "");
}

TEST_CASE("Xtensa: what a note may look like", "[arch]") {
  using namespace std::string_view_literals;
  const auto [bytes, expected] = GENERATE(table<Bytes, arch::ObjectAbi>({
      {info("USE_ABSOLUTE_LITERALS=0\nABI=0\n\0\0"sv), windowed()},
      {info("ABI=1"), call0()},
      {info("ABI=1\n"), call0()},
      {info("FUTURE=\"text\"\nABI=0\n"), windowed()},
      {info("ABI=0\n\0ABI=1\n"sv), windowed()}, // The text ends at the NUL.
      {info("ABI=0\n") + info("ABI=0\n"), windowed()},
      {note("GNU\0"sv, 1, "ABI=1\n") + info("ABI=0\n"), windowed()},
      {info("ABI=0\n") + note("GNU\0"sv, 1, "ABI=1\n"), windowed()},
      {note("Xtensa_Info", 1, "ABI=1\n"), call0()},
      {note("Xtensa_Info\0"sv, 2, "ABI=1\n"), any()},
      {note("Xtensa_Infos", 1, "ABI=1\n"), any()},
      {note("", 1, "ABI=1\n"), any()},
      {info(""), any()},
      {info("\n\n"), any()},
      {info("ABI=2\n"), any()},
      {info("ABI=-1\n"), any()},
      {info("ABI=10\n"), any()},
      {info("ABI=\n"), any()},
      {info("ABI"), any()},
      {info("XABI=0\n"), any()},
  }));
  INFO(toHex(bytes));
  const arch::ObjectAbi abi = read(bytes);
  CHECK(abi.key == expected.key);
  CHECK(abi.text == expected.text);
}

TEST_CASE("Xtensa: a note cut off anywhere is corrupt", "[arch]") {
  const Bytes whole = hex(windowedNote);
  for (size_t size = 1; size < whole.size(); ++size) {
    INFO(size << " bytes");
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(failure(cut) == "the note in .xtensa.info is corrupt");
    CHECK(failure(whole + cut) == "the note in .xtensa.info is corrupt");
  }
  Bytes unpadded = info("ABI=0\n");
  unpadded.pop_back(); // Nothing follows, so no padding is needed.
  unpadded.pop_back();
  CHECK(read(unpadded).key == windowed().key);
}

TEST_CASE("Xtensa: sizes beyond the note are corrupt", "[arch]") {
  const auto [field, size] = GENERATE(table<size_t, uint32_t>({
      {0, 45},
      {0, 0x7fffffff},
      {0, 0xfffffffc},
      {0, 0xffffffff},
      {4, 33},
      {4, 0x7fffffff},
      {4, 0xffffffe0},
      {4, 0xffffffff},
  }));
  Bytes bytes = hex(windowedNote);
  writeLe(ByteSpan(bytes).subspan(field), size);
  CHECK(failure(bytes) == "the note in .xtensa.info is corrupt");
}

TEST_CASE("Xtensa: damaged notes do no harm", "[arch]") {
  size_t failures = 0;
  const Bytes whole = hex(windowedNote) + hex(call0Note);
  for (size_t at = 0; at < whole.size(); ++at)
    for (unsigned value = 0; value < 256; ++value) {
      Bytes damaged = whole;
      damaged[at] = static_cast<uint8_t>(value);
      const Result<arch::ObjectAbi> abi = xtensa.objectAbi(0, damaged);
      if (abi)
        (void)mismatch(*abi, "xtensa");
      else
        ++failures;
    }
  CHECK(failures > 1000);
}
