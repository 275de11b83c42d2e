// SPDX-License-Identifier: MIT
#include "elf/Padding.h"

#include "llvm/BinaryFormat/ELF.h"

#include <algorithm>
#include <bit>

namespace mpylink::elf {

namespace {

struct Cut {
  uint64_t start, size;
  uint64_t before; ///< What the cuts in front of it take out.
};

/// What is taken out of one section, by ascending offset.
class Cuts {
public:
  bool empty() const { return cuts.empty(); }
  void add(uint64_t start, uint64_t size) {
    cuts.push_back({start, size, cuts.empty() ? 0 : cuts.back().before + cuts.back().size});
  }

  /// The new offset of what was at `offset`.
  uint64_t moved(uint64_t offset) const {
    const auto next = std::ranges::lower_bound(cuts, offset, {}, &Cut::start);
    if (next == cuts.begin())
      return offset;
    const Cut &cut = *std::prev(next);
    return offset - cut.before - std::min(cut.size, offset - cut.start);
  }

  bool touches(const Reloc &reloc) const {
    const uint64_t bytes = reloc.desc ? reloc.desc->bytes : 0;
    return moved(reloc.offset + bytes) - moved(reloc.offset) != bytes;
  }

  Bytes apply(ByteView data) const {
    Bytes result;
    uint64_t from = 0;
    for (const Cut &cut : cuts) {
      result.insert(result.end(), data.begin() + static_cast<std::ptrdiff_t>(from),
                    data.begin() + static_cast<std::ptrdiff_t>(cut.start));
      from = cut.start + cut.size;
    }
    result.insert(result.end(), data.begin() + static_cast<std::ptrdiff_t>(from), data.end());
    return result;
  }

private:
  std::vector<Cut> cuts;
};

bool isPadding(const Reloc &reloc) { return reloc.desc && reloc.desc->need == arch::Need::Padding; }

class Trimmer {
public:
  Trimmer(Object &object, Diag &diag) : object(object), diag(diag), cuts(object.sections.size()) {}

  bool run() {
    for (size_t i = 0; i < object.sections.size(); ++i)
      if (!trim(object.sections[i], cuts[i]))
        return false;
    if (std::ranges::all_of(cuts, &Cuts::empty))
      return true;
    for (Section &section : object.sections)
      for (Reloc &reloc : section.relocs)
        moveAddend(reloc);
    for (Symbol &symbol : object.symbols)
      if (symbol.place == Place::Section)
        move(symbol);
    return true;
  }

private:
  bool trim(Section &section, Cuts &cut) {
    std::vector<Reloc> paddings;
    std::ranges::copy_if(section.relocs, std::back_inserter(paddings), isPadding);
    if (paddings.empty())
      return true;
    std::erase_if(section.relocs, isPadding);
    std::ranges::sort(paddings, {}, &Reloc::offset);
    uint64_t gone = 0, end = 0;
    Bytes &data = object.owned.emplace_back(section.data.begin(), section.data.end());
    for (const Reloc &padding : paddings) {
      const auto size = static_cast<uint64_t>(padding.addend);
      if (padding.offset < end || size > section.size || padding.offset > section.size - size)
        return corrupt(section, padding.offset,
                       "padding of " + std::to_string(padding.addend) +
                           " bytes does not fit there");
      end = padding.offset + size;
      const uint64_t align = std::bit_ceil(size + 1), at = padding.offset - gone;
      const uint64_t kept = alignTo(at, align) - at;
      section.align = std::max(section.align, align);
      if (kept > size)
        return corrupt(section, padding.offset,
                       "padding of " + std::to_string(size) +
                           " bytes cannot give an alignment of " + std::to_string(align));
      object.arch->pad(ByteSpan(data).subspan(padding.offset, kept));
      if (kept < size)
        cut.add(padding.offset + kept, size - kept);
      gone += size - kept;
    }
    data = cut.apply(data);
    section.data = data;
    section.size = data.size();
    for (Reloc &reloc : section.relocs) {
      if (cut.touches(reloc))
        return corrupt(section, reloc.offset, "a relocation is in padding");
      reloc.offset = cut.moved(reloc.offset);
    }
    return true;
  }

  /// With the symbol of a section, the addend is an offset in it.
  void moveAddend(Reloc &reloc) {
    if (reloc.symbol >= object.symbols.size())
      return;
    const Symbol &symbol = object.symbols[reloc.symbol];
    if (symbol.type == llvm::ELF::STT_SECTION && symbol.place == Place::Section && reloc.addend > 0)
      reloc.addend =
          static_cast<int64_t>(cuts[symbol.section].moved(static_cast<uint64_t>(reloc.addend)));
  }

  void move(Symbol &symbol) {
    const Cuts &cut = cuts[symbol.section];
    const uint64_t end = cut.moved(symbol.value + symbol.size);
    symbol.value = cut.moved(symbol.value);
    symbol.size = end - symbol.value;
  }

  bool corrupt(const Section &section, uint64_t offset, const std::string &what) {
    diag.error("corrupt-object", {object.name, std::string(section.name), offset},
               "the object file is damaged: " + what, "compile it again");
    return false;
  }

  Object &object;
  Diag &diag;
  std::vector<Cuts> cuts; ///< By section.
};

} // namespace

bool trimPadding(Object &object, Diag &diag) { return Trimmer(object, diag).run(); }

} // namespace mpylink::elf
