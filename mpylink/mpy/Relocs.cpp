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
constexpr Dest tables5[] = {Dest::FunTable};
constexpr Dest tables6[] = {Dest::QstrTable, Dest::ObjTable, Dest::FunTable};

unsigned operationFor(const RelocForm &form, const Reloc &reloc) {
  for (unsigned i = 0; i < form.blocks.size(); ++i)
    if (form.blocks[i] == reloc.dest)
      return 2 * i;
  const auto table = std::ranges::find(form.tables, reloc.dest);
  const auto index = static_cast<unsigned>(table - form.tables.begin());
  assert(table != form.tables.end() || reloc.dest == Dest::FunEntry);
  return RelocForm::firstTable + index + (reloc.dest == Dest::FunEntry ? reloc.entry : 0);
}

/// Whether the operation has a meaning.
bool setTarget(const RelocForm &form, Reloc &reloc, unsigned operation) {
  reloc.entry = 0;
  if (operation < RelocForm::firstTable) {
    const std::optional<Dest> block = form.blocks[operation / 2];
    reloc.dest = block.value_or(Dest::Text);
    return block.has_value();
  }
  if (operation < form.firstEntry()) {
    reloc.dest = form.tables[operation - RelocForm::firstTable];
    return true;
  }
  reloc.dest = Dest::FunEntry;
  reloc.entry = static_cast<uint8_t>(operation - form.firstEntry());
  return reloc.entry <= form.maxEntry();
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

RelocForm relocForm(uint8_t version, const RawCode &raw) {
  if (version != 5)
    return {{Dest::Text, Dest::Rodata, Dest::Bss}, tables6};
  const bool rodata = (raw.scopeFlags & scopeViperRodata) != 0;
  const bool bss = (raw.scopeFlags & scopeViperBss) != 0;
  RelocForm form{{Dest::Text, {}, {}}, tables5};
  if (rodata)
    form.blocks[1] = Dest::Rodata;
  if (bss)
    form.blocks[rodata ? 2 : 1] = Dest::Bss;
  return form;
}

Bytes encodeRelocs(const RelocForm &form, std::vector<Reloc> relocs) {
  Bytes out;
  std::sort(relocs.begin(), relocs.end());
  for (size_t i = 0; i < relocs.size();) {
    const Reloc &reloc = relocs[i];
    assert(reloc.place != Segment::Bss && reloc.entry <= form.maxEntry());
    unsigned operation = operationFor(form, reloc);
    // Two single entries are as short as one with a count, which is a byte longer than one.
    size_t run = operation < RelocForm::firstTable ? runEnd(relocs, i) - i : 1;
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
  return out;
}

std::vector<Reloc> readRelocs(Cursor &in, const RelocForm &form, const RelocLimits &limits) {
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
    bool counted = operation < RelocForm::firstTable && (operation & 1);
    uint32_t count = counted ? in.varUint("count of a relocation") : 1;
    if (!placed)
      in.fail(start, "the first relocation has no location");
    if (!setTarget(form, next, operation))
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
    for (; count != 0; --count, ++next.word)
      relocs.push_back(next);
  }
}

} // namespace mpylink::mpy
