// SPDX-License-Identifier: MIT
// Every section of an object starts at address 0, so the line tables are relocated to addresses
// that tell sections apart.
#include "elf/SourceLines.h"

#include "elf/LineTables.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Demangle/Demangle.h"

#include <algorithm>
#include <optional>
#include <tuple>

namespace mpylink::elf {

namespace {

struct Definition {
  uint32_t section;
  uint64_t start;
  const Symbol *symbol;

  auto place() const { return std::tuple(section, start); }
};

} // namespace

struct SourceLines::DebugInfo {
  std::vector<Definition> definitions; ///< Functions and variables, sorted by place.
  std::vector<uint64_t> bases;         ///< Address of each section; 0 when it is not in memory.
  std::optional<LineTables> tables;

  explicit DebugInfo(const Object &object) {
    for (const Symbol &symbol : object.symbols)
      if (symbol.place == Place::Section &&
          (symbol.type == llvm::ELF::STT_FUNC || symbol.type == llvm::ELF::STT_OBJECT))
        definitions.push_back({symbol.section, offsetOf(object, symbol), &symbol});
    std::ranges::stable_sort(definitions, {}, &Definition::place);

    // Not 0, which is what places have that the compiler left out.
    constexpr uint64_t gap = 0x1000;
    uint64_t next = gap;
    for (const Section &section : object.sections) {
      const bool inMemory = section.has(llvm::ELF::SHF_ALLOC);
      bases.push_back(inMemory ? next : 0);
      next += inMemory ? section.size + gap : 0;
    }
    const std::optional<Object> lines = readLineTables(object);
    if (lines && fitsUnsigned(static_cast<int64_t>(next), object.arch->wordSize() * 8))
      parse(*lines);
  }

  std::string name(uint32_t section, uint64_t offset) const {
    const auto next =
        std::ranges::upper_bound(definitions, std::tuple(section, offset), {}, &Definition::place);
    if (next == definitions.begin())
      return {};
    const Definition &before = *std::prev(next);
    if (before.section != section || offset - before.start >= before.symbol->size)
      return {};
    return llvm::demangle(before.symbol->name);
  }

  std::string line(uint32_t section, uint64_t offset) const {
    return tables ? tables->at(bases[section] + offset) : std::string();
  }

private:
  void parse(const Object &lines) {
    LineTables::Sections sections;
    for (const Section &section : lines.sections)
      if (section.data.empty())
        continue;
      else if (section.name == ".debug_line")
        sections.lines = relocated(lines, section);
      else if (section.name == ".debug_line_str")
        sections.lineStrings = relocated(lines, section);
      else
        sections.strings = relocated(lines, section);
    tables.emplace(std::move(sections), lines.arch->wordSize());
  }

  Bytes relocated(const Object &lines, const Section &section) const {
    Bytes bytes(section.data.begin(), section.data.end());
    for (const Reloc &reloc : section.relocs) {
      if (!reloc.desc || reloc.symbol >= lines.symbols.size() || !isValue(reloc.desc->need))
        continue;
      const Symbol &symbol = lines.symbols[reloc.symbol];
      const uint64_t base = symbol.place == Place::Section ? bases[symbol.section] : 0;
      const arch::Fixup fixup{*reloc.desc,
                              static_cast<int64_t>(base + offsetOf(lines, symbol)),
                              reloc.addend,
                              0,
                              0,
                              0,
                              0,
                              ByteSpan(bytes),
                              reloc.offset};
      lines.arch->encode(fixup, lines.arch->value(fixup));
    }
    return bytes;
  }

  /// Needs of data. Debug information has no instructions.
  static bool isValue(arch::Need need) {
    using enum arch::Need;
    return need == Absolute || need == Constant || need == Add || need == Subtract || need == Set;
  }
};

SourceLines::SourceLines() = default;
SourceLines::~SourceLines() = default;

std::string SourceLines::at(const Object &object, uint32_t section, uint64_t offset) {
  std::unique_ptr<DebugInfo> &info = opened[&object];
  if (!info)
    info = std::make_unique<DebugInfo>(object);
  const std::string name = info->name(section, offset);
  const std::string line = info->line(section, offset);
  if (line.empty())
    return name;
  return name.empty() ? line : line + " (" + name + ")";
}

} // namespace mpylink::elf
