// SPDX-License-Identifier: MIT
// Encoding and decoding of the relocation byte stream.
//
// An entry is a byte (operation << 1 | has location), the location if it has one, and a count for
// the operations 1, 3 and 5, the counted forms of 0, 2 and 4 (text, rodata, bss).
#include "mpy/Relocs.h"

#include "mpy/VarUint.h"

#include <algorithm>
#include <cassert>

namespace mpylink::mpy {

namespace {

constexpr uint8_t endMark = 0xff;
constexpr unsigned firstUncounted = 6;
constexpr unsigned firstFunEntry = 9;

unsigned operationFor(const Reloc &reloc) {
  switch (reloc.dest) {
  case Dest::Text:
    return 0;
  case Dest::Rodata:
    return 2;
  case Dest::Bss:
    return 4;
  case Dest::QstrTable:
    return 6;
  case Dest::ObjTable:
    return 7;
  case Dest::FunTable:
    return 8;
  case Dest::FunEntry:
    break;
  }
  return firstFunEntry + reloc.entry;
}

void setTarget(Reloc &reloc, unsigned operation) {
  constexpr Dest dests[firstFunEntry] = {Dest::Text,      Dest::Text,     Dest::Rodata,
                                         Dest::Rodata,    Dest::Bss,      Dest::Bss,
                                         Dest::QstrTable, Dest::ObjTable, Dest::FunTable};
  bool isEntry = operation >= firstFunEntry;
  reloc.dest = isEntry ? Dest::FunEntry : dests[operation];
  reloc.entry = isEntry ? static_cast<uint8_t>(operation - firstFunEntry) : 0;
}

/// Whether `next` is at the word where the loader stands after `last`.
bool follows(const Reloc &last, const Reloc &next) {
  return next.place == last.place && next.word == last.word + 1;
}

/// The end of the run of equal additions to consecutive words that begins at `first`.
size_t runEnd(const std::vector<Reloc> &relocs, size_t first) {
  size_t end = first + 1;
  while (end < relocs.size() && follows(relocs[end - 1], relocs[end]) &&
         relocs[end].dest == relocs[first].dest)
    ++end;
  return end;
}

} // namespace

void appendRelocs(Bytes &out, std::vector<Reloc> relocs) {
  std::sort(relocs.begin(), relocs.end());
  for (size_t i = 0; i < relocs.size();) {
    const Reloc &reloc = relocs[i];
    assert(reloc.place != Segment::Bss && reloc.entry <= maxFunEntry);
    unsigned operation = operationFor(reloc);
    // Two single entries are as short as one with a count, which is a byte longer than one.
    size_t run = operation < firstUncounted ? runEnd(relocs, i) - i : 1;
    bool counted = run > 2;
    if (counted)
      ++operation;
    bool located = i == 0 || !follows(relocs[i - 1], reloc);
    out.push_back(static_cast<uint8_t>(operation << 1 | (located ? 1 : 0)));
    if (located)
      appendVarUint(out, uint64_t{reloc.word} << 1 | (reloc.place == Segment::Rodata ? 1 : 0));
    if (counted)
      appendVarUint(out, run);
    i += counted ? run : 1;
  }
  out.push_back(endMark);
}

std::vector<Reloc> readRelocs(Cursor &in, const RelocLimits &limits) {
  std::vector<Reloc> relocs;
  Reloc next;
  bool placed = false;
  for (;;) {
    size_t start = in.offset();
    uint8_t head = in.byte("relocations");
    if (head == endMark)
      return relocs;
    if (head & 1) {
      uint32_t location = in.varUint("location of a relocation");
      next.place = location & 1 ? Segment::Rodata : Segment::Text;
      next.word = location >> 1;
      placed = true;
    }
    unsigned operation = head >> 1;
    bool counted = operation < firstUncounted && (operation & 1);
    uint32_t count = counted ? in.varUint("count of a relocation") : 1;
    if (!placed)
      in.fail(start, "the first relocation has no location");
    if (operation > firstFunEntry + maxFunEntry)
      in.fail(start, "relocation operation " + std::to_string(operation) + " is not in use");
    bool inText = next.place == Segment::Text;
    uint32_t words = inText ? limits.textWords : limits.rodataWords;
    if (count > words || next.word > words - count)
      in.fail(start, "relocation of " + std::string(inText ? "text" : "rodata") + " word " +
                         std::to_string(uint64_t{next.word} + (count ? count - 1 : 0)) +
                         ", but there are " + std::to_string(words));
    if (count > limits.total - relocs.size())
      in.fail(start, "more relocations than the file has bytes");
    if (!in.ok())
      return {};
    setTarget(next, operation);
    for (; count != 0; --count, ++next.word)
      relocs.push_back(next);
  }
}

} // namespace mpylink::mpy
