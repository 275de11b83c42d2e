// SPDX-License-Identifier: MIT
// The relocation byte stream: exact bytes, smallest size, meaning, and what is refused.
#include "mpy/Relocs.h"
#include "RandomModule.h"
#include "Samples.h"

#include <catch2/catch.hpp>

using namespace mpylink;
using namespace mpylink::mpy;
using samples::hex;

namespace {

constexpr RelocLimits plenty = {1 << 20, 1 << 20, 1 << 20};

const RelocForm form = relocForm(6, {});

Bytes encode(std::vector<Reloc> relocs) { return encodeRelocs(form, std::move(relocs)); }

/// `count` relocations of consecutive text words.
std::vector<Reloc> run(uint32_t first, uint32_t count, Dest dest) {
  std::vector<Reloc> relocs;
  for (uint32_t i = 0; i < count; ++i)
    relocs.push_back({Segment::Text, first + i, dest, 0});
  return relocs;
}

struct Refusal {
  size_t offset;
  std::string text;
};

Refusal refusalOf(const Bytes &stream, const RelocLimits &limits) {
  Cursor in(stream);
  std::vector<Reloc> relocs = readRelocs(in, form, limits);
  REQUIRE(!in.ok());
  CHECK(relocs.empty());
  return {in.failure().offset, in.failure().text};
}

/// The stream as a firmware walks it, written apart from the library's own reader.
std::vector<Reloc> walk(const Bytes &stream) {
  std::vector<Reloc> result;
  size_t at = 0;
  auto number = [&] {
    uint32_t value = 0;
    while (stream.at(at) & 0x80)
      value = value << 7 | (stream.at(at++) & 0x7f);
    return value << 7 | stream.at(at++);
  };
  Segment place = Segment::Bss; // No place yet.
  uint32_t word = 0;
  while (stream.at(at) != 0xff) {
    unsigned head = stream.at(at++);
    if (head & 1) {
      uint32_t location = number();
      place = location % 2 ? Segment::Rodata : Segment::Text;
      word = location / 2;
    }
    unsigned operation = head / 2;
    uint32_t count = operation == 1 || operation == 3 || operation == 5 ? number() : 1;
    Reloc reloc;
    reloc.place = place;
    if (operation < 6) {
      reloc.dest = operation < 2 ? Dest::Text : operation < 4 ? Dest::Rodata : Dest::Bss;
    } else if (operation < 9) {
      reloc.dest = operation == 6   ? Dest::QstrTable
                   : operation == 7 ? Dest::ObjTable
                                    : Dest::FunTable;
    } else {
      reloc.dest = Dest::FunEntry;
      reloc.entry = static_cast<uint8_t>(operation - 9);
    }
    while (count-- != 0) {
      reloc.word = word++;
      result.push_back(reloc);
    }
  }
  CHECK(at + 1 == stream.size());
  return result;
}

size_t varUintSize(uint64_t value) {
  size_t size = 1;
  while (value >>= 7)
    ++size;
  return size;
}

/// The size of the shortest of all streams that make these relocations in this order.
size_t smallestSize(const std::vector<Reloc> &relocs) {
  auto follows = [&](size_t i) {
    return i > 0 && relocs[i].place == relocs[i - 1].place &&
           relocs[i].word == relocs[i - 1].word + 1;
  };
  std::vector<size_t> best(relocs.size() + 1, SIZE_MAX);
  best[0] = 1; // The end mark.
  for (size_t i = 0; i < relocs.size(); ++i) {
    size_t location = follows(i) ? 0 : varUintSize(uint64_t{relocs[i].word} * 2 + 1);
    best[i + 1] = std::min(best[i + 1], best[i] + location + 1);
    if (relocs[i].dest > Dest::Bss)
      continue;
    for (size_t end = i + 1; end <= relocs.size(); ++end) {
      best[end] = std::min(best[end], best[i] + location + 1 + varUintSize(end - i));
      if (end == relocs.size() || !follows(end) || relocs[end].dest != relocs[i].dest)
        break;
    }
  }
  return best.back();
}

} // namespace

