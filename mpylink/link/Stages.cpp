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

std::span<const Ref> refsAt(const Chunk &chunk, uint64_t offset) {
  const auto [first, last] = std::ranges::equal_range(chunk.refs, offset, {}, &Ref::offset);
  return {first, last};
}

const Ref *highPart(const Program &program, const Ref &low) {
  if (low.target.kind != Target::Kind::Inside)
    return nullptr;
  for (const Ref &ref : refsAt(program.chunks[low.target.index], low.target.value))
    if (ref.reloc->desc && (ref.reloc->desc->need == arch::Need::PcHigh ||
                            ref.reloc->desc->need == arch::Need::GotSlotPc))
      return &ref;
  return nullptr;
}

Place userOf(const Program &program, Place place) {
  const auto isWord = [](const Ref &ref) {
    return ref.reloc->desc && ref.reloc->desc->need == arch::Need::Absolute;
  };
  const bool isLiteral = place.chunk->content == Content::Literal;
  if (!isLiteral && (place.chunk->content != Content::Code ||
                     !std::ranges::any_of(refsAt(*place.chunk, place.offset), isWord)))
    return place;
  const auto literal = static_cast<uint32_t>(place.chunk - program.chunks.data());
  for (const Chunk &chunk : program.chunks)
    for (const Ref &ref : chunk.refs)
      if (ref.target.kind == Target::Kind::Inside && ref.target.index == literal &&
          ref.target.value + static_cast<uint64_t>(isLiteral ? 0 : ref.addend) == place.offset)
        return {&chunk, ref.offset};
  return place;
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
  // Assemblers put blanks and control characters into the names of some labels.
  const auto *end = std::ranges::find_if(name, [](char c) { return c > '\0' && c <= ' '; });
  return name.empty() ? "a section" : llvm::demangle(std::string_view(name.begin(), end));
}

} // namespace mpylink::link
