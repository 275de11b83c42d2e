// SPDX-License-Identifier: MIT
#include "link/Stages.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Demangle/Demangle.h"

#include <algorithm>

namespace mpylink::link {

uint32_t Resolved::objectOf(uint32_t section) const {
  const auto next = std::ranges::upper_bound(firstSection, section);
  return static_cast<uint32_t>(next - firstSection.begin() - 1);
}

const elf::Section &Resolved::section(uint32_t number) const {
  const uint32_t object = objectOf(number);
  return objects[object]->sections[number - firstSection[object]];
}

Location locate(const Program &program, const Chunk &chunk, uint64_t offset) {
  const Resolved &resolved = program.live.resolved;
  return {resolved.objects[resolved.objectOf(chunk.section)]->name,
          std::string(resolved.section(chunk.section).name), chunk.sectionOffset + offset};
}

/// A name that the author knows, where there is one: compilers count from anchors of their own.
static std::string_view knownName(const elf::Object &object, const elf::Symbol &symbol) {
  if (!symbol.name.starts_with(".L") || symbol.place != elf::Place::Section)
    return symbol.name;
  for (const elf::Symbol &other : object.symbols)
    if (other.place == elf::Place::Section && other.section == symbol.section &&
        other.type == llvm::ELF::STT_OBJECT && symbol.value >= other.value &&
        symbol.value - other.value < other.size)
      return other.name;
  return symbol.name;
}

std::string symbolName(const Program &program, const Chunk &chunk, const Ref &ref) {
  const Resolved &resolved = program.live.resolved;
  const elf::Object &object = *resolved.objects[resolved.objectOf(chunk.section)];
  if (ref.reloc->symbol >= object.symbols.size())
    return "a section";
  const std::string_view name = knownName(object, object.symbols[ref.reloc->symbol]);
  return name.empty() ? "a section" : llvm::demangle(name);
}

} // namespace mpylink::link