TEST_CASE("every destination has its operation", "[mpy][relocs]") {
  auto [dest, entry, text] = GENERATE(table<Dest, int, const char *>({
      {Dest::Text, 0, "01 06 ff"},
      {Dest::Rodata, 0, "05 06 ff"},
      {Dest::Bss, 0, "09 06 ff"},
      {Dest::QstrTable, 0, "0d 06 ff"},
      {Dest::ObjTable, 0, "0f 06 ff"},
      {Dest::FunTable, 0, "11 06 ff"},
      {Dest::FunEntry, 0, "13 06 ff"},
      {Dest::FunEntry, 1, "15 06 ff"},
      {Dest::FunEntry, 117, "fd 06 ff"},
  }));
  CHECK(encode({{Segment::Text, 3, dest, static_cast<uint8_t>(entry)}}) == hex(text));
}

TEST_CASE("a location is given only when it jumps", "[mpy][relocs]") {
  using enum Segment;
  SECTION("no relocations") { CHECK(encode({}) == hex("ff")); }
  SECTION("word 0 has a location too") {
    CHECK(encode({{Text, 0, Dest::FunTable, 0}}) == hex("11 00 ff"));
  }
  SECTION("consecutive words of different destinations") {
    CHECK(encode({{Text, 7, Dest::FunTable, 0},
                  {Text, 8, Dest::Rodata, 0},
                  {Text, 9, Dest::Bss, 0},
                  {Text, 10, Dest::QstrTable, 0},
                  {Text, 11, Dest::FunEntry, 0}}) == hex("11 0e 04 08 0c 12 ff"));
  }
  SECTION("a gap, and a location of two bytes") {
    CHECK(encode({{Text, 1, Dest::Text, 0}, {Text, 2, Dest::Text, 0}, {Text, 64, Dest::Text, 0}}) ==
          hex("01 02 00 01 81 00 ff"));
  }
  SECTION("a change of place at consecutive words") {
    CHECK(encode({{Text, 0, Dest::Text, 0}, {Rodata, 1, Dest::Text, 0}}) == hex("01 00 01 03 ff"));
  }
  SECTION("a change of place to word 0") {
    CHECK(encode({{Text, 4, Dest::Bss, 0}, {Rodata, 0, Dest::Bss, 0}}) == hex("09 08 09 01 ff"));
  }
  SECTION("the order given does not matter") {
    CHECK(encode({{Rodata, 0, Dest::Bss, 0},
                  {Text, 2, Dest::FunEntry, 5},
                  {Text, 2, Dest::Text, 0},
                  {Text, 1, Dest::ObjTable, 0}}) == hex("0f 02 00 1d 04 09 01 ff"));
  }
}

TEST_CASE("a word relocated twice gets its location twice", "[mpy][relocs]") {
  using enum Segment;
  SECTION("different destinations") {
    CHECK(encode({{Text, 5, Dest::Bss, 0}, {Text, 5, Dest::Text, 0}}) == hex("01 0a 09 0a ff"));
  }
  SECTION("equal destinations, then a neighbour") {
    CHECK(encode({{Text, 5, Dest::Text, 0}, {Text, 5, Dest::Text, 0}, {Text, 6, Dest::Text, 0}}) ==
          hex("01 0a 01 0a 00 ff"));
  }
  SECTION("a double breaks a run") {
    std::vector<Reloc> relocs = run(0, 6, Dest::Rodata);
    relocs.push_back(relocs[2]);
    CHECK(encode(relocs) == hex("07 00 03 07 04 04 ff"));
  }
}

TEST_CASE("runs are counted when that is shorter", "[mpy][relocs]") {
  SECTION("two words: single entries") {
    CHECK(encode(run(0, 2, Dest::Text)) == hex("01 00 00 ff"));
    CHECK(encode(run(0, 2, Dest::Bss)) == hex("09 00 08 ff"));
  }
  SECTION("three words and more: a count") {
    CHECK(encode(run(0, 3, Dest::Text)) == hex("03 00 03 ff"));
    CHECK(encode(run(9, 3, Dest::Rodata)) == hex("07 12 03 ff"));
    CHECK(encode(run(9, 127, Dest::Bss)) == hex("0b 12 7f ff"));
    CHECK(encode(run(9, 128, Dest::Bss)) == hex("0b 12 81 00 ff"));
  }
  SECTION("other destinations have no counted form") {
    CHECK(encode(run(0, 4, Dest::QstrTable)) == hex("0d 00 0c 0c 0c ff"));
    CHECK(encode(run(0, 3, Dest::FunEntry)) == hex("13 00 12 12 ff"));
  }
  SECTION("a run that continues needs no location") {
    std::vector<Reloc> relocs = run(4, 1, Dest::FunTable);
    for (const Reloc &reloc : run(5, 4, Dest::Text))
      relocs.push_back(reloc);
    for (const Reloc &reloc : run(9, 3, Dest::Rodata))
      relocs.push_back(reloc);
    CHECK(encode(relocs) == hex("11 08 02 04 06 03 ff"));
  }
  SECTION("a gap ends a run") {
    std::vector<Reloc> relocs = run(0, 3, Dest::Text);
    for (const Reloc &reloc : run(4, 3, Dest::Text))
      relocs.push_back(reloc);
    CHECK(encode(relocs) == hex("03 00 03 03 08 03 ff"));
  }
  SECTION("the place changes inside equal words") {
    std::vector<Reloc> relocs = run(0, 3, Dest::Text);
    for (uint32_t word = 3; word < 6; ++word)
      relocs.push_back({Segment::Rodata, word, Dest::Text, 0});
    CHECK(encode(relocs) == hex("03 00 03 03 07 03 ff"));
  }
}

