// SPDX-License-Identifier: MIT
#include "link/SymbolIndex.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Demangle/Demangle.h"

#include <algorithm>

namespace mpylink::link {

namespace {

/// "$t" and the like mark kinds of code, ".L" places of the compiler's own.
bool isKnown(const elf::Symbol &symbol) {
  return symbol.place == elf::Place::Section && symbol.type != llvm::ELF::STT_SECTION &&
         symbol.type != llvm::ELF::STT_FILE && !symbol.name.empty() &&
         !symbol.name.starts_with("$") && !symbol.name.starts_with(".L");
}

} // namespace

std::string Named::name() const { return llvm::demangle(symbol->name); }

SymbolIndex::SymbolIndex(const Resolved &resolved)
    : resolved(resolved), sections(resolved.sectionCount()) {
  for (uint32_t i = 0; i < resolved.objects.size(); ++i)
    for (const elf::Symbol &symbol : resolved.objects[i]->symbols)
      if (isKnown(symbol))
        sections[resolved.firstSection[i] + symbol.section].push_back(
            {elf::offsetOf(*resolved.objects[i], symbol), &symbol, 0});
  for (std::vector<Named> &list : sections) {
    std::ranges::stable_sort(list, {}, &Named::offset);
    uint64_t reach = 0;
    for (Named &named : list) {
      reach = std::max(reach, named.offset + std::min(named.symbol->size, ~named.offset));
      named.reach = reach;
    }
  }
}

const Named *SymbolIndex::at(uint32_t section, uint64_t offset) const {
  const std::vector<Named> &list = sections[section];
  // The nearest one in front that reaches the place: a function may lie around local labels.
  for (auto it = std::ranges::upper_bound(list, offset, {}, &Named::offset); it != list.begin();) {
    --it;
    if (offset != it->offset && it->reach <= offset)
      break;
    if (offset == it->offset || offset - it->offset < it->symbol->size)
      return &*it;
  }
  return nullptr;
}

std::string SymbolIndex::describe(uint32_t section, uint64_t offset) const {
  if (const Named *named = at(section, offset)) {
    const uint64_t inside = offset - named->offset;
    return named->name() + (inside == 0 ? "" : "+" + hex(inside));
  }
  return place(section, offset);
}

std::string SymbolIndex::ownerOf(uint32_t section, uint64_t offset) const {
  const Named *named = at(section, offset);
  return named ? named->name() : place(section, offset);
}

std::string SymbolIndex::place(uint32_t section, std::optional<uint64_t> offset) const {
  return toString({resolved.objects[resolved.objectOf(section)]->name,
                   std::string(resolved.section(section).name), offset});
}

} // namespace mpylink::link