TEST_CASE("random relocations: smallest stream, same meaning", "[mpy][relocs]") {
  samples::RandomModule random(20240611);
  for (int i = 0; i < 300; ++i) {
    std::vector<Reloc> relocs = random.relocs(random.below(400), random.below(200));
    Bytes stream = encode(relocs);
    REQUIRE(stream.size() == smallestSize(relocs));
    REQUIRE(walk(stream) == relocs);
    Cursor in(stream);
    REQUIRE(readRelocs(in, form, plenty) == relocs);
    REQUIRE(in.remaining() == 0);

    std::reverse(relocs.begin(), relocs.end());
    REQUIRE(encode(relocs) == stream);
  }
}

TEST_CASE("other encodings of a stream mean the same", "[mpy][relocs]") {
  auto [text, relocs] = GENERATE(table<const char *, std::vector<Reloc>>({
      {"03 08 01 ff", run(4, 1, Dest::Text)},
      {"01 08 01 0a 00 ff", run(4, 3, Dest::Text)},
      {"03 80 08 80 80 02 02 01 ff", run(4, 3, Dest::Text)},
      {"03 08 00 03 08 02 ff", run(4, 2, Dest::Text)},
  }));
  Bytes stream = hex(text);
  Cursor in(stream);
  CHECK(readRelocs(in, form, plenty) == relocs);
  CHECK(in.ok());
}

TEST_CASE("bad relocation streams are refused", "[mpy][relocs]") {
  constexpr RelocLimits small = {10, 2, 11};
  auto [text, offset, message] = GENERATE(table<const char *, size_t, const char *>({
      {"", 0, "the file ends inside the relocations"},
      {"01 02", 2, "the file ends inside the relocations"},
      {"01", 1, "the file ends inside the location of a relocation"},
      {"03 02", 2, "the file ends inside the count of a relocation"},
      {"10 ff", 0, "the first relocation has no location"},
      {"01 14 ff", 0, "relocation of text word 10, but there are 10"},
      {"01 00 01 12 00 ff", 4, "relocation of text word 10, but there are 10"},
      {"01 05 ff", 0, "relocation of rodata word 2, but there are 2"},
      {"03 00 0b ff", 0, "relocation of text word 10, but there are 10"},
      {"03 0c 05 ff", 0, "relocation of text word 10, but there are 10"},
      {"03 00 8f ff ff ff 7f ff", 0, "relocation of text word 4294967294, but there are 10"},
      {"01 8f ff ff ff 7e ff", 0, "relocation of text word 2147483647, but there are 10"},
      {"03 00 90 80 80 80 00 ff", 2, "the count of a relocation is larger than 32 bits"},
      {"03 00 0a 03 00 02 ff", 3, "more relocations than the file has bytes"},
      {"01 00 fe ff", 2, "relocation operation 127 is not in use"},
  }));
  Refusal refusal = refusalOf(hex(text), small);
  CHECK(refusal.offset == offset);
  CHECK(refusal.text == message);
}

TEST_CASE("limits that are just met are kept", "[mpy][relocs]") {
  constexpr RelocLimits small = {10, 2, 12};
  Bytes stream = hex("03 00 0a  03 01 02 ff");
  Cursor in(stream);
  CHECK(readRelocs(in, form, small).size() == 12);
  CHECK(in.ok());
}
